//! One act on several records of a list at once. What does more than let something go on asks first, naming each record;
//! each act is one transaction, and what could not be done is told record by record.

use std::collections::BTreeSet;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::bulk::Left;
use crate::domain::bulk::Records;
use crate::domain::bulk::carry_out;
use crate::domain::bulk::find_all;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::listing::Search;
use crate::http::pages::views::bulk::BulkBar;
use crate::http::pages::views::bulk::BulkButton;
use crate::http::pages::views::bulk::BulkPage;
use crate::http::pages::views::bulk::BulkStage;
use crate::http::pages::views::bulk::NotDone;
use crate::http::pages::views::notice::Notice;
use crate::http::present::sentence;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// The most records at once: as many as stand on a page.
const MOST: usize = 50;

/// What can be done to several records.
#[derive(Debug)]
pub struct Deed {
    /// The value of `act`.
    pub code: &'static str,
    /// The words on the button: `Disable`.
    pub label: &'static str,
    /// The question, the number of records in the place `{$count}`; empty where nothing is asked.
    pub question: &'static str,
    /// What follows from it, a sentence each; nothing is asked where there is none.
    pub consequences: &'static [&'static str],
    /// Whether it takes something away for good. That wants a new sign-in.
    pub is_dangerous: bool,
    /// Whether it wants a new sign-in though it can be taken back.
    pub wants_sign_in: bool,
}

/// Lets what was disabled go on.
pub const ENABLE: Deed = Deed {
    code: "enable",
    label: "Enable",
    question: "",
    consequences: &[],
    is_dangerous: false,
    wants_sign_in: false,
};

/// A list whose records can be ticked, as its pages say it.
pub trait Ticked: Records {
    /// The path of the list.
    const PATH: &'static str;
    /// The path that its form posts to.
    const BULK_PATH: &'static str;
    /// The fields of its search, beside those of every list.
    const FIELDS: &'static [&'static str];
    /// So many of them: `{$count} users`.
    const COUNTED: &'static str;
    /// What can be done.
    const DEEDS: &'static [Deed];

    /// What one of them is called.
    fn name(record: &Self::Record) -> Text;
}

/// The bar above the list.
pub fn bar<R: Ticked>(search: &Search) -> BulkBar {
    let button = |deed: &Deed| BulkButton { code: deed.code, label: deed.label, is_dangerous: deed.is_dangerous };
    BulkBar { action: search.address(R::BULK_PATH), buttons: R::DEEDS.iter().map(button).collect() }
}

/// `POST`: asks, or does it where nothing is to be asked or the answer is there.
///
/// # Errors
/// 400 where the act is none of the list's, or no record is ticked.
pub async fn post<R: Ticked>(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    request: &HttpRequest,
    form: &Parameters,
    records: R,
) -> Result<HttpResponse, Failure> {
    let search = Search::read(request, R::PATH, R::FIELDS)?;
    let bad = |why: &str| Failure::BadRequest(why.to_owned());
    let code = form.get("act").unwrap_or_default();
    let deed = R::DEEDS.iter().find(|deed| deed.code == code).ok_or_else(|| bad("act is none of this list's"))?;
    let ids: BTreeSet<String> = form.all("record").map(str::to_owned).collect();
    if ids.is_empty() {
        return Err(bad("Nothing was chosen. Go back and tick what it is to be done to."));
    }
    if ids.len() > MOST {
        return Err(bad("These are more records than stand on one page."));
    }
    if (deed.is_dangerous || deed.wants_sign_in)
        && let Some(sign_in) = fresh::send_before(app, who, &search.address(R::PATH))?
    {
        return Ok(sign_in);
    }
    if !deed.consequences.is_empty() && form.get("confirmed") != Some("yes") {
        return ask(app, who, &search, deed, records, ids).await;
    }
    let asked = ids.len();
    let left = app
        .make(who, who.act(app), move |tx, reach, act| carry_out(tx, &records, deed.code, &ids, reach, act))
        .await??;
    if left.is_empty() {
        return Ok(respond::see(app, &Notice::AllDone.on(&search.address(R::PATH))));
    }
    let not_done = |left: &Left<R::Record>| NotDone {
        name: left.record.as_ref().map_or_else(|| Text::of_words(&left.id), R::name),
        why: sentence(&left.why),
    };
    let refused = left.iter().map(not_done).collect();
    let stage = BulkStage::Told { done: counted(R::COUNTED, asked - left.len()), refused };
    show(app, who, &search, deed, StatusCode::CONFLICT, stage)
}

async fn ask<R: Ticked>(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    search: &Search,
    deed: &'static Deed,
    records: R,
    ids: BTreeSet<String>,
) -> Result<HttpResponse, Failure> {
    let found = app.store.read(move |tx| find_all(tx, &records, &ids)).await?;
    let named: Vec<(String, Text)> = found.iter().map(|(id, record)| (id.clone(), R::name(record))).collect();
    if named.is_empty() {
        return Err(Failure::NotFound);
    }
    let stage = BulkStage::Asked {
        question: counted(deed.question, named.len()),
        records: named,
        consequences: deed.consequences,
        action: search.address(R::BULK_PATH),
        code: deed.code,
        button: deed.label,
    };
    show(app, who, search, deed, StatusCode::OK, stage)
}

fn show(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    search: &Search,
    deed: &Deed,
    status: StatusCode,
    stage: BulkStage,
) -> Result<HttpResponse, Failure> {
    let frame = frame::signed_in(app, who, search.path());
    let page = BulkPage { frame, label: deed.label, back: search.address(search.path()), stage };
    respond::page_with(HttpResponse::build(status), &page)
}

fn counted(text: &'static str, count: usize) -> Text {
    Text::new(text).counting("count", count)
}
