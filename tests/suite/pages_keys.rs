//! The page of an API key, one's own and a user's: what it shows, what it does, and to whom.

use hallpass::model::api_key::KeyAccess;
use hallpass::model::audit::AuditEvent;
use hallpass::model::name::DisplayName;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededKey;

const FOR_MONTHS: &str = "[keys]\ndefault_lifetime_seconds = 2592000\nmaximum_lifetime_seconds = 7776000";
/// What is done to a key by POST, with what the form sends.
const DEEDS: [(&str, &[(&str, &str)]); 8] = [
    ("", &[("name", "Mine now")]),
    ("/enable", &[]),
    ("/disable", &[]),
    ("/trial", &[("until", "7d")]),
    ("/trial/end", &[]),
    ("/narrow", &[]),
    ("/rotate", &[]),
    ("/revoke", &[]),
];

fn not_found(answer: &Answer) -> String {
    assert_eq!(answer.status, 404, "{}", answer.body);
    answer.body.replace(answer.header("x-request-id"), "")
}

async fn status(app: &TestApp, key: &SeededKey) -> u16 {
    app.script(&key.token_header()).with("user-agent", "curl/8.5.0").get("/api/v1/me").await.status
}

async fn ada_with_a_key(app: &TestApp) -> (Browser, SeededKey, String) {
    let user = app.person("ada", &[]).await;
    let key = app.key(&user).await;
    let page = format!("/account/keys/{}", key.id);
    (app.signed_in("ada", PASSWORD).await, key, page)
}

