//! The running server: bound, its database up to date, its workers and its clean-up.

mod logouts;
mod mails;
mod refusals;
mod stopping;

use std::net::SocketAddr;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_server::Server as ActixServer;
use actix_web::App as ActixApp;
use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use sha2::Digest;
use sha2::Sha256;
use tokio::sync::Notify;

use crate::app::App;
use crate::app::Shared;
use crate::app::Stopping;
use crate::app::brand::Brand;
use crate::app::languages::Languages;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::client_keys::ClientKeys;
use crate::domain::factors::totp;
use crate::domain::imported_secrets::ImportedSecrets;
use crate::domain::key_limits;
use crate::domain::key_uses;
use crate::domain::keyed_hash;
use crate::domain::memory::Memory;
use crate::domain::oauth::metadata_documents::Documents;
use crate::domain::oauth::register;
use crate::domain::oauth::signing_keys;
use crate::domain::oauth::signing_keys::KeyError;
use crate::domain::oauth::signing_keys::SigningKeys;
use crate::domain::overview;
use crate::domain::overview::Written;
use crate::domain::passwords::PasswordParameters;
use crate::domain::passwords::Passwords;
use crate::domain::sessions;
use crate::domain::setup;
use crate::domain::usage;
use crate::http;
use crate::http::paths;
use crate::metrics::Metrics;
use crate::model::audit::By;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::outbound::Door;
use crate::outbound::SystemResolver;
use crate::outbound::smtp::Postman;
use crate::random::Random;
use crate::store::ServerLock;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::StoreSettings;

use stopping::Connections;
use stopping::Signals;

/// So long it is kept how much went on.
const TRAFFIC_KEPT: Lifetime = Lifetime::from_days(400);
/// How often what has ended is deleted and what was used is written.
const HOUSEKEEPING: Duration = Duration::from_secs(60);
/// Every so many rounds, records that ended long ago are looked for: that reads whole tables.
const FORGETTING: u64 = 60;
/// The most of a kind that one look finds; the rest waits for the next one.
const FORGETTABLE: i64 = 10_000;
/// Of which one transaction deletes so many.
const FORGET_STEP: usize = 200;
/// How long what has ended stays, so that a late replay is still known as one.
const KEEP_ENDED: Lifetime = Lifetime::from_hours(1);
/// Rows that one clean-up transaction deletes, so that it never holds the writer for long.
const PURGE_STEP: i64 = 100;
/// How long others write in between.
const PURGE_PAUSE: Duration = Duration::from_millis(10);
/// Keys, clients or sessions whose last use one transaction writes, so that it never holds the writer for long.
const USAGE_STEP: usize = 100;
/// How far the machine's clock may be behind the latest time that the database knows.
const CLOCK_BEHIND: Lifetime = Lifetime::from_hours(24);
/// The name of the key's fingerprint in the database.
const SECRET_KEY: &str = "secret_key";
/// How long started requests may take to finish when the server stops.
const GRACE_SECONDS: u64 = 10;

/// A server that is bound to its address and ready to run.
pub struct Server {
    app: Data<App>,
    listener: TcpListener,
    metrics_listener: Option<TcpListener>,
    postman: Option<Arc<Postman>>,
    setup_url: Option<String>,
    handles_signals: bool,
    lock: ServerLock,
}

/// Why the server does not start: one sentence for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(String);

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

/// Runs what needs the server's event loop.
pub fn block_on<F: Future>(work: F) -> F::Output {
    actix_web::rt::System::new().block_on(work)
}

/// Opens the database that is configured.
///
/// # Errors
/// Where it can't be reached.
pub fn open_store(config: &Config) -> Result<Store, StoreError> {
    let database = &config.database;
    Store::open(&StoreSettings {
        url: config.database_url.expose().to_owned(),
        connections: database.pool_size,
        wait: database.wait.to_std(),
        statement_timeout: database.statement_timeout.to_std(),
    })
}

