//! Keys that were made elsewhere: by their secret's hash, or as Frappe's export has them.

use ipnet::IpNet;
use serde_json::json;

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::import::Fate;
use crate::domain::import::ImportError;
use crate::domain::import::Manner;
use crate::domain::import::RecordKind;
use crate::domain::import::Report;
use crate::domain::import::rows::Row;
use crate::domain::import::rows::Rows;
use crate::domain::imported_secrets::Digested;
use crate::domain::rights::Catalogue;
use crate::domain::users;
use crate::model::api_key::ApiKey;
use crate::model::api_key::KeyAccess;
use crate::model::api_key::parse_network;
use crate::model::audit::AuditEvent;
use crate::model::digest;
use crate::model::id::ApiKeyId;
use crate::model::key_limits::KeyLimits;
use crate::model::name::DisplayName;
use crate::model::role::RoleName;
use crate::model::scope::ScopeToken;
use crate::model::time::Timestamp;
use crate::model::token::ApiKeyName;
use crate::model::user::Roles;
use crate::model::user::User;
use crate::random::Random;
use crate::store::ImportedForm;
use crate::store::StoreError;
use crate::store::Tx;

/// What a record of a key may say.
const MEMBERS: [&str; 11] = [
    "user",
    "name",
    "api_key",
    "sha256",
    "alone",
    "full_access",
    "scopes",
    "roles",
    "expires_at",
    "allowed_ips",
    "limits",
];

/// A key to be brought here.
pub(super) struct Brought {
    /// What people call it.
    pub name: DisplayName,
    /// Its public half, where it had one.
    pub api_key: Option<ApiKeyName>,
    /// Its secret's hash.
    pub secret: Digested,
    /// How it may be presented.
    pub form: ImportedForm,
    /// What it may do.
    pub access: KeyAccess,
    /// Where set, the only ones of its user's roles that it has.
    pub roles: Option<Roles>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// Where not empty, the only addresses that it works from.
    pub allowed_addresses: Vec<IpNet>,
    /// How often it may be used.
    pub limits: KeyLimits,
}

/// Brings keys here by their secrets' hashes: `user`, `name`, `sha256`, and what else a key has. Such a key goes on as it
/// was, so what holds for new keys (`keys.…`) does not hold for it.
///
/// # Errors
/// [`ImportError`]; then nothing was changed.
pub fn run(tx: &mut Tx<'_>, rows: &Rows, keys: &SecretKeys, manner: Manner, act: &Act) -> Result<Report, ImportError> {
    let mut report = Report::default();
    let catalogue = Catalogue::read(tx)?;
    for row in rows.iter() {
        let shown = row.get("name").or(row.get("api_key")).unwrap_or(&row.place);
        let (fate, notes) = match read(tx, row, &catalogue, act)? {
            Ok((user, brought)) => bring(tx, &user, &brought, keys, act)?,
            Err(why) => (Fate::Refused, vec![why]),
        };
        let notes = notes.into_iter().map(|note| format!("{}: {note}", row.place)).collect();
        report.note(RecordKind::Key, shown, fate, notes);
    }
    manner.conclude(report)
}

/// Whether a key of its name is here.
///
/// # Errors
/// What the database says.
pub(super) fn is_here(tx: &mut Tx<'_>, brought: &Brought) -> Result<bool, StoreError> {
    match &brought.api_key {
        Some(name) => Ok(tx.api_keys().find_by_name(name)?.is_some()),
        None => Ok(false),
    }
}

/// Brings a key of `user` here, unless it is here.
///
/// # Errors
/// What the database says.
pub(super) fn bring(
    tx: &mut Tx<'_>,
    user: &User,
    brought: &Brought,
    keys: &SecretKeys,
    act: &Act,
) -> Result<(Fate, Vec<String>), StoreError> {
    let refused = |why: &str| Ok((Fate::Refused, vec![why.to_owned()]));
    let mut with_secret = None;
    for key in keys.all() {
        with_secret = with_secret.or(tx.find_api_key(&brought.secret.hash(key))?.map(|facts| facts.key));
    }
    let named = match &brought.api_key {
        Some(name) => tx.api_keys().find_by_name(name)?,
        None => with_secret.clone(),
    };
    match (&named, &with_secret) {
        (Some(here), _) if here.user != user.id => {
            return refused("a key of another user is the same, or is called so");
        }
        (Some(here), _) if here.revoked_at.is_some() => {
            return Ok((Fate::Unchanged, vec!["it was revoked here, and stays so".to_owned()]));
        }
        (Some(here), Some(same)) if here.id == same.id => return Ok((Fate::Unchanged, Vec::new())),
        (Some(_), _) => {
            return Ok((Fate::Unchanged, vec!["it has another secret here by now, and keeps it".to_owned()]));
        }
        (None, Some(_)) => return refused("another key has the same secret"),
        (None, None) => {}
    }
    let key = ApiKey {
        id: Random.id(act.now, ApiKeyId::new),
        user: user.id,
        api_key: brought.api_key.clone().unwrap_or_else(|| Random.api_key_name()),
        name: brought.name.as_str().to_owned(),
        access: brought.access.clone(),
        roles: brought.roles.clone(),
        allowed_addresses: brought.allowed_addresses.clone(),
        enabled: true,
        created_at: act.now,
        expires_at: brought.expires_at,
        revoked_at: None,
        last_use: None,
        limits: brought.limits.clone(),
        is_imported: true,
        is_decoy: false,
        trial_until: None,
        replaces: None,
        alarmed_at: None,
    };
    tx.api_keys().insert_imported(&key, &brought.secret.hash(keys.current()), brought.form)?;
    let access = match &key.access {
        KeyAccess::Full => "full access".to_owned(),
        KeyAccess::Scopes(scopes) => scopes.to_string(),
    };
    let details = json!({
        "api_key": key.api_key.as_str(),
        "user": user.id.to_string(),
        "name": key.name,
        "access": access,
        "roles": key.roles.as_ref().map(Roles::names),
        "allowed_addresses": key.allowed_addresses.iter().map(IpNet::to_string).collect::<Vec<_>>(),
        "expires_at": key.expires_at.map(Timestamp::seconds),
        "limits": key.limits.to_string(),
    });
    act.record(tx, AuditEvent::KeyImported, &key.id.to_string(), details)?;
    Ok((Fate::Created, Vec::new()))
}

