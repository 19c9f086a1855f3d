//! Scopes: what a credential may do (RFC 6749 §3.3), and the ones that are built in.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::model::user::Roles;

/// The most bytes that a scope text may have.
pub const LONGEST_SCOPE: usize = 4_000;
/// The most names that a scope may have.
pub const MOST_NAMES: usize = 100;
/// The most characters that one name may have.
const LONGEST_NAME: usize = 100;

/// One name of a scope: `scope-token` of RFC 6749 §3.3, at most 100 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeToken(String);

impl ScopeToken {
    /// Takes one name.
    ///
    /// # Errors
    /// An empty name, one of more than 100 characters, or one with a character that RFC 6749 §3.3 does not allow.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        if text.is_empty() {
            return Err(ScopeError::Empty);
        }
        if !text.bytes().all(is_scope_character) {
            return Err(ScopeError::Character);
        }
        if text.len() > LONGEST_NAME {
            return Err(ScopeError::NameTooLong);
        }
        Ok(Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for ScopeToken {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ScopeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for ScopeToken {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A set of names. Printed in order and joined by one space, so that equal scopes are equal texts. Cloning it shares it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Scope(Arc<BTreeSet<ScopeToken>>);

impl Scope {
    /// Reads a `scope` parameter: names with one space between them. A name that is repeated counts once.
    ///
    /// # Errors
    /// An empty text, spaces elsewhere, a bad name, more than 4,000 bytes or more than 100 names.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        if text.is_empty() {
            return Err(ScopeError::Empty);
        }
        if text.len() > LONGEST_SCOPE {
            return Err(ScopeError::TooLong);
        }
        let mut names = BTreeSet::new();
        for (count, name) in text.split(' ').enumerate() {
            if name.is_empty() {
                return Err(ScopeError::Spacing);
            }
            if count >= MOST_NAMES {
                return Err(ScopeError::TooMany);
            }
            names.insert(ScopeToken::parse(name)?);
        }
        Ok(Self(Arc::new(names)))
    }

    /// As [`Scope::parse`], but an empty text is the empty scope: for what we wrote down ourselves.
    ///
    /// # Errors
    /// As [`Scope::parse`], but for the empty text.
    pub fn parse_or_empty(text: &str) -> Result<Self, ScopeError> {
        if text.is_empty() { Ok(Self::default()) } else { Self::parse(text) }
    }

    /// Whether `name` is among the names.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Whether each of the names is also in `other`. The empty scope is a subset of every scope.
    pub fn is_subset_of(&self, other: &Scope) -> bool {
        self.0.is_subset(&other.0)
    }

    /// The names that are in both.
    #[must_use]
    pub fn intersection(&self, other: &Scope) -> Scope {
        if self.is_subset_of(other) {
            return self.clone();
        }
        self.0.intersection(&other.0).cloned().collect()
    }

    /// The names that are in either.
    #[must_use]
    pub fn union(&self, other: &Scope) -> Scope {
        self.0.union(&other.0).cloned().collect()
    }

    /// The names that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Scope) -> Scope {
        self.0.difference(&other.0).cloned().collect()
    }

    /// Whether there is no name at all. Such a scope allows nothing; it never means everything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The names of all of them.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(|scope| scope.as_str().to_owned()).collect()
    }

    /// The names in order.
    pub fn iter(&self) -> impl Iterator<Item = &ScopeToken> {
        self.0.iter()
    }
}

impl FromIterator<ScopeToken> for Scope {
    fn from_iter<I: IntoIterator<Item = ScopeToken>>(names: I) -> Self {
        Self(Arc::new(names.into_iter().collect()))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (count, name) in self.0.iter().enumerate() {
            if count > 0 {
                f.write_str(" ")?;
            }
            f.write_str(name.as_str())?;
        }
        Ok(())
    }
}

