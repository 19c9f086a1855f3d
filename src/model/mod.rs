//! The ground floor: nouns. Pure values without I/O, each made only by a constructor that checks it.

pub mod api_key;
pub mod audit;
pub mod client;
pub mod details;
pub mod email;
pub mod grant;
pub mod host_port;
pub mod https_url;
pub mod id;
pub mod identity;
pub mod issuer;
pub mod name;
pub mod password;
pub mod pkce;
pub mod redirect_mismatch;
pub mod redirect_uri;
pub mod resource;
pub mod role;
pub mod scope;
pub mod secret;
pub mod session;
pub mod thumbprint;
pub mod time;
pub mod token;
pub mod user;
pub mod username;
