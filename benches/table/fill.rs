//! Fills a database: one client, one user for each ten tokens with a grant and a family of tokens, and credentials whose
//! secrets `credentials.rs` makes of their numbers.

use std::path::Path;
use std::time::SystemTime;

use crate::Failed;
use crate::credentials;
use crate::database::Database;
use crate::options::Options;
use crate::process;

/// Tokens of one family.
const TOKENS_OF_ONE: u64 = 10;
/// Of a large database, so many tokens can be asked about; of the others no secret is known.
const ASKABLE: u64 = 1_000_000;
/// Users that sign in; each has an account of its own, for the limits count by account.
pub const PEOPLE: u64 = 128;
/// Their password.
pub const PASSWORD: &str = "correct horse battery staple";
/// The number of the client, and of its secret.
const CLIENT: u64 = 1;
/// Where the client's codes go.
pub const REDIRECT_URI: &str = "https://app.example.com/callback";

const USER_KIND: u32 = 1;
const CLIENT_KIND: u32 = 2;
const GRANT_KIND: u32 = 3;
const FAMILY_KIND: u32 = 4;
const SESSION_KIND: u32 = 5;
const KEY_KIND: u32 = 6;
/// Families of codes, and of refresh tokens.
const CODE_FAMILY_KIND: u32 = 7;
const REFRESH_FAMILY_KIND: u32 = 8;

/// How much of what.
#[derive(Clone, Copy)]
pub struct Size {
    /// Access tokens, of users.
    pub tokens: u64,
    /// API keys.
    pub keys: u64,
    /// Browser sessions.
    pub sessions: u64,
}

impl Size {
    /// Of how many access tokens the secret is known.
    pub fn askable(self) -> u64 {
        self.tokens.min(ASKABLE)
    }

    /// Codes that wait to be redeemed, and as many refresh tokens.
    pub fn redeemable(self) -> u64 {
        (self.tokens / 8).clamp(2_000, 120_000)
    }

    fn users(self) -> u64 {
        (self.tokens / TOKENS_OF_ONE).max(2 * PEOPLE)
    }
}

/// The client's id.
pub fn client_id() -> String {
    format!("client_{CLIENT_KIND:08x}{CLIENT:024x}")
}

/// The client's secret.
pub fn client_secret() -> String {
    credentials::token("hp_cs_", CLIENT)
}

/// Makes the schema and fills it.
pub fn make(options: &Options, folder: &Path, url: &str, size: Size) -> Result<(), Failed> {
    process::migrate(options, folder, url)?;
    process::make_user(options, folder, url, "pattern", PASSWORD)?;
    let mut database = Database::open(url)?;
    let now = now()?;
    let later = now + 6 * 3_600_000;
    people(&mut database, size, now)?;
    client(&mut database, now)?;
    grants(&mut database, size, now, later)?;
    tokens(&mut database, size, now, later)?;
    keys(&mut database, size, now)?;
    sessions(&mut database, size, now, later)?;
    redeemable(&mut database, size.redeemable(), now, later)?;
    database.settle()
}

/// Adds access tokens that ended three hours ago.
pub fn expired(url: &str, count: u64) -> Result<(), Failed> {
    let mut database = Database::open(url)?;
    let ended = now()? - 3 * 3_600_000;
    let step = u64::try_from(i64::MAX)? / count.max(1);
    let (hash, client, family) = (
        database.filler_hash("i", step),
        database.id(CLIENT_KIND, &CLIENT.to_string()),
        database.id(FAMILY_KIND, "i % 100"),
    );
    database.run(&format!(
        "{} INSERT INTO access_tokens (hash, client_id, family_id, scopes, created_at, expires_at)
         SELECT {hash}, {client}, {family}, 'profile', {ended} - 3600000, {ended} + i % 1000 FROM n",
        numbers(0, count)
    ))?;
    database.settle()
}

/// How many expired tokens are still there.
pub fn expired_left(database: &mut Database) -> Result<i64, Failed> {
    let ended = now()? - 2 * 3_600_000;
    database.count(&format!("SELECT count(*) AS count FROM access_tokens WHERE expires_at < {ended}"))
}

