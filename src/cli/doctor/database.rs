//! The database: reachable, up to date, used with this key, and somebody to administer it.

use crate::cli::doctor::report::Report;
use crate::config::Config;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::server;
use crate::store::SchemaState;
use crate::store::Store;

/// How far two clocks may be apart before it is worth a word.
const NOTICED: Lifetime = Lifetime::from_seconds(5);
/// How far they may be apart before codes, proofs and assertions fail.
const TOLERATED: Lifetime = Lifetime::from_seconds(30);

/// Looks at the database, and returns it if it can be worked with. Makes none and changes nothing.
pub async fn check(config: &Config, now: impl Fn() -> Timestamp, report: &mut Report) -> Option<Store> {
    if let Some(Err(error)) = config.database_url.sqlite_path().map(std::fs::metadata) {
        let shown = &config.database_url;
        report.bad("database", "database_url", format!("{shown} is not there ({error}); `hallpass serve` makes it"));
        return None;
    }
    let opened = server::open_store(config).and_then(|store| Ok((store.schema_state()?, store)));
    let (schema, store) = match opened {
        Ok((schema, store)) => (schema, store),
        Err(error) => {
            report.bad("database", "database_url", error.to_string());
            return None;
        }
    };
    report.good("database", format!("{} answers", config.database_url));
    match schema {
        SchemaState::Current => report.good("schema", "all migrations of this version were run, and no others"),
        SchemaState::Behind(count) => {
            let mend = "run `hallpass migrate`, or restart the server, if it is older than this program";
            report.bad("schema", None, format!("{count} migrations of this version were not run yet: {mend}"));
            return None;
        }
        SchemaState::Newer => {
            let mend = "use that version's program here too";
            report.bad("schema", None, format!("a newer version of hallpass has been here: {mend}"));
            return None;
        }
    }
    clocks(&store, now, report).await;
    administrator(&store, report).await;
    Some(store)
}

/// The database's clock, and the latest time that a server noted in it.
async fn clocks(store: &Store, now: impl Fn() -> Timestamp, report: &mut Report) {
    let read = store.read(|tx| Ok::<_, crate::store::StoreError>((tx.meta().clock()?, tx.meta().latest_time()?))).await;
    let here = now();
    match read {
        Ok((theirs, noted)) => {
            if let Some(theirs) = theirs {
                compare("the database", theirs, here, report);
            }
            if let Some(noted) = noted.filter(|noted| *noted > here + NOTICED) {
                let mend = "see \"A wrong clock\" in docs/OPERATIONS.md";
                let seen = format!("a server noted that it was {noted}, and here it is {here}: {mend}");
                report.bad("clock", None, seen);
            }
        }
        Err(error) => report.bad("database", "database_url", error.to_string()),
    }
}

/// Says how far the clock of `whose` is from the one here.
pub fn compare(whose: &str, theirs: Timestamp, here: Timestamp, report: &mut Report) {
    let apart = theirs.since(here).max(here.since(theirs));
    if apart <= NOTICED {
        report.good("clock", format!("{whose} and this machine agree what time it is"));
        return;
    }
    let seen = format!(
        "{whose} has {theirs}, this machine {here}: {} seconds apart; let both follow the same time server",
        apart.seconds()
    );
    if apart <= TOLERATED {
        report.warn("clock", None, seen);
    } else {
        report.bad("clock", None, seen);
    }
}

async fn administrator(store: &Store, report: &mut Report) {
    match store.read(|tx| tx.users().has_administrator()).await {
        Ok(true) => report.good("administrator", "there is an enabled administrator"),
        Ok(false) => {
            let mend = "open the setup address that the server printed when it started, or run `hallpass user create \
                        NAME --role admin`";
            report.bad("administrator", None, format!("there is no enabled administrator: {mend}"));
        }
        Err(error) => report.bad("administrator", None, error.to_string()),
    }
}
