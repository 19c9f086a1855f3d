//! `/api/v1/openapi.json`: what it says is what there is.

use std::collections::BTreeSet;

use hallpass::http::routes;
use hallpass::model::scope::BUILT_IN;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::seed::PASSWORD;

async fn document(app: &TestApp) -> Value {
    let answer = app.stranger().get("/api/v1/openapi.json").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    answer.json()
}

/// The operations, each with its path and method.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, item)| {
        item.as_object()
            .unwrap()
            .iter()
            .map(|(method, operation)| (path.clone(), method.to_uppercase(), operation.clone()))
    });
    operations.collect()
}

/// What `$ref` leads to.
fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            document.pointer(reference.strip_prefix('#').unwrap()).unwrap_or_else(|| panic!("{reference}"))
        }
        None => schema,
    }
}

/// The names of all members of a schema, those that it takes over from others too.
fn members(document: &Value, schema: &Value) -> BTreeSet<String> {
    let schema = resolved(document, schema);
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let mut names: BTreeSet<String> = parts.flat_map(|part| members(document, part)).collect();
    names.extend(schema["properties"].as_object().into_iter().flat_map(|members| members.keys().cloned()));
    names
}

#[tokio::test]
async fn each_route_is_in_the_document_and_nothing_else_is() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    let documented: BTreeSet<String> =
        operations(&document).iter().map(|(path, method, _)| format!("{method} {path}")).collect();
    let there: BTreeSet<String> = routes()
        .iter()
        .filter(|route| route.path.starts_with("/api/v1/") && !route.path.starts_with("/api/v1/method"))
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    assert_eq!(documented, there);
    assert_eq!(document["servers"], json!([{ "url": app.url }]));
}

#[tokio::test]
async fn each_operation_says_who_may_call_it_what_it_takes_and_what_it_answers() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    let names: BTreeSet<&str> = schemes.keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(["api_key", "api_key_basic", "bearer", "oauth2", "session"]));
    for flow in ["authorizationCode", "clientCredentials"] {
        let flow = &schemes["oauth2"]["flows"][flow];
        assert_eq!(flow["tokenUrl"], format!("{}/oauth/token", app.url));
        assert_eq!(flow["scopes"].as_object().unwrap().len(), BUILT_IN.len());
    }
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let said = format!("{method} {path}");
        let route = routes().into_iter().find(|route| route.path == path && route.method == *method).unwrap();
        assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{said}");
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{said}");
        assert!(!operation.to_string().contains("# Errors"), "{said}");
        // The scopes of the guard, and those alone.
        let mut scopes = BTreeSet::new();
        for requirement in operation["security"].as_array().unwrap() {
            for (name, needed) in requirement.as_object().unwrap() {
                assert!(schemes.contains_key(name), "{said}: {name}");
                scopes.extend(needed.as_array().unwrap().iter().map(|scope| scope.as_str().unwrap().to_owned()));
            }
        }
        let needs = route.guard.split(" | ").flat_map(|way| way.split(" + "));
        let guarded: BTreeSet<String> =
            needs.filter_map(|need| need.strip_prefix("scope ")).map(str::to_owned).collect();
        assert_eq!(scopes, guarded, "{said}");
        let answers = operation["responses"].as_object().unwrap();
        for (status, needed) in [
            ("401", route.guard != "public"),
            ("403", !guarded.is_empty()),
            ("404", path.contains('{')),
            ("415", operation.get("requestBody").is_some()),
            ("503", true),
        ] {
            assert_eq!(answers.contains_key(status), needed, "{said}: {status}");
        }
        let expected = match (method.as_str(), path.as_str()) {
            // Nothing is made that has an address of its own.
            ("POST", "/api/v1/import/frappe" | "/api/v1/import/keys" | "/api/v1/leaked-secrets") => "200",
            ("POST", _) => "201",
            ("DELETE", _) => "204",
            _ => "200",
        };
        assert!(answers.contains_key(expected), "{said}");
        for (status, answer) in answers.iter().filter(|(status, _)| status.starts_with(['4', '5'])) {
            let schema = &answer["content"]["application/problem+json"]["schema"];
            assert_eq!(schema["$ref"], "#/components/schemas/Problem", "{said}: {status}");
        }
        assert_eq!(operation.get("requestBody").is_some(), matches!(method.as_str(), "POST" | "PATCH"), "{said}");
        let parameters: BTreeSet<&str> =
            operation["parameters"].as_array().into_iter().flatten().map(|one| one["name"].as_str().unwrap()).collect();
        for name in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            assert!(parameters.contains(name), "{said}: {name}");
        }
    }
}

