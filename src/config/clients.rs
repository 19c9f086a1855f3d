//! Section `clients`: what holds for every application.

use super::kinds::Flag;
use super::setting::section;

section! {
    /// What holds for every application.
    pub struct Clients in "clients." {
        /// Ask confidential clients for PKCE too (RFC 7636); public ones always need it.
        require_pkce: bool = "require_pkce", Flag, "false";
    }
}
