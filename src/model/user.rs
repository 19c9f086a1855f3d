//! Users: persons, and service accounts made only for API calls.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::email::Email;
use crate::model::id::UserId;
use crate::model::role::RoleName;
use crate::model::time::Timestamp;
use crate::model::user_claims::UserClaims;
use crate::model::username::Username;

/// What kind of user it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserKind {
    /// Signs in with a password, or with a passkey.
    Person,
    /// Has no password and no browser login; acts by API keys only.
    Service,
}

impl UserKind {
    /// As the database and the JSON API write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            UserKind::Person => "person",
            UserKind::Service => "service",
        }
    }

    /// Reads what [`UserKind::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [UserKind::Person, UserKind::Service].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A user.
#[derive(Debug, Clone)]
pub struct User {
    /// Its id; never used again after the user is gone.
    pub id: UserId,
    /// The name to sign in with.
    pub username: Username,
    /// The address to sign in with, if there is one.
    pub email: Option<Email>,
    /// How the person is called; may be empty.
    pub full_name: String,
    /// Person or service account.
    pub kind: UserKind,
    /// A disabled user's credentials are all refused.
    pub enabled: bool,
    /// The roles it holds now.
    pub roles: Roles,
    /// When it was made.
    pub created_at: Timestamp,
    /// What else is known of it.
    pub claims: UserClaims,
    /// When what is known of it was last changed.
    pub updated_at: Option<Timestamp>,
    /// When it last signed in with a password or a passkey.
    pub last_login_at: Option<Timestamp>,
}

impl User {
    /// What Frappe calls the user's id: the e-mail address if there is one, else the user name.
    pub fn frappe_name(&self) -> &str {
        self.email.as_ref().map_or(self.username.as_str(), Email::as_str)
    }
}

/// Of a user what decides of a credential, and what those who ask are told.
#[derive(Debug, Clone)]
pub struct Owner {
    /// Its id.
    pub id: UserId,
    /// Its name.
    pub username: String,
    /// Its e-mail address.
    pub email: Option<String>,
    /// How it is called.
    pub full_name: String,
    /// Whether its credentials are let in at all.
    pub enabled: bool,
    /// The roles it holds now.
    pub roles: Roles,
}

impl From<User> for Owner {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            username: user.username.as_str().to_owned(),
            email: user.email.map(|email| email.as_str().to_owned()),
            full_name: user.full_name,
            enabled: user.enabled,
            roles: user.roles,
        }
    }
}

/// What changes in a user; `None` leaves a column as it is.
#[derive(Debug, Clone, Default)]
pub struct UserChanges {
    /// The new address, or none any more.
    pub email: Option<Option<Email>>,
    /// The new full name.
    pub full_name: Option<String>,
    /// All other claims.
    pub claims: Option<UserClaims>,
}

/// A set of roles. Cloning it shares it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Roles(Arc<BTreeSet<RoleName>>);

impl Roles {
    /// Whether `name` is among them, letter for letter.
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|role| role.as_str() == name)
    }

    /// Whether the built-in role `admin` is among them, however it is written.
    pub fn is_admin(&self) -> bool {
        self.0.iter().any(RoleName::is_admin)
    }

    /// The roles that stand in both sets.
    pub fn intersection(&self, other: &Roles) -> Roles {
        self.0.intersection(&other.0).cloned().collect()
    }

    /// In alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &RoleName> {
        self.0.iter()
    }

    /// In alphabetical order, as texts.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(|role| role.as_str().to_owned()).collect()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<RoleName> for Roles {
    fn from_iter<I: IntoIterator<Item = RoleName>>(roles: I) -> Self {
        Self(Arc::new(roles.into_iter().collect()))
    }
}
