//! What is written, and how often: what a request costs the disk, and what one write that fails does to others.

use std::time::Duration;

use hallpass::domain::memory::Memory;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::Client;
use hallpass::model::client::ClientOrigin;
use hallpass::model::id::ClientId;
use hallpass::model::time::Lifetime;
use hallpass::server::open_store;
use hallpass::store::Store;
use hallpass::store::StoreError;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;
use crate::support::app::config;
use crate::support::database::Database;
use crate::support::seed::PASSWORD;

/// How often something is counted: the server's own housekeeping may fall between.
const TRIES: usize = 5;

async fn begin() -> (TestApp, String) {
    let address = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap();
    let app = TestApp::start_with(&format!("[metrics]\nlisten = \"{address}\"")).await;
    app.person("ada", &[]).await;
    (app, format!("http://{address}/metrics"))
}

/// The syncs up to now; `None` on PostgreSQL, which gathers them by itself.
async fn syncs(figures: &str) -> Option<u64> {
    let figures = reqwest::get(figures).await.unwrap().text().await.unwrap();
    let line = figures.lines().find_map(|line| line.strip_prefix("hallpass_store_syncs_total "));
    line.map(|count| count.parse().unwrap()).filter(|count| *count > 0)
}

/// Authorize with a remembered grant, redeem, refresh: one sync each, and none for anything else.
#[tokio::test]
async fn a_whole_round_of_one_client_takes_three_syncs() {
    let (app, figures) = begin().await;
    app.scope("read", &[]).await;
    let client = app.web_client("read").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    // The user is asked once.
    app.code(&browser, &client).await;
    let mut least = u64::MAX;
    for _ in 0..TRIES {
        let before = syncs(&figures).await;
        let tokens = app.tokens(&browser, &client).await;
        let answer = app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let (Some(before), Some(after)) = (before, syncs(&figures).await) else { return };
        least = least.min(after - before);
    }
    assert_eq!(least, 3);
}

/// When keys, clients and sessions were used is written once a minute, not by the requests.
#[tokio::test]
async fn no_request_that_only_asks_writes_anything() {
    let (app, figures) = begin().await;
    let user = app.person("grace", &[]).await;
    let key = app.key(&user).await;
    let introspector = app.introspector(None).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let mut least = u64::MAX;
    for _ in 0..TRIES {
        let before = syncs(&figures).await;
        for _ in 0..5 {
            app.pass(Lifetime::from_seconds(600));
            let asked = [
                browser.get("/api/v1/me").await,
                browser.get("/account").await,
                app.script(&key.token_header()).get("/api/v1/me").await,
                app.script(&key.token_header()).get("/auth/verify").await,
                app.script(&introspector.basic()).post("/oauth/introspect", &[("token", &*key.api_secret)]).await,
            ];
            assert_eq!(asked.map(|answer| answer.status), [200; 5]);
        }
        let (Some(before), Some(after)) = (before, syncs(&figures).await) else { return };
        least = least.min(after - before);
    }
    assert_eq!(least, 0);
}

/// What was gathered of sessions is not lost when the server stops.
#[tokio::test]
async fn the_last_use_of_a_session_is_written() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    app.pass(Lifetime::from_seconds(3_600));
    assert_eq!(browser.get("/api/v1/me").await.status, 200);
    let database = app.stop().await;
    let used = (BEGIN + Lifetime::from_seconds(3_600)).millis();
    let idle_end = (BEGIN + Lifetime::from_seconds(3_600) + Lifetime::from_hours(12)).millis();
    let row =
        database.lines("SELECT CAST(seen_at AS TEXT) || ' ' || CAST(idle_expires_at AS TEXT) AS line FROM sessions");
    assert_eq!(row, [format!("{used} {idle_end}")]);
}

