//! `hallpass signing-key`.

use crate::cli::args::SigningKeyCommand;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::Field;
use crate::cli::output::Record;
use crate::domain::oauth::signing_keys;
use crate::model::signing_key;
use crate::model::signing_key::StoredKey;
use crate::model::time::Timestamp;
use crate::server;

/// What is printed of a key.
const COLUMNS: [&str; 5] = ["kid", "alg", "state", "published_at", "active_at"];

/// Carries out a command about signing keys.
pub async fn run(mut context: Context, command: SigningKeyCommand) -> Result<(), Failure> {
    let keys = server::open_keys(&context.config, &context.store).await?;
    // Where no server has started yet there are none.
    signing_keys::prepare(&context.store, &keys, context.now).await?;
    let stored = match command {
        SigningKeyCommand::List => context.store.read(|tx| tx.signing_keys().list()).await?,
        SigningKeyCommand::Rotate => signing_keys::rotate(&context.store, &keys, &context.act()).await?,
    };
    let records = records(&stored, &context);
    Ok(context.output.list(&COLUMNS, records)?)
}

fn records(stored: &[StoredKey], context: &Context) -> Vec<Record> {
    let longest = context.config.tokens.id_token_lifetime;
    let states = signing_key::states(stored, longest, context.now);
    let record = |(key, state): (&StoredKey, signing_key::KeyState)| {
        Record::new([
            ("kid", key.kid.as_str().into()),
            ("alg", key.algorithm.as_str().into()),
            ("state", state.as_str().into()),
            ("published_at", time(key.created_at)),
            ("active_at", time(key.active_at)),
        ])
    };
    stored.iter().zip(states).map(record).collect()
}

fn time(at: Timestamp) -> Field {
    Field::Time(Some(at))
}
