//! Signing in with a password. Unknown user, wrong password and disabled user are one answer after the same work.

use std::net::IpAddr;

use serde_json::json;

use crate::domain::act::Act;
use crate::domain::attempts;
use crate::domain::attempts::Bucket;
use crate::domain::attempts::Limit;
use crate::domain::passwords::Busy;
use crate::domain::passwords::Passwords;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding::About;
use crate::domain::refusals::finding::Finding;
use crate::domain::second_step::Halfway;
use crate::domain::sessions;
use crate::domain::sessions::SessionLifetimes;
use crate::model::audit::AuditEvent;
use crate::model::id::UserId;
use crate::model::password::PasswordHash;
use crate::model::secret::Secret;
use crate::model::session::Session;
use crate::model::time::Lifetime;
use crate::model::token::Token;
use crate::model::token::TokenHash;
use crate::model::user::User;
use crate::model::username::Login;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::Tx;

/// What is asked of somebody who signs in, in this order.
pub const CHECKS: &[Check] = &[
    Check::NotTooOften,
    Check::UserKnown,
    Check::UserEnabled,
    Check::UserHasPassword,
    Check::PasswordRight,
    Check::StepLive,
    Check::SecondFactor,
    Check::Passkey,
];

/// Which half is wrong. Outside that is not said, nor told by the time it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Nobody has this name or address.
    User,
    /// The user is disabled.
    Disabled(UserId),
    /// The user has no password.
    NoPassword(UserId),
    /// The password is another one.
    Password(UserId),
}

