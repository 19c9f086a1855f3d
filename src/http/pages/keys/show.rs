//! The page of one API key.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::app::App;
use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::domain::key_report;
use crate::domain::key_report::KeyReport;
use crate::domain::key_uses;
use crate::http::failure::Failure;
use crate::http::key_use;
use crate::http::pages::frame;
use crate::http::pages::keys::Holder;
use crate::http::pages::keys::edit;
use crate::http::pages::keys::id;
use crate::http::pages::keys::words;
use crate::http::pages::login;
use crate::http::pages::views::key::CallerRow;
use crate::http::pages::views::key::KeyFacts;
use crate::http::pages::views::key::KeyPage;
use crate::http::pages::views::key::ScopesInUse;
use crate::http::pages::views::key_form::KeyEditForm;
use crate::http::pages::views::key_usage::UsageView;
use crate::http::pages::views::keys::CreatedKey;
use crate::http::pages::views::keys::KeyPlace;
use crate::http::pages::views::notice::Notice;
use crate::http::pages::views::program::program;
use crate::http::pages::views::time::Moment;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::id::ApiKeyId;
use crate::model::key_use::KeyCaller;
use crate::model::scope::Scope;
use crate::model::time::Timestamp;
use crate::model::user::Roles;

/// The days that the chart shows, where so many are kept.
const DAYS: u32 = 30;

/// What stands on the page besides what is kept.
pub struct Shown {
    /// The answer's status.
    pub status: StatusCode,
    /// What was just done.
    pub notice: Option<Notice>,
    /// Why what was asked for was not done.
    pub problem: Option<String>,
    /// The form as it was sent.
    pub form: Option<KeyEditForm>,
    /// The pair that was just made or rotated.
    pub created: Option<CreatedKey>,
}

impl Default for Shown {
    fn default() -> Self {
        Self { status: StatusCode::OK, notice: None, problem: None, form: None, created: None }
    }
}

/// `GET`: the page of a key. What was gathered of its use is written first, so that nobody wonders where it is.
///
/// # Errors
/// [`Failure::NotFound`] where it is none of the holder's.
pub async fn get<N>(
    app: &App,
    who: &Principal<N>,
    holder: Holder,
    key: &str,
    request: &HttpRequest,
) -> Result<HttpResponse, Failure> {
    let key = id(key)?;
    let notice = login::query(request)?.get("done").and_then(Notice::find);
    key_use::write_now(app, key).await;
    page(app, who, holder, key, Shown { notice, ..Shown::default() }).await
}

/// The page of a key.
///
/// # Errors
/// [`Failure::NotFound`] where it is none of the holder's.
pub async fn page<N>(
    app: &App,
    who: &Principal<N>,
    holder: Holder,
    key: ApiKeyId,
    shown: Shown,
) -> Result<HttpResponse, Failure> {
    let (user, now) = (holder.user(), app.now());
    let days = DAYS.min(app.config.keys.usage_days);
    let today = key_uses::day(now);
    let since = today - i64::from(days) + 1;
    let report = app.store.read(move |tx| key_report::read(tx, user, key, since, now)).await?;
    let mut frame = frame::signed_in(app, who, &holder.path(KeyPlace::Page, key)).with_notice(shown.notice);
    if let Some(problem) = shown.problem {
        frame = frame.with_problem(&problem);
    }
    let key = facts(&report, &frame.language, now);
    let page = KeyPage {
        home: match holder {
            Holder::Own(_) => Text::new("Your account"),
            Holder::User(_) if report.owner.full_name.is_empty() => Text::of_words(report.owner.username.as_str()),
            Holder::User(_) => Text::of_words(report.owner.full_name.as_str()),
        },
        frame,
        owner: holder.owner(),
        key,
        created: shown.created,
        usage: UsageView::new(&report.usage, today, days),
        callers: report.callers.iter().map(|caller| caller_row(caller, now)).collect(),
        scopes: scopes(&report, now),
        form: shown.form.unwrap_or_else(|| edit::form_of(&report.key, &app.key_policy())),
    };
    respond::page_with(HttpResponse::build(shown.status), &page)
}

fn facts(report: &KeyReport, language: &Language, now: Timestamp) -> KeyFacts {
    let key = &report.key;
    let moment = |at| Moment::seen_from(at, now);
    let would_fail: i64 = report.callers.iter().map(|caller| caller.would_fail).sum();
    KeyFacts {
        id: key.id.to_string(),
        name: words::name(key, language),
        api_key: key.api_key.as_str().to_owned(),
        rights: words::rights(key),
        roles: key.roles.as_ref().map(Roles::names),
        addresses: key.allowed_addresses.iter().map(ToString::to_string).collect(),
        limits: key.limits.iter().map(words::limit).collect(),
        created: moment(key.created_at),
        expires: key.expires_at.map(moment),
        last_use: words::last_use(key, now),
        state: words::state(key, now),
        traits: words::traits(key, now),
        trial_until: key.trial_until.filter(|end| !end.is_past(now)).map(moment),
        would_fail,
        overlaps_until: report.overlaps_until.map(moment),
        alarmed: key.alarmed_at.map(moment),
        replaces: report.replaces.as_ref().map(|before| (before.id.to_string(), words::name(before, language))),
    }
}

fn caller_row(caller: &KeyCaller, now: Timestamp) -> CallerRow {
    let program = program(&caller.agent);
    // `python-requests/2.31.0` says no more than `Python requests 2.31.0`.
    let letters = |text: &str| text.to_lowercase().replace(['/', '-', ' '], "");
    let agent = (letters(&caller.agent) != letters(&program.to_string()) && !caller.agent.is_empty())
        .then(|| caller.agent.clone());
    CallerRow {
        program,
        agent,
        address: caller.address.clone(),
        first: Moment::seen_from(caller.first_at, now),
        last: Moment::seen_from(caller.last_at, now),
        uses: caller.uses,
        would_fail: caller.would_fail,
    }
}

fn scopes(report: &KeyReport, now: Timestamp) -> ScopesInUse {
    let names = |scope: &Scope| scope.iter().map(|scope| scope.as_str().to_owned()).collect();
    let needed = report.needed.iter();
    ScopesInUse {
        needed: needed.map(|used| (used.scope.clone(), Moment::seen_from(used.used_at, now))).collect(),
        unused: names(&report.unused),
        narrower: report.narrower.as_ref().map(names),
    }
}
