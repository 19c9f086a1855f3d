//! What is dangerous wants a sign-in of the last minutes (`sessions.reauthenticate_seconds`), and comes back to where it was.

use hallpass::model::time::Lifetime;
use hallpass::model::user::User;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;

const NOT_DONE_YET: &str = "Nothing was changed before that: do now what you came for.";
/// A user as an export of Frappe has them, with a role that signs nobody in elsewhere.
const EXPORT: &str = r#"[{"name": "kim@example.org", "email": "kim@example.org", "username": "kim", "enabled": 1}]"#;

/// A server where a sign-in is old after a second, with the administrator ada in a browser, and others to act on.
struct Scene {
    app: TestApp,
    browser: Browser,
    ada: User,
    grace: User,
}

impl Scene {
    async fn new() -> Self {
        let app = TestApp::start_with("[sessions]\nreauthenticate_seconds = 1").await;
        let ada = app.person("ada", &["admin"]).await;
        let grace = app.person("grace", &[]).await;
        app.role("bookkeeping").await;
        let browser = app.signed_in("ada", PASSWORD).await;
        Self { app, browser, ada, grace }
    }

    fn wait(&self) {
        self.app.pass(Lifetime::from_seconds(2));
    }

    /// What has happened, but for signing in.
    fn deeds(&self) -> Vec<String> {
        let sql = "SELECT event AS line FROM audit WHERE event NOT LIKE 'login.%' AND event NOT LIKE 'session.%'";
        self.app.database.lines(sql)
    }

    /// Posts a form with an old sign-in, which changes nothing and leads to sign-in and from there to `back`; and once more with
    /// the new one, which does it. Where `is_asked`, the question at `path` wants the same.
    async fn check(&self, path: &str, fields: &[(&str, &str)], back: &str, is_asked: bool) {
        self.wait();
        let before = self.deeds();
        let refused = self.browser.submit(path, fields).await;
        let location = refused.header("location").to_owned();
        assert!(
            refused.status == 303 && location.starts_with("/login?"),
            "{path}: {} {}",
            refused.status,
            refused.body
        );
        assert_eq!(self.deeds(), before, "{path}");
        if is_asked {
            assert_eq!(self.browser.get(path).await.header("location"), location, "{path}");
        }
        let sign_in = self.browser.get(&location).await;
        assert!(sign_in.body.contains("Sign in once more to go on"), "{path}: {}", sign_in.body);
        assert_eq!(sign_in.input("username"), "ada");
        let entered = self.browser.sign_in_at(&sign_in, "ada", PASSWORD).await;
        assert_eq!((entered.status, entered.header("location")), (303, back), "{path}");
        let page = self.browser.get(back).await;
        assert_eq!((page.status, page.body.contains(NOT_DONE_YET)), (200, !is_asked), "{path}: {}", page.body);
        let done = self.browser.submit(path, fields).await;
        let is_done = done.status == 200 || done.status == 303 && !done.header("location").starts_with("/login");
        assert!(is_done, "{path}: {} {}", done.status, done.body);
        assert!(self.deeds().len() > before.len(), "{path}: {}", done.body);
    }
}

#[tokio::test]
async fn what_changes_who_another_is_wants_a_new_sign_in() {
    let scene = Scene::new().await;
    let user = format!("/users/{}", scene.grace.id);
    let (told, settings) = (format!("{user}?done=not-done-yet"), format!("{user}?tab=settings&done=not-done-yet"));
    let password = [("new_password", "another battery staple")];
    scene.check(&format!("{user}/password"), &password, &settings, false).await;
    scene.check(&user, &[("full_name", "Grace"), ("role", "admin")], &told, false).await;
    scene.check(&user, &[("full_name", "Grace")], &told, false).await;
    let address = [("full_name", "Grace"), ("email", "thief@example.org")];
    scene.check(&user, &address, &told, false).await;
    let new = [("username", "heidi"), ("password", "another battery staple"), ("role", "bookkeeping")];
    scene.check("/users/new", &new, "/users/new?done=not-done-yet", false).await;
    let import = [("users", EXPORT)];
    scene.check("/import", &import, "/import?done=not-done-yet", false).await;
    let disable = format!("{user}/disable");
    scene.check(&disable, &[], &disable, true).await;
    let delete = format!("{user}/delete");
    scene.check(&delete, &[], &delete, true).await;
}

