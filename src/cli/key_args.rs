//! The grammar of `hallpass key` and `hallpass notice`.

use clap::Args;
use clap::Subcommand;
use ipnet::IpNet;

use crate::cli::args::duration;
use crate::model::api_key::parse_network;
use crate::model::key_limits::KeyLimit;
use crate::model::time::Lifetime;

/// `key …`
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make an API key; its secret is printed once
    Create(KeyCreate),
    /// List API keys
    List {
        /// Only those of this user
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
    },
    /// Make a new secret, which is printed once; the API key stays
    Rotate {
        /// The key's id
        id: String,
        /// How long the old secret still works, such as 24h
        #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = duration)]
        overlap: Lifetime,
    },
    /// Revoke a key for good
    Revoke {
        /// The key's id
        id: String,
    },
    /// Show a key: what it may do, who uses it, how often, and which of its scopes nothing needed yet
    Show {
        /// The key's id
        id: String,
    },
    /// From where and by what a key was used: what breaks if it is revoked (up to a minute late)
    Callers {
        /// The key's id
        id: String,
    },
    /// How often a key was used on each day, by what became of it (up to a minute late)
    Usage {
        /// The key's id
        id: String,
        /// So many days up to today
        #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=730))]
        days: u64,
    },
    /// Let a disabled key work again
    Enable {
        /// The key's id
        id: String,
    },
    /// Refuse a key from the next request on, until it is enabled again
    Disable {
        /// The key's id
        id: String,
    },
    /// Change a key's name, end, addresses or limits
    Set(KeySet),
    /// Try a revocation: the key's requests pass, and are counted as those that would fail
    #[command(group = clap::ArgGroup::new("trial").required(true).args(["until", "end"]))]
    Trial {
        /// The key's id
        id: String,
        /// How long the trial runs, such as 7d
        #[arg(long, value_name = "DURATION", value_parser = duration)]
        until: Option<Lifetime>,
        /// End the trial that runs; the key is as before
        #[arg(long)]
        end: bool,
    },
    /// Make the successor of a key, with only the scopes that its requests needed; the key itself stays
    Succeed {
        /// The key's id
        id: String,
    },
}

/// `key set`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("change").required(true).multiple(true).args(
    ["name", "expires_in", "no_expiry", "allowed_ips", "any_ip", "limits", "no_limits"]
))]
pub struct KeySet {
    /// The key's id
    pub id: String,
    /// What to call it
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// When it ends by itself, from now, such as 90d
    #[arg(long, value_name = "DURATION", value_parser = duration, conflicts_with = "no_expiry")]
    pub expires_in: Option<Lifetime>,
    /// It does not end by itself
    #[arg(long)]
    pub no_expiry: bool,
    /// An address or network that it works from, in place of those there are; may be repeated
    #[arg(long = "allow-ip", value_name = "CIDR", value_parser = network, conflicts_with = "any_ip")]
    pub allowed_ips: Vec<IpNet>,
    /// It works from everywhere
    #[arg(long)]
    pub any_ip: bool,
    /// How often it may be used, in place of the limits there are, such as daily=5000/1d; may be repeated
    #[arg(long = "limit", value_name = "NAME=REQUESTS/WINDOW", value_parser = limit, conflicts_with = "no_limits")]
    pub limits: Vec<KeyLimit>,
    /// It may be used as often as anybody likes
    #[arg(long)]
    pub no_limits: bool,
}

/// `key create`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("access").required(true).args(["full_access", "scopes"]))]
pub struct KeyCreate {
    /// Whom the key acts as
    #[arg(long, value_name = "NAME")]
    pub user: String,
    /// The key may do whatever its user may
    #[arg(long)]
    pub full_access: bool,
    /// What the key may do; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    /// What to call it
    #[arg(long, value_name = "TEXT", default_value = "API key")]
    pub name: String,
    /// Only these of its user's roles; may be repeated
    #[arg(long = "role", value_name = "ROLE")]
    pub roles: Vec<String>,
    /// When it ends by itself, such as 90d
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub expires_in: Option<Lifetime>,
    /// An address or network that it works from; may be repeated
    #[arg(long = "allow-ip", value_name = "CIDR", value_parser = network)]
    pub allowed_ips: Vec<IpNet>,
    /// How often it may be used, such as burst=10/1s or daily=5000/1d; may be repeated
    #[arg(long = "limit", value_name = "NAME=REQUESTS/WINDOW", value_parser = limit)]
    pub limits: Vec<KeyLimit>,
    /// It is never let in, and whoever tries it raises an alarm
    #[arg(long)]
    pub decoy: bool,
}

/// `notice …`
#[derive(Debug, Subcommand)]
pub enum NoticeCommand {
    /// List what users are to be told, oldest first
    List {
        /// Only what this user is to be told
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
    },
}

fn limit(text: &str) -> Result<KeyLimit, String> {
    KeyLimit::parse(text).map_err(|error| error.to_string())
}

/// `10.0.0.0/8`, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    parse_network(text).ok_or_else(|| "write an address or a network, such as 10.0.0.0/8".to_owned())
}
