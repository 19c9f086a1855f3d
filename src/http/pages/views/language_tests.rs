//! Renders the samples of all pages in other languages, and checks that nothing of ours stands there in English alone.

use std::sync::Arc;

use super::consent::ConsentDuration;
use super::notice::Notice;
use super::tests::DESIGN;
use super::tests::all_in;
use crate::app::languages::Language;
use crate::app::languages::Languages;
use crate::domain::own_events;
use crate::domain::refusals::check::Check;
use crate::domain::users::UserError;
use crate::http::failure::Failure;
use crate::http::present::sentence;
use crate::model::email::Email;
use crate::model::key_limits::KeyLimits;
use crate::model::name::NameError;
use crate::model::password::PasswordError;
use crate::model::redirect_mismatch::explain_mismatch;
use crate::model::redirect_uri::RedirectUri;
use crate::model::scope::BUILT_IN;
use crate::model::time::Lifetime;
use crate::model::username::Username;

/// What of the samples' own words is no text of ours: names, addresses, codes.
const DATA: &[&str] = &[
    "Hallpass",
    "&#60;b&#62;",
    "BCDFG-HJKLM",
    "POST /oauth/token",
    "GET (none)",
    "client_01939f3c5f6a7c1e9a3b2c4d5e6f7081",
    "client_01",
    "key_01",
    "something_newer",
    "2001:db8:85a3::8a2e:370:7334",
    "2001:db8::/32",
    "Ada Lovelace",
    "Backup of production",
    "Desk clock",
    "Firefox on Linux",
    "Ledger&#39;s API",
    "Living-room TV",
    "Nightly export",
    "Old importer",
    "Old laptop",
    "Pay 123.50 EUR to Merchant A",
    "Python requests 2.31.0",
    "Rent the film Brazil",
    "Safari on iPhone",
    "WDJB-MJHT",
    "ada@example.org",
    "acme-sync 3",
    "amount / currency",
    "amount / value",
    "burst=10/1s",
    "curl 8.5.0",
    "daily=5000/1d",
    "detect-secrets",
    "gitleaks",
    "grace@example.org",
    "https://api.ledger.example.com/",
    "https://films.example.com/",
    "invoices:read",
    "invoices:write",
    "ledger.example.com",
    "tools.example.com",
];
/// The same, where no more stands there than that.
const WORDS: &[&str] = &[
    "4 EUR",
    "&#60;b&#62;",
    "ada",
    "admin",
    "bookkeeping",
    "email",
    "EUR",
    "Films",
    "grace",
    "L",
    "Ledger",
    "Nightly",
    "Phone",
    "often",
    "openid",
    "price",
    "profile",
    "Reports",
    "S",
];

/// What people read of a page: its texts, and the attributes that are read out or shown.
fn readable(html: &str) -> Vec<String> {
    let body = html.split("<body>").nth(1).unwrap_or(html);
    let title = html.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap_or_default();
    let mut texts = vec![title.to_owned()];
    let mut inside: Vec<&str> = Vec::new();
    for piece in body.split('<').skip(1) {
        let Some((tag, text)) = piece.split_once('>') else { continue };
        let name = tag.split([' ', '/', '\n']).find(|part| !part.is_empty()).unwrap_or_default();
        if tag.starts_with('/') {
            inside.pop_if(|last| *last == name);
        } else if matches!(name, "code" | "script" | "style" | "svg") {
            inside.push(name);
        }
        for attribute in ["aria-label=\"", "title=\"", "alt=\"", "placeholder=\""] {
            texts.extend(tag.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
        if inside.is_empty() {
            texts.push(text.trim().to_owned());
        }
    }
    texts.retain(|text| !text.is_empty());
    texts
}

/// What of the samples of pages of administrators is no text of ours, as it stands in HTML.
#[rustfmt::skip]
const DATA_OF_THE_CONSOLE: &[&str] = &[
    "Ada Lovelace", "ada", "ada@example.org", "Grace Hopper", "grace", "grace@example.org", "nightly-export",
    "a.very.long.user.name.that.goes.on.and.on", "a.very.long.user.name.that.goes.on.and.on@example.org",
    "a.very.long.user.name.that.goes.on.and.on.and.on.and.on",
    "&#60;script&#62;alert(1)&#60;/script&#62;", "&#34;&#62;&#60;img src=x onerror=alert(1)&#62;",
    "Ledger", "Desk clock", "Old intranet", "https://ledger.example.com/callback", "http://ledger.example.com/cb",
    "https://ledger.example.com/callback\nhttp://127.0.0.1/callback",
    "name", "admin", "bookkeeping", "openid", "account:read", "profile", "email", "invoices:read", "invoices:write",
    "Backup of production", "Legacy", "Nightly export", "Old importer", "Old laptop", "Reports",
    "key.created", "signing_key.rotated", "0192f0a0b0c0d0e0", "2001:db8::1",
    "Frappe API key of ada", "System Manager", "System Manager = admin",
];

/// What of a text stands outside the marks.
fn unsaid(text: &str) -> String {
    let mut outside = String::new();
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '\u{27e6}' => depth += 1,
            '\u{27e7}' => depth = depth.saturating_sub(1),
            letter if depth == 0 => outside.push(letter),
            _ => {}
        }
    }
    outside
}

