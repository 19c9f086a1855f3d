//! The hot path: from the hash that a request presents to all that is true of it now. Nothing here decides; the
//! facts go up to `domain::authenticate`.

use std::sync::Arc;

use diesel::prelude::*;

use crate::model::api_key::ApiKey;
use crate::model::grant::AccessToken;
use crate::model::id::FamilyId;
use crate::model::id::GrantId;
use crate::model::scope::Scope;
use crate::model::session::Session;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::model::user::Owner;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::access_tokens;
use crate::store::api_keys;
use crate::store::api_keys::ImportedForm;
use crate::store::columns;
use crate::store::conn::Address;
use crate::store::conn::Conn;
use crate::store::conn::on_either;
use crate::store::freshness::Changes;
use crate::store::roles::roles_held;
use crate::store::schema;
use crate::store::sessions;
use crate::store::snapshots::Sees;
use crate::store::transaction::on_living;

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
            Address::Sqlite(_) => self
                .look(Sees::OneState, |conn| job(&mut Tx { conn, changes: &mut Changes::default(), is_sure: false })),
        }
    }

    /// What is true of a credential. It is one statement, which sees one state of the database by itself and needs no
    /// transaction around it: on PostgreSQL that is one message there and back instead of three.
    ///
    /// # Errors
    /// What the database says.
    pub async fn facts(&self, of: Wanted) -> Result<Option<Facts>, StoreError> {
        match &self.0.address {
            Address::Postgres { .. } => {
                let inner = Arc::clone(&self.0);
                self.0.threads.run(move || Ok(on_living(&inner.readers, |conn| Self::ask(conn, &of))?.1)).await
            }
            Address::Sqlite(_) => self.look(Sees::OneEach, |conn| Self::ask(conn, &of)),
        }
    }

    fn ask(conn: &mut Conn, of: &Wanted) -> Result<Option<Facts>, StoreError> {
        Tx { conn, changes: &mut Changes::default(), is_sure: false }.facts(of)
    }
}

/// The hash of a credential that is presented.
#[derive(Debug, Clone, Copy)]
pub enum Wanted {
    /// Of an access token.
    AccessToken(TokenHash),
    /// Of the secret of an API key.
    ApiSecret(TokenHash),
    /// Of the cookie of a session.
    Session(TokenHash),
    /// Of the cookie that another host has of a session.
    VerifySession(TokenHash),
}

/// What is true of a credential.
#[derive(Debug)]
pub enum Facts {
    /// Of an access token.
    AccessToken(Box<AccessTokenFacts>),
    /// Of an API key.
    ApiKey(Box<ApiKeyFacts>),
    /// Of a session.
    Session(Box<SessionFacts>),
    /// Of a session at another host, and the origin of that.
    VerifySession(Box<SessionFacts>, String),
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
    pub owner: Owner,
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

/// What is true of a session whose cookie is presented.
#[derive(Debug)]
pub struct SessionFacts {
    /// The session.
    pub session: Session,
    /// Who is in it.
    pub owner: Owner,
}

/// What is true of a presented API secret.
#[derive(Debug)]
pub struct ApiKeyFacts {
    /// Its key.
    pub key: ApiKey,
    /// Whose it is.
    pub owner: Owner,
    /// The hash of this secret.
    pub secret: TokenHash,
    /// When this secret ends; its key may go on.
    pub secret_ends: Option<Timestamp>,
    /// How it may be presented, where it was made elsewhere.
    pub imported: Option<ImportedForm>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::users)]
struct OwnerRow {
    id: Vec<u8>,
    username: String,
    email: Option<String>,
    full_name: String,
    enabled: bool,
}

/// A user, and the roles as `roles_held!` reads them.
type Owned = (OwnerRow, Option<String>);

fn owner((row, roles): Owned) -> Result<Owner, StoreError> {
    Ok(Owner {
        id: columns::id(&row.id)?,
        username: row.username,
        email: row.email,
        full_name: row.full_name,
        enabled: row.enabled,
        roles: columns::shared_role_lines(roles.as_deref().unwrap_or_default())?,
    })
}

/// An access token, its family, its grant and its user: one table joined after the other. SQLite would read all families
/// that there are for what is joined with a join.
macro_rules! access_token_by {
    ($hash:expr) => {
        schema::access_tokens::table
            .left_join(schema::families::table)
            .left_join(schema::grants::table.on(schema::grants::id.eq(schema::families::grant_id)))
            .left_join(schema::users::table.on(schema::users::id.eq(schema::families::user_id)))
            .filter(schema::access_tokens::hash.eq($hash))
            .select((
                access_tokens::Row::as_select(),
                Option::<FamilyRow>::as_select(),
                Option::<GrantRow>::as_select(),
                Option::<OwnerRow>::as_select(),
                roles_held!(user_roles by user_id, schema::users::id),
            ))
    };
}

/// An API key and its user, by the hash of a secret.
macro_rules! api_key_by {
    ($hash:expr) => {
        schema::api_key_secrets::table
            .inner_join(schema::api_keys::table.inner_join(schema::users::table))
            .filter(schema::api_key_secrets::hash.eq($hash))
            .select((
                api_keys::Row::as_select(),
                schema::api_key_secrets::expires_at,
                schema::api_key_secrets::imported,
                (OwnerRow::as_select(), roles_held!(user_roles by user_id, schema::users::id)),
            ))
    };
}

/// A session and its user, by the hash of its cookie.
macro_rules! session_by {
    ($hash:expr) => {
        schema::sessions::table
            .inner_join(schema::users::table)
            .filter(schema::sessions::hash.eq($hash))
            .select((sessions::Row::as_select(), (OwnerRow::as_select(), roles_held!(user_roles by user_id, schema::users::id))))
    };
}

