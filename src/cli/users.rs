//! `hallpass user`.

use serde_json::Value;

use crate::cli::args::UserCommand;
use crate::cli::args::UserCreate;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::failure::about;
use crate::cli::output::Field;
use crate::cli::output::Record;
use crate::cli::pages::all;
use crate::cli::passwords;
use crate::cli::words;
use crate::domain::act::Act;
use crate::domain::factors;
use crate::domain::password_reset;
use crate::domain::users;
use crate::domain::users::NewUser;
use crate::domain::users::UserError;
use crate::http::paths;
use crate::model::email::Email;
use crate::model::name::DisplayName;
use crate::model::user::User;
use crate::model::user::UserChanges;
use crate::model::user::UserKind;
use crate::model::user_claims::UserClaims;
use crate::model::username::Username;
use crate::store::StoreError;
use crate::store::Tx;

/// Carries out a command about users.
pub async fn run(mut context: Context, command: UserCommand) -> Result<(), Failure> {
    match command {
        UserCommand::Create(create) => make(context, create).await,
        UserCommand::List => {
            let list =
                context.store.read(|tx| all(|after, limit| tx.users().list(after, limit), |user| user.id)).await?;
            let records = list.iter().map(record).collect();
            let columns = ["id", "username", "email", "kind", "roles", "enabled", "last_login_at"];
            Ok(context.output.list(&columns, records)?)
        }
        UserCommand::Show { name } => {
            let (user, factors) = context
                .store
                .read(move |tx| {
                    let user = words::user(tx, &name)?;
                    let factors = factors::of(tx, user.id)?;
                    Ok::<_, ChangeError>((user, factors))
                })
                .await?;
            let passkeys = i64::try_from(factors.passkeys.len()).unwrap_or(i64::MAX);
            let record = record(&user)
                .with("has_password", factors.has_password)
                .with("has_authenticator_app", factors.totp.is_some())
                .with("passkeys", Value::from(passkeys));
            Ok(context.output.record(record)?)
        }
        UserCommand::Enable { name } => {
            change(context, name, "is let in again", |tx, user, act| users::set_enabled(tx, user.id, true, act)).await
        }
        UserCommand::Disable { name } => {
            let then = "and all credentials of that user are refused from now on";
            change(context, name, then, |tx, user, act| users::set_enabled(tx, user.id, false, act)).await
        }
        UserCommand::GrantRole { name, role } => {
            let role = words::role(&role)?;
            let then = format!("holds the role {role}");
            change(context, name, &then, move |tx, user, act| users::grant_role(tx, user.id, &role, act)).await
        }
        UserCommand::RevokeRole { name, role } => {
            let role = words::role(&role)?;
            let then = format!("does not hold the role {role} any more");
            change(context, name, &then, move |tx, user, act| users::revoke_role(tx, user.id, &role, act)).await
        }
        UserCommand::ResetFactors { name } => reset_factors(context, name).await,
        UserCommand::Delete { name } => {
            let then = "is gone, and with that user all sessions, keys, grants and tokens";
            change(context, name, then, |tx, user, act| users::delete(tx, user.id, act).map(|()| user)).await
        }
        UserCommand::SetClaims { name, claims } => {
            let claims: UserClaims =
                serde_json::from_str(&claims).map_err(|error| Failure(format!("the claims are none: {error}")))?;
            claims.check().map_err(|error| Failure(error.to_string()))?;
            let changes = UserChanges { claims: Some(claims), ..UserChanges::default() };
            let then = "has these claims";
            change(context, name, then, move |tx, user, act| users::change_profile(tx, user.id, &changes, act)).await
        }
        UserCommand::ResetLink { name } => reset_link(context, name).await,
        UserCommand::SetPassword { name, password_stdin } => set_password(context, name, password_stdin).await,
    }
}

