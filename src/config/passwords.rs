//! Section `passwords`: what a guess at a password costs (argon2id, RFC 9106).

use super::kinds::Whole;
use super::setting::section;

section! {
    /// What a guess at a password costs (argon2id, RFC 9106).
    /// A password is hashed anew at the next sign-in where these have grown.
    pub struct Passwords in "passwords." {
        /// Memory for one hash, in KiB; at least 8 for each lane of `passwords.parallelism`.
        /// Less than the default makes stolen hashes cheaper to guess.
        memory_kib: u32 = "memory_kib", Whole { from: 8, to: 4_194_304 }, "19456";
        /// Passes over the memory.
        iterations: u32 = "iterations", Whole { from: 1, to: 100 }, "2";
        /// Lanes of one hash.
        parallelism: u32 = "parallelism", Whole { from: 1, to: 16 }, "1";
        /// Threads that hash passwords; 0 means half of the cores, at least one.
        threads: u32 = "threads", Whole { from: 0, to: 256 }, "0";
        /// How many sign-ins may wait for such a thread; those beyond are asked to come back later (503).
        queue: u32 = "queue", Whole { from: 1, to: 10_000 }, "32";
    }
}
