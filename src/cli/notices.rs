//! `hallpass notice`.

use serde_json::Value;

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::key_args::NoticeCommand;
use crate::cli::output::Field;
use crate::cli::output::Record;
use crate::cli::pages::all;
use crate::cli::words;
use crate::model::notice::Notice;
use crate::store::StoreError;

/// Carries out a command about notices.
pub async fn run(mut context: Context, command: NoticeCommand) -> Result<(), Failure> {
    let NoticeCommand::List { user } = command;
    let found = context
        .store
        .read(move |tx| {
            let of = match user {
                Some(name) => Some(words::user(tx, &name)?.id),
                None => None,
            };
            let notices = all(|after, limit| tx.notices().list(of, after, limit), |notice| notice.id)?;
            let mut named = Vec::new();
            for notice in notices {
                let user = tx.users().find(notice.user)?;
                named.push((notice, user.map(|user| user.username.as_str().to_owned()).unwrap_or_default()));
            }
            Ok::<_, NoticeError>(named)
        })
        .await?;
    let records = found.iter().map(|(notice, user)| record(notice, user)).collect();
    Ok(context.output.list(&["created_at", "user", "kind", "subject", "details"], records)?)
}

/// Why a command about notices failed.
#[derive(Debug, thiserror::Error)]
enum NoticeError {
    #[error(transparent)]
    Find(#[from] words::FindError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn record(notice: &Notice, user: &str) -> Record {
    let details: Value = serde_json::from_str(&notice.details).unwrap_or_default();
    Record::new([
        ("id", notice.id.to_string().into()),
        ("user", user.into()),
        ("kind", notice.kind.as_str().into()),
        ("subject", notice.subject.as_str().into()),
        ("details", details.into()),
        ("created_at", Field::Time(Some(notice.created_at))),
    ])
}
