//! [`Introspection`]: who a request is, by asking the issuer (RFC 7662), with a bounded memory of its answers.

mod answer;
mod connection;
mod memory;
mod origin;
#[cfg(feature = "server")]
pub(crate) mod stranger;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use form_urlencoded::Serializer;
use form_urlencoded::byte_serialize;
use hyper::StatusCode;
use hyper::header::HeaderValue;
use sha2::Digest;
use sha2::Sha256;
use tokio::runtime::Builder as RuntimeBuilder;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use self::connection::Endpoint;
use self::memory::Key;
use self::memory::Looked;
use self::memory::Memory;
use self::memory::Outcome;
use crate::clock::Clock;
use crate::clock::SystemClock;
use crate::model::issuer::Issuer;
use crate::model::secret::Secret;
use crate::model::token::ApiKeyName;
use crate::principal::authorization::encode_basic;
use crate::principal::credential::Credential;
use crate::principal::identity::Identity;
use crate::principal::resolve::Resolve;
use crate::principal::resolve::Resolving;
use crate::principal::resolve::Unresolved;
use crate::principal::service::SettingError;

/// For how long an answer is remembered where nothing else is said.
const REMEMBERED: Duration = Duration::from_secs(5);
/// The longest that can be said: whoever revokes a credential must not wait forever.
const LONGEST: Duration = Duration::from_secs(300);
/// How many answers are remembered where nothing else is said.
const AT_MOST: usize = 10_000;
/// How long a question may take, to the last byte of its answer.
const QUESTION: Duration = Duration::from_secs(5);

/// Knows who requests are by asking the issuer, at `<issuer>/oauth/introspect`.
///
/// **How late it sees a revocation.** A good answer is used again for [`Settings::remember_for`] from the moment it was
/// asked for, five seconds unless something else is set, and never beyond the credential's own end; so a revoked key, a
/// role that was taken away, a user who was disabled stop counting no later than that. With a time of zero nothing is
/// remembered. Refusals are not remembered. Where the issuer does not answer, nothing that is older than this time
/// stands in for it.
///
/// The memory holds hashes of credentials, not credentials, and for each address apart, since a key may be bound to some.
///
/// Questions are asked on a thread of their own, which ends with this value.
pub struct Introspection {
    shared: Arc<Shared>,
    asking: Handle,
    /// The thread ends when this is dropped.
    _running: oneshot::Sender<()>,
}

struct Shared {
    endpoint: Endpoint,
    memory: Memory,
    clock: Arc<dyn Clock>,
}

/// Whom to ask and how; made by [`Introspection::of`].
pub struct Settings {
    issuer: String,
    caller: Option<Caller>,
    remember_for: Duration,
    remember_at_most: usize,
    certificates: Option<PathBuf>,
    clock: Arc<dyn Clock>,
}

enum Caller {
    Client { client_id: String, secret: Secret },
    ApiKey(Secret),
}

impl Introspection {
    /// Begins with the issuer: the server's public base URL, as its metadata has it. `https`, or `http` on loopback.
    pub fn of(issuer: &str) -> Settings {
        Settings {
            issuer: issuer.to_owned(),
            caller: None,
            remember_for: REMEMBERED,
            remember_at_most: AT_MOST,
            certificates: None,
            clock: Arc::new(SystemClock::default()),
        }
    }

    async fn ask(&self, credential: &Credential, address: Option<IpAddr>) -> Outcome {
        let key = key(credential, address);
        let awaited = match self.shared.memory.look(&key, instant()) {
            Looked::Known(identity) => return Ok(identity),
            Looked::UnderWay(awaited) => awaited,
            Looked::Ask(question, awaited) => {
                let (shared, credential) = (Arc::clone(&self.shared), credential.clone());
                // On its own: whoever hangs up meanwhile takes nothing from those who wait for the same answer.
                self.asking.spawn(async move {
                    let outcome = shared.question(&credential, address).await;
                    let ends_in = outcome.as_ref().ok().and_then(|identity| shared.ends_in(identity));
                    shared.memory.settle(question, outcome, ends_in);
                });
                awaited
            }
        };
        let mut awaited = awaited;
        let gone = || Unresolved::Unavailable("the thread that asks is gone".to_owned());
        let outcome = awaited.wait_for(Option::is_some).await.map_err(|_| gone())?;
        outcome.clone().unwrap_or_else(|| Err(gone()))
    }
}