/// Writes `name`, and then fails or not.
async fn note(store: Store, name: &'static str, and_fail: bool) -> Result<(), StoreError> {
    let job = move |tx: &mut hallpass::store::Tx<'_>| {
        tx.meta().set(name, b"x")?;
        if and_fail { Err(StoreError::Conflict(name.to_owned())) } else { Ok(()) }
    };
    store.write(job).await
}

/// Those that wait share one transaction; what fails in it takes nothing along, whether it had written before or not.
#[tokio::test]
async fn a_write_that_fails_undoes_itself_and_no_other() {
    let database = Database::create();
    let store = open_store(&config(&database, "")).expect("the database can be opened");
    store.migrate().expect("the migrations run");
    // While this one is at work the others gather behind it.
    let slow = store.clone();
    let slow = tokio::spawn(async move {
        slow.write(|tx| {
            std::thread::sleep(Duration::from_millis(300));
            tx.meta().set("slow", b"x")
        })
        .await
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let refused = |store: Store| async move {
        store.write(|_| Err::<(), _>(StoreError::Conflict("nothing was written".to_owned()))).await
    };
    let panics = |store: Store| async move {
        store
            .write(|tx| {
                tx.meta().set("panic", b"x")?;
                std::panic::resume_unwind(Box::new("a panic")) as Result<(), StoreError>
            })
            .await
    };
    let (first, failed, unwritten, second, panicked, third) = tokio::join!(
        note(store.clone(), "first", false),
        note(store.clone(), "failed", true),
        refused(store.clone()),
        note(store.clone(), "second", false),
        panics(store.clone()),
        note(store.clone(), "third", false),
    );
    slow.await.unwrap().expect("it is written");
    for kept in [first, second, third] {
        kept.expect("it is written");
    }
    for lost in [failed, unwritten] {
        assert!(matches!(lost, Err(StoreError::Conflict(_))), "{lost:?}");
    }
    assert!(matches!(panicked, Err(StoreError::Stopped)), "{panicked:?}");
    let names = ["slow", "first", "failed", "second", "panic", "third"];
    let there = store
        .read(move |tx| {
            names.into_iter().map(|name| Ok(tx.meta().find(name)?.is_some())).collect::<Result<Vec<_>, StoreError>>()
        })
        .await
        .expect("it is read");
    assert_eq!(there, [true, true, false, true, false, true]);
}

/// What a write has read of its own work may never be committed, so nobody else goes by it.
#[tokio::test]
async fn what_a_write_that_failed_had_made_is_not_remembered() {
    let app = TestApp::start().await;
    let memory = Memory::new(app.store.clone(), 100);
    let id = ClientId::new(BEGIN, [7; 10]);
    let name = "never kept";
    let made = Client {
        client_id: name.to_owned(),
        ..Client::new(id, name.to_owned(), AuthMethod::ClientSecretBasic, ClientOrigin::Administrator, BEGIN)
    };
    // Where another node may write, nothing is remembered in a write; on a file it is whenever the server is sure of it, which
    // it is not at each moment.
    let is_postgres = app.database.is_postgres();
    let mut outcome = Ok(());
    for _ in 0..1000 {
        let (seen, made) = (memory.clone(), made.clone());
        let write = app.store.write(move |tx| {
            if tx.is_sure() == is_postgres {
                return Err(StoreError::Busy("not now"));
            }
            tx.clients().insert(&made)?;
            let reading = seen.reading_in(tx);
            assert!(reading.client_called(tx, name)?.is_some() && reading.client(tx, id)?.is_some());
            Err::<(), _>(StoreError::Busy("on purpose"))
        });
        outcome = write.await;
        if !matches!(outcome, Err(StoreError::Busy("not now"))) {
            break;
        }
    }
    assert!(matches!(outcome, Err(StoreError::Busy("on purpose"))), "{outcome:?}");
    let reading = memory.reading();
    let found =
        app.store.look_up(move |tx| Ok::<_, StoreError>((reading.client_called(tx, name)?, reading.client(tx, id)?)));
    let (called, with_id) = found.await.unwrap();
    assert!(called.is_none() && with_id.is_none());
}
