//! Resources: the APIs that tokens can be meant for (RFC 8707).

use super::Catalogue;
use super::address;
use crate::domain::act::Act;
use crate::domain::resources;
use crate::domain::resources::ResourceError;
use crate::domain::roles;
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
use crate::store::StoreError;
use crate::store::Tx;

/// The most resources that are shown.
const MOST: i64 = 1_000;

/// A resource as the form has it.
#[derive(Debug, Clone)]
pub struct Asked {
    uri: ResourceUri,
    name: DisplayName,
    scopes: Scope,
}

/// The list of resources.
pub struct Resources;

impl Catalogue for Resources {
    type Record = Asked;
    type Error = ResourceError;

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

    fn rows(tx: &mut Tx<'_>) -> Result<Vec<CatalogueRow>, StoreError> {
        let row = |resource: Resource| CatalogueRow {
            path: address(Self::EDIT, Self::KEY, resource.uri.as_str()),
            name: resource.name,
            description: resource.uri.as_str().to_owned(),
            tags_label: "Only with",
            tags: resource.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
            badges: Vec::new(),
        };
        Ok(tx.resources().list(None, MOST)?.into_iter().map(row).collect())
    }

    fn find(tx: &mut Tx<'_>, key: &str) -> Result<Option<Asked>, StoreError> {
        let Ok(uri) = ResourceUri::parse(key) else { return Ok(None) };
        let Some(found) = tx.resources().find(&uri)? else { return Ok(None) };
        let name = DisplayName::parse(&found.name).map_err(|_| StoreError::Corrupt("the name of a resource"))?;
        Ok(Some(Asked { uri: found.uri, name, scopes: found.scopes }))
    }

    fn form(tx: &mut Tx<'_>, record: Option<&Asked>) -> Result<CatalogueForm, StoreError> {
        let all = roles::all_scopes(tx)?;
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
        Ok(CatalogueForm {
            fields,
            group: Some(GroupField {
                name: "scope",
                legend: "The only scopes that a token for it can have",
                hint: "Where none is ticked, any. Those that say who somebody is can always be had.",
                choices: Choices::of(choices(&all, is_held)),
            }),
            check: None,
            can_go: true,
        })
    }

    fn read(sent: &Parameters, form: &mut CatalogueForm, before: Option<&Asked>) -> Option<Asked> {
        let uri = match before {
            Some(before) => Ok(before.uri.clone()),
            None => ResourceUri::parse(form.text("uri")).map_err(|error| format!("This URI can't be taken: {error}.")),
        };
        let name = DisplayName::parse(form.text("name")).map_err(|error| format!("The name {error}."));
        if let Err(why) = &uri {
            form.blame("uri", why);
        }
        if let Err(why) = &name {
            form.blame("name", why);
        }
        // As for roles of a scope: one that has gone meanwhile must not let tokens have any.
        let scopes: Result<Scope, ScopeError> = sent.all("scope").map(ScopeToken::parse).collect();
        if scopes.is_err() {
            form.blame("scope", "One of these is no scope.");
        }
        Some(Asked { uri: uri.ok()?, name: name.ok()?, scopes: scopes.ok()? })
    }

    fn create(tx: &mut Tx<'_>, record: &Asked, act: &Act) -> Result<(), ResourceError> {
        resources::create(tx, &record.uri, &record.name, &record.scopes, act).map(drop)
    }

    fn change(tx: &mut Tx<'_>, record: &Asked, act: &Act) -> Result<(), ResourceError> {
        resources::edit(tx, &record.uri, Some(&record.name), Some(&record.scopes), act).map(drop)
    }

    fn delete(tx: &mut Tx<'_>, record: &Asked, act: &Act) -> Result<(), ResourceError> {
        resources::delete(tx, &record.uri, act).map(drop)
    }

    fn blamed(error: &ResourceError) -> Option<&'static str> {
        match error {
            ResourceError::Taken(_) => Some("uri"),
            ResourceError::UnknownScope(_) => Some("scope"),
            ResourceError::NotFound(_) | ResourceError::Store(_) => None,
        }
    }
}
