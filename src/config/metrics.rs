//! Section `metrics`: figures for those who watch the server.

use std::net::SocketAddr;

use super::kinds::MaybeListener;
use super::setting::section;

section! {
    /// Figures for those who watch the server.
    pub struct Metrics in "metrics." {
        /// Where `/metrics` is served, in the text format of Prometheus, on a listener of its own that shows nothing
        /// else. Nobody is asked who they are there: let it be an address that only the watchers reach.
        listen: Option<SocketAddr> = "listen", MaybeListener, "";
    }
}
