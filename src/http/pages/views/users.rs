//! `/users`: people and service accounts.

use super::bulk::BulkBar;
use super::filters;
use super::form::Choices;
use super::form::Field;
use super::form::Problem;
use super::form::SecretField;
use super::form::problems;
use super::frame::Frame;
use super::frame::Pagination;
use super::keys::KeysPanel;
use super::search::SearchForm;
use super::time::Moment;
use crate::http::paths;

/// The list.
#[derive(askama::Template)]
#[template(path = "pages/users/list.html")]
pub struct UsersListPage {
    /// Its surroundings.
    pub frame: Frame,
    /// What is looked for.
    pub search: SearchForm,
    /// What can be done to several of them.
    pub bulk: BulkBar,
    /// The users of this page of the list.
    pub rows: Vec<UserRow>,
    /// The way through the list.
    pub pagination: Pagination,
}

/// The form for a new one.
#[derive(askama::Template)]
#[template(path = "pages/users/new.html")]
pub struct UsersNewPage {
    /// Its surroundings.
    pub frame: Frame,
    /// Its form.
    pub form: NewUserForm,
}

/// One user.
#[derive(askama::Template)]
#[template(path = "pages/users/show.html")]
pub struct UsersShowPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The user.
    pub user: UserHead,
    /// What stands below the name.
    pub tab: UserTab,
}

/// One line of the list.
pub struct UserRow {
    /// The id.
    pub id: String,
    /// The user name.
    pub username: String,
    /// The full name; may be empty.
    pub full_name: String,
    /// The e-mail address; may be empty.
    pub email: String,
    /// The roles.
    pub roles: Vec<String>,
    /// Whether it is a service account.
    pub is_service: bool,
    /// Whether it may do anything.
    pub is_enabled: bool,
}

/// What stands above the tabs.
pub struct UserHead {
    /// The id.
    pub id: String,
    /// The user name.
    pub username: String,
    /// The full name; may be empty.
    pub full_name: String,
    /// Whether it is a service account.
    pub is_service: bool,
    /// Whether it may do anything.
    pub is_enabled: bool,
    /// Since when it is there.
    pub created: Moment,
}

/// The tabs of a user: `?tab=settings` is the second.
pub enum UserTab {
    /// Name, address, roles; disabling and deleting.
    Details(UserForm),
    /// The password, and the section *API Access*.
    Settings(Box<UserSettings>),
}

/// The tab *Settings*.
pub struct UserSettings {
    /// The user's keys.
    pub keys: KeysPanel,
    /// Whether there is a password; service accounts have none, nor do people who sign in with a passkey alone.
    pub has_password: bool,
    /// The form for a new password; service accounts have none.
    pub password_form: SetPasswordForm,
}

/// The form of the tab *Details*.
#[derive(Default)]
pub struct UserForm {
    /// `full_name`.
    pub full_name: Field,
    /// `email`.
    pub email: Field,
    /// `role`: checkboxes.
    pub role: Choices,
}

/// The form for a new password, set by an administrator.
#[derive(Default)]
pub struct SetPasswordForm {
    /// `new_password`.
    pub new_password: SecretField,
}

/// The form for a new user.
#[derive(Default)]
pub struct NewUserForm {
    /// `username`.
    pub username: Field,
    /// `full_name`.
    pub full_name: Field,
    /// `email`.
    pub email: Field,
    /// `password`.
    pub password: SecretField,
    /// `service` = `yes`: a service account.
    pub is_service: bool,
    /// `role`: checkboxes.
    pub role: Choices,
}

impl NewUserForm {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[
            ("username", &self.username.error),
            ("full_name", &self.full_name.error),
            ("email", &self.email.error),
            ("password", &self.password.error),
            ("role", &self.role.error),
        ])
    }
}

impl UserForm {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("full_name", &self.full_name.error), ("email", &self.email.error), ("role", &self.role.error)])
    }
}

impl UserSettings {
    /// What is wrong in any of its forms.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        let mut problems = self.keys.form.problems();
        problems.extend(super::form::problems(&[("new_password", &self.password_form.new_password.error)]));
        problems
    }
}

impl UserTab {
    /// Whether it is the first one.
    pub fn is_details(&self) -> bool {
        matches!(self, UserTab::Details(_))
    }
}

impl UserHead {
    /// The full name, or where there is none the user name.
    pub fn name(&self) -> &str {
        if self.full_name.is_empty() { &self.username } else { &self.full_name }
    }
}

impl UserRow {
    /// The full name, or where there is none the user name.
    pub fn name(&self) -> &str {
        if self.full_name.is_empty() { &self.username } else { &self.full_name }
    }
}

