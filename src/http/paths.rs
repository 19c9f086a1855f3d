//! Every URL of the server, without the issuer's path before it: patterns for the route table, builders for links.
//!
//! A pattern with `{…}` has a function of the same name that fills it. Ids are given as they stand on the wire.

use percent_encoding::AsciiSet;
use percent_encoding::CONTROLS;
use percent_encoding::utf8_percent_encode;

/// Authorization server metadata (RFC 8414 §3).
pub const WELL_KNOWN_AUTHORIZATION_SERVER: &str = "/.well-known/oauth-authorization-server";
/// Discovery (OpenID Connect Discovery §4).
pub const WELL_KNOWN_OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
/// The keys that the server signs with (RFC 7517 §5).
pub const WELL_KNOWN_JWKS: &str = "/.well-known/jwks.json";
/// Protected resource metadata (RFC 9728 §3), which every 401 names.
pub const WELL_KNOWN_PROTECTED_RESOURCE: &str = "/.well-known/oauth-protected-resource";

/// The authorization endpoint (RFC 6749 §3.1).
pub const OAUTH_AUTHORIZE: &str = "/oauth/authorize";
/// Where the consent page's form goes.
pub const OAUTH_CONSENT: &str = "/oauth/consent";
/// Where clients push authorization requests (RFC 9126 §2).
pub const OAUTH_PAR: &str = "/oauth/par";
/// Who a token stands for (RFC 7662 §2).
pub const OAUTH_INTROSPECT: &str = "/oauth/introspect";
/// Where a client puts its tokens out of use (RFC 7009 §2).
pub const OAUTH_REVOKE: &str = "/oauth/revoke";
/// POST: registers a client (RFC 7591).
pub const OAUTH_REGISTER: &str = "/oauth/register";
/// GET, PUT and DELETE: a client manages its own registration (RFC 7592).
pub const OAUTH_REGISTER_CLIENT: &str = "/oauth/register/{client}";
/// Where devices without a browser begin (RFC 8628 §3.1).
pub const OAUTH_DEVICE_AUTHORIZATION: &str = "/oauth/device_authorization";
/// The token endpoint (RFC 6749 §3.2).
pub const OAUTH_TOKEN: &str = "/oauth/token";
/// Where applications send browsers to sign out (OpenID Connect RP-Initiated Logout §2).
pub const OAUTH_LOGOUT: &str = "/oauth/logout";
/// Who a token's user is (OpenID Connect Core §5.3).
pub const OAUTH_USERINFO: &str = "/oauth/userinfo";

/// Who a request is and whether it is let in, for proxies and services: any method.
pub const AUTH_VERIFY: &str = "/auth/verify";
/// The same, with what is demanded in the configuration.
pub const AUTH_VERIFY_POLICY: &str = "/auth/verify/policy/{name}";
/// The same, for proxies that append the visitor's path.
pub const AUTH_VERIFY_POLICY_TAIL: &str = "/auth/verify/policy/{name}/{tail:.*}";
/// Where the browser of a service's visitor is sent to sign in.
pub const AUTH_START: &str = "/auth/start";
/// Where it comes back with a ticket, on the service's own host.
pub const VERIFY_CALLBACK: &str = "/.hallpass/callback";

