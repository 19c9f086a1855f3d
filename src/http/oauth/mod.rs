//! OAuth's endpoints, one file each.

pub mod answer;
pub mod assertion;
pub mod authorize;
pub mod client;
pub mod client_keys;
pub mod consent;
pub mod device;
pub mod introspect;
pub mod logout;
pub mod metadata;
pub mod metadata_document;
pub mod par;
pub mod register;
pub mod request_object;
pub mod returning;
pub mod revoke;
pub mod sector;
pub mod token;
pub mod userinfo;
