//! Whatever ends or narrows a credential holds from the next request on, though the server was asked a moment before and
//! said yes: at each door, after each way there is. On another node, or where another process did it, it holds within a
//! second.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use hallpass::model::api_key::KeyAccess;
use hallpass::model::client::GrantType;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use hallpass::model::user::User;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;

use crate::support::app::SECRET_KEY;
use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::caller::Script;
use crate::support::process;
use crate::support::race::ELSEWHERE;
use crate::support::race::now;
use crate::support::race::rounds;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;
use crate::support::seed::SeededKey;

/// Several threads, for each may remember for itself; and the tests themselves are the proxy.
const SETTINGS: &str =
    "[http]\nworkers = 2\ntrusted_proxies = [\"127.0.0.1\"]\n[verify]\nallowed_hosts = [\"files.example:443\"]\n";
/// So many use a credential while it ends.
const CALLERS: usize = 8;
/// So many at once, that each thread is asked.
const AT_ONCE: usize = 4;
const API_KEY: &str = "urn:hallpass:params:oauth:token-type:api_key";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const SERVICE: &str = "files.example";

/// What is left of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    /// All of it.
    All,
    /// It is refused.
    Nothing,
    /// It lacks the scope `write`.
    Read,
}

/// A credential, and how it is shown.
enum Held {
    /// In the header `Authorization`; beside it what introspection is asked for.
    Header(String, String),
    /// A browser's session.
    Session(Browser),
    /// The cookie of a service's host.
    Host(String),
}

/// One person with all that they can have in their hands, made anew for each deed.
struct Hands {
    ada: User,
    client: SeededClient,
    browser: Browser,
    code: String,
    access: String,
    refresh: String,
    key: SeededKey,
}

struct World {
    app: TestApp,
    /// Another node, where there is one.
    other: Option<TestApp>,
    root: Script,
    introspector: SeededClient,
    made: usize,
}

