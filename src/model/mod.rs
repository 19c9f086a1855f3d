//! The ground floor: nouns. Pure values without I/O, each made only by a constructor that checks it.

pub mod email;
pub mod id;
pub mod issuer;
pub mod name;
pub mod pkce;
pub mod redirect_mismatch;
pub mod redirect_uri;
pub mod role;
pub mod scope;
pub mod secret;
pub mod time;
pub mod token;
pub mod username;
