//! `/logout`: the page asks, its form signs out.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::sessions;
use crate::http::cookies::CookieName;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::oauth::logout as end_session;
use crate::http::pages::frame;
use crate::http::pages::login;
use crate::http::pages::views::logout::LogoutPage;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::principal::need::ViaSession;

/// Takes the pages that were seen out of the browser's memory: Chromium keeps some for its back button although they
/// say `no-store`, and whoever comes next would see them (Clear Site Data §3.1).
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// `GET /logout`. It changes nothing: any page could hold an image with this address.
///
/// # Errors
/// Those of the guard.
pub async fn get(who: Principal<ViaSession>, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let return_to = login::return_to(login::query(&request)?.get("return_to"));
    respond::page(&LogoutPage {
        frame: frame::signed_in(&app, &who, paths::LOGOUT),
        return_to: return_to.unwrap_or_default(),
        client: None,
        end_session: String::new(),
    })
}

/// `POST /logout`.
///
/// # Errors
/// Those of the guard.
pub async fn post(who: Principal<ViaSession>, form: PageForm, app: Data<App>) -> Result<HttpResponse, Failure> {
    let (session, act) = (who.session_id()?, who.act(&app));
    app.store.write(move |tx| sessions::log_out(tx, session, &act)).await?;
    // Where an application asked for it, what that had asked for is checked once more.
    let mut response = match (form.0.get("end_session"), login::return_to(form.0.get("return_to"))) {
        (Some(query), _) => end_session::after(&app, query).await?,
        (None, Some(back)) => login::send_to(&app, &back, login::Wanted::default()),
        (None, None) => respond::see(&app, &Notice::SignedOut.on(paths::LOGIN)),
    };
    forget_session(&app, &mut response)?;
    Ok(response)
}

/// Has the browser forget the session and the pages that were seen in it.
///
/// # Errors
/// [`Failure::Internal`] where a cookie can't be a header.
pub fn forget_session(app: &App, response: &mut HttpResponse) -> Result<(), Failure> {
    response.headers_mut().insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\""));
    let cleared = response.add_cookie(&CookieName::Session.clear(&app.issuer));
    cleared.map_err(|error| Failure::Internal { cause: error.to_string() })
}
