//! Redirect URIs: the only addresses that answers are sent to (RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §2.1).

use std::fmt;

use url::Url;

/// The most bytes that a redirect URI may have.
const LONGEST_URI: usize = 2_000;
/// The hosts that plain `http` is for: they are this very machine (RFC 8252 §7.3, and the name that many clients use).
const LOOPBACK_HOSTS: [&str; 3] = ["127.0.0.1", "[::1]", "localhost"];
/// Schemes that run or show something in the browser instead of reaching an application.
const DANGEROUS_SCHEMES: [&str; 10] =
    ["javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source", "ws", "wss"];
/// What our own answer adds (RFC 6749 §4.1.2, RFC 9207 §2, JARM): a URI that holds them already would be read wrongly.
const RESPONSE_PARAMETERS: [&str; 7] = ["code", "state", "iss", "error", "error_description", "error_uri", "response"];

/// A registered redirect URI, kept byte for byte as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RedirectUri {
    text: String,
    shape: Shape,
}

/// What a redirect URI is, and where its parts end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Shape {
    /// `https://` and any host, which ends at `authority_end` together with its port.
    Https { authority_end: usize },
    /// `http://` and a loopback host, which ends at `host_end`; its port ends at `authority_end`.
    Loopback { host_end: usize, authority_end: usize },
    /// A scheme of the application's own, which ends at `scheme_end` (RFC 8252 §7.1).
    PrivateScheme { scheme_end: usize },
}

impl RedirectUri {
    /// Takes a URI that a client may be registered with: `https` with any host, `http` with a loopback host, or a
    /// private-use scheme that is a reversed domain name.
    ///
    /// # Errors
    /// What has to be changed.
    pub fn parse(text: &str) -> Result<Self, RedirectUriError> {
        check_characters(text)?;
        let (scheme, rest) = text.split_once(':').ok_or(RedirectUriError::NotAbsolute)?;
        let shape = match scheme {
            "https" | "http" => web(scheme, rest.strip_prefix("//").ok_or(RedirectUriError::NotAbsolute)?)?,
            _ => private_scheme(scheme, rest)?,
        };
        let url = Url::parse(text).map_err(|_| RedirectUriError::NotAbsolute)?;
        let uri = Self { text: text.to_owned(), shape };
        if let Some((host, port)) = uri.host_and_port() {
            // Browsers read `127.1`, `0x7f000001` and `%6c` in a host in their own way: only what they read as it
            // stands is taken.
            let known_port = port.and_then(|port| port.parse::<u16>().ok());
            if url.host_str() != Some(host.to_ascii_lowercase().as_str())
                || url.port().is_some_and(|p| Some(p) != known_port)
            {
                return Err(RedirectUriError::Host);
            }
        }
        check_path_and_query(uri.after_authority())?;
        Ok(uri)
    }

    /// The URI as it was registered.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether an authorization request may name `presented`: it is the same byte for byte, or this is a loopback
    /// `http` URI and only the port differs (RFC 8252 §7.3). Nothing that decides is parsed out of `presented`.
    pub fn matches(&self, presented: &str) -> Option<RedirectTarget> {
        if self.text == presented {
            return Some(RedirectTarget(self.clone()));
        }
        let Shape::Loopback { host_end, .. } = self.shape else {
            return None;
        };
        let before_port = self.text.split_at(host_end).0;
        let after_port = self.after_authority();
        let port = presented.strip_prefix(before_port)?.strip_suffix(after_port)?;
        if !port.is_empty() && !port.strip_prefix(':').is_some_and(is_port) {
            return None;
        }
        let authority_end = host_end + port.len();
        let text = format!("{before_port}{port}{after_port}");
        Some(RedirectTarget(Self { text, shape: Shape::Loopback { host_end, authority_end } }))
    }

    /// The URI itself as a target: for a request that names none where only this one is registered
    /// (RFC 6749 §3.1.2.3).
    pub fn as_target(&self) -> RedirectTarget {
        RedirectTarget(self.clone())
    }

    /// Whether it is plain `http` to the machine that the browser runs on.
    pub fn is_loopback(&self) -> bool {
        matches!(self.shape, Shape::Loopback { .. })
    }

    /// Whether it is `https`.
    pub fn is_https(&self) -> bool {
        matches!(self.shape, Shape::Https { .. })
    }

    /// Whether its scheme is one of an application's own.
    pub fn is_private_scheme(&self) -> bool {
        matches!(self.shape, Shape::PrivateScheme { .. })
    }

    /// What the consent page names as the place that the answer goes to: host and port, or the private scheme.
    pub fn host_for_display(&self) -> String {
        match self.shape {
            Shape::PrivateScheme { scheme_end } => format!("{}:", self.text.split_at(scheme_end).0),
            Shape::Https { authority_end } => self.between("https://", authority_end).to_ascii_lowercase(),
            Shape::Loopback { authority_end, .. } => self.between("http://", authority_end).to_owned(),
        }
    }

