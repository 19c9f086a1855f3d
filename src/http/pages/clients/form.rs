//! The form of an application, named as RFC 7591 §2 names things. People tick boxes; programs may send one value with
//! spaces between the words, and leave out what has a default.

use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::domain::clients::ClientDescription;
use crate::domain::clients::ClientError;
use crate::domain::clients::ClientPart;
use crate::domain::roles::Described;
use crate::domain::roles::Offer;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::pages::choices::choices;
use crate::http::pages::refusal::refusal;
use crate::http::pages::views::clients::ClientForm;
use crate::http::pages::views::form::Choice;
use crate::http::pages::views::form::Choices;
use crate::http::pages::views::form::Field;
use crate::http::present::sentence;
use crate::model::client::AuthMethod;
use crate::model::client::Client;
use crate::model::client::GrantType;
use crate::model::colour::Accent;
use crate::model::colour::AccentError;
use crate::model::colour::Colour;
use crate::model::name::DisplayName;
use crate::model::openid::OpenIdMetadata;
use crate::model::redirect_uri::RedirectUri;
use crate::model::role::RoleName;
use crate::model::scope::Scope;
use crate::model::scope::ScopeToken;
use crate::model::user::Roles;

/// What a new client has where nothing else is said.
const DEFAULT_GRANT_TYPES: [GrantType; 2] = [GrantType::AuthorizationCode, GrantType::RefreshToken];
const DEFAULT_AUTH_METHOD: AuthMethod = AuthMethod::ClientSecretBasic;

/// What a way to authenticate is called.
pub fn auth_method_name(method: AuthMethod) -> &'static str {
    match method {
        AuthMethod::None => "None (public client)",
        AuthMethod::ClientSecretBasic => "Secret, by HTTP Basic",
        AuthMethod::ClientSecretPost => "Secret, in the body",
        AuthMethod::PrivateKeyJwt => "Its own key, by signed JWT",
    }
}

/// What a grant type is called.
pub fn grant_type_name(grant_type: GrantType) -> &'static str {
    match grant_type {
        GrantType::AuthorizationCode => "Authorization code",
        GrantType::RefreshToken => "Refresh token",
        GrantType::ClientCredentials => "Client credentials",
        GrantType::TokenExchange => "Token exchange",
        GrantType::JwtBearer => "Signed assertion",
        GrantType::DeviceCode => "Device code",
        GrantType::Implicit => "Implicit",
    }
}

fn auth_methods(chosen: Option<AuthMethod>) -> Choices {
    let sentence = |method| match method {
        AuthMethod::ClientSecretBasic => "A server that can keep a secret",
        AuthMethod::ClientSecretPost => "A server whose library knows no other way",
        AuthMethod::PrivateKeyJwt => "A server that signs (private_key_jwt); give its public keys below",
        AuthMethod::None => "An app, a page or a tool on the user's machine; PKCE is required",
    };
    let choice = |method: AuthMethod| {
        Choice::new(method.as_str(), auth_method_name(method), sentence(method)).chosen(chosen == Some(method))
    };
    let methods =
        [AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost, AuthMethod::PrivateKeyJwt, AuthMethod::None];
    Choices::of(methods.into_iter().map(choice).collect())
}

fn grant_types(chosen: &[GrantType]) -> Choices {
    let sentence = |grant_type| match grant_type {
        GrantType::AuthorizationCode => "A person signs in and agrees",
        GrantType::RefreshToken => "It stays connected without asking again",
        GrantType::ClientCredentials => "It acts as itself, without a person",
        GrantType::TokenExchange => "It makes a narrower token of one that it was given, or of an API key",
        GrantType::JwtBearer => "It signs to act as a service account that it was given on the command line",
        GrantType::DeviceCode => "A person types its code on another device: TVs, tools without a browser",
        GrantType::Implicit => "It gets id_tokens without a code, as old libraries for pages do; new ones need it not",
    };
    let choice = |grant_type: &GrantType| {
        Choice::new(grant_type.as_str(), grant_type_name(*grant_type), sentence(*grant_type))
            .chosen(chosen.contains(grant_type))
    };
    Choices::of(GrantType::ALL.iter().map(choice).collect())
}

