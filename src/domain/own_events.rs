//! What happened to one's own account, from the audit log: what a person has to know, in words for them.

use serde_json::Value;

use crate::model::audit::AuditEntry;
use crate::model::audit::AuditEvent;
use crate::model::id::AuditId;
use crate::model::id::SessionId;
use crate::model::time::Timestamp;
use crate::model::user::User;
use crate::store::StoreError;
use crate::store::Tx;

/// Who did it, as far as the person may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doer {
    /// The person.
    You,
    /// Somebody who was not signed in: whoever signs in, or asks for a link.
    Anybody,
    /// An administrator; which one is not said.
    Administrator,
    /// Whoever runs the server, or the server itself.
    Operator,
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct OwnEvent {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// What, as the log calls it.
    pub event: String,
    /// What, in words for the person.
    pub sentence: &'static str,
    /// Who did it.
    pub by: Doer,
    /// From where; where others did it in their own right, that is not the person's to know.
    pub address: Option<String>,
    /// The browser, where the session that began then still lasts.
    pub user_agent: Option<String>,
}

/// What is done to a user. An administrator does it to others, and that is no event of the administrator's.
const TO_USERS: &[(AuditEvent, &str)] = &[
    (AuditEvent::LoginSucceeded, "You signed in."),
    (AuditEvent::LoginFailed, "Somebody tried to sign in with a wrong password."),
    (AuditEvent::SecondFactorFailed, "Somebody gave your password, and then a wrong code or passkey."),
    (AuditEvent::PasskeyRefused, "A passkey of yours was refused at sign-in."),
    (AuditEvent::PasskeyCopied, "A passkey of yours was refused: its count went back, so there may be a copy of it."),
    (AuditEvent::PasskeyUsed, "A passkey was used to sign in."),
    (AuditEvent::PasswordChanged, "Your password was changed."),
    (AuditEvent::PasswordRemoved, "Your password was removed."),
    (AuditEvent::PasswordResetAsked, "A link for a new password was asked for."),
    (AuditEvent::EmailVerificationAsked, "A link to confirm an e-mail address was asked for."),
    (AuditEvent::EmailVerified, "Your e-mail address was confirmed."),
    (AuditEvent::SecondFactorAdded, "A second factor was added."),
    (AuditEvent::SecondFactorRemoved, "A second factor was removed."),
    (AuditEvent::PasskeyRenamed, "A passkey of yours got another name."),
    (AuditEvent::SecondFactorsReset, "All your second factors were removed by somebody else."),
    (AuditEvent::RecoveryCodesMade, "New recovery codes were made."),
    (AuditEvent::RecoveryCodeUsed, "A recovery code was used to sign in."),
    (AuditEvent::UserCreated, "Your account was made."),
    (AuditEvent::UserChanged, "Your profile was changed."),
    (AuditEvent::UserDisabled, "Your account was disabled."),
    (AuditEvent::UserEnabled, "Your account was enabled."),
    (AuditEvent::RoleGranted, "A role was given to you."),
    (AuditEvent::RoleRevoked, "A role was taken from you."),
];

/// What a person does with what is theirs.
const BY_USERS: &[(AuditEvent, &str)] = &[
    (AuditEvent::LoggedOut, "You signed out."),
    (AuditEvent::SessionEnded, "A session was ended."),
    (AuditEvent::KeyCreated, "An API key was made."),
    (AuditEvent::KeyChanged, "An API key was changed."),
    (AuditEvent::KeyRotated, "An API key got a new secret."),
    (AuditEvent::KeyRevoked, "An API key was revoked."),
    (AuditEvent::GrantGiven, "An application was given access."),
    (AuditEvent::GrantDenied, "An application was refused access."),
    (AuditEvent::GrantRevoked, "An application's access was taken back."),
];

/// All that is ever said of an event.
#[cfg(test)]
pub fn sentences() -> impl Iterator<Item = &'static str> {
    TO_USERS.iter().chain(BY_USERS).map(|(_, sentence)| *sentence)
}

/// At most `limit` of what happened to `user` before `before`, newest first.
///
/// # Errors
/// What the database says.
pub fn page(tx: &mut Tx<'_>, user: &User, before: Option<AuditId>, limit: i64) -> Result<Vec<OwnEvent>, StoreError> {
    let (person, actor) = (user.id.to_string(), format!("{} ({})", user.id, user.username));
    let names = |of: &[(AuditEvent, &'static str)]| of.iter().map(|(event, _)| event.as_str()).collect::<Vec<_>>();
    let entries =
        tx.audit().recent_of_person((&person, &names(TO_USERS)), (&actor, &names(BY_USERS)), before, limit)?;
    entries.into_iter().map(|entry| own(tx, user, &actor, entry)).collect()
}

fn own(tx: &mut Tx<'_>, user: &User, actor: &str, entry: AuditEntry) -> Result<OwnEvent, StoreError> {
    let by = match entry.actor.as_str() {
        doer if doer == actor => Doer::You,
        doer if doer.starts_with("user_") || doer.starts_with("client_") => Doer::Administrator,
        "command line" | "housekeeping" | "setup" => Doer::Operator,
        _ => Doer::Anybody,
    };
    let details: Value = serde_json::from_str(&entry.details).unwrap_or_default();
    let session = match details["session"].as_str().and_then(SessionId::parse) {
        Some(session) => tx.sessions().find(session)?.filter(|session| session.user == user.id),
        None => None,
    };
    let known = TO_USERS.iter().chain(BY_USERS).find(|(event, _)| event.as_str() == entry.event);
    Ok(OwnEvent {
        id: entry.id,
        at: entry.at,
        sentence: known.map_or("Something was done.", |(_, sentence)| sentence),
        event: entry.event,
        by,
        address: entry.address.filter(|_| matches!(by, Doer::You | Doer::Anybody)),
        user_agent: session.map(|session| session.user_agent),
    })
}
