//! What the sign-in page carries for browsers: security headers, the flags of its cookie, and the time.

use crate::cli::doctor::database;
use crate::cli::doctor::discovery;
use crate::cli::doctor::report::Report;
use crate::cli::doctor::report::quoted;
use crate::http::paths;
use crate::introspection::stranger::Reply;
use crate::introspection::stranger::Stranger;
use crate::model::issuer::Issuer;
use crate::model::time::Timestamp;

/// Asks for the sign-in page and looks at its headers.
pub async fn check(issuer: &Issuer, stranger: &Stranger, now: impl Fn() -> Timestamp, report: &mut Report) {
    let page = discovery::get(stranger, &format!("{}{}", issuer.path(), paths::LOGIN)).await;
    let here = now();
    let page = match page {
        Ok(page) => page,
        Err(why) => return report.bad("security_headers", None, format!("the sign-in page: {why}")),
    };
    if page.status != 200 {
        let seen = format!("the sign-in page answers with status {} instead of 200", page.status);
        return report.bad("security_headers", None, seen);
    }
    security(issuer, &page, report);
    match page.all("set-cookie").as_slice() {
        [] => report.bad("cookie", None, "the sign-in page sets no cookie: the proxy took it away"),
        cookies => cookies.iter().for_each(|one| cookie("hallpass_form", one, issuer, report)),
    }
    match jiff::fmt::rfc2822::parse(page.header("date")) {
        Ok(date) => {
            let theirs = Timestamp::from_millis(date.timestamp().as_millisecond());
            database::compare("the public address", theirs, here, report);
        }
        Err(_) => report.warn("clock", None, "the public address does not say what time it is (header Date)"),
    }
}

fn security(issuer: &Issuer, page: &Reply, report: &mut Report) {
    let mut expected = vec![
        ("content-security-policy", "frame-ancestors 'none'"),
        ("content-security-policy", "default-src 'none'"),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ];
    if issuer.is_https() {
        expected.push(("strict-transport-security", "max-age="));
    }
    let wrong: Vec<String> = expected
        .into_iter()
        .filter_map(|(name, value)| match page.all(name).as_slice() {
            [] => Some(format!("{name} is missing")),
            [one] if one.contains(value) => None,
            [one] => Some(format!("{name} is {} without {value}", quoted(one))),
            // Browsers differ in what they make of two.
            _ => Some(format!("{name} comes more than once")),
        })
        .collect();
    if wrong.is_empty() {
        report.good("security_headers", "the sign-in page may not be framed, sniffed, cached or run foreign scripts");
    } else {
        let mend = "the proxy in front must pass headers on as they are, and add none of these";
        report.bad("security_headers", None, format!("{}: {mend}", wrong.join("; ")));
    }
}

/// Looks at a cookie that the server sets, called `name` but for the prefix that it has on https.
pub fn cookie(name: &str, set: &str, issuer: &Issuer, report: &mut Report) {
    let mut parts = set.split(';').map(str::trim);
    let found = parts.next().and_then(|pair| pair.split_once('=')).map_or("", |(found, _)| found);
    let attributes: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
    let has = |attribute: &str| attributes.iter().any(|known| known == attribute);
    let https = issuer.is_https();
    let expected = if https { format!("__Host-{name}") } else { name.to_owned() };
    let mut wrong = Vec::new();
    if found != expected {
        wrong.push(format!("it is called {} instead of {expected}", quoted(found)));
    }
    for (needed, attribute) in [(true, "httponly"), (true, "samesite=lax"), (true, "path=/"), (https, "secure")] {
        if needed && !has(attribute) {
            wrong.push(format!("it lacks {attribute}"));
        }
    }
    if !https && has("secure") {
        wrong.push("it is for https alone".to_owned());
    }
    if attributes.iter().any(|attribute| attribute.starts_with("domain=")) {
        wrong.push("it goes to other hosts of the domain too".to_owned());
    }
    if wrong.is_empty() {
        let flags = if https { "Secure, HttpOnly, SameSite=Lax, this host alone" } else { "HttpOnly, SameSite=Lax" };
        report.good("cookie", format!("{expected} is {flags}"));
    } else {
        let mend = "the server's own issuer differs, or the proxy changes cookies";
        report.bad("cookie", "issuer", format!("{expected}: {}: {mend}", wrong.join(", ")));
    }
}
