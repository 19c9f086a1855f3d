//! `/import`: users, applications and keys from elsewhere, for administrators.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::domain::import::Entry;
use crate::domain::import::Fate;
use crate::domain::import::Manner;
use crate::domain::import::RecordKind;
use crate::domain::import::Report;
use crate::domain::import::frappe::RoleMap;
use crate::domain::import::frappe::Site;
use crate::domain::import::rows::Rows;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::PageForm;
use crate::http::import;
use crate::http::import::Done;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::login;
use crate::http::pages::refusal::refusal;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::form::SecretField;
use crate::http::pages::views::frame::Alert;
use crate::http::pages::views::frame::AlertKind;
use crate::http::pages::views::import::ImportForm;
use crate::http::pages::views::import::ImportPage;
use crate::http::pages::views::import::ImportedRow;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::present::sentence;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// `GET /import`. What is imported holds roles and API keys, so it wants a new sign-in, which comes before anything is pasted.
///
/// # Errors
/// Those of the guard.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    if let Some(sign_in) = fresh::send_to_sign_in(&app, &who, paths::IMPORT)? {
        return Ok(sign_in);
    }
    let notice = login::query(&request)?.get("done").and_then(Notice::find);
    let form = ImportForm { dry_run: true, ..ImportForm::default() };
    show(&app, &who, notice, form)
}

/// `POST /import`. The answer is the page itself: what was sent is kept nowhere, and sent again it changes nothing.
///
/// # Errors
/// 413 where it is too large for a form.
pub async fn post(
    who: Principal<(Admin, ViaSession)>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let manner = Manner {
        dry_run: form.0.get("dry_run") == Some("yes"),
        skip_refused: form.0.get("skip_refused") == Some("yes"),
    };
    let mut page = ImportForm {
        map_roles: Field::with(form.0.get("map_roles").unwrap_or_default()),
        dry_run: manner.dry_run,
        skip_refused: manner.skip_refused,
        ..ImportForm::default()
    };
    let Some((site, rows)) = read(&form.0, &mut page, &who.context().language(&app)) else {
        return show(&app, &who, None, page);
    };
    if !manner.dry_run
        && let Some(sign_in) = fresh::send_before(&app, &who, paths::IMPORT)?
    {
        return Ok(sign_in);
    }
    let done = import::run(&app, &who, site, rows, manner).await?;
    report(&app, &who, done, manner, page)
}

/// What is to be brought here; or what is wrong with each field.
fn read(form: &Parameters, page: &mut ImportForm, language: &Language) -> Option<(Site, Rows)> {
    let users = rows(form, "users", &mut page.users, language);
    let clients = rows(form, "clients", &mut page.clients, language);
    let keys = rows(form, "keys", &mut page.keys, language);
    let roles = role_map(&page.map_roles.value, language);
    page.map_roles.error = roles.as_ref().err().map(|why| sentence(why));
    if !["users", "clients", "keys"].iter().any(|name| form.get(name).is_some()) {
        page.users = SecretField::refused("Paste an export: there is nothing to import.");
    }
    if !page.problems().is_empty() {
        return None;
    }
    Some((Site { users: users?, clients: clients?, roles: roles.ok()? }, keys?))
}

/// The records in a field, none where it is empty.
fn rows(form: &Parameters, name: &str, field: &mut SecretField, language: &Language) -> Option<Rows> {
    let Some(text) = form.get(name) else { return Some(Rows::default()) };
    match Rows::read(text) {
        Ok(rows) => Some(rows),
        Err(why) => {
            *field = SecretField::refused(&refusal(language, Text::new("This can't be read: {$problem}."), &why));
            None
        }
    }
}

/// Reads `There = here`, one a line.
fn role_map(text: &str, language: &Language) -> Result<RoleMap, String> {
    let no_equals_sign =
        |number: usize| language.fill(&Text::new("Line {$number} has no equals sign.").counting("number", number));
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let pairs: Result<Vec<_>, String> =
        lines.map(|(at, line)| line.split_once('=').ok_or_else(|| no_equals_sign(at + 1))).collect();
    RoleMap::parse(pairs?)
}

