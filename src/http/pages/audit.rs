//! `/audit`: who did what to what, for people to look through, and as a file for programs.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::Context as Waker;
use std::task::Poll;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::body::BodySize;
use actix_web::body::MessageBody;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::web::Data;
use form_urlencoded::Serializer;
use serde_json::Value;

use crate::app::App;
use crate::domain::audit_log;
use crate::domain::audit_log::Page;
use crate::http::api::audit::record;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::pages::frame;
use crate::http::pages::listing;
use crate::http::pages::login;
use crate::http::pages::views::audit::AuditForm;
use crate::http::pages::views::audit::AuditPage;
use crate::http::pages::views::audit::AuditRow;
use crate::http::pages::views::audit::Party;
use crate::http::pages::views::form::Choice;
use crate::http::pages::views::form::Choices;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::time::Moment;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::audit::AuditEntry;
use crate::model::audit::AuditEvent;
use crate::model::audit::AuditFilter;
use crate::model::id::AuditId;
use crate::model::id::UserId;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// So many entries of a file are read at once.
const AT_ONCE: i64 = 500;
/// One day; `until` names one that is included.
const DAY: Lifetime = Lifetime::from_seconds(24 * 60 * 60);
/// The most events that are looked for at once.
const MOST_EVENTS: usize = 10;
/// The fields that narrow the list, beside `event`.
const FIELDS: [&str; 4] = ["actor", "subject", "since", "until"];
const NO_DAY: &str = "This is not a day: write it as 2026-11-24.";

/// `GET /audit`.
///
/// # Errors
/// 400 where `after` is no entry's id.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let query = login::query(&request)?;
    let after = listing::after(&request, AuditId::parse)?;
    let (form, filter) = read(&query)?;
    let Page { mut entries, names } = match filter {
        Some(filter) => app.store.read(move |tx| audit_log::page(tx, &filter, after, listing::ASK)).await?,
        None => Page { entries: Vec::new(), names: BTreeMap::new() },
    };
    let narrowed = narrowed(&query);
    let path = if narrowed.is_empty() { paths::AUDIT.to_owned() } else { format!("{}?{narrowed}", paths::AUDIT) };
    let pagination = listing::paginate(&path, after.is_none(), &mut entries, |entry| entry.id.to_string());
    let now = app.now();
    respond::page(&AuditPage {
        frame: frame::signed_in(&app, &who, paths::AUDIT),
        form,
        entries: entries.iter().map(|entry| row(entry, &names, now)).collect(),
        pagination,
        export: if narrowed.is_empty() { "?".to_owned() } else { format!("?{narrowed}&") },
    })
}

/// `GET /audit/export`: all entries that fit, newest first, as `format` = `jsonl` (one object a line, as the API has it)
/// or `csv` (RFC 4180).
///
/// # Errors
/// 400 where `format` is neither, or a day is none.
pub async fn export(
    _: Principal<(Admin, ViaSession)>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let query = login::query(&request)?;
    let bad = |why: &str| Failure::BadRequest(why.to_owned());
    let (format, kind, end) = match query.get("format") {
        Some("jsonl") => (Format::JsonLines, "application/jsonl", "jsonl"),
        Some("csv") => (Format::Csv, "text/csv; charset=utf-8", "csv"),
        _ => return Err(bad("format is jsonl or csv")),
    };
    let filter = read(&query)?.1.ok_or_else(|| bad("since and until are days, such as 2026-11-24"))?;
    let day = app.now().to_string();
    let name = format!("hallpass-audit-{}.{end}", day.split('T').next().unwrap_or_default());
    let file = File { app: app.clone(), filter, format, before: None, reading: None, is_over: false };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(file))
}

