//! The public keys of clients that publish them at a `jwks_uri` (RFC 7591 §2): kept for a while, and asked for anew when
//! a signature names a key that is not among them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use tokio::sync::Mutex as Turn;

use crate::jose::jwk_set::JwkSet;
use crate::jose::jws::Jws;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;

/// How many sets are kept.
const MOST_SETS: usize = 1_000;
/// How long after one fetch the next may come, whatever is asked for: a stranger's made-up `kid` must not become a
/// flood of requests to the client's server.
const PAUSE: Lifetime = Lifetime::from_seconds(30);

/// What a fetch brought: the document, and how long it may be used.
#[derive(Debug, Clone)]
pub struct Published {
    /// The document.
    pub text: String,
    /// How long it may be used.
    pub lifetime: Lifetime,
}

/// Why nothing was brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFetched {
    /// A sentence.
    pub why: String,
    /// Whether it is about the document, and not about who else was asking just then.
    pub is_lasting: bool,
}

impl From<String> for NotFetched {
    fn from(why: String) -> Self {
        Self { why, is_lasting: true }
    }
}

/// What is known of one address.
#[derive(Default)]
struct Known {
    fetched_at: Option<Timestamp>,
    good_until: Option<Timestamp>,
    keys: Option<Arc<JwkSet>>,
}

/// The sets of keys that were fetched, by their addresses. One fetch at a time for each of them.
#[derive(Default)]
pub struct ClientKeys(Mutex<HashMap<String, Arc<Turn<Known>>>>);

