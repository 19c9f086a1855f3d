//! The pages for people: handlers, and the views they fill.

pub(super) mod account;
pub(super) mod audit;
mod bulk;
pub(super) mod catalogue;
mod choices;
pub(super) mod clients;
pub(super) mod console;
pub(super) mod design;
pub(super) mod device;
pub(super) mod email;
pub(super) mod frame;
mod fresh;
#[cfg(test)]
mod german;
pub(super) mod home;
pub(super) mod import;
mod keys;
mod listing;
pub(super) mod login;
pub(super) mod login_passkey;
pub(super) mod logout;
mod passkeys;
mod phrases;
mod refusal;
pub(super) mod register;
pub(super) mod reset;
pub(super) mod second_factor;
pub(super) mod setup;
pub(super) mod users;
pub mod views;
pub(super) mod why;
