//! What each page shows, as plain data, beside its template in `templates/pages/`.
//!
//! A page is a struct named like its file: `pages/users/list.html` is [`users::UsersListPage`]. A handler fills it
//! with finished texts; a template decides nothing but how they look. Each page has samples, and one test renders
//! them all.

pub mod account;
pub mod account_delete;
pub mod account_email;
pub mod account_events;
pub mod account_password;
pub mod account_profile;
pub mod audit;
pub mod browser;
pub mod bulk;
pub mod catalogue;
pub mod chart;
pub mod client_card;
pub mod clients;
pub mod confirm;
pub mod consent;
pub mod console;
pub mod design;
pub mod device;
pub mod email;
pub mod error;
pub mod factors;
pub mod form;
pub mod form_post;
pub mod frame;
pub mod import;
pub mod key;
pub mod key_form;
pub mod key_usage;
pub mod keys;
pub mod leaving;
pub mod link_ended;
pub mod login;
pub mod logout;
pub mod notice;
pub mod notices;
pub mod overview;
pub mod passkey;
pub mod place;
pub mod program;
pub mod qr;
pub mod register;
pub mod reset;
pub mod search;
pub mod second_factor;
pub mod setup;
pub mod time;
pub mod users;
pub mod why;

pub(in crate::http) mod filters;

#[cfg(test)]
mod html;
#[cfg(test)]
mod language_tests;
#[cfg(test)]
mod tests;

/// A page that can be rendered without a server.
#[cfg(test)]
pub trait Page: askama::Template {
    /// The page in each state that looks different.
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// A page that has surroundings, and with them a language.
pub trait Framed: askama::Template {
    /// Its surroundings.
    fn frame(&self) -> &frame::Frame;
}

macro_rules! framed {
    ($($page:ty,)*) => {
        $(impl Framed for $page {
            fn frame(&self) -> &frame::Frame {
                &self.frame
            }
        })*
    };
}

framed! {
    why::WhyListPage,
    why::WhyShowPage,
    catalogue::CatalogueListPage,
    catalogue::CatalogueFormPage,
    account::AccountPage,
    account_delete::AccountDeletePage,
    account_email::AccountEmailPage,
    account_events::AccountEventsPage,
    account_password::AccountPasswordPage,
    account_profile::AccountProfilePage,
    audit::AuditPage,
    bulk::BulkPage,
    clients::ClientsListPage,
    clients::ClientsNewPage,
    clients::ClientsEditPage,
    clients::ClientsShowPage,
    confirm::ConfirmPage,
    consent::ConsentPage,
    console::SessionsPage,
    console::GrantsPage,
    console::KeysPage,
    design::DesignPage,
    device::DeviceEnterPage,
    device::DeviceDecidePage,
    email::EmailConfirmPage,
    email::EmailConfirmedPage,
    error::ErrorPage,
    factors::FactorsPage,
    factors::PasskeyPage,
    factors::PasskeyNamePage,
    factors::AppPage,
    factors::CodesPage,
    form_post::FormPostPage,
    import::ImportPage,
    key::KeyPage,
    leaving::LeavingPage,
    link_ended::LinkEndedPage,
    login::LoginPage,
    logout::LogoutPage,
    overview::OverviewPage,
    register::RegisterAskPage,
    register::RegisterConfirmPage,
    reset::ResetAskPage,
    reset::ResetConfirmPage,
    second_factor::SecondFactorPage,
    setup::SetupPage,
    users::UsersListPage,
    users::UsersNewPage,
    users::UsersShowPage,
}

/// A page as HTML, in its language.
///
/// # Errors
/// Where the template fails.
pub fn render(page: &impl Framed) -> askama::Result<String> {
    page.render_with_values(&filters::Spoken(page.frame().language.clone()))
}