impl Settings {
    /// Asks as a client of the issuer's: a confidential one with the scope `introspect`. Where it is registered for
    /// resources, it learns of tokens that are meant for these alone.
    #[must_use]
    pub fn client(mut self, client_id: &str, client_secret: &str) -> Self {
        self.caller = Some(Caller::Client { client_id: client_id.to_owned(), secret: Secret::from(client_secret) });
        self
    }

    /// Asks by an API key that has the scope `introspect`; its secret half is enough. Such a caller learns of all
    /// tokens, whatever they are meant for.
    #[must_use]
    pub fn api_key(mut self, api_secret: &str) -> Self {
        self.caller = Some(Caller::ApiKey(Secret::from(api_secret)));
        self
    }

    /// For how long a good answer is used again, from when it was asked for: five seconds unless set, at most five
    /// minutes. Zero: each request is a question.
    #[must_use]
    pub fn remember_for(mut self, time: Duration) -> Self {
        self.remember_for = time;
        self
    }

    /// How many answers are remembered at most: 10,000 unless set.
    #[must_use]
    pub fn remember_at_most(mut self, answers: usize) -> Self {
        self.remember_at_most = answers;
        self
    }

    /// A file with certificate authorities in PEM form that are believed beside the system's.
    #[must_use]
    pub fn certificates(mut self, file: impl Into<PathBuf>) -> Self {
        self.certificates = Some(file.into());
        self
    }

    /// What time it is, for tests; the machine's clock unless set. It says when credentials end.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Ready to be asked. Nothing is sent yet: a service can begin before its issuer.
    ///
    /// # Errors
    /// What has to be changed.
    pub fn build(self) -> Result<Introspection, SettingError> {
        let wrong = |what: &str, why: &str| SettingError(format!("{what} {why}"));
        let issuer = Issuer::parse(&self.issuer).map_err(|why| wrong("the issuer", &why))?;
        if self.remember_for > LONGEST {
            return Err(wrong("the time that answers are remembered", "is longer than five minutes"));
        }
        let authorization = match &self.caller {
            None => return Err(wrong("the caller", "is missing: say .client(…) or .api_key(…)")),
            Some(Caller::Client { client_id, secret }) => basic(client_id, secret),
            Some(Caller::ApiKey(secret)) => Zeroizing::new(format!("Bearer {}", secret.expose())),
        };
        let authorization = HeaderValue::from_str(&authorization)
            .map_err(|_| wrong("the caller's secret", "has characters that no header can carry"))?;
        let authorities = crate::tls::Authorities::open(self.certificates.as_deref())
            .map_err(|why| wrong("the file of certificates", &why))?;
        let endpoint =
            Endpoint::new(issuer, authorization, authorities, QUESTION).map_err(|why| wrong("the issuer", &why))?;
        let memory = Memory::new(self.remember_at_most, self.remember_for);
        let (asking, running) = begin_thread().map_err(|error| SettingError(error.to_string()))?;
        let shared = Arc::new(Shared { endpoint, memory, clock: self.clock });
        Ok(Introspection { shared, asking, _running: running })
    }
}

impl Resolve for Introspection {
    type Identity = Arc<Identity>;

    fn resolve<'a>(&'a self, credential: &'a Credential, address: Option<IpAddr>) -> Resolving<'a, Arc<Identity>> {
        Box::pin(self.ask(credential, address))
    }