/// The form for a new client.
pub fn fresh(offer: &Offer) -> ClientForm {
    ClientForm {
        token_endpoint_auth_method: auth_methods(Some(DEFAULT_AUTH_METHOD)),
        grant_types: grant_types(&DEFAULT_GRANT_TYPES),
        scope: Choices::of(choices(&offer.scopes, |_| false)),
        role: Choices::of(choices(&offer.roles, |_| false)),
        ..ClientForm::default()
    }
}

/// The form that changes `client`.
pub fn of(client: &Client, offer: &Offer) -> ClientForm {
    let redirect_uris: Vec<&str> = client.redirect_uris.iter().map(RedirectUri::as_str).collect();
    ClientForm {
        client_name: Field::with(&client.name),
        redirect_uris: Field::with(&redirect_uris.join("\n")),
        token_endpoint_auth_method: auth_methods(Some(client.auth_method)),
        grant_types: grant_types(&client.grant_types),
        scope: Choices::of(choices(&offer.scopes, |scope| client.scopes.contains(scope))),
        needed_scope: Field::with(&client.needed_scopes.to_string()),
        role: Choices::of(choices(&offer.roles, |role| client.roles.contains(role))),
        require_pkce: client.require_pkce,
        is_trusted: client.trusted,
        trusted_error: None,
        jwks: Field::with(client.jwks.as_deref().unwrap_or_default()),
        jwks_uri: Field::with(client.jwks_uri.as_deref().unwrap_or_default()),
        dpop_bound: client.dpop_bound,
        require_second_factor: client.require_second_factor,
        require_signed_request: client.require_signed_request,
        accent: Field::with(&client.accent.map(|accent| accent.to_string()).unwrap_or_default()),
        post_logout_redirect_uris: Field::with(
            &client.openid.post_logout_redirect_uris.as_deref().unwrap_or_default().join("\n"),
        ),
        backchannel_logout_uri: Field::with(client.openid.backchannel_logout_uri.as_deref().unwrap_or_default()),
    }
}

/// What was sent: the form as it is shown again, and the description if nothing is wrong with it.
pub struct Sent {
    /// The form with all values, and what is wrong with each.
    pub form: ClientForm,
    /// What it describes; `None` where something is wrong.
    pub description: Option<ClientDescription>,
}

