//! Metadata documents of clients, as they were fetched: kept for a while, and so is that one could not be had. Nothing
//! of them is written down for a stranger.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use tokio::sync::Mutex as Turn;

use crate::domain::attempts::Limit;
use crate::domain::client_keys::NotFetched;
use crate::domain::oauth::metadata_document::Document;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;

/// How many are kept.
const MOST_DOCUMENTS: usize = 1_000;
/// How many networks are counted.
const MOST_NETWORKS: usize = 10_000;
/// How long a document that could not be had is not asked for again.
const PAUSE: Lifetime = Lifetime::from_seconds(60);

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoDocument {
    /// It is no good, or could not be had; a sentence.
    Refused(String),
    /// Too many were asked for from one address.
    Limited(Lifetime),
}

/// What is known of one address.
#[derive(Default)]
struct Known {
    document: Option<Arc<Document>>,
    failed: Option<(String, Timestamp)>,
}

/// The documents, by their addresses. One fetch at a time for each of them.
#[derive(Default)]
pub struct Documents {
    known: Mutex<HashMap<String, Arc<Turn<Known>>>>,
    fetches: Mutex<HashMap<String, (u32, Timestamp)>>,
}

impl Documents {
    /// The document at `url`, for somebody in `network`. `fetch` is asked where it is not known, or too old.
    ///
    /// # Errors
    /// [`NoDocument`]. A document that is too old is never used in the place of one that cannot be had.
    pub async fn find<F: Future<Output = Result<Document, NotFetched>>>(
        &self,
        url: &str,
        network: &str,
        limit: Option<Limit>,
        now: Timestamp,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<Document>, NoDocument> {
        let entry = self.entry(url, now);
        let mut known = entry.lock().await;
        if let Some(document) = known.document.as_ref().filter(|document| !document.expires_at.is_past(now)) {
            return Ok(Arc::clone(document));
        }
        if let Some((why, until)) = known.failed.as_ref().filter(|(_, until)| !until.is_past(now)) {
            let wait = until.since(now).seconds_up();
            return Err(NoDocument::Refused(format!("{why} (it is asked for again in {wait} seconds)")));
        }
        self.count(network, limit, now).map_err(NoDocument::Limited)?;
        *known = Known::default();
        match fetch().await {
            Ok(document) => {
                let document = Arc::new(document);
                known.document = Some(Arc::clone(&document));
                Ok(document)
            }
            Err(NotFetched { why, is_lasting }) => {
                known.failed = is_lasting.then(|| (why.clone(), now + PAUSE));
                Err(NoDocument::Refused(why))
            }
        }
    }

    fn entry(&self, url: &str, now: Timestamp) -> Arc<Turn<Known>> {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.contains_key(url) && all.len() >= MOST_DOCUMENTS {
            let is_of_use = |known: &Arc<Turn<Known>>| match known.try_lock() {
                Ok(known) => known.document.as_ref().is_some_and(|document| !document.expires_at.is_past(now)),
                // It is being fetched just now.
                Err(_) => true,
            };
            all.retain(|_, known| is_of_use(known));
            if all.len() >= MOST_DOCUMENTS {
                all.clear();
            }
        }
        Arc::clone(all.entry(url.to_owned()).or_default())
    }

    /// Counts a fetch for somebody in `network`, or says how long to wait.
    ///
    /// # Errors
    /// How long.
    pub fn count(&self, network: &str, limit: Option<Limit>, now: Timestamp) -> Result<(), Lifetime> {
        let Some(limit) = limit else { return Ok(()) };
        let mut fetches = self.fetches.lock().unwrap_or_else(PoisonError::into_inner);
        if fetches.len() >= MOST_NETWORKS {
            fetches.retain(|_, (_, end)| !end.is_past(now));
            if fetches.len() >= MOST_NETWORKS {
                fetches.clear();
            }
        }
        let (count, end) = fetches.entry(network.to_owned()).or_insert((0, now + limit.window));
        if end.is_past(now) {
            (*count, *end) = (0, now + limit.window);
        }
        if *count >= limit.failures {
            return Err(end.since(now));
        }
        *count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::https_url::HttpsUrl;
    use std::cell::Cell;

    const LIMIT: Option<Limit> = Some(Limit { failures: 3, window: Lifetime::from_seconds(60) });

    struct Site {
        documents: Documents,
        asked: Cell<u32>,
    }

    impl Site {
        fn new() -> Self {
            Self { documents: Documents::default(), asked: Cell::new(0) }
        }

        /// Asks for the document at `url` at a second, where it answers as `is_good` says and holds for 100 seconds.
        async fn find(&self, url: &str, network: &str, at: u64, is_good: bool) -> Result<(), NoDocument> {
            let now = Timestamp::from_seconds(1_000_000) + Lifetime::from_seconds(at);
            let fetch = || async {
                self.asked.set(self.asked.get() + 1);
                let text = format!(r#"{{"client_id":"{url}","redirect_uris":["https://app.test/cb"]}}"#);
                let expires_at = now + Lifetime::from_seconds(100);
                if !is_good {
                    return Err(NotFetched { why: "it is gone".to_owned(), is_lasting: url != BUSY });
                }
                Ok(Document::read(HttpsUrl::parse(url).unwrap(), text.as_bytes(), expires_at)?)
            };
            self.documents.find(url, network, LIMIT, now, fetch).await.map(|_| ())
        }
    }

    const URL: &str = "https://app.test/client.json";
    /// One that nobody could ask for, where it is not good.
    const BUSY: &str = "https://busy.test/client.json";

    #[tokio::test]
    async fn that_nobody_could_ask_is_not_remembered() {
        let site = Site::new();
        assert!(site.find(BUSY, "a", 0, false).await.is_err());
        site.find(BUSY, "a", 1, true).await.unwrap();
        assert_eq!(site.asked.get(), 2);
    }

    #[tokio::test]
    async fn a_document_is_fetched_once_as_long_as_it_holds() {
        let site = Site::new();
        for at in [0, 1, 99] {
            site.find(URL, "a", at, true).await.unwrap();
        }
        assert_eq!(site.asked.get(), 1);
        // What is too old is not used in the place of what cannot be had, and that is not asked for at once again.
        for at in [100, 101, 159] {
            assert!(matches!(site.find(URL, "a", at, false).await, Err(NoDocument::Refused(_))));
        }
        assert_eq!(site.asked.get(), 2);
        site.find(URL, "a", 160, true).await.unwrap();
        assert_eq!(site.asked.get(), 3);
    }

    #[tokio::test]
    async fn one_network_has_so_many_fetched_and_no_more() {
        let site = Site::new();
        for n in 0..3 {
            site.find(&format!("https://app.test/{n}.json"), "a", 0, true).await.unwrap();
        }
        let limited = Err(NoDocument::Limited(Lifetime::from_seconds(59)));
        assert_eq!(site.find(URL, "a", 1, true).await, limited);
        // What is known is for everybody, and others are not held up.
        site.find("https://app.test/1.json", "a", 1, true).await.unwrap();
        site.find(URL, "b", 1, true).await.unwrap();
        site.find("https://app.test/4.json", "a", 60, true).await.unwrap();
    }
}
