//! `/account/profile`: what applications may learn of a person who lets them.

use super::filters;
use super::form::Field;
use super::form::Problem;
use super::frame::Frame;
use crate::http::paths;

/// The page.
#[derive(askama::Template)]
#[template(path = "pages/account/profile.html")]
pub struct AccountProfilePage {
    /// Its surroundings.
    pub frame: Frame,
    /// Its form.
    pub fields: ProfileFields,
}

/// The fields of the form.
pub struct ProfileFields(Vec<ProfileField>);

/// One of them.
pub struct ProfileField {
    /// Its name.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What a browser may fill in (HTML §4.10.18.7).
    pub autocomplete: &'static str,
    /// How to write it; may be empty.
    pub hint: &'static str,
    /// Under which heading it stands.
    pub group: Group,
    /// What stands in it.
    pub field: Field,
}

/// A heading, and what stands below it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// How one is called.
    Name,
    /// What else there is to know.
    About,
    /// Where one is reached.
    Reach,
}

const FIELDS: &[(&str, &str, &str, &str, Group)] = &[
    ("full_name", "Full name", "name", "As it should stand on a page.", Group::Name),
    ("given_name", "Given names", "given-name", "", Group::Name),
    ("middle_name", "Middle names", "additional-name", "", Group::Name),
    ("family_name", "Family names", "family-name", "", Group::Name),
    ("nickname", "Nickname", "nickname", "How friends call you.", Group::Name),
    ("birthdate", "Date of birth", "bday", "Such as 1815-12-10, or 1815 alone.", Group::About),
    ("gender", "Gender", "sex", "In your own words.", Group::About),
    ("website", "Website", "url", "Such as https://ada.example.", Group::About),
    ("profile", "A page about you", "off", "Its address, with https://.", Group::About),
    ("picture", "A picture of you", "photo", "Its address, with https://.", Group::About),
    ("locale", "Language", "language", "Such as en-GB.", Group::About),
    ("zoneinfo", "Time zone", "off", "Such as Europe/London.", Group::About),
    ("phone_number", "Telephone number", "tel", "Such as +44 20 7946 0000.", Group::Reach),
    ("street_address", "Street and house number", "street-address", "", Group::Reach),
    ("postal_code", "Postal code", "postal-code", "", Group::Reach),
    ("locality", "City", "address-level2", "", Group::Reach),
    ("region", "State or province", "address-level1", "", Group::Reach),
    ("country", "Country", "country-name", "", Group::Reach),
];

impl ProfileFields {
    /// All of them, with what `value` says of each name.
    pub fn of(value: impl Fn(&str) -> String) -> Self {
        let field = |(name, label, autocomplete, hint, group): &(
            &'static str,
            &'static str,
            &'static str,
            &'static str,
            Group,
        )| {
            ProfileField { name, label, autocomplete, hint, group: *group, field: Field::with(&value(name)) }
        };
        Self(FIELDS.iter().map(field).collect())
    }

    /// Says what is wrong with one of them.
    pub fn refuse(&mut self, name: &str, error: &str) {
        if let Some(field) = self.0.iter_mut().find(|field| field.name == name) {
            field.field.error = Some(error.to_owned());
        }
    }

    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        let problem = |of: &'_ ProfileField| of.field.error.is_some();
        let refused = self.0.iter().filter(|of| problem(of));
        refused.map(|of| Problem { field: of.name, text: of.field.error.as_deref().unwrap_or_default() }).collect()
    }

    /// Those below a heading.
    pub fn of_group<'f>(&'f self, group: &Group) -> impl Iterator<Item = &'f ProfileField> + use<'f> {
        let group = *group;
        self.0.iter().filter(move |field| field.group == group)
    }
}

#[cfg(test)]
impl super::Page for AccountProfilePage {
    fn samples() -> Vec<Self> {
        let frame = || super::frame::sample::user(paths::ACCOUNT_PROFILE);
        let mut refused =
            ProfileFields::of(|name| if name == "birthdate" { "yesterday".to_owned() } else { String::new() });
        refused
            .refuse("birthdate", "The birthdate must be YYYY-MM-DD, YYYY, or 0000-MM-DD where the year is not known.");
        vec![
            Self { frame: frame(), fields: ProfileFields::of(|_| "Ada".to_owned()) },
            Self { frame: frame(), fields: refused },
        ]
    }
}
