//! What an application learns of the user that it acts for (OpenID Connect Core §5.1, §5.3).

use serde::Serialize;

use crate::model::identity::Identity;
use crate::model::identity::Subject;

/// The scope without which nothing is said (OpenID Connect Core §3.1.2.1).
pub const SCOPE: &str = "openid";

/// What is said of a user; what is `None` is not said, or not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claims {
    /// The user's id.
    pub sub: String,
    /// How the user is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The user name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// The e-mail address. It is one that the user can sign in with, and never a user name in its place: whoever lets
    /// people in by their address would else let in whoever is called like an account of theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The roles that the request has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
}

/// All of it; `None` for a client in its own name, which is no user.
pub fn all(subject: &Subject, roles: Vec<String>) -> Option<Claims> {
    let Subject::User { id, username, email, full_name } = subject else { return None };
    Some(Claims {
        sub: id.to_string(),
        name: Some(full_name.clone()).filter(|name| !name.is_empty()),
        preferred_username: Some(username.clone()),
        email: email.clone(),
        roles: Some(roles),
    })
}

/// As much as the request's scopes allow (OpenID Connect Core §5.4): `profile`, `email`, `roles`.
pub fn granted(identity: &Identity) -> Option<Claims> {
    let Claims { sub, name, preferred_username, email, roles } = all(&identity.subject, identity.roles.names())?;
    let (profile, sees_email, sees_roles) =
        (identity.has_scope("profile"), identity.has_scope("email"), identity.has_scope("roles"));
    Some(Claims {
        sub,
        name: name.filter(|_| profile),
        preferred_username: preferred_username.filter(|_| profile),
        email: email.filter(|_| sees_email),
        roles: roles.filter(|_| sees_roles),
    })
}
