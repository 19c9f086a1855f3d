//! Keys that the server signs with: made once, kept secret, and changed so that nobody notices (OpenID Connect Core
//! §10.1.1); `oidcc-server-rotate-keys`.

use std::collections::BTreeSet;
use std::sync::Arc;

use hallpass::config::secret_key::SecretKeys;
use hallpass::domain::oauth::signing_keys;
use hallpass::model::signing_key::LEAD;
use hallpass::model::signing_key::MAX_AGE;
use hallpass::model::time::Lifetime;
use serde_json::Value;

use crate::support::app::SECRET_KEY;
use crate::support::app::TestApp;
use crate::support::app::config;
use crate::support::database::Database;
use crate::support::openid::JWKS;
use crate::support::openid::verify;
use crate::support::program::Program;
use crate::support::seed::PASSWORD;

/// Another key than [`SECRET_KEY`].
const OTHER_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeef0";

fn kids(jwks: &str) -> BTreeSet<String> {
    let jwks: Value = serde_json::from_str(jwks).unwrap();
    jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn secret_keys(database: &Database) -> SecretKeys {
    SecretKeys::open(&config(database, ""), |_| panic!("the tests' key is configured")).unwrap()
}

/// As `hallpass signing-key rotate` does, by the clock of the test.
async fn rotate(app: &TestApp) {
    signing_keys::rotate(&app.store, &secret_keys(&app.database), &app.act()).await.unwrap();
}

/// A new key is published before it signs, and an old one while anything lives that it signed.
#[tokio::test]
async fn a_key_is_published_before_it_signs_and_until_the_last_it_signed_has_ended() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("openid").await;
    let signer = async || {
        let tokens = app.tokens_for(&browser, &client, &[]).await;
        app.id_token(&tokens).await.0["kid"].as_str().unwrap().to_owned()
    };
    let (first, before) = (signer().await, kids(&app.jwks().await));
    rotate(&app).await;
    // At once, the old ones too; RSA and elliptic keys first.
    let after = kids(&app.jwks().await);
    assert!(after.is_superset(&before));
    assert_eq!(after.len(), before.len() + 2);
    assert_eq!(signer().await, first);
    app.pass(LEAD);
    let second = signer().await;
    assert!(second != first && after.contains(&second));
    app.pass(Lifetime::from_seconds(3600));
    assert!(kids(&app.jwks().await).contains(&first), "what it signed last still holds");
    app.pass(Lifetime::from_seconds(61));
    let later = kids(&app.jwks().await);
    assert!(!later.contains(&first) && later.contains(&second));
    // The Ed25519 key came five minutes later.
    app.pass(Lifetime::from_seconds(300));
    assert_eq!(kids(&app.jwks().await).len(), 3);
}

/// Whatever moment a client looks at: with the list that it read when it last had to, or with the newest one, it verifies
/// each id_token. The list may be kept for five minutes, and keys change twice meanwhile.
#[tokio::test]
async fn at_no_moment_of_a_rotation_is_there_an_id_token_that_a_client_cannot_verify() {
    let app = Arc::new(TestApp::start().await);
    app.person("ada", &[]).await;
    let browser = Arc::new(app.signed_in("ada", PASSWORD).await);
    let mut clients = Vec::new();
    for algorithm in ["RS256", "ES256", "EdDSA", "PS256"] {
        let signed = |client: &mut hallpass::domain::clients::ClientDescription| {
            client.openid.id_token_signed_response_alg = Some(algorithm.to_owned());
        };
        clients.push(app.client_with("openid", signed).await);
    }
    let (mut kept, mut read_at) = (app.jwks().await, app.seconds());
    let mut signers = BTreeSet::new();
    for step in 0..40_u64 {
        if step == 3 || step == 15 {
            rotate(&app).await;
        }
        if app.seconds() - read_at >= i64::try_from(MAX_AGE.seconds()).unwrap() {
            (kept, read_at) = (app.jwks().await, app.seconds());
        }
        // All at once, for requests under way see the keys change.
        let asking = clients.iter().map(|client| {
            let (app, browser, client) = (Arc::clone(&app), Arc::clone(&browser), client.clone());
            tokio::spawn(async move { app.tokens_for(&browser, &client, &[]).await["id_token"].clone() })
        });
        let asking: Vec<_> = asking.collect();
        for asked in asking {
            let id_token = asked.await.unwrap();
            let id_token = id_token.as_str().unwrap();
            let (header, _) = verify(id_token, &kept).unwrap_or_else(|why| panic!("step {step}, kept keys: {why}"));
            verify(id_token, &app.jwks().await).unwrap_or_else(|why| panic!("step {step}, new keys: {why}"));
            signers.insert(header["kid"].as_str().unwrap().to_owned());
        }
        app.pass(Lifetime::from_seconds(59));
    }
    assert_eq!(signers.len(), 9, "three generations of three kinds");
}

