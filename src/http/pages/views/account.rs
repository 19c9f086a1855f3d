//! `/account`: one's own profile, password, sessions, applications and API keys.

use super::filters;
use super::form::Field;
use super::form::Problem;
use super::form::SecretField;
use super::form::problems;
use super::frame::Frame;
use super::keys::KeysPanel;
use super::notices::NoticesView;
use super::time::Moment;
use crate::app::languages::Text;
use crate::http::paths;

/// The account page.
#[derive(askama::Template)]
#[template(path = "pages/account.html")]
pub struct AccountPage {
    /// Its surroundings.
    pub frame: Frame,
    /// What happened to one's credentials.
    pub notices: NoticesView,
    /// Who it is about.
    pub profile: Profile,
    /// Whether people may delete their own accounts.
    pub may_delete: bool,
    /// The form for one's own name.
    pub profile_form: ProfileForm,
    /// Whether there is a password.
    pub password: PasswordState,
    /// The form for a new password.
    pub password_form: PasswordForm,
    /// What second factors there are, as a sentence.
    pub factors: Text,
    /// The sessions, the present one first.
    pub sessions: Vec<SessionRow>,
    /// The applications with access.
    pub applications: Vec<ApplicationRow>,
    /// One's own keys.
    pub keys: KeysPanel,
}

/// What one can't change about oneself.
pub struct Profile {
    /// The user name.
    pub username: String,
    /// The e-mail address; may be empty.
    pub email: String,
    /// Whether it is confirmed.
    pub email_is_verified: bool,
    /// The roles.
    pub roles: Vec<String>,
    /// Since when the account is there.
    pub created: Moment,
}

/// `full_name`.
#[derive(Default)]
pub struct ProfileForm {
    /// `full_name`.
    pub full_name: Field,
}

/// Whether one has a password, and needs it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PasswordState {
    /// Without it nothing lets one in.
    Needed,
    /// A passkey lets one in as well.
    Removable,
    /// There is none: a passkey lets one in.
    None,
}

/// `current_password`, `new_password`.
#[derive(Default)]
pub struct PasswordForm {
    /// `current_password`.
    pub current_password: SecretField,
    /// `new_password`.
    pub new_password: SecretField,
}

/// One session.
pub struct SessionRow {
    /// Its id.
    pub id: String,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// The browser: `Firefox on Linux`, see [`browser`](super::browser::browser).
    pub browser: Text,
    /// The address it was last seen from; may be empty.
    pub address: String,
    /// Where that is, in words, see [`place`](super::place::place); may be empty.
    pub place: &'static str,
    /// When it began.
    pub signed_in: Moment,
    /// When it was last used.
    pub last_used: Moment,
}

/// One application with access.
pub struct ApplicationRow {
    /// The id of the grant.
    pub id: String,
    /// The client's name.
    pub name: String,
    /// Whether an administrator registered it.
    pub is_verified: bool,
    /// What it may do.
    pub scopes: Vec<ScopeLine>,
    /// Since when.
    pub since: Moment,
    /// Until when, if not until it is cut off.
    pub until: Option<Moment>,
}

/// A scope and its sentence.
pub struct ScopeLine {
    /// Its name.
    pub name: String,
    /// What it allows.
    pub sentence: String,
}

impl ProfileForm {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("full_name", &self.full_name.error)])
    }
}

impl PasswordForm {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("current_password", &self.current_password.error), ("new_password", &self.new_password.error)])
    }
}

impl AccountPage {
    /// What is wrong in any of its forms.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        let mut problems = self.profile_form.problems();
        problems.extend(self.password_form.problems());
        problems.extend(self.keys.form.problems());
        problems
    }

    /// Whether there are sessions besides the present one.
    pub fn has_other_sessions(&self) -> bool {
        self.sessions.iter().any(|session| !session.is_current)
    }
}

#[cfg(test)]
impl super::Page for AccountPage {
    fn samples() -> Vec<Self> {
        vec![sample::full(), sample::refused(), sample::bare(), sample::key_created()]
    }
}

#[cfg(test)]
mod sample {
    use super::super::frame::sample::admin;
    use super::super::frame::sample::user;
    use super::super::key_form::sample as key_form;
    use super::super::keys::KeyOwner;
    use super::super::keys::sample;
    use super::super::notice::Notice;
    use super::super::notices::sample::notices;
    use super::*;
    use crate::model::time::Timestamp;

    fn at(seconds: i64) -> Moment {
        let now = Timestamp::from_seconds(1_795_512_600);
        Moment::seen_from(Timestamp::from_seconds(now.seconds() + seconds), now)
    }

    fn session(id: &str, is_current: bool, browser: &str, place: &'static str) -> SessionRow {
        SessionRow {
            id: id.to_owned(),
            is_current,
            browser: Text::of_words(browser),
            address: "2001:db8:85a3::8a2e:370:7334".to_owned(),
            place,
            signed_in: at(-200_000),
            last_used: at(-240),
        }
    }

    fn application(id: &str, name: &str, is_verified: bool) -> ApplicationRow {
        let line = |name: &str, sentence: &str| ScopeLine { name: name.to_owned(), sentence: sentence.to_owned() };
        ApplicationRow {
            id: id.to_owned(),
            name: name.to_owned(),
            is_verified,
            scopes: vec![line("openid", "Know that it is you"), line("email", "See your e-mail address")],
            since: at(-1_000_000),
            until: (!is_verified).then(|| at(1_500_000)),
        }
    }

    pub(super) fn full() -> AccountPage {
        AccountPage {
            frame: admin(paths::ACCOUNT).with_notice(Some(Notice::PasswordChanged)),
            notices: notices(),
            profile: Profile {
                username: "ada".to_owned(),
                email: "ada@example.org".to_owned(),
                email_is_verified: false,
                roles: vec!["admin".to_owned(), "bookkeeping".to_owned()],
                created: at(-9_000_000),
            },
            may_delete: true,
            profile_form: ProfileForm { full_name: Field::with("Ada Lovelace") },
            password: PasswordState::Needed,
            password_form: PasswordForm::default(),
            factors: Text::new("You have an authenticator app."),
            sessions: vec![
                session("session_01", true, "Firefox on Linux", "in a private network"),
                session("session_02", false, "Safari on iPhone", "in your network"),
                session("session_03", false, "Firefox on Linux", "on the server itself"),
                session("session_04", false, "Safari on iPhone", "where you are now"),
            ],
            applications: vec![application("grant_01", "Ledger", true), application("grant_02", "Desk clock", false)],
            keys: sample::panel(KeyOwner::Own),
        }
    }

    pub(super) fn refused() -> AccountPage {
        let mut page = full();
        page.frame.alert = None;
        page.profile_form.full_name = Field::with("Ada\u{202e}").refused("A name has no invisible characters.");
        page.password_form.current_password = SecretField::refused("That is not your password.");
        page.password_form.new_password = SecretField::refused("This password is on the list of common ones.");
        page.keys.form = key_form::refused();
        page
    }

    pub(super) fn bare() -> AccountPage {
        let mut page = full();
        page.frame = user(paths::ACCOUNT);
        page.password = PasswordState::None;
        page.profile.email = String::new();
        page.profile.roles = Vec::new();
        page.sessions.truncate(1);
        page.applications = Vec::new();
        page.notices = NoticesView::default();
        page.keys.keys = Vec::new();
        page
    }

    pub(super) fn key_created() -> AccountPage {
        let mut page = full();
        page.frame.alert = None;
        page.password = PasswordState::Removable;
        page.keys.created = Some(sample::created());
        page
    }
}