/// The server's secret keys, for a command that works on the server's database.
///
/// # Errors
/// There is none, or it is not the one that the database was used with.
pub async fn open_keys(config: &Config, store: &Store) -> Result<SecretKeys, StartError> {
    let keys = read_keys(config)?;
    check_secret_key(store, &keys).await?;
    Ok(keys)
}

fn read_keys(config: &Config) -> Result<SecretKeys, StartError> {
    SecretKeys::open(config, |bytes| Random.fill(bytes)).map_err(|error| StartError(error.to_string()))
}

/// The pool that hashes passwords as configured.
pub fn open_passwords(config: &Config) -> Passwords {
    let passwords = &config.passwords;
    Passwords::start(PasswordParameters {
        memory_kib: passwords.memory_kib,
        iterations: passwords.iterations,
        parallelism: passwords.parallelism,
        threads: passwords.threads,
        queue: passwords.queue,
    })
}

impl Server {
    /// Binds the address, opens the database and brings it up to date.
    ///
    /// # Errors
    /// [`StartError`]: the port is taken, the database can't be reached or is newer, another server has it, the
    /// machine's clock is far behind, or the secret key is not the one the database was used with.
    pub async fn bind(config: Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let listener = listen(config.listen)?;
        let metrics_listener = config.metrics.listen.map(listen).transpose()?;
        let bound =
            listener.local_addr().map_err(|error| StartError(format!("the bound address is unknown: {error}")))?;
        let issuer = config.issuer_for(bound);
        let keys = read_keys(&config)?;
        let postman = Postman::open(&config.mail, issuer.host()).map_err(StartError)?.map(Arc::new);
        let outbound = Door::open(&config.outbound, Box::new(SystemResolver)).map_err(StartError)?;
        let brand = Arc::new(Brand::open(&config.branding).map_err(StartError)?);
        let languages = &config.branding.languages_folder;
        let languages = Languages::open(languages.as_deref(), &config.branding.language).map_err(StartError)?;
        let store = open_store(&config)?;
        let lock = store.lock_for_serving()?;
        store.prepare_to_write();
        store.migrate()?;
        trust_clock(&store, &*clock).await?;
        check_secret_key(&store, &keys).await?;
        let now = clock.now();
        signing_keys::prepare(&store, &keys, now).await.map_err(|error| StartError(error.to_string()))?;
        totp::seal_anew(&store, &keys).await?;
        let setup_token = store.write(move |tx| setup::prepare(tx, now)).await?;
        let setup_url =
            setup_token.map(|token| format!("{}{}?token={}", issuer.as_str(), paths::SETUP, token.reveal()));
        let passwords = open_passwords(&config);
        let imported = ImportedSecrets::default();
        imported.exist(&store).await?;
        let remembered = usize::try_from(config.memory.credentials).unwrap_or(usize::MAX);
        if remembered > 0
            && let Err(error) = store.follow()
        {
            tracing::warn!(%error, "what others write cannot be noticed, so nothing is remembered");
        }
        let memory = Memory::new(store.clone(), remembered);
        let app = Data::new(App::new(Shared {
            config,
            issuer,
            store,
            memory,
            clock,
            passwords,
            begun: keyed_hash::begin(keys.current()),
            keys,
            signing: SigningKeys::default(),
            outbound,
            client_keys: ClientKeys::default(),
            documents: Documents::default(),
            key_uses: Arc::default(),
            key_shares: Arc::default(),
            imported,
            metrics: Metrics::default(),
            traffic: Written::default(),
            client_usage: Arc::default(),
            brand,
            languages,
            mail_waits: Notify::new(),
            stopping: Stopping::default(),
            refusals: Arc::default(),
            session_usage: Arc::default(),
        }));
        // While it can: once a node with a newer secret key has started, an older one opens nothing new.
        app.ring().await?;
        Ok(Self { app, listener, metrics_listener, postman, setup_url, handles_signals: true, lock })
    }

    /// The same, for a process that handles signals itself.
    pub fn without_signals(mut self) -> Self {
        self.handles_signals = false;
        self
    }

