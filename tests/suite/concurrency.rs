//! What must happen once happens once, however many come at the same moment; on both databases.
//!
//! `TEST_ROUNDS` sets how often each race is run; a few are run where it is not set.

use std::collections::BTreeSet;
use std::sync::Arc;

use hallpass::domain::setup;
use hallpass::domain::users;
use hallpass::domain::users::NewUser;
use hallpass::domain::users::UserError;
use hallpass::model::audit::AuditEvent;
use hallpass::model::client::GrantType;
use hallpass::model::id::UserId;
use hallpass::model::role::RoleName;
use hallpass::model::user::Roles;
use hallpass::model::username::Username;
use hallpass::server::open_store;
use hallpass::store::Store;
use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::app::config;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::caller::Script;
use crate::support::flow::VERIFIER;
use crate::support::race::Nodes;
use crate::support::race::at_once;
use crate::support::race::rounds;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

fn statuses(answers: &[Answer]) -> Vec<u16> {
    answers.iter().map(|answer| answer.status).collect()
}

/// Calls the token endpoint `count` times at one moment with the same form, the nodes by turns.
async fn ask_at_once(nodes: &[&TestApp], client: &SeededClient, fields: &[(&str, &str)], count: usize) -> Vec<Answer> {
    let scripts: Vec<Arc<Script>> = nodes.iter().map(|node| Arc::new(node.script(&client.basic()))).collect();
    let fields: Vec<(String, String)> = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    at_once(count, |number| {
        let (script, fields) = (Arc::clone(&scripts[number % scripts.len()]), fields.clone());
        async move {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            script.post("/oauth/token", &fields).await
        }
    })
    .await
}

async fn begin_with(settings: &str) -> (Nodes, SeededClient, Browser) {
    let settings = format!("[http]\nworkers = 4\n{settings}");
    let app = Nodes::of(TestApp::start_with(&settings).await, &settings);
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let client = app.web_client("read").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, client, browser)
}

/// The second store of the same database: another process beside the server, with a writer of its own.
fn another_process(app: &TestApp) -> Store {
    open_store(&config(&app.database, "")).expect("the database can be opened once more")
}

/// RFC 6749 §4.1.2, §10.5
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_code_that_is_redeemed_a_hundred_times_at_once_is_redeemed_once_and_then_ends_what_it_gave() {
    let (app, client, browser) = begin_with("").await;
    for round in 0..rounds(3) {
        let code = app.code(&browser, &client).await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", client.redirect_uri.as_str()),
            ("code_verifier", VERIFIER),
        ];
        let answers = ask_at_once(&app.of_round(round), &client, &fields, 100).await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
        assert_eq!(won.len(), 1, "round {round}");
        for answer in &lost {
            answer.refused(400, "invalid_grant");
        }
        app.refuse(&won[0].text("access_token")).await;
        app.refresh(&client, &won[0].text("refresh_token")).await.refused(400, "invalid_grant");
        assert_eq!(app.audited(AuditEvent::CodeReplayed).await.len(), round + 1, "each is noted once");
    }
}

/// RFC 7636 §4.6
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_guesses_at_a_verifier_one_counts_and_the_code_is_gone() {
    let (app, _, browser) = begin_with("").await;
    let client = app.public_client("read").await;
    let id = client.client_id.clone();
    for round in 0..rounds(2) {
        let code = app.code(&browser, &client).await;
        let scripts: Vec<Arc<Script>> = app.of_round(round).iter().map(|node| Arc::new(node.stranger())).collect();
        let answers = at_once(100, |number| {
            let (script, code, id) = (Arc::clone(&scripts[number % scripts.len()]), code.clone(), id.clone());
            async move {
                let guess = format!("{number:0>43}");
                let fields = [
                    ("grant_type", "authorization_code"),
                    ("code", &code),
                    ("client_id", &id),
                    ("code_verifier", &guess),
                ];
                script.post("/oauth/token", &fields).await
            }
        });
        for answer in answers.await {
            answer.refused(400, "invalid_grant");
        }
        app.redeem(&client, &code).await.refused(400, "invalid_grant");
    }
}

