//! The rows that are a path: each beside the bare server, and beside another server where there is one.

use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Failed;
use crate::bare;
use crate::credentials;
use crate::fill;
use crate::fill::Size;
use crate::load;
use crate::load::Client;
use crate::load::Load;
use crate::load::Seen;
use crate::options::Options;
use crate::options::Other;
use crate::process;
use crate::process::Server;
use crate::report;

/// Connections that are kept alive.
pub const CONNECTIONS: usize = 64;
/// Before a row's first round, for so long what is to be remembered is.
const WARM_UP: Duration = Duration::from_millis(300);

/// One row.
pub struct PathRow {
    /// Its name on the command line and in the table.
    pub name: String,
    /// The share of the bare route that it is to reach, by processor time.
    pub target: f64,
    path: &'static str,
    status: u16,
    /// Whether it writes: then writes for each sync are told as well.
    writes: bool,
    /// Makes what one connection asks.
    client: Box<dyn Fn() -> Client>,
}

/// What one server showed in one row: the best of its rounds.
#[derive(Clone, Copy)]
pub struct Figures {
    /// Microseconds of processor time for each answer; `None` where the process is not known.
    pub micros: Option<f64>,
    /// Answers in a second.
    pub rate: f64,
}

/// The header of each kind of credential, for the credential with a number.
fn header(kind: &str, number: u64) -> String {
    match kind {
        "token" => format!("authorization: Bearer {}", credentials::token("hp_at_", number)),
        "key" => {
            format!("authorization: token {}:{}", credentials::key_name(number), credentials::token("hp_sk_", number))
        }
        _ => format!("cookie: hallpass_session={}", credentials::token("hp_se_", number)),
    }
}

/// A connection that asks for `path` with the credential that `next` numbers, until there is none.
pub fn with_credential(
    path: &'static str,
    kind: &'static str,
    mut next: impl FnMut() -> Option<u64> + 'static,
) -> Client {
    Box::new(move |_, request| {
        let Some(number) = next() else { return false };
        let header = header(kind, number);
        request.extend_from_slice(format!("GET {path} HTTP/1.1\r\nhost: bench\r\n{header}\r\n\r\n").as_bytes());
        true
    })
}

/// A connection that asks the same again and again.
pub fn same(text: String) -> Client {
    Box::new(move |_, request| {
        request.extend_from_slice(text.as_bytes());
        true
    })
}

/// A form that the client posts, as itself.
pub fn form(path: &str, fields: &str) -> String {
    let basic = STANDARD.encode(format!("{}:{}", fill::client_id(), fill::client_secret()));
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Basic {basic}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{fields}",
        fields.len()
    )
}

/// What stands in an answer between `before` and a character that ends it.
pub fn find(answer: &[u8], before: &str) -> Option<String> {
    let answer = std::str::from_utf8(answer).ok()?;
    let (_, rest) = answer.split_once(before)?;
    rest.split(['"', '&', '\r', ';']).next().map(str::to_owned)
}

/// A counter that all connections of a row share.
pub fn counter(first: u64) -> Rc<Cell<u64>> {
    Rc::new(Cell::new(first))
}

const DOORS: [&str; 2] = ["verify", "me"];

/// Where a kind of credential is let in. A token is no one's whole account: what it is asked for is named.
pub fn path(door: &str, kind: &str) -> &'static str {
    match (door, kind) {
        ("verify", "token") => "/auth/verify?scope=profile",
        ("verify", _) => "/auth/verify",
        _ => "/api/v1/me",
    }
}