    /// The public base URL.
    pub fn issuer(&self) -> &str {
        self.app.issuer.as_str()
    }

    /// The database that it serves from.
    pub fn store(&self) -> &Store {
        &self.app.store
    }

    /// The address that the server is bound to.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Where the first administrator is made, while there is none.
    pub fn setup_url(&self) -> Option<&str> {
        self.setup_url.as_deref()
    }

    /// Runs until it is told to stop, by a signal (`stopping.rs`) or by the handle that `started` is given once requests
    /// are taken. Those that have begun then are finished, for ten seconds at most.
    ///
    /// # Errors
    /// What the operating system says.
    pub async fn run(self, started: impl FnOnce(ServerHandle) + 'static) -> std::io::Result<()> {
        let Self { app, listener, metrics_listener, postman, handles_signals, lock, .. } = self;
        let workers = match app.config.http.workers {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            workers => usize::try_from(workers).unwrap_or(1),
        };
        let for_workers = app.clone();
        let connections = Connections::default();
        let counted = connections.clone();
        let server = ActixServer::build().workers(workers).shutdown_timeout(GRACE_SECONDS).disable_signals();
        let (door, stopping) = (listener.try_clone()?, server.graceful_shutdown_signal());
        let serve = move || {
            let counted = counted.clone();
            http::wire::serve(for_workers.clone(), move |of| counted.count(of), stopping.clone())
        };
        let server = server.listen("hallpass", listener, serve)?.run();
        let handle = server.handle();
        let told = match handles_signals {
            true => Some(actix_web::rt::spawn(stopping::when_told(
                Signals::heed()?,
                app.clone(),
                door,
                connections,
                handle.clone(),
            ))),
            false => None,
        };
        // A task has its turn after the server's first: by then it takes requests and heeds signals.
        actix_web::rt::spawn(async move { started(handle) });
        let housekeeping = actix_web::rt::spawn(keep_house(app.clone()));
        let telling = actix_web::rt::spawn(logouts::keep_telling(app.clone()));
        let posting = actix_web::rt::spawn(mails::keep_posting(app.clone(), postman));
        let noting = actix_web::rt::spawn(refusals::keep_writing(app.clone()));
        let watched = metrics_listener.map(|listener| show_metrics(&app, listener)).transpose()?;
        let outcome = server.await;
        if let Some(told) = told {
            told.abort();
        }
        // Whom it was about to tell is tried again by whoever runs next.
        telling.abort();
        posting.abort();
        {
            // Not in the midst of a write: what it had taken out would be lost.
            let _writing = app.key_uses.writing().await;
            housekeeping.abort();
        }
        {
            let _writing = app.refusals.writing().await;
            noting.abort();
        }
        if let Some(watched) = watched {
            watched.stop(false).await;
        }
        write_usage(&app).await;
        http::refusals::write_now(&app).await;
        give_back_shares(&app).await;
        note_time(&app).await;
        drop(lock);
        outcome
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).map_err(|error| StartError(format!("cannot listen on {address}: {error}")))
}

/// Serves the figures on a listener of their own, until the handle is told to stop.
fn show_metrics(app: &Data<App>, listener: TcpListener) -> std::io::Result<ServerHandle> {
    tracing::info!("the figures are at http://{}{}", listener.local_addr()?, paths::METRICS);
    let app = app.clone();
    let server = HttpServer::new(move || ActixApp::new().app_data(app.clone()).configure(http::metrics::configure));
    let server = server.workers(1).disable_signals().listen(listener)?.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(handle)
}

/// Makes `clock` go on from the latest time that this database knows, or what had ended would live again on a machine
/// whose clock was set back. A clock that is a day behind is not trusted at all: time would stand still for as long.
async fn trust_clock(store: &Store, clock: &dyn Clock) -> Result<(), StartError> {
    let Some(latest) = store.read(|tx| tx.meta().latest_time()).await? else { return Ok(()) };
    let now = clock.now();
    if latest > now + CLOCK_BEHIND {
        return Err(StartError(format!(
            "the machine's clock says {now}, but a server ran on this database at {latest}: correct the clock; if it is \
             the later time that was wrong, see \"A wrong clock\" in docs/OPERATIONS.md"
        )));
    }
    if latest > now {
        tracing::warn!("the machine's clock says {now}; until it has come to {latest}, that is what time it is");
    }
    clock.start_from(latest);
    Ok(())
}