/// RFC 9700 §4.14.2
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refresh_token_that_is_used_a_hundred_times_at_once_has_one_successor() {
    let (app, client, browser) = begin_with("").await;
    let mut refresh_token = app.tokens(&browser, &client).await["refresh_token"].as_str().unwrap().to_owned();
    for round in 0..rounds(3) {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
        let answers = ask_at_once(&app.of_round(round), &client, &fields, 100).await;
        let mut successors = BTreeSet::new();
        for answer in &answers {
            assert_eq!(answer.status, 200, "round {round}: {}", answer.body);
            successors.insert((answer.text("refresh_token"), answer.text("access_token")));
        }
        assert_eq!(successors.len(), 1, "round {round}: a family never forks");
        let (successor, access_token) = successors.pop_first().unwrap();
        assert_eq!(app.me_status(&access_token).await, 200, "and it lives");
        refresh_token = successor;
    }
    assert_eq!(app.refresh(&client, &refresh_token).await.status, 200);
    assert!(app.audited(AuditEvent::RefreshReplayed).await.is_empty());
}

/// RFC 9700 §4.14.2
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_a_window_one_refresh_of_a_hundred_wins_and_the_family_ends() {
    let (app, client, browser) = begin_with("[tokens]\nrefresh_replay_window_seconds = 0").await;
    for round in 0..rounds(3) {
        let tokens = app.tokens(&browser, &client).await;
        let refresh_token = tokens["refresh_token"].as_str().unwrap();
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        let answers = ask_at_once(&app.of_round(round), &client, &fields, 100).await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
        assert_eq!(won.len(), 1, "round {round}");
        for answer in &lost {
            answer.refused(400, "invalid_grant");
        }
        for access_token in [&won[0].text("access_token"), tokens["access_token"].as_str().unwrap()] {
            app.refuse(access_token).await;
        }
        app.refresh(&client, &won[0].text("refresh_token")).await.refused(400, "invalid_grant");
        assert_eq!(app.audited(AuditEvent::RefreshReplayed).await.len(), round + 1, "each is noted once");
    }
}

/// RFC 9700 §4.14.2
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_different_refreshes_at_once_there_is_never_more_than_one_that_lives() {
    let (app, client, browser) = begin_with("").await;
    app.scope("write", &[]).await;
    let client = {
        let both = app.web_client("read write").await;
        drop(client);
        both
    };
    for round in 0..rounds(3) {
        let refresh_token = app.tokens(&browser, &client).await["refresh_token"].as_str().unwrap().to_owned();
        let nodes = app.of_round(round);
        let scripts: Vec<Arc<Script>> = nodes.iter().map(|node| Arc::new(node.script(&client.basic()))).collect();
        let answers = at_once(40, |number| {
            // Both requests come to both nodes.
            let (script, refresh_token) = (Arc::clone(&scripts[number / 2 % scripts.len()]), refresh_token.clone());
            async move {
                let scope = if number % 2 == 0 { "read" } else { "write" };
                let fields = [("grant_type", "refresh_token"), ("refresh_token", &refresh_token), ("scope", scope)];
                script.post("/oauth/token", &fields).await
            }
        });
        let answers = answers.await;
        let won = answers.iter().filter(|answer| answer.status == 200).map(|answer| answer.text("refresh_token"));
        let won: BTreeSet<String> = won.collect();
        assert_eq!(won.len(), 1, "round {round}");
        // Two requests were not the same one, so somebody else had the token.
        app.refresh(&client, won.first().unwrap()).await.refused(400, "invalid_grant");
    }
}

/// RFC 6749 §4.1.2
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_consent_form_that_is_sent_fifty_times_at_once_gives_one_code() {
    let (app, _, browser) = begin_with("").await;
    for round in 0..rounds(3) {
        let browsers: Vec<Arc<Browser>> = app.of_round(round).iter().map(|node| Arc::new(browser.on(node))).collect();
        let client = app.web_client("read").await;
        let page = browser.get(&client.authorize_path(&[])).await;
        page.is_consent_page();
        let (request, csrf_token) = (page.input("request"), page.input("csrf_token"));
        let answers = at_once(50, |number| {
            let browser = &browsers[number % browsers.len()];
            let (browser, request, csrf_token) = (Arc::clone(browser), request.clone(), csrf_token.clone());
            async move {
                let fields = [
                    ("request", request.as_str()),
                    ("decision", "allow"),
                    ("scope", "read"),
                    ("csrf_token", csrf_token.as_str()),
                ];
                browser.post("/oauth/consent", &fields).await
            }
        });
        let answers = answers.await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 303);
        assert_eq!(won.len(), 1, "round {round}");
        assert!(won[0].header("location").contains("code=hp_ac_"));
        let is_refused = |answer: &Answer| matches!(answer.status, 409 | 503);
        assert!(lost.iter().all(is_refused), "round {round}: {:?}", statuses(&lost));
        assert_eq!(app.audited(AuditEvent::GrantGiven).await.len(), round + 1);
    }
}

