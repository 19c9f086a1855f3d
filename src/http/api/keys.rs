//! `/api/v1/keys`: API keys; administrators reach everybody's, everybody else their own.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use ipnet::IpNet;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::api_keys;
use crate::domain::api_keys::ApiKeyError;
use crate::domain::api_keys::KeyChanges;
use crate::domain::api_keys::NewApiKey;
use crate::domain::reach::Reach;
use crate::domain::whose::Whose;
use crate::http::api::clients::Rotation;
use crate::http::api::listing::Listing;
use crate::http::api::listing::Page;
use crate::http::api::listing::PageParameters;
use crate::http::api::text;
use crate::http::failure::Failure;
use crate::http::failure::Refused;
use crate::http::json::JsonBody;
use crate::http::json::given;
use crate::http::key_use;
use crate::http::needs::AccountRead;
use crate::http::needs::AccountWrite;
use crate::http::needs::AdminOrOwn;
use crate::http::needs::KeysRead;
use crate::http::needs::KeysWrite;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::api_key::ApiKey;
use crate::model::api_key::KeyAccess;
use crate::model::api_key::KeyKind;
use crate::model::api_key::parse_network;
use crate::model::id::ApiKeyId;
use crate::model::id::UserId;
use crate::model::identity::Identity;
use crate::model::key_limits::KeyLimit;
use crate::model::key_limits::KeyLimits;
use crate::model::name::DisplayName;
use crate::model::scope::Scope;
use crate::model::time::Timestamp;
use crate::model::user::Roles;

/// The name of the list in its cursors.
const LIST: &str = "keys";
/// What a key is called where nothing is said.
const NAME: &str = "API key";

/// Who may see keys.
pub type MayRead = AdminOrOwn<KeysRead, AccountRead>;
/// Who may make, change and revoke them.
type MayWrite = AdminOrOwn<KeysWrite, AccountWrite>;

/// An API key. Its secret is never here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub struct KeyRecord {
    /// The id; not the public half.
    id: String,
    /// The public half of the pair.
    api_key: String,
    /// The name of the user that it acts as.
    user: String,
    /// That user's id.
    user_id: String,
    /// What people call it.
    name: String,
    /// Whether it may do whatever its user may.
    full_access: bool,
    /// Where it has no full access: the scopes that it was given.
    scopes: Vec<String>,
    /// Where not null, the only ones of its user's roles that it has.
    #[schema(required)]
    roles: Option<Vec<String>>,
    /// Where not empty, the only addresses and networks that it works from.
    allowed_ips: Vec<String>,
    /// A disabled key is refused and can be enabled again.
    enabled: bool,
    /// When it was made, in Unix seconds.
    created_at: i64,
    /// When it ends by itself, in Unix seconds.
    #[schema(required)]
    expires_at: Option<i64>,
    /// How often it may be used: so many requests in each window.
    limits: Vec<LimitMembers>,
    /// It is never let in, and whoever tries it raises an alarm.
    decoy: bool,
    /// It was made elsewhere and imported.
    legacy: bool,
    /// Until then, in Unix seconds, a trial of its revocation runs: its requests pass and are counted as `would_fail`.
    #[schema(required)]
    trial_until: Option<i64>,
    /// The id of the key that it was made to take the place of.
    #[schema(required)]
    replaces: Option<String>,
    /// When it was last used, to the minute, in Unix seconds.
    #[schema(required)]
    last_used_at: Option<i64>,
    /// From which address that was.
    #[schema(required)]
    last_used_address: Option<String>,
    /// What the program called itself (`User-Agent`).
    #[schema(required)]
    last_used_agent: Option<String>,
}

/// How often a key may be used. Windows begin at multiples of their length since the Unix epoch, in UTC.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApiKeyLimit)]
pub struct LimitMembers {
    /// What it is called: small letters, digits, `-` and `_`.
    #[schema(max_length = 32, example = "daily")]
    name: String,
    /// The requests that pass in one window.
    #[schema(minimum = 1, maximum = 4_294_967_295_i64)]
    requests: i64,
    /// How long a window is.
    #[schema(minimum = 1, maximum = 31_622_400)]
    seconds: i64,
}

