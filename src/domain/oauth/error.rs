//! Errors of the protocol, in its own words.

use crate::domain::oauth::answer::Destination;
use crate::domain::oauth::metadata_document::DocumentError;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding::About;
use crate::domain::refusals::finding::Finding;
use crate::model::client::ClientOrigin;
use crate::store::StoreError;

/// The error codes of RFC 6749 §4.1.2.1 and §5.2, and those that later standards added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    /// RFC 6749 §4.1.2.1, §5.2.
    InvalidRequest,
    /// RFC 6749 §5.2: the client did not prove who it is.
    InvalidClient,
    /// RFC 6749 §5.2: the code or refresh token is no good.
    InvalidGrant,
    /// RFC 6749 §4.1.2.1, §5.2: the client may not do this.
    UnauthorizedClient,
    /// RFC 6749 §5.2.
    UnsupportedGrantType,
    /// RFC 6749 §4.1.2.1.
    UnsupportedResponseType,
    /// RFC 6749 §4.1.2.1, §5.2.
    InvalidScope,
    /// RFC 6749 §4.1.2.1.
    AccessDenied,
    /// RFC 6749 §4.1.2.1.
    ServerError,
    /// RFC 6749 §4.1.2.1.
    TemporarilyUnavailable,
    /// RFC 8707 §2.
    InvalidTarget,
    /// RFC 9101 §7: a request object is no good.
    InvalidRequestObject,
    /// RFC 9101 §7, RFC 9126 §2.2: what `request_uri` names is no good.
    InvalidRequestUri,
    /// RFC 9396 §5.
    InvalidAuthorizationDetails,
    /// RFC 9449 §5.
    InvalidDpopProof,
    /// RFC 9449 §8.
    UseDpopNonce,
    /// RFC 8628 §3.5.
    AuthorizationPending,
    /// RFC 8628 §3.5.
    SlowDown,
    /// RFC 8628 §3.5.
    ExpiredToken,
    /// RFC 7009 §2.2.1.
    UnsupportedTokenType,
    /// RFC 7591 §3.2.2.
    InvalidRedirectUri,
    /// RFC 7591 §3.2.2.
    InvalidClientMetadata,
    /// RFC 9101 §6.4 by way of OpenID Connect Core §3.1.2.6.
    RequestNotSupported,
    /// RFC 9101 §6.4 by way of OpenID Connect Core §3.1.2.6.
    RequestUriNotSupported,
    /// OpenID Connect Core §3.1.2.6: the person would have to sign in.
    LoginRequired,
    /// OpenID Connect Core §3.1.2.6: the person would have to be asked.
    ConsentRequired,
    /// OpenID Connect Core §3.1.2.6: the person would have to see some other page.
    InteractionRequired,
    /// OpenID Connect Core Error Code unmet_authentication_requirements §2: nobody can sign in as strongly as that.
    UnmetAuthenticationRequirements,
}

