//! Scopes: what credentials may do.

use super::Catalogue;
use super::address;
use crate::domain::act::Act;
use crate::domain::roles;
use crate::domain::roles::KnownScope;
use crate::domain::roles::RoleError;
use crate::domain::roles::ScopeChanges;
use crate::http::form::Parameters;
use crate::http::pages::choices::choices;
use crate::http::pages::views::catalogue::CatalogueForm;
use crate::http::pages::views::catalogue::CatalogueRow;
use crate::http::pages::views::catalogue::GroupField;
use crate::http::pages::views::catalogue::TextField;
use crate::http::pages::views::form::Choices;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::keys::Badge;
use crate::http::paths;
use crate::model::name::NameError;
use crate::model::role::RoleName;
use crate::model::scope::MadeScope;
use crate::model::scope::ScopeToken;
use crate::model::user::Roles;
use crate::store::StoreError;
use crate::store::Tx;

/// The list of scopes.
pub struct Scopes;

impl Catalogue for Scopes {
    type Record = MadeScope;
    type Error = RoleError;

    const LIST: &'static str = paths::SCOPES;
    const NEW: &'static str = paths::SCOPES_NEW;
    const EDIT: &'static str = paths::SCOPE_EDIT;
    const DELETE: &'static str = paths::SCOPE_DELETE;
    const KEY: &'static str = "name";
    const TITLE: &'static str = "Scopes";
    const SENTENCE: &'static str =
        "What applications and keys may do. People read the sentence of each when they are asked.";
    const NEW_ONE: &'static str = "New scope";
    const QUESTION: (&'static str, &'static [&'static str]) = (
        "Delete the scope {$name}?",
        &["No token and no key has it any more, from the next request on.", "This can't be undone."],
    );
    const DELETE_ONE: &'static str = "Delete scope";

    fn rows(tx: &mut Tx<'_>) -> Result<Vec<CatalogueRow>, StoreError> {
        let row = |scope: KnownScope| CatalogueRow {
            path: if scope.built_in { String::new() } else { address(Self::EDIT, Self::KEY, &scope.name) },
            badges: scope.built_in.then_some(Badge { style: "", text: "Built in" }).into_iter().collect(),
            name: scope.name,
            description: scope.description,
            tags_label: "Only for",
            tags: scope.roles.names(),
        };
        let mut scopes = roles::known_scopes(tx)?;
        // Those that can be changed come first.
        scopes.sort_by_key(|scope| scope.built_in);
        Ok(scopes.into_iter().map(row).collect())
    }

    fn find(tx: &mut Tx<'_>, key: &str) -> Result<Option<MadeScope>, StoreError> {
        Ok(tx.scopes().list()?.into_iter().find(|scope| scope.name.as_str() == key))
    }

    fn form(tx: &mut Tx<'_>, record: Option<&MadeScope>) -> Result<CatalogueForm, StoreError> {
        let all = roles::all_roles(tx)?;
        let text = |name, label, hint, value: &str| TextField {
            name,
            label,
            hint,
            is_needed: true,
            field: Field::with(value),
        };
        let mut fields = Vec::new();
        if record.is_none() {
            fields.push(text("name", "Name", "Without spaces, such as invoices:read. It can't be changed later.", ""));
        }
        let hint = "What people read when an application asks for it: Read your invoices";
        fields.push(text("description", "Sentence", hint, record.map_or("", |scope| scope.description.as_str())));
        Ok(CatalogueForm {
            fields,
            group: Some(GroupField {
                name: "role",
                legend: "Only for these roles",
                hint: "Where none is ticked, everybody can let an application have it.",
                choices: Choices::of(choices(&all, |role| record.is_some_and(|scope| scope.roles.contains(role)))),
            }),
            check: None,
            can_go: true,
        })
    }

    fn read(sent: &Parameters, form: &mut CatalogueForm, before: Option<&MadeScope>) -> Option<MadeScope> {
        let name = match before {
            Some(before) => before.name.clone(),
            None => match ScopeToken::parse(form.text("name")) {
                Ok(name) => name,
                Err(error) => {
                    form.blame("name", &format!("This is no name of a scope: {error}."));
                    return None;
                }
            },
        };
        // What was sent, not what the form offers: a role that has gone meanwhile must not leave the scope open to everybody.
        let roles: Result<Roles, NameError> = sent.all("role").map(RoleName::parse).collect();
        let Ok(roles) = roles.inspect_err(|error| form.blame("role", &format!("A role {error}."))) else { return None };
        Some(MadeScope { name, description: form.text("description").to_owned(), roles })
    }

    fn create(tx: &mut Tx<'_>, record: &MadeScope, act: &Act) -> Result<(), RoleError> {
        roles::create_scope(tx, record, act).map(drop)
    }

    fn change(tx: &mut Tx<'_>, record: &MadeScope, act: &Act) -> Result<(), RoleError> {
        let changes = ScopeChanges { description: Some(record.description.clone()), roles: Some(record.roles.clone()) };
        roles::change_scope(tx, &record.name, &changes, act).map(drop)
    }

    fn delete(tx: &mut Tx<'_>, record: &MadeScope, act: &Act) -> Result<(), RoleError> {
        roles::delete_scope(tx, &record.name, act)
    }

    fn blamed(error: &RoleError) -> Option<&'static str> {
        match error {
            RoleError::Taken(_) | RoleError::BuiltIn(_) | RoleError::InUse(_) => Some("name"),
            RoleError::Description(_) => Some("description"),
            RoleError::UnknownRole(_) => Some("role"),
            RoleError::UnknownScope(_) | RoleError::Store(_) => None,
        }
    }
}
