//! Clients, their secrets and their own roles.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::model::client::AuthMethod;
use crate::model::client::Client;
use crate::model::client::ClientOrigin;
use crate::model::client::GrantType;
use crate::model::id::ClientId;
use crate::model::id::UserId;
use crate::model::listing::ClientFilter;
use crate::model::listing::ClientKey;
use crate::model::listing::Found;
use crate::model::listing::Part;
use crate::model::role::RoleName;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::model::user::Roles;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::conn::on_either;
use crate::store::freshness::Changes;
use crate::store::listing::containing;
use crate::store::listing::lower;
use crate::store::listing::part_by_id;
use crate::store::listing::part_by_text;
use crate::store::roles::AT_ONCE;
use crate::store::roles::RolesHeld;
use crate::store::roles::roles_held;
use crate::store::schema::client_roles;
use crate::store::schema::client_secrets;
use crate::store::schema::client_service_accounts;
use crate::store::schema::clients;

/// The tables `clients`, `client_secrets` and `client_roles`.
pub struct Clients<'t>(&'t mut Conn, &'t mut Changes);

impl Tx<'_> {
    /// Clients, their secrets and their own roles.
    pub fn clients(&mut self) -> Clients<'_> {
        Clients(self.conn, self.changes)
    }
}

/// A client and the roles that it holds.
macro_rules! row_and_roles {
    ($this:expr) => {
        $this.select((Row::as_select(), roles_held!(client_roles by client_id, clients::id)))
    };
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = clients, treat_none_as_default_value = false)]
struct Row {
    id: Vec<u8>,
    client_id: String,
    name: String,
    auth_method: String,
    grant_types: String,
    redirect_uris: String,
    scopes: String,
    needed_scopes: String,
    trusted: bool,
    require_pkce: bool,
    enabled: bool,
    origin: String,
    created_at: i64,
    resources: String,
    jwks: Option<String>,
    jwks_uri: Option<String>,
    require_par: bool,
    require_signed_request: bool,
    dpop_bound: bool,
    metadata: String,
    registration_hash: Option<Vec<u8>>,
    used_at: Option<i64>,
    document_expires_at: Option<i64>,
    openid: String,
    require_second_factor: bool,
    accent: Option<String>,
}

impl Row {
    fn of(client: &Client) -> Self {
        let grant_types: Vec<&str> = client.grant_types.iter().map(|grant| grant.as_str()).collect();
        Row {
            id: client.id.as_bytes().to_vec(),
            client_id: client.client_id.clone(),
            name: client.name.clone(),
            auth_method: client.auth_method.as_str().to_owned(),
            grant_types: grant_types.join(" "),
            redirect_uris: columns::write_redirect_uris(&client.redirect_uris),
            scopes: client.scopes.to_string(),
            needed_scopes: client.needed_scopes.to_string(),
            trusted: client.trusted,
            require_pkce: client.require_pkce,
            enabled: client.enabled,
            origin: client.origin.as_str().to_owned(),
            created_at: client.created_at.millis(),
            resources: columns::write_resources(&client.resources),
            jwks: client.jwks.clone(),
            jwks_uri: client.jwks_uri.clone(),
            require_par: client.require_par,
            require_signed_request: client.require_signed_request,
            dpop_bound: client.dpop_bound,
            metadata: client.metadata.clone(),
            registration_hash: client.registration.map(|hash| hash.as_bytes().to_vec()),
            used_at: client.used_at.map(Timestamp::millis),
            document_expires_at: client.document_expires_at.map(Timestamp::millis),
            openid: columns::write_json(&client.openid),
            require_second_factor: client.require_second_factor,
            accent: client.accent.map(|accent| accent.to_string()),
        }
    }