/// Every body that is taken is closed, and every member has a sentence.
#[tokio::test]
async fn each_schema_is_there_and_each_member_has_a_sentence() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for (member, described) in schema["properties"].as_object().into_iter().flatten() {
            assert!(described["description"].is_string(), "{name}.{member}: {described}");
        }
    }
    for (path, method, operation) in operations(&document) {
        let Some(body) = operation.get("requestBody") else { continue };
        let schema = resolved(&document, &body["content"]["application/json"]["schema"]);
        assert_eq!(schema["additionalProperties"], false, "{method} {path}");
    }
}

/// What may be null according to the document may be, and nothing else may.
#[tokio::test]
async fn null_is_taken_where_the_document_says_so_and_nowhere_else() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    let (_, root) = app.root().await;
    let mut nullable = 0;
    for (path, method, operation) in operations(&document) {
        let Some(body) = operation.get("requestBody") else { continue };
        let schema = resolved(&document, &body["content"]["application/json"]["schema"]);
        let path = path.replace(['{', '}'], "");
        for (member, described) in schema["properties"].as_object().into_iter().flatten() {
            let may_be_null = described["type"].as_array().is_some_and(|types| types.contains(&json!("null")));
            nullable += usize::from(may_be_null);
            let name = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
            let answer = root.json(name, &path, &json!({ member: null })).await;
            let is_refused = answer.status == 400 && answer.text("detail").starts_with(&format!("{member} must be "));
            assert_eq!(is_refused, !may_be_null, "{method} {path} {member}: {}", answer.body);
        }
    }
    assert!(nullable >= 6, "{nullable}");
}

/// What the server answers has the members that the document names, no more and no fewer.
#[tokio::test]
async fn answers_have_the_members_that_are_documented() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    let (_, root) = app.root().await;
    app.scope("read", &[]).await;
    app.person("ada", &[]).await;
    let client = app.web_client("read").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    app.tokens(&browser, &client).await;
    root.create("/api/v1/resources", &json!({ "uri": "https://api.test/", "name": "API" })).await;
    let schema = |path: &str, method: &str, status: &str| {
        document["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"].clone()
    };
    let keys = |value: &Value| -> BTreeSet<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(app.stranger().get("/api/v1/me").await.status, 401, "one refusal is kept");
    let lists = [
        "users",
        "roles",
        "scopes",
        "resources",
        "clients",
        "keys",
        "sessions",
        "grants",
        "audit",
        "refusals",
        "notices",
    ];
    for list in lists {
        let path = format!("/api/v1/{list}");
        let page = root.read(&path).await;
        let page_schema = schema(&path, "get", "200");
        assert_eq!(keys(&page), members(&document, &page_schema), "{list}");
        let item_schema = &resolved(&document, &page_schema)["properties"]["items"]["items"];
        for item in page["items"].as_array().unwrap() {
            assert_eq!(keys(item), members(&document, item_schema), "{list}");
            let required = resolved(&document, item_schema)["required"].as_array().unwrap().len();
            assert_eq!(required, item.as_object().unwrap().len(), "{list}: all members are always there");
        }
    }
    let key = root.create("/api/v1/keys", &json!({ "full_access": true })).await;
    assert_eq!(keys(&key), members(&document, &schema("/api/v1/keys", "post", "201")));
    for end in ["", "/usage", "/callers"] {
        let shown = root.read(&format!("/api/v1/keys/{}{end}", key["id"].as_str().unwrap())).await;
        assert_eq!(keys(&shown), members(&document, &schema(&format!("/api/v1/keys/{{key}}{end}"), "get", "200")));
    }
    let made = root.create("/api/v1/clients", &json!({ "client_name": "Robot", "scope": "openid" })).await;
    assert_eq!(keys(&made), members(&document, &schema("/api/v1/clients", "post", "201")));
    let me = root.read("/api/v1/me").await;
    assert_eq!(keys(&me), members(&document, &schema("/api/v1/me", "get", "200")));
    let problem = app.stranger().get("/api/v1/me").await.json();
    assert_eq!(keys(&problem), members(&document, &document["components"]["schemas"]["Problem"]));
}

#[tokio::test]
async fn everybody_may_read_it_from_anywhere_and_keep_it_for_a_while() {
    let app = TestApp::start_below("/auth").await;
    let answer = app.stranger().with("origin", "https://elsewhere.test").get("/api/v1/openapi.json").await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(answer.json()["servers"][0]["url"], app.url);
    assert!(answer.json()["paths"]["/api/v1/users"].is_object());
}