fn now() -> Result<u64, Failed> {
    Ok(u64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_millis())?)
}

/// A table `n` with the numbers `i` from `from` on, `count` of them.
fn numbers(from: u64, count: u64) -> String {
    let last = from + count - 1;
    format!("WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {last})")
}

fn people(database: &mut Database, size: Size, now: u64) -> Result<(), Failed> {
    let id = database.id(USER_KIND, "i");
    database.run(&format!(
        "{} INSERT INTO users
         (id, username, username_canonical, email, email_canonical, full_name, kind, enabled, created_at)
         SELECT {id}, 'user' || i, 'user' || i, 'user' || i || '@example.com', 'user' || i || '@example.com',
         'Ada Lovelace', 'person', TRUE, {now} FROM n",
        numbers(0, size.users())
    ))?;
    // All have the password that one was given.
    let (first, last) = (database.id(USER_KIND, "0"), database.id(USER_KIND, &PEOPLE.to_string()));
    database.run(&format!(
        "UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE username = 'pattern'),
         password_changed_at = {now} WHERE id >= {first} AND id < {last}"
    ))
}

fn client(database: &mut Database, now: u64) -> Result<(), Failed> {
    let id = database.id(CLIENT_KIND, &CLIENT.to_string());
    let secret = database.bytes(&credentials::hash(&client_secret()));
    database.run(&format!(
        "INSERT INTO clients (id, client_id, name, auth_method, grant_types, redirect_uris, scopes, needed_scopes,
         trusted, require_pkce, enabled, origin, created_at)
         VALUES ({id}, '{}', 'bench', 'client_secret_basic', 'authorization_code refresh_token client_credentials',
         '{REDIRECT_URI}', 'introspect profile', '', FALSE, FALSE, TRUE, 'administrator', {now});
         INSERT INTO client_secrets (hash, client_id, created_at) VALUES ({secret}, {id}, {now});
         INSERT INTO client_roles (client_id, role_name) VALUES ({id}, 'admin')",
        client_id()
    ))
}

fn grants(database: &mut Database, size: Size, now: u64, later: u64) -> Result<(), Failed> {
    let client = database.id(CLIENT_KIND, &CLIENT.to_string());
    let (user, grant, family) =
        (database.id(USER_KIND, "i"), database.id(GRANT_KIND, "i"), database.id(FAMILY_KIND, "i"));
    let numbers = numbers(0, size.users());
    database.run(&format!(
        "{numbers} INSERT INTO grants (id, user_id, client_id, scopes, redirect_uris, created_at, renewed_at)
         SELECT {grant}, {user}, {client}, 'profile', '{REDIRECT_URI}', {now}, {now} FROM n;
         {numbers} INSERT INTO families (id, grant_id, user_id, client_id, scopes, created_at, expires_at)
         SELECT {family}, {grant}, {user}, {client}, 'profile', {now}, {later} FROM n"
    ))
}

fn tokens(database: &mut Database, size: Size, now: u64, later: u64) -> Result<(), Failed> {
    let client = database.id(CLIENT_KIND, &CLIENT.to_string());
    let columns = "INSERT INTO access_tokens (hash, client_id, family_id, scopes, created_at, expires_at)";
    let askable = size.askable();
    let fillers = size.tokens - askable;
    if let Some(step) = u64::try_from(i64::MAX)?.checked_div(fillers) {
        let (hash, family) =
            (database.filler_hash("i", step), database.id(FAMILY_KIND, &format!("i % {}", size.users())));
        database.run(&format!(
            "{} {columns} SELECT {hash}, {client}, {family}, 'profile', {now}, {later} FROM n",
            numbers(0, fillers)
        ))?;
    }
    let of = size.users();
    many(database, columns, sorted("hp_at_", askable), |database, hash, number| {
        let (hash, family) = (database.bytes(hash), database.id(FAMILY_KIND, &(number % of).to_string()));
        format!("({hash}, {client}, {family}, 'profile', {now}, {later})")
    })
}

