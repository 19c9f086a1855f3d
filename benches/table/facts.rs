//! The rows that are no path: a client's whole round, sign-ins, memory, start, growth and purge.

use std::path::Path;
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;
use std::time::Instant;

use argon2::Algorithm;
use argon2::Argon2;
use argon2::Block;
use argon2::Params;
use argon2::Version;

use crate::Failed;
use crate::bare;
use crate::credentials;
use crate::database::Database;
use crate::database::Place;
use crate::fill;
use crate::fill::Size;
use crate::load;
use crate::load::Client;
use crate::load::Load;
use crate::options::Options;
use crate::paths;
use crate::paths::CONNECTIONS;
use crate::process;
use crate::process::Server;
use crate::report;

/// The defaults of `passwords.memory_kib` and `passwords.iterations` (docs/CONFIGURATION.md).
const HASH: (u32, u32) = (19_456, 2);
/// Credentials that are remembered when memory is looked at.
const REMEMBERED: u64 = 100_000;
/// Tokens of the small database, and look-ups in one round on each of the two.
const FEW: u64 = 10_000;

/// Measures each of them that is asked for, and prints it.
pub async fn measure(
    options: &Options,
    folder: &Path,
    place: &Place,
    database: &str,
    size: Size,
) -> Result<(), Failed> {
    report::facts_head();
    if options.wants("round of one client") {
        round_of_one_client(options, folder, place, database).await?;
    }
    if options.wants("sign-in") {
        sign_in(options, folder, database).await?;
    }
    if options.wants("memory") {
        memory(options, folder, database, size).await?;
    }
    if options.wants("start") {
        start(options, folder, place, database)?;
    }
    if options.wants("binary") {
        report::fact("binary, as shipped", &format!("{:.1} MB", shipped(options, folder)?), "15 MB", "");
    }
    if options.wants("growth") && options.many > 0 {
        growth(options, folder, place).await?;
    }
    if options.wants("purge") && options.expired > 0 {
        purge(options, folder, place).await?;
    }
    Ok(())
}

/// The size of the program in megabytes, without the names of functions that `cargo bench` leaves in it.
fn shipped(options: &Options, folder: &Path) -> Result<f64, Failed> {
    let copy = folder.join("stripped");
    std::fs::copy(&options.server, &copy)?;
    if !Command::new("strip").arg(&copy).status()?.success() {
        return Err("the program could not be stripped".into());
    }
    Ok(std::fs::metadata(copy)?.len() as f64 / 1e6)
}

/// A browser with a session and a client: authorize with a grant that is there, redeem the code, refresh.
fn whole_round() -> Client {
    let (mut step, session) = (0_u64, credentials::token("hp_se_", 0));
    let authorize = format!(
        "GET /oauth/authorize?response_type=code&client_id={}&redirect_uri={}&scope=profile&state=s HTTP/1.1\r\n\
         host: bench\r\ncookie: hallpass_session={session}\r\n\r\n",
        fill::client_id(),
        fill::REDIRECT_URI
    );
    Box::new(move |answer, request| {
        let text = match step % 3 {
            0 => Some(authorize.clone()),
            1 => paths::find(answer, "code=").map(|code| paths::redeem(&code)),
            _ => paths::find(answer, "\"refresh_token\":\"").map(|token| paths::refresh_with(&token)),
        };
        step += 1;
        let Some(text) = text else { return false };
        request.extend_from_slice(text.as_bytes());
        true
    })
}

async fn round_of_one_client(options: &Options, folder: &Path, place: &Place, database: &str) -> Result<(), Failed> {
    let server = Server::start(options, folder, database)?;
    let plain = bare::start("/", 700)?;
    let time = Duration::from_secs_f64(options.seconds);
    let (mut ratios, mut syncs, mut rounds) = (Vec::new(), 0.0, 0.0);
    let (mut took, mut bound) = (0.0, 0.0);
    let statuses = [200, 302, 303];
    for _ in 0..=options.rounds {
        let before = server.writes();
        let seen = paths::ask(&server.process.address, time, &statuses, vec![whole_round()]).await?;
        let after = server.writes();
        let done = seen.micros.len() as f64 / 3.0;
        if done < 1.0 {
            return Err("no round of a client came to its end".into());
        }
        if let (Some(before), Some(after)) = (before, after) {
            (syncs, rounds) = (syncs + after.1 - before.1, rounds + done);
        }
        let get = "GET / HTTP/1.1\r\nhost: bench\r\n\r\n".to_owned();
        let alone = paths::ask(&plain.address, time / 4, &[200], vec![paths::same(get)]).await?;
        (took, bound) = (seen.seconds / done, 3.0 * process::sync_time(place)? + 3.0 / alone.rate());
        ratios.push(took / bound);
    }
    // The first one warmed up.
    ratios.remove(0);
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios[ratios.len() / 2];
    let note =
        format!("the last one took {:.1} ms; three syncs and three bare requests {:.1} ms", took * 1e3, bound * 1e3);
    report::fact("round of one client", &format!("{ratio:.2} of them"), "1.25", &note);
    let each = if rounds > 0.0 { format!("{:.2}", syncs / rounds) } else { "-".to_owned() };
    report::fact("round of one client, syncs", &each, "3", "");
    server.process.stop()
}

