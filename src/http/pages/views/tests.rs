//! Renders the samples of all pages, and checks what every page must keep to.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::Framed;
use super::Page;
use super::filters::Spoken;
use super::html::Tag;
use super::html::tags;
use crate::app::languages::Language;
use crate::http::assets;

pub(super) struct Rendered {
    pub(super) file: &'static str,
    name: String,
    pub(super) html: String,
    tags: Vec<Tag>,
}

macro_rules! samples {
    ($language:expr, $($file:literal => $page:ty,)*) => {{
        let (language, mut rendered) = ($language, Vec::new());
        $(render::<$page>($file, language, &mut rendered);)*
        rendered
    }};
}

fn all() -> Vec<Rendered> {
    all_in(&Arc::new(Language::english()))
}

pub(super) fn all_in(language: &Arc<Language>) -> Vec<Rendered> {
    samples! {
        language,
        "account.html" => super::account::AccountPage,
        "account/delete.html" => super::account_delete::AccountDeletePage,
        "account/events.html" => super::account_events::AccountEventsPage,
        "account/password.html" => super::account_password::AccountPasswordPage,
        "account/profile.html" => super::account_profile::AccountProfilePage,
        "account/email.html" => super::account_email::AccountEmailPage,
        "catalogue/form.html" => super::catalogue::CatalogueFormPage,
        "catalogue/list.html" => super::catalogue::CatalogueListPage,
        "clients/edit.html" => super::clients::ClientsEditPage,
        "clients/list.html" => super::clients::ClientsListPage,
        "clients/new.html" => super::clients::ClientsNewPage,
        "clients/show.html" => super::clients::ClientsShowPage,
        "bulk.html" => super::bulk::BulkPage,
        "console/grants.html" => super::console::GrantsPage,
        "console/keys.html" => super::console::KeysPage,
        "console/sessions.html" => super::console::SessionsPage,
        "confirm.html" => super::confirm::ConfirmPage,
        "consent.html" => super::consent::ConsentPage,
        "design.html" => super::design::DesignPage,
        "device/decide.html" => super::device::DeviceDecidePage,
        "device/enter.html" => super::device::DeviceEnterPage,
        "email/confirm.html" => super::email::EmailConfirmPage,
        "email/confirmed.html" => super::email::EmailConfirmedPage,
        "error.html" => super::error::ErrorPage,
        "factors/app.html" => super::factors::AppPage,
        "factors/codes.html" => super::factors::CodesPage,
        "factors/list.html" => super::factors::FactorsPage,
        "factors/passkey.html" => super::factors::PasskeyPage,
        "factors/rename.html" => super::factors::PasskeyNamePage,
        "form_post.html" => super::form_post::FormPostPage,
        "import.html" => super::import::ImportPage,
        "key.html" => super::key::KeyPage,
        "leaving.html" => super::leaving::LeavingPage,
        "audit.html" => super::audit::AuditPage,
        "link_ended.html" => super::link_ended::LinkEndedPage,
        "login.html" => super::login::LoginPage,
        "logout.html" => super::logout::LogoutPage,
        "overview.html" => super::overview::OverviewPage,
        "register/ask.html" => super::register::RegisterAskPage,
        "register/confirm.html" => super::register::RegisterConfirmPage,
        "reset/ask.html" => super::reset::ResetAskPage,
        "reset/confirm.html" => super::reset::ResetConfirmPage,
        "second_factor.html" => super::second_factor::SecondFactorPage,
        "setup.html" => super::setup::SetupPage,
        "users/list.html" => super::users::UsersListPage,
        "users/new.html" => super::users::UsersNewPage,
        "users/show.html" => super::users::UsersShowPage,
        "why/list.html" => super::why::WhyListPage,
        "why/show.html" => super::why::WhyShowPage,
    }
}

/// The page about the pages.
pub(super) const DESIGN: &str = "design.html";

fn render<P: Page + Framed>(file: &'static str, language: &Arc<Language>, rendered: &mut Vec<Rendered>) {
    // Whoever changes the pages reads it in the language of their source.
    let english = Arc::new(Language::english());
    let language = if file == DESIGN { &english } else { language };
    let samples = P::samples();
    assert!(!samples.is_empty(), "{file} has no samples");
    for (number, sample) in samples.iter().enumerate() {
        let html = sample.render_with_values(&Spoken(Arc::clone(language))).unwrap();
        rendered.push(Rendered { file, name: format!("{file} sample {number}"), tags: tags(&html), html });
    }
}

