//! The revocation endpoint, `POST /oauth/revoke` (RFC 7009).

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::oauth::client_auth;
use crate::domain::oauth::revoke;
use crate::domain::oauth::revoke::Extent;
use crate::http::failure::Failure;
use crate::http::oauth::client::AuthenticatedClient;
use crate::http::oauth::client::MaybeClient;
use crate::http::oauth::token::missing;
use crate::model::secret::Secret;

/// `POST /oauth/revoke`: 200 with nothing in it, for what is not known too (RFC 7009 §2.2). `token_type_hint` is only a
/// hint, and a token says itself what it is.
///
/// # Errors
/// In the form of RFC 6749 §5.2.
pub async fn post(caller: MaybeClient, app: Data<App>) -> Result<HttpResponse, Failure> {
    run(caller, &app, Extent::Token).await?;
    Ok(HttpResponse::Ok().finish())
}

/// Puts the token out of use that `caller` sent, as far as `extent` goes.
///
/// # Errors
/// In the form of RFC 6749 §5.2.
pub async fn run(caller: MaybeClient, app: &App, extent: Extent) -> Result<(), Failure> {
    let (authenticated, parameters, context) = match caller {
        MaybeClient::Client(client) => {
            let AuthenticatedClient { client, credentials, parameters, context, .. } = *client;
            (Some((client, credentials)), parameters, context)
        }
        MaybeClient::Nobody { parameters, context } => (None, parameters, context),
    };
    let token = parameters.get("token").map(Secret::from).ok_or_else(|| missing("token"))?;
    let act = match &authenticated {
        Some((client, _)) => context.act_of(app, &client.client_id),
        None => context.act_of(app, "bearer of the token"),
    };
    let memory = app.memory.clone();
    app.store
        .write(move |tx| {
            let client = match &authenticated {
                Some((client, credentials)) => {
                    Some(client_auth::again(tx, &memory, client.id, credentials, act.now)?.0)
                }
                None => None,
            };
            revoke::run(tx, client.as_deref(), token.expose(), extent, &act)
        })
        .await?;
    Ok(())
}
