//! What is done to an API key on its page: enable, disable, try its revocation, make a narrower one, rotate, revoke.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::api_keys;
use crate::domain::api_keys::KeyChanges;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::pages::frame;
use crate::http::pages::keys::Holder;
use crate::http::pages::keys::created;
use crate::http::pages::keys::id;
use crate::http::pages::keys::refusal;
use crate::http::pages::keys::show;
use crate::http::pages::keys::show::Shown;
use crate::http::pages::keys::words;
use crate::http::pages::views::confirm::ConfirmChoice;
use crate::http::pages::views::confirm::ConfirmPage;
use crate::http::pages::views::form::Choice;
use crate::http::pages::views::form::Choices;
use crate::http::pages::views::keys::KeyPlace;
use crate::http::pages::views::notice::Notice;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::time::Lifetime;

/// How long a trial runs: the values of `until`.
const TRIALS: [(&str, Lifetime); 3] =
    [("1d", Lifetime::from_days(1)), ("7d", Lifetime::from_days(7)), ("30d", Lifetime::from_days(30))];

/// How long the old secret works beside the new one: the values of `overlap`, and what the page calls them.
const OVERLAPS: [(&str, Lifetime, &str); 4] = [
    ("none", Lifetime::ZERO, "Not at all"),
    ("1h", Lifetime::from_hours(1), "1 hour"),
    ("24h", Lifetime::from_hours(24), "24 hours"),
    ("7d", Lifetime::from_days(7), "7 days"),
];

/// Lets a key be used again, or stops it.
///
/// # Errors
/// [`Failure::NotFound`] where it is none of the holder's.
pub async fn set_enabled<N>(
    app: &App,
    who: &Principal<N>,
    holder: Holder,
    key: &str,
    enabled: bool,
) -> Result<HttpResponse, Failure> {
    let notice = if enabled { Notice::KeyEnabled } else { Notice::KeyDisabled };
    change(app, who, holder, key, KeyChanges { enabled: Some(enabled), ..KeyChanges::default() }, notice).await
}

/// Begins a trial of a key's revocation; `until` says how long it runs.
///
/// # Errors
/// [`Failure::NotFound`] where it is none of the holder's, 400 where the time is none that is offered.
pub async fn begin_trial<N>(
    app: &App,
    who: &Principal<N>,
    holder: Holder,
    key: &str,
    form: &Parameters,
) -> Result<HttpResponse, Failure> {
    let (user, id) = (holder.user(), id(key)?);
    app.store.read(move |tx| api_keys::find_of(tx, user, id)).await?;
    let asked = form.get("until").unwrap_or_default();
    let known = TRIALS.iter().find(|(value, _)| *value == asked);
    let (_, lifetime) = known.ok_or_else(|| Failure::BadRequest("until is 1d, 7d or 30d".to_owned()))?;
    let trial_until = Some(Some(app.now() + *lifetime));
    change(app, who, holder, key, KeyChanges { trial_until, ..KeyChanges::default() }, Notice::TrialBegun).await
}

/// Ends it.
///
/// # Errors
/// [`Failure::NotFound`] where the key is none of the holder's.
pub async fn end_trial<N>(app: &App, who: &Principal<N>, holder: Holder, key: &str) -> Result<HttpResponse, Failure> {
    let changes = KeyChanges { trial_until: Some(None), ..KeyChanges::default() };
    change(app, who, holder, key, changes, Notice::TrialEnded).await
}

async fn change<N>(
    app: &App,
    who: &Principal<N>,
    holder: Holder,
    key: &str,
    changes: KeyChanges,
    notice: Notice,
) -> Result<HttpResponse, Failure> {
    let (user, key, policy) = (holder.user(), id(key)?, app.key_policy());
    let changed = app.make(who, who.act(app), move |tx, reach, act| {
        api_keys::change(tx, Some(user), key, &changes, &policy, reach, act)
    });
    changed.await??;
    Ok(respond::see(app, &notice.on(&holder.path(KeyPlace::Page, key))))
}

/// Makes a key with those scopes alone that requests of this one needed. The answer is its page, the secret on top.
///
/// # Errors
/// [`Failure::NotFound`] where the key is none of the holder's.
pub async fn narrow<N>(app: &App, who: &Principal<N>, holder: Holder, key: &str) -> Result<HttpResponse, Failure> {
    let (user, key, policy) = (holder.user(), id(key)?, app.key_policy());
    let made =
        app.make(who, who.act(app), move |tx, reach, act| api_keys::succeed(tx, Some(user), key, &policy, reach, act));
    match made.await? {
        Ok((made, secret)) => {
            let created = created(app, &made, &secret, false, holder.path(KeyPlace::Page, made.id));
            show::page(app, who, holder, made.id, Shown { created: Some(created), ..Shown::default() }).await
        }
        Err(error) => {
            let problem = Some(refusal(error, &who.context().language(app))?);
            let shown = Shown { problem, status: StatusCode::CONFLICT, ..Shown::default() };
            show::page(app, who, holder, key, shown).await
        }
    }
}

