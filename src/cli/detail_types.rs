//! `hallpass detail-type`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::cli::args::DetailTypeCommand;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::failure::about;
use crate::cli::output::Field;
use crate::cli::output::Record;
use crate::domain::authorization_details;
use crate::domain::detail_schema::LONGEST;
use crate::model::details::DetailType;
use crate::model::details::DetailTypeName;

/// Carries out a command about types of authorization details.
pub async fn run(mut context: Context, command: DetailTypeCommand) -> Result<(), Failure> {
    let act = context.act();
    match command {
        DetailTypeCommand::Create { name, description, schema } => {
            let name = about("type's name", &name, DetailTypeName::parse(&name))?;
            let schema = read(&schema)?;
            let made = context
                .store
                .write(move |tx| authorization_details::create(tx, &name, &description, &schema, &act))
                .await?;
            context
                .output
                .done(&format!("Clients can now ask for details of the type {}.", made.name), record(&made))?;
        }
        DetailTypeCommand::List => {
            let list = context.store.read(|tx| tx.authorization_detail_types().list(None, i64::MAX)).await?;
            context.output.list(&["name", "description"], list.iter().map(record).collect())?;
        }
        DetailTypeCommand::Delete { name } => {
            let name = about("type's name", &name, DetailTypeName::parse(&name))?;
            let gone = context.store.write(move |tx| authorization_details::delete(tx, &name, &act)).await?;
            let sentence = format!("Nothing of the type {} can be asked for any more.", gone.name);
            context.output.done(&sentence, record(&gone))?;
        }
    }
    Ok(())
}

/// The schema in a file; `-` is standard input. One byte more than may be is enough to be refused.
fn read(path: &Path) -> Result<String, Failure> {
    let (mut text, most) = (String::new(), LONGEST as u64 + 1);
    let read = if path == Path::new("-") {
        std::io::stdin().take(most).read_to_string(&mut text)
    } else {
        File::open(path).and_then(|file| file.take(most).read_to_string(&mut text))
    };
    read.map_err(|error| Failure(format!("the schema cannot be read from {}: {error}", path.display())))?;
    Ok(text)
}

fn record(detail_type: &DetailType) -> Record {
    let schema = serde_json::from_str(&detail_type.schema).unwrap_or(serde_json::Value::Null);
    Record::new([
        ("name", detail_type.name.as_str().into()),
        ("description", detail_type.description.as_str().into()),
        ("schema", schema.into()),
        ("created_at", Field::Time(Some(detail_type.created_at))),
    ])
}
