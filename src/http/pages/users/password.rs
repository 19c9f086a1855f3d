//! `POST /users/{user}/password`: a user's password, set by an administrator.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::users;
use crate::domain::users::UserError;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::fresh;
use crate::http::pages::refusal::refusal;
use crate::http::pages::users::find;
use crate::http::pages::users::show::Shown;
use crate::http::pages::users::show::settings;
use crate::http::pages::views::form::SecretField;
use crate::http::pages::views::notice::Notice;
use crate::http::pages::views::users::SetPasswordForm;
use crate::http::paths;
use crate::http::present::sentence;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::email::Email;
use crate::model::password;
use crate::model::secret::Secret;
use crate::model::user::UserKind;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// Sets the password and ends all of the user's sessions; that wants a new sign-in. One's own is changed on the account page alone: a session
/// that somebody left open must not be enough.
///
/// # Errors
/// 404 where there is no such user, 503 where too many passwords wait to be hashed.
pub async fn post(
    who: Principal<(Admin, ViaSession)>,
    user: Path<String>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let user = find(&app, &user).await?;
    let id = user.id;
    let home = paths::user_settings(&id.to_string());
    if let Some(sign_in) = fresh::send_before(&app, &who, &home)? {
        return Ok(sign_in);
    }
    let new = Secret::from(form.0.get("new_password").unwrap_or_default());
    let names = [user.username.as_str(), user.email.as_ref().map(Email::as_str).unwrap_or_default()];
    let problem = if user.kind == UserKind::Service {
        Some(sentence(&UserError::ServiceAccount.to_string()))
    } else if id == who.user_id()? {
        Some("This is you: change your password on your account page, where the current one is asked for.".to_owned())
    } else {
        let (language, text) = (who.context().language(&app), Text::new("The new password {$problem}."));
        password::check_new_password(&new, &names).err().map(|error| refusal(&language, text, &error))
    };
    if let Some(problem) = problem {
        let password = SetPasswordForm { new_password: SecretField::refused(&problem) };
        let shown = Shown { password, ..Shown::default() };
        return settings(&app, &who, id, StatusCode::UNPROCESSABLE_ENTITY, shown).await;
    }
    let hash = app.passwords.hash(new).await?;
    app.make(&who, who.act(&app), move |tx, _, act| users::set_password(tx, id, &hash, None, act)).await??;
    Ok(respond::see(&app, &Notice::UserPasswordSet.on(&home)))
}
