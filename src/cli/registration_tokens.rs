//! `hallpass registration-token`.

use crate::cli::args::RegistrationTokenCommand;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::Field;
use crate::cli::output::Record;
use crate::cli::pages::all;
use crate::domain::initial_access_tokens;
use crate::model::id::InitialAccessTokenId;
use crate::model::initial_access_token::InitialAccessToken;

/// Carries out a command about initial access tokens (RFC 7591 §1.2).
pub async fn run(mut context: Context, command: RegistrationTokenCommand) -> Result<(), Failure> {
    let act = context.act();
    match command {
        RegistrationTokenCommand::Create { uses, expires_in } => {
            let expires_at = expires_in.map(|lifetime| act.now + lifetime);
            let made = context.store.write(move |tx| initial_access_tokens::create(tx, uses, expires_at, &act)).await;
            let (made, token) = made?;
            context.output.with_secret(record(&made).with("token", token.reveal()), "registration token")?;
        }
        RegistrationTokenCommand::List => {
            let list =
                context.store.read(|tx| all(|after, limit| tx.initial_access_tokens().list(after, limit), |t| t.id));
            let records = list.await?.iter().map(record).collect();
            context.output.list(&["id", "uses_left", "created_at", "expires_at"], records)?;
        }
        RegistrationTokenCommand::Revoke { id } => {
            let none = || Failure(format!("there is no registration token {id}"));
            let parsed = InitialAccessTokenId::parse(&id).ok_or_else(none)?;
            if !context.store.write(move |tx| initial_access_tokens::revoke(tx, parsed, &act)).await? {
                return Err(none());
            }
            let record = Record::new([("id", id.as_str().into())]);
            context.output.done(&format!("{id} registers nothing any more."), record)?;
        }
    }
    Ok(())
}

fn record(token: &InitialAccessToken) -> Record {
    Record::new([
        ("id", token.id.to_string().into()),
        ("uses_left", token.uses_left.into()),
        ("created_at", Field::Time(Some(token.created_at))),
        ("expires_at", Field::Time(token.expires_at)),
    ])
}