impl ClientKeys {
    /// The keys at `uri`, among which the one that made `signed` is to be looked for. `fetch` is asked where nothing is
    /// known or too old, or where no key fits.
    ///
    /// # Errors
    /// Why there are none, as a sentence. Keys that are too old are never used in their place.
    pub async fn find<F: Future<Output = Result<Published, NotFetched>>>(
        &self,
        uri: &str,
        signed: &Jws,
        now: Timestamp,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<JwkSet>, String> {
        let entry = self.entry(uri, now);
        let mut known = entry.lock().await;
        let is_good = known.good_until.is_some_and(|end| !end.is_past(now));
        let good = known.keys.clone().filter(|_| is_good);
        if let Some(keys) = good.as_ref().filter(|keys| keys.may_have_signed(signed)) {
            return Ok(Arc::clone(keys));
        }
        if known.fetched_at.is_some_and(|at| now.since(at) < PAUSE && at <= now) {
            let failed = || "the keys at the client's jwks_uri could not be had a moment ago; try again in 30 seconds";
            return good.ok_or_else(|| failed().to_owned());
        }
        // That it was asked for is noted behind it: whoever hangs up meanwhile, and with that ends this, leaves no mark
        // that would shut the client out for a while.
        let fetched = fetch().await;
        if let Err(NotFetched { why, is_lasting: false }) = fetched {
            return good.ok_or_else(|| format!("the document at the client's jwks_uri {why}"));
        }
        // What a client took off its page must not be believed because the page cannot be read.
        *known = Known { fetched_at: Some(now), ..Known::default() };
        let published = fetched.map_err(|error| format!("the document at the client's jwks_uri {}", error.why))?;
        let keys = JwkSet::parse_published(&published.text)
            .map_err(|error| format!("the document at the client's jwks_uri is refused: {error}"))?;
        let keys = Arc::new(keys);
        known.keys = Some(Arc::clone(&keys));
        known.good_until = Some(now + published.lifetime);
        Ok(keys)
    }

    fn entry(&self, uri: &str, now: Timestamp) -> Arc<Turn<Known>> {
        let mut sets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !sets.contains_key(uri) && sets.len() >= MOST_SETS {
            // What is being fetched just now stays; else who is too old goes, or, where all are good, all go.
            let is_good = |known: &Arc<Turn<Known>>| match known.try_lock() {
                Ok(known) => known.good_until.is_some_and(|end| !end.is_past(now)),
                Err(_) => true,
            };
            sets.retain(|_, known| is_good(known));
            if sets.len() >= MOST_SETS {
                sets.clear();
            }
        }
        Arc::clone(sets.entry(uri.to_owned()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    const SET: &str =
        r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

    fn signed(kid: &str) -> Jws {
        let header = match kid {
            "1" => "eyJhbGciOiJFZERTQSIsImtpZCI6IjEifQ",
            _ => "eyJhbGciOiJFZERTQSIsImtpZCI6IjIifQ",
        };
        Jws::parse(&format!("{header}.e30.AAAA")).unwrap()
    }

    const BUSY: &str = "was not asked for";

    struct Site {
        keys: ClientKeys,
        asked: Cell<u32>,
    }

    impl Site {
        fn new() -> Self {
            Self { keys: ClientKeys::default(), asked: Cell::new(0) }
        }

        async fn find(&self, kid: &str, at: u64, answer: Result<&str, &str>) -> Result<(), String> {
            let now = Timestamp::from_seconds(1_000_000) + Lifetime::from_seconds(at);
            let fetch = || async {
                self.asked.set(self.asked.get() + 1);
                let lifetime = Lifetime::from_seconds(300);
                answer
                    .map(|text| Published { text: text.to_owned(), lifetime })
                    .map_err(|why| NotFetched { why: why.to_owned(), is_lasting: why != BUSY })
            };
            self.keys.find("https://rp.test/keys", &signed(kid), now, fetch).await.map(|_| ())
        }
    }

    #[tokio::test]
    async fn keys_are_fetched_once_as_long_as_they_are_good() {
        let site = Site::new();
        for at in [0, 1, 299] {
            site.find("1", at, Ok(SET)).await.unwrap();
        }
        assert_eq!(site.asked.get(), 1);
        site.find("1", 300, Ok(SET)).await.unwrap();
        assert_eq!(site.asked.get(), 2);
    }

    #[tokio::test]
    async fn an_unknown_key_is_looked_for_every_thirty_seconds_at_most() {
        let site = Site::new();
        site.find("1", 0, Ok(SET)).await.unwrap();
        for at in 1..30 {
            site.find("2", at, Ok(SET)).await.unwrap();
        }
        assert_eq!(site.asked.get(), 1);
        site.find("2", 30, Ok(SET)).await.unwrap();
        assert_eq!(site.asked.get(), 2);
        site.find("2", 31, Ok(SET)).await.unwrap();
        assert_eq!(site.asked.get(), 2);
    }

    #[tokio::test]
    async fn what_cannot_be_fetched_is_not_replaced_by_what_was_there_before() {
        let site = Site::new();
        site.find("1", 0, Ok(SET)).await.unwrap();
        assert!(site.find("1", 300, Err("could not be reached")).await.is_err());
        assert!(site.find("1", 301, Ok(SET)).await.is_err());
        assert_eq!(site.asked.get(), 2);
        site.find("1", 330, Ok(SET)).await.unwrap();
        for bad in ["{}", "", r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#] {
            let site = Site::new();
            assert!(site.find("1", 0, Ok(bad)).await.is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn that_nobody_could_ask_is_not_remembered() {
        let site = Site::new();
        assert_eq!(site.find("1", 0, Err(BUSY)).await, Err(format!("the document at the client's jwks_uri {BUSY}")));
        site.find("1", 1, Ok(SET)).await.unwrap();
        // Nor does it spoil what is good.
        site.find("2", 31, Err(BUSY)).await.unwrap();
        site.find("1", 32, Err("is not asked for")).await.unwrap();
        assert_eq!(site.asked.get(), 3);
    }

    #[tokio::test]
    async fn who_hangs_up_while_keys_are_fetched_shuts_nobody_out() {
        let site = Site::new();
        let now = Timestamp::from_seconds(1_000_000);
        let never = || std::future::pending::<Result<Published, NotFetched>>();
        let signed_by_one = signed("1");
        let mut given_up = Box::pin(site.keys.find("https://rp.test/keys", &signed_by_one, now, never));
        let waited = tokio::time::timeout(std::time::Duration::from_millis(20), &mut given_up).await;
        assert!(waited.is_err());
        drop(given_up);
        site.find("1", 1, Ok(SET)).await.unwrap();
    }
}