/// RFC 6749 §4.1.1
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_consents_of_one_user_to_one_client_at_once_are_one_grant() {
    let (app, _, browser) = begin_with("").await;
    let ada = app.write(|tx| tx.users().find_by_login("ada")).await.expect("ada");
    for round in 0..rounds(3) {
        let browsers: Vec<Arc<Browser>> = app.of_round(round).iter().map(|node| Arc::new(browser.on(node))).collect();
        let client = app.web_client("read").await;
        let mut pages = Vec::new();
        for _ in 0..20 {
            let page = browser.get(&client.authorize_path(&[])).await;
            pages.push((page.input("request"), page.input("csrf_token")));
        }
        let answers = at_once(20, |number| {
            let browser = Arc::clone(&browsers[number % browsers.len()]);
            let (request, csrf_token) = pages[number].clone();
            async move {
                let fields = [
                    ("request", request.as_str()),
                    ("decision", "allow"),
                    ("scope", "read"),
                    ("csrf_token", csrf_token.as_str()),
                ];
                browser.post("/oauth/consent", &fields).await
            }
        });
        for answer in answers.await {
            assert_eq!(answer.status, 303, "{}", answer.body);
        }
        assert_eq!(app.count_grants(&ada).await, round + 1);
    }
}

/// What two administrators do to each other at once, each way that takes one away.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_administrators_who_remove_each_other_at_once_leave_one() {
    #[derive(Debug, Clone, Copy)]
    enum Removal {
        Demote,
        Disable,
        Delete,
    }
    async fn remove(store: Store, by: Removal, id: UserId, act: hallpass::domain::act::Act) -> Result<(), UserError> {
        store
            .write(move |tx| match by {
                Removal::Demote => users::revoke_role(tx, id, &RoleName::admin(), &act).map(drop),
                Removal::Disable => users::set_enabled(tx, id, false, &act).map(drop),
                Removal::Delete => users::delete(tx, id, &act),
            })
            .await
    }
    let app = TestApp::start().await;
    let stores = [app.store.clone(), another_process(&app)];
    let ways = [Removal::Demote, Removal::Disable, Removal::Delete];
    let mut names = 0;
    for round in 0..rounds(30) {
        let (one, other) = (ways[round % 3], ways[(round / 3) % 3]);
        names += 2;
        let first = app.person(&format!("admin{names}"), &["admin"]).await;
        let second = app.person(&format!("admin{}", names + 1), &["admin"]).await;
        let left_over = app.write(|tx| tx.users().count_administrators()).await;
        // Whoever was left by the round before goes first, so that these two are alone.
        if left_over > 2 {
            let id = app.write(move |tx| tx.users().list(None, 1000)).await;
            for user in id.into_iter().filter(|user| ![first.id, second.id].contains(&user.id)) {
                let act = app.act();
                app.store.write(move |tx| users::delete(tx, user.id, &act)).await.unwrap();
            }
        }
        assert_eq!(app.write(|tx| tx.users().count_administrators()).await, 2, "round {round}");
        let outcomes = at_once(2, |number| {
            let (by, id) = if number == 0 { (one, first.id) } else { (other, second.id) };
            remove(stores[number].clone(), by, id, app.act())
        })
        .await;
        let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(done, 1, "round {round}: {one:?} against {other:?}: {outcomes:?}");
        let refused = outcomes.iter().any(|outcome| matches!(outcome, Err(UserError::LastAdministrator)));
        assert!(refused, "round {round}: {outcomes:?}");
        assert_eq!(app.write(|tx| tx.users().count_administrators()).await, 1, "round {round}");
    }
}