#[cfg(test)]
impl super::Page for UsersListPage {
    fn samples() -> Vec<Self> {
        let row = |id: &str, username: &str, full_name: &str| UserRow {
            id: id.to_owned(),
            username: username.to_owned(),
            full_name: full_name.to_owned(),
            email: format!("{username}@example.org"),
            roles: Vec::new(),
            is_service: false,
            is_enabled: true,
        };
        let users = vec![
            UserRow {
                roles: vec!["admin".to_owned(), "bookkeeping".to_owned()],
                ..row("user_01", "ada", "Ada Lovelace")
            },
            row("user_02", "grace", "Grace Hopper"),
            UserRow { is_service: true, email: String::new(), ..row("user_03", "nightly-export", "") },
            UserRow { is_enabled: false, ..row("user_04", "a.very.long.user.name.that.goes.on.and.on", "") },
        ];
        let pagination = Pagination { first: None, next: Some("/users?cursor=b".to_owned()) };
        let search = |is_cut| super::search::sample::search(paths::USERS, is_cut);
        let bulk = || super::bulk::sample::bar(paths::USERS_BULK);
        let frame = || super::frame::sample::admin(paths::USERS);
        vec![
            Self { frame: frame(), search: search(false), bulk: bulk(), rows: users, pagination },
            Self {
                frame: frame(),
                search: search(true),
                bulk: bulk(),
                rows: Vec::new(),
                pagination: Pagination::default(),
            },
        ]
    }
}

#[cfg(test)]
impl super::Page for UsersNewPage {
    fn samples() -> Vec<Self> {
        let frame = || super::frame::sample::admin(paths::USERS_NEW);
        let fresh = NewUserForm { role: sample::roles(), ..NewUserForm::default() };
        let refused = NewUserForm {
            username: Field::with("ada").refused("There is a user with this name."),
            email: Field::with("ada@example").refused("This is not an e-mail address."),
            password: SecretField::refused("A password has at least 8 characters."),
            role: sample::roles(),
            ..NewUserForm::default()
        };
        vec![Self { frame: frame(), form: fresh }, Self { frame: frame(), form: refused }]
    }
}

#[cfg(test)]
impl super::Page for UsersShowPage {
    fn samples() -> Vec<Self> {
        use super::keys::KeyOwner;
        use super::keys::sample::created;
        use super::keys::sample::panel;

        let frame = || super::frame::sample::admin(&paths::user("user_02"));
        let details = UserForm {
            full_name: Field::with("Grace Hopper"),
            email: Field::with("grace@example.org"),
            role: sample::roles(),
        };
        let refused = UserForm {
            role: Choices { error: Some("The last administrator keeps the role admin.".to_owned()), ..sample::roles() },
            ..UserForm::default()
        };
        let settings = || UserSettings {
            keys: panel(KeyOwner::User("user_02".to_owned())),
            has_password: true,
            password_form: SetPasswordForm::default(),
        };
        let mut fresh_key = settings();
        fresh_key.keys.created = Some(created());
        fresh_key.has_password = false;
        let mut service = settings();
        service.keys.keys = Vec::new();
        vec![
            Self { frame: frame(), user: sample::head(), tab: UserTab::Details(details) },
            Self { frame: frame(), user: sample::head(), tab: UserTab::Details(refused) },
            Self { frame: frame(), user: sample::head(), tab: UserTab::Settings(Box::new(settings())) },
            Self { frame: frame(), user: sample::head(), tab: UserTab::Settings(Box::new(fresh_key)) },
            Self { frame: frame(), user: sample::service(), tab: UserTab::Settings(Box::new(service)) },
        ]
    }
}

#[cfg(test)]
mod sample {
    use super::super::form::Choice;
    use super::*;
    use crate::model::time::Timestamp;

    pub(super) fn roles() -> Choices {
        Choices::of(vec![
            Choice::new("admin", "admin", "Runs this server: users, applications, everything").chosen(true),
            Choice::new("bookkeeping", "bookkeeping", "Works with invoices"),
        ])
    }

    pub(super) fn head() -> UserHead {
        UserHead {
            id: "user_02".to_owned(),
            username: "grace".to_owned(),
            full_name: "Grace Hopper".to_owned(),
            is_service: false,
            is_enabled: true,
            created: Moment::new(Timestamp::from_seconds(1_795_000_000)),
        }
    }

    pub(super) fn service() -> UserHead {
        UserHead { full_name: String::new(), is_service: true, is_enabled: false, ..head() }
    }
}
