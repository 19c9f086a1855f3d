//! What people see: each test drives Debian's Chromium against the real server, with scripts and without, at a desk and
//! on a phone. On SQLite, or on PostgreSQL where `TEST_DATABASE_URL` is set.
//!
//! A test that fails leaves a picture of each window in `target/browser/`.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test that fails says where")]
#![expect(clippy::disallowed_methods, reason = "a test is told its database by the environment, and measures time")]

#[path = "../suite/support/mod.rs"]
#[expect(dead_code, reason = "the suite's support; what calls without a browser is not used here")]
mod support;

mod driver;
mod scene;
mod site;
mod tour;
mod window;

mod accessibility;
mod account;
mod clients;
mod consent;
mod device;
mod keyboard;
mod keys;
mod leaving;
mod looks;
mod openid;
mod passkeys;
mod password_reset;
mod safety;
mod setup;
mod working;
