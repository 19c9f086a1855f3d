//! Which face of the server a path belongs to; it decides the form of refusals.

use actix_web::http::Method;

use crate::http::paths;
use crate::metrics::Face;

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
    Frappe(FrappeVersion),
    /// Frappe's names for endpoints that clients call: OAuth's JSON errors, in no envelope.
    FrappeOAuth(FrappeVersion),
    /// The check that proxies ask for: headers, and no body.
    Verify,
    /// Operations and metadata: bare JSON.
    Plain,
}

/// Which of Frappe's two envelopes a path speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrappeVersion {
    /// `{"message": …}` and `{"exc_type": …}`.
    V1,
    /// `{"data": …}` and `{"errors": […]}`.
    V2,
}

impl Surface {
    /// By which it is counted.
    pub const fn face(self) -> Face {
        match self {
            Surface::Page => Face::Page,
            Surface::Api => Face::Api,
            Surface::OAuth => Face::OAuth,
            Surface::Frappe(_) | Surface::FrappeOAuth(_) => Face::Frappe,
            Surface::Verify => Face::Verify,
            Surface::Plain => Face::Plain,
        }
    }

    /// The face that a request for `path`, without the issuer's path before it, belongs to.
    pub fn of(method: &Method, path: &str) -> Self {
        let below =
            |prefix: &str| path == prefix || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'));
        // Below a path the issuer's own address has no slash at its end.
        let is_old_call = *method == Method::POST && (path == paths::HOME || path.is_empty());
        if is_old_call || below("/api/method") || below("/api/v1/method") || below("/api/v2") || below("/api/resource")
        {
            let version = if below("/api/v2") { FrappeVersion::V2 } else { FrappeVersion::V1 };
            let of_clients = [
                paths::FRAPPE_GET_TOKEN,
                paths::FRAPPE_REVOKE_TOKEN,
                paths::FRAPPE_INTROSPECT_TOKEN,
                paths::FRAPPE_REGISTER_CLIENT,
            ];
            match paths::frappe_method(path) {
                Some(method) if of_clients.contains(&method.as_str()) => Surface::FrappeOAuth(version),
                _ => Surface::Frappe(version),
            }
        } else if below("/auth/verify") {
            Surface::Verify
        } else if below("/api") {
            Surface::Api
        } else if below("/oauth/authorize") || below("/oauth/consent") || below("/oauth/logout") {
            Surface::Page
        } else if below("/oauth") {
            Surface::OAuth
        } else if below("/.well-known") || below("/health") {
            Surface::Plain
        } else {
            Surface::Page
        }
    }

    /// Whether it is one of Frappe's paths, whatever its form.
    pub fn is_frappe(self) -> bool {
        matches!(self, Surface::Frappe(_) | Surface::FrappeOAuth(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_one_surface() {
        let get = |path: &str| Surface::of(&Method::GET, path);
        assert_eq!(get("/api/v1/me"), Surface::Api);
        assert_eq!(get("/api/v1/method/ping"), Surface::Frappe(FrappeVersion::V1));
        assert_eq!(get("/api/v2/method/ping"), Surface::Frappe(FrappeVersion::V2));
        assert_eq!(get("/api/resource/User"), Surface::Frappe(FrappeVersion::V1));
        assert_eq!(get("/api/v1/methods"), Surface::Api);
        assert_eq!(get("/api/v1/resources"), Surface::Api);
        assert_eq!(get("/oauth/token"), Surface::OAuth);
        assert_eq!(get("/oauth/authorize"), Surface::Page);
        assert_eq!(get("/users"), Surface::Page);
        assert_eq!(get("/"), Surface::Page);
        for home in ["/", ""] {
            assert_eq!(Surface::of(&Method::POST, home), Surface::Frappe(FrappeVersion::V1));
        }
        assert_eq!(get("/auth/verify/policy/a/b"), Surface::Verify);
        assert_eq!(get("/auth/verifyx"), Surface::Page);
    }

    #[test]
    fn clients_hear_oauth_under_frappes_names_too() {
        for name in ["get_token", "get_token/", "revoke_token", "introspect_token", "register_client/x"] {
            let path = format!("/api/v2/method/frappe.integrations.oauth2.{name}");
            assert_eq!(Surface::of(&Method::POST, &path), Surface::FrappeOAuth(FrappeVersion::V2), "{name}");
        }
        for name in ["authorize", "approve", "openid_profile", "get_tokens"] {
            let path = format!("/api/method/frappe.integrations.oauth2.{name}");
            assert_eq!(Surface::of(&Method::GET, &path), Surface::Frappe(FrappeVersion::V1), "{name}");
        }
    }
}
