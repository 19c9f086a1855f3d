//! Refreshing (RFC 6749 §6) with rotation, the window in which a lost answer is given again, and what any other second
//! use means (RFC 9700 §4.14.2).

use std::sync::Arc;

use hallpass::domain::clients::ClientDescription;
use hallpass::model::audit::AuditEvent;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use hallpass::model::user::User;
use serde_json::Value;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

/// A server as configured, ada, a confidential client that may read and write, and ada's browser.
async fn begin_with(settings: &str) -> (TestApp, User, SeededClient, Browser) {
    let app = TestApp::start_with(settings).await;
    let ada = app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    app.scope("write", &[]).await;
    let client = app.web_client("read write").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, ada, client, browser)
}

async fn begin() -> (TestApp, User, SeededClient, Browser) {
    begin_with("").await
}

/// The refresh token and the access token of an answer.
fn pair(answer: &Value) -> (String, String) {
    let text = |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("no {name} in {answer}")).to_owned();
    (text("refresh_token"), text("access_token"))
}

impl TestApp {
    async fn refresh_for(&self, client: &SeededClient, refresh_token: &str, scope: &str) -> Answer {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token), ("scope", scope)];
        self.token(client, &fields).await
    }

    /// Refreshes, which works.
    async fn refreshed(&self, client: &SeededClient, refresh_token: &str) -> (String, String) {
        let answer = self.refresh(client, refresh_token).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.not_stored();
        pair(&answer.json())
    }
}

/// RFC 6749 §6; RFC 9700 §2.2.2
#[tokio::test]
async fn each_refresh_gives_a_new_pair_and_takes_the_old_refresh_token() {
    let (app, _, confidential, browser) = begin().await;
    let public = app.public_client("read write").await;
    for client in [&confidential, &public] {
        let (first, old_access_token) = pair(&app.tokens(&browser, client).await);
        let mut refresh_token = first.clone();
        let mut seen = vec![first.clone()];
        for _ in 0..5 {
            app.pass(Lifetime::from_seconds(60));
            let answer = app.refresh(client, &refresh_token).await;
            let json = answer.json();
            assert_eq!((&json["token_type"], &json["expires_in"]), (&"Bearer".into(), &3600.into()));
            assert_eq!(json["scope"], "read write");
            let (next, access_token) = pair(&json);
            assert!(!seen.contains(&next));
            assert_eq!(app.me_status(&access_token).await, 200);
            seen.push(next.clone());
            refresh_token = next;
        }
        assert_eq!(app.me_status(&old_access_token).await, 200, "an access token lives out its time");
        app.refresh(client, &first).await.refused(400, "invalid_grant");
        app.refresh(client, &refresh_token).await.refused(400, "invalid_grant");
    }
}

/// RFC 6749 §6
#[tokio::test]
async fn an_access_token_may_be_asked_for_less_and_the_refresh_token_keeps_the_whole() {
    let (app, _, client, browser) = begin().await;
    let (refresh_token, _) = pair(&app.tokens(&browser, &client).await);
    let answer = app.refresh_for(&client, &refresh_token, "read").await;
    assert_eq!(answer.text("scope"), "read");
    let (refresh_token, access_token) = pair(&answer.json());
    let me = app.script(&format!("Bearer {access_token}")).get("/api/v1/me").await.json();
    assert_eq!(me["scopes"], serde_json::json!(["read"]));
    for scope in ["read profile", "nothing", "read\"", "read  write"] {
        app.refresh_for(&client, &refresh_token, scope).await.refused(400, "invalid_scope");
    }
    // None of that has used it up, and an empty scope is none.
    let answer = app.refresh_for(&client, &refresh_token, "").await;
    assert_eq!(answer.text("scope"), "read write");
    let (refresh_token, _) = pair(&answer.json());
    assert_eq!(app.refresh_for(&client, &refresh_token, "write read").await.text("scope"), "read write");
}

