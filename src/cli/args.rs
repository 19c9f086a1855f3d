//! The grammar of the command line.

use std::path::PathBuf;

use clap::Args;
use clap::Parser;
use clap::Subcommand;

use crate::cli::backup::BackupArguments;
use crate::cli::doctor::DoctorArguments;
use crate::cli::import_args::ImportCommand;
use crate::cli::import_args::ScanRulesArguments;
use crate::cli::key_args::KeyCommand;
use crate::cli::key_args::NoticeCommand;
use crate::cli::why::WhyArguments;
use crate::model::time::Lifetime;

/// An OAuth 2.0 authorization server with API keys.
#[derive(Debug, Parser)]
#[command(name = "hallpass", version, about, disable_help_subcommand = true)]
pub struct Arguments {
    /// The configuration file (hallpass.toml in the working folder, if it is there)
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Where the data is: sqlite://FILE or postgres://…
    #[arg(long, value_name = "URL", global = true)]
    pub database_url: Option<String>,
    /// What to do; without a command it is `serve`
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server; brings an empty or older database up to date first
    Serve(ServeArguments),
    /// Users: persons and service accounts
    User(Printed<UserCommand>),
    /// Roles that users and clients hold
    Role(Printed<RoleCommand>),
    /// Scopes: what a credential may do
    Scope(Printed<ScopeCommand>),
    /// Resources: APIs that accept tokens
    Resource(Printed<ResourceCommand>),
    /// Types of authorization details: what can be asked for beyond scopes
    DetailType(Printed<DetailTypeCommand>),
    /// Clients: applications registered for OAuth
    Client(Printed<ClientCommand>),
    /// Tokens with which others may register clients (RFC 7591)
    RegistrationToken(Printed<RegistrationTokenCommand>),
    /// API keys
    Key(Printed<KeyCommand>),
    /// What users are to be told of their credentials
    Notice(Printed<NoticeCommand>),
    /// Browser sessions
    Session(Printed<SessionCommand>),
    /// What users let clients do
    Grant(Printed<GrantCommand>),
    /// The keys that the server signs with
    SigningKey(Printed<SigningKeyCommand>),
    /// Users, clients and keys from elsewhere
    Import(Printed<ImportCommand>),
    /// Print rules by which scanners find this server's secrets
    ScanRules(ScanRulesArguments),
    /// Who did what
    Audit(Printed<AuditCommand>),
    /// Why a request was refused: its checks in their order, with what was expected and what came
    Why(WhyArguments),
    /// The configuration
    Config(Printed<ConfigCommand>),
    /// Bring the database up to date, and end
    Migrate,
    /// Copy the database to a new file, also while the server runs (SQLite)
    Backup(BackupArguments),
    /// Look at the running server from outside, sign in once, and say what to mend
    Doctor(DoctorArguments),
}

/// Commands that print records.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct Printed<C: Subcommand> {
    /// Print JSON: one object, or an array for lists
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do with them.
    #[command(subcommand)]
    pub command: C,
}

/// `serve`
#[derive(Debug, Default, Args)]
pub struct ServeArguments {
    /// Where to listen, such as 127.0.0.1:8000; port 0 takes a free one
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// The public base URL
    #[arg(long, value_name = "URL")]
    pub issuer: Option<String>,
}

/// `user …`
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make a user; without --password-stdin a password is made and printed once
    Create(UserCreate),
    /// List all users
    List,
    /// Show one user
    Show {
        /// The user's name or e-mail address
        name: String,
    },
    /// Let a disabled user in again
    Enable {
        /// The user's name or e-mail address
        name: String,
    },
    /// Refuse all of a user's credentials from the next request on
    Disable {
        /// The user's name or e-mail address
        name: String,
    },
    /// Set a password; without --password-stdin one is made and printed once
    SetPassword {
        /// The user's name or e-mail address
        name: String,
        /// Read the password from standard input (its first line)
        #[arg(long)]
        password_stdin: bool,
    },
    /// Make a link by which a user sets a new password, for you to hand on; it is good for an hour, once
    ResetLink {
        /// The user's name or e-mail address
        name: String,
    },
    /// Remove all second factors of somebody who has lost them
    ResetFactors {
        /// The user's name or e-mail address
        name: String,
    },
    /// Give a user a role
    GrantRole {
        /// The user's name or e-mail address
        name: String,
        /// The role
        role: String,
    },
    /// Take a role from a user
    RevokeRole {
        /// The user's name or e-mail address
        name: String,
        /// The role
        role: String,
    },
    /// Say what is known of a user: standard claims of OpenID Connect, all at once
    SetClaims {
        /// The user's name or e-mail address
        name: String,
        /// A JSON object, such as '{"given_name":"Ada","address":{"country":"England"}}'
        claims: String,
    },
    /// Delete a user with all sessions, keys, grants and tokens
    Delete {
        /// The user's name or e-mail address
        name: String,
    },
}

