//! API keys on pages: all that one's own account and a user's settings share. Whose keys they are is an argument.

use actix_web::HttpResponse;

use crate::app::App;
use crate::domain::act::Act;
use crate::domain::api_keys;
use crate::domain::api_keys::ApiKeyError;
use crate::domain::api_keys::KeyRing;
use crate::domain::api_keys::NewApiKey;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::pages::choices::choices;
use crate::http::pages::views::confirm::ConfirmPage;
use crate::http::pages::views::frame::Frame;
use crate::http::pages::views::keys::CreatedKey;
use crate::http::pages::views::keys::KeyForm;
use crate::http::pages::views::keys::KeyOwner;
use crate::http::pages::views::keys::KeyRights;
use crate::http::pages::views::keys::KeyRow;
use crate::http::pages::views::keys::KeyState;
use crate::http::pages::views::keys::KeysPanel;
use crate::http::pages::views::time::Moment;
use crate::http::paths;
use crate::http::present::sentence;
use crate::http::respond;
use crate::model::api_key::ApiKey;
use crate::model::api_key::KeyAccess;
use crate::model::id::ApiKeyId;
use crate::model::id::UserId;
use crate::model::key_limits::KeyLimits;
use crate::model::name::DisplayName;
use crate::model::name::NameError;
use crate::model::scope::ScopeToken;
use crate::model::secret::Secret;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;

/// Whose keys a request is about, and on which page they stand.
#[derive(Debug, Clone, Copy)]
pub enum Holder {
    /// One's own, on the account page.
    Own(UserId),
    /// Those of a user, in the settings that administrators see.
    User(UserId),
}

/// What became of *Generate Keys*.
pub enum Generated {
    /// The pair: shown once.
    Made(CreatedKey),
    /// The form once more, with what is wrong.
    Refused(KeyForm),
}

/// What a page asks about before it does it.
#[derive(Debug, Clone, Copy)]
pub enum Deed {
    /// Replacing the secret.
    Rotate,
    /// Ending the key.
    Revoke,
}

impl Holder {
    /// The user whose keys they are.
    pub fn user(self) -> UserId {
        match self {
            Holder::Own(user) | Holder::User(user) => user,
        }
    }

    /// The page that the keys stand on.
    pub fn home(self) -> String {
        match self {
            Holder::Own(_) => paths::ACCOUNT.to_owned(),
            Holder::User(user) => paths::user_settings(&user.to_string()),
        }
    }

    fn path_of(self, deed: Deed, key: ApiKeyId) -> String {
        let key = key.to_string();
        match (self, deed) {
            (Holder::Own(_), Deed::Rotate) => paths::account_key_rotate(&key),
            (Holder::Own(_), Deed::Revoke) => paths::account_key_revoke(&key),
            (Holder::User(user), Deed::Rotate) => paths::user_key_rotate(&user.to_string(), &key),
            (Holder::User(user), Deed::Revoke) => paths::user_key_revoke(&user.to_string(), &key),
        }
    }
}

/// The section *API Access*: with the form as it was sent, or a fresh one.
pub fn panel(
    holder: Holder,
    ring: &KeyRing,
    form: Option<KeyForm>,
    created: Option<CreatedKey>,
    now: Timestamp,
) -> KeysPanel {
    let owner = match holder {
        Holder::Own(_) => KeyOwner::Own,
        Holder::User(user) => KeyOwner::User(user.to_string()),
    };
    KeysPanel {
        owner,
        keys: ring.keys.iter().map(|key| row(key, now)).collect(),
        form: form.unwrap_or_else(|| KeyForm::fresh(choices(&ring.scopes, |_| false))),
        created,
    }
}

