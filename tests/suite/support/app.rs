//! [`TestApp`]: the real server on a port of its own, with a database of its own and a clock that the test moves.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use hallpass::clock::FixedClock;
use hallpass::config::Config;
use hallpass::config::layers::Flags;
use hallpass::config::layers::Sources;
use hallpass::model::time::Lifetime;
use hallpass::model::time::Timestamp;
use hallpass::server::Server;
use hallpass::server::block_on;
use hallpass::store::Store;

use super::database::Database;

/// When tests begin: 2026-11-24T09:30:00Z.
pub const BEGIN: Timestamp = Timestamp::from_seconds(1_795_512_600);

/// The server's key, where a test names no other.
pub const SECRET_KEY: &str = "5f0c8e1b2a3d4c5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6";

/// A running server.
pub struct TestApp {
    /// The base URL, without a last slash.
    pub url: String,
    /// What it says its base URL is; of a second node that is the first one's.
    pub issuer: String,
    /// Where it listens, which need not be what the base URL says.
    address: SocketAddr,
    /// Where the first administrator is made.
    pub setup_url: Option<String>,
    /// What time the server thinks it is.
    pub clock: Arc<FixedClock>,
    /// The database: of SQLite's as the command line would open it beside the server, of PostgreSQL's the server's own,
    /// for what another process ends there this one may accept for a second more. Closed before the database goes.
    pub store: Store,
    /// Its database.
    pub database: Database,
    handle: Option<ServerHandle>,
    thread: Option<JoinHandle<()>>,
}

impl TestApp {
    /// A server with its defaults, but for cheap password hashing.
    pub async fn start() -> Self {
        Self::start_with("").await
    }

    /// A server with `settings` added to its configuration file.
    pub async fn start_with(settings: &str) -> Self {
        let database = Database::create();
        Self::start_on(database, settings)
    }

    /// A server whose issuer has this path: everything lies below it.
    pub async fn start_below(path: &str) -> Self {
        // Free a moment ago; nobody else asks the system for this very one.
        let address = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap();
        Self::start_with(&format!("listen = \"{address}\"\nissuer = \"http://{address}{path}\"")).await
    }

    /// A server on a database that may have been used before.
    pub fn start_on(database: Database, settings: &str) -> Self {
        let clock = Arc::new(FixedClock::at(BEGIN));
        Self::start_at(database, settings, clock)
    }

    /// The same, with the time as it is.
    pub fn start_at(database: Database, settings: &str, clock: Arc<FixedClock>) -> Self {
        let config = config(&database, settings);
        let (tell, told) = mpsc::channel();
        let for_server = Arc::clone(&clock);
        let thread = std::thread::spawn(move || {
            block_on(async move {
                let server = Server::bind(config, for_server).await.expect("the server starts").without_signals();
                let url = server.issuer().to_owned();
                let setup_url = server.setup_url().map(str::to_owned);
                let (address, store) = (server.local_addr().unwrap(), server.store().clone());
                server
                    .run(move |handle| tell.send((url, address, setup_url, store, handle)).unwrap())
                    .await
                    .expect("the server runs");
            });
        });
        let (url, address, setup_url, store, handle) = told.recv().expect("the server starts");
        let issuer = url.clone();
        Self { url, issuer, address, setup_url, clock, database, store, handle: Some(handle), thread: Some(thread) }
    }

    /// A second node: another server on the same database of PostgreSQL's, with the same issuer, key and clock. Whoever
    /// goes to its `url` goes to it.
    pub fn beside(&self, settings: &str) -> Self {
        assert!(self.database.is_postgres(), "a file of SQLite's has one server");
        let settings = format!("issuer = \"{}\"\n{settings}", self.issuer);
        let mut node = Self::start_at(self.database.again(), &settings, Arc::clone(&self.clock));
        let path = url::Url::parse(&self.issuer).expect("a URL").path().trim_end_matches('/').to_owned();
        node.url = format!("{}{path}", node.origin());
        node
    }

    /// Lets time pass.
    pub fn pass(&self, time: Lifetime) {
        self.clock.advance(time);
    }

    /// The base URL without a path: scheme, host and port.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address())
    }

    /// The address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops the server and gives back its database.
    pub async fn stop(mut self) -> Database {
        if let Some(handle) = self.handle.take() {
            handle.stop(true).await;
        }
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        std::mem::replace(&mut self.database, Database::none())
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let Some(handle) = self.handle.take() else { return };
        // The order to stop is sent when the future is made; it need not be waited for to be carried out.
        drop(handle.stop(false));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// The configuration of a test: any free port, cheap password hashing, a key of its own.
pub fn config(database: &Database, settings: &str) -> Config {
    // Top-level keys come first in TOML, so what a test adds of them stands before all sections.
    let (top, sections) =
        settings.split_once("\n[").map_or((settings, String::new()), |(top, rest)| (top, format!("[{rest}")));
    let (top, sections) = if settings.starts_with('[') { ("", settings.to_owned()) } else { (top, sections) };
    let listen = if top.contains("listen") { "" } else { "listen = \"127.0.0.1:0\"\n" };
    let url = &database.url;
    let key = format!("secret_key = \"{SECRET_KEY}\"\n");
    let secret_key = if top.contains("secret_key") { String::new() } else { key };
    let mut file = format!("{listen}{secret_key}database_url = \"{url}\"\n{top}\n{sections}");
    let workers = if file.contains("workers") { "" } else { "workers = 1" };
    for (section, always) in [("[passwords]", "memory_kib = 64\niterations = 1\nqueue = 1000"), ("[http]", workers)] {
        let with = format!("{section}\n{always}\n");
        file = if file.contains(section) { file.replacen(section, &with, 1) } else { format!("{file}\n{with}") };
    }
    let read_file = |path: &std::path::Path| std::fs::read_to_string(path);
    let sources = Sources {
        flags: Flags::default(),
        file: Some(("hallpass.toml", &file)),
        environment: Vec::new(),
        read_file: &read_file,
    };
    Config::load(&sources).unwrap_or_else(|problems| panic!("{problems}\n{file}"))
}
