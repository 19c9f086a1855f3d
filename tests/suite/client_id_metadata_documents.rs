//! Clients that nobody registers: their `client_id` is the URL of a document that describes them
//! (draft-ietf-oauth-client-id-metadata-document; MCP 2025-11-25).

use hallpass::model::time::Lifetime;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::flow::VERIFIER;
use crate::support::flow::parameters;
use crate::support::flow::query;
use crate::support::jose::Key;
use crate::support::publisher::Authority;
use crate::support::publisher::Publisher;
use crate::support::publisher::Reply;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const PATH: &str = "/app/client.json";
const SERVER: &str = "/.well-known/oauth-authorization-server";

/// A server that may ask one publisher, and the client that is described there.
struct Site {
    app: TestApp,
    publisher: Publisher,
    client: SeededClient,
    _authority: Authority,
}

impl Site {
    async fn new() -> Self {
        Self::with("").await
    }

    /// With `settings` of the sections behind `outbound`.
    async fn with(settings: &str) -> Self {
        let authority = Authority::new();
        let publisher = Publisher::start(&authority);
        let (file, host) = (authority.file(), publisher.host());
        let outbound = format!("[outbound]\nca_file = {file:?}\nallowed_hosts = [{host:?}]\n{settings}");
        let app = TestApp::start_with(&outbound).await;
        app.person("ada", &[]).await;
        app.scope("read", &[]).await;
        let client = SeededClient {
            client_id: publisher.url(PATH),
            secret: String::new(),
            redirect_uri: "https://notes.test/cb".to_owned(),
        };
        let site = Self { app, publisher, client, _authority: authority };
        site.publish(&site.description(), &[]);
        site
    }

    fn description(&self) -> Value {
        json!({
            "client_id": self.client.client_id,
            "client_name": "Notes",
            "redirect_uris": ["https://notes.test/cb"],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
        })
    }

    fn publish(&self, description: &Value, headers: &[&str]) {
        self.publisher.publish(PATH, Reply::json(&description.to_string(), headers));
    }

    async fn ada(&self) -> Browser {
        self.app.signed_in("ada", PASSWORD).await
    }

    fn clients(&self) -> Vec<String> {
        self.app.database.lines("SELECT client_id AS line FROM clients")
    }
}

/// MCP 2025-11-25, RFC 8252 §7.3
#[tokio::test]
async fn a_client_is_what_its_document_says() {
    let site = Site::new().await;
    let metadata = site.app.stranger().get(SERVER).await.json();
    assert_eq!(metadata["client_id_metadata_document_supported"], true);
    assert!(metadata["token_endpoint_auth_methods_supported"].as_array().unwrap().contains(&"none".into()));
    assert!(metadata.get("registration_endpoint").is_none());
    let scopes = metadata["scopes_supported"].as_array().unwrap();
    assert!(scopes.contains(&"offline_access".into()) && scopes.contains(&"read".into()), "{scopes:?}");
    assert!(!scopes.contains(&"introspect".into()) && !scopes.contains(&"users:read".into()), "{scopes:?}");

    let mut description = site.description();
    description["redirect_uris"] = json!(["http://127.0.0.1/cb"]);
    site.publish(&description, &["cache-control: max-age=3600"]);
    let client = SeededClient { redirect_uri: "http://127.0.0.1:49152/cb".to_owned(), ..site.client.clone() };
    let browser = site.ada().await;
    let page = browser.get(&client.authorize_path(&[])).await;
    page.is_consent_page();
    assert_eq!(page.by_id("client-host"), site.publisher.host());
    assert_eq!(page.by_id("destination"), "127.0.0.1:49152");
    assert!(page.body.contains("Not verified") && page.body.contains("id=\"local-only\""), "{}", page.body);
    // The host that is certain stands above the name that the client chose.
    assert!(page.body.find("id=\"client-host\"").unwrap() < page.body.find("<h1>Allow Notes?").unwrap());

    let location = site.app.decide(&browser, &page, "allow").await;
    assert!(location.starts_with("http://127.0.0.1:49152/cb?code="), "{location}");
    let tokens = site.app.redeem(&client, &parameters(&location)["code"]).await.json();
    assert_eq!(site.app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.status, 200);
    let token = tokens["access_token"].as_str().unwrap();
    let fields = [("token", token), ("client_id", &client.client_id)];
    assert_eq!(site.app.stranger().post("/oauth/revoke", &fields).await.status, 200);
    assert_eq!(site.app.me_status(token).await, 401);
    assert_eq!(site.publisher.asked(PATH), 1);
    assert_eq!(site.clients(), [client.client_id.as_str()]);
    // It is asked about each time, and what is not only local does not say so.
    browser.get(&client.authorize_path(&[])).await.is_consent_page();
    let other = Site::new().await;
    let page = other.ada().await.get(&other.client.authorize_path(&[])).await;
    assert!(!page.body.contains("local-only"), "{}", page.body);
}

