//! Apps that make one-time codes (RFC 6238): offered, confirmed with one code, and asked for ever after.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;
use serde_json::json;
use zeroize::Zeroizing;

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::factors::recovery;
use crate::domain::sealed;
use crate::jose::hotp;
use crate::model::audit::AuditEvent;
use crate::model::factor::RecoveryCode;
use crate::model::factor::Totp;
use crate::model::id::UserId;
use crate::model::issuer::Issuer;
use crate::model::secret::Secret;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::random::Random;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::Tx;

/// The length of a step (RFC 6238 §4.1, X).
const STEP_SECONDS: i64 = 30;
/// How many steps an app's clock may be wrong, either way (RFC 6238 §5.2).
const DRIFT: i64 = 1;
/// As long as an HMAC-SHA-1 (RFC 4226 §4, R6).
const SECRET_BYTES: usize = 20;
/// How long an offer is good.
const OFFERED: Lifetime = Lifetime::from_seconds(3600);

/// A secret that an app may have. Nothing is kept of it until it is confirmed: it travels with the form, sealed.
#[derive(Debug)]
pub struct Offer {
    /// The secret in base32 (RFC 4648 §6), for whoever types it.
    pub secret: Secret,
    /// The same as a link that apps know, which is also what the QR code says.
    pub uri: Secret,
    /// What the form brings back.
    pub sealed: String,
}

/// Why an app is not added.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// The code is not that of the app.
    #[error("the code is not the one that the app shows")]
    WrongCode,
    /// The offer is none of this server's to this user, or too old.
    #[error("the offer has lapsed")]
    Lapsed,
    /// There is an app already.
    #[error("there is an authenticator app already")]
    Taken,
    /// What OpenSSL says.
    #[error("{0}")]
    OpenSsl(String),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// A new offer to `user`, who is called `name`.
///
/// # Errors
/// What OpenSSL says.
pub fn offer(keys: &SecretKeys, issuer: &Issuer, user: UserId, name: &str, now: Timestamp) -> Result<Offer, String> {
    let secret = Zeroizing::new(Random.bytes::<SECRET_BYTES>());
    let plain = Zeroizing::new([&(now + OFFERED).millis().to_be_bytes()[..], &secret[..]].concat());
    let sealed = URL_SAFE_NO_PAD.encode(sealed::seal(keys, &offered_to(user), &plain)?);
    Ok(present(issuer, name, &secret[..], sealed))
}

/// The same offer again, for whoever typed a wrong code. `None` where it has lapsed.
pub fn again(
    keys: &SecretKeys,
    issuer: &Issuer,
    user: UserId,
    name: &str,
    sealed: &str,
    now: Timestamp,
) -> Option<Offer> {
    let secret = open(keys, user, sealed, now)?;
    Some(present(issuer, name, &secret, sealed.to_owned()))
}

/// Adds the app that was offered, if `code` is its. Whoever has no recovery codes gets some.
///
/// # Errors
/// [`ConfirmError`].
pub fn confirm(
    tx: &mut Tx<'_>,
    keys: &SecretKeys,
    user: UserId,
    sealed: &str,
    code: &str,
    act: &Act,
) -> Result<Option<Vec<RecoveryCode>>, ConfirmError> {
    let secret = open(keys, user, sealed, act.now).ok_or(ConfirmError::Lapsed)?;
    let steps = matching_steps(&secret, code, act.now).map_err(ConfirmError::OpenSsl)?;
    let step = steps.into_iter().max().ok_or(ConfirmError::WrongCode)?;
    tx.users().lock(user)?;
    if tx.factors().totp(user)?.is_some() {
        return Err(ConfirmError::Taken);
    }
    let sealed = sealed::seal(keys, &kept_of(user), &secret).map_err(ConfirmError::OpenSsl)?;
    // The code that confirms it is used up by that.
    tx.factors().insert_totp(&Totp { user, sealed, last_step: step, created_at: act.now, used_at: None })?;
    act.record(tx, AuditEvent::SecondFactorAdded, &user.to_string(), json!({ "kind": "totp" }))?;
    Ok(recovery::first(tx, keys, user, act)?)
}

