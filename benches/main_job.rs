//! How fast the main job is: durable writes alone and with 64 writers, and resolutions of each credential.
//!
//! `cargo bench --bench main_job`, with `BENCH_DATABASE_URL=postgres://…` for a database that exists and is empty.
//! Figures of one run are to be compared with each other; those of two machines, or of two hours, are not.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]
#![expect(clippy::disallowed_methods, reason = "a bench is told its database by the environment, and measures time")]

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use hallpass::clock::Clock;
use hallpass::clock::SystemClock;
use hallpass::domain::act::Act;
use hallpass::domain::api_keys;
use hallpass::domain::api_keys::KeyPolicy;
use hallpass::domain::api_keys::NewApiKey;
use hallpass::domain::authenticate;
use hallpass::domain::authenticate::Presented;
use hallpass::domain::clients;
use hallpass::domain::clients::ClientDescription;
use hallpass::domain::oauth::error::TokenError;
use hallpass::domain::oauth::grants::client_credentials;
use hallpass::domain::oauth::token::Asked;
use hallpass::domain::oauth::token::Outcome;
use hallpass::domain::oauth::token::Terms;
use hallpass::domain::oauth::token::TokenLifetimes;
use hallpass::domain::sessions;
use hallpass::domain::sessions::SessionLifetimes;
use hallpass::domain::users;
use hallpass::domain::users::NewUser;
use hallpass::model::api_key::KeyAccess;
use hallpass::model::audit::By;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::Client;
use hallpass::model::client::GrantType;
use hallpass::model::issuer::Issuer;
use hallpass::model::key_limits::KeyLimits;
use hallpass::model::name::DisplayName;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use hallpass::model::token::Token;
use hallpass::model::user::Roles;
use hallpass::model::username::Username;
use hallpass::store::Store;
use hallpass::store::StoreError;
use hallpass::store::StoreSettings;

const KEY_POLICY: KeyPolicy =
    KeyPolicy { default_lifetime: None, maximum_lifetime: None, made_by_keys: true, most_per_user: 100 };
const LIFETIMES: TokenLifetimes = TokenLifetimes {
    access: Lifetime::from_hours(1),
    refresh_idle: Lifetime::from_days(30),
    refresh: Lifetime::from_days(90),
    replay_window: Lifetime::from_seconds(30),
};
const RUN: Duration = Duration::from_secs(4);

fn act() -> Act {
    Act { by: By::command_line(), now: SystemClock::default().now() }
}

async fn seed(store: &Store) -> Result<Client, Box<dyn std::error::Error>> {
    let description = ClientDescription {
        grant_types: vec![GrantType::ClientCredentials],
        scopes: Scope::parse("profile")?,
        ..ClientDescription::new(DisplayName::parse("bench")?, AuthMethod::ClientSecretBasic)
    };
    let act = act();
    Ok(store.write(move |tx| clients::register(tx, &description, &act)).await?.0)
}

async fn issue(store: &Store, client: &Client) -> Result<Token, TokenError> {
    let client = client.clone();
    let issuer = Issuer::parse("http://127.0.0.1:8000").map_err(|_| TokenError::Disagreement("no issuer"))?;
    let terms = Terms { issuer, lifetimes: LIFETIMES };
    match store.write(move |tx| client_credentials::run(tx, &client, &Asked::default(), &terms, &act())).await? {
        Outcome::Issued(response) => Ok(response.access_token),
        Outcome::Refused(refusal) => Err(TokenError::Refused(refusal)),
    }
}

/// `writers` tasks write one token after the other. Returns writes per second and writes per sync.
async fn writes(store: &Store, client: &Client, writers: usize) -> (f64, Option<f64>) {
    let before = store.write_counts();
    let stop = Arc::new(AtomicBool::new(false));
    let began = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|_| {
            let (store, client, stop) = (store.clone(), client.clone(), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut done = 0_u64;
                while !stop.load(Ordering::Relaxed) {
                    issue(&store, &client).await.expect("a token");
                    done += 1;
                }
                done
            })
        })
        .collect();
    tokio::time::sleep(RUN).await;
    stop.store(true, Ordering::Relaxed);
    let mut done = 0;
    for task in tasks {
        done += task.await.expect("a writer");
    }
    let rate = done as f64 / began.elapsed().as_secs_f64();
    let after = store.write_counts();
    let per_sync = before.zip(after).map(|(before, after)| (after.0 - before.0) as f64 / (after.1 - before.1) as f64);
    (rate, per_sync)
}

/// One task resolves `presented` over and over. Returns resolutions per second.
async fn resolutions(store: &Store, presented: &Presented) -> f64 {
    let (began, mut done) = (Instant::now(), 0_u64);
    let now = act().now;
    while began.elapsed() < RUN / 2 {
        for _ in 0..100 {
            let presented = presented.clone();
            let found: Result<_, StoreError> =
                store.look_up(move |tx| authenticate::run(tx, &presented, None, now)).await;
            assert!(found.expect("an answer").is_ok());
        }
        done += 100;
    }
    done as f64 / began.elapsed().as_secs_f64()
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir_in(".")?;
    let url = std::env::var("BENCH_DATABASE_URL");
    let url = url.unwrap_or_else(|_| format!("sqlite://{}", folder.path().join("bench.db").display()));
    let store = Store::open(&StoreSettings {
        url,
        connections: 16,
        wait: Duration::from_secs(5),
        statement_timeout: Duration::from_secs(5),
    })?;
    store.migrate()?;
    let client = seed(&store).await?;
    let name = Username::parse(&format!("bench{}", act().now.millis()))?;
    let new =
        NewUser { username: name, email: None, full_name: String::new(), roles: Roles::default(), password: None };
    let user = store.write(move |tx| users::create(tx, &new, &act())).await?;
    let new = NewApiKey {
        user: user.id,
        name: DisplayName::parse("bench")?,
        access: KeyAccess::Full,
        roles: None,
        expires_at: None,
        allowed_addresses: Vec::new(),
        limits: KeyLimits::default(),
        is_decoy: false,
    };
    let (key, secret) = store.write(move |tx| api_keys::create(tx, &new, &KEY_POLICY, &act())).await?;
    let lifetimes = SessionLifetimes { idle: Lifetime::from_hours(12), absolute: Lifetime::from_days(7) };
    let (_, cookie) = store.write(move |tx| sessions::begin(tx, user.id, "", lifetimes, &act())).await?;
    let token = issue(&store, &client).await?;

    println!("{:<34} {:>12} {:>14}", "", "per second", "writes a sync");
    let mut alone = 0.0;
    for writers in [1, 64] {
        let (rate, per_sync) = writes(&store, &client, writers).await;
        if writers == 1 {
            alone = rate;
        }
        let per_sync = per_sync.map_or_else(|| "-".to_owned(), |per_sync| format!("{per_sync:.1}"));
        println!(
            "{:<34} {rate:>12.0} {per_sync:>14}   ({:.1} x alone)",
            format!("durable writes, {writers} writers"),
            rate / alone
        );
    }
    let credentials = [
        ("API key", Presented::ApiKey { name: Some(key.api_key), secret: secret.hash() }),
        ("session", Presented::Session(cookie.hash())),
        ("access token (client)", Presented::AccessToken(token.hash())),
    ];
    for (name, presented) in credentials {
        let rate = resolutions(&store, &presented).await;
        println!("{:<34} {rate:>12.0}   ({:.1} us each)", format!("resolutions, {name}"), 1e6 / rate);
    }
    Ok(())
}
