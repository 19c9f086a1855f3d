//! Which claims of a user a client gets, and where (OpenID Connect Core §5).

use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::seed::PASSWORD;

const PROFILE: [&str; 14] = [
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
    "preferred_username",
];

fn names(claims: &Value) -> Vec<&str> {
    claims.as_object().unwrap().keys().map(String::as_str).collect()
}

/// OpenID Connect Core §5.4; `oidcc-scope-profile`, `oidcc-scope-email`, `oidcc-scope-address`, `oidcc-scope-phone`,
/// `oidcc-scope-all`, `oidcc-ensure-other-scope-order-succeeds`
#[tokio::test]
async fn a_scope_stands_for_all_of_its_claims_and_for_no_others() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let known = app.complete_user(&ada).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("openid profile email address phone roles").await;
    let of = |scope: &str| match scope {
        "profile" => PROFILE.to_vec(),
        "email" => vec!["email", "email_verified"],
        "address" => vec!["address"],
        "phone" => vec!["phone_number", "phone_number_verified"],
        _ => Vec::new(),
    };
    for scopes in [
        "openid profile",
        "openid email",
        "email openid",
        "openid address",
        "openid phone",
        "phone email openid address profile",
    ] {
        let tokens = app.tokens_for(&browser, &client, &[("scope", scopes)]).await;
        let told = app.userinfo(&tokens).await;
        let mut expected: Vec<&str> = scopes.split(' ').flat_map(of).chain(["sub"]).collect();
        expected.sort_unstable();
        assert_eq!(names(&told), expected, "{scopes}");
        for (name, value) in told.as_object().unwrap() {
            if let Some(known) = known.get(name) {
                assert_eq!(value, known, "{name}");
            }
        }
        // What scopes stand for is told at one place.
        let (_, claims) = app.id_token(&tokens).await;
        assert!(!names(&claims).iter().any(|name| PROFILE.contains(name) || name.starts_with("email")), "{claims}");
    }
    // Nor does it matter in which order the parameters come.
    let asked = client.authorize_path(&[("scope", "email openid")]);
    let (path, query) = asked.split_once('?').unwrap();
    let query: Vec<&str> = query.rsplit('&').collect();
    let answer = browser.get(&format!("{path}?{}", query.join("&"))).await;
    assert!(answer.header("location").contains("code="), "{}", answer.body);
}

/// OpenID Connect Core §5.1: nothing is made up.
#[tokio::test]
async fn what_is_not_known_is_not_told() {
    let app = TestApp::start().await;
    let bob = app.person("bob", &[]).await;
    let browser = app.signed_in("bob", PASSWORD).await;
    let client = app.web_client("openid profile email address phone").await;
    let told = app.userinfo(&app.tokens_for(&browser, &client, &[]).await).await;
    assert_eq!(names(&told), ["preferred_username", "sub", "updated_at"]);
    // An address that nobody made sure of is told as such, and a new one is a new one.
    app.describe_user(&bob, "bob@example.com", "Bob").await;
    let told = app.userinfo(&app.tokens_for(&browser, &client, &[]).await).await;
    assert_eq!((&told["email"], &told["email_verified"]), (&json!("bob@example.com"), &json!(false)));
    app.complete_user(&bob).await;
    let told = app.userinfo(&app.tokens_for(&browser, &client, &[]).await).await;
    assert_eq!(told["email_verified"], json!(true));
    app.describe_user(&bob, "bob@example.org", "Bob").await;
    let told = app.userinfo(&app.tokens_for(&browser, &client, &[]).await).await;
    assert_eq!((&told["email"], &told["email_verified"]), (&json!("bob@example.org"), &json!(false)));
}

