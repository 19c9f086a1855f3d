//! Hallpass says who a request is: an OAuth 2.0 authorization server with API keys for every user.
//!
//! # For services
//!
//! A service that lets people and programs in by Hallpass's credentials needs the feature `principal` alone, which
//! builds no database and no pages: `hallpass = { …, default-features = false, features = ["principal"] }`. What a
//! handler needs of who calls it stands in its signature:
//!
//! ```no_run
//! use actix_web::App;
//! use actix_web::HttpServer;
//! use actix_web::web;
//! use hallpass::Admin;
//! use hallpass::InScope;
//! use hallpass::Introspection;
//! use hallpass::Principal;
//! use hallpass::ScopeName;
//! use hallpass::Service;
//!
//! /// The scope `notes:read`.
//! struct ReadNotes;
//!
//! impl ScopeName for ReadNotes {
//!     const NAME: &'static str = "notes:read";
//! }
//!
//! async fn notes(who: Principal<InScope<ReadNotes>>) -> String {
//!     format!("notes of {}", who.subject.id())
//! }
//!
//! async fn statistics(_: Principal<Admin>) -> &'static str {
//!     "all is well"
//! }
//!
//! #[actix_web::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let secret = std::fs::read_to_string("client-secret")?;
//!     let introspection = Introspection::of("https://id.example.com").client("client_…", secret.trim()).build()?;
//!     let service = Service::asking(introspection).resource("https://notes.example.com/").build()?;
//!     let app = move || {
//!         App::new()
//!             .app_data(service.clone())
//!             .route("/notes", web::get().to(notes))
//!             .route("/statistics", web::get().to(statistics))
//!     };
//!     Ok(HttpServer::new(app).bind(("127.0.0.1", 8080))?.run().await?)
//! }
//! ```
//!
//! docs/LIBRARY.md says what is let in and what is not, how late a revocation is seen, and how to set the server up for
//! it; `examples/service` is a whole one.
//!
//! # The server
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
#[cfg(feature = "server")]
pub mod metrics;
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
#[cfg(feature = "server")]
pub mod webauthn;

#[cfg(feature = "principal")]
pub use introspection::Introspection;
#[cfg(feature = "principal")]
pub use principal::credential::Credential;
#[cfg(feature = "principal")]
pub use principal::extract::MaybePrincipal;
#[cfg(feature = "principal")]
pub use principal::extract::Principal;
#[cfg(feature = "principal")]
pub use principal::identity::Identity;
#[cfg(feature = "principal")]
pub use principal::identity::ShownBy;
#[cfg(feature = "principal")]
pub use principal::identity::Subject;
#[cfg(feature = "principal")]
pub use principal::metadata::protected_resource;
#[cfg(feature = "principal")]
pub use principal::need::Admin;
#[cfg(feature = "principal")]
pub use principal::need::Anyone;
#[cfg(feature = "principal")]
pub use principal::need::AsUser;
#[cfg(feature = "principal")]
pub use principal::need::Holder;
#[cfg(feature = "principal")]
pub use principal::need::InRole;
#[cfg(feature = "principal")]
pub use principal::need::InScope;
#[cfg(feature = "principal")]
pub use principal::need::Lack;
#[cfg(feature = "principal")]
pub use principal::need::Need;
#[cfg(feature = "principal")]
pub use principal::need::RoleNamed;
#[cfg(feature = "principal")]
pub use principal::need::ScopeName;
#[cfg(feature = "principal")]
pub use principal::refusal::Refusal;
#[cfg(feature = "principal")]
pub use principal::resolve::Resolve;
#[cfg(feature = "principal")]
pub use principal::resolve::Resolving;
#[cfg(feature = "principal")]
pub use principal::resolve::Unresolved;
#[cfg(feature = "principal")]
pub use principal::service::Service;
#[cfg(feature = "principal")]
pub use principal::service::SettingError;
