//! What the check costs: `/auth/verify` and `/api/v1/me` for each credential, beside a bare actix-web route that answers
//! the same bytes, in one run and in turns.
//!
//! `cargo bench --bench verify`, with `BENCH_DATABASE_URL=postgres://…` for a database that exists and is empty. The
//! server is the release binary as it ships, in a process of its own, and so is the bare one; 64 connections are kept
//! alive. What counts is the processor time of the server's process for each request: the clock on the wall also
//! shows what this program needs to ask.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]
#![expect(clippy::disallowed_methods, reason = "a bench is told its database by the environment, and measures time")]

use std::error::Error;
use std::io::BufRead;
use std::io::BufReader;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web;
use hallpass::clock::Clock;
use hallpass::clock::SystemClock;
use hallpass::domain::act::Act;
use hallpass::domain::api_keys;
use hallpass::domain::api_keys::KeyPolicy;
use hallpass::domain::api_keys::NewApiKey;
use hallpass::domain::clients;
use hallpass::domain::clients::ClientDescription;
use hallpass::domain::oauth::grants::client_credentials;
use hallpass::domain::oauth::token::Asked;
use hallpass::domain::oauth::token::Outcome;
use hallpass::domain::oauth::token::Terms;
use hallpass::domain::oauth::token::TokenLifetimes;
use hallpass::domain::sessions;
use hallpass::domain::sessions::SessionLifetimes;
use hallpass::domain::users;
use hallpass::domain::users::NewUser;
use hallpass::model::api_key::KeyAccess;
use hallpass::model::audit::By;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::email::Email;
use hallpass::model::issuer::Issuer;
use hallpass::model::key_limits::KeyLimits;
use hallpass::model::name::DisplayName;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use hallpass::model::user::Roles;
use hallpass::model::username::Username;
use hallpass::store::Store;
use hallpass::store::StoreSettings;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

const CONNECTIONS: usize = 64;
const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;
/// Ticks of the processor's time in a second, as Linux counts them in `/proc`.
const TICKS: f64 = 100.0;
const POLICY: KeyPolicy =
    KeyPolicy { default_lifetime: None, maximum_lifetime: None, made_by_keys: true, most_per_user: 100 };

type Failed = Box<dyn Error>;

/// One row of the table: what is asked, and with which header.
struct Case {
    name: &'static str,
    path: &'static str,
    header: String,
}

/// What one round showed.
#[derive(Clone, Copy, Default)]
struct Figures {
    requests: f64,
    seconds: f64,
    processor: f64,
}

fn main() -> Result<(), Failed> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--bare");
    if arguments.next().is_some() {
        let answers = arguments.next().ok_or("--bare needs the folder of the answers")?;
        return actix_web::rt::System::new().block_on(bare(Path::new(&answers)));
    }
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(compare())
}

/// The bare server: no middleware, no store. What it answers at `/0`, `/1` … stands in files of these names.
async fn bare(folder: &Path) -> Result<(), Failed> {
    let mut answers = Vec::new();
    while let Ok(answer) = std::fs::read_to_string(folder.join(answers.len().to_string())) {
        answers.push(answer);
    }
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    println!("listening on http://{}", listener.local_addr()?);
    let answers = Arc::new(answers);
    let server = actix_web::HttpServer::new(move || {
        let mut app = actix_web::App::new();
        for (number, answer) in answers.iter().enumerate() {
            let answer = Arc::new(answer.clone());
            let handler = move || {
                let answer = Arc::clone(&answer);
                async move {
                    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
                    let mut response = HttpResponse::build(StatusCode::OK);
                    for (name, value) in head.lines().skip(1).filter_map(|line| line.split_once(": ")) {
                        if !["content-length", "date", "connection"].contains(&name) {
                            response.append_header((name, value));
                        }
                    }
                    response.body(body.to_owned())
                }
            };
            app = app.route(&format!("/{number}"), web::get().to(handler));
        }
        app
    });
    Ok(server.workers(2).listen(listener)?.run().await?)
}

