//! Resources: the APIs that tokens can be meant for (RFC 8707).

use super::Catalogue;
use super::address;
use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::domain::catalogue::ResourceDescription;
use crate::domain::catalogue::Resources;
use crate::domain::resources::ResourceError;
use crate::domain::roles::Described;
use crate::http::form::Parameters;
use crate::http::pages::choices::choices;
use crate::http::pages::views::catalogue::CatalogueForm;
use crate::http::pages::views::catalogue::CatalogueRow;
use crate::http::pages::views::catalogue::GroupField;
use crate::http::pages::views::catalogue::TextField;
use crate::http::pages::views::form::Choices;
use crate::http::pages::views::form::Field;
use crate::http::paths;
use crate::model::name::DisplayName;
use crate::model::resource::Resource;
use crate::model::resource::ResourceUri;
use crate::model::scope::Scope;
use crate::model::scope::ScopeError;
use crate::model::scope::ScopeToken;

impl Catalogue for Resources {
    const LIST: &'static str = paths::RESOURCES;
    const NEW: &'static str = paths::RESOURCES_NEW;
    const EDIT: &'static str = paths::RESOURCE_EDIT;
    const DELETE: &'static str = paths::RESOURCE_DELETE;
    const KEY: &'static str = "uri";
    const TITLE: &'static str = "Resources";
    const SENTENCE: &'static str = "The APIs that a token can be meant for. A token for one is refused by all others.";
    const NEW_ONE: &'static str = "New resource";
    const QUESTION: (&'static str, &'static [&'static str]) = (
        "Delete the resource {$name}?",
        &["No token can be meant for it any more. Those that are go on until they end.", "This can't be undone."],
    );
    const DELETE_ONE: &'static str = "Delete resource";

    fn row(resource: &Resource) -> CatalogueRow {
        CatalogueRow {
            name: resource.name.clone(),
            path: address(Self::EDIT, Self::KEY, resource.uri.as_str()),
            description: resource.uri.as_str().to_owned(),
            tags_label: "Only with",
            tags: resource.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
            badges: Vec::new(),
        }
    }

    fn form(record: Option<&ResourceDescription>, offer: &[Described]) -> CatalogueForm {
        let text = |name, label, hint, value: &str| TextField {
            name,
            label,
            hint,
            is_needed: true,
            field: Field::with(value),
        };
        let mut fields = Vec::new();
        if record.is_none() {
            fields.push(text(
                "uri",
                "URI",
                "The address of the API, such as https://api.example.org. It can't be changed later.",
                "",
            ));
        }
        fields.push(text("name", "Name", "What people read.", record.map_or("", |asked| asked.name.as_str())));
        let is_held = |scope: &str| record.is_some_and(|asked| asked.scopes.contains(scope));
        CatalogueForm {
            fields,
            group: Some(GroupField {
                name: "scope",
                legend: "The only scopes that a token for it can have",
                hint: "Where none is ticked, any. Those that say who somebody is can always be had.",
                choices: Choices::of(choices(offer, is_held)),
            }),
            check: None,
            can_go: true,
        }
    }

    fn read_form(
        sent: &Parameters,
        form: &mut CatalogueForm,
        before: Option<&ResourceDescription>,
        language: &Language,
    ) -> Option<ResourceDescription> {
        let uri = match before {
            Some(before) => Ok(before.uri.clone()),
            None => ResourceUri::parse(form.text("uri")),
        };
        let name = DisplayName::parse(form.text("name"));
        if let Err(why) = &uri {
            let why = Text::new("This URI can't be taken: {$problem}.").saying("problem", why.to_string());
            form.blame(language, "uri", &why);
        }
        if let Err(why) = &name {
            let why = Text::new("The name {$problem}.").saying("problem", why.to_string());
            form.blame(language, "name", &why);
        }
        // As for roles of a scope: one that has gone meanwhile must not let tokens have any.
        let scopes: Result<Scope, ScopeError> = sent.all("scope").map(ScopeToken::parse).collect();
        if scopes.is_err() {
            form.blame(language, "scope", &Text::new("One of these is no scope."));
        }
        Some(ResourceDescription { uri: uri.ok()?, name: name.ok()?, scopes: scopes.ok()? })
    }

    fn blamed(error: &ResourceError) -> Option<(&'static str, Text)> {
        match error {
            ResourceError::Taken(uri) => {
                Some(("uri", Text::new("There is a resource {$uri} already.").with("uri", uri)))
            }
            ResourceError::UnknownScope(scope) => {
                Some(("scope", Text::new("There is no scope {$scope}.").with("scope", scope)))
            }
            ResourceError::NotFound(_) | ResourceError::Store(_) => None,
        }
    }
}
