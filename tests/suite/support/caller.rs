//! Those who call the server: a browser that keeps cookies, a script with a header, a stranger.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::app::TestApp;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Answer {
    /// Reads a response to its end.
    pub async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.text().await.expect("a body") }
    }

    /// One header's text; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a text"))
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON ({}): {}", self.status, self.body))
    }

    /// A member of the JSON body, as a text.
    #[track_caller]
    pub fn text(&self, member: &str) -> String {
        let json = self.json();
        json[member].as_str().unwrap_or_else(|| panic!("no {member} in {json}")).to_owned()
    }

    /// The value of the input called `name` in the page.
    #[track_caller]
    pub fn input(&self, name: &str) -> String {
        self.find_input(name).unwrap_or_else(|| panic!("no input {name} in {} {}", self.status, self.body))
    }

    /// The value of the input called `name`, if there is one.
    pub fn find_input(&self, name: &str) -> Option<String> {
        let mut rest = self.body.as_str();
        while let Some((_, after)) = rest.split_once("<input") {
            let (tag, after) = after.split_once('>')?;
            if attribute(tag, "name").as_deref() == Some(name) {
                return Some(attribute(tag, "value").unwrap_or_default());
            }
            rest = after;
        }
        None
    }

    /// The text of the element with this id.
    #[track_caller]
    pub fn by_id(&self, id: &str) -> String {
        let (_, after) =
            self.body.split_once(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no #{id}: {}", self.body));
        let (tag, after) = after.split_once('>').expect("a tag ends");
        attribute(tag, "value").unwrap_or_else(|| unescape(after.split('<').next().unwrap_or_default().trim()))
    }

    /// Where the link with this id leads.
    #[track_caller]
    pub fn link(&self, id: &str) -> String {
        let (_, after) =
            self.body.split_once(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no #{id}: {}", self.body));
        attribute(after.split('>').next().expect("a tag ends"), "href").expect("a link leads somewhere")
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescape(after.split('"').next()?))
}

fn unescape(text: &str) -> String {
    ["&#34;=\"", "&quot;=\"", "&#38;=&", "&amp;=&", "&#60;=<", "&lt;=<", "&#62;=>", "&gt;=>", "&#39;='", "&#x27;='"]
        .iter()
        .fold(text.to_owned(), |text, pair| {
            let (from, to) = pair.split_once(";=").unwrap();
            text.replace(&format!("{from};"), to)
        })
}

/// One client without redirects for all: what a test wants to see is the redirect itself.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}

/// Somebody who calls with fixed headers and no memory.
pub struct Script {
    url: String,
    client: reqwest::Client,
    headers: Vec<(String, String)>,
}

impl Script {
    /// Somebody without any credential, for the server at `url`.
    pub fn new(url: &str) -> Self {
        Self { url: url.to_owned(), client: client(), headers: Vec::new() }
    }

    /// One more header for all calls.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// POST with a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, Some(fields)).await
    }

    /// Any method, with a form if there is one.
    pub async fn send(&self, method: Method, path: &str, fields: Option<&[(&str, &str)]>) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(fields) = fields {
            request = request.form(fields);
        }
        Answer::of(request.send().await.expect("an answer")).await
    }

    /// Any method, with a body of any bytes.
    pub async fn send_body(&self, method: Method, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        Answer::of(request.header("content-type", content_type).body(body).send().await.expect("an answer")).await
    }
}

impl Script {
    /// POST with a body as it stands, and its type; empty for none.
    pub async fn post_raw(&self, path: &str, content_type: &str, body: impl Into<reqwest::Body>) -> Answer {
        let mut request = self.client.post(format!("{}{path}", self.url)).body(body);
        if !content_type.is_empty() {
            request = request.header("content-type", content_type);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        Answer::of(request.send().await.expect("an answer")).await
    }
}

/// A browser: it keeps cookies, and says that its forms come from the page before.
pub struct Browser {
    url: String,
    origin: String,
    client: reqwest::Client,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Browser {
    /// One that nobody has used yet, for the server at `url`.
    pub fn new(url: &str) -> Self {
        let origin = url::Url::parse(url).expect("a URL").origin().ascii_serialization();
        Self { url: url.to_owned(), origin, client: client(), cookies: Arc::default() }
    }

    /// The same browser with the same cookies, where the server is now.
    pub fn at(self, app: &TestApp) -> Self {
        Self { cookies: self.cookies, ..app.browser() }
    }

    /// The same browser, with the same cookies, at another node.
    pub fn on(&self, node: &TestApp) -> Self {
        Self { cookies: Arc::clone(&self.cookies), ..node.browser() }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// POST with a form, as a page of ours would.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.request(Method::POST, path).header("origin", &self.origin).form(fields)).await
    }

    /// A request with the cookies, to be changed before it is sent.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.url) };
        let request = self.client.request(method, url);
        let cookies = self.cookie_header();
        if cookies.is_empty() { request } else { request.header("cookie", cookies) }
    }

    /// Sends it, and keeps what cookies come back.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = Answer::of(request.send().await.expect("an answer")).await;
        let mut cookies = self.cookies.lock().unwrap();
        for cookie in answer.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// What it would send as `Cookie`.
    pub fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// One cookie's value.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Forgets a cookie.
    pub fn forget(&self, name: &str) {
        self.cookies.lock().unwrap().remove(name);
    }

    /// The token for forms, from the page at `path`.
    pub async fn csrf_token(&self, path: &str) -> String {
        self.get(path).await.input("csrf_token")
    }

    /// Fills in the sign-in page. Returns what the form answered.
    pub async fn sign_in(&self, username: &str, password: &str) -> Answer {
        let csrf_token = self.csrf_token("/login").await;
        let fields = [("username", username), ("password", password), ("csrf_token", csrf_token.as_str())];
        self.post("/login", &fields).await
    }
}

impl TestApp {
    /// A browser that nobody has used yet.
    pub fn browser(&self) -> Browser {
        // Its pages are the issuer's, wherever they come from.
        Browser { origin: Browser::new(&self.issuer).origin, ..Browser::new(&self.url) }
    }

    /// A browser in which `username` is signed in.
    pub async fn signed_in(&self, username: &str, password: &str) -> Browser {
        let browser = self.browser();
        let answer = browser.sign_in(username, password).await;
        assert_eq!(answer.status, 303, "{username} signs in: {}", answer.body);
        browser
    }

    /// Somebody without any credential.
    pub fn stranger(&self) -> Script {
        Script::new(&self.url)
    }

    /// The same, whose paths begin at the host and not below the issuer.
    pub fn stranger_at_the_root(&self) -> Script {
        Script::new(&self.origin())
    }

    /// A script that sends this `Authorization` header.
    pub fn script(&self, authorization: &str) -> Script {
        self.stranger().with("authorization", authorization)
    }
}