async fn compare() -> Result<(), Failed> {
    let folder = tempfile::tempdir_in(".")?;
    let url = std::env::var("BENCH_DATABASE_URL");
    let url = url.unwrap_or_else(|_| format!("sqlite://{}", folder.path().join("bench.db").display()));
    let cases = seed(&url).await?;

    let mut server = Process::start(
        Command::new(env!("CARGO_BIN_EXE_hallpass"))
            .args(["--database-url", &url, "serve", "--listen", "127.0.0.1:0"])
            .current_dir(folder.path())
            .env("HALLPASS_SECRET_KEY", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
            .stdout(Stdio::null())
            .stderr(Stdio::piped()),
    )?;
    for (number, case) in cases.iter().enumerate() {
        let answer = ask_once(&server.address, case.path, &case.header).await?;
        if !answer.starts_with("HTTP/1.1 200") {
            return Err(format!("{}: {answer}", case.name).into());
        }
        std::fs::write(folder.path().join(number.to_string()), answer)?;
    }
    let mut plain = Process::start(
        Command::new(std::env::current_exe()?)
            .args(["--bare".as_ref(), folder.path().as_os_str()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null()),
    )?;

    println!(
        "{:<32} {:>10} {:>10} {:>8}   {:>9} {:>9} {:>8}",
        "", "ours/s", "bare/s", "wall", "ours us", "bare us", "cpu"
    );
    for (number, case) in cases.iter().enumerate() {
        let (mut ours, mut theirs) = (Figures::default(), Figures::default());
        for _ in 0..ROUNDS {
            ours.add(round(&server, case.path, &case.header).await?);
            theirs.add(round(&plain, &format!("/{number}"), &case.header).await?);
        }
        println!(
            "{:<32} {:>10.0} {:>10.0} {:>8.2}   {:>9.1} {:>9.1} {:>8.2}",
            case.name,
            ours.rate(),
            theirs.rate(),
            ours.rate() / theirs.rate(),
            ours.micros(),
            theirs.micros(),
            theirs.micros() / ours.micros()
        );
    }
    server.stop();
    plain.stop();
    Ok(())
}

impl Figures {
    fn add(&mut self, other: Figures) {
        self.requests += other.requests;
        self.seconds += other.seconds;
        self.processor += other.processor;
    }

    fn rate(&self) -> f64 {
        self.requests / self.seconds
    }

    /// Microseconds of processor time for each request.
    fn micros(&self) -> f64 {
        self.processor * 1e6 / self.requests
    }
}

/// A server in a process of its own.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    /// Starts it, and waits for the line that says where it listens.
    fn start(command: &mut Command) -> Result<Self, Failed> {
        let mut child = command.spawn()?;
        let output: Box<dyn std::io::Read + Send> = match (child.stderr.take(), child.stdout.take()) {
            (Some(output), _) => Box::new(output),
            (None, Some(output)) => Box::new(output),
            (None, None) => return Err("the server has no output".into()),
        };
        let mut lines = BufReader::new(output).lines();
        for line in lines.by_ref() {
            let line = line?;
            if let Some((_, address)) = line.split_once("listening on http://") {
                let address = address.trim().to_owned();
                // What it goes on to log has to be read, as a shipped server's log is.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(Self { child, address });
            }
        }
        Err("the server ended before it listened".into())
    }

    /// Seconds of processor time so far.
    fn processor(&self) -> Result<f64, Failed> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, fields) = stat.rsplit_once(')').ok_or("the statistics of a process have another form")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>).sum::<Result<f64, _>>()?;
        Ok(ticks / TICKS)
    }

    fn stop(&mut self) {
        let (killed, waited) = (self.child.kill(), self.child.wait());
        drop((killed, waited)); // It may have ended by itself.
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// All connections ask for [`ROUND`].
async fn round(process: &Process, path: &str, header: &str) -> Result<Figures, Failed> {
    let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n{header}\r\n\r\n", process.address);
    let stop = Arc::new(AtomicBool::new(false));
    let (began, before) = (Instant::now(), process.processor()?);
    let tasks: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (address, request, stop) = (process.address.clone(), request.clone(), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                let (mut done, mut buffer) = (0_u64, Vec::with_capacity(4096));
                while !stop.load(Ordering::Relaxed) {
                    stream.write_all(request.as_bytes()).await?;
                    read_answer(&mut stream, &mut buffer).await?;
                    done += 1;
                }
                Ok::<u64, std::io::Error>(done)
            })
        })
        .collect();
    tokio::time::sleep(ROUND).await;
    stop.store(true, Ordering::Relaxed);
    let mut requests = 0.0;
    for task in tasks {
        requests += task.await?? as f64;
    }
    Ok(Figures { requests, seconds: began.elapsed().as_secs_f64(), processor: process.processor()? - before })
}

