//! The ground floor: nouns. Pure values without I/O, each made only by a constructor that checks it.

pub mod api_key;
pub mod audit;
pub mod client;
pub mod demand;
pub mod details;

pub mod device;
pub mod digest;
pub mod email;
pub mod grant;
pub mod host_port;
pub mod https_url;
pub mod id;
pub mod identity;
pub mod initial_access_token;
pub mod issuer;
pub mod key_limits;
pub mod key_use;
pub mod name;
pub mod notice;
pub mod origin;
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
