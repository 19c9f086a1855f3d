//! Who a request is, for whoever has to know: how credentials stand in a header, what a handler may need of who
//! presents them, and the same as extractors for services that are not Hallpass themselves.
//!
//! What is told here by [`resolve::Resolve`] is true of a credential whoever asks; sessions, which only the server
//! knows, have no place here.

pub mod authorization;
pub mod credential;
pub mod extract;
pub mod forwarded;
pub mod identity;
pub mod metadata;
pub mod need;
pub mod proofs;
pub mod refusal;
pub mod resolve;
pub mod service;
