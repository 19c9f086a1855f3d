//! Enabling, disabling and deleting an application, and replacing its secret. What stops it asks first; what can't be taken
//! back wants a new sign-in.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::clients;
use crate::http::failure::Failure;
use crate::http::pages::clients::find;
use crate::http::pages::clients::show::show;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::views::clients::CreatedClient;
use crate::http::pages::views::confirm::ConfirmPage;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::client::Client;
use crate::model::secret::Secret;
use crate::model::time::Lifetime;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// `POST /clients/{client}/enable`.
///
/// # Errors
/// 404 where there is no such client.
pub async fn enable(
    who: Principal<(Admin, ViaSession)>,
    client: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    set_enabled(&app, &who, &client, true, Notice::ClientEnabled).await
}

/// `GET /clients/{client}/disable`.
///
/// # Errors
/// 404 where there is no such client.
pub async fn ask_disable(
    who: Principal<(Admin, ViaSession)>,
    client: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let client = find(&app, &client).await?;
    let consequences = vec![
        Text::new("Its tokens stop working at once, and it can't ask for new ones."),
        Text::new("It can be enabled again, with the access that people gave it."),
    ];
    let action = paths::client_disable(&client.client_id);
    ask(&app, &who, &client, "Disable the application {$name}?", consequences, action, "Disable application")
}

/// `POST /clients/{client}/disable`.
///
/// # Errors
/// 404 where there is no such client.
pub async fn disable(
    who: Principal<(Admin, ViaSession)>,
    client: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    set_enabled(&app, &who, &client, false, Notice::ClientDisabled).await
}

async fn set_enabled(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    client: &str,
    enabled: bool,
    notice: Notice,
) -> Result<HttpResponse, Failure> {
    let id = find(app, client).await?.id;
    let client = app.make(who, who.act(app), move |tx, _, act| clients::set_enabled(tx, id, enabled, act)).await??;
    Ok(respond::see(app, &notice.on(&paths::client(&client.client_id))))
}

/// `GET /clients/{client}/cut-off`.
///
/// # Errors
/// 404 where there is no such client.
pub async fn ask_cut_off(
    who: Principal<(Admin, ViaSession)>,
    client: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let client = find(&app, &client).await?;
    if let Some(sign_in) = fresh::send_to_sign_in(&app, &who, &paths::client_cut_off(&client.client_id))? {
        return Ok(sign_in);
    }
    let consequences = vec![
        Text::new("All its tokens stop working at once, whosever they are."),
        Text::new("What people let it do is taken back; it has to ask each of them again."),
        Text::new("It stays registered, with its secret. Rotate that too if it may have leaked."),
    ];
    let action = paths::client_cut_off(&client.client_id);
    ask(&app, &who, &client, "End all access of {$name}?", consequences, action, "End all access")
}

/// `POST /clients/{client}/cut-off`.
///
/// # Errors
/// 404 where there is no such client.
pub async fn cut_off(
    who: Principal<(Admin, ViaSession)>,
    client: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let client = find(&app, &client).await?;
    if let Some(sign_in) = fresh::send_to_sign_in(&app, &who, &paths::client_cut_off(&client.client_id))? {
        return Ok(sign_in);
    }
    let (id, act) = (client.id, who.act(&app));
    let client = app.store.write(move |tx| clients::cut_off(tx, id, &act)).await?;
    Ok(respond::see(&app, &Notice::ClientCutOff.on(&paths::client(&client.client_id))))
}

/// `GET /clients/{client}/rotate-secret`.
///
/// # Errors
/// 404 where there is no such client, or it is public.
pub async fn ask_rotate_secret(
    who: Principal<(Admin, ViaSession)>,
    client: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let client = find(&app, &client).await?;
    if let Some(sign_in) = fresh::send_to_sign_in(&app, &who, &paths::client_rotate_secret(&client.client_id))? {
        return Ok(sign_in);
    }
    if client.is_public() {
        return Err(Failure::NotFound);
    }
    let consequences = vec![
        Text::new(
            "The present secret stops working at once: the application can't get tokens until it has the new one.",
        ),
        Text::new("People who let it in stay connected."),
        Text::new("The new secret is shown once, on the next page."),
    ];
    let action = paths::client_rotate_secret(&client.client_id);
    ask(&app, &who, &client, "Replace the secret of {$name}?", consequences, action, "Rotate secret")
}

/// `POST /clients/{client}/rotate-secret`. The answer is the client's page with the new secret on top.
///
/// # Errors
/// 404 where there is no such client, 400 where it is public.
pub async fn rotate_secret(
    who: Principal<(Admin, ViaSession)>,
    client: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let client = find(&app, &client).await?;
    if let Some(sign_in) = fresh::send_to_sign_in(&app, &who, &paths::client_rotate_secret(&client.client_id))? {
        return Ok(sign_in);
    }
    let id = client.id;
    let rotated = app.make(&who, who.act(&app), move |tx, _, act| clients::rotate_secret(tx, id, Lifetime::ZERO, act));
    let (client, secret) = rotated.await??;
    let created = CreatedClient { client_secret: Secret::from(secret.reveal()), is_rotated: true };
    show(&app, &who, &client, None, Some(created))
}

/// `GET /clients/{client}/delete`.
///
/// # Errors
/// 404 where there is no such client.
pub async fn ask_delete(
    who: Principal<(Admin, ViaSession)>,
    client: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let client = find(&app, &client).await?;
    if let Some(sign_in) = fresh::send_to_sign_in(&app, &who, &paths::client_delete(&client.client_id))? {
        return Ok(sign_in);
    }
    let (id, now) = (client.id, app.now());
    let people = app.store.read(move |tx| tx.grants().count_users_of(id, now)).await?;
    let mut consequences = vec![Text::new("Its tokens stop working at once, and it can't ask for new ones.")];
    if people > 0 {
        let counted = Text::new("{$count} people let it use their account; what they granted is deleted with it.");
        consequences.push(counted.counting("count", people));
    }
    consequences.push(Text::new("This can't be undone."));
    let action = paths::client_delete(&client.client_id);
    ask(&app, &who, &client, "Delete the application {$name}?", consequences, action, "Delete application")
}

/// `POST /clients/{client}/delete`.
///
/// # Errors
/// 404 where there is no such client.
pub async fn delete(
    who: Principal<(Admin, ViaSession)>,
    client: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let client = find(&app, &client).await?;
    if let Some(sign_in) = fresh::send_to_sign_in(&app, &who, &paths::client_delete(&client.client_id))? {
        return Ok(sign_in);
    }
    let (id, act) = (client.id, who.act(&app));
    app.store.write(move |tx| clients::delete(tx, id, &act)).await?;
    Ok(respond::see(&app, &Notice::ClientDeleted.on(paths::CLIENTS)))
}

fn ask(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    client: &Client,
    question: &'static str,
    consequences: Vec<Text>,
    action: String,
    button: &str,
) -> Result<HttpResponse, Failure> {
    let home = paths::client(&client.client_id);
    let frame = frame::signed_in(app, who, &home);
    let language = Arc::clone(&frame.language);
    respond::page(&ConfirmPage {
        frame,
        question: language.fill(&Text::new(question).with("name", client.name.as_str())),
        consequences: consequences.iter().map(|text| language.fill(text)).collect(),
        action,
        button: button.to_owned(),
        cancel: home,
        choice: None,
    })
}