/// The form as it was sent, and what it lets through; `None` where a field of it says nothing that can be.
///
/// # Errors
/// [`Failure::BadRequest`] where it names too many events.
fn read(query: &Parameters) -> Result<(AuditForm, Option<AuditFilter>), Failure> {
    let text = |name: &str| query.get(name).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let day = |name: &str| match text(name) {
        None => (Field::default(), Some(None)),
        Some(text) => match day(&text) {
            Some(at) => (Field::with(&text), Some(Some(at))),
            None => (Field::with(&text).refused(NO_DAY), None),
        },
    };
    let field = |name: &str| Field::with(&text(name).unwrap_or_default());
    let events = events(query);
    if events.len() > MOST_EVENTS {
        return Err(Failure::BadRequest(format!("{MOST_EVENTS} events are the most that can be looked for at once")));
    }
    let ((since_field, since), (until_field, until)) = (day("since"), day("until"));
    let form = AuditForm {
        events: event_fields(&events),
        actor: field("actor"),
        subject: field("subject"),
        since: since_field,
        until: until_field,
        is_narrowed: !events.is_empty() || FIELDS.into_iter().any(|name| text(name).is_some()),
    };
    let filter = since.zip(until).map(|(since, until)| AuditFilter {
        since,
        until: until.map(|until| until + DAY),
        events,
        actor: text("actor"),
        subject: text("subject"),
    });
    Ok((form, filter))
}

/// The events that are looked for, each once.
fn events(query: &Parameters) -> Vec<String> {
    let mut events: Vec<String> = Vec::new();
    for event in query.all("event").map(str::trim).filter(|event| !event.is_empty()) {
        if !events.iter().any(|known| known == event) {
            events.push(event.to_owned());
        }
    }
    events
}

/// A field for each of the events, and an empty one for one more.
fn event_fields(events: &[String]) -> Vec<Choices> {
    let field = |chosen: Option<&str>| {
        let anything = if events.is_empty() { "Anything" } else { "Nothing else" };
        let mut options = vec![Choice::new("", anything, "").chosen(chosen.is_none())];
        let known = AuditEvent::ALL.iter().map(|of| of.as_str());
        options.extend(known.map(|name| Choice::new(name, name, "").chosen(chosen == Some(name))));
        Choices::of(options)
    };
    let one_more = (events.len() < MOST_EVENTS).then(|| field(None));
    events.iter().map(|event| field(Some(event))).chain(one_more).collect()
}

/// The beginning of a day, which is UTC's.
fn day(text: &str) -> Option<Timestamp> {
    let day: jiff::civil::Date = text.parse().ok()?;
    let begin = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp::from_seconds(begin.timestamp().as_second()))
}

/// The query that narrows the list in the same way.
fn narrowed(query: &Parameters) -> String {
    let mut text = Serializer::new(String::new());
    for event in events(query) {
        text.append_pair("event", &event);
    }
    for name in FIELDS {
        if let Some(value) = query.get(name).filter(|value| !value.is_empty()) {
            text.append_pair(name, value);
        }
    }
    text.finish()
}

fn row(entry: &AuditEntry, names: &BTreeMap<UserId, String>, now: Timestamp) -> AuditRow {
    let details: Value = serde_json::from_str(&entry.details).unwrap_or_default();
    let details = details.as_object().cloned().unwrap_or_default();
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    AuditRow {
        sentence: AuditEvent::find(&entry.event).map_or(entry.event.as_str(), |event| event.sentence()).to_owned(),
        event: entry.event.clone(),
        at: Moment::seen_from(entry.at, now),
        actor: party(&entry.actor, names),
        subject: party(&entry.subject, names),
        credential: entry.credential.clone().unwrap_or_default(),
        address: entry.address.clone().unwrap_or_default(),
        request_id: entry.request_id.clone().unwrap_or_default(),
        details: details.iter().map(|(name, value)| (name.clone(), shown(value))).collect(),
    }
}

/// `user_… (ada)` is ada, and leads to her page.
fn party(text: &str, names: &BTreeMap<UserId, String>) -> Party {
    let (id, name) = match text.split_once(" (") {
        Some((id, rest)) => (id, rest.strip_suffix(')').unwrap_or(rest)),
        None => (text, text),
    };
    match UserId::parse(id) {
        Some(user) => Party { name: names.get(&user).map_or(name, String::as_str).to_owned(), path: paths::user(id) },
        None => Party { name: name.to_owned(), path: String::new() },
    }
}