/// An API key, and which of its scopes nothing needed yet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyWithUse)]
pub struct KeyWithUse {
    #[serde(flatten)]
    key: KeyRecord,
    /// The scopes that it has and that no request of it to this server needed. What other services let it do with what
    /// introspection says of it is not known here.
    unused_scopes: Vec<String>,
}

/// An API key and its new secret, which nobody can see again.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKeyWithSecret)]
pub struct KeyWithSecret {
    #[serde(flatten)]
    key: KeyRecord,
    /// The secret half of the pair.
    api_secret: String,
}

/// A key to be made. It has either full access or at least one scope.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKeyMembers {
    /// What to call it.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_length = 200, default = "API key", nullable = false)]
    name: Option<String>,
    /// The name of the user that it acts as; oneself where nothing is said. For others, administrators only.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    user: Option<String>,
    /// The key may do whatever its user may.
    #[serde(default)]
    full_access: bool,
    /// What the key may do.
    #[serde(default)]
    #[schema(max_items = 100)]
    scopes: Vec<String>,
    /// Only these of its user's roles.
    #[serde(default)]
    #[schema(max_items = 100)]
    roles: Option<Vec<String>>,
    /// When it ends by itself, in Unix seconds.
    #[serde(default)]
    expires_at: Option<i64>,
    /// The only addresses and networks that it works from, such as `10.0.0.0/8`.
    #[serde(default)]
    #[schema(max_items = 100)]
    allowed_ips: Vec<String>,
    /// How often it may be used.
    #[serde(default)]
    #[schema(max_items = 5)]
    limits: Vec<LimitMembers>,
    /// It is never let in, and whoever tries it raises an alarm: to be left where only a thief would find it.
    #[serde(default)]
    decoy: bool,
}

/// What changes in a key. What is left out stays as it is; what the key may do always does.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyMembers {
    /// What to call it.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_length = 200, nullable = false)]
    name: Option<String>,
    /// Whether it works.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
    /// When it ends by itself, in Unix seconds; null: not at all.
    #[serde(default, deserialize_with = "given")]
    expires_at: Option<Option<i64>>,
    /// The only addresses and networks that it works from; from everywhere where there are none.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_items = 100, nullable = false)]
    allowed_ips: Option<Vec<String>>,
    /// How often it may be used.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_items = 5, nullable = false)]
    limits: Option<Vec<LimitMembers>>,
    /// Until when, in Unix seconds, a trial of its revocation runs: its requests pass and are counted as `would_fail`;
    /// then it is as before. Null ends the trial.
    #[serde(default, deserialize_with = "given")]
    trial_until: Option<Option<i64>>,
}

/// Nothing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoMembers {}

/// Lists API keys that were not revoked, oldest first: everybody's for administrators, else one's own.
///
/// # Errors
/// 400 where the query is wrong.
#[utoipa::path(
    get, path = paths::API_KEYS, tag = "keys",
    params(
        PageParameters,
        ("user" = Option<String>, Query, description = "Only those of the user of this name, e-mail address or id"),
        ("legacy" = Option<bool>, Query, description = "Only those that were imported, or only others"),
        ("decoy" = Option<bool>, Query, description = "Only decoys, or only others"),
        ("enabled" = Option<bool>, Query, description = "Only those that are enabled, or only others"),
        ("unused_since" = Option<i64>, Query, description = "Only those that were made before and not used since this time"),
        ("expires_before" = Option<i64>, Query, description = "Only those that end by themselves before this time"),
    ),
    responses((status = 200, description = "A page of API keys", body = Page<KeyRecord>))
)]
pub async fn list(who: Principal<MayRead>, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let filters = ["user", "legacy", "decoy", "enabled", "unused_since", "expires_before"];
    let listing = Listing::read(&request, &app, LIST, &filters)?;
    let kind = KeyKind {
        user: None,
        imported: listing.flag("legacy")?,
        decoy: listing.flag("decoy")?,
        enabled: listing.flag("enabled")?,
        unused_since: listing.time("unused_since")?,
        expires_before: listing.time("expires_before")?,
    };
    let (whose, user) = (who.whose()?, listing.filter("user"));
    let (after, ask) = (listing.after(ApiKeyId::parse)?, listing.ask());
    let (found, names) = app
        .store
        .read(move |tx| {
            let kind = KeyKind { user: whose.narrowed(tx, user.as_deref())?, ..kind };
            let found = tx.api_keys().list_of_kind(&kind, after, ask)?;
            let owners: Vec<UserId> = found.iter().map(|key| key.user).collect();
            let names = tx.users().names(&owners)?;
            Ok::<_, Refused>((found, names))
        })
        .await?;
    let name = |key: &ApiKey| names.get(&key.user).cloned().unwrap_or_default();
    let page = listing.page(&app, found, |key| key.id.to_string(), |key| record(key, name(key)));
    Ok(HttpResponse::Ok().json(page))
}

