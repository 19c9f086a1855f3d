//! The way of a browser to a service behind a proxy: `/auth/start` signs it in and gives it a ticket,
//! `/.hallpass/callback` on the service's own host takes the ticket and sets the cookie.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::verify_sessions;
use crate::domain::verify_sessions::Destination;
use crate::domain::verify_sessions::Redeemed;
use crate::http::cookies;
use crate::http::cookies::CookieName;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::Public;
use crate::http::pages::login;
use crate::http::paths;
use crate::http::principal::MaybePrincipal;
use crate::http::respond;
use crate::http::verify::forwarded::Forwarded;
use crate::model::token::Token;
use crate::model::token::TokenKind;

/// `GET /auth/start?rd=URL`.
///
/// # Errors
/// A page with 400 where nobody may be sent to that address.
pub async fn start(who: MaybePrincipal, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let rd = rd(request.query_string())?;
    let to = Destination::parse(&rd, &app.config.verify.allowed_hosts, &app.issuer);
    let to = to.map_err(|why| Failure::BadRequest(why.to_owned()))?;
    if who.identity().is_some() && !who.is_in_session() {
        return Err(Failure::SessionNeeded);
    }
    // To sign-in, and back to this very address.
    let who = who.into_session().ok_or(Failure::Unauthenticated { credential_given: false })?;
    let (session, act, origin) = (who.session_id()?, who.act(&app), to.origin.clone());
    let ticket = app.store.write(move |tx| verify_sessions::begin(tx, session, &to, &act)).await;
    let ticket = ticket.map_err(|error| match Failure::from(error) {
        Failure::Conflict(_) => Failure::Unauthenticated { credential_given: false },
        failure => failure,
    })?;
    Ok(respond::see_elsewhere(&format!("{origin}{}?ticket={}", paths::VERIFY_CALLBACK, ticket.reveal())))
}

/// `GET /.hallpass/callback?ticket=…`, on the host of a service.
///
/// # Errors
/// A page with 400 where the ticket is not good here.
pub async fn callback(public: Public, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let origin = Forwarded::of(&request, &app).origin.ok_or(Failure::TicketRefused(
        "no proxy that is trusted said which host this is; http.trusted_proxies names those that are, and they send \
         X-Forwarded-Proto and X-Forwarded-Host",
    ))?;
    let unusable = Failure::TicketRefused("it was used already, is more than a minute old, or is for another host");
    let query = login::query(&request)?;
    let ticket = query.get("ticket").and_then(|ticket| Token::parse_as(TokenKind::VerifyTicket, ticket));
    let ticket = ticket.ok_or_else(|| unusable.clone())?.hash();
    let held = CookieName::Verify.read(&request, &app.issuer);
    let held = held.and_then(|held| Token::parse_as(TokenKind::VerifySession, &held)).map(|held| held.hash());
    let (act, host) = (public.0.act_of(&app, "sign-in"), origin.clone());
    let redeemed = app.store.write(move |tx| verify_sessions::redeem(tx, &ticket, held.as_ref(), &host, &act)).await?;
    match redeemed {
        Redeemed::NoTicket => Err(unusable),
        Redeemed::SomebodyElse => Err(Failure::TicketRefused(
            "this browser is signed in here as somebody else; sign out there first, if you meant to change the account",
        )),
        Redeemed::Done { cookie, ends, to } => {
            let mut response = respond::see_elsewhere(&to.address());
            let cookie = cookies::of_host(&origin, cookie.reveal().to_owned(), ends.since(app.now()));
            response.add_cookie(&cookie).map_err(|error| Failure::Internal { cause: error.to_string() })?;
            Ok(response)
        }
    }
}

/// The address to come back to. Proxies that can't encode it put it last as it is, and then it goes to the end of the
/// query: encoded, it would have no `://`.
fn rd(query: &str) -> Result<String, Failure> {
    let plain = query.strip_prefix("rd=").filter(|rest| rest.starts_with("https://") || rest.starts_with("http://"));
    if let Some(plain) = plain {
        return Ok(plain.to_owned());
    }
    let parameters = Parameters::parse_page(query.as_bytes());
    let parameters = parameters.map_err(|error| Failure::BadRequest(error.to_string()))?;
    let rd = parameters.get("rd").map(str::to_owned);
    rd.ok_or_else(|| Failure::BadRequest("rd is missing: the address to come back to".to_owned()))
}