impl ErrorCode {
    /// The protocol's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            ErrorCode::InvalidRequest => "invalid_request",
            ErrorCode::InvalidClient => "invalid_client",
            ErrorCode::InvalidGrant => "invalid_grant",
            ErrorCode::UnauthorizedClient => "unauthorized_client",
            ErrorCode::UnsupportedGrantType => "unsupported_grant_type",
            ErrorCode::UnsupportedResponseType => "unsupported_response_type",
            ErrorCode::InvalidScope => "invalid_scope",
            ErrorCode::AccessDenied => "access_denied",
            ErrorCode::ServerError => "server_error",
            ErrorCode::TemporarilyUnavailable => "temporarily_unavailable",
            ErrorCode::InvalidTarget => "invalid_target",
            ErrorCode::InvalidRequestObject => "invalid_request_object",
            ErrorCode::InvalidRequestUri => "invalid_request_uri",
            ErrorCode::InvalidAuthorizationDetails => "invalid_authorization_details",
            ErrorCode::InvalidDpopProof => "invalid_dpop_proof",
            ErrorCode::UseDpopNonce => "use_dpop_nonce",
            ErrorCode::AuthorizationPending => "authorization_pending",
            ErrorCode::SlowDown => "slow_down",
            ErrorCode::ExpiredToken => "expired_token",
            ErrorCode::UnsupportedTokenType => "unsupported_token_type",
            ErrorCode::InvalidRedirectUri => "invalid_redirect_uri",
            ErrorCode::InvalidClientMetadata => "invalid_client_metadata",
            ErrorCode::RequestNotSupported => "request_not_supported",
            ErrorCode::RequestUriNotSupported => "request_uri_not_supported",
            ErrorCode::LoginRequired => "login_required",
            ErrorCode::ConsentRequired => "consent_required",
            ErrorCode::InteractionRequired => "interaction_required",
            ErrorCode::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
        }
    }

    /// The check that is most likely to have failed, where a refusal does not name its own.
    pub const fn check(self) -> Check {
        match self {
            ErrorCode::InvalidRequest | ErrorCode::UnsupportedResponseType => Check::Understood,
            ErrorCode::InvalidClient => Check::ClientSecret,
            ErrorCode::InvalidGrant => Check::GrantGood,
            ErrorCode::UnauthorizedClient => Check::GrantTypeAllowed,
            ErrorCode::UnsupportedGrantType => Check::GrantTypeKnown,
            ErrorCode::InvalidScope => Check::ScopeAllowed,
            ErrorCode::AccessDenied => Check::Decision,
            ErrorCode::ServerError | ErrorCode::TemporarilyUnavailable => Check::Works,
            ErrorCode::InvalidTarget => Check::ResourceKnown,
            ErrorCode::InvalidRequestObject | ErrorCode::RequestNotSupported => Check::RequestObject,
            ErrorCode::InvalidRequestUri | ErrorCode::RequestUriNotSupported => Check::RequestReference,
            ErrorCode::InvalidAuthorizationDetails => Check::DetailsGood,
            ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce => Check::ProofGood,
            ErrorCode::AuthorizationPending => Check::DeviceDecided,
            ErrorCode::SlowDown => Check::DevicePace,
            ErrorCode::ExpiredToken => Check::DeviceCodeUnexpired,
            ErrorCode::UnsupportedTokenType => Check::TokenKindKnown,
            ErrorCode::InvalidRedirectUri | ErrorCode::InvalidClientMetadata => Check::Metadata,
            ErrorCode::LoginRequired => Check::SignedIn,
            ErrorCode::ConsentRequired => Check::Consented,
            ErrorCode::InteractionRequired => Check::NoOtherPage,
            ErrorCode::UnmetAuthenticationRequirements => Check::StrongEnough,
        }
    }

    /// Whether it says only that the person would have to do something, to a client that asked whether they would
    /// (`prompt=none`).
    pub const fn is_silent(self) -> bool {
        matches!(self, ErrorCode::LoginRequired | ErrorCode::ConsentRequired | ErrorCode::InteractionRequired)
    }
}

/// A refusal: the protocol's word, and a sentence for whoever has to mend it. The sentence never holds a secret, nor
/// text of the request (RFC 6749 §5.2 allows few characters in it).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The protocol's word.
    pub code: ErrorCode,
    /// What was wrong and what to do.
    pub description: String,
    /// Which check failed, for administrators; where it is not named, the code says which one it may be.
    pub finding: Option<Box<Finding>>,
}

impl Refusal {
    /// A refusal.
    pub fn new(code: ErrorCode, description: impl Into<String>) -> Self {
        Self { code, description: description.into(), finding: None }
    }

    /// The same, by this check; the description says what came.
    #[must_use]
    pub fn on(self, check: Check) -> Self {
        self.with(Finding::new(check, "", ""))
    }

    /// The same, with what only administrators see.
    #[must_use]
    pub fn with(mut self, finding: Finding) -> Self {
        self.finding = Some(Box::new(finding));
        self
    }