/// Keys that are old enough are changed without anybody doing anything.
#[tokio::test]
async fn keys_change_by_age_once_however_many_look_after_them() {
    let app = TestApp::start().await;
    let keys = secret_keys(&app.database);
    let (age, before) = (Lifetime::from_days(90), kids(&app.jwks().await));
    app.pass(Lifetime::from_days(89));
    signing_keys::rotate_old(&app.store, &keys, age, &app.act()).await.unwrap();
    assert_eq!(kids(&app.jwks().await), before);
    app.pass(Lifetime::from_days(1));
    let at_once = (0..4).map(|_| {
        let (store, keys, act) = (app.store.clone(), keys.clone(), app.act());
        tokio::spawn(async move { signing_keys::rotate_old(&store, &keys, age, &act).await })
    });
    for done in at_once.collect::<Vec<_>>() {
        done.await.unwrap().unwrap();
    }
    assert_eq!(app.database.lines("SELECT kid AS line FROM signing_keys").len(), 6);
    app.pass(Lifetime::from_seconds(300));
    assert_eq!(kids(&app.jwks().await).len(), 6);
    // What ended long ago goes.
    app.pass(Lifetime::from_days(30));
    let (longest, hints, now) = (Lifetime::from_hours(1), Lifetime::from_days(7), app.act().now);
    app.write(move |tx| signing_keys::forget(tx, longest, hints, now)).await;
    assert_eq!(app.database.lines("SELECT kid AS line FROM signing_keys").len(), 3);
}

/// Two rotations at once, and more than can be meant.
#[tokio::test]
async fn rotations_at_once_make_no_two_keys_of_one_generation() {
    let app = TestApp::start().await;
    let keys = secret_keys(&app.database);
    let at_once = (0..3).map(|_| {
        let (store, keys, act) = (app.store.clone(), keys.clone(), app.act());
        tokio::spawn(async move { signing_keys::rotate(&store, &keys, &act).await })
    });
    for done in at_once.collect::<Vec<_>>() {
        done.await.unwrap().unwrap();
    }
    let generations = app.database.lines("SELECT alg || ' ' || generation AS line FROM signing_keys ORDER BY 1");
    let distinct: BTreeSet<&String> = generations.iter().collect();
    assert_eq!(distinct.len(), generations.len());
    // Who rotates in a loop is told to wait.
    let mut last = Ok(Vec::new());
    for _ in 0..5 {
        last = signing_keys::rotate(&app.store, &keys, &app.act()).await;
    }
    assert!(last.unwrap_err().to_string().contains("wait"));
}

/// The private half is in the database, and nobody can read it there.
#[tokio::test]
async fn the_keys_are_encrypted_at_rest_and_outlive_a_restart() {
    let app = TestApp::start().await;
    let before = app.jwks().await;
    let sealed = app.database.lines("SELECT kid AS line FROM signing_keys");
    assert_eq!(sealed.len(), 3);
    let opened: Vec<Vec<u8>> = app
        .write(|tx| tx.signing_keys().list())
        .await
        .into_iter()
        .inspect(|key| assert_eq!(key.sealed[0], 1))
        .map(|key| key.sealed)
        .collect();
    // PKCS #8 begins with these bytes, whatever the key.
    assert!(opened.iter().all(|sealed| !sealed.windows(4).any(|part| part == [0x02, 0x01, 0x00, 0x30])));
    let database = app.stop().await;
    let again = TestApp::start_on(database, "");
    assert_eq!(again.jwks().await, before);
}

/// docs/OPERATIONS.md: a new secret key opens what the one before it encrypted, as long as that is named.
#[tokio::test]
async fn with_a_new_secret_key_the_signing_keys_stay() {
    let app = TestApp::start().await;
    let before = app.jwks().await;
    let database = app.stop().await;
    let settings = format!("secret_key = \"{OTHER_KEY}\"\nprevious_secret_keys = [\"{SECRET_KEY}\"]");
    let app = TestApp::start_on(database, &settings);
    app.person("ada", &[]).await;
    let client = app.web_client("openid").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let tokens = app.tokens_for(&browser, &client, &[]).await;
    assert!(verify(tokens["id_token"].as_str().unwrap(), &before).is_ok());
    let database = app.stop().await;
    // From then on the old one is not needed any more.
    let app = TestApp::start_on(database, &format!("secret_key = \"{OTHER_KEY}\""));
    assert_eq!(app.jwks().await, before);
    let browser = app.signed_in("ada", PASSWORD).await;
    let tokens = app.tokens_for(&browser, &client, &[]).await;
    assert!(verify(tokens["id_token"].as_str().unwrap(), &before).is_ok());
}

