//! The top floor: speaks HTTP. The only room that names actix and askama.
//!
//! [`routes`] is the whole table: each route with its handler, whose first argument is the guard at its door.

pub mod api;
pub mod assets;
mod branding;
mod context;
mod cookies;
mod cors;
mod csp;
mod csrf;
mod dpop;
pub mod failure;
mod form;
mod frappe;
mod guard;
mod health;
mod import;
mod json;
mod key_use;
pub mod mails;
pub mod metrics;
mod navigation;
mod needs;
mod oauth;
mod outermost;
pub mod pages;
pub mod paths;
mod present;
pub mod principal;
pub mod refusals;
mod registrant;
mod respond;
mod router;
mod surface;
mod verify;
pub mod wire;

use std::rc::Rc;

use actix_web::Error;
use actix_web::Handler;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::dev::fn_factory;
use actix_web::dev::fn_service;
use actix_web::http::Method;
use actix_web::web;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::catalogue::Resources;
use crate::domain::catalogue::Roles;
use crate::domain::catalogue::Scopes;
use failure::Failure;
use guard::Guarded;
use outermost::Worker;
use router::Handle;

/// One line of the table.
pub struct Route {
    /// The method; `*` for all that there are. Whoever may GET may HEAD.
    pub method: Method,
    /// The path below the issuer's.
    pub path: &'static str,
    /// What stands at its door.
    pub guard: String,
    handle: Handle,
}