/// Security decision D15; a stranger's click makes nothing but one fetch.
#[tokio::test]
async fn a_stranger_s_click_writes_nothing() {
    let site = Site::new().await;
    let before = site.app.database.lines("SELECT event AS line FROM audit");
    for _ in 0..3 {
        let answer = site.app.browser().get(&site.client.authorize_path(&[])).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        assert!(answer.header("location").starts_with("/login?"), "{}", answer.header("location"));
    }
    assert_eq!(site.publisher.asked(PATH), 1);
    // Nor do errors lead anywhere but to sign-in.
    let wrong = site.app.browser().get(&site.client.authorize_path(&[("scope", "nonsense")])).await;
    assert!(wrong.header("location").starts_with("/login?"), "{}", wrong.header("location"));
    assert_eq!(site.clients(), Vec::<String>::new());
    assert_eq!(site.app.database.lines("SELECT event AS line FROM audit"), before);
    assert!(site.app.database.lines("SELECT CAST(failures AS TEXT) AS line FROM attempts").is_empty());
    // A token request of a client that nobody has let in makes none either.
    site.app.redeem(&site.client, "hp_ac_x").await.refused(401, "invalid_client");
    assert_eq!(site.clients(), Vec::<String>::new());
    // And a document that is refused only when all is put together leaves nothing.
    let answer = site.ada().await.get(&site.client.authorize_path(&[("redirect_uri", "https://evil.test/cb")])).await;
    answer.is_error_page();
    assert_eq!(site.clients(), Vec::<String>::new());
}

/// draft-ietf-oauth-client-id-metadata-document §4, §6
#[tokio::test]
async fn a_document_that_is_no_good_is_refused_on_a_page() {
    let site = Site::with("[limits]\ndocument_fetches_per_address = 0").await;
    let sink = Publisher::sink("127.0.0.1:0");
    let browser = site.ada().await;
    let good = site.description();
    let changed = |name: &str, value: Value| {
        let mut changed = good.clone();
        changed[name] = value;
        Reply::json(&changed.to_string(), &[])
    };
    let mut nameless = good.clone();
    nameless.as_object_mut().unwrap().remove("client_id");
    let twice = good.to_string().replacen('{', "{\"client_name\":\"Twice\",", 1);
    let moved = format!("location: {}", sink.url(PATH));
    let replies = [
        changed("client_id", "https://notes.test/client.json".into()),
        changed("client_id", format!("{}/", site.client.client_id).into()),
        changed("client_id", site.client.client_id.to_uppercase().into()),
        Reply::json(&nameless.to_string(), &[]),
        Reply::json(&twice, &[]),
        changed("client_secret", "secret".into()),
        changed("client_secret_expires_at", 0.into()),
        changed("token_endpoint_auth_method", "client_secret_basic".into()),
        changed("token_endpoint_auth_method", "client_secret_post".into()),
        changed("token_endpoint_auth_method", "private_key_jwt".into()),
        changed("redirect_uris", json!([])),
        changed("redirect_uris", json!(["javascript:alert(1)"])),
        changed("redirect_uris", json!(["https://notes.test/cb", "http://notes.test/cb"])),
        changed("grant_types", json!(["client_credentials"])),
        changed("scope", "introspect users:write".into()),
        changed("logo_uri", "javascript:alert(1)".into()),
        changed("client_name", "a\u{202e}b".into()),
        changed("padding", "x".repeat(5 * 1024).into()),
        Reply::of("200 OK", &["content-type: text/html"], &good.to_string()),
        Reply::of("404 Not Found", &["content-type: application/json"], &good.to_string()),
        Reply::of("302 Found", &[&moved, "content-type: application/json"], &good.to_string()),
        Reply::json("[]", &[]),
        Reply::json("", &[]),
    ];
    for reply in replies {
        site.publisher.publish(PATH, reply.clone());
        let answer = browser.get(&site.client.authorize_path(&[])).await;
        answer.is_error_page();
        assert!(answer.body.contains("metadata document"), "{reply:?}: {}", answer.body);
        // A minute later it is asked for again.
        site.app.pass(Lifetime::from_seconds(60));
    }
    assert_eq!(sink.connections(), 0);
    assert_eq!(site.clients(), Vec::<String>::new());
    // What may be there and is not known is passed over.
    site.publisher.publish(PATH, changed("nonsense", json!({ "a": 1 })));
    browser.get(&site.client.authorize_path(&[])).await.is_consent_page();
}