/// Who a request is, as JSON. PATCH changes one's own profile.
pub const API_ME: &str = "/api/v1/me";
/// What `/api/v1` takes and gives, in the form of OpenAPI.
pub const API_OPENAPI: &str = "/api/v1/openapi.json";
/// Users as JSON.
pub const API_USERS: &str = "/api/v1/users";
/// One user.
pub const API_USER: &str = "/api/v1/users/{user}";
/// Roles as JSON.
pub const API_ROLES: &str = "/api/v1/roles";
/// One role, by its name.
pub const API_ROLE: &str = "/api/v1/roles/{role}";
/// Scopes as JSON.
pub const API_SCOPES: &str = "/api/v1/scopes";
/// One scope, by its name.
pub const API_SCOPE: &str = "/api/v1/scopes/{scope}";
/// Resources as JSON.
pub const API_RESOURCES: &str = "/api/v1/resources";
/// One resource, by its URI.
pub const API_RESOURCE: &str = "/api/v1/resources/{resource}";
/// Clients as JSON.
pub const API_CLIENTS: &str = "/api/v1/clients";
/// One client, by its `client_id`.
pub const API_CLIENT: &str = "/api/v1/clients/{client}";
/// POST: replaces a client's secret.
pub const API_CLIENT_ROTATE_SECRET: &str = "/api/v1/clients/{client}/rotate-secret";
/// DELETE: ends all access that a client has, everywhere.
pub const API_CLIENT_GRANTS: &str = "/api/v1/clients/{client}/grants";
/// API keys as JSON.
pub const API_KEYS: &str = "/api/v1/keys";
/// One API key, by its id.
pub const API_KEY: &str = "/api/v1/keys/{key}";
/// POST: replaces a key's secret.
pub const API_KEY_ROTATE: &str = "/api/v1/keys/{key}/rotate";
/// How often a key was used.
pub const API_KEY_USAGE: &str = "/api/v1/keys/{key}/usage";
/// From where and by what a key was used.
pub const API_KEY_CALLERS: &str = "/api/v1/keys/{key}/callers";
/// POST: makes a key that can do only what a key was used for.
pub const API_KEY_SUCCESSOR: &str = "/api/v1/keys/{key}/successor";
/// What the user is to be told, as JSON.
pub const API_NOTICES: &str = "/api/v1/notices";
/// One notice.
pub const API_NOTICE: &str = "/api/v1/notices/{notice}";
/// Browser sessions as JSON.
pub const API_SESSIONS: &str = "/api/v1/sessions";
/// One session.
pub const API_SESSION: &str = "/api/v1/sessions/{session}";
/// What users let clients do, as JSON.
pub const API_GRANTS: &str = "/api/v1/grants";
/// One grant.
pub const API_GRANT: &str = "/api/v1/grants/{grant}";
/// Figures for those who watch the server, on a listener of their own.
pub const METRICS: &str = "/metrics";
/// The audit log as JSON.
pub const API_AUDIT: &str = "/api/v1/audit";
/// One entry of the audit log.
pub const API_AUDIT_ENTRY: &str = "/api/v1/audit/{entry}";
/// Why requests were refused, as JSON.
pub const API_REFUSALS: &str = "/api/v1/refusals";
/// Why one request was refused.
pub const API_REFUSAL: &str = "/api/v1/refusals/{request}";
/// POST: puts a secret out of use that was found where it should not be.
pub const API_LEAKED_SECRETS: &str = "/api/v1/leaked-secrets";
/// Rules by which scanners find this server's secrets; `?format=gitleaks` or `detect-secrets`.
pub const API_SCAN_RULES: &str = "/api/v1/scan-rules";
/// POST: brings users and clients of a Frappe site here.
pub const API_IMPORT_FRAPPE: &str = "/api/v1/import/frappe";
/// POST: brings API keys here by the hashes of their secrets.
pub const API_IMPORT_KEYS: &str = "/api/v1/import/keys";
/// Frappe's name for the user of a request. What stands below `/api/method/` can be written as [`frappe_spellings`] says.
pub const FRAPPE_LOGGED_USER: &str = "/api/method/frappe.auth.get_logged_user";
/// POST: Frappe's way to make a user's key, or to give it a new secret.
pub const FRAPPE_GENERATE_KEYS: &str = "/api/method/frappe.core.doctype.user.user.generate_keys";
/// POST: Frappe's sign-in with a password.
pub const FRAPPE_LOGIN: &str = "/api/method/login";
/// POST: the end of the session that it began.
pub const FRAPPE_LOGOUT: &str = "/api/method/logout";
/// Frappe's sign of life.
pub const FRAPPE_PING: &str = "/api/method/ping";
/// Frappe's name for [`OAUTH_AUTHORIZE`].
pub const FRAPPE_AUTHORIZE: &str = "/api/method/frappe.integrations.oauth2.authorize";
/// POST: allows all that the authorization request in the query asks for.
pub const FRAPPE_APPROVE: &str = "/api/method/frappe.integrations.oauth2.approve";
/// Frappe's name for [`OAUTH_TOKEN`].
pub const FRAPPE_GET_TOKEN: &str = "/api/method/frappe.integrations.oauth2.get_token";
/// Frappe's [`OAUTH_REVOKE`], where either token of a pair ends both.
pub const FRAPPE_REVOKE_TOKEN: &str = "/api/method/frappe.integrations.oauth2.revoke_token";
/// Frappe's [`OAUTH_INTROSPECT`], which says more.
pub const FRAPPE_INTROSPECT_TOKEN: &str = "/api/method/frappe.integrations.oauth2.introspect_token";
/// Frappe's [`OAUTH_USERINFO`], which says all of it for the scope `openid`.
pub const FRAPPE_OPENID_PROFILE: &str = "/api/method/frappe.integrations.oauth2.openid_profile";
/// Frappe's name for [`OAUTH_REGISTER`].
pub const FRAPPE_REGISTER_CLIENT: &str = "/api/method/frappe.integrations.oauth2.register_client";
/// Records of a kind, as Frappe lists them.
pub const FRAPPE_DOCUMENTS: &str = "/api/resource/{doctype}";
/// One of them, by its name.
pub const FRAPPE_DOCUMENT: &str = "/api/resource/{doctype}/{name}";