/// How the way of a deed shows: at once on the node that did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Us,
    Another,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::start_with(SETTINGS).await;
        app.role("editor").await;
        app.role("author").await;
        app.scope("read", &[]).await;
        app.scope("write", &["editor"]).await;
        let (_, root) = app.root().await;
        let introspector = app.introspector(None).await;
        let other = app.database.is_postgres().then(|| app.beside(SETTINGS));
        Self { app, other, root, introspector, made: 0 }
    }

    async fn hands(&mut self) -> Hands {
        self.made += 1;
        let name = format!("ada{}", self.made);
        let ada = self.app.person(&name, &["editor"]).await;
        let exchanges = |client: &mut hallpass::domain::clients::ClientDescription| {
            client.grant_types.push(GrantType::TokenExchange);
        };
        let client = self.app.client_with("read write", exchanges).await;
        let browser = self.app.signed_in(&name, PASSWORD).await;
        let code = self.app.code(&browser, &client).await;
        let tokens = self.app.redeem(&client, &code).await;
        let (access, refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));
        let scopes = Scope::parse("read write").unwrap();
        let key = self.app.key_with(&ada, |key| key.access = KeyAccess::Scopes(scopes)).await;
        Hands { ada, client, browser, code, access, refresh, key }
    }

    /// What is left of it at `node`, and that all doors say the same.
    async fn look(&self, node: &TestApp, held: &Held) -> Left {
        let mut lefts = tokio::task::JoinSet::new();
        for _ in 0..AT_ONCE {
            let ask = |path: &str| {
                let request = match held {
                    Held::Header(header, _) => node.script(header),
                    Held::Session(browser) => node.stranger().with("cookie", &browser.cookie_header()),
                    Held::Host(cookie) => node
                        .stranger()
                        .with("cookie", cookie)
                        .with("x-forwarded-proto", "https")
                        .with("x-forwarded-host", SERVICE)
                        .with("x-forwarded-uri", "/")
                        .with("x-forwarded-method", "GET"),
                };
                let path = path.to_owned();
                async move { request.get(&path).await }
            };
            let (reads, writes) = (ask("/auth/verify?scope=read"), ask("/auth/verify?scope=write"));
            let me = (!matches!(held, Held::Host(_))).then(|| ask("/api/v1/me"));
            let introspected = match held {
                Held::Header(_, secret) => {
                    let (caller, secret) = (node.script(&self.introspector.basic()), secret.clone());
                    Some(async move { caller.post("/oauth/introspect", &[("token", &secret)]).await.json() })
                }
                Held::Session(_) | Held::Host(_) => None,
            };
            lefts.spawn(async move {
                let mut lefts = vec![match (reads.await.status, writes.await.status) {
                    (200, 200) => Left::All,
                    (200, 403) => Left::Read,
                    (401, 401) => Left::Nothing,
                    // It came to be known, or was ended, between the two.
                    (200, 401) | (401, 200) => Left::All,
                    statuses => panic!("/auth/verify says {statuses:?}"),
                }];
                if let Some(me) = me {
                    lefts.extend(of_me(&me.await));
                }
                if let Some(introspected) = introspected {
                    lefts.push(of_introspection(&introspected.await));
                }
                lefts
            });
        }
        let lefts: Vec<Left> = lefts.join_all().await.into_iter().flatten().collect();
        // While it is not known everywhere yet, the worst counts.
        let first = lefts.iter().copied().find(|left| *left == Left::All).unwrap_or(lefts[0]);
        assert!(first == Left::All || lefts.iter().all(|left| *left == first), "the doors disagree: {lefts:?}");
        first
    }

    /// Shows it so often that whoever remembers has it in mind.
    async fn warm(&self, held: &Held, deed: &str) {
        for node in [Some(&self.app), self.other.as_ref()].into_iter().flatten() {
            // What was imported elsewhere, too, is known within a second.
            let began = now();
            while self.look(node, held).await != Left::All {
                assert!(began.elapsed() < ELSEWHERE, "before: {deed}");
            }
            assert_eq!(self.look(node, held).await, Left::All, "before: {deed}");
        }
    }

    /// After the deed was answered, nothing but `left` is seen: here at once, elsewhere within a second.
    async fn check(&self, held: &Held, deed: &str, by: By, left: Left) {
        let done = now();
        if by == By::Us {
            assert_eq!(self.look(&self.app, held).await, left, "at once: {deed}");
        }
        let nodes = [Some(&self.app).filter(|_| by == By::Another), self.other.as_ref()];
        for node in nodes.into_iter().flatten() {
            loop {
                // What began before the second was over may still be let in.
                let is_over = done.elapsed() > ELSEWHERE;
                let seen = self.look(node, held).await;
                if seen == left {
                    break;
                }
                assert!(!is_over && seen == Left::All, "after a second elsewhere: {deed}: {seen:?}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        // And it stays so.
        for node in [Some(&self.app), self.other.as_ref()].into_iter().flatten() {
            assert_eq!(self.look(node, held).await, left, "again: {deed}");
        }
    }

    /// Runs a command beside the servers, as an operator does.
    fn command(&self, arguments: &[&str]) {
        let mut command = process::command(self.app.database.folder(), &self.app.database.url, arguments);
        let done = command.env("HALLPASS_SECRET_KEY", SECRET_KEY).output().expect("it runs");
        assert!(done.status.success(), "{arguments:?}: {done:?}");
    }

    async fn grant_id(&self, hands: &Hands) -> String {
        let grants = self.root.list(&format!("/api/v1/grants?client_id={}", hands.client.client_id), 10).await;
        grants[0]["id"].as_str().unwrap().to_owned()
    }

    async fn session_id(&self, hands: &Hands) -> String {
        let sessions = self.root.list(&format!("/api/v1/sessions?user={}", hands.ada.username.as_str()), 10).await;
        sessions[0]["id"].as_str().unwrap().to_owned()
    }

    async fn exchanged(&self, hands: &Hands, token: &str, kind: &str) -> String {
        let fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token", token),
            ("subject_token_type", kind),
        ];
        self.app.token(&hands.client, &fields).await.text("access_token")
    }

    /// Does what the sentence says; each of them is in one of the tables below.
    async fn act(&self, deed: &str, hands: &Hands) {
        let (user, client) = (hands.ada.id.to_string(), hands.client.client_id.as_str());
        let (user, client_path) = (format!("/api/v1/users/{user}"), format!("/api/v1/clients/{client}"));
        let key = format!("/api/v1/keys/{}", hands.key.id);
        let name = hands.ada.username.as_str();
        let revoke = |token: &str| {
            let (script, token) = (self.app.script(&hands.client.basic()), token.to_owned());
            async move { assert_eq!(script.post("/oauth/revoke", &[("token", &token)]).await.status, 200) }
        };
        match deed {
            "the client revokes it" => revoke(&hands.access).await,
            "the client revokes its refresh token" => revoke(&hands.refresh).await,
            "its code is used again" => {
                self.app.redeem(&hands.client, &hands.code).await.refused(400, "invalid_grant");
            }
            "a refresh token is used again" => {
                let next = self.app.refresh(&hands.client, &hands.refresh).await.text("refresh_token");
                self.app.refresh(&hands.client, &next).await.text("refresh_token");
                let first = Held::Header(format!("Bearer {}", hands.access), hands.access.clone());
                self.warm(&first, deed).await;
                self.app.refresh(&hands.client, &hands.refresh).await.refused(400, "invalid_grant");
            }
            "the user cuts the application off" => {
                let paths = hands.browser.get("/account").await.paths("/account/applications/");
                hands.browser.done(&paths[0], &[]).await;
            }
            "an administrator takes the grant back" => {
                self.root.delete(&format!("/api/v1/grants/{}", self.grant_id(hands).await)).await;
            }
            "the client is disabled" => {
                self.root.change(&client_path, &json!({ "enabled": false })).await;
            }
            "the client is deleted" => self.root.delete(&client_path).await,
            "the client is cut off" => self.root.delete(&format!("{client_path}/grants")).await,
            "a scope is taken from the client" => {
                self.root.change(&client_path, &json!({ "scope": "read" })).await;
            }
            "the user is disabled" => {
                self.root.change(&user, &json!({ "enabled": false })).await;
            }
            "the user is deleted" => self.root.delete(&user).await,
            "a role is taken from the user" => {
                self.root.change(&user, &json!({ "roles": [] })).await;
            }
            "the scope asks for another role" => {
                self.root.change("/api/v1/scopes/write", &json!({ "roles": ["author"] })).await;
            }
            "the role of the scope is deleted" => {
                // A scope that asks for two of which one goes asks for the other.
                self.root.delete("/api/v1/scopes/write").await;
                self.root.delete("/api/v1/roles/editor").await;
            }
            "the user changes the password" => {
                let elsewhere = self.app.signed_in(name, PASSWORD).await;
                let fields = [("current_password", PASSWORD), ("new_password", "an even longer password")];
                elsewhere.done("/account/password", &fields).await;
            }
            "an administrator sets the password" => {
                self.root.change(&user, &json!({ "password": "an even longer password" })).await;
            }
            "the user signs out everywhere else" => {
                let elsewhere = self.app.signed_in(name, PASSWORD).await;
                elsewhere.done("/account/sessions/end-others", &[]).await;
            }
            "the user signs out" => {
                let csrf_token = hands.browser.csrf_token("/account").await;
                // Another browser with the same cookie, so that this one goes on to send it.
                let copy = self.app.browser();
                let request = copy.request(Method::POST, "/logout").header("cookie", hands.browser.cookie_header());
                let request = request.header("origin", &self.app.issuer).form(&[("csrf_token", csrf_token)]);
                assert_eq!(copy.send(request).await.status, 303);
            }
            "an administrator ends the session" => {
                self.root.delete(&format!("/api/v1/sessions/{}", self.session_id(hands).await)).await;
            }
            "its time is over" => self.app.pass(Lifetime::from_days(8)),
            "the token is reported as leaked" => self.leaked(&hands.access).await,
            "the key is reported as leaked" => self.leaked(&hands.key.api_secret).await,
            "the key is revoked" => self.root.delete(&key).await,
            "the key is disabled" => {
                self.root.change(&key, &json!({ "enabled": false })).await;
            }
            "the key gets a new secret" => {
                self.root.create(&format!("{key}/rotate"), &json!({})).await;
            }
            "the key's old secret ends" => {
                self.root.create(&format!("{key}/rotate"), &json!({ "overlap_seconds": 60 })).await;
                let held = Held::Header(hands.key.token_header(), hands.key.api_secret.clone());
                self.warm(&held, deed).await;
                self.app.pass(Lifetime::from_seconds(61));
            }
            "the key works from elsewhere alone" => {
                self.root.change(&key, &json!({ "allowed_ips": ["10.0.0.0/8"] })).await;
            }
            "the key ends" => {
                let end = self.app.act().now.seconds() + 60;
                self.root.change(&key, &json!({ "expires_at": end })).await;
                let held = Held::Header(hands.key.token_header(), hands.key.api_secret.clone());
                self.warm(&held, deed).await;
                self.app.pass(Lifetime::from_seconds(61));
            }
            deed => self.command_for(deed, hands).await,
        }
    }

    async fn command_for(&self, deed: &str, hands: &Hands) {
        let (name, client, key) = (hands.ada.username.as_str(), hands.client.client_id.as_str(), hands.key.id.as_str());
        match deed {
            "hallpass user disable" => self.command(&["user", "disable", name]),
            "hallpass user delete" => self.command(&["user", "delete", name]),
            "hallpass user revoke-role" => self.command(&["user", "revoke-role", name, "editor"]),
            "hallpass user set-password" => self.command(&["user", "set-password", name]),
            "hallpass client disable" => self.command(&["client", "disable", client]),
            "hallpass client cut-off" => self.command(&["client", "cut-off", client]),
            "hallpass client delete" => self.command(&["client", "delete", client]),
            "hallpass grant revoke" => self.command(&["grant", "revoke", &self.grant_id(hands).await]),
            "hallpass session end" => self.command(&["session", "end", &self.session_id(hands).await]),
            "hallpass key revoke" => self.command(&["key", "revoke", key]),
            "hallpass key disable" => self.command(&["key", "disable", key]),
            "hallpass key rotate" => self.command(&["key", "rotate", key]),
            "hallpass key set" => self.command(&["key", "set", key, "--allow-ip", "10.0.0.0/8"]),
            "hallpass scope delete" => self.command(&["scope", "delete", "write"]),
            deed => panic!("nobody knows how {deed}"),
        }
    }

    async fn leaked(&self, secret: &str) {
        let body = json!({ "secret": secret, "found_at": "https://git.example/x" });
        let answer = self.app.stranger().json(Method::POST, "/api/v1/leaked-secrets", &body).await;
        assert_eq!(answer.json()["known"], true, "{}", answer.body);
    }

    /// What a deed took from everybody is there again for the next one.
    async fn mend(&self, deed: &str) {
        match deed {
            "the scope asks for another role" => {
                self.root.change("/api/v1/scopes/write", &json!({ "roles": ["editor"] })).await;
            }
            "the role of the scope is deleted" => {
                self.app.role("editor").await;
                self.app.scope("write", &["editor"]).await;
            }
            "hallpass scope delete" => self.app.scope("write", &["editor"]).await,
            _ => {}
        }
    }

    /// Goes through a table: makes what `hold` takes of fresh hands, shows it, does the deed, and looks.
    async fn go_through<F>(&mut self, by: By, table: &[(&str, Left)], hold: impl Fn(&World, &Hands) -> F)
    where
        F: Future<Output = Held>,
    {
        for (deed, left) in table {
            let hands = self.hands().await;
            let held = hold(self, &hands).await;
            self.warm(&held, deed).await;
            self.act(deed, &hands).await;
            self.check(&held, deed, by, *left).await;
            self.mend(deed).await;
        }
    }
}

/// Full access names no scopes.
fn of_me(answer: &Answer) -> Option<Left> {
    if answer.status == 401 {
        return Some(Left::Nothing);
    }
    assert_eq!(answer.status, 200, "{}", answer.body);
    let me = answer.json();
    let writes = me["scopes"].as_array().unwrap().contains(&json!("write"));
    (me["full_access"] == false).then_some(if writes { Left::All } else { Left::Read })
}

fn of_introspection(told: &Value) -> Left {
    if told["active"] == false {
        assert_eq!(told, &json!({ "active": false }));
        return Left::Nothing;
    }
    let scopes: Vec<&str> = told["scope"].as_str().unwrap_or_default().split(' ').collect();
    if scopes.contains(&"write") { Left::All } else { Left::Read }
}

fn bearer(token: String) -> Held {
    Held::Header(format!("Bearer {token}"), token)
}

/// RFC 7009 §2, RFC 9700 §4.14.2
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_was_just_let_in_is_refused_as_soon_as_anything_ended_it() {
    let table = [
        ("the client revokes it", Left::Nothing),
        ("the client revokes its refresh token", Left::Nothing),
        ("its code is used again", Left::Nothing),
        ("a refresh token is used again", Left::Nothing),
        ("the user cuts the application off", Left::Nothing),
        ("an administrator takes the grant back", Left::Nothing),
        ("the client is disabled", Left::Nothing),
        ("the client is deleted", Left::Nothing),
        ("the client is cut off", Left::Nothing),
        ("a scope is taken from the client", Left::Read),
        ("the user is disabled", Left::Nothing),
        ("the user is deleted", Left::Nothing),
        ("a role is taken from the user", Left::Read),
        ("the scope asks for another role", Left::Read),
        ("the role of the scope is deleted", Left::Read),
        ("the user changes the password", Left::Nothing),
        ("an administrator sets the password", Left::Nothing),
        ("the user signs out everywhere else", Left::Nothing),
        ("the token is reported as leaked", Left::Nothing),
        ("its time is over", Left::Nothing),
    ];
    let hold = |_: &World, hands: &Hands| std::future::ready(bearer(hands.access.clone()));
    World::new().await.go_through(By::Us, &table, hold).await;
}

/// RFC 8693 §2.1
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_came_of_another_credential_ends_with_it() {
    let mut world = World::new().await;
    let of_token = [
        ("the client revokes it", Left::Nothing),
        ("an administrator takes the grant back", Left::Nothing),
        ("the client is disabled", Left::Nothing),
        ("the user is disabled", Left::Nothing),
        ("a role is taken from the user", Left::Read),
        ("a scope is taken from the client", Left::Read),
        ("the token is reported as leaked", Left::Nothing),
    ];
    for (deed, left) in of_token {
        let hands = world.hands().await;
        // Twice removed.
        let once = world.exchanged(&hands, &hands.access, ACCESS_TOKEN).await;
        let held = bearer(world.exchanged(&hands, &once, ACCESS_TOKEN).await);
        world.warm(&held, deed).await;
        world.act(deed, &hands).await;
        world.check(&held, deed, By::Us, left).await;
    }
    let of_key = [
        ("the key is revoked", Left::Nothing),
        ("the key is disabled", Left::Nothing),
        ("the key gets a new secret", Left::Nothing),
        ("the key works from elsewhere alone", Left::Nothing),
        ("the key is reported as leaked", Left::Nothing),
        ("the user is disabled", Left::Nothing),
        ("a role is taken from the user", Left::Read),
    ];
    for (deed, left) in of_key {
        let hands = world.hands().await;
        let held = bearer(world.exchanged(&hands, &hands.key.api_secret, API_KEY).await);
        world.warm(&held, deed).await;
        world.act(deed, &hands).await;
        world.check(&held, deed, By::Us, left).await;
    }
}

/// A key, by its pair and by its secret alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_was_just_let_in_is_refused_as_soon_as_anything_ended_it() {
    let table = [
        ("the key is revoked", Left::Nothing),
        ("the key is disabled", Left::Nothing),
        ("the key gets a new secret", Left::Nothing),
        ("the key's old secret ends", Left::Nothing),
        ("the key works from elsewhere alone", Left::Nothing),
        ("the key ends", Left::Nothing),
        ("the key is reported as leaked", Left::Nothing),
        ("the user is disabled", Left::Nothing),
        ("the user is deleted", Left::Nothing),
        ("a role is taken from the user", Left::Read),
        ("the scope asks for another role", Left::Read),
        ("the role of the scope is deleted", Left::Read),
    ];
    let mut world = World::new().await;
    let pair = |_: &World, hands: &Hands| {
        std::future::ready(Held::Header(hands.key.token_header(), hands.key.api_secret.clone()))
    };
    world.go_through(By::Us, &table, pair).await;
    let alone = |_: &World, hands: &Hands| std::future::ready(bearer(hands.key.api_secret.clone()));
    world.go_through(By::Us, &table[..4], alone).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_imported_key_that_was_just_let_in_is_refused_as_soon_as_it_is_revoked() {
    let mut world = World::new().await;
    let deeds = [("revoked", Left::Nothing), ("disabled", Left::Nothing), ("leaked", Left::Nothing)];
    for (deed, left) in deeds {
        let hands = world.hands().await;
        let secret = format!("sk_live_4eC39HqLyjWDarjtT1zdp7dc4eC39HqLyjWDarjtT1{deed}");
        let hash: String = Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        let name = hands.ada.username.as_str();
        let key = json!({ "user": name, "name": deed, "sha256": hash, "scopes": ["read", "write"] });
        let answer = world.root.json(Method::POST, "/api/v1/import/keys", &json!({ "keys": [key] })).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let listed = world.root.list(&format!("/api/v1/keys?user={name}"), 10).await;
        let id = listed.iter().find(|key| key["name"] == deed).unwrap()["id"].as_str().unwrap().to_owned();
        let held = bearer(secret.clone());
        world.warm(&held, deed).await;
        match deed {
            "revoked" => world.root.delete(&format!("/api/v1/keys/{id}")).await,
            "disabled" => {
                world.root.change(&format!("/api/v1/keys/{id}"), &json!({ "enabled": false })).await;
            }
            _ => world.leaked(&secret).await,
        }
        world.check(&held, deed, By::Us, left).await;
    }
}

/// The session itself, and the cookie that a service's host got of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_was_just_let_in_is_refused_as_soon_as_anything_ended_it() {
    let table = [
        ("the user signs out", Left::Nothing),
        ("the user signs out everywhere else", Left::Nothing),
        ("an administrator ends the session", Left::Nothing),
        ("the user changes the password", Left::Nothing),
        ("an administrator sets the password", Left::Nothing),
        ("the user is disabled", Left::Nothing),
        ("the user is deleted", Left::Nothing),
        ("a role is taken from the user", Left::Read),
        ("the scope asks for another role", Left::Read),
        ("the role of the scope is deleted", Left::Read),
        ("its time is over", Left::Nothing),
    ];
    let mut world = World::new().await;
    let session = |world: &World, hands: &Hands| {
        let copy = hands.browser.on(&world.app);
        std::future::ready(Held::Session(copy))
    };
    world.go_through(By::Us, &table, session).await;
    for (deed, left) in &table[..6] {
        let hands = world.hands().await;
        let held = Held::Host(visit(&world.app, &hands.browser).await);
        world.warm(&held, deed).await;
        world.act(deed, &hands).await;
        world.check(&held, deed, By::Us, *left).await;
    }
}