/// draft-ietf-oauth-client-id-metadata-document §3
#[tokio::test]
async fn a_url_that_is_no_good_is_never_asked() {
    let site = Site::new().await;
    let (host, port) = (site.publisher.host(), site.publisher.address.port());
    for client_id in [
        format!("http://{host}{PATH}"),
        format!("https://{host}"),
        format!("https://{host}/"),
        format!("https://{host}/?client.json"),
        format!("https://{host}{PATH}#x"),
        format!("https://ada@{host}{PATH}"),
        format!("https://ada:secret@{host}{PATH}"),
        format!("https://{host}/app/../client.json"),
        format!("https://{host}/app/%2e%2e/client.json"),
        format!("https://{host}/./client.json"),
        format!("https://LOCALHOST:{port}{PATH}"),
        format!("HTTPS://{host}{PATH}"),
        format!("https://{host}{PATH}\n"),
        format!("https://127.0.0.1:{port}{PATH}"),
        format!("https://[::ffff:7f00:1]:{port}{PATH}"),
        format!("https://localhost.:{port}{PATH}"),
    ] {
        let client = SeededClient { client_id: client_id.clone(), ..site.client.clone() };
        for browser in [site.app.browser(), site.ada().await] {
            browser.get(&client.authorize_path(&[])).await.is_error_page();
        }
        let answer = site.app.redeem(&client, "hp_ac_x").await;
        assert_eq!((answer.status, answer.text("error").as_str()), (401, "invalid_client"), "{client_id}");
    }
    assert_eq!(site.publisher.connections(), 0);
    assert_eq!(site.clients(), Vec::<String>::new());
}

/// Security decision D15
#[tokio::test]
async fn a_document_in_a_private_network_is_never_asked_for() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let sink = Publisher::sink("127.0.0.1:0");
    let client = SeededClient {
        client_id: sink.url(PATH),
        secret: String::new(),
        redirect_uri: "https://notes.test/cb".to_owned(),
    };
    let answer = app.signed_in("ada", PASSWORD).await.get(&client.authorize_path(&[])).await;
    answer.is_error_page();
    assert!(answer.body.contains("has no public address"), "{}", answer.body);
    assert_eq!(sink.connections(), 0);
}