/// Why a user can't be changed.
#[derive(Debug, thiserror::Error)]
enum ChangeError {
    #[error(transparent)]
    Find(#[from] words::FindError),
    #[error(transparent)]
    User(#[from] UserError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Finds a user, changes it and says so.
async fn change(
    mut context: Context,
    name: String,
    then: &str,
    verb: impl Fn(&mut Tx<'_>, User, &Act) -> Result<User, UserError> + Send + 'static,
) -> Result<(), Failure> {
    let act = context.act();
    let user = context
        .store
        .write(move |tx| {
            let user = words::user(tx, &name)?;
            Ok::<_, ChangeError>(verb(tx, user, &act)?)
        })
        .await?;
    Ok(context.output.done(&format!("The user {} {then}.", user.username), record(&user))?)
}

/// `user create`
async fn make(mut context: Context, create: UserCreate) -> Result<(), Failure> {
    let username = about("user name", &create.name, Username::parse(&create.name))?;
    let email = create.email.as_deref().map(|email| about("e-mail address", email, Email::parse(email))).transpose()?;
    let full_name = match create.full_name.as_str() {
        "" => String::new(),
        name => about("full name", name, DisplayName::parse(name))?.as_str().to_owned(),
    };
    let roles = words::roles(&create.roles)?;
    let (made, password) = if create.service {
        (None, None)
    } else {
        let names = [username.as_str(), email.as_ref().map(Email::as_str).unwrap_or_default()];
        let (made, hash) = passwords::choose(&context.config, create.password_stdin, &names).await?;
        (made, Some(hash))
    };
    let new = NewUser { username, email, full_name, roles, password };
    let act = context.act();
    let user = context.store.write(move |tx| users::create(tx, &new, &act)).await?;
    match made {
        Some(made) => {
            let record = record(&user).with("password", made.expose());
            Ok(context.output.with_secret(record, "password")?)
        }
        None => Ok(context.output.record(record(&user))?),
    }
}

/// `user reset-factors`
async fn reset_factors(mut context: Context, name: String) -> Result<(), Failure> {
    let act = context.act();
    let (user, has_password) = context
        .store
        .write(move |tx| {
            let user = words::user(tx, &name)?;
            factors::reset(tx, user.id, &act)?;
            let has_password = tx.users().password(user.id)?.is_some();
            Ok::<_, ChangeError>((user, has_password))
        })
        .await?;
    let then = if has_password || user.kind == UserKind::Service {
        "has no second factor any more; the password alone is enough where no role asks for more"
    } else {
        "has no second factor any more, and no password: set one (hallpass user set-password), or hand on a link \
         (hallpass user reset-link)"
    };
    Ok(context.output.done(&format!("The user {} {then}.", user.username), record(&user))?)
}

/// `user reset-link`
async fn reset_link(mut context: Context, name: String) -> Result<(), Failure> {
    let act = context.act();
    let (user, token) = context
        .store
        .write(move |tx| {
            let user = words::user(tx, &name)?;
            let token = password_reset::make_link(tx, &user, &act)?;
            Ok::<_, ChangeError>((user, token))
        })
        .await?;
    let issuer = context.config.issuer_for(context.config.listen);
    let link = format!("{}?token={}", issuer.url(paths::RESET_CONFIRM), token.reveal());
    Ok(context.output.with_secret(record(&user).with("reset_link", link.as_str()), "reset_link")?)
}

/// `user set-password`
async fn set_password(mut context: Context, name: String, from_input: bool) -> Result<(), Failure> {
    let user = context.store.read(move |tx| words::user(tx, &name)).await?;
    if user.kind == UserKind::Service {
        return Err(UserError::ServiceAccount.into());
    }
    let names = [user.username.as_str(), user.email.as_ref().map(Email::as_str).unwrap_or_default()];
    let (made, hash) = passwords::choose(&context.config, from_input, &names).await?;
    let (id, act) = (user.id, context.act());
    context.store.write(move |tx| users::set_password(tx, id, &hash, None, &act)).await?;
    match made {
        Some(made) => {
            let record = record(&user).with("password", made.expose());
            Ok(context.output.with_secret(record, "password")?)
        }
        None => {
            let sentence = format!("The password of {} is set; all sessions of that user have ended.", user.username);
            Ok(context.output.done(&sentence, record(&user))?)
        }
    }
}

/// A user as it is printed.
fn record(user: &User) -> Record {
    Record::new([
        ("id", user.id.to_string().into()),
        ("username", user.username.as_str().into()),
        ("email", Value::from(user.email.as_ref().map(Email::as_str)).into()),
        ("full_name", user.full_name.as_str().into()),
        ("kind", user.kind.as_str().into()),
        ("claims", serde_json::to_value(&user.claims).unwrap_or_default().into()),
        ("roles", Value::from(user.roles.names()).into()),
        ("enabled", user.enabled.into()),
        ("created_at", Field::Time(Some(user.created_at))),
        ("last_login_at", Field::Time(user.last_login_at)),
    ])
}