/// Reads what was sent. `existing` is the client that it changes: how that one authenticates stays, and only a new
/// client has defaults. What is wrong is told in `language`.
///
/// # Errors
/// [`Failure::BadRequest`] where a box holds what no page of ours sends.
pub fn read(sent: &Parameters, offer: &Offer, existing: Option<&Client>, language: &Language) -> Result<Sent, Failure> {
    let mut form = ClientForm {
        client_name: Field::with(sent.get("client_name").unwrap_or_default()),
        redirect_uris: Field::with(sent.get("redirect_uris").unwrap_or_default()),
        needed_scope: Field::with(sent.get("needed_scope").unwrap_or_default()),
        require_pkce: is_ticked(sent, "require_pkce")?,
        is_trusted: is_ticked(sent, "trusted")?,
        jwks: Field::with(sent.get("jwks").unwrap_or_default()),
        jwks_uri: Field::with(sent.get("jwks_uri").unwrap_or_default().trim()),
        dpop_bound: is_ticked(sent, "dpop_bound_access_tokens")?,
        require_second_factor: is_ticked(sent, "require_second_factor")?,
        require_signed_request: is_ticked(sent, "require_signed_request_object")?,
        accent: Field::with(sent.get("accent").unwrap_or_default().trim()),
        post_logout_redirect_uris: Field::with(sent.get("post_logout_redirect_uris").unwrap_or_default()),
        backchannel_logout_uri: Field::with(sent.get("backchannel_logout_uri").unwrap_or_default().trim()),
        ..ClientForm::default()
    };
    let name = DisplayName::parse(&form.client_name.value);
    form.client_name.error =
        name.as_ref().err().map(|error| refusal(language, Text::new("The name {$problem}."), error));
    let redirect_uris = read_redirect_uris(&mut form.redirect_uris, language);
    let auth_method = match existing {
        Some(client) => Some(client.auth_method),
        None => AuthMethod::parse(sent.get("token_endpoint_auth_method").unwrap_or(DEFAULT_AUTH_METHOD.as_str())),
    };
    form.token_endpoint_auth_method = auth_methods(auth_method);
    if auth_method.is_none() {
        let known = words(AuthMethod::ALL.iter().map(|method| method.as_str()));
        let text = Text::new("The authentication method must be one of {$known}.").with("known", known);
        form.token_endpoint_auth_method.error = Some(language.fill(&text));
    }
    let grant_types = read_grant_types(sent, &mut form, existing.is_none(), language);
    let scopes = read_scopes(sent, offer, &mut form, language);
    let needed_scopes = read_needed_scopes(&mut form.needed_scope);
    let accent = read_accent(&mut form.accent, language);
    let roles = read_roles(sent, offer, &mut form, language);
    // What has no field on this page stays.
    let openid = OpenIdMetadata {
        post_logout_redirect_uris: filled(&form.post_logout_redirect_uris).map(|text| lines(&text)),
        backchannel_logout_uri: filled(&form.backchannel_logout_uri),
        ..existing.map(|client| client.openid.clone()).unwrap_or_default()
    };
    let description = match (name, auth_method, form.problems().is_empty()) {
        (Ok(name), Some(auth_method), true) => Some(ClientDescription {
            auth_method,
            grant_types,
            redirect_uris,
            scopes,
            needed_scopes,
            trusted: form.is_trusted,
            require_pkce: form.require_pkce,
            roles,
            jwks: filled(&form.jwks),
            jwks_uri: filled(&form.jwks_uri),
            dpop_bound: form.dpop_bound,
            require_second_factor: form.require_second_factor,
            require_signed_request: form.require_signed_request,
            accent,
            openid,
            // What has no field on this page stays.
            ..match existing {
                Some(client) => ClientDescription::of(client, name),
                None => ClientDescription::new(name, auth_method),
            }
        }),
        _ => None,
    };
    Ok(Sent { form, description })
}

fn is_ticked(sent: &Parameters, name: &str) -> Result<bool, Failure> {
    match sent.get(name) {
        None => Ok(false),
        Some("yes") => Ok(true),
        Some(_) => Err(Failure::BadRequest(format!("{name} must be yes, or left out"))),
    }
}

/// The colour, where one is written; or what is wrong with it.
fn read_accent(field: &mut Field, language: &Language) -> Option<Accent> {
    let written = filled(field).map(|text| Accent::parse(&text));
    let text = match written? {
        Ok(accent) => return Some(accent),
        Err(AccentError::Form) => Text::new("Write the colour as #rrggbb, such as #1d3f8a."),
        Err(AccentError::TooLight(contrast)) => {
            let text =
                "This could not be read: its contrast to white is {$contrast}, not {$needed}. Take a darker colour.";
            Text::new(text)
                .with("contrast", format!("{contrast:.1}"))
                .with("needed", Colour::NEEDED_CONTRAST.to_string())
        }
    };
    field.error = Some(language.fill(&text));
    None
}

/// What stands in a field, if anything does.
fn filled(field: &Field) -> Option<String> {
    Some(field.value.clone()).filter(|value| !value.trim().is_empty())
}

/// The lines of a field that hold anything, whichever way they end.
fn lines(text: &str) -> Vec<String> {
    text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// One URI a line, whichever way lines end. What is wrong is told line by line.
fn read_redirect_uris(field: &mut Field, language: &Language) -> Vec<RedirectUri> {
    let text = field.value.replace("\r\n", "\n").replace('\r', "\n");
    let mut uris: Vec<RedirectUri> = Vec::new();
    let mut problems = Vec::new();
    for (number, line) in text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty()) {
        match RedirectUri::parse(line) {
            Ok(uri) if uris.contains(&uri) => {}
            Ok(uri) => uris.push(uri),
            Err(error) => {
                let text = Text::new("Line {$number} {$problem}.").counting("number", number + 1);
                problems.push(refusal(language, text, &error));
            }
        }
    }
    field.error = (!problems.is_empty()).then(|| problems.join("\n"));
    uris
}