#[test]
fn every_text_of_a_page_is_said_in_its_language() {
    let mut left: Vec<String> = Vec::new();
    for page in all_in(&Arc::new(Language::marked())).iter().filter(|page| page.file != DESIGN) {
        for text in readable(&page.html) {
            if DATA_OF_THE_CONSOLE.contains(&text.trim_end_matches(" · Hallpass")) {
                continue;
            }
            let mut outside = unsaid(&text);
            for data in DATA {
                outside = outside.replace(data, "");
            }
            if outside.chars().any(char::is_alphabetic) && !WORDS.contains(&outside.trim()) {
                left.push(format!("{}: {text}", page.file));
            }
        }
    }
    left.sort();
    left.dedup();
    assert!(left.is_empty(), "{} texts are English in every language:\n{}", left.len(), left.join("\n"));
}

#[test]
fn german_has_every_text_of_every_page() {
    let german = Languages::open(None, "de").unwrap().usual();
    assert!(!all_in(&german).is_empty());
    assert_eq!(german.missing(), Vec::<String>::new());
}

/// What comes of the code and stands in no sample: all of it, where it is ours.
#[test]
fn german_has_what_the_code_says() {
    let german = Languages::open(None, "de").unwrap().usual();
    let mut texts: Vec<String> = Notice::ALL.iter().map(|notice| notice.text().to_owned()).collect();
    texts.extend(BUILT_IN.iter().map(|scope| scope.sentence.to_owned()));
    texts.extend(own_events::sentences().map(str::to_owned));
    texts.extend(Check::ALL.iter().flat_map(|check| [check.holds(), check.advice()]).map(str::to_owned));
    texts.extend(ConsentDuration::ALL.iter().map(|duration| duration.label().to_owned()));
    let passwords = [PasswordError::TooShort, PasswordError::TooLong, PasswordError::Common, PasswordError::OwnName];
    for error in passwords {
        texts.extend(["password", "new password"].map(|what| format!("The {what} {error}.")));
    }
    let of_all = |longest| {
        [NameError::Empty, NameError::TooLong(longest), NameError::Invisible, NameError::Marks, NameError::Spaces]
    };
    for (what, longest) in [("user name", 64), ("e-mail address", 254), ("full name", 200), ("name", 200)] {
        texts.extend(of_all(longest).map(|error| format!("The {what} {error}.")));
    }
    for text in ["a b", "a!", "-a", "\u{430}da", "\u{391}\u{3c1}"] {
        texts.extend(Username::parse(text).err().map(|error| format!("The user name {error}.")));
    }
    texts.extend(Email::parse("ada").err().map(|error| format!("The e-mail address {error}.")));
    texts.extend([UserError::UsernameTaken, UserError::EmailTaken].map(|error| sentence(&error.to_string())));
    let failures = [
        Failure::Unauthenticated { credential_given: true },
        Failure::SessionNeeded,
        Failure::UserNeeded,
        Failure::NotFound,
        Failure::TimedOut,
        Failure::TooLarge,
        Failure::Unavailable { retry_after: Lifetime::ZERO, cause: String::new() },
        Failure::Internal { cause: String::new() },
    ];
    texts.extend(failures.map(|failure| sentence(&failure.description())));
    let registered = [RedirectUri::parse("https://app.test/cb").unwrap()];
    for presented in [
        "com.app:/cb",
        "https://other.test/cb",
        "https://app.test:8443/cb",
        "https://app.test/other",
        "http://app.test/cb",
        "https://APP.test/cb",
        "https://app.test/cb/",
        "https://app.test/CB",
        "https://app.test/cb?a=b",
    ] {
        let why = explain_mismatch(&registered, presented);
        let is_one = !why.contains(" and ") || why.starts_with("it has a query");
        texts.extend(is_one.then(|| sentence(&format!("redirect_uri is not registered for this client: {why}"))));
    }
    let limits = ["A=1/1s", "a=0/1s", "a=1/0s", "a", "a=1/1s b=1/1s c=1/1s d=1/1s e=1/1s f=1/1s"];
    texts.extend(limits.map(|text| sentence(&KeyLimits::parse(text).unwrap_err().to_string())));
    let missing: Vec<&String> = texts.iter().filter(|text| german.say_if_known(text) == text.as_str()).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}
