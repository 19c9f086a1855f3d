//! What has ended is deleted in small steps, and nothing before its time.

use hallpass::model::grant::RefreshState;
use hallpass::model::grant::RefreshToken;
use hallpass::model::time::Lifetime;
use hallpass::model::time::Timestamp;
use hallpass::model::token::Token;
use hallpass::model::token::TokenHash;
use hallpass::model::token::TokenKind;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;
use crate::support::seed::PASSWORD;

impl TestApp {
    async fn purged(&self, before: Timestamp, limit: i64) -> usize {
        self.write(move |tx| tx.purge(before, limit)).await
    }
}

/// A server with one family of tokens, made by `ada`'s consent, and the hash of its first refresh token.
async fn with_a_family() -> (TestApp, TokenHash) {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let client = app.web_client("read").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let answer = app.tokens(&browser, &client).await;
    let token = answer["refresh_token"].as_str().expect("a refresh token");
    let hash = Token::parse_as(TokenKind::Refresh, token).expect("one of ours").hash();
    (app, hash)
}

/// RFC 9700 §4.14.2
#[tokio::test]
async fn a_family_with_many_tokens_is_deleted_in_small_steps_after_its_end() {
    let (app, first) = with_a_family().await;
    let family = app.write(move |tx| tx.refresh_tokens().find(&first)).await.expect("the token").family;
    app.write(move |tx| {
        (0..50_u8).try_for_each(|number| {
            let hash = TokenHash::from_slice(&[number; 32]).expect("32 bytes");
            let token = RefreshToken { hash, family, parent: None, expires_at: BEGIN, state: RefreshState::Fresh };
            tx.refresh_tokens().insert(&token, BEGIN)
        })
    })
    .await;
    // The tokens' own time is over, the family's is not: each of them is still known.
    let end = app.write(move |tx| tx.families().find(family)).await.expect("the family").expires_at;
    while app.purged(end.before(Lifetime::from_millis(1)), 10).await > 0 {}
    assert_eq!(app.database.execute("UPDATE refresh_tokens SET created_at = created_at").unwrap(), 51);

    let mut steps = 0;
    loop {
        // The session and its request ended as well; what hangs on a family must not come on top.
        let before = app.database.execute("UPDATE refresh_tokens SET created_at = created_at").unwrap();
        if app.purged(end, 10).await == 0 {
            break;
        }
        steps += 1;
        let after = app.database.execute("UPDATE refresh_tokens SET created_at = created_at").unwrap();
        assert!(before - after <= 10, "a step deleted {} refresh tokens", before - after);
    }
    assert!(steps > 5, "{steps} steps");
    for table in ["refresh_tokens", "families", "codes", "access_tokens"] {
        assert_eq!(app.database.execute(&format!("DELETE FROM {table}")).unwrap(), 0, "{table}");
    }
}

impl TestApp {
    /// Forgets what may be forgotten by now. Returns how many grants.
    async fn forget(&self) -> usize {
        let now = self.act().now;
        let grants = self.write(move |tx| tx.find_forgettable_grants(now, 100)).await;
        let keys = self.write(move |tx| tx.find_forgettable_keys(now, 100)).await;
        self.write(move |tx| {
            tx.forget_keys(&keys)?;
            tx.forget_setup_tokens(now)?;
            tx.forget_grants(&grants, now)
        })
        .await
    }

    async fn rows(&self, table: &str, column: &str) -> usize {
        self.database.execute(&format!("UPDATE {table} SET {column} = {column}")).unwrap()
    }
}

#[tokio::test]
async fn a_revoked_grant_is_forgotten_after_a_month_and_its_last_family() {
    let (app, first) = with_a_family().await;
    let family = app.write(move |tx| tx.refresh_tokens().find(&first)).await.expect("the token").family;
    let family = app.write(move |tx| tx.families().find(family)).await.expect("the family");
    let (grant, revoked) = (family.grant, app.act().now);
    app.pass(Lifetime::from_days(200));
    assert_eq!(app.forget().await, 0, "it was not taken back");
    app.write(move |tx| tx.grants().revoke(grant, revoked)).await;
    assert_eq!(app.forget().await, 0, "its family is there");
    let end = app.act().now;
    while app.purged(end, 100).await > 0 {}
    assert_eq!((app.forget().await, app.rows("grants", "scopes").await), (1, 0));
}

/// RFC 9700 §2.1
#[tokio::test]
async fn the_unused_consent_to_a_public_client_is_forgotten_after_ninety_days() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let (public, confidential) = (app.public_client("read").await, app.web_client("read").await);
    let browser = app.signed_in("ada", PASSWORD).await;
    app.code(&browser, &public).await;
    app.code(&browser, &confidential).await;
    for (days, left) in [(89, 2), (1, 1), (2000, 1)] {
        app.pass(Lifetime::from_days(days));
        let now = app.act().now;
        while app.purged(now, 100).await > 0 {}
        app.forget().await;
        assert_eq!(app.rows("grants", "scopes").await, left);
    }
}

#[tokio::test]
async fn revoked_keys_and_used_setup_tokens_are_forgotten_and_no_others() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let (revoked, _kept) = (app.key(&ada).await, app.key(&ada).await);
    let id = hallpass::model::id::ApiKeyId::parse(&revoked.id).expect("an id");
    let now = app.act().now;
    app.write(move |tx| tx.api_keys().revoke(id, now)).await;
    let fresh = app.rows("setup_tokens", "created_at").await;
    assert_eq!(fresh, 1);
    app.pass(Lifetime::from_days(29));
    app.forget().await;
    assert_eq!((app.rows("api_keys", "name").await, app.rows("setup_tokens", "created_at").await), (2, 1));
    let now = app.act().now;
    app.write(move |tx| tx.setup_tokens().consume_all(now)).await;
    app.pass(Lifetime::from_days(1));
    app.forget().await;
    let secrets = app.rows("api_key_secrets", "created_at").await;
    assert_eq!((app.rows("api_keys", "name").await, secrets), (1, 1));
    assert_eq!(app.rows("setup_tokens", "created_at").await, 0);
}

/// What is known of a sign-in stays for as long as there are tokens that it is told with, and goes with them.
#[tokio::test]
async fn a_sign_in_is_known_as_long_as_its_tokens() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let (lasting, short) = (app.web_client("openid").await, app.web_client("openid").await);
    app.tokens(&browser, &lasting).await;
    // A code that nobody redeems gives no tokens.
    app.code(&browser, &short).await;
    let known = || app.database.lines("SELECT 'sign-in' AS line FROM sign_ins").len();
    assert_eq!(known(), 2);
    // The last tokens and their family go in the last step but one.
    for (days, left) in [(6, 2), (8, 1), (60, 1), (91, 1), (92, 0)] {
        while app.purged(BEGIN + Lifetime::from_days(days), 10).await > 0 {}
        assert_eq!(known(), left, "after {days} days");
    }
}
