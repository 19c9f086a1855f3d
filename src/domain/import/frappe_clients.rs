//! OAuth clients of a Frappe site (`OAuth Client`). They keep their `client_id` and their secret.

use serde_json::json;

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::client_summary;
use crate::domain::clients;
use crate::domain::clients::ClientError;
use crate::domain::import::Fate;
use crate::domain::import::RecordKind;
use crate::domain::import::Report;
use crate::domain::import::is_masked;
use crate::domain::import::rows::Row;
use crate::domain::imported_secrets::Digested;
use crate::domain::rights::Catalogue;
use crate::domain::roles;
use crate::domain::roles::RoleError;
use crate::model::audit::AuditEvent;
use crate::model::client::AuthMethod;
use crate::model::client::Client;
use crate::model::client::ClientOrigin;
use crate::model::client::GrantType;
use crate::model::id::ApiKeyId;
use crate::model::id::ClientId;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::name::DisplayName;
use crate::model::redirect_uri::RedirectUri;
use crate::model::scope::MadeScope;
use crate::model::scope::Scope;
use crate::model::scope::ScopeToken;
use crate::model::token;
use crate::model::token::OURS;
use crate::model::user::Roles;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// A secret with fewer characters is none.
const SHORTEST_SECRET: usize = 8;
/// The longest `client_id` that is brought here.
const LONGEST_CLIENT_ID: usize = 200;

/// Brings one client here. One that is here already stays as it is.
pub(super) fn bring(
    tx: &mut Tx<'_>,
    row: &Row,
    keys: &SecretKeys,
    report: &mut Report,
    act: &Act,
) -> Result<(), StoreError> {
    let shown = row.get("app_name").or(row.get("client_id")).or(row.get("name")).unwrap_or(&row.place);
    let (fate, notes) = match client(tx, row, keys, report, act)? {
        Ok((fate, notes)) => (fate, notes),
        Err(why) => (Fate::Refused, vec![format!("{}: {why}", row.place)]),
    };
    report.note(RecordKind::Client, shown, fate, notes);
    Ok(())
}

type Outcome = Result<(Fate, Vec<String>), String>;

fn client(
    tx: &mut Tx<'_>,
    row: &Row,
    keys: &SecretKeys,
    report: &mut Report,
    act: &Act,
) -> Result<Outcome, StoreError> {
    let client_id = row.get("client_id").or(row.get("name")).unwrap_or_default();
    let is_good = |byte: u8| byte.is_ascii_graphic() && byte != b':' && byte != b'/';
    // No client may pass for a user, nor for anything else of ours.
    let is_ours = ClientId::parse(client_id).is_some()
        || [UserId::PREFIX, ApiKeyId::PREFIX, SessionId::PREFIX, ClientId::PREFIX, OURS]
            .iter()
            .any(|prefix| client_id.starts_with(prefix));
    if client_id.is_empty() || client_id.len() > LONGEST_CLIENT_ID || !client_id.bytes().all(is_good) || is_ours {
        return Ok(Err("its client_id must be visible ASCII without a colon or slash, and not one of ours".to_owned()));
    }
    if tx.clients().find_by_client_id(client_id)?.is_some() {
        return Ok(Ok((Fate::Unchanged, Vec::new())));
    }
    let mut notes = Vec::new();
    let mut client = match describe(row, client_id, &mut notes, act) {
        Ok(client) => client,
        Err(why) => return Ok(Err(why)),
    };
    client.scopes = scopes(tx, row, &mut notes, report, act)?;
    let secret = match secret(tx, row, &client, keys, &mut notes)? {
        Ok(secret) => secret,
        Err(why) => return Ok(Err(why)),
    };
    if client.trusted && client.is_public() && !client.redirect_uris.iter().all(RedirectUri::is_https) {
        client.trusted = false;
        notes
            .push("people are asked for consent, though they were not there: anybody can claim its address".to_owned());
    }
    match clients::check(tx, &client) {
        Ok(()) => {}
        Err(ClientError::Store(error)) => return Err(error),
        Err(error) => {
            notes.push(error.to_string());
            return Ok(Err(notes.join("; ")));
        }
    }
    tx.clients().insert(&client)?;
    if let Some(secret) = secret {
        tx.clients().add_imported_secret(client.id, &secret.hash(keys.current()), act.now)?;
    }
    let details = json!({ "imported": true, "client": client_summary::of(&client) });
    act.record(tx, AuditEvent::ClientCreated, &client.client_id, details)?;
    Ok(Ok((Fate::Created, notes)))
}

