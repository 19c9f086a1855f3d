//! `/clients`: applications registered for OAuth.

use super::bulk::BulkBar;
use super::filters;
use super::form::Choices;
use super::form::Field;
use super::form::Problem;
use super::form::problems;
use super::frame::Frame;
use super::frame::Pagination;
use super::search::SearchForm;
use super::time::Moment;
use crate::http::paths;
use crate::model::secret::Secret;

/// The list.
#[derive(askama::Template)]
#[template(path = "pages/clients/list.html")]
pub struct ClientsListPage {
    /// Its surroundings.
    pub frame: Frame,
    /// What is looked for.
    pub search: SearchForm,
    /// What can be done to several of them.
    pub bulk: BulkBar,
    /// The applications of this page of the list.
    pub rows: Vec<ClientRow>,
    /// The way through the list.
    pub pagination: Pagination,
}

/// The form for a new one.
#[derive(askama::Template)]
#[template(path = "pages/clients/new.html")]
pub struct ClientsNewPage {
    /// Its surroundings.
    pub frame: Frame,
    /// Its form.
    pub form: ClientForm,
}

/// The form that changes one.
#[derive(askama::Template)]
#[template(path = "pages/clients/edit.html")]
pub struct ClientsEditPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The client's `client_id`.
    pub client_id: String,
    /// The name as it is kept.
    pub name: String,
    /// Its form; how the client authenticates can't be changed, and is not in it.
    pub form: ClientForm,
}

/// One application.
#[derive(askama::Template)]
#[template(path = "pages/clients/show.html")]
pub struct ClientsShowPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The application.
    pub client: ClientDetails,
    /// The secret that was just made or rotated: shown once.
    pub created: Option<CreatedClient>,
}

/// One line of the list.
pub struct ClientRow {
    /// Its `client_id`.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// Whether it has no secret (RFC 6749 §2.1).
    pub is_public: bool,
    /// Whether it works.
    pub is_enabled: bool,
    /// Whether an administrator registered it.
    pub is_verified: bool,
}

/// All that is known of one application.
pub struct ClientDetails {
    /// Its `client_id`.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// Whether it has a secret that can be replaced.
    pub has_secret: bool,
    /// Whether it works.
    pub is_enabled: bool,
    /// Whether an administrator registered it.
    pub is_verified: bool,
    /// Whether consent is skipped for it.
    pub is_trusted: bool,
    /// Whether it must use PKCE (RFC 7636).
    pub needs_pkce: bool,
    /// How it authenticates, in words: `Secret, by HTTP Basic`.
    pub auth_method: String,
    /// How it gets tokens, in words.
    pub grant_types: Vec<String>,
    /// Where answers may go.
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scopes: Vec<String>,
    /// Which of these a user can't refuse one by one.
    pub needed_scopes: Vec<String>,
    /// Its own roles.
    pub roles: Vec<String>,
    /// Where its public keys are, in words; `None` where it has none.
    pub keys: Option<String>,
    /// Its colour, `#rrggbb`, where it has one of its own.
    pub accent: Option<String>,
    /// What it must do beside, in words.
    pub duties: Vec<String>,
    /// When it was registered.
    pub created: Moment,
}

/// A secret that was just made or rotated. It can't be shown again.
pub struct CreatedClient {
    /// Its secret.
    pub client_secret: Secret,
    /// Whether the client was there before and only its secret is new.
    pub is_rotated: bool,
}

/// The form of an application, named as RFC 7591 §2 names it where it does.
#[derive(Default)]
pub struct ClientForm {
    /// `client_name`.
    pub client_name: Field,
    /// `redirect_uris`: one a line.
    pub redirect_uris: Field,
    /// `token_endpoint_auth_method`: radio buttons.
    pub token_endpoint_auth_method: Choices,
    /// `grant_types`: checkboxes.
    pub grant_types: Choices,
    /// `scope`: checkboxes.
    pub scope: Choices,
    /// `needed_scope`: those that a user can't refuse one by one, separated by spaces.
    pub needed_scope: Field,
    /// `role`: checkboxes; the client's own roles.
    pub role: Choices,
    /// `require_pkce` = `yes`.
    pub require_pkce: bool,
    /// `trusted` = `yes`: consent is skipped.
    pub is_trusted: bool,
    /// What is wrong with `trusted`, as a sentence.
    pub trusted_error: Option<String>,
    /// `jwks`: its public keys (RFC 7517 §5).
    pub jwks: Field,
    /// `jwks_uri`: where they are.
    pub jwks_uri: Field,
    /// `dpop_bound_access_tokens` = `yes` (RFC 9449 §5.2).
    pub dpop_bound: bool,
    /// `require_second_factor` = `yes`.
    pub require_second_factor: bool,
    /// `require_signed_request_object` = `yes` (RFC 9101 §10.5).
    pub require_signed_request: bool,
    /// `accent`: the colour of links and buttons where people sign in to it.
    pub accent: Field,
    /// `post_logout_redirect_uris`: one a line.
    pub post_logout_redirect_uris: Field,
    /// `backchannel_logout_uri`.
    pub backchannel_logout_uri: Field,
}

