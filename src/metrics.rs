//! Figures for those who watch the server, in the text format of Prometheus (OpenMetrics 1.0). They count; they name nobody.

use std::array;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::NoLabelSet;
use prometheus_client::encoding::text;
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// The media type of [`Metrics::text`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Bounds of the durations that are told apart, in seconds.
const BOUNDS: [f64; 12] = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRequest {
    surface: &'static str,
    status: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfSurface {
    surface: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfCredential {
    credential: &'static str,
}

/// A face of the server, for which requests are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Pages for people.
    Page,
    /// The JSON API.
    Api,
    /// OAuth's endpoints for clients.
    OAuth,
    /// Frappe's paths.
    Frappe,
    /// The check that proxies ask for.
    Verify,
    /// Operations and metadata.
    Plain,
}

impl Face {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Page, Self::Api, Self::OAuth, Self::Frappe, Self::Verify, Self::Plain];

    /// Its name in figures and in what is kept of refusals.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Api => "api",
            Self::OAuth => "oauth",
            Self::Frappe => "frappe",
            Self::Verify => "verify",
            Self::Plain => "plain",
        }
    }
}

/// The figures of one server.
pub struct Metrics {
    registry: Registry,
    requests: Arc<Requests>,
    credentials: [(&'static str, Counter); 3],
    refused: Counter,
    sign_ins: Counter,
    failed_sign_ins: Counter,
    tokens: Counter,
    refusals_dropped: Counter,
    writes: Counter,
    syncs: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let credentials: Family<OfCredential, Counter> = Family::default();
        let of_credential = |credential| (credential, credentials.get_or_create(&OfCredential { credential }).clone());
        let mut metrics = Self {
            registry: Registry::with_prefix("hallpass"),
            requests: Arc::default(),
            credentials: ["session", "access_token", "api_key"].map(of_credential),
            refused: Counter::default(),
            sign_ins: Counter::default(),
            failed_sign_ins: Counter::default(),
            tokens: Counter::default(),
            refusals_dropped: Counter::default(),
            writes: Counter::default(),
            syncs: Counter::default(),
        };
        let registry = &mut metrics.registry;
        registry.register_collector(Box::new(Arc::clone(&metrics.requests)));
        registry.register("credentials_recognised", "Credentials that were let in", credentials);
        registry.register("credentials_refused", "Credentials that were not", metrics.refused.clone());
        registry.register("sign_ins", "Sign-ins in a browser", metrics.sign_ins.clone());
        let failed = "Wrong passwords and second factors at sign-in";
        registry.register("sign_ins_failed", failed, metrics.failed_sign_ins.clone());
        registry.register("tokens_issued", "Answers of the token endpoint with a token", metrics.tokens.clone());
        let dropped = "Refused requests of which nothing was kept, for too many came at once";
        registry.register("refusals_dropped", dropped, metrics.refusals_dropped.clone());
        let writes = "Writes that were made durable since the start (SQLite)";
        registry.register("store_writes", writes, metrics.writes.clone());
        registry.register("store_syncs", "Syncs of the disk that they took (SQLite)", metrics.syncs.clone());
        metrics
    }
}

/// How often something happened since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic {
    /// Sign-ins in a browser.
    pub sign_ins: u64,
    /// Wrong passwords, second factors and passkeys at sign-in.
    pub failed_sign_ins: u64,
    /// Answers of the token endpoint with a token.
    pub tokens: u64,
    /// Credentials that were let in.
    pub let_in: u64,
    /// Credentials that were not.
    pub refused: u64,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// Where one more worker counts.
    pub fn tally(&self) -> Tally {
        let counts = Arc::new(Counts::default());
        self.requests.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&counts));
        Tally { counts, alone: PhantomData }
    }

    /// Counts a credential that was let in: `session`, `access_token` or `api_key`.
    pub fn recognised(&self, credential: &'static str) {
        if let Some((_, counter)) = self.credentials.iter().find(|(known, _)| *known == credential) {
            counter.inc();
        }
    }

    /// Counts a credential that was not.
    pub fn refused(&self) {
        self.refused.inc();
    }

    /// Counts a sign-in in a browser.
    pub fn signed_in(&self) {
        self.sign_ins.inc();
    }

    /// Counts a wrong password or second factor at sign-in.
    pub fn sign_in_failed(&self) {
        self.failed_sign_ins.inc();
    }

    /// Counts an answer of the token endpoint with a token.
    pub fn token_issued(&self) {
        self.tokens.inc();
    }

    /// How often what people follow day by day happened since the start.
    pub fn traffic(&self) -> Traffic {
        Traffic {
            sign_ins: self.sign_ins.get(),
            failed_sign_ins: self.failed_sign_ins.get(),
            tokens: self.tokens.get(),
            let_in: self.credentials.iter().map(|(_, counter)| counter.get()).sum(),
            refused: self.refused.get(),
        }
    }

    /// Counts refusals of which nothing is kept.
    pub fn refusals_dropped(&self, count: usize) {
        self.refusals_dropped.inc_by(u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// All figures; `store` are the writes and the syncs so far, where the store counts them.
    ///
    /// # Errors
    /// None that could happen while it is written into a text.
    pub fn text(&self, store: Option<(u64, u64)>) -> Result<String, fmt::Error> {
        if let Some((writes, syncs)) = store {
            self.writes.inc_by(writes.saturating_sub(self.writes.get()));
            self.syncs.inc_by(syncs.saturating_sub(self.syncs.get()));
        }
        let mut all = String::new();
        text::encode(&mut all, &self.registry)?;
        Ok(all)
    }
}

/// The requests that one worker answered. Nobody else counts here, so that it takes no lock and waits for no other
/// worker's processor.
pub struct Tally {
    counts: Arc<Counts>,
    /// One thread alone writes.
    alone: PhantomData<Cell<()>>,
}

impl Tally {
    /// Counts an answered request.
    pub fn request(&self, face: Face, status: u16, took: Duration) {
        let Some(counts) = self.counts.0.iter().zip(Face::ALL).find_map(|(counts, of)| (of == face).then_some(counts))
        else {
            return;
        };
        let add = |count: &AtomicU64, more: u64| {
            count.store(count.load(Ordering::Relaxed).wrapping_add(more), Ordering::Relaxed);
        };
        if let Some(count) = usize::from(status).checked_sub(FIRST_STATUS).and_then(|at| counts.statuses.get(at)) {
            add(count, 1);
        }
        let seconds = took.as_secs_f64();
        let bucket = BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len());
        if let Some(count) = counts.buckets.get(bucket) {
            add(count, 1);
        }
        add(&counts.nanos, u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
    }
}

/// The lowest status there is.
const FIRST_STATUS: usize = 100;

/// What one worker counted, face by face as in [`Face::ALL`].
#[derive(Debug)]
struct Counts([OfFace; Face::ALL.len()]);

#[derive(Debug)]
struct OfFace {
    /// Of each status from 100 to 599.
    statuses: Box<[AtomicU64]>,
    /// Up to each of [`BOUNDS`], and beyond.
    buckets: [AtomicU64; BOUNDS.len() + 1],
    nanos: AtomicU64,
}

impl Default for Counts {
    fn default() -> Self {
        Self(array::from_fn(|_| OfFace {
            statuses: (FIRST_STATUS..600).map(|_| AtomicU64::default()).collect(),
            buckets: array::from_fn(|_| AtomicU64::default()),
            nanos: AtomicU64::default(),
        }))
    }
}

/// The requests that all workers answered.
#[derive(Debug, Default)]
struct Requests(Mutex<Vec<Arc<Counts>>>);

impl Requests {
    fn sum(&self, face: usize, figure: impl Fn(&OfFace) -> Option<&AtomicU64>) -> u64 {
        let workers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let figures = workers.iter().filter_map(|counts| counts.0.get(face).and_then(&figure));
        figures.map(|count| count.load(Ordering::Relaxed)).sum()
    }
}

impl Collector for Requests {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut requests =
            encoder.encode_descriptor("requests", "Requests that were answered.", None, MetricType::Counter)?;
        for (at, face) in Face::ALL.iter().enumerate() {
            for status in FIRST_STATUS..600 {
                let count = self.sum(at, |of| of.statuses.get(status - FIRST_STATUS));
                if count > 0 {
                    let labels = OfRequest { surface: face.name(), status: u32::try_from(status).unwrap_or_default() };
                    requests.encode_family(&labels)?.encode_counter::<NoLabelSet, _, u64>(&count, None)?;
                }
            }
        }
        let mut durations = encoder.encode_descriptor(
            "request_duration_seconds",
            "How long answers took.",
            None,
            MetricType::Histogram,
        )?;
        for (at, face) in Face::ALL.iter().enumerate() {
            let bounds = BOUNDS.into_iter().chain([f64::INFINITY]).enumerate();
            let buckets: Vec<(f64, u64)> =
                bounds.map(|(bucket, bound)| (bound, self.sum(at, |of| of.buckets.get(bucket)))).collect();
            let count = buckets.iter().map(|(_, count)| count).sum();
            if count > 0 {
                let seconds = Duration::from_nanos(self.sum(at, |of| Some(&of.nanos))).as_secs_f64();
                let labels = OfSurface { surface: face.name() };
                durations.encode_family(&labels)?.encode_histogram::<NoLabelSet>(seconds, count, &buckets, None)?;
            }
        }
        Ok(())
    }
}
