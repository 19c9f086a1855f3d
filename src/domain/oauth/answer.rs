//! Answers of the authorization endpoint, and how the browser carries them to the client: OAuth 2.0 Multiple Response
//! Type Encoding Practices §2.1, OAuth 2.0 Form Post Response Mode §2, JARM (JWT Secured Authorization Response Mode) §2.3.

use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::id_token::IdToken;
use crate::model::client::Client;
use crate::model::issuer::Issuer;
use crate::model::redirect_uri::RedirectTarget;

/// Where in what the browser sends the parameters stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// In the query of the redirect URI.
    Query,
    /// Behind its `#`, which no server sees.
    Fragment,
    /// In the body of a form that the browser posts to it.
    FormPost,
}

/// How an answer reaches the client (`response_mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseMode {
    /// Where its parameters stand.
    pub carrier: Carrier,
    /// Whether they are one parameter, `response`, which this server signed (JARM §2.3).
    pub is_signed: bool,
}

impl ResponseMode {
    /// That of a code where the request names none (OAuth 2.0 Multiple Response Type Encoding Practices §2.1).
    pub const QUERY: ResponseMode = ResponseMode { carrier: Carrier::Query, is_signed: false };
    /// That of tokens where the request names none (§5 there).
    pub const FRAGMENT: ResponseMode = ResponseMode { carrier: Carrier::Fragment, is_signed: false };

    /// All of them by their names. What `jwt` stands for follows from the response type; here it is that of a code (JARM
    /// §2.3.4).
    const NAMED: [(&'static str, ResponseMode); 7] = [
        ("query", ResponseMode::QUERY),
        ("fragment", ResponseMode::FRAGMENT),
        ("form_post", ResponseMode { carrier: Carrier::FormPost, is_signed: false }),
        ("query.jwt", ResponseMode { carrier: Carrier::Query, is_signed: true }),
        ("fragment.jwt", ResponseMode { carrier: Carrier::Fragment, is_signed: true }),
        ("form_post.jwt", ResponseMode { carrier: Carrier::FormPost, is_signed: true }),
        ("jwt", ResponseMode { carrier: Carrier::Query, is_signed: true }),
    ];

    /// Reads the protocol's word; `None` for any other.
    pub fn parse(text: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|(name, _)| *name == text).map(|(_, mode)| mode)
    }

    /// As [`ResponseMode::parse`], for an answer that holds tokens: such a one goes into no query, where servers and
    /// histories keep it (OAuth 2.0 Multiple Response Type Encoding Practices §5, JARM §2.3.1).
    pub fn parse_for_tokens(text: &str) -> Option<Self> {
        match text {
            "jwt" => Some(ResponseMode { is_signed: true, ..ResponseMode::FRAGMENT }),
            text => Self::parse(text).filter(|mode| mode.carrier != Carrier::Query),
        }
    }

    /// All words, as metadata lists them.
    pub fn names() -> Vec<&'static str> {
        Self::NAMED.iter().map(|(name, _)| *name).collect()
    }
}

/// To whom an answer goes: what was checked of the request, and nothing else.
#[derive(Debug, Clone)]
pub struct Destination {
    /// The client.
    pub client: Client,
    /// A redirect URI that is registered for it.
    pub to: RedirectTarget,
    /// The request's `state`.
    pub state: Option<String>,
    /// How the answer gets there.
    pub mode: ResponseMode,
}

/// An answer that the browser is to carry.
#[derive(Debug, Clone)]
pub struct Answer {
    /// To whom.
    pub destination: Box<Destination>,
    /// Its parameters, `state` and `iss` among them (RFC 6749 §4.1.2, RFC 9207 §2).
    pub parameters: Vec<(&'static str, String)>,
    /// What is still to be signed, and told beside them (OpenID Connect Core §3.2.2.5).
    pub id_token: Option<Box<IdToken>>,
}

impl Destination {
    /// An answer with `parameters`.
    pub fn answer(self, mut parameters: Vec<(&'static str, String)>, issuer: &Issuer) -> Answer {
        parameters.extend(self.state.clone().map(|state| ("state", state)));
        parameters.push(("iss", issuer.as_str().to_owned()));
        Answer { destination: Box::new(self), parameters, id_token: None }
    }

    /// The answer that says no (RFC 6749 §4.1.2.1).
    pub fn refuse(self, refusal: Refusal, issuer: &Issuer) -> Answer {
        let parameters = vec![("error", refusal.code.as_str().to_owned()), ("error_description", refusal.description)];
        self.answer(parameters, issuer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// JARM §2.3.4
    #[test]
    fn a_mode_is_known_by_its_name() {
        assert_eq!(ResponseMode::parse("query"), Some(ResponseMode::QUERY));
        assert_eq!(ResponseMode::parse("jwt"), ResponseMode::parse("query.jwt"));
        for unknown in ["", "Query", "form-post", "jwt.query", "web_message"] {
            assert_eq!(ResponseMode::parse(unknown), None, "{unknown}");
        }
        for query in ["query", "query.jwt", "nonsense"] {
            assert_eq!(ResponseMode::parse_for_tokens(query), None, "{query}");
        }
        assert_eq!(ResponseMode::parse_for_tokens("jwt"), ResponseMode::parse("fragment.jwt"));
        assert!(ResponseMode::names().into_iter().all(|name| ResponseMode::parse(name).is_some()));
    }
}
