//! Roles, scopes and resources, made and changed on pages.

use hallpass::model::time::Lifetime;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;

async fn administered() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    app.person("ada", &["admin"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, browser)
}

#[tokio::test]
async fn a_role_is_made_described_made_strict_and_deleted() {
    let (app, browser) = administered().await;
    let list =
        browser.done("/roles/new", &[("name", "Book keeping"), ("description", "Looks after <b>money</b>")]).await;
    assert!(list.body.contains("It is there now.") && list.body.contains("&#60;b&#62;money"), "{}", list.body);
    let edit = "/roles/edit?name=Book+keeping";
    assert_eq!(list.paths("/roles/edit?name=Book"), [edit]);
    let form = browser.get(edit).await;
    assert_eq!(form.input("description"), "Looks after <b>money</b>");
    assert!(form.find_input("name").is_none(), "the name stays");
    let saved = browser.done(edit, &[("description", "Books"), ("require_second_factor", "yes")]).await;
    assert!(saved.body.contains("Books") && saved.body.contains("Second factor"), "{}", saved.body);
    app.person("grace", &["Book keeping"]).await;
    let halfway = app.browser().sign_in("grace", PASSWORD).await;
    assert!(halfway.header("location").starts_with("/login/first-factor"), "{}", halfway.header("location"));
    let asked = browser.get("/roles/delete?name=Book+keeping").await;
    assert!(asked.body.contains("Delete the role Book keeping?"), "{}", asked.body);
    let gone = browser.done("/roles/delete?name=Book+keeping", &[]).await;
    assert!(gone.body.contains("It is deleted."), "{}", gone.body);
    assert_eq!(browser.get(edit).await.status, 404);
    let log = browser.get("/audit").await;
    for event in ["role.created", "role.changed", "role.deleted"] {
        assert!(log.body.contains(event), "{event}");
    }
}

#[tokio::test]
async fn the_built_in_role_can_ask_for_a_second_factor_and_nothing_else_of_it_changes() {
    let (_app, browser) = administered().await;
    let form = browser.get("/roles/edit?name=admin").await;
    assert!(form.find_input("description").is_none() && form.paths("/roles/delete").is_empty(), "{}", form.body);
    browser.done("/roles/edit?name=admin", &[("description", "x"), ("require_second_factor", "yes")]).await;
    let form = browser.get("/roles/edit?name=admin").await;
    assert!(form.body.contains("value=\"yes\" checked"), "{}", form.body);
    browser.done("/roles/edit?name=admin", &[]).await;
    let refused = browser.submit("/roles/delete?name=admin", &[]).await;
    assert!(refused.status == 409 && refused.body.contains("is built in and stays"), "{}", refused.body);
}

/// security.md, case 331
#[tokio::test]
async fn names_that_look_like_another_are_refused_at_their_field() {
    let (_app, browser) = administered().await;
    browser.done("/roles/new", &[("name", "Editor")]).await;
    for name in ["Admin", "admin ", "\u{430}dmin", "editor", "", "a/b", "x\u{202e}y"] {
        let refused = browser.submit("/roles/new", &[("name", name)]).await;
        assert_eq!(refused.status, 422, "{name}: {}", refused.body);
        assert!(refused.body.contains("id=\"name-error\""), "{name}: {}", refused.body);
    }
    for (fields, field) in [
        (vec![("name", "two words"), ("description", "x")], "name"),
        (vec![("name", "openid"), ("description", "x")], "name"),
        (vec![("name", "fine"), ("description", "")], "description"),
        (vec![("name", "fine"), ("description", "x\u{202e}y")], "description"),
        (vec![("name", "fine"), ("description", "x"), ("role", "unheard-of")], ""),
    ] {
        let answer = browser.submit("/scopes/new", &fields).await;
        if field.is_empty() {
            // A role that the form does not offer is none that was ticked: the scope must not be open for that.
            assert_eq!(answer.status, 422, "{fields:?}: {}", answer.body);
        } else {
            assert_eq!(answer.status, 422, "{fields:?}: {}", answer.body);
            assert!(answer.body.contains(&format!("id=\"{field}-error\"")), "{fields:?}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_scope_is_made_bound_to_roles_and_deleted() {
    let (app, browser) = administered().await;
    app.role("bookkeeping").await;
    app.person("grace", &["bookkeeping"]).await;
    app.person("bob", &[]).await;
    let list = browser
        .done(
            "/scopes/new",
            &[("name", "invoices:read"), ("description", "Read your invoices"), ("role", "bookkeeping")],
        )
        .await;
    assert!(list.body.contains("Read your invoices"), "{}", list.body);
    assert!(list.body.contains("See your name"), "the built-in ones stand there too: {}", list.body);
    let edit = "/scopes/edit?name=invoices%3Aread";
    assert_eq!(list.paths("/scopes/edit"), [edit]);
    assert!(browser.get(edit).await.body.contains("value=\"bookkeeping\" checked"));
    let in_use = browser.submit("/roles/delete?name=bookkeeping", &[]).await;
    assert!(in_use.status == 409 && in_use.body.contains("delete that scope first"), "{}", in_use.body);
    for (roles, open_to_bob) in [(vec![("role", "bookkeeping")], false), (vec![], true)] {
        let fields: Vec<_> = [("description", "Read invoices")].into_iter().chain(roles).collect();
        browser.done(edit, &fields).await;
        let form = app.signed_in("bob", PASSWORD).await.get("/account").await;
        assert_eq!(form.body.contains("value=\"invoices:read\""), open_to_bob);
    }
    browser.done("/scopes/delete?name=invoices%3Aread", &[]).await;
    for path in [edit, "/scopes/edit?name=openid", "/scopes/edit", "/scopes/delete?name=openid"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_resource_is_made_changed_and_deleted() {
    let (app, browser) = administered().await;
    app.scope("invoices:read", &[]).await;
    let uri = "https://api.example.org/v1?x=1&y=2";
    for (fields, field) in [
        (vec![("uri", "not a uri"), ("name", "API")], "uri"),
        (vec![("uri", "https://api.example.org/#x"), ("name", "API")], "uri"),
        (vec![("uri", uri), ("name", "")], "name"),
    ] {
        let refused = browser.submit("/resources/new", &fields).await;
        assert_eq!(refused.status, 422, "{fields:?}: {}", refused.body);
        assert!(refused.body.contains(&format!("id=\"{field}-error\"")), "{fields:?}: {}", refused.body);
    }
    let fields = [("uri", uri), ("name", "Invoices"), ("scope", "invoices:read")];
    let list = browser.done("/resources/new", &fields).await;
    assert!(list.body.contains("Invoices") && list.body.contains("invoices:read"), "{}", list.body);
    let again = browser.submit("/resources/new", &fields).await;
    assert!(again.status == 422 && again.body.contains("id=\"uri-error\""), "{}", again.body);
    let edit = list.paths("/resources/edit").remove(0);
    browser.done(&edit, &[("name", "Bills")]).await;
    let list = browser.get("/resources").await;
    assert!(list.body.contains("Bills") && !list.body.contains("invoices:read"), "{}", list.body);
    let delete = edit.replace("/edit", "/delete");
    app.pass(Lifetime::from_seconds(16 * 60));
    let stale = browser.get(&delete).await;
    assert!(stale.header("location").starts_with("/login"), "what deletes wants a new sign-in: {}", stale.status);
    assert!(browser.submit(&delete, &[]).await.header("location").starts_with("/login"));
    let browser = app.signed_in("ada", PASSWORD).await;
    browser.done(&delete, &[]).await;
    assert_eq!(browser.get(&edit).await.status, 404);
}
