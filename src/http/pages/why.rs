//! `/why`: why requests were refused, for administrators.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;
use form_urlencoded::Serializer;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::look;
use crate::domain::refusals::look::Seen;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::pages::frame;
use crate::http::pages::listing;
use crate::http::pages::login;
use crate::http::pages::phrases;
use crate::http::pages::views::form::Choice;
use crate::http::pages::views::form::Choices;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::time::Moment;
use crate::http::pages::views::why::CheckRow;
use crate::http::pages::views::why::Party;
use crate::http::pages::views::why::WhyForm;
use crate::http::pages::views::why::WhyListPage;
use crate::http::pages::views::why::WhyRow;
use crate::http::pages::views::why::WhyShowPage;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::refusals;
use crate::http::respond;
use crate::metrics::Face;
use crate::model::id::CallId;
use crate::model::id::UserId;
use crate::model::refusal::CheckMade;
use crate::model::refusal::CheckState;
use crate::model::refusal::RefusalFilter;
use crate::model::refusal::RefusedCall;
use crate::model::time::Timestamp;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// The fields that narrow the list.
const FIELDS: [&str; 3] = ["client", "user", "surface"];
const NO_ID: &str = "This is no request's id: it has 32 digits and letters from a to f.";
const NOT_KNOWN: &str = "Nothing is known of a refused request with this id: it is of another server, was not refused by a \
                         check, is more than a week old, or made way for newer ones.";

/// `GET /why`: the latest ones, and a search for one by its id.
///
/// # Errors
/// 400 where `after` is no request's id.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let query = login::query(&request)?;
    let text = |name: &str| query.get(name).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let id = match text("id") {
        None => Field::default(),
        Some(typed) => match CallId::parse(&typed.to_ascii_lowercase()) {
            Some(id) => return Ok(respond::see(&app, &paths::why(&id.to_string()))),
            None => Field::with(&typed).refused(NO_ID),
        },
    };
    list(&who, &request, &app, &query, id, StatusCode::OK).await
}

async fn list(
    who: &Principal<(Admin, ViaSession)>,
    request: &HttpRequest,
    app: &Data<App>,
    query: &Parameters,
    id: Field,
    status: StatusCode,
) -> Result<HttpResponse, Failure> {
    let text = |name: &str| query.get(name).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let after = listing::after(request, CallId::parse)?;
    let filter = RefusalFilter { client: text("client"), user: text("user"), surface: text("surface") };
    let form = form(&filter, id);
    refusals::write_now(app).await;
    let (mut calls, names) = app.store.read(move |tx| look::recent(tx, &filter, after, listing::ASK)).await?;
    let narrowed = narrowed(query);
    let path = if narrowed.is_empty() { paths::WHY.to_owned() } else { format!("{}?{narrowed}", paths::WHY) };
    let pagination = listing::paginate(&path, after.is_none(), &mut calls, |call| call.id.to_string());
    let now = app.now();
    respond::page_with(
        HttpResponse::build(status),
        &WhyListPage {
            frame: frame::signed_in(app, who, paths::WHY),
            form,
            calls: calls.iter().map(|call| row(call, &names, now)).collect(),
            pagination,
            is_kept: app.config.log.refusals_kept > 0,
        },
    )
}

/// `GET /why/{request}`: the checks of one request.
///
/// # Errors
/// Those of the guard; what is not known is told on the list, with 404.
pub async fn show(
    who: Principal<(Admin, ViaSession)>,
    id: Path<String>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    refusals::write_now(&app).await;
    let seen = match CallId::parse(&id) {
        Some(id) => app.store.read(move |tx| look::find(tx, id)).await?,
        None => None,
    };
    let Some(seen) = seen else {
        let typed = if CallId::parse(&id).is_some() { id.as_str() } else { "" };
        let field = Field::with(typed).refused(NOT_KNOWN);
        return list(&who, &request, &app, &login::query(&request)?, field, StatusCode::NOT_FOUND).await;
    };
    respond::page(&page(&app, &who, seen))
}