/// RFC 6749 §6
#[tokio::test]
async fn what_is_allowed_later_does_not_widen_what_was_allowed_before() {
    let (app, _, client, browser) = begin().await;
    let location = app.authorize(&browser, &client, &[("scope", "read")]).await;
    let code = crate::support::flow::parameters(&location)["code"].clone();
    let (refresh_token, _) = pair(&app.redeem(&client, &code).await.json());
    app.tokens(&browser, &client).await;
    app.refresh_for(&client, &refresh_token, "read write").await.refused(400, "invalid_scope");
    assert_eq!(app.refresh(&client, &refresh_token).await.text("scope"), "read");
}

/// RFC 9700 §4.14.2
#[tokio::test]
async fn a_second_use_ends_all_tokens_of_that_sign_in() {
    let (app, _, client, browser) = begin_with("[tokens]\nrefresh_replay_window_seconds = 0").await;
    let (first, first_access_token) = pair(&app.tokens(&browser, &client).await);
    let (second, second_access_token) = app.refreshed(&client, &first).await;
    let (other, other_access_token) = pair(&app.tokens(&browser, &client).await);
    app.refresh(&client, &first).await.refused(400, "invalid_grant");
    for access_token in [&first_access_token, &second_access_token] {
        assert_eq!(app.me_status(access_token).await, 401);
    }
    app.refresh(&client, &second).await.refused(400, "invalid_grant");
    assert_eq!(app.me_status(&other_access_token).await, 200, "another sign-in lives on");
    app.refreshed(&client, &other).await;
    app.refresh(&client, &first).await.refused(400, "invalid_grant");
    assert_eq!(app.audited(AuditEvent::RefreshReplayed).await.len(), 1, "it is noted once");
}

/// RFC 9700 §4.14.2
#[tokio::test]
async fn a_lost_answer_is_given_again_for_half_a_minute() {
    let (app, _, confidential, browser) = begin().await;
    let public = app.public_client("read write").await;
    for client in [&confidential, &public] {
        let (first, _) = pair(&app.tokens(&browser, client).await);
        let answer = app.refresh(client, &first).await.json();
        app.pass(Lifetime::from_millis(29_999));
        for _ in 0..3 {
            let again = app.refresh(client, &first).await;
            again.not_stored();
            let mut again = again.json();
            assert_eq!(again["expires_in"], 3570, "it lives no longer for being told twice");
            again["expires_in"] = answer["expires_in"].clone();
            assert_eq!(again, answer);
        }
        let (_, access_token) = pair(&answer);
        assert_eq!(app.me_status(&access_token).await, 200);
        app.pass(Lifetime::from_millis(1));
        app.refresh(client, &first).await.refused(400, "invalid_grant");
        assert_eq!(app.me_status(&access_token).await, 401);
        app.refresh(client, &pair(&answer).0).await.refused(400, "invalid_grant");
    }
}

/// RFC 9700 §4.14.2
#[tokio::test]
async fn a_repetition_with_other_parameters_is_none() {
    let (app, _, client, browser) = begin().await;
    let (first, _) = pair(&app.tokens(&browser, &client).await);
    let answer = app.refresh_for(&client, &first, "read").await.json();
    let again = app.refresh_for(&client, &first, "read").await.json();
    assert_eq!(again, answer);
    app.refresh_for(&client, &first, "write").await.refused(400, "invalid_grant");
    assert_eq!(app.me_status(&pair(&answer).1).await, 401);
}

/// RFC 9700 §4.14.2
#[tokio::test]
async fn once_the_successor_was_used_the_first_answer_is_not_given_again() {
    let (app, _, client, browser) = begin().await;
    let (grandparent, _) = pair(&app.tokens(&browser, &client).await);
    let (parent, _) = app.refreshed(&client, &grandparent).await;
    let (child, access_token) = app.refreshed(&client, &parent).await;
    // The parent's own answer still is, for it was the last one.
    assert_eq!(app.refreshed(&client, &parent).await, (child.clone(), access_token.clone()));
    app.refresh(&client, &grandparent).await.refused(400, "invalid_grant");
    assert_eq!(app.me_status(&access_token).await, 401);
    app.refresh(&client, &child).await.refused(400, "invalid_grant");
}