/// draft-ietf-oauth-client-id-metadata-document §4.2: HTTP's own rules, within bounds.
#[tokio::test]
async fn a_document_is_asked_for_again_when_its_time_is_over() {
    // What its server says, and how long that is here: five minutes at least, a day at most.
    for (header, seconds) in [
        ("cache-control: max-age=600", 600),
        ("cache-control: no-store", 300),
        ("cache-control: max-age=0", 300),
        ("cache-control: max-age=604800", 86_400),
        ("x-nothing: said", 3600),
    ] {
        let site = Site::new().await;
        site.publish(&site.description(), &[header]);
        let browser = site.ada().await;
        browser.get(&site.client.authorize_path(&[])).await.is_consent_page();
        let mut changed = site.description();
        changed["client_name"] = "Better notes".into();
        changed["redirect_uris"] = json!(["https://notes.test/new"]);
        site.publish(&changed, &[header]);
        let new = SeededClient { redirect_uri: "https://notes.test/new".to_owned(), ..site.client.clone() };
        site.app.pass(Lifetime::from_millis(seconds * 1000 - 1));
        let browser = site.ada().await;
        browser.get(&site.client.authorize_path(&[])).await.is_consent_page();
        browser.get(&new.authorize_path(&[])).await.is_error_page();
        assert_eq!(site.publisher.asked(PATH), 1, "{header}");
        site.app.pass(Lifetime::from_millis(1));
        // What was taken out of the document is over, what is new holds.
        let browser = site.ada().await;
        browser.get(&site.client.authorize_path(&[])).await.is_error_page();
        let page = browser.get(&new.authorize_path(&[])).await;
        page.is_consent_page();
        assert!(page.body.contains("Allow Better notes?"), "{}", page.body);
        assert_eq!(site.publisher.asked(PATH), 2, "{header}");
        assert_eq!(site.clients().len(), 1);
    }
}

/// What is too old is never used because there is nothing newer.
#[tokio::test]
async fn where_the_document_is_gone_so_is_the_client() {
    let site = Site::new().await;
    let browser = site.ada().await;
    let tokens = site.app.tokens(&browser, &site.client).await;
    let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
    site.publisher.publish(PATH, Reply::of("404 Not Found", &[], ""));
    site.app.pass(Lifetime::from_seconds(3599));
    let refreshed = site.app.refresh(&site.client, &token("refresh_token")).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.body);
    let refresh_token = refreshed.text("refresh_token");
    site.app.pass(Lifetime::from_seconds(1));
    for _ in 0..3 {
        site.app.refresh(&site.client, &refresh_token).await.refused(401, "invalid_client");
        browser.get(&site.client.authorize_path(&[])).await.is_error_page();
    }
    // It is asked for once a minute, whoever comes.
    assert_eq!(site.publisher.asked(PATH), 2);
    // It can still put out of use what it has.
    let fields = [("token", refreshed.text("access_token")), ("client_id", site.client.client_id.clone())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(site.app.stranger().post("/oauth/revoke", &fields).await.status, 200);
    site.publish(&site.description(), &[]);
    site.app.pass(Lifetime::from_seconds(59));
    site.app.refresh(&site.client, &refresh_token).await.refused(401, "invalid_client");
    site.app.pass(Lifetime::from_seconds(1));
    assert_eq!(site.app.refresh(&site.client, &refresh_token).await.status, 200);
    assert_eq!(site.publisher.asked(PATH), 3);
}

/// RFC 9700 §4.11.2: a document is no way to have people redirected either, whether the client is kept already or not.
#[tokio::test]
async fn a_mistake_of_a_described_client_sends_nobody_there() {
    let site = Site::new().await;
    let browser = site.ada().await;
    let wrong = site.client.authorize_path(&[("response_type", "token")]);
    for _ in 0..2 {
        let page = browser.get(&wrong).await;
        page.is_error_page();
        assert_eq!(page.by_id("way-back"), "go to notes.test");
        let location = page.link("way-back");
        site.app.error_location(&location, &site.client.redirect_uri, "unsupported_response_type", Some("xyz"));
        site.app.tokens(&browser, &site.client).await;
    }
    // Whoever pressed a button goes where they wanted.
    let page = browser.get(&site.client.authorize_path(&[])).await;
    let location = site.app.decide(&browser, &page, "deny").await;
    site.app.error_location(&location, &site.client.redirect_uri, "access_denied", Some("xyz"));
}

