//! What every request can reach: configuration, store, clock, passwords, keys.

pub mod brand;
pub mod languages;

use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use self::brand::Brand;
use self::languages::Languages;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::config::Config;
use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::api_keys::KeyPolicy;
use crate::domain::attempts::Limit;
use crate::domain::client_keys::ClientKeys;
use crate::domain::imported_secrets::ImportedSecrets;
use crate::domain::key_limits::Shares;
use crate::domain::key_uses::KeyUses;
use crate::domain::keyed_hash::Begun;
use crate::domain::login::Browser;
use crate::domain::login::LoginContext;
use crate::domain::login::LoginLimits;
use crate::domain::mails::MailLimits;
use crate::domain::memory::Memory;
use crate::domain::oauth::authorize::Policy;
use crate::domain::oauth::metadata_documents::Documents;
use crate::domain::oauth::register::RegistrationRules;
use crate::domain::oauth::signing_keys::Ring;
use crate::domain::oauth::signing_keys::SigningKeys;
use crate::domain::oauth::token::Terms;
use crate::domain::oauth::token::TokenLifetimes;
use crate::domain::overview::Written;
use crate::domain::passwords::Passwords;
use crate::domain::reach::Reach;
use crate::domain::reach::ReachError;
use crate::domain::refusals::waiting::Waiting;
use crate::domain::second_step::Entrance;
use crate::domain::sessions::SessionLifetimes;
use crate::domain::usage::Usage;
use crate::metrics::Metrics;
use crate::model::id::ClientId;
use crate::model::id::SessionId;
use crate::model::identity::Identity;
use crate::model::issuer::Issuer;
use crate::model::time::Timestamp;
use crate::model::traffic::Counted;
use crate::model::traffic::TrafficKind;
use crate::outbound::Door;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::Tx;

/// The application. Handlers take it as `Data<App>`. Each thread that answers requests has its own, so that they don't count
/// together who holds it.
#[derive(Clone)]
pub struct App(Arc<Shared>);