    fn issuer(&self) -> Option<&str> {
        Some(self.shared.endpoint.issuer().as_str())
    }
}

impl Shared {
    /// Asks the issuer.
    async fn question(&self, credential: &Credential, address: Option<IpAddr>) -> Outcome {
        let unavailable = |why: String| {
            tracing::error!(issuer = self.endpoint.issuer().as_str(), "a credential could not be asked about: {why}");
            Unresolved::Unavailable(why)
        };
        let answer = self.endpoint.ask(form(credential, address)).await.map_err(unavailable)?;
        match answer.status {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                let why = "it does not let this service ask: look at the client, its secret and its scope introspect";
                return Err(unavailable(why.to_owned()));
            }
            status => return Err(unavailable(format!("it answered with status {}", status.as_u16()))),
        }
        let read = answer::read(&answer.body, self.endpoint.issuer(), credential).map_err(unavailable)?;
        read.map(Arc::new).ok_or(Unresolved::Refused)
    }

    /// How long the credential has left. Where the clocks here and there differ, the issuer is right: what it has just
    /// called good is good for this once.
    fn ends_in(&self, identity: &Identity) -> Option<Duration> {
        let left = identity.expires_at?.millis().saturating_sub(self.clock.now().millis());
        Some(Duration::from_millis(u64::try_from(left).unwrap_or(0)))
    }
}

/// The thread that asks, and what keeps it running.
fn begin_thread() -> std::io::Result<(Handle, oneshot::Sender<()>)> {
    let runtime = RuntimeBuilder::new_current_thread().enable_io().enable_time().build()?;
    let handle = runtime.handle().clone();
    let (running, ended) = oneshot::channel::<()>();
    thread::Builder::new().name("hallpass-asking".to_owned()).spawn(move || {
        // An error says that the other end is gone, which is what this waits for.
        runtime.block_on(ended).unwrap_or_default();
        runtime.shutdown_background();
    })?;
    Ok((handle, running))
}

/// `Basic` for a client: each half form-encoded first (RFC 6749 §2.3.1).
fn basic(client_id: &str, secret: &Secret) -> Zeroizing<String> {
    let client_id: String = byte_serialize(client_id.as_bytes()).collect();
    let secret = Zeroizing::new(byte_serialize(secret.expose().as_bytes()).collect::<String>());
    encode_basic(&client_id, &secret)
}

/// The question about a credential.
fn form(credential: &Credential, address: Option<IpAddr>) -> String {
    let mut form = Serializer::new(String::new());
    let (secret, name) = match credential {
        Credential::AccessToken { token, .. } => (token.reveal(), None),
        Credential::ApiKey { name, secret } => (secret.reveal(), name.as_ref()),
        Credential::ImportedKey { name, secret } => (secret.expose(), name.as_ref()),
    };
    form.append_pair("token", secret);
    if let Some(name) = name {
        form.append_pair("api_key", name.as_str());
    }
    if let Some(address) = address {
        form.append_pair("client_ip", &address.to_string());
    }
    form.finish()
}

/// What an answer depends on, hashed: all of the question. A key may be bound to addresses, and so may a token that came
/// of it.
fn key(credential: &Credential, address: Option<IpAddr>) -> Key {
    let address = address.map(|address| address.to_string()).unwrap_or_default();
    let (kind, name, secret) = match credential {
        Credential::AccessToken { token, .. } => ("token", None, token.reveal()),
        Credential::ApiKey { name, secret } => ("key", name.as_ref(), secret.reveal()),
        Credential::ImportedKey { name, secret } => ("imported key", name.as_ref(), secret.expose()),
    };
    let mut hash = Sha256::new();
    // No key's name is empty.
    for part in [kind, name.map_or("", ApiKeyName::as_str), secret, &address] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[expect(clippy::disallowed_methods, reason = "how old an answer is, by a clock that cannot be set back")]
fn instant() -> Instant {
    Instant::now()
}
