//! `/login`: signing in with a password; whoever has a second factor goes on to `second_factor.rs`. The page also asks for a
//! passkey, which is posted to `login_passkey.rs`.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::HttpResponseBuilder;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::Data;
use percent_encoding::AsciiSet;
use percent_encoding::CONTROLS;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

use crate::app::App;
use crate::app::languages::Language;
use crate::config::users::SelfRegistration;
use crate::domain::csrf;
use crate::domain::login;
use crate::domain::login::KnownDevice;
use crate::domain::login::Outcome;
use crate::domain::login::SignedIn;
use crate::domain::mails::Asker;
use crate::http::context::Context;
use crate::http::context::Who;
use crate::http::cookies::CookieName;
use crate::http::csp;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::PageForm;
use crate::http::guard::Visitor;
use crate::http::oauth::returning;
use crate::http::pages::frame;
use crate::http::pages::passkeys;
use crate::http::pages::second_factor;
use crate::http::pages::views;
use crate::http::pages::views::client_card::ClientCard;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::form::SecretField;
use crate::http::pages::views::frame::Frame;
use crate::http::pages::views::login::LoginForm;
use crate::http::pages::views::login::LoginPage;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal;
use crate::http::principal::MaybePrincipal;
use crate::http::respond;
use crate::model::id::UserId;
use crate::model::secret::Secret;
use crate::model::session::Session;
use crate::model::time::Lifetime;
use crate::model::token::Token;
use crate::model::username::Login;
use crate::random::Random;

/// How long a browser is remembered as one that has signed in to an account.
const DEVICE_REMEMBERED: Lifetime = Lifetime::from_days(180);

/// `GET /login`. Who is signed in already goes on to where they wanted, unless they are to sign in again.
///
/// # Errors
/// Those of the guard.
pub async fn get(
    visitor: Visitor,
    who: MaybePrincipal,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let query = query(&request)?;
    let return_to = return_to(query.get("return_to"));
    let is_again = query.get(AGAIN) == Some("yes");
    if who.into_session().is_some() && !is_again {
        return Ok(respond::see(&app, return_to.as_deref().unwrap_or(paths::ACCOUNT)));
    }
    note_ui_locales(&visitor.context, return_to.as_deref());
    let notice = query.get("done").and_then(Notice::find);
    let mut response = HttpResponse::Ok();
    visitor.remember(&app, &mut response);
    let hint = query.get(HINT).unwrap_or_default();
    let challenge = passkeys::sign_in_challenge(&app, &visitor);
    if let (None, None, "", Some(blank)) = (&notice, &return_to, hint, request.app_data::<BlankPage>())
        && let Some(html) = blank.with(&visitor.context.language(&app), &visitor.csrf_token, &challenge)
    {
        return Ok(respond::html_with(response, html));
    }
    let client = client(&app, return_to.as_deref()).await?;
    let form = LoginForm {
        username: Field::with(hint),
        return_to: return_to.unwrap_or_default(),
        is_again,
        needs_second_factor: query.get(SECOND_FACTOR) == Some("yes"),
        ..LoginForm::default()
    };
    let frame = frame::visitor(&app, &visitor, paths::LOGIN).with_notice(notice);
    show(&visitor, response, &page(&app, frame, form, client, challenge))
}

/// The parameter that says that a session which is there already is not enough: `yes`.
const AGAIN: &str = "again";
/// The parameter that says that a password alone is not enough: `yes`.
pub const SECOND_FACTOR: &str = "second_factor";
/// The parameter that holds the name which somebody may want to sign in with.
const HINT: &str = "login_hint";

/// What is wanted of somebody who is sent to sign-in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// They sign in although there is a session, or so that the way back proves it.
    pub is_again: bool,
    /// A password alone is not enough.
    pub second_factor: bool,
    /// Who is expected.
    pub hint: Option<&'a str>,
    /// What they are told.
    pub notice: Option<Notice>,
}

/// Sends the browser to sign-in, and from there back to `back`, one of our own paths.
pub fn send_to(app: &App, back: &str, wanted: Wanted<'_>) -> HttpResponse {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if wanted.is_again {
        query.append_pair(AGAIN, "yes");
    }
    if wanted.second_factor {
        query.append_pair(SECOND_FACTOR, "yes");
    }
    if let Some(hint) = wanted.hint {
        query.append_pair(HINT, hint);
    }
    if let Some(notice) = wanted.notice {
        query.append_pair("done", notice.code());
    }
    let query = query.finish();
    let separator = if query.is_empty() { "" } else { "&" };
    let back = utf8_percent_encode(back, NON_ALPHANUMERIC);
    respond::see(app, &format!("{}?return_to={back}{separator}{query}", paths::LOGIN))
}