/// The same by the hash of a cookie of another host, with that host's origin.
macro_rules! verify_session_by {
    ($hash:expr) => {
        schema::verify_sessions::table
            .inner_join(schema::sessions::table.inner_join(schema::users::table))
            .filter(schema::verify_sessions::hash.eq($hash))
            .select((
                sessions::Row::as_select(),
                schema::verify_sessions::origin,
                (OwnerRow::as_select(), roles_held!(user_roles by user_id, schema::users::id)),
            ))
    };
}

impl Tx<'_> {
    /// What is true of a credential, by one statement.
    pub fn facts(&mut self, of: &Wanted) -> Result<Option<Facts>, StoreError> {
        Ok(match of {
            Wanted::AccessToken(hash) => self.find_access_token(hash)?.map(|facts| Facts::AccessToken(Box::new(facts))),
            Wanted::ApiSecret(hash) => self.find_api_key(hash)?.map(|facts| Facts::ApiKey(Box::new(facts))),
            Wanted::Session(hash) => self.find_session(hash)?.map(|facts| Facts::Session(Box::new(facts))),
            Wanted::VerifySession(hash) => {
                self.find_verify_session(hash)?.map(|(facts, origin)| Facts::VerifySession(Box::new(facts), origin))
            }
        })
    }

    /// The access token with this hash, and what it hangs on.
    pub fn find_access_token(&mut self, hash: &TokenHash) -> Result<Option<AccessTokenFacts>, StoreError> {
        type Joined = (access_tokens::Row, Option<FamilyRow>, Option<GrantRow>, Option<OwnerRow>, Option<String>);
        let row: Option<Joined> =
            on_either!(self.conn, conn => access_token_by!(hash.as_bytes()).get_result(conn)).optional()?;
        let Some((token, family, grant, user, roles)) = row else { return Ok(None) };
        let roots = family.zip(grant).zip(user).map(|((family, grant), user)| {
            let ends = [Some(family.expires_at), grant.expires_at];
            Ok::<_, StoreError>(Roots {
                family: columns::id(&family.id)?,
                grant: columns::id(&grant.id)?,
                owner: owner((user, roles))?,
                scopes: columns::scopes(&grant.scopes)?,
                expires_at: Timestamp::from_millis(ends.into_iter().flatten().min().unwrap_or_default()),
                are_ended: family.ended_at.is_some() || grant.revoked_at.is_some(),
            })
        });
        Ok(Some(AccessTokenFacts { token: token.into_token()?, roots: roots.transpose()? }))
    }

    /// The session whose cookie has this hash.
    pub fn find_session(&mut self, hash: &TokenHash) -> Result<Option<SessionFacts>, StoreError> {
        let row: Option<(sessions::Row, Owned)> =
            on_either!(self.conn, conn => session_by!(hash.as_bytes()).get_result(conn)).optional()?;
        row.map(|(session, user)| session_facts(session, user)).transpose()
    }

    /// The API key that has the secret with this hash.
    pub fn find_api_key(&mut self, secret: &TokenHash) -> Result<Option<ApiKeyFacts>, StoreError> {
        type Joined = (api_keys::Row, Option<i64>, Option<String>, Owned);
        let row: Option<Joined> =
            on_either!(self.conn, conn => api_key_by!(secret.as_bytes()).get_result(conn)).optional()?;
        let Some((key, end, imported, user)) = row else { return Ok(None) };
        let imported = imported.as_deref().map(ImportedForm::parse).transpose()?;
        let (key, owner) = (key.into_key()?, owner(user)?);
        Ok(Some(ApiKeyFacts { key, owner, secret: *secret, secret_ends: columns::time(end), imported }))
    }

    /// The session that a cookie of another host with this hash is of, and the origin that it is for.
    pub fn find_verify_session(&mut self, hash: &TokenHash) -> Result<Option<(SessionFacts, String)>, StoreError> {
        let row: Option<(sessions::Row, String, Owned)> =
            on_either!(self.conn, conn => verify_session_by!(hash.as_bytes()).get_result(conn)).optional()?;
        row.map(|(session, origin, user)| Ok((session_facts(session, user)?, origin))).transpose()
    }
}

fn session_facts(session: sessions::Row, user: Owned) -> Result<SessionFacts, StoreError> {
    Ok(SessionFacts { session: session.into_session()?, owner: owner(user)? })
}

#[cfg(test)]
mod tests {
    use diesel::sqlite::Sqlite;

    use super::*;
    use crate::store::plan;

    #[test]
    fn credentials_are_found_by_indexes_alone() {
        let hash = [0_u8; 32];
        let plans = plan::steps([
            diesel::debug_query::<Sqlite, _>(&access_token_by!(&hash[..])).to_string(),
            diesel::debug_query::<Sqlite, _>(&api_key_by!(&hash[..])).to_string(),
            diesel::debug_query::<Sqlite, _>(&session_by!(&hash[..])).to_string(),
            diesel::debug_query::<Sqlite, _>(&verify_session_by!(&hash[..])).to_string(),
        ]);
        for (tables, plan) in [4, 3, 2, 3].into_iter().zip(plans) {
            // And the roles, which are a question of their own within it.
            assert_eq!((plan::searches(&plan), plan.len()), (tables + 1, tables + 2), "{plan:?}");
            assert!(plan.iter().any(|step| step.starts_with("CORRELATED SCALAR SUBQUERY")), "{plan:?}");
        }
    }
}