/// After a restart what was kept is as good as before.
#[tokio::test]
async fn what_is_kept_needs_no_fetch_after_a_restart() {
    let site = Site::new().await;
    let browser = site.ada().await;
    let tokens = site.app.tokens(&browser, &site.client).await;
    let Site { app, publisher, client, _authority } = site;
    let app = TestApp::start_on(app.stop().await, "");
    // This one may ask nobody, and need not.
    assert_eq!(app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.status, 200);
    assert_eq!(publisher.asked(PATH), 1);
}

/// RFC 7591 §5, MCP's confused deputy: an administrator has the last word.
#[tokio::test]
async fn a_client_that_an_administrator_disabled_stays_so() {
    let site = Site::new().await;
    site.app.person("root", &["admin"]).await;
    let (browser, root) = (site.ada().await, site.app.signed_in("root", PASSWORD).await);
    let tokens = site.app.tokens(&browser, &site.client).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    let page = root.get("/clients").await;
    let mut links = page.body.split("href=\"").filter_map(|rest| rest.split('"').next());
    let path = links.find(|link| link.contains("client.json")).unwrap();
    assert!(root.get(path).await.body.contains(&site.client.client_id));
    let form = root.get(&format!("{path}/disable")).await;
    let done = root.post(&format!("{path}/disable"), &[("csrf_token", &form.input("csrf_token"))]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    site.app.pass(Lifetime::from_days(2));
    let browser = site.ada().await;
    for _ in 0..2 {
        browser.get(&site.client.authorize_path(&[])).await.is_error_page();
        site.app.redeem(&site.client, "hp_ac_x").await.refused(401, "invalid_client");
    }
    assert_eq!(site.app.me_status(access_token).await, 401);
    // Nobody is asked for it either.
    assert_eq!(site.publisher.asked(PATH), 1);
    let root = site.app.signed_in("root", PASSWORD).await;
    let csrf_token = root.csrf_token("/account").await;
    let done = root.post(&format!("{path}/enable"), &[("csrf_token", &csrf_token)]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    browser.get(&site.client.authorize_path(&[])).await.is_consent_page();
}

/// What an administrator took from such a client, or asked of it, does not come back with the next look at its document.
#[tokio::test]
async fn a_document_undoes_nothing_that_an_administrator_decided() {
    let site = Site::new().await;
    site.ada().await.get(&site.client.authorize_path(&[("scope", "read")])).await.is_consent_page();
    let sql = "UPDATE clients SET scopes = 'openid', require_par = TRUE, dpop_bound = TRUE";
    assert_eq!(site.app.database.execute(sql).unwrap(), 1);
    let mut changed = site.description();
    changed["client_name"] = "Better notes".into();
    changed["scope"] = "read".into();
    changed["require_pushed_authorization_requests"] = false.into();
    changed["dpop_bound_access_tokens"] = false.into();
    for (description, name) in [(site.description(), "Notes"), (changed, "Better notes")] {
        site.publish(&description, &[]);
        site.app.pass(Lifetime::from_days(1));
        let path = site.client.authorize_path(&[("scope", "openid")]);
        let fields: Vec<(String, String)> =
            form_urlencoded::parse(path.split('?').nth(1).unwrap().as_bytes()).into_owned().collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let pushed = site.app.stranger().post("/oauth/par", &fields).await;
        assert_eq!(pushed.status, 201, "{}", pushed.body);
        let kept = "SELECT name || ' ' || scopes AS line FROM clients WHERE require_par AND dpop_bound";
        assert_eq!(site.app.database.lines(kept), [format!("{name} openid")]);
    }
    assert_eq!(site.publisher.asked(PATH), 3);
}

/// RFC 7591 §5: that somebody has signed in makes no room for more such clients than strangers have.
#[tokio::test]
async fn people_bring_so_many_described_clients_and_no_more() {
    let settings = "[limits]\nregistrations_per_address = 2\nunused_registrations = 2";
    let site = Site::with(settings).await;
    let described = |path: &str| {
        let client = SeededClient { client_id: site.publisher.url(path), ..site.client.clone() };
        let mut description = site.description();
        description["client_id"] = client.client_id.as_str().into();
        site.publisher.publish(path, Reply::json(&description.to_string(), &[]));
        client
    };
    let [one, two, three] = ["/1.json", "/2.json", "/3.json"].map(described);
    let browser = site.ada().await;
    for client in [&one, &two, &two] {
        browser.get(&client.authorize_path(&[])).await.is_consent_page();
        site.app.pass(Lifetime::from_millis(1));
    }
    let limited = browser.get(&three.authorize_path(&[])).await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "3600"), "{}", limited.body);
    site.app.pass(Lifetime::from_hours(1));
    let browser = site.ada().await;
    let full = browser.get(&three.authorize_path(&[])).await;
    assert_eq!(full.status, 503, "{}", full.body);
    assert_eq!(site.clients().len(), 2);
    browser.get(&one.authorize_path(&[])).await.is_consent_page();
    site.app.pass(Lifetime::from_days(1));
    site.ada().await.get(&three.authorize_path(&[])).await.is_consent_page();
    let mut kept = site.clients();
    kept.sort();
    assert_eq!(kept, [two.client_id, three.client_id]);
}

