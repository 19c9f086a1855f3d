//! `/login/second-factor` and `/login/first-factor`: the second step of signing in, for whoever has given the right
//! password. Until it is done nobody is signed in.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::factors;
use crate::domain::factors::challenge::Purpose;
use crate::domain::factors::totp;
use crate::domain::factors::totp::ConfirmError;
use crate::domain::factors::totp::Offer;
use crate::domain::login::SignedIn;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding::About;
use crate::domain::refusals::finding::Finding;
use crate::domain::second_step;
use crate::domain::second_step::Halfway;
use crate::domain::second_step::StepError;
use crate::http::cookies::CookieName;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::PageForm;
use crate::http::guard::Visitor;
use crate::http::pages::frame;
use crate::http::pages::login;
use crate::http::pages::passkeys;
use crate::http::pages::views::browser::browser as words_for;
use crate::http::pages::views::factors::AppPage;
use crate::http::pages::views::factors::Beside;
use crate::http::pages::views::factors::CodesPage;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::frame::Frame;
use crate::http::pages::views::login::LoginForm;
use crate::http::pages::views::second_factor::SecondFactorPage;
use crate::http::pages::views::second_factor::WayOn;
use crate::http::paths;
use crate::http::present::sentence;
use crate::http::respond;
use crate::model::factor::RecoveryCode;
use crate::model::id::UserId;
use crate::model::user::User;

/// What whoever comes too late is told.
const LAPSED: &str = "That took too long, or your account has changed since. Sign in once more.";

/// Sends a browser on to the second step: to the factor, or to adding one.
///
/// # Errors
/// [`Failure::Internal`] where the cookie can't be a header.
pub fn send_to(app: &App, halfway: &Halfway, return_to: Option<&str>, is_again: bool) -> Result<HttpResponse, Failure> {
    let path = if halfway.has_factor { paths::LOGIN_SECOND_FACTOR } else { paths::LOGIN_FIRST_FACTOR };
    let way = WayOn { return_to: return_to.unwrap_or_default().to_owned(), is_again };
    let mut response = respond::see(app, &format!("{path}{}", way.query()));
    let cookie = CookieName::Halfway.set(&app.issuer, halfway.to_cookie(&app.keys), Some(second_step::PATIENCE));
    response.add_cookie(&cookie).map_err(|error| Failure::Internal { cause: error.to_string() })?;
    Ok(response)
}

/// `GET /login/second-factor`.
///
/// # Errors
/// Those of the guard.
pub async fn get(visitor: Visitor, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let way = way_on(&login::query(&request)?);
    match halfway(&app, &request) {
        Some(halfway) if halfway.has_factor => {
            ask(&app, &visitor, halfway.user, StatusCode::OK, way, Asked::default()).await
        }
        _ => Ok(start_over(&app, &way)),
    }
}

/// `POST /login/second-factor`: with a code of the app, or a recovery code.
///
/// # Errors
/// 429 after too many wrong codes.
pub async fn post(
    visitor: Visitor,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let way = way_on(&form.0);
    let Some(halfway) = halfway(&app, &request).filter(|halfway| halfway.has_factor) else {
        return Ok(start_over(&app, &way));
    };
    let code = form.0.get("code").unwrap_or_default().to_owned();
    if code.trim().is_empty() {
        let asked = Asked { code: Field::default().refused("Enter the code."), problem: None };
        return ask(&app, &visitor, halfway.user, StatusCode::UNPROCESSABLE_ENTITY, way, asked).await;
    }
    let (entrance, act) = (app.entrance(login::browser_of(&request, &app)), visitor.context.act_of(&app, "sign-in"));
    let (keys, user) = (app.keys.clone(), halfway.user);
    let step = app.store.write(move |tx| second_step::by_code(tx, &keys, &halfway, &code, &entrance, &act)).await;
    match step.and_then(|step| step) {
        Ok(signed_in) => enter(&app, &visitor, &signed_in, way),
        Err(StepError::Wrong) => {
            app.metrics.sign_in_failed();
            visitor.context.explain(wrong_code(user));
            let code = Field::default().refused("This is not a code that is good now. Enter the next one.");
            ask(&app, &visitor, user, StatusCode::UNAUTHORIZED, way, Asked { code, problem: None }).await
        }
        Err(error) => refuse(&app, &visitor, error, way).await,
    }
}

