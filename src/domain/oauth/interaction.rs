//! What a request wants of the person themselves: to sign in anew, to be asked, or to see nothing at all
//! (OpenID Connect Core §3.1.2.1, §3.1.2.3).

use crate::domain::oauth::authorize::Parameters;
use crate::domain::oauth::claims::RequestedClaims;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::refusals::check::Check;
use crate::model::client::Client;
use crate::model::openid;
use crate::model::openid::ACR_MULTIPLE;
use crate::model::openid::ACR_PASSWORD;
use crate::model::session::Session;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;

/// The longest `nonce`.
const NONCE_LENGTH: usize = 1024;
/// The greatest `max_age` that is told apart: sessions end long before.
const LONGEST_AGE: u64 = 100 * 365 * 24 * 3600;

/// What a request wants of the person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interaction {
    /// `prompt=none`: nothing is shown.
    pub is_silent: bool,
    /// `prompt=login` or `prompt=select_account`: they sign in for this request, as whom they like.
    pub signs_in: bool,
    /// `prompt=select_account`: nobody is proposed to them.
    pub chooses_account: bool,
    /// `prompt=consent`: they are asked, whatever they said before.
    pub asks: bool,
    /// How long ago they may have signed in.
    pub max_age: Option<Lifetime>,
    /// A password alone is not enough, by the client's registration or by an essential `acr`.
    pub needs_second_factor: bool,
    /// The name that they may want to sign in with.
    pub login_hint: Option<String>,
    /// An id_token of who is expected.
    pub id_token_hint: Option<String>,
    /// The languages that the pages are wanted in, separated by spaces, the best first.
    pub ui_locales: Option<String>,
}

/// Reads what `parameters` want. Values of `prompt` that nobody knows are passed over, and what is only a wish that is
/// never granted (`acr_values`, `claims_locales`, `display`) is not looked at.
///
/// # Errors
/// `invalid_request`, or `unmet_authentication_requirements` where an essential `acr` is none that is had here.
pub fn read(client: &Client, parameters: &Parameters) -> Result<(Interaction, RequestedClaims), Refusal> {
    let refuse = |why: &str| Refusal::new(ErrorCode::InvalidRequest, why).on(Check::Interaction);
    let prompts: Vec<&str> = parameters.prompt.as_deref().unwrap_or_default().split_ascii_whitespace().collect();
    let wants = |prompt: &str| prompts.contains(&prompt);
    if wants("none") && prompts.len() > 1 {
        return Err(refuse("prompt is none and something else, which exclude each other"));
    }
    let max_age = match parameters.max_age.as_deref() {
        None => client.openid.default_max_age,
        Some(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(text.parse().unwrap_or(LONGEST_AGE))
        }
        Some(_) => return Err(refuse("max_age must be a number of seconds")),
    };
    if parameters.nonce.as_ref().is_some_and(|nonce| nonce.len() > NONCE_LENGTH) {
        return Err(refuse("nonce is longer than 1024 bytes"));
    }
    let claims = parameters.claims.as_deref().map(RequestedClaims::parse).transpose()?.unwrap_or_default();
    let needs_second_factor = client.require_second_factor || wants_more_than_a_password(&claims)?;
    let interaction = Interaction {
        // Only OpenID Connect knows it. Where a request is plain OAuth, a client that nobody vouches for would get a way to
        // send people on from here (RFC 9700 §4.11.2) that it has no use for.
        is_silent: wants("none") && parameters.scope.as_deref().is_some_and(openid::is_named_in),
        signs_in: wants("login") || wants("select_account"),
        chooses_account: wants("select_account"),
        asks: wants("consent"),
        max_age: max_age.map(|seconds| Lifetime::from_seconds(seconds.min(LONGEST_AGE))),
        needs_second_factor,
        login_hint: parameters.login_hint.clone(),
        id_token_hint: parameters.id_token_hint.clone(),
        ui_locales: parameters.ui_locales.clone(),
    };
    Ok((interaction, claims))
}

/// OpenID Connect Core §5.5.1.1: whether an essential `acr` is one that a password alone does not give. One that cannot be
/// had is a sign-in that fails.
fn wants_more_than_a_password(claims: &RequestedClaims) -> Result<bool, Refusal> {
    let Some(acr) = claims.id_token.get("acr").filter(|acr| acr.essential) else { return Ok(false) };
    if acr.takes(&ACR_PASSWORD.into()) {
        return Ok(false);
    }
    if acr.takes(&ACR_MULTIPLE.into()) {
        return Ok(true);
    }
    let why = "the acr that the request calls essential cannot be had here";
    Err(Refusal::new(ErrorCode::UnmetAuthenticationRequirements, why))
}

impl Interaction {
    /// Whether who signs in for the request has to show, on coming back, that it was for this very request.
    pub fn wants_proof(&self) -> bool {
        self.signs_in || self.max_age.is_some() || self.id_token_hint.is_some()
    }

    /// Whether the person of `session` has to sign in anew, unless that is how they came here.
    pub fn needs_sign_in(&self, session: &Session, now: Timestamp) -> bool {
        // Nobody has signed in less than no time ago: `max_age=0` is `prompt=login`.
        let is_old = |most: Lifetime| most == Lifetime::ZERO || now.since(session.authenticated_at) > most;
        self.signs_in || self.max_age.is_some_and(is_old)
    }

    /// Whether the sign-in of `session` is too weak for the request, however new it is.
    pub fn needs_more_than(&self, session: &Session) -> bool {
        self.needs_second_factor && !openid::is_multiple(&session.amr)
    }
}

/// `login_required`, for whoever asked that nothing be shown.
pub fn login_required() -> Refusal {
    Refusal::new(ErrorCode::LoginRequired, "the user has to sign in, and prompt is none")
}

/// `consent_required`, for whoever asked that nothing be shown.
pub fn consent_required() -> Refusal {
    Refusal::new(ErrorCode::ConsentRequired, "the user has to be asked, and prompt is none")
}
