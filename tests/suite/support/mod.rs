//! What tests share: the server, those who call it, and the ways they go.

pub mod api;
pub mod app;
pub mod caller;
pub mod database;
pub mod elsewhere;
pub mod factors;
pub mod flow;
pub mod jose;
pub mod numbers;
pub mod openid;
pub mod operator;
pub mod pages;
pub mod passkeys;
pub mod postbox;
pub mod process;
pub mod program;
pub mod proxy;
pub mod publisher;
pub mod race;
pub mod refusals;
pub mod registering;
pub mod seed;
pub mod signed;
pub mod wire;
