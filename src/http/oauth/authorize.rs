//! The authorization endpoint, `GET /oauth/authorize` (RFC 6749 §3.1).

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use percent_encoding::AsciiSet;
use percent_encoding::CONTROLS;
use percent_encoding::percent_encode;

use crate::app::App;
use crate::domain::oauth::answer::Destination;
use crate::domain::oauth::authorize;
use crate::domain::oauth::authorize::Parameters;
use crate::domain::oauth::consent;
use crate::domain::oauth::consent::Begun;
use crate::domain::oauth::error::AuthorizeError;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::metadata_documents::NoDocument;
use crate::http::context::Context;
use crate::http::csrf;
use crate::http::failure::Failure;
use crate::http::form;
use crate::http::guard::Public;
use crate::http::oauth::answer;
use crate::http::oauth::consent as page;
use crate::http::oauth::metadata_document;
use crate::http::oauth::request_object;
use crate::http::oauth::returning;
use crate::http::pages::login;
use crate::http::paths;
use crate::http::principal::MaybePrincipal;
use crate::http::respond;

/// `GET /oauth/authorize`: checks the request, sends to sign-in, shows consent, or answers at once where it was given
/// before.
///
/// # Errors
/// A page as long as client and redirect URI are not known to be right; behind them a redirect.
pub async fn get(who: MaybePrincipal, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    if who.identity().is_some() && !who.is_in_session() {
        // What is wrong with the request comes first, as for everybody.
        parse(returning::without_proof(request.query_string()).as_bytes())?;
        return Err(Failure::SessionNeeded);
    }
    let mut parameters = read(&app, &Context::of(&request)?, &request).await?;
    let Some(who) = who.into_session() else { return begin_with_sign_in(&app, &request, parameters).await };
    parameters.signed_in = returning::proved(&app, request.query_string(), who.session()?);
    let (decider, rules, act) = (page::decider(&who)?, app.registration_rules(), who.act(&app));
    let (policy, ring) = (app.authorization_policy(), app.ring().await?);
    let begun = app.store.write(move |tx| consent::begin(tx, &parameters, &decider, &policy, &ring, rules, &act)).await;
    match begun {
        Ok(Begun::SessionEnded) => Err(Failure::Unauthenticated { credential_given: false }),
        Ok(Begun::Limited(retry_after)) => Err(Failure::TooMany { retry_after }),
        Ok(Begun::Full) => Err(metadata_document::no_room()),
        Ok(Begun::Answered(answer)) => answer::send(&app, answer).await,
        Ok(Begun::SignIn { hint, second_factor }) => {
            let wanted = login::Wanted { is_again: true, second_factor, hint: hint.as_deref(), notice: None };
            Ok(login::send_to(&app, &way_back(&app, &request)?, wanted))
        }
        Ok(Begun::Ask { request: asked, earlier, id }) => {
            let query = returning::without_proof(request.query_string());
            let back = format!("{}?{query}", paths::OAUTH_AUTHORIZE);
            page::show(&app, &who, &asked, &earlier, id, &back).await
        }
        Err(error) => refuse(error, &app, &Context::of(&request)?).await,
    }
}

/// Sends a stranger to sign-in, if the request is one that could be answered. Nothing is written for it.
async fn begin_with_sign_in(app: &App, request: &HttpRequest, parameters: Parameters) -> Result<HttpResponse, Failure> {
    let back = way_back(app, request)?;
    let (policy, now) = (app.authorization_policy(), app.now());
    match app.store.look_up(move |tx| authorize::check_before_sign_in(tx, &parameters, &policy, now)).await {
        Ok(interaction) => {
            let wanted = login::Wanted {
                is_again: interaction.wants_proof(),
                second_factor: interaction.needs_second_factor,
                hint: interaction.login_hint.as_deref(),
                notice: None,
            };
            Ok(login::send_to(app, &back, wanted))
        }
        Err(error) => refuse(error, app, &Context::of(request)?).await,
    }
}

/// The way back to the request from sign-in.
fn way_back(app: &App, request: &HttpRequest) -> Result<String, Failure> {
    login::way_back(app, request).ok_or_else(|| {
        let why = "the authorization request is longer than 32768 bytes; nobody could come back to it from sign-in";
        Failure::Authorization(why.to_owned())
    })
}

