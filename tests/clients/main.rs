//! Ordinary client libraries, unmodified, against the program itself: each test runs a script in the library's language,
//! which prepares what it needs with the command line and then goes the library's ways. On SQLite, or on PostgreSQL where
//! `TEST_DATABASE_URL` is set. `tests/run` installs the libraries in `target/clients/`.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test that fails says where")]
#![expect(clippy::disallowed_methods, reason = "a test is told its database by the environment")]

#[path = "../suite/support/mod.rs"]
#[expect(dead_code, reason = "the suite's support; what tests call by themselves is not used here")]
mod support;

mod script;

use script::Script;

/// RFC 6749, RFC 7009, RFC 7523, RFC 7636, RFC 7662, RFC 8414
#[test]
fn authlib_for_python() {
    Script::python("authlib_flows.py").run();
}

/// RFC 6749, RFC 7009, RFC 7523, RFC 7636, RFC 7662, RFC 8414, RFC 8628, RFC 8693, RFC 9101, RFC 9126, RFC 9207,
/// RFC 9449
#[test]
fn openid_client_for_node() {
    Script::node("openid_client.mjs").run();
}

/// RFC 7591, RFC 7636, RFC 8252, RFC 8414, RFC 8707, RFC 9207, RFC 9728; once more with a client-id metadata document
#[test]
fn the_mcp_sdk_for_typescript() {
    Script::node("mcp.mjs").run();
}

/// RFC 7591, RFC 7636, RFC 8252, RFC 8414, RFC 8707, RFC 9207, RFC 9728; once more with a client-id metadata document
#[test]
fn the_mcp_sdk_for_python() {
    Script::python("mcp_flows.py").run();
}

/// The three headers of Frappe's documentation, with the requests library.
#[test]
fn the_examples_of_frappes_documentation() {
    Script::python("frappe_documentation.py").run();
}

/// frappe-client and frappectl; the latter registers itself (RFC 7591) and signs in (RFC 8252).
#[test]
fn frappe_clients_for_python() {
    Script::python("frappe_clients.py").run();
}

#[test]
fn frappe_js_sdk() {
    Script::node("frappe_js_sdk.mjs").run();
}

#[test]
fn frappe_clients_where_the_issuer_has_a_path() {
    Script::python("frappe_documentation.py").below("/sign-in").run();
    Script::python("frappe_clients.py").below("/sign-in").run();
    Script::node("frappe_js_sdk.mjs").below("/sign-in").run();
}

/// RFC 8414 §3.1, RFC 9728 §3.1
#[test]
fn the_mcp_sdks_where_the_issuer_has_a_path() {
    Script::python("mcp_flows.py").below("/sign-in").run();
    Script::node("mcp.mjs").below("/sign-in").run();
}

/// RFC 8414 §3.1
#[test]
fn authlib_and_openid_client_where_the_issuer_has_a_path() {
    Script::python("authlib_flows.py").below("/sign-in").run();
    Script::node("openid_client.mjs").below("/sign-in").run();
}

/// What scanners find with the rules that the server writes.
#[test]
fn detect_secrets_and_the_rules_of_gitleaks() {
    Script::python("scan_rules.py").run();
}
