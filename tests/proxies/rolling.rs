//! Two nodes behind nginx, as `examples/proxies/nginx/nodes.conf` has it, restarted by turns while they are used: each
//! request is answered, and nothing that was answered is lost.

use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;
use tokio::task::JoinSet;

use crate::support::app::SECRET_KEY;
use crate::support::caller;
use crate::support::database::Database;
use crate::support::process;
use crate::support::process::Process;
use crate::support::race::rounds;

/// Longer than nginx keeps an idle connection.
const DRAIN_SECONDS: &str = "4";
/// So many of each kind use the nodes all the time.
const CALLERS: usize = 3;

/// nginx, until it is dropped.
struct Nginx(Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        drop(Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status());
        drop(self.0.wait());
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The example with other ports, and what a configuration of nginx has besides.
fn start_nginx(folder: &Path, port: u16, nodes: [u16; 2]) -> Nginx {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/proxies/nginx/nodes.conf");
    let mut example = std::fs::read_to_string(example).unwrap();
    for (from, to) in [
        ("listen 8080", format!("listen 127.0.0.1:{port}")),
        ("8001", nodes[0].to_string()),
        ("8002", nodes[1].to_string()),
    ] {
        assert!(example.contains(from), "{from}");
        example = example.replace(from, &to);
    }
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {}/{name};\n", folder.display()))
        .concat();
    let whole = format!(
        "daemon off;\nworker_processes 2;\npid {0}/nginx.pid;\nerror_log {0}/error.log;\nevents {{}}\n\
         http {{\naccess_log off;\n{temporary}{example}}}\n",
        folder.display()
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, whole).unwrap();
    // Where Debian has it.
    let program = if Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" };
    let mut command = Command::new(program);
    command.arg("-p").arg(folder).arg("-c").arg(&file).stdin(Stdio::null());
    let child = command.spawn().unwrap_or_else(|error| panic!("nginx: {error}; tests/run installs it"));
    Nginx(child)
}

struct Site {
    database: Database,
    issuer: String,
}

impl Site {
    fn run(&self, arguments: &[&str]) -> Value {
        let mut command = process::command(self.database.folder(), &self.database.url, arguments);
        let output = command.env("HALLPASS_SECRET_KEY", SECRET_KEY).output().expect("the program runs");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap_or_default()
    }

    fn start(&self, port: u16) -> Process {
        let listen = format!("127.0.0.1:{port}");
        let arguments = ["serve", "--listen", &listen, "--issuer", &self.issuer];
        let mut command = process::command(self.database.folder(), &self.database.url, &arguments);
        command.env("HALLPASS_SECRET_KEY", SECRET_KEY).env("HALLPASS_HTTP__DRAIN_SECONDS", DRAIN_SECONDS);
        command.env("HALLPASS_HTTP__TRUSTED_PROXIES", "127.0.0.1");
        Process::spawn(command)
    }
}

async fn wait_until_ready(url: &str) {
    let http = caller::client();
    for _ in 0..1000 {
        let answer = http.get(format!("{url}/health/ready")).send().await;
        if answer.is_ok_and(|answer| answer.status() == 200) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{url} does not become ready");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_are_restarted_by_turns_and_no_request_fails() {
    let database = Database::create();
    if !database.is_postgres() {
        // A file of SQLite's has one server.
        return;
    }
    let (port, nodes) = (free_port(), [free_port(), free_port()]);
    let site = Site { database, issuer: format!("http://127.0.0.1:{port}") };
    site.run(&["scope", "create", "read", "--description", "Read"]);
    site.run(&["user", "create", "robot", "--service"]);
    let key = site.run(&["key", "create", "--user", "robot", "--full-access", "--json"]);
    let client = site.run(&[
        "client",
        "create",
        "Load",
        "--grant",
        "client_credentials",
        "--scope",
        "read",
        "--scope",
        "introspect",
        "--json",
    ]);
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_else(|| panic!("{value}")).to_owned();
    let secret = text(&key, "api_secret");
    let (client_id, client_secret) = (text(&client, "client_id"), text(&client, "client_secret"));
    let mut running = nodes.map(|port| Some(site.start(port)));
    let direct = nodes.map(|port| format!("http://127.0.0.1:{port}"));
    for url in &direct {
        wait_until_ready(url).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let _nginx = start_nginx(folder.path(), port, nodes);
    wait_until_ready(&site.issuer).await;

    let is_over = Arc::new(AtomicBool::new(false));
    let mut callers = JoinSet::new();
    for number in 0..CALLERS * 4 {
        let (is_over, url) = (Arc::clone(&is_over), site.issuer.clone());
        let (secret, client_id, client_secret) = (secret.clone(), client_id.clone(), client_secret.clone());
        callers.spawn(async move {
            let http = caller::client();
            let (mut tokens, mut calls) = (Vec::new(), 0);
            while !is_over.load(Ordering::Relaxed) {
                let token = tokens.last().cloned().unwrap_or_default();
                let basic = |request: reqwest::RequestBuilder| request.basic_auth(&client_id, Some(&client_secret));
                let request = match number % 4 {
                    0 => http.get(format!("{url}/auth/verify")).bearer_auth(&secret),
                    1 => http.get(format!("{url}/login")),
                    2 if calls % 2 == 1 => {
                        basic(http.post(format!("{url}/oauth/introspect")).form(&[("token", token)]))
                    }
                    _ => basic(http.post(format!("{url}/oauth/token")).form(&[("grant_type", "client_credentials")])),
                };
                let answer = request.send().await.expect("an answer");
                let (status, body) = (answer.status(), answer.text().await.expect("a body"));
                assert_eq!(status, 200, "caller {number}: {body}");
                match serde_json::from_str::<Value>(&body) {
                    Ok(body) if body["access_token"].is_string() => {
                        tokens.push(body["access_token"].as_str().unwrap().to_owned());
                    }
                    Ok(body) => assert_eq!(body["active"], true, "what one node gave the other knows"),
                    Err(_) => {}
                }
                calls += 1;
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            (calls, tokens)
        });
    }
    for round in 0..rounds(2) {
        for (at, port) in nodes.into_iter().enumerate() {
            let node = running[at].take().expect("it runs");
            // Waits for it to end.
            let ended = tokio::task::spawn_blocking(move || node.terminate()).await.unwrap();
            assert!(ended.success(), "round {round}: {ended}");
            running[at] = Some(site.start(port));
            wait_until_ready(&direct[at]).await;
        }
    }
    is_over.store(true, Ordering::Relaxed);
    let (mut all, mut tokens) = (0, Vec::new());
    for (calls, given) in callers.join_all().await {
        assert!(calls > 0);
        all += calls;
        tokens.extend(given);
    }
    println!("{all} requests, {} tokens", tokens.len());
    let http = caller::client();
    for (number, token) in tokens.iter().enumerate() {
        let me = http.get(format!("{}/api/v1/me", direct[number % 2])).bearer_auth(token).send().await.unwrap();
        assert_eq!(me.status(), 200, "token {number} of {}", tokens.len());
    }
}
