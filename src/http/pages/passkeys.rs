//! Passkeys on pages: what the script of a form asks the browser for, and what the form brings back.

use crate::app::App;
use crate::domain::factors::challenge::Bound;
use crate::domain::factors::challenge::Challenge;
use crate::domain::factors::challenge::Purpose;
use crate::domain::factors::passkeys;
use crate::domain::factors::passkeys::NewPasskey;
use crate::domain::factors::passkeys::Shown;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding::About;
use crate::domain::refusals::finding::Finding;
use crate::http::form::Parameters;
use crate::http::guard::Visitor;
use crate::http::pages::views::passkey::PasskeyPrompt;
use crate::model::factor::Passkey;
use crate::model::id::UserId;
use crate::model::user::User;

/// What whoever sends such a form without its script is told.
pub const NO_SCRIPT: &str = "A passkey needs JavaScript, and the page's script did not run. Choose another way.";
/// What whoever comes too late is told.
pub const LAPSED: &str = "That took too long. Try your passkey once more.";
/// What whoever shows a passkey that is refused is told, whatever is wrong with it.
pub const REFUSED: &str = "This passkey was not accepted. Choose another one, or another way to sign in.";

/// What a challenge is bound to that a visitor is given.
pub fn bound(visitor: &Visitor, purpose: Purpose, user: Option<UserId>) -> Bound {
    Bound { purpose, user, browser: visitor.browser().to_owned() }
}

/// What a browser is asked for to sign in: the same for everybody. `None` where browsers have no passkeys for this server.
pub fn to_sign_in(app: &App, challenge: String) -> Option<PasskeyPrompt> {
    Some(PasskeyPrompt { challenge, options: passkeys::request_options(&app.issuer, None)?.to_string() })
}

/// A challenge for signing in.
pub fn sign_in_challenge(app: &App, visitor: &Visitor) -> String {
    Challenge::mint(app.begun(), &bound(visitor, Purpose::SignIn, None), app.now())
}

/// What a browser is asked for in the second step. `None` where there is nothing to ask it for.
pub fn for_second_step(app: &App, visitor: &Visitor, user: UserId, mine: &[Passkey]) -> Option<PasskeyPrompt> {
    if mine.is_empty() {
        return None;
    }
    let options = passkeys::request_options(&app.issuer, Some(mine))?.to_string();
    let bound = bound(visitor, Purpose::SecondStep, Some(user));
    Some(PasskeyPrompt { challenge: Challenge::mint(app.begun(), &bound, app.now()), options })
}

/// What a browser is asked for to make one more. `None` where browsers have no passkeys for this server.
pub fn for_adding(app: &App, bound: &Bound, user: &User, mine: &[Passkey]) -> Option<PasskeyPrompt> {
    let options = passkeys::creation_options(&app.issuer, &app.brand.name, user, mine)?.to_string();
    Some(PasskeyPrompt { challenge: Challenge::mint(app.begun(), bound, app.now()), options })
}

/// The passkey that a form brings, if its script ran.
pub fn shown(form: &Parameters) -> Option<Shown> {
    let field = |name: &str| form.get(name).unwrap_or_default().to_owned();
    let shown = Shown {
        credential: field("credential"),
        challenge: field("challenge"),
        client_data: field("client_data"),
        authenticator_data: field("authenticator_data"),
        signature: field("signature"),
        user_handle: field("user_handle"),
    };
    (!shown.client_data.is_empty()).then_some(shown)
}

/// The new passkey that a form brings, if its script ran.
pub fn new(form: &Parameters, name: String) -> Option<NewPasskey> {
    let field = |name: &str| form.get(name).unwrap_or_default().to_owned();
    let new = NewPasskey {
        name,
        challenge: field("challenge"),
        client_data: field("client_data"),
        attestation: field("attestation"),
        transports: field("transports"),
    };
    (!new.client_data.is_empty()).then_some(new)
}

/// For administrators: a passkey that does not let in, at the account of `user` where that is known.
pub fn wrong(user: Option<UserId>) -> Finding {
    let about = About { user: user.map(|user| user.to_string()), ..About::default() };
    Finding::new(Check::Passkey, "a passkey of this server and its signature", "another one").about(about)
}
