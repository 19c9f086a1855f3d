//! What a credential may do, worked out from what is true now: the one place.

use std::collections::BTreeMap;

use crate::model::role::RoleName;
use crate::model::scope::BUILT_IN;
use crate::model::scope::LONGEST_SCOPE;
use crate::model::scope::MOST_NAMES;
use crate::model::scope::Scope;
use crate::model::scope::ScopeToken;
use crate::model::user::Roles;
use crate::store::StoreError;
use crate::store::Tx;

/// All scopes there are, and what they are bound to.
#[derive(Debug, Default)]
pub struct Catalogue {
    made: Scope,
    bound: BTreeMap<String, Roles>,
}

/// In whose name a credential acts; a client that an administrator registered needs no role for what is built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A user.
    User,
    /// A client in its own name (RFC 6749 §4.4).
    Client,
}

impl Catalogue {
    /// Reads it.
    ///
    /// # Errors
    /// What the database says.
    pub fn read(tx: &mut Tx<'_>) -> Result<Self, StoreError> {
        let (made, bound) = tx.scopes().names_and_bindings()?;
        Ok(Self { made, bound })
    }

    /// Every scope there is.
    pub fn all(&self) -> Scope {
        let built_in = BUILT_IN.iter().filter_map(|built_in| ScopeToken::parse(built_in.name).ok());
        self.made.iter().cloned().chain(built_in).collect()
    }

    /// Whether there is a scope of this name.
    pub fn knows(&self, scope: &str) -> bool {
        self.made.contains(scope) || BUILT_IN.iter().any(|built_in| built_in.name == scope)
    }

    /// All scopes that a client can have which no administrator registered: what is built in and needs no
    /// administrator, and what was made and is not for administrators alone; as many of them as a scope can hold.
    pub fn for_unverified(&self) -> Scope {
        let own = BUILT_IN.iter().filter(|built_in| !built_in.needs_admin).map(|built_in| built_in.name);
        let made = self.made.iter().map(ScopeToken::as_str).filter(|name| {
            let bound = self.bound.get(*name);
            !bound.is_some_and(|roles| !roles.is_empty() && roles.iter().all(RoleName::is_admin))
        });
        let mut length = 0;
        let fits = |name: &&str| {
            length += name.len() + 1;
            length <= LONGEST_SCOPE
        };
        own.chain(made).take(MOST_NAMES).take_while(fits).filter_map(|name| ScopeToken::parse(name).ok()).collect()
    }

    /// Those of `granted` that the subject can use with `roles`.
    pub fn usable(&self, granted: &Scope, roles: &Roles, actor: Actor) -> Scope {
        granted.iter().filter(|scope| self.is_of_use(scope.as_str(), roles, actor)).cloned().collect()
    }

    /// Whether `scope` is one of those.
    pub fn may_use(&self, scope: &str, granted: &Scope, roles: &Roles, actor: Actor) -> bool {
        granted.contains(scope) && self.is_of_use(scope, roles, actor)
    }

    fn is_of_use(&self, scope: &str, roles: &Roles, actor: Actor) -> bool {
        self.knows(scope) && !self.is_withheld(scope, roles, actor)
    }

    /// Every scope there is, but for those withheld from `roles`.
    pub fn full(&self, roles: &Roles, actor: Actor) -> Scope {
        let usable = |scope: &ScopeToken| !self.is_withheld(scope.as_str(), roles, actor);
        self.all().iter().filter(|scope| usable(scope)).cloned().collect()
    }

    /// Whether `scope` is bound to roles of which the subject holds none.
    fn is_withheld(&self, scope: &str, roles: &Roles, actor: Actor) -> bool {
        let needs_admin = BUILT_IN.iter().any(|built_in| built_in.name == scope && built_in.needs_admin);
        let lacks_admin = needs_admin && actor == Actor::User && !roles.is_admin();
        let lacks_role = self.bound.get(scope).is_some_and(|bound| bound.intersection(roles).is_empty());
        lacks_admin || lacks_role
    }
}
