//! Passkeys (Web Authentication Level 3): offered to browsers, added, shown beside a password or in its place.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use serde_json::json;

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::factors::challenge;
use crate::domain::factors::challenge::Bound;
use crate::domain::factors::challenge::Challenge;
use crate::domain::factors::recovery;
use crate::model::audit::AuditEvent;
use crate::model::factor::Passkey;
use crate::model::factor::RecoveryCode;
use crate::model::id::PasskeyId;
use crate::model::id::UserId;
use crate::model::issuer::Issuer;
use crate::model::name::DisplayName;
use crate::model::name::NameError;
use crate::model::user::User;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;
use crate::webauthn::Expected;
use crate::webauthn::Refusal;
use crate::webauthn::assertion;
use crate::webauthn::cose;
use crate::webauthn::registration;

/// The most passkeys of one person.
pub const MOST: usize = 20;
/// The ways to reach an authenticator that are known (Web Authentication §5.8.4); others are not kept.
const TRANSPORTS: [&str; 6] = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"];

/// What a browser brings of a new passkey: all but name and transports in base64url.
#[derive(Debug, Clone, Default)]
pub struct NewPasskey {
    /// What its owner calls it.
    pub name: String,
    /// The challenge, as it was given.
    pub challenge: String,
    /// `clientDataJSON`.
    pub client_data: String,
    /// `attestationObject`.
    pub attestation: String,
    /// The ways to reach the authenticator, separated by spaces.
    pub transports: String,
}

/// What a browser brings of a passkey that is shown, in base64url.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// What the authenticator calls it.
    pub credential: String,
    /// The challenge, as it was given.
    pub challenge: String,
    /// `clientDataJSON`.
    pub client_data: String,
    /// `authenticatorData`.
    pub authenticator_data: String,
    /// `signature`.
    pub signature: String,
    /// `userHandle`: the user's id, where the authenticator keeps it.
    pub user_handle: String,
}

