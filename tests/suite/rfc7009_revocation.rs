//! Revocation (RFC 7009).

use hallpass::domain::clients::ClientDescription;
use hallpass::model::audit::AuditEvent;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const REVOKE: &str = "/oauth/revoke";

async fn begin() -> (TestApp, Browser, SeededClient) {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("read").await;
    (app, browser, client)
}

/// Revokes `token` as `client`, by Basic where it has a secret and by its name where it is public.
async fn revoke(app: &TestApp, client: &SeededClient, token: &str) -> Answer {
    if client.secret.is_empty() {
        return app.stranger().post(REVOKE, &[("token", token), ("client_id", &client.client_id)]).await;
    }
    app.script(&client.basic()).post(REVOKE, &[("token", token)]).await
}

#[track_caller]
fn done(answer: &Answer) {
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(answer.header("cache-control"), "no-store");
}

/// RFC 7009 §2.1, §2.2
#[tokio::test]
async fn a_client_revokes_its_access_token_and_nothing_else() {
    let (app, browser, client) = begin().await;
    let tokens = app.tokens(&browser, &client).await;
    let other = app.tokens(&browser, &client).await;
    let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    done(&revoke(&app, &client, access).await);
    assert_eq!(app.me_status(access).await, 401);
    assert_eq!(app.me_status(other["access_token"].as_str().unwrap()).await, 200);
    let again = app.refresh(&client, refresh).await;
    assert_eq!(again.status, 200, "{}", again.body);
    assert_eq!(app.me_status(&again.text("access_token")).await, 200);
    // Once more is as good as once, and is no event.
    done(&revoke(&app, &client, access).await);
    let events = app.audited(AuditEvent::TokenRevoked).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].actor, client.client_id);
    assert!(!format!("{events:?}").contains(access));
}

/// RFC 7009 §2.1
#[tokio::test]
async fn any_refresh_token_of_a_family_ends_all_its_tokens() {
    let (app, browser, client) = begin().await;
    for revoke_used_one in [false, true] {
        let first = app.tokens(&browser, &client).await;
        let first_refresh = first["refresh_token"].as_str().unwrap();
        let second = app.refresh(&client, first_refresh).await.json();
        let revoked = if revoke_used_one { first_refresh } else { second["refresh_token"].as_str().unwrap() };
        let elsewhere = app.tokens(&browser, &client).await;
        done(&revoke(&app, &client, revoked).await);
        for tokens in [&first, &second] {
            assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 401);
        }
        app.refresh(&client, second["refresh_token"].as_str().unwrap()).await.refused(400, "invalid_grant");
        assert_eq!(app.me_status(elsewhere["access_token"].as_str().unwrap()).await, 200);
    }
}

/// RFC 7009 §2.2
#[tokio::test]
async fn what_is_not_known_needs_no_more_to_be_done() {
    let (app, _, client) = begin().await;
    let well_formed = "hp_at_0000000000000000000000000000000000000000000";
    for token in ["garbage", "hp_at_x", well_formed, "é", "eyJhbGciOiJub25lIn0.e30."] {
        done(&revoke(&app, &client, token).await);
        done(&app.stranger().post(REVOKE, &[("token", token)]).await);
    }
    // So is one that has run out.
    let own = app.service_client("read").await;
    let token = app.token(&own, &[("grant_type", "client_credentials")]).await.text("access_token");
    app.pass(Lifetime::from_hours(2));
    done(&revoke(&app, &own, &token).await);
}

/// RFC 7009 §2.1
#[tokio::test]
async fn another_clients_token_is_not_revoked() {
    let (app, browser, client) = begin().await;
    let (public, evil, evil_public) =
        (app.public_client("read").await, app.web_client("read").await, app.public_client("read").await);
    for owner in [&client, &public] {
        let tokens = app.tokens(&browser, owner).await;
        let access = tokens["access_token"].as_str().unwrap();
        for token in [access, tokens["refresh_token"].as_str().unwrap()] {
            for thief in [&evil, &evil_public] {
                revoke(&app, thief, token).await.refused(400, "unauthorized_client");
            }
            assert_eq!(app.me_status(access).await, 200);
        }
        // A confidential owner must prove who it is; its name is not enough.
        if !owner.secret.is_empty() {
            let named = [("token", access), ("client_id", &*owner.client_id)];
            app.stranger().post(REVOKE, &named).await.refused(401, "invalid_client");
            let wrong = SeededClient { secret: evil.secret.clone(), ..owner.clone() };
            revoke(&app, &wrong, access).await.refused(401, "invalid_client");
            app.stranger().post(REVOKE, &[("token", access)]).await.refused(401, "invalid_client");
        }
        assert_eq!(app.me_status(access).await, 200);
    }
}

