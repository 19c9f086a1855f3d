//! `/clients/{client}/edit`: changing an application's registration.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;

use crate::app::App;
use crate::domain::clients;
use crate::domain::roles;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::clients::find;
use crate::http::pages::clients::form;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::login;
use crate::http::pages::views::clients::ClientForm;
use crate::http::pages::views::clients::ClientsEditPage;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::client::Client;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// `GET /clients/{client}/edit`.
///
/// # Errors
/// 404 where there is no such client.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    client: Path<String>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let notice = login::query(&request)?.get("done").and_then(Notice::find);
    let client = find(&app, &client).await?;
    let offer = app.store.read(roles::offer).await?;
    let form = form::of(&client, &offer);
    ask(&app, &who, &client, StatusCode::OK, notice, form)
}

/// `POST /clients/{client}/edit`. Other roles want a new sign-in.
///
/// # Errors
/// 404 where there is no such client, 400 where the form holds what no page of ours sends.
pub async fn post(
    who: Principal<(Admin, ViaSession)>,
    client: Path<String>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let client = find(&app, &client).await?;
    let offer = app.store.read(roles::offer).await?;
    let mut sent = form::read(&form.0, &offer, Some(&client), &who.context().language(&app))?;
    if let Some(description) = sent.description.take() {
        let id = client.id;
        if description.roles != client.roles
            && let Some(sign_in) = fresh::send_before(&app, &who, &paths::client_edit(&client.client_id))?
        {
            return Ok(sign_in);
        }
        let loopback = app.issuer.is_loopback();
        match app
            .make(&who, who.act(&app), move |tx, _, act| {
                clients::check_loopback(&description.openid, loopback)?;
                clients::change(tx, id, &description, act)
            })
            .await?
        {
            Ok(client) => return Ok(respond::see(&app, &Notice::ClientSaved.on(&paths::client(&client.client_id)))),
            Err(error) => form::blame(error, &mut sent.form)?,
        }
    }
    ask(&app, &who, &client, StatusCode::UNPROCESSABLE_ENTITY, None, sent.form)
}

fn ask(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    client: &Client,
    status: StatusCode,
    notice: Option<Notice>,
    form: ClientForm,
) -> Result<HttpResponse, Failure> {
    let page = ClientsEditPage {
        frame: frame::signed_in(app, who, &paths::client_edit(&client.client_id)).with_notice(notice),
        client_id: client.client_id.clone(),
        name: client.name.clone(),
        form,
    };
    respond::page_with(HttpResponse::build(status), &page)
}