impl Wrong {
    /// The same for administrators. What was typed is never kept: people type their password into the wrong field.
    pub fn finding(self) -> Finding {
        let (check, expected, came, user) = match self {
            Wrong::User => (Check::UserKnown, "the name or address of a user", "one that nobody has", None),
            Wrong::Disabled(user) => (Check::UserEnabled, "a user who is enabled", "one who is disabled", Some(user)),
            Wrong::NoPassword(user) => {
                (Check::UserHasPassword, "a user with a password", "one who has none", Some(user))
            }
            Wrong::Password(user) => (Check::PasswordRight, "the user's password", "another text", Some(user)),
        };
        let about = About { user: user.map(|user| user.to_string()), ..About::default() };
        Finding::new(check, expected, came).about(about)
    }
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The name or the password is wrong, or the user is disabled or has no password: which of them is not said.
    #[error("the name or the password is wrong")]
    Wrong(Wrong),
    /// Too many were wrong.
    #[error("too many wrong passwords")]
    Limited {
        /// How long to wait.
        retry_after: Lifetime,
    },
    /// Too many sign in at once.
    #[error("too many people sign in at once")]
    Busy(#[from] Busy),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// How many wrong passwords are looked at. What is `None` is not limited.
#[derive(Debug, Clone, Copy)]
pub struct LoginLimits {
    /// For one account, over all strange browsers.
    pub account: Option<Limit>,
    /// For one account from one browser that has signed in there before: a stranger's failures cannot lock out the
    /// person whose account it is.
    pub device: Option<Limit>,
    /// For one address, over all accounts.
    pub address: Option<Limit>,
}

/// What one needs to check passwords.
#[derive(Clone, Copy)]
pub struct LoginContext<'a> {
    /// Where users are.
    pub store: &'a Store,
    /// Where hashing is done.
    pub passwords: &'a Passwords,
    /// How often one may be wrong.
    pub limits: LoginLimits,
}

/// A browser that has signed in to an account before, as its cookie proves.
#[derive(Debug, Clone)]
pub struct KnownDevice {
    /// The account.
    pub user: UserId,
    /// The browser.
    pub device: String,
}

/// Checks a password, and counts it if it is wrong. Returns the user and the hash that was checked.
///
/// # Errors
/// See [`LoginError`].
pub async fn check_password(
    context: LoginContext<'_>,
    login: Option<&Login>,
    password: Secret,
    known: Option<KnownDevice>,
    act: &Act,
) -> Result<(User, PasswordHash), LoginError> {
    let LoginContext { store, passwords, limits } = context;
    let (buckets, found) = {
        let (login, act) = (login.cloned(), act.clone());
        let reserved = store.write(move |tx| reserve(tx, login.as_ref(), known.as_ref(), limits, &act)).await?;
        reserved.map_err(|retry_after| LoginError::Limited { retry_after })?
    };
    let (user, hash) = match found {
        Some((user, hash)) => (Some(user), hash),
        None => (None, None),
    };
    let checked = hash.clone().filter(|_| user.as_ref().is_some_and(|user| user.enabled));
    let verdict = match passwords.verify(password.clone(), checked).await {
        Ok(verdict) => verdict,
        Err(busy) => {
            // Nobody looked at the password, so it was not wrong.
            store.write(move |tx| attempts::settle(tx, &buckets)).await?;
            return Err(busy.into());
        }
    };
    let act = act.clone();
    // Never what was typed: people type their password into the wrong field.
    let subject = user.as_ref().map_or_else(|| "unknown user".to_owned(), |user| user.id.to_string());
    let wrong = match (&user, &hash) {
        (None, _) => Wrong::User,
        (Some(user), _) if !user.enabled => Wrong::Disabled(user.id),
        (Some(user), None) => Wrong::NoPassword(user.id),
        (Some(user), Some(_)) => Wrong::Password(user.id),
    };
    let (Some(user), Some(hash), true) = (user, hash, verdict.matches) else {
        store.write(move |tx| act.record(tx, AuditEvent::LoginFailed, &subject, json!({}))).await?;
        return Err(LoginError::Wrong(wrong));
    };
    store.write(move |tx| attempts::settle(tx, &buckets)).await?;
    if !verdict.needs_rehash {
        return Ok((user, hash));
    }
    let id = user.id;
    // The parameters have grown since the password was set. A new hash that can't be made now is made another time.
    let Ok(new) = passwords.hash(password).await else { return Ok((user, hash)) };
    let (old, replacement) = (hash.clone(), new.clone());
    match store.write(move |tx| tx.users().replace_hash(id, &old, &replacement)).await {
        Ok(true) => Ok((user, new)),
        Ok(false) => Ok((user, hash)),
        Err(error) => {
            let error: StoreError = error;
            tracing::warn!(%error, "a password's new hash could not be written");
            Ok((user, hash))
        }
    }
}

type Reserved = (Vec<(Bucket, Limit)>, Option<(User, Option<PasswordHash>)>);

fn reserve(
    tx: &mut Tx<'_>,
    login: Option<&Login>,
    known: Option<&KnownDevice>,
    limits: LoginLimits,
    act: &Act,
) -> Result<Result<Reserved, Lifetime>, StoreError> {
    // A text that can be nobody's name is counted like one that is just not there.
    let typed = login.map(Login::as_str).unwrap_or_default();
    let found = match tx.users().find_by_login(typed)? {
        Some(user) => {
            let hash = tx.users().password(user.id)?;
            Some((user, hash))
        }
        None => None,
    };
    let user = found.as_ref().map(|(user, _)| user);
    // By the account, not by the name that was typed: one account has a name and an address, and one limit.
    let account = user.map_or_else(|| typed.to_owned(), |user| user.id.to_string());
    let device = known.filter(|known| user.is_some_and(|user| user.id == known.user));
    let by_account = match device {
        Some(known) => limits.device.map(|limit| (Bucket::new("login device", &[&account, &known.device]), limit)),
        None => limits.account.map(|limit| (Bucket::new("login account", &[&account]), limit)),
    };
    let by_address = limits.address.map(|limit| (address_bucket(act), limit));
    let buckets: Vec<_> = by_account.into_iter().chain(by_address).collect();
    match attempts::reserve(tx, &buckets, act.now)? {
        Ok(()) => Ok(Ok((buckets, found))),
        // No entry in the audit log: each attempt beyond the limit would write, and the failures up to it stand there.
        Err(retry_after) => Ok(Err(retry_after)),
    }
}

/// Where failures are counted of whoever signs in from this address, whatever they show.
pub fn address_bucket(act: &Act) -> Bucket {
    let address = act.by.address.map(network).unwrap_or_default();
    Bucket::new("login address", &[&address])
}

/// One household or server has a whole network of IPv6 addresses; they count as one.
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The browser that somebody signs in with.
#[derive(Debug, Clone)]
pub struct Browser {
    /// The account that it has signed in to before.
    pub known: Option<KnownDevice>,
    /// The session that it is in. If it is the same user's it goes on under another cookie, so that applications that
    /// know it are told of no end; if it is another's it ends. Who has the old cookie has nothing.
    pub session: Option<TokenHash>,
    /// What it calls itself.
    pub user_agent: String,
}

/// What became of a right password.
#[derive(Debug)]
pub enum Outcome {
    /// They are in.
    SignedIn(Box<SignedIn>),
    /// They have to show a second factor first. Nobody is signed in yet.
    Halfway(Halfway),
}

/// Somebody who is in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// The session.
    pub session: Session,
    /// Its cookie.
    pub cookie: Token,
}

