//! Hashing and checking passwords: argon2id on threads of its own, so that a flood of sign-ins neither eats the memory
//! nor slows what else the server does (RFC 9106).

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use argon2::Algorithm;
use argon2::Argon2;
use argon2::Block;
use argon2::Params;
use argon2::Version;
use argon2::password_hash::phc;
use subtle::ConstantTimeEq;
use tokio::sync::oneshot;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::model::password::PasswordHash;
use crate::model::secret::Secret;
use crate::model::time::Lifetime;
use crate::random::Random;

/// How long a thread waits for work before it ends and its memory goes back to the system.
const IDLE: Duration = Duration::from_secs(10);
/// The most memory that a stored hash may ask for, in KiB, unless the configuration asks for more.
const MOST_MEMORY_KIB: u32 = 256 * 1024;
/// The most passes that a stored hash may ask for, unless the configuration asks for more.
const MOST_ITERATIONS: u32 = 32;
/// The most lanes that a stored hash may ask for, unless the configuration asks for more.
const MOST_PARALLELISM: u32 = 16;
/// How much address space a thread takes at least, in blocks of 1 KiB; only what is used of it becomes memory. From
/// 32 MiB on, the C library asks the system for a piece of its own, and gives it back when it is freed; less than that
/// it would keep.
const LEAST_CAPACITY: usize = 33 * 1024;
const SALT_LENGTH: usize = 16;
const HASH_LENGTH: usize = 32;

/// What a hash costs, and how much is done at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordParameters {
    /// Memory for one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes of one hash.
    pub parallelism: u32,
    /// Threads that hash; 0 means half of the cores, at least one.
    pub threads: u32,
    /// How many may wait for a thread.
    pub queue: u32,
}

/// Too many wait already. Nothing was hashed or checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords wait to be checked")]
pub struct Busy {
    /// When it is worth another try.
    pub retry_after: Lifetime,
}

/// What came of checking a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is the password that the hash was made of.
    pub matches: bool,
    /// Whether it is, and the hash was made with less than what is configured now.
    pub needs_rehash: bool,
}

/// The threads that hash passwords. They begin with the first password, and end when there is nothing to do.
pub struct Passwords(Arc<Pool>);

impl Passwords {
    /// Takes the parameters; nothing runs yet. What argon2 would refuse is raised to the least that it takes.
    pub fn start(parameters: PasswordParameters) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let threads = match usize::try_from(parameters.threads) {
            Ok(threads) if threads > 0 => threads,
            _ => (cores / 2).max(1),
        };
        let pool = Pool {
            argon: Argon::new(parameters),
            threads,
            queue: usize::try_from(parameters.queue).unwrap_or(usize::MAX).max(1),
            state: Mutex::new(State::default()),
            work: Condvar::new(),
        };
        Self(Arc::new(pool))
    }

    /// Hashes a new password, with a new salt.
    ///
    /// # Errors
    /// [`Busy`].
    pub async fn hash(&self, password: Secret) -> Result<PasswordHash, Busy> {
        let (answer, answered) = oneshot::channel();
        self.0.submit(Job::Hash { password, answer })?;
        answered.await.unwrap_or_else(|_| Err(self.0.busy()))
    }

    /// Checks a password. Without a hash the same work is done, and the answer is that it is wrong: how long it takes
    /// does not tell whether there is such a user.
    ///
    /// # Errors
    /// [`Busy`].
    pub async fn verify(&self, password: Secret, hash: Option<PasswordHash>) -> Result<Verdict, Busy> {
        let (answer, answered) = oneshot::channel();
        self.0.submit(Job::Verify { password, hash, answer })?;
        answered.await.unwrap_or_else(|_| Err(self.0.busy()))
    }
}

impl Drop for Passwords {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.work.notify_all();
    }
}

/// What waits for a thread.
enum Job {
    Hash { password: Secret, answer: oneshot::Sender<Result<PasswordHash, Busy>> },
    Verify { password: Secret, hash: Option<PasswordHash>, answer: oneshot::Sender<Result<Verdict, Busy>> },
}

