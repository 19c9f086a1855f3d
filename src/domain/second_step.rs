//! Sign-in in two steps: a right password, and then a second factor. Between them nobody is signed in; what the browser
//! holds says only that the password was right, and is good for nothing else.

use sha2::Digest;
use sha2::Sha256;

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::attempts::Limit;
use crate::domain::csrf;
use crate::domain::csrf::Purpose;
use crate::domain::factors::challenge::Bound;
use crate::domain::factors::check;
use crate::domain::factors::check::Checked;
use crate::domain::factors::passkeys;
use crate::domain::factors::passkeys::AddError;
use crate::domain::factors::passkeys::NewPasskey;
use crate::domain::factors::passkeys::Shown;
use crate::domain::factors::totp;
use crate::domain::factors::totp::ConfirmError;
use crate::domain::keyed_hash;
use crate::domain::login;
use crate::domain::login::Browser;
use crate::domain::login::SignedIn;
use crate::domain::sessions::SessionLifetimes;
use crate::model::factor::Passkey;
use crate::model::factor::RecoveryCode;
use crate::model::id::UserId;
use crate::model::issuer::Issuer;
use crate::model::password::PasswordHash;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::user::User;
use crate::store::StoreError;
use crate::store::Tx;

/// How long after the password the second factor may come.
pub const PATIENCE: Lifetime = Lifetime::from_seconds(600);
/// A password and a one-time code (RFC 8176 §2).
const PASSWORD_AND_CODE: &str = "pwd otp mfa";

/// Somebody who has given the right password and nothing more yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halfway {
    /// Who.
    pub user: UserId,
    /// Whether there is a factor to ask for; else the next step is to add one.
    pub has_factor: bool,
    until: Timestamp,
    /// Of which password: a new one ends what the old one began.
    password: String,
}

/// Why nobody is signed in by the second step.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The factor is wrong.
    #[error("the code is wrong")]
    Wrong,
    /// Too many were wrong.
    #[error("too many wrong codes")]
    Limited(Lifetime),
    /// The passkey came too late, or the second time.
    #[error("the challenge has lapsed")]
    ChallengeLapsed,
    /// It took too long, or the account has changed since: the password is asked for once more.
    #[error("the sign-in has lapsed")]
    Lapsed,
    /// About an app that is to be added.
    #[error("{0}")]
    Confirm(ConfirmError),
    /// About a passkey that is to be added.
    #[error("{0}")]
    Add(AddError),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl Halfway {
    /// After a password that has the hash `checked`.
    pub fn begin(user: UserId, checked: &PasswordHash, has_factor: bool, now: Timestamp) -> Self {
        Self { user, has_factor, until: now + PATIENCE, password: digest(checked) }
    }

    /// As the browser keeps it.
    pub fn to_cookie(&self, keys: &SecretKeys) -> String {
        let text = self.text();
        let mac = csrf::token(keyed_hash::begin(keys.current()), Purpose::Halfway, text.as_bytes());
        format!("{text}.{mac}")
    }

    /// What this server gave a browser; `None` where it did not, or too long ago.
    pub fn of_cookie(keys: &SecretKeys, cookie: &str, now: Timestamp) -> Option<Self> {
        let (text, mac) = cookie.rsplit_once('.')?;
        if !keys.all().any(|key| csrf::verify(key, Purpose::Halfway, text.as_bytes(), mac)) {
            return None;
        }
        let mut parts = text.split('.');
        let halfway = Self {
            user: UserId::parse(parts.next()?)?,
            has_factor: parts.next()? == "1",
            until: Timestamp::from_millis(parts.next()?.parse().ok()?),
            password: parts.next()?.to_owned(),
        };
        (!halfway.until.is_past(now)).then_some(halfway)
    }

    fn text(&self) -> String {
        format!("{}.{}.{}.{}", self.user, u8::from(self.has_factor), self.until.millis(), self.password)
    }

    /// The user, and the password's hash, if all is as it was when the password was given.
    ///
    /// # Errors
    /// [`StepError::Lapsed`].
    pub fn still(&self, tx: &mut Tx<'_>) -> Result<(User, PasswordHash), StepError> {
        tx.users().lock(self.user)?;
        let user = tx.users().find(self.user)?.filter(|user| user.enabled).ok_or(StepError::Lapsed)?;
        let hash = tx.users().password(self.user)?.filter(|hash| digest(hash) == self.password);
        Ok((user, hash.ok_or(StepError::Lapsed)?))
    }
}

/// What a session needs besides the factor.
#[derive(Debug, Clone)]
pub struct Entrance {
    /// The browser.
    pub browser: Browser,
    /// How long the session lasts.
    pub lifetimes: SessionLifetimes,
    /// How many wrong codes are looked at.
    pub limit: Option<Limit>,
}

/// Signs in with a code of the user's app, or with a recovery code. A wrong code is `Ok`, so that it is counted.
///
/// # Errors
/// [`StepError::Lapsed`], [`StepError::Store`].
pub fn by_code(
    tx: &mut Tx<'_>,
    keys: &SecretKeys,
    halfway: &Halfway,
    code: &str,
    entrance: &Entrance,
    act: &Act,
) -> Result<Result<Box<SignedIn>, StepError>, StepError> {
    let (user, _) = halfway.still(tx)?;
    let known = entrance.browser.known.as_ref();
    let checked = check::code(tx, keys, user.id, code, known, entrance.limit, act)?;
    conclude(tx, halfway, checked, entrance, act)
}