/// Whether the process runs.
pub const HEALTH_LIVE: &str = "/health/live";
/// Whether it can answer requests.
pub const HEALTH_READY: &str = "/health/ready";

/// The embedded files; what follows is resolved by [`find`](crate::http::assets::find).
pub const STATIC: &str = "/static/{file:.*}";
/// The picture that stands in place of the mark.
pub const BRANDING_LOGO: &str = "/branding/logo";
/// Colours in place of the usual ones, which the query names.
pub const BRANDING_COLOURS: &str = "/branding/colours.css";

/// The front door: sends a visitor on to the account or to sign-in.
pub const HOME: &str = "/";
/// The first administrator's page.
pub const SETUP: &str = "/setup";
/// Sign-in.
pub const LOGIN: &str = "/login";
/// The second step of signing in, for whoever has a second factor; it posts to itself.
pub const LOGIN_SECOND_FACTOR: &str = "/login/second-factor";
/// POST: the second step with a passkey.
pub const LOGIN_SECOND_FACTOR_PASSKEY: &str = "/login/second-factor/passkey";
/// The second step for whoever must have a second factor and has none yet; it posts to itself.
pub const LOGIN_FIRST_FACTOR: &str = "/login/first-factor";
/// POST: the same with a passkey that is made for it.
pub const LOGIN_FIRST_FACTOR_PASSKEY: &str = "/login/first-factor/passkey";
/// POST: signing in with a passkey alone.
pub const LOGIN_PASSKEY: &str = "/login/passkey";
/// Sign-out; GET asks, POST does.
pub const LOGOUT: &str = "/logout";

/// Where somebody who has forgotten their password asks for a link.
pub const RESET: &str = "/reset";
/// Where that link leads: GET shows the form, POST sets the password.
pub const RESET_CONFIRM: &str = "/reset/confirm";
/// Where the link leads that shows whose an e-mail address is: GET asks, POST confirms.
pub const EMAIL_CONFIRM: &str = "/email/confirm";
/// Where somebody asks for an account of their own.
pub const REGISTER: &str = "/register";
/// Where the link leads that they are sent: GET shows the form, POST makes the account.
pub const REGISTER_CONFIRM: &str = "/register/confirm";

/// Where people type the codes of devices, and decide (RFC 8628 §3.3).
pub const DEVICE: &str = "/device";

