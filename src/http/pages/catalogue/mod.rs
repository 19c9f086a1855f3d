//! `/roles…`, `/scopes…`, `/resources…`: what administrators make for users, clients and tokens to have. Three short lists
//! with one way through them: a list, a form for a new one, the same form for one that is there, a question before it goes.

mod resources;
mod roles;
mod scopes;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use form_urlencoded::Serializer;

use crate::app::App;
use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::domain::catalogue::Kept;
use crate::domain::roles::Described;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::PageForm;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::login;
use crate::http::pages::views::catalogue::CatalogueForm;
use crate::http::pages::views::catalogue::CatalogueFormPage;
use crate::http::pages::views::catalogue::CatalogueListPage;
use crate::http::pages::views::catalogue::CatalogueRow;
use crate::http::pages::views::confirm::ConfirmPage;
use crate::http::pages::views::notice::Notice;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// One of the three lists, as its pages say it.
pub trait Catalogue: Kept {
    /// The path of the list.
    const LIST: &'static str;
    /// The path of the form for a new one.
    const NEW: &'static str;
    /// The path of one that is there; the query says which.
    const EDIT: &'static str;
    /// The path of the question before it goes.
    const DELETE: &'static str;
    /// The parameter that says which one.
    const KEY: &'static str;
    /// The heading of the list.
    const TITLE: &'static str;
    /// What they are for.
    const SENTENCE: &'static str;
    /// The words on the button that leads to a new one, and its heading.
    const NEW_ONE: &'static str;
    /// What is asked before one goes, with the place `{$name}`; and what follows from it, a sentence each.
    const QUESTION: (&'static str, &'static [&'static str]);
    /// The words on the button that deletes it.
    const DELETE_ONE: &'static str;

    /// A line of the list.
    fn row(line: &Self::Line) -> CatalogueRow;

    /// The form, filled with `record`, or empty; `offer` can be bound to it.
    fn form(record: Option<&Self::Record>, offer: &[Described]) -> CatalogueForm;

    /// What was sent, which stands in the form; `None` where a field of it is wrong, which the form then says in `language`.
    /// `before` is the one that is changed.
    fn read_form(
        sent: &Parameters,
        form: &mut CatalogueForm,
        before: Option<&Self::Record>,
        language: &Language,
    ) -> Option<Self::Record>;

    /// The field that an error is about, and what is said there; `None` where it is about none.
    fn blamed(error: &Self::Error) -> Option<(&'static str, Text)>;
}

type Administrator = Principal<(Admin, ViaSession)>;

/// `GET` of the list.
///
/// # Errors
/// Those of the guard.
pub async fn list<C>(who: Administrator, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure>
where
    C: Catalogue,
    Failure: From<<C as Kept>::Error>,
{
    let notice = login::query(&request)?.get("done").and_then(Notice::find);
    let lines = app.store.read(C::list).await?;
    respond::page(&CatalogueListPage {
        frame: frame::signed_in(&app, &who, C::LIST).with_notice(notice),
        title: C::TITLE,
        sentence: C::SENTENCE,
        new: (C::NEW, C::NEW_ONE),
        rows: lines.iter().map(C::row).collect(),
    })
}

/// `GET` of the form for a new one.
///
/// # Errors
/// Those of the guard.
pub async fn get_new<C>(who: Administrator, app: Data<App>) -> Result<HttpResponse, Failure>
where
    C: Catalogue,
    Failure: From<<C as Kept>::Error>,
{
    let form = C::form(None, &app.store.read(C::offer).await?);
    show::<C>(&app, &who, StatusCode::OK, None, form)
}

/// `POST` of the form for a new one.
///
/// # Errors
/// Those of the guard.
pub async fn post_new<C>(who: Administrator, sent: PageForm, app: Data<App>) -> Result<HttpResponse, Failure>
where
    C: Catalogue,
    Failure: From<<C as Kept>::Error>,
{
    let mut form = C::form(None, &app.store.read(C::offer).await?);
    form.fill(&sent.0);
    let Some(record) = C::read_form(&sent.0, &mut form, None, &who.context().language(&app)) else {
        return show::<C>(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, None, form);
    };
    match app.make(&who, who.act(&app), move |tx, _, act| C::create(tx, &record, act)).await? {
        Ok(()) => Ok(respond::see(&app, &Notice::Made.on(C::LIST))),
        Err(error) => refuse::<C>(&app, &who, None, form, error),
    }
}

/// `GET` of the form of one that is there.
///
/// # Errors
/// 404 where there is no such one, or it is built in.
pub async fn get<C>(who: Administrator, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure>
where
    C: Catalogue,
    Failure: From<<C as Kept>::Error>,
{
    let key = key::<C>(&request)?;
    let (_, form) = find::<C>(&app, &key).await?;
    show::<C>(&app, &who, StatusCode::OK, Some(&key), form)
}

/// `POST` of the form of one that is there.
///
/// # Errors
/// 404 where there is no such one, or it is built in.
pub async fn post<C>(
    who: Administrator,
    sent: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure>
where
    C: Catalogue,
    Failure: From<<C as Kept>::Error>,
{
    let key = key::<C>(&request)?;
    let (before, mut form) = find::<C>(&app, &key).await?;
    form.fill(&sent.0);
    let Some(record) = C::read_form(&sent.0, &mut form, Some(&before), &who.context().language(&app)) else {
        return show::<C>(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, Some(&key), form);
    };
    match app.make(&who, who.act(&app), move |tx, _, act| C::change(tx, &record, act)).await? {
        Ok(()) => Ok(respond::see(&app, &Notice::KeySaved.on(C::LIST))),
        Err(error) => refuse::<C>(&app, &who, Some(&key), form, error),
    }
}

/// `GET` of the question before one goes.
///
/// # Errors
/// 404 where there is no such one, or it is built in.
pub async fn ask_delete<C>(who: Administrator, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure>
where
    C: Catalogue,
    Failure: From<<C as Kept>::Error>,
{
    let key = key::<C>(&request)?;
    find::<C>(&app, &key).await?;
    if let Some(sign_in) = fresh::send_to_sign_in(&app, &who, &address(C::DELETE, C::KEY, &key))? {
        return Ok(sign_in);
    }
    ask::<C>(&app, &who, &key, None)
}

/// `POST` of the answer.
///
/// # Errors
/// 404 where there is no such one, or it is built in.
pub async fn delete<C>(who: Administrator, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure>
where
    C: Catalogue,
    Failure: From<<C as Kept>::Error>,
{
    let key = key::<C>(&request)?;
    let (record, _) = find::<C>(&app, &key).await?;
    if let Some(sign_in) = fresh::send_to_sign_in(&app, &who, &address(C::DELETE, C::KEY, &key))? {
        return Ok(sign_in);
    }
    match app.make(&who, who.act(&app), move |tx, _, act| C::delete(tx, &record, act)).await? {
        Ok(()) => Ok(respond::see(&app, &Notice::Deleted.on(C::LIST))),
        Err(error) => ask::<C>(&app, &who, &key, Some(error)),
    }
}

/// Which one the query names.
fn key<C>(request: &HttpRequest) -> Result<String, Failure>
where
    C: Catalogue,
    Failure: From<<C as Kept>::Error>,
{
    login::query(request)?.get(C::KEY).map(str::to_owned).ok_or(Failure::NotFound)
}

/// `path` with the query that names one.
pub fn address(path: &str, name: &str, key: &str) -> String {
    let query = Serializer::new(String::new()).append_pair(name, key).finish();
    format!("{path}?{query}")
}

async fn find<C>(app: &App, key: &str) -> Result<(C::Record, CatalogueForm), Failure>
where
    C: Catalogue,
    Failure: From<<C as Kept>::Error>,
{
    let key = key.to_owned();
    let read = app.store.read(move |tx| <C as Kept>::read(tx, &key)).await?;
    let (record, offer) = read.ok_or(Failure::NotFound)?;
    let form = C::form(Some(&record), &offer);
    Ok((record, form))
}

/// The form once more, with what is wrong: at its field, or on top.
fn refuse<C>(
    app: &App,
    who: &Administrator,
    key: Option<&str>,
    mut form: CatalogueForm,
    error: <C as Kept>::Error,
) -> Result<HttpResponse, Failure>
where
    C: Catalogue,
    Failure: From<<C as Kept>::Error>,
{
    let Some((field, why)) = C::blamed(&error) else { return Err(error.into()) };
    form.blame(&who.context().language(app), field, &why);
    show::<C>(app, who, StatusCode::UNPROCESSABLE_ENTITY, key, form)
}

fn show<C>(
    app: &App,
    who: &Administrator,
    status: StatusCode,
    key: Option<&str>,
    form: CatalogueForm,
) -> Result<HttpResponse, Failure>
where
    C: Catalogue,
    Failure: From<<C as Kept>::Error>,
{
    let page = CatalogueFormPage {
        frame: frame::signed_in(app, who, C::LIST),
        list: (C::LIST, C::TITLE),
        heading: C::NEW_ONE,
        name: key.unwrap_or_default().to_owned(),
        action: key.map_or_else(|| C::NEW.to_owned(), |key| address(C::EDIT, C::KEY, key)),
        delete: key.map(|key| address(C::DELETE, C::KEY, key)).filter(|_| form.can_go),
        form,
    };
    respond::page_with(HttpResponse::build(status), &page)
}

fn ask<C>(
    app: &App,
    who: &Administrator,
    key: &str,
    refused: Option<<C as Kept>::Error>,
) -> Result<HttpResponse, Failure>
where
    C: Catalogue,
    Failure: From<<C as Kept>::Error>,
{
    let mut frame = frame::signed_in(app, who, C::LIST);
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    if let Some(error) = refused {
        let Some((_, why)) = C::blamed(&error) else { return Err(error.into()) };
        let why = frame.language.fill(&why);
        frame = frame.with_problem(&why);
    }
    let (question, consequences) = C::QUESTION;
    let page = ConfirmPage {
        question: frame.language.fill(&Text::new(question).with("name", key)),
        frame,
        consequences: consequences.iter().map(|&consequence| consequence.to_owned()).collect(),
        action: address(C::DELETE, C::KEY, key),
        button: C::DELETE_ONE.to_owned(),
        cancel: address(C::EDIT, C::KEY, key),
        choice: None,
    };
    respond::page_with(HttpResponse::build(status), &page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::Resources;
    use crate::domain::catalogue::Roles;
    use crate::domain::catalogue::Scopes;
    use crate::domain::resources::ResourceError;
    use crate::domain::roles::RoleError;
    use crate::domain::roles::RoleOrScope;
    use crate::http::pages::german::german;
    use crate::http::present::sentence;
    use crate::model::name::NameError;

    /// What is said of what was sent to the form for a new one, in German.
    fn refused<C>(language: &Language, sent: &str) -> Vec<String>
    where
        C: Catalogue,
        Failure: From<<C as Kept>::Error>,
    {
        let sent = Parameters::parse_page(sent.as_bytes()).unwrap();
        let mut form = C::form(None, &[]);
        form.fill(&sent);
        assert!(C::read_form(&sent, &mut form, None, language).is_none(), "{sent:?}");
        form.problems().iter().map(|problem| problem.text.to_owned()).collect()
    }

    #[test]
    fn german_says_what_is_wrong_with_each_of_the_three() {
        let german = german();
        for (question, consequences) in [Roles::QUESTION, Scopes::QUESTION, Resources::QUESTION] {
            german.fill(&Text::new(question).with("name", "x"));
            consequences.iter().for_each(|consequence| drop(german.say(consequence)));
        }
        let name = || "x".to_owned();
        let errors = [
            RoleError::Taken(RoleOrScope::Role, name()),
            RoleError::Taken(RoleOrScope::Scope, name()),
            RoleError::BuiltIn(RoleOrScope::Role, name()),
            RoleError::BuiltIn(RoleOrScope::Scope, name()),
            RoleError::InUse(name()),
            RoleError::Description(NameError::Empty),
        ];
        for error in &errors {
            for (_, why) in [Roles::blamed(error).unwrap(), Scopes::blamed(error).unwrap()] {
                assert_eq!(why.to_string(), sentence(&error.to_string()));
                german.fill(&why);
            }
        }
        let unknown = Scopes::blamed(&RoleError::UnknownRole(name())).unwrap().1;
        assert_eq!(german.fill(&unknown), "Die Rolle x gibt es nicht.");
        for error in [ResourceError::Taken(name()), ResourceError::UnknownScope(name())] {
            german.fill(&Resources::blamed(&error).unwrap().1);
        }
        let long = "x".repeat(600);
        for name in ["", "a/b", "-", "a  b", "\u{200b}", &long] {
            assert_eq!(refused::<Roles>(&german, &address("", "name", name).replace('?', "")).len(), 1, "{name}");
        }
        for name in ["", "a b", "a\\", &long] {
            assert_eq!(refused::<Scopes>(&german, &address("", "name", name).replace('?', "")).len(), 1, "{name}");
        }
        for uri in ["", "a.example", "https://a.example/#x", "https://a.example/ b", "https://u@a.example/", &long] {
            assert_eq!(refused::<Resources>(&german, &address("", "uri", uri).replace('?', "")).len(), 2, "{uri}");
        }
        assert_eq!(refused::<Scopes>(&german, "name=a&role=a/b").len(), 1);
        assert_eq!(refused::<Resources>(&german, "uri=https://a.example&name=a&scope=%22").len(), 1);
        assert_eq!(german.missing(), Vec::<String>::new());
    }
}
