//! Resources: APIs that accept tokens, named by URIs (RFC 8707 §2).

use std::fmt;

use crate::model::issuer::Issuer;
use crate::model::scope::Scope;
use crate::model::time::Timestamp;

/// The longest URI of a resource, in bytes.
const LONGEST: usize = 500;
/// The most resources that one token may be meant for.
const MOST: usize = 10;

/// The URI of a resource: absolute, without a fragment (RFC 8707 §2). It keeps the text as it was written; two that
/// differ only in a slash that is the whole path name the same resource (RFC 3986 §6.2.3), and no others do.
#[derive(Debug, Clone)]
pub struct ResourceUri(String);

/// Why a text is no resource's URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResourceUriError {
    /// Longer than 500 bytes.
    #[error("the resource's URI is longer than 500 bytes")]
    TooLong,
    /// No scheme, or nothing behind it.
    #[error("the resource's URI is not absolute; it begins with a scheme, as in https://api.example.com/")]
    NotAbsolute,
    /// It has a fragment.
    #[error("the resource's URI has a fragment, which RFC 8707 does not allow")]
    Fragment,
    /// It has characters that no URI has.
    #[error("the resource's URI has characters that no URI has")]
    Characters,
    /// It has a user name or password.
    #[error("the resource's URI has a user name or password in it")]
    UserInfo,
}

impl ResourceUri {
    /// Reads one.
    ///
    /// # Errors
    /// See [`ResourceUriError`].
    pub fn parse(text: &str) -> Result<Self, ResourceUriError> {
        if text.len() > LONGEST {
            return Err(ResourceUriError::TooLong);
        }
        let is_of_uri = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
        if !text.bytes().all(is_of_uri) {
            return Err(ResourceUriError::Characters);
        }
        if text.contains('#') {
            return Err(ResourceUriError::Fragment);
        }
        let url = url::Url::parse(text).map_err(|_| ResourceUriError::NotAbsolute)?;
        // Of `https:` and `http:` the parser would mend what has no `//`, and then two texts would be one URI.
        let is_host = |rest: &str| !rest.is_empty() && !rest.starts_with(['/', '?']);
        let has_authority = text.split_once("://").is_some_and(|(_, rest)| is_host(rest));
        if matches!(url.scheme(), "http" | "https") && (!has_authority || url.host_str().is_none_or(str::is_empty)) {
            return Err(ResourceUriError::NotAbsolute);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ResourceUriError::UserInfo);
        }
        if url.path().is_empty() && url.host_str().is_none() {
            return Err(ResourceUriError::NotAbsolute);
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same for all texts that name the same resource.
    pub fn canonical(&self) -> &str {
        let behind_scheme = self.0.split_once("://").map(|(_, rest)| rest);
        match (behind_scheme, self.0.strip_suffix('/')) {
            (Some(rest), Some(without)) if rest.find('/') == Some(rest.len() - 1) && !rest.contains('?') => without,
            _ => &self.0,
        }
    }

    /// Whether it names this server itself, with or without a last slash.
    pub fn is_issuer(&self, issuer: &Issuer) -> bool {
        let issuer = issuer.as_str();
        self.0 == issuer || self.0.strip_suffix('/') == Some(issuer)
    }
}

impl PartialEq for ResourceUri {
    fn eq(&self, other: &Self) -> bool {
        self.canonical() == other.canonical()
    }
}

impl Eq for ResourceUri {}

impl fmt::Display for ResourceUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The resources that a token is meant for. None at all: it is bound to no resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resources(Vec<ResourceUri>);

impl Resources {
    /// No resource.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Those that `texts` name, each once.
    ///
    /// # Errors
    /// `None` in place of [`ResourceUriError`] where there are more than ten.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, Option<ResourceUriError>> {
        let mut all: Vec<ResourceUri> = Vec::new();
        for text in texts {
            let uri = ResourceUri::parse(text).map_err(Some)?;
            if !all.contains(&uri) {
                all.push(uri);
            }
        }
        if all.len() > MOST { Err(None) } else { Ok(Self(all)) }
    }

    /// Whether the token is bound to no resource.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `uri` is among them.
    pub fn contains(&self, uri: &ResourceUri) -> bool {
        self.0.contains(uri)
    }

    /// Whether each of them is among `others`.
    pub fn is_subset_of(&self, others: &Resources) -> bool {
        self.0.iter().all(|uri| others.contains(uri))
    }

    /// Whether this server itself is among them.
    pub fn name_issuer(&self, issuer: &Issuer) -> bool {
        self.0.iter().any(|uri| uri.is_issuer(issuer))
    }

    /// Them.
    pub fn iter(&self) -> impl Iterator<Item = &ResourceUri> {
        self.0.iter()
    }
}

impl FromIterator<ResourceUri> for Resources {
    fn from_iter<I: IntoIterator<Item = ResourceUri>>(uris: I) -> Self {
        let mut all: Vec<ResourceUri> = Vec::new();
        for uri in uris {
            if !all.contains(&uri) {
                all.push(uri);
            }
        }
        Self(all)
    }
}

/// An API that accepts tokens.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Its URI, as it was registered.
    pub uri: ResourceUri,
    /// What people see.
    pub name: String,
    /// The scopes that tokens for it may have; where there are none, any.
    pub scopes: Scope,
    /// When it was registered.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> ResourceUri {
        ResourceUri::parse(text).unwrap()
    }

    #[test]
    fn only_a_slash_that_is_the_whole_path_makes_no_difference() {
        assert_eq!(uri("https://api.test/"), uri("https://api.test"));
        assert_ne!(uri("https://api.test/v1/"), uri("https://api.test/v1"));
        assert_ne!(uri("https://api.test/?a"), uri("https://api.test?a"));
        assert_ne!(uri("https://api.test"), uri("https://API.test"));
        assert_eq!(uri("https://api.test/").as_str(), "https://api.test/");
    }

    #[test]
    fn what_is_not_absolute_or_has_a_fragment_is_refused() {
        let error = |text: &str| ResourceUri::parse(text).unwrap_err();
        for relative in ["", "api", "/api", "//api.test/", "https:api.test", "https://", "https:///path"] {
            assert_eq!(error(relative), ResourceUriError::NotAbsolute, "{relative}");
        }
        assert_eq!(error("https://api.test/#a"), ResourceUriError::Fragment);
        assert_eq!(error("https://api.test/#"), ResourceUriError::Fragment);
        assert_eq!(error("https://a b.test/"), ResourceUriError::Characters);
        assert_eq!(error("https://me:you@api.test/"), ResourceUriError::UserInfo);
        assert_eq!(error(&format!("https://api.test/{}", "a".repeat(500))), ResourceUriError::TooLong);
        assert!(ResourceUri::parse("urn:example:api").is_ok());
    }

    #[test]
    fn a_resource_counts_once() {
        let all = Resources::parse(["https://a.test", "https://a.test/", "https://b.test"]).unwrap();
        assert_eq!(all.iter().count(), 2);
        let many: Vec<String> = (0..11).map(|n| format!("https://{n}.test")).collect();
        assert_eq!(Resources::parse(many.iter().map(String::as_str)), Err(None));
    }
}