/// The first administrator is made once, also by two setup addresses.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_setup_address_that_is_used_twenty_times_at_once_makes_one_administrator() {
    for round in 0..rounds(2) {
        let app = TestApp::start_with("[http]\nworkers = 4").await;
        let now = app.act().now;
        // As another node would have printed it.
        let second = app.store.write(move |tx| setup::prepare(tx, now)).await.unwrap().expect("nobody is there yet");
        let of_the_server = app.setup_url.as_deref().unwrap().split("token=").nth(1).unwrap().to_owned();
        let tokens = [of_the_server, second.reveal().to_owned()];
        let mut browsers = Vec::new();
        for number in 0..20 {
            let browser = app.browser();
            let page = browser.get(&format!("/setup?token={}", tokens[number % 2])).await;
            browsers.push(Arc::new((browser, page.input("csrf_token"), tokens[number % 2].clone())));
        }
        let answers = at_once(20, |number| {
            let browser = Arc::clone(&browsers[number]);
            async move {
                let (browser, csrf_token, token) = &*browser;
                let username = format!("root{number}");
                let fields = [
                    ("token", token.as_str()),
                    ("username", username.as_str()),
                    ("password", "a rather long password"),
                    ("csrf_token", csrf_token.as_str()),
                ];
                browser.post("/setup", &fields).await
            }
        })
        .await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 303);
        assert_eq!(won.len(), 1, "round {round}");
        assert!(lost.iter().all(|answer| answer.status == 400), "round {round}: {:?}", statuses(&lost));
        let administrators = app.write(|tx| tx.users().count_administrators()).await;
        let all = app.write(|tx| tx.users().list(None, 100)).await.len();
        assert_eq!((administrators, all), (1, 1), "round {round}");
    }
}

/// A name belongs to one user, however it is spelt and however many ask for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_name_that_fifty_take_at_once_is_one_users() {
    let app = TestApp::start().await;
    let stores = [app.store.clone(), another_process(&app)];
    for round in 0..rounds(3) {
        let act = app.act();
        let outcomes = at_once(50, |number| {
            let name = if number % 2 == 0 { format!("Ada{round}") } else { format!("aDA{round}") };
            let (store, act) = (stores[number % 2].clone(), act.clone());
            async move {
                let new = NewUser {
                    username: Username::parse(&name).unwrap(),
                    email: None,
                    full_name: String::new(),
                    roles: Roles::default(),
                    password: None,
                };
                store.write(move |tx| users::create(tx, &new, &act)).await
            }
        })
        .await;
        let made = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let taken = outcomes.iter().filter(|outcome| matches!(outcome, Err(UserError::UsernameTaken))).count();
        assert_eq!((made, taken), (1, 49), "round {round}: {outcomes:?}");
    }
}

/// RFC 9700 §4.14.2: what a changed password ends has ended, also what was being given at that moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_password_that_is_changed_while_codes_are_given_leaves_none_that_works() {
    let (app, client, first) = begin_with("").await;
    let codes_only = |client: &mut hallpass::domain::clients::ClientDescription| {
        client.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
    };
    let asked = app.client_with("read", codes_only).await;
    let ada = app.write(|tx| tx.users().find_by_login("ada")).await.expect("ada");
    app.tokens(&first, &client).await;
    for round in 0..rounds(10) {
        let browser = Arc::new(app.signed_in("ada", PASSWORD).await);
        let page = browser.get(&asked.authorize_path(&[("scope", "read"), ("state", &round.to_string())])).await;
        let consent = (page.status == 200).then(|| (page.input("request"), page.input("csrf_token")));
        let (id, act, store) = (ada.id, app.act(), another_process(&app));
        let remembered = client.authorize_path(&[]);
        let answers = at_once(3, |number| {
            let (browser, consent, remembered) = (Arc::clone(&browser), consent.clone(), remembered.clone());
            let (store, act) = (store.clone(), act.clone());
            async move {
                match (number, consent) {
                    (0, _) => {
                        let hash = crate::support::seed::password_hash();
                        store.write(move |tx| users::set_password(tx, id, &hash, None, &act)).await.unwrap();
                        None
                    }
                    (1, Some((request, csrf_token))) => {
                        let fields = [
                            ("request", request.as_str()),
                            ("decision", "allow"),
                            ("scope", "read"),
                            ("csrf_token", csrf_token.as_str()),
                        ];
                        Some(browser.post("/oauth/consent", &fields).await)
                    }
                    _ => Some(browser.get(&remembered).await),
                }
            }
        })
        .await;
        for answer in answers.into_iter().flatten() {
            assert!(answer.status < 500, "round {round}: {}", answer.body);
            let Some(code) = answer.header("location").split("code=").nth(1) else { continue };
            let code = code.split('&').next().unwrap();
            for client in [&client, &asked] {
                app.redeem(client, code).await.refused(400, "invalid_grant");
            }
        }
    }
}