fn page(app: &App, frame: Frame, form: LoginForm, client: Option<ClientCard>, challenge: String) -> LoginPage {
    let passkey = passkeys::to_sign_in(app, challenge);
    let frame = frame.coloured(client.as_ref().and_then(|client| client.accent));
    LoginPage { frame, form, client, may_register: may_register(app), passkey }
}

/// The page, with the picture of the application that sent the visitor.
fn show(visitor: &Visitor, response: HttpResponseBuilder, page: &LoginPage) -> Result<HttpResponse, Failure> {
    let mut response = respond::page_with(response, page)?;
    if let Some(logo) = page.client.as_ref().and_then(|client| client.logo.as_deref()) {
        csp::show_picture(&mut response, logo, visitor.context.navigation);
    }
    Ok(response)
}

fn may_register(app: &App) -> bool {
    app.config.users.registration == SelfRegistration::Open
}

/// The page as most visitors see it: with nothing to tell, and no place to go back to. But for the forms' token and the
/// challenge it is the same for all of them, so each worker renders it once in each language.
pub struct BlankPage(Vec<Blank>);

struct Blank {
    language: Arc<Language>,
    /// What stands before each gap, and the gap.
    parts: Vec<(String, Gap)>,
    end: String,
}

/// What stands in the page for one visitor alone.
#[derive(Clone, Copy)]
enum Gap {
    Token,
    Challenge,
}

impl Gap {
    /// What stands there while the page is rendered.
    const fn mark(self) -> &'static str {
        match self {
            Gap::Token => "here.stands.the.token",
            Gap::Challenge => "here.stands.the.challenge",
        }
    }
}

impl BlankPage {
    /// That of a server; `None` where it can't be rendered, which visitors will be told.
    pub fn of(app: &App) -> Option<Self> {
        let blank = |language: &Arc<Language>| {
            let frame = Frame::new(app.issuer.path(), paths::LOGIN, Gap::Token.mark()).branded(&app.brand);
            let frame = frame.in_language(Arc::clone(language));
            let page = page(app, frame, LoginForm::default(), None, Gap::Challenge.mark().to_owned());
            let html = views::render(&page).ok()?;
            let (mut parts, mut rest) = (Vec::new(), html.as_str());
            loop {
                let next = |gap: Gap| rest.split_once(gap.mark()).map(|(before, behind)| (before, gap, behind));
                let first = [next(Gap::Token), next(Gap::Challenge)].into_iter().flatten();
                let Some((before, gap, behind)) = first.min_by_key(|(before, ..)| before.len()) else { break };
                parts.push((before.to_owned(), gap));
                rest = behind;
            }
            Some(Blank { language: Arc::clone(language), parts, end: rest.to_owned() })
        };
        app.languages.iter().map(blank).collect::<Option<_>>().map(Self)
    }

    /// The page in a language with a token and a challenge, of which nothing has to be escaped.
    fn with(&self, language: &Language, csrf_token: &str, challenge: &str) -> Option<String> {
        let blank = self.0.iter().find(|blank| blank.language.tag() == language.tag())?;
        let fixed = blank.parts.iter().map(|(before, _)| before.len()).sum::<usize>() + blank.end.len();
        let mut html = String::with_capacity(fixed + blank.parts.len() * csrf_token.len().max(challenge.len()));
        for (before, gap) in &blank.parts {
            html.push_str(before);
            html.push_str(match gap {
                Gap::Token => csrf_token,
                Gap::Challenge => challenge,
            });
        }
        html.push_str(&blank.end);
        Some(html)
    }
}

