//! Secrets that were found where they should not be. Whoever has one could use it, so possession is all the proof that is
//! asked for, and it is put out of use at once.
//!
//! What has ended already changes nothing any more: an old secret in an old log must not be a lever against the one in
//! use.

use serde_json::Value;
use serde_json::json;

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::attempts;
use crate::domain::attempts::Bucket;
use crate::domain::attempts::Limit;
use crate::domain::imported_secrets;
use crate::domain::notices;
use crate::domain::oauth::backchannel;
use crate::model::audit::AuditEvent;
use crate::model::device::DeviceState;
use crate::model::grant::AccessToken;
use crate::model::grant::Parent;
use crate::model::id::ClientId;
use crate::model::id::FamilyId;
use crate::model::id::UserId;
use crate::model::notice::NoticeKind;
use crate::model::role::RoleName;
use crate::model::time::Lifetime;
use crate::model::token;
use crate::model::token::ApiKeyName;
use crate::model::token::Token;
use crate::model::token::TokenHash;
use crate::model::token::TokenKind;
use crate::store::ApiKeyFacts;
use crate::store::ImportedForm;
use crate::store::StoreError;
use crate::store::Tx;

/// The longest text about where a secret was found that is kept.
const LONGEST_PLACE: usize = 500;
/// No chain of exchanged tokens is longer.
const LONGEST_CHAIN: usize = 16;

/// A secret that somebody found.
#[derive(Debug, Clone)]
pub enum Leaked {
    /// One of ours.
    Ours {
        /// What it is for.
        kind: TokenKind,
        /// What the store knows of it.
        hash: TokenHash,
    },
    /// One that was made elsewhere: an API key's, with its public half where that was given, or a client's.
    Imported {
        /// The public half of the pair.
        name: Option<ApiKeyName>,
        /// What the store may have of the secret half.
        secrets: Vec<TokenHash>,
    },
}

impl Leaked {
    /// Reads what was found: a secret, or a pair `api_key:api_secret`. `None` for what can be no secret that is known
    /// here.
    pub fn read(text: &str, keys: &SecretKeys) -> Option<Self> {
        let text = text.trim();
        let (name, secret) = match text.split_once(':') {
            Some((name, secret)) => (Some(ApiKeyName::parse_any(name)?), secret),
            None => (None, text),
        };
        match Token::parse(secret) {
            // The secret names its key, so that nothing hangs on the other half.
            Some(token) => Some(Self::Ours { kind: token.kind(), hash: token.hash() }),
            None if token::may_be_imported(secret) => {
                Some(Self::Imported { name, secrets: imported_secrets::hashes(keys, secret) })
            }
            None => None,
        }
    }
}

