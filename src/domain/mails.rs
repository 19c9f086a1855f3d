//! Mail to people. What is asked for waits in a table; any node takes it from there, and only then is it known whom it
//! goes to and what link it carries. So nothing secret waits, and asking is the same work whoever the mail is for. The link
//! follows from the mail's id and the server's key: each attempt carries the same one, and one that arrived although the mail
//! server never said so is as good as the next.

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::attempts;
use crate::domain::attempts::Bucket;
use crate::domain::attempts::Limit;
use crate::domain::derive;
use crate::domain::login::KnownDevice;
use crate::domain::login::network;
use crate::domain::users::UserError;
use crate::model::email::Email;
use crate::model::id::MailId;
use crate::model::id::UserId;
use crate::model::mail::Letter;
use crate::model::mail::Mail;
use crate::model::mail::MailKind;
use crate::model::mail::MailLink;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenHash;
use crate::model::token::TokenKind;
use crate::model::user::User;
use crate::model::user::UserKind;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// For how long sending is tried.
const TRIED_FOR: Lifetime = Lifetime::from_hours(24);
/// How long after the first attempt the second comes; each further one after twice the time, up to [`LONGEST_PAUSE`]. No
/// attempt takes longer.
const PAUSE: Lifetime = Lifetime::from_seconds(60);
const LONGEST_PAUSE: Lifetime = Lifetime::from_hours(1);
/// How many are sent at once.
const AT_ONCE: i64 = 8;

/// How much mail may be asked for. What is `None` is not limited.
#[derive(Debug, Clone, Copy)]
pub struct MailLimits {
    /// From one address: whoever is over it is told so.
    pub asker: Option<Limit>,
    /// To one person: what is over it is not sent, and nobody is told.
    pub reader: Option<Limit>,
}

/// Who asks for mail, from a page.
#[derive(Debug, Clone)]
pub struct Asker {
    /// The language of the page (BCP 47).
    pub language: String,
    /// The browser, if it has signed in to an account before.
    pub known: Option<KnownDevice>,
}

/// Counts that somebody who is not signed in asks for mail to `reader`. `Ok` within says whether to send it, `Err` how long
/// to wait. `kind` keeps readers of one kind of mail from those of another.
///
/// A browser that has signed in to the reader's account before (`device`) has a count of its own, as at sign-in: strangers
/// use up nothing of it. And of what one reader gets, strangers at one address may ask for little more than half.
///
/// # Errors
/// What the database says.
pub fn count_wish(
    tx: &mut Tx<'_>,
    kind: MailKind,
    reader: &str,
    device: Option<&str>,
    limits: MailLimits,
    act: &Act,
) -> Result<Result<bool, Lifetime>, StoreError> {
    let address = act.by.address.map(network).unwrap_or_default();
    let asker: Vec<_> = limits.asker.map(|limit| (Bucket::new("mail asker", &[&address]), limit)).into_iter().collect();
    if let Err(retry_after) = attempts::reserve(tx, &asker, act.now)? {
        return Ok(Err(retry_after));
    }
    let Some(limit) = limits.reader else { return Ok(Ok(true)) };
    let kind = kind.as_str();
    let buckets = match device {
        Some(device) => vec![(Bucket::new("mail reader device", &[kind, reader, device]), limit)],
        None => {
            let share = Limit { failures: limit.failures.min(limit.failures / 2 + 1), ..limit };
            vec![
                (Bucket::new("mail reader asker", &[kind, reader, &address]), share),
                (Bucket::new("mail reader", &[kind, reader]), limit),
            ]
        }
    };
    Ok(Ok(attempts::reserve(tx, &buckets, act.now)?.is_ok()))
}

/// Has a mail sent; `language` is that of the page from which it was asked for.
///
/// # Errors
/// What the database says.
pub fn send(
    tx: &mut Tx<'_>,
    kind: MailKind,
    user: Option<UserId>,
    email: Option<&Email>,
    language: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.mails().insert(&Mail {
        id: Random.id(now, MailId::new),
        kind,
        user,
        email: email.cloned(),
        attempts: 0,
        next_at: now,
        created_at: now,
        language: Some(language.to_owned()),
    })
}