    /// Host and port of a web address; `None` for a private scheme.
    fn host_and_port(&self) -> Option<(&str, Option<&str>)> {
        let authority = match self.shape {
            Shape::Https { authority_end } => self.between("https://", authority_end),
            Shape::Loopback { authority_end, .. } => self.between("http://", authority_end),
            Shape::PrivateScheme { .. } => return None,
        };
        split_port(authority)
    }

    /// What stands behind `scheme` and before `end`.
    fn between(&self, scheme: &str, end: usize) -> &str {
        self.text.split_at(end).0.strip_prefix(scheme).unwrap_or_default()
    }

    /// Path and query; for a private scheme all that stands behind its colon.
    fn after_authority(&self) -> &str {
        let end = match self.shape {
            Shape::Https { authority_end } | Shape::Loopback { authority_end, .. } => authority_end,
            Shape::PrivateScheme { scheme_end } => scheme_end + 1,
        };
        self.text.split_at(end).1
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl serde::Serialize for RedirectUri {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// Where one answer goes: a registered URI, with the port that the request asked for where it is a loopback one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectTarget(RedirectUri);

impl RedirectTarget {
    /// The address; the same bytes as the request's `redirect_uri`, which the token request has to repeat
    /// (RFC 6749 §4.1.3).
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The address as one that could be registered.
    pub fn to_uri(&self) -> RedirectUri {
        self.0.clone()
    }

    /// The address with `pairs` added to its query, form-encoded (RFC 6749 §4.1.2): the `Location` of an answer.
    pub fn with_query(&self, pairs: &[(&str, &str)]) -> String {
        let mut location = self.0.text.clone();
        if pairs.is_empty() {
            return location;
        }
        match location.split_once('?') {
            None => location.push('?'),
            Some((_, query)) if query.is_empty() || query.ends_with('&') => {}
            Some(_) => location.push('&'),
        }
        let start = location.len();
        form_urlencoded::Serializer::for_suffix(location, start).extend_pairs(pairs).finish()
    }

    /// The address with `pairs` behind a `#` (OAuth 2.0 Multiple Response Type Encoding Practices §2.1). No registered
    /// address has one of its own.
    pub fn with_fragment(&self, pairs: &[(&str, &str)]) -> String {
        let location = format!("{}#", self.0.text);
        let start = location.len();
        form_urlencoded::Serializer::for_suffix(location, start).extend_pairs(pairs).finish()
    }

    /// As [`RedirectUri::host_for_display`].
    pub fn host_for_display(&self) -> String {
        self.0.host_for_display()
    }

    /// As [`RedirectUri::is_loopback`].
    pub fn is_loopback(&self) -> bool {
        self.0.is_loopback()
    }

    /// As [`RedirectUri::is_https`].
    pub fn is_https(&self) -> bool {
        self.0.is_https()
    }

    /// As [`RedirectUri::is_private_scheme`].
    pub fn is_private_scheme(&self) -> bool {
        self.0.is_private_scheme()
    }
}

/// Why a text cannot be registered as a redirect URI (`invalid_redirect_uri`, RFC 7591 §3.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriError {
    /// Nothing, or no scheme and host.
    #[error("must be an absolute URI, such as https://app.example/callback")]
    NotAbsolute,
    /// More than 2,000 bytes.
    #[error("is longer than 2000 bytes")]
    TooLong,
    /// Spaces, control characters, letters beyond ASCII, or what RFC 3986 leaves out.
    #[error("has a character that no URI may hold (spaces and letters beyond ASCII have to be percent-encoded)")]
    Character,
    /// A `%` without two hex digits.
    #[error("has a percent sign without two hex digits behind it")]
    PercentEncoding,
    /// `*`.
    #[error("has an asterisk: wildcards are not known here, register each address in full")]
    Wildcard,
    /// `#`.
    #[error("has a fragment (#), which a redirect URI must not have")]
    Fragment,
    /// `user@host`.
    #[error("has a user name or password before its host")]
    UserInformation,
    /// A host that browsers would read differently from how it is written, or none.
    #[error("has no host, or one that is not written as browsers write it")]
    Host,
    /// A port that is not one.
    #[error("has a port that is not a number from 1 to 65535 without leading zeros")]
    Port,
    /// `http` to another machine.
    #[error("is plain http: use https (http is for 127.0.0.1, [::1] and localhost alone)")]
    PlainHttp,
    /// A scheme that browsers run or show themselves.
    #[error("has a scheme that browsers open themselves: use https, or a scheme of the application's own")]
    DangerousScheme,
    /// A private scheme that is not a reversed domain name.
    #[error("has a scheme that is not a reversed domain name such as com.example.app (RFC 8252 section 7.1)")]
    SchemeWithoutDomain,
    /// `HTTPS:` and the like.
    #[error("has its scheme in capital letters: write https or http")]
    SchemeCase,
    /// `.` or `..` in the path, also percent-encoded.
    #[error("has . or .. between the slashes of its path, which browsers would take out")]
    DotSegment,
    /// A query that holds what the answer adds.
    #[error(
        "has a query parameter that the answer itself brings (code, state, iss, error, error_description, error_uri \
         or response)"
    )]
    ResponseParameter,
}