/// Refuses to go on with a key that is not the one this database was used with: sessions' forms and refresh tokens
/// would fail, and several nodes would contradict each other.
async fn check_secret_key(store: &Store, keys: &SecretKeys) -> Result<(), StartError> {
    let current = fingerprint(keys.current());
    let known: Vec<Vec<u8>> = keys.all().map(fingerprint).collect();
    let fits = store
        .write(move |tx| {
            // Several nodes may start for the first time at once; whoever is first says which key it is.
            tx.meta().add(SECRET_KEY, &current)?;
            match tx.meta().find(SECRET_KEY)? {
                Some(stored) if !known.contains(&stored) => return Ok::<_, StoreError>(false),
                Some(stored) if stored == current => {}
                _ => tx.meta().set(SECRET_KEY, &current)?,
            }
            Ok(true)
        })
        .await?;
    if fits {
        return Ok(());
    }
    let why = "the secret key is not the one that this database was used with; put that key back, \
               or name it in previous_secret_keys to go on with a new one";
    Err(StartError(why.to_owned()))
}

/// Whether one of `keys` is the one that this database was used with; `None` where it was used with none yet.
///
/// # Errors
/// What the database says.
pub async fn secret_key_fits(store: &Store, keys: &SecretKeys) -> Result<Option<bool>, StoreError> {
    let stored = store.read(|tx| tx.meta().find(SECRET_KEY)).await?;
    Ok(stored.map(|stored| keys.all().any(|key| fingerprint(key) == stored)))
}

/// By what the database knows a key without holding it.
fn fingerprint(key: &[u8; 32]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(b"hallpass secret key");
    hash.update(key);
    hash.finalize().iter().take(16).copied().collect()
}

async fn keep_house(app: Data<App>) {
    let mut ticks = tokio::time::interval(HOUSEKEEPING);
    for minute in 0_u64.. {
        ticks.tick().await;
        write_usage(&app).await;
        note_time(&app).await;
        purge(&app, app.now().before(KEEP_ENDED)).await;
        if let Err(error) = keep_keys(&app).await {
            tracing::warn!(%error, "the signing keys could not be looked after");
        }
        if minute.is_multiple_of(FORGETTING)
            && let Err(error) = forget(&app, app.now()).await
        {
            tracing::warn!(%error, "what ended long ago could not be deleted");
        }
    }
}

/// Makes successors of signing keys that are old, and deletes those that nobody needs any more.
async fn keep_keys(app: &App) -> Result<(), KeyError> {
    let act = Act { by: By::housekeeping(), now: app.now() };
    let tokens = &app.config.tokens;
    if tokens.signing_key_lifetime > Lifetime::ZERO {
        signing_keys::rotate_old(&app.store, &app.keys, tokens.signing_key_lifetime, &act).await?;
    }
    let (longest, hints) = (tokens.id_token_lifetime, app.config.sessions.lifetime);
    app.store.write(move |tx| signing_keys::forget(tx, longest, hints, act.now)).await?;
    Ok(())
}