/// docs/OPERATIONS.md, "Restart them by turns": a node with the old secret key goes on beside one with the new one.
#[tokio::test]
async fn nodes_get_a_new_secret_key_by_turns() {
    let database = Database::create();
    if !database.is_postgres() {
        return;
    }
    let clock = Arc::new(hallpass::clock::FixedClock::at(crate::support::app::BEGIN));
    let again = database.again();
    let old = TestApp::start_at(database, "", Arc::clone(&clock));
    let settings = format!("secret_key = \"{OTHER_KEY}\"\nprevious_secret_keys = [\"{SECRET_KEY}\"]");
    let new = TestApp::start_at(again, &settings, clock);
    old.person("ada", &[]).await;
    let pairwise = |client: &mut hallpass::domain::clients::ClientDescription| {
        client.openid.subject_type = Some(hallpass::model::openid::SubjectType::Pairwise);
    };
    let client = old.client_with("openid", pairwise).await;
    let mut subjects = BTreeSet::new();
    for _ in 0..2 {
        for node in [&old, &new] {
            let browser = node.signed_in("ada", PASSWORD).await;
            let tokens = node.tokens_for(&browser, &client, &[]).await;
            subjects.insert(node.id_token(&tokens).await.1["sub"].to_string());
        }
        // Each node reads anew after some seconds.
        old.pass(Lifetime::from_seconds(30));
    }
    assert_eq!(subjects.len(), 1);
}

/// docs/OPERATIONS.md: with a key that opens nothing the server does not start; where it is lost for good, new keys are
/// made once what it encrypted is gone.
#[tokio::test]
async fn without_the_secret_key_the_signing_keys_are_made_anew_or_nothing_starts() {
    let app = TestApp::start().await;
    let before = kids(&app.jwks().await);
    let database = app.stop().await;
    database.run("DELETE FROM meta WHERE name = 'secret_key'");
    let settings = format!("secret_key = \"{OTHER_KEY}\"");
    let clock = Arc::new(hallpass::clock::FixedClock::at(crate::support::app::BEGIN));
    let refused = hallpass::server::Server::bind(config(&database, &settings), clock).await;
    assert!(refused.err().unwrap().to_string().contains("previous_secret_keys"));
    database.run("DELETE FROM signing_keys; DELETE FROM meta WHERE name IN ('pairwise_salt', 'secret_key')");
    let app = TestApp::start_on(database, &settings);
    assert!(kids(&app.jwks().await).is_disjoint(&before));
}

/// Several nodes that start on an empty database at once have one set of keys, and one goes by what another made.
#[tokio::test]
async fn nodes_are_in_step() {
    let database = Database::create();
    if !database.is_postgres() {
        return;
    }
    let clock = Arc::new(hallpass::clock::FixedClock::at(crate::support::app::BEGIN));
    let again = database.again();
    let starting = std::thread::spawn({
        let clock = Arc::clone(&clock);
        move || TestApp::start_at(again, "", clock)
    });
    let one = TestApp::start_at(database, "", clock);
    let other = starting.join().unwrap();
    assert_eq!(one.jwks().await, other.jwks().await);
    assert_eq!(kids(&one.jwks().await).len(), 3);
    rotate(&one).await;
    let published = other.jwks().await;
    assert_eq!(published, one.jwks().await);
    assert_eq!(kids(&published).len(), 5);
    one.person("ada", &[]).await;
    let client = one.web_client("openid").await;
    one.pass(LEAD);
    for node in [&one, &other] {
        let browser = node.signed_in("ada", PASSWORD).await;
        let tokens = node.tokens_for(&browser, &client, &[]).await;
        let (header, _) = verify(tokens["id_token"].as_str().unwrap(), &published).unwrap();
        assert_eq!(header["alg"], "RS256");
    }
}

/// The command beside a running server: what it changes holds there at once.
#[tokio::test]
async fn the_command_line_lists_and_rotates_them() {
    let program = Program::new();
    let server = program.serve();
    let jwks = async || reqwest::get(format!("{}{JWKS}", server.url)).await.unwrap().text().await.unwrap();
    let before = kids(&jwks().await);
    let listed = program.run("signing-key list --json").json();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>(), before);
    let states = |keys: &[Value]| -> Vec<String> {
        keys.iter().map(|key| format!("{} {}", key["alg"].as_str().unwrap(), key["state"].as_str().unwrap())).collect()
    };
    assert_eq!(states(listed), ["ES256 active", "EdDSA active", "RS256 active"]);
    let rotated = program.run("signing-key rotate --json").json();
    let rotated = rotated.as_array().unwrap();
    assert_eq!(
        states(rotated),
        ["ES256 active", "ES256 next", "EdDSA active", "EdDSA next", "RS256 active", "RS256 next"]
    );
    let after = kids(&jwks().await);
    assert!(after.is_superset(&before) && after.len() == before.len() + 2, "{after:?}");
    let next = rotated.iter().filter(|key| key["state"] == "next" && key["alg"] != "EdDSA");
    assert!(next.clone().count() == 2 && next.clone().all(|key| after.contains(key["kid"].as_str().unwrap())));
    let audit = program.run("audit list --json").json();
    let events = audit.as_array().unwrap().iter().filter(|entry| entry["event"] == "signing_key.rotated");
    assert_eq!(events.count(), 3);
}
