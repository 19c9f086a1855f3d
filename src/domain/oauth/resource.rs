//! Resource indicators: which API a token is meant for (RFC 8707).

use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::model::issuer::Issuer;

/// Refuses a request for a token that is meant for an API which is not known here. This server itself is known, with
/// or without a last slash.
///
/// # Errors
/// `invalid_target` (RFC 8707 §2).
pub fn check(resources: &[String], issuer: &Issuer) -> Result<(), Refusal> {
    let issuer = issuer.as_str();
    let is_known = |resource: &String| resource == issuer || resource.strip_suffix('/') == Some(issuer);
    if resources.iter().all(is_known) {
        return Ok(());
    }
    Err(Refusal::new(ErrorCode::InvalidTarget, "resource names no resource that is known here"))
}