impl serde::Serialize for Scope {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why a text is not a scope; each is an `invalid_scope` (RFC 6749 §4.1.2.1, §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// There is no name in it.
    #[error("scope is empty: name at least one scope, or leave the parameter out")]
    Empty,
    /// A space at the beginning or the end, or two in a row.
    #[error("scope has a space at its beginning or end, or two in a row: put exactly one between two names")]
    Spacing,
    /// A character that RFC 6749 §3.3 does not allow.
    #[error(
        "scope has a character that is not allowed: a name is made of printable ASCII without quotation mark and \
         backslash"
    )]
    Character,
    /// One name has more than 100 characters.
    #[error("scope has a name of more than 100 characters")]
    NameTooLong,
    /// The text has more than 4,000 bytes.
    #[error("scope is longer than 4000 bytes")]
    TooLong,
    /// There are more than 100 names.
    #[error("scope has more than 100 names")]
    TooMany,
}

/// `NQCHAR` of RFC 6749 §A.4.
fn is_scope_character(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E)
}

/// A scope that every Hallpass knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    /// The name on the wire.
    pub name: &'static str,
    /// What the consent page says that the application will be able to do.
    pub sentence: &'static str,
    /// Whether it reaches other people's records: then only an administrator can grant it, and a client that
    /// registered itself never has it.
    pub needs_admin: bool,
}

impl BuiltIn {
    const fn own(name: &'static str, sentence: &'static str) -> Self {
        Self { name, sentence, needs_admin: false }
    }

    const fn admin(name: &'static str, sentence: &'static str) -> Self {
        Self { name, sentence, needs_admin: true }
    }

    /// The built-in scope of this name.
    pub fn find(name: &str) -> Option<&'static BuiltIn> {
        BUILT_IN.iter().find(|scope| scope.name == name)
    }
}

/// The scopes that every Hallpass knows, in the order in which people see them.
pub const BUILT_IN: &[BuiltIn] = &[
    BuiltIn::own("openid", "Know who you are: your name, e-mail address and roles"),
    BuiltIn::own("profile", "See your name and user name"),
    BuiltIn::own("email", "See your e-mail address"),
    BuiltIn::own("address", "See your postal address"),
    BuiltIn::own("phone", "See your telephone number"),
    BuiltIn::own("roles", "See which roles you hold"),
    BuiltIn::own("offline_access", "Keep its access while you are away"),
    BuiltIn::own("account:read", "See your own account, sessions, applications and API keys"),
    BuiltIn::own("account:write", "Change your own account, sessions, applications and API keys"),
    BuiltIn::admin("introspect", "Check whose tokens and API keys are valid, and for what"),
    BuiltIn::admin("users:read", "See all users"),
    BuiltIn::admin("users:write", "Create, change and delete users"),
    BuiltIn::admin("roles:read", "See all roles and who holds them"),
    BuiltIn::admin("roles:write", "Create and delete roles"),
    BuiltIn::admin("scopes:read", "See all scopes"),
    BuiltIn::admin("scopes:write", "Create and delete scopes"),
    BuiltIn::admin("resources:read", "See all registered APIs"),
    BuiltIn::admin("resources:write", "Register, change and delete APIs"),
    BuiltIn::admin("clients:read", "See all applications"),
    BuiltIn::admin("clients:write", "Register, change and delete applications"),
    BuiltIn::admin("keys:read", "See everybody's API keys"),
    BuiltIn::admin("keys:write", "Create, change and revoke everybody's API keys"),
    BuiltIn::admin("sessions:read", "See everybody's sessions"),
    BuiltIn::admin("sessions:write", "End everybody's sessions"),
    BuiltIn::admin("grants:read", "See which applications everybody has let in"),
    BuiltIn::admin("grants:write", "Take away what everybody has let applications do"),
    BuiltIn::admin("audit:read", "Read the audit log"),
];

/// A scope that an administrator made.
#[derive(Debug, Clone)]
pub struct MadeScope {
    /// Its name.
    pub name: ScopeToken,
    /// The sentence of the consent page.
    pub description: String,
    /// Where not empty, only those who hold one of these roles can grant it or use it.
    pub roles: Roles,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scope(text: &str) -> Scope {
        Scope::parse_or_empty(text).unwrap()
    }

