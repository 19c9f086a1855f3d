//! `/clients/new`: registering an application.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::clients;
use crate::domain::roles;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::clients::form;
use crate::http::pages::clients::show::show;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::login;
use crate::http::pages::views::clients::ClientForm;
use crate::http::pages::views::clients::ClientsNewPage;
use crate::http::pages::views::clients::CreatedClient;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::secret::Secret;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// `GET /clients/new`.
///
/// # Errors
/// Those of the guard.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let notice = login::query(&request)?.get("done").and_then(Notice::find);
    let offer = app.store.read(roles::offer).await?;
    ask(&app, &who, StatusCode::OK, notice, form::fresh(&offer))
}

/// `POST /clients/new`. The answer is the client's page, with the secret on top where it has one. A client
/// with roles of its own wants a new sign-in.
///
/// # Errors
/// 400 where the form holds what no page of ours sends.
pub async fn post(
    who: Principal<(Admin, ViaSession)>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let offer = app.store.read(roles::offer).await?;
    let mut sent = form::read(&form.0, &offer, None, &who.context().language(&app))?;
    if let Some(description) = sent.description.take() {
        if !description.roles.is_empty()
            && let Some(sign_in) = fresh::send_before(&app, &who, paths::CLIENTS_NEW)?
        {
            return Ok(sign_in);
        }
        let loopback = app.issuer.is_loopback();
        match app
            .make(&who, who.act(&app), move |tx, _, act| {
                clients::check_loopback(&description.openid, loopback)?;
                clients::register(tx, &description, act)
            })
            .await?
        {
            Ok((client, secret)) => {
                let created = secret
                    .map(|secret| CreatedClient { client_secret: Secret::from(secret.reveal()), is_rotated: false });
                // The dialog with the secret says that it is registered; a public client has none.
                let notice = created.is_none().then_some(Notice::ClientCreated);
                return show(&app, &who, &client, notice, created);
            }
            Err(error) => form::blame(error, &mut sent.form)?,
        }
    }
    ask(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, None, sent.form)
}

fn ask(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    status: StatusCode,
    notice: Option<Notice>,
    form: ClientForm,
) -> Result<HttpResponse, Failure> {
    let page = ClientsNewPage { frame: frame::signed_in(app, who, paths::CLIENTS_NEW).with_notice(notice), form };
    respond::page_with(HttpResponse::build(status), &page)
}
