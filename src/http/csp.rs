//! What pages may load, and where their forms may go (Content Security Policy Level 3).

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::http::header::HeaderValue;

use crate::model::https_url::HttpsUrl;

/// All that pages may load is ours; nothing may frame them.
pub const PAGES: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);
/// Chromium applies `form-action` to each redirect that follows a form, so the pages whose form may end at a client
/// (consent, sign-in with consent remembered, sign-out) go without.
pub const TO_CLIENTS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// Lets `response`, a page whose form may end at a client, show the picture at `url`, and nothing else from there but what
/// has its very address.
pub fn show_picture(response: &mut HttpResponse, url: &str) {
    let policy = HttpsUrl::parse(url).ok().and_then(|url| {
        let (path, _) = url.path_and_query().split_once('?').unwrap_or((url.path_and_query(), ""));
        // What would end the source, or begin another one, has no place in it: then the whole host is named.
        let path = if path.contains([';', ',', '\'', '"', ' ']) { "" } else { path };
        let picture = format!("https://{}{path}", url.authority());
        HeaderValue::from_str(&format!(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' {picture}; base-uri 'none'; \
             frame-ancestors 'none'"
        ))
        .ok()
    });
    if let Some(policy) = policy {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}
