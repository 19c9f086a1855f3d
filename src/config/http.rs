//! Section `http`: how requests come in.

use ipnet::IpNet;

use crate::model::time::Lifetime;

use super::kinds::Networks;
use super::kinds::Origins;
use super::kinds::Seconds;
use super::kinds::Whole;
use super::setting::section;

section! {
    /// How requests come in.
    pub struct Http in "http." {
        /// Proxies whose `X-Forwarded-For` says where a request came from. From anyone else it is not read.
        trusted_proxies: Vec<IpNet> = "trusted_proxies", Networks, "";
        /// Origins of browser applications whose scripts may call the token endpoint and its like and the JSON API, such
        /// as `https://app.example.com`. Metadata is for scripts of every origin, pages are for none.
        cors_origins: Vec<String> = "cors_origins", Origins, "";
        /// Threads that answer requests; 0 means one for each core.
        workers: u32 = "workers", Whole { from: 0, to: 1024 }, "0";
        /// How long requests are still taken after SIGTERM, while `/health/ready` answers 503 and each answer closes its
        /// connection: where there are other servers, as long as whatever stands before them needs to turn to those.
        drain: Lifetime = "drain_seconds", Seconds { from: 0, to: 600 }, "0";
    }
}