/// One's own account.
pub const ACCOUNT: &str = "/account";
/// What is known of oneself. POST keeps it, or one's own name alone.
pub const ACCOUNT_PROFILE: &str = "/account/profile";
/// POST: one's own password.
pub const ACCOUNT_PASSWORD: &str = "/account/password";
/// The form that sets one's own password where there is none; it posts to itself.
pub const ACCOUNT_PASSWORD_SET: &str = "/account/password/set";
/// GET asks, POST removes one's own password.
pub const ACCOUNT_PASSWORD_REMOVE: &str = "/account/password/remove";
/// One's own e-mail address. POST has a link sent to another one.
pub const ACCOUNT_EMAIL: &str = "/account/email";
/// POST: has a link sent to the address that there is.
pub const ACCOUNT_EMAIL_VERIFY: &str = "/account/email/verify";
/// What happened to one's own account, newest first.
pub const ACCOUNT_EVENTS: &str = "/account/events";
/// All that is kept about oneself, as a file.
pub const ACCOUNT_DATA: &str = "/account/data";
/// GET asks, POST deletes one's own account.
pub const ACCOUNT_DELETE: &str = "/account/delete";
/// One's own second factors.
pub const ACCOUNT_FACTORS: &str = "/account/factors";
/// The form that adds an authenticator app; it posts to itself.
pub const ACCOUNT_FACTOR_APP: &str = "/account/factors/app";
/// GET asks, POST removes the authenticator app.
pub const ACCOUNT_FACTOR_APP_REMOVE: &str = "/account/factors/app/remove";
/// GET asks, POST makes new recovery codes and shows them.
pub const ACCOUNT_RECOVERY_CODES: &str = "/account/factors/recovery-codes";
/// The form that adds a passkey; it posts to itself.
pub const ACCOUNT_PASSKEYS: &str = "/account/factors/passkeys";
/// The form that gives a passkey another name; it posts to itself.
pub const ACCOUNT_PASSKEY: &str = "/account/factors/passkeys/{passkey}";
/// GET asks, POST removes a passkey.
pub const ACCOUNT_PASSKEY_REMOVE: &str = "/account/factors/passkeys/{passkey}/remove";
/// POST: ends all sessions but the one that asks.
pub const ACCOUNT_SESSIONS_END_OTHERS: &str = "/account/sessions/end-others";
/// POST: ends one session of one's own.
pub const ACCOUNT_SESSION_END: &str = "/account/sessions/{session}/end";
/// POST: cuts one application off.
pub const ACCOUNT_APPLICATION_CUT_OFF: &str = "/account/applications/{grant}/cut-off";
/// POST: makes an API key for oneself.
pub const ACCOUNT_KEYS: &str = "/account/keys";
/// One key of one's own. POST keeps its name, end, addresses and limits.
pub const ACCOUNT_KEY: &str = "/account/keys/{key}";
/// POST: lets one's own key be used again.
pub const ACCOUNT_KEY_ENABLE: &str = "/account/keys/{key}/enable";
/// POST: stops one's own key.
pub const ACCOUNT_KEY_DISABLE: &str = "/account/keys/{key}/disable";
/// POST: begins a trial of the revocation of one's own key.
pub const ACCOUNT_KEY_TRIAL: &str = "/account/keys/{key}/trial";
/// POST: ends that trial.
pub const ACCOUNT_KEY_TRIAL_END: &str = "/account/keys/{key}/trial/end";
/// POST: makes a successor of one's own key, with the scopes alone that it needed.
pub const ACCOUNT_KEY_NARROW: &str = "/account/keys/{key}/narrow";
/// GET asks, POST replaces the secret of one's own key.
pub const ACCOUNT_KEY_ROTATE: &str = "/account/keys/{key}/rotate";
/// GET asks, POST ends one's own key.
pub const ACCOUNT_KEY_REVOKE: &str = "/account/keys/{key}/revoke";

/// POST: takes all notices to oneself away.
pub const ACCOUNT_NOTICES_DISMISS: &str = "/account/notices/dismiss";
/// POST: takes one of them away.
pub const ACCOUNT_NOTICE_DISMISS: &str = "/account/notices/{notice}/dismiss";

