//! Roles: what users and clients hold.

use super::Catalogue;
use super::address;
use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::domain::catalogue::Roles;
use crate::domain::roles::Described;
use crate::domain::roles::KnownRole;
use crate::domain::roles::RoleError;
use crate::domain::roles::RoleOrScope;
use crate::http::form::Parameters;
use crate::http::pages::views::catalogue::CatalogueForm;
use crate::http::pages::views::catalogue::CatalogueRow;
use crate::http::pages::views::catalogue::CheckField;
use crate::http::pages::views::catalogue::TextField;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::keys::Badge;
use crate::http::paths;
use crate::model::role::RoleName;

impl Catalogue for Roles {
    const LIST: &'static str = paths::ROLES;
    const NEW: &'static str = paths::ROLES_NEW;
    const EDIT: &'static str = paths::ROLE_EDIT;
    const DELETE: &'static str = paths::ROLE_DELETE;
    const KEY: &'static str = "name";
    const TITLE: &'static str = "Roles";
    const SENTENCE: &'static str = "What users, applications and keys may be: services let in by them.";
    const NEW_ONE: &'static str = "New role";
    const QUESTION: (&'static str, &'static [&'static str]) = (
        "Delete the role {$name}?",
        &["Whoever holds it holds it no more, from the next request on.", "This can't be undone."],
    );
    const DELETE_ONE: &'static str = "Delete role";

    fn row(role: &KnownRole) -> CatalogueRow {
        let strict = role.require_second_factor.then_some(Badge { style: "good", text: "Second factor" });
        let built_in = role.name.is_admin().then_some(Badge { style: "", text: "Built in" });
        CatalogueRow {
            name: role.name.as_str().to_owned(),
            path: address(Self::EDIT, Self::KEY, role.name.as_str()),
            description: role.description.clone(),
            tags_label: "",
            tags: Vec::new(),
            badges: strict.into_iter().chain(built_in).collect(),
        }
    }

    fn form(record: Option<&KnownRole>, _: &[Described]) -> CatalogueForm {
        let is_built_in = record.is_some_and(|role| role.name.is_admin());
        let text = |name, label, hint, is_needed, value: &str| TextField {
            name,
            label,
            hint,
            is_needed,
            field: Field::with(value),
        };
        let mut fields = Vec::new();
        if record.is_none() {
            let hint = "Letters, digits, spaces and . _ : - It can't be changed later.";
            fields.push(text("name", "Name", hint, true, ""));
        }
        if !is_built_in {
            let description = record.map_or("", |role| role.description.as_str());
            fields.push(text("description", "What it is for", "", false, description));
        }
        CatalogueForm {
            fields,
            group: None,
            check: Some(CheckField {
                name: "require_second_factor",
                label: "Second factor",
                sentence: "Whoever holds the role needs one to sign in. Sessions that are there go on until they end.",
                is_chosen: record.is_some_and(|role| role.require_second_factor),
            }),
            can_go: !is_built_in,
        }
    }

    fn read_form(
        _: &Parameters,
        form: &mut CatalogueForm,
        before: Option<&KnownRole>,
        language: &Language,
    ) -> Option<KnownRole> {
        let name = match before {
            Some(before) => before.name.clone(),
            None => match RoleName::parse(form.text("name")) {
                Ok(name) => name,
                Err(error) => {
                    let why = Text::new("The name {$problem}.").saying("problem", error.to_string());
                    form.blame(language, "name", &why);
                    return None;
                }
            },
        };
        let description = form.text("description").to_owned();
        Some(KnownRole { name, description, require_second_factor: form.is_checked() })
    }

    fn blamed(error: &RoleError) -> Option<(&'static str, Text)> {
        blamed(error).filter(|(field, _)| *field != "role")
    }
}

/// The field of a role or a scope that `error` is about, and what is said there.
pub(super) fn blamed(error: &RoleError) -> Option<(&'static str, Text)> {
    let (field, text) = match error {
        RoleError::Taken(RoleOrScope::Role, name) => {
            ("name", Text::new("There is a role {$name} already.").with("name", name))
        }
        RoleError::Taken(RoleOrScope::Scope, name) => {
            ("name", Text::new("There is a scope {$name} already.").with("name", name))
        }
        RoleError::BuiltIn(RoleOrScope::Role, name) => {
            ("name", Text::new("The role {$name} is built in and stays.").with("name", name))
        }
        RoleError::BuiltIn(RoleOrScope::Scope, name) => {
            ("name", Text::new("The scope {$name} is built in and stays.").with("name", name))
        }
        RoleError::InUse(name) => {
            ("name", Text::new("A scope is bound to the role {$name}; delete that scope first.").with("name", name))
        }
        RoleError::Description(error) => {
            ("description", Text::new("The description {$problem}.").saying("problem", error.to_string()))
        }
        RoleError::UnknownRole(role) => ("role", Text::new("There is no role {$role}.").with("role", role)),
        RoleError::UnknownScope(_) | RoleError::Store(_) => return None,
    };
    Some((field, text))
}
