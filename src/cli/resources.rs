//! `hallpass resource`.

use crate::cli::args::ResourceCommand;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::failure::about;
use crate::cli::output::Field;
use crate::cli::output::Record;
use crate::cli::words;
use crate::domain::resources;
use crate::model::name::DisplayName;
use crate::model::resource::Resource;
use crate::model::resource::ResourceUri;
use crate::model::scope::Scope;

/// Carries out a command about resources.
pub async fn run(mut context: Context, command: ResourceCommand) -> Result<(), Failure> {
    let act = context.act();
    match command {
        ResourceCommand::Create { uri, name, scopes } => {
            let uri = about("resource", &uri, ResourceUri::parse(&uri))?;
            let name = about("resource's name", &name, DisplayName::parse(&name))?;
            let scopes = if scopes.is_empty() { Scope::default() } else { words::scopes(&scopes)? };
            let made = context.store.write(move |tx| resources::create(tx, &uri, &name, &scopes, &act)).await?;
            context.output.done(&format!("Tokens can now be meant for {}.", made.uri), record(&made))?;
        }
        ResourceCommand::List => {
            let list = context.store.read(|tx| tx.resources().list(None, i64::MAX)).await?;
            context.output.list(&["uri", "name", "scopes"], list.iter().map(record).collect())?;
        }
        ResourceCommand::Delete { uri } => {
            let uri = about("resource", &uri, ResourceUri::parse(&uri))?;
            let gone = context.store.write(move |tx| resources::delete(tx, &uri, &act)).await?;
            context.output.done(&format!("No token can be meant for {} any more.", gone.uri), record(&gone))?;
        }
    }
    Ok(())
}

fn record(resource: &Resource) -> Record {
    let scopes: Vec<&str> = resource.scopes.iter().map(|scope| scope.as_str()).collect();
    Record::new([
        ("uri", resource.uri.as_str().into()),
        ("name", resource.name.as_str().into()),
        ("scopes", scopes.into()),
        ("created_at", Field::Time(Some(resource.created_at))),
    ])
}
