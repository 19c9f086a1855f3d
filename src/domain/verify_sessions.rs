//! The way of a browser from its session to a cookie that is good for one other host, and at the check alone: a service
//! never sees a cookie that can act at the account.

use url::Url;

use crate::domain::act::Act;
use crate::model::host_port::HostPort;
use crate::model::id::SessionId;
use crate::model::issuer::Issuer;
use crate::model::origin::Origin;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenHash;
use crate::model::token::TokenKind;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// How long a ticket may be under way.
const TICKET_LIFETIME: Lifetime = Lifetime::from_seconds(60);
/// From then on an older cookie of the same session at the same host is one that the browser has replaced.
const REPLACED_AFTER: Lifetime = Lifetime::from_seconds(60);
/// The longest address to come back to, in bytes.
const LONGEST: usize = 8 * 1024;

/// Where a visitor of a service wants to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The service.
    pub origin: Origin,
    /// The path there, with its query.
    pub path: String,
}

impl Destination {
    /// Reads the address `text`, whose host must be among `allowed`. It is `https`; `http` passes on a loopback host, and
    /// where this server itself is on one.
    ///
    /// # Errors
    /// What is wrong, as a sentence.
    pub fn parse(text: &str, allowed: &[HostPort], issuer: &Issuer) -> Result<Self, &'static str> {
        if text.len() > LONGEST {
            return Err("rd is longer than 8192 bytes");
        }
        // What a browser would read as another address than this server does.
        if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err("rd has characters that no address has");
        }
        let has_authority = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
        let url = Url::parse(text).ok().filter(|_| has_authority);
        let url = url.ok_or("rd is no absolute address that begins with https://")?;
        if url.fragment().is_some() {
            return Err("rd has a fragment");
        }
        let authority = text.split('/').nth(2).unwrap_or_default();
        if authority.split('?').next().is_some_and(|authority| authority.contains('@')) {
            return Err("rd has a user name or password in it");
        }
        let origin = Origin::of(&url).ok_or("rd has a user name or password in it")?;
        if !origin.is_among(allowed) {
            return Err("the host of rd is not among verify.allowed_hosts");
        }
        if !origin.is_https() && !origin.is_loopback() && issuer.is_https() {
            return Err("rd is plain http on a host that is not loopback");
        }
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        Ok(Self { origin, path })
    }

    /// The whole address.
    pub fn address(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }
}

/// Makes a ticket of `session` for `to`, good once and for a minute.
///
/// # Errors
/// What the database says; a conflict where the session has ended meanwhile.
pub fn begin(tx: &mut Tx<'_>, session: SessionId, to: &Destination, act: &Act) -> Result<Token, StoreError> {
    let ticket = Random.token(TokenKind::VerifyTicket);
    let times = (act.now, act.now + TICKET_LIFETIME);
    tx.verify_sessions().insert_ticket(&ticket.hash(), session, &to.origin, &to.path, times)?;
    Ok(ticket)
}

/// What becomes of a ticket.
#[derive(Debug)]
pub enum Redeemed {
    /// There is none that holds at this host.
    NoTicket,
    /// The browser has a cookie of another user already. Somebody may have sent it here with a ticket of their own.
    SomebodyElse,
    /// The browser gets its cookie.
    Done {
        /// The cookie.
        cookie: Token,
        /// When its session ends at the latest.
        ends: Timestamp,
        /// Where to go on.
        to: Destination,
    },
}

/// Takes a ticket that a browser brings to `origin`; `held` is the cookie that the browser has there already.
///
/// # Errors
/// What the database says.
pub fn redeem(
    tx: &mut Tx<'_>,
    ticket: &TokenHash,
    held: Option<&TokenHash>,
    origin: &Origin,
    act: &Act,
) -> Result<Redeemed, StoreError> {
    let Some((session, path)) = tx.verify_sessions().consume_ticket(ticket, origin, act.now)? else {
        return Ok(Redeemed::NoTicket);
    };
    let Some(session) = tx.sessions().find(session)?.filter(|session| session.is_live(act.now)) else {
        return Ok(Redeemed::NoTicket);
    };
    if tx.users().find(session.user)?.is_none_or(|user| !user.enabled) {
        return Ok(Redeemed::NoTicket);
    }
    if let Some(held) = held
        && let Some((other, of)) = tx.find_verify_session(held)?
        && of == origin.as_str()
        && other.session.is_live(act.now)
        && other.session.user != session.user
    {
        return Ok(Redeemed::SomebodyElse);
    }
    let cookie = Random.token(TokenKind::VerifySession);
    tx.verify_sessions().delete_older(session.id, origin, act.now.before(REPLACED_AFTER))?;
    tx.verify_sessions().insert(&cookie.hash(), session.id, origin, act.now)?;
    let to = Destination { origin: origin.clone(), path };
    Ok(Redeemed::Done { cookie, ends: session.expires_at, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<String, &'static str> {
        let allowed = ["app.example:443", "localhost:3000", "app.example:80", "[::1]:8080"];
        let allowed: Vec<HostPort> = allowed.iter().map(|host| HostPort::parse(host).unwrap()).collect();
        let issuer = Issuer::parse("https://id.example").unwrap();
        Destination::parse(text, &allowed, &issuer).map(|to| to.address())
    }

    #[test]
    fn a_visitor_comes_back_to_hosts_that_are_allowed() {
        for (text, address) in [
            ("https://app.example/a?b=c&d", "https://app.example/a?b=c&d"),
            ("https://APP.example:443", "https://app.example/"),
            ("https://app.example//evil.test/", "https://app.example//evil.test/"),
            ("https://app.example/@evil.test", "https://app.example/@evil.test"),
            ("http://localhost:3000/x", "http://localhost:3000/x"),
            ("http://[::1]:8080/", "http://[::1]:8080/"),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(address), "{text}");
        }
    }

    #[test]
    fn and_to_no_others() {
        for text in [
            "",
            "/a",
            "//app.example/",
            "app.example/",
            "https:app.example/",
            "https:/app.example/",
            "javascript:alert(1)",
            "ftp://app.example/",
            "https://evil.test/",
            "https://app.example.evil.test/",
            "https://app.example:8443/",
            "http://app.example/",
            "https://app.example@evil.test/",
            "https://evil.test@app.example/",
            "https://@app.example/",
            "https://:@app.example/",
            "https://evil.test\\@app.example/",
            "https://app.example\\.evil.test/",
            "https://app.example/#x",
            "https://app.example/#",
            "https://app.example/\r\nset-cookie: a=b",
            "https://app\t.example/",
            " https://app.example/",
            "https://app.example /",
            "https://\u{430}pp.example/",
            "https://app.example./",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
        assert!(parse(&format!("https://app.example/{}", "a".repeat(8200))).is_err());
    }
}
