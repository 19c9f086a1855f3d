//! What a handler needs of who calls it, as types that stand in its signature.

use std::borrow::Cow;
use std::marker::PhantomData;

use crate::model::identity::Credential;
use crate::model::identity::Identity;
use crate::model::identity::Subject;
use crate::model::role::RoleName;

/// What can be asked of an identity, whoever told it.
pub trait Holder {
    /// Whether it acts as a user, and not as a client in its own name (RFC 6749 §4.4).
    fn is_user(&self) -> bool;

    /// Whether it is a person in a browser session of the server's.
    fn is_in_session(&self) -> bool;

    /// Whether its subject holds the role `admin`.
    fn is_admin(&self) -> bool;

    /// Whether its subject holds `role`.
    fn has_role(&self, role: &str) -> bool;

    /// Whether the credential may do what `scope` stands for.
    fn has_scope(&self, scope: &str) -> bool;
}

/// What somebody lacks who is known, and may still not do this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// The credential is not for that (RFC 6750 §3.1).
    #[error("the scope {0} is needed")]
    Scope(String),
    /// The subject does not hold that role.
    #[error("the role {0} is needed")]
    Role(Cow<'static, str>),
    /// It is no person in a browser session.
    #[error("this is for people who are signed in; API keys and access tokens do not open it")]
    Session,
    /// It is a client in its own name.
    #[error("this is for users, and a client that acts in its own name is none")]
    User,
    /// The credential is for some scopes only, and it is neither one of them that is asked for, nor is the credential
    /// meant for this service.
    #[error("the credential is for certain scopes only, and none of them opens this")]
    Unconfined,
}

/// Something that a handler needs of who calls it.
pub trait Need: 'static {
    /// Refuses whoever lacks it.
    ///
    /// # Errors
    /// [`Lack`].
    fn check(who: &dyn Holder) -> Result<(), Lack>;

    /// The scopes by which somebody who has it has it.
    fn scopes(_: &dyn Holder) -> Vec<&'static str> {
        Vec::new()
    }

    /// What it is called in a table of routes.
    fn describe() -> String;
}

/// Anybody who shows who they are.
pub struct Anyone;

/// A person in a browser session; no key and no token.
pub struct ViaSession;

/// Somebody who acts as a user, and not a client in its own name (RFC 6749 §4.4).
pub struct AsUser;

/// Somebody who holds the role `admin`.
pub struct Admin;

/// Somebody who holds a role.
pub struct InRole<R>(PhantomData<R>);

/// A credential with a scope.
pub struct InScope<S>(PhantomData<S>);

/// The name of a scope as a type.
pub trait ScopeName: 'static {
    /// The name.
    const NAME: &'static str;
}

/// The name of a role as a type.
pub trait RoleNamed: 'static {
    /// The name, as administrators wrote it.
    const NAME: &'static str;
}

impl Holder for Identity {
    fn is_user(&self) -> bool {
        matches!(self.subject, Subject::User { .. })
    }

    fn is_in_session(&self) -> bool {
        matches!(self.credential, Credential::Session { .. })
    }

    fn is_admin(&self) -> bool {
        self.roles.is_admin()
    }

    fn has_role(&self, role: &str) -> bool {
        self.roles.contains(role)
    }

    fn has_scope(&self, scope: &str) -> bool {
        Identity::has_scope(self, scope)
    }
}

impl Need for Anyone {
    fn check(_: &dyn Holder) -> Result<(), Lack> {
        Ok(())
    }

    fn describe() -> String {
        "anyone".to_owned()
    }
}

impl Need for ViaSession {
    fn check(who: &dyn Holder) -> Result<(), Lack> {
        if who.is_in_session() { Ok(()) } else { Err(Lack::Session) }
    }

    fn describe() -> String {
        "session".to_owned()
    }
}

impl Need for AsUser {
    fn check(who: &dyn Holder) -> Result<(), Lack> {
        if who.is_user() { Ok(()) } else { Err(Lack::User) }
    }

    fn describe() -> String {
        "user".to_owned()
    }
}

impl Need for Admin {
    fn check(who: &dyn Holder) -> Result<(), Lack> {
        if who.is_admin() { Ok(()) } else { Err(Lack::Role(RoleName::ADMIN.into())) }
    }

    fn describe() -> String {
        "admin".to_owned()
    }
}

impl<R: RoleNamed> Need for InRole<R> {
    fn check(who: &dyn Holder) -> Result<(), Lack> {
        if who.has_role(R::NAME) { Ok(()) } else { Err(Lack::Role(R::NAME.into())) }
    }

    fn describe() -> String {
        format!("role {}", R::NAME)
    }
}

impl<S: ScopeName> Need for InScope<S> {
    fn check(who: &dyn Holder) -> Result<(), Lack> {
        if who.has_scope(S::NAME) { Ok(()) } else { Err(Lack::Scope(S::NAME.to_owned())) }
    }

    fn scopes(_: &dyn Holder) -> Vec<&'static str> {
        vec![S::NAME]
    }

    fn describe() -> String {
        format!("scope {}", S::NAME)
    }
}

impl<A: Need, B: Need> Need for (A, B) {
    fn check(who: &dyn Holder) -> Result<(), Lack> {
        A::check(who)?;
        B::check(who)
    }

    fn scopes(who: &dyn Holder) -> Vec<&'static str> {
        [A::scopes(who), B::scopes(who)].concat()
    }

    fn describe() -> String {
        format!("{} + {}", A::describe(), B::describe())
    }
}
