//! Making, changing and removing users. The last enabled administrator stays, whichever way somebody tries.

use serde_json::Value;
use serde_json::json;

use crate::domain::act::Act;
use crate::domain::oauth::backchannel;
use crate::domain::reach::Reach;
use crate::domain::reach::TooWide;
use crate::model::audit::AuditEvent;
use crate::model::email::Email;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::password::PasswordHash;
use crate::model::role::RoleName;
use crate::model::user::Roles;
use crate::model::user::User;
use crate::model::user::UserChanges;
use crate::model::user::UserKind;
use crate::model::user_claims::UserClaims;
use crate::model::username::Login;
use crate::model::username::Username;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// Why a user can't be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// Another user has the name, or one that looks the same.
    #[error("the user name is taken")]
    UsernameTaken,
    /// Another user has the address.
    #[error("the e-mail address belongs to another user")]
    EmailTaken,
    /// There is no such role.
    #[error("there is no role {0}; make it first (hallpass role create)")]
    UnknownRole(String),
    /// A service account has no password.
    #[error("a service account has no password; it uses API keys")]
    ServiceAccount,
    /// A link for a password belongs to an address.
    #[error("the user has no e-mail address, and a link for a password belongs to one; set a password instead")]
    NoAddress,
    /// The password that was checked is not the user's any more, or the user is disabled.
    #[error("the password was changed meanwhile; try again")]
    PasswordChanged,
    /// It would leave nobody to administer the server.
    #[error("this is the last enabled administrator; make another one first")]
    LastAdministrator,
    /// The credential that asks cannot give that away.
    #[error("{0}")]
    TooWide(#[from] TooWide),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// A user to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: Username,
    /// The address to sign in with.
    pub email: Option<Email>,
    /// How the person is called; may be empty.
    pub full_name: String,
    /// The roles to hold.
    pub roles: Roles,
    /// The password's hash; a user without one is a service account.
    pub password: Option<PasswordHash>,
}

/// What an administrator changes in a user; `None` leaves something as it is.
#[derive(Debug, Clone, Default)]
pub struct UserEdit {
    /// The profile.
    pub profile: UserChanges,
    /// All roles to hold from now on.
    pub roles: Option<Roles>,
    /// Whether it is enabled.
    pub enabled: Option<bool>,
    /// The new password's hash.
    pub password: Option<PasswordHash>,
}

/// The user of this id, name or e-mail address.
///
/// # Errors
/// What the database says.
pub fn find_named(tx: &mut Tx<'_>, name: &str) -> Result<Option<User>, StoreError> {
    match (UserId::parse(name), Login::parse(name)) {
        (Some(id), _) => tx.users().find(id),
        (None, Some(login)) => tx.users().find_by_login(login.as_str()),
        (None, None) => Ok(None),
    }
}

/// Whom a list is narrowed to by a user name, an e-mail address or an id: `None` where it is not narrowed. The inner `None`:
/// there is no such user, and the list is empty.
///
/// # Errors
/// What the database says.
pub fn narrow(tx: &mut Tx<'_>, name: Option<&str>) -> Result<Option<Option<UserId>>, StoreError> {
    let Some(name) = name else { return Ok(None) };
    Ok(Some(find_named(tx, name)?.map(|user| user.id)))
}

/// As [`create`], for a credential that reaches as far as `reach`.
///
/// # Errors
/// As [`create`], and [`UserError::TooWide`].
pub fn create_within(tx: &mut Tx<'_>, new: &NewUser, reach: &Reach, act: &Act) -> Result<User, UserError> {
    if new.roles.is_admin() {
        reach.check_administrator()?;
    }
    reach.check_roles(&new.roles)?;
    if new.password.is_some() || new.roles.iter().next().is_some() {
        reach.check_lasting()?;
    }
    create(tx, new, act)
}

