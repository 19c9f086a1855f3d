//! The forms in which an API key is described: for a new one, and for what can change in one.

use super::form::Choices;
use super::form::Field;
use super::form::Problem;
use super::form::problems;
use crate::app::languages::Text;

/// The form behind *Generate Keys*. Sent empty it asks for full access, and for an end as it is usual here.
pub struct KeyForm {
    /// `name`; may be left empty.
    pub name: Field,
    /// `rights` is `full_access` or `scopes`; this says which is chosen.
    pub is_full_access: bool,
    /// `scope`: the scopes that the user can give a key.
    pub scope: Choices,
    /// `expires_in`: when it ends, as far as that is allowed.
    pub expires_in: Choices,
    /// `roles` is `all` or `some`; this says which is chosen.
    pub has_all_roles: bool,
    /// `role`: the roles that the user has.
    pub role: Choices,
    /// `allowed_ips`: addresses and networks, one a line; may be left empty.
    pub allowed_ips: Field,
    /// `limits`: windows, one a line; may be left empty.
    pub limits: Field,
    /// `decoy`: whether it is one.
    pub is_decoy: bool,
    /// What an empty form gives, as a sentence.
    pub usual: Text,
}

/// What can change in a key.
#[derive(Default)]
pub struct KeyEditForm {
    /// `name`.
    pub name: Field,
    /// `expires_on`: the last day on which it works; empty where it does not end.
    pub expires_on: Field,
    /// What is to be known about its end, if anything.
    pub expires_hint: Option<Text>,
    /// `allowed_ips`: addresses and networks, one a line; may be empty.
    pub allowed_ips: Field,
    /// `limits`: windows, one a line; may be empty.
    pub limits: Field,
}

impl KeyForm {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        let mut all = problems(&[
            ("name", &self.name.error),
            ("scope", &self.scope.error),
            ("expires_in", &self.expires_in.error),
        ]);
        all.extend(self.further_problems());
        all
    }

    fn further_problems(&self) -> Vec<Problem<'_>> {
        problems(&[
            ("role", &self.role.error),
            ("allowed_ips", &self.allowed_ips.error),
            ("limits", &self.limits.error),
        ])
    }

    /// Whether the options are unfolded: they are once something of them was touched.
    pub fn is_open(&self) -> bool {
        !self.is_full_access || !self.name.value.is_empty() || self.is_wide_open() || !self.problems().is_empty()
    }

    /// Whether what is seldom needed is unfolded as well.
    pub fn is_wide_open(&self) -> bool {
        let is_empty = self.allowed_ips.value.is_empty() && self.limits.value.is_empty();
        !self.has_all_roles || !is_empty || self.is_decoy || !self.further_problems().is_empty()
    }
}

impl KeyEditForm {
    /// What is to be known about its end; may be empty.
    pub fn hint(&self) -> Text {
        self.expires_hint.clone().unwrap_or_else(|| Text::new(""))
    }

    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[
            ("name", &self.name.error),
            ("expires_on", &self.expires_on.error),
            ("allowed_ips", &self.allowed_ips.error),
            ("limits", &self.limits.error),
        ])
    }
}

/// The forms of samples.
#[cfg(test)]
pub(super) mod sample {
    use super::super::form::Choice;
    use super::super::keys::sample::NOW;
    use super::super::keys::sample::scopes;
    use super::*;
    use crate::http::pages::keys::edit::hint;

    fn lifetimes() -> Choices {
        let of = |(value, label)| Choice::new(value, label, "");
        Choices::of([("", "Never"), ("30d", "In 30 days"), ("90d", "In 90 days")].map(of).to_vec())
    }

    pub(in super::super) fn form() -> KeyForm {
        KeyForm {
            name: Field::default(),
            is_full_access: true,
            scope: Choices::of(scopes()),
            expires_in: lifetimes(),
            has_all_roles: true,
            role: Choices::of(vec![Choice::new("bookkeeping", "bookkeeping", "Works with invoices")]),
            allowed_ips: Field::default(),
            limits: Field::default(),
            is_decoy: false,
            usual: Text::new("Full access and no expiry, unless chosen otherwise."),
        }
    }

    pub(in super::super) fn refused() -> KeyForm {
        let mut form = form();
        form.name = Field::with("Nightly");
        form.is_full_access = false;
        form.scope.error = Some("Choose at least one scope.".to_owned());
        form.has_all_roles = false;
        form.role.error = Some("The user does not hold the role admin, so a key cannot.".to_owned());
        form.allowed_ips = Field::with("10.0.0.0/33").refused("10.0.0.0/33 is neither an address nor a network.");
        form.limits = Field::with("often").refused("Write a limit as name=requests/window.");
        form.is_decoy = true;
        form
    }

    pub(in super::super) fn edit() -> KeyEditForm {
        KeyEditForm {
            name: Field::with("Nightly export"),
            expires_on: Field::with("2027-01-31"),
            expires_hint: Some(hint(Some(NOW))),
            allowed_ips: Field::with("192.0.2.0/24\n2001:db8::/32"),
            limits: Field::with("burst=10/1s\ndaily=5000/1d"),
        }
    }
}