/// A key that is made while its user loses a role has nothing of that role.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_that_is_made_while_a_role_is_taken_lacks_it() {
    let settings = "[http]\nworkers = 4";
    let app = Nodes::of(TestApp::start_with(settings).await, settings);
    app.role("editor").await;
    app.scope("write", &["editor"]).await;
    let (_, root) = app.root().await;
    let root = Arc::new(root);
    for round in 0..rounds(10) {
        let ada = app.person(&format!("ada{round}"), &["editor"]).await;
        let header = app.key(&ada).await.token_header();
        let maker = Arc::new(app.of_round(round).pop().expect("a node").script(&header));
        let answers = at_once(2, |number| {
            let (root, maker, user) = (Arc::clone(&root), Arc::clone(&maker), format!("/api/v1/users/{}", ada.id));
            async move {
                if number == 0 {
                    root.json(Method::PATCH, &user, &json!({ "roles": [] })).await
                } else {
                    let key = json!({ "name": "late", "scopes": ["write"], "roles": ["editor"] });
                    maker.json(Method::POST, "/api/v1/keys", &key).await
                }
            }
        });
        let answers = answers.await;
        assert_eq!(answers[0].status, 200, "round {round}: {}", answers[0].body);
        let key = &answers[1];
        assert!(matches!(key.status, 201 | 400 | 401), "round {round}: {} {}", key.status, key.body);
        if key.status == 201 {
            let pair = format!("token {}:{}", key.text("api_key"), key.text("api_secret"));
            assert_eq!(app.script(&pair).get("/auth/verify?scope=write").await.status, 403, "round {round}");
            let me = app.script(&pair).get("/api/v1/me").await.json();
            assert_eq!((&me["roles"], &me["scopes"]), (&json!([]), &json!([])), "round {round}");
        }
        // Whoever was refused had been let in a moment before.
        assert_eq!(app.script(&header).get("/api/v1/me").await.status, 200, "round {round}");
    }
}

/// Nothing but success or "later" is answered, and what is answered is kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_writers_at_once_are_all_answered() {
    let (app, _, _) = begin_with("").await;
    let client = app.service_client("read").await;
    for round in 0..rounds(2) {
        let fields = [("grant_type", "client_credentials")];
        let answers = ask_at_once(&app.of_round(round), &client, &fields, 200).await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
        assert!(lost.iter().all(|answer| answer.status == 503), "round {round}: {:?}", statuses(&lost));
        assert!(!won.is_empty(), "round {round}");
        for answer in won {
            assert_eq!(app.me_status(&answer.text("access_token")).await, 200, "round {round}");
        }
    }
}

/// ASVS 13.1.2: few connections to the database and many who want one. They wait, for a bounded time, and none waits for
/// one that itself waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_hundred_requests_share_five_connections() {
    let (app, client, browser) = begin_with("[database]\npool_size = 5\nwait_seconds = 2").await;
    let ada = app.write(|tx| tx.users().find_by_login("ada")).await.expect("ada");
    let key = app.key(&ada).await.token_header();
    let cookie = browser.cookie_header();
    for round in 0..rounds(1) {
        let node = app.of_round(round).pop().expect("a node");
        let answers = at_once(500, |number| {
            let by_key = node.script(&key);
            let (in_session, by_client) = (node.stranger().with("cookie", &cookie), node.script(&client.basic()));
            async move {
                match number % 5 {
                    0 => by_key.get("/api/v1/me").await,
                    1 => by_key.json(Method::POST, "/api/v1/keys", &json!({ "name": "k", "full_access": true })).await,
                    2 => in_session.get("/account").await,
                    3 => by_client.post("/oauth/introspect", &[("token", "hp_at_")]).await,
                    _ => by_client.post("/oauth/revoke", &[("token", "hp_at_")]).await,
                }
            }
        });
        // Far beyond what all of them may wait: one that never came would be a deadlock.
        let answers = tokio::time::timeout(std::time::Duration::from_secs(120), answers).await.expect("all come");
        for answer in &answers {
            // A user has a hundred keys at most; and no other client asks about tokens.
            assert!(matches!(answer.status, 200 | 201 | 401 | 409 | 503), "{}: {}", answer.status, answer.body);
        }
        assert!(answers.iter().any(|answer| answer.status == 200), "round {round}: {:?}", statuses(&answers));
        assert_eq!(node.script(&key).get("/api/v1/me").await.status, 200, "and it goes on");
    }
}
