//! The suite: each test starts the real server and talks to it over HTTP, on SQLite, or on PostgreSQL where
//! `TEST_DATABASE_URL` is set.

mod support;

mod code_flow;
mod command_line;
mod crash;
