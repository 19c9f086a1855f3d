//! How far a credential reaches. What it makes reaches no further, or a small key would be worth as much as its user.

use ipnet::IpNet;

use crate::domain::act::Act;
use crate::domain::oauth::introspect;
use crate::domain::recheck;
use crate::model::api_key::KeyAccess;
use crate::model::client::Client;
use crate::model::client::GrantType;
use crate::model::identity::Credential;
use crate::model::identity::Identity;
use crate::model::identity::Rights;
use crate::model::identity::Subject;
use crate::model::time::Timestamp;
use crate::model::user::Roles;
use crate::store::StoreError;
use crate::store::Tx;

/// What a credential can hand on.
#[derive(Debug, Clone)]
pub struct Reach(Option<Bounds>);

#[derive(Debug, Clone)]
struct Bounds {
    access: KeyAccess,
    /// The roles that the credential has now.
    held: Roles,
    /// Whether it leaves some of its user's out.
    leaves_roles_out: bool,
    /// Where not empty, the only addresses that it works from.
    addresses: Vec<IpNet>,
    /// Whether it may be used only so often.
    is_limited: bool,
    /// When it ends by itself.
    until: Option<Timestamp>,
    /// Whether it is an API key.
    of_key: bool,
    /// Whether it is an access token of a user's: what it makes must end where that is taken back.
    of_user_token: bool,
    /// Whether it is a client's, in its own name.
    of_client: bool,
}

/// Why a credential cannot make another.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TooWide {
    /// It has scopes and is asked for full access.
    #[error("the credential of this request has no full access, so it cannot give it")]
    FullAccess,
    /// It lacks a scope.
    #[error("the credential of this request lacks the scope {0}, so it cannot give it")]
    Scope(String),
    /// It lacks a role.
    #[error("the credential of this request lacks the role {0}, so it cannot give it")]
    Role(String),
    /// It leaves out roles of its user.
    #[error("the credential of this request leaves out some of its user's roles, so what it makes must name its roles")]
    AllRoles,
    /// It works from some addresses alone.
    #[error(
        "the credential of this request works only from some addresses, so what it makes must not work from others"
    )]
    Addresses,
    /// It has limits, which several keys together would pass.
    #[error("the credential of this request has limits, and what it makes would be used beside it")]
    Limits,
    /// It ends before.
    #[error("the credential of this request ends before that, and what it makes must not outlive it")]
    Lifetime,
    /// It is an access token of a user's: a key would go on when the user takes back what they let the client do.
    #[error("an access token makes no API keys, for they would not end with it; sign in, or use an API key")]
    AccessToken,
    /// It ends by itself, works from some addresses alone, or ends with a grant, and a client, a password or a role would not.
    #[error(
        "the credential of this request does not last, has limits or is bound to addresses, so it cannot make or change a client \
         that acts without anybody being asked, set a password or give a role"
    )]
    Lasting,
    /// Administrators, and their passwords, are made by full access alone.
    #[error("only a credential with full access can make an administrator or set an administrator's password")]
    Administrator,
}

