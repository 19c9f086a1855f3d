//! What went wrong with a request. Handlers and extractors say what; the outermost layer says it in the form of the
//! surface (`present.rs`), so that each surface refuses in one voice.

use std::borrow::Cow;
use std::fmt;

use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::http::StatusCode;

use crate::domain::api_keys::ApiKeyError;
use crate::domain::clients::ClientError;
use crate::domain::import::ImportError;
use crate::domain::login::LoginError;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::error::TokenError;
use crate::domain::oauth::register::RegisterError;
use crate::domain::passwords::Busy;
use crate::domain::reach::ReachError;
use crate::domain::resources::ResourceError;
use crate::domain::roles::RoleError;
use crate::domain::users::UserError;
use crate::domain::verify::Denial;
use crate::domain::whose::WhoseError;
use crate::http::context::Context;
use crate::http::oauth::answer::Carried;
use crate::model::time::Lifetime;
use crate::principal::need::Lack;
use crate::store::StoreError;

/// A request that is not answered as it hoped.
#[derive(Debug, Clone)]
pub enum Failure {
    /// Nobody, or nobody good. Outside it is not said why.
    Unauthenticated {
        /// Whether a credential was given at all (RFC 6750 §3.1).
        credential_given: bool,
    },
    /// The token is bound to a key, and the proof that came with it is none (RFC 9449 §7.1). Outside it is not said why,
    /// but for the nonce.
    ProofRefused {
        /// Whether all it lacks is a nonce, or the right one (RFC 9449 §9).
        nonce_needed: bool,
    },
    /// The credential lacks a scope (RFC 6750 §3.1).
    InsufficientScope {
        /// The scope that is needed.
        scope: String,
    },
    /// The subject lacks a role.
    MissingRole {
        /// The role that is needed.
        role: Cow<'static, str>,
    },
    /// The access token is meant for another resource than the one that asks (RFC 8707 §2).
    WrongResource,
    /// The API key is good, but not from where the request came.
    AddressNotAllowed,
    /// A visitor of a service comes back with a ticket that is none; the sentence says why.
    TicketRefused(&'static str),
    /// The credential may come in here, but may not do this; the sentence says why.
    Forbidden(String),
    /// The route is about a user's own records, and a client that acts in its own name has none.
    UserNeeded,
    /// The page is for people who are signed in; a key or token is no person.
    SessionNeeded,
    /// It is not offered here; the sentence says what is instead.
    Closed(&'static str),
    /// The form or request was not sent from one of our own pages, or not in the session that it belongs to.
    Forged(&'static str),
    /// The request can't be understood; the sentence says what is wrong.
    BadRequest(String),
    /// The body says that it is JSON and can't be read as that; the sentence says why.
    BadJson(String),
    /// What can't be read at all, and 400 on Frappe's paths too.
    Unreadable(&'static str),
    /// Nobody is signed in by this name and password; the words are those that Frappe's clients know.
    NotSignedIn(&'static str),
    /// There is nothing here, or nothing of one's own.
    NotFound,
    /// There is something here, but not for this method.
    MethodNotAllowed {
        /// The methods that there are, comma-separated (RFC 9110 §10.2.1).
        allow: String,
    },
    /// It contradicts what is there.
    Conflict(String),
    /// It took too long to arrive.
    TimedOut,
    /// The body is too large.
    TooLarge,
    /// The same, where there is another way for what is so large.
    ImportTooLarge,
    /// The body is of a type that is not read here.
    UnsupportedMediaType(&'static str),
    /// Too many failures, or too many of what is counted.
    TooMany {
        /// How long to wait.
        retry_after: Lifetime,
    },
    /// The API key was used as often as it may be.
    Limited {
        /// Which of its limits it is.
        limit: String,
        /// How long to wait.
        retry_after: Lifetime,
    },
    /// By the protocol (RFC 6749 §5.2).
    OAuth {
        /// What is refused.
        refusal: Refusal,
        /// Whether the client tried HTTP Basic, which wants a challenge in return (RFC 6749 §5.2).
        basic: bool,
    },
    /// A page with a sentence, never a redirect (RFC 6749 §4.1.2.1).
    Authorization(String),
    /// A page with a sentence, and with a link by which the person may tell the client (RFC 9700 §4.11.2).
    HeldBack {
        /// What the client calls itself.
        client: String,
        /// The host that the link leads to.
        host: String,
        /// The link, or what is posted where.
        answer: Carried,
        /// What is wrong.
        why: String,
    },
    /// It may work later.
    Unavailable {
        /// How long to wait.
        retry_after: Lifetime,
        /// What is wrong, for the log.
        cause: String,
    },
    /// It is our fault.
    Internal {
        /// What is wrong, for the log.
        cause: String,
    },
}

impl Failure {
    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            Failure::Unauthenticated { .. }
            | Failure::ProofRefused { .. }
            | Failure::NotSignedIn(_)
            | Failure::WrongResource
            | Failure::AddressNotAllowed => StatusCode::UNAUTHORIZED,
            Failure::InsufficientScope { .. }
            | Failure::MissingRole { .. }
            | Failure::Forbidden(_)
            | Failure::UserNeeded
            | Failure::SessionNeeded
            | Failure::Closed(_)
            | Failure::Forged(_) => StatusCode::FORBIDDEN,
            Failure::BadRequest(_)
            | Failure::BadJson(_)
            | Failure::Unreadable(_)
            | Failure::Authorization(_)
            | Failure::HeldBack { .. }
            | Failure::TicketRefused(_) => StatusCode::BAD_REQUEST,
            Failure::NotFound => StatusCode::NOT_FOUND,
            Failure::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Failure::Conflict(_) => StatusCode::CONFLICT,
            Failure::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Failure::TooLarge | Failure::ImportTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Failure::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Failure::TooMany { .. } | Failure::Limited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Failure::OAuth { refusal, .. } => match refusal.code {
                ErrorCode::InvalidClient => StatusCode::UNAUTHORIZED,
                ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::BAD_REQUEST,
            },
            Failure::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The sentence for whoever has to mend it; never a secret, and the same for all that must look the same.
    pub fn description(&self) -> String {
        match self {
            Failure::Unauthenticated { .. }
            | Failure::ProofRefused { .. }
            | Failure::WrongResource
            | Failure::AddressNotAllowed => "a valid credential is needed".to_owned(),
            Failure::TicketRefused(why) => (*why).to_owned(),
            Failure::InsufficientScope { scope } => format!("the credential lacks the scope {scope}"),
            Failure::MissingRole { role } => format!("the role {role} is needed"),
            Failure::SessionNeeded => {
                "this page is for people who are signed in; API keys and access tokens do not open it".to_owned()
            }
            Failure::Closed(why) | Failure::Forged(why) | Failure::NotSignedIn(why) | Failure::Unreadable(why) => {
                (*why).to_owned()
            }
            Failure::UserNeeded => {
                "these are a user's own records, and a client that acts in its own name has none".to_owned()
            }
            Failure::BadRequest(why)
            | Failure::BadJson(why)
            | Failure::Authorization(why)
            | Failure::Conflict(why)
            | Failure::Forbidden(why) => why.clone(),
            Failure::HeldBack { why, .. } => why.clone(),
            Failure::NotFound => "there is nothing at this address".to_owned(),
            Failure::MethodNotAllowed { allow } => format!("this address takes only {allow}"),
            Failure::TimedOut => "the request took too long to arrive".to_owned(),
            Failure::TooLarge => "the request's body is too large".to_owned(),
            Failure::ImportTooLarge => {
                "that is larger than what is read here (64 KiB from the page, 256 KiB by the API); bring in larger \
                                        exports on the command line, with `hallpass import`"
                    .to_owned()
            }
            Failure::UnsupportedMediaType(expected) => format!("the body's Content-Type must be {expected}"),
            Failure::TooMany { retry_after } => {
                format!("too many attempts; try again in {} seconds", retry_after.seconds_up())
            }
            Failure::Limited { limit, retry_after } => format!(
                "the API key was used as often as its limit {limit} allows; try again in {} seconds",
                retry_after.seconds_up()
            ),
            Failure::OAuth { refusal, .. } => refusal.description.clone(),
            Failure::Unavailable { .. } => "the server is too busy just now; try again in a moment".to_owned(),
            Failure::Internal { .. } => "something went wrong here; the server's log says more".to_owned(),
        }
    }

    /// How long to wait before trying again (RFC 9110 §10.2.3).
    pub fn retry_after(&self) -> Option<Lifetime> {
        match self {
            Failure::TooMany { retry_after }
            | Failure::Limited { retry_after, .. }
            | Failure::Unavailable { retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }

    /// Whether the next proof must hold the newest nonce (RFC 9449 §8, §9).
    pub fn wants_nonce(&self) -> bool {
        match self {
            Failure::ProofRefused { nonce_needed } => *nonce_needed,
            Failure::OAuth { refusal, .. } => refusal.code == ErrorCode::UseDpopNonce,
            _ => false,
        }
    }

    /// What only the log may say.
    pub fn cause(&self) -> Option<&str> {
        match self {
            Failure::Unavailable { cause, .. } | Failure::Internal { cause } => Some(cause),
            _ => None,
        }
    }

    /// A refusal of the protocol.
    pub fn oauth(code: ErrorCode, description: impl Into<String>) -> Self {
        Failure::OAuth { refusal: Refusal::new(code, description), basic: false }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.description())
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        // The outermost layer puts the surface's form in its place.
        HttpResponse::new(self.status())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let cause = error.to_string();
        match error {
            StoreError::Corrupt(_) | StoreError::Stopped => Failure::Internal { cause },
            StoreError::Conflict(_) => Failure::Conflict("it contradicts what is there already".to_owned()),
            StoreError::Busy(_) | StoreError::Unreachable(_) | StoreError::Database(_) => {
                Failure::Unavailable { retry_after: Lifetime::from_seconds(1), cause }
            }
        }
    }
}

impl From<Lack> for Failure {
    fn from(lack: Lack) -> Self {
        match lack {
            Lack::Scope(scope) => Failure::InsufficientScope { scope },
            Lack::Role(role) => Failure::MissingRole { role },
            Lack::Session => Failure::SessionNeeded,
            Lack::User => Failure::UserNeeded,
            Lack::Unconfined => Failure::Forbidden(lack.to_string()),
        }
    }
}

impl From<Denial> for Failure {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::WrongResource => Failure::WrongResource,
            Denial::InsufficientScope { scope } => Failure::InsufficientScope { scope },
            Denial::MissingRole(role) => Failure::MissingRole { role: Cow::Owned(role.as_str().to_owned()) },
        }
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Refused(refusal) => Failure::OAuth { refusal, basic: false },
            TokenError::Disagreement(why) => Failure::Internal { cause: format!("oxide-auth disagrees: {why}") },
            TokenError::Store(StoreError::Conflict(_)) => {
                Failure::oauth(ErrorCode::InvalidGrant, "what the request relies on was deleted meanwhile")
            }
            TokenError::Store(error) => error.into(),
        }
    }
}

impl From<RegisterError> for Failure {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Refused(refusal) => Failure::OAuth { refusal, basic: false },
            RegisterError::NotManager => Failure::Unauthenticated { credential_given: true },
            RegisterError::Limited(retry_after) => Failure::TooMany { retry_after },
            RegisterError::Store(error) => error.into(),
        }
    }
}

impl From<UserError> for Failure {
    fn from(error: UserError) -> Self {
        let why = error.to_string();
        match error {
            UserError::NotFound => Failure::NotFound,
            UserError::UsernameTaken
            | UserError::EmailTaken
            | UserError::PasswordChanged
            | UserError::LastAdministrator => Failure::Conflict(why),
            UserError::UnknownRole(_) | UserError::ServiceAccount | UserError::NoAddress => Failure::BadRequest(why),
            UserError::TooWide(_) => Failure::Forbidden(why),
            UserError::Store(error) => error.into(),
        }
    }
}

impl From<ApiKeyError> for Failure {
    fn from(error: ApiKeyError) -> Self {
        let why = error.to_string();
        match error {
            ApiKeyError::NotFound | ApiKeyError::UnknownUser => Failure::NotFound,
            ApiKeyError::TooMany(_) | ApiKeyError::NoSuccessor(_) => Failure::Conflict(why),
            ApiKeyError::UnknownScope(_)
            | ApiKeyError::NoAccess
            | ApiKeyError::RoleNotHeld(_)
            | ApiKeyError::LastsTooLong(_)
            | ApiKeyError::EndsInThePast => Failure::BadRequest(why),
            ApiKeyError::TooWide(_) | ApiKeyError::NotByKeys => Failure::Forbidden(why),
            ApiKeyError::Store(error) => error.into(),
        }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let why = error.to_string();
        match error {
            ClientError::NotFound => Failure::NotFound,
            ClientError::Policy { .. }
            | ClientError::UnknownScope(_)
            | ClientError::UnknownRole(_)
            | ClientError::UnknownResource(_)
            | ClientError::Keys(_)
            | ClientError::OpenId(_)
            | ClientError::NoServiceAccount
            | ClientError::Public => Failure::BadRequest(why),
            ClientError::TooWide(_) => Failure::Forbidden(why),
            ClientError::Store(error) => error.into(),
        }
    }
}

impl From<RoleError> for Failure {
    fn from(error: RoleError) -> Self {
        let why = error.to_string();
        match error {
            RoleError::UnknownRole(_) | RoleError::UnknownScope(_) | RoleError::Description(_) => {
                Failure::BadRequest(why)
            }
            RoleError::Taken(..) | RoleError::BuiltIn(..) | RoleError::InUse(_) => Failure::Conflict(why),
            RoleError::Store(error) => error.into(),
        }
    }
}

/// Why a transaction that calls verbs of several kinds is rolled back.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// What is asked for is not there, or is somebody else's.
    #[error("there is no such record")]
    NotFound,
    /// About whose records it is.
    #[error("{0}")]
    Whose(#[from] WhoseError),
    /// About the credential that asks.
    #[error("{0}")]
    Reach(#[from] ReachError),
    /// About a user.
    #[error("{0}")]
    User(#[from] UserError),
    /// About an API key.
    #[error("{0}")]
    ApiKey(#[from] ApiKeyError),
    /// About a client.
    #[error("{0}")]
    Client(#[from] ClientError),
    /// About a role or a scope.
    #[error("{0}")]
    Role(#[from] RoleError),
    /// About what was to be brought here.
    #[error("{0}")]
    Import(#[from] ImportError),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotFound => Failure::NotFound,
            Refused::Whose(error) => error.into(),
            Refused::Reach(error) => error.into(),
            Refused::User(error) => error.into(),
            Refused::ApiKey(error) => error.into(),
            Refused::Client(error) => error.into(),
            Refused::Role(error) => error.into(),
            Refused::Import(ImportError::Store(error)) => error.into(),
            Refused::Import(error) => Failure::BadRequest(error.to_string()),
            Refused::Store(error) => error.into(),
        }
    }
}

impl From<ReachError> for Failure {
    fn from(error: ReachError) -> Self {
        match error {
            ReachError::Ended => Failure::Unauthenticated { credential_given: true },
            ReachError::Store(error) => error.into(),
        }
    }
}

impl From<WhoseError> for Failure {
    fn from(error: WhoseError) -> Self {
        let why = error.to_string();
        match error {
            WhoseError::NotOwn => Failure::Forbidden(why),
            WhoseError::UnknownUser(_) => Failure::BadRequest(why),
            WhoseError::Store(error) => error.into(),
        }
    }
}

impl From<ResourceError> for Failure {
    fn from(error: ResourceError) -> Self {
        let why = error.to_string();
        match error {
            ResourceError::NotFound(_) | ResourceError::UnknownScope(_) => Failure::BadRequest(why),
            ResourceError::Taken(_) => Failure::Conflict(why),
            ResourceError::Store(error) => error.into(),
        }
    }
}

impl From<Busy> for Failure {
    fn from(busy: Busy) -> Self {
        Failure::Unavailable { retry_after: busy.retry_after, cause: "too many passwords wait to be hashed".to_owned() }
    }
}

impl Failure {
    /// What a failed sign-in is answered with; `None` for a wrong password, which each form shows in its own way.
    /// `context` is left with which half was wrong.
    pub fn of_login(error: LoginError, context: &Context) -> Option<Self> {
        match error {
            LoginError::Wrong(wrong) => {
                context.explain(wrong.finding());
                None
            }
            LoginError::Limited { retry_after } => Some(Failure::TooMany { retry_after }),
            LoginError::Busy(busy) => Some(busy.into()),
            LoginError::Store(error) => Some(error.into()),
        }
    }
}
