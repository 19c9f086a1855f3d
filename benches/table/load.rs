//! Asks a server over connections that are kept alive, and checks the status of each answer.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use std::time::Instant;

use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::Failed;

/// What one connection asks: given the answer before (empty at first), writes the next request. `false` where there is
/// none any more.
pub type Client = Box<dyn FnMut(&[u8], &mut Vec<u8>) -> bool>;

/// A round.
pub struct Load<'l> {
    /// Host and port.
    pub address: &'l str,
    /// How long.
    pub time: Duration,
    /// How long each connection waits between an answer and its next request.
    pub pause: Duration,
    /// Statuses that are as they should be; the first of them is the one that is counted.
    pub accepts: &'l [u16],
}

/// What a round showed.
#[derive(Default)]
pub struct Seen {
    /// Answers with the status that counts.
    pub answers: f64,
    /// How long it took to the last answer, in seconds.
    pub seconds: f64,
    /// How long each answer took, in microseconds, in order.
    pub micros: Vec<u32>,
}

impl Seen {
    /// Answers in a second.
    pub fn rate(&self) -> f64 {
        self.answers / self.seconds
    }

    /// The time, in milliseconds, within which the share `of` of all answers came.
    pub fn millis_within(&self, of: f64) -> f64 {
        let last = self.micros.len().saturating_sub(1);
        let at = self.micros.iter().enumerate().find(|(at, _)| *at as f64 >= of * last as f64);
        at.map_or(0.0, |(_, micros)| f64::from(*micros) / 1000.0)
    }
}

impl Load<'_> {
    /// Each of `clients` asks over a connection of its own.
    pub async fn run(&self, clients: Vec<Client>) -> Result<Seen, Failed> {
        let stop = Rc::new(Cell::new(false));
        let began = Instant::now();
        let tasks: Vec<_> = clients
            .into_iter()
            .map(|client| {
                let (address, accepts, stop) = (self.address.to_owned(), self.accepts.to_vec(), Rc::clone(&stop));
                tokio::task::spawn_local(connection(address, accepts, self.pause, client, stop))
            })
            .collect();
        let stopping = tokio::task::spawn_local({
            let (stop, time) = (Rc::clone(&stop), self.time);
            async move {
                tokio::time::sleep(time).await;
                stop.set(true);
            }
        });
        let mut seen = Seen::default();
        for task in tasks {
            let (answers, micros) = task.await??;
            seen.answers += answers as f64;
            seen.micros.extend(micros);
        }
        seen.seconds = began.elapsed().as_secs_f64();
        stopping.abort();
        seen.micros.sort_unstable();
        Ok(seen)
    }
}

async fn connection(
    address: String,
    accepts: Vec<u16>,
    pause: Duration,
    mut client: Client,
    stop: Rc<Cell<bool>>,
) -> Result<(u64, Vec<u32>), std::io::Error> {
    let (mut stream, mut answers, mut micros) = (connect(&address).await?, 0, Vec::with_capacity(1 << 16));
    let (mut request, mut answer) = (Vec::with_capacity(2048), Vec::with_capacity(16 * 1024));
    while !stop.get() {
        request.clear();
        if !client(&answer, &mut request) {
            break;
        }
        let began = Instant::now();
        stream.write_all(&request).await?;
        let (status, closes) = read_answer(&mut stream, &mut answer).await?;
        micros.push(u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX));
        if !accepts.contains(&status) {
            let answer = String::from_utf8_lossy(&answer).into_owned();
            return Err(std::io::Error::other(format!("{}\n{answer}", String::from_utf8_lossy(&request))));
        }
        answers += u64::from(accepts.first() == Some(&status));
        if closes {
            stream = connect(&address).await?;
        }
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    Ok((answers, micros))
}

async fn connect(address: &str) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Asks once, on a connection of its own, and returns the whole answer and its status.
pub async fn ask_once(address: &str, request: &[u8]) -> Result<(u16, Vec<u8>), Failed> {
    let (mut stream, mut answer) = (connect(address).await?, Vec::new());
    stream.write_all(request).await?;
    let (status, _) = read_answer(&mut stream, &mut answer).await?;
    Ok((status, answer))
}

/// Reads one answer; returns its status, and whether the server closes the connection behind it.
async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) -> std::io::Result<(u16, bool)> {
    answer.clear();
    let wrong = |what: &str| std::io::Error::other(what.to_owned());
    loop {
        if stream.read_buf(answer).await? == 0 {
            return Err(wrong("the server hung up"));
        }
        let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&answer[..end]).map_err(|_| wrong("a head that is no text"))?;
        let status = head.get(9..12).and_then(|status| status.parse().ok()).ok_or_else(|| wrong("no status"))?;
        let header = |name: &str| {
            head.lines().skip(1).find_map(|line| {
                let (before, value) = line.split_once(':')?;
                before.eq_ignore_ascii_case(name).then(|| value.trim())
            })
        };
        let closes = header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        if header("transfer-encoding").is_some() {
            while !answer.ends_with(b"0\r\n\r\n") {
                if stream.read_buf(answer).await? == 0 {
                    return Err(wrong("the server hung up in an answer"));
                }
            }
            return Ok((status, closes));
        }
        let length: usize = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        while answer.len() < end + 4 + length {
            if stream.read_buf(answer).await? == 0 {
                return Err(wrong("the server hung up in an answer"));
            }
        }
        return Ok((status, closes));
    }
}
