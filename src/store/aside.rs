//! Work that waits for a database, on threads that may wait.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

use tokio::sync::oneshot;

use crate::store::StoreError;

/// The most work that waits for a thread; more is refused at once.
const QUEUE: usize = 4096;
/// What those are told who waited for as long as they may.
const NOT_IN_TIME: &str = "no connection to the database came free in time";
/// How long a thread stays that has nothing to do.
const IDLE: Duration = Duration::from_secs(10);

/// Threads that may wait for a database: no more of them than it has connections, for others would only wait for each
/// other.
#[derive(Clone)]
pub struct Threads(Arc<Shared>);

struct Shared {
    most: usize,
    wait: Duration,
    state: Mutex<State>,
    stirred: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Place>,
    /// Threads that there are.
    threads: usize,
    /// Those of them that wait and were not woken yet.
    idle: usize,
    /// Those that were woken and have not noticed yet.
    woken: usize,
}

/// Work in the queue, until a thread or whoever gives up on it takes it out.
#[derive(Clone)]
struct Place {
    since: Instant,
    work: Arc<Mutex<Option<Work>>>,
}

/// What is to be done, and for whom.
struct Work {
    /// Boxed: a task of a type of its own for each of hundreds of jobs would make the program a tenth larger.
    job: Box<dyn FnOnce() + Send>,
    /// Tells whoever waits that it was done, or why not.
    done: oneshot::Sender<Result<(), StoreError>>,
}

impl Work {
    fn run(self) {
        (self.job)();
        // Whoever asked may have gone; then nobody needs to know.
        let _gone = self.done.send(Ok(()));
    }

    fn refuse(self) {
        let _gone = self.done.send(Err(StoreError::Busy(NOT_IN_TIME)));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(clippy::disallowed_methods, reason = "how long work has waited is no point in time that anything keeps")]
fn now() -> Instant {
    Instant::now()
}

impl Threads {
    /// At most `most` of them. Work that has waited for one as long as `wait` is refused.
    pub fn new(most: u32, wait: Duration) -> Self {
        let most = usize::try_from(most).unwrap_or(usize::MAX).max(1);
        Self(Arc::new(Shared { most, wait, state: Mutex::default(), stirred: Condvar::new() }))
    }

    /// Runs `work` where waiting holds up nobody, and returns what came of it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where no thread came free in time; [`StoreError::Stopped`] where `work` panicked.
    pub async fn run<T, E>(&self, work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let outcome = Arc::new(Mutex::new(None));
        let told = Arc::clone(&outcome);
        let work = move || {
            let done = work();
            *lock(&told) = Some(done);
        };
        self.wait_for(Box::new(work)).await?;
        let outcome = lock(&outcome).take();
        outcome.unwrap_or_else(|| Err(StoreError::Stopped.into()))
    }

    /// Waits until `job` is done. Apart from [`Threads::run`], for that is compiled for each of hundreds of jobs.
    async fn wait_for(&self, job: Box<dyn FnOnce() + Send>) -> Result<(), StoreError> {
        let (done, mut is_done) = oneshot::channel();
        let work = Work { job, done };
        let place = Place { since: now(), work: Arc::new(Mutex::new(Some(work))) };
        self.put(place.clone())?;
        let outcome = match tokio::time::timeout(self.0.wait, &mut is_done).await {
            Ok(outcome) => outcome,
            Err(_) if lock(&place.work).take().is_some() => {
                return Err(StoreError::Busy(NOT_IN_TIME));
            }
            // It has begun: what it does is done, and its outcome is the one to tell.
            Err(_) => is_done.await,
        };
        outcome.unwrap_or(Err(StoreError::Stopped))
    }

    fn put(&self, place: Place) -> Result<(), StoreError> {
        let mut state = lock(&self.0.state);
        if state.queue.len() >= QUEUE {
            return Err(StoreError::Busy("too much waits for the database"));
        }
        state.queue.push_back(place);
        if state.idle > 0 {
            state.idle -= 1;
            state.woken += 1;
            self.0.stirred.notify_one();
        } else if state.threads < self.0.most {
            let shared = Arc::clone(&self.0);
            let thread = std::thread::Builder::new().name("hallpass-db".to_owned());
            match thread.spawn(move || shared.work()) {
                Ok(_) => state.threads += 1,
                Err(error) if state.threads == 0 => {
                    state.queue.drain(..).filter_map(|place| lock(&place.work).take()).for_each(Work::refuse);
                    return Err(StoreError::Unreachable(format!("no thread for the database: {error}")));
                }
                // One of the others comes to it.
                Err(_) => {}
            }
        }
        Ok(())
    }
}

impl Shared {
    /// What a thread does for as long as there is something to do.
    fn work(&self) {
        while let Some(place) = self.next() {
            let Some(work) = lock(&place.work).take() else { continue };
            if now().duration_since(place.since) > 2 * self.wait {
                // Whoever asked has gone, or had no turn yet to give up: on a machine with much to do.
                work.refuse();
                continue;
            }
            // A panic drops its sender, by which the caller learns.
            let _panicked = catch_unwind(AssertUnwindSafe(|| work.run())).is_err();
        }
    }

