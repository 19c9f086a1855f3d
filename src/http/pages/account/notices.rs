//! `/account/notices…`: what happened to one's credentials, until one takes it away.

use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use serde_json::Value;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::notices;
use crate::http::failure::Failure;
use crate::http::pages::keys::Holder;
use crate::http::pages::views::keys::KeyPlace;
use crate::http::pages::views::notices::NoticeRow;
use crate::http::pages::views::notices::NoticesView;
use crate::http::pages::views::program::program;
use crate::http::pages::views::time::Moment;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::api_key::ApiKey;
use crate::model::id::NoticeId;
use crate::model::notice::Notice;
use crate::model::notice::NoticeKind;
use crate::model::time::Timestamp;
use crate::principal::need::ViaSession;

/// The notices that are shown at once.
const SHOWN: usize = 5;

/// `POST /account/notices/{notice}/dismiss`.
///
/// # Errors
/// 404 for a notice that is not to oneself.
pub async fn dismiss(
    who: Principal<ViaSession>,
    notice: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (user, notice) = (who.user_id()?, NoticeId::parse(&notice).ok_or(Failure::NotFound)?);
    if !app.store.write(move |tx| notices::dismiss(tx, user, notice)).await? {
        return Err(Failure::NotFound);
    }
    Ok(respond::see(&app, paths::ACCOUNT))
}

/// `POST /account/notices/dismiss`.
///
/// # Errors
/// Those of the guard.
pub async fn dismiss_all(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let user = who.user_id()?;
    app.store.write(move |tx| notices::dismiss_all(tx, user)).await?;
    Ok(respond::see(&app, paths::ACCOUNT))
}

/// The newest of `notices`; `keys` are those that are still there.
pub fn view(notices: &[Notice], keys: &[ApiKey], now: Timestamp) -> NoticesView {
    let rows = notices.iter().take(SHOWN).map(|notice| row(notice, keys, now));
    NoticesView { rows: rows.collect(), more: notices.len().saturating_sub(SHOWN) }
}

fn row(notice: &Notice, keys: &[ApiKey], now: Timestamp) -> NoticeRow {
    let details: Value = serde_json::from_str(&notice.details).unwrap_or_default();
    let text = |member: &str| details[member].as_str().filter(|text| !text.is_empty());
    let name = text("name").or_else(|| text("api_key"));
    let (what, advice) = match (notice.kind, name) {
        (NoticeKind::DecoyTried, name) => (
            name.map_or(Text::new("Somebody tried a decoy of yours."), |name| {
                Text::new("Somebody tried the decoy {$name}.").with("name", name)
            }),
            "Whoever did it has read the place where you left it: look who can.",
        ),
        (NoticeKind::SecretLeaked, name) => (
            name.map_or(
                Text::new("A secret of yours was found where it should not be, and was put out of use."),
                |name| {
                    Text::new("A secret of yours ({$name}) was found where it should not be, and was put out of use.")
                        .with("name", name)
                },
            ),
            "Give whatever uses it a new one, and find out how it got there.",
        ),
    };
    let key = keys.iter().find(|key| key.id.to_string() == notice.subject);
    let facts = [text("address").map(Text::of_words), text("agent").map(program)];
    NoticeRow {
        id: notice.id.to_string(),
        what,
        advice,
        at: Moment::seen_from(notice.created_at, now),
        facts: facts.into_iter().flatten().collect(),
        page: key.map(|key| Holder::Own(key.user).path(KeyPlace::Page, key.id)),
    }
}
