//! What each page shows, as plain data, beside its template in `templates/pages/`.
//!
//! A page is a struct named like its file: `pages/users/list.html` is [`users::UsersListPage`]. A handler fills it
//! with finished texts; a template decides nothing but how they look. Each page has samples, and one test renders
//! them all.

pub mod account;
pub mod account_delete;
pub mod account_email;
pub mod account_events;
pub mod account_profile;
pub mod audit;
pub mod browser;
pub mod client_card;
pub mod clients;
pub mod confirm;
pub mod consent;
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
pub mod link_ended;
pub mod login;
pub mod logout;
pub mod notice;
pub mod notices;
pub mod program;
pub mod qr;
pub mod register;
pub mod reset;
pub mod second_factor;
pub mod setup;
pub mod time;
pub mod users;
pub mod why;

#[cfg(test)]
mod html;
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
