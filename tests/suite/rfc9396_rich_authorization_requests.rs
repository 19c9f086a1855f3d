//! Rich authorization requests (RFC 9396): details of registered types, allowed by a person and carried by tokens.

use hallpass::domain::authorization_details;
use hallpass::domain::clients::ClientDescription;
use hallpass::model::audit::AuditEvent;
use hallpass::model::client::Client;
use hallpass::model::client::ClientOrigin;
use hallpass::model::client::GrantType;
use hallpass::model::details::DetailTypeName;
use hallpass::model::time::Lifetime;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::flow::VERIFIER;
use crate::support::flow::challenge;
use crate::support::flow::parameters;
use crate::support::program::Program;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const ERROR: &str = "invalid_authorization_details";

impl TestApp {
    async fn detail_type(&self, name: &str, description: &str, schema: &Value) {
        let (name, description) = (DetailTypeName::parse(name).unwrap(), description.to_owned());
        let (schema, act) = (schema.to_string(), self.act());
        let made = move |tx: &mut hallpass::store::Tx<'_>| {
            authorization_details::create(tx, &name, &description, &schema, &act)
        };
        self.store.write(made).await.unwrap();
    }

    /// Changes what no page of ours changes of a client.
    async fn rewrite_client(&self, client: &SeededClient, change: impl Fn(&mut Client) + Send + 'static) {
        let id = client.id();
        self.write(move |tx| {
            let mut client = tx.clients().find(id)?.expect("the client");
            change(&mut client);
            tx.clients().update(&client)
        })
        .await;
    }
}

fn payment_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "amount": { "type": "string", "pattern": "^[0-9]+[.][0-9]{2}$" },
            "currency": { "enum": ["EUR", "USD"] },
            "to": {
                "type": "object",
                "properties": { "name": { "type": "string", "maxLength": 40 }, "iban": { "type": "string" } },
                "required": ["iban"],
                "additionalProperties": false,
            },
        },
        "required": ["amount", "currency"],
    })
}

fn payment() -> Value {
    json!({ "type": "payment", "amount": "12.50", "currency": "EUR", "to": { "name": "Eve", "iban": "DE02" } })
}

fn folder(path: &str) -> Value {
    json!({ "type": "https://files.test/folder", "path": path, "actions": ["read", "list"] })
}

async fn begin() -> (TestApp, SeededClient, Browser) {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    app.detail_type("payment", "Pay {amount} {currency} from your account", &payment_schema()).await;
    let folder = json!({
        "properties": { "path": { "type": "string" }, "actions": { "type": "array", "items": { "type": "string" } } },
        "required": ["path"],
    });
    app.detail_type("https://files.test/folder", "Open the folder {path}", &folder).await;
    let client = app.web_client("read").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, client, browser)
}

async fn page(browser: &Browser, client: &SeededClient, details: &Value) -> Answer {
    browser.get(&client.authorize_path(&[("authorization_details", &details.to_string())])).await
}

/// Allows what is asked for and returns the code.
async fn allowed(app: &TestApp, browser: &Browser, client: &SeededClient, details: &Value) -> String {
    let page = page(browser, client, details).await;
    page.is_consent_page();
    let location = app.decide(browser, &page, "allow").await;
    parameters(&location).remove("code").unwrap_or_else(|| panic!("no code in {location}"))
}

async fn redeem(app: &TestApp, client: &SeededClient, code: &str, extra: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", client.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
    ];
    fields.extend(extra);
    app.token(client, &fields).await
}

async fn introspected(app: &TestApp, token: &str) -> Value {
    let caller = app.introspector(None).await.basic();
    app.script(&caller).post("/oauth/introspect", &[("token", token)]).await.json()
}

/// RFC 9396 §3, §7, §9.2
#[tokio::test]
async fn what_was_allowed_stands_in_the_answer_in_introspection_and_after_a_refresh() {
    let (app, client, browser) = begin().await;
    let details = json!([payment(), folder("/photos")]);
    let code = allowed(&app, &browser, &client, &details).await;
    let tokens = app.redeem(&client, &code).await;
    assert_eq!((tokens.status, &tokens.json()["authorization_details"]), (200, &details), "{}", tokens.body);
    let told = introspected(&app, &tokens.text("access_token")).await;
    assert_eq!(told["authorization_details"], details, "{told}");
    let mut refresh_token = tokens.text("refresh_token");
    for _ in 0..2 {
        let refreshed = app.refresh(&client, &refresh_token).await;
        assert_eq!(refreshed.json()["authorization_details"], details, "{}", refreshed.body);
        let told = introspected(&app, &refreshed.text("access_token")).await;
        assert_eq!(told["authorization_details"], details, "{told}");
        refresh_token = refreshed.text("refresh_token");
    }
    let given = app.audited(AuditEvent::GrantGiven).await;
    assert!(given[0].details.contains("12.50"), "{}", given[0].details);
    // Who asks for none has none.
    let plain = app.tokens(&browser, &client).await;
    assert!(plain.get("authorization_details").is_none(), "{plain}");
}

