//! `/api/v1/users`: users, for administrators.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::reach::Reach;
use crate::domain::users;
use crate::domain::users::NewUser;
use crate::domain::users::UserEdit;
use crate::domain::users::UserError;
use crate::http::api::claims::ClaimsMembers;
use crate::http::api::listing::Listing;
use crate::http::api::listing::Page;
use crate::http::api::listing::PageParameters;
use crate::http::api::text;
use crate::http::failure::Failure;
use crate::http::failure::Refused;
use crate::http::json::JsonBody;
use crate::http::json::given;
use crate::http::needs::AdminScope;
use crate::http::needs::UsersRead;
use crate::http::needs::UsersWrite;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::email::Email;
use crate::model::id::UserId;
use crate::model::identity::Identity;
use crate::model::password;
use crate::model::role::RoleName;
use crate::model::secret::Secret;
use crate::model::time::Timestamp;
use crate::model::user::User;
use crate::model::user::UserChanges;
use crate::model::user::UserKind;
use crate::model::user_claims::UserClaims;
use crate::model::username::Username;

/// The name of the list in its cursors.
const LIST: &str = "users";

/// A user: a person or a service account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserRecord {
    /// The id; it stays, and no other user ever has it.
    #[schema(example = "user_019abcde00007000800000000000cafe")]
    id: String,
    /// The name to sign in with.
    username: String,
    /// The e-mail address, which signs in too.
    #[schema(required)]
    email: Option<String>,
    /// How the person is called; may be empty.
    full_name: String,
    /// What else is known of the person: standard claims of OpenID Connect.
    claims: ClaimsMembers,
    /// `person`, or `service` for an account that acts by API keys only.
    #[schema(example = "person")]
    kind: &'static str,
    /// The roles that the user holds.
    roles: Vec<String>,
    /// A disabled user's credentials are all refused.
    enabled: bool,
    /// When it was made, in Unix seconds.
    created_at: i64,
    /// When the person last signed in with their password or a passkey, in Unix seconds.
    #[schema(required)]
    last_login_at: Option<i64>,
}

/// A user to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUserMembers {
    /// The name to sign in with.
    #[schema(max_length = 64)]
    username: String,
    /// The e-mail address, which signs in too.
    #[serde(default)]
    email: Option<String>,
    /// How the person is called.
    #[serde(default)]
    #[schema(max_length = 200)]
    full_name: String,
    /// `person` (the default), or `service` for an account that acts by API keys only.
    #[serde(default, deserialize_with = "given")]
    #[schema(example = "service", nullable = false)]
    kind: Option<String>,
    /// The password; a person needs one, a service account has none.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password, min_length = 8, max_length = 1024)]
    password: Option<Secret>,
    /// The roles to hold.
    #[serde(default)]
    #[schema(max_items = 100)]
    roles: Vec<String>,
}

/// What changes in a user. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserMembers {
    /// The e-mail address; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    /// How the person is called; may be empty.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_length = 200, nullable = false)]
    full_name: Option<String>,
    /// All that is known of the person beside name and address from now on: standard claims of OpenID Connect.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    claims: Option<ClaimsMembers>,
    /// All roles to hold from now on.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_items = 100, nullable = false)]
    roles: Option<Vec<String>>,
    /// Whether the user is let in.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
    /// A new password. It ends the user's sessions, codes and refresh tokens. One's own is changed on the account page.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = Password, min_length = 8, max_length = 1024, nullable = false)]
    password: Option<Secret>,
}

/// Lists users, oldest first.
///
/// # Errors
/// 400 where the query is wrong.
#[utoipa::path(
    get, path = paths::API_USERS, tag = "users",
    params(
        PageParameters,
        ("username" = Option<String>, Query, description = "Only the user of this name, e-mail address or id"),
        ("role" = Option<String>, Query, description = "Only those who hold this role"),
    ),
    responses((status = 200, description = "A page of users", body = Page<UserRecord>))
)]
pub async fn list(
    _: Principal<AdminScope<UsersRead>>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let listing = Listing::read(&request, &app, LIST, &["username", "role"])?;
    let (after, ask) = (listing.after(UserId::parse)?, listing.ask());
    let role = listing.filter("role").map(|role| text::about("role", RoleName::parse(&role))).transpose()?;
    let name = listing.filter("username");
    let found = app
        .store
        .read(move |tx| {
            let role = match role {
                // By the name that it is stored under; a role that is not there has no holders.
                Some(role) => match tx.roles().find(&role)? {
                    Some(role) => Some(role),
                    None => return Ok::<_, UserError>(Vec::new()),
                },
                None => None,
            };
            let Some(name) = name else { return Ok(tx.users().list_holders(role.as_ref(), after, ask)?) };
            let found = users::find_named(tx, &name)?;
            let is_right = |user: &User| {
                after.is_none_or(|after| user.id > after)
                    && role.as_ref().is_none_or(|role| user.roles.contains(role.as_str()))
            };
            Ok(found.into_iter().filter(is_right).collect())
        })
        .await?;
    Ok(HttpResponse::Ok().json(listing.page(&app, found, |user| user.id.to_string(), record)))
}