fn page(app: &App, who: &Principal<(Admin, ViaSession)>, seen: Seen) -> WhyShowPage {
    let Seen { call, user_name, client_name, key_name } = seen;
    let check = Check::parse(&call.failed);
    let named = |id: Option<&str>, name: Option<String>, path: Option<String>| {
        let id = id.unwrap_or_default();
        // What is gone has no page.
        let path = name.as_ref().and(path).unwrap_or_default();
        Party { name: name.unwrap_or_else(|| id.to_owned()), id: id.to_owned(), path }
    };
    let (client, user) = (call.client.as_deref(), call.user.as_deref());
    let key_path =
        user.zip(call.credential.as_deref()).map(|(user, key)| paths::of_user_key(paths::USER_KEY, user, key));
    WhyShowPage {
        frame: frame::signed_in(app, who, &paths::why(&call.id.to_string())),
        id: call.id.to_string(),
        sentence: match check {
            Some(check) => Text::new("It failed at this: {$check}.").saying("check", lowered(check.holds())),
            None => Text::of_words(&call.failed),
        },
        advice: check.map(Check::advice).unwrap_or_default(),
        at: Moment::seen_from(call.at, app.now()),
        route: format!("{} {}", call.method, call.route),
        status: call.status,
        surface: face(&call.surface),
        client: named(client, client_name, client.map(paths::client)),
        user: named(user, user_name, user.map(paths::user)),
        credential: named(call.credential.as_deref(), key_name, key_path),
        address: call.address.unwrap_or_default(),
        checks: call.checks.iter().map(check_row).collect(),
    }
}

/// A sentence behind a colon. A parameter's name stays as it is, and so does an abbreviation.
fn lowered(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => sentence.to_owned(),
    }
}

fn check_row(made: &CheckMade) -> CheckRow {
    CheckRow {
        state: made.state.word(),
        style: match made.state {
            CheckState::Held => "held",
            CheckState::Failed => "failed",
            CheckState::NotReached => "not-reached",
        },
        holds: Check::sentence_of(&made.name).to_owned(),
        expected: said(&made.expected),
        came: said(&made.came),
    }
}

/// What is said of a check; `None` where that is nothing.
fn said(text: &str) -> Option<Text> {
    if text.is_empty() { None } else { Some(phrases::read(text)) }
}

fn row(call: &RefusedCall, names: &BTreeMap<UserId, String>, now: Timestamp) -> WhyRow {
    let user = call.user.as_deref().and_then(UserId::parse).and_then(|user| names.get(&user));
    let failed = call.checks.iter().find(|made| made.state == CheckState::Failed);
    WhyRow {
        path: paths::why(&call.id.to_string()),
        title: Check::sentence_of(&call.failed).to_owned(),
        came: failed.and_then(|made| said(&made.came)),
        at: Moment::seen_from(call.at, now),
        route: format!("{} {}", call.method, call.route),
        status: call.status,
        client: call.client.clone().unwrap_or_default(),
        user: user.cloned().or_else(|| call.user.clone()).unwrap_or_default(),
        address: call.address.clone().unwrap_or_default(),
    }
}

fn form(filter: &RefusalFilter, id: Field) -> WhyForm {
    let field = |text: &Option<String>| Field::with(text.as_deref().unwrap_or_default());
    let mut options = vec![Choice::new("", "Anywhere", "").chosen(filter.surface.is_none())];
    options.extend(
        Face::ALL.iter().map(|of| {
            Choice::new(of.name(), &face(of.name()), "").chosen(filter.surface.as_deref() == Some(of.name()))
        }),
    );
    WhyForm {
        id,
        client: field(&filter.client),
        user: field(&filter.user),
        surface: Choices::of(options),
        is_narrowed: filter.client.is_some() || filter.user.is_some() || filter.surface.is_some(),
    }
}

/// A face of the server in words.
fn face(name: &str) -> String {
    match name {
        "page" => "Pages",
        "api" => "API",
        "oauth" => "OAuth endpoints",
        "frappe" => "Frappe's paths",
        "verify" => "The check for proxies",
        "plain" => "Metadata and health",
        other => other,
    }
    .to_owned()
}

/// The query that narrows the list in the same way.
fn narrowed(query: &Parameters) -> String {
    let mut text = Serializer::new(String::new());
    for name in FIELDS {
        if let Some(value) = query.get(name).filter(|value| !value.is_empty()) {
            text.append_pair(name, value);
        }
    }
    text.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::german::german;

    #[test]
    fn german_has_what_is_said_of_the_search() {
        let german = german();
        for text in [NO_ID, NOT_KNOWN] {
            german.say(text);
        }
        for of in Face::ALL {
            german.say(&face(of.name()));
        }
        assert_eq!(german.missing(), Vec::<String>::new());
    }

    #[test]
    fn a_sentence_behind_a_colon_begins_small_unless_it_begins_with_a_name() {
        for (sentence, begun) in [
            ("The code has not expired", "the code has not expired"),
            ("redirect_uri is registered", "redirect_uri is registered"),
            ("API keys work", "API keys work"),
        ] {
            assert_eq!(lowered(sentence), begun);
        }
    }
}