/// `signing-key …`
#[derive(Debug, Subcommand)]
pub enum SigningKeyCommand {
    /// List all keys, and what each is good for: next, active, retired
    List,
    /// Make a successor for each key; it signs ten minutes later, when everybody can know it
    Rotate,
}

/// `user create`
#[derive(Debug, Args)]
pub struct UserCreate {
    /// The name to sign in with
    pub name: String,
    /// The e-mail address, which signs in too
    #[arg(long)]
    pub email: Option<String>,
    /// How the person is called
    #[arg(long, value_name = "NAME", default_value = "")]
    pub full_name: String,
    /// A role to hold; may be repeated
    #[arg(long = "role", value_name = "ROLE")]
    pub roles: Vec<String>,
    /// A user made only for API calls: no password, no browser login
    #[arg(long, conflicts_with = "password_stdin")]
    pub service: bool,
    /// Read the password from standard input (its first line)
    #[arg(long)]
    pub password_stdin: bool,
}

/// `role …`
#[derive(Debug, Subcommand)]
pub enum RoleCommand {
    /// Make a role
    Create {
        /// The role's name
        name: String,
        /// What it is for
        #[arg(long, value_name = "TEXT", default_value = "")]
        description: String,
        /// Ask whoever holds it for a second factor at sign-in
        #[arg(long)]
        require_second_factor: bool,
    },
    /// Change what a role is for, or whether it asks for a second factor
    Change {
        /// The role's name
        name: String,
        /// What it is for
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
        /// Whether whoever holds it is asked for a second factor at sign-in: true or false
        #[arg(long, value_name = "BOOL")]
        require_second_factor: Option<bool>,
    },
    /// List all roles
    List,
    /// Delete a role; whoever holds it holds it no more
    Delete {
        /// The role's name
        name: String,
    },
}

/// `scope …`
#[derive(Debug, Subcommand)]
pub enum ScopeCommand {
    /// Make a scope
    Create {
        /// The scope's name
        name: String,
        /// The sentence that the consent page shows
        #[arg(long, value_name = "TEXT")]
        description: String,
        /// Only users who hold one of these roles can grant it; may be repeated
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
    },
    /// List all scopes, the built-in ones too
    List,
    /// Delete a scope; no credential has it from the next request on
    Delete {
        /// The scope's name
        name: String,
    },
}

/// `resource …`
#[derive(Debug, Subcommand)]
pub enum ResourceCommand {
    /// Register an API, so that tokens can be meant for it (RFC 8707)
    Create {
        /// Its URI, absolute and without a fragment
        uri: String,
        /// What people see
        #[arg(long, value_name = "TEXT")]
        name: String,
        /// A scope that tokens for it may have; may be repeated; without any, all may
        #[arg(long = "scope", value_name = "SCOPE")]
        scopes: Vec<String>,
    },
    /// List all resources
    List,
    /// Delete a resource; no token can be meant for it any more
    Delete {
        /// Its URI
        uri: String,
    },
}

/// `detail-type …`
#[derive(Debug, Subcommand)]
pub enum DetailTypeCommand {
    /// Register a type of authorization details, so that clients can ask for it (RFC 9396)
    Create {
        /// Its name: what stands in `type`
        name: String,
        /// What people are asked; {member} stands for what that member holds
        #[arg(long, value_name = "SENTENCE")]
        description: String,
        /// A JSON Schema (draft 2020-12) of the members beside `type`; members that it does not name are refused; - reads
        /// standard input
        #[arg(long, value_name = "FILE")]
        schema: PathBuf,
    },
    /// List all types
    List,
    /// Delete a type; nothing of it can be asked for any more
    Delete {
        /// Its name
        name: String,
    },
}

