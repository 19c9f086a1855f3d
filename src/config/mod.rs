//! The configuration: flags over environment over file over defaults, checked all at once.
//!
//! Each setting stands in one place, the `section!` of its file, with its name, what it takes, its default and its
//! sentence; parsing, `config show` and docs/CONFIGURATION.md all come from there.

pub mod branding;
pub mod clients;
pub mod database;
pub mod database_url;
pub mod docs;
mod file;
pub mod http;
pub mod keys;
mod kinds;
pub mod layers;
pub mod limits;
pub mod log;
pub mod mail;
pub mod memory;
pub mod metrics;
pub mod outbound;
pub mod passwords;
mod policies;
pub mod problem;
pub mod secret_key;
pub mod sessions;
mod setting;
mod suggestion;
pub mod surroundings;
pub mod tokens;
pub mod users;
pub mod verify;

use std::net::SocketAddr;

use self::branding::Branding;
use self::clients::Clients;
use self::database::Database;
use self::database_url::DatabaseUrl;
use self::http::Http;
use self::keys::Keys;
use self::kinds::Listener;
use self::kinds::PublicUrl;
use self::layers::Sources;
use self::layers::Values;
use self::limits::Limits;
use self::log::Log;
use self::mail::Mail;
use self::memory::Memory;
use self::metrics::Metrics;
use self::outbound::Outbound;
use self::passwords::Passwords;
use self::problem::Problem;
use self::problem::Problems;
use self::secret_key::SecretKey;
use self::sessions::Sessions;
use self::setting::Section;
use self::setting::Setting;
use self::setting::Table;
use self::setting::section;
use self::tokens::Tokens;
use self::users::Users;
use self::verify::Verify;
use crate::model::issuer::Issuer;

/// Everything that can be set, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    issuer: Option<Issuer>,
    /// Where the data is.
    pub database_url: DatabaseUrl,
    secret_key: Option<SecretKey>,
    previous_secret_keys: Vec<SecretKey>,
    /// How long what OAuth hands out lives.
    pub tokens: Tokens,
    /// How long a browser stays signed in.
    pub sessions: Sessions,
    /// What a guess at a password costs.
    pub passwords: Passwords,
    /// What people may do with accounts by themselves.
    pub users: Users,
    /// How mail leaves.
    pub mail: Mail,
    /// What holds for every application.
    pub clients: Clients,
    /// What holds for every API key.
    pub keys: Keys,
    /// How requests come in.
    pub http: Http,
    /// Whom the server may ask for something.
    pub outbound: Outbound,
    /// Services behind a proxy that ask who a request is.
    pub verify: Verify,
    /// How often somebody may guess wrong.
    pub limits: Limits,
    /// How long a request may keep the database, or wait for it.
    pub database: Database,
    /// How pages are called and look.
    pub branding: Branding,
    /// What is remembered between requests.
    pub memory: Memory,
    /// What is written to standard error.
    pub log: Log,
    /// Figures for those who watch the server.
    pub metrics: Metrics,
    shown: Vec<Shown>,
}

/// One setting as `config show` prints it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Shown {
    /// Its name.
    pub key: &'static str,
    /// Its value as text, secrets hidden; empty where it has none.
    pub value: String,
    /// Where the value was written.
    pub origin: String,
}

section! {
    /// They stand at the top of the file, before the first section.
    struct Main in "" {
        /// Where the server listens.
        listen: SocketAddr = "listen", Listener, "127.0.0.1:8000";
        /// The public base URL, as clients and browsers see it; a path is allowed, and all routes then lie below it.
        /// It is never taken from a request. By default `http://` and the address that the server listens on.
        issuer: Option<Issuer> = "issuer", PublicUrl, "";
        /// Where the data is: a file of SQLite, or a PostgreSQL server, which several nodes can share.
        /// The path of the file is taken as it stands and begins at the working folder unless it begins with `/`.
        database_url: DatabaseUrl = "database_url", database_url::Database, "sqlite://hallpass.db";
        /// The key that encrypts signing keys at rest and from which CSRF tokens and repeated answers to a refresh are
        /// made. By default it is made at the first start and kept in a file beside the database
        /// (`hallpass.db.key`; with PostgreSQL `hallpass.key` in the working folder). Nodes that share a database need
        /// the same key.
        secret_key: Option<SecretKey> = "secret_key", secret_key::Key, "";
        /// Keys that `secret_key` replaced: what they made is still accepted.
        previous_secret_keys: Vec<SecretKey> = "previous_secret_keys", secret_key::Keys, "";
    }
}

