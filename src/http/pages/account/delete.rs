//! `/account/delete`: the end of one's own account, for whoever knows its password and types its name. Whoever has no password
//! has signed in just now.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::login::check_password;
use crate::domain::own_data;
use crate::domain::users::UserError;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::account::own;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::login::known_device;
use crate::http::pages::logout;
use crate::http::pages::views::account_delete::AccountDeletePage;
use crate::http::pages::views::account_delete::DeleteForm;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::form::SecretField;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::secret::Secret;
use crate::model::username::Login;
use crate::principal::need::ViaSession;

const CLOSED: &str = "people do not delete their own accounts here; ask whoever runs this server";

/// `GET /account/delete`.
///
/// # Errors
/// 403 where people may not.
pub async fn ask(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    check_open(&app)?;
    show(&app, &who, StatusCode::OK, None, DeleteForm::default()).await
}

/// `POST /account/delete`.
///
/// # Errors
/// 403 where people may not, 409 for the last administrator, 429 after too many wrong passwords.
pub async fn post(
    who: Principal<ViaSession>,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    check_open(&app)?;
    let user = own(&app, &who).await?;
    let typed = form.0.get("username").map(str::trim).unwrap_or_default();
    let current = Secret::from(form.0.get("current_password").unwrap_or_default());
    let mut refused = DeleteForm { username: Field::with(typed), current_password: SecretField::default() };
    let login = Login::parse(user.username.as_str());
    if Login::parse(typed) != login {
        refused.username.error = Some("Type your user name, so that nothing is deleted by mistake.".to_owned());
    }
    let id = user.id;
    let has_password = app.store.read(move |tx| tx.users().password(id)).await?.is_some();
    if !has_password && let Some(away) = fresh::send_to_sign_in(&app, &who, paths::ACCOUNT_DELETE)? {
        return Ok(away);
    }
    if has_password && current.expose().is_empty() {
        refused.current_password = SecretField::refused("Enter your current password.");
    }
    if !refused.problems().is_empty() {
        return show(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, None, refused).await;
    }
    let (known, act) = (known_device(&request, &app), who.act(&app));
    let mut checked = None;
    if has_password {
        match check_password(app.login_context(), login.as_ref(), current, known, &act).await {
            Ok((_, hash)) => checked = Some(hash),
            Err(error) => {
                let Some(failure) = Failure::of_login(error, who.context()) else {
                    refused.current_password = SecretField::refused("This is not your current password.");
                    return show(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, None, refused).await;
                };
                return Err(failure);
            }
        }
    }
    match app.store.write(move |tx| own_data::delete(tx, id, checked.as_ref(), &act)).await {
        Ok(()) => {
            let mut response = respond::see(&app, &Notice::AccountDeleted.on(paths::LOGIN));
            logout::forget_session(&app, &mut response)?;
            Ok(response)
        }
        Err(UserError::LastAdministrator) => {
            let why = "You are the last administrator. Give somebody else the role first.";
            show(&app, &who, StatusCode::CONFLICT, Some(why), refused).await
        }
        Err(error) => Err(error.into()),
    }
}

fn check_open(app: &App) -> Result<(), Failure> {
    if app.config.users.self_deletion { Ok(()) } else { Err(Failure::Closed(CLOSED)) }
}

async fn show(
    app: &App,
    who: &Principal<ViaSession>,
    status: StatusCode,
    problem: Option<&str>,
    form: DeleteForm,
) -> Result<HttpResponse, Failure> {
    let user = own(app, who).await?;
    let id = user.id;
    let has_password = app.store.read(move |tx| tx.users().password(id)).await?.is_some();
    let mut frame = frame::signed_in(app, who, paths::ACCOUNT_DELETE);
    if let Some(problem) = problem {
        frame = frame.with_problem(problem);
    }
    let page = AccountDeletePage { frame, username: user.username.as_str().to_owned(), has_password, form };
    respond::page_with(HttpResponse::build(status), &page)
}