/// Changes a user, all or nothing.
///
/// # Errors
/// As for each change alone, and [`UserError::TooWide`] where it lets somebody in as an administrator and the
/// credential that asks, which reaches as far as `reach`, is not one in all things.
pub fn edit(tx: &mut Tx<'_>, id: UserId, edit: &UserEdit, reach: &Reach, act: &Act) -> Result<User, UserError> {
    // All administrators first, and in their order: two changes at once must not wait for each other.
    if edit.roles.is_some() || edit.enabled.is_some() {
        tx.users().count_administrators()?;
    }
    if !tx.users().lock(id)? {
        return Err(UserError::NotFound);
    }
    let before = tx.users().find(id)?.ok_or(UserError::NotFound)?;
    let becomes_admin = !before.roles.is_admin() && edit.roles.as_ref().is_some_and(Roles::is_admin);
    let comes_back = edit.enabled == Some(true) && !before.enabled;
    if becomes_admin || ((edit.password.is_some() || comes_back) && before.roles.is_admin()) {
        reach.check_administrator()?;
    }
    if edit.password.is_some() {
        reach.check_lasting()?;
    }
    if let Some(roles) = &edit.roles {
        let given: Roles =
            roles.iter().filter(|role| !before.roles.iter().any(|held| held == *role)).cloned().collect();
        reach.check_roles(&given)?;
        if given.iter().next().is_some() {
            reach.check_lasting()?;
        }
    }
    if let Some(roles) = &edit.roles {
        set_roles(tx, &before, roles, act)?;
    }
    if let Some(enabled) = edit.enabled {
        set_enabled(tx, id, enabled, act)?;
    }
    let UserChanges { email, full_name, claims } = &edit.profile;
    let new_email = email.as_ref().is_some_and(|email| text_of(email.as_ref()) != text_of(before.email.as_ref()));
    let new_name = full_name.as_ref().is_some_and(|name| *name != before.full_name);
    if new_email || new_name || claims.as_ref().is_some_and(|claims| *claims != before.claims) {
        change_profile(tx, id, &edit.profile, act)?;
    }
    if let Some(password) = &edit.password {
        set_password(tx, id, password, None, act)?;
    }
    tx.users().find(id)?.ok_or(UserError::NotFound)
}

/// Makes a user.
///
/// # Errors
/// [`UserError::UsernameTaken`], [`UserError::EmailTaken`], [`UserError::UnknownRole`].
pub fn create(tx: &mut Tx<'_>, new: &NewUser, act: &Act) -> Result<User, UserError> {
    if tx.users().find_by_login(new.username.canonical())?.is_some() {
        return Err(UserError::UsernameTaken);
    }
    refuse_taken_email(tx, new.email.as_ref(), None)?;
    let roles = new.roles.iter().map(|role| known_role(tx, role)).collect::<Result<Roles, UserError>>()?;
    let user = User {
        id: Random.id(act.now, UserId::new),
        username: new.username.clone(),
        email: new.email.clone(),
        full_name: new.full_name.clone(),
        kind: if new.password.is_some() { UserKind::Person } else { UserKind::Service },
        enabled: true,
        roles,
        created_at: act.now,
        claims: UserClaims::default(),
        updated_at: None,
        last_login_at: None,
    };
    tx.users().insert(&user, new.password.as_ref()).map_err(taken)?;
    act.record(tx, AuditEvent::UserCreated, &user.id.to_string(), summary(&user))?;
    Ok(user)
}

/// Changes a user's profile.
///
/// # Errors
/// [`UserError::NotFound`], [`UserError::EmailTaken`].
pub fn change_profile(tx: &mut Tx<'_>, id: UserId, changes: &UserChanges, act: &Act) -> Result<User, UserError> {
    let before = tx.users().find(id)?.ok_or(UserError::NotFound)?;
    refuse_taken_email(tx, changes.email.as_ref().and_then(Option::as_ref), Some(id))?;
    let mut changes = changes.clone();
    let has_new_email =
        changes.email.as_ref().is_some_and(|email| text_of(email.as_ref()) != text_of(before.email.as_ref()));
    if has_new_email && changes.claims.is_none() && before.claims.email_verified.is_some() {
        // Whoever made sure of the old address knows nothing of the new one.
        changes.claims = Some(UserClaims { email_verified: None, ..before.claims.clone() });
    }
    tx.users().change(id, &changes, act.now).map_err(taken)?;
    let after = tx.users().find(id)?.ok_or(UserError::NotFound)?;
    let profile = |user: &User| json!({ "email": user.email.as_ref().map(Email::as_str), "full_name": user.full_name, "claims": user.claims });
    let details = json!({ "before": profile(&before), "after": profile(&after) });
    act.record(tx, AuditEvent::UserChanged, &id.to_string(), details)?;
    Ok(after)
}