    /// What waits longest; `None` where nothing came for a while, and this thread no longer counts.
    fn next(&self) -> Option<Place> {
        let mut state = lock(&self.state);
        loop {
            if let Some(place) = state.queue.pop_front() {
                return Some(place);
            }
            state.idle += 1;
            let waited = self.stirred.wait_timeout_while(state, IDLE, |state| state.woken == 0);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
            if state.woken > 0 {
                state.woken -= 1;
            } else {
                state.idle -= 1;
                state.threads -= 1;
                return None;
            }
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

    /// Has the one of `threads` work until the sender says that it may end.
    async fn occupy(threads: &Threads) -> (mpsc::Sender<()>, tokio::task::JoinHandle<Result<bool, StoreError>>) {
        let (release, held) = mpsc::channel();
        let threads = threads.clone();
        let working = tokio::spawn(async move { threads.run(move || Ok(held.recv().is_ok())).await });
        tokio::task::yield_now().await;
        (release, working)
    }

    /// Has work wait for one of `threads`; it has run where the receiver gets something.
    async fn have_wait(threads: &Threads) -> (mpsc::Receiver<()>, tokio::task::JoinHandle<Result<bool, StoreError>>) {
        let (ran, has_run) = mpsc::channel();
        let threads = threads.clone();
        let waiting = tokio::spawn(async move { threads.run(move || Ok(ran.send(()).is_ok())).await });
        tokio::task::yield_now().await;
        (has_run, waiting)
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
        assert_eq!(lock(&threads.0.state).threads, 3);
    }

    #[test]
    fn what_waits_too_long_is_refused_and_never_runs() {
        let threads = Threads::new(1, Duration::from_millis(500));
        let (ran, has_run) = mpsc::channel::<()>();
        runtime().block_on(async {
            // Longer than others may wait: what has begun is waited for.
            let (release, first) = occupy(&threads).await;
            let second = threads.run(move || Ok::<_, StoreError>(ran.send(()))).await;
            assert!(matches!(second, Err(StoreError::Busy(_))), "{second:?}");
            release.send(()).unwrap();
            assert!(first.await.unwrap().unwrap());
            assert!(threads.run(|| Ok::<_, StoreError>(true)).await.unwrap());
        });
        assert!(has_run.recv().is_err());
    }

    #[test]
    fn what_nobody_waits_for_any_more_does_not_run_late() {
        let threads = Threads::new(1, Duration::from_millis(200));
        runtime().block_on(async {
            let (release, first) = occupy(&threads).await;
            let (has_run, second) = have_wait(&threads).await;
            second.abort();
            tokio::time::sleep(Duration::from_millis(600)).await;
            release.send(()).unwrap();
            assert!(first.await.unwrap().unwrap());
            assert!(threads.run(|| Ok::<_, StoreError>(true)).await.unwrap());
            assert!(has_run.recv().is_err());
        });
    }

    /// As on a machine with much to do, where nobody has a turn in time.
    #[test]
    fn what_a_thread_comes_to_too_late_is_refused_as_what_was_given_up() {
        let wait = Duration::from_millis(100);
        let threads = Threads::new(1, wait);
        runtime().block_on(async {
            let (release, first) = occupy(&threads).await;
            let (has_run, second) = have_wait(&threads).await;
            // Nothing else has a turn in this runtime meanwhile.
            std::thread::sleep(3 * wait);
            release.send(()).unwrap();
            assert!(has_run.recv().is_err());
            let second = second.await.unwrap();
            assert!(matches!(second, Err(StoreError::Busy(NOT_IN_TIME))), "{second:?}");
            assert!(first.await.unwrap().unwrap());
        });
    }

    #[test]
    fn more_than_the_queue_holds_is_refused_at_once() {
        let threads = Threads::new(1, Duration::from_secs(60));
        runtime().block_on(async {
            let (release, first) = occupy(&threads).await;
            let waiting = || {
                let (done, _) = oneshot::channel();
                Place { since: now(), work: Arc::new(Mutex::new(Some(Work { job: Box::new(|| {}), done }))) }
            };
            // The first may still be in the queue itself.
            let refused = (0..QUEUE + 2).filter(|_| threads.put(waiting()).is_err()).count();
            assert!((2..=3).contains(&refused), "{refused}");
            release.send(()).unwrap();
            assert!(first.await.unwrap().unwrap());
        });
    }
}
