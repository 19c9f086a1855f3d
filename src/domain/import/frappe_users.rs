//! Users of a Frappe site (`User`), and the API key that each may have there.

use serde_json::json;

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::import::Fate;
use crate::domain::import::RecordKind;
use crate::domain::import::Report;
use crate::domain::import::frappe::RoleMap;
use crate::domain::import::frappe::known_roles;
use crate::domain::import::is_masked;
use crate::domain::import::keys;
use crate::domain::import::keys::Brought;
use crate::domain::import::rows::Row;
use crate::domain::imported_secrets::Digested;
use crate::model::api_key::KeyAccess;
use crate::model::audit::AuditEvent;
use crate::model::email::Email;
use crate::model::id::UserId;
use crate::model::key_limits::KeyLimits;
use crate::model::name::DisplayName;
use crate::model::token;
use crate::model::token::ApiKeyName;
use crate::model::user::User;
use crate::model::user::UserKind;
use crate::model::user_claims::UserClaims;
use crate::model::username::Username;
use crate::random::Random;
use crate::store::ImportedForm;
use crate::store::StoreError;
use crate::store::Tx;

/// What the key of a user is called here.
const KEY_NAME: &str = "Frappe API key";
/// A secret with fewer characters could be guessed.
const SHORTEST_SECRET: usize = 12;
/// So many users may have the same name but for the number behind it.
const MOST_NAMESAKES: usize = 10_000;

/// Brings one user here, with roles and key. One that is here already stays as it is, but for the key.
pub(super) fn bring(
    tx: &mut Tx<'_>,
    row: &Row,
    map: &RoleMap,
    keys: &SecretKeys,
    report: &mut Report,
    act: &Act,
) -> Result<(), StoreError> {
    let shown = row.get("email").or(row.get("name")).or(row.get("username")).unwrap_or(&row.place);
    if [row.get("name"), row.get("username")].contains(&Some("Guest"))
        || shown.eq_ignore_ascii_case("guest@example.com")
    {
        let note = "it stands for visitors who are not signed in, and those need no user here".to_owned();
        report.note(RecordKind::User, shown, Fate::LeftOut, vec![note]);
        return Ok(());
    }
    let described = match describe(row) {
        Ok(described) => described,
        Err(why) => {
            report.note(RecordKind::User, shown, Fate::Refused, vec![format!("{}: {why}", row.place)]);
            return Ok(());
        }
    };
    let (user, is_new) = match find(tx, &described)? {
        Some(user) => {
            let lacking = lacking(&user, row, map);
            report.note(RecordKind::User, shown, Fate::Unchanged, lacking);
            (user, false)
        }
        None => (create(tx, row, described, map, report, act)?, true),
    };
    let Some(api_key) = row.get("api_key") else { return Ok(()) };
    let (fate, notes) = match key(api_key, row.get("api_secret")) {
        // An address proves nothing over there, and here its key would be an administrator's.
        Ok(Some(brought)) if !is_new && user.roles.is_admin() && !keys::is_here(tx, &brought)? => {
            let note = "the user is an administrator here already, who gets no key from elsewhere; make one here";
            (Fate::LeftOut, vec![note.to_owned()])
        }
        Ok(Some(brought)) => keys::bring(tx, &user, &brought, keys, act)?,
        Ok(None) => {
            let note = "the export shows its secret as stars or not at all, so it does not work here".to_owned();
            (Fate::LeftOut, vec![note])
        }
        Err(why) => (Fate::Refused, vec![format!("{}: {why}", row.place)]),
    };
    report.note(RecordKind::Key, &format!("{KEY_NAME} of {}", user.username), fate, notes);
    Ok(())
}

struct Described {
    email: Option<Email>,
    username: Option<String>,
    full_name: String,
    enabled: bool,
    notes: Vec<String>,
}

fn describe(row: &Row) -> Result<Described, String> {
    let address = row.get("email").or(row.get("name").filter(|name| name.contains('@')));
    let email = address.map(Email::parse).transpose().map_err(|why| format!("its e-mail address {why}"))?;
    let username = row.get("username").or(if email.is_none() { row.get("name") } else { None });
    if email.is_none() && username.is_none() {
        return Err("it has neither an e-mail address nor a user name".to_owned());
    }
    let parts = [row.get("first_name"), row.get("middle_name"), row.get("last_name")];
    let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let full_name = row.get("full_name").unwrap_or(&joined);
    let mut notes = Vec::new();
    let full_name = match DisplayName::parse(full_name) {
        Ok(name) => name.as_str().to_owned(),
        Err(_) if full_name.is_empty() => String::new(),
        Err(why) => {
            notes.push(format!("its full name is left out, for it {why}"));
            String::new()
        }
    };
    let enabled = row.flag("enabled", true).ok_or("enabled must be 1 or 0")?;
    Ok(Described { email, username: username.map(str::to_owned), full_name, enabled, notes })
}