/// RFC 9700 §4.14.2
#[tokio::test]
async fn a_token_from_two_rotations_back_ends_the_family_long_afterwards() {
    let (app, _, client, browser) = begin().await;
    let (grandparent, _) = pair(&app.tokens(&browser, &client).await);
    let (parent, _) = app.refreshed(&client, &grandparent).await;
    app.pass(Lifetime::from_days(20));
    let (child, _) = app.refreshed(&client, &parent).await;
    app.pass(Lifetime::from_days(20));
    // Its own time is over by now, and what has ended is deleted; its use is known as a second one all the same.
    let an_hour_ago = app.act().now.before(Lifetime::from_hours(1));
    app.write(move |tx| tx.purge(an_hour_ago, 1000)).await;
    app.refresh(&client, &grandparent).await.refused(400, "invalid_grant");
    app.refresh(&client, &child).await.refused(400, "invalid_grant");
}

/// RFC 9700 §4.14.2
#[tokio::test]
async fn a_restart_forgets_neither_the_first_answer_nor_the_second_use() {
    let (app, _, client, browser) = begin().await;
    let (first, _) = pair(&app.tokens(&browser, &client).await);
    let (second, access_token) = app.refreshed(&client, &first).await;
    let clock = Arc::clone(&app.clock);
    let app = TestApp::start_at(app.stop().await, "", clock);
    assert_eq!(app.refreshed(&client, &first).await, (second.clone(), access_token.clone()));
    app.pass(Lifetime::from_seconds(30));
    let clock = Arc::clone(&app.clock);
    let app = TestApp::start_at(app.stop().await, "", clock);
    assert_eq!(app.me_status(&access_token).await, 200);
    app.refresh(&client, &first).await.refused(400, "invalid_grant");
    assert_eq!(app.me_status(&access_token).await, 401);
    app.refresh(&client, &second).await.refused(400, "invalid_grant");
}

/// RFC 9700 §4.14.2
#[tokio::test]
async fn a_new_secret_key_changes_no_answer_that_was_given() {
    let (old, new) = ("5f0c8e1b".repeat(8), "d84a07e9".repeat(8));
    let (app, _, client, browser) = begin_with(&format!("secret_key = \"{old}\"")).await;
    let (first, _) = pair(&app.tokens(&browser, &client).await);
    let (second, access_token) = app.refreshed(&client, &first).await;
    let clock = Arc::clone(&app.clock);
    let settings = format!("secret_key = \"{new}\"\nprevious_secret_keys = [\"{old}\"]");
    let app = TestApp::start_at(app.stop().await, &settings, clock);
    assert_eq!(app.refreshed(&client, &first).await, (second.clone(), access_token));
    let (third, access_token) = app.refreshed(&client, &second).await;
    assert_eq!(app.refreshed(&client, &second).await, (third.clone(), access_token.clone()));
    assert_eq!(app.me_status(&access_token).await, 200);
    app.refresh(&client, &first).await.refused(400, "invalid_grant");
    app.refresh(&client, &third).await.refused(400, "invalid_grant");
}

/// RFC 6749 §1.5
#[tokio::test]
async fn a_refresh_token_ends_when_it_lies_idle_and_in_any_case_in_the_end() {
    let settings = "[tokens]\nrefresh_token_idle_seconds = 100\nrefresh_token_lifetime_seconds = 250";
    let (app, _, client, browser) = begin_with(settings).await;
    let (idle, _) = pair(&app.tokens(&browser, &client).await);
    let (mut refresh_token, _) = pair(&app.tokens(&browser, &client).await);
    app.pass(Lifetime::from_millis(99_999));
    (refresh_token, _) = app.refreshed(&client, &refresh_token).await;
    app.pass(Lifetime::from_millis(1));
    app.refresh(&client, &idle).await.refused(400, "invalid_grant");
    app.pass(Lifetime::from_millis(99_998));
    (refresh_token, _) = app.refreshed(&client, &refresh_token).await;
    app.pass(Lifetime::from_millis(50_001));
    (refresh_token, _) = app.refreshed(&client, &refresh_token).await;
    app.pass(Lifetime::from_millis(1));
    app.refresh(&client, &refresh_token).await.refused(400, "invalid_grant");
}