#[tokio::test]
async fn where_it_is_switched_off_no_document_is_asked_for() {
    let site = Site::with("[clients]\nmetadata_documents = false").await;
    let metadata = site.app.stranger().get(SERVER).await.json();
    assert!(metadata.get("client_id_metadata_document_supported").is_none(), "{metadata}");
    for browser in [site.app.browser(), site.ada().await] {
        browser.get(&site.client.authorize_path(&[])).await.is_error_page();
    }
    site.app.redeem(&site.client, "hp_ac_x").await.refused(401, "invalid_client");
    assert_eq!(site.publisher.connections(), 0);
}

/// Security decision D15: nobody makes this server ask others for one document after another.
#[tokio::test]
async fn one_address_has_so_many_documents_fetched_and_no_more() {
    let site =
        Site::with("[limits]\ndocument_fetches_per_address = 3\n[http]\ntrusted_proxies = [\"127.0.0.1\"]").await;
    let click = |path: &str, address: &'static str| {
        let client = SeededClient { client_id: site.publisher.url(path), ..site.client.clone() };
        let script = site.app.stranger().with("x-forwarded-for", address);
        async move { script.get(&client.authorize_path(&[])).await }
    };
    for n in 0..3 {
        assert_eq!(click(&format!("/{n}.json"), "198.51.100.1").await.status, 400);
    }
    let limited = click("/3.json", "198.51.100.1").await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "60"));
    assert_eq!(click("/3.json", "198.51.100.2").await.status, 400);
    assert_eq!(site.publisher.connections(), 4);
    site.app.pass(Lifetime::from_seconds(60));
    assert_eq!(click(PATH, "198.51.100.1").await.status, 303);
}

/// Security decision D15: the keys of clients that strangers name are counted with their documents.
#[tokio::test]
async fn one_address_has_so_many_keys_of_strangers_fetched_and_no_more() {
    let site = Site::with("[limits]\ndocument_fetches_per_address = 1\ndocument_fetch_window_seconds = 20").await;
    let key = Key::es256();
    let mut description = site.description();
    description["token_endpoint_auth_method"] = "private_key_jwt".into();
    description["jwks_uri"] = site.publisher.url("/keys").into();
    site.publish(&description, &["cache-control: max-age=86400"]);
    site.publisher.publish("/keys", Reply::json(&key.jwks(), &[]));
    let code = site.app.code(&site.ada().await, &site.client).await;
    let redeem = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", site.client.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
    ];
    let signed = || key.sign(&site.app.assertion_claims(&site.client.client_id));
    for _ in 0..2 {
        let refused = site.app.token_by_assertion(&signed(), &redeem).await.refused(401, "invalid_client");
        assert!(refused.contains("try again in"), "{refused}");
    }
    assert_eq!(site.publisher.asked("/keys"), 0);
    // It is no failure of the keys: as soon as one may be fetched, it is.
    site.app.pass(Lifetime::from_seconds(20));
    let tokens = site.app.token_by_assertion(&signed(), &redeem).await;
    assert_eq!((tokens.status, site.publisher.asked("/keys")), (200, 1), "{}", tokens.body);
}

