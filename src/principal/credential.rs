//! A credential whose form is right. What can't be one of ours is refused without asking anybody.

use crate::model::secret::Secret;
use crate::model::token;
use crate::model::token::ApiKeyName;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::principal::authorization::Presented;

/// What a request shows of who it is, in a header. Whether it is any good only the issuer can say.
#[derive(Debug, Clone)]
pub enum Credential {
    /// An access token (RFC 6750 §2.1, RFC 9449 §7.1).
    AccessToken {
        /// The token.
        token: Token,
        /// Whether it came by `DPoP`, with a proof beside it.
        by_dpop: bool,
    },
    /// An API key.
    ApiKey {
        /// The public half; none where the secret came alone, which names its key.
        name: Option<ApiKeyName>,
        /// The secret half.
        secret: Token,
    },
    /// An API key that was made elsewhere, if there are any: its secret says nothing of itself.
    ImportedKey {
        /// The public half, where it was given.
        name: Option<ApiKeyName>,
        /// The secret half.
        secret: Secret,
    },
}

impl Credential {
    /// The credential that a header presents; `None` where there is none that could be good.
    pub fn of(presented: Presented) -> Option<Self> {
        let (name, secret) = match presented {
            Presented::Absent | Presented::Malformed => return None,
            Presented::ApiKeyPair { name, secret } => (Some(ApiKeyName::parse_any(&name)?), secret),
            Presented::Bearer(secret) => (None, secret),
            Presented::Dpop(token) => {
                let token = Token::parse_as(TokenKind::Access, token.expose())?;
                return Some(Self::AccessToken { token, by_dpop: true });
            }
        };
        let Some(token) = Token::parse(secret.expose()) else {
            return token::may_be_imported(secret.expose()).then_some(Self::ImportedKey { name, secret });
        };
        match token.kind() {
            TokenKind::Access if name.is_none() => Some(Self::AccessToken { token, by_dpop: false }),
            TokenKind::ApiSecret => Some(Self::ApiKey { name, secret: token }),
            _ => None,
        }
    }
}
