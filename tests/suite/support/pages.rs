//! Pages as a program drives them: forms with their token, and where the buttons on a page lead.

use super::caller::Answer;
use super::caller::Browser;

impl Browser {
    /// POSTs a form with the token of this browser's session.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf_token = self.csrf_token("/account").await;
        let mut fields = fields.to_vec();
        fields.push(("csrf_token", &csrf_token));
        self.post(path, &fields).await
    }

    /// As [`Browser::submit`], for what must work: follows the redirect, if there is one.
    pub async fn done(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.submit(path, fields).await;
        if answer.status == 303 {
            let page = self.get(answer.header("location")).await;
            assert_eq!(page.status, 200, "{path}: {}", page.body);
            return page;
        }
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer
    }
}

impl Answer {
    /// The paths that forms of the page post to and links lead to, of those that begin with `prefix`.
    pub fn paths(&self, prefix: &str) -> Vec<String> {
        let attributes = ["action=\"", "href=\""];
        let values = attributes.iter().flat_map(|name| self.body.split(name).skip(1));
        let mut paths: Vec<String> = values
            .filter_map(|rest| rest.split('"').next())
            .map(|path| path.replace("&#38;", "&").replace("&amp;", "&"))
            .filter(|path| path.starts_with(prefix))
            .collect();
        paths.sort();
        paths.dedup();
        paths
    }

    /// Whether the page has an element with this id.
    pub fn has_id(&self, id: &str) -> bool {
        self.body.contains(&format!("id=\"{id}\""))
    }
}

impl Browser {
    /// Fills in the sign-in page that the server sent this browser to, with all that stands hidden in it. Returns what the
    /// form answered.
    pub async fn sign_in_at(&self, page: &Answer, username: &str, password: &str) -> Answer {
        let mut fields = vec![("username", username.to_owned()), ("password", password.to_owned())];
        for name in ["csrf_token", "return_to", "again"] {
            fields.extend(page.find_input(name).map(|value| (name, value)));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.post("/login", &fields).await
    }
}
