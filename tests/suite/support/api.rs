//! Calls of `/api/v1`: JSON in, JSON or a problem out.

use hallpass::model::api_key::KeyAccess;
use hallpass::model::scope::BUILT_IN;
use hallpass::model::scope::Scope;
use hallpass::model::user::User;
use reqwest::Method;
use serde_json::Value;

use super::app::TestApp;
use super::caller::Answer;
use super::caller::Browser;
use super::caller::Script;

impl Script {
    /// Any method, with a JSON body.
    pub async fn json(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.send_body(method, path, "application/json", body.to_string().into_bytes()).await
    }

    /// GET of something that is there.
    pub async fn read(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    /// POST of something that is made by it.
    pub async fn create(&self, path: &str, body: &Value) -> Value {
        let answer = self.json(Method::POST, path, body).await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store");
        answer.json()
    }

    /// PATCH of something that is changed by it.
    pub async fn change(&self, path: &str, body: &Value) -> Value {
        let answer = self.json(Method::PATCH, path, body).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    /// DELETE of something that is gone by it.
    pub async fn delete(&self, path: &str) {
        let answer = self.send(Method::DELETE, path, None).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{path}");
    }

    /// All items of a list, page by page, `limit` at a time.
    pub async fn list(&self, path: &str, limit: usize) -> Vec<Value> {
        let mut items = Vec::new();
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut cursor = String::new();
        loop {
            let page = self.read(&format!("{path}{joint}limit={limit}{cursor}")).await;
            let found = page["items"].as_array().expect("items").clone();
            assert!(found.len() <= limit, "{page}");
            items.extend(found);
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }
}

impl Browser {
    /// Any method, with a JSON body and the session's token, as a script on one of our own pages would send it.
    pub async fn json(&self, method: Method, path: &str, body: &Value) -> Answer {
        let token = self.csrf_token("/account").await;
        let request = self.request(method, path).header("sec-fetch-site", "same-origin");
        let request = request.header("x-csrf-token", token).header("content-type", "application/json");
        self.send(request.body(body.to_string())).await
    }
}

impl Answer {
    /// Checks that this is a problem of this status (RFC 9457 §3), and returns its sentence.
    #[track_caller]
    pub fn problem(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.header("cache-control"), "no-store");
        let json = self.json();
        let members: Vec<&str> = json.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(members, ["detail", "status", "title", "type"], "{json}");
        assert_eq!((&json["type"], &json["status"]), (&Value::from("about:blank"), &Value::from(status)));
        self.text("detail")
    }
}

impl TestApp {
    /// A script with a key of full access.
    pub async fn script_of(&self, user: &User) -> Script {
        self.script(&self.key(user).await.token_header())
    }

    /// A script with a key of these scopes.
    pub async fn scoped(&self, user: &User, scopes: &str) -> Script {
        let scopes = Scope::parse(scopes).expect("scopes");
        let key = self.key_with(user, |key| key.access = KeyAccess::Scopes(scopes)).await;
        self.script(&key.token_header())
    }

    /// An administrator `root`, and a script with a key of full access.
    pub async fn root(&self) -> (User, Script) {
        let root = self.person("root", &["admin"]).await;
        let script = self.script_of(&root).await;
        (root, script)
    }
}

/// All built-in scopes whose names end so.
pub fn built_in(end: &str) -> String {
    let names = BUILT_IN.iter().map(|scope| scope.name).filter(|name| name.ends_with(end));
    names.collect::<Vec<_>>().join(" ")
}