/// Refuses what no URI of ours may hold, wherever it stands.
fn check_characters(text: &str) -> Result<(), RedirectUriError> {
    if text.is_empty() {
        return Err(RedirectUriError::NotAbsolute);
    }
    if text.len() > LONGEST_URI {
        return Err(RedirectUriError::TooLong);
    }
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'#' => return Err(RedirectUriError::Fragment),
            b'*' => return Err(RedirectUriError::Wildcard),
            b'%' if !bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) => {
                return Err(RedirectUriError::PercentEncoding);
            }
            b'%' => {}
            byte if byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()+,;=".contains(byte) => {}
            _ => return Err(RedirectUriError::Character),
        }
    }
    Ok(())
}

/// Reads what stands behind `https://` or `http://`.
fn web(scheme: &str, rest: &str) -> Result<Shape, RedirectUriError> {
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(RedirectUriError::UserInformation);
    }
    let (host, port) = split_port(authority).ok_or(RedirectUriError::Host)?;
    if host.is_empty() {
        return Err(RedirectUriError::Host);
    }
    if port.is_some_and(|port| !is_port(port)) {
        return Err(RedirectUriError::Port);
    }
    let start = scheme.len() + "://".len();
    let authority_end = start + authority.len();
    if scheme == "https" {
        return if host.starts_with('[') || is_domain(host) {
            Ok(Shape::Https { authority_end })
        } else {
            Err(RedirectUriError::Host)
        };
    }
    if !LOOPBACK_HOSTS.contains(&host) {
        return Err(RedirectUriError::PlainHttp);
    }
    Ok(Shape::Loopback { host_end: start + host.len(), authority_end })
}

/// Reads a URI with a scheme of an application's own.
fn private_scheme(scheme: &str, rest: &str) -> Result<Shape, RedirectUriError> {
    let lower = scheme.to_ascii_lowercase();
    if lower == "https" || lower == "http" {
        return Err(RedirectUriError::SchemeCase);
    }
    if DANGEROUS_SCHEMES.contains(&lower.as_str()) {
        return Err(RedirectUriError::DangerousScheme);
    }
    let labels = scheme.split('.');
    let reversed_domain = labels.clone().count() > 1
        && labels
            .clone()
            .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    if !reversed_domain {
        return Err(RedirectUriError::SchemeWithoutDomain);
    }
    if rest.is_empty() || rest.contains(['[', ']']) {
        return Err(RedirectUriError::NotAbsolute);
    }
    let authority = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?']).next());
    if authority.is_some_and(|authority| authority.contains('@')) {
        return Err(RedirectUriError::UserInformation);
    }
    Ok(Shape::PrivateScheme { scheme_end: scheme.len() })
}

/// Refuses paths that browsers would rewrite, and queries that would collide with our answer.
fn check_path_and_query(after_authority: &str) -> Result<(), RedirectUriError> {
    let (path, query) = after_authority.split_once('?').unwrap_or((after_authority, ""));
    if after_authority.contains(['[', ']']) {
        return Err(RedirectUriError::Character);
    }
    let is_dots = |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    if path.split('/').any(is_dots) {
        return Err(RedirectUriError::DotSegment);
    }
    let collides = |name: &str| RESPONSE_PARAMETERS.contains(&name);
    if form_urlencoded::parse(query.as_bytes()).any(|(name, _)| collides(&name)) {
        return Err(RedirectUriError::ResponseParameter);
    }
    Ok(())
}

/// Host and port of an authority without user information; `None` where brackets do not match.
fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    if authority.starts_with('[') {
        let (host, port) = authority.split_at(authority.find(']')? + 1);
        return if port.is_empty() { Some((host, None)) } else { Some((host, Some(port.strip_prefix(':')?))) };
    }
    match authority.split_once(':') {
        Some((host, port)) => Some((host, Some(port))),
        None => Some((authority, None)),
    }
}

/// Whether `text` is a port in its one spelling.
fn is_port(text: &str) -> bool {
    !text.starts_with(['0', '+']) && text.parse::<u16>().is_ok()
}

/// Whether `host` is made of the labels that host names are made of (RFC 1123 §2.1, and the underscore that is met).
fn is_domain(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    host.len() <= 253 && host.split('.').all(label)
}

#[cfg(test)]
#[path = "redirect_uri_tests.rs"]
mod tests;
