//! The suite: each test starts the real server and talks to it over HTTP, on SQLite, or on PostgreSQL where
//! `TEST_DATABASE_URL` is set.

#![expect(clippy::unwrap_used, clippy::panic, clippy::string_slice, reason = "a test that fails says where")]
#![expect(clippy::disallowed_methods, reason = "a test is told its database by the environment, and measures time")]

mod support;

mod anything;
mod api_audit;
mod api_bodies;
mod api_clients;
mod api_grants;
mod api_keys;
mod api_lists;
mod api_openapi;
mod api_resources;
mod api_rights;
mod api_roles;
mod api_scopes;
mod api_sessions;
mod api_users;
mod architecture;
mod bad_input;
mod client_id_metadata_documents;
mod code_flow;
mod command_line;
mod command_line_backup;
mod concurrency;
mod consent;
mod cors;
mod crash;
mod csrf;
mod docs;
mod logs;
mod oauth2_client;
mod outbound;
mod pages;
mod pages_account;
mod pages_clients;
mod pages_users;
mod principal;
mod principal_elsewhere;
mod races;
mod rfc6749_authorization_code;
mod rfc6749_client_credentials;
mod rfc6749_errors;
mod rfc6749_refresh_token;
mod rfc6750_bearer_tokens;
mod rfc7009_revocation;
mod rfc7523_jwt_bearer;
mod rfc7523_jwt_client_authentication;
mod rfc7591_registration;
mod rfc7592_management;
mod rfc7636_pkce;
mod rfc7662_introspection;
mod rfc8252_native;
mod rfc8414_metadata;
mod rfc8628_device_grant;
mod rfc8693_token_exchange;
mod rfc8707_resource_indicators;
mod rfc9101_request_objects;
mod rfc9126_pushed_authorization_requests;
mod rfc9207_issuer;
mod rfc9396_rich_authorization_requests;
mod rfc9449_dpop;
mod rfc9700_best_current_practice;
mod rfc9728_protected_resource_metadata;
mod routes;
mod schema;
mod scopes;
mod sessions;
mod setup;
mod stateful;
mod store_clock;
mod store_open;
mod store_purge;
mod store_read;
