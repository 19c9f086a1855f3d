//! Section `clients`: what holds for every application.

use super::kinds::Choice;
use super::kinds::DAY;
use super::kinds::Flag;
use super::kinds::Seconds;
use super::setting::section;
use crate::model::time::Lifetime;

/// Who may register a client by `/oauth/register` (RFC 7591 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// Nobody.
    Closed,
    /// Whoever has an initial access token (RFC 7591 §1.2).
    Token,
    /// Everybody.
    Open,
}

const REGISTRATIONS: Choice<Registration> =
    Choice(&[("closed", Registration::Closed), ("token", Registration::Token), ("open", Registration::Open)]);

section! {
    /// What holds for every application.
    pub struct Clients in "clients." {
        /// Ask confidential clients for PKCE too (RFC 7636); public ones always need it.
        require_pkce: bool = "require_pkce", Flag, "false";
        /// Who may register an application by itself (RFC 7591): nobody, whoever has an initial access token
        /// (`hallpass registration-token create`), or everybody.
        registration: Registration = "registration", REGISTRATIONS, "closed";
        /// Let applications be named by the URL of the document that describes them (client-id metadata documents, as
        /// MCP asks for): the document is fetched when somebody comes with it, and nobody registers anything.
        metadata_documents: bool = "metadata_documents", Flag, "true";
        /// How long an application that no administrator registered stays after its last use, once nobody lets it do
        /// anything any more.
        unused_lifetime: Lifetime = "unused_lifetime_seconds", Seconds { from: 3600, to: 3650 * DAY }, "2592000";
    }
}