/// How long one hash takes alone, in seconds: the best of several, with memory that is used again.
fn time_of_one_hash() -> Result<f64, Failed> {
    let params = Params::new(HASH.0, HASH.1, 1, Some(32)).map_err(|error| error.to_string())?;
    let mut memory = vec![Block::new(); params.block_count()];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let (mut hash, mut best) = ([0; 32], f64::MAX);
    for _ in 0..20 {
        let began = Instant::now();
        let made = argon.hash_password_into_with_memory(fill::PASSWORD.as_bytes(), &[7; 16], &mut hash, &mut memory);
        made.map_err(|error| error.to_string())?;
        best = best.min(began.elapsed().as_secs_f64());
    }
    Ok(best)
}

/// A browser that signs in as one person after the other, with the form that it was given.
fn signing_in(number: u64, cookie: &str, csrf_token: &str) -> Client {
    let (cookie, csrf_token, mut round) = (cookie.to_owned(), csrf_token.to_owned(), 0);
    Box::new(move |_, request| {
        // No account is signed in to twice at once.
        let person = number + (round % (fill::PEOPLE / CONNECTIONS as u64)) * CONNECTIONS as u64;
        round += 1;
        let password = fill::PASSWORD.replace(' ', "+");
        let body = format!("csrf_token={csrf_token}&username=user{person}&password={password}");
        request.extend_from_slice(
            format!(
                "POST /login HTTP/1.1\r\nhost: bench\r\ncookie: hallpass_form={cookie}\r\n\
                 content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .as_bytes(),
        );
        true
    })
}

/// So many browsers that sign in.
async fn browsers(server: &Server, count: usize) -> Result<Vec<Client>, Failed> {
    let asked = b"GET /login HTTP/1.1\r\nhost: bench\r\n\r\n";
    let (_, page) = load::ask_once(&server.process.address, asked).await?;
    let cookie = paths::find(&page, "hallpass_form=").ok_or("the sign-in page sets no cookie")?;
    let csrf_token = paths::find(&page, "name=\"csrf_token\" value=\"").ok_or("the form has no token")?;
    Ok((0..count).map(|number| signing_in(number as u64, &cookie, &csrf_token)).collect())
}

fn remembered_token() -> Vec<Client> {
    (0..CONNECTIONS).map(|_| paths::with_credential(paths::path("verify", "token"), "token", || Some(0))).collect()
}

async fn sign_in(options: &Options, folder: &Path, database: &str) -> Result<(), Failed> {
    let server = Server::start(options, folder, database)?;
    let address = server.process.address.as_str();
    let time = Duration::from_secs_f64(options.seconds);
    let threads = (std::thread::available_parallelism().map_or(1, usize::from) / 2).max(1) as f64;
    let mut shares = Vec::new();
    for _ in 0..options.rounds {
        let best = threads / time_of_one_hash()?;
        let seen = paths::ask(address, time, &[303, 503], browsers(&server, 16).await?).await?;
        shares.push((seen.rate() / best, seen.rate(), best));
    }
    shares.sort_by(|one, other| one.0.total_cmp(&other.0));
    let Some((share, rate, best)) = shares.last() else { return Ok(()) };
    let note = format!("{rate:.1} a second; {threads} threads hash {best:.1}");
    report::fact("sign-in by password", &format!("{share:.2} of what the threads can hash"), "0.9", &note);

    let quiet = paths::ask(address, time, &[200], remembered_token()).await?;
    let quiet = paths::ask(address, time, &[200], remembered_token()).await.or(Ok::<_, Failed>(quiet))?;
    let (sign_ins, verify) = (browsers(&server, CONNECTIONS).await?, remembered_token());
    let (sign_ins, verify) = tokio::join!(
        paths::ask(address, time + Duration::from_millis(300), &[303, 503, 429], sign_ins),
        paths::ask(address, time, &[200], verify)
    );
    let (sign_ins, verify) = (sign_ins?, verify?);
    for (name, of) in [("median", 0.5), ("p99", 0.99)] {
        let (before, during) = (quiet.millis_within(of), verify.millis_within(of));
        report::fact(
            &format!("64 sign-ins in flight, {name} of /auth/verify"),
            &format!("{during:.2} ms"),
            &format!("{:.2} ms", 2.0 * before + 2.0),
            &format!("{before:.2} ms in quiet; {:.1} sign-ins a second", sign_ins.rate()),
        );
    }
    server.process.stop()
}

/// Asks for each of a kind's credentials from `first` on, `count` of them, once.
async fn each_once(address: &str, kind: &'static str, first: u64, count: u64) -> Result<(), Failed> {
    let next = paths::counter(first);
    let clients = (0..CONNECTIONS).map(|_| {
        let next = Rc::clone(&next);
        paths::with_credential(paths::path("verify", kind), kind, move || {
            let number = next.replace(next.get() + 1);
            (number < first + count).then_some(number)
        })
    });
    paths::ask(address, Duration::from_secs(600), &[200], clients.collect()).await.map(drop)
}

async fn memory(options: &Options, folder: &Path, database: &str, size: Size) -> Result<(), Failed> {
    let server = Server::start_plain(options, folder, database)?;
    let address = server.process.address.as_str();
    for kind in ["token", "key", "session"] {
        each_once(address, kind, 0, 3).await?;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = process::anonymous(server.pid())?;
    report::fact("memory, idle (anonymous)", &format!("{idle:.1} MB"), "15 MB", "");
    let count = REMEMBERED.min(size.askable());
    each_once(address, "token", 0, count).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let filled = process::anonymous(server.pid())?;
    let name = format!("memory, {count} credentials remembered");
    report::fact(&name, &format!("{filled:.1} MB"), "80 MB", "");
    if options.wants("memory after sign-ins") {
        let time = Duration::from_secs(2);
        paths::ask(address, time, &[303, 503], browsers(&server, 16).await?).await?;
        tokio::time::sleep(Duration::from_secs(12)).await;
        let after = process::anonymous(server.pid())?;
        report::fact("memory, after sign-ins and 12 s of rest", &format!("{after:.1} MB"), "-", "");
    }
    server.process.stop()
}

fn start(options: &Options, folder: &Path, place: &Place, database: &str) -> Result<(), Failed> {
    let empty = place.make("empty")?;
    process::migrate(options, folder, &empty)?;
    process::make_user(options, folder, &empty, "somebody", fill::PASSWORD)?;
    for (name, database) in [("start to ready, empty database", &*empty), ("start to ready, filled database", database)]
    {
        let mut times = Vec::new();
        for _ in 0..11 {
            let server = Server::start_plain(options, folder, database)?;
            times.push(server.process.took.as_secs_f64() * 1e3);
            server.process.stop()?;
        }
        times.sort_by(f64::total_cmp);
        let note = format!("best {:.0} ms, worst {:.0} ms", times[0], times[10]);
        report::fact(name, &format!("{:.0} ms", times[5]), "50 ms", &note);
    }
    Ok(())
}

/// The processor time of one look-up, in microseconds, and how many there are in a second: `FEW` look-ups spread over all
/// tokens, each of one that the server has not seen. It has just started, or has answered `others` before, so that the
/// system has mapped the file.
async fn look_ups(
    options: &Options,
    folder: &Path,
    database: &str,
    size: Size,
    others: u64,
) -> Result<(f64, f64), Failed> {
    let server = Server::start_plain(options, folder, database)?;
    let (count, stride) = (FEW.min(size.askable()), (size.askable() / FEW).max(1));
    let spread = |from: u64, to: u64, stride: u64, offset: u64| {
        let next = paths::counter(from);
        let clients = (0..CONNECTIONS).map(|_| {
            let next = Rc::clone(&next);
            paths::with_credential(paths::path("verify", "token"), "token", move || {
                let number = next.replace(next.get() + 1);
                (number < to).then_some(number * stride + offset)
            })
        });
        clients.collect()
    };
    let (address, patience) = (&server.process.address, Duration::from_secs(60));
    // A few first, so that each thread has its connection and its statements.
    let warm_up = count / 10;
    each_once(address, "token", 0, warm_up).await?;
    if let Some(between) = size.askable().checked_div(others) {
        paths::ask(address, patience, &[200], spread(0, others, between, between / 2 + 1)).await?;
    }
    let before = process::processor(server.pid())?;
    let seen = paths::ask(address, patience, &[200], spread(warm_up, count, stride, 0)).await?;
    let micros = (process::processor(server.pid())? - before) * 1e6 / seen.answers;
    let rate = seen.rate();
    server.process.stop()?;
    Ok((micros, rate))
}

async fn growth(options: &Options, folder: &Path, place: &Place) -> Result<(), Failed> {
    let sizes = [("few", FEW), ("many", options.many)];
    let mut databases = Vec::new();
    for (name, tokens) in sizes {
        let (url, size) = (place.make(name)?, Size { tokens, keys: 100, sessions: 100 });
        fill::make(options, folder, &url, size)?;
        databases.push((url, size));
    }
    // As many others as leave no page of the large one unmapped, if there are as many.
    for (state, others) in [("just started", 0), ("running", (options.many / 50).min(200_000))] {
        let mut best = [(f64::MAX, 0.0_f64); 2];
        for _ in 0..=options.rounds {
            for (((url, size), best), others) in databases.iter().zip(&mut best).zip([0, others]) {
                let (micros, rate) = look_ups(options, folder, url, *size, others).await?;
                *best = (best.0.min(micros), best.1.max(rate));
            }
        }
        let [few, many] = best;
        let name = format!("growth, {state}: look-ups with {} tokens by those with {FEW}", options.many);
        let note = format!(
            "{:.1} and {:.1} us of processor; {:.0} and {:.0} a second on the clock ({:.2})",
            many.0,
            few.0,
            many.1,
            few.1,
            many.1 / few.1
        );
        report::fact(&name, &format!("{:.2}", few.0 / many.0), "0.8", &note);
    }
    Ok(())
}

/// The worst of requests that come a few at a time, one kind that reads and one that writes.
async fn worst(address: &str, time: Duration) -> Result<(f64, f64), Failed> {
    let load = Load { address, time, pause: Duration::from_millis(2), accepts: &[200] };
    let reads = (0..4).map(|_| paths::with_credential(paths::path("verify", "token"), "token", || Some(0))).collect();
    let form = paths::form("/oauth/token", "grant_type=client_credentials&scope=profile");
    let (reads, writes) = tokio::join!(load.run(reads), load.run(vec![paths::same(form)]));
    Ok((reads?.millis_within(1.0), writes?.millis_within(1.0)))
}

async fn purge(options: &Options, folder: &Path, place: &Place) -> Result<(), Failed> {
    let url = place.make("expired")?;
    fill::make(options, folder, &url, Size { tokens: FEW, keys: 100, sessions: 100 })?;
    let quiet = {
        let server = Server::start_plain(options, folder, &url)?;
        let quiet = worst(&server.process.address, Duration::from_secs_f64(4.0 * options.seconds)).await?;
        server.process.stop()?;
        quiet
    };
    fill::expired(&url, options.expired)?;
    let server = Server::start_plain(options, folder, &url)?;
    let (began, mut database) = (Instant::now(), Database::open(&url)?);
    let mut during = (0.0_f64, 0.0_f64);
    loop {
        let seen = worst(&server.process.address, Duration::from_secs_f64(4.0 * options.seconds)).await?;
        during = (during.0.max(seen.0), during.1.max(seen.1));
        if fill::expired_left(&mut database)? == 0 {
            break;
        }
        if began.elapsed() > Duration::from_secs(1200) {
            return Err("what has expired is not purged".into());
        }
    }
    let note = format!("{} rows in {:.0} s at most", options.expired, began.elapsed().as_secs_f64());
    for (name, quiet, during) in [
        ("purge: the longest /auth/verify", quiet.0, during.0),
        ("purge: the longest client-credentials token", quiet.1, during.1),
    ] {
        let target = format!("{:.0} ms", quiet + 50.0);
        report::fact(name, &format!("{during:.1} ms"), &target, &format!("{quiet:.1} ms in quiet; {note}"));
    }
    server.process.stop()
}