/// The request in the query, with what its client publishes and signs.
///
/// # Errors
/// As long as client and redirect URI are not known to be right.
pub async fn read(app: &App, context: &Context, request: &HttpRequest) -> Result<Parameters, Failure> {
    let mut parameters = parse(returning::without_proof(request.query_string()).as_bytes())?;
    // Errors are for the person too.
    context.note_ui_locales(parameters.ui_locales.as_deref());
    parameters.document = match metadata_document::find(app, context, parameters.client_id.as_deref()).await? {
        Ok(found) => found.map(|found| found.document),
        Err(NoDocument::Refused(why)) => return Err(Failure::Authorization(why)),
        Err(NoDocument::Limited(retry_after)) => return Err(Failure::TooMany { retry_after }),
    };
    request_object::resolve(app, context, parameters).await
}

/// `POST /oauth/authorize`: the same request from a client that posts (RFC 6749 §3.1). It becomes a GET, so that the
/// page can be reloaded and the session's cookie comes along.
///
/// # Errors
/// Where the body is no form.
pub async fn post(who: Public, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    if !csrf::is_form(&request) {
        let why = "the body must be application/x-www-form-urlencoded (RFC 6749 3.1)";
        return Err(Failure::Authorization(why.to_owned()));
    }
    parse(&who.0.body)?;
    // What a body may hold and an address may not is encoded; nothing else is touched, so nothing is lost.
    let query = percent_encode(&who.0.body, NOT_IN_QUERY);
    Ok(respond::see(&app, &format!("{}?{query}", paths::OAUTH_AUTHORIZE)))
}

/// All that may not stand unencoded in a query (RFC 3986 §3.4), but for `%`, which encodes already.
pub const NOT_IN_QUERY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Reads the parameters, each at most once, empty ones left out (RFC 6749 §3.1). As long as client and redirect URI
/// can't be read, nobody knows where anything could be sent back to.
fn parse(query: &[u8]) -> Result<Parameters, Failure> {
    let read = form::Parameters::parse_authorization(query);
    let (query, unreadable) = read.map_err(|error| Failure::Authorization(error.to_string()))?;
    Ok(Parameters { unreadable: unreadable.map(|error| error.to_string()), ..of_form(&query) })
}

/// The request that `form` is, whichever way it came.
pub fn of_form(form: &form::Parameters) -> Parameters {
    let text = |name: &str| form.get(name).map(str::to_owned);
    Parameters {
        response_type: text("response_type"),
        client_id: text("client_id"),
        redirect_uri: text("redirect_uri"),
        scope: text("scope"),
        state: text("state"),
        code_challenge: text("code_challenge"),
        code_challenge_method: text("code_challenge_method"),
        response_mode: text("response_mode"),
        resource: form.all("resource").map(str::to_owned).collect(),
        dpop_jkt: text("dpop_jkt"),
        authorization_details: text("authorization_details"),
        nonce: text("nonce"),
        prompt: text("prompt"),
        max_age: text("max_age"),
        login_hint: text("login_hint"),
        id_token_hint: text("id_token_hint"),
        claims: text("claims"),
        ui_locales: text("ui_locales"),
        request: text("request"),
        request_uri: text("request_uri"),
        ..Parameters::default()
    }
}

/// Tells whoever may be told.
///
/// # Errors
/// [`Failure::Authorization`] for what only the person may see, [`Failure::HeldBack`] for what they may send on.
pub async fn refuse(error: AuthorizeError, app: &App, context: &Context) -> Result<HttpResponse, Failure> {
    let of_client = |to: &Destination, refusal: &Refusal| {
        let mut finding = refusal.finding();
        finding.about.client = Some(to.client.client_id.clone());
        finding
    };
    match error {
        AuthorizeError::Page(refusal) => {
            context.explain(refusal.finding());
            Err(Failure::Authorization(refusal.description))
        }
        AuthorizeError::Redirect { to, refusal } => {
            context.explain_told(of_client(&to, &refusal));
            answer::send(app, to.refuse(refusal, &app.issuer)).await
        }
        AuthorizeError::HeldBack { to, refusal } => {
            context.explain(of_client(&to, &refusal));
            let (client, host, why) = (to.client.name.clone(), to.to.host_for_display(), refusal.description.clone());
            let answer = answer::carry(app, to.refuse(refusal, &app.issuer)).await?;
            Err(Failure::HeldBack { client, host, answer, why })
        }
        AuthorizeError::Store(error) => Err(error.into()),
    }
}