/// RFC 7009 §5: whoever holds a public client's token could use it; that it ends harms nobody else.
#[tokio::test]
async fn a_public_clients_token_is_revoked_by_its_name_or_by_the_token_alone() {
    let (app, browser, _) = begin().await;
    let public = app.public_client("read").await;
    for alone in [false, true] {
        for kind in ["access_token", "refresh_token"] {
            let tokens = app.tokens(&browser, &public).await;
            let token = tokens[kind].as_str().unwrap();
            if alone {
                done(&app.stranger().post(REVOKE, &[("token", token)]).await);
            } else {
                done(&revoke(&app, &public, token).await);
            }
            assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 401);
        }
    }
}

/// RFC 7009 §2.1
#[tokio::test]
async fn a_wrong_hint_is_no_more_than_a_hint() {
    let (app, browser, client) = begin().await;
    for (kind, hint) in
        [("access_token", "refresh_token"), ("refresh_token", "access_token"), ("access_token", "pigeon")]
    {
        let tokens = app.tokens(&browser, &client).await;
        let fields = [("token", tokens[kind].as_str().unwrap()), ("token_type_hint", hint)];
        done(&app.script(&client.basic()).post(REVOKE, &fields).await);
        assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 401, "{kind} {hint}");
    }
}

/// RFC 7009 §2, §2.1
#[tokio::test]
async fn the_token_comes_by_post_in_the_body_once() {
    let (app, browser, client) = begin().await;
    let tokens = app.tokens(&browser, &client).await;
    let access = tokens["access_token"].as_str().unwrap();
    let script = app.script(&client.basic());
    let answer = script.get(&format!("{REVOKE}?token={access}")).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
    script.post(&format!("{REVOKE}?token={access}"), &[("token", access)]).await.refused(400, "invalid_request");
    script.post(REVOKE, &[]).await.refused(400, "invalid_request");
    script.post(REVOKE, &[("token", "")]).await.refused(400, "invalid_request");
    script.post(REVOKE, &[("token", access), ("token", access)]).await.refused(400, "invalid_request");
    let body = json!({ "token": access }).to_string();
    script.send_body(Method::POST, REVOKE, "application/json", body.into()).await.refused(400, "invalid_request");
    assert_eq!(app.me_status(access).await, 200);
}

/// RFC 7009 §2.1: by the client's own authentication, whatever grants it uses.
#[tokio::test]
async fn a_client_revokes_whatever_it_may_ask_for() {
    let (app, browser, _) = begin().await;
    let by_post = |client: &mut ClientDescription| client.auth_method = AuthMethod::ClientSecretPost;
    let client = app.client_with("read", by_post).await;
    let tokens = app.tokens(&browser, &client).await;
    let access = tokens["access_token"].as_str().unwrap();
    let fields = [("token", access), ("client_id", &*client.client_id), ("client_secret", &*client.secret)];
    done(&app.stranger().post(REVOKE, &fields).await);
    assert_eq!(app.me_status(access).await, 401);
    let own = |client: &mut ClientDescription| {
        client.grant_types = vec![GrantType::ClientCredentials];
        client.redirect_uris = Vec::new();
    };
    let machine = app.client_with("read", own).await;
    let access = app.token(&machine, &[("grant_type", "client_credentials")]).await.text("access_token");
    done(&revoke(&app, &machine, &access).await);
    assert_eq!(app.me_status(&access).await, 401);
}

/// RFC 7009 §2.2.1
#[tokio::test]
async fn other_secrets_are_not_revoked_as_tokens() {
    let (app, browser, client) = begin().await;
    let grace = app.person("grace", &[]).await;
    let key = app.key(&grace).await;
    let code = app.code(&browser, &client).await;
    for secret in [&key.api_secret, &code, &client.secret] {
        revoke(&app, &client, secret).await.refused(400, "unsupported_token_type");
    }
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 200);
    assert_eq!(app.redeem(&client, &code).await.status, 200);
}

/// RFC 6749 §2.3: the cookie of a browser is nobody here.
#[tokio::test]
async fn a_session_revokes_nothing() {
    let (app, browser, client) = begin().await;
    let tokens = app.tokens(&browser, &client).await;
    let access = tokens["access_token"].as_str().unwrap();
    browser.post(REVOKE, &[("token", access)]).await.refused(401, "invalid_client");
    assert_eq!(app.me_status(access).await, 200);
}