/// `registration-token …`
#[derive(Debug, Subcommand)]
pub enum RegistrationTokenCommand {
    /// Make a token, which is printed once
    Create {
        /// How many clients it can register; any number without it
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        uses: Option<u32>,
        /// How long it is good, such as 7d; until it is revoked without it
        #[arg(long, value_name = "DURATION", value_parser = duration)]
        expires_in: Option<Lifetime>,
    },
    /// List all tokens
    List,
    /// Take a token back; clients that were registered with it stay
    Revoke {
        /// Its id
        id: String,
    },
}

/// `client …`
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Register a client; its secret is printed once
    Create(Box<ClientCreate>),
    /// List all clients
    List,
    /// Show one client
    Show {
        /// The client_id
        id: String,
    },
    /// Make a new secret, which is printed once
    RotateSecret {
        /// The client_id
        id: String,
        /// How long the old secret still works, such as 24h
        #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = duration)]
        overlap: Lifetime,
    },
    /// Let a disabled client in again
    Enable {
        /// The client_id
        id: String,
    },
    /// Say which service accounts it may act as by the grant jwt-bearer; tokens of all others end
    SetServiceAccounts {
        /// The client_id
        id: String,
        /// Their names; none ends it all
        names: Vec<String>,
    },
    /// Refuse the client and its tokens from the next request on
    Disable {
        /// The client_id
        id: String,
    },
    /// End all that the client was given: grants and tokens of everybody; it may ask anew
    CutOff {
        /// The client_id
        id: String,
    },
    /// Delete a client with its grants and tokens
    Delete {
        /// The client_id
        id: String,
    },
}

/// `client create`
#[derive(Debug, Args)]
pub struct ClientCreate {
    /// The name that people see
    pub name: String,
    /// Where answers may go; may be repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    pub redirect_uris: Vec<String>,
    /// What it may present for tokens: authorization_code, refresh_token, client_credentials, token-exchange; may be
    /// repeated
    /// (the first two where there is a redirect URI, else the third)
    #[arg(long = "grant", value_name = "GRANT")]
    pub grants: Vec<String>,
    /// A scope that it may ask for; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    /// How it authenticates: client_secret_basic, client_secret_post, private_key_jwt or none
    #[arg(long, value_name = "METHOD", conflicts_with = "public")]
    pub auth_method: Option<String>,
    /// It can't keep a secret: the same as --auth-method none
    #[arg(long)]
    pub public: bool,
    /// Do not ask users for consent
    #[arg(long)]
    pub trusted: bool,
    /// Ask for PKCE though it has a secret
    #[arg(long)]
    pub require_pkce: bool,
    /// Take its authorization requests only where it pushed them (RFC 9126)
    #[arg(long)]
    pub require_par: bool,
    /// A file with its public keys, a JSON Web Key Set; - is the standard input
    #[arg(long, value_name = "FILE", conflicts_with = "jwks_uri")]
    pub jwks: Option<PathBuf>,
    /// Where it publishes its public keys: an https address
    #[arg(long, value_name = "URI")]
    pub jwks_uri: Option<String>,
    /// Take its authorization requests only where it signed them (RFC 9101)
    #[arg(long)]
    pub require_signed_request_object: bool,
    /// Bind all its access tokens to keys of its own (RFC 9449)
    #[arg(long)]
    pub dpop_bound_access_tokens: bool,
    /// Ask everybody who signs in to it for a second factor
    #[arg(long)]
    pub require_second_factor: bool,
    /// The colour of links and buttons where people sign in to it: #rrggbb, dark enough to be read on white
    #[arg(long, value_name = "COLOUR")]
    pub accent: Option<String>,
    /// By which algorithm its id_tokens are signed: RS256, PS256, ES256 or EdDSA
    #[arg(long, value_name = "ALG")]
    pub id_token_signed_response_alg: Option<String>,
    /// Where browsers may be sent once their person has signed out; may be repeated
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    pub post_logout_redirect_uris: Vec<String>,
    /// Where it is told that a session has ended
    #[arg(long, value_name = "URI")]
    pub backchannel_logout_uri: Option<String>,
    /// A service account that it may act as by the grant jwt-bearer (RFC 7523); may be repeated
    #[arg(long = "service-account", value_name = "NAME")]
    pub service_accounts: Vec<String>,
    /// A role that it holds for what it does in its own name; may be repeated
    #[arg(long = "role", value_name = "ROLE")]
    pub roles: Vec<String>,
    /// It is this API, and sees the tokens meant for it; may be repeated
    #[arg(long = "resource", value_name = "URI")]
    pub resources: Vec<String>,
}