    /// The same, about somebody.
    #[must_use]
    pub fn about(mut self, about: About) -> Self {
        let finding = self.finding().about(about);
        self.finding = Some(Box::new(finding));
        self
    }

    /// The check that failed, and what is known of it.
    pub fn finding(&self) -> Finding {
        let mut finding = match &self.finding {
            Some(finding) => (**finding).clone(),
            None => Finding::new(self.code.check(), "", ""),
        };
        if finding.came.is_empty() {
            finding.came = self.description.clone().into();
        }
        finding
    }
}

/// Why an authorization request gets no code. Whether that may be told to the client by redirect is part of the
/// type: nothing is ever sent to an address that was not checked (RFC 6749 §4.1.2.1).
#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// Shown to the person.
    #[error("{}", .0.description)]
    Page(Refusal),
    /// Sent to the client.
    #[error("{}", .refusal.description)]
    Redirect {
        /// Whom it is sent to, and how.
        to: Box<Destination>,
        /// What to say.
        refusal: Refusal,
    },
    /// Shown to the person, who may send it on to the client: they never asked to go there (RFC 9700 §4.11.2).
    #[error("{}", .refusal.description)]
    HeldBack {
        /// Whom it would go to: a client that no administrator registered.
        to: Box<Destination>,
        /// What to say.
        refusal: Refusal,
    },
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl AuthorizeError {
    /// A sentence for the person: nobody knows where else to say it.
    pub fn page(why: impl Into<String>) -> Self {
        Self::Page(Refusal::new(ErrorCode::InvalidRequest, why))
    }

    /// The same, by this check.
    #[must_use]
    pub fn on(self, check: Check) -> Self {
        self.with(Finding::new(check, "", ""))
    }

    /// The same, with what only administrators see.
    #[must_use]
    pub fn with(self, finding: Finding) -> Self {
        match self {
            Self::Page(refusal) => Self::Page(refusal.with(finding)),
            Self::Redirect { to, refusal } => Self::Redirect { to, refusal: refusal.with(finding) },
            Self::HeldBack { to, refusal } => Self::HeldBack { to, refusal: refusal.with(finding) },
            Self::Store(error) => Self::Store(error),
        }
    }

    /// As it stands as long as the person has decided nothing: only a client that an administrator registered is told
    /// anything by sending the browser there. Anybody could register one to have people redirected from here to a page
    /// of their own (RFC 9700 §4.11.2). What `prompt=none` is answered with goes back all the same: it must not end at a
    /// page (OpenID Connect Core §3.1.2.1), which is the exception that RFC 9700 makes for silent authentication.
    #[must_use]
    pub fn undecided(self) -> Self {
        match self {
            Self::Redirect { to, refusal }
                if to.client.origin != ClientOrigin::Administrator && !refusal.code.is_silent() =>
            {
                Self::HeldBack { to, refusal }
            }
            other => other,
        }
    }
}

impl From<DocumentError> for AuthorizeError {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Refused(why) => AuthorizeError::page(why).on(Check::ClientKnown),
            DocumentError::Store(error) => AuthorizeError::Store(error),
        }
    }
}

/// Why a token request fails without leaving a mark.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// By the protocol.
    #[error("{}", .0.description)]
    Refused(Refusal),
    /// oxide-auth's machine does not agree with our own checks: nobody gets anything.
    #[error("the second check of the protocol disagrees: {0}")]
    Disagreement(&'static str),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl TokenError {
    /// A refusal with `code`.
    pub fn refused(code: ErrorCode, description: impl Into<String>) -> Self {
        Self::Refused(Refusal::new(code, description))
    }

    /// The same, by this check.
    #[must_use]
    pub fn on(self, check: Check) -> Self {
        self.with(Finding::new(check, "", ""))
    }

    /// The same, with what only administrators see.
    #[must_use]
    pub fn with(self, finding: Finding) -> Self {
        match self {
            Self::Refused(refusal) => Self::Refused(refusal.with(finding)),
            other => other,
        }
    }
}