/// Every setting, in the order of the docs.
fn all_settings() -> impl Iterator<Item = &'static Setting> {
    SECTIONS.iter().flat_map(|section| section.settings.iter())
}

/// The settings of each section, in the order of the docs.
const SECTIONS: &[Table] = &[
    Main::TABLE,
    Tokens::TABLE,
    Sessions::TABLE,
    Passwords::TABLE,
    Users::TABLE,
    Mail::TABLE,
    Clients::TABLE,
    Keys::TABLE,
    Http::TABLE,
    Outbound::TABLE,
    Verify::TABLE,
    Branding::TABLE,
    Limits::TABLE,
    Database::TABLE,
    Log::TABLE,
    Memory::TABLE,
    Metrics::TABLE,
];

impl Config {
    /// Reads the configuration from `sources`, and from nothing else.
    ///
    /// # Errors
    /// Everything that has to be mended, at once.
    pub fn load(sources: &Sources<'_>) -> Result<Self, Problems> {
        let values = layers::merge(sources).map_err(Problems::in_order)?;
        let config = Self::read(&values)?;
        let problems = config.contradictions(&values);
        if problems.is_empty() { Ok(config) } else { Err(Problems::in_order(problems)) }
    }

    /// Reads every section.
    fn read(values: &Values) -> Result<Self, Problem> {
        let Main { listen, issuer, database_url, secret_key, previous_secret_keys } = Main::read(values)?;
        let shown = all_settings().map(|setting| {
            let (text, origin) = values.written(setting.key);
            let value = if text.is_empty() { String::new() } else { setting.kind.show(text) };
            Shown { key: setting.key, value, origin: origin.to_owned() }
        });
        Ok(Self {
            listen,
            issuer,
            database_url,
            secret_key,
            previous_secret_keys,
            tokens: Tokens::read(values)?,
            sessions: Sessions::read(values)?,
            passwords: Passwords::read(values)?,
            users: Users::read(values)?,
            mail: Mail::read(values)?,
            clients: Clients::read(values)?,
            keys: Keys::read(values)?,
            http: Http::read(values)?,
            outbound: Outbound::read(values)?,
            verify: Verify::read(values)?,
            limits: Limits::read(values)?,
            database: Database::read(values)?,
            branding: Branding::read(values)?,
            memory: Memory::read(values)?,
            log: Log::read(values)?,
            metrics: Metrics::read(values)?,
            shown: shown.collect(),
        })
    }

    /// What can't be true together, though each value is good by itself.
    fn contradictions(&self, values: &Values) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.issuer.is_none() && !self.listen.ip().is_loopback() {
            let wrong = format!(
                "is not set, and http://{} would be plain http on a host that is not loopback; set it to the https URL \
                 by which people reach this server, or let `listen` be a loopback address",
                self.listen
            );
            problems.push(Problem::new("issuer", values.written("listen").1, wrong));
        }
        let least = 8 * self.passwords.parallelism;
        if self.passwords.memory_kib < least {
            let origin = values.written("passwords.memory_kib").1;
            let wrong = format!("must be at least {least}, which is 8 for each lane of passwords.parallelism");
            problems.push(Problem::new("passwords.memory_kib", origin, wrong));
        }
        for (key, wrong) in self.mail.contradictions().into_iter().chain(self.users.contradictions(&self.mail)) {
            problems.push(Problem::new(key, values.written(key).1, wrong));
        }
        problems
    }

    /// The issuer of a server that is bound to `bound`: the configured one, or the one that follows from the address.
    pub fn issuer_for(&self, bound: SocketAddr) -> Issuer {
        self.issuer.clone().unwrap_or_else(|| Issuer::of_listener(bound))
    }

    /// The configured issuer; `None` where it follows from the address that the server gets.
    pub fn issuer(&self) -> Option<&Issuer> {
        self.issuer.as_ref()
    }

    /// Every setting with the value in force and where it was written, secrets hidden.
    pub fn show(&self) -> &[Shown] {
        &self.shown
    }
}

#[cfg(test)]
mod tests;