/// `POST /login/second-factor/passkey`.
///
/// # Errors
/// 404 where browsers have no passkeys for this server, 429 after too many wrong factors.
pub async fn post_passkey(
    visitor: Visitor,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    app.issuer.domain().ok_or(Failure::NotFound)?;
    let way = way_on(&form.0);
    let Some(halfway) = halfway(&app, &request).filter(|halfway| halfway.has_factor) else {
        return Ok(start_over(&app, &way));
    };
    let user = halfway.user;
    let problem = |text| Asked { problem: Some(text), code: Field::default() };
    let Some(shown) = passkeys::shown(&form.0) else {
        let asked = problem(passkeys::NO_SCRIPT);
        return ask(&app, &visitor, user, StatusCode::UNPROCESSABLE_ENTITY, way, asked).await;
    };
    let (entrance, act) = (app.entrance(login::browser_of(&request, &app)), visitor.context.act_of(&app, "sign-in"));
    let (keys, issuer) = (app.keys.clone(), app.issuer.clone());
    let bound = passkeys::bound(&visitor, Purpose::SecondStep, Some(user));
    let step = app
        .store
        .write(move |tx| second_step::by_passkey(tx, &keys, &issuer, (&halfway, &bound), &shown, &entrance, &act))
        .await;
    match step.and_then(|step| step) {
        Ok(signed_in) => enter(&app, &visitor, &signed_in, way),
        Err(StepError::Wrong) => {
            app.metrics.sign_in_failed();
            visitor.context.explain(passkeys::wrong(Some(user)));
            ask(&app, &visitor, user, StatusCode::UNAUTHORIZED, way, problem(passkeys::REFUSED)).await
        }
        Err(StepError::ChallengeLapsed) => {
            ask(&app, &visitor, user, StatusCode::UNAUTHORIZED, way, problem(passkeys::LAPSED)).await
        }
        Err(error) => refuse(&app, &visitor, error, way).await,
    }
}

/// `GET /login/first-factor`.
///
/// # Errors
/// Those of the guard.
pub async fn get_first(visitor: Visitor, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let way = way_on(&login::query(&request)?);
    let Some(halfway) = halfway(&app, &request).filter(|halfway| !halfway.has_factor) else {
        return Ok(start_over(&app, &way));
    };
    let Some(user) = find(&app, &halfway).await? else { return Ok(start_over(&app, &way)) };
    offer_anew(&app, &visitor, StatusCode::OK, way, &user, None)
}

/// `POST /login/first-factor`: adds the app and signs in. The answer shows the recovery codes.
///
/// # Errors
/// Those of the guard.
pub async fn post_first(
    visitor: Visitor,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let way = way_on(&form.0);
    let field = |name: &str| form.0.get(name).unwrap_or_default().to_owned();
    let (sealed, code) = (field("offer"), field("code"));
    let Some(halfway) = halfway(&app, &request).filter(|halfway| !halfway.has_factor) else {
        return Ok(start_over(&app, &way));
    };
    let (entrance, act) = (app.entrance(login::browser_of(&request, &app)), visitor.context.act_of(&app, "sign-in"));
    let (keys, step, typed) = (app.keys.clone(), halfway.clone(), (sealed.clone(), code));
    let added = app
        .store
        .write(move |tx| second_step::by_first_app(tx, &keys, &step, (&typed.0, &typed.1), &entrance, &act))
        .await;
    match added {
        Ok((signed_in, codes)) => show_codes(&app, &visitor, &signed_in, &codes, &way),
        Err(StepError::Confirm(ConfirmError::WrongCode)) => {
            let Some(user) = find(&app, &halfway).await? else { return Ok(start_over(&app, &way)) };
            let name = user.username.as_str();
            let Some(offer) = totp::again(&app.keys, &app.issuer, user.id, name, &sealed, app.now()) else {
                return Ok(start_over(&app, &way));
            };
            visitor.context.explain(wrong_code(halfway.user));
            let code = Field::default().refused("This is not the code that the app shows now. Enter the next one.");
            let frame = frame::visitor(&app, &visitor, paths::LOGIN_FIRST_FACTOR);
            offer_first(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, frame, way, (&user, &offer, code))
        }
        Err(error) => refuse(&app, &visitor, error, way).await,
    }
}

