//! How the browser takes an answer of the authorization endpoint to the client: by a redirect, or by a form that it posts
//! (OAuth 2.0 Form Post Response Mode §2), signed where the client asked for that (JARM §2).

use actix_web::HttpResponse;
use actix_web::http::header;
use serde_json::Map;
use serde_json::Value;

use crate::app::App;
use crate::domain::oauth::answer::Answer;
use crate::domain::oauth::answer::Carrier;
use crate::domain::oauth::answer::Destination;
use crate::domain::oauth::id_token;
use crate::domain::oauth::id_token::IdToken;
use crate::domain::oauth::id_token::Style;
use crate::domain::oauth::id_token::Teller;
use crate::http::csp;
use crate::http::failure::Failure;
use crate::http::oauth::token::not_signed;
use crate::http::pages::frame;
use crate::http::pages::views::form_post::FormPostPage;
use crate::http::paths;
use crate::http::respond;
use crate::model::time::Lifetime;

/// How long a signed answer is good (JARM §2.1: ten minutes at most).
const GOOD_FOR: Lifetime = Lifetime::from_seconds(300);

/// An answer as the browser is to carry it.
#[derive(Debug, Clone)]
pub struct Carried {
    /// Where to: for a redirect, with the parameters in it.
    pub location: String,
    /// What is posted there; nothing for a redirect.
    pub fields: Vec<(&'static str, String)>,
}

/// Makes of `answer` what the browser carries.
///
/// # Errors
/// What the database says, where it has to be signed.
pub async fn carry(app: &App, answer: Answer) -> Result<Carried, Failure> {
    let Answer { destination, mut parameters, id_token } = answer;
    if let Some(id_token) = id_token {
        parameters.push(("id_token", tell(app, &id_token, &parameters).await?));
    }
    let parameters = match destination.mode.is_signed {
        true => vec![("response", signed(app, &destination, parameters).await?)],
        false => parameters,
    };
    let pairs: Vec<(&str, &str)> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let redirect = |location: String| Carried { location, fields: Vec::new() };
    Ok(match destination.mode.carrier {
        Carrier::Query => redirect(destination.to.with_query(&pairs)),
        Carrier::Fragment => redirect(destination.to.with_fragment(&pairs)),
        Carrier::FormPost => Carried { location: destination.to.as_str().to_owned(), fields: parameters },
    })
}

/// The signed id_token that goes with `parameters`.
async fn tell(app: &App, id_token: &IdToken, parameters: &[(&'static str, String)]) -> Result<String, Failure> {
    let ring = app.ring().await?;
    let teller =
        Teller { issuer: &app.issuer, ring: &ring, lifetime: app.config.tokens.id_token_lifetime, now: app.now() };
    let access_token = parameters.iter().find(|(name, _)| *name == "access_token").map(|(_, token)| token.as_str());
    id_token.sign(access_token, Style::Standard, teller).map_err(not_signed)
}

/// The parameters as one signed text (JARM §2.1).
async fn signed(
    app: &App,
    destination: &Destination,
    parameters: Vec<(&'static str, String)>,
) -> Result<String, Failure> {
    let (ring, now) = (app.ring().await?, app.now());
    let mut claims: Map<String, Value> =
        parameters.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    claims.insert("aud".to_owned(), destination.client.client_id.as_str().into());
    claims.insert("exp".to_owned(), (now + GOOD_FOR).seconds().into());
    let client = &destination.client;
    let algorithm = id_token::algorithm_for(client, client.openid.authorization_signed_response_alg.as_deref());
    let signed = ring.sign(algorithm, None, &claims, now);
    signed.map_err(|error| Failure::Internal { cause: error.to_string() })
}

/// Sends the browser to the client with `answer`.
///
/// # Errors
/// As [`carry`].
pub async fn send(app: &App, answer: Answer) -> Result<HttpResponse, Failure> {
    let client = answer.destination.client.name.clone();
    let host = answer.destination.to.host_for_display();
    let Carried { location, fields } = carry(app, answer).await?;
    if fields.is_empty() {
        return Ok(respond::see_elsewhere(&location));
    }
    let frame = frame::bare(app, paths::OAUTH_AUTHORIZE);
    // What the application answers the form with may lead anywhere.
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CONTENT_SECURITY_POLICY, csp::ANY_FORM));
    respond::page_with(response, &FormPostPage { frame, client, host, location, fields })
}
