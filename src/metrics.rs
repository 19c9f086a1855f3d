//! Figures for those who watch the server, in the text format of Prometheus (OpenMetrics 1.0). They count; they name nobody.

use std::fmt;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
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

/// The figures of one server.
pub struct Metrics {
    registry: Registry,
    requests: Family<OfRequest, Counter>,
    durations: Family<OfSurface, Histogram, fn() -> Histogram>,
    credentials: Family<OfCredential, Counter>,
    refused: Counter,
    writes: Counter,
    syncs: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let durations: fn() -> Histogram = || Histogram::new(BOUNDS);
        let mut metrics = Self {
            registry: Registry::with_prefix("hallpass"),
            requests: Family::default(),
            durations: Family::new_with_constructor(durations),
            credentials: Family::default(),
            refused: Counter::default(),
            writes: Counter::default(),
            syncs: Counter::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("requests", "Requests that were answered", metrics.requests.clone());
        registry.register("request_duration_seconds", "How long answers took", metrics.durations.clone());
        registry.register("credentials_recognised", "Credentials that were let in", metrics.credentials.clone());
        registry.register("credentials_refused", "Credentials that were not", metrics.refused.clone());
        let writes = "Writes that were made durable since the start (SQLite)";
        registry.register("store_writes", writes, metrics.writes.clone());
        registry.register("store_syncs", "Syncs of the disk that they took (SQLite)", metrics.syncs.clone());
        metrics
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// Counts an answered request for the face `surface` of the server.
    pub fn request(&self, surface: &'static str, status: u16, took: Duration) {
        self.requests.get_or_create(&OfRequest { surface, status: status.into() }).inc();
        self.durations.get_or_create(&OfSurface { surface }).observe(took.as_secs_f64());
    }

    /// Counts a credential that was let in: `session`, `access_token` or `api_key`.
    pub fn recognised(&self, credential: &'static str) {
        self.credentials.get_or_create(&OfCredential { credential }).inc();
    }

    /// Counts a credential that was not.
    pub fn refused(&self) {
        self.refused.inc();
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
