//! API keys and the hashes of their secrets.

use diesel::dsl::exists;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use ipnet::IpNet;

use crate::model::api_key::ApiKey;
use crate::model::api_key::KeyAccess;
use crate::model::api_key::KeyKind;
use crate::model::api_key::LastUse;
use crate::model::id::ApiKeyId;
use crate::model::id::UserId;
use crate::model::key_limits::KeyLimits;
use crate::model::listing::Found;
use crate::model::listing::KeyFilter;
use crate::model::listing::KeyKey;
use crate::model::listing::Part;
use crate::model::time::Timestamp;
use crate::model::token::ApiKeyName;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::freshness::Changes;
use crate::store::listing::containing;
use crate::store::listing::lower;
use crate::store::listing::part_by_id;
use crate::store::listing::part_by_key;
use crate::store::schema::api_key_secrets;
use crate::store::schema::api_keys;
use crate::store::schema::client_secrets;

/// The tables `api_keys` and `api_key_secrets`.
pub struct ApiKeys<'t>(&'t mut Conn, &'t mut Changes);

impl Tx<'_> {
    /// API keys and the hashes of their secrets.
    pub fn api_keys(&mut self) -> ApiKeys<'_> {
        ApiKeys(self.conn, self.changes)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys, treat_none_as_default_value = false)]
pub(super) struct Row {
    id: Vec<u8>,
    user_id: Vec<u8>,
    api_key: String,
    name: String,
    full_access: bool,
    scopes: String,
    roles: Option<String>,
    allowed_addresses: String,
    enabled: bool,
    created_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    last_used_at: Option<i64>,
    imported: bool,
    decoy: bool,
    limits: String,
    trial_until: Option<i64>,
    replaces: Option<Vec<u8>>,
    last_used_address: Option<String>,
    last_used_agent: Option<String>,
    alarmed_at: Option<i64>,
}

impl Row {
    pub(super) fn into_key(self) -> Result<ApiKey, StoreError> {
        let access = if self.full_access { KeyAccess::Full } else { KeyAccess::Scopes(columns::scopes(&self.scopes)?) };
        let addresses: Result<Vec<IpNet>, _> = self.allowed_addresses.split_whitespace().map(str::parse).collect();
        Ok(ApiKey {
            id: columns::id(&self.id)?,
            user: columns::id(&self.user_id)?,
            api_key: ApiKeyName::parse_any(&self.api_key).ok_or(StoreError::Corrupt("an API key is not one"))?,
            name: self.name,
            access,
            roles: self.roles.as_deref().map(columns::role_lines).transpose()?,
            allowed_addresses: addresses.map_err(|_| StoreError::Corrupt("an allowed address is not one"))?,
            enabled: self.enabled,
            created_at: Timestamp::from_millis(self.created_at),
            expires_at: columns::time(self.expires_at),
            revoked_at: columns::time(self.revoked_at),
            last_use: columns::time(self.last_used_at).map(|at| LastUse {
                at,
                address: self.last_used_address,
                agent: self.last_used_agent,
            }),
            limits: KeyLimits::parse(&self.limits).map_err(|_| StoreError::Corrupt("a key's limits are none"))?,
            is_imported: self.imported,
            is_decoy: self.decoy,
            trial_until: columns::time(self.trial_until),
            replaces: self.replaces.as_deref().map(columns::id).transpose()?,
            alarmed_at: columns::time(self.alarmed_at),
        })
    }
}

