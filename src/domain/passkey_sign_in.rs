//! Signing in with a passkey and nothing else: no name, no password. The authenticator has the key, and has made sure of its
//! person, which makes two factors. Who it is stands in what it signs for; unknown passkey, wrong signature and disabled user
//! are one answer.

use serde_json::json;

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::attempts;
use crate::domain::attempts::Bucket;
use crate::domain::attempts::Limit;
use crate::domain::factors::challenge::Bound;
use crate::domain::factors::challenge::Challenge;
use crate::domain::factors::passkeys;
use crate::domain::factors::passkeys::Shown;
use crate::domain::login;
use crate::domain::login::SignedIn;
use crate::domain::second_step::Entrance;
use crate::model::audit::AuditEvent;
use crate::model::factor::Passkey;
use crate::model::issuer::Issuer;
use crate::model::time::Lifetime;
use crate::model::user::UserKind;
use crate::store::StoreError;
use crate::store::Tx;

/// What became of it.
#[derive(Debug)]
pub enum Outcome {
    /// They are in.
    SignedIn(Box<SignedIn>),
    /// The passkey is unknown or wrong, or its user is disabled: which of them is not said. It is counted.
    Wrong,
    /// It came too late, or the second time.
    Lapsed,
    /// It is wrong, and so were too many before it: for so long none is counted.
    Limited(Lifetime),
}

/// Signs in whoever shows a passkey for the challenge that was given to `bound`. What is wrong is counted for the address with
/// wrong passwords, and for the passkey; not with wrong codes, which only those can send who gave the password. A right one is
/// let in whatever others did: nobody guesses a signature, so a limit would only lock its owner out.
///
/// # Errors
/// What the database says.
pub fn sign_in(
    tx: &mut Tx<'_>,
    keys: &SecretKeys,
    issuer: &Issuer,
    bound: &Bound,
    shown: &Shown,
    (entrance, per_address): (&Entrance, Option<Limit>),
    act: &Act,
) -> Result<Outcome, StoreError> {
    let Some(challenge) = Challenge::open(keys.all(), bound, &shown.challenge, act.now) else {
        return Ok(Outcome::Lapsed);
    };
    let found = match passkeys::find(tx, shown)? {
        Some(passkey) => {
            // The user's row first, as in the second step, or two sign-ins could wait for each other. The passkey may have been
            // removed before the lock was had.
            tx.users().lock(passkey.user)?;
            passkeys::find(tx, shown)?.filter(|still| still.id == passkey.id)
        }
        None => None,
    };
    let mut buckets: Vec<_> = per_address.map(|limit| (login::address_bucket(act), limit)).into_iter().collect();
    if let Some(passkey) = &found {
        buckets.extend(entrance.limit.map(|limit| (Bucket::new("passkey", &[&passkey.id.to_string()]), limit)));
    }
    if !challenge.spend(tx)? {
        return Ok(Outcome::Lapsed);
    }
    if let Some(passkey) = &found
        && let Some(signed_in) = enter(tx, issuer, &challenge, passkey, shown, entrance, act)?
    {
        return Ok(Outcome::SignedIn(Box::new(signed_in)));
    }
    if let Err(retry_after) = attempts::reserve(tx, &buckets, act.now)? {
        return Ok(Outcome::Limited(retry_after));
    }
    let subject = found.map_or_else(|| "unknown passkey".to_owned(), |passkey| passkey.user.to_string());
    act.record(tx, AuditEvent::PasskeyRefused, &subject, json!({}))?;
    Ok(Outcome::Wrong)
}

fn enter(
    tx: &mut Tx<'_>,
    issuer: &Issuer,
    challenge: &Challenge,
    passkey: &Passkey,
    shown: &Shown,
    entrance: &Entrance,
    act: &Act,
) -> Result<Option<SignedIn>, StoreError> {
    let user = tx.users().find(passkey.user)?.filter(|user| user.enabled && user.kind == UserKind::Person);
    let Some(user) = user else { return Ok(None) };
    if !passkeys::check(tx, issuer, challenge, passkey, shown, true, act)?
        || !tx.users().note_login_without_password(user.id, act.now)?
    {
        return Ok(None);
    }
    let how = format!("{} mfa", passkey.methods());
    login::enter(tx, user, &how, &entrance.browser, entrance.lifetimes, act).map(Some)
}