/// The table of all routes. Where two patterns match a path, the first one has it.
pub fn routes() -> Vec<Route> {
    vec![
        get(paths::HEALTH_LIVE, health::live),
        get(paths::HEALTH_READY, health::ready),
        get(paths::WELL_KNOWN_AUTHORIZATION_SERVER, oauth::metadata::authorization_server),
        get(paths::WELL_KNOWN_OPENID_CONFIGURATION, oauth::metadata::openid_configuration),
        get(paths::WELL_KNOWN_JWKS, oauth::metadata::jwks),
        get(paths::WELL_KNOWN_PROTECTED_RESOURCE, oauth::metadata::protected_resource),
        get(paths::STATIC, assets::get),
        get(paths::BRANDING_LOGO, branding::logo),
        get(paths::BRANDING_COLOURS, branding::colours),
        get(paths::HOME, pages::home::get),
        post(paths::HOME, frappe::session::command),
        get(paths::SETUP, pages::setup::get),
        post(paths::SETUP, pages::setup::post),
        get(paths::LOGIN, pages::login::get),
        post(paths::LOGIN, pages::login::post),
        get(paths::LOGIN_SECOND_FACTOR, pages::second_factor::get),
        post(paths::LOGIN_SECOND_FACTOR, pages::second_factor::post),
        post(paths::LOGIN_SECOND_FACTOR_PASSKEY, pages::second_factor::post_passkey),
        get(paths::LOGIN_FIRST_FACTOR, pages::second_factor::get_first),
        post(paths::LOGIN_FIRST_FACTOR, pages::second_factor::post_first),
        post(paths::LOGIN_FIRST_FACTOR_PASSKEY, pages::second_factor::post_first_passkey),
        post(paths::LOGIN_PASSKEY, pages::login_passkey::post),
        get(paths::LOGOUT, pages::logout::get),
        post(paths::LOGOUT, pages::logout::post),
        get(paths::RESET, pages::reset::get),
        post(paths::RESET, pages::reset::post),
        get(paths::RESET_CONFIRM, pages::reset::look),
        post(paths::RESET_CONFIRM, pages::reset::confirm),
        get(paths::EMAIL_CONFIRM, pages::email::look),
        post(paths::EMAIL_CONFIRM, pages::email::confirm),
        get(paths::REGISTER, pages::register::get),
        post(paths::REGISTER, pages::register::post),
        get(paths::REGISTER_CONFIRM, pages::register::look),
        post(paths::REGISTER_CONFIRM, pages::register::confirm),
        get(paths::DEVICE, pages::device::get),
        post(paths::DEVICE, pages::device::post),
        get(paths::ACCOUNT, pages::account::get),
        get(paths::ACCOUNT_PROFILE, pages::account::profile::get),
        post(paths::ACCOUNT_PROFILE, pages::account::profile::post),
        post(paths::ACCOUNT_PASSWORD, pages::account::password::post),
        get(paths::ACCOUNT_PASSWORD_SET, pages::account::without_password::get),
        post(paths::ACCOUNT_PASSWORD_SET, pages::account::without_password::set),
        get(paths::ACCOUNT_PASSWORD_REMOVE, pages::account::without_password::ask),
        post(paths::ACCOUNT_PASSWORD_REMOVE, pages::account::without_password::remove),
        get(paths::ACCOUNT_EVENTS, pages::account::events::get),
        get(paths::ACCOUNT_DATA, pages::account::data::get),
        get(paths::ACCOUNT_DELETE, pages::account::delete::ask),
        post(paths::ACCOUNT_DELETE, pages::account::delete::post),
        get(paths::ACCOUNT_EMAIL, pages::account::email::get),
        post(paths::ACCOUNT_EMAIL, pages::account::email::post),
        post(paths::ACCOUNT_EMAIL_VERIFY, pages::account::email::verify),
        get(paths::ACCOUNT_FACTORS, pages::account::factors::get),
        get(paths::ACCOUNT_FACTOR_APP, pages::account::factors::app::get),
        post(paths::ACCOUNT_FACTOR_APP, pages::account::factors::app::post),
        get(paths::ACCOUNT_FACTOR_APP_REMOVE, pages::account::factors::remove::ask_app),
        post(paths::ACCOUNT_FACTOR_APP_REMOVE, pages::account::factors::remove::app),
        get(paths::ACCOUNT_PASSKEYS, pages::account::factors::passkey::get),
        post(paths::ACCOUNT_PASSKEYS, pages::account::factors::passkey::post),
        get(paths::ACCOUNT_PASSKEY, pages::account::factors::rename::get),
        post(paths::ACCOUNT_PASSKEY, pages::account::factors::rename::post),
        get(paths::ACCOUNT_PASSKEY_REMOVE, pages::account::factors::remove::ask_passkey),
        post(paths::ACCOUNT_PASSKEY_REMOVE, pages::account::factors::remove::passkey),
        get(paths::ACCOUNT_RECOVERY_CODES, pages::account::factors::recovery::ask),
        post(paths::ACCOUNT_RECOVERY_CODES, pages::account::factors::recovery::renew),
        post(paths::ACCOUNT_SESSIONS_END_OTHERS, pages::account::access::end_other_sessions),
        post(paths::ACCOUNT_SESSION_END, pages::account::access::end_session),
        post(paths::ACCOUNT_APPLICATION_CUT_OFF, pages::account::access::cut_off),
        post(paths::ACCOUNT_KEYS, pages::account::keys::generate),
        get(paths::ACCOUNT_KEY, pages::account::keys::show),
        post(paths::ACCOUNT_KEY, pages::account::keys::save),
        post(paths::ACCOUNT_KEY_ENABLE, pages::account::keys::enable),
        post(paths::ACCOUNT_KEY_DISABLE, pages::account::keys::disable),
        post(paths::ACCOUNT_KEY_TRIAL, pages::account::keys::begin_trial),
        post(paths::ACCOUNT_KEY_TRIAL_END, pages::account::keys::end_trial),
        post(paths::ACCOUNT_KEY_NARROW, pages::account::keys::narrow),
        get(paths::ACCOUNT_KEY_ROTATE, pages::account::keys::ask_rotate),
        post(paths::ACCOUNT_KEY_ROTATE, pages::account::keys::rotate),
        get(paths::ACCOUNT_KEY_REVOKE, pages::account::keys::ask_revoke),
        post(paths::ACCOUNT_KEY_REVOKE, pages::account::keys::revoke),
        post(paths::ACCOUNT_NOTICES_DISMISS, pages::account::notices::dismiss_all),
        post(paths::ACCOUNT_NOTICE_DISMISS, pages::account::notices::dismiss),
        get(paths::USERS, pages::users::list::get),
        post(paths::USERS_BULK, pages::users::bulk::post),
        get(paths::USERS_NEW, pages::users::new::get),
        post(paths::USERS_NEW, pages::users::new::post),
        get(paths::USER, pages::users::show::get),
        post(paths::USER, pages::users::show::post),
        post(paths::USER_PASSWORD, pages::users::password::post),
        post(paths::USER_ENABLE, pages::users::state::enable),
        get(paths::USER_DISABLE, pages::users::state::ask_disable),
        post(paths::USER_DISABLE, pages::users::state::disable),
        get(paths::USER_DELETE, pages::users::state::ask_delete),
        post(paths::USER_DELETE, pages::users::state::delete),
        post(paths::USER_KEYS, pages::users::keys::generate),
        get(paths::USER_KEY, pages::users::keys::show),
        post(paths::USER_KEY, pages::users::keys::save),
        post(paths::USER_KEY_ENABLE, pages::users::keys::enable),
        post(paths::USER_KEY_DISABLE, pages::users::keys::disable),
        post(paths::USER_KEY_TRIAL, pages::users::keys::begin_trial),
        post(paths::USER_KEY_TRIAL_END, pages::users::keys::end_trial),
        post(paths::USER_KEY_NARROW, pages::users::keys::narrow),
        get(paths::USER_KEY_ROTATE, pages::users::keys::ask_rotate),
        post(paths::USER_KEY_ROTATE, pages::users::keys::rotate),
        get(paths::USER_KEY_REVOKE, pages::users::keys::ask_revoke),
        post(paths::USER_KEY_REVOKE, pages::users::keys::revoke),
        get(paths::CLIENTS, pages::clients::list::get),
        post(paths::CLIENTS_BULK, pages::clients::bulk::post),
        get(paths::CLIENTS_NEW, pages::clients::new::get),
        post(paths::CLIENTS_NEW, pages::clients::new::post),
        get(paths::CLIENT, pages::clients::show::get),
        get(paths::CLIENT_EDIT, pages::clients::edit::get),
        post(paths::CLIENT_EDIT, pages::clients::edit::post),
        post(paths::CLIENT_ENABLE, pages::clients::state::enable),
        get(paths::CLIENT_DISABLE, pages::clients::state::ask_disable),
        post(paths::CLIENT_DISABLE, pages::clients::state::disable),
        get(paths::CLIENT_CUT_OFF, pages::clients::state::ask_cut_off),
        post(paths::CLIENT_CUT_OFF, pages::clients::state::cut_off),
        get(paths::CLIENT_ROTATE_SECRET, pages::clients::state::ask_rotate_secret),
        post(paths::CLIENT_ROTATE_SECRET, pages::clients::state::rotate_secret),
        get(paths::CLIENT_DELETE, pages::clients::state::ask_delete),
        post(paths::CLIENT_DELETE, pages::clients::state::delete),
        get(paths::OVERVIEW, pages::console::overview::get),
        get(paths::KEYS, pages::console::keys::get),
        post(paths::KEYS_BULK, pages::console::keys::post),
        get(paths::SESSIONS, pages::console::sessions::get),
        post(paths::SESSIONS_BULK, pages::console::sessions::post),
        get(paths::GRANTS, pages::console::grants::get),
        post(paths::GRANTS_BULK, pages::console::grants::post),
        get(paths::ROLES, pages::catalogue::list::<Roles>),
        get(paths::ROLES_NEW, pages::catalogue::get_new::<Roles>),
        post(paths::ROLES_NEW, pages::catalogue::post_new::<Roles>),
        get(paths::ROLE_EDIT, pages::catalogue::get::<Roles>),
        post(paths::ROLE_EDIT, pages::catalogue::post::<Roles>),
        get(paths::ROLE_DELETE, pages::catalogue::ask_delete::<Roles>),
        post(paths::ROLE_DELETE, pages::catalogue::delete::<Roles>),
        get(paths::SCOPES, pages::catalogue::list::<Scopes>),
        get(paths::SCOPES_NEW, pages::catalogue::get_new::<Scopes>),
        post(paths::SCOPES_NEW, pages::catalogue::post_new::<Scopes>),
        get(paths::SCOPE_EDIT, pages::catalogue::get::<Scopes>),
        post(paths::SCOPE_EDIT, pages::catalogue::post::<Scopes>),
        get(paths::SCOPE_DELETE, pages::catalogue::ask_delete::<Scopes>),
        post(paths::SCOPE_DELETE, pages::catalogue::delete::<Scopes>),
        get(paths::RESOURCES, pages::catalogue::list::<Resources>),
        get(paths::RESOURCES_NEW, pages::catalogue::get_new::<Resources>),
        post(paths::RESOURCES_NEW, pages::catalogue::post_new::<Resources>),
        get(paths::RESOURCE_EDIT, pages::catalogue::get::<Resources>),
        post(paths::RESOURCE_EDIT, pages::catalogue::post::<Resources>),
        get(paths::RESOURCE_DELETE, pages::catalogue::ask_delete::<Resources>),
        post(paths::RESOURCE_DELETE, pages::catalogue::delete::<Resources>),
        get(paths::AUDIT, pages::audit::get),
        get(paths::AUDIT_EXPORT, pages::audit::export),
        get(paths::WHY, pages::why::get),
        get(paths::WHY_REQUEST, pages::why::show),
        get(paths::DESIGN, pages::design::get),
        get(paths::IMPORT, pages::import::get),
        post(paths::IMPORT, pages::import::post),
        get(paths::OAUTH_AUTHORIZE, oauth::authorize::get),
        post(paths::OAUTH_AUTHORIZE, oauth::authorize::post),
        post(paths::OAUTH_CONSENT, oauth::consent::post),
        get(paths::OAUTH_LOGOUT, oauth::logout::get),
        post(paths::OAUTH_LOGOUT, oauth::logout::post),
        post(paths::OAUTH_REGISTER, oauth::register::post),
        get(paths::OAUTH_REGISTER_CLIENT, oauth::register::get),
        put(paths::OAUTH_REGISTER_CLIENT, oauth::register::put),
        delete(paths::OAUTH_REGISTER_CLIENT, oauth::register::delete),
        post(paths::OAUTH_PAR, oauth::par::post),
        post(paths::OAUTH_DEVICE_AUTHORIZATION, oauth::device::post),
        post(paths::OAUTH_TOKEN, oauth::token::post),
        post(paths::OAUTH_REVOKE, oauth::revoke::post),
        post(paths::OAUTH_INTROSPECT, oauth::introspect::post),
        get(paths::OAUTH_USERINFO, oauth::userinfo::get),
        post(paths::OAUTH_USERINFO, oauth::userinfo::post),
        any(paths::AUTH_VERIFY, verify::check::by_query),
        any(paths::AUTH_VERIFY_POLICY, verify::check::by_policy),
        any(paths::AUTH_VERIFY_POLICY_TAIL, verify::check::by_policy),
        get(paths::AUTH_START, verify::sign_in::start),
        get(paths::VERIFY_CALLBACK, verify::sign_in::callback),
        get(paths::API_ME, api::me::get),
        patch(paths::API_ME, api::me::patch),
        get(paths::API_OPENAPI, api::openapi::get),
        get(paths::API_USERS, api::users::list),
        post(paths::API_USERS, api::users::create),
        get(paths::API_USER, api::users::get),
        patch(paths::API_USER, api::users::patch),
        delete(paths::API_USER, api::users::delete),
        get(paths::API_ROLES, api::roles::list),
        post(paths::API_ROLES, api::roles::create),
        get(paths::API_ROLE, api::roles::get),
        patch(paths::API_ROLE, api::roles::patch),
        delete(paths::API_ROLE, api::roles::delete),
        get(paths::API_SCOPES, api::scopes::list),
        post(paths::API_SCOPES, api::scopes::create),
        get(paths::API_SCOPE, api::scopes::get),
        patch(paths::API_SCOPE, api::scopes::patch),
        delete(paths::API_SCOPE, api::scopes::delete),
        get(paths::API_RESOURCES, api::resources::list),
        post(paths::API_RESOURCES, api::resources::create),
        get(paths::API_RESOURCE, api::resources::get),
        patch(paths::API_RESOURCE, api::resources::patch),
        delete(paths::API_RESOURCE, api::resources::delete),
        get(paths::API_CLIENTS, api::clients::list),
        post(paths::API_CLIENTS, api::clients::create),
        get(paths::API_CLIENT, api::clients::get),
        patch(paths::API_CLIENT, api::clients::patch),
        delete(paths::API_CLIENT, api::clients::delete),
        post(paths::API_CLIENT_ROTATE_SECRET, api::clients::rotate_secret),
        delete(paths::API_CLIENT_GRANTS, api::clients::cut_off),
        get(paths::API_KEYS, api::keys::list),
        post(paths::API_KEYS, api::keys::create),
        get(paths::API_KEY, api::keys::get),
        patch(paths::API_KEY, api::keys::patch),
        delete(paths::API_KEY, api::keys::delete),
        post(paths::API_KEY_ROTATE, api::keys::rotate),
        post(paths::API_KEY_SUCCESSOR, api::keys::succeed),
        get(paths::API_KEY_USAGE, api::key_uses::usage),
        get(paths::API_KEY_CALLERS, api::key_uses::callers),
        get(paths::API_NOTICES, api::notices::list),
        delete(paths::API_NOTICE, api::notices::delete),
        get(paths::API_SESSIONS, api::sessions::list),
        get(paths::API_SESSION, api::sessions::get),
        delete(paths::API_SESSION, api::sessions::delete),
        get(paths::API_GRANTS, api::grants::list),
        get(paths::API_GRANT, api::grants::get),
        delete(paths::API_GRANT, api::grants::delete),
        get(paths::API_AUDIT, api::audit::list),
        get(paths::API_AUDIT_ENTRY, api::audit::get),
        get(paths::API_REFUSALS, api::refusals::list),
        get(paths::API_REFUSAL, api::refusals::get),
        post(paths::API_IMPORT_FRAPPE, api::import::frappe),
        post(paths::API_IMPORT_KEYS, api::import::keys),
        post(paths::API_LEAKED_SECRETS, api::leaks::report),
        get(paths::API_SCAN_RULES, api::leaks::scan_rules),
        get(paths::FRAPPE_LOGGED_USER, frappe::user::get_logged_user),
        post(paths::FRAPPE_LOGGED_USER, frappe::user::get_logged_user),
        post(paths::FRAPPE_GENERATE_KEYS, frappe::user::generate_keys),
        post(paths::FRAPPE_LOGIN, frappe::session::log_in),
        post(paths::FRAPPE_LOGOUT, frappe::session::log_out),
        get(paths::FRAPPE_PING, frappe::session::ping),
        get(paths::FRAPPE_AUTHORIZE, frappe::oauth::authorize),
        post(paths::FRAPPE_APPROVE, frappe::oauth::approve),
        post(paths::FRAPPE_GET_TOKEN, frappe::oauth::get_token),
        post(paths::FRAPPE_REVOKE_TOKEN, frappe::oauth::revoke_token),
        post(paths::FRAPPE_INTROSPECT_TOKEN, frappe::oauth::introspect_token),
        get(paths::FRAPPE_OPENID_PROFILE, frappe::oauth::openid_profile),
        post(paths::FRAPPE_OPENID_PROFILE, frappe::oauth::openid_profile),
        post(paths::FRAPPE_REGISTER_CLIENT, oauth::register::post),
        get(paths::FRAPPE_DOCUMENTS, frappe::documents::list),
        get(paths::FRAPPE_DOCUMENT, frappe::documents::get),
    ]
}