/// Calls `check` with each page; a failed assertion names the page.
fn on_every_page(check: impl Fn(&Rendered)) {
    all().iter().for_each(check);
}

impl Rendered {
    fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Tag> {
        self.tags.iter().filter(move |tag| tag.name == name)
    }

    fn ids(&self) -> BTreeSet<&str> {
        self.tags.iter().filter_map(|tag| tag.attribute("id")).collect()
    }

    /// The tags of each form, its start tag first.
    fn forms(&self) -> Vec<&[Tag]> {
        let mut rest = self.tags.as_slice();
        let mut forms = Vec::new();
        while let Some(start) = rest.iter().position(|tag| tag.name == "form") {
            let from_start = &rest[start..];
            let end = from_start.iter().position(|tag| tag.name == "/form").expect("a form ends");
            forms.push(&from_start[..end]);
            rest = &from_start[end..];
        }
        forms
    }
}

#[test]
fn every_template_has_a_page_with_samples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/pages");
    let mut folders = vec![root.clone()];
    let mut templates = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                templates.insert(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    let rendered: BTreeSet<_> = all().iter().map(|page| page.file.to_owned()).collect();
    assert_eq!(templates, rendered);
}

#[test]
fn a_page_has_one_main_one_heading_a_title_and_a_way_past_the_header() {
    on_every_page(|page| {
        for name in ["main", "h1", "title"] {
            assert_eq!(page.named(name).count(), 1, "{}: {name}", page.name);
        }
        let title = page.named("title").next().unwrap();
        assert!(title.text.ends_with(" · Hallpass"), "{}: {}", page.name, title.text);
        assert!(title.text.len() > " · Hallpass".len(), "{} has no title", page.name);
        let skip = page.named("a").next().unwrap();
        assert_eq!(skip.attribute("href"), Some("#main"), "{}", page.name);
        assert_eq!(page.named("html").next().unwrap().attribute("lang"), Some("en"));
    });
}

#[test]
fn headings_skip_no_level() {
    on_every_page(|page| {
        let levels = page.tags.iter().filter_map(|tag| match tag.name.as_str() {
            "h1" => Some(1),
            "h2" => Some(2),
            "h3" => Some(3),
            _ => None,
        });
        let deepest = levels.max().unwrap();
        assert!(deepest <= 2, "{}: h{deepest}", page.name);
    });
}

#[test]
fn nothing_runs_and_nothing_is_styled_inline() {
    on_every_page(|page| {
        assert_eq!(page.named("style").count(), 0, "{}", page.name);
        for tag in &page.tags {
            for attribute in tag.attribute_names() {
                assert!(!attribute.starts_with("on") && attribute != "style", "{}: {attribute}", page.name);
            }
        }
        for script in page.named("script") {
            assert!(script.attribute("src").is_some() && script.text.is_empty(), "{}: inline script", page.name);
        }
    });
}

/// Whether a tag says that it leads to an application, or shows its picture.
fn leads_out(tag: &Tag) -> bool {
    tag.attribute("rel") == Some("noreferrer") || (tag.name == "img" && tag.attribute("class") == Some("client-logo"))
}

#[test]
fn all_that_a_page_loads_or_leads_to_is_ours() {
    on_every_page(|page| {
        let base = if page.html.contains("href=\"/auth/") { "/auth" } else { "" };
        for tag in &page.tags {
            for attribute in ["href", "src", "action"] {
                let Some(value) = tag.attribute(attribute) else { continue };
                // The ways out: to an application, and to what it publishes.
                if leads_out(tag) {
                    assert!(value.starts_with("https://"), "{}: {value}", page.name);
                    continue;
                }
                // An app on the same device takes the secret.
                if page.file == "factors/app.html" && value.starts_with("otpauth://totp/") {
                    continue;
                }
                let path = value.strip_prefix(base).unwrap_or_default();
                assert!(
                    value.starts_with('#') || (path.starts_with('/') && !path.starts_with("//")),
                    "{}: {value} is not below {base:?}",
                    page.name
                );
                if let Some(file) = path.strip_prefix("/static/") {
                    assert!(assets::find(file).is_some(), "{}: {value} is not embedded", page.name);
                }
            }
        }
    });
}