/// Makes an API key. Its secret is in this answer and in no other.
///
/// A key or an access token can only make keys that may do no more than itself, work from no other addresses and end no
/// later.
///
/// # Errors
/// 400 where the body is wrong, 403 where the key would reach further than the credential that asks, 409 where the user
/// has too many.
#[utoipa::path(
    post, path = paths::API_KEYS, tag = "keys", request_body = NewKeyMembers,
    responses(
        (status = 201, description = "The key with its secret", body = KeyWithSecret),
        (status = 409, description = "The user has as many keys as there may be"),
    )
)]
pub async fn create(
    who: Principal<MayWrite>,
    body: JsonBody<NewKeyMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let body = body.0;
    let name = text::about("name", DisplayName::parse(body.name.as_deref().unwrap_or(NAME)))?;
    let access = access(body.full_access, &body.scopes)?;
    let roles = body.roles.as_deref().map(text::roles).transpose()?;
    let (allowed_addresses, limits) = (networks(&body.allowed_ips)?, limits(&body.limits)?);
    let expires_at = body.expires_at.map(Timestamp::from_seconds);
    let (whose, user, own, is_decoy) = (who.whose()?, body.user, Identity::user_id(&who), body.decoy);
    if user.is_none() && own.is_none() {
        return Err(Failure::BadRequest("user is missing: a client that acts in its own name has no keys".to_owned()));
    }
    let (identity, act, policy) = (Identity::clone(&who), who.act(&app), app.key_policy());
    let made = app
        .store
        .write(move |tx| {
            let named = whose.narrowed(tx, user.as_deref())?;
            let new = NewApiKey {
                user: if user.is_some() { named } else { own }.ok_or(Refused::NotFound)?,
                name: name.clone(),
                access: access.clone(),
                roles: roles.clone(),
                expires_at,
                allowed_addresses: allowed_addresses.clone(),
                limits: limits.clone(),
                is_decoy,
            };
            let reach = Reach::of(tx, &identity, &act)?;
            let (key, secret) = api_keys::create_within(tx, &new, &policy, &reach, &act)?;
            let owner = tx.users().names(&[key.user])?.remove(&key.user).unwrap_or_default();
            Ok::<_, Refused>((record(&key, owner), secret))
        })
        .await?;
    let made = KeyWithSecret { key: made.0, api_secret: made.1.reveal().to_owned() };
    Ok(respond::created(&app, &paths::api_key(&made.key.id), &made))
}

/// Shows an API key, and which of its scopes nothing needed yet.
///
/// # Errors
/// 404 where there is none, or it is another's, or was revoked.
#[utoipa::path(
    get, path = paths::API_KEY, tag = "keys", params(("key" = String, Path, description = "The key's id")),
    responses((status = 200, description = "The key", body = KeyWithUse))
)]
pub async fn get(who: Principal<MayRead>, key: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let (id, owner) = target(&key, who.whose()?)?;
    key_use::write_now(&app, id).await;
    let found = app
        .store
        .read(move |tx| {
            let key = api_keys::find_of(tx, owner, id)?;
            let owner = tx.users().names(&[key.user])?.remove(&key.user).unwrap_or_default();
            let unused_scopes = api_keys::unused_scopes(tx, &key)?.names();
            Ok::<_, Refused>(KeyWithUse { key: record(&key, owner), unused_scopes })
        })
        .await?;
    Ok(HttpResponse::Ok().json(found))
}

