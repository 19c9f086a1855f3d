//! The UserInfo endpoint, `/oauth/userinfo` (OpenID Connect Core §5.3).

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::id_token;
use crate::domain::oauth::userinfo;
use crate::http::context::Context;
use crate::http::csrf;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::Argument;
use crate::http::guard::Guard;
use crate::http::oauth::token;
use crate::http::principal::Principal;
use crate::model::identity::Identity;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::principal::need::InScope;
use crate::principal::need::ScopeName;

/// The scope `openid`.
pub struct OpenId;

impl ScopeName for OpenId {
    const NAME: &'static str = userinfo::SCOPE;
}

/// As the guard of `GET`, or with the access token in a form (RFC 6750 §2.2). It is the one place where that is taken:
/// OpenID Connect Core §5.3.1 has it, and who asks who somebody is changes nothing.
pub struct Poster(Principal<InScope<OpenId>>);

impl Guard for Poster {
    fn describe() -> String {
        Principal::<InScope<OpenId>>::describe()
    }
}

impl Argument for Poster {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        let Some(token) = in_form(request)? else { return Principal::of(request).await.map(Poster) };
        if request.headers().contains_key(header::AUTHORIZATION) {
            let why = "the access token stands in the header and in the body; one of them is too many (RFC 6750 2)";
            return Err(Failure::oauth(ErrorCode::InvalidRequest, why));
        }
        let refused = Failure::Unauthenticated { credential_given: true };
        let token = Token::parse_as(TokenKind::Access, &token).ok_or(refused)?;
        Principal::by_access_token(request, &token).await.map(Poster)
    }
}

/// The `access_token` of a form.
fn in_form(request: &HttpRequest) -> Result<Option<String>, Failure> {
    if !csrf::is_form(request) {
        return Ok(None);
    }
    let form = Parameters::parse_oauth(&Context::of(request)?.body);
    let form = form.map_err(|error| Failure::oauth(ErrorCode::InvalidRequest, error.to_string()))?;
    Ok(form.get("access_token").map(str::to_owned))
}

/// `GET /oauth/userinfo`: who the user is, as far as the scopes go and as the client asked; signed where it registered
/// that.
///
/// # Errors
/// Those of the guard, and 403 for a client in its own name.
pub async fn get(who: Principal<InScope<OpenId>>, app: Data<App>) -> Result<HttpResponse, Failure> {
    who.note_scopes(&app, &["profile", "email", "address", "phone", "roles"]);
    let identity = Identity::clone(&who);
    let known = app.store.look_up(move |tx| userinfo::read(tx, &identity)).await?.ok_or(Failure::UserNeeded)?;
    let ring = app.ring().await?;
    let mut claims = known.claims(&who, ring.salt());
    let algorithm = known.client.as_ref().and_then(|client| client.openid.userinfo_signed_response_alg.as_deref());
    let (Some(client), Some(algorithm)) = (&known.client, algorithm) else {
        return Ok(HttpResponse::Ok().json(claims));
    };
    claims.insert("iss".to_owned(), app.issuer.as_str().into());
    claims.insert("aud".to_owned(), client.client_id.as_str().into());
    let signed = ring.sign(id_token::algorithm(Some(algorithm)), None, &claims, app.now());
    let signed = signed.map_err(token::not_signed)?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "application/jwt")).body(signed))
}

/// `POST /oauth/userinfo`: the same.
///
/// # Errors
/// As there.
pub async fn post(who: Poster, app: Data<App>) -> Result<HttpResponse, Failure> {
    get(who.0, app).await
}
