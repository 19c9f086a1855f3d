//! Roles, scopes and resources: short lists that administrators make.

use super::filters;
use super::form::Choices;
use super::form::Field;
use super::form::Problem;
use super::form::problems;
use super::frame::Frame;
use super::keys::Badge;
use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::http::form::Parameters;
use crate::http::paths;

/// One of the lists.
#[derive(askama::Template)]
#[template(path = "pages/catalogue/list.html")]
pub struct CatalogueListPage {
    /// Its surroundings.
    pub frame: Frame,
    /// Its heading.
    pub title: &'static str,
    /// What they are for.
    pub sentence: &'static str,
    /// The path of the form for a new one, and the words on the button that leads there.
    pub new: (&'static str, &'static str),
    /// All of them.
    pub rows: Vec<CatalogueRow>,
}

/// One line of a list.
pub struct CatalogueRow {
    /// What it is called.
    pub name: String,
    /// Its page; empty where it is built in and stays as it is.
    pub path: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What stands first among the tags: `Only for`; may be empty.
    pub tags_label: &'static str,
    /// The roles or scopes that belong to it.
    pub tags: Vec<String>,
    /// What is special about it.
    pub badges: Vec<Badge>,
}

/// The form for a new one, or for one that is there.
#[derive(askama::Template)]
#[template(path = "pages/catalogue/form.html")]
pub struct CatalogueFormPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The path of the list, and its heading.
    pub list: (&'static str, &'static str),
    /// The heading for a new one.
    pub heading: &'static str,
    /// Which one it is; empty for a new one.
    pub name: String,
    /// The path that the form posts to.
    pub action: String,
    /// Where it is deleted, if it can be.
    pub delete: Option<String>,
    /// The form.
    pub form: CatalogueForm,
}

/// What can be told of one.
#[derive(Default)]
pub struct CatalogueForm {
    /// Texts.
    pub fields: Vec<TextField>,
    /// Checkboxes for roles or scopes that belong to it.
    pub group: Option<GroupField>,
    /// One more checkbox.
    pub check: Option<CheckField>,
    /// Whether it can be deleted.
    pub can_go: bool,
}

/// A field for a text.
pub struct TextField {
    /// Its name.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What to type; may be empty.
    pub hint: &'static str,
    /// Whether it may be empty.
    pub is_needed: bool,
    /// What stands in it.
    pub field: Field,
}

/// A group of checkboxes.
pub struct GroupField {
    /// Its name.
    pub name: &'static str,
    /// What it is called.
    pub legend: &'static str,
    /// What follows from it; may be empty.
    pub hint: &'static str,
    /// What can be chosen.
    pub choices: Choices,
}

/// A checkbox; its value is `yes`.
pub struct CheckField {
    /// Its name.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What follows from it.
    pub sentence: &'static str,
    /// Whether it is ticked.
    pub is_chosen: bool,
}

impl CatalogueForm {
    /// Puts what was sent into it.
    pub fn fill(&mut self, sent: &Parameters) {
        for field in &mut self.fields {
            field.field = Field::with(sent.get(field.name).map(str::trim).unwrap_or_default());
        }
        if let Some(group) = &mut self.group {
            for choice in &mut group.choices.options {
                choice.is_chosen = sent.all(group.name).any(|chosen| chosen == choice.value);
            }
        }
        if let Some(check) = &mut self.check {
            check.is_chosen = sent.get(check.name) == Some("yes");
        }
    }

    /// The text in a field.
    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|field| field.name == name).map_or("", |field| field.field.value.as_str())
    }

    /// Whether the checkbox is ticked.
    pub fn is_checked(&self) -> bool {
        self.check.as_ref().is_some_and(|check| check.is_chosen)
    }

    /// Says what is wrong with a field, or with the first one where there is none of that name.
    pub fn blame(&mut self, language: &Language, name: &str, why: &Text) {
        let why = language.fill(why);
        if let Some(group) = self.group.as_mut().filter(|group| group.name == name) {
            group.choices.error = Some(why);
            return;
        }
        let at = self.fields.iter().position(|field| field.name == name).unwrap_or_default();
        if let Some(field) = self.fields.get_mut(at) {
            field.field.error = Some(why);
        }
    }

    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        let fields = self.fields.iter().map(|field| (field.name, &field.field.error));
        let group = self.group.iter().map(|group| (group.name, &group.choices.error));
        problems(&fields.chain(group).collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod samples {
    use super::super::Page;
    use super::super::form::Choice;
    use super::super::frame::sample::admin;
    use super::*;

    impl Page for CatalogueListPage {
        fn samples() -> Vec<Self> {
            let row = |name: &str, path: &str, description: &str| CatalogueRow {
                name: name.to_owned(),
                path: path.to_owned(),
                description: description.to_owned(),
                tags_label: "Only for",
                tags: vec!["bookkeeping".to_owned()],
                badges: vec![Badge { style: "", text: "Built in" }],
            };
            let page = |rows| Self {
                frame: admin(paths::ROLES),
                title: "Roles",
                sentence: "What users and applications may be.",
                new: (paths::ROLES_NEW, "New role"),
                rows,
            };
            vec![page(vec![row("<b>", "/roles/edit?name=%3Cb%3E", "<script>"), row("admin", "", "")]), page(Vec::new())]
        }
    }

    impl Page for CatalogueFormPage {
        fn samples() -> Vec<Self> {
            let form = |error: Option<&str>| CatalogueForm {
                fields: vec![TextField {
                    name: "name",
                    label: "Name",
                    hint: "It can't be changed later.",
                    is_needed: true,
                    field: error.map_or_else(Field::default, |error| Field::with("<b>").refused(error)),
                }],
                group: Some(GroupField {
                    name: "role",
                    legend: "Only for these roles",
                    hint: "",
                    choices: Choices::of(vec![Choice::new("bookkeeping", "bookkeeping", "").chosen(true)]),
                }),
                check: Some(CheckField {
                    name: "require_second_factor",
                    label: "Second factor",
                    sentence: "Whoever holds the role needs one to sign in.",
                    is_chosen: true,
                }),
                can_go: true,
            };
            let page = |name: &str, form| Self {
                frame: admin(paths::ROLES),
                list: (paths::ROLES, "Roles"),
                heading: "New role",
                name: name.to_owned(),
                action: paths::ROLES_NEW.to_owned(),
                delete: (!name.is_empty()).then(|| "/roles/delete?name=x".to_owned()),
                form,
            };
            vec![page("", form(None)), page("<b>", form(Some("There is a role <b> already.")))]
        }
    }
}