/// OpenID Connect Core §5.5; `oidcc-claims-essential`
#[tokio::test]
async fn single_claims_are_told_where_they_were_asked_for_and_the_user_allowed_it() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    app.complete_user(&ada).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("openid profile email").await;
    let claims = r#"{"userinfo":{"name":{"essential":true},"phone_number":null},"id_token":{"email":null}}"#;
    let page = browser.get(&client.authorize_path(&[("scope", "openid"), ("claims", claims)])).await;
    // The page says what that comes to, and the token gets no scope by it.
    for sentence in ["See your name and user name", "See your e-mail address"] {
        assert!(page.body.contains(sentence), "{sentence}: {}", page.body);
    }
    let location = app.decide(&browser, &page, "allow").await;
    let code = crate::support::flow::parameters(&location).remove("code").unwrap();
    let tokens = app.redeem(&client, &code).await.json();
    assert_eq!(tokens["scope"], "openid");
    let told = app.userinfo(&tokens).await;
    // The client is not registered for telephone numbers, and nobody was asked about them.
    assert_eq!(told, json!({ "sub": ada.id.to_string(), "name": "Ada Lovelace" }));
    let (_, id_token) = app.id_token(&tokens).await;
    assert_eq!((&id_token["email"], &id_token["name"]), (&json!("ada@example.com"), &Value::Null));
    let refreshed = app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.json();
    assert_eq!(app.id_token(&refreshed).await.1["email"], json!("ada@example.com"));
    assert_eq!(app.userinfo(&refreshed).await, told);

    // What was not allowed is not told.
    let other = app.web_client("openid profile email").await;
    let page = browser.get(&other.authorize_path(&[("scope", "openid"), ("claims", claims)])).await;
    let fields = [
        ("request", page.input("request")),
        ("decision", "allow".to_owned()),
        ("duration", "until_revoked".to_owned()),
        ("scope", "openid".to_owned()),
        ("csrf_token", page.input("csrf_token")),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = browser.post("/oauth/consent", &fields).await;
    let code = crate::support::flow::parameters(answer.header("location")).remove("code").unwrap();
    let tokens = app.redeem(&other, &code).await.json();
    assert_eq!(app.userinfo(&tokens).await, json!({ "sub": ada.id.to_string() }));
    assert_eq!(app.id_token(&tokens).await.1["email"], Value::Null);
}

/// OpenID Connect Core §5.5.1
#[tokio::test]
async fn a_claim_with_another_value_than_the_one_that_is_wanted_is_not_told() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    app.complete_user(&ada).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("openid profile email").await;
    let claims = r#"{"userinfo":{"given_name":{"value":"Ada"},"nickname":{"values":["a","b"]},
                     "gender":{"values":["male","female"]},"made_up":{"essential":true}}}"#;
    let tokens = app.tokens_for(&browser, &client, &[("scope", "openid"), ("claims", claims)]).await;
    assert_eq!(names(&app.userinfo(&tokens).await), ["gender", "given_name", "sub"]);
    // A parameter that is none is told to the client.
    for malformed in ["x", "[]", r#"{"userinfo":[]}"#, r#"{"id_token":{"name":"x"}}"#] {
        let answer = browser.get(&client.authorize_path(&[("claims", malformed)])).await;
        assert!(answer.body.contains("claims") || answer.header("location").contains("invalid_request"), "{malformed}");
    }
}

/// An administrator says what is known of a user; others do not.
#[tokio::test]
async fn claims_are_set_by_the_api() {
    let app = TestApp::start().await;
    let root = app.person("root", &["admin"]).await;
    let ada = app.person("ada", &[]).await;
    let script = app.script(&app.key(&root).await.token_header());
    let path = format!("/api/v1/users/{}", ada.id);
    let claims = json!({ "given_name": "Ada", "address": { "country": "England" }, "email_verified": false });
    let answer = script.send_json(Method::PATCH, &path, &json!({ "claims": claims })).await;
    assert_eq!((answer.status, &answer.json()["claims"]), (200, &claims), "{}", answer.body);
    assert_eq!(script.get(&path).await.json()["claims"], claims);
    let answer = script.send_json(Method::PATCH, &path, &json!({ "full_name": "Ada" })).await;
    assert_eq!(answer.json()["claims"], claims);
    for (claims, word) in [
        (json!({ "sub": "x" }), "sub"),
        (json!({ "birthdate": "yesterday" }), "birthdate"),
        (json!({ "website": "javascript:x" }), "website"),
        (json!({ "given_name": "" }), "given_name"),
        (json!(null), "claims"),
    ] {
        let answer = script.send_json(Method::PATCH, &path, &json!({ "claims": claims })).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
        assert!(answer.body.contains(word), "{}", answer.body);
    }
    let own = app.script(&app.key(&ada).await.token_header());
    assert_eq!(own.send_json(Method::PATCH, &path, &json!({ "claims": {} })).await.status, 403);
    let answer = script.send_json(Method::PATCH, &path, &json!({ "claims": {} })).await;
    assert_eq!(answer.json()["claims"], json!({}));
}
