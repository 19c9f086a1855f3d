//! Beginning, keeping and ending browser sessions.

use serde_json::json;

use crate::domain::act::Act;
use crate::domain::oauth::backchannel;
use crate::model::audit::AuditEvent;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::session::Session;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// How long sessions last.
#[derive(Debug, Clone, Copy)]
pub struct SessionLifetimes {
    /// Without use.
    pub idle: Lifetime,
    /// In any case.
    pub absolute: Lifetime,
}

/// How a user proves who they are by a password alone (RFC 8176 §2).
pub const PASSWORD: &str = "pwd";
/// The most characters of a browser's name that are kept.
const USER_AGENT_LENGTH: usize = 256;

/// Begins a session with a new id for a user who proved who they are by `how`, and returns the cookie: nothing that a
/// browser brought along is adopted.
///
/// # Errors
/// What the database says.
pub fn begin(
    tx: &mut Tx<'_>,
    user: UserId,
    how: &str,
    user_agent: &str,
    lifetimes: SessionLifetimes,
    act: &Act,
) -> Result<(Session, Token), StoreError> {
    let session = fresh(Random.id(act.now, SessionId::new), user, how, user_agent, lifetimes, act);
    let cookie = Random.token(TokenKind::Session);
    tx.sessions().insert(&session, &cookie.hash())?;
    Ok((session, cookie))
}

/// Begins a session anew for a user who signs in once more, and returns its new cookie; the old one has nothing. To
/// applications it is the same session (`sid`), which has not ended.
///
/// # Errors
/// What the database says.
pub fn renew(
    tx: &mut Tx<'_>,
    before: &Session,
    how: &str,
    user_agent: &str,
    lifetimes: SessionLifetimes,
    act: &Act,
) -> Result<(Session, Token), StoreError> {
    let session = fresh(before.id, before.user, how, user_agent, lifetimes, act);
    let cookie = Random.token(TokenKind::Session);
    if tx.sessions().renew(&session, &cookie.hash())? {
        tx.sign_ins().prolong(session.id, session.expires_at)?;
        return Ok((session, cookie));
    }
    // It ended this very moment.
    begin(tx, before.user, how, user_agent, lifetimes, act)
}

/// A session of somebody who has just proved who they are by `how`.
fn fresh(id: SessionId, user: UserId, how: &str, user_agent: &str, lifetimes: SessionLifetimes, act: &Act) -> Session {
    let end = act.now + lifetimes.absolute;
    Session {
        id,
        user,
        authenticated_at: act.now,
        amr: how.to_owned(),
        seen_at: act.now,
        idle_expires_at: (act.now + lifetimes.idle).min(end),
        expires_at: end,
        address: act.by.address.map(|address| address.to_string()).unwrap_or_default(),
        user_agent: user_agent.chars().filter(|c| !c.is_control()).take(USER_AGENT_LENGTH).collect(),
    }
}

/// What may be left of a session's idle time when its use is written down at once.
const SOON: Lifetime = Lifetime::from_seconds(120);

/// Whether the use of a session must be written down at once: it would end before the uses are written that are gathered
/// for a minute. Where sessions may lie idle for so short a time only, that is once in a quarter of it.
pub fn ends_soon(session: &Session, idle: Lifetime, now: Timestamp) -> bool {
    let step = Lifetime::from_millis((idle.millis() / 4).min(60_000));
    session.idle_expires_at.is_past(now + SOON) && now.since(session.seen_at) > step
}

/// Writes that sessions were used; those that have ended stay so.
///
/// # Errors
/// What the database says.
pub fn write_uses(tx: &mut Tx<'_>, used: &[(SessionId, Timestamp)], idle: Lifetime) -> Result<(), StoreError> {
    for (id, at) in used {
        if let Some(session) = tx.sessions().find(*id)? {
            tx.sessions().touch(*id, *at, (*at + idle).min(session.expires_at))?;
        }
    }
    Ok(())
}

/// Ends a session, if it is one of `owner`'s (or anybody's, where no owner is given). `false` where it is not.
///
/// # Errors
/// What the database says.
pub fn end(tx: &mut Tx<'_>, id: SessionId, owner: Option<UserId>, act: &Act) -> Result<bool, StoreError> {
    let Some(session) = tx.sessions().find(id)? else { return Ok(false) };
    // An application that is let in this very moment is so before or after it, and told in the first case.
    tx.users().lock(session.user)?;
    if owner.is_some_and(|owner| owner != session.user) || !tx.sessions().end(id)? {
        return Ok(false);
    }
    backchannel::session_ended(tx, id, act.now)?;
    act.record(tx, AuditEvent::SessionEnded, &id.to_string(), json!({ "user": session.user.to_string() }))?;
    Ok(true)
}

/// Ends the session that signs out.
///
/// # Errors
/// What the database says.
pub fn log_out(tx: &mut Tx<'_>, id: SessionId, act: &Act) -> Result<(), StoreError> {
    let Some(session) = tx.sessions().find(id)? else { return Ok(()) };
    // As in `end`.
    tx.users().lock(session.user)?;
    if tx.sessions().end(id)? {
        backchannel::session_ended(tx, id, act.now)?;
        act.record(tx, AuditEvent::LoggedOut, &id.to_string(), json!({}))?;
    }
    Ok(())
}

/// Ends all of a user's sessions but the one that asks, and all tokens that applications hold in the user's name: who
/// signs out everywhere means that nobody goes on (RFC 9700 §4.14.2). What was granted stays, so that an application
/// need only send its user to sign-in once more.
///
/// # Errors
/// What the database says.
pub fn end_others(tx: &mut Tx<'_>, user: UserId, kept: SessionId, act: &Act) -> Result<usize, StoreError> {
    let ended = tx.sessions().end_all_of(user, Some(kept))?;
    backchannel::sessions_ended(tx, user, Some(kept), act.now)?;
    let families = tx.families().end_all_of(user, act.now)?;
    let details = json!({ "others": ended, "families": families });
    act.record(tx, AuditEvent::SessionEnded, &user.to_string(), details)?;
    Ok(ended)
}