/// Changes a user's profile and roles, all or nothing.
///
/// # Errors
/// [`UserError::NotFound`], [`UserError::EmailTaken`], [`UserError::UnknownRole`], [`UserError::LastAdministrator`].
pub fn change_details(
    tx: &mut Tx<'_>,
    id: UserId,
    full_name: &str,
    email: Option<&Email>,
    roles: &Roles,
    act: &Act,
) -> Result<User, UserError> {
    let before = tx.users().find(id)?.ok_or(UserError::NotFound)?;
    set_roles(tx, &before, roles, act)?;
    if before.full_name != full_name || text_of(before.email.as_ref()) != text_of(email) {
        let changes = UserChanges { email: Some(email.cloned()), full_name: Some(full_name.to_owned()), claims: None };
        return change_profile(tx, id, &changes, act);
    }
    tx.users().find(id)?.ok_or(UserError::NotFound)
}

/// Enables or disables a user. A disabled user's credentials are refused from the next request on.
///
/// # Errors
/// [`UserError::NotFound`], [`UserError::LastAdministrator`].
pub fn set_enabled(tx: &mut Tx<'_>, id: UserId, enabled: bool, act: &Act) -> Result<User, UserError> {
    if !enabled {
        keep_an_administrator(tx, id)?;
    }
    if tx.users().set_enabled(id, enabled)? {
        if !enabled {
            // Their sessions are refused from now on, and applications go by that.
            backchannel::sessions_ended(tx, id, None, act.now)?;
        }
        let event = if enabled { AuditEvent::UserEnabled } else { AuditEvent::UserDisabled };
        act.record(tx, event, &id.to_string(), json!({}))?;
    }
    tx.users().find(id)?.ok_or(UserError::NotFound)
}

/// Deletes a user, and with them their sessions, keys, grants and tokens.
///
/// # Errors
/// [`UserError::NotFound`], [`UserError::LastAdministrator`].
pub fn delete(tx: &mut Tx<'_>, id: UserId, act: &Act) -> Result<(), UserError> {
    keep_an_administrator(tx, id)?;
    let user = tx.users().find(id)?.ok_or(UserError::NotFound)?;
    // As long as it is known which applications they were signed in to.
    backchannel::sessions_ended(tx, id, None, act.now)?;
    if !tx.users().delete(id)? {
        return Err(UserError::NotFound);
    }
    act.record(tx, AuditEvent::UserDeleted, &id.to_string(), summary(&user))?;
    Ok(())
}

/// Gives a user a role.
///
/// # Errors
/// [`UserError::NotFound`], [`UserError::UnknownRole`].
pub fn grant_role(tx: &mut Tx<'_>, id: UserId, role: &RoleName, act: &Act) -> Result<User, UserError> {
    let role = known_role(tx, role)?;
    if !tx.users().lock(id)? {
        return Err(UserError::NotFound);
    }
    if tx.users().grant_role(id, &role)? {
        act.record(tx, AuditEvent::RoleGranted, &id.to_string(), json!({ "role": role.as_str() }))?;
    }
    tx.users().find(id)?.ok_or(UserError::NotFound)
}

/// Takes a role from a user.
///
/// # Errors
/// [`UserError::NotFound`], [`UserError::UnknownRole`], [`UserError::LastAdministrator`].
pub fn revoke_role(tx: &mut Tx<'_>, id: UserId, role: &RoleName, act: &Act) -> Result<User, UserError> {
    let role = known_role(tx, role)?;
    if role.as_str() == RoleName::ADMIN {
        keep_an_administrator(tx, id)?;
    }
    if tx.users().revoke_role(id, &role)? {
        act.record(tx, AuditEvent::RoleRevoked, &id.to_string(), json!({ "role": role.as_str() }))?;
    }
    tx.users().find(id)?.ok_or(UserError::NotFound)
}

/// Sets a user's password, and ends all that the old one let in: other sessions, codes and refresh tokens. API keys
/// stay: they do not come from the password.
///
/// # Errors
/// [`UserError::NotFound`], [`UserError::ServiceAccount`].
pub fn set_password(
    tx: &mut Tx<'_>,
    id: UserId,
    password: &PasswordHash,
    kept: Option<SessionId>,
    act: &Act,
) -> Result<(), UserError> {
    let user = tx.users().find(id)?.ok_or(UserError::NotFound)?;
    if user.kind == UserKind::Service {
        return Err(UserError::ServiceAccount);
    }
    tx.users().set_password(id, password, act.now)?;
    let ended = end_what_a_password_let_in(tx, id, kept, act)?;
    act.record(tx, AuditEvent::PasswordChanged, &id.to_string(), ended)?;
    Ok(())
}