impl Job {
    /// Whether nobody waits for the answer any more.
    fn is_cancelled(&self) -> bool {
        match self {
            Self::Hash { answer, .. } => answer.is_closed(),
            Self::Verify { answer, .. } => answer.is_closed(),
        }
    }
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    /// Threads that live, and how many of them are hashing.
    alive: usize,
    hashing: usize,
    /// How long the latest hash took.
    latest: Duration,
    closed: bool,
}

struct Pool {
    argon: Argon,
    threads: usize,
    queue: usize,
    state: Mutex<State>,
    work: Condvar,
}

impl Pool {
    fn lock(&self) -> MutexGuard<'_, State> {
        // The lock is held for a few assignments that cannot panic, so the state is whole whatever happened.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn busy(&self) -> Busy {
        self.busy_at(&self.lock())
    }

    /// When those who wait now will have been served, as far as the latest hash tells.
    fn busy_at(&self, state: &State) -> Busy {
        let rounds = (state.waiting.len() + state.hashing).div_ceil(self.threads).max(1);
        let wait = state.latest.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX));
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).clamp(1_000, 60_000);
        Busy { retry_after: Lifetime::from_millis(millis) }
    }

    fn submit(self: &Arc<Self>, job: Job) -> Result<(), Busy> {
        let mut state = self.lock();
        let free_threads = self.threads - state.hashing;
        if state.waiting.len() >= self.queue + free_threads {
            state.waiting.retain(|job| !job.is_cancelled());
            if state.waiting.len() >= self.queue + free_threads {
                return Err(self.busy_at(&state));
            }
        }
        state.waiting.push_back(job);
        if state.alive < self.threads && state.waiting.len() > state.alive - state.hashing {
            let pool = Arc::clone(self);
            let thread = thread::Builder::new().name("hallpass-password".to_owned());
            if thread.spawn(move || pool.run()).is_ok() {
                state.alive += 1;
            } else if state.alive == 0 {
                state.waiting.clear();
                return Err(self.busy_at(&state));
            }
        }
        drop(state);
        self.work.notify_one();
        Ok(())
    }

    /// The life of one thread.
    fn run(&self) {
        give_way();
        let mut memory = Vec::new();
        while let Some(job) = self.next() {
            #[expect(
                clippy::disallowed_methods,
                reason = "how long a hash took is no point in time that anything keeps"
            )]
            let begun = Instant::now();
            // A panic must not take the thread with it, or nobody could sign in any more: whoever asked sees `Busy`.
            if catch_unwind(AssertUnwindSafe(|| self.argon.answer(job, &mut memory, || self.busy()))).is_err() {
                memory = Vec::new();
            }
            let mut state = self.lock();
            state.hashing -= 1;
            state.latest = begun.elapsed();
        }
    }

    /// The next job that somebody waits for; `None` when none came for a while, or when there will be none.
    fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            while let Some(job) = state.waiting.pop_front() {
                if !job.is_cancelled() {
                    state.hashing += 1;
                    return Some(job);
                }
            }
            if state.closed {
                state.alive -= 1;
                return None;
            }
            let (woken, waited) = self.work.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            if waited.timed_out() && state.waiting.is_empty() {
                state.alive -= 1;
                return None;
            }
        }
    }
}

/// Lets everything else go first: whoever signs in can wait a little, a token check cannot.
fn give_way() {
    // Only on Linux is a thread's niceness its own. Where it cannot be changed, sign-in works all the same.
    #[cfg(target_os = "linux")]
    let _unchanged = rustix::process::nice(10);
}

/// argon2id with the configured parameters.
struct Argon(Params);

