//! What is worth keeping of what was done: who did what to what, when, from where, with which credential.

use std::net::IpAddr;

use crate::model::id::AuditId;
use crate::model::identity::Identity;
use crate::model::identity::Subject;
use crate::model::time::Timestamp;
use crate::model::user::User;

/// Who does something, and how.
#[derive(Debug, Clone)]
pub struct By {
    /// `user_… (ada)`, the `client_id`, `command line` or `setup`.
    pub actor: String,
    /// The id of the credential.
    pub credential: Option<String>,
    /// The address that the request came from.
    pub address: Option<IpAddr>,
    /// The request's id, as the log has it.
    pub request_id: Option<String>,
}

impl By {
    /// Somebody at the machine itself.
    pub fn command_line() -> Self {
        Self { actor: "command line".to_owned(), credential: None, address: None, request_id: None }
    }

    /// The server itself.
    pub fn housekeeping() -> Self {
        Self { actor: "housekeeping".to_owned(), credential: None, address: None, request_id: None }
    }

    /// The same, of whom a link in a mail has shown that they are `user`.
    pub fn through_link(self, user: &User) -> Self {
        Self {
            actor: format!("{} ({})", user.id, user.username),
            credential: Some("link in a mail".to_owned()),
            ..self
        }
    }

    /// The subject of a request.
    pub fn identity(identity: &Identity, address: Option<IpAddr>, request_id: Option<String>) -> Self {
        let actor = match &identity.subject {
            Subject::User { id, username, .. } => format!("{id} ({username})"),
            Subject::Client { client_id, .. } => client_id.clone(),
        };
        Self { actor, credential: Some(identity.credential.log_id()), address, request_id }
    }
}

macro_rules! events {
    ($(#[doc = $sentence:literal] $variant:ident = $word:literal,)*) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum AuditEvent { $(#[doc = $sentence] $variant,)* }

        impl AuditEvent {
            /// All there are.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in the log.
            pub const fn as_str(self) -> &'static str {
                match self { $(AuditEvent::$variant => $word,)* }
            }

            /// What was done, as a sentence.
            pub fn sentence(self) -> &'static str {
                match self { $(AuditEvent::$variant => $sentence,)* }.trim_start()
            }

            /// That of this name.
            pub fn find(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|event| event.as_str() == name)
            }
        }
    };
}

