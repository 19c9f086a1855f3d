//! How the server stops: what was begun is answered, what waits at the door is let in, and nobody is cut off.

use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::support::database::Database;
use crate::support::process;
use crate::support::process::Process;
use crate::support::race::rounds;

const CALLERS: usize = 16;

/// A client that acts in its own name, made on the command line: its `Authorization`.
fn service_client(database: &Database) -> String {
    let run = |arguments: &[&str]| {
        let output = process::command(database.folder(), &database.url, arguments).output().expect("the program runs");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        output.stdout
    };
    run(&["scope", "create", "read", "--description", "Read"]);
    let client = run(&["client", "create", "Load", "--grant", "client_credentials", "--scope", "read", "--json"]);
    let client: Value = serde_json::from_slice(&client).expect("JSON");
    let text = |name: &str| client[name].as_str().expect("a text").to_owned();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", text("client_id"), text("client_secret"))))
}

fn address(server: &Process) -> SocketAddr {
    server.url.strip_prefix("http://").expect("http").parse().expect("an address")
}

fn start(database: &Database, settings: &[(&str, &str)]) -> Process {
    let mut command = process::command(database.folder(), &database.url, &["serve", "--listen", "127.0.0.1:0"]);
    command.envs(settings.iter().copied());
    Process::spawn(command)
}

fn token_request(authorization: &str) -> Vec<u8> {
    let form = "grant_type=client_credentials";
    format!(
        "POST /oauth/token HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    )
    .into_bytes()
}

/// One answer, from a connection that may go on.
struct Heard {
    head: String,
    body: String,
}

impl Heard {
    fn is_last(&self) -> bool {
        self.head.to_lowercase().contains("\r\nconnection: close")
    }

    fn is_ok(&self) -> bool {
        self.head.starts_with("HTTP/1.1 200")
    }
}

/// Reads one answer to its end.
fn hear(connection: &mut TcpStream) -> std::io::Result<Heard> {
    let mut read = Vec::new();
    let mut piece = [0; 4096];
    loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&read[..end + 2]).into_owned();
            let length = head.to_lowercase();
            let length = length.split("\r\ncontent-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
            let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
            if read.len() >= end + 4 + length {
                let body = String::from_utf8_lossy(&read[end + 4..end + 4 + length]).into_owned();
                return Ok(Heard { head, body });
            }
        }
        match connection.read(&mut piece)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            count => read.extend_from_slice(&piece[..count]),
        }
    }
}

/// Asks again and again until nobody takes connections any more: on connections that are kept, or on a new one each time.
/// Whoever was let in is answered.
fn ask_until_it_is_gone(
    to: SocketAddr,
    authorization: &str,
    keeps: bool,
    answered: &AtomicUsize,
) -> Result<Vec<String>, String> {
    let request = token_request(authorization);
    let mut tokens = Vec::new();
    let mut kept: Option<TcpStream> = None;
    loop {
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => match TcpStream::connect_timeout(&to, Duration::from_secs(20)) {
                Ok(connection) => connection,
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => return Ok(tokens),
                Err(error) => return Err(format!("the door: {error}")),
            },
        };
        connection.set_nodelay(true).expect("TCP");
        connection.set_read_timeout(Some(Duration::from_secs(30))).expect("TCP");
        let heard = connection.write_all(&request).and_then(|()| hear(&mut connection));
        let heard = heard.map_err(|error| format!("after {} answers: {error}", tokens.len()))?;
        if !heard.is_ok() {
            return Err(format!("{}{}", heard.head, heard.body));
        }
        answered.fetch_add(1, Ordering::Relaxed);
        let body: Value = serde_json::from_str(&heard.body).map_err(|error| format!("{error}: {}", heard.body))?;
        tokens.push(body["access_token"].as_str().expect("a token").to_owned());
        kept = (keeps && !heard.is_last()).then_some(connection);
    }
}