/// Reads one answer whose length its head names, and refuses any that is not 200.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<()> {
    buffer.clear();
    let wrong = |what: &str| std::io::Error::other(what.to_owned());
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err(wrong("the server hung up"));
        }
        let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end]).map_err(|_| wrong("a head that is no text"))?;
        if !head.starts_with("HTTP/1.1 200") {
            return Err(wrong(head.lines().next().unwrap_or_default()));
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
        while buffer.len() < end + 4 + length {
            stream.read_buf(buffer).await?;
        }
        return Ok(());
    }
}

async fn ask_once(address: &str, path: &str, header: &str) -> Result<String, Failed> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{header}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

fn act() -> Act {
    Act { by: By::command_line(), now: SystemClock::default().now() }
}

/// Makes a user with a session and a key, and a client with a token.
async fn seed(url: &str) -> Result<Vec<Case>, Failed> {
    let store = Store::open(&StoreSettings {
        url: url.to_owned(),
        connections: 4,
        wait: Duration::from_secs(5),
        statement_timeout: Duration::from_secs(5),
    })?;
    store.migrate()?;
    let new = NewUser {
        username: Username::parse(&format!("bench{}", act().now.millis()))?,
        email: Some(Email::parse(&format!("bench{}@example.org", act().now.millis()))?),
        full_name: "Ada Lovelace".to_owned(),
        roles: Roles::default(),
        password: None,
    };
    let user = store.write(move |tx| users::create(tx, &new, &act())).await?.id;
    let new = NewApiKey {
        user,
        name: DisplayName::parse("bench")?,
        access: KeyAccess::Full,
        roles: None,
        expires_at: None,
        allowed_addresses: Vec::new(),
        limits: KeyLimits::default(),
        is_decoy: false,
    };
    let (key, secret) = store.write(move |tx| api_keys::create(tx, &new, &POLICY, &act())).await?;
    let lifetimes = SessionLifetimes { idle: Lifetime::from_hours(12), absolute: Lifetime::from_days(7) };
    let (_, cookie) = store.write(move |tx| sessions::begin(tx, user, "", lifetimes, &act())).await?;
    let description = ClientDescription {
        grant_types: vec![GrantType::ClientCredentials],
        scopes: Scope::parse("profile")?,
        ..ClientDescription::new(DisplayName::parse("bench")?, AuthMethod::ClientSecretBasic)
    };
    let (client, _) = store.write(move |tx| clients::register(tx, &description, &act())).await?;
    let terms = Terms {
        issuer: Issuer::parse("http://127.0.0.1:8000")?,
        lifetimes: TokenLifetimes {
            access: Lifetime::from_hours(1),
            refresh_idle: Lifetime::from_days(30),
            refresh: Lifetime::from_days(90),
            replay_window: Lifetime::from_seconds(30),
        },
    };
    let issued = store.write(move |tx| client_credentials::run(tx, &client, &Asked::default(), &terms, &act())).await?;
    let Outcome::Issued(token) = issued else { return Err("no token was issued".into()) };

    let key = format!("authorization: token {}:{}", key.api_key.as_str(), secret.reveal());
    let cookie = format!("cookie: hallpass_session={}", cookie.reveal());
    let token = format!("authorization: Bearer {}", token.access_token.reveal());
    let case = |name, path, header: &String| Case { name, path, header: header.clone() };
    Ok(vec![
        case("/auth/verify, API key", "/auth/verify", &key),
        case("/auth/verify, session", "/auth/verify", &cookie),
        case("/auth/verify, access token", "/auth/verify?scope=profile", &token),
        case("/api/v1/me, API key", "/api/v1/me", &key),
        case("/api/v1/me, session", "/api/v1/me", &cookie),
        case("/api/v1/me, access token", "/api/v1/me", &token),
    ])
}
