//! What a visitor really asked for, as a trusted proxy tells it: `X-Forwarded-Method`, `-Proto`, `-Host` and `-Uri`. From
//! anybody else they are not read.

use actix_web::HttpRequest;

use crate::app::App;
use crate::http::dpop::Asked;
use crate::model::origin::Origin;

/// What the visitor of a service asked for. Each part is missing where nobody who is trusted told it, or told two things.
pub struct Forwarded {
    /// The host that was asked.
    pub origin: Option<Origin>,
    method: Option<String>,
    path: Option<String>,
    is_told: bool,
}

impl Forwarded {
    /// What came with `request`.
    pub fn of(request: &HttpRequest, app: &App) -> Self {
        let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
        let trusted = &app.config.http.trusted_proxies;
        if !peer.is_some_and(|peer| trusted.iter().any(|net| net.contains(&peer))) {
            return Self { origin: None, method: None, path: None, is_told: false };
        }
        let told = |name: &str| {
            let mut values = request.headers().get_all(name);
            let value = values.next().filter(|_| values.next().is_none())?.to_str().ok()?;
            Some(value.to_owned())
        };
        let scheme = told("x-forwarded-proto").map(|scheme| match scheme.as_str() {
            // As some proxies call a request that is to become a WebSocket.
            "ws" => "http".to_owned(),
            "wss" => "https".to_owned(),
            _ => scheme,
        });
        let host = told("x-forwarded-host");
        let is_path = |path: &String| path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic());
        Self {
            origin: scheme.zip(host).and_then(|(scheme, host)| Origin::of_parts(&scheme, &host)),
            method: told("x-forwarded-method"),
            path: told("x-forwarded-uri").filter(is_path),
            is_told: ["x-forwarded-proto", "x-forwarded-host", "x-forwarded-uri", "x-forwarded-method"]
                .iter()
                .any(|name| request.headers().contains_key(*name)),
        }
    }

    /// The whole address that was asked for.
    pub fn address(&self) -> Option<String> {
        Some(format!("{}{}", self.origin.as_ref()?, self.path.as_ref()?))
    }

    /// What a proof of possession must be about: what the visitor asked for, or where no proxy says what that was, this
    /// very request.
    pub fn asked(&self, request: &HttpRequest, app: &App) -> Asked {
        if !self.is_told {
            return Asked::of(request, app);
        }
        Asked {
            // Nor about a method that is not.
            method: self.method.clone().unwrap_or_default(),
            // No proof is about an address that is not known.
            url: self.address().unwrap_or_default(),
        }
    }
}