fn rows(size: Size) -> Vec<PathRow> {
    let mut rows = Vec::new();
    let kinds = [("token", size.askable()), ("key", size.keys), ("session", size.sessions)];
    for door in DOORS {
        for (kind, _) in kinds {
            let path = path(door, kind);
            let text = format!("GET {path} HTTP/1.1\r\nhost: bench\r\n{}\r\n\r\n", header(kind, 0));
            rows.push(fixed(format!("{door}, {kind}, remembered"), 0.65, path, false, text));
        }
    }
    // What one door was asked about, the other is not.
    let next = kinds.map(|_| counter(1));
    for door in DOORS {
        for ((kind, of), next) in kinds.into_iter().zip(&next) {
            let (path, next) = (path(door, kind), Rc::clone(next));
            let client = move || {
                let next = Rc::clone(&next);
                with_credential(path, kind, move || Some(next.replace(next.get() + 1) % of))
            };
            let name = format!("{door}, {kind}, new each time");
            rows.push(PathRow { name, target: 0.40, path, status: 200, writes: false, client: Box::new(client) });
        }
    }
    let asked = form("/oauth/introspect", &format!("token={}", credentials::token("hp_at_", 0)));
    rows.push(fixed("introspect", 0.50, "/oauth/introspect", false, asked));
    let login = "GET /login HTTP/1.1\r\nhost: bench\r\n\r\n".to_owned();
    rows.push(fixed("sign-in page", 0.80, "/login", false, login));
    let credentials = form("/oauth/token", "grant_type=client_credentials&scope=profile");
    rows.push(fixed("client credentials", 0.20, "/oauth/token", true, credentials));
    rows.push(redemption(size.redeemable()));
    rows.push(refresh());
    rows
}

fn fixed(name: impl Into<String>, target: f64, path: &'static str, writes: bool, text: String) -> PathRow {
    let name = name.into();
    PathRow { name, target, path, status: 200, writes, client: Box::new(move || same(text.clone())) }
}

/// The form that redeems a code.
pub fn redeem(code: &str) -> String {
    let fields = format!("grant_type=authorization_code&code={code}&redirect_uri={}", fill::REDIRECT_URI);
    form("/oauth/token", &fields)
}

/// The form that refreshes.
pub fn refresh_with(token: &str) -> String {
    form("/oauth/token", &format!("grant_type=refresh_token&refresh_token={token}"))
}

fn redemption(count: u64) -> PathRow {
    let next = counter(0);
    let client = move || -> Client {
        let next = Rc::clone(&next);
        Box::new(move |_, request| {
            let number = next.replace(next.get() + 1);
            request.extend_from_slice(redeem(&credentials::token("hp_ac_", number)).as_bytes());
            number < count
        })
    };
    let client = Box::new(client);
    PathRow {
        name: "code redemption".to_owned(),
        target: 0.12,
        path: "/oauth/token",
        status: 200,
        writes: true,
        client,
    }
}

/// Each connection has a family of its own, and refreshes with what it was given last.
fn refresh() -> PathRow {
    let next = counter(0);
    let client = move || -> Client {
        let next = Rc::clone(&next);
        Box::new(move |answer, request| {
            let token = find(answer, "\"refresh_token\":\"")
                .unwrap_or_else(|| credentials::token("hp_rt_", next.replace(next.get() + 1)));
            request.extend_from_slice(refresh_with(&token).as_bytes());
            true
        })
    };
    let client = Box::new(client);
    PathRow { name: "refresh".to_owned(), target: 0.12, path: "/oauth/token", status: 200, writes: true, client }
}

