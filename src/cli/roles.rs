//! `hallpass role` and `hallpass scope`.

use serde_json::Value;

use crate::cli::args::RoleCommand;
use crate::cli::args::ScopeCommand;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::Record;
use crate::cli::words;
use crate::domain::roles;
use crate::domain::roles::KnownRole;
use crate::domain::roles::RoleChanges;
use crate::domain::roles::RoleError;
use crate::model::role::RoleName;
use crate::model::scope::BUILT_IN;
use crate::model::scope::MadeScope;
use crate::model::scope::ScopeToken;

/// Carries out a command about roles.
pub async fn run(mut context: Context, command: RoleCommand) -> Result<(), Failure> {
    let act = context.act();
    match command {
        RoleCommand::Create { name, description, require_second_factor } => {
            let role = KnownRole { name: words::role(&name)?, description, require_second_factor };
            let (record, sentence) = (role_record(&role), format!("There is now a role {}.", role.name));
            context.store.write(move |tx| roles::create(tx, &role, &act)).await?;
            context.output.done(&sentence, record)?;
        }
        RoleCommand::Change { name, description, require_second_factor } => {
            let (name, changes) = (words::role(&name)?, RoleChanges { description, require_second_factor });
            let role = context.store.write(move |tx| roles::change_role(tx, &name, &changes, &act)).await?;
            context.output.done(&format!("The role {} is changed.", role.name), role_record(&role))?;
        }
        RoleCommand::List => {
            let list = context.store.read(roles::known).await?;
            let records = list.iter().map(role_record).collect();
            context.output.list(&["name", "description", "require_second_factor"], records)?;
        }
        RoleCommand::Delete { name } => {
            let role = words::role(&name)?;
            let deleted = context
                .store
                .write(move |tx| {
                    let found = roles::known(tx)?.into_iter().find(|known| known.name == role);
                    roles::delete_role(tx, &role, &act)?;
                    found.ok_or_else(|| RoleError::UnknownRole(role.as_str().to_owned()))
                })
                .await?;
            let sentence = format!("The role {} is gone; nobody holds it any more.", deleted.name);
            context.output.done(&sentence, role_record(&deleted))?;
        }
    }
    Ok(())
}

/// Carries out a command about scopes.
pub async fn run_scope(mut context: Context, command: ScopeCommand) -> Result<(), Failure> {
    let act = context.act();
    match command {
        ScopeCommand::Create { name, description, roles: names } => {
            let scope = MadeScope { name: words::scope(&name)?, description, roles: words::roles(&names)? };
            let made = context.store.write(move |tx| roles::create_scope(tx, &scope, &act)).await?;
            context.output.done(&format!("There is now a scope {}.", made.name), scope_record(&made))?;
        }
        ScopeCommand::List => {
            let made = context.store.read(|tx| tx.scopes().list()).await?;
            let built_in = BUILT_IN.iter().map(|scope| {
                let roles = if scope.needs_admin { vec![RoleName::ADMIN] } else { Vec::new() };
                Record::new([
                    ("name", scope.name.into()),
                    ("description", scope.sentence.into()),
                    ("roles", roles.into()),
                    ("built_in", true.into()),
                ])
            });
            let records = built_in.chain(made.iter().map(scope_record)).collect();
            context.output.list(&["name", "description", "roles", "built_in"], records)?;
        }
        ScopeCommand::Delete { name } => {
            let name = words::scope(&name)?;
            let deleted = context
                .store
                .write(move |tx| {
                    let list = tx.scopes().list()?;
                    roles::delete_scope(tx, &name, &act)?;
                    made_scope(list, &name)
                })
                .await?;
            let sentence = format!("The scope {} is gone; no credential has it any more.", deleted.name);
            context.output.done(&sentence, scope_record(&deleted))?;
        }
    }
    Ok(())
}

/// The scope of this name.
fn made_scope(list: Vec<MadeScope>, name: &ScopeToken) -> Result<MadeScope, RoleError> {
    let found = list.into_iter().find(|scope| scope.name == *name);
    found.ok_or_else(|| RoleError::UnknownScope(name.as_str().to_owned()))
}

fn role_record(role: &KnownRole) -> Record {
    Record::new([
        ("name", role.name.as_str().into()),
        ("description", role.description.as_str().into()),
        ("require_second_factor", role.require_second_factor.into()),
    ])
}

fn scope_record(scope: &MadeScope) -> Record {
    Record::new([
        ("name", scope.name.as_str().into()),
        ("description", scope.description.as_str().into()),
        ("roles", Value::from(scope.roles.names()).into()),
        ("built_in", false.into()),
    ])
}