/// The list of applications.
pub const CLIENTS: &str = "/clients";
/// POST: does something to several of them.
pub const CLIENTS_BULK: &str = "/clients/bulk";
/// The form for a new application; it posts to itself.
pub const CLIENTS_NEW: &str = "/clients/new";
/// One application.
pub const CLIENT: &str = "/clients/{client}";
/// The form that changes an application; it posts to itself.
pub const CLIENT_EDIT: &str = "/clients/{client}/edit";
/// POST: lets it work again.
pub const CLIENT_ENABLE: &str = "/clients/{client}/enable";
/// GET asks, POST stops it.
pub const CLIENT_DISABLE: &str = "/clients/{client}/disable";
/// GET asks, POST ends all access it has, everywhere.
pub const CLIENT_CUT_OFF: &str = "/clients/{client}/cut-off";
/// GET asks, POST replaces its secret.
pub const CLIENT_ROTATE_SECRET: &str = "/clients/{client}/rotate-secret";
/// GET asks, POST removes it.
pub const CLIENT_DELETE: &str = "/clients/{client}/delete";

/// What administrators look at first: what needs attention, and how much goes on.
pub const OVERVIEW: &str = "/overview";
/// Everybody's API keys.
pub const KEYS: &str = "/keys";
/// POST: does something to several of them.
pub const KEYS_BULK: &str = "/keys/bulk";
/// Everybody's browser sessions.
pub const SESSIONS: &str = "/sessions";
/// POST: ends several of them.
pub const SESSIONS_BULK: &str = "/sessions/bulk";
/// What everybody lets applications do.
pub const GRANTS: &str = "/grants";
/// POST: takes several of them back.
pub const GRANTS_BULK: &str = "/grants/bulk";

/// The list of roles.
pub const ROLES: &str = "/roles";
/// The form for a new one; it posts to itself.
pub const ROLES_NEW: &str = "/roles/new";
/// The form that changes one, which the query names; it posts to itself.
pub const ROLE_EDIT: &str = "/roles/edit";
/// GET asks, POST deletes the one that the query names.
pub const ROLE_DELETE: &str = "/roles/delete";
/// The list of scopes.
pub const SCOPES: &str = "/scopes";
/// The form for a new one; it posts to itself.
pub const SCOPES_NEW: &str = "/scopes/new";
/// The form that changes one, which the query names; it posts to itself.
pub const SCOPE_EDIT: &str = "/scopes/edit";
/// GET asks, POST deletes the one that the query names.
pub const SCOPE_DELETE: &str = "/scopes/delete";
/// The list of resources that tokens can be meant for.
pub const RESOURCES: &str = "/resources";
/// The form for a new one; it posts to itself.
pub const RESOURCES_NEW: &str = "/resources/new";
/// The form that changes one, which the query names; it posts to itself.
pub const RESOURCE_EDIT: &str = "/resources/edit";
/// GET asks, POST deletes the one that the query names.
pub const RESOURCE_DELETE: &str = "/resources/delete";

/// Who did what to what, newest first.
pub const AUDIT: &str = "/audit";
/// The same as a file: `format` is `jsonl` or `csv`.
pub const AUDIT_EXPORT: &str = "/audit/export";

/// Why requests were refused, newest first; `?id=…` looks one up.
pub const WHY: &str = "/why";
/// Why one request was refused.
pub const WHY_REQUEST: &str = "/why/{request}";

/// What pages are made of, for whoever changes how they look.
pub const DESIGN: &str = "/design";

/// Users, clients and keys from elsewhere: a form for administrators that posts to itself.
pub const IMPORT: &str = "/import";