/// RFC 6749 §1.5
#[tokio::test]
async fn by_default_a_refresh_token_lies_idle_for_thirty_days_and_lives_for_ninety() {
    let (app, _, client, browser) = begin().await;
    let (mut refresh_token, _) = pair(&app.tokens(&browser, &client).await);
    let (idle, _) = pair(&app.tokens(&browser, &client).await);
    for _ in 0..3 {
        app.pass(Lifetime::from_millis(Lifetime::from_days(30).millis() - 1));
        (refresh_token, _) = app.refreshed(&client, &refresh_token).await;
    }
    app.pass(Lifetime::from_millis(3));
    app.refresh(&client, &refresh_token).await.refused(400, "invalid_grant");
    app.refresh(&client, &idle).await.refused(400, "invalid_grant");
}

/// RFC 6749 §6, §10.4
#[tokio::test]
async fn a_refresh_token_is_for_the_client_that_it_was_given_to() {
    let (app, _, client, browser) = begin().await;
    let other = app.web_client("read write").await;
    let (public, other_public) = (app.public_client("read write").await, app.public_client("read write").await);
    for (owner, thieves) in [(&client, [&other, &public]), (&public, [&other_public, &other])] {
        let (refresh_token, access_token) = pair(&app.tokens(&browser, owner).await);
        for thief in thieves {
            app.refresh(thief, &refresh_token).await.refused(400, "invalid_grant");
        }
        // It took nothing from the one that it belongs to, not even when the token was used before.
        let (next, _) = app.refreshed(owner, &refresh_token).await;
        for thief in thieves {
            app.refresh(thief, &refresh_token).await.refused(400, "invalid_grant");
        }
        assert_eq!(app.me_status(&access_token).await, 200);
        app.refreshed(owner, &next).await;
    }
    let (refresh_token, _) = pair(&app.tokens(&browser, &client).await);
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
    let unproven = [fields[0], fields[1], ("client_id", client.client_id.as_str())];
    app.stranger().post("/oauth/token", &unproven).await.refused(401, "invalid_client");
    app.stranger().post("/oauth/token", &fields).await.refused(401, "invalid_client");
    app.refreshed(&client, &refresh_token).await;
}

