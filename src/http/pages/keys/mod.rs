//! API keys on pages: all that one's own account and a user's settings share. Whose keys they are is an argument.

pub mod deeds;
pub mod edit;
pub mod generate;
pub mod show;
mod texts;
pub mod words;

use crate::app::App;
use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::domain::api_keys::ApiKeyError;
use crate::domain::api_keys::KeyPolicy;
use crate::domain::api_keys::KeyRing;
use crate::http::failure::Failure;
use crate::http::pages::views::key_form::KeyForm;
use crate::http::pages::views::keys::CreatedKey;
use crate::http::pages::views::keys::KeyOwner;
use crate::http::pages::views::keys::KeyPlace;
use crate::http::pages::views::keys::KeyRow;
use crate::http::pages::views::keys::KeysPanel;
use crate::http::pages::views::time::Moment;
use crate::http::paths;
use crate::http::present::sentence;
use crate::model::api_key::ApiKey;
use crate::model::id::ApiKeyId;
use crate::model::id::UserId;
use crate::model::secret::Secret;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::user::Roles;

/// Whose keys a request is about, and on which page they stand.
#[derive(Debug, Clone, Copy)]
pub enum Holder {
    /// One's own, on the account page.
    Own(UserId),
    /// Those of a user, in the settings that administrators see.
    User(UserId),
}

impl Holder {
    /// The user whose keys they are.
    pub fn user(self) -> UserId {
        match self {
            Holder::Own(user) | Holder::User(user) => user,
        }
    }

    /// The same, for pages.
    pub fn owner(self) -> KeyOwner {
        match self {
            Holder::Own(_) => KeyOwner::Own,
            Holder::User(user) => KeyOwner::User(user.to_string()),
        }
    }

    /// The page that the keys stand on.
    pub fn home(self) -> String {
        match self {
            Holder::Own(_) => paths::ACCOUNT.to_owned(),
            Holder::User(user) => paths::user_settings(&user.to_string()),
        }
    }

    /// A place of one of the keys.
    pub fn path(self, place: KeyPlace, key: ApiKeyId) -> String {
        self.owner().path(place, &key.to_string())
    }
}

/// The section *API Access*: with the form as it was sent, or a fresh one.
pub fn panel(
    holder: Holder,
    ring: &KeyRing,
    policy: &KeyPolicy,
    language: &Language,
    form: Option<KeyForm>,
    created: Option<CreatedKey>,
    now: Timestamp,
) -> KeysPanel {
    KeysPanel {
        owner: holder.owner(),
        keys: ring.keys.iter().map(|key| row(key, now)).collect(),
        form: form.unwrap_or_else(|| generate::fresh(ring, policy, language)),
        created,
    }
}

/// A key in a list.
pub fn row(key: &ApiKey, now: Timestamp) -> KeyRow {
    let moment = |at| Moment::seen_from(at, now);
    KeyRow {
        id: key.id.to_string(),
        name: key.name.clone(),
        api_key: key.api_key.as_str().to_owned(),
        rights: words::rights(key),
        roles: key.roles.as_ref().map(Roles::names),
        created: moment(key.created_at),
        last_use: words::last_use(key, now),
        expires: key.expires_at.map(moment),
        state: words::state(key, now),
        traits: words::traits(key, now),
    }
}

/// The pair, as it is shown once; `done` is the page without it.
fn created(app: &App, key: &ApiKey, secret: &Token, is_rotated: bool, done: String) -> CreatedKey {
    CreatedKey {
        name: key.name.clone(),
        api_key: key.api_key.as_str().to_owned(),
        api_secret: Secret::from(secret.reveal()),
        issuer: app.issuer.as_str().to_owned(),
        is_rotated,
        done,
    }
}

/// The key that a path names.
///
/// # Errors
/// [`Failure::NotFound`] where it can be none.
pub fn id(text: &str) -> Result<ApiKeyId, Failure> {
    ApiKeyId::parse(text).ok_or(Failure::NotFound)
}

/// Why it is refused, as a sentence for the person who asked.
///
/// # Errors
/// What no other answer mends: there is no such key, or the database does not answer.
fn refusal(error: ApiKeyError, language: &Language) -> Result<String, Failure> {
    match error {
        ApiKeyError::NotFound | ApiKeyError::UnknownUser | ApiKeyError::Store(_) => Err(error.into()),
        ApiKeyError::RoleNotHeld(role) => {
            let text = Text::new("The user does not hold the role {$role}, so a key cannot.");
            Ok(language.fill(&text.with("role", role)))
        }
        ApiKeyError::UnknownScope(scope) => {
            Ok(language.fill(&Text::new("There is no scope {$scope}.").with("scope", scope)))
        }
        ApiKeyError::LastsTooLong(most) => {
            let text = Text::new("A key may last {$time} at most (keys.maximum_lifetime_seconds).");
            Ok(language.fill(&text.with_text("time", generate::in_words(most))))
        }
        ApiKeyError::TooMany(most) => {
            let text = "The user has {$count} API keys already, which is as many as there may be; revoke one first.";
            Ok(language.fill(&Text::new(text).counting("count", most)))
        }
        error => Ok(sentence(&error.to_string())),
    }
}
