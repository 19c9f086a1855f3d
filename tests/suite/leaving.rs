//! How a person leaves for an application behind one of our forms. Chromium applies a page's `form-action` to all
//! redirects that follow its form (Content Security Policy Level 3), so browsers that say where a navigation began
//! (Fetch Metadata) are led out by a page of its own.

use hallpass::domain::clients::ClientDescription;
use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::flow::parameters;
use crate::support::flow::query;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

/// What a browser says behind a form of ours.
const FROM_OURS: (&str, &str) = ("navigate", "same-origin");
/// And behind a link of the application's.
const FROM_THERE: (&str, &str) = ("navigate", "cross-site");

async fn send(
    browser: &Browser,
    method: Method,
    path: &str,
    (mode, site): (&str, &str),
    form: &[(&str, &str)],
) -> Answer {
    let request = browser.request(method, path).header("sec-fetch-mode", mode).header("sec-fetch-site", site);
    browser.send(if form.is_empty() { request } else { request.form(form) }).await
}

/// A person, and a client that they have not allowed anything yet.
async fn begin() -> (TestApp, SeededClient) {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let client = app.web_client("read").await;
    (app, client)
}

/// Where the page leads, by itself and by its link.
#[track_caller]
fn leads_to(page: &Answer) -> String {
    assert_eq!((page.status, page.header("location")), (200, ""), "{}", page.body);
    let location = page.header("refresh").strip_prefix("0; url=").unwrap_or_else(|| panic!("{}", page.body)).to_owned();
    assert_eq!(page.link("onward"), location);
    assert!(page.header("content-security-policy").contains("; form-action 'self'; "));
    assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "no-referrer"));
    location
}

/// security.md 261
#[tokio::test]
async fn what_follows_a_form_leaves_by_a_page_and_what_follows_a_link_by_a_redirect() {
    let (app, client) = begin().await;
    let browser = app.browser();
    let path = client.authorize_path(&[("scope", "read")]);
    let page = send(&browser, Method::GET, &path, FROM_THERE, &[]).await;
    assert_eq!(page.status, 303);
    let login = page.header("location").to_owned();
    let page = send(&browser, Method::GET, &login, FROM_THERE, &[]).await;
    assert!(page.header("content-security-policy").contains("; form-action 'self'; "));

    // Sign-in: to a path of ours, with its cookie; the consent page says the same.
    let (token, back) = (page.input("csrf_token"), path.as_str());
    let form = [("username", "ada"), ("password", PASSWORD), ("return_to", back), ("csrf_token", &*token)];
    let signed_in = send(&browser, Method::POST, "/login", FROM_OURS, &form).await;
    assert_eq!((signed_in.status, signed_in.header("location")), (303, back));
    let page = send(&browser, Method::GET, back, FROM_OURS, &[]).await;
    page.is_consent_page();
    assert!(page.header("content-security-policy").contains("; form-action 'self'; "));

    // The decision leaves, with an answer that can be redeemed.
    let (token, request) = (page.input("csrf_token"), page.input("request"));
    let form = [("request", &*request), ("decision", "allow"), ("scope", "read"), ("csrf_token", &*token)];
    let page = send(&browser, Method::POST, "/oauth/consent", FROM_OURS, &form).await;
    let location = leads_to(&page);
    assert!(location.starts_with(&client.redirect_uri), "{location}");
    assert!(page.body.contains("On the way to rp.test"), "{}", page.body);
    assert_eq!(app.redeem(&client, &parameters(&location)["code"]).await.status, 200);

    // Allowed before: behind sign-in by the page, behind the application's link or an address that was typed at once.
    leads_to(&send(&browser, Method::GET, back, FROM_OURS, &[]).await);
    for site in ["cross-site", "same-site", "none"] {
        let answer = send(&browser, Method::GET, back, ("navigate", site), &[]).await;
        assert_eq!((answer.status, answer.header("refresh")), (303, ""), "{site}");
    }
    // A script that fetches is no navigation, and who says nothing is redirected from pages that let forms go.
    assert_eq!(send(&browser, Method::GET, back, ("cors", "same-origin"), &[]).await.status, 303);
    let answer = browser.get(back).await;
    assert_eq!((answer.status, answer.header("refresh")), (303, ""));
    for path in ["/login?again=yes", "/login/second-factor"] {
        let policy = browser.get(path).await.header("content-security-policy").to_owned();
        assert!(!policy.contains("form-action"), "{path}: {policy}");
    }
}

/// RFC 6749 §4.1.2.1
#[tokio::test]
async fn an_error_leaves_by_the_page_too_and_what_stays_here_is_redirected() {
    let (app, client) = begin().await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let wrong = client.authorize_path(&[("scope", "read"), ("response_type", "nonsense")]);
    let location = leads_to(&send(&browser, Method::GET, &wrong, FROM_OURS, &[]).await);
    assert_eq!(parameters(&location)["error"], "unsupported_response_type");
    let token = browser.csrf_token("/account").await;
    let signed_out = send(&browser, Method::POST, "/logout", FROM_OURS, &[("csrf_token", &token)]).await;
    assert_eq!((signed_out.status, signed_out.header("refresh")), (303, ""));
    assert!(signed_out.header("location").starts_with("/login"));
}

/// OpenID Connect RP-Initiated Logout §3
#[tokio::test]
async fn sign_out_that_is_confirmed_leaves_for_the_application_by_the_page() {
    const OUT: &str = "https://rp.test/bye";
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let registered = |client: &mut ClientDescription| {
        client.openid.post_logout_redirect_uris = Some(vec![OUT.to_owned()]);
    };
    let client = app.client_with("openid", registered).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let asked = [("client_id", &*client.client_id), ("post_logout_redirect_uri", OUT), ("state", "x")];
    let path = format!("/oauth/logout?{}", query(&asked));
    let page = send(&browser, Method::GET, &path, FROM_THERE, &[]).await;
    let (token, end) = (page.input("csrf_token"), page.input("end_session"));
    let form = [("csrf_token", &*token), ("end_session", &*end)];
    let page = send(&browser, Method::POST, "/logout", FROM_OURS, &form).await;
    assert_eq!(leads_to(&page), format!("{OUT}?state=x"));
    assert_eq!(browser.cookie("hallpass_session"), None);
}
