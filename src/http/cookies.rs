//! Our cookies: their names, their flags, and reading them without being fooled by twins.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actix_web::cookie::SameSite;
use actix_web::cookie::time::Duration;
use actix_web::http::header;

use crate::model::issuer::Issuer;
use crate::model::origin::Origin;
use crate::model::time::Lifetime;

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieName {
    /// The browser session.
    Session,
    /// Ties the forms of a visitor who is not signed in to their browser.
    Form,
    /// Proves that this browser has signed in to an account before.
    Device,
    /// Says that the right password was given, and nothing more yet.
    Halfway,
    /// The browser session at the host of a service, good at `/auth/verify` alone.
    Verify,
}

impl CookieName {
    /// Its name: on https with `__Host-`, so that no neighbour domain and no plain-http page can set it.
    pub fn name(self, issuer: &Issuer) -> &'static str {
        match (self, is_https(issuer)) {
            (CookieName::Session, true) => "__Host-hallpass_session",
            (CookieName::Session, false) => "hallpass_session",
            (CookieName::Form, true) => "__Host-hallpass_form",
            (CookieName::Form, false) => "hallpass_form",
            (CookieName::Device, true) => "__Host-hallpass_device",
            (CookieName::Device, false) => "hallpass_device",
            (CookieName::Halfway, true) => "__Host-hallpass_halfway",
            (CookieName::Halfway, false) => "hallpass_halfway",
            (CookieName::Verify, _) => "hallpass_verify",
        }
    }

    /// The cookie with `value`; it goes with the browser unless it is to last.
    pub fn set(self, issuer: &Issuer, value: String, lasts: Option<Lifetime>) -> Cookie<'static> {
        let mut cookie = Cookie::build(self.name(issuer), value)
            .path("/")
            .http_only(true)
            .secure(is_https(issuer))
            .same_site(SameSite::Lax);
        if let Some(lasts) = lasts {
            let seconds = i64::try_from(lasts.seconds()).unwrap_or(i64::MAX);
            cookie = cookie.max_age(Duration::seconds(seconds));
        }
        cookie.finish()
    }

    /// The cookie that removes it.
    pub fn clear(self, issuer: &Issuer) -> Cookie<'static> {
        let mut cookie = self.set(issuer, String::new(), None);
        cookie.make_removal();
        cookie
    }

    /// Its value in `request`; none where it comes twice, for then somebody else may have set one of them.
    pub fn read(self, request: &HttpRequest, issuer: &Issuer) -> Option<String> {
        // By bytes: what is no text in one cookie hides no other, and a twin counts whatever is in it.
        let headers = request.headers().get_all(header::COOKIE);
        let pairs = headers.flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
        let mut values = pairs.filter_map(|pair| {
            let rest = pair.trim_ascii().strip_prefix(self.name(issuer).as_bytes())?;
            rest.strip_prefix(b"=")
        });
        match (values.next(), values.next()) {
            (Some(value), None) => String::from_utf8(value.to_vec()).ok(),
            _ => None,
        }
    }
}

/// The cookie of the browser session at the service `origin`, with `value`.
pub fn of_host(origin: &Origin, value: String, lasts: Lifetime) -> Cookie<'static> {
    let seconds = i64::try_from(lasts.seconds()).unwrap_or(i64::MAX);
    Cookie::build("hallpass_verify", value)
        .path("/")
        .http_only(true)
        .secure(origin.is_https())
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(seconds))
        .finish()
}

fn is_https(issuer: &Issuer) -> bool {
    issuer.as_str().starts_with("https://")
}