fn row(key: &ApiKey, now: Timestamp) -> KeyRow {
    let moment = |at| Moment::seen_from(at, now);
    KeyRow {
        id: key.id.to_string(),
        name: key.name.clone(),
        api_key: key.api_key.as_str().to_owned(),
        rights: match &key.access {
            KeyAccess::Full => KeyRights::Full,
            KeyAccess::Scopes(scopes) => {
                KeyRights::Scopes(scopes.iter().map(|scope| scope.as_str().to_owned()).collect())
            }
        },
        created: moment(key.created_at),
        last_used: key.last_used_at().map(moment),
        expires: key.expires_at.map(moment),
        state: match key.expires_at {
            Some(end) if end.is_past(now) => KeyState::Expired,
            _ if !key.enabled => KeyState::Disabled,
            _ => KeyState::Live,
        },
    }
}

/// *Generate Keys*: adds a key as the form describes it; an empty form gives full access without an end.
///
/// # Errors
/// [`Failure::NotFound`] where there is no such user.
pub async fn generate(app: &App, holder: Holder, form: &Parameters, act: &Act) -> Result<Generated, Failure> {
    let user = holder.user();
    let ring = app.store.read(move |tx| api_keys::ring_of(tx, user)).await?.ok_or(Failure::NotFound)?;
    let new = match read(form, &ring, act.now) {
        Ok(new) => new,
        Err(form) => return Ok(Generated::Refused(*form)),
    };
    let (name, access) = (new.name.as_str().to_owned(), new.access.clone());
    let (for_store, policy) = (act.clone(), app.key_policy());
    match app.store.write(move |tx| api_keys::create(tx, &new, &policy, &for_store)).await {
        Ok((key, secret)) => Ok(Generated::Made(created(app, &key, &secret, false))),
        // What the form offered may be gone by now, or there are too many keys.
        Err(error @ (ApiKeyError::TooMany(_) | ApiKeyError::UnknownScope(_) | ApiKeyError::LastsTooLong(_))) => {
            let is_chosen = |scope: &str| matches!(&access, KeyAccess::Scopes(scopes) if scopes.contains(scope));
            let scopes = choices(&ring.scopes, is_chosen);
            let expires_in = form.get("expires_in").unwrap_or_default();
            let mut form = KeyForm::kept(&name, access == KeyAccess::Full, scopes, expires_in);
            form.name.error = Some(sentence(&error.to_string()));
            Ok(Generated::Refused(form))
        }
        Err(error) => Err(error.into()),
    }
}

/// The key that the form describes, or the form with what is wrong.
fn read(form: &Parameters, ring: &KeyRing, now: Timestamp) -> Result<NewApiKey, Box<KeyForm>> {
    let wanted: Vec<&str> = form.all("scope").flat_map(str::split_ascii_whitespace).collect();
    // Whoever names scopes and nothing else wants no more than these.
    let rights = form.get("rights").unwrap_or(if wanted.is_empty() { "full_access" } else { "scopes" });
    let is_full = rights == "full_access";
    let expires_in = form.get("expires_in").unwrap_or_default();
    let text = form.get("name").unwrap_or_default();
    let mut kept = KeyForm::kept(text, is_full, choices(&ring.scopes, |scope| wanted.contains(&scope)), expires_in);

    let name = match DisplayName::parse(text) {
        Err(NameError::Empty) => DisplayName::parse(&default_name(now)),
        name => name,
    };
    kept.name.error = name.as_ref().err().map(|error| format!("The name {error}."));
    let stranger = wanted.iter().find(|scope| !ring.scopes.iter().any(|offered| offered.name == **scope));
    kept.scope.error = match (rights, stranger) {
        ("full_access", _) if !wanted.is_empty() => {
            Some("Full access and single scopes exclude each other: choose one of the two.".to_owned())
        }
        ("full_access", _) => None,
        ("scopes", Some(scope)) => Some(format!("There is no scope {scope} that this key could have.")),
        ("scopes", None) if wanted.is_empty() => Some("Choose at least one scope, or full access.".to_owned()),
        ("scopes", None) => None,
        _ => Some("Rights are full_access or scopes.".to_owned()),
    };
    let expires_at = lifetime(expires_in).map(|lifetime| lifetime.map(|lifetime| now + lifetime));
    if expires_at.is_none() {
        kept.expires_in.error = Some("Choose one of the times that are offered.".to_owned());
    }
    match (name, expires_at) {
        (Ok(name), Some(expires_at)) if kept.scope.error.is_none() => Ok(NewApiKey {
            user: ring.user.id,
            name,
            access: if is_full {
                KeyAccess::Full
            } else {
                KeyAccess::Scopes(wanted.iter().filter_map(|scope| ScopeToken::parse(scope).ok()).collect())
            },
            roles: None,
            expires_at,
            allowed_addresses: Vec::new(),
            limits: KeyLimits::default(),
            is_decoy: false,
        }),
        _ => Err(Box::new(kept)),
    }
}