/// The page with what became of each record: what is refused first.
fn report(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    done: Done,
    manner: Manner,
    form: ImportForm,
) -> Result<HttpResponse, Failure> {
    let mut entries = done.report.entries.clone();
    entries.sort_by_key(|entry| entry.fate != Fate::Refused);
    let is_done = !manner.dry_run && !done.is_refused;
    let (heading, status) = match (done.is_refused, manner.dry_run) {
        (true, _) => ("What stands against it", StatusCode::UNPROCESSABLE_ENTITY),
        (false, true) => ("What would happen", StatusCode::OK),
        (false, false) => ("What happened", StatusCode::OK),
    };
    let mut frame = frame::signed_in(app, who, paths::IMPORT);
    let (kind, text) = match (done.is_refused, manner.dry_run) {
        (true, _) => {
            let text =
                "{$count} records cannot be brought here, so nothing was. Mend them, or choose to leave them out.";
            (AlertKind::Problem, Text::new(text).counting("count", done.report.count(Fate::Refused)))
        }
        (false, true) => {
            let text = Text::new("Nothing was done. This is what would be: {$what}");
            (AlertKind::Note, text.with("what", frame.language.fill(&sum(&done.report))))
        }
        (false, false) => (AlertKind::Success, sum(&done.report)),
    };
    frame.alert = Some(Alert { kind, text: frame.language.fill(&text) });
    let records = entries.into_iter().map(|entry| row(entry, is_done, &frame.language)).collect();
    respond::page_with(HttpResponse::build(status), &ImportPage { frame, heading, records, form })
}

/// What happened, in one sentence: that of [`Report::sentence`].
fn sum(report: &Report) -> Text {
    let refused = report.count(Fate::Refused);
    let text = Text::new(match (report.count(Fate::Created), refused) {
        (0, 0) => "Nothing is new: {$unchanged} records are here already.",
        (_, 0) => "{$created} records are new here, {$unchanged} were here already.",
        _ => "{$created} records are new here, {$unchanged} were here already, {$refused} cannot be brought here.",
    });
    let (created, unchanged) = (report.count(Fate::Created), report.count(Fate::Unchanged));
    text.counting("created", created).counting("unchanged", unchanged).counting("refused", refused)
}

fn row(entry: Entry, is_done: bool, language: &Language) -> ImportedRow {
    let (fate, style) = match entry.fate {
        Fate::Created if is_done => ("New", "good"),
        Fate::Created => ("Would be new", "good"),
        Fate::Unchanged => ("Here already", ""),
        Fate::LeftOut => ("Left out", "warning"),
        Fate::Refused => ("Refused", "off"),
    };
    let kind = match entry.kind {
        RecordKind::Role => "Role",
        RecordKind::Scope => "Scope",
        RecordKind::User => "User",
        RecordKind::Client => "Application",
        RecordKind::Key => "API key",
    };
    let notes = entry.notes.iter().map(|text| note(text, language)).collect();
    ImportedRow { name: entry.name, kind, fate, style, notes }
}

/// What is said of a record, in the language of the page; where it is refused its place comes first: `record 3: …`.
fn note(text: &str, language: &Language) -> String {
    let places = [("record ", "record {$number}: {$problem}"), ("line ", "line {$number}: {$problem}")];
    let placed = places.into_iter().find_map(|(word, placed)| {
        let (number, why) = text.strip_prefix(word)?.split_once(": ")?;
        number.bytes().all(|byte| byte.is_ascii_digit()).then(|| (Text::new(placed).with("number", number), why))
    });
    match placed {
        Some((placed, why)) => refusal(language, placed, &why),
        None => language.say_if_known(text).into_owned(),
    }
}

/// The form, with what is wrong with it.
fn show(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    notice: Option<Notice>,
    form: ImportForm,
) -> Result<HttpResponse, Failure> {
    let frame = frame::signed_in(app, who, paths::IMPORT).with_notice(notice);
    let status = if form.problems().is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    respond::page_with(HttpResponse::build(status), &ImportPage { frame, heading: "", records: Vec::new(), form })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::german::german;

    #[test]
    fn what_is_said_of_a_record_is_said_in_german() {
        let german = german();
        for (english, said) in [
            ("record 3: there is no such user", "Datensatz 3: diesen Benutzer gibt es nicht"),
            ("line 12: it has ended already", "Zeile 12: er ist schon abgelaufen"),
            ("record 1: something: newer", "Datensatz 1: something: newer"),
            ("record x: newer", "record x: newer"),
            ("it was revoked here and stays so", "Er wurde hier widerrufen, und dabei bleibt es"),
        ] {
            assert_eq!(note(english, &german), said);
            assert_eq!(note(english, &Language::english()), english);
        }
        assert_eq!(german.missing(), Vec::<String>::new());
    }

    /// The page counts with words of its own, for each language has others.
    #[test]
    fn the_sum_of_a_report_is_its_sentence() {
        let entry = |fate| Entry { kind: RecordKind::Key, name: String::new(), fate, notes: Vec::new() };
        let fates =
            [vec![Fate::Unchanged; 2], vec![Fate::Created, Fate::Unchanged], vec![Fate::Created, Fate::Refused]];
        for fates in fates {
            let report = Report { entries: fates.into_iter().map(entry).collect() };
            assert_eq!(sum(&report).to_string(), report.sentence());
        }
    }
}