/// The cookie of a service's host, as a browser gets it.
async fn visit(app: &TestApp, browser: &Browser) -> String {
    let start = format!("/auth/start?rd=https%3A%2F%2F{SERVICE}%2F");
    let to = url::Url::parse(browser.get(&start).await.header("location")).unwrap();
    let ticket = format!("{}?{}", to.path(), to.query().unwrap());
    let visitor = app.stranger().with("x-forwarded-proto", "https").with("x-forwarded-host", SERVICE);
    let visitor = visitor.with("x-forwarded-uri", &ticket).with("x-forwarded-method", "GET");
    visitor.get(&ticket).await.header("set-cookie").split(';').next().unwrap().to_owned()
}

/// What an operator does on the command line, which is another process beside the servers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_command_ends_is_refused_by_the_servers() {
    let mut world = World::new().await;
    let of_token = [
        ("hallpass user disable", Left::Nothing),
        ("hallpass user revoke-role", Left::Read),
        ("hallpass user set-password", Left::Nothing),
        ("hallpass user delete", Left::Nothing),
        ("hallpass client disable", Left::Nothing),
        ("hallpass client cut-off", Left::Nothing),
        ("hallpass client delete", Left::Nothing),
        ("hallpass grant revoke", Left::Nothing),
    ];
    let token = |_: &World, hands: &Hands| std::future::ready(bearer(hands.access.clone()));
    world.go_through(By::Another, &of_token, token).await;
    let of_key = [
        ("hallpass key revoke", Left::Nothing),
        ("hallpass key disable", Left::Nothing),
        ("hallpass key rotate", Left::Nothing),
        ("hallpass key set", Left::Nothing),
        ("hallpass user disable", Left::Nothing),
        ("hallpass user revoke-role", Left::Read),
        ("hallpass scope delete", Left::Read),
    ];
    let key = |_: &World, hands: &Hands| {
        std::future::ready(Held::Header(hands.key.token_header(), hands.key.api_secret.clone()))
    };
    world.go_through(By::Another, &of_key, key).await;
    let of_session = [
        ("hallpass session end", Left::Nothing),
        ("hallpass user set-password", Left::Nothing),
        ("hallpass user disable", Left::Nothing),
        ("hallpass user revoke-role", Left::Read),
    ];
    let session = |world: &World, hands: &Hands| std::future::ready(Held::Session(hands.browser.on(&world.app)));
    world.go_through(By::Another, &of_session, session).await;
}

