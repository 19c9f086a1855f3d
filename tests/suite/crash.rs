//! What was acknowledged survives `kill -9`, on both databases.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::support::caller;
use crate::support::database::Database;
use crate::support::process;
use crate::support::process::Process;

const ROUNDS: usize = 10;
const WRITERS: usize = 16;

/// A client that acts in its own name, made on the command line.
fn service_client(database: &Database) -> String {
    let run = |arguments: &[&str]| {
        let output = process::command(database.folder(), &database.url, arguments).output().expect("the program runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    run(&["scope", "create", "read", "--description", "Read"]);
    let client = run(&["client", "create", "Load", "--grant", "client_credentials", "--scope", "read", "--json"]);
    let client: Value = serde_json::from_slice(&client).expect("JSON");
    let (id, secret) = (client["client_id"].as_str().unwrap(), client["client_secret"].as_str().unwrap());
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

/// Ten times: sixteen writers ask for tokens, the server is killed in the midst of it, and each token that was
/// answered works after the restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_acknowledged_is_lost_when_the_server_is_killed() {
    let database = Database::create();
    let authorization = service_client(&database);
    let http = caller::client();
    let mut all: Vec<String> = Vec::new();
    for round in 0..ROUNDS {
        let server = Process::start(database.folder(), &database.url);
        let acknowledged = Arc::new(Mutex::new(Vec::new()));
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let (http, url) = (http.clone(), format!("{}/oauth/token", server.url));
                let (authorization, acknowledged) = (authorization.clone(), Arc::clone(&acknowledged));
                tokio::spawn(async move {
                    let form = [("grant_type", "client_credentials")];
                    // Until the server is gone.
                    while let Ok(answer) =
                        http.post(&url).header("authorization", &authorization).form(&form).send().await
                    {
                        assert_eq!(answer.status(), 200);
                        let Ok(token) = answer.json::<Value>().await else { break };
                        acknowledged.lock().unwrap().push(token["access_token"].as_str().unwrap().to_owned());
                    }
                })
            })
            .collect();
        // Under load from its first answers on, and each time for another while.
        while acknowledged.lock().unwrap().len() < WRITERS {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(37 * u64::try_from(round).unwrap())).await;
        server.kill();
        for writer in writers {
            writer.await.expect("the writer ends");
        }
        let acknowledged = std::mem::take(&mut *acknowledged.lock().unwrap());
        assert!(!acknowledged.is_empty(), "round {round} wrote nothing");
        all.extend(acknowledged);

        let server = Process::start(database.folder(), &database.url);
        for token in &all {
            let me = http.get(format!("{}/api/v1/me", server.url)).bearer_auth(token).send().await.expect("an answer");
            assert_eq!(me.status(), 200, "a token of the rounds up to {round} is lost");
        }
        // The early ones were seen to be there many times.
        if all.len() > 400 {
            all.drain(..all.len() - 400);
        }
        server.kill();
    }
}
