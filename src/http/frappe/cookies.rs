//! The cookies that Frappe's clients look for beside our own. None of them opens anything: who is signed in is known by
//! the session's cookie alone.

use actix_web::HttpResponse;
use actix_web::cookie::Cookie;
use actix_web::cookie::SameSite;
use actix_web::cookie::time::Duration;
use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

use crate::app::App;
use crate::http::failure::Failure;
use crate::model::session::Session;
use crate::model::user::User;

/// Marks that somebody is signed in. It holds the id by which the session is listed, which is no secret.
const SID: &str = "sid";
/// What scripts read: who is signed in.
const READABLE: [&str; 4] = ["user_id", "full_name", "system_user", "user_image"];
/// What Frappe leaves as it is in a cookie's value; all else is percent-encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-').remove(b'.').remove(b'~');

/// Sets them for a new session.
///
/// # Errors
/// [`Failure::Internal`] where a cookie can't be a header.
pub fn set(app: &App, response: &mut HttpResponse, user: &User, session: &Session) -> Result<(), Failure> {
    let values = [user.frappe_name(), full_name(user), "yes", ""];
    let lasts = Duration::seconds(i64::try_from(app.config.sessions.lifetime.seconds()).unwrap_or(i64::MAX));
    let named = READABLE.iter().zip(values).map(|(name, value)| cookie(app, name, value, false));
    let all = std::iter::once(cookie(app, SID, &session.id.to_string(), true)).chain(named);
    add(
        response,
        all.map(|mut cookie| {
            cookie.set_max_age(lasts);
            cookie
        }),
    )
}

/// Takes them away.
///
/// # Errors
/// [`Failure::Internal`] where a cookie can't be a header.
pub fn clear(app: &App, response: &mut HttpResponse) -> Result<(), Failure> {
    let all = std::iter::once(SID).chain(READABLE).map(|name| {
        let mut cookie = cookie(app, name, "", name == SID);
        cookie.make_removal();
        cookie
    });
    add(response, all)
}

/// How a person is called; a user without a name goes by the user name.
pub fn full_name(user: &User) -> &str {
    if user.full_name.is_empty() { user.username.as_str() } else { &user.full_name }
}

fn cookie(app: &App, name: &'static str, value: &str, http_only: bool) -> Cookie<'static> {
    Cookie::build(name, utf8_percent_encode(value, ENCODED).to_string())
        .path("/")
        .http_only(http_only)
        .secure(app.issuer.as_str().starts_with("https://"))
        .same_site(SameSite::Lax)
        .finish()
}

fn add(response: &mut HttpResponse, cookies: impl Iterator<Item = Cookie<'static>>) -> Result<(), Failure> {
    for cookie in cookies {
        response.add_cookie(&cookie).map_err(|error| Failure::Internal { cause: error.to_string() })?;
    }
    Ok(())
}
