//! How SQLite goes about a question, for tests: one that reads a table from end to end grows with it.

use std::time::Duration;

use diesel::QueryableByName;
use diesel::RunQueryDsl;
use diesel::sql_types::Text;

use crate::store::Store;
use crate::store::StoreSettings;
use crate::store::conn::Access;
use crate::store::conn::Conn;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The steps of each of `queries`, as `diesel::debug_query` shows them, in an empty database.
pub fn steps<const N: usize>(queries: [String; N]) -> [Vec<String>; N] {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreSettings {
        url: format!("sqlite://{}", folder.path().join("hallpass.db").display()),
        connections: 1,
        wait: Duration::from_secs(5),
        statement_timeout: Duration::from_secs(5),
    });
    let store = store.unwrap();
    store.migrate().unwrap();
    let Conn::Sqlite(mut conn) = store.0.address.open(Access::ReadOnly).unwrap() else { panic!("another database") };
    queries.map(|query| {
        // The plan does not depend on the values, which may be missing therefore.
        let (query, _) = query.split_once(" -- binds").unwrap();
        let steps = diesel::sql_query(format!("EXPLAIN QUERY PLAN {query}")).load::<Step>(&mut conn).unwrap();
        steps.into_iter().map(|step| step.detail).collect()
    })
}

/// How many of `steps` look something up by an index.
pub fn searches(steps: &[String]) -> usize {
    steps.iter().filter(|step| step.starts_with("SEARCH")).count()
}
