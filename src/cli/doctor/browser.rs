//! A browser as far as signing in needs one: it keeps cookies, reads forms, and stays at the server.

use std::collections::BTreeMap;

use form_urlencoded::Serializer;

use crate::cli::doctor::report::quoted;
use crate::introspection::stranger::Question;
use crate::introspection::stranger::Reply;
use crate::introspection::stranger::Stranger;
use crate::model::issuer::Issuer;

/// A browser without a past.
pub struct Browser<'s> {
    stranger: &'s Stranger,
    issuer: &'s Issuer,
    cookies: BTreeMap<String, String>,
}

impl<'s> Browser<'s> {
    /// Begins at `issuer`.
    pub fn new(stranger: &'s Stranger, issuer: &'s Issuer) -> Self {
        Self { stranger, issuer, cookies: BTreeMap::new() }
    }

    /// GET of a path below the origin.
    pub async fn get(&mut self, path: &str) -> Result<Reply, String> {
        self.send("GET", path, Vec::new(), None).await
    }

    /// POST of a form, as a page of the server's would send it, with further headers.
    pub async fn post(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        more: &[(&'static str, &str)],
    ) -> Result<Reply, String> {
        let mut headers =
            vec![("origin", self.issuer.origin().to_owned()), ("sec-fetch-site", "same-origin".to_owned())];
        headers.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        self.send("POST", path, headers, Some(form(fields))).await
    }

    async fn send(
        &mut self,
        method: &str,
        path: &str,
        mut headers: Vec<(&'static str, String)>,
        form: Option<String>,
    ) -> Result<Reply, String> {
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.push(("cookie", cookies.join("; ")));
        }
        headers.push(("accept", "text/html".to_owned()));
        let reply = self.stranger.ask(Question { method, path, headers, form }).await?;
        for cookie in reply.all("set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else { continue };
            match value.trim() {
                "" => self.cookies.remove(name.trim()),
                value => self.cookies.insert(name.trim().to_owned(), value.to_owned()),
            };
        }
        Ok(reply)
    }

    /// Where a redirect leads, as a path below the origin.
    ///
    /// # Errors
    /// Where it is none, or leads away from the issuer.
    pub fn next(&self, reply: &Reply) -> Result<String, String> {
        if reply.status != 303 {
            return Err(format!("status {} instead of 303", reply.status));
        }
        let location = reply.header("location");
        let path = location.strip_prefix(self.issuer.origin()).unwrap_or(location);
        let below = path.strip_prefix(self.issuer.path()).is_some_and(|rest| rest.starts_with('/'));
        if below && !path.starts_with("//") {
            return Ok(path.to_owned());
        }
        let place = location.split('?').next().unwrap_or_default();
        Err(format!("a redirect to {}, which is not below {}", quoted(place), self.issuer))
    }
}

/// Fields as a form is sent.
pub fn form(fields: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// The value of the input called `name` of a page of ours.
pub fn input(page: &str, name: &str) -> Option<String> {
    inputs(page, name).next()
}

/// The values of all inputs called `name`.
pub fn inputs(page: &str, name: &str) -> impl Iterator<Item = String> {
    let named = format!(" name=\"{name}\"");
    let tags = page.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
    tags.filter(move |tag| tag.contains(&named)).filter_map(|tag| {
        let (_, value) = tag.split_once(" value=\"")?;
        Some(unescaped(value.split('"').next()?))
    })
}

fn unescaped(text: &str) -> String {
    let references =
        [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&lt;", "<"), ("&gt;", ">"), ("&#38;", "&")];
    let text = references.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace("&quot;", "\"").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_inputs_are_read_as_they_were_meant() {
        let page = "<form><input type=\"hidden\" name=\"a\" value=\"1\"><input name=\"b\" value=\"x&#38;y=&#34;z&#34;\">\
                    <input type=\"checkbox\" name=\"s\" value=\"one\" checked><input name=\"s\" value=\"two\"></form>";
        assert_eq!(input(page, "a").as_deref(), Some("1"));
        assert_eq!(input(page, "b").as_deref(), Some("x&y=\"z\""));
        assert_eq!(inputs(page, "s").collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(input(page, "c"), None);
    }
}
