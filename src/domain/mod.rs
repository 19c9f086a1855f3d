//! The second floor: verbs. Each decides, inside one transaction, what is done and what is refused.

pub mod account;
pub mod act;
pub mod api_keys;
pub mod attempts;
pub mod authenticate;
pub mod client_keys;
pub mod clients;
pub mod csrf;
pub mod derive;
pub mod grants;
pub mod initial_access_tokens;
pub mod jose;
pub mod json;
pub mod keyed_hash;
pub mod login;
pub mod oauth;
pub mod passwords;
pub mod resources;
pub mod rights;
pub mod roles;
pub mod sessions;
pub mod setup;
pub mod usage;
pub mod users;