/// Changes an API key: its name, whether it works, its end, its addresses and limits, and whether its revocation is tried.
///
/// A key or an access token can only change end, addresses and limits of keys that it could have made so.
///
/// # Errors
/// 400 where the body is wrong, 403 where the key would reach further than the credential that asks, 404 where there is none, or it is another's, or was revoked.
#[utoipa::path(
    patch, path = paths::API_KEY, tag = "keys", params(("key" = String, Path, description = "The key's id")),
    request_body = KeyMembers, responses((status = 200, description = "The key as it is now", body = KeyRecord))
)]
pub async fn patch(
    who: Principal<MayWrite>,
    key: Path<String>,
    body: JsonBody<KeyMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (id, owner) = target(&key, who.whose()?)?;
    let name = body.0.name.as_deref().map(|name| text::about("name", DisplayName::parse(name))).transpose()?;
    let time = |at: Option<Option<i64>>| at.map(|at| at.map(Timestamp::from_seconds));
    let changes = KeyChanges {
        name,
        enabled: body.0.enabled,
        expires_at: time(body.0.expires_at),
        allowed_addresses: body.0.allowed_ips.as_deref().map(networks).transpose()?,
        limits: body.0.limits.as_deref().map(limits).transpose()?,
        trial_until: time(body.0.trial_until),
    };
    let act = who.act(&app);
    let (identity, policy) = (Identity::clone(&who), app.key_policy());
    let changed = app
        .store
        .write(move |tx| {
            let reach = Reach::of(tx, &identity, &act)?;
            let key = api_keys::change(tx, owner, id, &changes, &policy, &reach, &act)?;
            let owner = tx.users().names(&[key.user])?.remove(&key.user).unwrap_or_default();
            Ok::<_, Refused>(record(&key, owner))
        })
        .await?;
    Ok(HttpResponse::Ok().json(changed))
}

/// Revokes an API key for good.
///
/// # Errors
/// 404 where there is none, or it is another's, or was revoked already.
#[utoipa::path(
    delete, path = paths::API_KEY, tag = "keys", params(("key" = String, Path, description = "The key's id")),
    responses((status = 204, description = "The key is revoked"))
)]
pub async fn delete(who: Principal<MayWrite>, key: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let ((id, owner), act) = (target(&key, who.whose()?)?, who.act(&app));
    app.store.write(move |tx| api_keys::revoke_of(tx, owner, id, &act)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Replaces the secret of an API key; its public half stays. The new secret is in this answer and in no other.
///
/// A key or an access token can only replace the secrets of keys that it could have made.
///
/// # Errors
/// 403 where the key reaches further than the credential that asks, 404 where there is none, or it is another's, or was
/// revoked.
#[utoipa::path(
    post, path = paths::API_KEY_ROTATE, tag = "keys", params(("key" = String, Path, description = "The key's id")),
    request_body = Rotation, responses((status = 201, description = "The key with its new secret", body = KeyWithSecret))
)]
pub async fn rotate(
    who: Principal<MayWrite>,
    key: Path<String>,
    body: JsonBody<Rotation>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (id, owner) = target(&key, who.whose()?)?;
    let overlap = text::overlap(body.0.overlap_seconds)?;
    let (identity, act, policy) = (Identity::clone(&who), who.act(&app), app.key_policy());
    let rotated = app
        .store
        .write(move |tx| {
            let reach = Reach::of(tx, &identity, &act)?;
            let (key, secret) = api_keys::rotate_within(tx, owner, id, overlap, &policy, &reach, &act)?;
            let owner = tx.users().names(&[key.user])?.remove(&key.user).unwrap_or_default();
            Ok::<_, Refused>((record(&key, owner), secret))
        })
        .await?;
    let rotated = KeyWithSecret { key: rotated.0, api_secret: rotated.1.reveal().to_owned() };
    Ok(respond::created(&app, &paths::api_key(&rotated.key.id), &rotated))
}