/// `POST /login`.
///
/// # Errors
/// 429 after too many wrong passwords, 503 where too many sign in at once.
pub async fn post(
    visitor: Visitor,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let form = form.0;
    let (username, password) = (form.get("username").unwrap_or_default(), form.get("password").unwrap_or_default());
    let return_to = return_to(form.get("return_to"));
    note_ui_locales(&visitor.context, return_to.as_deref());
    let is_again = form.get(AGAIN) == Some("yes");
    let needs_second_factor = form.get(SECOND_FACTOR) == Some("yes");
    if username.is_empty() || password.is_empty() {
        let username = Field::with(username);
        let refused = LoginForm {
            username: if username.value.is_empty() {
                username.refused("Enter your user name or e-mail address.")
            } else {
                username
            },
            password: if password.is_empty() {
                SecretField::refused("Enter your password.")
            } else {
                SecretField::default()
            },
            return_to: return_to.unwrap_or_default(),
            is_again,
            needs_second_factor,
        };
        return refuse(&app, &visitor, refused, None).await;
    }
    let login = Login::parse(username);
    let act = visitor.context.act_of(&app, "sign-in");
    let (browser, password) = (browser_of(&request, &app), Secret::from(password));
    let (context, lifetimes) = (app.login_context(), app.session_lifetimes());
    let outcome =
        login::sign_in(context, login.as_ref(), password, needs_second_factor, browser, lifetimes, &act).await;
    match outcome {
        Ok(Outcome::SignedIn(signed_in)) => enter(&app, &visitor.context, &signed_in, return_to, is_again),
        Ok(Outcome::Halfway(halfway)) => second_factor::send_to(&app, &halfway, return_to.as_deref(), is_again),
        Err(error) => {
            if let Some(failure) = Failure::of_login(error, &visitor.context) {
                return Err(failure);
            }
            app.metrics.sign_in_failed();
            let form = LoginForm {
                username: Field::with(username),
                return_to: return_to.unwrap_or_default(),
                is_again,
                needs_second_factor,
                ..LoginForm::default()
            };
            refuse(&app, &visitor, form, Some("The user name or the password is wrong.")).await
        }
    }
}

/// The browser that sent `request`.
pub fn browser_of(request: &HttpRequest, app: &App) -> login::Browser {
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    login::Browser {
        known: known_device(request, app),
        session: principal::session_cookie(request, app).map(|cookie| cookie.hash()),
        user_agent: user_agent.unwrap_or_default().to_owned(),
    }
}

/// Sends somebody who is in to where they wanted, with their session.
///
/// # Errors
/// As [`begin`].
pub fn enter(
    app: &App,
    context: &Context,
    signed_in: &SignedIn,
    return_to: Option<String>,
    is_again: bool,
) -> Result<HttpResponse, Failure> {
    note(app, context, signed_in);
    let mut response = respond::see(app, &way_on(app, &signed_in.session, return_to, is_again));
    begin(app, &mut response, &signed_in.cookie, signed_in.user.id)?;
    Ok(response)
}

/// Leaves for the log who has signed in, and counts it.
pub fn note(app: &App, context: &Context, signed_in: &SignedIn) {
    app.metrics.signed_in();
    let who = Who { subject: signed_in.user.id.to_string(), credential: signed_in.session.id.to_string() };
    *context.who.borrow_mut() = Some(who);
}

/// Where to go after sign-in; with the proof that it was for that, where they were to sign in again.
pub fn way_on(app: &App, session: &Session, return_to: Option<String>, is_again: bool) -> String {
    match return_to {
        Some(back) if is_again => returning::prove(app, back, session),
        Some(back) => back,
        None => paths::ACCOUNT.to_owned(),
    }
}

/// Gives the browser its session, and remembers it as one that has signed in to this account.
///
/// # Errors
/// [`Failure::Internal`] where a cookie can't be a header.
pub fn begin(app: &App, response: &mut HttpResponse, cookie: &Token, user: UserId) -> Result<(), Failure> {
    let cookies = [
        CookieName::Session.set(&app.issuer, cookie.reveal().to_owned(), Some(app.config.sessions.lifetime)),
        CookieName::Device.set(&app.issuer, device_cookie(app, user), Some(DEVICE_REMEMBERED)),
        CookieName::Form.clear(&app.issuer),
    ];
    for cookie in cookies {
        response.add_cookie(&cookie).map_err(|error| Failure::Internal { cause: error.to_string() })?;
    }
    Ok(())
}

/// The form once more, with what is wrong. The same for every wrong name and password.
///
/// # Errors
/// [`Failure::Internal`] where the template fails, and what the database says.
pub async fn refuse(
    app: &App,
    visitor: &Visitor,
    form: LoginForm,
    problem: Option<&str>,
) -> Result<HttpResponse, Failure> {
    let client = client(app, Some(form.return_to.as_str())).await?;
    let mut frame = frame::visitor(app, visitor, paths::LOGIN);
    if let Some(problem) = problem {
        frame = frame.with_problem(problem);
    }
    let status = if problem.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut response = HttpResponse::build(status);
    visitor.remember(app, &mut response);
    show(visitor, response, &page(app, frame, form, client, passkeys::sign_in_challenge(app, visitor)))
}

