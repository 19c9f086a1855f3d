//! Frappe's paths, for the clients of a Frappe site: its names, arguments, envelopes and cookies around the same verbs
//! and the same resolver. docs/FRAPPE.md says row by row what is the same and what is stricter.

mod arguments;
mod cookies;
pub mod documents;
pub mod envelope;
pub mod oauth;
pub mod session;
pub mod user;