/// ASVS 13.1.3: SIGTERM in the midst of all that.
#[test]
fn a_server_that_is_told_to_stop_under_load_cuts_nobody_off_and_loses_nothing() {
    let database = Database::create();
    let authorization = service_client(&database);
    for round in 0..rounds(4) {
        let server = start(&database, &[]);
        let (to, answered) = (address(&server), Arc::new(AtomicUsize::new(0)));
        let callers: Vec<_> = (0..CALLERS)
            .map(|number| {
                let (authorization, answered) = (authorization.clone(), Arc::clone(&answered));
                std::thread::spawn(move || ask_until_it_is_gone(to, &authorization, number % 2 == 0, &answered))
            })
            .collect();
        while answered.load(Ordering::Relaxed) < CALLERS * (1 + round % 4) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let ended = server.terminate();
        assert!(ended.success(), "round {round}: {ended}");
        let mut tokens = Vec::new();
        for caller in callers {
            tokens.extend(caller.join().expect("a caller").unwrap_or_else(|why| panic!("round {round}: {why}")));
        }
        let server = start(&database, &[]);
        let mut connection = TcpStream::connect(address(&server)).expect("it listens");
        for token in &tokens {
            let request = format!("GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
            connection.write_all(request.as_bytes()).expect("it reads");
            assert!(hear(&mut connection).expect("an answer").is_ok(), "round {round}: a token is lost");
        }
    }
}

/// While it drains, it says so to those who watch, and asks everybody to turn elsewhere; all else is as before.
#[test]
fn a_server_that_drains_is_not_ready_and_keeps_no_connection() {
    let database = Database::create();
    let authorization = service_client(&database);
    let server = start(&database, &[("HALLPASS_HTTP__DRAIN_SECONDS", "3")]);
    let to = address(&server);
    let mut kept = TcpStream::connect(to).expect("it listens");
    let ask = |connection: &mut TcpStream, request: &[u8]| {
        connection.write_all(request).expect("it reads");
        hear(connection).expect("an answer")
    };
    let ready = b"GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n";
    let heard = ask(&mut kept, ready);
    assert!(heard.is_ok() && !heard.is_last(), "{}", heard.head);
    let is_over = Arc::new(AtomicBool::new(false));
    let ending = {
        let is_over = Arc::clone(&is_over);
        std::thread::spawn(move || {
            let ended = server.terminate();
            is_over.store(true, Ordering::Relaxed);
            ended
        })
    };
    let mut heard = ask(&mut kept, ready);
    while heard.is_ok() {
        if heard.is_last() {
            // It was told between the answer and its head.
            kept = TcpStream::connect(to).expect("it listens");
        }
        std::thread::sleep(Duration::from_millis(5));
        heard = ask(&mut kept, ready);
    }
    assert!(heard.head.starts_with("HTTP/1.1 503") && heard.is_last(), "{}", heard.head);
    assert_eq!(heard.body, "{\"status\":\"stopping\"}");
    // New ones are still let in, and are told the same.
    for request in [token_request(&authorization), b"GET /login HTTP/1.1\r\nHost: x\r\n\r\n".to_vec()] {
        let mut connection = TcpStream::connect(to).expect("it listens");
        let heard = ask(&mut connection, &request);
        assert!(heard.is_ok() && heard.is_last(), "{}", heard.head);
        assert_eq!(connection.read(&mut [0]).expect("it is closed"), 0);
    }
    assert!(!is_over.load(Ordering::Relaxed), "it does not wait");
    assert!(ending.join().expect("it ends").success());
    assert!(TcpStream::connect(to).is_err());
}

/// Whoever presses Ctrl-C does not want to wait.
#[test]
fn an_interrupt_stops_at_once() {
    let database = Database::create();
    let server = start(&database, &[("HALLPASS_HTTP__DRAIN_SECONDS", "600")]);
    let mut idle = TcpStream::connect(address(&server)).expect("it listens");
    assert!(server.interrupt().success());
    assert!(matches!(idle.read(&mut [0]), Ok(0) | Err(_)));
}
