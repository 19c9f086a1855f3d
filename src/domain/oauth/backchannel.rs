//! Telling applications that a session has ended (OpenID Connect Back-Channel Logout §2). Whom to tell is written in the
//! transaction that ends the session; any node does the telling, until it is heard or was tried often enough.
//!
//! A session that ends by its time is no sign-out, and nobody is told of it.

use std::collections::BTreeSet;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::oauth::id_token;
use crate::domain::oauth::signing_keys::Ring;
use crate::domain::oauth::subject;
use crate::jose::signing::SigningError;
use crate::model::client::Client;
use crate::model::id::DeliveryId;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::issuer::Issuer;
use crate::model::logout::LogoutDelivery;
use crate::model::openid;
use crate::model::openid::SignIn;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// How often a client is tried: over an hour and a half.
const ATTEMPTS: i64 = 10;
/// How long after the first attempt the second comes; each further one after twice the time. No attempt takes longer.
const PAUSE: Lifetime = Lifetime::from_seconds(10);
/// How many are told at once.
const AT_ONCE: i64 = 16;
/// How long what a client is told is good (OpenID Connect Back-Channel Logout §2.4, `exp`).
const GOOD_FOR: Lifetime = Lifetime::from_seconds(120);
/// The type of what a client is told (OpenID Connect Back-Channel Logout §2.4).
const TYPE: &str = "logout+jwt";
/// The event that it tells.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Notes whom to tell that a session has ended.
///
/// # Errors
/// What the database says.
pub fn session_ended(tx: &mut Tx<'_>, session: SessionId, now: Timestamp) -> Result<(), StoreError> {
    let sign_ins = tx.sign_ins().list_of_session(session)?;
    note(tx, &sign_ins, now)
}

/// Notes whom to tell that all sessions of a user but `kept` have ended.
///
/// # Errors
/// What the database says.
pub fn sessions_ended(
    tx: &mut Tx<'_>,
    user: UserId,
    kept: Option<SessionId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut sign_ins = tx.sign_ins().list_of_user(user)?;
    sign_ins.retain(|sign_in| Some(sign_in.session) != kept);
    note(tx, &sign_ins, now)
}

/// Each client once for each session, whichever of its tokens there are.
fn note(tx: &mut Tx<'_>, sign_ins: &[SignIn], now: Timestamp) -> Result<(), StoreError> {
    let mut told = BTreeSet::new();
    for sign_in in sign_ins {
        tx.sign_ins().log_out(sign_in.family, now)?;
        if !told.insert((sign_in.session, sign_in.client)) {
            continue;
        }
        let Some(client) = tx.clients().find(sign_in.client)?.filter(|client| client.enabled) else { continue };
        let Some(uri) = client.openid.backchannel_logout_uri.clone() else { continue };
        tx.logout_deliveries().insert(&LogoutDelivery {
            id: Random.id(now, DeliveryId::new),
            client: client.id,
            subject: sign_in.user.to_string(),
            sid: Some(openid::sid(sign_in.session, sign_in.client)),
            uri,
            attempts: 0,
            next_at: now,
            created_at: now,
        })?;
    }
    Ok(())
}

/// Whether somebody is to be told now.
///
/// # Errors
/// What the database says.
pub fn is_due(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, StoreError> {
    Ok(!tx.logout_deliveries().find_due(now, 1)?.is_empty())
}

/// Takes those who are to be told now, with their clients: whoever takes one tells it. Whom nobody could tell is given up.
///
/// # Errors
/// What the database says.
pub fn take(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<(LogoutDelivery, Client)>, StoreError> {
    let mut taken = Vec::new();
    for delivery in tx.logout_deliveries().find_due(now, AT_ONCE)? {
        let client = tx.clients().find(delivery.client)?.filter(|client| client.enabled);
        let Some(client) = client.filter(|_| delivery.attempts < ATTEMPTS) else {
            tracing::warn!(
                client = %delivery.client,
                attempts = delivery.attempts,
                "a client could not be told that a session has ended, and is not tried again"
            );
            tx.logout_deliveries().delete(delivery.id)?;
            continue;
        };
        let doublings = u32::try_from(delivery.attempts).unwrap_or(u32::MAX).min(16);
        let pause = Lifetime::from_millis(PAUSE.millis().saturating_mul(1 << doublings));
        if tx.logout_deliveries().claim(&delivery, now + pause)? {
            taken.push((delivery, client));
        }
    }
    Ok(taken)
}

/// What the client is told: a logout token (OpenID Connect Back-Channel Logout §2.4), signed as its id_tokens are.
///
/// # Errors
/// Where there is no key to sign with.
pub fn token(
    delivery: &LogoutDelivery,
    client: &Client,
    ring: &Ring,
    issuer: &Issuer,
    now: Timestamp,
) -> Result<String, SigningError> {
    let mut claims = Map::new();
    let mut set = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    set("iss", issuer.as_str().into());
    set("aud", client.client_id.as_str().into());
    set("iat", now.seconds().into());
    set("exp", (now + GOOD_FOR).seconds().into());
    set("jti", delivery.id.to_string().into());
    set("events", json!({ EVENT: {} }));
    if let Some(user) = UserId::parse(&delivery.subject) {
        set("sub", subject::of(ring.salt(), client, user).into());
    }
    if let Some(sid) = &delivery.sid {
        set("sid", sid.as_str().into());
    }
    let algorithm = id_token::algorithm_for(client, client.openid.id_token_signed_response_alg.as_deref());
    ring.sign(algorithm, Some(TYPE), &claims, now)
}
