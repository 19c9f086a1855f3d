//! `hallpass session`, `hallpass grant` and `hallpass audit`: who is in, who was let in, and what was done.

use serde_json::Value;

use crate::cli::args::AuditCommand;
use crate::cli::args::GrantCommand;
use crate::cli::args::SessionCommand;
use crate::cli::args::Since;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::Field;
use crate::cli::output::Record;
use crate::cli::pages::all;
use crate::cli::words;
use crate::domain::grants;
use crate::domain::sessions;
use crate::model::audit::AuditEntry;
use crate::model::grant::Grant;
use crate::model::id::GrantId;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::resource::ResourceUri;
use crate::model::session::Session;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;

/// Carries out a command about sessions.
pub async fn run_session(mut context: Context, command: SessionCommand) -> Result<(), Failure> {
    let (act, now) = (context.act(), context.now);
    match command {
        SessionCommand::List => {
            let read = move |tx: &mut Tx<'_>| {
                let list = all(|after, limit| tx.sessions().list_live(None, after, limit, now), |session| session.id)?;
                list.iter().map(|session| session_record(tx, session)).collect::<Result<Vec<_>, StoreError>>()
            };
            let records = context.store.read(read).await?;
            context.output.list(&["id", "user", "address", "authenticated_at", "seen_at", "expires_at"], records)?;
        }
        SessionCommand::End { id } => {
            let session = words::id("a session", &id, SessionId::parse)?;
            let ended = context
                .store
                .write(move |tx| {
                    let Some(found) = tx.sessions().find(session)? else { return Ok::<_, StoreError>(None) };
                    let record = session_record(tx, &found)?;
                    Ok(sessions::end(tx, session, None, &act)?.then_some(record))
                })
                .await?;
            let record = ended.ok_or_else(|| Failure(format!("there is no session {id:?}, or it has ended")))?;
            context.output.done("The session has ended.", record)?;
        }
    }
    Ok(())
}

/// Carries out a command about grants.
pub async fn run_grant(mut context: Context, command: GrantCommand) -> Result<(), Failure> {
    let (act, now) = (context.act(), context.now);
    match command {
        GrantCommand::List => {
            let read = move |tx: &mut Tx<'_>| {
                let list =
                    all(|after, limit| tx.grants().list_live((None, None), after, limit, now), |grant| grant.id)?;
                list.iter().map(|grant| grant_record(tx, grant)).collect::<Result<Vec<_>, StoreError>>()
            };
            let records = context.store.read(read).await?;
            context.output.list(&["id", "user", "client_id", "client_name", "scopes", "expires_at"], records)?;
        }
        GrantCommand::Revoke { id } => {
            let grant = words::id("a grant", &id, GrantId::parse)?;
            let revoked = context
                .store
                .write(move |tx| {
                    if !grants::revoke(tx, grant, None, &act)? {
                        return Ok::<_, StoreError>(None);
                    }
                    let Some(found) = tx.grants().find(grant)? else { return Ok(None) };
                    grant_record(tx, &found).map(Some)
                })
                .await?;
            let record = revoked.ok_or_else(|| Failure(format!("there is no grant {id:?}, or it was taken back")))?;
            context.output.done("The grant is taken back, and all its tokens have ended.", record)?;
        }
    }
    Ok(())
}

/// Carries out a command about the audit log.
pub async fn run_audit(mut context: Context, command: AuditCommand) -> Result<(), Failure> {
    let AuditCommand::List { since } = command;
    let since = match since {
        None => Timestamp::from_millis(0),
        Some(Since::Time(time)) => time,
        Some(Since::Ago(lifetime)) => context.now.before(lifetime),
    };
    let read = move |tx: &mut Tx<'_>| all(|after, limit| tx.audit().list(since, after, limit), |entry| entry.id);
    let list: Vec<AuditEntry> = context.store.read(read).await?;
    let records = list.iter().map(audit_record).collect();
    Ok(context.output.list(&["at", "event", "actor", "subject", "details", "address"], records)?)
}

/// A session as it is printed.
fn session_record(tx: &mut Tx<'_>, session: &Session) -> Result<Record, StoreError> {
    Ok(Record::new([
        ("id", session.id.to_string().into()),
        ("user", username(tx, session.user)?.into()),
        ("address", session.address.as_str().into()),
        ("user_agent", session.user_agent.as_str().into()),
        ("authenticated_at", Field::Time(Some(session.authenticated_at))),
        ("seen_at", Field::Time(Some(session.seen_at))),
        ("expires_at", Field::Time(Some(session.expires_at.min(session.idle_expires_at)))),
    ]))
}

/// A grant as it is printed.
fn grant_record(tx: &mut Tx<'_>, grant: &Grant) -> Result<Record, StoreError> {
    let client = tx.clients().find(grant.client)?;
    let scopes: Vec<&str> = grant.scopes.iter().map(|scope| scope.as_str()).collect();
    Ok(Record::new([
        ("id", grant.id.to_string().into()),
        ("user", username(tx, grant.user)?.into()),
        ("client_id", Value::from(client.as_ref().map(|client| client.client_id.as_str())).into()),
        ("client_name", Value::from(client.as_ref().map(|client| client.name.as_str())).into()),
        ("scopes", scopes.into()),
        ("resources", grant.resources.iter().map(ResourceUri::as_str).collect::<Vec<_>>().into()),
        ("created_at", Field::Time(Some(grant.created_at))),
        ("renewed_at", Field::Time(Some(grant.renewed_at))),
        ("expires_at", Field::Time(grant.expires_at)),
        ("revoked_at", Field::Time(grant.revoked_at)),
    ]))
}

/// An entry of the audit log as it is printed.
fn audit_record(entry: &AuditEntry) -> Record {
    let details = serde_json::from_str(&entry.details).unwrap_or_else(|_| Value::from(entry.details.as_str()));
    Record::new([
        ("id", entry.id.to_string().into()),
        ("at", Field::Time(Some(entry.at))),
        ("event", entry.event.as_str().into()),
        ("actor", entry.actor.as_str().into()),
        ("credential", Value::from(entry.credential.as_deref()).into()),
        ("subject", entry.subject.as_str().into()),
        ("details", Field::Value(details)),
        ("address", Value::from(entry.address.as_deref()).into()),
        ("request_id", Value::from(entry.request_id.as_deref()).into()),
    ])
}

/// The name of a user.
fn username(tx: &mut Tx<'_>, id: UserId) -> Result<String, StoreError> {
    Ok(tx.users().find(id)?.map(|user| user.username.as_str().to_owned()).unwrap_or_default())
}