fn get<H, A>(path: &'static str, handler: H) -> Route
where
    H: Handler<A, Output = Result<HttpResponse, Failure>>,
    A: Guarded + 'static,
{
    route(Method::GET, path, handler)
}

fn post<H, A>(path: &'static str, handler: H) -> Route
where
    H: Handler<A, Output = Result<HttpResponse, Failure>>,
    A: Guarded + 'static,
{
    route(Method::POST, path, handler)
}

fn put<H, A>(path: &'static str, handler: H) -> Route
where
    H: Handler<A, Output = Result<HttpResponse, Failure>>,
    A: Guarded + 'static,
{
    route(Method::PUT, path, handler)
}

fn patch<H, A>(path: &'static str, handler: H) -> Route
where
    H: Handler<A, Output = Result<HttpResponse, Failure>>,
    A: Guarded + 'static,
{
    route(Method::PATCH, path, handler)
}

fn delete<H, A>(path: &'static str, handler: H) -> Route
where
    H: Handler<A, Output = Result<HttpResponse, Failure>>,
    A: Guarded + 'static,
{
    route(Method::DELETE, path, handler)
}

/// For each method, one that nobody has thought of too: what is asked in somebody else's name has theirs.
fn any<H, A>(path: &'static str, handler: H) -> Route
where
    H: Handler<A, Output = Result<HttpResponse, Failure>>,
    A: Guarded + 'static,
{
    let method = Method::from_bytes(b"*").expect("an asterisk is a token (RFC 9110 §5.6.2)");
    route(method, path, handler)
}

fn route<H, A>(method: Method, path: &'static str, handler: H) -> Route
where
    H: Handler<A, Output = Result<HttpResponse, Failure>>,
    A: Guarded + 'static,
{
    let handle: Handle = Box::new(move |request: HttpRequest| Box::pin(answer(handler.clone(), request)));
    Route { method, path, guard: A::describe(), handle }
}

/// What `handler` answers, once the guard has let the request in.
async fn answer<H, A>(handler: H, request: HttpRequest) -> Result<HttpResponse, Failure>
where
    H: Handler<A, Output = Result<HttpResponse, Failure>>,
    A: Guarded + 'static,
{
    handler.call(A::extract(&request).await?).await
}

impl Route {
    fn takes(&self, method: &Method) -> bool {
        self.method == *method || (self.method == Method::GET && *method == Method::HEAD) || self.method.as_str() == "*"
    }
}

/// Has a worker answer whatever comes. It stands where actix looks last, and nothing else is there: actix's own table
/// would be walked line by line.
pub fn configure(config: &mut web::ServiceConfig, app: &Data<App>) {
    let app = app.clone();
    config.app_data(app.clone());
    if let Some(page) = pages::login::BlankPage::of(&app) {
        config.app_data(page);
    }
    config.default_service(fn_factory(move || {
        let worker = Rc::new(Worker::new(app.clone()));
        let answer = move |request: ServiceRequest| {
            let worker = Rc::clone(&worker);
            async move { Ok::<_, Error>(worker.answer(request).await) }
        };
        async move { Ok::<_, ()>(fn_service(answer)) }
    }));
}