    fn into_client(self, roles: Roles) -> Result<Client, StoreError> {
        let grant_types: Option<Vec<GrantType>> = self.grant_types.split_whitespace().map(GrantType::parse).collect();
        Ok(Client {
            id: columns::id(&self.id)?,
            client_id: self.client_id,
            name: self.name,
            auth_method: AuthMethod::parse(&self.auth_method)
                .ok_or(StoreError::Corrupt("a client's authentication method is unknown"))?,
            grant_types: grant_types.ok_or(StoreError::Corrupt("a client's grant type is unknown"))?,
            redirect_uris: columns::redirect_uris(&self.redirect_uris)?,
            scopes: columns::scopes(&self.scopes)?,
            needed_scopes: columns::scopes(&self.needed_scopes)?,
            trusted: self.trusted,
            require_pkce: self.require_pkce,
            enabled: self.enabled,
            origin: ClientOrigin::parse(&self.origin).ok_or(StoreError::Corrupt("a client's origin is unknown"))?,
            roles,
            resources: columns::resources(&self.resources)?,
            jwks: self.jwks,
            jwks_uri: self.jwks_uri,
            require_par: self.require_par,
            require_signed_request: self.require_signed_request,
            dpop_bound: self.dpop_bound,
            metadata: self.metadata,
            openid: columns::json(&self.openid)?,
            require_second_factor: self.require_second_factor,
            accent: self.accent.as_deref().map(columns::accent).transpose()?,
            registration: self.registration_hash.as_deref().map(columns::hash).transpose()?,
            created_at: Timestamp::from_millis(self.created_at),
            used_at: columns::time(self.used_at),
            document_expires_at: columns::time(self.document_expires_at),
        })
    }
}

/// A secret that holds.
#[derive(Debug, Clone, Copy)]
pub struct LiveSecret {
    /// When it ends by itself.
    pub ends: Option<Timestamp>,
}

