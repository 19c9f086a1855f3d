//! What can change in an API key: its name, its end, the addresses it works from, its limits.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::app::App;
use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::domain::api_keys;
use crate::domain::api_keys::ApiKeyError;
use crate::domain::api_keys::KeyChanges;
use crate::domain::api_keys::KeyPolicy;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::pages::keys::Holder;
use crate::http::pages::keys::id;
use crate::http::pages::keys::refusal;
use crate::http::pages::keys::show;
use crate::http::pages::keys::show::Shown;
use crate::http::pages::keys::texts;
use crate::http::pages::keys::words;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::key_form::KeyEditForm;
use crate::http::pages::views::keys::KeyPlace;
use crate::http::pages::views::notice::Notice;
use crate::http::pages::views::time::Moment;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::api_key::ApiKey;
use crate::model::name::DisplayName;
use crate::model::time::Timestamp;

/// The form as it is at first: what is true of the key.
pub fn form_of(key: &ApiKey, policy: &KeyPolicy) -> KeyEditForm {
    let lines = |texts: Vec<String>| Field::with(&texts.join("\n"));
    KeyEditForm {
        name: Field::with(&key.name),
        expires_on: Field::with(&key.expires_at.map(texts::last_day).unwrap_or_default()),
        expires_hint: Some(hint_of(key, policy)),
        allowed_ips: lines(key.allowed_addresses.iter().map(ToString::to_string).collect()),
        limits: lines(key.limits.iter().map(words::limit_text).collect()),
    }
}

fn hint_of(key: &ApiKey, policy: &KeyPolicy) -> Text {
    hint(policy.maximum_lifetime.map(|most| key.created_at + most))
}

/// What is to be known of the end of a key that may last until `latest` at the longest.
pub fn hint(latest: Option<Timestamp>) -> Text {
    match latest {
        None => Text::new("It works until that day is over, in UTC; for ever where there is none."),
        Some(latest) => Text::new("It works until that day is over, in UTC, and until {$latest} at the longest.")
            .with_text("latest", Moment::new(latest).full),
    }
}

/// Keeps what the form says, all or nothing.
///
/// # Errors
/// [`Failure::NotFound`] where it is none of the holder's.
pub async fn save<N>(
    app: &App,
    who: &Principal<N>,
    holder: Holder,
    key: &str,
    form: &Parameters,
) -> Result<HttpResponse, Failure> {
    let (user, key, policy) = (holder.user(), id(key)?, app.key_policy());
    let before = app.store.read(move |tx| api_keys::find_of(tx, user, key)).await?;
    let mut kept = KeyEditForm { expires_hint: Some(hint_of(&before, &policy)), ..KeyEditForm::default() };
    let refused = |form| Shown { form: Some(form), status: StatusCode::UNPROCESSABLE_ENTITY, ..Shown::default() };
    let language = who.context().language(app);
    let Some(changes) = read(form, &before, &language, &mut kept) else {
        return show::page(app, who, holder, key, refused(kept)).await;
    };
    let changed = app.make(who, who.act(app), move |tx, reach, act| {
        api_keys::change(tx, Some(user), key, &changes, &policy, reach, act)
    });
    let error = match changed.await? {
        Ok(_) => return Ok(respond::see(app, &Notice::KeySaved.on(&holder.path(KeyPlace::Page, key)))),
        Err(error) => error,
    };
    let field = match &error {
        ApiKeyError::EndsInThePast | ApiKeyError::LastsTooLong(_) => &mut kept.expires_on.error,
        _ => &mut kept.name.error,
    };
    *field = Some(refusal(error, &language)?);
    show::page(app, who, holder, key, refused(kept)).await
}

fn read(form: &Parameters, before: &ApiKey, language: &Language, kept: &mut KeyEditForm) -> Option<KeyChanges> {
    let text = |name: &str| form.get(name).unwrap_or_default();
    (kept.name, kept.expires_on) = (Field::with(text("name")), Field::with(text("expires_on")));
    (kept.allowed_ips, kept.limits) = (Field::with(text("allowed_ips")), Field::with(text("limits")));
    let name = DisplayName::parse(text("name"));
    kept.name.error = name.as_ref().err().map(|error| format!("The name {error}."));
    let end = read_end(text("expires_on").trim(), before);
    if end.is_none() {
        kept.expires_on.error = Some("Write the day as 2027-01-31, or nothing.".to_owned());
    }
    let addresses = texts::networks(text("allowed_ips"), language).map_err(|field| kept.allowed_ips = field);
    let limits = texts::limits(text("limits"), language).map_err(|field| kept.limits = field);
    Some(KeyChanges {
        name: Some(name.ok()?),
        expires_at: Some(end?),
        allowed_addresses: Some(addresses.ok()?),
        limits: Some(limits.ok()?),
        ..KeyChanges::default()
    })
}

/// The end of that day; the day that stood there already leaves the end as it is, to the second.
fn read_end(text: &str, before: &ApiKey) -> Option<Option<Timestamp>> {
    match before.expires_at {
        _ if text.is_empty() => Some(None),
        Some(end) if texts::last_day(end) == text => Some(Some(end)),
        _ => texts::end_of_day(text).map(Some),
    }
}
