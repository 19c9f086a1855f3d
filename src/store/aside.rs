//! Work that waits for a database, on threads that may wait.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::store::StoreError;

/// The most work that waits for a thread; more is refused at once.
const QUEUE: usize = 4096;

/// Threads that may wait for a database: no more of them than it has connections, for others would only wait for each
/// other.
#[derive(Clone)]
pub struct Threads(Arc<Shared>);

struct Shared {
    most: usize,
    wait: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    running: usize,
    queue: VecDeque<Place>,
}

/// Work in the queue, until a thread or whoever gives up on it takes it out.
type Place = Arc<Mutex<Option<Work>>>;
/// Boxed: a task of a type of its own for each of hundreds of jobs would make the program a tenth larger.
type Work = Box<dyn FnOnce() + Send>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Threads {
    /// At most `most` of them. Work that has waited for one as long as `wait` is refused.
    pub fn new(most: u32, wait: Duration) -> Self {
        let most = usize::try_from(most).unwrap_or(usize::MAX).max(1);
        Self(Arc::new(Shared { most, wait, state: Mutex::default() }))
    }

    /// Runs `work` where waiting holds up nobody, and returns what came of it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where no thread came free in time; [`StoreError::Stopped`] where there is none any more, or
    /// `work` panicked.
    pub async fn run<T, E>(&self, work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, mut answered) = oneshot::channel();
        let work: Work = Box::new(move || {
            // Whoever asked may have gone; then nobody needs the answer.
            drop(answer.send(work()));
        });
        let place = Arc::new(Mutex::new(Some(work)));
        self.put(Arc::clone(&place))?;
        let outcome = match tokio::time::timeout(self.0.wait, &mut answered).await {
            Ok(outcome) => outcome,
            Err(_) if lock(&place).take().is_some() => {
                return Err(StoreError::Busy("no connection to the database came free in time").into());
            }
            // It has begun: what it does is done, and its outcome is the one to tell.
            Err(_) => answered.await,
        };
        outcome.unwrap_or_else(|_| Err(StoreError::Stopped.into()))
    }

    fn put(&self, place: Place) -> Result<(), StoreError> {
        let mut state = lock(&self.0.state);
        if state.queue.len() >= QUEUE {
            return Err(StoreError::Busy("too much waits for the database"));
        }
        state.queue.push_back(place);
        if state.running < self.0.most {
            state.running += 1;
            drop(state);
            let thread = Running { shared: Arc::clone(&self.0), counts: true };
            drop(tokio::task::spawn_blocking(move || thread.work()));
        }
        Ok(())
    }
}

/// A thread that works until nothing waits any more.
struct Running {
    shared: Arc<Shared>,
    /// Whether it is among those that run.
    counts: bool,
}

impl Running {
    fn work(mut self) {
        while let Some(place) = self.next() {
            let work = lock(&place).take();
            // Its sender is dropped with it, by which its caller learns.
            let _panicked = work.map(|work| catch_unwind(AssertUnwindSafe(work)).is_err());
        }
    }

    /// What waits longest. Where nothing does, this thread no longer counts: who comes then gets another.
    fn next(&mut self) -> Option<Place> {
        let mut state = lock(&self.shared.state);
        let next = state.queue.pop_front();
        if next.is_none() {
            state.running -= 1;
            self.counts = false;
        }
        next
    }
}

impl Drop for Running {
    /// Where it never came to work, for the runtime is about to end.
    fn drop(&mut self) {
        if self.counts {
            lock(&self.shared.state).running -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
    }

    #[test]
    fn no_more_work_runs_at_once_than_there_are_threads_and_all_of_it_is_done() {
        let threads = Threads::new(3, Duration::from_secs(60));
        // How many run, and how many did at most.
        let seen = Arc::new(Mutex::new((0, 0)));
        let work = |number: usize| {
            let (threads, seen) = (threads.clone(), Arc::clone(&seen));
            async move {
                let work = move || {
                    assert!(number % 10 != 7, "this one panics");
                    {
                        let mut seen = lock(&seen);
                        seen.0 += 1;
                        seen.1 = seen.1.max(seen.0);
                    }
                    std::thread::sleep(Duration::from_millis(2));
                    lock(&seen).0 -= 1;
                    Ok::<_, StoreError>(number)
                };
                threads.run(work).await
            }
        };
        let done: Vec<_> = runtime().block_on(async {
            let tasks: Vec<_> = (0..50).map(|number| tokio::spawn(work(number))).collect();
            let mut done = Vec::new();
            for task in tasks {
                done.push(task.await.unwrap());
            }
            done
        });
        for (number, done) in done.into_iter().enumerate() {
            match done {
                Ok(of) => assert_eq!(of, number),
                Err(error) => assert!(number % 10 == 7 && matches!(error, StoreError::Stopped), "{number}: {error}"),
            }
        }
        assert_eq!(*lock(&seen), (0, 3));
        // The last answer comes before its thread looks whether there is more.
        let has_ended = || lock(&threads.0.state).running == 0;
        assert!((0..1_000).any(|_| has_ended() || {
            std::thread::sleep(Duration::from_millis(5));
            false
        }));
    }

    #[test]
    fn what_waits_too_long_is_refused_and_never_runs() {
        let threads = Threads::new(1, Duration::from_millis(20));
        let (release, held) = mpsc::channel::<()>();
        let (ran, has_run) = mpsc::channel::<()>();
        runtime().block_on(async {
            let first = tokio::spawn({
                let threads = threads.clone();
                // Longer than others may wait: what has begun is waited for.
                async move { threads.run(move || Ok::<_, StoreError>(held.recv().is_ok())).await }
            });
            tokio::task::yield_now().await;
            let second = threads.run(move || Ok::<_, StoreError>(ran.send(()))).await;
            assert!(matches!(second, Err(StoreError::Busy(_))), "{second:?}");
            release.send(()).unwrap();
            assert!(first.await.unwrap().unwrap());
            assert!(threads.run(|| Ok::<_, StoreError>(true)).await.unwrap());
        });
        assert!(has_run.recv().is_err());
    }
}