/// The list of users.
pub const USERS: &str = "/users";
/// POST: does something to several of them.
pub const USERS_BULK: &str = "/users/bulk";
/// The form for a new user; it posts to itself.
pub const USERS_NEW: &str = "/users/new";
/// One user; `?tab=settings` is the second tab. POST keeps the details.
pub const USER: &str = "/users/{user}";
/// POST: sets a user's password.
pub const USER_PASSWORD: &str = "/users/{user}/password";
/// POST: lets a user in again.
pub const USER_ENABLE: &str = "/users/{user}/enable";
/// GET asks, POST shuts a user out.
pub const USER_DISABLE: &str = "/users/{user}/disable";
/// GET asks, POST removes a user.
pub const USER_DELETE: &str = "/users/{user}/delete";
/// POST: Generate Keys.
pub const USER_KEYS: &str = "/users/{user}/keys";
/// One key of a user's. POST keeps its name, end, addresses and limits.
pub const USER_KEY: &str = "/users/{user}/keys/{key}";
/// POST: lets a user's key be used again.
pub const USER_KEY_ENABLE: &str = "/users/{user}/keys/{key}/enable";
/// POST: stops a user's key.
pub const USER_KEY_DISABLE: &str = "/users/{user}/keys/{key}/disable";
/// POST: begins a trial of the revocation of a user's key.
pub const USER_KEY_TRIAL: &str = "/users/{user}/keys/{key}/trial";
/// POST: ends that trial.
pub const USER_KEY_TRIAL_END: &str = "/users/{user}/keys/{key}/trial/end";
/// POST: makes a successor of a user's key, with the scopes alone that it needed.
pub const USER_KEY_NARROW: &str = "/users/{user}/keys/{key}/narrow";
/// GET asks, POST replaces the secret of a user's key.
pub const USER_KEY_ROTATE: &str = "/users/{user}/keys/{key}/rotate";
/// GET asks, POST ends a user's key.
pub const USER_KEY_REVOKE: &str = "/users/{user}/keys/{key}/revoke";

/// What all of Frappe's methods stand below.
const FRAPPE_METHODS: &str = "/api/method/";
/// The same with the envelope's version in it.
const FRAPPE_PREFIXES: [&str; 3] = [FRAPPE_METHODS, "/api/v1/method/", "/api/v2/method/"];

/// The patterns at which `path`, one of Frappe's methods, is found: with and without a version, alone and with anything
/// behind it. `None` for every other path.
pub fn frappe_spellings(path: &str) -> Option<Vec<String>> {
    let name = path.strip_prefix(FRAPPE_METHODS)?;
    let patterns = FRAPPE_PREFIXES.iter().flat_map(|prefix| {
        let plain = format!("{prefix}{name}");
        let more = format!("{plain}/{{more:.*}}");
        [plain, more]
    });
    Some(patterns.collect())
}

/// The method of Frappe's that `path` means, as it stands in the table of routes, whichever way it is written.
pub fn frappe_method(path: &str) -> Option<String> {
    let name = FRAPPE_PREFIXES.iter().find_map(|prefix| path.strip_prefix(prefix))?;
    Some(format!("{FRAPPE_METHODS}{}", name.split('/').next().unwrap_or_default()))
}

/// The query of an authorization request, where `address` is one, by either of its names.
pub fn authorization_query(address: &str) -> Option<&str> {
    let (path, query) = address.split_once('?')?;
    (path == OAUTH_AUTHORIZE || frappe_method(path).is_some_and(|method| method == FRAPPE_AUTHORIZE)).then_some(query)
}

/// See [`ACCOUNT_SESSION_END`].
pub fn account_session_end(session: &str) -> String {
    fill(ACCOUNT_SESSION_END, &[session])
}

/// See [`ACCOUNT_PASSKEY`].
pub fn account_passkey(passkey: &str) -> String {
    fill(ACCOUNT_PASSKEY, &[passkey])
}

/// See [`ACCOUNT_PASSKEY_REMOVE`].
pub fn account_passkey_remove(passkey: &str) -> String {
    fill(ACCOUNT_PASSKEY_REMOVE, &[passkey])
}

/// See [`ACCOUNT_APPLICATION_CUT_OFF`].
pub fn account_application_cut_off(grant: &str) -> String {
    fill(ACCOUNT_APPLICATION_CUT_OFF, &[grant])
}

/// The place of a key of one's own; `pattern` is one of `ACCOUNT_KEY…`.
pub fn of_account_key(pattern: &str, key: &str) -> String {
    fill(pattern, &[key])
}