/// Whether something is to be sent now.
///
/// # Errors
/// What the database says.
pub fn is_due(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, StoreError> {
    Ok(!tx.mails().find_due(now, 1)?.is_empty())
}

/// Takes what is to be sent now: whoever takes it sends it. Mail for nobody goes, and so does what nobody could send, and what
/// is tried again though its link was used meanwhile or a newer one has ended it. Where no mail leaves (without `keys`)
/// there are no links in it, and the links that there are stay good.
///
/// # Errors
/// What the database says.
pub fn take(tx: &mut Tx<'_>, keys: Option<&SecretKeys>, now: Timestamp) -> Result<Vec<Letter>, StoreError> {
    let mut letters = Vec::new();
    for mail in tx.mails().find_due(now, AT_ONCE)? {
        let reader = reader(tx, &mail)?;
        let is_given_up = mail.created_at + TRIED_FOR <= now && mail.attempts > 0;
        if is_given_up && reader.is_some() {
            tracing::warn!(mail = %mail.id, kind = mail.kind.as_str(), "a mail could not be sent, and is not tried again");
        }
        let Some((to, user)) = reader.filter(|_| !is_given_up) else {
            tx.mails().delete(mail.id)?;
            continue;
        };
        let doublings = u32::try_from(mail.attempts).unwrap_or(u32::MAX).min(16);
        let pause = Lifetime::from_millis(PAUSE.millis().saturating_mul(1 << doublings)).min(LONGEST_PAUSE);
        if !tx.mails().claim(&mail, now + pause)? {
            continue;
        }
        // Who asks for an account and has one is told so, and gets no link to make another.
        let is_known = mail.kind == MailKind::SelfRegistration && user.is_some();
        let link = match (mail.kind.link(), keys) {
            (Some(kind), Some(keys)) if !is_known => {
                let link = link_of(tx, kind, keys, &mail, user.as_ref().map(|user| user.id), &to, now)?;
                if link.is_none() {
                    tx.mails().delete(mail.id)?;
                    continue;
                }
                link
            }
            _ => None,
        };
        let language = mail.language.clone().or_else(|| user.as_ref().and_then(|user| user.claims.locale.clone()));
        letters.push(Letter { mail, to, reader: user.map(|user| user.username.as_str().to_owned()), language, link });
    }
    Ok(letters)
}

/// The link of a mail. At the first attempt it begins, and ends those before it; at each further one it is the same, and ends
/// later. `None` where it was used meanwhile, or something has ended it.
fn link_of(
    tx: &mut Tx<'_>,
    kind: TokenKind,
    keys: &SecretKeys,
    mail: &Mail,
    user: Option<UserId>,
    to: &Email,
    now: Timestamp,
) -> Result<Option<Token>, StoreError> {
    let made = |key: &[u8; 32]| derive::token(kind, key, &[b"link of a mail", mail.id.as_bytes()]);
    if mail.attempts == 0 {
        let token = made(keys.current());
        begin_link(tx, mail.kind, user, to, &token, now)?;
        return Ok(Some(token));
    }
    // The key may have been changed since.
    for token in keys.all().map(made) {
        if tx.mail_links().renew(&token.hash(), to, now + mail.kind.link_lifetime())? {
            return Ok(Some(token));
        }
    }
    Ok(None)
}

/// Where a mail goes, and whose address that is; `None` where it is for nobody. Service accounts read no mail, and who
/// is disabled gets none.
fn reader(tx: &mut Tx<'_>, mail: &Mail) -> Result<Option<(Email, Option<User>)>, StoreError> {
    if mail.kind == MailKind::SelfRegistration {
        let Some(email) = &mail.email else { return Ok(None) };
        let user = tx.users().find_by_login(email.canonical())?;
        let may_read = user.as_ref().is_none_or(reads_mail);
        return Ok(may_read.then(|| (email.clone(), user)));
    }
    let Some(id) = mail.user else { return Ok(None) };
    let Some(user) = tx.users().find(id)?.filter(reads_mail) else { return Ok(None) };
    let to = mail.email.clone().or_else(|| user.email.clone());
    Ok(to.map(|to| (to, Some(user))))
}

fn reads_mail(user: &User) -> bool {
    user.enabled && user.kind == UserKind::Person
}

/// A new link, which ends the older ones of its kind.
///
/// # Errors
/// What the database says.
pub fn link(
    tx: &mut Tx<'_>,
    kind: MailKind,
    user: Option<UserId>,
    email: &Email,
    now: Timestamp,
) -> Result<Token, StoreError> {
    let token = Random.token(kind.link().unwrap_or(TokenKind::EmailVerification));
    begin_link(tx, kind, user, email, &token, now)?;
    Ok(token)
}

fn begin_link(
    tx: &mut Tx<'_>,
    kind: MailKind,
    user: Option<UserId>,
    email: &Email,
    token: &Token,
    now: Timestamp,
) -> Result<(), StoreError> {
    match user {
        Some(user) => tx.mail_links().end_of_user(user, kind)?,
        None => tx.mail_links().end_of_address(email, kind)?,
    }
    tx.mail_links().insert(&MailLink {
        hash: token.hash(),
        kind,
        user,
        email: email.clone(),
        created_at: now,
        expires_at: now + kind.link_lifetime(),
    })
}

/// The link of this kind and token, if it is good, and whose it is: `None` within for somebody who has no account yet.
///
/// # Errors
/// What the database says.
pub fn find_link(
    tx: &mut Tx<'_>,
    kind: MailKind,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<(MailLink, Option<User>)>, StoreError> {
    let Some(link) = tx.mail_links().find(token, now)?.filter(|link| link.kind == kind) else { return Ok(None) };
    let Some(id) = link.user else { return Ok(Some((link, None))) };
    let user = tx.users().find(id)?.filter(reads_mail);
    Ok(user.map(|user| (link, Some(user))))
}

/// Why what a link is for is not done.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The link is none, was used, is too old or was followed by a newer one.
    #[error("this link is not valid any more")]
    Ended,
    /// The user can't be made, or changed that way; the link stays good.
    #[error("{0}")]
    User(#[from] UserError),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// As [`use_link`], for a link to somebody who has an account: the link, whose it is, and the act in that person's name.
///
/// # Errors
/// [`LinkError::Ended`], [`LinkError::Store`].
pub fn follow(
    tx: &mut Tx<'_>,
    kind: MailKind,
    token: &TokenHash,
    act: &Act,
) -> Result<(MailLink, User, Act), LinkError> {
    let Some((link, Some(user))) = use_link(tx, kind, token, act)? else { return Err(LinkError::Ended) };
    let act = Act { by: act.by.clone().through_link(&user), now: act.now };
    Ok((link, user, act))
}

/// As [`find_link`], and uses it up: of several who come with it at once one is first.
///
/// # Errors
/// What the database says.
pub fn use_link(
    tx: &mut Tx<'_>,
    kind: MailKind,
    token: &TokenHash,
    act: &Act,
) -> Result<Option<(MailLink, Option<User>)>, StoreError> {
    let Some((link, user)) = find_link(tx, kind, token, act.now)? else { return Ok(None) };
    let Some(user) = user else { return Ok(tx.mail_links().consume(token)?.then_some((link, None))) };
    // What is decided of the user stays true to the end, and is decided from what is true by now.
    tx.users().lock(user.id)?;
    if !tx.mail_links().consume(token)? {
        return Ok(None);
    }
    let user = tx.users().find(user.id)?.filter(reads_mail);
    Ok(user.map(|user| (link, Some(user))))
}
