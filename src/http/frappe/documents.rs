//! Users as documents, for Frappe's clients that read records: an administrator sees all of them, everybody else
//! themselves. There are no other kinds.

use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::app::App;
use crate::domain::users;
use crate::domain::whose::Whose;
use crate::http::failure::Failure;
use crate::http::frappe::arguments::Arguments;
use crate::http::frappe::cookies::full_name;
use crate::http::needs::AccountRead;
use crate::http::needs::AdminOrOwn;
use crate::http::needs::UsersRead;
use crate::http::principal::Principal;
use crate::model::user::User;

/// Who may read users.
type MayRead = AdminOrOwn<UsersRead, AccountRead>;

/// The only kind of document.
const USER: &str = "User";
/// How many are listed where nothing is said.
const USUAL: i64 = 20;
/// How many are listed at most, and with `limit_page_length=0`, which asks for all.
const MOST: i64 = 500;
/// How far into the list one may begin.
const FARTHEST: i64 = 100_000;

/// `GET /api/resource/{doctype}`: `fields`, `filters` by name, `limit_start` and `limit_page_length` are read; the order
/// is that in which users were made.
///
/// # Errors
/// 404 for another kind, 417 where an argument can't be done.
pub async fn list(
    who: Principal<MayRead>,
    doctype: Path<String>,
    arguments: Arguments,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    if doctype.as_str() != USER {
        return Err(Failure::NotFound);
    }
    let fields = fields(arguments.get("fields"))?;
    let named = filter(arguments.get("filters"))?;
    if arguments.get("order_by").is_some_and(|order| !["creation", "creation asc"].contains(&order)) {
        return Err(Failure::BadRequest("order_by: users are listed by creation asc".to_owned()));
    }
    let length = arguments.get("limit_page_length").or_else(|| arguments.get("limit"));
    let (start, length) = (
        number("limit_start", arguments.get("limit_start"), 0, FARTHEST)?,
        match length {
            Some("0") => MOST,
            length => number("limit_page_length", length, USUAL, MOST)?,
        },
    );
    let whose = who.whose()?;
    let users = app
        .store
        .look_up(move |tx| {
            let users: Vec<User> = match (whose, &named) {
                (Whose::Own(user), _) => tx.users().find(user)?.into_iter().collect(),
                (Whose::Everybodys, Some(name)) => users::find_named(tx, name)?.into_iter().collect(),
                (Whose::Everybodys, None) => tx.users().list(None, start + length)?,
            };
            let is_asked = |user: &User| named.as_ref().is_none_or(|name| is_called(user, name));
            Ok::<_, Failure>(users.into_iter().filter(is_asked).collect::<Vec<_>>())
        })
        .await?;
    let (start, length) = (usize::try_from(start).unwrap_or(0), usize::try_from(length).unwrap_or(0));
    let page = users.iter().skip(start).take(length).map(|user| {
        let whole = document(user);
        let kept = whole.into_iter().filter(|(name, _)| fields.as_ref().is_none_or(|fields| fields.contains(name)));
        Value::Object(kept.collect())
    });
    Ok(HttpResponse::Ok().json(json!({ "data": page.collect::<Vec<_>>() })))
}

/// `GET /api/resource/{doctype}/{name}`, by e-mail address or user name.
///
/// # Errors
/// 404 for another kind, and where an administrator asks for nobody; 403 for others than oneself.
pub async fn get(
    who: Principal<MayRead>,
    path: Path<(String, String)>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (doctype, name) = path.into_inner();
    if doctype != USER {
        return Err(Failure::NotFound);
    }
    let whose = who.whose()?;
    let user = app
        .store
        .look_up(move |tx| match whose {
            Whose::Everybodys => users::find_named(tx, &name)?.ok_or(Failure::NotFound),
            // Whether somebody else is there is not said.
            Whose::Own(user) => tx.users().find(user)?.filter(|user| is_called(user, &name)).ok_or_else(|| {
                Failure::Forbidden("these are another user's records; the role admin is needed".to_owned())
            }),
        })
        .await?;
    let mut document = document(&user);
    let roles: Vec<Value> = user.roles.names().into_iter().map(|role| json!({ "role": role })).collect();
    document.insert("doctype".to_owned(), USER.into());
    document.insert("roles".to_owned(), roles.into());
    Ok(HttpResponse::Ok().json(json!({ "data": document })))
}

fn is_called(user: &User, name: &str) -> bool {
    user.frappe_name() == name || user.username.as_str() == name || user.id.to_string() == name
}

fn document(user: &User) -> Map<String, Value> {
    let members = [
        ("name", user.frappe_name().into()),
        ("username", user.username.as_str().into()),
        ("email", user.email.as_ref().map(|email| email.as_str()).into()),
        ("full_name", full_name(user).into()),
        ("enabled", u8::from(user.enabled).into()),
        ("user_type", "System User".into()),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The fields to show; `None` for all of them.
fn fields(text: Option<&str>) -> Result<Option<Vec<String>>, Failure> {
    const KNOWN: [&str; 6] = ["name", "username", "email", "full_name", "enabled", "user_type"];
    let Some(text) = text else { return Ok(Some(vec!["name".to_owned()])) };
    let names: Vec<String> = match serde_json::from_str(text) {
        Ok(Value::String(name)) => vec![name],
        Ok(Value::Array(names)) => names.iter().map(|name| name.as_str().unwrap_or_default().to_owned()).collect(),
        _ => return Err(Failure::BadRequest("fields must be a JSON list of names".to_owned())),
    };
    if names.iter().any(|name| name == "*") {
        return Ok(None);
    }
    match names.iter().find(|name| !KNOWN.contains(&name.as_str())) {
        Some(_) => Err(Failure::BadRequest(format!("fields: a user has {}", KNOWN.join(", ")))),
        None => Ok(Some(names)),
    }
}

/// The name to look for: `{"name": "…"}`, `[["name", "=", "…"]]` or `[["User", "name", "=", "…"]]`.
fn filter(text: Option<&str>) -> Result<Option<String>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let refused =
        || Failure::BadRequest("filters: users are found by name, email or username, and by \"=\"".to_owned());
    let is_name = |field: &str| ["name", "email", "username"].contains(&field);
    // What is nested without end must end no server (Kanidm 1.10): the parser goes 127 levels deep.
    let unreadable = |_| Failure::Unreadable("filters is no JSON, or nested too deeply");
    let value: Value = serde_json::from_str(text).map_err(unreadable)?;
    let pairs: Vec<(String, Value)> = match value {
        Value::Object(members) => members.into_iter().collect(),
        Value::Array(filters) => {
            let pair = |filter: &Value| match filter.as_array().map(Vec::as_slice) {
                Some([field, operator, value]) if operator == "=" => Some((field.as_str()?.to_owned(), value.clone())),
                Some([doctype, field, operator, value]) if operator == "=" && doctype == USER => {
                    Some((field.as_str()?.to_owned(), value.clone()))
                }
                _ => None,
            };
            filters.iter().map(pair).collect::<Option<_>>().ok_or_else(refused)?
        }
        _ => return Err(refused()),
    };
    match pairs.as_slice() {
        [] => Ok(None),
        [(field, Value::String(name))] if is_name(field) => Ok(Some(name.clone())),
        _ => Err(refused()),
    }
}

fn number(name: &str, text: Option<&str>, usual: i64, most: i64) -> Result<i64, Failure> {
    let Some(text) = text else { return Ok(usual) };
    let number = text.parse().ok().filter(|number| (0..=most).contains(number));
    number.ok_or_else(|| Failure::BadRequest(format!("{name} must be a number from 0 to {most}")))
}