#[test]
fn ids_are_unique_and_all_that_names_one_finds_it() {
    on_every_page(|page| {
        let mut count = BTreeMap::new();
        for id in page.tags.iter().filter_map(|tag| tag.attribute("id")) {
            *count.entry(id).or_insert(0) += 1;
        }
        assert!(count.values().all(|count| *count == 1), "{}: {count:?}", page.name);
        for tag in &page.tags {
            for attribute in ["for", "aria-labelledby", "aria-describedby", "data-copy"] {
                for id in tag.attribute(attribute).into_iter().flat_map(str::split_whitespace) {
                    assert!(count.contains_key(id), "{}: {attribute}={id}", page.name);
                }
            }
            if let Some(id) = tag.attribute("href").and_then(|href| href.strip_prefix('#')) {
                assert!(count.contains_key(id), "{}: #{id}", page.name);
            }
        }
    });
}

#[test]
fn every_field_has_a_label_of_its_own() {
    on_every_page(|page| {
        let labelled: BTreeSet<_> = page.named("label").filter_map(|label| label.attribute("for")).collect();
        for tag in &page.tags {
            let is_hidden = tag.attribute("type") == Some("hidden") || tag.attribute("hidden").is_some();
            if !matches!(tag.name.as_str(), "input" | "select" | "textarea") || is_hidden {
                continue;
            }
            let id = tag.attribute("id").unwrap_or_default();
            // A box in front of a row is called as the row is.
            let is_named = tag.attribute("aria-label").is_some_and(|label| !label.trim().is_empty());
            assert!(is_named || labelled.contains(id), "{}: the field {id:?} has no label", page.name);
        }
        for fieldset in page.tags.windows(2).filter(|pair| pair[0].name == "fieldset") {
            assert_eq!(fieldset[1].name, "legend", "{}", page.name);
        }
    });
}

#[test]
fn every_form_but_a_search_posts_with_the_csrf_token() {
    on_every_page(|page| {
        for form in page.forms() {
            let action = form[0].attribute("action").unwrap_or_default();
            let tokens: Vec<_> = form.iter().filter(|tag| tag.attribute("name") == Some("csrf_token")).collect();
            if form[0].attribute("method") == Some("get") {
                // Its fields stand in the address.
                let is_search = page.file == "audit.html" || page.html.contains("data-search");
                assert!(tokens.is_empty() && is_search, "{}: {action}", page.name);
                continue;
            }
            assert_eq!(form[0].attribute("method"), Some("post"), "{}", page.name);
            if leads_out(&form[0]) {
                assert!(tokens.is_empty(), "{}: {action} gets our token", page.name);
                continue;
            }
            assert_eq!(tokens.len(), 1, "{}: {action}", page.name);
            assert_eq!(tokens[0].attribute("value"), Some("c5rfT0kenForSamples"), "{}: {action}", page.name);
            let buttons = form.iter().filter(|tag| tag.name == "button").count();
            assert!(buttons >= 1, "{}: {action} can't be sent", page.name);
        }
    });
}

#[test]
fn a_field_that_was_refused_says_so_beside_it_and_on_top() {
    let mut refused = 0;
    for page in all() {
        for tag in page.tags.iter().filter(|tag| tag.attribute("aria-invalid").is_some()) {
            refused += 1;
            let id = tag.attribute("id").unwrap();
            let described = tag.attribute("aria-describedby").unwrap_or_default();
            assert!(described.split_whitespace().any(|by| by == format!("{id}-error")), "{}: {id}", page.name);
            let link = format!("#{id}");
            assert!(page.named("a").any(|a| a.attribute("href") == Some(&link)), "{}: {id}", page.name);
        }
    }
    assert!(refused >= 15, "only {refused} refused fields among the samples");
}

#[test]
fn a_password_never_comes_back() {
    on_every_page(|page| {
        for tag in page.tags.iter().filter(|tag| tag.attribute("type") == Some("password")) {
            assert!(tag.attribute("value").is_none(), "{}", page.name);
            let autocomplete = tag.attribute("autocomplete").unwrap_or_default();
            assert!(matches!(autocomplete, "current-password" | "new-password"), "{}", page.name);
        }
    });
}

