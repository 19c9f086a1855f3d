//! Why a credential is refused, as administrators see it. Outside all of these look the same.

use std::net::IpAddr;

use crate::domain::authenticate::KeyFault;
use crate::domain::authenticate::Presented;
use crate::domain::authenticate::Refusal;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding::About;
use crate::domain::refusals::finding::Finding;
use crate::domain::refusals::finding::ago;
use crate::model::time::Timestamp;

/// The check that `presented` failed when it came from `address`.
pub fn of(refusal: &Refusal, presented: &Presented, address: Option<IpAddr>, now: Timestamp) -> Finding {
    let kind = Kind::of(presented);
    match refusal {
        Refusal::Unknown => Finding::new(kind.known(), "one that this server made and keeps", kind.unknown(presented)),
        Refusal::Revoked(at) => Finding::new(
            kind.unrevoked(),
            "one that was not revoked",
            format!("one that was revoked {}", ago(*at, now)),
        ),
        Refusal::Expired(at) => {
            Finding::new(kind.unexpired(), "one whose time is not over", format!("one that ended {}", ago(*at, now)))
        }
        Refusal::SignInEnded => {
            Finding::new(Check::TokenOrigin, "a sign-in and a grant that hold", "one whose sign-in or grant has ended")
        }
        Refusal::Above(above) => {
            let above = of(above, presented, address, now);
            let came = format!("one that came of a credential that is refused itself: {}", above.came);
            Finding::new(Check::TokenOrigin, "one that came of a credential which holds", came).about(above.about)
        }
        Refusal::ClientDisabled => {
            Finding::new(Check::TokenClient, "an application that is enabled", "one of a disabled application")
        }
        Refusal::UserDisabled(user) => {
            let about = About { user: Some(user.to_string()), ..About::default() };
            Finding::new(kind.user(), "a user who is enabled", "one of a disabled user").about(about)
        }
        Refusal::Key { id, user, fault } => {
            let about = About { user: Some(user.to_string()), credential: Some(id.to_string()), client: None };
            of_key(fault, address, now).about(about)
        }
    }
}

fn of_key(fault: &KeyFault, address: Option<IpAddr>, now: Timestamp) -> Finding {
    match fault {
        KeyFault::Revoked(at) => {
            let came = format!("one that was revoked {}", ago(*at, now));
            Finding::new(Check::KeyUnrevoked, "a key that was not revoked", came)
        }
        KeyFault::Decoy => Finding::new(Check::KeyNoDecoy, "a key that is no decoy", "a decoy"),
        KeyFault::Disabled => Finding::new(Check::KeyEnabled, "a key that is enabled", "one that is disabled"),
        KeyFault::Expired(at) => {
            let came = format!("one that expired {}", ago(*at, now));
            Finding::new(Check::KeyUnexpired, "a key that has not expired", came)
        }
        KeyFault::SecretExpired(at) => {
            let came = format!("one that expired {}", ago(*at, now));
            Finding::new(Check::KeySecretUnexpired, "a secret that has not expired", came)
        }
        KeyFault::Address(allowed) => {
            let allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
            let came = address.map_or_else(|| "an address that is not known".to_owned(), |address| address.to_string());
            Finding::new(Check::KeyAddress, allowed.join(" or "), came)
        }
        KeyFault::UserDisabled => Finding::new(Check::KeyUser, "a user who is enabled", "one who is disabled"),
    }
}

/// Of which kind a credential is.
#[derive(Clone, Copy)]
enum Kind {
    Session,
    Token,
    Key,
}

impl Kind {
    fn of(presented: &Presented) -> Self {
        match presented {
            Presented::Session(_) | Presented::VerifySession { .. } => Self::Session,
            Presented::AccessToken(_) => Self::Token,
            Presented::ApiKey { .. } | Presented::ImportedKey { .. } => Self::Key,
        }
    }

    const fn known(self) -> Check {
        match self {
            Self::Session => Check::SessionKnown,
            Self::Token => Check::TokenKnown,
            Self::Key => Check::KeyKnown,
        }
    }

    const fn unrevoked(self) -> Check {
        match self {
            Self::Session => Check::SessionLive,
            Self::Token => Check::TokenUnrevoked,
            Self::Key => Check::KeyUnrevoked,
        }
    }

    const fn unexpired(self) -> Check {
        match self {
            Self::Session => Check::SessionLive,
            Self::Token => Check::TokenUnexpired,
            Self::Key => Check::KeyUnexpired,
        }
    }

    const fn user(self) -> Check {
        match self {
            Self::Session => Check::SessionUser,
            Self::Token => Check::TokenUser,
            Self::Key => Check::KeyUser,
        }
    }

    /// Which half of a pair is wrong cannot be told: a key is found by its secret.
    fn unknown(self, presented: &Presented) -> String {
        match (self, presented) {
            (_, Presented::ApiKey { name: Some(name), .. } | Presented::ImportedKey { name: Some(name), .. }) => {
                format!("the key {} with a secret that is none of its own", name.as_str())
            }
            (Self::Key, _) => "a secret that no key has".to_owned(),
            (Self::Token, _) => "an access token that is not known here, or was deleted after its end".to_owned(),
            (Self::Session, _) => "a cookie that is not known here, or whose session has ended".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::authenticate::KEY_CHECKS;
    use crate::domain::authenticate::SESSION_CHECKS;
    use crate::domain::authenticate::TOKEN_CHECKS;
    use crate::model::id::ApiKeyId;
    use crate::model::id::UserId;
    use crate::model::token::TokenHash;

    /// Each reason for which a credential of each kind can be refused is one of the checks of that kind.
    #[test]
    fn each_refusal_is_a_check_of_its_kind() {
        let (then, now) = (Timestamp::from_seconds(1_795_512_588), Timestamp::from_seconds(1_795_512_600));
        let hash = TokenHash::from_slice(&[7; 32]).unwrap();
        let (user, id) = (UserId::new(now, [1; 10]), ApiKeyId::new(now, [2; 10]));
        let faults = [
            KeyFault::Revoked(then),
            KeyFault::Decoy,
            KeyFault::Disabled,
            KeyFault::Expired(then),
            KeyFault::SecretExpired(then),
            KeyFault::Address(vec!["10.0.0.0/8".parse().unwrap()]),
            KeyFault::UserDisabled,
        ];
        let key = Presented::ApiKey { name: None, secret: hash };
        for fault in faults {
            let found = of(&Refusal::Key { id, user, fault: fault.clone() }, &key, None, now);
            assert!(KEY_CHECKS.contains(&found.check), "{fault:?}");
            assert_eq!(found.about.credential, Some(id.to_string()));
        }
        let both = [Refusal::Unknown, Refusal::Expired(then), Refusal::UserDisabled(user)];
        for refusal in &both {
            assert!(SESSION_CHECKS.contains(&of(refusal, &Presented::Session(hash), None, now).check), "{refusal:?}");
        }
        let of_tokens = [
            Refusal::Revoked(then),
            Refusal::SignInEnded,
            Refusal::Above(Box::new(Refusal::Expired(then))),
            Refusal::ClientDisabled,
        ];
        for refusal in both.iter().chain(&of_tokens) {
            let found = of(refusal, &Presented::AccessToken(hash), None, now);
            assert!(TOKEN_CHECKS.contains(&found.check), "{refusal:?}");
        }
        let expired = of(&Refusal::Expired(then), &Presented::AccessToken(hash), None, now);
        assert_eq!(expired.came, "one that ended 12 s ago");
    }
}