impl ClientForm {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[
            ("client_name", &self.client_name.error),
            ("redirect_uris", &self.redirect_uris.error),
            ("token_endpoint_auth_method", &self.token_endpoint_auth_method.error),
            ("grant_types", &self.grant_types.error),
            ("scope", &self.scope.error),
            ("needed_scope", &self.needed_scope.error),
            ("role", &self.role.error),
            ("trusted", &self.trusted_error),
            ("accent", &self.accent.error),
            ("jwks", &self.jwks.error),
            ("jwks_uri", &self.jwks_uri.error),
            ("post_logout_redirect_uris", &self.post_logout_redirect_uris.error),
            ("backchannel_logout_uri", &self.backchannel_logout_uri.error),
        ])
    }

    /// Whether the rarer settings are unfolded: they are once one of them is in use.
    pub fn is_open(&self) -> bool {
        self.require_pkce
            || self.is_trusted
            || !self.needed_scope.value.is_empty()
            || self.role.options.iter().any(|role| role.is_chosen)
            || self.needed_scope.error.is_some()
            || self.role.error.is_some()
            || self.trusted_error.is_some()
            || self.dpop_bound
            || self.require_second_factor
            || self.require_signed_request
            || [&self.accent, &self.jwks, &self.jwks_uri, &self.post_logout_redirect_uris, &self.backchannel_logout_uri]
                .into_iter()
                .any(|field| !field.value.is_empty() || field.error.is_some())
    }
}

#[cfg(test)]
impl super::Page for ClientsListPage {
    fn samples() -> Vec<Self> {
        let frame = || super::frame::sample::admin(paths::CLIENTS);
        let search = |is_cut| super::search::sample::search(paths::CLIENTS, is_cut);
        let bulk = || super::bulk::sample::bar(paths::CLIENTS_BULK);
        let pagination = Pagination { first: Some("/clients".to_owned()), next: Some("/clients?cursor=b".to_owned()) };
        vec![
            Self { frame: frame(), search: search(false), bulk: bulk(), rows: sample::rows(), pagination },
            Self {
                frame: frame(),
                search: search(true),
                bulk: bulk(),
                rows: Vec::new(),
                pagination: Pagination::default(),
            },
            Self {
                frame: frame(),
                search: search(false),
                bulk: bulk(),
                rows: Vec::new(),
                pagination: Pagination::default(),
            },
        ]
    }
}

#[cfg(test)]
impl super::Page for ClientsNewPage {
    fn samples() -> Vec<Self> {
        let frame = || super::frame::sample::admin(paths::CLIENTS_NEW);
        let mut refused = sample::form();
        refused.client_name = Field::with("").refused("Enter a name: people see it when they are asked for consent.");
        refused.redirect_uris =
            Field::with("http://ledger.example.com/cb").refused("Line 1: plain http is only for loopback addresses.");
        refused.scope.error = Some("Choose at least one scope.".to_owned());
        refused.grant_types.error = Some("Choose at least one way to get tokens.".to_owned());
        refused.trusted_error = Some("A public client can skip consent only with https redirect URIs.".to_owned());
        refused.is_trusted = true;
        vec![Self { frame: frame(), form: sample::form() }, Self { frame: frame(), form: refused }]
    }
}

#[cfg(test)]
impl super::Page for ClientsEditPage {
    fn samples() -> Vec<Self> {
        let mut form = sample::form();
        form.client_name = Field::with("Ledger");
        form.redirect_uris = Field::with("https://ledger.example.com/callback\nhttp://127.0.0.1/callback");
        form.require_pkce = true;
        vec![Self {
            frame: super::frame::sample::admin(&paths::client_edit("client_01")),
            client_id: "client_01939f3c5f6a7c1e9a3b2c4d5e6f7081".to_owned(),
            name: "Ledger".to_owned(),
            form,
        }]
    }
}

