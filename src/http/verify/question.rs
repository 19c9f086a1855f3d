//! What a caller of `/auth/verify` asks in its query. Whatever is not understood is refused: a misspelt `scopes=` must
//! not let anybody in.

use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::model::demand::Demand;
use crate::model::resource::Resources;
use crate::model::role::RoleName;
use crate::model::scope::Scope;
use crate::model::time::Lifetime;

/// The longest that an answer may be kept.
const LONGEST_CACHE_SECONDS: u64 = 60;

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// What is demanded.
    pub demand: Demand,
    /// Whether a browser without a session is sent to sign-in.
    pub redirect: bool,
    /// For how long the caller would keep the answer.
    pub cache: Option<Lifetime>,
}

/// Reads a query.
///
/// # Errors
/// [`Failure::BadRequest`].
pub fn read(query: &str) -> Result<Question, Failure> {
    let refuse = |why: String| Failure::BadRequest(why);
    let parameters = Parameters::parse_check(query.as_bytes()).map_err(|error| refuse(error.to_string()))?;
    let mut question = Question::default();
    let (mut roles, mut scopes, mut resources) = (Vec::new(), Scope::default(), Vec::new());
    for (name, value) in parameters.with_empty() {
        if value.is_empty() {
            return Err(refuse("a parameter is empty; leave out what is not needed".to_owned()));
        }
        match name {
            "role" => {
                let role =
                    RoleName::parse(value).map_err(|error| refuse(format!("role is no role's name: {error}")))?;
                roles.push(role);
            }
            "scope" => {
                let scope = Scope::parse(value).map_err(|error| refuse(error.to_string()))?;
                scopes = scopes.union(&scope);
            }
            "resource" => resources.push(value),
            "redirect" if value == "1" => question.redirect = true,
            "redirect" if value == "0" => {}
            "redirect" => return Err(refuse("redirect must be 1 or 0".to_owned())),
            "cache" => question.cache = Some(cache(value)?),
            _ => {
                let known = "role, scope, resource, redirect and cache";
                return Err(refuse(format!("a parameter is not known here; there are {known}")));
            }
        }
    }
    let resources = Resources::parse(resources).map_err(|error| match error {
        Some(error) => refuse(error.to_string()),
        None => refuse("there are more than ten resources".to_owned()),
    })?;
    question.demand = Demand { roles: roles.into_iter().collect(), scopes, resources };
    Ok(question)
}

fn cache(text: &str) -> Result<Lifetime, Failure> {
    let seconds = text.parse().ok().filter(|seconds: &u64| seconds.to_string() == text);
    match seconds {
        Some(seconds @ 1..=LONGEST_CACHE_SECONDS) => Ok(Lifetime::from_seconds(seconds)),
        _ => Err(Failure::BadRequest("cache must be a number of seconds from 1 to 60".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_refused() {
        for query in [
            "scopes=a",
            "roles=a",
            "Scope=a",
            "scope",
            "scope=",
            "role=",
            "resource=",
            "scope=a&role=",
            "=a",
            "scope=%22",
            "scope=a%0Ab",
            "role=a%2Cb",
            "resource=api",
            "redirect=yes",
            "redirect=1&redirect=1",
            "cache=0",
            "cache=61",
            "cache=1.5",
            "cache=%2B5",
            "cache=05",
            "scope=%zz",
            "rd=x",
        ] {
            assert!(read(query).is_err(), "{query}");
        }
    }

    #[test]
    fn repeated_names_add_up() {
        let question = read("scope=a+b&scope=c&role=x&role=Y&resource=https://a.test&redirect=1&cache=60").unwrap();
        assert_eq!(question.demand.scopes.to_string(), "a b c");
        assert_eq!(question.demand.roles.iter().count(), 2);
        assert_eq!(question.demand.resources.iter().count(), 1);
        assert!(question.redirect && question.cache == Some(Lifetime::from_seconds(60)));
        assert_eq!(read("").unwrap().demand, Demand::default());
    }
}
