//! Scopes: what credentials may do.

use super::Catalogue;
use super::address;
use super::roles;
use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::domain::catalogue::Scopes;
use crate::domain::roles::Described;
use crate::domain::roles::KnownScope;
use crate::domain::roles::RoleError;
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

impl Catalogue for Scopes {
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

    fn row(scope: &KnownScope) -> CatalogueRow {
        let built_in = scope.built_in.then_some(Badge { style: "", text: "Built in" });
        CatalogueRow {
            name: scope.name.clone(),
            path: if scope.built_in { String::new() } else { address(Self::EDIT, Self::KEY, &scope.name) },
            description: scope.description.clone(),
            tags_label: "Only for",
            tags: scope.roles.names(),
            badges: built_in.into_iter().collect(),
        }
    }

    fn form(record: Option<&MadeScope>, offer: &[Described]) -> CatalogueForm {
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
        CatalogueForm {
            fields,
            group: Some(GroupField {
                name: "role",
                legend: "Only for these roles",
                hint: "Where none is ticked, everybody can let an application have it.",
                choices: Choices::of(choices(offer, |role| record.is_some_and(|scope| scope.roles.contains(role)))),
            }),
            check: None,
            can_go: true,
        }
    }

    fn read_form(
        sent: &Parameters,
        form: &mut CatalogueForm,
        before: Option<&MadeScope>,
        language: &Language,
    ) -> Option<MadeScope> {
        let name = match before {
            Some(before) => before.name.clone(),
            None => match ScopeToken::parse(form.text("name")) {
                Ok(name) => name,
                Err(error) => {
                    let why = Text::new("This is no name of a scope: {$problem}.").saying("problem", error.to_string());
                    form.blame(language, "name", &why);
                    return None;
                }
            },
        };
        // What was sent, not what the form offers: a role that has gone meanwhile must not leave the scope open to everybody.
        let roles: Result<Roles, NameError> = sent.all("role").map(RoleName::parse).collect();
        match roles {
            Ok(roles) => Some(MadeScope { name, description: form.text("description").to_owned(), roles }),
            Err(error) => {
                let why = Text::new("A role {$problem}.").saying("problem", error.to_string());
                form.blame(language, "role", &why);
                None
            }
        }
    }

    fn blamed(error: &RoleError) -> Option<(&'static str, Text)> {
        roles::blamed(error)
    }
}