/// How a file is written.
#[derive(Debug, Clone, Copy)]
enum Format {
    JsonLines,
    Csv,
}

/// A file that is read as it is sent, for the log may be larger than memory. Where the database fails on the way, the
/// connection breaks off, so that nobody takes half of it for the whole.
struct File {
    app: Data<App>,
    filter: AuditFilter,
    format: Format,
    /// The entry that was sent last.
    before: Option<AuditId>,
    reading: Option<Reading>,
    is_over: bool,
}

type Reading = Pin<Box<dyn Future<Output = Result<Vec<AuditEntry>, Failure>>>>;

impl MessageBody for File {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(self: Pin<&mut Self>, waker: &mut Waker<'_>) -> Poll<Option<Result<Bytes, io::Error>>> {
        let this = self.get_mut();
        if this.is_over {
            return Poll::Ready(None);
        }
        let reading = this.reading.get_or_insert_with(|| {
            let (app, filter, before) = (this.app.clone(), this.filter.clone(), this.before);
            Box::pin(async move {
                let found = app.store.read(move |tx| audit_log::recent(tx, &filter, before, AT_ONCE));
                found.await.map_err(Failure::from)
            })
        });
        let read = match reading.as_mut().poll(waker) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(read) => read,
        };
        this.reading = None;
        match read {
            Ok(entries) => {
                let is_first = this.before.is_none();
                this.is_over = i64::try_from(entries.len()).is_ok_and(|count| count < AT_ONCE);
                this.before = entries.last().map(|entry| entry.id);
                Poll::Ready(Some(Ok(Bytes::from(this.format.write(&entries, is_first)))))
            }
            Err(failure) => {
                this.is_over = true;
                Poll::Ready(Some(Err(io::Error::other(failure.to_string()))))
            }
        }
    }
}

impl Format {
    fn write(self, entries: &[AuditEntry], is_first: bool) -> String {
        match self {
            Self::JsonLines => {
                let line = |entry| serde_json::to_string(&record(entry)).unwrap_or_default() + "\n";
                entries.iter().map(line).collect()
            }
            Self::Csv => {
                let head = "id,at,event,actor,credential,subject,details,address,request_id\r\n";
                let head = if is_first { head.to_owned() } else { String::new() };
                entries.iter().fold(head, |text, entry| text + &csv_line(entry))
            }
        }
    }
}

fn csv_line(entry: &AuditEntry) -> String {
    let cells = [
        entry.id.to_string(),
        entry.at.to_string(),
        entry.event.clone(),
        entry.actor.clone(),
        entry.credential.clone().unwrap_or_default(),
        entry.subject.clone(),
        entry.details.clone(),
        entry.address.clone().unwrap_or_default(),
        entry.request_id.clone().unwrap_or_default(),
    ];
    cells.map(|cell| csv_cell(&cell)).join(",") + "\r\n"
}

/// RFC 4180 §2, in quotes always. What a spreadsheet would take for a formula gets an apostrophe in front, for names of
/// users and clients are other people's texts.
fn csv_cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::german::german;

    #[test]
    fn a_cell_of_a_table_is_one_cell_and_no_formula() {
        assert_eq!(csv_cell("a,\"b\"\nc"), "\"a,\"\"b\"\"\nc\"");
        assert_eq!(csv_cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
        assert_eq!(csv_cell("plain"), "\"plain\"");
    }

    #[test]
    fn german_has_a_sentence_for_all_that_is_done() {
        let german = german();
        for event in AuditEvent::ALL {
            german.say(event.sentence());
        }
        assert_eq!(german.missing(), Vec::<String>::new());
    }

    #[test]
    fn a_day_begins_at_midnight_of_utc() {
        assert_eq!(day("2026-11-24").map(|at| at.to_string()).as_deref(), Some("2026-11-24T00:00:00Z"));
        for text in ["", "yesterday", "2026-13-01", "24.11.2026"] {
            assert!(day(text).is_none(), "{text}");
        }
    }
}
