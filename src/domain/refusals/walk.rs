//! The checks of each surface in their order, of which a refusal names the one that failed.

use std::borrow::Cow;

use crate::domain::authenticate::KEY_CHECKS;
use crate::domain::authenticate::SESSION_CHECKS;
use crate::domain::authenticate::TOKEN_CHECKS;
use crate::domain::login;
use crate::domain::oauth::authorize;
use crate::domain::oauth::client_auth;
use crate::domain::oauth::grants::authorization_code;
use crate::domain::oauth::grants::client_credentials;
use crate::domain::oauth::grants::device_code;
use crate::domain::oauth::grants::jwt_bearer;
use crate::domain::oauth::grants::refresh_token;
use crate::domain::oauth::grants::token_exchange;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::clean::clean;
use crate::domain::refusals::finding::Finding;
use crate::domain::verify;
use crate::model::client::GrantType;
use crate::model::refusal::CheckMade;
use crate::model::refusal::CheckState;

/// The header `Authorization`, or a cookie in its place.
const SHOWN: &[Check] = &[Check::CredentialSent, Check::CredentialForm];
/// What is asked of a token beside that it holds.
const MEANT: &[Check] = &[Check::TokenAudience, Check::Possession];
/// What is asked of a form that was sent in a session, or before one.
const FORM: &[Check] = &[Check::SameSite, Check::FormToken];
/// What a route needs of who calls it.
const NEEDS: &[Check] = &[Check::NeedSession, Check::NeedUser, Check::NeedRole, Check::NeedScope];
/// What is asked of what is sent, once it is known by whom.
const SENT: &[Check] = &[Check::Understood, Check::Found, Check::Permitted, Check::Fits];
/// What is asked of a token request once the client is known.
const TOKEN: &[Check] = &[Check::GrantTypeKnown, Check::ClientProof, Check::ParametersThere];

/// By what a request says who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// By the cookie of a session.
    Session,
    /// By an access token.
    AccessToken,
    /// By an API key.
    ApiKey,
    /// By nothing that is known.
    Unknown,
}

/// What a request goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walk {
    /// Who somebody is, and whether they may do what the route is for.
    Principal(Shown),
    /// The same for a service behind a proxy.
    Verify(Shown),
    /// The same where the configuration says what is demanded, by a name.
    Policy(Shown),
    /// The form of somebody who is not signed in yet.
    Visitor,
    /// Signing in.
    SignIn,
    /// The second step of signing in, after the password.
    SecondStep {
        /// Whether a passkey is shown in it, and else a code.
        by_passkey: bool,
    },
    /// Signing in with a passkey and nothing else.
    Passkey,
    /// The token endpoint.
    Token(Option<GrantType>),
    /// An endpoint for clients that knows no grants: introspection, revocation.
    ClientCall,
    /// Where a device begins.
    DeviceBegin,
    /// An authorization request, pushed or not; `by_client` says that its client authenticates first.
    Authorize {
        /// Whether it is pushed.
        by_client: bool,
    },
    /// Where clients register themselves.
    Registration,
}

impl Walk {
    /// The checks in their order.
    pub fn checks(self) -> Vec<Check> {
        let of_shown = |shown| match shown {
            Shown::Session => [&[Check::CredentialSent], SESSION_CHECKS].concat(),
            Shown::AccessToken => [SHOWN, TOKEN_CHECKS, MEANT].concat(),
            Shown::ApiKey => [SHOWN, KEY_CHECKS].concat(),
            Shown::Unknown => SHOWN.to_vec(),
        };
        match self {
            Walk::Principal(shown) => {
                let beside = match shown {
                    Shown::Session => FORM,
                    Shown::ApiKey => &[Check::KeyLimits][..],
                    Shown::AccessToken | Shown::Unknown => &[],
                };
                [&of_shown(shown)[..], beside, NEEDS, SENT].concat()
            }
            Walk::Verify(shown) => [&of_shown(shown)[..], verify::CHECKS].concat(),
            Walk::Policy(shown) => [&[Check::Found], &of_shown(shown)[..], verify::CHECKS].concat(),
            Walk::Visitor => [FORM, &[Check::Offered, Check::NotTooOften, Check::TicketGood], SENT].concat(),
            Walk::SignIn => [FORM, &[Check::Understood], login::CHECKS].concat(),
            Walk::SecondStep { by_passkey } => {
                let other = if by_passkey { Check::SecondFactor } else { Check::Passkey };
                let mut checks = Walk::SignIn.checks();
                checks.retain(|check| *check != other);
                checks
            }
            // Nobody gave a name, a password or a code.
            Walk::Passkey => [FORM, &[Check::Understood, Check::NotTooOften, Check::Passkey]].concat(),
            Walk::Token(None) => [client_auth::CHECKS, TOKEN].concat(),
            Walk::Token(Some(grant_type)) => {
                let grant: &[Check] = match grant_type {
                    GrantType::AuthorizationCode => authorization_code::CHECKS,
                    GrantType::RefreshToken => refresh_token::CHECKS,
                    GrantType::TokenExchange => token_exchange::CHECKS,
                    GrantType::ClientCredentials => client_credentials::CHECKS,
                    GrantType::JwtBearer => jwt_bearer::CHECKS,
                    GrantType::DeviceCode => device_code::CHECKS,
                    GrantType::Implicit => &[],
                };
                [client_auth::CHECKS, TOKEN, grant].concat()
            }
            Walk::ClientCall => {
                [client_auth::CHECKS, &[Check::NeedScope, Check::ParametersThere, Check::TokenKindKnown]].concat()
            }
            Walk::DeviceBegin => {
                let asked = [Check::GrantTypeAllowed, Check::ScopeKnown, Check::ScopeAllowed, Check::ResourceKnown];
                [client_auth::CHECKS, &asked, &[Check::DetailsGood]].concat()
            }
            Walk::Authorize { by_client: true } => [client_auth::CHECKS, authorize::CHECKS].concat(),
            Walk::Authorize { by_client: false } => authorize::CHECKS.to_vec(),
            Walk::Registration => [
                &[Check::Offered, Check::CredentialSent, Check::CredentialForm, Check::RegistrationToken],
                SENT_BY_CLIENTS,
            ]
            .concat(),
        }
    }
}

