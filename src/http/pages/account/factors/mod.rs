//! `/account/factors…`: one's second factors. To change them takes a new sign-in.

pub mod app;
pub mod passkey;
pub mod recovery;
pub mod remove;
pub mod rename;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::factors;
use crate::domain::factors::Factors;
use crate::domain::factors::passkeys::MOST;
use crate::http::failure::Failure;
use crate::http::pages::frame;
use crate::http::pages::login;
use crate::http::pages::views::factors::FactorRow;
use crate::http::pages::views::factors::FactorsPage;
use crate::http::pages::views::notice::Notice;
use crate::http::pages::views::time::Moment;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::factor::Passkey;
use crate::model::time::Timestamp;
use crate::principal::need::ViaSession;

/// `GET /account/factors`.
///
/// # Errors
/// Those of the guard.
pub async fn get(who: Principal<ViaSession>, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let notice = login::query(&request)?.get("done").and_then(Notice::find);
    let (user, now) = (who.user_id()?, app.now());
    let Factors { totp, passkeys, recovery_codes, are_required, has_password } =
        app.store.read(move |tx| factors::of(tx, user)).await?;
    let row = |name: Text, added: Timestamp, used: Option<Timestamp>| FactorRow {
        id: String::new(),
        name,
        kind: "",
        added: Moment::seen_from(added, now),
        used: used.map(|used| Moment::seen_from(used, now)),
    };
    let passkey = |passkey: &Passkey| FactorRow {
        id: passkey.id.to_string(),
        kind: if passkey.backup_eligible { "On several devices" } else { "Stays on its device" },
        ..row(Text::of_words(passkey.name.as_str()), passkey.created_at, passkey.used_at)
    };
    let page = FactorsPage {
        frame: frame::signed_in(&app, &who, paths::ACCOUNT_FACTORS).with_notice(notice),
        app: totp.map(|totp| row(Text::new("Authenticator app"), totp.created_at, totp.used_at)),
        passkeys: passkeys.iter().map(passkey).collect(),
        no_passkeys: why_no_passkeys(&app, passkeys.len()),
        recovery_codes,
        are_required,
        has_password,
    };
    respond::page(&page)
}

/// Why no passkey can be added to `count` others.
fn why_no_passkeys(app: &App, count: usize) -> Option<Text> {
    if app.issuer.domain().is_none() {
        let why = "There can be none here: browsers keep passkeys for servers with a name, reached by https, and this one is reached at {$address}.";
        return Some(Text::new(why).with("address", app.issuer.origin().to_string()));
    }
    (count >= MOST)
        .then(|| Text::new("There are {$count}, which is the most. Remove one to add another.").counting("count", MOST))
}

/// What there is, as a sentence for the account page.
pub fn summary(factors: &Factors) -> Text {
    let passkeys = factors.passkeys.len();
    if !factors.has_password && factors.totp.is_none() {
        return Text::new("You have no password, and {$count} passkeys.").counting("count", passkeys);
    }
    match (factors.totp.is_some(), passkeys) {
        (true, 0) => Text::new("You have an authenticator app."),
        (true, count) => Text::new("You have an authenticator app and {$count} passkeys.").counting("count", count),
        (false, 0) if factors.are_required => {
            Text::new("You have none yet. You will be asked to add one the next time you sign in.")
        }
        (false, 0) => Text::new("You have none. With one, nobody gets in who knows nothing but your password."),
        (false, count) => Text::new("You have {$count} passkeys.").counting("count", count),
    }
}
