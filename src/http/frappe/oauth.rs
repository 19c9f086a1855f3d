//! OAuth under Frappe's names: our own endpoints, and what Frappe's clients expect of them beside.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::Value;
use serde_json::json;

use crate::app::App;
use crate::domain::oauth::consent;
use crate::domain::oauth::consent::Decided;
use crate::domain::oauth::id_token;
use crate::domain::oauth::id_token::Style;
use crate::domain::oauth::introspect::Facts;
use crate::domain::oauth::revoke::Extent;
use crate::domain::oauth::userinfo;
use crate::domain::oauth::userinfo::Claims;
use crate::http::failure::Failure;
use crate::http::oauth::answer;
use crate::http::oauth::authorize;
use crate::http::oauth::client::AuthenticatedClient;
use crate::http::oauth::client::MaybeClient;
use crate::http::oauth::consent as page;
use crate::http::oauth::introspect;
use crate::http::oauth::introspect::Introspector;
use crate::http::oauth::metadata_document;
use crate::http::oauth::revoke;
use crate::http::oauth::token;
use crate::http::oauth::userinfo::OpenId;
use crate::http::present;
use crate::http::principal::MaybePrincipal;
use crate::http::principal::Principal;
use crate::model::identity::Identity;
use crate::model::identity::Subject;
use crate::principal::need::InScope;
use crate::principal::need::ViaSession;

/// `GET …oauth2.authorize`: as [`authorize::get`]. Whoever is not signed in is sent to sign-in, as on a page.
///
/// # Errors
/// As there.
pub async fn authorize(who: MaybePrincipal, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    match authorize::get(who, request.clone(), app.clone()).await {
        Err(Failure::Unauthenticated { credential_given: false }) => Ok(present::to_login(&app, &request)),
        answered => answered,
    }
}

/// `POST …oauth2.approve`: the person allows all that the authorization request in the query asks for, until they take
/// it back.
///
/// # Errors
/// As for consent.
pub async fn approve(
    who: Principal<ViaSession>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let parameters = authorize::read(&app, who.context(), &request).await?;
    let (decider, rules, policy) = (page::decider(&who)?, app.registration_rules(), app.authorization_policy());
    let (ring, act) = (app.ring().await?, who.act(&app));
    let approved =
        app.store.write(move |tx| consent::approve(tx, &parameters, &decider, &policy, &ring, rules, &act)).await;
    match approved {
        Ok(consent::Approved::Decided(Decided::Answered(answer))) => answer::send(&app, answer).await,
        Ok(consent::Approved::Decided(Decided::SessionEnded)) => {
            Err(Failure::Unauthenticated { credential_given: false })
        }
        Ok(consent::Approved::Decided(Decided::NotFound | Decided::TooLate)) => Err(Failure::NotFound),
        Ok(consent::Approved::Limited(retry_after)) => Err(Failure::TooMany { retry_after }),
        Ok(consent::Approved::Full) => Err(metadata_document::no_room()),
        Err(error) => authorize::refuse(error, &app, who.context()).await,
    }
}

/// `POST …oauth2.revoke_token`: either token of a pair ends both.
///
/// # Errors
/// Where a confidential client does not say who it is, and for what is no token.
pub async fn revoke_token(caller: MaybeClient, app: Data<App>) -> Result<HttpResponse, Failure> {
    if caller.parameters().get("token").is_none() {
        return Ok(HttpResponse::BadRequest().json(json!({})));
    }
    revoke::run(caller, &app, Extent::Pair).await?;
    Ok(HttpResponse::Ok().json(json!({})))
}

/// `POST …oauth2.get_token`: as [`token::post`], with an id_token that tells what Frappe's does.
///
/// # Errors
/// As there.
pub async fn get_token(request: AuthenticatedClient, app: Data<App>) -> Result<HttpResponse, Failure> {
    token::answer(request, &app, Style::Frappe).await
}

/// `POST …oauth2.introspect_token`: as [`introspect::post`], and beside it whether the client is trusted, and with the
/// scope `openid` who the user is.
///
/// # Errors
/// As there.
pub async fn introspect_token(caller: Introspector, app: Data<App>) -> Result<HttpResponse, Failure> {
    let Some(facts) = introspect::look(caller, &app).await? else { return Ok(introspect::inactive()) };
    let mut body = introspect::describe(&facts, app.issuer.as_str());
    if let Some(client_id) = body["client_id"].as_str().map(str::to_owned) {
        let client = app.store.look_up(move |tx| tx.clients().find_by_client_id(&client_id)).await?;
        body["trusted_client"] = u8::from(client.is_some_and(|client| client.trusted)).into();
    }
    let (subject, scope, roles) = match &facts {
        Facts::Credential(found) => {
            let identity = &found.identity;
            (&identity.subject, identity.rights.scopes(), identity.roles.names())
        }
        Facts::RefreshToken { subject, scope, roles, .. } => (subject, scope, roles.clone()),
    };
    if let Subject::User { id, .. } = subject
        && scope.contains(userinfo::SCOPE)
    {
        let id = *id;
        let user = app.store.look_up(move |tx| tx.users().find(id)).await?;
        if let (Some(user), Value::Object(body)) = (user, &mut body) {
            body.extend(profile(id.to_string(), &userinfo::all(&user, roles), &app));
        }
    }
    Ok(HttpResponse::Ok().json(body))
}

/// `GET|POST …oauth2.openid_profile`: who the user is, in no envelope. The scope `openid` shows all of it here.
///
/// # Errors
/// Those of the guard, and 403 for a client in its own name.
pub async fn openid_profile(who: Principal<InScope<OpenId>>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let identity = Identity::clone(&who);
    let known = app.store.look_up(move |tx| userinfo::read(tx, &identity)).await?.ok_or(Failure::UserNeeded)?;
    let sub = known.sub(app.ring().await?.salt());
    Ok(HttpResponse::Ok().json(profile(sub, &userinfo::all(&known.user, who.roles.names()), &app)))
}

/// As Frappe names it.
fn profile(sub: String, claims: &Claims, app: &App) -> Claims {
    let mut profile = id_token::frappe_profile(claims);
    profile.insert("sub".to_owned(), sub.into());
    profile.insert("iss".to_owned(), app.issuer.as_str().into());
    profile
}
