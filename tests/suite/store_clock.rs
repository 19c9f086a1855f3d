//! A clock that was set back between two runs of the server.

use std::sync::Arc;

use hallpass::clock::Clock;
use hallpass::clock::FixedClock;
use hallpass::model::time::Lifetime;
use hallpass::model::time::Timestamp;
use hallpass::server::Server;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;
use crate::support::app::config;
use crate::support::database::Database;
use crate::support::process;
use crate::support::process::Process;

/// Starts a server at `at` and stops it. Returns how it was refused.
async fn refused_at(database: &Database, at: Timestamp) -> Option<String> {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(at));
    Server::bind(config(database, ""), clock).await.err().map(|error| error.to_string())
}

#[tokio::test]
async fn a_clock_that_is_more_than_a_day_behind_is_refused() {
    let app = TestApp::start().await;
    app.pass(Lifetime::from_days(3));
    let database = app.stop().await;
    let latest = BEGIN + Lifetime::from_days(3);
    let sentence = refused_at(&database, BEGIN).await.expect("it is refused");
    assert!(sentence.contains(&BEGIN.to_string()) && sentence.contains(&latest.to_string()), "{sentence}");
    assert!(sentence.contains("correct the clock"), "{sentence}");
    assert_eq!(refused_at(&database, latest.before(Lifetime::from_hours(24))).await, None);
    // The remedy of docs/OPERATIONS.md.
    assert_eq!(database.execute("DELETE FROM meta WHERE name = 'latest_time'").unwrap(), 1);
    assert_eq!(refused_at(&database, BEGIN).await, None);
}

/// A server that stops notes the time, and the next one begins no earlier.
#[tokio::test]
async fn time_goes_on_where_it_was_when_the_server_stopped() {
    let database = Database::create();
    assert!(Process::start(database.folder(), &database.url).terminate().success());
    let ahead = {
        let store = hallpass::server::open_store(&config(&database, "")).expect("the database can be opened");
        let noted = store.read(|tx| tx.meta().latest_time()).await.expect("it is read").expect("it was noted");
        let ahead = noted + Lifetime::from_hours(2);
        store.write(move |tx| tx.meta().note_time(ahead)).await.expect("it is written");
        store.write(move |tx| tx.meta().note_time(noted)).await.expect("it is not written");
        assert_eq!(store.read(|tx| tx.meta().latest_time()).await.expect("it is read"), Some(ahead));
        ahead
    };
    let server = Process::start(database.folder(), &database.url);
    let setup = server.setup_url.clone().expect("there is no administrator");
    assert_eq!(crate::support::caller::client().get(setup).send().await.expect("an answer").status(), 200);
    assert!(server.terminate().success());
    // The setup token was made at the later time.
    let made = database.execute(&format!("DELETE FROM setup_tokens WHERE created_at >= {}", ahead.millis())).unwrap();
    assert_eq!(made, 1);
    let output = process::command(database.folder(), &database.url, &["user", "list"]).output().expect("it runs");
    assert!(output.status.success());
}
