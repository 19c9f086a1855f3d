//! What a service learns of a request that is let in: headers, each absent where there is nothing to say.

use actix_web::HttpResponse;
use actix_web::HttpResponseBuilder;
use actix_web::http::header;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;

use crate::domain::authenticate::KeyInUse;
use crate::model::identity::Credential;
use crate::model::identity::Identity;
use crate::model::identity::Rights;
use crate::model::identity::Subject;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;

/// What decides of an answer that may be kept.
const VARY: &str = "Authorization, Cookie, DPoP, X-Forwarded-Proto, X-Forwarded-Host";

/// 200 with all that the service may know.
pub fn pass(identity: &Identity, keep: Option<Lifetime>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    let mut set = |name: &'static str, value: &str| set(&mut response, name, value);
    set("x-hallpass-subject", &identity.subject.wire_id());
    set("x-hallpass-credential", identity.credential.kind());
    match &identity.rights {
        Rights::Full { .. } => set("x-hallpass-scopes", "*"),
        Rights::Scopes(scopes) => set("x-hallpass-scopes", &scopes.to_string()),
    }
    match (&identity.subject, &identity.credential) {
        (_, Credential::AccessToken { client, .. }) => set("x-hallpass-client", &client.client_id),
        (Subject::Client { client_id, .. }, _) => set("x-hallpass-client", client_id),
        (Subject::User { .. }, Credential::Session { .. } | Credential::ApiKey { .. }) => {}
    }
    let may_tell = |scope: &str| identity.has_full_access() || identity.has_scope(scope);
    if may_tell("roles") {
        // A comma inside of one would make two of it.
        let roles: Vec<&str> = identity.roles.iter().map(|role| role.as_str()).collect();
        let roles = roles.into_iter().filter(|role| !role.contains(',')).collect::<Vec<_>>().join(",");
        set("x-hallpass-roles", &roles);
        set("remote-groups", &roles);
    }
    if let Subject::User { username, email, full_name, .. } = &identity.subject {
        set("x-hallpass-user", username);
        set("remote-user", username);
        if may_tell("email") {
            set("x-hallpass-email", email.as_deref().unwrap_or_default());
            set("remote-email", email.as_deref().unwrap_or_default());
        }
        if may_tell("profile") {
            set("remote-name", full_name);
        }
    }
    if let Some(keep) = keep {
        response.insert_header((header::CACHE_CONTROL, format!("private, max-age={}", keep.seconds())));
        response.insert_header((header::VARY, VARY));
    }
    response.finish()
}

/// Nothing for what is empty, or could be more than one line.
fn set(response: &mut HttpResponseBuilder, name: &'static str, value: &str) {
    let is_ascii_text = value.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
    if value.is_empty() || (!is_ascii_text && value.contains(char::is_control)) {
        return;
    }
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        response.insert_header((HeaderName::from_static(name), value));
    }
}

/// For how long the answer stays true, of the time that the caller asked for; `None` where it is not to be kept at all:
/// where each request is decided by more than the credential, or counted.
pub fn keep(asked: Option<Lifetime>, identity: &Identity, key: Option<&KeyInUse>, now: Timestamp) -> Option<Lifetime> {
    let is_counted =
        key.is_some_and(|key| !key.allowed_addresses.is_empty() || key.is_on_trial || !key.limits.is_empty());
    let is_proven = matches!(&identity.credential, Credential::AccessToken { key: Some(_), .. });
    let asked = asked.filter(|_| !is_counted && !is_proven)?;
    let left = identity.expires_at.map_or(asked, |end| end.since(now));
    Some(asked.min(left)).filter(|keep| keep.seconds() > 0)
}
