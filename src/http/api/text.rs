//! From the members of a JSON body to what they name, with a sentence that says which member is wrong.

use std::fmt::Display;

use crate::http::failure::Failure;
use crate::model::email::Email;
use crate::model::name::DisplayName;
use crate::model::resource::Resources;
use crate::model::role::RoleName;
use crate::model::scope::Scope;
use crate::model::scope::ScopeToken;
use crate::model::time::Lifetime;
use crate::model::user::Roles;

/// The most items of a list in a body.
const MOST_ITEMS: usize = 100;
/// The longest overlap of two secrets: a year.
const LONGEST_OVERLAP: Lifetime = Lifetime::from_days(366);

/// What came of reading `member`; an error is the rest of a sentence.
///
/// # Errors
/// [`Failure::BadRequest`].
pub fn about<T, E: Display>(member: &str, result: Result<T, E>) -> Result<T, Failure> {
    result.map_err(|error| Failure::BadRequest(format!("{member} {error}")))
}

/// A list of which each item is read.
///
/// # Errors
/// [`Failure::BadRequest`] where it is too long, or what is wrong with an item.
pub fn each<T, E: Display>(
    member: &str,
    items: &[String],
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<Vec<T>, Failure> {
    if items.len() > MOST_ITEMS {
        return Err(Failure::BadRequest(format!("{member} has more than {MOST_ITEMS} items")));
    }
    items.iter().enumerate().map(|(at, item)| about(&format!("{member}[{at}]"), read(item))).collect()
}

/// Roles.
///
/// # Errors
/// [`Failure::BadRequest`].
pub fn roles(names: &[String]) -> Result<Roles, Failure> {
    Ok(each("roles", names, RoleName::parse)?.into_iter().collect())
}

/// Scopes as a list.
///
/// # Errors
/// [`Failure::BadRequest`].
pub fn scopes(names: &[String]) -> Result<Scope, Failure> {
    let read = |name: &str| ScopeToken::parse(name).map_err(|error| format!("is no scope: {error}"));
    Ok(each("scopes", names, read)?.into_iter().collect())
}

/// Scopes as one text (RFC 6749 §3.3).
///
/// # Errors
/// [`Failure::BadRequest`].
pub fn scope_list(member: &str, text: &str) -> Result<Scope, Failure> {
    let read = Scope::parse_or_empty(text);
    read.map_err(|error| Failure::BadRequest(format!("{member} is no list of scopes: {error}")))
}

/// Resources, by their URIs (RFC 8707 §2).
///
/// # Errors
/// [`Failure::BadRequest`].
pub fn resources(uris: &[String]) -> Result<Resources, Failure> {
    let read = Resources::parse(uris.iter().map(String::as_str));
    read.map_err(|error| match error {
        Some(error) => Failure::BadRequest(format!("resources: {error}")),
        None => Failure::BadRequest("resources has too many items".to_owned()),
    })
}

/// How a person is called; may be empty.
///
/// # Errors
/// [`Failure::BadRequest`].
pub fn full_name(text: &str) -> Result<String, Failure> {
    match text {
        "" => Ok(String::new()),
        text => Ok(about("full_name", DisplayName::parse(text))?.as_str().to_owned()),
    }
}

/// An e-mail address.
///
/// # Errors
/// [`Failure::BadRequest`].
pub fn email(text: &str) -> Result<Email, Failure> {
    about("email", Email::parse(text))
}

/// How long an old secret still works; not at all where nothing is said.
///
/// # Errors
/// [`Failure::BadRequest`] where it is more than a year.
pub fn overlap(seconds: Option<u64>) -> Result<Lifetime, Failure> {
    let overlap = Lifetime::from_seconds(seconds.unwrap_or(0));
    if overlap > LONGEST_OVERLAP {
        return Err(Failure::BadRequest("overlap_seconds is more than a year".to_owned()));
    }
    Ok(overlap)
}
