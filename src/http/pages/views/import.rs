//! `/import`: users, applications and keys from elsewhere.

use super::filters;
use super::form::Field;
use super::form::Problem;
use super::form::SecretField;
use super::form::problems;
use super::frame::Frame;
use crate::http::paths;

/// The form, and below its title what came of the one that was sent.
#[derive(askama::Template)]
#[template(path = "pages/import.html")]
pub struct ImportPage {
    /// Its surroundings.
    pub frame: Frame,
    /// What is said above the records.
    pub heading: &'static str,
    /// What became of each record, or would; empty before anything was sent.
    pub records: Vec<ImportedRow>,
    /// Its form.
    pub form: ImportForm,
}

/// What became of one record.
pub struct ImportedRow {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: &'static str,
    /// What became of it.
    pub fate: &'static str,
    /// How that looks: the end of the class name, empty for the plain one.
    pub style: &'static str,
    /// What is to be known about it, as sentences.
    pub notes: Vec<String>,
}

/// The form. Exports hold secrets, so what was sent never goes back to the browser.
#[derive(Default)]
pub struct ImportForm {
    /// `users`: those of a Frappe site.
    pub users: SecretField,
    /// `map_roles`: `There = here`, one a line.
    pub map_roles: Field,
    /// `clients`: those of a Frappe site.
    pub clients: SecretField,
    /// `keys`: by the hashes of their secrets.
    pub keys: SecretField,
    /// `dry_run` = `yes`: only say what would happen.
    pub dry_run: bool,
    /// `skip_refused` = `yes`: leave out what cannot be brought here.
    pub skip_refused: bool,
}

impl ImportForm {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[
            ("users", &self.users.error),
            ("map_roles", &self.map_roles.error),
            ("clients", &self.clients.error),
            ("keys", &self.keys.error),
        ])
    }
}

#[cfg(test)]
impl super::Page for ImportPage {
    fn samples() -> Vec<Self> {
        let frame = || super::frame::sample::admin(paths::IMPORT);
        let row =
            |name: &str, kind, fate, style| ImportedRow { name: name.to_owned(), kind, fate, style, notes: vec![] };
        let fresh = ImportForm { dry_run: true, ..ImportForm::default() };
        let refused = ImportForm {
            users: SecretField::refused("This can't be read: it is not JSON: see line 1, column 7."),
            map_roles: Field::with("System Manager").refused("Line 1 has no equals sign."),
            ..ImportForm::default()
        };
        let shown =
            ImportForm { map_roles: Field::with("System Manager = admin"), dry_run: true, ..ImportForm::default() };
        let records = vec![
            ImportedRow {
                notes: vec!["line 2: its e-mail address is none".to_owned()],
                ..row("grace", "User", "Refused", "off")
            },
            row("ada@example.org", "User", "Would be new", "good"),
            row("Frappe API key of ada", "API key", "Here already", ""),
        ];
        vec![
            Self { frame: frame(), heading: "", records: vec![], form: fresh },
            Self { frame: frame(), heading: "", records: vec![], form: refused },
            Self { frame: frame(), heading: "What would happen", records, form: shown },
        ]
    }
}
