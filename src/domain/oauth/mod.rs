//! OAuth 2.0: the endpoints and grants that are spoken here.

pub mod assertion;
pub mod authorize;
pub mod claims;
pub mod client_auth;
pub mod client_metadata;
pub mod consent;
pub mod device;
pub mod dpop;
pub mod engine;
pub mod error;
pub mod grants;
pub mod introspect;
pub mod metadata;
pub mod metadata_document;
pub mod metadata_documents;
pub mod once;
pub mod openid_metadata;
pub mod par;
pub mod register;
pub mod request_object;
pub mod resource;
pub mod revoke;
pub mod sign_in;
pub mod token;
pub mod userinfo;