/// Measures each row that is asked for, and prints it.
pub async fn measure(options: &Options, folder: &Path, database: &str, size: Size) -> Result<(), Failed> {
    let rows: Vec<PathRow> = rows(size).into_iter().filter(|row| options.wants(&row.name)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    report::paths_head(options.other.is_some());
    let server = Server::start(options, folder, database)?;
    for row in rows {
        measure_one(options, &server, &row).await?;
    }
    server.process.stop()
}

async fn measure_one(options: &Options, server: &Server, row: &PathRow) -> Result<(), Failed> {
    let address = server.process.address.as_str();
    let mut sample = Vec::new();
    (row.client)()(&[], &mut sample);
    let (status, answer) = load::ask_once(address, &sample).await?;
    if status != row.status {
        return Err(format!("{}: {}", row.name, String::from_utf8_lossy(&answer)).into());
    }
    let plain = bare::start(row.path, answer.len())?;
    let sample = String::from_utf8(sample)?;
    let other = options.other.as_ref().and_then(|other| Some((other, request_to(other, &row.name)?)));
    let (mut ours, mut bare, mut others) = (None, None, None);
    let (mut writes, mut syncs) = (0.0, 0.0);
    if !row.writes {
        round(address, None, WARM_UP, row.status, (0..CONNECTIONS).map(|_| (row.client)()).collect()).await?;
    }
    let time = Duration::from_secs_f64(options.seconds);
    for _ in 0..options.rounds {
        let before = server.writes();
        let clients = (0..CONNECTIONS).map(|_| (row.client)()).collect();
        best(&mut ours, round(address, Some(server.pid()), time, row.status, clients).await?);
        if let (Some(before), Some(after)) = (before, server.writes()) {
            (writes, syncs) = (writes + after.0 - before.0, syncs + after.1 - before.1);
        }
        let clients = (0..CONNECTIONS).map(|_| same(sample.clone())).collect();
        best(&mut bare, round(&plain.address, Some(plain.pid()), time, 200, clients).await?);
        if let Some((other, lines)) = &other {
            let next = counter(0);
            let clients = (0..CONNECTIONS).map(|_| lines.client(&next)).collect();
            best(&mut others, round(&other.address, other.pid, time, 200, clients).await?);
        }
    }
    let (Some(ours), Some(bare)) = (ours, bare) else { return Ok(()) };
    let a_sync = if row.writes && syncs > 0.0 { Some(writes / syncs) } else { None };
    report::path(row, ours, bare, options.other.is_some().then_some(others), a_sync);
    Ok(())
}

/// Keeps the best of all rounds: what else runs on the machine can only make one worse.
fn best(kept: &mut Option<Figures>, new: Figures) {
    let old = kept.unwrap_or(new);
    let micros = old.micros.zip(new.micros).map(|(old, new)| old.min(new));
    *kept = Some(Figures { micros, rate: old.rate.max(new.rate) });
}

async fn round(
    address: &str,
    pid: Option<u32>,
    time: Duration,
    status: u16,
    clients: Vec<Client>,
) -> Result<Figures, Failed> {
    let before = pid.map(process::processor).transpose()?;
    let seen = ask(address, time, &[status], clients).await?;
    let after = pid.map(process::processor).transpose()?;
    let micros = before.zip(after).map(|(before, after)| (after - before) * 1e6 / seen.answers);
    Ok(Figures { micros, rate: seen.rate() })
}

/// A round without pauses.
pub async fn ask(address: &str, time: Duration, accepts: &[u16], clients: Vec<Client>) -> Result<Seen, Failed> {
    Load { address, time, pause: Duration::ZERO, accepts }.run(clients).await
}

/// Asks for one path for as long as all of its rounds would last.
pub async fn keep_busy(options: &Options, server: &Server, size: Size, name: &str) -> Result<(), Failed> {
    let row = rows(size).into_iter().find(|row| row.name == name);
    let names = || rows(size).iter().map(|row| row.name.clone()).collect::<Vec<_>>().join("; ");
    let row = row.ok_or_else(|| format!("no path is called {name}; there are: {}", names()))?;
    let clients = (0..CONNECTIONS).map(|_| (row.client)()).collect();
    let time = Duration::from_secs_f64(options.seconds * options.rounds as f64);
    let seen = ask(&server.process.address, time, &[row.status], clients).await?;
    println!("{:.0} answers in {:.1} seconds", seen.answers, seen.seconds);
    Ok(())
}

/// What another server is asked in a row.
struct Lines {
    text: String,
    lines: Rc<Vec<String>>,
}

/// Its request for the row `name`, if there is a file with it.
fn request_to(other: &Other, name: &str) -> Option<Lines> {
    let file = |end: &str| std::fs::read_to_string(other.requests.join(format!("{name}.{end}"))).ok();
    // Editors end lines as they like; HTTP does not.
    let text = file("http")?.replace("\r\n", "\n");
    let (head, body) = text.trim_end_matches('\n').split_once("\n\n").unwrap_or((text.trim_end(), ""));
    let lines: Vec<String> = file("lines").unwrap_or_default().lines().map(str::to_owned).collect();
    let head = head.replace('\n', "\r\n");
    Some(Lines { text: format!("{head}\r\n\r\n{body}"), lines: Rc::new(lines) })
}

impl Lines {
    fn client(&self, next: &Rc<Cell<u64>>) -> Client {
        let (text, lines, next) = (self.text.clone(), Rc::clone(&self.lines), Rc::clone(next));
        Box::new(move |_, request| {
            let number = next.replace(next.get() + 1);
            let at = usize::try_from(number).unwrap_or_default() % lines.len().max(1);
            let line = lines.get(at).map(String::as_str).unwrap_or_default();
            let text = text.replace("{line}", line);
            let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
            let length = if body.is_empty() { String::new() } else { format!("\r\ncontent-length: {}", body.len()) };
            request.extend_from_slice(format!("{head}{length}\r\n\r\n{body}").as_bytes());
            true
        })
    }
}
