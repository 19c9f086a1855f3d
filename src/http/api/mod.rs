//! JSON for scripts, `/api/v1`. Each file is one kind of record: its members on the wire, and what can be done with it.

pub mod audit;
pub mod claims;
pub mod client_members;
pub mod clients;
pub mod grants;
pub mod import;
pub mod key_uses;
pub mod keys;
pub mod leaks;
mod listing;
pub mod me;
pub mod notices;
pub mod openapi;
pub mod refusals;
pub mod resources;
pub mod roles;
pub mod scopes;
pub mod sessions;
mod text;
pub mod users;