/// The client, yet without its scopes.
fn describe(row: &Row, client_id: &str, notes: &mut Vec<String>, act: &Act) -> Result<Client, String> {
    let name = DisplayName::parse(row.get("app_name").unwrap_or(client_id)).map_err(|why| format!("app_name {why}"))?;
    let method = row.get("token_endpoint_auth_method").unwrap_or_default().to_lowercase();
    // Frappe takes a secret in either place, and so does this one.
    let auth_method = if method == "none" { AuthMethod::None } else { AuthMethod::ClientSecretPost };
    if auth_method == AuthMethod::None {
        notes.push("it has no secret, so each of its requests needs a code challenge here (PKCE)".to_owned());
    }
    let says = |name: &str, word: &str| row.get(name).is_some_and(|value| value.eq_ignore_ascii_case(word));
    if says("grant_type", "implicit") || says("response_type", "token") {
        notes.push("the implicit grant is not offered here; it is registered for authorization codes".to_owned());
    }
    if !row.list("allowed_roles").is_empty() {
        let note = "there, only some roles could use it; here, bind its scopes to roles (hallpass scope create --role)";
        notes.push(note.to_owned());
    }
    let id = Random.id(act.now, ClientId::new);
    let origin = ClientOrigin::Administrator;
    Ok(Client {
        client_id: client_id.to_owned(),
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        redirect_uris: redirect_uris(row, notes),
        trusted: row.flag("skip_authorization", false).ok_or("skip_authorization must be 1 or 0")?,
        ..Client::new(id, name.as_str().to_owned(), auth_method, origin, act.now)
    })
}

/// The default first, then the others; those that cannot be registered here are named.
fn redirect_uris(row: &Row, notes: &mut Vec<String>) -> Vec<RedirectUri> {
    let listed = row.list("redirect_uris");
    let all = row.get("default_redirect_uri").into_iter().chain(listed.iter().flat_map(|text| text.split_whitespace()));
    let mut uris: Vec<RedirectUri> = Vec::new();
    let mut refused: Vec<&str> = Vec::new();
    for text in all {
        match RedirectUri::parse(text) {
            Ok(uri) if uris.contains(&uri) => {}
            Ok(uri) => uris.push(uri),
            Err(_) if refused.contains(&text) => {}
            Err(why) => {
                refused.push(text);
                notes.push(format!("the redirect URI {text} is left out: {why}"));
            }
        }
    }
    uris
}

/// What it may ask for; scopes that are not known here are made.
fn scopes(
    tx: &mut Tx<'_>,
    row: &Row,
    notes: &mut Vec<String>,
    report: &mut Report,
    act: &Act,
) -> Result<Scope, StoreError> {
    let catalogue = Catalogue::read(tx)?;
    let listed = row.list("scopes");
    let listed = if listed.is_empty() { vec!["all openid".to_owned()] } else { listed };
    let mut scopes = Vec::new();
    for text in listed.iter().flat_map(|text| text.split_whitespace()) {
        let Ok(name) = ScopeToken::parse(text) else {
            notes.push("one of its scopes is left out: it has a character that no scope can have".to_owned());
            continue;
        };
        if !catalogue.knows(text) && !scopes.contains(&name) {
            let description = match text {
                "all" => "Act for you in everything that the application is for".to_owned(),
                text => format!("Use {text}"),
            };
            let made = MadeScope { name: name.clone(), description, roles: Roles::default() };
            match roles::create_scope(tx, &made, act) {
                Ok(_) => report.note(RecordKind::Scope, text, Fate::Created, Vec::new()),
                Err(RoleError::Store(error)) => return Err(error),
                Err(error) => {
                    notes.push(format!("one of its scopes is left out: {error}"));
                    continue;
                }
            }
        }
        scopes.push(name);
    }
    Ok(scopes.into_iter().collect())
}

/// Its secret's hash, where it has one that can be brought here.
fn secret(
    tx: &mut Tx<'_>,
    row: &Row,
    client: &Client,
    keys: &SecretKeys,
    notes: &mut Vec<String>,
) -> Result<Result<Option<Digested>, String>, StoreError> {
    if client.is_public() {
        return Ok(Ok(None));
    }
    let Some(secret) = row.get("client_secret").filter(|secret| !is_masked(secret)) else {
        notes.push("the export does not show its secret: make one with hallpass client rotate-secret".to_owned());
        return Ok(Ok(None));
    };
    let is_plain = secret.chars().all(|c| c.is_ascii_graphic());
    if !token::may_be_imported(secret) || !is_plain || secret.len() < SHORTEST_SECRET {
        return Ok(Err(format!(
            "its secret must be {SHORTEST_SECRET} to 256 characters of visible ASCII, and not begin with hp_"
        )));
    }
    let digested = Digested::of(secret);
    for key in keys.all() {
        if tx.clients().find_by_secret(&digested.hash(key))?.is_some() {
            return Ok(Err("another client has the same secret".to_owned()));
        }
    }
    Ok(Ok(Some(digested)))
}
