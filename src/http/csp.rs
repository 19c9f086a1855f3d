//! What pages may load, and where their forms may go (Content Security Policy Level 3).

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::http::header::HeaderValue;

use crate::http::navigation::Navigation;
use crate::model::https_url::HttpsUrl;

/// All that pages may load is ours, their forms stay here, and nothing may frame them.
pub const OWN_FORMS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);
/// The same for a page whose form is an application's, and for one whose form may end there in a browser that can't be
/// led out in another way (`navigation.rs`).
pub const ANY_FORM: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// Lets `response`, a page whose form may end at a client, show the picture at `url`, and nothing else from there but what
/// has its very address.
pub fn show_picture(response: &mut HttpResponse, url: &str, navigation: Navigation) {
    let policy = HttpsUrl::parse(url).ok().and_then(|url| {
        let (path, _) = url.path_and_query().split_once('?').unwrap_or((url.path_and_query(), ""));
        // What would end the source, or begin another one, has no place in it: then the whole host is named.
        let path = if path.contains([';', ',', '\'', '"', ' ']) { "" } else { path };
        let picture = format!("https://{}{path}", url.authority());
        let forms = if navigation == Navigation::Untold { "" } else { "form-action 'self'; " };
        HeaderValue::from_str(&format!(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' {picture}; {forms}base-uri 'none'; \
             frame-ancestors 'none'"
        ))
        .ok()
    });
    if let Some(policy) = policy {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}