/// Takes a code of the user's app, once. `false` where it is none, or one of its step or a later one was taken before.
///
/// # Errors
/// What the database says; [`StoreError::Corrupt`] where no secret key opens the app's secret.
pub fn spend(tx: &mut Tx<'_>, keys: &SecretKeys, user: UserId, code: &str, act: &Act) -> Result<bool, StoreError> {
    let Some(totp) = tx.factors().totp(user)? else { return Ok(false) };
    let secret = sealed::open(keys, &kept_of(user), &totp.sealed)
        .ok_or(StoreError::Corrupt("no secret key opens the secret of an authenticator app"))?;
    let steps = matching_steps(&secret, code, act.now)
        .map_err(|_| StoreError::Corrupt("an authenticator app's secret makes no codes"))?;
    for step in steps {
        if tx.factors().take_step(user, step, act.now)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Encrypts under the secret key in use what still is under one that it replaced.
///
/// # Errors
/// What the database says.
pub async fn seal_anew(store: &Store, keys: &SecretKeys) -> Result<(), StoreError> {
    if keys.all().nth(1).is_none() {
        return Ok(());
    }
    let keys = keys.clone();
    store
        .write(move |tx| {
            for totp in tx.factors().list_totp()? {
                let context = kept_of(totp.user);
                if sealed::open_with(keys.current(), &context, &totp.sealed).is_some() {
                    continue;
                }
                let Some(secret) = sealed::open(&keys, &context, &totp.sealed) else {
                    tracing::warn!(user = %totp.user, "no secret key opens the secret of an authenticator app");
                    continue;
                };
                let sealed = sealed::seal(&keys, &context, &secret)
                    .map_err(|_| StoreError::Corrupt("an authenticator app's secret cannot be sealed"))?;
                tx.factors().seal_totp_anew(totp.user, &totp.sealed, &sealed)?;
            }
            Ok(())
        })
        .await
}

/// The steps within the drift whose code it is, the earliest first: hardly ever more than one.
fn matching_steps(secret: &[u8], typed: &str, now: Timestamp) -> Result<Vec<i64>, String> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let present = now.seconds().div_euclid(STEP_SECONDS);
    let mut steps = Vec::new();
    for step in present - DRIFT..=present + DRIFT {
        let counter = u64::try_from(step).map_err(|error| error.to_string())?;
        if hotp::code(secret, counter)? == typed {
            steps.push(step);
        }
    }
    Ok(steps)
}

fn open(keys: &SecretKeys, user: UserId, sealed: &str, now: Timestamp) -> Option<Zeroizing<Vec<u8>>> {
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let plain = sealed::open(keys, &offered_to(user), &sealed)?;
    let (end, secret) = plain.split_first_chunk::<8>()?;
    (!Timestamp::from_millis(i64::from_be_bytes(*end)).is_past(now)).then(|| Zeroizing::new(secret.to_vec()))
}

fn offered_to(user: UserId) -> String {
    format!("totp offered to {user}")
}

fn kept_of(user: UserId) -> String {
    format!("totp of {user}")
}

/// The link has a form that Google's first app gave it and all others read.
fn present(issuer: &Issuer, name: &str, secret: &[u8], sealed: String) -> Offer {
    let secret = base32(secret);
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (host, name) = (encoded(issuer.host()), encoded(name));
    let uri = format!(
        "otpauth://totp/{host}:{name}?secret={}&issuer={host}&algorithm=SHA1&digits={}&period={STEP_SECONDS}",
        &*secret,
        hotp::DIGITS,
    );
    Offer { secret: Secret::from(secret.as_str()), uri: Secret::new(uri), sealed }
}

/// RFC 4648 §6, without padding: a secret of 20 bytes needs none.
fn base32(bytes: &[u8]) -> Zeroizing<String> {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = Zeroizing::new(String::with_capacity(bytes.len().div_ceil(5) * 8));
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(held << (5 - bits) & 31) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648 §10.
    #[test]
    fn base32_is_that_of_the_standard() {
        for (plain, encoded) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(plain.as_bytes()).as_str(), encoded);
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_and_one_step_late() {
        let secret = b"12345678901234567890";
        let code = hotp::code(secret, 1000).unwrap();
        let steps = |step: i64| matching_steps(secret, &code, Timestamp::from_seconds(step * 30 + 29)).unwrap();
        for step in [999, 1000, 1001] {
            assert_eq!(steps(step), [1000], "{step}");
        }
        assert!(steps(998).is_empty() && steps(1002).is_empty());
    }
}