/// Writes how keys and when clients and sessions were used, some of them at a time. What can't be written is put back.
async fn write_usage(app: &App) {
    let not_yet = |error: &StoreError| tracing::warn!(%error, "how keys, clients and sessions were used could not be written yet");
    let writing_uses = app.key_uses.writing().await;
    let used = app.key_uses.take();
    let mut chunks = used.chunks(USAGE_STEP);
    while let Some(chunk) = chunks.next() {
        let writing = chunk.to_vec();
        if let Err(error) = app.store.write(move |tx| key_uses::write(tx, &writing)).await {
            not_yet(&error);
            chunk.iter().chain(chunks.flatten()).for_each(|(id, uses)| app.key_uses.put_back(*id, uses.clone()));
            break;
        }
    }
    drop(writing_uses);
    let used = app.client_usage.take();
    let mut chunks = used.chunks(USAGE_STEP);
    while let Some(chunk) = chunks.next() {
        let writing = chunk.to_vec();
        if let Err(error) = app.store.write(move |tx| usage::write_clients(tx, &writing)).await {
            not_yet(&error);
            chunk.iter().chain(chunks.flatten()).for_each(|(id, at)| app.client_usage.note(*id, *at));
            break;
        }
    }
    let traffic = app.traffic.take(app.counted(), app.now());
    if !traffic.is_empty() {
        let writing = traffic.clone();
        if let Err(error) = app.store.write(move |tx| overview::write(tx, &writing)).await {
            not_yet(&error);
            app.traffic.put_back(&traffic);
        }
    }
    let (used, idle) = (app.session_usage.take(), app.config.sessions.idle);
    let mut chunks = used.chunks(USAGE_STEP);
    while let Some(chunk) = chunks.next() {
        let writing = chunk.to_vec();
        if let Err(error) = app.store.write(move |tx| sessions::write_uses(tx, &writing, idle)).await {
            not_yet(&error);
            chunk.iter().chain(chunks.flatten()).for_each(|(id, at)| app.session_usage.note(*id, *at));
            break;
        }
    }
}

/// What this server took of keys' limits and did not use is there for the others, or for the next start.
async fn give_back_shares(app: &App) {
    for step in app.key_shares.drain().chunks(USAGE_STEP) {
        let step = step.to_vec();
        if let Err(error) = app.store.write(move |tx| key_limits::give_back(tx, &step)).await {
            tracing::warn!(%error, "what was left of keys' limits could not be given back");
            return;
        }
    }
}

async fn note_time(app: &App) {
    let now = app.now();
    if let Err(error) = app.store.write(move |tx| tx.meta().note_time(now)).await {
        tracing::warn!(%error, "what time it is could not be written");
    }
}

async fn purge(app: &App, before: Timestamp) {
    loop {
        match app.store.write(move |tx| tx.purge(before, PURGE_STEP)).await {
            Ok(0) => return,
            Ok(_) => tokio::time::sleep(PURGE_PAUSE).await,
            Err(error) => {
                tracing::warn!(%error, "what has ended could not be deleted");
                return;
            }
        }
    }
}

/// Deletes records that ended long ago. They are looked for where reading holds up nobody, and deleted in small steps.
async fn forget(app: &App, now: Timestamp) -> Result<(), StoreError> {
    let (store, unused) = (&app.store, app.config.clients.unused_lifetime);
    let kept = now.before(Lifetime::from_days(app.config.keys.usage_days.into()));
    store.write(move |tx| tx.key_uses().forget(key_uses::day(kept), kept)).await?;
    store.write(move |tx| tx.traffic().forget(key_uses::day(now.before(TRAFFIC_KEPT)))).await?;
    let (grants, keys, clients) = store
        .read(move |tx| {
            let grants = tx.find_forgettable_grants(now, FORGETTABLE)?;
            let keys = tx.find_forgettable_keys(now, FORGETTABLE)?;
            Ok::<_, StoreError>((grants, keys, tx.find_unused_clients(unused, now, FORGETTABLE)?))
        })
        .await?;
    for step in grants.chunks(FORGET_STEP) {
        let step = step.to_vec();
        store.write(move |tx| tx.forget_grants(&step, now)).await?;
    }
    for step in keys.chunks(FORGET_STEP) {
        let step = step.to_vec();
        store.write(move |tx| tx.forget_keys(&step)).await?;
    }
    // With a client goes all that hung on it, so each is a step of its own.
    for client in clients {
        store.write(move |tx| register::expire(tx, client, unused, now)).await?;
    }
    store.write(move |tx| tx.forget_setup_tokens(now)).await.map(drop)
}