impl App {
    /// Puts it together.
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// What an [`App`] is.
pub struct Shared {
    /// What is configured.
    pub config: Config,
    /// The public base URL.
    pub issuer: Issuer,
    /// The database.
    pub store: Store,
    /// Who presented which credential, remembered between requests.
    pub memory: Memory,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where passwords are hashed.
    pub passwords: Passwords,
    /// The server's secret keys.
    pub keys: SecretKeys,
    /// See [`App::begun`].
    pub begun: Begun,
    /// The keys that it signs with.
    pub signing: SigningKeys,
    /// The way to what others publish.
    pub outbound: Door,
    /// The public keys of clients that publish them.
    pub client_keys: ClientKeys,
    /// Documents that describe clients, as they were fetched.
    pub documents: Documents,
    /// How API keys were used, not yet written.
    pub key_uses: Arc<KeyUses>,
    /// What this server may still let pass of the limits of API keys.
    pub key_shares: Arc<Shares>,
    /// Whether there are secrets that were made elsewhere.
    pub imported: ImportedSecrets,
    /// Figures for those who watch the server.
    pub metrics: Metrics,
    /// How much of those figures is in the database.
    pub traffic: Written,
    /// Which clients were given something, not yet written.
    pub client_usage: Arc<Usage<ClientId>>,
    /// Why requests were refused, not yet written.
    pub refusals: Arc<Waiting>,
    /// Which sessions were used, not yet written.
    pub session_usage: Arc<Usage<SessionId>>,
    /// How its pages are called and look.
    pub brand: Arc<Brand>,
    /// What its pages can be read in.
    pub languages: Languages,
    /// Woken when somebody has asked for mail here.
    pub mail_waits: Notify,
    /// Whether the server is about to stop.
    pub stopping: Stopping,
}

/// Whether the server is about to stop: it takes what still comes, and asks everybody to turn elsewhere.
#[derive(Debug, Default)]
pub struct Stopping(AtomicBool);

impl Stopping {
    /// From now on it is.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is.
    pub fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl App {
    /// A hash under the secret key in use, yet empty: to begin one anew takes as long as to hash a form's token with it.
    pub fn begun(&self) -> Begun {
        self.begun.clone()
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs `job`, which makes something, in a transaction in which the credential of `identity` still holds: what it
    /// makes would go on where it has ended meanwhile. The outcome is `job`'s.
    ///
    /// # Errors
    /// [`ReachError`], and nothing is made.
    pub async fn make<T, E>(
        &self,
        identity: &Identity,
        act: Act,
        job: impl Fn(&mut Tx<'_>, &Reach, &Act) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, ReachError>
    where
        T: Send + 'static,
        E: From<StoreError> + std::error::Error + Send + 'static,
    {
        let identity = identity.clone();
        let work = move |tx: &mut Tx<'_>| {
            let reach = Reach::of(tx, &identity, &act)?;
            job(tx, &reach, &act).map_err(NotMade::Job)
        };
        match self.store.write(work).await {
            Ok(made) => Ok(Ok(made)),
            Err(NotMade::Job(error)) => Ok(Err(error)),
            Err(NotMade::Reach(error)) => Err(error),
        }
    }

    /// The keys that it signs with, opened.
    ///
    /// # Errors
    /// What the database says.
    pub async fn ring(&self) -> Result<Arc<Ring>, StoreError> {
        self.signing.ring(&self.store, &self.keys, self.now()).await
    }

    /// What holds for all authorization requests.
    pub fn authorization_policy(&self) -> Policy {
        Policy {
            issuer: self.issuer.clone(),
            require_pkce: self.config.clients.require_pkce,
            code_lifetime: self.config.tokens.code_lifetime,
            access_token_lifetime: self.config.tokens.access_token_lifetime,
        }
    }

    /// How much has gone on since the start, of what is shown day by day.
    pub fn counted(&self) -> Counted {
        let traffic = self.metrics.traffic();
        Counted::of(|kind| match kind {
            TrafficKind::SignIn => traffic.sign_ins,
            TrafficKind::SignInFailed => traffic.failed_sign_ins,
            TrafficKind::Token => traffic.tokens,
            TrafficKind::Verified => traffic.let_in,
            TrafficKind::Refused => traffic.refused,
        })
    }

    /// What holds for all API keys.
    pub fn key_policy(&self) -> KeyPolicy {
        KeyPolicy::of(&self.config.keys)
    }

    /// What holds for all token requests.
    pub fn token_terms(&self) -> Terms {
        Terms { issuer: self.issuer.clone(), lifetimes: self.token_lifetimes() }
    }

    /// How long tokens live.
    pub fn token_lifetimes(&self) -> TokenLifetimes {
        let tokens = &self.config.tokens;
        TokenLifetimes {
            access: tokens.access_token_lifetime,
            refresh_idle: tokens.refresh_token_idle,
            refresh: tokens.refresh_token_lifetime,
            replay_window: tokens.refresh_replay_window,
        }
    }

    /// How long sessions last.
    pub fn session_lifetimes(&self) -> SessionLifetimes {
        SessionLifetimes { idle: self.config.sessions.idle, absolute: self.config.sessions.lifetime }
    }

    /// What one needs to check passwords.
    pub fn login_context(&self) -> LoginContext<'_> {
        let limits = &self.config.limits;
        let limits = LoginLimits {
            account: limits.login_per_account().map(limit),
            device: limits.login_per_device().map(limit),
            address: limits.login_per_address().map(limit),
        };
        LoginContext { store: &self.store, passwords: &self.passwords, limits }
    }

    /// What a session needs that is begun in `browser` by more than a password.
    pub fn entrance(&self, browser: Browser) -> Entrance {
        let limit = self.config.limits.second_factor().map(limit);
        Entrance { browser, lifetimes: self.session_lifetimes(), limit }
    }

    /// What holds for those who register clients by themselves.
    pub fn registration_rules(&self) -> RegistrationRules {
        let limits = &self.config.limits;
        RegistrationRules {
            per_address: limits.registration().map(limit),
            changes: limits.registration_change().map(limit),
            most_unused: limits.unused_registrations.map(NonZeroU32::get),
            issuer_is_loopback: self.issuer.is_loopback(),
        }
    }

    /// How many wrong codes of devices are looked at, of one person and from one address.
    pub fn user_code_limits(&self) -> (Option<Limit>, Option<Limit>) {
        let limits = &self.config.limits;
        (limits.user_code_per_user().map(limit), limits.user_code_per_address().map(limit))
    }

    /// How much mail may be asked for.
    pub fn mail_limits(&self) -> MailLimits {
        let limits = &self.config.limits;
        MailLimits { asker: limits.mail_asker().map(limit), reader: limits.mail_reader().map(limit) }
    }

    /// How many reports of leaked secrets are looked at from one address that change nothing.
    pub fn leak_report_limit(&self) -> Option<Limit> {
        self.config.limits.leak_reports().map(limit)
    }

    /// How many documents that describe clients are fetched for one address.
    pub fn document_fetch_limit(&self) -> Option<Limit> {
        self.config.limits.document_fetches().map(limit)
    }

    /// How many wrong secrets of one client are looked at from one address.
    pub fn client_secret_limit(&self) -> Option<Limit> {
        self.config.limits.client_secret().map(limit)
    }
}

/// Why a transaction that makes something is rolled back.
#[derive(Debug, thiserror::Error)]
enum NotMade<E: std::error::Error + 'static> {
    #[error("{0}")]
    Reach(#[from] ReachError),
    #[error("{0}")]
    Job(#[source] E),
}

impl<E: std::error::Error + 'static> From<StoreError> for NotMade<E> {
    fn from(error: StoreError) -> Self {
        NotMade::Reach(error.into())
    }
}

fn limit(configured: crate::config::limits::Limit) -> Limit {
    Limit { failures: configured.failures.get(), window: configured.window }
}
