//! The hot path: from the hash that a request presents to all that is true of it now. Nothing here decides; the
//! facts go up to `domain::authenticate`.

use std::cell::RefCell;
use std::marker::PhantomData;

use diesel::prelude::*;

use crate::model::api_key::ApiKey;
use crate::model::grant::AccessToken;
use crate::model::id::FamilyId;
use crate::model::id::GrantId;
use crate::model::id::UserId;
use crate::model::scope::Scope;
use crate::model::session::Session;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::access_tokens;
use crate::store::api_keys;
use crate::store::api_keys::ImportedForm;
use crate::store::columns;
use crate::store::conn::Access;
use crate::store::conn::Address;
use crate::store::conn::Conn;
use crate::store::conn::on_either;
use crate::store::fixed::fixed;
use crate::store::freshness::Changes;
use crate::store::schema;
use crate::store::sessions;

thread_local! {
    /// This thread's own read-only connection to SQLite, and the number of the store that it belongs to.
    static READER: RefCell<Option<(u64, Conn)>> = const { RefCell::new(None) };
}

fixed! { Begin: ; "BEGIN" }
fixed! { Commit: ; "COMMIT" }

impl Store {
    /// As [`Store::read`], for a look-up by an index: on SQLite it runs on the calling thread, on a connection of
    /// its own, because a hop to another thread costs more than the look-up. Readers never wait for the writer.
    ///
    /// # Errors
    /// Whatever `job` returns, or what the database says.
    pub async fn look_up<T, E>(&self, job: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.address {
            Address::Postgres { .. } => self.read(job).await,
            Address::Sqlite(_) => READER.with_borrow_mut(|reader| self.look_up_here(reader, job)),
        }
    }

    fn look_up_here<T, E: From<StoreError>>(
        &self,
        reader: &mut Option<(u64, Conn)>,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let store = self.0.number;
        let (_, mut conn) = match reader.take() {
            Some((of, conn)) if of == store => (of, conn),
            _ => (store, self.0.address.open(Access::ReadOnly)?),
        };
        Begin { of: PhantomData }.run(&mut conn).map_err(StoreError::from)?;
        let outcome = job(&mut Tx { conn: &mut conn, changes: &mut Changes::default(), is_sure: false });
        // A connection whose transaction can't be ended is dropped instead of kept.
        if (Commit { of: PhantomData }).run(&mut conn).is_ok() {
            *reader = Some((store, conn));
        }
        outcome
    }
}

/// What is true of a presented access token.
#[derive(Debug)]
pub struct AccessTokenFacts {
    /// The token.
    pub token: AccessToken,
    /// What it hangs on; nothing where a client acts in its own name.
    pub roots: Option<Roots>,
}

/// The family and the grant of a token, as far as they decide what it may do.
#[derive(Debug)]
pub struct Roots {
    /// The family.
    pub family: FamilyId,
    /// The grant.
    pub grant: GrantId,
    /// Whose they are.
    pub user: UserId,
    /// What the grant allows.
    pub scopes: Scope,
    /// When the first of them ends by itself.
    pub expires_at: Timestamp,
    /// Whether one of them was ended before that.
    pub are_ended: bool,
}

impl Roots {
    /// Whether both of them hold at `now`.
    pub fn are_live(&self, now: Timestamp) -> bool {
        !self.are_ended && !self.expires_at.is_past(now)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::families)]
struct FamilyRow {
    id: Vec<u8>,
    user_id: Vec<u8>,
    expires_at: i64,
    ended_at: Option<i64>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::grants)]
struct GrantRow {
    id: Vec<u8>,
    scopes: String,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
}

/// What is true of a presented API secret.
#[derive(Debug)]
pub struct ApiKeyFacts {
    /// Its key.
    pub key: ApiKey,
    /// The hash of this secret.
    pub secret: TokenHash,
    /// When this secret ends; its key may go on.
    pub secret_ends: Option<Timestamp>,
    /// How it may be presented, where it was made elsewhere.
    pub imported: Option<ImportedForm>,
}

/// An access token, its family and its grant: one table joined after the other. SQLite would read all families that
/// there are for what is joined with a join.
macro_rules! access_token_by {
    ($hash:expr) => {
        schema::access_tokens::table
            .left_join(schema::families::table)
            .left_join(schema::grants::table.on(schema::grants::id.eq(schema::families::grant_id)))
            .filter(schema::access_tokens::hash.eq($hash))
            .select((
                access_tokens::Row::as_select(),
                Option::<FamilyRow>::as_select(),
                Option::<GrantRow>::as_select(),
            ))
    };
}

