//! API keys, as they stand on the account page and in a user's settings.

use super::form::Choice;
use super::form::Choices;
use super::form::Field;
use super::form::Problem;
use super::form::problems;
use super::time::Moment;
use crate::http::paths;
use crate::model::secret::Secret;

/// The keys of one user, the form for another one, and the one that was just made.
pub struct KeysPanel {
    /// Whose keys they are.
    pub owner: KeyOwner,
    /// The keys, newest first, without those that were revoked.
    pub keys: Vec<KeyRow>,
    /// The form behind *Generate Keys*.
    pub form: KeyForm,
    /// The pair that was just made or rotated: shown once.
    pub created: Option<CreatedKey>,
}

/// Whose keys a panel shows, which says where its forms go.
pub enum KeyOwner {
    /// The visitor's own, on the account page.
    Own,
    /// Those of the user with this id.
    User(String),
}

/// One key in the list.
pub struct KeyRow {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The public half of the pair.
    pub api_key: String,
    /// What it may do.
    pub rights: KeyRights,
    /// When it was made.
    pub created: Moment,
    /// When it was last used, if it was.
    pub last_used: Option<Moment>,
    /// When it ends or ended, if it does.
    pub expires: Option<Moment>,
    /// Whether it works.
    pub state: KeyState,
}

/// Whether a key works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It does.
    Live,
    /// It was switched off.
    Disabled,
    /// Its time is over.
    Expired,
}

/// What a key may do.
pub enum KeyRights {
    /// It acts as its user.
    Full,
    /// It has these scopes.
    Scopes(Vec<String>),
}

/// The form behind *Generate Keys*: `name`, `rights`, `scope`, `expires_in`.
pub struct KeyForm {
    /// `name`; may be left empty.
    pub name: Field,
    /// `rights` is `full_access` or `scopes`; this says which is chosen.
    pub is_full_access: bool,
    /// `scope`: the scopes that the user can give a key.
    pub scope: Choices,
    /// `expires_in`: one of [`KeyForm::LIFETIMES`].
    pub expires_in: Choices,
}

/// A pair that was just made or rotated. Its secret can't be shown again.
pub struct CreatedKey {
    /// What the key is called.
    pub name: String,
    /// The public half.
    pub api_key: String,
    /// The secret half.
    pub api_secret: Secret,
    /// The issuer, for the `curl` line; no `/` at its end.
    pub issuer: String,
    /// Whether the key was there before and only its secret is new.
    pub is_rotated: bool,
}

impl KeysPanel {
    /// Where *Generate Keys* posts to.
    pub fn create_path(&self) -> String {
        match &self.owner {
            KeyOwner::Own => paths::ACCOUNT_KEYS.to_owned(),
            KeyOwner::User(user) => paths::user_keys(user),
        }
    }

    /// Where the secret of `key` is replaced.
    pub fn rotate_path(&self, key: &KeyRow) -> String {
        match &self.owner {
            KeyOwner::Own => paths::account_key_rotate(&key.id),
            KeyOwner::User(user) => paths::user_key_rotate(user, &key.id),
        }
    }

    /// Where `key` is revoked.
    pub fn revoke_path(&self, key: &KeyRow) -> String {
        match &self.owner {
            KeyOwner::Own => paths::account_key_revoke(&key.id),
            KeyOwner::User(user) => paths::user_key_revoke(user, &key.id),
        }
    }

    /// The page that the panel stands on, without the secret.
    pub fn done_path(&self) -> String {
        match &self.owner {
            KeyOwner::Own => format!("{}#api-access", paths::ACCOUNT),
            KeyOwner::User(user) => format!("{}#api-access", paths::user_settings(user)),
        }
    }
}

impl KeyRow {
    /// Whether it works.
    pub fn is_live(&self) -> bool {
        self.state == KeyState::Live
    }

    /// Whether its time is over.
    pub fn is_expired(&self) -> bool {
        self.state == KeyState::Expired
    }
}

impl KeyRights {
    /// Whether it acts as its user.
    pub fn is_full(&self) -> bool {
        matches!(self, KeyRights::Full)
    }

    /// Its scopes, where it has not full access.
    pub fn scopes(&self) -> Option<&[String]> {
        match self {
            KeyRights::Full => None,
            KeyRights::Scopes(scopes) => Some(scopes),
        }
    }
}

