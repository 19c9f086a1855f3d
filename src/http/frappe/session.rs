//! Frappe's sign-in with a password, its sign-out, and its sign of life.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::json;

use crate::app::App;
use crate::domain::csrf as csrf_token;
use crate::domain::login;
use crate::domain::login::Outcome;
use crate::domain::login::SignedIn;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding::Finding;
use crate::domain::sessions;
use crate::http::context;
use crate::http::context::Context;
use crate::http::cookies::CookieName;
use crate::http::csrf;
use crate::http::failure::Failure;
use crate::http::frappe::arguments::Arguments;
use crate::http::frappe::cookies;
use crate::http::frappe::envelope;
use crate::http::guard::Argument;
use crate::http::guard::Guard;
use crate::http::pages;
use crate::http::paths;
use crate::http::principal::MaybePrincipal;
use crate::model::secret::Secret;
use crate::model::username::Login;

/// What those are told who need more than a password, which is right.
const SECOND_FACTOR_NEEDED: &str = "This account needs a second factor: sign in on the page /login, or use an API key";

/// Somebody who signs in without a page of ours, and so without the token of a form: a program, which says nothing of
/// where it comes from, or a script of our own origin. No other site can sign a visitor's browser in.
pub struct Newcomer {
    context: Context,
}

impl Guard for Newcomer {
    fn describe() -> String {
        "newcomer".to_owned()
    }
}

impl Argument for Newcomer {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        newcomer(request)
    }
}

fn newcomer(request: &HttpRequest) -> Result<Newcomer, Failure> {
    csrf::check_newcomer(request, &*context::app(request)?)?;
    Ok(Newcomer { context: Context::of(request)? })
}

/// What older clients call at the front door, by the argument `cmd`.
pub enum Command {
    /// `cmd=login`.
    Login(Newcomer),
    /// `cmd=logout`.
    Logout(Box<MaybePrincipal>, Arguments),
    /// Everything else, which is not there.
    Unknown,
}

impl Guard for Command {
    fn describe() -> String {
        "command".to_owned()
    }
}

impl Argument for Command {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        let arguments = Arguments::of(request).await?;
        match arguments.get("cmd") {
            Some("login") => newcomer(request).map(Command::Login),
            Some("logout") => Ok(Command::Logout(Box::new(MaybePrincipal::of(request).await?), arguments)),
            _ => MaybePrincipal::of(request).await.map(|_| Command::Unknown),
        }
    }
}

/// `POST /`: sign-in and sign-out as older clients call them.
///
/// # Errors
/// Those of the two, and 404 for any other command.
pub async fn command(command: Command, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    match command {
        Command::Login(newcomer) => log_in(newcomer, request, app).await,
        Command::Logout(who, arguments) => log_out(*who, arguments, app).await,
        Command::Unknown => Err(Failure::NotFound),
    }
}

/// `POST /api/method/login`: begins a session with `usr` and `pwd`, under the same limits as the page. They are read
/// from the body alone. What comes back is in no envelope, in either version.
///
/// # Errors
/// 401 for a wrong name or password, 429 after too many, 503 where too many sign in at once.
pub async fn log_in(newcomer: Newcomer, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let arguments = Arguments::of_body(&request)?;
    let (Some(username), Some(password)) = (arguments.get("usr"), arguments.get("pwd")) else {
        return Err(Failure::NotSignedIn("Incomplete login details"));
    };
    let act = newcomer.context.act_of(&app, "sign-in");
    let (browser, login) = (pages::login::browser_of(&request, &app), Login::parse(username));
    let (context, lifetimes, password) = (app.login_context(), app.session_lifetimes(), Secret::from(password));
    let signed_in = match login::sign_in(context, login.as_ref(), password, false, browser, lifetimes, &act).await {
        Ok(Outcome::SignedIn(signed_in)) => signed_in,
        Ok(Outcome::Halfway(_)) => {
            newcomer.context.explain(Finding::new(Check::SecondFactor, "a second factor", "a password alone"));
            return Err(Failure::NotSignedIn(SECOND_FACTOR_NEEDED));
        }
        Err(error) => {
            return Err(Failure::of_login(error, &newcomer.context).unwrap_or_else(|| {
                app.metrics.sign_in_failed();
                Failure::NotSignedIn("Invalid login credentials")
            }));
        }
    };
    pages::login::note(&app, &newcomer.context, &signed_in);
    let SignedIn { user, session, cookie } = *signed_in;
    let token = csrf_token::token(app.begun(), csrf_token::Purpose::Session, cookie.hash().as_bytes());
    let mut response = HttpResponse::Ok().json(json!({
        "message": "Logged In",
        "home_page": format!("{}{}", app.issuer.path(), paths::ACCOUNT),
        "full_name": cookies::full_name(&user),
        "csrf_token": token,
    }));
    pages::login::begin(&app, &mut response, &cookie, user.id)?;
    cookies::set(&app, &mut response, &user, &session)?;
    Ok(response)
}

/// `POST /api/method/logout`: ends the session that the request is in, and takes the cookies away. Whoever is in none
/// has nothing to end.
///
/// # Errors
/// Those of the guard.
pub async fn log_out(who: MaybePrincipal, _: Arguments, app: Data<App>) -> Result<HttpResponse, Failure> {
    if let Some(who) = who.into_session() {
        let (session, act) = (who.session_id()?, who.act(&app));
        app.store.write(move |tx| sessions::log_out(tx, session, &act)).await?;
    }
    let mut response = HttpResponse::Ok().json(json!({}));
    let cleared = response.add_cookie(&CookieName::Session.clear(&app.issuer));
    cleared.map_err(|error| Failure::Internal { cause: error.to_string() })?;
    cookies::clear(&app, &mut response)?;
    Ok(response)
}

/// `GET /api/method/ping`.
///
/// # Errors
/// Those of the guard: a bad credential is refused here too.
pub async fn ping(_: MaybePrincipal, _: Arguments, request: HttpRequest) -> Result<HttpResponse, Failure> {
    envelope::answer(&request, &json!("pong"))
}