/// Why it is not known how far a credential reaches.
#[derive(Debug, thiserror::Error)]
pub enum ReachError {
    /// It has ended since it was checked, or may do less, so that nothing is made by it.
    #[error("the credential of this request has ended meanwhile")]
    Ended,
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl Reach {
    /// That of somebody at the machine itself.
    pub fn everything() -> Self {
        Self(None)
    }

    /// Whether it is that of an API key.
    pub fn is_of_key(&self) -> bool {
        self.0.as_ref().is_some_and(|bounds| bounds.of_key)
    }

    /// That of the credential by which `identity` does `act`, which still holds and does so until the end of the
    /// transaction. A session reaches all that its user may; a key and a token what they were given.
    ///
    /// # Errors
    /// [`ReachError`].
    pub fn of(tx: &mut Tx<'_>, identity: &Identity, act: &Act) -> Result<Self, ReachError> {
        let identity = recheck::run(tx, identity, act.by.address, act.now)?.ok_or(ReachError::Ended)?;
        let key = match identity.credential {
            Credential::Session { .. } => return Ok(Self::everything()),
            Credential::AccessToken { .. } => None,
            Credential::ApiKey { id, .. } => tx.api_keys().find(id)?,
        };
        let of_user = identity.user_id().map(|user| tx.users().roles(user)).transpose()?;
        Ok(Self(Some(Bounds {
            access: match &identity.rights {
                Rights::Full { .. } => KeyAccess::Full,
                Rights::Scopes(scopes) => KeyAccess::Scopes(scopes.clone()),
            },
            held: identity.roles.clone(),
            leaves_roles_out: of_user.is_some_and(|roles| roles != identity.roles)
                || key.as_ref().is_some_and(|key| key.roles.is_some()),
            of_key: key.is_some(),
            is_limited: key.as_ref().is_some_and(|key| !key.limits.is_empty()),
            addresses: key.map(|key| key.allowed_addresses).unwrap_or_default(),
            until: identity.expires_at,
            of_user_token: matches!(
                (&identity.subject, &identity.credential),
                (Subject::User { .. }, Credential::AccessToken { .. })
            ),
            of_client: identity.user_id().is_none(),
        })))
    }

    /// Refuses a key, new or with a new secret, that could do more than this credential, from more addresses, or for
    /// longer. `roles` are those that it names, `owner` those of its user.
    ///
    /// # Errors
    /// [`TooWide`].
    pub fn check_key(
        &self,
        access: &KeyAccess,
        roles: Option<&Roles>,
        owner: &Roles,
        addresses: &[IpNet],
        expires_at: Option<Timestamp>,
    ) -> Result<(), TooWide> {
        let Some(bounds) = &self.0 else { return Ok(()) };
        if bounds.of_user_token {
            return Err(TooWide::AccessToken);
        }
        match (&bounds.access, access) {
            (KeyAccess::Full, _) => {}
            (KeyAccess::Scopes(_), KeyAccess::Full) => return Err(TooWide::FullAccess),
            (KeyAccess::Scopes(held), KeyAccess::Scopes(asked)) => {
                if let Some(scope) = asked.difference(held).iter().next() {
                    return Err(TooWide::Scope(scope.as_str().to_owned()));
                }
            }
        }
        if bounds.leaves_roles_out {
            let roles = roles.ok_or(TooWide::AllRoles)?;
            bounds.check_roles(roles)?;
        } else if bounds.access != KeyAccess::Full {
            // The key may be another user's: by a role, a scope may reach what it does not reach by the maker's.
            bounds.check_roles(roles.unwrap_or(owner))?;
        }
        let is_within = |net: &IpNet| bounds.addresses.iter().any(|known| known.contains(net));
        if !bounds.addresses.is_empty() && (addresses.is_empty() || !addresses.iter().all(is_within)) {
            return Err(TooWide::Addresses);
        }
        if bounds.is_limited {
            return Err(TooWide::Limits);
        }
        match (bounds.until, expires_at) {
            (Some(until), end) if end.is_none_or(|end| end > until) => Err(TooWide::Lifetime),
            _ => Ok(()),
        }
    }

    /// Refuses a client that could do more in its own name, in that of a service account, or without anybody being
    /// asked, than this credential, or for longer. `accounts` are the roles of its service accounts.
    ///
    /// # Errors
    /// [`TooWide`].
    pub fn check_client(&self, client: &Client, accounts: &[Roles]) -> Result<(), TooWide> {
        let Some(bounds) = &self.0 else { return Ok(()) };
        let grants = [GrantType::ClientCredentials, GrantType::JwtBearer, GrantType::TokenExchange];
        let introspects = client.scopes.contains(introspect::SCOPE);
        let needs_nobody = client.trusted || introspects || grants.into_iter().any(|grant| client.may_use(grant));
        if needs_nobody && bounds.must_not_be_outlived() {
            return Err(TooWide::Lasting);
        }
        let scopes = match &bounds.access {
            KeyAccess::Full => None,
            KeyAccess::Scopes(held) => Some(held),
        };
        let lacking = scopes.and_then(|held| client.scopes.difference(held).iter().next().cloned());
        if let Some(scope) = lacking.filter(|_| needs_nobody) {
            return Err(TooWide::Scope(scope.as_str().to_owned()));
        }
        if scopes.is_some() || bounds.leaves_roles_out {
            bounds.check_roles(&client.roles)?;
            accounts.iter().try_for_each(|roles| bounds.check_roles(roles))?;
        }
        Ok(())
    }

    /// Refuses roles that this credential leaves out.
    ///
    /// # Errors
    /// [`TooWide::Role`].
    pub fn check_roles(&self, roles: &Roles) -> Result<(), TooWide> {
        match &self.0 {
            Some(bounds) if bounds.leaves_roles_out => bounds.check_roles(roles),
            _ => Ok(()),
        }
    }

    /// Refuses a credential that what it makes would outlive, or be used beside.
    ///
    /// # Errors
    /// [`TooWide::Lasting`].
    pub fn check_lasting(&self) -> Result<(), TooWide> {
        match &self.0 {
            Some(bounds) if bounds.must_not_be_outlived() => Err(TooWide::Lasting),
            _ => Ok(()),
        }
    }

    /// Refuses whoever is not an administrator in all things.
    ///
    /// # Errors
    /// [`TooWide::Administrator`].
    pub fn check_administrator(&self) -> Result<(), TooWide> {
        match &self.0 {
            Some(bounds) if bounds.access != KeyAccess::Full || !bounds.held.is_admin() => Err(TooWide::Administrator),
            _ => Ok(()),
        }
    }
}

impl Bounds {
    /// Whether what it makes would go on where it does not, or more often. A client in its own name lasts as long as what it makes.
    fn must_not_be_outlived(&self) -> bool {
        self.of_user_token || self.is_limited || !self.addresses.is_empty() || (self.until.is_some() && !self.of_client)
    }

