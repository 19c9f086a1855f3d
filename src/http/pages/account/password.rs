//! `POST /account/password`: one's own password, for whoever knows the present one.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::login;
use crate::domain::users;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::account::Shown;
use crate::http::pages::account::show;
use crate::http::pages::login::known_device;
use crate::http::pages::views::account::PasswordForm;
use crate::http::pages::views::form::SecretField;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::identity::Subject;
use crate::model::password;
use crate::model::secret::Secret;
use crate::model::username::Login;
use crate::principal::need::ViaSession;

/// Changes the password, and ends all that the old one let in but this session.
///
/// # Errors
/// 429 after too many wrong passwords, 503 where too many are hashed at once, 409 where it was changed meanwhile.
pub async fn post(
    who: Principal<ViaSession>,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let Subject::User { username, email, .. } = &who.subject else { return Err(Failure::SessionNeeded) };
    let field = |name| Secret::from(form.0.get(name).unwrap_or_default());
    let (current, new) = (field("current_password"), field("new_password"));
    let mut refused = PasswordForm::default();
    if current.expose().is_empty() {
        refused.current_password = SecretField::refused("Enter your current password.");
    }
    if let Err(error) = password::check_new_password(&new, &[username, email.as_deref().unwrap_or_default()]) {
        refused.new_password = SecretField::refused(&format!("The new password {error}."));
    }
    if !refused.problems().is_empty() {
        return refuse(&app, &who, refused).await;
    }

    let login = Login::parse(username);
    let (known, act) = (known_device(&request, &app), who.act(&app));
    let checked = match login::check_password(app.login_context(), login.as_ref(), current, known, &act).await {
        Ok((_, checked)) => checked,
        Err(error) => match Failure::of_login(error, who.context()) {
            Some(failure) => return Err(failure),
            None => {
                refused.current_password = SecretField::refused("This is not your current password.");
                return refuse(&app, &who, refused).await;
            }
        },
    };
    let new = app.passwords.hash(new).await?;
    let (user, session) = (who.user_id()?, who.session_id()?);
    app.store.write(move |tx| users::change_password(tx, user, &checked, &new, session, &act)).await?;
    Ok(respond::see(&app, &Notice::PasswordChanged.on(paths::ACCOUNT)))
}

async fn refuse(app: &App, who: &Principal<ViaSession>, password: PasswordForm) -> Result<HttpResponse, Failure> {
    show(app, who, StatusCode::UNPROCESSABLE_ENTITY, Shown { password, ..Shown::default() }).await
}