/// Replaces a key's secret; `overlap` says how long the old one still works. The answer is the key's page, the secret
/// on top.
///
/// # Errors
/// [`Failure::NotFound`] where it is none of the holder's, 400 where the time is none that is offered.
pub async fn rotate<N>(
    app: &App,
    who: &Principal<N>,
    holder: Holder,
    key: &str,
    form: &Parameters,
) -> Result<HttpResponse, Failure> {
    let asked = form.get("overlap").unwrap_or("none");
    let known = OVERLAPS.iter().find(|(value, _, _)| *value == asked);
    let (_, overlap, _) = *known.ok_or_else(|| Failure::BadRequest("overlap is none, 1h, 24h or 7d".to_owned()))?;
    let (user, key, policy) = (holder.user(), id(key)?, app.key_policy());
    let rotated = app.make(who, who.act(app), move |tx, reach, act| {
        api_keys::rotate_within(tx, Some(user), key, overlap, &policy, reach, act)
    });
    let (rotated, secret) = rotated.await??;
    let created = created(app, &rotated, &secret, true, holder.path(KeyPlace::Page, key));
    show::page(app, who, holder, key, Shown { created: Some(created), ..Shown::default() }).await
}

/// Ends a key for good.
///
/// # Errors
/// [`Failure::NotFound`] where it is none of the holder's.
pub async fn revoke<N>(app: &App, who: &Principal<N>, holder: Holder, key: &str) -> Result<HttpResponse, Failure> {
    let (user, key, act) = (holder.user(), id(key)?, who.act(app));
    app.store.write(move |tx| api_keys::revoke_of(tx, user, key, &act)).await?;
    Ok(respond::see(app, &Notice::KeyRevoked.on(&holder.home())))
}

/// The page that asks before the secret is replaced.
///
/// # Errors
/// [`Failure::NotFound`] where the key is none of the holder's.
pub async fn ask_rotate<N>(app: &App, who: &Principal<N>, holder: Holder, key: &str) -> Result<HttpResponse, Failure> {
    let consequences = [
        "Whatever uses the key has to get the new secret, which is shown once, on the next page.",
        "The public half of the key stays as it is.",
    ];
    let options = OVERLAPS.iter().map(|(value, _, label)| Choice::new(value, label, "").chosen(*value == "none"));
    let choices = Choices::of(options.collect());
    let choice = ConfirmChoice { name: "overlap", legend: "How long does the present secret still work?", choices };
    let question = "Replace the secret of {$name}?";
    let asked = Asked { question, consequences: &consequences, button: "Rotate secret", choice: Some(choice) };
    ask(app, who, holder, key, KeyPlace::Rotate, asked).await
}

/// The page that asks before a key is ended.
///
/// # Errors
/// [`Failure::NotFound`] where the key is none of the holder's.
pub async fn ask_revoke<N>(app: &App, who: &Principal<N>, holder: Holder, key: &str) -> Result<HttpResponse, Failure> {
    let consequences = [
        "Requests that use it are refused at once.",
        "What was done with it stays in the log.",
        "This can't be undone.",
    ];
    let question = "Revoke the API key {$name}?";
    let asked = Asked { question, consequences: &consequences, button: "Revoke key", choice: None };
    ask(app, who, holder, key, KeyPlace::Revoke, asked).await
}

struct Asked<'a> {
    /// With a place for the key's name.
    question: &'static str,
    consequences: &'a [&'a str],
    button: &'a str,
    choice: Option<ConfirmChoice>,
}

async fn ask<N>(
    app: &App,
    who: &Principal<N>,
    holder: Holder,
    key: &str,
    deed: KeyPlace,
    asked: Asked<'_>,
) -> Result<HttpResponse, Failure> {
    let (user, key) = (holder.user(), id(key)?);
    let key = app.store.read(move |tx| api_keys::find_of(tx, user, key)).await?;
    let page = holder.path(KeyPlace::Page, key.id);
    let frame = frame::signed_in(app, who, &page);
    let name = words::name(&key, &frame.language);
    respond::page(&ConfirmPage {
        question: frame.language.fill(&Text::new(asked.question).with("name", name)),
        frame,
        consequences: asked.consequences.iter().map(|&line| line.to_owned()).collect(),
        action: holder.path(deed, key.id),
        button: asked.button.to_owned(),
        cancel: page,
        choice: asked.choice,
    })
}