/// RFC 9126 §2: pushing comes before any person does, so it counts like a registration.
#[tokio::test]
async fn a_described_client_may_push_its_request() {
    let site = Site::with("[limits]\nregistrations_per_address = 1").await;
    let pushed = |client: &SeededClient| {
        let path = client.authorize_path(&[]);
        let fields: Vec<(String, String)> =
            form_urlencoded::parse(path.split('?').nth(1).unwrap().as_bytes()).into_owned().collect();
        let script = site.app.stranger();
        async move {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            script.post("/oauth/par", &fields).await
        }
    };
    let answer = pushed(&site.client).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let request = [("client_id", site.client.client_id.as_str()), ("request_uri", &answer.text("request_uri"))];
    let page = site.ada().await.get(&format!("/oauth/authorize?{}", query(&request))).await;
    page.is_consent_page();
    assert_eq!(page.by_id("client-host"), site.publisher.host());
    // It is known now; another one is one too many.
    assert_eq!(pushed(&site.client).await.status, 201);
    let other = SeededClient { client_id: site.publisher.url("/other.json"), ..site.client.clone() };
    let mut description = site.description();
    description["client_id"] = other.client_id.as_str().into();
    site.publisher.publish("/other.json", Reply::json(&description.to_string(), &[]));
    assert_eq!(pushed(&other).await.status, 429);
    assert_eq!(site.clients(), [site.client.client_id.as_str()]);
}

/// RFC 7523 §2.2: a document may hold public keys; then the client proves that it is the one.
#[tokio::test]
async fn a_described_client_may_sign() {
    let site = Site::new().await;
    let key = Key::es256();
    let mut description = site.description();
    description["token_endpoint_auth_method"] = "private_key_jwt".into();
    description["jwks"] = serde_json::from_str(&key.jwks()).unwrap();
    site.publish(&description, &["cache-control: max-age=600"]);
    let code = site.app.code(&site.ada().await, &site.client).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", site.client.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
        ("client_id", site.client.client_id.as_str()),
    ];
    site.app.stranger().post("/oauth/token", &fields).await.refused(401, "invalid_client");
    let claims = || site.app.assertion_claims(&site.client.client_id);
    let stranger = Key::es256().sign(&claims());
    site.app.token_by_assertion(&stranger, &fields).await.refused(401, "invalid_client");
    let tokens = site.app.token_by_assertion(&key.sign(&claims()), &fields).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    // A key that is taken out of the document opens nothing any more.
    let other = Key::es256();
    description["jwks"] = serde_json::from_str(&other.jwks()).unwrap();
    site.publish(&description, &[]);
    site.app.pass(Lifetime::from_seconds(600));
    let refresh_token = tokens.text("refresh_token");
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.as_str()),
        ("client_id", site.client.client_id.as_str()),
    ];
    site.app.token_by_assertion(&key.sign(&claims()), &fields).await.refused(401, "invalid_client");
    assert_eq!(site.app.token_by_assertion(&other.sign(&claims()), &fields).await.status, 200);
}

