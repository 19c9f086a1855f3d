//! What was just done, carried over a redirect as `?done=<code>`, so that no text of a URL is ever shown.

/// A thing done, told on top of the page that follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// One's own profile was kept.
    ProfileSaved,
    /// One's own password was changed.
    PasswordChanged,
    /// One's own password was removed.
    PasswordRemoved,
    /// One's own password was set where there was none.
    PasswordSet,
    /// One's own password was set by a link in a mail.
    PasswordReset,
    /// One made an account for oneself.
    Registered,
    /// A link was sent to one's own e-mail address.
    EmailLinkSent,
    /// One's own account was deleted.
    AccountDeleted,
    /// A second factor was added.
    FactorAdded,
    /// A second factor was removed.
    FactorRemoved,
    /// A passkey got another name.
    PasskeyRenamed,
    /// What comes next needs a new sign-in.
    SignInAgain,
    /// What was asked for before a new sign-in is still to be done.
    NotDoneYet,
    /// A session was ended.
    SessionEnded,
    /// All other sessions were ended.
    OtherSessionsEnded,
    /// An application was cut off.
    ApplicationCutOff,
    /// An API key was revoked.
    KeyRevoked,
    /// What can change in an API key was kept.
    KeySaved,
    /// An API key can be used again.
    KeyEnabled,
    /// An API key was stopped.
    KeyDisabled,
    /// A trial of a key's revocation began.
    TrialBegun,
    /// A trial of a key's revocation was ended.
    TrialEnded,
    /// The visitor signed out.
    SignedOut,
    /// A user was made.
    UserCreated,
    /// A user's details were kept.
    UserSaved,
    /// A user's password was set by an administrator.
    UserPasswordSet,
    /// A user may sign in again.
    UserEnabled,
    /// A user is shut out.
    UserDisabled,
    /// A user was removed.
    UserDeleted,
    /// An application was registered.
    ClientCreated,
    /// An application's registration was kept.
    ClientSaved,
    /// An application works again.
    ClientEnabled,
    /// An application was stopped.
    ClientDisabled,
    /// An application lost all access.
    ClientCutOff,
    /// An application was removed.
    ClientDeleted,
    /// Something was done to several records.
    AllDone,
    /// A role, a scope or a resource was made.
    Made,
    /// It was deleted.
    Deleted,
    /// A device was let in.
    DeviceAllowed,
    /// A device was turned away.
    DeviceDenied,
}

impl Notice {
    /// All of them.
    pub const ALL: [Notice; 40] = [
        Notice::ProfileSaved,
        Notice::PasswordChanged,
        Notice::PasswordRemoved,
        Notice::PasswordSet,
        Notice::PasswordReset,
        Notice::Registered,
        Notice::EmailLinkSent,
        Notice::AccountDeleted,
        Notice::FactorAdded,
        Notice::FactorRemoved,
        Notice::PasskeyRenamed,
        Notice::SignInAgain,
        Notice::NotDoneYet,
        Notice::SessionEnded,
        Notice::OtherSessionsEnded,
        Notice::ApplicationCutOff,
        Notice::KeyRevoked,
        Notice::KeySaved,
        Notice::KeyEnabled,
        Notice::KeyDisabled,
        Notice::TrialBegun,
        Notice::TrialEnded,
        Notice::SignedOut,
        Notice::UserCreated,
        Notice::UserSaved,
        Notice::UserPasswordSet,
        Notice::UserEnabled,
        Notice::UserDisabled,
        Notice::UserDeleted,
        Notice::ClientCreated,
        Notice::ClientSaved,
        Notice::ClientEnabled,
        Notice::ClientDisabled,
        Notice::ClientCutOff,
        Notice::ClientDeleted,
        Notice::AllDone,
        Notice::Made,
        Notice::Deleted,
        Notice::DeviceAllowed,
        Notice::DeviceDenied,
    ];