    #[test]
    fn a_scope_is_a_set_in_order() {
        let scope = Scope::parse("write read write openid").unwrap();
        assert_eq!(scope.to_string(), "openid read write");
        assert_eq!(scope.len(), 3);
        assert!(scope.contains("read") && !scope.contains("rea"));
        assert_eq!(serde_json::to_string(&scope).unwrap(), r#""openid read write""#);
        assert_eq!(Scope::default().to_string(), "");
    }

    /// RFC 6749 §3.3
    #[test]
    fn other_texts_are_refused() {
        for (text, error) in [
            ("", ScopeError::Empty),
            (" ", ScopeError::Spacing),
            (" read", ScopeError::Spacing),
            ("read ", ScopeError::Spacing),
            ("read  write", ScopeError::Spacing),
            ("read\twrite", ScopeError::Character),
            ("read\nwrite", ScopeError::Character),
            ("a\"b", ScopeError::Character),
            ("a\\b", ScopeError::Character),
            ("a\u{7f}", ScopeError::Character),
            ("a\0", ScopeError::Character),
            ("größe", ScopeError::Character),
        ] {
            assert_eq!(Scope::parse(text), Err(error), "{text:?}");
        }
        assert!(Scope::parse("! #[]~ users:read https://api.example/x.y?z=1&a=b").is_ok());
    }

    #[test]
    fn the_limits_hold_at_their_edges() {
        let longest = "x".repeat(100);
        assert!(Scope::parse(&longest).is_ok());
        assert_eq!(Scope::parse(&format!("{longest}x")), Err(ScopeError::NameTooLong));
        let hundred = (0..100).map(|n| format!("s{n}")).collect::<Vec<_>>().join(" ");
        assert!(Scope::parse(&hundred).is_ok());
        assert_eq!(Scope::parse(&format!("{hundred} more")), Err(ScopeError::TooMany));
        assert_eq!(Scope::parse(&"x ".repeat(2_001)), Err(ScopeError::TooLong));
    }

    #[test]
    fn sets_are_taken_together_and_apart() {
        let (few, many) = (scope("a b"), scope("b c a"));
        assert!(few.is_subset_of(&many) && !many.is_subset_of(&few));
        assert_eq!(few.union(&scope("z")).to_string(), "a b z");
        assert_eq!(many.intersection(&scope("a x")).to_string(), "a");
        assert_eq!(many.difference(&few).to_string(), "c");
        assert!(Scope::default().is_subset_of(&few) && Scope::default().is_empty());
    }

    #[test]
    fn the_built_in_scopes_are_scopes_and_stand_once() {
        let names: BTreeSet<_> = BUILT_IN.iter().map(|scope| ScopeToken::parse(scope.name).unwrap()).collect();
        assert_eq!(names.len(), BUILT_IN.len());
        for scope in BUILT_IN {
            let others = scope.name.contains(':') && !scope.name.starts_with("account:");
            assert_eq!(scope.needs_admin, others || scope.name == "introspect", "{}", scope.name);
            assert!(!scope.sentence.ends_with('.') && !scope.sentence.is_empty());
        }
        assert_eq!(BuiltIn::find("openid").map(|scope| scope.needs_admin), Some(false));
        assert_eq!(BuiltIn::find("all"), None);
    }

    fn any_scope() -> impl Strategy<Value = Scope> {
        proptest::collection::btree_set("[a-e]{1,2}", 0..8)
            .prop_map(|names| names.iter().map(|name| ScopeToken::parse(name).unwrap()).collect())
    }

    proptest! {
        #[test]
        fn what_is_read_is_printed_and_read_again(text in "[ -~]{0,60}") {
            if let Ok(scope) = Scope::parse(&text) {
                prop_assert_eq!(Scope::parse(&scope.to_string()), Ok(scope.clone()));
                for name in text.split(' ') {
                    prop_assert!(scope.contains(name));
                }
            }
        }

        #[test]
        fn the_algebra_of_sets_holds(a in any_scope(), b in any_scope()) {
            let both = a.intersection(&b);
            prop_assert!(both.is_subset_of(&a) && both.is_subset_of(&b));
            prop_assert!(a.is_subset_of(&a.union(&b)));
            prop_assert_eq!(a.difference(&b).union(&both), a.clone());
            prop_assert!(a.difference(&b).intersection(&b).is_empty());
            prop_assert_eq!(a.is_subset_of(&b), a.difference(&b).is_empty());
        }
    }
}
