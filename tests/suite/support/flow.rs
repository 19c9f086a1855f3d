//! The ways that clients go: authorize, consent, redeem, refresh.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::Digest;
use sha2::Sha256;

use super::app::TestApp;
use super::caller::Answer;
use super::caller::Browser;
use super::seed::PASSWORD;
use super::seed::SeededClient;

/// A code verifier (RFC 7636 §4.1).
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// The S256 challenge of `verifier`.
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// `name=value&…`, encoded.
pub fn query(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The parameters of the address `location`.
pub fn parameters(location: &str) -> std::collections::BTreeMap<String, String> {
    url::Url::parse(location).unwrap_or_else(|_| panic!("no URL: {location:?}")).query_pairs().into_owned().collect()
}

impl SeededClient {
    /// `Basic …` (RFC 6749 §2.3.1).
    pub fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.client_id, self.secret)))
    }

    /// The path of an authorization request with PKCE and `state=xyz`, and `extra` parameters.
    pub fn authorize_path(&self, extra: &[(&str, &str)]) -> String {
        let challenge = challenge(VERIFIER);
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", self.redirect_uri.as_str()),
            ("state", "xyz"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        pairs.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
        pairs.extend(extra.iter().filter(|(_, value)| !value.is_empty()));
        format!("/oauth/authorize?{}", query(&pairs))
    }
}

impl TestApp {
    /// Asks for a code in `browser` and allows it if it is asked. Returns where the browser is sent.
    pub async fn authorize(&self, browser: &Browser, client: &SeededClient, extra: &[(&str, &str)]) -> String {
        let page = browser.get(&client.authorize_path(extra)).await;
        if page.status == 303 {
            return page.header("location").to_owned();
        }
        assert_eq!(page.status, 200, "{}", page.body);
        self.decide(browser, &page, "allow").await
    }

    /// What a person does with a client's link: signs in, presses *Allow*, and arrives at the client. Returns what the
    /// client is told.
    pub async fn follow(&self, username: &str, url: &str) -> std::collections::BTreeMap<String, String> {
        let browser = self.browser();
        let path = url.strip_prefix(&self.url).expect("the link leads to the server");
        let answer = browser.get(path).await;
        let page = browser.get(answer.header("location")).await;
        let (return_to, csrf_token) = (page.input("return_to"), page.input("csrf_token"));
        let fields =
            [("username", username), ("password", PASSWORD), ("return_to", &return_to), ("csrf_token", &csrf_token)];
        let answer = browser.post("/login", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let page = browser.get(answer.header("location")).await;
        parameters(&self.decide(&browser, &page, "allow").await)
    }

    /// Sends the consent page's form with all scopes ticked. Returns where the browser is sent.
    pub async fn decide(&self, browser: &Browser, page: &Answer, decision: &str) -> String {
        let (request, csrf_token) = (page.input("request"), page.input("csrf_token"));
        let mut fields = vec![
            ("request", request.as_str()),
            ("decision", decision),
            ("duration", "until_revoked"),
            ("csrf_token", csrf_token.as_str()),
        ];
        let scopes = ticked(&page.body);
        fields.extend(scopes.iter().map(|scope| ("scope", scope.as_str())));
        let answer = browser.post("/oauth/consent", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        answer.header("location").to_owned()
    }

    /// A code for `client` from the user of `browser`.
    pub async fn code(&self, browser: &Browser, client: &SeededClient) -> String {
        let location = self.authorize(browser, client, &[]).await;
        parameters(&location).remove("code").unwrap_or_else(|| panic!("no code in {location}"))
    }

    /// Calls the token endpoint as `client`, by Basic where it has a secret.
    pub async fn token(&self, client: &SeededClient, fields: &[(&str, &str)]) -> Answer {
        if client.secret.is_empty() {
            let mut fields = fields.to_vec();
            fields.push(("client_id", &client.client_id));
            return self.stranger().post("/oauth/token", &fields).await;
        }
        self.script(&client.basic()).post("/oauth/token", fields).await
    }

    /// Redeems a code with [`VERIFIER`].
    pub async fn redeem(&self, client: &SeededClient, code: &str) -> Answer {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", client.redirect_uri.as_str()),
            ("code_verifier", VERIFIER),
        ];
        self.token(client, &fields).await
    }

    /// Refreshes.
    pub async fn refresh(&self, client: &SeededClient, refresh_token: &str) -> Answer {
        self.token(client, &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    /// The whole way to tokens.
    pub async fn tokens(&self, browser: &Browser, client: &SeededClient) -> serde_json::Value {
        let code = self.code(browser, client).await;
        let answer = self.redeem(client, &code).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// The status of `GET /api/v1/me` with this access token.
    pub async fn me_status(&self, access_token: &str) -> u16 {
        self.script(&format!("Bearer {access_token}")).get("/api/v1/me").await.status
    }
}

/// The scopes that a consent page has ticked.
fn ticked(page: &str) -> Vec<String> {
    page.split("<input")
        .skip(1)
        .filter_map(|tag| tag.split('>').next())
        .filter(|tag| tag.contains("name=\"scope\""))
        .filter(|tag| tag.contains("checked") || tag.contains("type=\"hidden\""))
        .filter_map(|tag| tag.split("value=\"").nth(1)?.split('"').next().map(str::to_owned))
        .collect()
}