/// `POST /login/first-factor/passkey`: adds the passkey and signs in. The answer shows the recovery codes.
///
/// # Errors
/// 404 where browsers have no passkeys for this server.
pub async fn post_first_passkey(
    visitor: Visitor,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    app.issuer.domain().ok_or(Failure::NotFound)?;
    let way = way_on(&form.0);
    let Some(halfway) = halfway(&app, &request).filter(|halfway| !halfway.has_factor) else {
        return Ok(start_over(&app, &way));
    };
    let Some(user) = find(&app, &halfway).await? else { return Ok(start_over(&app, &way)) };
    let browser = login::browser_of(&request, &app);
    let name = words_for(&browser.user_agent);
    let Some(new) = passkeys::new(&form.0, name) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return offer_anew(&app, &visitor, status, way, &user, Some(passkeys::NO_SCRIPT));
    };
    let (entrance, act) = (app.entrance(browser), visitor.context.act_of(&app, "sign-in"));
    let (keys, issuer) = (app.keys.clone(), app.issuer.clone());
    let bound = passkeys::bound(&visitor, Purpose::AddFirst, Some(user.id));
    let added = app
        .store
        .write(move |tx| second_step::by_first_passkey(tx, &keys, &issuer, (&halfway, &bound), &new, &entrance, &act))
        .await;
    match added {
        Ok((signed_in, codes)) => show_codes(&app, &visitor, &signed_in, &codes, &way),
        Err(StepError::Add(error)) => {
            let problem = sentence(&error.to_string());
            offer_anew(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, way, &user, Some(&problem))
        }
        Err(error) => refuse(&app, &visitor, error, way).await,
    }
}

/// The recovery codes of whoever is in with their first factor.
fn show_codes(
    app: &App,
    visitor: &Visitor,
    signed_in: &SignedIn,
    codes: &[RecoveryCode],
    way: &WayOn,
) -> Result<HttpResponse, Failure> {
    let on = login::way_on(app, &signed_in.session, way.back(), way.is_again);
    let frame = frame::visitor(app, visitor, paths::LOGIN_FIRST_FACTOR);
    let mut response = respond::page(&CodesPage::new(frame, codes, on))?;
    begin(app, visitor, &mut response, signed_in)?;
    Ok(response)
}

/// For administrators; the code itself is not kept.
fn wrong_code(user: UserId) -> Finding {
    let about = About { user: Some(user.to_string()), ..About::default() };
    Finding::new(Check::SecondFactor, "the code of now, or an unused recovery code", "another code").about(about)
}

/// Who has given the right password in this browser.
pub fn halfway(app: &App, request: &HttpRequest) -> Option<Halfway> {
    let cookie = CookieName::Halfway.read(request, &app.issuer)?;
    Halfway::of_cookie(&app.keys, &cookie, app.now())
}

/// Where the form says to go afterwards.
pub fn way_on(form: &Parameters) -> WayOn {
    let return_to = login::return_to(form.get("return_to")).unwrap_or_default();
    WayOn { return_to, is_again: form.get("again") == Some("yes") }
}

/// Sends somebody who is in to where they wanted.
///
/// # Errors
/// [`Failure::Internal`] where a cookie can't be a header.
pub fn enter(app: &App, visitor: &Visitor, signed_in: &SignedIn, way: WayOn) -> Result<HttpResponse, Failure> {
    let on = login::way_on(app, &signed_in.session, way.back(), way.is_again);
    let mut response = respond::see(app, &on);
    begin(app, visitor, &mut response, signed_in)?;
    Ok(response)
}

fn begin(app: &App, visitor: &Visitor, response: &mut HttpResponse, signed_in: &SignedIn) -> Result<(), Failure> {
    login::note(app, &visitor.context, signed_in);
    login::begin(app, response, &signed_in.cookie, signed_in.user.id)?;
    let cleared = response.add_cookie(&CookieName::Halfway.clear(&app.issuer));
    cleared.map_err(|error| Failure::Internal { cause: error.to_string() })
}

