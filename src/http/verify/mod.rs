//! `/auth/verify`: one check for every credential, for proxies and services; and the way of a browser to it.

mod answer;
pub mod check;
mod forwarded;
mod question;
pub mod sign_in;
