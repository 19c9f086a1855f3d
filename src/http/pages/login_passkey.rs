//! `/login/passkey`: signing in with a passkey and nothing else. The page that asks for it is `/login`.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::factors::challenge::Purpose;
use crate::domain::passkey_sign_in;
use crate::domain::passkey_sign_in::Outcome;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::guard::Visitor;
use crate::http::pages::login;
use crate::http::pages::passkeys;
use crate::http::pages::second_factor;
use crate::http::pages::views::login::LoginForm;

/// `POST /login/passkey`.
///
/// # Errors
/// 404 where browsers have no passkeys for this server, 429 after too many that were wrong.
pub async fn post(
    visitor: Visitor,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    app.issuer.domain().ok_or(Failure::NotFound)?;
    let way = second_factor::way_on(&form.0);
    let again = LoginForm {
        return_to: way.return_to.clone(),
        is_again: way.is_again,
        needs_second_factor: form.0.get(login::SECOND_FACTOR) == Some("yes"),
        ..LoginForm::default()
    };
    let Some(shown) = passkeys::shown(&form.0) else {
        return login::refuse(&app, &visitor, again, Some(passkeys::NO_SCRIPT)).await;
    };
    let (keys, issuer) = (app.keys.clone(), app.issuer.clone());
    let bound = passkeys::bound(&visitor, Purpose::SignIn, None);
    let limits = (app.entrance(login::browser_of(&request, &app)), app.login_context().limits.address);
    let act = visitor.context.act_of(&app, "sign-in");
    let tried = app
        .store
        .write(move |tx| {
            let limits = (&limits.0, limits.1);
            passkey_sign_in::sign_in(tx, &keys, &issuer, &bound, &shown, limits, &act)
        })
        .await?;
    match tried {
        Outcome::SignedIn(signed_in) => second_factor::enter(&app, &visitor, &signed_in, way),
        Outcome::Wrong => {
            app.metrics.sign_in_failed();
            visitor.context.explain(passkeys::wrong(None));
            login::refuse(&app, &visitor, again, Some(passkeys::REFUSED)).await
        }
        Outcome::Lapsed => login::refuse(&app, &visitor, again, Some(passkeys::LAPSED)).await,
        Outcome::Limited(retry_after) => Err(Failure::TooMany { retry_after }),
    }
}