/// Checks a password, and begins a session or begins it anew, if a password is enough for this user; `asks_more` says that
/// it is not, whoever it is.
///
/// # Errors
/// See [`LoginError`].
pub async fn sign_in(
    context: LoginContext<'_>,
    login: Option<&Login>,
    password: Secret,
    asks_more: bool,
    browser: Browser,
    lifetimes: SessionLifetimes,
    act: &Act,
) -> Result<Outcome, LoginError> {
    let (user, checked) = check_password(context, login, password, browser.known.clone(), act).await?;
    let act = act.clone();
    context
        .store
        .write(move |tx| {
            if !asks_more && tx.users().note_login_by_password(user.id, &checked, act.now)? {
                let (user, how) = (user.clone(), sessions::PASSWORD);
                return Ok(Outcome::SignedIn(Box::new(enter(tx, user, how, &browser, lifetimes, &act)?)));
            }
            // Since the password was checked it may have been changed, or the user disabled.
            if !tx.users().find(user.id)?.is_some_and(|user| user.enabled) {
                return Err(LoginError::Wrong(Wrong::Disabled(user.id)));
            }
            if tx.users().password(user.id)?.as_ref() != Some(&checked) {
                return Err(LoginError::Wrong(Wrong::Password(user.id)));
            }
            let has_factor = tx.factors().has_any(user.id)?;
            Ok(Outcome::Halfway(Halfway::begin(user.id, &checked, has_factor, act.now)))
        })
        .await
}

/// Lets in a user who has proved who they are by `how` (RFC 8176 §2). The session that the browser is in goes on under
/// another cookie if it is the same user's, and ends if it is another's.
///
/// # Errors
/// What the database says.
pub fn enter(
    tx: &mut Tx<'_>,
    user: User,
    how: &str,
    browser: &Browser,
    lifetimes: SessionLifetimes,
    act: &Act,
) -> Result<SignedIn, StoreError> {
    let before = match &browser.session {
        Some(hash) => tx.find_session(hash)?.map(|facts| facts.session),
        None => None,
    };
    let (session, cookie) = match before {
        Some(own) if own.user == user.id && own.is_live(act.now) => {
            sessions::renew(tx, &own, how, &browser.user_agent, lifetimes, act)?
        }
        before => {
            if let Some(before) = before {
                sessions::end(tx, before.id, None, act)?;
            }
            sessions::begin(tx, user.id, how, &browser.user_agent, lifetimes, act)?
        }
    };
    let details = json!({ "session": session.id.to_string(), "amr": how });
    act.record(tx, AuditEvent::LoginSucceeded, &user.id.to_string(), details)?;
    Ok(SignedIn { user, session, cookie })
}
