//! What a transaction that reads sees.

use hallpass::domain::act::Act;
use hallpass::model::audit::AuditEvent;
use hallpass::model::audit::By;
use hallpass::model::time::Lifetime;
use hallpass::server::open_store;
use hallpass::store::StoreError;

use crate::support::app::BEGIN;
use crate::support::app::config;
use crate::support::database::Database;

/// Reading twice in one transaction gives one answer, whatever is committed in between.
#[tokio::test]
async fn a_transaction_that_reads_sees_one_state() {
    let database = std::sync::Arc::new(Database::create());
    let store = open_store(&config(&database, "")).expect("the database can be opened");
    store.migrate().expect("the migrations run");
    store.write(|tx| tx.meta().set("colour", b"red")).await.expect("it is written");
    let other = std::sync::Arc::clone(&database);
    let seen = store
        .read(move |tx| {
            let before = tx.meta().find("colour")?;
            other.execute("DELETE FROM meta WHERE name = 'colour'").expect("another process deletes it");
            Ok::<_, StoreError>((before, tx.meta().find("colour")?))
        })
        .await
        .expect("it is read");
    assert_eq!(seen, (Some(b"red".to_vec()), Some(b"red".to_vec())));
    assert_eq!(store.read(|tx| tx.meta().find("colour")).await.expect("it is read"), None);
}

/// A store that comes after another one, perhaps at its place in memory, reads from its own database.
#[tokio::test]
async fn each_store_reads_its_own_database() {
    for round in 0..20_u8 {
        let database = Database::create();
        let store = open_store(&config(&database, "")).expect("the database can be opened");
        store.migrate().expect("the migrations run");
        store.write(move |tx| tx.meta().set("round", &[round])).await.expect("it is written");
        let read = store.look_up(|tx| tx.meta().find("round")).await.expect("it is read");
        assert_eq!(read, Some(vec![round]));
        drop(store);
        if database.is_postgres() {
            return;
        }
    }
}

/// Page by page the audit log is what it is in one piece.
#[tokio::test]
async fn the_audit_log_is_read_page_by_page() {
    let database = Database::create();
    let store = open_store(&config(&database, "")).expect("the database can be opened");
    store.migrate().expect("the migrations run");
    for number in 0..25 {
        // Several in one millisecond, too.
        let act = Act { by: By::command_line(), now: BEGIN + Lifetime::from_millis(number / 3) };
        store
            .write(move |tx| act.record(tx, AuditEvent::UserCreated, "somebody", serde_json::json!({ "n": number })))
            .await
            .expect("it is written");
    }
    let since = BEGIN + Lifetime::from_millis(2);
    let whole = store.read(move |tx| tx.audit().list(since, None, 100)).await.expect("it is read");
    assert_eq!(whole.len(), 19);
    let mut pages = Vec::new();
    loop {
        let after = pages.last().map(|entry: &hallpass::model::audit::AuditEntry| entry.id);
        let page = store.read(move |tx| tx.audit().list(since, after, 4)).await.expect("it is read");
        if page.is_empty() {
            break;
        }
        pages.extend(page);
    }
    let ids = |entries: &[hallpass::model::audit::AuditEntry]| entries.iter().map(|entry| entry.id).collect::<Vec<_>>();
    assert_eq!(ids(&pages), ids(&whole));
}