impl KeyForm {
    /// The values of `expires_in`, and what the page calls them. The first means never.
    pub const LIFETIMES: [(&'static str, &'static str); 5] =
        [("", "Never"), ("7d", "In 7 days"), ("30d", "In 30 days"), ("90d", "In 90 days"), ("365d", "In 1 year")];

    /// The form as it is at first: full access, no end. `scopes` are those that the user can give a key.
    pub fn fresh(scopes: Vec<Choice>) -> Self {
        Self { name: Field::default(), is_full_access: true, scope: Choices::of(scopes), expires_in: lifetimes("") }
    }

    /// The form as it was sent.
    pub fn kept(name: &str, is_full_access: bool, scopes: Vec<Choice>, expires_in: &str) -> Self {
        Self { name: Field::with(name), is_full_access, scope: Choices::of(scopes), expires_in: lifetimes(expires_in) }
    }

    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("name", &self.name.error), ("scope", &self.scope.error), ("expires_in", &self.expires_in.error)])
    }

    /// Whether the options are unfolded: they are once something of them was touched.
    pub fn is_open(&self) -> bool {
        !self.is_full_access || !self.name.value.is_empty() || !self.problems().is_empty()
    }
}

fn lifetimes(chosen: &str) -> Choices {
    let options =
        KeyForm::LIFETIMES.iter().map(|(value, label)| Choice::new(value, label, "").chosen(*value == chosen));
    Choices::of(options.collect())
}

/// The keys of samples.
#[cfg(test)]
pub(super) mod sample {
    use super::*;

    pub(in super::super) fn scopes() -> Vec<Choice> {
        vec![
            Choice::new("openid", "openid", "Know who the user is"),
            Choice::new("profile", "profile", "See the name and user name"),
            Choice::new(
                "account:read",
                "account:read",
                "See the account: profile, sessions, applications and API keys",
            ),
            Choice::new("invoices:write", "invoices:write", "Create and change invoices"),
        ]
    }

    pub(in super::super) fn panel(owner: KeyOwner) -> KeysPanel {
        let at = |seconds: i64| {
            let now = crate::model::time::Timestamp::from_seconds(1_795_512_600);
            Moment::seen_from(crate::model::time::Timestamp::from_seconds(now.seconds() + seconds), now)
        };
        let nightly = KeyRow {
            id: "key_01".to_owned(),
            name: "Nightly export".to_owned(),
            api_key: "hp_key_7hGq2LxV0aPzR4tYw9Bk".to_owned(),
            rights: KeyRights::Full,
            created: at(-3_000_000),
            last_used: Some(at(-240)),
            expires: None,
            state: KeyState::Live,
        };
        let report = KeyRow {
            id: "key_02".to_owned(),
            name: "Reports".to_owned(),
            api_key: "hp_key_Zz81kQmN3cVbX5sDf7Gh".to_owned(),
            rights: KeyRights::Scopes(vec!["profile".to_owned(), "invoices:read".to_owned()]),
            created: at(-90_000),
            last_used: None,
            expires: Some(at(500_000)),
            state: KeyState::Live,
        };
        let ended = KeyRow {
            id: "key_03".to_owned(),
            name: "Old laptop".to_owned(),
            api_key: "hp_key_Aa0bB1cC2dD3eE4fF5gG".to_owned(),
            rights: KeyRights::Full,
            created: at(-9_000_000),
            last_used: Some(at(-700_000)),
            expires: Some(at(-90_000)),
            state: KeyState::Expired,
        };
        KeysPanel { owner, keys: vec![report, nightly, ended], form: KeyForm::fresh(scopes()), created: None }
    }

    pub(in super::super) fn created() -> CreatedKey {
        CreatedKey {
            name: "Nightly export".to_owned(),
            api_key: "hp_key_7hGq2LxV0aPzR4tYw9Bk".to_owned(),
            api_secret: Secret::from("hp_sk_k3Jd82mQzX0vTn5RbW7yLcP1sGf4HuAe9iOo6MtVxqS0aB1cD"),
            issuer: "https://id.example.org".to_owned(),
            is_rotated: false,
        }
    }
}