fn keys(database: &mut Database, size: Size, now: u64) -> Result<(), Failed> {
    let of = size.users();
    let columns = "INSERT INTO api_keys
                   (id, user_id, api_key, name, full_access, scopes, allowed_addresses, enabled, created_at)";
    many(database, columns, (0..size.keys).map(|number| ([0; 32], number)).collect(), |database, _, number| {
        let (id, user) =
            (database.id(KEY_KIND, &number.to_string()), database.id(USER_KIND, &(number % of).to_string()));
        format!("({id}, {user}, '{}', 'bench', TRUE, '', '', TRUE, {now})", credentials::key_name(number))
    })?;
    let columns = "INSERT INTO api_key_secrets (hash, key_id, created_at)";
    many(database, columns, sorted("hp_sk_", size.keys), |database, hash, number| {
        format!("({}, {}, {now})", database.bytes(hash), database.id(KEY_KIND, &number.to_string()))
    })
}

fn sessions(database: &mut Database, size: Size, now: u64, later: u64) -> Result<(), Failed> {
    let of = size.users();
    let columns = "INSERT INTO sessions
                   (id, hash, user_id, authenticated_at, seen_at, idle_expires_at, expires_at, address, user_agent)";
    // Seen a while ahead: else each would be noted in the midst of a measurement, as it is once a minute.
    let seen = now + 3_600_000;
    many(database, columns, sorted("hp_se_", size.sessions), |database, hash, number| {
        let (id, user) =
            (database.id(SESSION_KIND, &number.to_string()), database.id(USER_KIND, &(number % of).to_string()));
        format!("({id}, {}, {user}, {now}, {seen}, {later}, {later}, '127.0.0.1', '')", database.bytes(hash))
    })
}

/// Codes and refresh tokens, each in a family of its own, all of one user.
fn redeemable(database: &mut Database, count: u64, now: u64, later: u64) -> Result<(), Failed> {
    let (client, user, grant) =
        (database.id(CLIENT_KIND, &CLIENT.to_string()), database.id(USER_KIND, "0"), database.id(GRANT_KIND, "0"));
    for kind in [CODE_FAMILY_KIND, REFRESH_FAMILY_KIND] {
        let family = database.id(kind, "i");
        database.run(&format!(
            "{} INSERT INTO families (id, grant_id, user_id, client_id, scopes, created_at, expires_at)
             SELECT {family}, {grant}, {user}, {client}, 'profile', {now}, {later} FROM n",
            numbers(0, count)
        ))?;
    }
    let columns = "INSERT INTO codes (hash, family_id, redirect_uri, redirect_uri_was_sent, created_at, expires_at)";
    many(database, columns, sorted("hp_ac_", count), |database, hash, number| {
        let (hash, family) = (database.bytes(hash), database.id(CODE_FAMILY_KIND, &number.to_string()));
        format!("({hash}, {family}, '{REDIRECT_URI}', TRUE, {now}, {later})")
    })?;
    let columns = "INSERT INTO refresh_tokens (hash, family_id, created_at, expires_at)";
    many(database, columns, sorted("hp_rt_", count), |database, hash, number| {
        let (hash, family) = (database.bytes(hash), database.id(REFRESH_FAMILY_KIND, &number.to_string()));
        format!("({hash}, {family}, {now}, {later})")
    })
}

/// Hashes and numbers of tokens, in the order in which an index takes them fastest.
fn sorted(prefix: &str, count: u64) -> Vec<([u8; 32], u64)> {
    let mut all: Vec<_> =
        (0..count).map(|number| (credentials::hash(&credentials::token(prefix, number)), number)).collect();
    all.sort_unstable();
    all
}

/// Inserts a row for each of `all`.
fn many(
    database: &mut Database,
    columns: &str,
    all: Vec<([u8; 32], u64)>,
    row: impl Fn(&Database, &[u8; 32], u64) -> String,
) -> Result<(), Failed> {
    for transaction in all.chunks(50_000) {
        database.run("BEGIN")?;
        for rows in transaction.chunks(500) {
            let rows: Vec<String> = rows.iter().map(|(hash, number)| row(database, hash, *number)).collect();
            database.run(&format!("{columns} VALUES {}", rows.join(", ")))?;
        }
        database.run("COMMIT")?;
    }
    Ok(())
}
