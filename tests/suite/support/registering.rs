//! Clients that register themselves (RFC 7591), as they do it.

use hallpass::domain::initial_access_tokens;
use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use super::app::TestApp;
use super::caller::Answer;
use super::caller::Script;
use super::seed::SeededClient;

/// A server at which everybody may register clients.
pub const OPEN: &str = "[clients]\nregistration = \"open\"";

/// A public client that signs people in, as most of them describe themselves.
pub fn app_at(redirect_uri: &str) -> Value {
    json!({
        "client_name": "Notes",
        "redirect_uris": [redirect_uri],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    })
}

impl Answer {
    /// The client that was registered by this answer.
    #[track_caller]
    pub fn client(&self) -> SeededClient {
        assert_eq!(self.status, 201, "{}", self.body);
        let json = self.json();
        SeededClient {
            client_id: self.text("client_id"),
            secret: json["client_secret"].as_str().unwrap_or_default().to_owned(),
            redirect_uri: json["redirect_uris"][0].as_str().unwrap_or_default().to_owned(),
        }
    }
}

impl Script {
    /// Sends JSON.
    pub async fn send_json(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.send_body(method, path, "application/json", body.to_string().into_bytes()).await
    }
}

impl TestApp {
    /// Registers a client as a stranger.
    pub async fn register(&self, description: &Value) -> Answer {
        self.stranger().send_json(Method::POST, "/oauth/register", description).await
    }

    /// Makes an initial access token.
    pub async fn initial_access_token(&self, uses: Option<u32>, lifetime: Option<Lifetime>) -> String {
        let act = self.act();
        let expires_at = lifetime.map(|lifetime| act.now + lifetime);
        let make = move |tx: &mut hallpass::store::Tx<'_>| initial_access_tokens::create(tx, uses, expires_at, &act);
        let (_, token) = self.store.write(make).await.unwrap();
        token.reveal().to_owned()
    }
}
