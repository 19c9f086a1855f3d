//! `/api/v1/me`: who the request is, and one's own profile.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::users;
use crate::http::api::text;
use crate::http::failure::Failure;
use crate::http::json::JsonBody;
use crate::http::json::given;
use crate::http::needs::AccountWrite;
use crate::http::needs::OwnScope;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::model::identity::Credential;
use crate::model::identity::Identity;
use crate::model::identity::Rights;
use crate::model::identity::Subject;
use crate::model::scope::Scope;
use crate::model::time::Timestamp;
use crate::model::user::UserChanges;
use crate::principal::need::Anyone;

/// Who a request is, and what it may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// `user`, or `client` where a client acts in its own name.
    #[schema(example = "user")]
    subject: &'static str,
    /// The user's id, or the `client_id`.
    id: String,
    /// The user's name; null for a client.
    #[schema(required)]
    username: Option<String>,
    /// The user's e-mail address.
    #[schema(required)]
    email: Option<String>,
    /// How the user is called; null for a client.
    #[schema(required)]
    full_name: Option<String>,
    /// The roles that the credential has now.
    roles: Vec<String>,
    /// Whether the credential may do whatever its subject may.
    full_access: bool,
    /// The scopes that the credential has now; empty where it has full access.
    scopes: Vec<String>,
    /// `session`, `access_token` or `api_key`.
    #[schema(example = "api_key")]
    credential: &'static str,
    /// The client that an access token was given to.
    #[schema(required)]
    client_id: Option<String>,
    /// When the credential ends by itself, in Unix seconds.
    #[schema(required)]
    expires_at: Option<i64>,
}

/// What changes in one's own profile.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeChanges {
    /// How one is called; may be empty.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_length = 200, nullable = false)]
    full_name: Option<String>,
}

/// Says who the request is.
///
/// # Errors
/// Those of the guard.
#[utoipa::path(get, path = paths::API_ME, tag = "me", responses((status = 200, description = "Who it is", body = Me)))]
pub async fn get(who: Principal<Anyone>, _: Data<App>) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(describe(&who)))
}

/// Changes one's own profile.
///
/// # Errors
/// 400 where the body is wrong.
#[utoipa::path(
    patch, path = paths::API_ME, tag = "me", request_body = MeChanges,
    responses((status = 200, description = "Who it is now", body = Me))
)]
pub async fn patch(
    who: Principal<OwnScope<AccountWrite>>,
    body: JsonBody<MeChanges>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (user, act) = (Identity::user_id(&who).ok_or(Failure::UserNeeded)?, who.act(&app));
    let full_name = body.0.full_name.as_deref().map(text::full_name).transpose()?;
    let mut me = describe(&who);
    if let Some(name) = full_name {
        let changes = UserChanges { full_name: Some(name), email: None, claims: None };
        let changed = app.store.write(move |tx| users::change_profile(tx, user, &changes, &act)).await?;
        me.full_name = Some(changed.full_name);
    }
    Ok(HttpResponse::Ok().json(me))
}

fn describe(who: &Identity) -> Me {
    let (subject, username, email, full_name) = match &who.subject {
        Subject::User { username, email, full_name, .. } => {
            ("user", Some(username.clone()), email.clone(), Some(full_name.clone()))
        }
        Subject::Client { .. } => ("client", None, None, None),
    };
    let scopes = match &who.rights {
        Rights::Full { .. } => Vec::new(),
        Rights::Scopes(scopes) => Scope::iter(scopes).map(|scope| scope.as_str().to_owned()).collect(),
    };
    let client_id = match &who.credential {
        Credential::AccessToken { client, .. } => Some(client.client_id.clone()),
        Credential::Session { .. } | Credential::ApiKey { .. } => None,
    };
    Me {
        subject,
        id: who.subject.wire_id(),
        username,
        email,
        full_name,
        roles: who.roles.names(),
        full_access: who.has_full_access(),
        scopes,
        credential: who.credential.kind(),
        client_id,
        expires_at: who.expires_at.map(Timestamp::seconds),
    }
}
