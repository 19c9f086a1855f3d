//! What OpenID Connect adds: to a client's registration, and to a sign-in.

use serde::Deserialize;
use serde::Serialize;

use crate::model::digest;
use crate::model::id::ClientId;
use crate::model::id::FamilyId;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::time::Timestamp;

/// The scope that makes a request one of OpenID Connect (OpenID Connect Core §3.1.2.1).
pub const SCOPE: &str = "openid";

/// Whether the parameter `scope` makes its request one of OpenID Connect (OpenID Connect Core §3.1.2.1).
pub fn is_named_in(scope: &str) -> bool {
    scope.split(' ').any(|name| name == SCOPE)
}

/// What this server calls a sign-in with a password (OpenID Connect Core §2, `acr`).
pub const ACR_PASSWORD: &str = "urn:hallpass:acr:password";
/// What it calls a sign-in with more than one factor: a second one beside the password, or a passkey that made sure of its
/// person.
pub const ACR_MULTIPLE: &str = "urn:hallpass:acr:mfa";
/// The method by which RFC 8176 §2 says that there was more than one factor.
const MULTIPLE: &str = "mfa";

/// The members of a client's registration that only OpenID Connect has, by the names of OpenID Connect Dynamic Client
/// Registration §2 and of the logout specifications. What is absent has the default that is named there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpenIdMetadata {
    /// What it may ask the authorization endpoint for, where it registered more than codes; absent, all that its grant types
    /// are for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_types: Option<Vec<String>>,
    /// By which algorithm its id_tokens are signed; `RS256` where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_signed_response_alg: Option<String>,
    /// By which algorithm answers of the UserInfo endpoint are signed; where it is absent they are plain JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<String>,
    /// By which algorithm answers of the introspection endpoint are signed (RFC 9701 §6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_signed_response_alg: Option<String>,
    /// By which algorithm authorization responses are signed (JARM §3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_signed_response_alg: Option<String>,
    /// By which algorithm it signs its request objects (RFC 9101).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_object_signing_alg: Option<String>,
    /// `public` or `pairwise` (OpenID Connect Core §8).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_type: Option<SubjectType>,
    /// Where all redirect URIs of its sector are listed (OpenID Connect Dynamic Client Registration §5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector_identifier_uri: Option<String>,
    /// The age of a sign-in that it accepts where a request names none, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<u64>,
    /// Whether its id_tokens must say when the user signed in. They always do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_auth_time: Option<bool>,
    /// What its requests ask for by `acr_values` where they ask for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_acr_values: Option<Vec<String>>,
    /// Where a sign-in at it can be begun by others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<String>,
    /// Where its request objects may be fetched from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_uris: Option<Vec<String>>,
    /// Where the browser may be sent after sign-out (OpenID Connect RP-Initiated Logout §3.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_logout_redirect_uris: Option<Vec<String>>,
    /// Where it is told that a session has ended (OpenID Connect Back-Channel Logout §2.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    /// Whether it needs `sid` there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_session_required: Option<bool>,
}

/// How a client is told who a user is (OpenID Connect Core §8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectType {
    /// By the same `sub` as others.
    Public,
    /// By a `sub` that no client of another sector gets.
    Pairwise,
}

impl SubjectType {
    /// Both.
    pub const ALL: [SubjectType; 2] = [SubjectType::Public, SubjectType::Pairwise];

    /// The protocol's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            SubjectType::Public => "public",
            SubjectType::Pairwise => "pairwise",
        }
    }

    /// Reads the protocol's word; `None` for any other.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == text)
    }
}

/// A sign-in to a client, as its id_tokens tell of it: who, when and how, and what the client wanted to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The tokens that came of it.
    pub family: FamilyId,
    /// The browser session that it was in; that may have ended since.
    pub session: SessionId,
    /// Who.
    pub user: UserId,
    /// Where.
    pub client: ClientId,
    /// When the user had proved who they are (`auth_time`).
    pub authenticated_at: Timestamp,
    /// By which methods (RFC 8176 §2), separated by spaces.
    pub amr: String,
    /// What the first id_token says again (OpenID Connect Core §3.1.2.1).
    pub nonce: Option<String>,
    /// The parameter `claims` (OpenID Connect Core §5.5), as it came, without the claims that the user did not allow.
    pub claims: Option<String>,
    /// When it was.
    pub created_at: Timestamp,
    /// When nobody needs it any more: when the session ends in any case, or later, for as long as there are tokens.
    pub expires_at: Timestamp,
    /// When the client was told, or was to be told, that the session has ended.
    pub logged_out_at: Option<Timestamp>,
}

/// What the methods of a sign-in amount to (OpenID Connect Core §2, `acr`), the most first.
pub fn acrs(amr: &str) -> impl Iterator<Item = &'static str> {
    let had = |wanted: &str| amr.split_whitespace().any(|method| method == wanted);
    let [multiple, password] = [had(MULTIPLE), had("pwd")];
    [(multiple, ACR_MULTIPLE), (password, ACR_PASSWORD)].into_iter().filter_map(|(had, acr)| had.then_some(acr))
}

/// Whether a sign-in by these methods had more than one factor.
pub fn is_multiple(amr: &str) -> bool {
    acrs(amr).any(|acr| acr == ACR_MULTIPLE)
}

/// What a client knows a session by (`sid`, OpenID Connect Back-Channel Logout §2.1): another text for each client, so that
/// none of them can tell by it who is whose user. The session's id has 74 random bits, so it is not found by trying.
pub fn sid(session: SessionId, client: ClientId) -> String {
    digest::base64url(&[b"sid\0", session.as_bytes(), client.as_bytes()])
}