/// What a second step that failed for another reason than a wrong code is answered with; the way on is kept.
///
/// # Errors
/// 429 after too many wrong codes, and what the database says.
pub async fn refuse(app: &App, visitor: &Visitor, error: StepError, way: WayOn) -> Result<HttpResponse, Failure> {
    match error {
        StepError::Limited(retry_after) => Err(Failure::TooMany { retry_after }),
        StepError::Store(error) | StepError::Confirm(ConfirmError::Store(error)) => Err(error.into()),
        StepError::Confirm(ConfirmError::OpenSsl(cause)) => Err(Failure::Internal { cause }),
        StepError::Wrong
        | StepError::Lapsed
        | StepError::ChallengeLapsed
        | StepError::Confirm(_)
        | StepError::Add(_) => {
            let expected = "a password that was given a moment ago and is still the user's";
            visitor.context.explain(Finding::new(Check::StepLive, expected, "one that is too old, or was replaced"));
            let form = LoginForm { return_to: way.return_to, is_again: way.is_again, ..LoginForm::default() };
            login::refuse(app, visitor, form, Some(LAPSED)).await
        }
    }
}

/// Back to the password, with the way on kept.
pub fn start_over(app: &App, way: &WayOn) -> HttpResponse {
    respond::see(app, &format!("{}{}", paths::LOGIN, way.query()))
}

async fn find(app: &App, halfway: &Halfway) -> Result<Option<User>, Failure> {
    let id = halfway.user;
    Ok(app.store.look_up(move |tx| tx.users().find(id)).await?)
}

/// What the page says of what was sent before.
#[derive(Default)]
pub struct Asked {
    /// What is wrong with the code.
    pub code: Field,
    /// What is wrong otherwise.
    pub problem: Option<&'static str>,
}

/// The page that asks `user` for a second factor.
///
/// # Errors
/// What the database says.
pub async fn ask(
    app: &App,
    visitor: &Visitor,
    user: UserId,
    status: StatusCode,
    way: WayOn,
    asked: Asked,
) -> Result<HttpResponse, Failure> {
    let factors = app.store.look_up(move |tx| factors::of(tx, user)).await?;
    let mut response = HttpResponse::build(status);
    visitor.remember(app, &mut response);
    let client = login::client(app, Some(&way.return_to)).await?;
    let mut frame = frame::visitor(app, visitor, paths::LOGIN_SECOND_FACTOR);
    frame = frame.coloured(client.and_then(|client| client.accent));
    if let Some(problem) = asked.problem {
        frame = frame.with_problem(problem);
    }
    let passkey = passkeys::for_second_step(app, visitor, user, &factors.passkeys);
    let page = SecondFactorPage { frame, way, code: asked.code, has_app: factors.totp.is_some(), passkey };
    respond::page_with(response, &page)
}

/// The page that offers a first factor: a new app, or a passkey.
fn offer_anew(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    way: WayOn,
    user: &User,
    problem: Option<&str>,
) -> Result<HttpResponse, Failure> {
    let offer = totp::offer(&app.keys, &app.issuer, user.id, user.username.as_str(), app.now())
        .map_err(|cause| Failure::Internal { cause })?;
    let mut frame = frame::visitor(app, visitor, paths::LOGIN_FIRST_FACTOR);
    if let Some(problem) = problem {
        frame = frame.with_problem(problem);
    }
    offer_first(app, visitor, status, frame, way, (user, &offer, Field::default()))
}

fn offer_first(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    frame: Frame,
    way: WayOn,
    (user, offer, code): (&User, &Offer, Field),
) -> Result<HttpResponse, Failure> {
    let mut response = HttpResponse::build(status);
    visitor.remember(app, &mut response);
    let bound = passkeys::bound(visitor, Purpose::AddFirst, Some(user.id));
    let beside = Beside { way, passkey: passkeys::for_adding(app, &bound, user, &[]) };
    respond::page_with(response, &AppPage::new(frame, offer, code, paths::LOGIN_FIRST_FACTOR, Some(beside)))
}
