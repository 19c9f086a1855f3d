//! `/auth/verify/policy/NAME`: what is demanded stands in the configuration.

use hallpass::model::api_key::KeyAccess;
use hallpass::model::scope::Scope;
use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::caller::Answer;

const POLICIES: &str = "[verify.policies.everybody]\n\
                        [verify.policies.editors]\nroles = [\"editor\"]\n\
                        [verify.policies.files]\nscopes = [\"files:read\"]\nroles = [\"editor\"]\n\
                        resource = \"https://files.example/\"\n\
                        [verify.policies.read-files]\nscopes = [\"files:read\"]\n";

fn said(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.header("x-hallpass-reason"))
}

#[tokio::test]
async fn a_policy_demands_what_the_configuration_says() {
    let app = TestApp::start_with(POLICIES).await;
    app.role("editor").await;
    app.scope("files:read", &[]).await;
    let (ada, bob) = (app.person("ada", &["editor"]).await, app.person("bob", &[]).await);
    let scoped = |key: &mut hallpass::domain::api_keys::NewApiKey| {
        key.access = KeyAccess::Scopes(Scope::parse("files:read").unwrap());
    };
    let (full, narrow) = (app.key(&ada).await, app.key_with(&ada, scoped).await);
    let bobs = app.key(&bob).await;
    for (key, policy, expected) in [
        (&full, "everybody", (200, "")),
        (&full, "editors", (200, "")),
        (&full, "files", (200, "")),
        (&full, "read-files", (200, "")),
        (&bobs, "everybody", (200, "")),
        (&bobs, "editors", (403, "missing_role")),
        (&bobs, "files", (403, "missing_role")),
        (&bobs, "read-files", (200, "")),
        (&narrow, "everybody", (403, "insufficient_scope")),
        (&narrow, "editors", (403, "insufficient_scope")),
        (&narrow, "files", (403, "insufficient_scope")),
        (&narrow, "read-files", (200, "")),
    ] {
        let script = app.script(&key.token_header());
        for tail in [
            "",
            "/",
            "/a/b?scope=nothing&role=admin",
            "?redirect=1&scopes=x&%zz",
            "/../everybody",
            "/%2e%2e/everybody",
            "//everybody/..%2f?role=",
            "/../../verify?cache=60",
        ] {
            // Byte by byte: a client would tidy the path up.
            let head = [
                &*format!("PUT /auth/verify/policy/{policy}{tail} HTTP/1.1"),
                "host: a",
                &*format!("authorization: {}", key.token_header()),
            ];
            let wire = app.wire_request(&head, b"");
            let answer = wire.only();
            let said = (answer.status, answer.header("x-hallpass-reason"), answer.header("cache-control"));
            assert_eq!(said, (expected.0, expected.1, "no-store"), "{policy}{tail}");
        }
        assert_eq!(said(&script.send(Method::GET, &format!("/auth/verify/policy/{policy}"), None).await), expected);
    }
    assert_eq!(said(&app.stranger().get("/auth/verify/policy/everybody").await), (401, "missing_credential"));
}

#[tokio::test]
async fn a_policy_that_is_not_there_lets_nobody_in() {
    let app = TestApp::start_with(POLICIES).await;
    let root = app.person("root", &["admin"]).await;
    let script = app.script(&app.key(&root).await.token_header());
    for name in ["nothing", "Everybody", "everybody%20", "every", "files%2F..%2Feverybody", "x/everybody", ""] {
        let answer = script.get(&format!("/auth/verify/policy/{name}")).await;
        assert_eq!((answer.status, answer.body.as_str(), answer.header("remote-user")), (404, "", ""), "{name}");
    }
    // Nor does the word alone.
    assert_eq!(script.get("/auth/verify/policy").await.status, 404);
    assert_eq!(script.get("/auth/verify/everybody").await.status, 404);
}