fn read_grant_types(
    sent: &Parameters,
    form: &mut ClientForm,
    has_default: bool,
    language: &Language,
) -> Vec<GrantType> {
    let wanted: Vec<&str> = sent.all("grant_types").flat_map(str::split_ascii_whitespace).collect();
    let mut chosen: Vec<GrantType> =
        GrantType::ALL.iter().copied().filter(|known| wanted.contains(&known.as_str())).collect();
    if wanted.is_empty() && has_default {
        chosen = DEFAULT_GRANT_TYPES.to_vec();
    }
    form.grant_types = grant_types(&chosen);
    form.grant_types.error = if let Some(unknown) = wanted.iter().find(|name| GrantType::parse(name).is_none()) {
        let known = words(GrantType::ALL.iter().map(|known| known.as_str()));
        let text = Text::new("There is no grant type {$unknown} here; known are {$known}.");
        Some(language.fill(&text.with("unknown", *unknown).with("known", known)))
    } else {
        chosen.is_empty().then(|| "Choose at least one way to get tokens.".to_owned())
    };
    chosen
}

fn read_scopes(sent: &Parameters, offer: &Offer, form: &mut ClientForm, language: &Language) -> Scope {
    let wanted: Vec<&str> = sent.all("scope").flat_map(str::split_ascii_whitespace).collect();
    form.scope = Choices::of(choices(&offer.scopes, |scope| wanted.contains(&scope)));
    form.scope.error = match stranger(&wanted, &offer.scopes) {
        Some(unknown) => {
            let text = Text::new("There is no scope {$scope}; an administrator makes it first.");
            Some(language.fill(&text.with("scope", unknown)))
        }
        None => wanted.is_empty().then(|| "Choose at least one scope.".to_owned()),
    };
    wanted.iter().filter_map(|scope| ScopeToken::parse(scope).ok()).collect()
}

fn read_needed_scopes(field: &mut Field) -> Scope {
    let words: Vec<&str> = field.value.split_whitespace().collect();
    let needed = Scope::parse_or_empty(&words.join(" "));
    field.error = needed.as_ref().err().map(|error| sentence(&error.to_string()));
    needed.unwrap_or_default()
}

fn read_roles(sent: &Parameters, offer: &Offer, form: &mut ClientForm, language: &Language) -> Roles {
    let wanted: Vec<&str> = sent.all("role").collect();
    form.role = Choices::of(choices(&offer.roles, |role| wanted.contains(&role)));
    let say = |role: &str| language.fill(&Text::new("There is no role {$role}.").with("role", role));
    form.role.error = stranger(&wanted, &offer.roles).map(say);
    wanted.iter().filter_map(|role| RoleName::parse(role).ok()).collect()
}

/// The first of `wanted` that is not offered.
fn stranger<'a>(wanted: &[&'a str], offered: &[Described]) -> Option<&'a str> {
    wanted.iter().copied().find(|name| !offered.iter().any(|known| known.name == *name))
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

