//! Why a command failed.

use std::fmt;

/// Why a command failed: what is printed on standard error, one plain sentence where it is one thing.
#[derive(Debug)]
pub struct Failure(pub String);

/// Every error speaks for itself.
impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `the user name "a b" has a character …`, from an error that is the rest of the sentence.
pub fn about<T, E: fmt::Display>(what: &str, text: &str, result: Result<T, E>) -> Result<T, Failure> {
    result.map_err(|error| Failure(format!("the {what} {text:?} {error}")))
}
