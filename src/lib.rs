//! Hallpass says who a request is: an OAuth 2.0 authorization server with API keys for every user.
//!
//! Four floors, the same rooms on each; data goes down, answers come up:
//! `http` (speaks HTTP) → `domain` (decides) → `store` (remembers) → `model` (names things).

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod http;
pub mod logging;
pub mod model;
pub mod outbound;
pub mod random;
pub mod server;
pub mod store;