impl ApiKeys<'_> {
    /// Adds a key with its first secret.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where its user is gone.
    pub fn insert(&mut self, key: &ApiKey, secret: &TokenHash) -> Result<(), StoreError> {
        self.insert_row(key)?;
        self.add_secret(key.id, secret, key.created_at)
    }

    /// Adds a key that was made elsewhere, with its secret.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where its user is gone, or a key of its name or with its secret is there.
    pub fn insert_imported(&mut self, key: &ApiKey, secret: &TokenHash, shown: ImportedForm) -> Result<(), StoreError> {
        self.insert_row(key)?;
        let row = (
            api_key_secrets::hash.eq(secret.as_bytes()),
            api_key_secrets::key_id.eq(key.id.as_bytes()),
            api_key_secrets::created_at.eq(key.created_at.millis()),
            api_key_secrets::imported.eq(shown.as_str()),
        );
        diesel::insert_into(api_key_secrets::table).values(row).execute(self.0)?;
        Ok(())
    }

    fn insert_row(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        let (full_access, scopes) = match &key.access {
            KeyAccess::Full => (true, String::new()),
            KeyAccess::Scopes(scopes) => (false, scopes.to_string()),
        };
        let addresses: Vec<String> = key.allowed_addresses.iter().map(IpNet::to_string).collect();
        let row = Row {
            id: key.id.as_bytes().to_vec(),
            user_id: key.user.as_bytes().to_vec(),
            api_key: key.api_key.as_str().to_owned(),
            name: key.name.clone(),
            full_access,
            scopes,
            roles: key.roles.as_ref().map(columns::write_role_lines),
            allowed_addresses: addresses.join(" "),
            enabled: key.enabled,
            created_at: key.created_at.millis(),
            expires_at: key.expires_at.map(Timestamp::millis),
            revoked_at: None,
            last_used_at: None,
            imported: key.is_imported,
            decoy: key.is_decoy,
            limits: key.limits.to_string(),
            trial_until: None,
            replaces: key.replaces.map(|id| id.as_bytes().to_vec()),
            last_used_address: None,
            last_used_agent: None,
            alarmed_at: None,
        };
        diesel::insert_into(api_keys::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// The key with this id.
    pub fn find(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        let row = api_keys::table.filter(api_keys::id.eq(id.as_bytes())).select(Row::as_select()).get_result(self.0);
        row.optional()?.map(Row::into_key).transpose()
    }

    /// The key with this public half, revoked or not.
    pub fn find_by_name(&mut self, name: &ApiKeyName) -> Result<Option<ApiKey>, StoreError> {
        let row =
            api_keys::table.filter(api_keys::api_key.eq(name.as_str())).select(Row::as_select()).get_result(self.0);
        row.optional()?.map(Row::into_key).transpose()
    }

    /// A user's keys that were not revoked, oldest first.
    pub fn list_of(&mut self, user: UserId) -> Result<Vec<ApiKey>, StoreError> {
        let rows: Vec<Row> = api_keys::table
            .filter(api_keys::user_id.eq(user.as_bytes()))
            .filter(api_keys::revoked_at.is_null())
            .order(api_keys::id)
            .select(Row::as_select())
            .load(self.0)?;
        rows.into_iter().map(Row::into_key).collect()
    }

    /// At most `limit` keys behind the id `after` that were not revoked, oldest first: those of one user, or
    /// everybody's.
    pub fn list(&mut self, of: Option<UserId>, after: Option<ApiKeyId>, limit: i64) -> Result<Vec<ApiKey>, StoreError> {
        self.list_of_kind(&KeyKind { user: of, ..KeyKind::default() }, after, limit)
    }

    /// At most `limit` keys of this kind behind the id `after` that were not revoked, oldest first.
    pub fn list_of_kind(
        &mut self,
        kind: &KeyKind,
        after: Option<ApiKeyId>,
        limit: i64,
    ) -> Result<Vec<ApiKey>, StoreError> {
        let mut query = of_kind(kind).order(api_keys::id).limit(limit);
        if let Some(after) = after {
            query = query.filter(api_keys::id.gt(after.as_bytes().to_vec()));
        }
        let rows: Vec<Row> = query.select(Row::as_select()).load(self.0)?;
        rows.into_iter().map(Row::into_key).collect()
    }

    /// A part of the list of those that `filter` lets through.
    pub fn search(&mut self, filter: &KeyFilter, part: &Part<KeyKey>) -> Result<Found<ApiKey>, StoreError> {
        // A user's keys are found by another index, and are few.
        let all = of_kind(&KeyKind { user: filter.kind.user, ..KeyKind::default() });
        let wanted = narrowed(filter);
        match part.order.by {
            KeyKey::Made => part_by_id!(self.0, part, api_keys::id, all, wanted, Row, Row::into_key),
            KeyKey::End => part_by_key!(
                self.0,
                part,
                end(),
                api_keys::id,
                all,
                wanted,
                Row,
                Row::into_key,
                i64,
                |key: &String| key.parse::<i64>().unwrap_or(i64::MAX),
                i64::to_string,
                |row: &Row| row.expires_at.unwrap_or(i64::MAX)
            ),
        }
    }

    /// How many keys a user has that were not revoked.
    pub fn count_of(&mut self, user: UserId) -> Result<i64, StoreError> {
        let these =
            api_keys::table.filter(api_keys::user_id.eq(user.as_bytes())).filter(api_keys::revoked_at.is_null());
        Ok(these.count().get_result(self.0)?)
    }

    /// Adds a secret beside those there are.
    pub fn add_secret(&mut self, id: ApiKeyId, hash: &TokenHash, now: Timestamp) -> Result<(), StoreError> {
        let row = (
            api_key_secrets::hash.eq(hash.as_bytes()),
            api_key_secrets::key_id.eq(id.as_bytes()),
            api_key_secrets::created_at.eq(now.millis()),
        );
        diesel::insert_into(api_key_secrets::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// Lets the secrets there are end at `end`, those that end sooner excepted; where `end` has come, they are gone.
    pub fn end_secrets(&mut self, id: ApiKeyId, end: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        self.1.note(id.as_bytes());
        let these = api_key_secrets::table.filter(api_key_secrets::key_id.eq(id.as_bytes()));
        if end.is_past(now) {
            diesel::delete(these).execute(self.0)?;
            return Ok(());
        }
        let longer =
            these.filter(api_key_secrets::expires_at.is_null().or(api_key_secrets::expires_at.gt(end.millis())));
        diesel::update(longer).set(api_key_secrets::expires_at.eq(end.millis())).execute(self.0)?;
        Ok(())
    }

    /// Until when a secret that was replaced still works; `None` where none does.
    pub fn overlaps_until(&mut self, id: ApiKeyId, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let latest: Option<i64> = api_key_secrets::table
            .filter(api_key_secrets::key_id.eq(id.as_bytes()))
            .filter(api_key_secrets::expires_at.gt(now.millis()))
            .select(diesel::dsl::max(api_key_secrets::expires_at))
            .get_result(self.0)?;
        Ok(latest.map(Timestamp::from_millis))
    }

    /// Holds the key's row until the end of the transaction. `false` where it is gone or revoked.
    pub fn lock_live(&mut self, id: ApiKeyId) -> Result<bool, StoreError> {
        let this = api_keys::table
            .filter(api_keys::id.eq(id.as_bytes()))
            .filter(api_keys::revoked_at.is_null())
            .select(api_keys::enabled);
        let found: Option<bool> = match self.0 {
            Conn::Postgres(conn) => this.for_no_key_update().get_result(conn).optional()?,
            Conn::Sqlite(conn) => this.get_result(conn).optional()?,
        };
        Ok(found.is_some())
    }

    /// Replaces all that can change in a key by what `key` says. `false` where it was revoked, or there is none.
    pub fn change(&mut self, key: &ApiKey) -> Result<bool, StoreError> {
        self.1.note(key.id.as_bytes());
        let this = api_keys::table.filter(api_keys::id.eq(key.id.as_bytes())).filter(api_keys::revoked_at.is_null());
        let addresses: Vec<String> = key.allowed_addresses.iter().map(IpNet::to_string).collect();
        let columns = (
            api_keys::name.eq(&key.name),
            api_keys::enabled.eq(key.enabled),
            api_keys::expires_at.eq(key.expires_at.map(Timestamp::millis)),
            api_keys::allowed_addresses.eq(addresses.join(" ")),
            api_keys::limits.eq(key.limits.to_string()),
            api_keys::trial_until.eq(key.trial_until.map(Timestamp::millis)),
        );
        Ok(diesel::update(this).set(columns).execute(self.0)? == 1)
    }

    /// Notes that a decoy is tried, unless that was noted since `before`. `false` where it was.
    pub fn note_alarm(&mut self, id: ApiKeyId, before: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
        let this = api_keys::table
            .filter(api_keys::id.eq(id.as_bytes()))
            .filter(api_keys::alarmed_at.is_null().or(api_keys::alarmed_at.le(before.millis())));
        Ok(diesel::update(this).set(api_keys::alarmed_at.eq(now.millis())).execute(self.0)? == 1)
    }

    /// Revokes a key for good. `false` where it was revoked already, or there is none.
    pub fn revoke(&mut self, id: ApiKeyId, now: Timestamp) -> Result<bool, StoreError> {
        self.1.note(id.as_bytes());
        let this = api_keys::table.filter(api_keys::id.eq(id.as_bytes())).filter(api_keys::revoked_at.is_null());
        Ok(diesel::update(this).set(api_keys::revoked_at.eq(now.millis())).execute(self.0)? == 1)
    }

    /// Whether any key or client has a secret that was made elsewhere.
    pub fn any_imported(&mut self) -> Result<bool, StoreError> {
        let keys = api_key_secrets::table.filter(api_key_secrets::imported.is_not_null());
        let clients = client_secrets::table.filter(client_secrets::imported.eq(true));
        Ok(diesel::select(exists(keys)).get_result(self.0)? || diesel::select(exists(clients)).get_result(self.0)?)
    }
}

/// When a key ends, as the index `api_keys_by_end` has it: one that does not end by itself ends last.
fn end() -> SqlLiteral<BigInt> {
    sql::<BigInt>("COALESCE(api_keys.expires_at, 9223372036854775807)")
}

/// The keys of this kind that were not revoked.
fn of_kind(kind: &KeyKind) -> api_keys::BoxedQuery<'static, <Conn as Connection>::Backend> {
    let mut query = api_keys::table.filter(api_keys::revoked_at.is_null()).into_boxed();
    if let Some(user) = kind.user {
        query = query.filter(api_keys::user_id.eq(user.as_bytes().to_vec()));
    }
    if let Some(imported) = kind.imported {
        query = query.filter(api_keys::imported.eq(imported));
    }
    if let Some(decoy) = kind.decoy {
        query = query.filter(api_keys::decoy.eq(decoy));
    }
    if let Some(enabled) = kind.enabled {
        query = query.filter(api_keys::enabled.eq(enabled));
    }
    if let Some(since) = kind.unused_since.map(Timestamp::millis) {
        // A key that was never used is unused since it was made.
        let never = api_keys::last_used_at.is_null().and(api_keys::created_at.lt(since));
        query = query.filter(api_keys::last_used_at.lt(since).or(never).assume_not_null());
    }
    if let Some(end) = kind.expires_before {
        query = query.filter(api_keys::expires_at.lt(end.millis()));
    }
    query
}

/// What `filter` lets through.
fn narrowed(filter: &KeyFilter) -> api_keys::BoxedQuery<'static, <Conn as Connection>::Backend> {
    let mut query = of_kind(&filter.kind);
    if let Some(text) = &filter.text {
        let text = containing(text);
        let named = lower(api_keys::api_key).like(lower(text.clone())).escape('\\');
        query = query.filter(named.or(lower(api_keys::name).like(lower(text)).escape('\\')));
    }
    if let Some(end) = filter.expires_after {
        query =
            query.filter(api_keys::expires_at.is_null().or(api_keys::expires_at.assume_not_null().ge(end.millis())));
    }
    query
}

/// How the secret of an imported key may be presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportedForm {
    /// With its public half beside it: it may be too short to stand alone.
    Pair,
    /// Alone as well.
    Alone,
}

impl ImportedForm {
    const fn as_str(self) -> &'static str {
        match self {
            ImportedForm::Pair => "pair",
            ImportedForm::Alone => "alone",
        }
    }

    /// Reads what stands in the column.
    pub(super) fn parse(text: &str) -> Result<Self, StoreError> {
        match text {
            "pair" => Ok(ImportedForm::Pair),
            "alone" => Ok(ImportedForm::Alone),
            _ => Err(StoreError::Corrupt("an imported secret has no known form")),
        }
    }
}