/// Makes the successor of an API key: with the scopes that requests of it needed and no others, and else as it is. The key
/// itself stays, until whoever uses it has the new one. The secret is in this answer and in no other.
///
/// # Errors
/// 403 where the successor would reach further than the credential that asks, 404 where there is no such key, or it is
/// another's, or was revoked, 409 where nothing could be left out or nothing would be left.
#[utoipa::path(
    post, path = paths::API_KEY_SUCCESSOR, tag = "keys", params(("key" = String, Path, description = "The key's id")),
    request_body = NoMembers,
    responses(
        (status = 201, description = "The successor with its secret", body = KeyWithSecret),
        (status = 409, description = "Nothing can be left out, or nothing would be left"),
    )
)]
pub async fn succeed(
    who: Principal<MayWrite>,
    key: Path<String>,
    _: JsonBody<NoMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (id, owner) = target(&key, who.whose()?)?;
    let (identity, act, policy) = (Identity::clone(&who), who.act(&app), app.key_policy());
    key_use::write_now(&app, id).await;
    let made = app
        .store
        .write(move |tx| {
            let reach = Reach::of(tx, &identity, &act)?;
            let (key, secret) = api_keys::succeed(tx, owner, id, &policy, &reach, &act)?;
            let owner = tx.users().names(&[key.user])?.remove(&key.user).unwrap_or_default();
            Ok::<_, Refused>((record(&key, owner), secret))
        })
        .await?;
    let made = KeyWithSecret { key: made.0, api_secret: made.1.reveal().to_owned() };
    Ok(respond::created(&app, &paths::api_key(&made.key.id), &made))
}

/// The key of a path, and whose it has to be.
pub fn target(text: &str, whose: Whose) -> Result<(ApiKeyId, Option<UserId>), Failure> {
    Ok((ApiKeyId::parse(text).ok_or(Failure::NotFound)?, whose.owner()))
}

fn networks(texts: &[String]) -> Result<Vec<IpNet>, Failure> {
    let network = |text: &str| parse_network(text).ok_or("must be an address or a network, such as 10.0.0.0/8");
    text::each("allowed_ips", texts, network)
}

fn limits(members: &[LimitMembers]) -> Result<KeyLimits, Failure> {
    let limit = |(at, limit): (usize, &LimitMembers)| {
        let read = KeyLimit::new(&limit.name, limit.requests, limit.seconds);
        read.map_err(|error| Failure::BadRequest(format!("limits[{at}]: {error}")))
    };
    let all = members.iter().enumerate().map(limit).collect::<Result<_, _>>()?;
    KeyLimits::new(all).map_err(|error| Failure::BadRequest(format!("limits: {error}")))
}

/// Full access or scopes, whichever was said; nothing never means everything.
fn access(full_access: bool, names: &[String]) -> Result<KeyAccess, Failure> {
    let scopes: Scope = text::scopes(names)?;
    match (full_access, scopes.is_empty()) {
        (true, true) => Ok(KeyAccess::Full),
        (true, false) => Err(Failure::BadRequest("choose full_access or scopes, not both".to_owned())),
        (false, true) => Err(ApiKeyError::NoAccess.into()),
        (false, false) => Ok(KeyAccess::Scopes(scopes)),
    }
}

/// `key` as scripts see it.
pub fn record(key: &ApiKey, user: String) -> KeyRecord {
    let scopes = match &key.access {
        KeyAccess::Full => Vec::new(),
        KeyAccess::Scopes(scopes) => scopes.names(),
    };
    KeyRecord {
        id: key.id.to_string(),
        api_key: key.api_key.as_str().to_owned(),
        user,
        user_id: key.user.to_string(),
        name: key.name.clone(),
        full_access: key.access == KeyAccess::Full,
        scopes,
        roles: key.roles.as_ref().map(Roles::names),
        allowed_ips: key.allowed_addresses.iter().map(ToString::to_string).collect(),
        enabled: key.enabled,
        created_at: key.created_at.seconds(),
        expires_at: key.expires_at.map(Timestamp::seconds),
        limits: key.limits.iter().map(limit_members).collect(),
        decoy: key.is_decoy,
        legacy: key.is_imported,
        trial_until: key.trial_until.map(Timestamp::seconds),
        replaces: key.replaces.map(|id| id.to_string()),
        last_used_at: key.last_used_at().map(Timestamp::seconds),
        last_used_address: key.last_use.as_ref().and_then(|last| last.address.clone()),
        last_used_agent: key.last_use.as_ref().and_then(|last| last.agent.clone()),
    }
}

fn limit_members(limit: &KeyLimit) -> LimitMembers {
    LimitMembers {
        name: limit.name.clone(),
        requests: limit.requests.get().into(),
        seconds: i64::try_from(limit.window.seconds()).unwrap_or(i64::MAX),
    }
}
