//! What a browser says of where a person comes from (Fetch Metadata Request Headers), and how it leaves for another site
//! behind one of our forms.
//!
//! Chromium applies the `form-action` of a page to each redirect that follows its form (Content Security Policy Level 3),
//! also to those that an application makes behind its own callback. So that our pages can let forms go nowhere
//! but here without holding anybody up, what follows a form leaves by a small page that goes on by itself: a navigation
//! that is nobody's form.

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::http::header::HeaderMap;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;
use url::Url;

use crate::app::App;
use crate::http::context::Context;
use crate::http::pages::frame;
use crate::http::pages::views;
use crate::http::pages::views::leaving::LeavingPage;
use crate::http::respond;
use crate::model::issuer::Issuer;

/// Where a person comes from, as their browser says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Navigation {
    /// It says nothing: it is older than these headers, or no browser.
    Untold,
    /// From elsewhere; or it is no navigation.
    FromElsewhere,
    /// From one of our own pages, by way of ours alone: a form may have been what began it.
    FromOurs,
}

impl Navigation {
    /// That of a request with `headers`.
    pub fn of(headers: &HeaderMap) -> Self {
        let says = |name: &'static str| headers.get(HeaderName::from_static(name)).map(HeaderValue::as_bytes);
        match (says("sec-fetch-mode"), says("sec-fetch-site")) {
            (None, _) | (_, None) => Navigation::Untold,
            (Some(b"navigate"), Some(b"same-origin")) => Navigation::FromOurs,
            _ => Navigation::FromElsewhere,
        }
    }
}

/// `response`; where it would redirect from one of our pages to another site, the page that goes there instead. Those
/// who don't say where they come from are redirected: their pages have no `form-action`.
pub fn leave(app: &App, context: &Context, path: &str, response: HttpResponse) -> HttpResponse {
    if context.navigation != Navigation::FromOurs || !response.status().is_redirection() {
        return response;
    }
    let location = response.headers().get(header::LOCATION).and_then(|location| location.to_str().ok());
    let Some(location) = location.filter(|location| !is_ours(&app.issuer, location)).map(str::to_owned) else {
        return response;
    };
    let refresh = HeaderValue::try_from(format!("0; url={location}"));
    let host = host_for_display(&location);
    let page = LeavingPage { frame: frame::of(app, context, path, ""), host, location };
    let (Ok(refresh), Ok(html)) = (refresh, views::render(&page)) else { return response };
    let mut response = response.set_body(BoxBody::new(html));
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.remove(header::LOCATION);
    headers.insert(header::REFRESH, refresh);
    headers.insert(header::CONTENT_TYPE, respond::HTML);
    response
}

/// Whether `location` is one of our own addresses. An application may share our origin, and go on to another.
fn is_ours(issuer: &Issuer, location: &str) -> bool {
    let path = location.strip_prefix(issuer.origin()).unwrap_or(location);
    let behind = path.strip_prefix(issuer.path()).filter(|_| !path.starts_with("//"));
    behind.is_some_and(|rest| rest.is_empty() && !issuer.path().is_empty() || rest.starts_with(['/', '?', '#']))
}

/// Host and port; for an application's own scheme that.
fn host_for_display(location: &str) -> String {
    let Ok(url) = Url::parse(location) else { return String::new() };
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => format!("{}:", url.scheme()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_navigation_that_began_here_is_ours() {
        let of = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            Navigation::of(&headers)
        };
        let navigate = ("sec-fetch-mode", "navigate");
        assert_eq!(of(&[]), Navigation::Untold);
        assert_eq!(of(&[("sec-fetch-site", "same-origin")]), Navigation::Untold);
        assert_eq!(of(&[navigate]), Navigation::Untold);
        for site in ["cross-site", "same-site", "none", "same-origin, cross-site"] {
            assert_eq!(of(&[navigate, ("sec-fetch-site", site)]), Navigation::FromElsewhere, "{site}");
        }
        assert_eq!(of(&[("sec-fetch-mode", "cors"), ("sec-fetch-site", "same-origin")]), Navigation::FromElsewhere);
        assert_eq!(of(&[navigate, ("sec-fetch-site", "same-origin")]), Navigation::FromOurs);
    }

    #[test]
    fn what_is_ours_lies_below_the_issuer() {
        let root = Issuer::parse("https://id.test").unwrap();
        for ours in ["/", "/login?return_to=%2F", "https://id.test/login", "?done=x"] {
            assert!(is_ours(&root, ours), "{ours}");
        }
        for other in ["//rp.test/", "https://id.test.evil/", "https://id.test:444/", "https://rp.test/", "com.app:/cb"]
        {
            assert!(!is_ours(&root, other), "{other}");
        }
        let below = Issuer::parse("https://id.test/auth").unwrap();
        for ours in ["/auth", "/auth/login", "https://id.test/auth/login", "/auth?x"] {
            assert!(is_ours(&below, ours), "{ours}");
        }
        for other in ["/app/cb", "/authors", "https://id.test/app/cb", "https://id.test/", "//rp.test/auth"] {
            assert!(!is_ours(&below, other), "{other}");
        }
    }

    #[test]
    fn a_place_is_named_by_its_host_or_its_scheme() {
        assert_eq!(host_for_display("https://rp.test/cb?code=x"), "rp.test");
        assert_eq!(host_for_display("http://127.0.0.1:4000/cb"), "127.0.0.1:4000");
        assert_eq!(host_for_display("http://[::1]:4000/cb"), "[::1]:4000");
        assert_eq!(host_for_display("com.example.app:/cb?code=x"), "com.example.app:");
    }
}
