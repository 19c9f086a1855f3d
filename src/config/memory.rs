//! Section `memory`: what is remembered between requests.

use super::kinds::Whole;
use super::setting::section;

section! {
    /// What is remembered between requests.
    pub struct Memory in "memory." {
        /// How many credentials are remembered at most, with whose they are and what they may do, so that who presents
        /// one of them again is known without asking the database; each takes about a kilobyte. What ends or
        /// changes holds at once on the server that it was said to, and within a second on the other nodes of one
        /// PostgreSQL. 0 remembers nothing: then it holds at once on all of them, and each request asks the database.
        credentials: u32 = "credentials", Whole { from: 0, to: 10_000_000 }, "100000";
    }
}