/// A stored hash, read.
struct Stored {
    params: Params,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Argon {
    fn new(parameters: PasswordParameters) -> Self {
        let lanes = parameters.parallelism.clamp(1, 255);
        let memory = parameters.memory_kib.max(8 * lanes);
        let params = Params::new(memory, parameters.iterations.max(1), lanes, Some(HASH_LENGTH));
        Self(params.expect("each parameter was raised to the least that argon2 takes"))
    }

    fn answer(&self, job: Job, memory: &mut Vec<Block>, busy: impl Fn() -> Busy) {
        // Whoever asked may have gone; then nobody needs the answer.
        match job {
            Job::Hash { password, answer } => {
                let _unheard = answer.send(self.hash(&password, memory).ok_or_else(busy));
            }
            Job::Verify { password, hash, answer } => {
                let _unheard = answer.send(self.verify(&password, hash.as_ref(), memory).ok_or_else(busy));
            }
        }
    }

    /// `None` where there is not enough memory.
    fn hash(&self, password: &Secret, memory: &mut Vec<Block>) -> Option<PasswordHash> {
        let salt = Random.bytes::<SALT_LENGTH>();
        let mut hash = Zeroizing::new([0; HASH_LENGTH]);
        fill(&self.0, password, &salt, &mut hash[..], memory)?;
        let hash = phc::PasswordHash {
            algorithm: argon2::ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: phc::ParamsString::try_from(&self.0).ok()?,
            salt: Some(phc::Salt::new(&salt).ok()?),
            hash: Some(phc::Output::new(&hash[..]).ok()?),
        };
        Some(PasswordHash::from_stored(hash.to_string()))
    }

    /// `None` where there is not enough memory.
    fn verify(&self, password: &Secret, hash: Option<&PasswordHash>, memory: &mut Vec<Block>) -> Option<Verdict> {
        let read = hash.map(|hash| self.read(hash));
        if matches!(read, Some(None)) {
            tracing::error!(
                "a stored password hash cannot be read, or asks for more than is allowed: set a new password"
            );
        }
        let stored = read.flatten();
        let is_real = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.dummy());
        let mut made = Zeroizing::new(vec![0; stored.hash.len()]);
        fill(&stored.params, password, &stored.salt, &mut made, memory)?;
        let matches = bool::from(made.ct_eq(&stored.hash)) && is_real;
        Some(Verdict { matches, needs_rehash: matches && self.has_grown_since(&stored) })
    }

    /// What is checked in place of the hash of somebody who has none: it costs the same and nothing matches.
    fn dummy(&self) -> Stored {
        Stored { params: self.0.clone(), salt: vec![0; SALT_LENGTH], hash: vec![0; HASH_LENGTH] }
    }

    /// Reads a stored hash; `None` for one that is no argon2id hash, or that would eat up the machine.
    fn read(&self, hash: &PasswordHash) -> Option<Stored> {
        let hash = phc::PasswordHash::new(hash.as_str()).ok()?;
        let params = Params::try_from(&hash).ok()?;
        let modest = params.m_cost() <= MOST_MEMORY_KIB.max(self.0.m_cost())
            && params.t_cost() <= MOST_ITERATIONS.max(self.0.t_cost())
            && params.p_cost() <= MOST_PARALLELISM.max(self.0.p_cost());
        let known = hash.algorithm == argon2::ARGON2ID_IDENT && hash.version == Some(Version::V0x13.into());
        let (salt, hash) = (hash.salt?.to_vec(), hash.hash?.as_bytes().to_vec());
        (modest && known && hash.len() >= 16).then_some(Stored { params, salt, hash })
    }

    /// Whether a hash made now would cost more in any way than `stored` does.
    fn has_grown_since(&self, stored: &Stored) -> bool {
        stored.params.m_cost() < self.0.m_cost()
            || stored.params.t_cost() < self.0.t_cost()
            || stored.params.p_cost() < self.0.p_cost()
            || stored.salt.len() < SALT_LENGTH
            || stored.hash.len() < HASH_LENGTH
    }
}

/// Fills `hash` with the argon2id of `password`; `None` where there is not enough memory. All of the password counts;
/// it is brought to NFC first, since keyboards differ in how they write one and the same letter (RFC 8265 §4.2.2).
fn fill(params: &Params, password: &Secret, salt: &[u8], hash: &mut [u8], memory: &mut Vec<Block>) -> Option<()> {
    // Three times is the most that NFC can add, so that no copy is left behind by growing.
    let mut composed = Zeroizing::new(String::with_capacity(password.expose().len().saturating_mul(3)));
    composed.extend(password.expose().nfc());
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.try_reserve_exact(blocks.max(LEAST_CAPACITY) - memory.len()).ok()?;
        memory.resize(blocks, Block::new());
    }
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    argon.hash_password_into_with_memory(composed.as_bytes(), salt, hash, memory).ok()
}

#[cfg(test)]
#[path = "passwords_tests.rs"]
mod tests;
