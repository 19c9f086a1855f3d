//! The end-session endpoint, `/oauth/logout` (OpenID Connect RP-Initiated Logout §2).

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use percent_encoding::percent_encode;

use crate::app::App;
use crate::domain::oauth::logout;
use crate::domain::oauth::logout::LogoutError;
use crate::domain::oauth::logout::Request;
use crate::domain::sessions;
use crate::http::context::Context;
use crate::http::csrf;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::Public;
use crate::http::oauth::authorize::NOT_IN_QUERY;
use crate::http::pages::frame;
use crate::http::pages::logout as page;
use crate::http::pages::views::logout::LogoutPage;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::MaybePrincipal;
use crate::http::respond;

/// `GET /oauth/logout`: ends the session where the application shows that it is about it, and asks the person else.
///
/// # Errors
/// A page for a request that does not fit together. It leads nowhere.
pub async fn get(who: MaybePrincipal, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let query = request.query_string();
    let form = parse(query.as_bytes())?;
    Context::of(&request)?.note_ui_locales(form.get("ui_locales"));
    let asked = read(&app, &form).await?;
    let Some(who) = who.into_session() else {
        // Nothing is left to end.
        let location = asked.location.as_deref().filter(|_| asked.is_shown());
        return Ok(go_on(&app, location));
    };
    let session = who.session()?.clone();
    if !asked.proves(&session) {
        return respond::page(&LogoutPage {
            frame: frame::signed_in(&app, &who, paths::LOGOUT),
            return_to: String::new(),
            client: asked.client.map(|client| client.name),
            end_session: query.to_owned(),
        });
    }
    let act = who.act(&app);
    app.store.write(move |tx| sessions::log_out(tx, session.id, &act)).await?;
    let mut response = go_on(&app, asked.location.as_deref());
    page::forget_session(&app, &mut response)?;
    Ok(response)
}

/// `POST /oauth/logout`: the same request from an application that posts. It becomes a GET, so that the session's cookie
/// comes along.
///
/// # Errors
/// Where the body is no form.
pub async fn post(who: Public, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    if !csrf::is_form(&request) {
        let why = "the body must be application/x-www-form-urlencoded";
        return Err(Failure::Authorization(why.to_owned()));
    }
    read(&app, &parse(&who.0.body)?).await?;
    let query = percent_encode(&who.0.body, NOT_IN_QUERY);
    Ok(respond::see(&app, &format!("{}?{query}", paths::OAUTH_LOGOUT)))
}

/// Where the browser goes after somebody signed out by our own page, whose form says what the application had asked for.
///
/// # Errors
/// As [`get`].
pub async fn after(app: &App, query: &str) -> Result<HttpResponse, Failure> {
    let asked = read(app, &parse(query.as_bytes())?).await?;
    Ok(go_on(app, asked.location.as_deref()))
}

/// To an address that was checked, or to our own page that says that it is done.
fn go_on(app: &App, location: Option<&str>) -> HttpResponse {
    match location {
        Some(location) => respond::see_elsewhere(location),
        None => respond::see(app, &Notice::SignedOut.on(paths::LOGIN)),
    }
}

fn parse(form: &[u8]) -> Result<Parameters, Failure> {
    Parameters::parse_oauth(form).map_err(|error| Failure::Authorization(error.to_string()))
}

/// What the application asks for, checked.
async fn read(app: &App, form: &Parameters) -> Result<Request, Failure> {
    let text = |name: &str| form.get(name).map(str::to_owned);
    let parameters = logout::Parameters {
        id_token_hint: text("id_token_hint"),
        client_id: text("client_id"),
        post_logout_redirect_uri: text("post_logout_redirect_uri"),
        state: text("state"),
    };
    let (ring, issuer) = (app.ring().await?, app.issuer.clone());
    let checked = app.store.look_up(move |tx| logout::check(tx, &parameters, &ring, &issuer)).await;
    checked.map_err(|error| match error {
        LogoutError::Page(why) => Failure::Authorization(why.to_owned()),
        LogoutError::Store(error) => error.into(),
    })
}
