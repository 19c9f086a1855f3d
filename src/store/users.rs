//! Users and the roles they hold.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use diesel::dsl::exists;
use diesel::dsl::not;
use diesel::prelude::*;

use crate::model::email::Email;
use crate::model::id::UserId;
use crate::model::listing::Found;
use crate::model::listing::Part;
use crate::model::listing::UserFilter;
use crate::model::listing::UserKey;
use crate::model::password::PasswordHash;
use crate::model::role::RoleName;
use crate::model::time::Timestamp;
use crate::model::user::Roles;
use crate::model::user::User;
use crate::model::user::UserChanges;
use crate::model::user::UserKind;
use crate::model::username::Username;
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
use crate::store::schema::passkeys;
use crate::store::schema::roles;
use crate::store::schema::totp_factors;
use crate::store::schema::user_roles;
use crate::store::schema::users;

/// The tables `users` and `user_roles`.
pub struct Users<'t>(&'t mut Conn, &'t mut Changes);

impl Tx<'_> {
    /// Users and the roles they hold.
    pub fn users(&mut self) -> Users<'_> {
        Users(self.conn, self.changes)
    }
}

/// A user and the roles that it holds.
macro_rules! row_and_roles {
    ($this:expr) => {
        $this.select((Row::as_select(), roles_held!(user_roles by user_id, users::id)))
    };
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
struct Row {
    id: Vec<u8>,
    username: String,
    username_canonical: String,
    email: Option<String>,
    email_canonical: Option<String>,
    full_name: String,
    kind: String,
    enabled: bool,
    created_at: i64,
    last_login_at: Option<i64>,
    claims: String,
    updated_at: Option<i64>,
}

impl Row {
    fn into_user(self, roles: Roles) -> Result<User, StoreError> {
        let email = self.email.as_deref().map(Email::parse).transpose();
        Ok(User {
            id: columns::id(&self.id)?,
            username: Username::parse(&self.username).map_err(|_| StoreError::Corrupt("a user name is not one"))?,
            email: email.map_err(|_| StoreError::Corrupt("an e-mail address is not one"))?,
            full_name: self.full_name,
            kind: UserKind::parse(&self.kind).ok_or(StoreError::Corrupt("a kind of user is unknown"))?,
            enabled: self.enabled,
            roles,
            created_at: Timestamp::from_millis(self.created_at),
            claims: columns::json(&self.claims)?,
            updated_at: columns::time(self.updated_at),
            last_login_at: columns::time(self.last_login_at),
        })
    }
}

impl Users<'_> {
    /// The user with this id.
    pub fn find(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        let this = users::table.filter(users::id.eq(id.as_bytes()));
        let row = on_either!(self.0, conn => row_and_roles!(this).get_result(conn));
        with_roles(row.optional()?)
    }

    /// The user whose canonical name, or canonical address where it contains `@`, is `canonical`.
    pub fn find_by_login(&mut self, canonical: &str) -> Result<Option<User>, StoreError> {
        let row = if canonical.contains('@') {
            let this = users::table.filter(users::email_canonical.eq(canonical));
            on_either!(self.0, conn => row_and_roles!(this).get_result(conn))
        } else {
            let this = users::table.filter(users::username_canonical.eq(canonical));
            on_either!(self.0, conn => row_and_roles!(this).get_result(conn))
        };
        with_roles(row.optional()?)
    }

    /// The id of the user that [`Users::find_by_login`] finds. It is the same work where there is none.
    pub fn find_id_by_login(&mut self, canonical: &str) -> Result<Option<UserId>, StoreError> {
        let id: Option<Vec<u8>> = if canonical.contains('@') {
            users::table.filter(users::email_canonical.eq(canonical)).select(users::id).get_result(self.0).optional()?
        } else {
            let named = users::table.filter(users::username_canonical.eq(canonical));
            named.select(users::id).get_result(self.0).optional()?
        };
        id.as_deref().map(columns::id).transpose()
    }

    /// The users whose names begin with `prefix`, which has no `%` and no `_`. Reads the whole table.
    pub fn list_named(&mut self, prefix: &str) -> Result<Vec<User>, StoreError> {
        let named = users::table.filter(users::username.like(format!("{prefix}%"))).order(users::id);
        let rows: Vec<Row> = named.select(Row::as_select()).load(self.0)?;
        self.all_with_roles(rows)
    }

    /// At most `limit` users behind the id `after`, oldest first.
    pub fn list(&mut self, after: Option<UserId>, limit: i64) -> Result<Vec<User>, StoreError> {
        self.list_holders(None, after, limit)
    }

    /// The same of those who hold a role.
    pub fn list_holders(
        &mut self,
        role: Option<&RoleName>,
        after: Option<UserId>,
        limit: i64,
    ) -> Result<Vec<User>, StoreError> {
        let mut query = users::table.select(Row::as_select()).order(users::id).limit(limit).into_boxed();
        if let Some(role) = role {
            let holders = user_roles::table.filter(user_roles::role_name.eq(role.as_str().to_owned()));
            query = query.filter(users::id.eq_any(holders.select(user_roles::user_id)));
        }
        if let Some(after) = after {
            query = query.filter(users::id.gt(after.as_bytes().to_vec()));
        }
        let rows = query.load(self.0)?;
        self.all_with_roles(rows)
    }

    /// A part of the list of those that `filter` lets through.
    pub fn search(&mut self, filter: &UserFilter, part: &Part<UserKey>) -> Result<Found<User>, StoreError> {
        let (all, wanted) = (users::table.into_boxed(), narrowed(filter));
        let rows = match part.order.by {
            UserKey::Made => part_by_id!(self.0, part, users::id, all, wanted, Row, Ok),
            UserKey::Name => {
                let name = |row: &Row| row.username_canonical.clone();
                part_by_text!(self.0, part, users::username_canonical, users::id, all, wanted, Row, name)
            }
        }?;
        rows.map(|rows| self.all_with_roles(rows))
    }

    /// The names of those of `ids` that there are.
    pub fn names(&mut self, ids: &[UserId]) -> Result<BTreeMap<UserId, String>, StoreError> {
        let ids: BTreeSet<&[u8]> = ids.iter().map(UserId::as_bytes).collect();
        let rows: Vec<(Vec<u8>, String)> =
            users::table.filter(users::id.eq_any(ids)).select((users::id, users::username)).load(self.0)?;
        rows.into_iter().map(|(id, name)| Ok((columns::id(&id)?, name))).collect()
    }

    /// The roles that a user holds.
    pub fn roles(&mut self, id: UserId) -> Result<Roles, StoreError> {
        let held = user_roles::table.filter(user_roles::user_id.eq(id.as_bytes())).select(user_roles::role_name);
        let names: Vec<String> = on_either!(self.0, conn => held.load(conn))?;
        names.iter().map(|name| columns::role(name)).collect()
    }

    /// Adds a user, its roles included.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the name or the address is taken.
    pub fn insert(&mut self, user: &User, password: Option<&PasswordHash>) -> Result<(), StoreError> {
        self.1.note_here(user.id.as_bytes());
        let row = Row {
            id: user.id.as_bytes().to_vec(),
            username: user.username.as_str().to_owned(),
            username_canonical: user.username.canonical().to_owned(),
            email: user.email.as_ref().map(|email| email.as_str().to_owned()),
            email_canonical: user.email.as_ref().map(|email| email.canonical().to_owned()),
            full_name: user.full_name.clone(),
            kind: user.kind.as_str().to_owned(),
            enabled: user.enabled,
            created_at: user.created_at.millis(),
            last_login_at: None,
            claims: columns::write_json(&user.claims),
            updated_at: user.updated_at.map(Timestamp::millis),
        };
        diesel::insert_into(users::table).values(row).execute(self.0)?;
        if let Some(password) = password {
            self.set_password(user.id, password, user.created_at)?;
        }
        for role in user.roles.iter() {
            self.grant_role(user.id, role)?;
        }
        Ok(())
    }

    /// Changes a user's profile. `false` where there is no such user.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the address is taken.
    pub fn change(&mut self, id: UserId, changes: &UserChanges, now: Timestamp) -> Result<bool, StoreError> {
        self.1.note(id.as_bytes());
        let this = users::table.filter(users::id.eq(id.as_bytes()));
        let changed = diesel::update(this).set(users::updated_at.eq(now.millis())).execute(self.0)?;
        if let Some(email) = &changes.email {
            let columns = (
                users::email.eq(email.as_ref().map(|email| email.as_str().to_owned())),
                users::email_canonical.eq(email.as_ref().map(|email| email.canonical().to_owned())),
            );
            diesel::update(this).set(columns).execute(self.0)?;
        }
        if let Some(full_name) = &changes.full_name {
            diesel::update(this).set(users::full_name.eq(full_name)).execute(self.0)?;
        }
        if let Some(claims) = &changes.claims {
            diesel::update(this).set(users::claims.eq(columns::write_json(claims))).execute(self.0)?;
        }
        Ok(changed == 1)
    }

    /// Enables or disables a user. `false` where it was so already, or there is no such user.
    pub fn set_enabled(&mut self, id: UserId, enabled: bool) -> Result<bool, StoreError> {
        self.1.note(id.as_bytes());
        let this = users::table.filter(users::id.eq(id.as_bytes())).filter(users::enabled.ne(enabled));
        Ok(diesel::update(this).set(users::enabled.eq(enabled)).execute(self.0)? == 1)
    }

    /// Deletes a user and all that is theirs. `false` where there is no such user.
    pub fn delete(&mut self, id: UserId) -> Result<bool, StoreError> {
        self.1.note(id.as_bytes());
        Ok(diesel::delete(users::table.filter(users::id.eq(id.as_bytes()))).execute(self.0)? == 1)
    }

    /// The hash of a user's password; none for a service account, and for a person who signs in with a passkey alone.
    pub fn password(&mut self, id: UserId) -> Result<Option<PasswordHash>, StoreError> {
        let text: Option<Option<String>> = users::table
            .filter(users::id.eq(id.as_bytes()))
            .select(users::password_hash)
            .get_result(self.0)
            .optional()?;
        Ok(text.flatten().map(PasswordHash::from_stored))
    }

    /// Replaces a user's password.
    pub fn set_password(&mut self, id: UserId, password: &PasswordHash, now: Timestamp) -> Result<bool, StoreError> {
        let columns = (users::password_hash.eq(password.as_str()), users::password_changed_at.eq(now.millis()));
        Ok(diesel::update(users::table.filter(users::id.eq(id.as_bytes()))).set(columns).execute(self.0)? == 1)
    }

    /// Takes a user's password away.
    pub fn remove_password(&mut self, id: UserId, now: Timestamp) -> Result<bool, StoreError> {
        let columns = (users::password_hash.eq(None::<String>), users::password_changed_at.eq(now.millis()));
        Ok(diesel::update(users::table.filter(users::id.eq(id.as_bytes()))).set(columns).execute(self.0)? == 1)
    }

    /// Replaces the hash of the same password, and only if it is still the one called `old`.
    pub fn replace_hash(&mut self, id: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<bool, StoreError> {
        let this = users::table.filter(users::id.eq(id.as_bytes())).filter(users::password_hash.eq(old.as_str()));
        Ok(diesel::update(this).set(users::password_hash.eq(new.as_str())).execute(self.0)? == 1)
    }

    /// Notes a sign-in, if the user is still enabled and the password still the one that was checked. `false` where
    /// it is not: then nobody may be signed in. On PostgreSQL this also waits for a change of the password that is
    /// under way.
    pub fn note_login(&mut self, id: UserId, checked: &PasswordHash, now: Timestamp) -> Result<bool, StoreError> {
        let this = users::table
            .filter(users::id.eq(id.as_bytes()))
            .filter(users::enabled.eq(true))
            .filter(users::password_hash.eq(checked.as_str()));
        Ok(diesel::update(this).set(users::last_login_at.eq(now.millis())).execute(self.0)? == 1)
    }

    /// As [`Users::note_login`], and `false` too where the user has a second factor or must have one: the password alone
    /// signs nobody in then. One statement, so that who has none waits for nothing more.
    pub fn note_login_by_password(
        &mut self,
        id: UserId,
        checked: &PasswordHash,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let strict_role = user_roles::table
            .inner_join(roles::table)
            .filter(user_roles::user_id.eq(id.as_bytes()))
            .filter(roles::require_second_factor.eq(true));
        let this = users::table
            .filter(users::id.eq(id.as_bytes()))
            .filter(users::enabled.eq(true))
            .filter(users::password_hash.eq(checked.as_str()))
            .filter(not(exists(totp_factors::table.filter(totp_factors::user_id.eq(id.as_bytes())))))
            .filter(not(exists(passkeys::table.filter(passkeys::user_id.eq(id.as_bytes())))))
            .filter(not(exists(strict_role)));
        Ok(diesel::update(this).set(users::last_login_at.eq(now.millis())).execute(self.0)? == 1)
    }

    /// Notes a sign-in without a password. `false` where the user is not enabled, or is gone.
    pub fn note_login_without_password(&mut self, id: UserId, now: Timestamp) -> Result<bool, StoreError> {
        let this = users::table.filter(users::id.eq(id.as_bytes())).filter(users::enabled.eq(true));
        Ok(diesel::update(this).set(users::last_login_at.eq(now.millis())).execute(self.0)? == 1)
    }

    /// Holds the user's row until the end of the transaction, so that what is decided from it stays true. On SQLite
    /// writes come one after another anyway. `false` where there is no such user.
    pub fn lock(&mut self, id: UserId) -> Result<bool, StoreError> {
        let this = users::table.filter(users::id.eq(id.as_bytes())).select(users::enabled);
        let found: Option<bool> = match self.0 {
            Conn::Postgres(conn) => this.for_no_key_update().get_result(conn).optional()?,
            Conn::Sqlite(conn) => this.get_result(conn).optional()?,
        };
        Ok(found.is_some())
    }

    /// Gives a user a role. `false` where the user held it already.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where there is no such user or role.
    pub fn grant_role(&mut self, id: UserId, role: &RoleName) -> Result<bool, StoreError> {
        self.1.note(id.as_bytes());
        if self.roles(id)?.contains(role.as_str()) {
            return Ok(false);
        }
        let row = (user_roles::user_id.eq(id.as_bytes()), user_roles::role_name.eq(role.as_str()));
        diesel::insert_into(user_roles::table).values(row).execute(self.0)?;
        Ok(true)
    }

    /// Takes a role from a user. `false` where the user did not hold it.
    pub fn revoke_role(&mut self, id: UserId, role: &RoleName) -> Result<bool, StoreError> {
        self.1.note(id.as_bytes());
        let this = user_roles::table
            .filter(user_roles::user_id.eq(id.as_bytes()))
            .filter(user_roles::role_name.eq(role.as_str()));
        Ok(diesel::delete(this).execute(self.0)? == 1)
    }

    /// Whether there is an enabled administrator, for whoever only looks.
    pub fn has_administrator(&mut self) -> Result<bool, StoreError> {
        let holders = user_roles::table
            .inner_join(users::table)
            .filter(user_roles::role_name.eq(RoleName::ADMIN))
            .filter(users::enabled.eq(true));
        Ok(diesel::select(exists(holders)).get_result(self.0)?)
    }

    /// How many enabled administrators there are who are persons or service accounts. On PostgreSQL their rows are
    /// held until the end of the transaction: two administrators who demote each other at once come one after the
    /// other.
    pub fn count_administrators(&mut self) -> Result<usize, StoreError> {
        let holders = user_roles::table
            .inner_join(users::table)
            .filter(user_roles::role_name.eq(RoleName::ADMIN))
            .filter(users::enabled.eq(true))
            .order(users::id)
            .select(users::id);
        let ids: Vec<Vec<u8>> = match self.0 {
            Conn::Postgres(conn) => holders.for_update().load(conn)?,
            Conn::Sqlite(conn) => holders.load(conn)?,
        };
        Ok(ids.len())
    }

    /// How many enabled people hold the role `admin` and have no second factor.
    pub fn count_single_factor_administrators(&mut self) -> Result<usize, StoreError> {
        let these = user_roles::table
            .inner_join(users::table)
            .filter(user_roles::role_name.eq(RoleName::ADMIN))
            .filter(users::enabled.eq(true))
            .filter(users::kind.eq(UserKind::Person.as_str()))
            .filter(users::id.ne_all(totp_factors::table.select(totp_factors::user_id)))
            .filter(users::id.ne_all(passkeys::table.select(passkeys::user_id)));
        let count: i64 = these.count().get_result(self.0)?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Reads the roles of all of them in one statement.
    fn all_with_roles(&mut self, rows: Vec<Row>) -> Result<Vec<User>, StoreError> {
        let ids: Vec<&[u8]> = rows.iter().map(|row| row.id.as_slice()).collect();
        let mut held = RolesHeld::default();
        for ids in ids.chunks(AT_ONCE) {
            let these = user_roles::table.filter(user_roles::user_id.eq_any(ids.iter().copied()));
            held.add(these.select((user_roles::user_id, user_roles::role_name)).load(self.0)?)?;
        }
        rows.into_iter()
            .map(|row| {
                let roles = held.take(&row.id);
                row.into_user(roles)
            })
            .collect()
    }
}

/// What `filter` lets through.
fn narrowed(filter: &UserFilter) -> users::BoxedQuery<'static, <Conn as Connection>::Backend> {
    let mut query = users::table.into_boxed();
    if let Some(text) = &filter.text {
        let (text, small) = (containing(text), containing(&text.to_lowercase()));
        let named = users::username_canonical.like(small.clone()).escape('\\');
        let called = lower(users::full_name).like(lower(text)).escape('\\');
        let reached =
            users::email_canonical.is_not_null().and(users::email_canonical.assume_not_null().like(small).escape('\\'));
        query = query.filter(named.or(called).or(reached));
    }
    if let Some(role) = &filter.role {
        let holders = user_roles::table.filter(user_roles::role_name.eq(role.as_str().to_owned()));
        query = query.filter(users::id.eq_any(holders.select(user_roles::user_id)));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(users::kind.eq(kind.as_str()));
    }
    if let Some(enabled) = filter.enabled {
        query = query.filter(users::enabled.eq(enabled));
    }
    query
}

fn with_roles(row: Option<(Row, Option<String>)>) -> Result<Option<User>, StoreError> {
    let Some((row, roles)) = row else { return Ok(None) };
    row.into_user(columns::shared_role_lines(&roles.unwrap_or_default())?).map(Some)
}
