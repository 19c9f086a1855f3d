//! API keys, as they stand in the list on the account page and in a user's settings.

use super::key_form::KeyForm;
use super::time::Moment;
use crate::app::languages::Text;
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
    /// The pair that was just made: shown once.
    pub created: Option<CreatedKey>,
}

/// Whose keys they are, which says where their pages are.
pub enum KeyOwner {
    /// The visitor's own, on the account page.
    Own,
    /// Those of the user with this id.
    User(String),
}

/// What stands at an address of one key.
#[derive(Debug, Clone, Copy)]
pub enum KeyPlace {
    /// The page itself; it keeps what can change.
    Page,
    /// The key can be used again.
    Enable,
    /// It is stopped.
    Disable,
    /// A trial of its revocation begins.
    Trial,
    /// The trial ends.
    TrialEnd,
    /// A successor is made.
    Narrow,
    /// Its secret is replaced.
    Rotate,
    /// It is ended.
    Revoke,
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
    /// The only roles of its user that it has, where it leaves some out.
    pub roles: Option<Vec<String>>,
    /// When it was made.
    pub created: Moment,
    /// When and by whom it was last used, if it was.
    pub last_use: Option<LastUseLine>,
    /// When it ends or ended, if it does.
    pub expires: Option<Moment>,
    /// Whether it works.
    pub state: KeyState,
    /// What else is special about it.
    pub traits: KeyTraits,
}

/// When, from where and by what a key was last used.
pub struct LastUseLine {
    /// When.
    pub at: Moment,
    /// The address; may be empty.
    pub address: String,
    /// The program, in words.
    pub program: Text,
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

/// What makes a key unlike others.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeyTraits {
    /// A trial of its revocation runs.
    pub is_on_trial: bool,
    /// It is a decoy.
    pub is_decoy: bool,
    /// It was made elsewhere and brought here.
    pub is_imported: bool,
}

/// One word about a key.
#[derive(Debug, PartialEq, Eq)]
pub struct Badge {
    /// How it looks: the end of the class name, empty for the plain one.
    pub style: &'static str,
    /// The word.
    pub text: &'static str,
}

/// What a key may do.
pub enum KeyRights {
    /// It acts as its user.
    Full,
    /// It has these scopes.
    Scopes(Vec<String>),
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
    /// The page without the secret.
    pub done: String,
}

impl KeyOwner {
    /// Where *Generate Keys* posts to.
    pub fn create_path(&self) -> String {
        match self {
            KeyOwner::Own => paths::ACCOUNT_KEYS.to_owned(),
            KeyOwner::User(user) => paths::user_keys(user),
        }
    }

    /// The section with all of the keys.
    pub fn home_path(&self) -> String {
        match self {
            KeyOwner::Own => format!("{}#api-access", paths::ACCOUNT),
            KeyOwner::User(user) => format!("{}#api-access", paths::user_settings(user)),
        }
    }

    /// A place of the key with the id `key`.
    pub fn path(&self, place: KeyPlace, key: &str) -> String {
        let (own, of_user) = match place {
            KeyPlace::Page => (paths::ACCOUNT_KEY, paths::USER_KEY),
            KeyPlace::Enable => (paths::ACCOUNT_KEY_ENABLE, paths::USER_KEY_ENABLE),
            KeyPlace::Disable => (paths::ACCOUNT_KEY_DISABLE, paths::USER_KEY_DISABLE),
            KeyPlace::Trial => (paths::ACCOUNT_KEY_TRIAL, paths::USER_KEY_TRIAL),
            KeyPlace::TrialEnd => (paths::ACCOUNT_KEY_TRIAL_END, paths::USER_KEY_TRIAL_END),
            KeyPlace::Narrow => (paths::ACCOUNT_KEY_NARROW, paths::USER_KEY_NARROW),
            KeyPlace::Rotate => (paths::ACCOUNT_KEY_ROTATE, paths::USER_KEY_ROTATE),
            KeyPlace::Revoke => (paths::ACCOUNT_KEY_REVOKE, paths::USER_KEY_REVOKE),
        };
        match self {
            KeyOwner::Own => paths::of_account_key(own, key),
            KeyOwner::User(user) => paths::of_user_key(of_user, user, key),
        }
    }
}

impl KeysPanel {
    /// The page of `key`.
    pub fn page_path(&self, key: &KeyRow) -> String {
        self.owner.path(KeyPlace::Page, &key.id)
    }

