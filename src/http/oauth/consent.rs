//! Consent: the page at `/oauth/authorize`, and its form, `POST /oauth/consent`.

use actix_web::HttpResponse;
use actix_web::web::Data;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

use crate::app::App;
use crate::domain::authorization_details::Described;
use crate::domain::grants::Duration;
use crate::domain::oauth::authorize::Request;
use crate::domain::oauth::consent;
use crate::domain::oauth::consent::Decided;
use crate::domain::oauth::consent::Decider;
use crate::domain::oauth::consent::Decision;
use crate::http::csp;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::PageForm;
use crate::http::oauth::answer;
use crate::http::oauth::authorize;
use crate::http::pages::frame;
use crate::http::pages::views::client_card::ClientCard;
use crate::http::pages::views::consent::ConsentDetail;
use crate::http::pages::views::consent::ConsentDuration;
use crate::http::pages::views::consent::ConsentPage;
use crate::http::pages::views::consent::ConsentResource;
use crate::http::pages::views::consent::ConsentScope;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::client::Client;
use crate::model::client::ClientOrigin;
use crate::model::details::AuthorizationDetails;
use crate::model::id::RequestId;
use crate::model::identity::Subject;
use crate::model::redirect_uri::RedirectUri;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::scope::ScopeToken;
use crate::principal::need::ViaSession;

/// The person who decides.
///
/// # Errors
/// [`Failure::SessionNeeded`] where it is no person in a session.
pub fn decider(who: &Principal<ViaSession>) -> Result<Decider, Failure> {
    Ok(Decider { user: who.user_id()?, session: who.session_id()?, roles: who.roles.clone() })
}

/// Shows what `request` asks for. `back` is the way back to it, for who signs in as somebody else.
///
/// # Errors
/// What the database says.
pub async fn show(
    app: &App,
    who: &Principal<ViaSession>,
    request: &Request,
    earlier: &Scope,
    id: RequestId,
    back: &str,
) -> Result<HttpResponse, Failure> {
    // Those of a request object, or of a request that was pushed, are known only now.
    who.context().note_ui_locales(request.interaction.ui_locales.as_deref());
    let (wanted, resources, details) = (request.consent.clone(), request.resources.clone(), request.details.clone());
    let (scopes, resources, details) = describe(app, &request.client, wanted, resources, details, earlier).await?;
    let Subject::User { username, .. } = &who.subject else { return Err(Failure::SessionNeeded) };
    let page = ConsentPage {
        frame: frame::signed_in(app, who, paths::OAUTH_AUTHORIZE).coloured(request.client.accent),
        request: id.to_string(),
        client: request.client.name.clone(),
        card: ClientCard::of(&request.client),
        is_verified: request.client.origin == ClientOrigin::Administrator,
        document_host: request.client.document_host(),
        is_local_only: request.client.redirect_uris.iter().all(RedirectUri::is_loopback),
        destination: request.redirect.host_for_display(),
        is_loopback: request.redirect.is_loopback(),
        username: username.clone(),
        switch_account: format!("{}?return_to={}", paths::LOGOUT, utf8_percent_encode(back, NON_ALPHANUMERIC)),
        resources,
        details,
        scopes,
        duration: ConsentDuration::UntilRevoked,
    };
    let mut response = respond::page(&page)?;
    if let Some(logo) = &page.card.logo {
        csp::show_picture(&mut response, logo, who.context().navigation);
    }
    Ok(response)
}

/// What a page that asks says of the scopes, resources and details that `client` wants; `earlier` is what it has already.
///
/// # Errors
/// What the database says.
pub async fn describe(
    app: &App,
    client: &Client,
    scope: Scope,
    resources: Resources,
    details: Option<AuthorizationDetails>,
    earlier: &Scope,
) -> Result<(Vec<ConsentScope>, Vec<ConsentResource>, Vec<ConsentDetail>), Failure> {
    let described = app.store.look_up(move |tx| consent::describe(tx, &scope, &resources, details.as_ref())).await?;
    let scopes = described.scopes.into_iter().map(|(name, sentence)| ConsentScope {
        is_needed: client.needed_scopes.contains(&name),
        is_granted_already: earlier.contains(&name),
        name,
        sentence,
    });
    let resources = described.resources.into_iter().map(|(uri, name)| ConsentResource { uri, name });
    let in_words = |detail: Described| ConsentDetail { sentence: detail.sentence, members: detail.members };
    Ok((scopes.collect(), resources.collect(), described.details.into_iter().map(in_words).collect()))
}

/// `POST /oauth/consent`: the decision. All else is read from the stored request, never from the form.
///
/// # Errors
/// 404 for a request of another session, 409 for one that was decided, 400 for a form that makes no sense.
pub async fn post(who: Principal<ViaSession>, form: PageForm, app: Data<App>) -> Result<HttpResponse, Failure> {
    let (id, decision) = read(&form.0).map_err(|why| Failure::BadRequest(why.to_owned()))?;
    let (decider, act, policy) = (decider(&who)?, who.act(&app), app.authorization_policy());
    let decided = app.store.write(move |tx| consent::decide(tx, id, &decision, &decider, &policy, &act)).await;
    match decided {
        Ok(Decided::SessionEnded) => Err(Failure::Unauthenticated { credential_given: false }),
        Ok(Decided::Answered(answer)) => answer::send(&app, answer).await,
        Ok(Decided::NotFound) => Err(Failure::NotFound),
        Ok(Decided::TooLate) => {
            let why = "this request was decided already, or waited too long; begin again at the application";
            Err(Failure::Conflict(why.to_owned()))
        }
        Err(error) => authorize::refuse(error, &app, who.context()).await,
    }
}

fn read(form: &Parameters) -> Result<(RequestId, Decision), &'static str> {
    let id = form.get("request").and_then(RequestId::parse).ok_or("request is missing or is no request")?;
    Ok((id, read_decision(form)?))
}

/// The decision in the form of a page that asks: `decision`, `duration` and a `scope` for each that was left ticked.
///
/// # Errors
/// What is wrong with it.
pub fn read_decision(form: &Parameters) -> Result<Decision, &'static str> {
    let duration = match form.get("duration") {
        None => Duration::UntilRevoked,
        Some(text) => Duration::parse(text).ok_or("duration must be 1h, 30d or until_revoked")?,
    };
    let ticked: Result<_, _> = form.all("scope").map(ScopeToken::parse).collect();
    let scopes = ticked.map_err(|_| "scope is no scope")?;
    match form.get("decision") {
        Some("allow") => Ok(Decision::Allow { scopes, duration }),
        Some("deny") => Ok(Decision::Deny),
        _ => Err("decision must be allow or deny"),
    }
}
