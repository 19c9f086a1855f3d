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
    let known = first.clone();
    let family = app.write(move |tx| tx.refresh_tokens().find(&known)).await.expect("the token").family;
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
