//! What is dangerous wants a new sign-in: whoever finds a browser open gets no further.

use actix_web::HttpResponse;

use crate::app::App;
use crate::http::failure::Failure;
use crate::http::pages::login;
use crate::http::pages::views::notice::Notice;
use crate::http::principal::Principal;
use crate::model::identity::Subject;

/// As [`send_to_sign_in`], for an act that its own page does not ask about: `back`, where they come to afterwards, says that
/// nothing was done yet.
///
/// # Errors
/// As [`send_to_sign_in`].
pub fn send_before<N>(app: &App, who: &Principal<N>, back: &str) -> Result<Option<HttpResponse>, Failure> {
    send_to_sign_in(app, who, &Notice::NotDoneYet.on(back))
}

/// Sends whoever signed in too long ago to sign-in, and from there to `back`, one of our own paths that takes a GET. `None`
/// where they need not go.
///
/// # Errors
/// [`Failure::SessionNeeded`] where the request is in no session.
pub fn send_to_sign_in<N>(app: &App, who: &Principal<N>, back: &str) -> Result<Option<HttpResponse>, Failure> {
    let until = who.session()?.authenticated_at + app.config.sessions.reauthenticate;
    if !until.is_past(app.now()) {
        return Ok(None);
    }
    let name = if let Subject::User { username, .. } = &who.subject { Some(username.as_str()) } else { None };
    let wanted = login::Wanted { is_again: true, hint: name, notice: Some(Notice::SignInAgain), ..Default::default() };
    Ok(Some(login::send_to(app, back, wanted)))
}
