//! The pages for people: handlers, and the views they fill.

pub(super) mod frame;
pub(super) mod home;
pub(super) mod login;
pub(super) mod logout;
pub(super) mod setup;
pub mod views;