/// Why a passkey is not added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// The challenge is none of this server's to this person, was used, or is too old.
    #[error("that took too long")]
    Lapsed,
    /// It can't be called so.
    #[error("the name {0}")]
    Name(NameError),
    /// What the browser brings is no registration of ours.
    #[error("the passkey was refused: {0}")]
    Refused(#[from] Refusal),
    /// It is there already, at this or another account.
    #[error("this passkey is known here already")]
    Taken,
    /// There are as many as there may be.
    #[error("there are 20 passkeys already, which is the most; remove one first")]
    TooMany,
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// What a browser is asked for a new passkey of `user` (Web Authentication §5.4), all but the challenge. `existing` are those
/// that there are: an authenticator makes no second one. `None` where browsers have no passkeys for this server.
pub fn creation_options(issuer: &Issuer, brand: &str, user: &User, existing: &[Passkey]) -> Option<Value> {
    let shown = if user.full_name.is_empty() { user.username.as_str() } else { &user.full_name };
    let parameters: Vec<Value> =
        cose::OFFERED.iter().map(|algorithm| json!({ "type": "public-key", "alg": algorithm })).collect();
    Some(json!({
        "rp": { "id": issuer.domain()?, "name": brand },
        "user": {
            "id": URL_SAFE_NO_PAD.encode(user.id.as_bytes()),
            "name": user.username.as_str(),
            "displayName": shown,
        },
        "pubKeyCredParams": parameters,
        "timeout": challenge::LIFETIME.millis(),
        "excludeCredentials": existing.iter().map(descriptor).collect::<Vec<_>>(),
        "authenticatorSelection": { "residentKey": "preferred", "userVerification": "preferred" },
        "attestation": "none",
    }))
}

/// What a browser is asked for a passkey that is there (Web Authentication §5.5), all but the challenge: one of `allowed`, or
/// any that knows its user, which has to make sure of its person then. `None` where browsers have no passkeys for this server.
pub fn request_options(issuer: &Issuer, allowed: Option<&[Passkey]>) -> Option<Value> {
    Some(json!({
        "rpId": issuer.domain()?,
        "timeout": challenge::LIFETIME.millis(),
        "allowCredentials": allowed.unwrap_or_default().iter().map(descriptor).collect::<Vec<_>>(),
        "userVerification": if allowed.is_some() { "preferred" } else { "required" },
    }))
}

fn descriptor(passkey: &Passkey) -> Value {
    json!({
        "type": "public-key",
        "id": URL_SAFE_NO_PAD.encode(&passkey.credential_id),
        "transports": passkey.transports.split_whitespace().collect::<Vec<_>>(),
    })
}

/// A user with the passkeys that they have.
///
/// # Errors
/// What the database says.
pub fn owner(tx: &mut Tx<'_>, user: UserId) -> Result<Option<(User, Vec<Passkey>)>, StoreError> {
    let Some(user) = tx.users().find(user)? else { return Ok(None) };
    let passkeys = tx.passkeys().list_of(user.id)?;
    Ok(Some((user, passkeys)))
}

/// Adds a passkey to `user`. Whoever has no recovery codes gets some.
///
/// # Errors
/// [`AddError`].
pub fn add(
    tx: &mut Tx<'_>,
    keys: &SecretKeys,
    issuer: &Issuer,
    bound: &Bound,
    user: UserId,
    new: &NewPasskey,
    act: &Act,
) -> Result<Option<Vec<RecoveryCode>>, AddError> {
    let challenge = Challenge::open(keys.all(), bound, &new.challenge, act.now).ok_or(AddError::Lapsed)?;
    let name = DisplayName::parse(&new.name).map_err(AddError::Name)?;
    let client_data = decode(&new.client_data).ok_or(Refusal::ClientData)?;
    let attestation = decode(&new.attestation).ok_or(Refusal::Attestation)?;
    let response = registration::Response { client_data: &client_data, attestation: &attestation };
    let registered = registration::verify(&response, &expected(issuer, &challenge, false)?)?;
    if !challenge.spend(tx)? {
        return Err(AddError::Lapsed);
    }
    tx.users().lock(user)?;
    if tx.passkeys().list_of(user)?.len() >= MOST {
        return Err(AddError::TooMany);
    }
    if tx.passkeys().find_by_credential(&registered.credential_id)?.is_some() {
        return Err(AddError::Taken);
    }
    let passkey = Passkey {
        id: Random.id(act.now, PasskeyId::new),
        user,
        credential_id: registered.credential_id,
        public_key: registered.public_key,
        sign_count: registered.sign_count,
        transports: transports(&new.transports),
        user_verified: registered.user_verified,
        backup_eligible: registered.backup_eligible,
        backed_up: registered.backed_up,
        name: name.as_str().to_owned(),
        created_at: act.now,
        used_at: None,
    };
    tx.passkeys().insert(&passkey)?;
    act.record(tx, AuditEvent::SecondFactorAdded, &user.to_string(), details(&passkey))?;
    Ok(recovery::first(tx, keys, user, act)?)
}

/// The passkey that is shown, whoever has it.
///
/// # Errors
/// What the database says.
pub fn find(tx: &mut Tx<'_>, shown: &Shown) -> Result<Option<Passkey>, StoreError> {
    match decode(&shown.credential) {
        Some(credential) => tx.passkeys().find_by_credential(&credential),
        None => Ok(None),
    }
}

/// Whether what is `shown` is `passkey`'s signature over `challenge`, and notes its use then. `alone` says that nothing else
/// shows who it is: then the authenticator must know its user and make sure of them, and must have done so before. Whoever
/// finds a key that never asked for a PIN could else give it one of their own.
///
/// # Errors
/// What the database says.
pub fn check(
    tx: &mut Tx<'_>,
    issuer: &Issuer,
    challenge: &Challenge,
    passkey: &Passkey,
    shown: &Shown,
    alone: bool,
    act: &Act,
) -> Result<bool, StoreError> {
    let asserted = match verify(issuer, challenge, passkey, shown, alone) {
        Ok(asserted) => asserted,
        Err(why) => {
            tracing::info!(passkey = %passkey.id, %why, "a passkey was refused");
            return Ok(false);
        }
    };
    if !tx.passkeys().note_use(passkey.id, asserted.sign_count, asserted.backed_up, act.now)? {
        let mut told = details(passkey);
        told["known"] = passkey.sign_count.into();
        told["shown"] = asserted.sign_count.into();
        act.record(tx, AuditEvent::PasskeyCopied, &passkey.user.to_string(), told)?;
        return Ok(false);
    }
    if asserted.user_verified && !passkey.user_verified {
        tx.passkeys().note_verified(passkey.id)?;
    }
    act.record(tx, AuditEvent::PasskeyUsed, &passkey.user.to_string(), details(passkey))?;
    Ok(true)
}

/// Why a passkey that is shown is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Unfit {
    #[error("what the browser sent is not in base64url")]
    Encoding,
    #[error("it names another user")]
    UserHandle,
    #[error("its authenticator has never verified its user beside something else, so it is no factor alone")]
    NotAlone,
    #[error("it is said to be of another kind than when it was added")]
    BackupEligible,
    #[error("{0}")]
    Refused(#[from] Refusal),
}

fn verify(
    issuer: &Issuer,
    challenge: &Challenge,
    passkey: &Passkey,
    shown: &Shown,
    alone: bool,
) -> Result<assertion::Asserted, Unfit> {
    let part = |text: &str| decode(text).ok_or(Unfit::Encoding);
    let user_handle = part(&shown.user_handle)?;
    // Web Authentication §7.2 step 6: whoever is named must be whose it is; where nobody else says who it is, they must be
    // named.
    if user_handle != passkey.user.as_bytes() && (alone || !user_handle.is_empty()) {
        return Err(Unfit::UserHandle);
    }
    if alone && !passkey.user_verified {
        return Err(Unfit::NotAlone);
    }
    let (client_data, signature) = (part(&shown.client_data)?, part(&shown.signature)?);
    let authenticator_data = part(&shown.authenticator_data)?;
    let response = assertion::Response {
        client_data: &client_data,
        authenticator_data: &authenticator_data,
        signature: &signature,
    };
    let asserted = assertion::verify(&response, &passkey.public_key, &expected(issuer, challenge, alone)?)?;
    if asserted.backup_eligible != passkey.backup_eligible {
        return Err(Unfit::BackupEligible);
    }
    Ok(asserted)
}

fn expected<'a>(
    issuer: &'a Issuer,
    challenge: &'a Challenge,
    needs_verification: bool,
) -> Result<Expected<'a>, Refusal> {
    let rp_id = issuer.domain().ok_or(Refusal::RpId)?;
    Ok(Expected { challenge: challenge.bytes(), origin: issuer.origin(), rp_id, needs_verification })
}