/// The user and the key that a row describes, or what is wrong with it.
fn read(
    tx: &mut Tx<'_>,
    row: &Row,
    catalogue: &Catalogue,
    act: &Act,
) -> Result<Result<(User, Brought), String>, StoreError> {
    let user = match row.get("user") {
        Some(name) => users::find_named(tx, name)?,
        None => return Ok(Err("user is missing: the name or e-mail address of its user".to_owned())),
    };
    let Some(user) = user else { return Ok(Err("there is no such user".to_owned())) };
    Ok(describe(row, &user, catalogue, act.now).map(|brought| (user, brought)))
}

fn describe(row: &Row, user: &User, catalogue: &Catalogue, now: Timestamp) -> Result<Brought, String> {
    if let Some(name) = row.unknown(&MEMBERS) {
        let known = MEMBERS.join(", ");
        let name: String = name.chars().filter(|c| c.is_ascii_lowercase() || *c == '_').take(40).collect();
        return Err(format!("{name} is not known here; known are {known}"));
    }
    let name = DisplayName::parse(row.get("name").unwrap_or("Imported key")).map_err(|why| format!("name {why}"))?;
    let api_key =
        match row.get("api_key") {
            Some(text) => Some(ApiKeyName::parse_imported(text).ok_or(
                "api_key must be visible ASCII without a colon, 256 characters at most, and not begin with hp_",
            )?),
            None => None,
        };
    let sha256 = row.get("sha256").ok_or("sha256 is missing: the SHA-256 of its secret, in hex or base64")?;
    let secret = digest::parse_sha256(sha256)
        .map(Digested::from_bytes)
        .ok_or("sha256 must be 32 bytes, as 64 hex digits or in base64")?;
    let alone = row.flag("alone", api_key.is_none()).ok_or("alone must be true or false")?;
    if !alone && api_key.is_none() {
        return Err("without api_key its secret can only stand alone".to_owned());
    }
    let full = row.flag("full_access", false).ok_or("full_access must be true or false")?;
    let mut scopes = Vec::new();
    for name in row.list("scopes").iter().flat_map(|list| list.split_whitespace()) {
        let scope = ScopeToken::parse(name).ok().filter(|scope| catalogue.knows(scope.as_str()));
        scopes.push(scope.ok_or("scopes names one that is not known here; make it first (hallpass scope create)")?);
    }
    let access = match (full, scopes.is_empty()) {
        (true, true) => KeyAccess::Full,
        (false, false) => KeyAccess::Scopes(scopes.into_iter().collect()),
        _ => return Err("a key needs full_access or at least one scope, and not both".to_owned()),
    };
    let asked: Result<Roles, _> = row.list("roles").iter().map(|role| RoleName::parse(role)).collect();
    let asked = asked.map_err(|why| format!("roles: one of them {why}"))?;
    if asked.iter().any(|role| !user.roles.iter().any(|held| held == role)) {
        return Err("roles names one that its user does not hold".to_owned());
    }
    let seconds = row.get("expires_at").map(|text| text.parse().map_err(|_| "expires_at must be Unix seconds"));
    let expires_at = seconds.transpose()?.map(Timestamp::from_seconds);
    if expires_at.is_some_and(|end| end.is_past(now)) {
        return Err("it has ended already".to_owned());
    }
    let networks: Option<Vec<IpNet>> = row.list("allowed_ips").iter().map(|text| parse_network(text)).collect();
    let limits: Vec<String> = row.list("limits");
    Ok(Brought {
        name,
        api_key,
        secret,
        form: if alone { ImportedForm::Alone } else { ImportedForm::Pair },
        access,
        roles: (!asked.is_empty()).then(|| user.roles.intersection(&asked)),
        expires_at,
        allowed_addresses: networks.ok_or("allowed_ips must be addresses or networks, such as 10.0.0.0/8")?,
        limits: KeyLimits::parse(&limits.join(" ")).map_err(|why| format!("limits: {why}"))?,
    })
}