    /// Where the secret of `key` is replaced.
    pub fn rotate_path(&self, key: &KeyRow) -> String {
        self.owner.path(KeyPlace::Rotate, &key.id)
    }

    /// Where `key` is revoked.
    pub fn revoke_path(&self, key: &KeyRow) -> String {
        self.owner.path(KeyPlace::Revoke, &key.id)
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

    /// What is to be known of it at first sight.
    pub fn badges(&self) -> Vec<Badge> {
        let mut badges = badges(self.state, self.traits);
        if self.rights.is_full() {
            badges.push(Badge { style: "", text: "Full access" });
        }
        badges
    }
}

/// The words for a key's state.
pub fn badges(state: KeyState, traits: KeyTraits) -> Vec<Badge> {
    let mut badges = Vec::new();
    match state {
        KeyState::Expired => badges.push(Badge { style: "", text: "Expired" }),
        KeyState::Disabled => badges.push(Badge { style: "", text: "Disabled" }),
        // A decoy never works, so it is not said to.
        KeyState::Live if traits.is_decoy => {}
        KeyState::Live => badges.push(Badge { style: "good", text: "Live" }),
    }
    let more = [(traits.is_decoy, "warning", "Decoy"), (traits.is_on_trial, "warning", "On trial")];
    badges.extend(more.into_iter().filter(|(holds, _, _)| *holds).map(|(_, style, text)| Badge { style, text }));
    if traits.is_imported {
        badges.push(Badge { style: "", text: "Legacy" });
    }
    badges
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

/// The keys of samples.
#[cfg(test)]
pub(super) mod sample {
    use super::super::form::Choice;
    use super::super::key_form::sample::form;
    use super::*;
    use crate::model::time::Timestamp;

    /// What time it is in samples.
    pub(in super::super) const NOW: Timestamp = Timestamp::from_seconds(1_795_512_600);

    pub(in super::super) fn at(seconds: i64) -> Moment {
        Moment::seen_from(Timestamp::from_seconds(NOW.seconds() + seconds), NOW)
    }

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

    fn row(id: &str, name: &str, state: KeyState) -> KeyRow {
        KeyRow {
            id: id.to_owned(),
            name: name.to_owned(),
            api_key: "hp_key_7hGq2LxV0aPzR4tYw9Bk".to_owned(),
            rights: KeyRights::Full,
            roles: None,
            created: at(-3_000_000),
            last_use: None,
            expires: None,
            state,
            traits: KeyTraits::default(),
        }
    }

    pub(in super::super) fn panel(owner: KeyOwner) -> KeysPanel {
        let used = |seconds, address: &str, program: &str| {
            Some(LastUseLine { at: at(seconds), address: address.to_owned(), program: Text::of_words(program) })
        };
        let nightly = KeyRow {
            last_use: used(-240, "192.0.2.7", "curl 8.5.0"),
            ..row("key_01", "Nightly export", KeyState::Live)
        };
        let report = KeyRow {
            rights: KeyRights::Scopes(vec!["profile".to_owned(), "invoices:read".to_owned()]),
            roles: Some(vec!["bookkeeping".to_owned()]),
            expires: Some(at(500_000)),
            traits: KeyTraits { is_on_trial: true, ..KeyTraits::default() },
            ..row("key_02", "Reports", KeyState::Live)
        };
        let ended = KeyRow {
            last_use: used(-700_000, "", "Python requests 2.31.0"),
            expires: Some(at(-90_000)),
            traits: KeyTraits { is_imported: true, ..KeyTraits::default() },
            ..row("key_03", "Old laptop", KeyState::Expired)
        };
        let decoy = KeyRow {
            traits: KeyTraits { is_decoy: true, ..KeyTraits::default() },
            ..row("key_04", "Backup of production", KeyState::Live)
        };
        let disabled = row("key_05", "Old importer", KeyState::Disabled);
        KeysPanel { owner, keys: vec![report, nightly, ended, decoy, disabled], form: form(), created: None }
    }

    pub(in super::super) fn created() -> CreatedKey {
        CreatedKey {
            name: "Nightly export".to_owned(),
            api_key: "hp_key_7hGq2LxV0aPzR4tYw9Bk".to_owned(),
            api_secret: Secret::from("hp_sk_k3Jd82mQzX0vTn5RbW7yLcP1sGf4HuAe9iOo6MtVxqS0aB1cD"),
            issuer: "https://id.example.org".to_owned(),
            is_rotated: false,
            done: KeyOwner::Own.home_path(),
        }
    }
}
