//! Section `outbound`: whom the server may ask for something.

use std::path::PathBuf;

use super::kinds::FilePath;
use super::kinds::HostPorts;
use super::setting::section;
use crate::model::host_port::HostPort;

section! {
    /// Whom the server may ask for something: for the documents that applications publish about themselves and for
    /// their keys. It asks by `https` alone, and only servers with public addresses.
    pub struct Outbound in "outbound." {
        /// Servers that may be asked although their addresses are not public.
        allowed_hosts: Vec<HostPort> = "allowed_hosts", HostPorts, "";
        /// A file with certificate authorities in PEM form that are believed beside the system's. The path begins at
        /// the working folder unless it begins with `/`.
        ca_file: Option<PathBuf> = "ca_file", FilePath, "";
    }
}
