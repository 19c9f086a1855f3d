//! What the routes of `/api/v1` ask of who calls them, as types: a scope each, and for other people's records the role
//! `admin` as well. Neither is enough without the other.

use std::marker::PhantomData;

use crate::domain::whose::Whose;
use crate::http::failure::Failure;
use crate::http::principal::Principal;
use crate::model::identity::Identity;
use crate::principal::need::Admin;
use crate::principal::need::AsUser;
use crate::principal::need::Holder;
use crate::principal::need::InScope;
use crate::principal::need::Lack;
use crate::principal::need::Need;
use crate::principal::need::ScopeName;

/// For administrators' records: the role `admin`, and full access or the scope `S`.
pub type AdminScope<S> = (Admin, InScope<S>);

/// For one's own records: a user, and full access or the scope `S`.
pub type OwnScope<S> = (AsUser, InScope<S>);

/// For records that administrators see all of, and everybody else their own: [`AdminScope`] of `A`, else [`OwnScope`]
/// of `O`. [`Principal::whose`] says which of the two it is.
pub struct AdminOrOwn<A, O>(PhantomData<(A, O)>);

impl<A: ScopeName, O: ScopeName> Need for AdminOrOwn<A, O> {
    fn check(who: &dyn Holder) -> Result<(), Lack> {
        match AdminScope::<A>::check(who) {
            Ok(()) => Ok(()),
            Err(_) => OwnScope::<O>::check(who),
        }
    }

    fn scopes(who: &dyn Holder) -> Vec<&'static str> {
        match AdminScope::<A>::check(who) {
            Ok(()) => vec![A::NAME],
            Err(_) => vec![O::NAME],
        }
    }

    fn describe() -> String {
        format!("{} | {}", AdminScope::<A>::describe(), OwnScope::<O>::describe())
    }
}

impl<A: ScopeName, O: ScopeName> Principal<AdminOrOwn<A, O>> {
    /// Whose records this request may reach.
    ///
    /// # Errors
    /// [`Failure::UserNeeded`] where it has none of its own and may not reach others'.
    pub fn whose(&self) -> Result<Whose, Failure> {
        if AdminScope::<A>::check(&**self).is_ok() {
            return Ok(Whose::Everybodys);
        }
        Ok(Whose::Own(Identity::user_id(self).ok_or(Failure::UserNeeded)?))
    }
}

macro_rules! scopes {
    ($($name:ident = $scope:literal,)*) => {
        $(
            #[doc = concat!("The scope `", $scope, "`.")]
            pub struct $name;

            impl ScopeName for $name {
                const NAME: &'static str = $scope;
            }
        )*

        /// The names of all scopes that a route may ask for.
        #[cfg(test)]
        const NAMES: &[&str] = &[$($scope,)*];
    };
}

scopes! {
    AccountRead = "account:read",
    AccountWrite = "account:write",
    UsersRead = "users:read",
    UsersWrite = "users:write",
    RolesRead = "roles:read",
    RolesWrite = "roles:write",
    ScopesRead = "scopes:read",
    ScopesWrite = "scopes:write",
    ResourcesRead = "resources:read",
    ResourcesWrite = "resources:write",
    ClientsRead = "clients:read",
    ClientsWrite = "clients:write",
    KeysRead = "keys:read",
    KeysWrite = "keys:write",
    SessionsRead = "sessions:read",
    SessionsWrite = "sessions:write",
    GrantsRead = "grants:read",
    GrantsWrite = "grants:write",
    AuditRead = "audit:read",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::scope::BuiltIn;

    #[test]
    fn each_scope_that_a_route_asks_for_is_built_in() {
        for name in NAMES {
            assert_eq!(BuiltIn::find(name).map(|scope| scope.needs_admin), Some(!name.starts_with("account:")));
        }
    }
}