events! {
    /// The first administrator was made.
    SetupDone = "setup.done",
    /// A person signed in.
    LoginSucceeded = "login.succeeded",
    /// A password was wrong.
    LoginFailed = "login.failed",
    /// A second factor was wrong.
    SecondFactorFailed = "login.second_factor_failed",
    /// A passkey was refused that somebody wanted to sign in with.
    PasskeyRefused = "login.passkey_refused",
    /// A passkey was refused, for its count of signatures had gone back: there may be a copy of it.
    PasskeyCopied = "login.passkey_count_went_back",
    /// A person signed out.
    LoggedOut = "logout",
    /// A user was made.
    UserCreated = "user.created",
    /// A user's profile was changed.
    UserChanged = "user.changed",
    /// A user was enabled.
    UserEnabled = "user.enabled",
    /// A user was disabled.
    UserDisabled = "user.disabled",
    /// A user was deleted.
    UserDeleted = "user.deleted",
    /// A user's password was changed.
    PasswordChanged = "user.password_changed",
    /// A person removed their password: passkeys alone let them in.
    PasswordRemoved = "user.password_removed",
    /// A link for a new password was asked for.
    PasswordResetAsked = "user.password_reset_asked",
    /// A link was asked for that shows whose an e-mail address is.
    EmailVerificationAsked = "user.email_verification_asked",
    /// A link showed whose an e-mail address is.
    EmailVerified = "user.email_verified",
    /// A person made their own account.
    SelfRegistered = "user.self_registered",
    /// A user got a second factor.
    SecondFactorAdded = "user.second_factor_added",
    /// A user's second factor was removed.
    SecondFactorRemoved = "user.second_factor_removed",
    /// A passkey got another name.
    PasskeyRenamed = "user.passkey_renamed",
    /// All second factors of a user were removed by somebody else.
    SecondFactorsReset = "user.second_factors_reset",
    /// A passkey was used to sign in.
    PasskeyUsed = "user.passkey_used",
    /// A user got new recovery codes.
    RecoveryCodesMade = "user.recovery_codes_made",
    /// A recovery code was used.
    RecoveryCodeUsed = "user.recovery_code_used",
    /// A role was given to a user.
    RoleGranted = "user.role_granted",
    /// A role was taken from a user.
    RoleRevoked = "user.role_revoked",
    /// A role was made.
    RoleCreated = "role.created",
    /// What a role is for was changed.
    RoleChanged = "role.changed",
    /// A role was deleted.
    RoleDeleted = "role.deleted",
    /// A scope was made.
    ScopeCreated = "scope.created",
    /// A scope's sentence, or the roles that it is bound to, were changed.
    ScopeChanged = "scope.changed",
    /// A scope was deleted.
    ScopeDeleted = "scope.deleted",
    /// A type of authorization details was registered.
    DetailTypeCreated = "detail_type.created",
    /// A type of authorization details was deleted.
    DetailTypeDeleted = "detail_type.deleted",
    /// A resource was registered.
    ResourceCreated = "resource.created",
    /// A resource was changed.
    ResourceChanged = "resource.changed",
    /// A resource was deleted.
    ResourceDeleted = "resource.deleted",
    /// A client was registered.
    ClientCreated = "client.created",
    /// A client's registration was changed.
    ClientChanged = "client.changed",
    /// A client was enabled.
    ClientEnabled = "client.enabled",
    /// A client was disabled.
    ClientDisabled = "client.disabled",
    /// All that a client had was taken from it.
    ClientCutOff = "client.cut_off",
    /// A client was deleted.
    ClientDeleted = "client.deleted",
    /// A client got a new secret.
    ClientSecretRotated = "client.secret_rotated",
    /// A token with which others may register clients was made.
    InitialAccessTokenCreated = "initial_access_token.created",
    /// Such a token was taken back.
    InitialAccessTokenRevoked = "initial_access_token.revoked",
    /// An API key was made.
    KeyCreated = "key.created",
    /// An API key got another name, or was enabled or disabled.
    KeyChanged = "key.changed",
    /// An API key got a new secret.
    KeyRotated = "key.rotated",
    /// An API key was revoked.
    KeyRevoked = "key.revoked",
    /// A signing key was made that will take the place of another.
    SigningKeyRotated = "signing_key.rotated",
    /// A key was brought here from elsewhere.
    KeyImported = "key.imported",
    /// Somebody tried a decoy.
    DecoyTried = "key.decoy_tried",
    /// A secret was found where it should not be, and was put out of use.
    SecretLeaked = "secret.leaked",
    /// A session was ended from elsewhere.
    SessionEnded = "session.ended",
    /// A user let a client in.
    GrantGiven = "grant.given",
    /// A user turned a client away.
    GrantDenied = "grant.denied",
    /// A grant was taken back.
    GrantRevoked = "grant.revoked",
    /// A client put one of its tokens out of use (RFC 7009).
    TokenRevoked = "token.revoked",
    /// A client used one code challenge twice, which protects it from nobody who saw the first (RFC 9700 §2.1.1).
    ConstantChallenge = "client.constant_challenge",
    /// A code was used again; its tokens were ended.
    CodeReplayed = "code.replayed",
    /// A refresh token was used again; its family was ended.
    RefreshReplayed = "refresh_token.replayed",
}

/// Which entries of the log are asked for; all of what is set must be true of them.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Not before this.
    pub since: Option<Timestamp>,
    /// Before this.
    pub until: Option<Timestamp>,
    /// What was done, letter for letter: one of these, or anything where there is none.
    pub events: Vec<String>,
    /// By whom: a user's id, a `client_id`, or the whole text as the log has it.
    pub actor: Option<String>,
    /// To what, letter for letter.
    pub subject: Option<String>,
}

/// An entry of the log.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub event: String,
    /// By whom.
    pub actor: String,
    /// With which credential.
    pub credential: Option<String>,
    /// To what.
    pub subject: String,
    /// What else is to be known, as a JSON object; never a secret.
    pub details: String,
    /// From where.
    pub address: Option<String>,
    /// In which request.
    pub request_id: Option<String>,
}
