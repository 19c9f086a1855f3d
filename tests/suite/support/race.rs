//! Many at one moment.

use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::app::TestApp;

/// How long another node may let in what has ended.
pub const ELSEWHERE: Duration = Duration::from_secs(1);

/// How often a race is run: as often as `TEST_ROUNDS` says, or `usual`.
pub fn rounds(usual: usize) -> usize {
    std::env::var("TEST_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

/// Runs what `make` makes `count` times, all at one moment. What came of them is in the order in which they were made.
pub async fn at_once<T, F>(count: usize, mut make: impl FnMut(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(count));
    let mut running = JoinSet::new();
    for number in 0..count {
        let (barrier, work) = (Arc::clone(&barrier), make(number));
        running.spawn(async move {
            barrier.wait().await;
            (number, work.await)
        });
    }
    let mut all = running.join_all().await;
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, outcome)| outcome).collect()
}

/// The servers on one database: one on SQLite, two on PostgreSQL. It stands for the first of them.
pub struct Nodes {
    // Stopped before the one whose database it uses.
    other: Option<TestApp>,
    app: TestApp,
}

impl Nodes {
    /// `app`, and another one beside it where that can be.
    pub fn of(app: TestApp, settings: &str) -> Self {
        Self { other: app.database.is_postgres().then(|| app.beside(settings)), app }
    }

    /// Those that a round goes to: every other round has the first alone.
    pub fn of_round(&self, round: usize) -> Vec<&TestApp> {
        let other = self.other.as_ref().filter(|_| round.is_multiple_of(2));
        std::iter::once(&self.app).chain(other).collect()
    }

    /// All of them.
    pub fn all(&self) -> Vec<&TestApp> {
        self.of_round(0)
    }

    /// Sees to it that all of them refuse an access token, a second from now at the latest.
    pub async fn refuse(&self, access_token: &str) {
        let began = now();
        for node in self.all() {
            loop {
                let is_over = began.elapsed() > ELSEWHERE;
                match node.me_status(access_token).await {
                    401 => break,
                    status => assert!(!is_over && status == 200, "{status} after a second"),
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

impl Deref for Nodes {
    type Target = TestApp;

    fn deref(&self) -> &TestApp {
        &self.app
    }
}

/// What time it really is.
#[expect(clippy::disallowed_methods, reason = "what another node may believe is bounded by real time")]
pub fn now() -> Instant {
    Instant::now()
}