/// What is asked of a client's own description.
const SENT_BY_CLIENTS: &[Check] = &[Check::NotTooOften, Check::Understood, Check::Metadata];

/// What a request came to that failed at `finding`: the checks before it held, those behind it were not made. `is_made`
/// says which checks the route makes at all, `known` what records tell of some that held; `secrets` came in the same
/// request, and stand in no text that was made of it.
pub fn made(
    walk: Walk,
    finding: &Finding,
    is_made: impl Fn(Check) -> bool,
    known: &[(Check, String)],
    secrets: &[&str],
) -> Vec<CheckMade> {
    // A text of the program holds nothing of the request: to blot words out of it would tell that just they were sent.
    let kept = |text: &Cow<'static, str>| match text {
        Cow::Borrowed(ours) => clean(ours, &[]),
        Cow::Owned(text) => clean(text, secrets),
    };
    let order = order(walk, finding.check);
    let mut state = CheckState::Held;
    let mut made = Vec::with_capacity(order.len());
    for check in order {
        if check == finding.check {
            let holds = Cow::Borrowed(check.holds());
            let expected = if finding.expected.is_empty() { &holds } else { &finding.expected };
            made.push(CheckMade {
                name: check.name().to_owned(),
                state: CheckState::Failed,
                expected: kept(expected),
                came: kept(&finding.came),
            });
            state = CheckState::NotReached;
        } else if is_made(check) {
            let came = known.iter().find(|(of, _)| *of == check && state == CheckState::Held);
            let came = came.map_or_else(String::new, |(_, came)| clean(came, &[]));
            made.push(CheckMade { name: check.name().to_owned(), state, expected: String::new(), came });
        }
    }
    made
}

/// The checks of `walk`, each once, where `failed` is one of them. What fails anywhere (the database, the limits of an
/// address) stands alone: nobody knows how far the others had come.
fn order(walk: Walk, failed: Check) -> Vec<Check> {
    let mut order: Vec<Check> = Vec::new();
    for check in walk.checks() {
        if !order.contains(&check) {
            order.push(check);
        }
    }
    if order.contains(&failed) { order } else { vec![failed] }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN_BY: [Shown; 4] = [Shown::Session, Shown::AccessToken, Shown::ApiKey, Shown::Unknown];

    fn walks() -> Vec<Walk> {
        let mut walks = vec![
            Walk::Visitor,
            Walk::SignIn,
            Walk::SecondStep { by_passkey: false },
            Walk::SecondStep { by_passkey: true },
            Walk::Passkey,
            Walk::ClientCall,
            Walk::DeviceBegin,
            Walk::Registration,
            Walk::Token(None),
            Walk::Authorize { by_client: false },
            Walk::Authorize { by_client: true },
        ];
        walks.extend(SHOWN_BY.map(Walk::Principal));
        walks.extend(SHOWN_BY.map(Walk::Verify));
        walks.extend(SHOWN_BY.map(Walk::Policy));
        walks.extend(GrantType::ALL.iter().map(|grant_type| Walk::Token(Some(*grant_type))));
        walks
    }

    #[test]
    fn each_check_stands_in_a_walk_or_alone() {
        let alone = [Check::Works, Check::GrantGood, Check::UserCode];
        for check in Check::ALL {
            let is_walked = walks().into_iter().any(|walk| walk.checks().contains(check));
            assert_eq!(is_walked, !alone.contains(check), "{check:?}");
        }
    }

    #[test]
    fn what_stands_before_the_failed_check_held_and_what_stands_behind_was_not_reached() {
        let finding = Finding::new(Check::CodeUnexpired, "a code that has not expired", "one that ended 12 s ago");
        let walk = Walk::Token(Some(GrantType::AuthorizationCode));
        let made =
            made(walk, &finding, |check| check != Check::ProofGood, &[(Check::ClientKnown, "app".to_owned())], &[]);
        let of = |check: Check| made.iter().find(|made| made.name == check.name()).unwrap();
        assert_eq!((of(Check::ClientKnown).state, of(Check::ClientKnown).came.as_str()), (CheckState::Held, "app"));
        assert_eq!(of(Check::CodeUnused).state, CheckState::Held);
        assert_eq!(of(Check::CodeUnexpired).state, CheckState::Failed);
        assert_eq!(of(Check::CodeUnexpired).came, "one that ended 12 s ago");
        assert_eq!(of(Check::ScopeLeft).state, CheckState::NotReached);
        assert!(!made.iter().any(|made| made.name == Check::ProofGood.name()));
    }

    #[test]
    fn a_secret_is_blotted_out_of_what_came_and_not_out_of_words_of_ours() {
        let told = |came: Cow<'static, str>| {
            let made = made(Walk::SignIn, &Finding::new(Check::UserKnown, "", came), |_| false, &[], &["nobody"]);
            made[0].came.clone()
        };
        assert_eq!(told("one that nobody has".into()), "one that nobody has");
        assert_eq!(told("one called nobody".to_owned().into()), "one called [hidden]");
    }

    #[test]
    fn a_check_of_no_walk_stands_alone() {
        let made = made(Walk::SignIn, &Finding::new(Check::Works, "", "no answer"), |_| true, &[], &[]);
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].expected, Check::Works.holds());
    }
}