/// `session …`
#[derive(Debug, Subcommand)]
pub enum SessionCommand {
    /// List all sessions
    List,
    /// End a session
    End {
        /// The session's id
        id: String,
    },
}

/// `grant …`
#[derive(Debug, Subcommand)]
pub enum GrantCommand {
    /// List all grants
    List,
    /// Take a grant back; all tokens that hang on it end
    Revoke {
        /// The grant's id
        id: String,
    },
}

/// `audit …`
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// List what was done, oldest first
    List {
        /// Only what is later: a time such as 2026-11-24T09:30:00Z, or a duration before now such as 24h
        #[arg(long, value_name = "TIME", value_parser = since)]
        since: Option<Since>,
    },
}

/// `config …`
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Name everything that is wrong with the configuration
    Check,
    /// Print what is in force and where it was set, secrets hidden
    Show,
}

/// From when on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// From this time on.
    Time(crate::model::time::Timestamp),
    /// From so long ago on.
    Ago(Lifetime),
}

/// `90d`, `24h`, `30m` or `45s`.
pub(super) fn duration(text: &str) -> Result<Lifetime, String> {
    let wrong = || "write a whole number and a unit: 90d, 24h, 30m or 45s".to_owned();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let number = text.strip_suffix(unit).unwrap_or_default();
    let seconds: u64 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    if number.is_empty() || !number.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(wrong());
    }
    let number: u64 = number.parse().map_err(|_| "that is too long".to_owned())?;
    // A hundred years: what is meant to last longer is meant never to end.
    let lifetime = number.checked_mul(seconds).filter(|seconds| *seconds <= 36_525 * 86_400);
    lifetime.map(Lifetime::from_seconds).ok_or_else(|| "that is too long".to_owned())
}

/// A time or a duration before now.
fn since(text: &str) -> Result<Since, String> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Ok(Since::Time(crate::model::time::Timestamp::from_millis(time.as_millisecond())));
    }
    duration(text)
        .map(Since::Ago)
        .map_err(|_| "write a time such as 2026-11-24T09:30:00Z, or a duration before now such as 24h".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(line.split(' '))
    }

    #[test]
    fn the_grammar_has_no_contradictions() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn without_a_command_it_is_serve() {
        assert!(parse("hallpass").unwrap().command.is_none());
        assert!(parse("hallpass --database-url sqlite://a.db").unwrap().command.is_none());
    }

    #[test]
    fn json_and_the_global_flags_may_stand_anywhere() {
        for line in [
            "hallpass user list --json --config a.toml",
            "hallpass --config a.toml user --json list",
            "hallpass user list --config a.toml --json",
        ] {
            let arguments = parse(line).unwrap();
            assert_eq!(arguments.config, Some(PathBuf::from("a.toml")));
            assert!(matches!(arguments.command, Some(Command::User(Printed { json: true, .. }))), "{line}");
        }
    }

    #[test]
    fn a_key_has_full_access_or_scopes_and_says_which() {
        assert!(parse("hallpass key create --user ada --full-access").is_ok());
        assert!(parse("hallpass key create --user ada --scope read --scope write").is_ok());
        assert!(parse("hallpass key create --user ada").is_err());
        assert!(parse("hallpass key create --user ada --full-access --scope read").is_err());
    }

    #[test]
    fn wrong_usage_is_refused() {
        for line in [
            "hallpass user",
            "hallpass usr list",
            "hallpass serve --json",
            "hallpass user create ada --service --password-stdin",
            "hallpass scope create read",
            "hallpass client create web --public --auth-method none",
            "hallpass key rotate key_1 --overlap 1w",
            "hallpass key create --user ada --full-access --allow-ip host",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn durations_are_numbers_with_a_unit() {
        assert_eq!(duration("90d"), Ok(Lifetime::from_days(90)));
        assert_eq!(duration("24h"), Ok(Lifetime::from_hours(24)));
        assert_eq!(duration("0s"), Ok(Lifetime::ZERO));
        for text in ["", "d", "90", "-1d", "+1d", "1.5h", "1 h", "1й", "99999999999999999999d", "40000d"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
