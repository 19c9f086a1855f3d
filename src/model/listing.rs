//! Long lists that people look through: which way they are sorted, and where the next page begins.

use crate::model::api_key::KeyKind;
use crate::model::id::ClientId;
use crate::model::id::UserId;
use crate::model::role::RoleName;
use crate::model::time::Timestamp;
use crate::model::user::UserKind;

/// How a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order<By> {
    /// By what.
    pub by: By,
    /// The last one first.
    pub is_descending: bool,
}

/// A record's place in a list: by what the list is sorted, and the record's id, which tells equals apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What the list is sorted by, as text; empty where that is the id.
    pub key: String,
    /// The id.
    pub id: Vec<u8>,
}

/// Which part of a list is wanted.
#[derive(Debug, Clone)]
pub struct Part<By> {
    /// How the list is sorted.
    pub order: Order<By>,
    /// Behind which place the part begins; `None` at the first one.
    pub after: Option<Place>,
    /// The most records.
    pub limit: usize,
}

/// A part of a list.
#[derive(Debug, Clone)]
pub struct Found<T> {
    /// The records, in order.
    pub records: Vec<T>,
    /// Where to go on; `None` at the end of the list.
    pub next: Option<Place>,
    /// Whether the look ended before the part was full, for it had looked at as many records as it may.
    pub is_cut: bool,
}

impl<T> Found<T> {
    /// The same part, of what `read` makes of the records.
    ///
    /// # Errors
    /// That of `read`.
    pub fn map<U, E>(self, read: impl FnOnce(Vec<T>) -> Result<Vec<U>, E>) -> Result<Found<U>, E> {
        Ok(Found { records: read(self.records)?, next: self.next, is_cut: self.is_cut })
    }
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self { records: Vec::new(), next: None, is_cut: false }
    }
}

impl Place {
    /// As a text that [`Place::parse`] reads.
    pub fn to_text(&self) -> String {
        let id: String = self.id.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{id} {}", self.key)
    }

    /// Reads [`Place::to_text`]; `None` for everything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, key) = text.split_once(' ')?;
        let pairs = id.as_bytes().chunks(2);
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let id: Option<Vec<u8>> = pairs.map(byte).collect();
        Some(Self { key: key.to_owned(), id: id? })
    }
}

/// Users can be sorted by these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserKey {
    /// When they were made.
    #[default]
    Made,
    /// The user name.
    Name,
}

/// Clients can be sorted by these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientKey {
    /// When they were registered.
    #[default]
    Made,
    /// What people see.
    Name,
}

/// API keys can be sorted by these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyKey {
    /// When they were made.
    #[default]
    Made,
    /// When they end by themselves; those that do not come last.
    End,
}

/// What is sorted by its age alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Age;

/// Which users of all; `None` is any.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    /// What stands somewhere in the user name, the address or the full name.
    pub text: Option<String>,
    /// A role that they hold.
    pub role: Option<RoleName>,
    /// What kind they are.
    pub kind: Option<UserKind>,
    /// Whether they are enabled.
    pub enabled: Option<bool>,
}

/// Which clients of all; `None` is any.
#[derive(Debug, Clone, Default)]
pub struct ClientFilter {
    /// What stands somewhere in the name or the `client_id`.
    pub text: Option<String>,
    /// Whether they are enabled.
    pub enabled: Option<bool>,
    /// Not used since then, nor made.
    pub unused_since: Option<Timestamp>,
}

/// Which API keys of all that were not revoked; `None` is any.
#[derive(Debug, Clone, Default)]
pub struct KeyFilter {
    /// What stands somewhere in the name or the public half.
    pub text: Option<String>,
    /// Of which kind they are.
    pub kind: KeyKind,
    /// They do not end by themselves before then.
    pub expires_after: Option<Timestamp>,
}

impl KeyFilter {
    /// The place in a list by end, the first one first, in front of all keys that end after `at`.
    pub fn place_of_end(at: Timestamp) -> Place {
        Place { key: at.millis().to_string(), id: Vec::new() }
    }
}

/// Which sessions of all that hold; `None` is any.
#[derive(Debug, Clone, Default)]
pub struct SessionFilter {
    /// What stands somewhere in the address or the browser's name.
    pub text: Option<String>,
    /// Whose they are.
    pub user: Option<UserId>,
}

/// Which grants of all that hold; `None` is any.
#[derive(Debug, Clone, Default)]
pub struct GrantFilter {
    /// What stands somewhere in the list of scopes.
    pub text: Option<String>,
    /// Whose they are.
    pub user: Option<UserId>,
    /// Whom they are for.
    pub client: Option<ClientId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        for (key, id) in [("", vec![0, 255]), ("a b ü", vec![1; 16]), ("-5", vec![])] {
            let place = Place { key: key.to_owned(), id };
            assert_eq!(Place::parse(&place.to_text()), Some(place));
        }
        for text in ["", "0g x", "zz ", "é x"] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }
}