#[cfg(test)]
impl super::Page for ClientsShowPage {
    fn samples() -> Vec<Self> {
        let frame = || super::frame::sample::admin(&paths::client("client_01"));
        let created = CreatedClient {
            client_secret: Secret::from("hp_cs_k3Jd82mQzX0vTn5RbW7yLcP1sGf4HuAe9iOo6MtVxqS0aB1cD"),
            is_rotated: false,
        };
        vec![
            Self { frame: frame(), client: sample::details(), created: None },
            Self { frame: frame(), client: sample::details(), created: Some(created) },
            Self { frame: frame(), client: sample::public(), created: None },
        ]
    }
}

#[cfg(test)]
mod sample {
    use super::super::form::Choice;
    use super::super::keys::sample::scopes;
    use super::*;
    use crate::model::time::Timestamp;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    pub(super) fn rows() -> Vec<ClientRow> {
        let row = |client_id: &str, name: &str| ClientRow {
            client_id: client_id.to_owned(),
            name: name.to_owned(),
            is_public: false,
            is_enabled: true,
            is_verified: true,
        };
        vec![
            row("client_01939f3c5f6a7c1e9a3b2c4d5e6f7081", "Ledger"),
            ClientRow {
                is_public: true,
                is_verified: false,
                ..row("client_01939f3c5f6a7c1e9a3b2c4d5e6f7082", "Desk clock")
            },
            ClientRow { is_enabled: false, ..row("client_01939f3c5f6a7c1e9a3b2c4d5e6f7083", "Old intranet") },
        ]
    }

    pub(super) fn form() -> ClientForm {
        ClientForm {
            token_endpoint_auth_method: Choices::of(vec![
                Choice::new("client_secret_basic", "Secret, by HTTP Basic", "A server that can keep a secret")
                    .chosen(true),
                Choice::new("client_secret_post", "Secret, in the body", "A server whose library knows no other way"),
                Choice::new(
                    "private_key_jwt",
                    "Its own key, by signed JWT",
                    "A server that signs (private_key_jwt); give its public keys below",
                ),
                Choice::new(
                    "none",
                    "None (public client)",
                    "An app, a page or a tool on the user's machine; PKCE is required",
                ),
            ]),
            grant_types: Choices::of(vec![
                Choice::new("authorization_code", "Authorization code", "A person signs in and agrees").chosen(true),
                Choice::new("refresh_token", "Refresh token", "It stays connected without asking again").chosen(true),
                Choice::new("client_credentials", "Client credentials", "It acts as itself, without a person"),
            ]),
            scope: Choices::of(scopes()),
            role: Choices::of(vec![Choice::new("bookkeeping", "bookkeeping", "Works with invoices")]),
            ..ClientForm::default()
        }
    }

    pub(super) fn details() -> ClientDetails {
        ClientDetails {
            client_id: "client_01939f3c5f6a7c1e9a3b2c4d5e6f7081".to_owned(),
            name: "Ledger".to_owned(),
            has_secret: true,
            is_enabled: true,
            is_verified: true,
            is_trusted: true,
            needs_pkce: true,
            auth_method: "Secret, by HTTP Basic".to_owned(),
            grant_types: words(&["Authorization code", "Refresh token"]),
            redirect_uris: words(&["https://ledger.example.com/callback", "http://127.0.0.1/callback"]),
            scopes: words(&["openid", "profile", "email", "invoices:read", "invoices:write"]),
            needed_scopes: words(&["openid"]),
            roles: words(&["bookkeeping"]),
            keys: Some("https://ledger.example.com/keys.json".to_owned()),
            accent: Some("#1d3f8a".to_owned()),
            duties: words(&["Proves possession of a key for each token (DPoP)"]),
            created: Moment::new(Timestamp::from_seconds(1_795_000_000)),
        }
    }

    pub(super) fn public() -> ClientDetails {
        ClientDetails {
            has_secret: false,
            is_enabled: false,
            is_verified: false,
            is_trusted: false,
            auth_method: "None (public client)".to_owned(),
            needed_scopes: Vec::new(),
            roles: Vec::new(),
            keys: None,
            accent: None,
            duties: Vec::new(),
            ..details()
        }
    }
}