/// See [`ACCOUNT_NOTICE_DISMISS`].
pub fn account_notice_dismiss(notice: &str) -> String {
    fill(ACCOUNT_NOTICE_DISMISS, &[notice])
}

/// See [`OAUTH_REGISTER_CLIENT`].
pub fn oauth_register_client(client: &str) -> String {
    fill(OAUTH_REGISTER_CLIENT, &[client])
}

/// See [`CLIENT`].
pub fn client(client: &str) -> String {
    fill(CLIENT, &[client])
}

/// See [`CLIENT_EDIT`].
pub fn client_edit(client: &str) -> String {
    fill(CLIENT_EDIT, &[client])
}

/// See [`CLIENT_ENABLE`].
pub fn client_enable(client: &str) -> String {
    fill(CLIENT_ENABLE, &[client])
}

/// See [`CLIENT_CUT_OFF`].
pub fn client_cut_off(client: &str) -> String {
    fill(CLIENT_CUT_OFF, &[client])
}

/// See [`CLIENT_DISABLE`].
pub fn client_disable(client: &str) -> String {
    fill(CLIENT_DISABLE, &[client])
}

/// See [`CLIENT_ROTATE_SECRET`].
pub fn client_rotate_secret(client: &str) -> String {
    fill(CLIENT_ROTATE_SECRET, &[client])
}

/// See [`CLIENT_DELETE`].
pub fn client_delete(client: &str) -> String {
    fill(CLIENT_DELETE, &[client])
}

/// See [`WHY_REQUEST`].
pub fn why(request: &str) -> String {
    fill(WHY_REQUEST, &[request])
}

/// See [`USER`]; the tab *Details*.
pub fn user(user: &str) -> String {
    fill(USER, &[user])
}

/// See [`USER`]; the tab *Settings*.
pub fn user_settings(user: &str) -> String {
    format!("{}?tab=settings", fill(USER, &[user]))
}

/// See [`USER_PASSWORD`].
pub fn user_password(user: &str) -> String {
    fill(USER_PASSWORD, &[user])
}

/// See [`USER_ENABLE`].
pub fn user_enable(user: &str) -> String {
    fill(USER_ENABLE, &[user])
}

/// See [`USER_DISABLE`].
pub fn user_disable(user: &str) -> String {
    fill(USER_DISABLE, &[user])
}

/// See [`USER_DELETE`].
pub fn user_delete(user: &str) -> String {
    fill(USER_DELETE, &[user])
}

/// See [`USER_KEYS`].
pub fn user_keys(user: &str) -> String {
    fill(USER_KEYS, &[user])
}

/// The place of a user's key; `pattern` is one of `USER_KEY…`.
pub fn of_user_key(pattern: &str, user: &str, key: &str) -> String {
    fill(pattern, &[user, key])
}

/// See [`API_USER`].
pub fn api_user(user: &str) -> String {
    fill(API_USER, &[user])
}

/// See [`API_ROLE`].
pub fn api_role(role: &str) -> String {
    fill(API_ROLE, &[role])
}

/// See [`API_SCOPE`].
pub fn api_scope(scope: &str) -> String {
    fill(API_SCOPE, &[scope])
}

/// See [`API_RESOURCE`].
pub fn api_resource(resource: &str) -> String {
    fill(API_RESOURCE, &[resource])
}

/// See [`API_CLIENT`].
pub fn api_client(client: &str) -> String {
    fill(API_CLIENT, &[client])
}

/// See [`API_KEY`].
pub fn api_key(key: &str) -> String {
    fill(API_KEY, &[key])
}

/// All that may not stand unencoded in one segment of a path (RFC 3986 §3.3).
const NOT_IN_SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// `pattern` with its `{…}` replaced by `values`, in their order.
fn fill(pattern: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let segments = pattern.split('/').map(|segment| match values.as_slice() {
        [value, ..] if segment.starts_with('{') => {
            values.next();
            utf8_percent_encode(value, NOT_IN_SEGMENT).to_string()
        }
        _ => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
#[path = "paths_tests.rs"]
mod tests;