/// RFC 7521 §4.2: the assertion may be all that says who the client is; what its document says holds no longer for that.
#[tokio::test]
async fn a_client_that_names_itself_in_its_assertion_alone_is_what_its_document_says_now() {
    let site = Site::new().await;
    let (key, other) = (Key::es256(), Key::es256());
    let mut description = site.description();
    description["token_endpoint_auth_method"] = "private_key_jwt".into();
    description["jwks"] = serde_json::from_str(&key.jwks()).unwrap();
    site.publish(&description, &["cache-control: max-age=600"]);
    let code = site.app.code(&site.ada().await, &site.client).await;
    let claims = || site.app.assertion_claims(&site.client.client_id);
    let redeem = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", site.client.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
    ];
    let tokens = site.app.token_by_assertion(&key.sign(&claims()), &redeem).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    description["jwks"] = serde_json::from_str(&other.jwks()).unwrap();
    site.publish(&description, &["cache-control: max-age=600"]);
    site.app.pass(Lifetime::from_seconds(600));
    let refresh_token = tokens.text("refresh_token");
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
    site.app.token_by_assertion(&key.sign(&claims()), &refresh).await.refused(401, "invalid_client");
    let tokens = site.app.token_by_assertion(&other.sign(&claims()), &refresh).await;
    assert_eq!((tokens.status, site.publisher.asked(PATH)), (200, 2), "{}", tokens.body);
    // Where it is gone, the client is no better for what it leaves out; by an assertion that is a grant neither.
    site.publisher.publish(PATH, Reply::of("404 Not Found", &[], ""));
    site.app.pass(Lifetime::from_seconds(600));
    let refresh_token = tokens.text("refresh_token");
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
    site.app.token_by_assertion(&other.sign(&claims()), &refresh).await.refused(401, "invalid_client");
    let assertion = other.sign(&claims());
    let act = [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion.as_str())];
    let refused = site.app.stranger().post("/oauth/token", &act).await.refused(401, "invalid_client");
    assert!(refused.contains("404"), "{refused}");
    // It can still put out of use what it has.
    let (token, assertion) = (tokens.text("access_token"), other.sign(&claims()));
    let revoke = [
        ("token", token.as_str()),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion.as_str()),
    ];
    assert_eq!(site.app.stranger().post("/oauth/revoke", &revoke).await.status, 200);
    assert_eq!(site.app.me_status(&token).await, 401);
}

/// RFC 6749 §2.3.1: a public client may say its name as the user name of Basic.
#[tokio::test]
async fn a_client_that_names_itself_in_a_header_is_what_its_document_says_now() {
    let site = Site::new().await;
    let tokens = site.app.tokens(&site.ada().await, &site.client).await;
    site.publisher.publish(PATH, Reply::of("404 Not Found", &[], ""));
    site.app.pass(Lifetime::from_seconds(3600));
    let fields = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
    let script = site.app.script(&site.client.basic());
    script.post("/oauth/token", &fields).await.refused(401, "invalid_client");
}

/// RFC 8628 §3.1: a device may be described by a document as well.
#[tokio::test]
async fn a_described_device_asks_for_a_code() {
    let site = Site::new().await;
    let mut description = site.description();
    description["grant_types"] = json!(["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"]);
    description["redirect_uris"] = json!([]);
    site.publish(&description, &[]);
    let fields = [("client_id", site.client.client_id.as_str())];
    let answer = site.app.stranger().post("/oauth/device_authorization", &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let browser = site.ada().await;
    let form = browser.get("/device").await;
    let fields = [("user_code", answer.text("user_code")), ("csrf_token", form.input("csrf_token"))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let page = browser.post("/device", &fields).await;
    assert_eq!(page.by_id("client-host"), site.publisher.host(), "{}", page.body);
}

/// Two who come first at once make one client.
#[tokio::test]
async fn those_who_come_first_at_once_make_one_client() {
    let site = Site::new().await;
    let mut browsers = Vec::new();
    for name in ["bob", "eve", "joe", "kim"] {
        site.app.person(name, &[]).await;
        browsers.push(site.app.signed_in(name, PASSWORD).await);
    }
    let path = site.client.authorize_path(&[]);
    let clicks: Vec<_> = browsers
        .into_iter()
        .map(|browser| {
            let path = path.clone();
            tokio::spawn(async move { browser.get(&path).await })
        })
        .collect();
    for click in clicks {
        click.await.unwrap().is_consent_page();
    }
    assert_eq!((site.publisher.asked(PATH), site.clients().len()), (1, 1));
}
