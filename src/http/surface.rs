//! Which face of the server a path belongs to; it decides the form of refusals.

/// A face of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// Pages for people: HTML.
    Page,
    /// `/api/v1`: problem details (RFC 9457).
    Api,
    /// Endpoints that clients call: OAuth's JSON errors (RFC 6749 §5.2).
    OAuth,
    /// Frappe's paths: its envelopes.
    Frappe,
    /// Operations and metadata: bare JSON.
    Plain,
}

impl Surface {
    /// The face that `path`, without the issuer's path before it, belongs to.
    pub fn of(path: &str) -> Self {
        let below =
            |prefix: &str| path == prefix || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'));
        if below("/api/method") || below("/api/v1/method") || below("/api/v2") {
            Surface::Frappe
        } else if below("/api") {
            Surface::Api
        } else if below("/oauth/authorize") || below("/oauth/consent") {
            Surface::Page
        } else if below("/oauth") {
            Surface::OAuth
        } else if below("/.well-known") || below("/health") {
            Surface::Plain
        } else {
            Surface::Page
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_one_surface() {
        assert_eq!(Surface::of("/api/v1/me"), Surface::Api);
        assert_eq!(Surface::of("/api/v1/method/ping"), Surface::Frappe);
        assert_eq!(Surface::of("/api/v1/methods"), Surface::Api);
        assert_eq!(Surface::of("/oauth/token"), Surface::OAuth);
        assert_eq!(Surface::of("/oauth/authorize"), Surface::Page);
        assert_eq!(Surface::of("/users"), Surface::Page);
    }
}