    fn check_roles(&self, roles: &Roles) -> Result<(), TooWide> {
        match roles.iter().find(|role| !self.held.iter().any(|held| held == *role)) {
            Some(role) => Err(TooWide::Role(role.as_str().to_owned())),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::role::RoleName;
    use crate::model::scope::Scope;

    fn bounds(access: KeyAccess) -> Bounds {
        Bounds {
            access,
            held: Roles::default(),
            leaves_roles_out: false,
            addresses: Vec::new(),
            is_limited: false,
            until: None,
            of_key: true,
            of_user_token: false,
            of_client: false,
        }
    }

    fn scopes(text: &str) -> KeyAccess {
        KeyAccess::Scopes(Scope::parse(text).unwrap())
    }

    #[test]
    fn scopes_hand_on_scopes_and_never_full_access() {
        let reach = Reach(Some(bounds(scopes("a b"))));
        assert_eq!(reach.check_key(&scopes("a"), None, &Roles::default(), &[], None), Ok(()));
        assert_eq!(
            reach.check_key(&scopes("a c"), None, &Roles::default(), &[], None),
            Err(TooWide::Scope("c".to_owned()))
        );
        assert_eq!(reach.check_key(&KeyAccess::Full, None, &Roles::default(), &[], None), Err(TooWide::FullAccess));
        assert_eq!(reach.check_administrator(), Err(TooWide::Administrator));
        assert_eq!(Reach::everything().check_key(&KeyAccess::Full, None, &Roles::default(), &[], None), Ok(()));
    }

    #[test]
    fn scopes_go_to_nobody_with_roles_that_their_holder_lacks() {
        let roles = |names: &[&str]| names.iter().map(|name| RoleName::parse(name).unwrap()).collect::<Roles>();
        let reach = Reach(Some(Bounds { held: roles(&["b"]), ..bounds(scopes("a")) }));
        let (wide, lacking) = (roles(&["a", "b"]), Err(TooWide::Role("a".to_owned())));
        assert_eq!(reach.check_key(&scopes("a"), None, &wide, &[], None), lacking);
        assert_eq!(reach.check_key(&scopes("a"), Some(&wide), &wide, &[], None), lacking);
        assert_eq!(reach.check_key(&scopes("a"), Some(&roles(&["b"])), &wide, &[], None), Ok(()));
        assert_eq!(reach.check_key(&scopes("a"), None, &roles(&["b"]), &[], None), Ok(()));
        let full = Reach(Some(bounds(KeyAccess::Full)));
        assert_eq!(full.check_key(&KeyAccess::Full, None, &wide, &[], None), Ok(()));
    }

    #[test]
    fn nothing_outlives_what_made_it() {
        let at = |seconds| Some(Timestamp::from_seconds(seconds));
        let reach = Reach(Some(Bounds { until: at(10), ..bounds(KeyAccess::Full) }));
        assert_eq!(reach.check_key(&KeyAccess::Full, None, &Roles::default(), &[], at(10)), Ok(()));
        for end in [None, at(11)] {
            assert_eq!(reach.check_key(&KeyAccess::Full, None, &Roles::default(), &[], end), Err(TooWide::Lifetime));
        }
    }

    #[test]
    fn nothing_works_from_where_its_maker_does_not() {
        let net = |text: &str| text.parse::<IpNet>().unwrap();
        let reach = Reach(Some(Bounds { addresses: vec![net("10.0.0.0/8")], ..bounds(KeyAccess::Full) }));
        assert_eq!(reach.check_key(&KeyAccess::Full, None, &Roles::default(), &[net("10.1.0.0/16")], None), Ok(()));
        for nets in [vec![], vec![net("10.1.0.0/16"), net("11.0.0.0/8")], vec![net("0.0.0.0/0")]] {
            assert_eq!(
                reach.check_key(&KeyAccess::Full, None, &Roles::default(), &nets, None),
                Err(TooWide::Addresses)
            );
        }
    }

    #[test]
    fn a_key_with_limits_makes_no_key_beside_it() {
        let reach = Reach(Some(Bounds { is_limited: true, ..bounds(KeyAccess::Full) }));
        assert_eq!(reach.check_key(&KeyAccess::Full, None, &Roles::default(), &[], None), Err(TooWide::Limits));
    }

    #[test]
    fn a_role_that_is_left_out_is_not_handed_on() {
        let roles = |names: &[&str]| names.iter().map(|name| RoleName::parse(name).unwrap()).collect::<Roles>();
        let reach = Reach(Some(Bounds { leaves_roles_out: true, held: roles(&["b"]), ..bounds(KeyAccess::Full) }));
        assert_eq!(reach.check_key(&KeyAccess::Full, Some(&roles(&["b"])), &Roles::default(), &[], None), Ok(()));
        assert_eq!(reach.check_key(&KeyAccess::Full, None, &Roles::default(), &[], None), Err(TooWide::AllRoles));
        let wider = reach.check_key(&KeyAccess::Full, Some(&roles(&["a", "b"])), &Roles::default(), &[], None);
        assert_eq!(wider, Err(TooWide::Role("a".to_owned())));
    }
}