/// Puts what the policy says where it belongs in the form.
///
/// # Errors
/// What is wrong with no field.
pub fn blame(error: ClientError, form: &mut ClientForm) -> Result<(), Failure> {
    let why = Some(sentence(&error.to_string()));
    match error {
        ClientError::Policy { part, .. } => match part {
            ClientPart::AuthMethod => form.token_endpoint_auth_method.error = why,
            ClientPart::GrantTypes => form.grant_types.error = why,
            ClientPart::RedirectUris => form.redirect_uris.error = why,
            ClientPart::Scopes => form.scope.error = why,
            ClientPart::NeededScopes => form.needed_scope.error = why,
            ClientPart::Trusted => form.trusted_error = why,
        },
        ClientError::Keys(_) if form.jwks.value.is_empty() => form.jwks_uri.error = why,
        ClientError::Keys(_) => form.jwks.error = why,
        ClientError::OpenId(what) if what.starts_with("post_logout") => form.post_logout_redirect_uris.error = why,
        ClientError::OpenId(_) => form.backchannel_logout_uri.error = why,
        ClientError::UnknownScope(_) => form.scope.error = why,
        ClientError::UnknownRole(_) => form.role.error = why,
        error @ (ClientError::NotFound
        | ClientError::UnknownResource(_)
        | ClientError::NoServiceAccount
        | ClientError::Public
        | ClientError::TooWide(_)
        | ClientError::Store(_)) => {
            return Err(error.into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::german::german;

    fn offer() -> Offer {
        let described = |name: &str| Described { name: name.to_owned(), sentence: String::new() };
        Offer {
            roles: vec![described("admin"), described("Accounts Manager")],
            scopes: vec![described("openid"), described("profile")],
        }
    }

    fn sent(text: &str) -> Sent {
        read(&Parameters::parse_page(text.as_bytes()).unwrap(), &offer(), None, &Language::english()).unwrap()
    }

    /// RFC 7591 §2
    #[test]
    fn a_program_may_send_one_value_with_spaces_and_leave_out_what_has_a_default() {
        let sent = sent("client_name=A&redirect_uris=https://a.test/cb&scope=openid+profile");
        let client = sent.description.unwrap();
        assert_eq!(client.scopes.to_string(), "openid profile");
        assert_eq!(client.grant_types, DEFAULT_GRANT_TYPES);
        assert_eq!(client.auth_method, AuthMethod::ClientSecretBasic);
        assert!(!client.trusted && !client.require_pkce && client.roles.is_empty());
    }

    #[test]
    fn boxes_that_are_ticked_come_one_by_one() {
        let text = "client_name=A&scope=openid&scope=profile&grant_types=client_credentials&role=Accounts+Manager\
                    &token_endpoint_auth_method=client_secret_post&require_pkce=yes";
        let client = sent(text).description.unwrap();
        assert_eq!(client.scopes.len(), 2);
        assert_eq!(client.grant_types, [GrantType::ClientCredentials]);
        assert_eq!(client.roles.names(), ["Accounts Manager"]);
        assert!(client.require_pkce);
    }

    #[test]
    fn no_scope_is_a_mistake_and_never_all_of_them() {
        let sent = sent("client_name=A&redirect_uris=https://a.test/cb");
        assert!(sent.description.is_none());
        assert_eq!(sent.form.scope.error.as_deref(), Some("Choose at least one scope."));
        assert!(sent.form.scope.options.iter().all(|scope| !scope.is_chosen));
    }

    #[test]
    fn redirect_uris_are_refused_line_by_line() {
        let text =
            "client_name=A&scope=openid&redirect_uris=https://a.test/cb%0D%0A%0D%0Ahttp://b.test/cb%0Djavascript:x%0A";
        let sent = sent(text);
        let error = sent.form.redirect_uris.error.unwrap();
        assert!(error.starts_with("Line 3 is plain http"), "{error}");
        assert!(error.contains("\nLine 4 has a scheme that browsers open themselves"), "{error}");
        assert!(sent.form.redirect_uris.value.contains("javascript:x"));
    }

    #[test]
    fn german_has_each_way_to_authenticate_and_to_get_tokens() {
        let (german, form) = (german(), fresh(&offer()));
        for choice in form.token_endpoint_auth_method.options.iter().chain(&form.grant_types.options) {
            german.say(&choice.label);
            german.say(&choice.sentence);
        }
        assert_eq!(german.missing(), Vec::<String>::new());
    }

    #[test]
    fn what_is_wrong_with_a_line_is_told_in_german() {
        let mut field = Field::with("https://a.test/cb\nhttp://b.test/cb");
        read_redirect_uris(&mut field, &german());
        let error = field.error.unwrap();
        assert!(error.starts_with("Zeile 2 beginnt mit http statt https: "), "{error}");
    }

    #[test]
    fn what_is_not_offered_is_named() {
        let form =
            sent("client_name=A&scope=openid+nothing&grant_types=password&role=root&token_endpoint_auth_method=x").form;
        assert!(form.scope.error.unwrap().contains("nothing"));
        assert!(form.grant_types.error.unwrap().contains("password"));
        assert!(form.role.error.unwrap().contains("root"));
        assert!(form.token_endpoint_auth_method.error.unwrap().contains("client_secret_basic"));
    }
}