/// Where a secret was found, as the log may keep it: on one line, without the secret, and not too long.
pub fn clean_place(place: &str, secret: &str) -> String {
    let secret = secret.trim();
    let without = if secret.is_empty() { place.to_owned() } else { place.replace(secret, "[secret]") };
    let half = secret.split_once(':').map_or("", |(_, half)| half);
    let without = if half.is_empty() { without } else { without.replace(half, "[secret]") };
    let is_shown = |c: &char| {
        !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    without.chars().filter(is_shown).take(LONGEST_PLACE).collect()
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There is no such secret.
    Unknown,
    /// There is, or was, and it is out of use now.
    OutOfUse,
    /// Too many reports from here changed nothing.
    Limited(Lifetime),
}

/// Puts a secret out of use, tells whose it was, and says so in the audit log. Reports that change nothing are counted
/// for `network`.
///
/// # Errors
/// What the database says.
pub fn report(
    tx: &mut Tx<'_>,
    leaked: &Leaked,
    place: Option<&str>,
    network: &str,
    limit: Option<Limit>,
    act: &Act,
) -> Result<Outcome, StoreError> {
    let buckets: Vec<(Bucket, Limit)> =
        limit.map(|limit| (Bucket::new("leak report", &[network]), limit)).into_iter().collect();
    let found = match leaked {
        Leaked::Ours { kind, hash } => ours(tx, *kind, hash, act)?,
        Leaked::Imported { name, secrets } => imported(tx, name.as_ref(), secrets, act)?,
    };
    // A secret that is good is never turned away for what others reported.
    if let Some(Found::Ended(ended)) = found {
        tell(tx, &ended, place, act)?;
        return Ok(Outcome::OutOfUse);
    }
    if let Err(wait) = attempts::reserve(tx, &buckets, act.now)? {
        return Ok(Outcome::Limited(wait));
    }
    Ok(if found.is_some() { Outcome::OutOfUse } else { Outcome::Unknown })
}

/// What there was to do about a secret that is known.
enum Found {
    /// Nothing: it was out of use before.
    Before,
    /// It was put out of use.
    Ended(Ended),
}

/// A secret that was put out of use just now.
struct Ended {
    /// What it was.
    what: &'static str,
    /// Of which record: its id.
    subject: String,
    /// What that is called.
    name: String,
    /// Who is told.
    owner: Owner,
}

enum Owner {
    User(UserId),
    Administrators,
    Nobody,
}

fn ended(what: &'static str, subject: impl ToString, name: impl Into<String>, owner: Owner) -> Option<Found> {
    Some(Found::Ended(Ended { what, subject: subject.to_string(), name: name.into(), owner }))
}

fn tell(tx: &mut Tx<'_>, ended: &Ended, place: Option<&str>, act: &Act) -> Result<(), StoreError> {
    let address = act.by.address.map(|address| address.to_string());
    let details: Value = json!({
        "secret": ended.what,
        "name": ended.name,
        "found_at": place,
        "reported_from": address,
    });
    act.record(tx, AuditEvent::SecretLeaked, &ended.subject, details.clone())?;
    let told = match ended.owner {
        Owner::User(user) => vec![user],
        Owner::Administrators => tx.roles().holders(&RoleName::admin())?,
        Owner::Nobody => Vec::new(),
    };
    for user in told {
        notices::tell(tx, user, NoticeKind::SecretLeaked, &ended.subject, &details, act)?;
    }
    Ok(())
}

fn ours(tx: &mut Tx<'_>, kind: TokenKind, hash: &TokenHash, act: &Act) -> Result<Option<Found>, StoreError> {
    match kind {
        TokenKind::ApiSecret => match tx.find_api_key(hash)?.filter(|facts| facts.imported.is_none()) {
            Some(facts) => api_key(tx, facts, act),
            None => Ok(None),
        },
        TokenKind::ClientSecret => client_secret(tx, hash, act),
        TokenKind::Access => access_token(tx, hash, act),
        TokenKind::Refresh => match tx.refresh_tokens().find(hash)? {
            // One that was exchanged already may be the thief's doing (RFC 9700 §4.14.2).
            Some(token) => family(tx, token.family, "refresh token", act),
            None => Ok(None),
        },
        TokenKind::Code => match tx.codes().find(hash)? {
            Some(code) if code.expires_at.is_past(act.now) || !tx.codes().consume(hash, act.now)? => {
                Ok(Some(Found::Before))
            }
            Some(code) => family(tx, code.family, "authorization code", act),
            None => Ok(None),
        },
        TokenKind::Session => session(tx, hash, act),
        TokenKind::VerifySession => match tx.end_verify_session(hash)? {
            Some(session) => {
                let owner = tx.sessions().find(session)?.map_or(Owner::Nobody, |found| Owner::User(found.user));
                Ok(ended("verification cookie", session, "", owner))
            }
            None => Ok(None),
        },
        TokenKind::VerifyTicket => match tx.end_verify_ticket(hash, act.now)? {
            Some((session, true)) => {
                let owner = tx.sessions().find(session)?.map_or(Owner::Nobody, |found| Owner::User(found.user));
                Ok(ended("verification ticket", session, "", owner))
            }
            Some((_, false)) => Ok(Some(Found::Before)),
            None => Ok(None),
        },
        TokenKind::Setup => {
            let used = tx.setup_tokens().consume(hash, act.now)?;
            Ok(if used { ended("setup token", "setup", "", Owner::Nobody) } else { None })
        }
        TokenKind::Registration => match tx.end_registration_token(hash)? {
            Some(client) => {
                let name = tx.clients().find_by_client_id(&client)?.map(|client| client.name).unwrap_or_default();
                Ok(ended("registration access token", client, name, Owner::Administrators))
            }
            None => Ok(None),
        },
        TokenKind::InitialAccess => match tx.initial_access_tokens().find(hash)? {
            Some(token) if tx.initial_access_tokens().delete(token.id)? => {
                Ok(ended("initial access token", token.id, "", Owner::Administrators))
            }
            _ => Ok(None),
        },
        TokenKind::PushedRequest => match tx.pushed_requests().find(hash)? {
            Some(request) => {
                let is_live = !request.expires_at.is_past(act.now) && tx.pushed_requests().consume(hash, act.now)?;
                of_client(tx, request.client, is_live, "pushed authorization request")
            }
            None => Ok(None),
        },
        TokenKind::DeviceCode => device_code(tx, hash, act),
        TokenKind::PasswordReset | TokenKind::EmailVerification | TokenKind::SelfRegistration => {
            match tx.mail_links().find(hash, act.now)? {
                Some(link) if tx.mail_links().consume(hash)? => {
                    let owner = link.user.map_or(Owner::Nobody, Owner::User);
                    Ok(ended(
                        "link in a mail",
                        link.user.map_or_else(|| "registration".to_owned(), |user| user.to_string()),
                        "",
                        owner,
                    ))
                }
                _ => Ok(None),
            }
        }
    }
}

/// The key goes, whichever of its secrets was found: who has read one may have read the next one where it stands.
fn api_key(tx: &mut Tx<'_>, facts: ApiKeyFacts, act: &Act) -> Result<Option<Found>, StoreError> {
    let ApiKeyFacts { key, secret_ends, .. } = facts;
    let is_over =
        secret_ends.is_some_and(|end| end.is_past(act.now)) || key.expires_at.is_some_and(|end| end.is_past(act.now));
    // A decoy is there to be found, and stays at its post.
    if is_over || key.is_decoy || !tx.api_keys().revoke(key.id, act.now)? {
        return Ok(Some(Found::Before));
    }
    let details = json!({ "api_key": key.api_key.as_str(), "because": "its secret was found elsewhere" });
    act.record(tx, AuditEvent::KeyRevoked, &key.id.to_string(), details)?;
    Ok(ended("API secret", key.id, key.name, Owner::User(key.user)))
}

fn imported(
    tx: &mut Tx<'_>,
    name: Option<&ApiKeyName>,
    secrets: &[TokenHash],
    act: &Act,
) -> Result<Option<Found>, StoreError> {
    for hash in secrets {
        let facts = tx.find_api_key(hash)?.filter(|facts| facts.imported.is_some());
        // Alone it proves nothing where it could not be used alone.
        let is_proof = |facts: &ApiKeyFacts| match name {
            Some(name) => *name == facts.key.api_key,
            None => facts.imported == Some(ImportedForm::Alone),
        };
        if let Some(facts) = facts.filter(is_proof) {
            return api_key(tx, facts, act);
        }
        if name.is_none()
            && let Some(found) = client_secret(tx, hash, act)?
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn client_secret(tx: &mut Tx<'_>, hash: &TokenHash, act: &Act) -> Result<Option<Found>, StoreError> {
    let Some((client, end)) = tx.clients().find_by_secret(hash)? else { return Ok(None) };
    tx.clients().lock(client)?;
    let is_over = end.is_some_and(|end| end.is_past(act.now));
    if is_over || !tx.clients().delete_secret(hash)? {
        return Ok(Some(Found::Before));
    }
    // Whoever had it may hold tokens in the client's own name.
    tx.access_tokens().revoke_own_of(client, act.now)?;
    let found = tx.clients().find(client)?;
    let (subject, name) = found.map(|client| (client.client_id, client.name)).unwrap_or_default();
    Ok(ended("client secret", subject, name, Owner::Administrators))
}

fn access_token(tx: &mut Tx<'_>, hash: &TokenHash, act: &Act) -> Result<Option<Found>, StoreError> {
    let Some(token) = tx.access_tokens().find(hash)? else { return Ok(None) };
    if token.expires_at.is_past(act.now) || !tx.access_tokens().revoke(hash, act.now)? {
        return Ok(Some(Found::Before));
    }
    let owner = owner_of(tx, &token)?;
    let client = tx.clients().find(token.client)?;
    let (client_id, name) = client.map(|client| (client.client_id, client.name)).unwrap_or_default();
    let subject = token.family.map_or(client_id, |family| family.to_string());
    Ok(ended("access token", subject, name, owner))
}

/// Whose an access token is, along what it was exchanged for.
fn owner_of(tx: &mut Tx<'_>, token: &AccessToken) -> Result<Owner, StoreError> {
    let mut token = token.clone();
    for _ in 0..LONGEST_CHAIN {
        if let Some(family) = token.family {
            return Ok(tx.families().find(family)?.map_or(Owner::Administrators, |family| Owner::User(family.user)));
        }
        match token.parent {
            Some(Parent::ApiSecret(hash)) => {
                let facts = tx.find_api_key(&hash)?;
                return Ok(facts.map_or(Owner::Administrators, |facts| Owner::User(facts.key.user)));
            }
            Some(Parent::AccessToken(hash)) => match tx.access_tokens().find(&hash)? {
                Some(above) => token = above,
                None => break,
            },
            None => break,
        }
    }
    Ok(Owner::Administrators)
}

fn family(tx: &mut Tx<'_>, id: FamilyId, what: &'static str, act: &Act) -> Result<Option<Found>, StoreError> {
    let Some(family) = tx.families().find(id)? else { return Ok(None) };
    if !family.is_live(act.now) || !tx.families().end(id, act.now)? {
        return Ok(Some(Found::Before));
    }
    let name = tx.clients().find(family.client)?.map(|client| client.name).unwrap_or_default();
    Ok(ended(what, id, name, Owner::User(family.user)))
}

fn session(tx: &mut Tx<'_>, hash: &TokenHash, act: &Act) -> Result<Option<Found>, StoreError> {
    let Some(session) = tx.find_session(hash)?.map(|facts| facts.session) else { return Ok(None) };
    let is_live = session.is_live(act.now);
    if !tx.sessions().end(session.id)? || !is_live {
        return Ok(Some(Found::Before));
    }
    backchannel::session_ended(tx, session.id, act.now)?;
    Ok(ended("session cookie", session.id, "", Owner::User(session.user)))
}

fn device_code(tx: &mut Tx<'_>, hash: &TokenHash, act: &Act) -> Result<Option<Found>, StoreError> {
    let Some(code) = tx.device_codes().find(hash)? else { return Ok(None) };
    let is_live = tx.end_device_code(hash, act.now)?;
    match code.state {
        DeviceState::Allowed(id) if is_live => family(tx, id, "device code", act),
        _ => of_client(tx, code.client, is_live, "device code"),
    }
}

/// Something of a client that is nobody's yet.
fn of_client(
    tx: &mut Tx<'_>,
    client: ClientId,
    is_live: bool,
    what: &'static str,
) -> Result<Option<Found>, StoreError> {
    if !is_live {
        return Ok(Some(Found::Before));
    }
    let client = tx.clients().find(client)?;
    let (subject, name) = client.map(|client| (client.client_id, client.name)).unwrap_or_default();
    Ok(ended(what, subject, name, Owner::Nobody))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_one_line_without_the_secret() {
        let place = "https://x.test/?q=hunter2222\n\u{1b}[31m\u{202e}hunter2222";
        assert_eq!(clean_place(place, " hunter2222 "), "https://x.test/?q=[secret][31m[secret]");
        assert_eq!(clean_place("see abc:hunter2222 and hunter2222", "abc:hunter2222"), "see [secret] and [secret]");
        assert_eq!(clean_place(&"x".repeat(1000), "").len(), 500);
    }
}
