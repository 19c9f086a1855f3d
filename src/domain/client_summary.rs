//! What the audit log keeps of a client.

use serde_json::json;
use sha2::Digest;
use sha2::Sha256;

use crate::model::client::Client;
use crate::model::redirect_uri::RedirectUri;
use crate::model::resource::ResourceUri;

/// How many bytes of a client's redirect URIs the audit log keeps as they are.
const MOST_SUMMARY_BYTES: usize = 4_000;

/// The redirect URIs as the audit log keeps them: clients that register themselves write into it, so that a long list
/// becomes its number and its hash.
fn redirect_uris(client: &Client) -> serde_json::Value {
    let uris: Vec<&str> = client.redirect_uris.iter().map(RedirectUri::as_str).collect();
    if uris.iter().map(|uri| uri.len()).sum::<usize>() <= MOST_SUMMARY_BYTES {
        return json!(uris);
    }
    // No URI has a line feed in it.
    json!({ "count": uris.len(), "sha256": fingerprint(&uris.join("\n")) })
}

/// What the audit log keeps of a client.
pub fn of(client: &Client) -> serde_json::Value {
    let grant_types: Vec<&str> = client.grant_types.iter().map(|grant| grant.as_str()).collect();
    json!({
        "name": client.name,
        "token_endpoint_auth_method": client.auth_method.as_str(),
        "grant_types": grant_types,
        "redirect_uris": redirect_uris(client),
        "scope": client.scopes.to_string(),
        "needed_scope": client.needed_scopes.to_string(),
        "trusted": client.trusted,
        "require_pkce": client.require_pkce,
        "roles": client.roles.names(),
        "resources": client.resources.iter().map(ResourceUri::as_str).collect::<Vec<_>>(),
        "jwks_uri": client.jwks_uri,
        // Which keys they are, so that a change of them can be seen.
        "jwks_sha256": client.jwks.as_deref().map(fingerprint),
        "require_pushed_authorization_requests": client.require_par,
        "require_signed_request_object": client.require_signed_request,
        "dpop_bound_access_tokens": client.dpop_bound,
        "require_second_factor": client.require_second_factor,
        "accent": client.accent.map(|accent| accent.to_string()),
        "openid": client.openid,
    })
}

/// SHA-256 in hexadecimal digits.
fn fingerprint(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