#[tokio::test]
async fn api_keys_of_another_want_a_new_sign_in_and_ones_own_do_not() {
    let scene = Scene::new().await;
    let key = scene.app.key(&scene.grace).await;
    let keys = format!("/users/{}/keys", scene.grace.id);
    let settings = format!("/users/{}?tab=settings&done=not-done-yet", scene.grace.id);
    scene.check(&keys, &[("name", "Payroll")], &settings, false).await;
    let rotate = format!("{keys}/{}/rotate", key.id);
    scene.check(&rotate, &[("overlap", "none")], &rotate, true).await;
    let revoke = format!("{keys}/{}/revoke", key.id);
    scene.check(&revoke, &[], &revoke, true).await;

    scene.wait();
    let narrow = scene.browser.submit(&format!("{keys}/{}/narrow", key.id), &[]).await;
    assert!(narrow.header("location").starts_with("/login?"), "{} {}", narrow.status, narrow.body);
    for own in ["/account/keys".to_owned(), format!("/users/{}/keys", scene.ada.id)] {
        let made = scene.browser.submit(&own, &[("name", "Mine")]).await;
        assert_eq!(made.status, 200, "{own}: {}", made.body);
    }
}

#[tokio::test]
async fn the_secret_the_roles_and_the_end_of_an_application_want_a_new_sign_in() {
    let scene = Scene::new().await;
    let client = scene.app.web_client("openid").await;
    let page = format!("/clients/{}", client.client_id);
    for deed in ["rotate-secret", "cut-off"] {
        let path = format!("{page}/{deed}");
        scene.check(&path, &[], &path, true).await;
    }
    let edit = format!("{page}/edit");
    let registration = [
        ("client_name", "Ledger"),
        ("redirect_uris", "https://rp.test/cb"),
        ("scope", "openid"),
        ("grant_types", "authorization_code client_credentials"),
        ("role", "admin"),
    ];
    scene.check(&edit, &registration, &format!("{edit}?done=not-done-yet"), false).await;
    scene.check("/clients/new", &registration, "/clients/new?done=not-done-yet", false).await;
    let delete = format!("{page}/delete");
    scene.check(&delete, &[], &delete, true).await;
}

#[tokio::test]
async fn acts_on_several_users_that_shut_them_out_want_a_new_sign_in() {
    let scene = Scene::new().await;
    let id = scene.grace.id.to_string();
    for act in ["disable", "delete"] {
        let fields = [("act", act), ("record", id.as_str()), ("confirmed", "yes")];
        scene.check("/users/bulk?q=gra", &fields, "/users?q=gra&done=not-done-yet", false).await;
    }
}

#[tokio::test]
async fn what_is_not_dangerous_is_done_with_an_old_sign_in() {
    let scene = Scene::new().await;
    let client = scene.app.web_client("openid").await;
    scene.app.set_user_enabled(scene.grace.id, false).await;
    scene.wait();
    let user = format!("/users/{}", scene.grace.id);
    let registration = [("client_name", "Books"), ("redirect_uris", "https://rp.test/cb"), ("scope", "openid")];
    for (path, fields) in [
        (format!("{user}/enable"), &[][..]),
        (user, &[("full_name", "Grace Hopper")][..]),
        ("/users/new".to_owned(), &[("username", "nightly"), ("service", "yes")][..]),
        (
            format!("/clients/{}/edit", client.client_id),
            &[&registration[..], &[("grant_types", "authorization_code")]].concat(),
        ),
        (format!("/clients/{}/disable", client.client_id), &[][..]),
    ] {
        let done = scene.browser.submit(&path, fields).await;
        assert!(done.header("location").contains("done="), "{path}: {} {}", done.status, done.body);
        assert!(!done.header("location").starts_with("/login"), "{path}: {}", done.header("location"));
    }
    for path in ["/users", "/clients", "/users/new", "/clients/new"] {
        assert_eq!(scene.browser.get(path).await.status, 200, "{path}: to look is not dangerous");
    }
}
