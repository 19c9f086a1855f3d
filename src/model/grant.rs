//! What a user let a client do, and the requests and tokens that hang on it.

use crate::model::details::AuthorizationDetails;
use crate::model::id::ClientId;
use crate::model::id::FamilyId;
use crate::model::id::GrantId;
use crate::model::id::RequestId;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::pkce::CodeChallenge;
use crate::model::redirect_uri::RedirectTarget;
use crate::model::redirect_uri::RedirectUri;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;

/// What a user let a client do, and since when. Every token that came of it lives no longer than it.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// Whose it is.
    pub user: UserId,
    /// Whom it is for.
    pub client: ClientId,
    /// What was allowed. What is taken away here is taken from its tokens.
    pub scopes: Scope,
    /// Where answers may go without asking anew: the addresses that stood on the page when it was allowed.
    pub redirect_uris: Vec<RedirectUri>,
    /// The resources that stood on the page; a token for another one needs to be asked for.
    pub resources: Resources,
    /// When it was first given.
    pub created_at: Timestamp,
    /// When the user was last asked.
    pub renewed_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

impl Grant {
    /// Whether an answer for `wanted` at `resources` to `target` is what the user allowed: no scope, no resource and no
    /// address is new.
    pub fn covers(&self, wanted: &Scope, resources: &Resources, target: &RedirectTarget) -> bool {
        wanted.is_subset_of(&self.scopes)
            && self.is_for(resources)
            && self.redirect_uris.iter().any(|uri| uri.matches(target.as_str()).is_some())
    }

    /// Whether the page named these resources. A token for none is good at this server, which a page that named others
    /// did not say.
    pub fn is_for(&self, resources: &Resources) -> bool {
        resources.is_subset_of(&self.resources) && resources.is_empty() == self.resources.is_empty()
    }

    /// Whether it still holds.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && !self.expires_at.is_some_and(|end| end.is_past(now))
    }
}

/// All tokens that came of one authorization code, over all rotations: they end together (RFC 9700 §4.14.2).
#[derive(Debug, Clone)]
pub struct Family {
    /// Its id.
    pub id: FamilyId,
    /// What it hangs on.
    pub grant: GrantId,
    /// Whose it is.
    pub user: UserId,
    /// Whom it is for.
    pub client: ClientId,
    /// What was authorized; a refresh may ask for less, never for more (RFC 6749 §6).
    pub scopes: Scope,
    /// The resources that were authorized (RFC 8707 §2.2).
    pub resources: Resources,
    /// The details that were authorized (RFC 9396 §7).
    pub details: Option<AuthorizationDetails>,
    /// The key that its refresh tokens are bound to (RFC 9449 §5).
    pub key: Option<Thumbprint>,
    /// When it began. It does not begin again at a rotation.
    pub created_at: Timestamp,
    /// When the last of its tokens must have ended.
    pub expires_at: Timestamp,
    /// When it was ended before that.
    pub ended_at: Option<Timestamp>,
}

impl Family {
    /// Whether tokens may still be used or made.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && !self.expires_at.is_past(now)
    }
}

/// An authorization request that waits for its user's decision, or was decided.
#[derive(Debug, Clone)]
pub struct StoredRequest {
    /// Its id, which the consent form carries.
    pub id: RequestId,
    /// The session that it was made in; no other may decide it.
    pub session: SessionId,
    /// The request's parameters, as JSON.
    pub parameters: String,
    /// When it lapses.
    pub expires_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
}

/// A request that a client pushed, and that a browser comes back for.
#[derive(Debug, Clone)]
pub struct PushedRequest {
    /// Whose it is; nobody else's (RFC 9126 §4).
    pub client: ClientId,
    /// Its parameters, as JSON.
    pub parameters: String,
    /// When it lapses.
    pub expires_at: Timestamp,
    /// When it was answered; it is good for one answer.
    pub consumed_at: Option<Timestamp>,
}

/// An authorization code (RFC 6749 §4.1.2).
#[derive(Debug, Clone)]
pub struct Code {
    /// Its hash.
    pub hash: TokenHash,
    /// The family that its tokens will be of.
    pub family: FamilyId,
    /// The redirect URI of the request, as it was answered.
    pub redirect_uri: String,
    /// Whether the request named it; if not, the client need not name it at the token endpoint (RFC 6749 §4.1.3).
    pub redirect_uri_was_sent: bool,
    /// The code challenge of the request (RFC 7636 §4.3).
    pub challenge: Option<CodeChallenge>,
    /// The key that must be proved at the token endpoint (RFC 9449 §10).
    pub key: Option<Thumbprint>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used. It stays, so that a second use is known as one.
    pub consumed_at: Option<Timestamp>,
}

/// A refresh token (RFC 6749 §1.5).
#[derive(Debug, Clone)]
pub struct RefreshToken {
    /// Its hash.
    pub hash: TokenHash,
    /// The family it is of.
    pub family: FamilyId,
    /// The token that it replaced; no two tokens have the same.
    pub parent: Option<TokenHash>,
    /// When it ends if it is not used.
    pub expires_at: Timestamp,
    /// Whether it is fresh, or what became of it.
    pub state: RefreshState,
}

/// What became of a refresh token.
#[derive(Debug, Clone)]
pub enum RefreshState {
    /// It was not used.
    Fresh,
    /// It was exchanged for its successor.
    Rotated {
        /// When.
        at: Timestamp,
        /// From this, the old token and the server's key its successors can be made again.
        salt: [u8; 16],
        /// Hash of the parameters of that request: only the same request is a repetition.
        request: [u8; 32],
    },
}

/// An access token (RFC 6749 §1.4).
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// Its hash.
    pub hash: TokenHash,
    /// Whom it was given to.
    pub client: ClientId,
    /// The family it is of; none where a client acts in its own name (RFC 6749 §4.4).
    pub family: Option<FamilyId>,
    /// What it was given for.
    pub scopes: Scope,
    /// The resources it is meant for (RFC 8707 §2).
    pub resources: Resources,
    /// The details it was given for (RFC 9396 §7).
    pub details: Option<AuthorizationDetails>,
    /// The key it is bound to (RFC 9449 §6).
    pub key: Option<Thumbprint>,
    /// What it was exchanged for (RFC 8693 §2); it holds as long as that does.
    pub parent: Option<Parent>,
    /// Who acts for the subject, and for whom they act, as the claim `act` (RFC 8693 §4.1).
    pub actor: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// What an access token was exchanged for (RFC 8693 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parent {
    /// Another access token.
    AccessToken(TokenHash),
    /// The secret of an API key.
    ApiSecret(TokenHash),
}
