//! `/device`: where a person types the code that a device shows, and decides (RFC 8628 §3.3).

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

use crate::app::App;
use crate::domain::oauth::device;
use crate::domain::oauth::device::Decided;
use crate::domain::oauth::device::Refused;
use crate::domain::oauth::device::Shown;
use crate::domain::oauth::device::Typed;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding::Finding;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::oauth::consent;
use crate::http::pages::frame;
use crate::http::pages::login;
use crate::http::pages::views::consent::ConsentDuration;
use crate::http::pages::views::device::DeviceDecidePage;
use crate::http::pages::views::device::DeviceEnterPage;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::client::ClientOrigin;
use crate::model::device::UserCode;
use crate::model::identity::Subject;
use crate::principal::need::ViaSession;

/// Unknown, used and lapsed codes are one.
const UNKNOWN: &str = "No device waits with this code. Look at it once more; if it was used or is older than what the \
                       device shows now, begin again on the device.";
const NOTHING: &str = "Your account can't allow anything of what this device asks for: it needs roles that you don't \
                       have.";
const ELSEWHERE: &str = "this code was entered in another session; whoever entered it first decides";

/// `GET /device`: the form, with the code of `verification_uri_complete` filled in; nothing is sent by itself
/// (RFC 8628 §3.3.1).
///
/// # Errors
/// Those of the guard.
pub async fn get(who: Principal<ViaSession>, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let query = login::query(&request)?;
    let notice = query.get("done").and_then(Notice::find);
    // Only what is a code is shown; what it is must be read off the device, not off a link.
    let code = query.get("user_code").and_then(UserCode::parse).map(|code| code.reveal());
    let page = DeviceEnterPage {
        is_done: notice.is_some(),
        user_code: Field::with(&code.unwrap_or_default()),
        frame: frame::signed_in(&app, &who, paths::DEVICE).with_notice(notice),
    };
    respond::page(&page)
}

/// `POST /device`: a code, or the decision about the device that shows it.
///
/// # Errors
/// 429 after too many wrong codes, 403 for a code of another session, 400 for a form that makes no sense.
pub async fn post(who: Principal<ViaSession>, form: PageForm, app: Data<App>) -> Result<HttpResponse, Failure> {
    let form = form.0;
    let text = form.get("user_code").unwrap_or_default();
    if text.is_empty() {
        return refuse(&app, &who, Field::default().refused("Enter the code that the device shows."));
    }
    let code = UserCode::parse(text);
    let (per_user, per_address) = app.user_code_limits();
    let hashes = code.iter().flat_map(|code| app.keys.all().map(|key| device::user_code_hash(key, code))).collect();
    let typed = Typed { hashes, per_user, per_address };
    let (decider, act) = (consent::decider(&who)?, who.act(&app));
    let decided = match form.get("decision") {
        None => app.store.write(move |tx| device::enter(tx, &typed, &decider, &act)).await?.map(Decided::Ask),
        Some(_) => {
            let decision = consent::read_decision(&form).map_err(|why| Failure::BadRequest(why.to_owned()))?;
            let terms = app.token_terms();
            app.store.write(move |tx| device::decide(tx, &typed, &decision, &decider, &terms, &act)).await?
        }
    };
    match decided {
        Ok(Decided::Ask(shown)) => ask(&app, &who, *shown, code).await,
        Ok(Decided::Allowed) => Ok(respond::see(&app, &Notice::DeviceAllowed.on(paths::DEVICE))),
        Ok(Decided::Denied) => Ok(respond::see(&app, &Notice::DeviceDenied.on(paths::DEVICE))),
        Err(Refused::SessionEnded) => Err(Failure::Unauthenticated { credential_given: false }),
        Err(Refused::Limited(retry_after)) => Err(Failure::TooMany { retry_after }),
        Err(Refused::Elsewhere) => Err(Failure::Forged(ELSEWHERE)),
        Err(Refused::Unknown) => {
            // The code itself is a secret as long as it waits.
            let came = "one that is mistyped, over, or decided about already";
            who.context().explain(Finding::new(Check::UserCode, "the code of a device that waits", came));
            refuse(&app, &who, Field::with(text).refused(UNKNOWN))
        }
        Err(Refused::NothingToAllow) => {
            let came = "a device that asks for none of them";
            who.context().explain(Finding::new(Check::ScopeLeft, "scopes that the user's roles allow", came));
            refuse(&app, &who, Field::with(text).refused(NOTHING))
        }
    }
}

/// The form once more, with what is wrong.
fn refuse(app: &App, who: &Principal<ViaSession>, user_code: Field) -> Result<HttpResponse, Failure> {
    let page = DeviceEnterPage { frame: frame::signed_in(app, who, paths::DEVICE), user_code, is_done: false };
    respond::page_with(HttpResponse::build(StatusCode::UNPROCESSABLE_ENTITY), &page)
}

/// Shows which device asks for what.
async fn ask(
    app: &App,
    who: &Principal<ViaSession>,
    shown: Shown,
    code: Option<UserCode>,
) -> Result<HttpResponse, Failure> {
    let Shown { client, code: asked, scope, earlier } = shown;
    let described = consent::describe(app, &client, scope, asked.resources, asked.details, &earlier).await?;
    let (scopes, resources, details) = described;
    let Subject::User { username, .. } = &who.subject else { return Err(Failure::SessionNeeded) };
    let user_code = code.map(|code| code.reveal()).unwrap_or_default();
    let back = format!("{}?user_code={user_code}", paths::DEVICE);
    let page = DeviceDecidePage {
        frame: frame::signed_in(app, who, paths::DEVICE).coloured(client.accent),
        user_code,
        document_host: client.document_host(),
        client: client.name,
        is_verified: client.origin == ClientOrigin::Administrator,
        username: username.clone(),
        switch_account: format!("{}?return_to={}", paths::LOGOUT, utf8_percent_encode(&back, NON_ALPHANUMERIC)),
        resources,
        details,
        scopes,
        duration: ConsentDuration::default(),
    };
    respond::page(&page)
}