impl Tx<'_> {
    /// The access token with this hash, and what it hangs on.
    pub fn find_access_token(&mut self, hash: &TokenHash) -> Result<Option<AccessTokenFacts>, StoreError> {
        type Joined = (access_tokens::Row, Option<FamilyRow>, Option<GrantRow>);
        let row: Option<Joined> =
            on_either!(self.conn, conn => access_token_by!(hash.as_bytes()).get_result(conn)).optional()?;
        let Some((token, family, grant)) = row else { return Ok(None) };
        let roots = family.zip(grant).map(|(family, grant)| {
            let ends = [Some(family.expires_at), grant.expires_at];
            Ok::<_, StoreError>(Roots {
                family: columns::id(&family.id)?,
                grant: columns::id(&grant.id)?,
                user: columns::id(&family.user_id)?,
                scopes: columns::scopes(&grant.scopes)?,
                expires_at: Timestamp::from_millis(ends.into_iter().flatten().min().unwrap_or_default()),
                are_ended: family.ended_at.is_some() || grant.revoked_at.is_some(),
            })
        });
        Ok(Some(AccessTokenFacts { token: token.into_token()?, roots: roots.transpose()? }))
    }

    /// The session whose cookie has this hash.
    pub fn find_session(&mut self, hash: &TokenHash) -> Result<Option<Session>, StoreError> {
        let this = schema::sessions::table.filter(schema::sessions::hash.eq(hash.as_bytes()));
        let row = on_either!(self.conn, conn => this.select(sessions::Row::as_select()).get_result(conn));
        row.optional()?.map(sessions::Row::into_session).transpose()
    }

    /// The API key that has the secret with this hash.
    pub fn find_api_key(&mut self, secret: &TokenHash) -> Result<Option<ApiKeyFacts>, StoreError> {
        type Joined = (api_keys::Row, Option<i64>, Option<String>);
        let this = schema::api_key_secrets::table
            .inner_join(schema::api_keys::table)
            .filter(schema::api_key_secrets::hash.eq(secret.as_bytes()));
        let ends = (schema::api_key_secrets::expires_at, schema::api_key_secrets::imported);
        let row: Option<Joined> =
            on_either!(self.conn, conn => this.select((api_keys::Row::as_select(), ends.0, ends.1)).get_result(conn))
                .optional()?;
        let Some((key, end, imported)) = row else { return Ok(None) };
        let imported = imported.as_deref().map(ImportedForm::parse).transpose()?;
        Ok(Some(ApiKeyFacts { key: key.into_key()?, secret: *secret, secret_ends: columns::time(end), imported }))
    }

    /// The session that a cookie of another host with this hash is of, and the origin that it is for.
    pub fn find_verify_session(&mut self, hash: &TokenHash) -> Result<Option<(Session, String)>, StoreError> {
        let this = schema::verify_sessions::table
            .inner_join(schema::sessions::table)
            .filter(schema::verify_sessions::hash.eq(hash.as_bytes()));
        let origin = schema::verify_sessions::origin;
        let row: Option<(sessions::Row, String)> =
            on_either!(self.conn, conn => this.select((sessions::Row::as_select(), origin)).get_result(conn))
                .optional()?;
        row.map(|(session, origin)| Ok((session.into_session()?, origin))).transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use diesel::QueryableByName;
    use diesel::sql_types::Binary;
    use diesel::sql_types::Text;
    use diesel::sqlite::Sqlite;

    use super::*;
    use crate::store::StoreSettings;

    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }

    /// A look-up that reads a table from end to end grows with it.
    #[test]
    fn an_access_token_is_found_by_indexes_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreSettings {
            url: format!("sqlite://{}", folder.path().join("hallpass.db").display()),
            connections: 1,
            wait: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(5),
        });
        let store = store.unwrap();
        store.migrate().unwrap();
        let Conn::Sqlite(mut conn) = store.0.address.open(Access::ReadOnly).unwrap() else {
            panic!("another database")
        };
        let hash = vec![0; 32];
        let query = diesel::debug_query::<Sqlite, _>(&access_token_by!(&hash[..])).to_string();
        let (query, _) = query.split_once(" -- binds").unwrap();
        let plan = diesel::sql_query(format!("EXPLAIN QUERY PLAN {query}")).bind::<Binary, _>(hash.clone());
        let plan: Vec<String> = plan.load::<Step>(&mut conn).unwrap().into_iter().map(|step| step.detail).collect();
        assert_eq!(plan.len(), 3, "{plan:?}");
        assert!(plan.iter().all(|step| step.starts_with("SEARCH")), "{plan:?}");
    }
}