impl Clients<'_> {
    /// The client with this id.
    pub fn find(&mut self, id: ClientId) -> Result<Option<Client>, StoreError> {
        let this = clients::table.filter(clients::id.eq(id.as_bytes()));
        let row = on_either!(self.0, conn => row_and_roles!(this).get_result(conn));
        with_roles(row.optional()?)
    }

    /// The client with this `client_id`.
    pub fn find_by_client_id(&mut self, client_id: &str) -> Result<Option<Client>, StoreError> {
        let this = clients::table.filter(clients::client_id.eq(client_id));
        let row = on_either!(self.0, conn => row_and_roles!(this).get_result(conn));
        with_roles(row.optional()?)
    }

    /// The client with this `client_id` whose registration access token has this hash (RFC 7592 §1.2).
    pub fn find_by_registration(&mut self, client_id: &str, hash: &TokenHash) -> Result<Option<Client>, StoreError> {
        let this = clients::table
            .filter(clients::registration_hash.eq(hash.as_bytes()))
            .filter(clients::client_id.eq(client_id));
        let row = on_either!(self.0, conn => row_and_roles!(this).get_result(conn));
        with_roles(row.optional()?)
    }

    /// Notes that a client was given something at `at`, unless a later time is noted.
    pub fn note_use(&mut self, id: ClientId, at: Timestamp) -> Result<(), StoreError> {
        let this = clients::table
            .filter(clients::id.eq(id.as_bytes()))
            .filter(clients::used_at.is_null().or(clients::used_at.lt(at.millis())));
        diesel::update(this).set(clients::used_at.eq(at.millis())).execute(self.0)?;
        Ok(())
    }

    /// At most `limit` clients behind the id `after`, oldest first.
    pub fn list(&mut self, after: Option<ClientId>, limit: i64) -> Result<Vec<Client>, StoreError> {
        let mut query = clients::table.select(Row::as_select()).order(clients::id).limit(limit).into_boxed();
        if let Some(after) = after {
            query = query.filter(clients::id.gt(after.as_bytes().to_vec()));
        }
        let rows = query.load(self.0)?;
        self.all_with_roles(rows)
    }

    /// A part of the list of those that `filter` lets through.
    pub fn search(&mut self, filter: &ClientFilter, part: &Part<ClientKey>) -> Result<Found<Client>, StoreError> {
        let (all, wanted) = (clients::table.into_boxed(), narrowed(filter));
        let rows = match part.order.by {
            ClientKey::Made => part_by_id!(self.0, part, clients::id, all, wanted, Row, Ok),
            ClientKey::Name => {
                let name = |row: &Row| row.name.clone();
                part_by_text!(self.0, part, clients::name, clients::id, all, wanted, Row, name)
            }
        }?;
        rows.map(|rows| self.all_with_roles(rows))
    }

    /// The clients that people see by this name, which several may have. Reads the whole table.
    pub fn list_called(&mut self, name: &str) -> Result<Vec<Client>, StoreError> {
        let called = clients::table.filter(clients::name.eq(name)).order(clients::id);
        let rows: Vec<Row> = called.select(Row::as_select()).load(self.0)?;
        self.all_with_roles(rows)
    }

    /// `client_id` and name of those of `ids` that there are.
    pub fn names(&mut self, ids: &[ClientId]) -> Result<BTreeMap<ClientId, (String, String)>, StoreError> {
        let ids: BTreeSet<&[u8]> = ids.iter().map(ClientId::as_bytes).collect();
        let columns = (clients::id, clients::client_id, clients::name);
        let rows: Vec<(Vec<u8>, String, String)> =
            clients::table.filter(clients::id.eq_any(ids)).select(columns).load(self.0)?;
        rows.into_iter().map(|(id, client_id, name)| Ok((columns::id(&id)?, (client_id, name)))).collect()
    }

    /// Adds a client, its roles included.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a role is unknown or the `client_id` is taken.
    pub fn insert(&mut self, client: &Client) -> Result<(), StoreError> {
        self.1.note_here(client.id.as_bytes());
        diesel::insert_into(clients::table).values(Row::of(client)).execute(self.0)?;
        for role in client.roles.iter() {
            self.grant_role(client.id, role)?;
        }
        Ok(())
    }

    /// As [`Clients::insert`], for a client without roles. `false` where its `client_id` is taken.
    pub fn insert_if_new(&mut self, client: &Client) -> Result<bool, StoreError> {
        self.1.note_here(client.id.as_bytes());
        let insert = diesel::insert_into(clients::table).values(Row::of(client));
        let inserted = on_either!(self.0, conn => insert.on_conflict(clients::client_id).do_nothing().execute(conn))?;
        Ok(inserted == 1)
    }

    /// Replaces a client's registration; its roles, its origin, when it was used and whether it is enabled stay. `false` where there is
    /// no such client.
    pub fn update(&mut self, client: &Client) -> Result<bool, StoreError> {
        self.1.note(client.id.as_bytes());
        let this = clients::table.filter(clients::id.eq(client.id.as_bytes()));
        let row = Row::of(client);
        let columns = (
            clients::name.eq(row.name),
            clients::auth_method.eq(row.auth_method),
            clients::grant_types.eq(row.grant_types),
            clients::redirect_uris.eq(row.redirect_uris),
            clients::scopes.eq(row.scopes),
            clients::needed_scopes.eq(row.needed_scopes),
            clients::trusted.eq(row.trusted),
            clients::require_pkce.eq(row.require_pkce),
            clients::resources.eq(row.resources),
            clients::jwks.eq(row.jwks),
            clients::jwks_uri.eq(row.jwks_uri),
            clients::require_par.eq(row.require_par),
            clients::require_signed_request.eq(row.require_signed_request),
            clients::dpop_bound.eq(row.dpop_bound),
            clients::metadata.eq(row.metadata),
            clients::registration_hash.eq(row.registration_hash),
            clients::document_expires_at.eq(row.document_expires_at),
            clients::openid.eq(row.openid),
            clients::require_second_factor.eq(row.require_second_factor),
            clients::accent.eq(row.accent),
        );
        Ok(diesel::update(this).set(columns).execute(self.0)? == 1)
    }

    /// Holds the client's row until the end of the transaction, so that what is decided from it stays true. On SQLite
    /// writes come one after another anyway. `false` where there is no such client.
    pub fn lock(&mut self, id: ClientId) -> Result<bool, StoreError> {
        let this = clients::table.filter(clients::id.eq(id.as_bytes())).select(clients::enabled);
        let found: Option<bool> = match self.0 {
            Conn::Postgres(conn) => this.for_no_key_update().get_result(conn).optional()?,
            Conn::Sqlite(conn) => this.get_result(conn).optional()?,
        };
        Ok(found.is_some())
    }

    /// As [`Clients::lock`], together with others who only need that it stays as it is.
    pub fn share(&mut self, id: ClientId) -> Result<(), StoreError> {
        let Conn::Postgres(conn) = self.0 else { return Ok(()) };
        let this = clients::table.filter(clients::id.eq(id.as_bytes())).select(clients::enabled);
        let _found: Option<bool> = this.for_share().get_result(conn).optional()?;
        Ok(())
    }

    /// Replaces a client's own roles.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a role is unknown.
    pub fn set_roles(&mut self, id: ClientId, roles: &Roles) -> Result<(), StoreError> {
        self.1.note(id.as_bytes());
        diesel::delete(client_roles::table.filter(client_roles::client_id.eq(id.as_bytes()))).execute(self.0)?;
        roles.iter().try_for_each(|role| self.grant_role(id, role))
    }

    /// The service accounts that a client may act as (RFC 7523 §2.1).
    pub fn service_accounts(&mut self, id: ClientId) -> Result<Vec<UserId>, StoreError> {
        let rows: Vec<Vec<u8>> = client_service_accounts::table
            .filter(client_service_accounts::client_id.eq(id.as_bytes()))
            .order(client_service_accounts::user_id)
            .select(client_service_accounts::user_id)
            .load(self.0)?;
        rows.iter().map(|id| columns::id(id)).collect()
    }

    /// Replaces the service accounts that a client may act as.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a user is unknown.
    pub fn set_service_accounts(&mut self, id: ClientId, accounts: &[UserId]) -> Result<(), StoreError> {
        let these = client_service_accounts::table.filter(client_service_accounts::client_id.eq(id.as_bytes()));
        diesel::delete(these).execute(self.0)?;
        for account in accounts {
            let row = (
                client_service_accounts::client_id.eq(id.as_bytes()),
                client_service_accounts::user_id.eq(account.as_bytes()),
            );
            diesel::insert_into(client_service_accounts::table).values(row).execute(self.0)?;
        }
        Ok(())
    }

    /// Enables or disables a client. `false` where it was so already, or there is no such client.
    pub fn set_enabled(&mut self, id: ClientId, enabled: bool) -> Result<bool, StoreError> {
        self.1.note(id.as_bytes());
        let this = clients::table.filter(clients::id.eq(id.as_bytes())).filter(clients::enabled.ne(enabled));
        Ok(diesel::update(this).set(clients::enabled.eq(enabled)).execute(self.0)? == 1)
    }

    /// Deletes a client and all that hangs on it. `false` where there is no such client.
    pub fn delete(&mut self, id: ClientId) -> Result<bool, StoreError> {
        self.1.note(id.as_bytes());
        Ok(diesel::delete(clients::table.filter(clients::id.eq(id.as_bytes()))).execute(self.0)? == 1)
    }

    /// Adds a secret beside those there are.
    pub fn add_secret(&mut self, id: ClientId, hash: &TokenHash, now: Timestamp) -> Result<(), StoreError> {
        self.1.note_here(hash.as_bytes());
        let row = (
            client_secrets::hash.eq(hash.as_bytes()),
            client_secrets::client_id.eq(id.as_bytes()),
            client_secrets::created_at.eq(now.millis()),
        );
        diesel::insert_into(client_secrets::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// Lets the secrets there are end at `end`, those that end sooner excepted; where `end` has come, they are gone.
    pub fn end_secrets(&mut self, id: ClientId, end: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        self.1.note(id.as_bytes());
        let these = client_secrets::table.filter(client_secrets::client_id.eq(id.as_bytes()));
        if end.is_past(now) {
            diesel::delete(these).execute(self.0)?;
            return Ok(());
        }
        let longer = these.filter(client_secrets::expires_at.is_null().or(client_secrets::expires_at.gt(end.millis())));
        diesel::update(longer).set(client_secrets::expires_at.eq(end.millis())).execute(self.0)?;
        Ok(())
    }

    /// Adds a secret that was made elsewhere.
    pub fn add_imported_secret(&mut self, id: ClientId, hash: &TokenHash, now: Timestamp) -> Result<(), StoreError> {
        let row = (
            client_secrets::hash.eq(hash.as_bytes()),
            client_secrets::client_id.eq(id.as_bytes()),
            client_secrets::created_at.eq(now.millis()),
            client_secrets::imported.eq(true),
        );
        diesel::insert_into(client_secrets::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// The secret of this client that has `hash`, if it holds at `now`; made elsewhere or not, as `imported` says.
    pub fn live_secret(
        &mut self,
        id: ClientId,
        hash: &TokenHash,
        imported: bool,
        now: Timestamp,
    ) -> Result<Option<LiveSecret>, StoreError> {
        let this = client_secrets::table
            .filter(client_secrets::hash.eq(hash.as_bytes()))
            .filter(client_secrets::client_id.eq(id.as_bytes()))
            .filter(client_secrets::imported.eq(imported))
            .select(client_secrets::expires_at);
        let ends: Option<Option<i64>> = on_either!(self.0, conn => this.get_result(conn)).optional()?;
        let secret = ends.map(|end| LiveSecret { ends: columns::time(end) });
        Ok(secret.filter(|secret| !secret.ends.is_some_and(|end| end.is_past(now))))
    }

    /// The client that has the secret with this hash, whether that holds or not, and when it ends.
    pub fn find_by_secret(&mut self, hash: &TokenHash) -> Result<Option<(ClientId, Option<Timestamp>)>, StoreError> {
        let row: Option<(Vec<u8>, Option<i64>)> = client_secrets::table
            .filter(client_secrets::hash.eq(hash.as_bytes()))
            .select((client_secrets::client_id, client_secrets::expires_at))
            .get_result(self.0)
            .optional()?;
        row.map(|(client, end)| Ok((columns::id(&client)?, columns::time(end)))).transpose()
    }

    /// Takes one secret away. `false` where it is gone already.
    pub fn delete_secret(&mut self, hash: &TokenHash) -> Result<bool, StoreError> {
        self.1.note(hash.as_bytes());
        let this = client_secrets::table.filter(client_secrets::hash.eq(hash.as_bytes()));
        Ok(diesel::delete(this).execute(self.0)? == 1)
    }

    fn grant_role(&mut self, id: ClientId, role: &RoleName) -> Result<(), StoreError> {
        let row = (client_roles::client_id.eq(id.as_bytes()), client_roles::role_name.eq(role.as_str()));
        diesel::insert_into(client_roles::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// Reads the roles of all of them in one statement.
    fn all_with_roles(&mut self, rows: Vec<Row>) -> Result<Vec<Client>, StoreError> {
        let ids: Vec<&[u8]> = rows.iter().map(|row| row.id.as_slice()).collect();
        let mut held = RolesHeld::default();
        for ids in ids.chunks(AT_ONCE) {
            let these = client_roles::table.filter(client_roles::client_id.eq_any(ids.iter().copied()));
            held.add(these.select((client_roles::client_id, client_roles::role_name)).load(self.0)?)?;
        }
        rows.into_iter()
            .map(|row| {
                let roles = held.take(&row.id);
                row.into_client(roles)
            })
            .collect()
    }
}

/// What `filter` lets through.
fn narrowed(filter: &ClientFilter) -> clients::BoxedQuery<'static, <Conn as Connection>::Backend> {
    let mut query = clients::table.into_boxed();
    if let Some(text) = &filter.text {
        let text = containing(text);
        let named = lower(clients::client_id).like(lower(text.clone())).escape('\\');
        query = query.filter(named.or(lower(clients::name).like(lower(text)).escape('\\')));
    }
    if let Some(enabled) = filter.enabled {
        query = query.filter(clients::enabled.eq(enabled));
    }
    if let Some(since) = filter.unused_since.map(Timestamp::millis) {
        // A client that was never used is unused since it was registered.
        let never = clients::used_at.is_null().and(clients::created_at.lt(since));
        query = query.filter(clients::used_at.lt(since).or(never).assume_not_null());
    }
    query
}

fn with_roles(row: Option<(Row, Option<String>)>) -> Result<Option<Client>, StoreError> {
    let Some((row, roles)) = row else { return Ok(None) };
    row.into_client(columns::shared_role_lines(&roles.unwrap_or_default())?).map(Some)
}