/// Whoever has the address here is the same person; without an address, whoever has the name.
fn find(tx: &mut Tx<'_>, described: &Described) -> Result<Option<User>, StoreError> {
    match (&described.email, described.username.as_deref().map(Username::parse)) {
        (Some(email), _) => tx.users().find_by_login(email.canonical()),
        (None, Some(Ok(name))) => tx.users().find_by_login(name.canonical()),
        (None, _) => Ok(None),
    }
}

/// What is to be said of a user who is here with fewer roles.
fn lacking(user: &User, row: &Row, map: &RoleMap) -> Vec<String> {
    let wanted = row.list("roles");
    let names = wanted.iter().filter_map(|name| map.find(name)).flatten();
    let lacking: Vec<String> =
        names.filter(|role| !user.roles.iter().any(|held| held == role)).map(|role| role.as_str().to_owned()).collect();
    if lacking.is_empty() {
        return Vec::new();
    }
    vec![format!("it was here before and keeps its roles, without {}", lacking.join(", "))]
}

fn create(
    tx: &mut Tx<'_>,
    row: &Row,
    described: Described,
    map: &RoleMap,
    report: &mut Report,
    act: &Act,
) -> Result<User, StoreError> {
    let (roles, mut notes) = known_roles(tx, &row.list("roles"), map, report, act)?;
    notes.extend(described.notes);
    let username = free_name(tx, described.username.as_deref(), described.email.as_ref())?;
    if described.username.as_deref().is_some_and(|wanted| wanted != username.as_str()) {
        notes.push(format!("its user name there is taken or can't be one here; here it is {username}"));
    }
    let user = User {
        id: Random.id(act.now, UserId::new),
        username,
        email: described.email,
        full_name: described.full_name,
        kind: UserKind::Person,
        enabled: described.enabled,
        roles,
        created_at: act.now,
        claims: UserClaims::default(),
        updated_at: None,
        last_login_at: None,
    };
    tx.users().insert(&user, None)?;
    let details = json!({
        "username": user.username.as_str(),
        "email": user.email.as_ref().map(Email::as_str),
        "full_name": user.full_name,
        "kind": user.kind.as_str(),
        "roles": user.roles.names(),
        "enabled": user.enabled,
        "imported": true,
    });
    act.record(tx, AuditEvent::UserCreated, &user.id.to_string(), details)?;
    report.note(RecordKind::User, user.username.as_str(), Fate::Created, notes);
    Ok(user)
}

/// The name that the user has there, or one from the address; with a number behind it where it is taken.
fn free_name(tx: &mut Tx<'_>, wanted: Option<&str>, email: Option<&Email>) -> Result<Username, StoreError> {
    let local = email.and_then(|email| email.as_str().split_once('@')).map(|(local, _)| local);
    let plain = |text: &str| {
        let kept: String = text.chars().filter(|c| c.is_alphanumeric() || "._-".contains(*c)).collect();
        let kept = kept.trim_start_matches(['.', '_', '-']);
        kept.chars().take(Username::LONGEST - 5).collect::<String>()
    };
    let wishes = [wanted.map(str::to_owned), wanted.map(plain), local.map(plain), Some("user".to_owned())];
    let base = wishes.into_iter().flatten().find(|wish| Username::parse(wish).is_ok());
    let base = base.unwrap_or_else(|| "user".to_owned());
    for number in 1..=MOST_NAMESAKES {
        let short: String = base.chars().take(Username::LONGEST - 5).collect();
        let name = if number == 1 { base.clone() } else { format!("{short}{number}") };
        let Ok(name) = Username::parse(&name) else { continue };
        if tx.users().find_by_login(name.canonical())?.is_none() {
            return Ok(name);
        }
    }
    Err(StoreError::Conflict("there are too many users of one name".to_owned()))
}

/// The key; `None` where its secret is not in the export.
fn key(api_key: &str, secret: Option<&str>) -> Result<Option<Brought>, String> {
    let Some(secret) = secret.filter(|secret| !is_masked(secret)) else { return Ok(None) };
    let name = ApiKeyName::parse_imported(api_key)
        .ok_or("its API key must be visible ASCII without a colon, 256 characters at most, and not begin with hp_")?;
    let is_plain = secret.chars().all(|c| c.is_ascii_graphic());
    if !token::may_be_imported(secret) || !is_plain || secret.len() < SHORTEST_SECRET {
        return Err(format!(
            "its API secret must be {SHORTEST_SECRET} to 256 characters of visible ASCII, and not begin with hp_"
        ));
    }
    Ok(Some(Brought {
        name: DisplayName::parse(KEY_NAME).map_err(|why| format!("the key's name {why}"))?,
        api_key: Some(name),
        secret: Digested::of(secret),
        form: ImportedForm::Pair,
        access: KeyAccess::Full,
        roles: None,
        expires_at: None,
        allowed_addresses: Vec::new(),
        limits: KeyLimits::default(),
    }))
}
