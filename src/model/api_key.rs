//! API keys: pairs `api_key:api_secret` that act as their user.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::id::ApiKeyId;
use crate::model::id::UserId;
use crate::model::key_limits::KeyLimits;
use crate::model::scope::Scope;
use crate::model::time::Timestamp;
use crate::model::token::ApiKeyName;
use crate::model::user::Roles;

/// What a key may do. Which of the two it is is stored as such: an empty list never means "all".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyAccess {
    /// Whatever its user may do.
    Full,
    /// These scopes, at least one.
    Scopes(Scope),
}

/// A network such as `10.0.0.0/8`, or one address; `None` for any other text.
pub fn parse_network(text: &str) -> Option<IpNet> {
    text.parse::<IpAddr>().map(IpNet::from).or_else(|_| text.parse()).ok()
}

/// An API key. Its secret is not here: only hashes of it are in the store.
#[derive(Debug, Clone)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Whom it acts as.
    pub user: UserId,
    /// The public half of the pair.
    pub api_key: ApiKeyName,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub access: KeyAccess,
    /// Where set, only those of its user's roles that stand here as well.
    pub roles: Option<Roles>,
    /// Where not empty, the only addresses it works from.
    pub allowed_addresses: Vec<IpNet>,
    /// A disabled key is refused and can be enabled again.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, for good.
    pub revoked_at: Option<Timestamp>,
    /// When, from where and by what it was last used, to the minute.
    pub last_use: Option<LastUse>,
    /// How often it may be used.
    pub limits: KeyLimits,
    /// It was made elsewhere and brought here; its two halves may have another form than ours.
    pub is_imported: bool,
    /// It is never let in, and whoever tries it raises an alarm.
    pub is_decoy: bool,
    /// Until then a trial of its revocation runs: its requests pass, and are counted as those that would fail.
    pub trial_until: Option<Timestamp>,
    /// The key that it was made to take the place of, with fewer rights.
    pub replaces: Option<ApiKeyId>,
    /// When a decoy was last tried.
    pub alarmed_at: Option<Timestamp>,
}

/// When, from where and by what a key was last used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastUse {
    /// When, to the minute.
    pub at: Timestamp,
    /// The address that the request came from.
    pub address: Option<String>,
    /// What the program called itself (`User-Agent`).
    pub agent: Option<String>,
}

/// Which keys of all; `None` is any.
#[derive(Debug, Clone, Default)]
pub struct KeyKind {
    /// Whose they are.
    pub user: Option<UserId>,
    /// Whether they were made elsewhere.
    pub imported: Option<bool>,
    /// Whether they are decoys.
    pub decoy: Option<bool>,
    /// Whether they are enabled.
    pub enabled: Option<bool>,
    /// Not used since then, nor made.
    pub unused_since: Option<Timestamp>,
    /// They end by themselves before then.
    pub expires_before: Option<Timestamp>,
}

impl ApiKey {
    /// Whether it still holds.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.enabled && self.revoked_at.is_none() && !self.expires_at.is_some_and(|end| end.is_past(now))
    }

    /// Whether a trial of its revocation runs.
    pub fn is_on_trial(&self, now: Timestamp) -> bool {
        self.trial_until.is_some_and(|end| !end.is_past(now))
    }

    /// When it was last used, to the minute.
    pub fn last_used_at(&self) -> Option<Timestamp> {
        self.last_use.as_ref().map(|last| last.at)
    }

    /// Whether it works from `address`; an unknown address is none of those that are allowed.
    pub fn allows(&self, address: Option<IpAddr>) -> bool {
        allows(&self.allowed_addresses, address)
    }
}

/// Whether a key that may be used from the addresses `allowed` alone, or from all where there are none, may be from `address`.
pub fn allows(allowed: &[IpNet], address: Option<IpAddr>) -> bool {
    allowed.is_empty() || address.is_some_and(|address| allowed.iter().any(|net| net.contains(&address)))
}
