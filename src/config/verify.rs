//! Section `verify`: services behind a proxy that ask who a request is.

use std::collections::BTreeMap;

use super::kinds::HostPorts;
use super::policies::Policies;
use super::setting::section;
use crate::model::demand::Demand;
use crate::model::host_port::HostPort;

section! {
    /// Services behind a proxy, which asks `/auth/verify` about each request (docs/PROXIES.md).
    pub struct Verify in "verify." {
        /// Hosts of services whose visitors may be sent to sign-in here and back again.
        allowed_hosts: Vec<HostPort> = "allowed_hosts", HostPorts, "";
        /// What services demand whose proxy asks `/auth/verify/policy/NAME`, by name. Each stands in a section of its
        /// own in the file, with `roles`, `scopes` (lists of names) and `resource` (a URI, or a list of them), of which
        /// all are needed and each may be missing.
        policies: BTreeMap<String, Demand> = "policies", Policies, "";
    }
}