/// What a browser may send as it is, and [`return_to`] takes for no plain path.
const NOT_PLAIN: &AsciiSet = &CONTROLS.add(b' ').add(b'\\');

/// The way back to what `request` asked for, as [`return_to`] takes it; `None` where it is too long for that.
pub fn way_back(app: &App, request: &HttpRequest) -> Option<String> {
    let asked = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let asked = returning::without_proof(asked);
    let asked = asked.strip_prefix(app.issuer.path()).unwrap_or(asked);
    return_to(Some(&utf8_percent_encode(asked, NOT_PLAIN).to_string()))
}

/// Where to go afterwards: one of our own paths and nothing else. What a browser might read as another host (a
/// second slash, a backslash, a control character) is no path.
pub fn return_to(text: Option<&str>) -> Option<String> {
    let text = text?;
    let mut bytes = text.bytes();
    let is_path = bytes.next() == Some(b'/') && !matches!(bytes.next(), Some(b'/' | b'\\'));
    let is_plain = text.len() <= 32 * 1024 && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (is_path && is_plain).then(|| text.to_owned())
}

/// The query of a page.
///
/// # Errors
/// [`Failure::BadRequest`] where it can't be read.
pub fn query(request: &HttpRequest) -> Result<Parameters, Failure> {
    Parameters::parse_page(request.query_string().as_bytes()).map_err(|error| Failure::BadRequest(error.to_string()))
}

/// The authorization request that the visitor comes from, where they come from one.
fn request_of(return_to: Option<&str>) -> Option<Parameters> {
    let query = return_to.and_then(paths::authorization_query)?;
    Parameters::parse_oauth(query.as_bytes()).ok()
}

/// Leaves for the page which languages the application asked for that sent the visitor (OpenID Connect Core §3.1.2.1).
pub fn note_ui_locales(context: &Context, return_to: Option<&str>) {
    let request = request_of(return_to);
    context.note_ui_locales(request.as_ref().and_then(|request| request.get("ui_locales")));
}

/// The application that sent the visitor, where one did.
///
/// # Errors
/// What the database says.
pub async fn client(app: &App, return_to: Option<&str>) -> Result<Option<ClientCard>, Failure> {
    let Some(client_id) = request_of(return_to).and_then(|query| query.get("client_id").map(str::to_owned)) else {
        return Ok(None);
    };
    let client = app.store.look_up(move |tx| tx.clients().find_by_client_id(&client_id)).await?;
    Ok(client.filter(|client| client.enabled).as_ref().map(ClientCard::of))
}

/// `user.random.mac`: only this server can make it, so a browser that has it has signed in to that account.
fn device_cookie(app: &App, user: UserId) -> String {
    let bound_to = format!("{user}.{:032x}", u128::from_be_bytes(Random.bytes()));
    let mac = csrf::token(app.begun(), csrf::Purpose::Device, bound_to.as_bytes());
    format!("{bound_to}.{mac}")
}

/// The account that this browser has signed in to before, as its cookie proves.
pub fn known_device(request: &HttpRequest, app: &App) -> Option<KnownDevice> {
    let cookie = CookieName::Device.read(request, &app.issuer)?;
    let (bound_to, mac) = cookie.rsplit_once('.')?;
    let (user, device) = bound_to.split_once('.')?;
    let good = app.keys.all().any(|key| csrf::verify(key, csrf::Purpose::Device, bound_to.as_bytes(), mac));
    let user = UserId::parse(user).filter(|_| good)?;
    Some(KnownDevice { user, device: device.to_owned() })
}

/// Who asks for mail.
pub fn asker(visitor: &Visitor, request: &HttpRequest, app: &App) -> Asker {
    Asker { language: visitor.context.language(app).tag().to_owned(), known: known_device(request, app) }
}

#[cfg(test)]
mod tests {
    use super::return_to;

    #[test]
    fn nobody_is_sent_to_another_host() {
        for path in ["/account", "/oauth/authorize?client_id=a&redirect_uri=https%3A%2F%2Frp.test%2Fcb"] {
            assert_eq!(return_to(Some(path)).as_deref(), Some(path));
        }
        for foreign in
            ["//evil.test", "/\\evil.test", "https://evil.test", "", "evil", "/a\nb", "/\t/evil.test", "/a\\b"]
        {
            assert_eq!(return_to(Some(foreign)), None, "{foreign:?}");
        }
    }
}