/// RFC 9396 §2, §5
#[tokio::test]
async fn what_no_schema_knows_is_refused_with_its_place() {
    let (app, client, browser) = begin().await;
    let nested = (0..12).fold(json!("x"), |inner, _| json!([inner]));
    let with = |member: &str, value: Value| {
        let mut payment = payment();
        payment[member] = value;
        json!([payment])
    };
    let mut without = payment();
    without.as_object_mut().unwrap().remove("amount");
    let wrong = [
        (json!({ "type": "payment" }).to_string(), "not a JSON array"),
        ("[".to_owned(), "not well-formed JSON"),
        (r#"[{"type":"payment","type":"payment"}]"#.to_owned(), "names a member twice"),
        ("[]".to_owned(), "empty"),
        ("[1]".to_owned(), "at /0: it is not an object"),
        (json!([payment(), {}]).to_string(), "at /1/type"),
        (json!([{ "type": 1 }]).to_string(), "at /0/type"),
        (json!([{ "type": "gift" }]).to_string(), "at /0/type: there is no such type here"),
        (json!([{ "type": "Payment" }]).to_string(), "at /0/type: there is no such type here"),
        (with("tip", json!(1)).to_string(), "at /0/tip: it is not known"),
        (with("amount", json!(12.5)).to_string(), "at /0/amount: it is not of the type string"),
        (with("amount", json!("12")).to_string(), "at /0/amount: it is not what"),
        (with("currency", json!("GBP")).to_string(), "at /0/currency: it is none of the values"),
        (with("to", json!({ "name": "Eve" })).to_string(), "at /0/to/iban: it is missing"),
        (with("to", json!({ "iban": "x", "<script>": 1 })).to_string(), "at /0/to/?script?: it is not known"),
        (json!([folder("/"), without]).to_string(), "at /1/amount: it is missing"),
        (with("to", nested).to_string(), "more than 10 deep"),
        (json!(vec![folder("/"); 21]).to_string(), "more than 20"),
    ];
    for (details, why) in &wrong {
        let answer = browser.get(&client.authorize_path(&[("authorization_details", details)])).await;
        let said = app.redirected(&answer, &client.redirect_uri, ERROR, Some("xyz"));
        assert!(said.contains(why), "{details}: {said}");
        // The same where it is pushed (RFC 9126).
        let challenge = challenge(VERIFIER);
        let fields = [
            ("response_type", "code"),
            ("redirect_uri", client.redirect_uri.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
            ("authorization_details", details),
        ];
        let answer = app.script(&client.basic()).post("/oauth/par", &fields).await;
        assert!(answer.refused(400, ERROR).contains(why), "{details}");
    }
    let long = json!([folder(&"x".repeat(9000))]).to_string();
    let answer = browser.get(&client.authorize_path(&[("authorization_details", &long)])).await;
    app.redirected(&answer, &client.redirect_uri, "invalid_request", Some("xyz"));
}

/// RFC 9396 §6, §6.1
#[tokio::test]
async fn a_token_can_be_for_less_and_never_for_more() {
    let (app, client, browser) = begin().await;
    let all = json!([payment(), folder("/photos"), folder("/music")]);
    let code = allowed(&app, &browser, &client, &all).await;
    let mut more = payment();
    more["amount"] = json!("99.99");
    let mut fewer_members = payment();
    fewer_members.as_object_mut().unwrap().remove("to");
    for details in [json!([more]), json!([folder("/")]), json!([fewer_members]), json!([payment(), more]), json!({})] {
        let answer = redeem(&app, &client, &code, &[("authorization_details", &details.to_string())]).await;
        answer.refused(400, ERROR);
    }
    // What was refused has not used the code up; members come in any order.
    let less = r#"[{"path":"/music","actions":["read","list"],"type":"https://files.test/folder"}]"#;
    let tokens = redeem(&app, &client, &code, &[("authorization_details", less)]).await;
    assert_eq!(tokens.json()["authorization_details"], json!([folder("/music")]), "{}", tokens.body);
    let told = introspected(&app, &tokens.text("access_token")).await;
    assert_eq!(told["authorization_details"], json!([folder("/music")]));

    // A refresh may ask for what was granted, not only for what the last token had.
    let refresh_token = tokens.text("refresh_token");
    let refresh = async |token: &str, details: &Value| {
        let details = details.to_string();
        let fields =
            [("grant_type", "refresh_token"), ("refresh_token", token), ("authorization_details", details.as_str())];
        app.token(&client, &fields).await
    };
    refresh(&refresh_token, &json!([more])).await.refused(400, ERROR);
    let wanted = json!([payment()]);
    let refreshed = refresh(&refresh_token, &wanted).await;
    assert_eq!(refreshed.json()["authorization_details"], wanted, "{}", refreshed.body);
    // A repetition gets the same answer, and the whole is still there.
    let again = refresh(&refresh_token, &wanted).await;
    assert_eq!(again.json(), refreshed.json());
    let whole = app.refresh(&client, &refreshed.text("refresh_token")).await;
    assert_eq!(whole.json()["authorization_details"], all);
    // Where nothing was granted there is nothing to be repeated.
    let plain = app.code(&browser, &client).await;
    redeem(&app, &client, &plain, &[("authorization_details", &wanted.to_string())]).await.refused(400, ERROR);
}

/// RFC 9396 §4: a person sees what is asked for, in words and to the last member.
#[tokio::test]
async fn the_page_says_in_words_what_is_asked_for() {
    let (app, client, browser) = begin().await;
    let mut evil = payment();
    evil["to"]["name"] = json!("</dd><script>alert(1)</script>{amount}\u{202e}");
    let page = page(&browser, &client, &json!([evil, folder(&"x".repeat(300))])).await;
    page.is_consent_page();
    for text in ["Pay 12.50 EUR from your account", "DE02", "to / iban", "actions", "read, list", "Open the folder xxx"]
    {
        assert!(page.body.contains(text), "no {text:?} in {}", page.body);
    }
    assert!(!page.body.contains("<script>alert") && page.body.contains("{amount}"), "{}", page.body);
    assert!(!page.body.contains('\u{202e}'), "{}", page.body);
    // The sentence is bounded, the member is there in full.
    assert!(page.body.contains(&format!("<dd>{}</dd>", "x".repeat(300))), "{}", page.body);
    assert!(page.body.contains(&format!("folder {}…", "x".repeat(80))), "{}", page.body);
    let location = app.decide(&browser, &page, "deny").await;
    app.error_location(&location, &client.redirect_uri, "access_denied", Some("xyz"));
}

/// RFC 9396 §4: what is about one time is asked each time, of whomever and for whomever.
#[tokio::test]
async fn details_are_asked_about_each_time() {
    let (app, client, browser) = begin().await;
    for _ in 0..2 {
        allowed(&app, &browser, &client, &json!([payment()])).await;
    }
    // What was allowed beside them needs no new page.
    assert_eq!(browser.get(&client.authorize_path(&[])).await.status, 303);
    let trusted = app.client_with("read", |client| client.trusted = true).await;
    assert_eq!(browser.get(&trusted.authorize_path(&[])).await.status, 303);
    page(&browser, &trusted, &json!([payment()])).await.is_consent_page();
    // A type that goes while the page is open gives nothing any more.
    let open = page(&browser, &client, &json!([payment()])).await;
    let (name, act) = (DetailTypeName::parse("payment").unwrap(), app.act());
    app.store.write(move |tx| authorization_details::delete(tx, &name, &act)).await.unwrap();
    let location = app.decide(&browser, &open, "allow").await;
    app.error_location(&location, &client.redirect_uri, ERROR, Some("xyz"));
    assert_eq!(app.audited(AuditEvent::DetailTypeDeleted).await.len(), 1);
}

/// RFC 9396 §3, RFC 8628 §3.1
#[tokio::test]
async fn a_device_asks_for_details_too() {
    let (app, _, browser) = begin().await;
    let of_devices = |client: &mut ClientDescription| {
        client.grant_types = vec![GrantType::DeviceCode, GrantType::RefreshToken];
        client.redirect_uris = Vec::new();
    };
    let client = app.client_with("read", of_devices).await;
    let ask = async |details: &Value| {
        let details = details.to_string();
        let fields = [("authorization_details", details.as_str())];
        app.script(&client.basic()).post("/oauth/device_authorization", &fields).await
    };
    assert!(ask(&json!([{ "type": "payment" }])).await.refused(400, ERROR).contains("/0/amount"));
    let codes = ask(&json!([payment()])).await;
    let csrf_token = browser.csrf_token("/device").await;
    let user_code = codes.text("user_code");
    let fields = [("user_code", user_code.as_str()), ("csrf_token", &csrf_token)];
    let page = browser.post("/device", &fields).await;
    assert!(page.body.contains("Pay 12.50 EUR from your account"), "{}", page.body);
    let mut fields = fields.to_vec();
    fields.extend([("decision", "allow"), ("scope", "read")]);
    assert_eq!(browser.post("/device", &fields).await.status, 303);
    let device_code = codes.text("device_code");
    let poll = [("grant_type", GrantType::DeviceCode.as_str()), ("device_code", device_code.as_str())];
    let tokens = app.token(&client, &poll).await;
    assert_eq!(tokens.json()["authorization_details"], json!([payment()]), "{}", tokens.body);
}

/// RFC 9396 §6: in a client's own name nobody is asked, so an administrator must have registered it.
#[tokio::test]
async fn a_client_in_its_own_name_gets_details_only_if_an_administrator_registered_it() {
    let (app, _, _) = begin().await;
    let service = app.service_client("read").await;
    let ask = async |details: &Value| {
        let details = details.to_string();
        let fields = [("grant_type", "client_credentials"), ("authorization_details", details.as_str())];
        app.token(&service, &fields).await
    };
    let tokens = ask(&json!([folder("/")])).await;
    assert_eq!(tokens.json()["authorization_details"], json!([folder("/")]), "{}", tokens.body);
    let told = introspected(&app, &tokens.text("access_token")).await;
    assert_eq!(told["authorization_details"], json!([folder("/")]));
    assert!(ask(&json!([{ "type": "payment" }])).await.refused(400, ERROR).contains("/0/amount"));
    app.write({
        let id = service.id();
        move |tx| {
            let mut client = tx.clients().find(id)?.expect("the client");
            tx.clients().delete(id)?;
            client.origin = ClientOrigin::SelfRegistered;
            tx.clients().insert(&client)
        }
    })
    .await;
    let secret = app.rotate_client_secret(&service, Lifetime::ZERO).await;
    let details = json!([folder("/")]).to_string();
    let fields = [("grant_type", "client_credentials"), ("authorization_details", details.as_str())];
    app.token(&secret, &fields).await.refused(400, ERROR);
}

/// RFC 9396 §10
#[tokio::test]
async fn types_are_advertised_and_a_client_may_be_held_to_some_of_them() {
    let (app, client, browser) = begin().await;
    let metadata = app.stranger().get("/.well-known/oauth-authorization-server").await.json();
    assert_eq!(metadata["authorization_details_types_supported"], json!(["https://files.test/folder", "payment"]));
    let none = TestApp::start().await.stranger().get("/.well-known/oauth-authorization-server").await.json();
    assert!(none.get("authorization_details_types_supported").is_none(), "{none}");
    let only = json!({ "authorization_details_types": ["payment"] }).to_string();
    app.rewrite_client(&client, move |client| client.metadata.clone_from(&only)).await;
    page(&browser, &client, &json!([payment()])).await.is_consent_page();
    let answer = page(&browser, &client, &json!([payment(), folder("/")])).await;
    let why = app.redirected(&answer, &client.redirect_uri, ERROR, Some("xyz"));
    assert!(why.contains("/1/type: the client is not registered for this type"), "{why}");
}

/// RFC 9396 §2, §10: administrators say which types there are.
#[tokio::test]
async fn types_are_registered_on_the_command_line() {
    let program = Program::new();
    let folder = program.database.folder().join("schema.json");
    let schema = payment_schema();
    std::fs::write(&folder, schema.to_string()).unwrap();
    let create = format!("detail-type create payment --description Pay~{{amount}} --schema {}", folder.display());
    let made = program.run(&format!("{create} --json")).json();
    assert_eq!(
        (&made["name"], &made["description"], &made["schema"]),
        (&json!("payment"), &json!("Pay {amount}"), &schema)
    );
    assert!(program.run(&create).refusal().contains("already"));
    let from_input = "detail-type create other --description Other --schema - --json";
    assert_eq!(program.run_with_input(from_input, "{}").json()["schema"], json!({}));
    let names = |list: Value| list.as_array().unwrap().iter().map(|one| one["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names(program.run("detail-type list --json").json()), [json!("other"), json!("payment")]);
    for (name, schema, why) in [
        ("a~b", "{}", "visible ASCII"),
        ("remote", r#"{"$ref":"https://evil.test/schema"}"#, "stands alone"),
        ("local", r#"{"$ref":"file:///etc/passwd"}"#, "stands alone"),
        ("broken", "{", "not a JSON object"),
        ("wrong", r#"{"type":"nothing"}"#, "can't be used"),
    ] {
        let done = program.run_with_input(&format!("detail-type create {name} --description D --schema -"), schema);
        assert_eq!(done.status, 1, "{done:?}");
        assert!(done.err.contains(why), "{done:?}");
    }
    program.run("detail-type delete payment --json").json();
    assert!(program.run("detail-type delete payment").refusal().contains("there is no type"));
}