/// Ends sessions, but for `kept`, codes and refresh tokens, and returns how many as the audit log keeps it.
///
/// # Errors
/// What the database says.
pub fn end_what_a_password_let_in(
    tx: &mut Tx<'_>,
    id: UserId,
    kept: Option<SessionId>,
    act: &Act,
) -> Result<Value, StoreError> {
    let sessions = tx.sessions().end_all_of(id, kept)?;
    backchannel::sessions_ended(tx, id, kept, act.now)?;
    let families = tx.families().end_all_of(id, act.now)?;
    Ok(json!({ "sessions_ended": sessions, "token_families_ended": families }))
}

/// Replaces one's own password, if `checked` is still the hash of the one that was given for it; only the session
/// `kept` goes on.
///
/// # Errors
/// As [`set_password`], and [`UserError::PasswordChanged`].
pub fn change_password(
    tx: &mut Tx<'_>,
    id: UserId,
    checked: &PasswordHash,
    password: &PasswordHash,
    kept: SessionId,
    act: &Act,
) -> Result<(), UserError> {
    // Since the old password was checked, somebody may have set another one, or disabled the user.
    if !tx.users().lock(id)? {
        return Err(UserError::NotFound);
    }
    let enabled = tx.users().find(id)?.is_some_and(|user| user.enabled);
    if !enabled || tx.users().password(id)?.as_ref() != Some(checked) {
        return Err(UserError::PasswordChanged);
    }
    set_password(tx, id, password, Some(kept), act)
}

/// Gives and takes roles until these are the ones that the user holds.
fn set_roles(tx: &mut Tx<'_>, user: &User, roles: &Roles, act: &Act) -> Result<(), UserError> {
    let wanted = roles.iter().map(|role| known_role(tx, role)).collect::<Result<Roles, UserError>>()?;
    for role in user.roles.iter().filter(|role| !wanted.contains(role.as_str())) {
        revoke_role(tx, user.id, role, act)?;
    }
    for role in wanted.iter().filter(|role| !user.roles.contains(role.as_str())) {
        grant_role(tx, user.id, role, act)?;
    }
    Ok(())
}

fn text_of(email: Option<&Email>) -> Option<&str> {
    email.map(Email::as_str)
}

/// A user as the audit log keeps it.
fn summary(user: &User) -> Value {
    json!({
        "username": user.username.as_str(),
        "email": user.email.as_ref().map(Email::as_str),
        "full_name": user.full_name,
        "kind": user.kind.as_str(),
        "roles": user.roles.names(),
    })
}

/// Refuses if `id` is the only enabled administrator there is.
fn keep_an_administrator(tx: &mut Tx<'_>, id: UserId) -> Result<(), UserError> {
    // Counting comes first: it is what makes two who remove each other at once wait for one another.
    let administrators = tx.users().count_administrators()?;
    let user = tx.users().find(id)?.ok_or(UserError::NotFound)?;
    if user.enabled && user.roles.is_admin() && administrators <= 1 {
        return Err(UserError::LastAdministrator);
    }
    Ok(())
}

fn known_role(tx: &mut Tx<'_>, role: &RoleName) -> Result<RoleName, UserError> {
    tx.roles().find(role)?.ok_or_else(|| UserError::UnknownRole(role.as_str().to_owned()))
}

fn refuse_taken_email(tx: &mut Tx<'_>, email: Option<&Email>, owner: Option<UserId>) -> Result<(), UserError> {
    let Some(email) = email else { return Ok(()) };
    match tx.users().find_by_login(email.canonical())? {
        Some(other) if Some(other.id) != owner => Err(UserError::EmailTaken),
        _ => Ok(()),
    }
}

/// What a unique index says when two are made at once and both looked before.
fn taken(error: StoreError) -> UserError {
    match error {
        StoreError::Conflict(rule) if rule.contains("email") => UserError::EmailTaken,
        StoreError::Conflict(_) => UserError::UsernameTaken,
        error => UserError::Store(error),
    }
}
