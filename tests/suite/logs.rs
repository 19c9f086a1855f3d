//! What the server writes down: each request with who it was, and never a secret.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::support::caller::Browser;
use crate::support::caller::Script;
use crate::support::program::Program;

const PASSWORD: &str = "correct horse battery";

/// ASVS 16.2.5: at the finest level, with secrets wherever a clumsy client may put them.
#[tokio::test]
async fn no_secret_is_written_down_wherever_it_was_sent() {
    let program = Program::new().with("HALLPASS_LOG__LEVEL", "trace").with("HALLPASS_LOG__FORMAT", "json");
    let made = program.run_with_input("user create ada --role admin --password-stdin --json", PASSWORD).json();
    let key = program.run("key create --user ada --full-access --json").json();
    let client = program.run("client create Ledger --grant client_credentials --json").json();
    let text =
        |value: &Value, name: &str| value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}")).to_owned();
    let (api_key, api_secret) = (text(&key, "api_key"), text(&key, "api_secret"));
    let (client_id, client_secret) = (text(&client, "client_id"), text(&client, "client_secret"));

    let server = program.serve();
    let (browser, stranger) = (Browser::new(&server.url), || Script::new(&server.url));
    assert_eq!(browser.sign_in("ada", PASSWORD).await.status, 303);
    let csrf_token = browser.csrf_token("/account").await;
    assert_eq!(Browser::new(&server.url).sign_in(PASSWORD, "my-other-password").await.status, 401);
    let basic = format!("Basic {}", STANDARD.encode(format!("{client_id}:{client_secret}")));
    let service = stranger().with("authorization", &basic);
    let issued = service.post("/oauth/token", &[("grant_type", "client_credentials")]).await;
    let access_token = issued.text("access_token");
    let pair = format!("{api_key}:{api_secret}");
    let token = format!("token {pair}");
    assert_eq!(stranger().with("authorization", &token).get("/api/v1/me").await.status, 200);
    let bearer = format!("Bearer {access_token}");
    assert_eq!(stranger().with("authorization", &bearer).get("/api/v1/me").await.status, 200);
    // In addresses, in misspelt fields, in other headers, in broken requests.
    for path in ["/login", "/nothing", "/api/v1/me", "/oauth/authorize", "/oauth/token", "/static/x", "/health/live"] {
        stranger()
            .get(&format!("{path}?api_secret={api_secret}&access_token={access_token}&password=my-other-password"))
            .await;
        stranger().get(&format!("{path}/{api_secret}/{access_token}")).await;
        let fields = [("client_secet", &*client_secret), ("pasword", PASSWORD), ("code", &access_token)];
        stranger().post(path, &fields).await;
        let script = stranger().with("x-api-key", &api_secret).with("authorization", &format!("Digest {api_secret}"));
        script
            .with("referer", &format!("https://x.test/?{access_token}"))
            .with("user-agent", &client_secret)
            .get(path)
            .await;
        browser.get(&format!("{path}?csrf_token={csrf_token}")).await;
    }
    let session = browser.cookie("hallpass_session").unwrap();
    let device = browser.cookie("hallpass_device").unwrap();
    let (status, lines) = server.stop();
    assert!(status.success());

    let log = lines.join("\n");
    let secrets =
        [PASSWORD, "my-other-password", &api_secret, &client_secret, &access_token, &session, &csrf_token, &device];
    for secret in secrets {
        let encoded = STANDARD.encode(secret);
        for form in [secret, &encoded[..encoded.len() - 4]] {
            assert!(!log.contains(form), "{secret} stands in the log");
        }
    }
    assert!(!log.contains(&basic), "a client's header stands in the log");

    // What is no secret is there: who it was and with which credential, in a line for each request.
    let requests: Vec<Value> = lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let find = |subject: &str, credential: &str| {
        requests.iter().any(|line| line["subject"] == subject && line["credential"] == credential)
    };
    assert!(find(&text(&made, "id"), &text(&key, "id")), "{log}");
    assert!(find(&client_id, &client_id), "{log}");
    let of_ada = requests.iter().filter(|line| line["subject"] == text(&made, "id").as_str());
    let sessions = of_ada.filter(|line| line["credential"].as_str().is_some_and(|id| id.starts_with("session_")));
    assert!(sessions.count() >= 4, "{log}");
    // The route as the table has it, never the path that came.
    assert!(requests.iter().any(|line| line["route"] == "/api/v1/me" && line["status"] == 401), "{log}");
    assert!(requests.iter().any(|line| line["route"] == "(none)" && line["status"] == 404), "{log}");
}

/// The id of an answer finds its line.
#[tokio::test]
async fn the_id_of_an_answer_finds_its_line() {
    let program = Program::new().with("HALLPASS_LOG__FORMAT", "json");
    let server = program.serve();
    let stranger = Script::new(&server.url);
    let mut ids = Vec::new();
    for path in ["/login", "/nothing", "/api/v1/me", "/oauth/authorize", "/account"] {
        ids.push((path, stranger.get(path).await.header("x-request-id").to_owned()));
    }
    let (_, lines) = server.stop();
    for (path, id) in ids {
        let found: Vec<&String> = lines.iter().filter(|line| line.contains(&id)).collect();
        assert_eq!(found.len(), 1, "{path}: {lines:#?}");
    }
}