#[tokio::test]
async fn somebody_elses_key_has_no_page_and_nothing_is_done_to_it() {
    let app = TestApp::start().await;
    let (ada, key, page) = ada_with_a_key(&app).await;
    app.person("bob", &["admin"]).await;
    let bob_user = app.person("eve", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    let unknown = format!("/account/keys/key_{}", "0".repeat(32));
    // An administrator has a way to it, under its own user alone.
    let elsewhere = format!("/users/{}/keys/{}", bob_user.id, key.id);
    let mut bodies = Vec::new();
    for path in [page.as_str(), &unknown, &elsewhere, "/account/keys/x", "/users/x/keys/x"] {
        bodies.push(not_found(&bob.get(path).await));
        for (deed, fields) in DEEDS {
            bodies.push(not_found(&bob.submit(&format!("{path}{deed}"), fields).await));
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    assert_eq!(status(&app, &key).await, 200);
    let own = ada.get(&page).await;
    assert!(own.body.contains("<h1>test") && !own.has_id("trial-state"), "{}", own.body);
    assert_eq!(app.audited(AuditEvent::KeyChanged).await.len(), 0);
}

#[tokio::test]
async fn the_pages_of_a_users_keys_are_for_administrators_and_want_a_token_for_each_deed() {
    let app = TestApp::start().await;
    let grace = app.person("grace", &[]).await;
    let key = app.key(&grace).await;
    app.person("ada", &["admin"]).await;
    let (ada, own) = (app.signed_in("ada", PASSWORD).await, app.signed_in("grace", PASSWORD).await);
    let page = format!("/users/{}/keys/{}", grace.id, key.id);
    assert_eq!(own.get(&page).await.status, 403, "not even the user's own, by that way");
    for (deed, fields) in DEEDS {
        let path = format!("{page}{deed}");
        assert_eq!(own.submit(&path, fields).await.status, 403, "{deed}");
        assert_eq!(ada.post(&path, fields).await.status, 403, "{deed} without a token");
    }
    assert_eq!(status(&app, &key).await, 200);

    let shown = ada.get(&page).await;
    assert!(shown.body.contains(&key.api_key) && shown.body.contains("grace"), "{}", shown.body);
    assert!(ada.done(&format!("{page}/disable"), &[]).await.body.contains("The API key is disabled."));
    assert_eq!(status(&app, &key).await, 401);
    ada.done(&format!("{page}/enable"), &[]).await;
    assert_eq!(status(&app, &key).await, 200);
    let changed = app.audited(AuditEvent::KeyChanged).await;
    assert!(changed.len() == 2 && changed[0].actor.ends_with("(ada)"), "{changed:?}");
}

#[tokio::test]
async fn a_page_shows_what_became_of_each_request_at_once() {
    let app = TestApp::start().await;
    let (ada, key, page) = ada_with_a_key(&app).await;
    let fresh = ada.get(&page).await;
    assert!(fresh.body.contains("It was not used in this time."), "{}", fresh.body);
    for _ in 0..3 {
        assert_eq!(status(&app, &key).await, 200);
    }
    ada.done(&format!("{page}/disable"), &[]).await;
    assert_eq!(status(&app, &key).await, 401);
    let shown = ada.get(&page).await;
    for text in ["curl 8.5.0", "3 requests", "From 127.0.0.1", "Refused: the key or its user was disabled"] {
        assert!(shown.body.contains(text), "{text}: {}", shown.body);
    }
    assert!(shown.body.contains("<td>3</td><td>0</td><td>1</td>"), "{}", shown.body);
    // Nothing is counted twice when it is looked at again.
    assert!(ada.get(&page).await.body.contains("<td>3</td><td>0</td><td>1</td>"));
}

#[tokio::test]
async fn a_program_that_calls_itself_a_tag_is_text() {
    let app = TestApp::start().await;
    let (ada, key, page) = ada_with_a_key(&app).await;
    app.script(&key.token_header()).with("user-agent", "<script>alert(1)</script>").get("/api/v1/me").await;
    for path in [page.as_str(), "/account"] {
        let shown = ada.get(path).await;
        assert!(!shown.body.contains("<script>alert"), "{path}: {}", shown.body);
    }
}

#[tokio::test]
async fn a_trial_lets_all_pass_and_counts_them_until_it_ends() {
    let app = TestApp::start().await;
    let (ada, key, page) = ada_with_a_key(&app).await;
    assert_eq!(ada.submit(&format!("{page}/trial"), &[("until", "99d")]).await.status, 400);
    let begun = ada.done(&format!("{page}/trial"), &[("until", "1d")]).await;
    assert!(begun.body.contains("The trial runs.") && begun.body.contains("On trial"), "{}", begun.body);
    assert_eq!((status(&app, &key).await, status(&app, &key).await), (200, 200));
    let shown = ada.get(&page).await;
    assert!(shown.body.contains("2 requests would have failed"), "{}", shown.body);
    assert!(shown.body.contains("<td>0</td><td>2</td><td>0</td>"), "{}", shown.body);

    app.pass(Lifetime::from_days(1));
    let ada = app.signed_in("ada", PASSWORD).await;
    assert!(!ada.get(&page).await.has_id("trial-state"), "it ends by itself");
    assert_eq!(status(&app, &key).await, 200);
    // The next one begins at nothing.
    ada.done(&format!("{page}/trial"), &[("until", "7d")]).await;
    assert!(ada.get(&page).await.body.contains("0 requests would have failed"));
    let ended = ada.done(&format!("{page}/trial/end"), &[]).await;
    assert!(!ended.has_id("trial-state") && ended.body.contains("The trial has ended."), "{}", ended.body);
}

#[tokio::test]
async fn a_narrower_key_has_what_was_needed_and_the_first_one_stays() {
    let app = TestApp::start().await;
    let user = app.person("ada", &[]).await;
    let key = app
        .key_with(&user, |key| {
            key.name = DisplayName::parse("Reports").unwrap();
            key.access = KeyAccess::Scopes(Scope::parse("account:read profile").unwrap());
        })
        .await;
    let ada = app.signed_in("ada", PASSWORD).await;
    let page = format!("/account/keys/{}", key.id);
    let early = ada.submit(&format!("{page}/narrow"), &[]).await;
    assert_eq!(early.status, 409);
    assert!(early.body.contains("No request of this key needed a scope yet"), "{}", early.body);
    assert!(!early.body.contains("Make a narrower key"), "{}", early.body);

    assert_eq!(app.script(&key.token_header()).get("/api/v1/keys").await.status, 200);
    assert!(ada.get(&page).await.body.contains("Make a narrower key"));
    let made = ada.done(&format!("{page}/narrow"), &[]).await;
    let header = format!("token {}:{}", made.by_id("api-key"), made.by_id("api-secret"));
    assert_ne!(made.by_id("api-key"), key.api_key);
    let me = app.script(&header).get("/api/v1/me").await.json();
    assert_eq!(me["scopes"], serde_json::json!(["account:read"]));
    assert!(made.body.contains("Takes the place of"), "{}", made.body);
    assert_eq!(status(&app, &key).await, 200);
}

#[tokio::test]
async fn what_is_changed_holds_at_once_and_what_is_wrong_stays_in_the_form() {
    let app = TestApp::start().await;
    let (ada, key, page) = ada_with_a_key(&app).await;
    let cases: [(&str, &str, &str); 6] = [
        ("name", "", "The name "),
        ("expires_on", "31.1.2027", "Write the day as 2027-01-31, or nothing."),
        ("expires_on", "2026-11-23", "The key would have ended already."),
        ("allowed_ips", "10.0.0.0/33", "10.0.0.0/33 is neither an address nor a network"),
        ("limits", "often", "Write a limit as name=requests/window"),
        ("limits", "a=1/1s a=2/1s", "Two limits are called a."),
    ];
    for (field, value, sentence) in cases {
        let mut fields = vec![("name", "Export"), ("expires_on", ""), ("allowed_ips", ""), ("limits", "")];
        fields.iter_mut().filter(|(name, _)| *name == field).for_each(|(_, text)| *text = value);
        let refused = ada.submit(&page, &fields).await;
        assert_eq!(refused.status, 422, "{field} {value}");
        assert!(refused.body.contains(sentence), "{sentence}: {}", refused.body);
        assert!(refused.body.contains(value), "{value}: {}", refused.body);
        assert!(refused.body.contains(&format!("id=\"{field}-error\"")), "{field}: {}", refused.body);
    }
    assert_eq!(app.audited(AuditEvent::KeyChanged).await.len(), 0);

    let fields =
        [("name", "Export"), ("expires_on", "2026-11-24"), ("allowed_ips", "127.0.0.1\r\n::1"), ("limits", "h=2/1h")];
    let saved = ada.done(&page, &fields).await;
    assert!(
        saved.body.contains("The changes are saved.") && saved.body.contains("2 requests an hour (h)"),
        "{}",
        saved.body
    );
    assert_eq!(saved.input("expires_on"), "2026-11-24");
    assert_eq!([status(&app, &key).await, status(&app, &key).await, status(&app, &key).await], [200, 200, 429]);
    // Midnight UTC is the end of that day.
    app.pass(Lifetime::from_seconds(14 * 3600 + 30 * 60 - 1));
    assert_eq!(status(&app, &key).await, 200);
    app.pass(Lifetime::from_seconds(1));
    assert_eq!(status(&app, &key).await, 401);
}

#[tokio::test]
async fn saving_without_a_change_moves_no_end_and_writes_nothing() {
    let app = TestApp::start().await;
    let user = app.person("ada", &[]).await;
    let end = app.act().now + Lifetime::from_days(30);
    let key = app.key_with(&user, |key| key.expires_at = Some(end)).await;
    let ada = app.signed_in("ada", PASSWORD).await;
    let page = format!("/account/keys/{}", key.id);
    let day = ada.get(&page).await.input("expires_on");
    ada.done(&page, &[("name", "test"), ("expires_on", &day)]).await;
    assert_eq!(app.audited(AuditEvent::KeyChanged).await.len(), 0);
}

#[tokio::test]
async fn a_form_offers_no_end_that_the_policy_refuses() {
    let app = TestApp::start_with(FOR_MONTHS).await;
    app.person("ada", &[]).await;
    let ada = app.signed_in("ada", PASSWORD).await;
    let form = ada.get("/account").await;
    assert!(form.body.contains("Full access for 30 days, unless chosen otherwise."), "{}", form.body);
    assert!(form.body.contains("In 30 days, as is usual here") && form.body.contains("In 90 days"), "{}", form.body);
    assert!(!form.body.contains(">Never<") && !form.body.contains("In 1 year"), "{}", form.body);
    let refused = ada.submit("/account/keys", &[("expires_in", "365d")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("Choose one of the times that are offered."), "{}", refused.body);

    let made = ada.done("/account/keys", &[("name", "Usual")]).await;
    let header = format!("token {}:{}", made.by_id("api-key"), made.by_id("api-secret"));
    let page = made.paths("/account/keys/key_").into_iter().find(|path| path.matches('/').count() == 3).unwrap();
    for day in ["", "2027-03-01"] {
        let refused = ada.submit(&page, &[("name", "Usual"), ("expires_on", day)]).await;
        assert_eq!(refused.status, 422, "{day}");
        assert!(refused.body.contains("A key may last 90 days at most"), "{}", refused.body);
    }
    app.pass(Lifetime::from_days(30));
    assert_eq!(app.script(&header).get("/api/v1/me").await.status, 401);
}

#[tokio::test]
async fn a_key_has_no_more_roles_addresses_and_requests_than_the_form_says() {
    let app = TestApp::start().await;
    app.role("editor").await;
    app.role("reader").await;
    app.person("ada", &["editor", "reader"]).await;
    let ada = app.signed_in("ada", PASSWORD).await;
    let generate = async |fields: &[(&str, &str)]| {
        let made = ada.done("/account/keys", fields).await;
        let header = format!("token {}:{}", made.by_id("api-key"), made.by_id("api-secret"));
        let answer = app.script(&header).get("/api/v1/me").await;
        (answer.status, if answer.status == 200 { answer.json()["roles"].clone() } else { serde_json::Value::Null })
    };
    assert_eq!(generate(&[]).await, (200, serde_json::json!(["editor", "reader"])));
    assert_eq!(generate(&[("roles", "some"), ("role", "reader")]).await, (200, serde_json::json!(["reader"])));
    assert_eq!(generate(&[("role", "reader")]).await, (200, serde_json::json!(["reader"])), "never more than these");
    assert_eq!(generate(&[("roles", "some")]).await, (200, serde_json::json!([])), "none is none");
    assert_eq!(generate(&[("allowed_ips", "192.0.2.0/24\r\n2001:db8::1")]).await.0, 401);
    assert_eq!(generate(&[("decoy", "yes")]).await.0, 401);

    for (fields, sentence) in [
        (&[("role", "admin")][..], "A key has no role that its user has not."),
        (&[("roles", "all"), ("role", "reader")], "All roles and single roles exclude each other"),
        (&[("roles", "none")], "Roles are all or some."),
        (&[("allowed_ips", "example.org")], "example.org is neither an address nor a network"),
        (&[("limits", "1/1s")], "Write a limit as name=requests/window"),
    ] {
        let refused = ada.submit("/account/keys", &[fields, &[("name", "Kept name")]].concat()).await;
        assert_eq!(refused.status, 422, "{fields:?}");
        assert!(refused.body.contains(sentence), "{sentence}: {}", refused.body);
        assert_eq!(refused.input("name"), "Kept name");
    }
}

#[tokio::test]
async fn rotating_lets_the_old_secret_work_for_as_long_as_was_chosen() {
    let app = TestApp::start().await;
    let (ada, key, page) = ada_with_a_key(&app).await;
    let path = format!("{page}/rotate");
    assert!(ada.get(&path).await.body.contains("How long does the present secret still work?"));
    assert_eq!(ada.submit(&path, &[("overlap", "9d")]).await.status, 400);
    let made = ada.done(&path, &[("overlap", "1h")]).await;
    let second = SeededKey { api_secret: made.by_id("api-secret"), ..key.clone() };
    assert!(ada.get(&page).await.body.contains("Still works; it ends"));
    app.pass(Lifetime::from_seconds(3599));
    assert_eq!((status(&app, &key).await, status(&app, &second).await), (200, 200));
    app.pass(Lifetime::from_seconds(1));
    assert_eq!((status(&app, &key).await, status(&app, &second).await), (401, 200));
}

#[tokio::test]
async fn a_decoys_alarm_stands_on_its_owners_account_alone_until_it_is_taken_away() {
    let app = TestApp::start().await;
    let user = app.person("ada", &[]).await;
    app.person("bob", &["admin"]).await;
    let decoy = app.key_with(&user, |key| key.is_decoy = true).await;
    let (ada, bob) = (app.signed_in("ada", PASSWORD).await, app.signed_in("bob", PASSWORD).await);
    assert_eq!(status(&app, &decoy).await, 401);
    // Whoever tries it does not wait for the alarm.
    let mut dismiss = Vec::new();
    for _ in 0..200 {
        dismiss = ada.get("/account").await.paths("/account/notices/");
        if !dismiss.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let [dismiss] = dismiss.as_slice() else { panic!("{dismiss:?}") };
    let page = ada.get("/account").await;
    for text in ["Somebody tried the decoy test.", "127.0.0.1", "curl 8.5.0"] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(bob.get("/account").await.paths("/account/notices/").is_empty());
    not_found(&bob.submit(dismiss, &[]).await);
    assert_eq!(bob.submit("/account/notices/dismiss", &[]).await.status, 303);
    assert_eq!(ada.post(dismiss, &[]).await.status, 403, "not without the token");
    assert!(ada.done(dismiss, &[]).await.paths("/account/notices/").is_empty());
    not_found(&ada.submit(dismiss, &[]).await);
}