/// While it is used all the time on all nodes, by several callers each.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_request_that_began_after_a_revocation_was_answered_is_let_in() {
    let mut world = World::new().await;
    let deeds = [
        ("token", "the client revokes it"),
        ("token", "the client revokes its refresh token"),
        ("token", "the user is disabled"),
        ("key", "the key is revoked"),
        ("key", "the key gets a new secret"),
        ("session", "an administrator ends the session"),
        ("session", "the user signs out"),
    ];
    for (round, (kind, deed)) in deeds.iter().cycle().take(rounds(deeds.len())).enumerate() {
        let hands = world.hands().await;
        let (name, value) = match *kind {
            "token" => ("authorization", format!("Bearer {}", hands.access)),
            "key" => ("authorization", hands.key.token_header()),
            _ => ("cookie", hands.browser.cookie_header()),
        };
        let nodes: Vec<&TestApp> = [Some(&world.app), world.other.as_ref()].into_iter().flatten().collect();
        let (over, let_in) = (Arc::new(OnceLock::<Vec<Instant>>::new()), Arc::new(AtomicUsize::new(0)));
        let mut callers = tokio::task::JoinSet::new();
        for number in 0..CALLERS {
            let at = number % nodes.len();
            let script = nodes[at].stranger().with(name, &value);
            let path = if number / 2 % 2 == 0 { "/api/v1/me" } else { "/auth/verify?scope=read" };
            let (over, let_in) = (Arc::clone(&over), Arc::clone(&let_in));
            callers.spawn(async move {
                let (mut calls, mut late) = (Vec::new(), 0);
                // A few times after nobody may be let in any more.
                while late < 3 {
                    let began = now();
                    late += usize::from(over.get().is_some_and(|last| began > last[at]));
                    let status = script.get(path).await.status;
                    assert!(matches!(status, 200 | 401), "{path}: {status}");
                    let_in.fetch_add(usize::from(status == 200), Ordering::Relaxed);
                    calls.push((began, status == 200));
                }
                (at, calls)
            });
        }
        while let_in.load(Ordering::Relaxed) < CALLERS * 5 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        world.act(deed, &hands).await;
        let answered = now();
        let elsewhere = if nodes.len() > 1 { ELSEWHERE } else { Duration::ZERO };
        let last = vec![answered, answered + elsewhere];
        over.set(last.clone()).expect("once");
        for (at, calls) in callers.join_all().await {
            let late = calls.iter().find(|(began, is_let_in)| *is_let_in && *began > last[at]);
            let late = late.map(|(began, _)| began.duration_since(answered));
            assert_eq!(late, None, "round {round}: {deed}, on node {at}, after it was answered");
        }
    }
}
