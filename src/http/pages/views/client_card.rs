//! An application as it shows itself to those whom it sends here: its name, its picture, and the pages that it names
//! (RFC 7591 §2).

use crate::domain::oauth::client_metadata;
use crate::model::client::Client;
use crate::model::client::ClientOrigin;
use crate::model::colour::Accent;

/// An application.
pub struct ClientCard {
    /// Its name.
    pub name: String,
    /// Whether an administrator registered it. Others chose name and picture themselves.
    pub is_verified: bool,
    /// Its colour, which an administrator chose.
    pub accent: Option<Accent>,
    /// Where its picture is.
    pub logo: Option<String>,
    /// Where it says what it does with data.
    pub policy: Option<String>,
    /// Where its terms are.
    pub terms: Option<String>,
}

impl ClientCard {
    /// That of `client`.
    pub fn of(client: &Client) -> Self {
        let link = |name| client_metadata::link(client, name);
        Self {
            name: client.name.clone(),
            is_verified: client.origin == ClientOrigin::Administrator,
            accent: client.accent,
            logo: link("logo_uri"),
            policy: link("policy_uri"),
            terms: link("tos_uri"),
        }
    }

    /// One that has all of them.
    #[cfg(test)]
    pub(super) fn sample() -> Self {
        let url = |path: &str| Some(format!("https://ledger.example.com/{path}"));
        Self {
            name: "Ledger".to_owned(),
            is_verified: false,
            accent: Accent::parse("#1d3f8a").ok(),
            logo: url("logo.png"),
            policy: url("privacy"),
            terms: url("terms"),
        }
    }
}