/// What a key is called that nobody gave a name.
fn default_name(now: Timestamp) -> String {
    format!("Key of {}", Moment::new(now).full)
}

/// What a choice of `expires_in` means: `Some(None)` is never, `None` no choice at all.
fn lifetime(value: &str) -> Option<Option<Lifetime>> {
    KeyForm::LIFETIMES.iter().find(|(known, _)| *known == value)?;
    if value.is_empty() {
        return Some(None);
    }
    value.strip_suffix('d')?.parse().ok().map(|days| Some(Lifetime::from_days(days)))
}

/// Replaces a key's secret.
///
/// # Errors
/// [`Failure::NotFound`] where it is none of the holder's.
pub async fn rotate(app: &App, holder: Holder, key: &str, act: Act) -> Result<CreatedKey, Failure> {
    let (user, key) = (holder.user(), ApiKeyId::parse(key).ok_or(Failure::NotFound)?);
    let (key, secret) = app.store.write(move |tx| api_keys::rotate_of(tx, user, key, &act)).await?;
    Ok(created(app, &key, &secret, true))
}

/// Ends a key.
///
/// # Errors
/// [`Failure::NotFound`] where it is none of the holder's.
pub async fn revoke(app: &App, holder: Holder, key: &str, act: Act) -> Result<(), Failure> {
    let (user, key) = (holder.user(), ApiKeyId::parse(key).ok_or(Failure::NotFound)?);
    Ok(app.store.write(move |tx| api_keys::revoke_of(tx, user, key, &act)).await?)
}

/// The page that asks before it is done.
///
/// # Errors
/// [`Failure::NotFound`] where the key is none of the holder's.
pub async fn ask(app: &App, frame: Frame, holder: Holder, key: &str, deed: Deed) -> Result<HttpResponse, Failure> {
    let (user, key) = (holder.user(), ApiKeyId::parse(key).ok_or(Failure::NotFound)?);
    let key = app.store.read(move |tx| api_keys::find_of(tx, user, key)).await?;
    let (question, consequences, button) = match deed {
        Deed::Rotate => (
            format!("Replace the secret of {}?", key.name),
            [
                "The present secret stops working at once: whatever uses it is refused until it has the new one.",
                "The public half of the key stays as it is.",
                "The new secret is shown once, on the next page.",
            ],
            "Rotate secret",
        ),
        Deed::Revoke => (
            format!("Revoke the API key {}?", key.name),
            [
                "Requests that use it are refused at once.",
                "What was done with it stays in the log.",
                "This can't be undone.",
            ],
            "Revoke key",
        ),
    };
    respond::page(&ConfirmPage {
        frame,
        question,
        consequences: consequences.map(str::to_owned).to_vec(),
        action: holder.path_of(deed, key.id),
        button: button.to_owned(),
        cancel: holder.home(),
    })
}

fn created(app: &App, key: &ApiKey, secret: &Token, is_rotated: bool) -> CreatedKey {
    CreatedKey {
        name: key.name.clone(),
        api_key: key.api_key.as_str().to_owned(),
        api_secret: Secret::from(secret.reveal()),
        issuer: app.issuer.as_str().to_owned(),
        is_rotated,
    }
}