#[test]
fn only_signed_in_pages_carry_the_token_for_scripts_and_a_navigation() {
    on_every_page(|page| {
        let has_meta = page.named("meta").any(|meta| meta.attribute("name") == Some("csrf-token"));
        let has_header = page.named("header").count() == 1;
        let is_anonymous = matches!(page.file, "login.html" | "setup.html");
        assert!(!(is_anonymous && (has_meta || has_header)), "{}", page.name);
        assert!(!has_header || has_meta, "{}", page.name);
    });
}

#[test]
fn the_names_that_programs_drive_the_pages_by_stand_on_them() {
    let names = |file: &str| -> BTreeSet<String> {
        let pages = all();
        let tags = pages.iter().filter(|page| page.file == file).flat_map(|page| &page.tags);
        tags.filter_map(|tag| tag.attribute("name")).map(str::to_owned).collect()
    };
    let expected: &[(&str, &[&str])] = &[
        ("setup.html", &["token", "username", "email", "password", "csrf_token"]),
        ("login.html", &["username", "password", "csrf_token"]),
        ("consent.html", &["request", "decision", "duration", "scope", "csrf_token"]),
        (
            "clients/new.html",
            &["client_name", "redirect_uris", "scope", "grant_types", "token_endpoint_auth_method", "csrf_token"],
        ),
        ("account.html", &["current_password", "new_password", "csrf_token"]),
        ("account.html", &["name", "rights", "scope", "expires_in", "roles", "role", "allowed_ips", "limits", "decoy"]),
        ("import.html", &["users", "clients", "keys", "map_roles", "dry_run", "skip_refused", "csrf_token"]),
        ("key.html", &["name", "expires_on", "allowed_ips", "limits", "until"]),
    ];
    for (file, fields) in expected {
        let names = names(file);
        for field in *fields {
            assert!(names.contains(*field), "{file}: no field {field}");
        }
    }
    let pages = all();
    let shown = |file: &str, id: &str| pages.iter().any(|page| page.file == file && page.ids().contains(id));
    for id in ["api-key", "api-secret", "curl-line"] {
        assert!(shown("account.html", id) && shown("users/show.html", id), "{id}");
    }
    assert!(shown("clients/show.html", "client-id") && shown("clients/show.html", "client-secret"));
}

#[test]
fn consent_sends_a_needed_scope_although_its_box_is_locked() {
    let pages = all();
    let page = pages.iter().find(|page| page.file == "consent.html").unwrap();
    let openid: Vec<_> = page.tags.iter().filter(|tag| tag.attribute("value") == Some("openid")).collect();
    assert!(openid.iter().any(|tag| tag.attribute("type") == Some("checkbox") && tag.attribute("disabled").is_some()));
    assert!(openid.iter().any(|tag| tag.attribute("type") == Some("hidden") && tag.attribute("name") == Some("scope")));
    let email = page.tags.iter().find(|tag| tag.attribute("value") == Some("email")).unwrap();
    assert!(email.attribute("checked").is_some() && email.attribute("disabled").is_none());
}

#[test]
fn text_from_outside_is_escaped() {
    on_every_page(|page| assert!(!page.html.contains("<script>"), "{}", page.name));
    let pages = all();
    let consent = pages.iter().filter(|page| page.file == "consent.html");
    assert!(consent.into_iter().any(|page| page.html.contains("&#60;script&#62;alert(1)")));
}

#[test]
fn the_curl_line_works_as_it_is() {
    let pages = all();
    let page = pages.iter().find(|page| page.ids().contains("curl-line")).unwrap();
    let line = page.tags.iter().find(|tag| tag.attribute("id") == Some("curl-line")).unwrap();
    assert_eq!(
        line.text.replace("&#34;", "\""),
        "curl -H \"Authorization: token hp_key_7hGq2LxV0aPzR4tYw9Bk:\
         hp_sk_k3Jd82mQzX0vTn5RbW7yLcP1sGf4HuAe9iOo6MtVxqS0aB1cD\" \
         https://id.example.org/api/method/frappe.auth.get_logged_user"
    );
}