/// Why a passkey keeps its name.
#[derive(Debug, thiserror::Error)]
pub enum RenameError {
    /// The user has none such.
    #[error("there is no such passkey")]
    NotFound,
    /// It can't be called so.
    #[error("the name {0}")]
    Name(NameError),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Gives one of a user's own passkeys another name.
///
/// # Errors
/// [`RenameError`].
pub fn rename(tx: &mut Tx<'_>, user: UserId, id: PasskeyId, name: &str, act: &Act) -> Result<(), RenameError> {
    let name = DisplayName::parse(name).map_err(RenameError::Name)?;
    tx.users().lock(user)?;
    let passkeys = tx.passkeys().list_of(user)?;
    let before = passkeys.iter().find(|passkey| passkey.id == id).ok_or(RenameError::NotFound)?;
    if before.name == name.as_str() {
        return Ok(());
    }
    tx.passkeys().rename(user, id, name.as_str())?;
    let told = json!({ "kind": "passkey", "id": id.to_string(), "before": before.name, "name": name.as_str() });
    act.record(tx, AuditEvent::PasskeyRenamed, &user.to_string(), told)?;
    Ok(())
}

fn details(passkey: &Passkey) -> Value {
    json!({ "kind": "passkey", "id": passkey.id.to_string(), "name": passkey.name })
}

fn transports(text: &str) -> String {
    let is_named = |known: &&str| text.split_whitespace().any(|named| named == *known);
    TRANSPORTS.into_iter().filter(is_named).collect::<Vec<_>>().join(" ")
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