/// RFC 6749 §6; RFC 9700 §2.3
#[tokio::test]
async fn what_the_client_or_the_user_may_no_longer_do_is_not_refreshed() {
    let (app, ada, _, browser) = begin().await;
    app.role("editor").await;
    app.scope("edit", &["editor"]).await;
    app.grant_role(&ada, "editor").await;
    let client = app.web_client("edit read write").await;
    let (refresh_token, access_token) = pair(&app.tokens(&browser, &client).await);
    let scopes = async |access_token: &str| {
        let me = app.script(&format!("Bearer {access_token}")).get("/api/v1/me").await.json();
        me["scopes"].as_array().unwrap().iter().map(|scope| scope.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(scopes(&access_token).await, ["edit", "read", "write"]);

    app.revoke_role(&ada, "editor").await;
    let answer = app.refresh(&client, &refresh_token).await;
    assert_eq!(answer.text("scope"), "read write");
    let (refresh_token, _) = pair(&answer.json());
    app.refresh_for(&client, &refresh_token, "edit").await.refused(400, "invalid_scope");
    app.change_client(&client, |client| client.scopes = Scope::parse("edit write").unwrap()).await;
    let answer = app.refresh(&client, &refresh_token).await;
    assert_eq!(answer.text("scope"), "write");
    let (refresh_token, _) = pair(&answer.json());
    app.delete_scope("write").await;
    app.refresh(&client, &refresh_token).await.refused(400, "invalid_scope");
    // What comes back is there again, for it was granted.
    app.grant_role(&ada, "editor").await;
    assert_eq!(app.refresh(&client, &refresh_token).await.text("scope"), "edit");
    assert_eq!(scopes(&access_token).await, ["edit"]);
}

/// RFC 9700 §4.14.2
#[tokio::test]
async fn nothing_is_refreshed_for_who_is_gone_or_has_taken_it_back() {
    let (app, ada, client, browser) = begin().await;
    let (refresh_token, access_token) = pair(&app.tokens(&browser, &client).await);
    app.set_user_enabled(ada.id, false).await;
    assert_eq!(app.me_status(&access_token).await, 401);
    app.refresh(&client, &refresh_token).await.refused(400, "invalid_grant");
    app.set_user_enabled(ada.id, true).await;

    app.set_client_enabled(&client, false).await;
    assert_eq!(app.me_status(&access_token).await, 401);
    app.refresh(&client, &refresh_token).await.refused(401, "invalid_client");
    app.set_client_enabled(&client, true).await;
    assert_eq!(app.me_status(&access_token).await, 200);

    app.change_client(&client, |client| client.grant_types = vec![GrantType::AuthorizationCode]).await;
    app.refresh(&client, &refresh_token).await.refused(400, "unauthorized_client");
    let both = |client: &mut ClientDescription| client.grant_types.push(GrantType::RefreshToken);
    app.change_client(&client, both).await;
    let (refresh_token, _) = app.refreshed(&client, &refresh_token).await;

    app.revoke_grants(ada.id).await;
    assert_eq!(app.me_status(&access_token).await, 401);
    app.refresh(&client, &refresh_token).await.refused(400, "invalid_grant");

    let (refresh_token, access_token) = pair(&app.tokens(&browser, &client).await);
    app.change_password(&ada).await;
    assert_eq!(app.me_status(&access_token).await, 401);
    app.refresh(&client, &refresh_token).await.refused(400, "invalid_grant");

    let eve = app.person("eve", &[]).await;
    let hers = app.signed_in("eve", PASSWORD).await;
    let (refresh_token, access_token) = pair(&app.tokens(&hers, &client).await);
    app.delete_user(&eve).await;
    assert_eq!(app.me_status(&access_token).await, 401);
    app.refresh(&client, &refresh_token).await.refused(400, "invalid_grant");
}

/// RFC 6749 §6
#[tokio::test]
async fn a_repetition_is_not_answered_once_the_grant_has_ended() {
    let (app, ada, client, browser) = begin().await;
    let (first, _) = pair(&app.tokens(&browser, &client).await);
    app.refreshed(&client, &first).await;
    app.set_user_enabled(ada.id, false).await;
    app.refresh(&client, &first).await.refused(400, "invalid_grant");
    app.set_user_enabled(ada.id, true).await;
    app.refreshed(&client, &first).await;
    app.revoke_grants(ada.id).await;
    app.refresh(&client, &first).await.refused(400, "invalid_grant");
}

/// RFC 6749 §2.3.1, §6
#[tokio::test]
async fn a_client_refreshes_with_its_secret_in_the_body_if_it_is_registered_so() {
    let (app, _, _, browser) = begin().await;
    let in_body = |client: &mut ClientDescription| client.auth_method = AuthMethod::ClientSecretPost;
    let client = app.client_with("read", in_body).await;
    let (refresh_token, _) = pair(&app.tokens(&browser, &client).await);
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.as_str()),
        ("client_id", client.client_id.as_str()),
        ("client_secret", client.secret.as_str()),
    ];
    let answer = app.stranger().post("/oauth/token", &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    // The same client by its other way is still the same client.
    assert_eq!(app.refreshed(&client, &refresh_token).await, pair(&answer.json()));
}