    /// Its value in the query.
    pub fn code(self) -> &'static str {
        match self {
            Notice::ProfileSaved => "profile-saved",
            Notice::PasswordChanged => "password-changed",
            Notice::PasswordRemoved => "password-removed",
            Notice::PasswordSet => "password-set",
            Notice::PasswordReset => "password-reset",
            Notice::Registered => "registered",
            Notice::EmailLinkSent => "email-link-sent",
            Notice::AccountDeleted => "account-deleted",
            Notice::FactorAdded => "factor-added",
            Notice::FactorRemoved => "factor-removed",
            Notice::PasskeyRenamed => "passkey-renamed",
            Notice::SignInAgain => "sign-in-again",
            Notice::NotDoneYet => "not-done-yet",
            Notice::SessionEnded => "session-ended",
            Notice::OtherSessionsEnded => "other-sessions-ended",
            Notice::ApplicationCutOff => "application-cut-off",
            Notice::KeyRevoked => "key-revoked",
            Notice::KeySaved => "key-saved",
            Notice::KeyEnabled => "key-enabled",
            Notice::KeyDisabled => "key-disabled",
            Notice::TrialBegun => "trial-begun",
            Notice::TrialEnded => "trial-ended",
            Notice::SignedOut => "signed-out",
            Notice::UserCreated => "user-created",
            Notice::UserSaved => "user-saved",
            Notice::UserPasswordSet => "user-password-set",
            Notice::UserEnabled => "user-enabled",
            Notice::UserDisabled => "user-disabled",
            Notice::UserDeleted => "user-deleted",
            Notice::ClientCreated => "client-created",
            Notice::ClientSaved => "client-saved",
            Notice::ClientEnabled => "client-enabled",
            Notice::ClientDisabled => "client-disabled",
            Notice::ClientCutOff => "client-cut-off",
            Notice::ClientDeleted => "client-deleted",
            Notice::AllDone => "all-done",
            Notice::Made => "made",
            Notice::Deleted => "deleted",
            Notice::DeviceAllowed => "device-allowed",
            Notice::DeviceDenied => "device-denied",
        }
    }

    /// The notice with this code, if there is one.
    pub fn find(code: &str) -> Option<Notice> {
        Notice::ALL.into_iter().find(|notice| notice.code() == code)
    }

    /// The sentence.
    pub fn text(self) -> &'static str {
        match self {
            Notice::ProfileSaved => "Your profile is saved.",
            Notice::PasswordChanged => "Your password is changed. Your other sessions have ended.",
            Notice::PasswordRemoved => {
                "Your password is removed, and your other sessions have ended. You sign in with a passkey."
            }
            Notice::PasswordSet => "Your password is set. Your other sessions have ended.",
            Notice::PasswordReset => "Your password is set, and all your sessions have ended. Sign in with it.",
            Notice::Registered => "Your account is there. Sign in with the password that you picked.",
            Notice::EmailLinkSent => "A link is on its way. Open it to confirm the address.",
            Notice::AccountDeleted => "Your account is deleted, and all that belonged to it.",
            Notice::FactorAdded => "The second factor is added. You will be asked for it when you sign in.",
            Notice::PasskeyRenamed => "The passkey has another name.",
            Notice::FactorRemoved => "The second factor is removed.",
            Notice::SignInAgain => "Sign in once more to go on: what comes next is for you alone.",
            Notice::NotDoneYet => {
                "You have signed in once more. Nothing was changed before that: do now what you came for."
            }
            Notice::SessionEnded => "The session has ended.",
            Notice::OtherSessionsEnded => "All your other sessions have ended, and applications have to ask again.",
            Notice::ApplicationCutOff => "The application no longer has access to your account.",
            Notice::KeyRevoked => "The API key is revoked. Requests that use it are refused.",
            Notice::KeySaved => "The changes are saved.",
            Notice::KeyEnabled => "The API key is enabled.",
            Notice::KeyDisabled => "The API key is disabled. Requests that use it are refused.",
            Notice::TrialBegun => "The trial runs. Requests still pass, and are counted as those that would fail.",
            Notice::TrialEnded => "The trial has ended. The API key stays as it is.",
            Notice::SignedOut => "You are signed out.",
            Notice::UserCreated => "The user is created.",
            Notice::UserSaved => "The changes are saved.",
            Notice::UserPasswordSet => "The password is set. The user's sessions have ended.",
            Notice::UserEnabled => "The user is enabled.",
            Notice::UserDisabled => "The user is disabled. Sessions, tokens and keys stopped working.",
            Notice::UserDeleted => "The user is deleted.",
            Notice::ClientCreated => "The application is registered.",
            Notice::ClientSaved => "The changes are saved.",
            Notice::ClientEnabled => "The application is enabled.",
            Notice::ClientDisabled => "The application is disabled. Its tokens stopped working.",
            Notice::ClientCutOff => "All access of the application has ended.",
            Notice::ClientDeleted => "The application is deleted.",
            Notice::Made => "It is there now.",
            Notice::Deleted => "It is deleted.",
            Notice::AllDone => "That is done, for all that were chosen.",
            Notice::DeviceAllowed => "The device is connected. Go back to it: it goes on by itself.",
            Notice::DeviceDenied => "The device was turned away. It has no access to your account.",
        }
    }

    /// `path` with this notice in its query.
    pub fn on(self, path: &str) -> String {
        let joint = if path.contains('?') { '&' } else { '?' };
        format!("{path}{joint}done={}", self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Notice;

    #[test]
    fn a_code_names_one_notice() {
        for notice in Notice::ALL {
            assert_eq!(Notice::find(notice.code()), Some(notice));
        }
        assert_eq!(Notice::find("<script>"), None);
    }

    #[test]
    fn a_notice_joins_a_query_that_is_there() {
        assert_eq!(Notice::UserSaved.on("/users/u"), "/users/u?done=user-saved");
        assert_eq!(Notice::KeyRevoked.on("/users/u?tab=settings"), "/users/u?tab=settings&done=key-revoked");
    }
}
