//! Hallpass says who a request is: an OAuth 2.0 authorization server with API keys for every user.
//!
//! Four floors, the same rooms on each; data goes down, answers come up:
//! `http` (speaks HTTP) → `domain` (decides) → `store` (remembers) → `model` (names things).

#[cfg(feature = "server")]
pub mod app;
#[cfg(feature = "server")]
pub mod cli;
pub mod clock;
#[cfg(feature = "server")]
pub mod config;
#[cfg(feature = "server")]
pub mod domain;
#[cfg(feature = "server")]
pub mod http;
#[cfg(feature = "principal")]
pub mod introspection;
#[cfg(feature = "principal")]
pub mod jose;
pub mod json;
#[cfg(feature = "server")]
pub mod logging;
pub mod model;
#[cfg(feature = "server")]
pub mod outbound;
#[cfg(feature = "principal")]
pub mod principal;
#[cfg(feature = "server")]
pub mod random;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub mod store;
#[cfg(feature = "principal")]
mod tls;