/// Makes a user.
///
/// # Errors
/// 400 where the body is wrong, 409 where the name or address is taken.
#[utoipa::path(
    post, path = paths::API_USERS, tag = "users", request_body = NewUserMembers,
    responses(
        (status = 201, description = "The user", body = UserRecord),
        (status = 409, description = "The name or the address is taken"),
    )
)]
pub async fn create(
    who: Principal<AdminScope<UsersWrite>>,
    body: JsonBody<NewUserMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let body = body.0;
    let bad = |why: &str| Err(Failure::BadRequest(why.to_owned()));
    let kind = match body.kind.as_deref() {
        None => UserKind::Person,
        Some(text) => match UserKind::parse(text) {
            Some(kind) => kind,
            None => return bad("kind must be person or service"),
        },
    };
    let username = text::about("username", Username::parse(&body.username))?;
    let email = body.email.as_deref().map(text::email).transpose()?;
    let full_name = text::full_name(&body.full_name)?;
    let roles = text::roles(&body.roles)?;
    let names = [username.as_str(), email.as_ref().map(Email::as_str).unwrap_or_default()];
    let password = match (kind, body.password) {
        (UserKind::Person, Some(new)) => {
            text::about("password", password::check_new_password(&new, &names))?;
            Some(app.passwords.hash(new).await?)
        }
        (UserKind::Person, None) => return bad("a person needs a password; an account without one is of kind service"),
        (UserKind::Service, Some(_)) => return bad("a service account has no password; it uses API keys"),
        (UserKind::Service, None) => None,
    };
    let new = NewUser { username, email, full_name, roles, password };
    let (identity, act) = (Identity::clone(&who), who.act(&app));
    let made = app
        .store
        .write(move |tx| {
            let reach = Reach::of(tx, &identity, &act)?;
            Ok::<_, Refused>(users::create_within(tx, &new, &reach, &act)?)
        })
        .await?;
    Ok(respond::created(&app, &paths::api_user(&made.id.to_string()), &record(&made)))
}

/// Shows a user.
///
/// # Errors
/// 404 where there is none.
#[utoipa::path(
    get, path = paths::API_USER, tag = "users", params(("user" = String, Path, description = "The user's id")),
    responses((status = 200, description = "The user", body = UserRecord))
)]
pub async fn get(
    _: Principal<AdminScope<UsersRead>>,
    user: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let id = UserId::parse(&user).ok_or(Failure::NotFound)?;
    let found = app.store.read(move |tx| tx.users().find(id)).await?;
    Ok(HttpResponse::Ok().json(record(&found.ok_or(Failure::NotFound)?)))
}

/// Changes a user, all or nothing.
///
/// # Errors
/// 400 where the body is wrong, 404 where there is no such user, 409 where the address is taken or it is the last
/// enabled administrator.
#[utoipa::path(
    patch, path = paths::API_USER, tag = "users", params(("user" = String, Path, description = "The user's id")),
    request_body = UserMembers,
    responses(
        (status = 200, description = "The user as it is now", body = UserRecord),
        (status = 409, description = "The address is taken, or this is the last enabled administrator"),
    )
)]
pub async fn patch(
    who: Principal<AdminScope<UsersWrite>>,
    user: Path<String>,
    body: JsonBody<UserMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let id = UserId::parse(&user).ok_or(Failure::NotFound)?;
    let body = body.0;
    let email = match body.email {
        Some(Some(text)) => Some(Some(text::email(&text)?)),
        Some(None) => Some(None),
        None => None,
    };
    let full_name = body.full_name.as_deref().map(text::full_name).transpose()?;
    let claims = body.claims.map(UserClaims::from);
    if let Some(claims) = &claims {
        claims.check().map_err(|error| Failure::BadRequest(format!("claims: {error}")))?;
    }
    let roles = body.roles.as_deref().map(text::roles).transpose()?;
    let password = match body.password {
        Some(_) if Identity::user_id(&who) == Some(id) => {
            let why = "this is you: change your password on your account page, where the current one is asked for";
            return Err(Failure::BadRequest(why.to_owned()));
        }
        Some(new) => {
            let user = app.store.read(move |tx| tx.users().find(id)).await?.ok_or(Failure::NotFound)?;
            let names = [user.username.as_str(), user.email.as_ref().map(Email::as_str).unwrap_or_default()];
            text::about("password", password::check_new_password(&new, &names))?;
            Some(app.passwords.hash(new).await?)
        }
        None => None,
    };
    let edit = UserEdit { profile: UserChanges { email, full_name, claims }, roles, enabled: body.enabled, password };
    let (identity, act) = (Identity::clone(&who), who.act(&app));
    let changed = app
        .store
        .write(move |tx| {
            let reach = Reach::of(tx, &identity, &act)?;
            Ok::<_, Refused>(users::edit(tx, id, &edit, &reach, &act)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(record(&changed)))
}

/// Deletes a user with all sessions, keys, grants and tokens.
///
/// # Errors
/// 404 where there is none, 409 where it is the last enabled administrator.
#[utoipa::path(
    delete, path = paths::API_USER, tag = "users", params(("user" = String, Path, description = "The user's id")),
    responses(
        (status = 204, description = "The user is gone"),
        (status = 409, description = "This is the last enabled administrator"),
    )
)]
pub async fn delete(
    who: Principal<AdminScope<UsersWrite>>,
    user: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (id, act) = (UserId::parse(&user).ok_or(Failure::NotFound)?, who.act(&app));
    app.store.write(move |tx| users::delete(tx, id, &act)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `user` as scripts see it.
pub fn record(user: &User) -> UserRecord {
    UserRecord {
        id: user.id.to_string(),
        username: user.username.as_str().to_owned(),
        email: user.email.as_ref().map(|email| email.as_str().to_owned()),
        full_name: user.full_name.clone(),
        claims: user.claims.clone().into(),
        kind: user.kind.as_str(),
        roles: user.roles.names(),
        enabled: user.enabled,
        created_at: user.created_at.seconds(),
        last_login_at: user.last_login_at.map(Timestamp::seconds),
    }
}
