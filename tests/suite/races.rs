//! Two at once: whichever way it falls out, what was acknowledged holds. On SQLite writes come one after another; on
//! PostgreSQL these find each lock that is missing.

use hallpass::domain::act::Act;
use hallpass::domain::clients;
use hallpass::domain::clients::ClientDescription;
use hallpass::domain::oauth::authorize::Parameters;
use hallpass::domain::oauth::authorize::Policy;
use hallpass::domain::oauth::consent;
use hallpass::domain::oauth::consent::Begun;
use hallpass::domain::oauth::consent::Decider;
use hallpass::domain::oauth::register::RegistrationRules;
use hallpass::domain::sessions;
use hallpass::domain::sessions::SessionLifetimes;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::issuer::Issuer;
use hallpass::model::name::DisplayName;
use hallpass::model::redirect_uri::RedirectUri;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use hallpass::model::user::Roles;
use hallpass::store::Store;
use hallpass::store::StoreError;

use crate::support::app::TestApp;

const ROUNDS: usize = 25;

fn description(name: &str) -> ClientDescription {
    ClientDescription {
        grant_types: vec![GrantType::AuthorizationCode],
        redirect_uris: vec![RedirectUri::parse("https://rp.test/cb").unwrap()],
        scopes: Scope::parse("profile").unwrap(),
        trusted: true,
        ..ClientDescription::new(DisplayName::parse(name).unwrap(), AuthMethod::ClientSecretBasic)
    }
}

async fn register(store: &Store, act: &Act) -> hallpass::model::client::Client {
    let act = act.clone();
    store.write(move |tx| clients::register(tx, &description("Ledger"), &act)).await.unwrap().0
}

#[tokio::test]
async fn a_client_that_was_disabled_beside_an_edit_stays_disabled() {
    let app = TestApp::start().await;
    for round in 0..ROUNDS {
        let client = register(&app.store, &app.act()).await;
        let (edit, disable) = (app.act(), app.act());
        let name = format!("Ledger {round}");
        let edited = app.store.write(move |tx| clients::change(tx, client.id, &description(&name), &edit));
        let disabled = app.store.write(move |tx| clients::set_enabled(tx, client.id, false, &disable));
        let (edited, disabled) = tokio::join!(edited, disabled);
        assert!(edited.is_ok() && disabled.is_ok());
        let after = app.write(move |tx| tx.clients().find(client.id)).await.unwrap();
        assert!(!after.enabled, "round {round}");
    }
}

#[tokio::test]
async fn two_rotations_at_once_leave_one_secret() {
    let app = TestApp::start().await;
    for round in 0..ROUNDS {
        let client = register(&app.store, &app.act()).await;
        let rotate = || {
            let act = app.act();
            app.store.write(move |tx| clients::rotate_secret(tx, client.id, Lifetime::ZERO, &act))
        };
        let (one, other) = tokio::join!(rotate(), rotate());
        let hashes = [one.unwrap().1.hash(), other.unwrap().1.hash()];
        let now = app.act().now;
        let live = app.write(move |tx| {
            let mut live = 0;
            for hash in &hashes {
                live += usize::from(tx.clients().has_secret(client.id, hash, false, now)?);
            }
            Ok(live)
        });
        assert_eq!(live.await, 1, "round {round}");
    }
}

/// A session that ended after its request came in gives nothing any more, though the client is trusted.
#[tokio::test]
async fn no_code_is_given_in_a_session_that_has_ended_meanwhile() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let client = register(&app.store, &app.act()).await;
    let act = app.act();
    let lifetimes = SessionLifetimes { idle: Lifetime::from_hours(1), absolute: Lifetime::from_hours(1) };
    let (began, id) = (act.clone(), ada.id);
    let (session, _) = app.write(move |tx| sessions::begin(tx, id, "", lifetimes, &began)).await;
    let parameters = Parameters {
        response_type: Some("code".to_owned()),
        client_id: Some(client.client_id),
        ..Parameters::default()
    };
    let policy = Policy {
        issuer: Issuer::parse(&app.url).unwrap(),
        require_pkce: false,
        code_lifetime: Lifetime::from_seconds(60),
        access_token_lifetime: Lifetime::from_hours(1),
    };
    let decider = Decider { user: ada.id, session: session.id, roles: Roles::default() };
    let begin = || {
        let (parameters, policy, decider, act) = (parameters.clone(), policy.clone(), decider.clone(), act.clone());
        let rules = RegistrationRules { per_address: None, changes: None, most_unused: None };
        app.store.write(move |tx| consent::begin(tx, &parameters, &decider, &policy, rules, &act))
    };
    assert!(matches!(begin().await.unwrap(), Begun::Answered(_)));
    let ended: Result<usize, StoreError> = app.store.write(move |tx| tx.sessions().end_all_of(id, None)).await;
    assert_eq!(ended.unwrap(), 1);
    assert!(matches!(begin().await.unwrap(), Begun::SessionEnded));
}