/// As [`by_code`], with a passkey that is shown for the challenge that was given to `bound`.
///
/// # Errors
/// [`StepError::Lapsed`], [`StepError::Store`].
pub fn by_passkey(
    tx: &mut Tx<'_>,
    keys: &SecretKeys,
    issuer: &Issuer,
    (halfway, bound): (&Halfway, &Bound),
    shown: &Shown,
    entrance: &Entrance,
    act: &Act,
) -> Result<Result<Box<SignedIn>, StepError>, StepError> {
    let (user, _) = halfway.still(tx)?;
    let known = entrance.browser.known.as_ref();
    let checked = check::passkey(tx, (keys, issuer), (user.id, bound), shown, known, entrance.limit, act)?;
    conclude(tx, halfway, checked, entrance, act)
}

fn conclude(
    tx: &mut Tx<'_>,
    halfway: &Halfway,
    checked: Checked,
    entrance: &Entrance,
    act: &Act,
) -> Result<Result<Box<SignedIn>, StepError>, StepError> {
    match checked {
        Checked::Code => finish(tx, halfway, PASSWORD_AND_CODE, entrance, act).map(Ok),
        Checked::Passkey(passkey) => finish(tx, halfway, &with_password(passkey.methods()), entrance, act).map(Ok),
        Checked::Wrong => Ok(Err(StepError::Wrong)),
        Checked::Lapsed => Ok(Err(StepError::ChallengeLapsed)),
        Checked::Limited(retry_after) => Ok(Err(StepError::Limited(retry_after))),
    }
}

/// A password and a passkey (RFC 8176 §2).
fn with_password(methods: &str) -> String {
    format!("pwd {methods} mfa")
}

/// Adds the first app of somebody who must have a second factor and has none, and signs them in with it. Whoever has a
/// factor can't add one this way: the password alone would be enough to get around it.
///
/// # Errors
/// [`StepError::Lapsed`], [`StepError::Confirm`], [`StepError::Store`].
pub fn by_first_app(
    tx: &mut Tx<'_>,
    keys: &SecretKeys,
    halfway: &Halfway,
    (sealed, code): (&str, &str),
    entrance: &Entrance,
    act: &Act,
) -> Result<(Box<SignedIn>, Vec<RecoveryCode>), StepError> {
    let (user, _) = halfway.still(tx)?;
    if tx.factors().has_any(user.id)? {
        return Err(StepError::Lapsed);
    }
    // Codes that were left of factors that are gone are nobody's to keep.
    tx.factors().delete_recovery_codes(user.id)?;
    let codes = totp::confirm(tx, keys, user.id, sealed, code, act).map_err(|error| match error {
        ConfirmError::Store(error) => StepError::Store(error),
        other => StepError::Confirm(other),
    })?;
    let signed_in = finish(tx, halfway, PASSWORD_AND_CODE, entrance, act)?;
    Ok((signed_in, codes.unwrap_or_default()))
}

/// As [`by_first_app`], with a passkey that was made for the challenge that was given to `bound`.
///
/// # Errors
/// [`StepError::Lapsed`], [`StepError::Add`], [`StepError::Store`].
pub fn by_first_passkey(
    tx: &mut Tx<'_>,
    keys: &SecretKeys,
    issuer: &Issuer,
    (halfway, bound): (&Halfway, &Bound),
    new: &NewPasskey,
    entrance: &Entrance,
    act: &Act,
) -> Result<(Box<SignedIn>, Vec<RecoveryCode>), StepError> {
    let (user, _) = halfway.still(tx)?;
    if tx.factors().has_any(user.id)? {
        return Err(StepError::Lapsed);
    }
    tx.factors().delete_recovery_codes(user.id)?;
    let codes = passkeys::add(tx, keys, issuer, bound, user.id, new, act).map_err(|error| match error {
        AddError::Store(error) => StepError::Store(error),
        other => StepError::Add(other),
    })?;
    let methods = tx.passkeys().list_of(user.id)?.first().map_or("", Passkey::methods);
    let signed_in = finish(tx, halfway, &with_password(methods), entrance, act)?;
    Ok((signed_in, codes.unwrap_or_default()))
}

/// Lets somebody in who has shown both; `how` names both (RFC 8176 §2).
///
/// # Errors
/// [`StepError::Lapsed`], [`StepError::Store`].
pub fn finish(
    tx: &mut Tx<'_>,
    halfway: &Halfway,
    how: &str,
    entrance: &Entrance,
    act: &Act,
) -> Result<Box<SignedIn>, StepError> {
    let (user, hash) = halfway.still(tx)?;
    if !tx.users().note_login(user.id, &hash, act.now)? {
        return Err(StepError::Lapsed);
    }
    Ok(Box::new(login::enter(tx, user, how, &entrance.browser, entrance.lifetimes, act)?))
}

/// Which password it is, without its hash: a cookie goes to the browser.
fn digest(hash: &PasswordHash) -> String {
    let digest = Sha256::digest(hash.as_str());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
