//! Raw bytes to the server's port, and what comes back: for requests that no well-behaved client can send.

use std::io::ErrorKind;
use std::io::Read;
use std::io::Write;
use std::net::Shutdown;
use std::net::TcpStream;
use std::time::Duration;
use std::time::Instant;

use super::app::TestApp;

/// How long a server that keeps the connection may be silent until it is taken to have said all.
const SILENCE: Duration = Duration::from_millis(400);
/// How long to wait for the first byte of an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// All that came back on one connection.
#[derive(Debug, Clone)]
pub struct Wire {
    /// The answers, in their order.
    pub answers: Vec<WireAnswer>,
    /// Whether the server closed the connection.
    pub closed: bool,
}

/// One answer on it.
#[derive(Debug, Clone)]
pub struct WireAnswer {
    /// The status.
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Wire {
    /// The statuses, in their order.
    pub fn statuses(&self) -> Vec<u16> {
        self.answers.iter().map(|answer| answer.status).collect()
    }

    /// The only answer.
    #[track_caller]
    pub fn only(&self) -> &WireAnswer {
        assert_eq!(self.answers.len(), 1, "{self:?}");
        &self.answers[0]
    }
}

impl WireAnswer {
    /// One header's value; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value.trim())
    }
}

impl TestApp {
    /// Sends `bytes` on a connection of their own and reads until the server closes it or falls silent.
    pub fn wire(&self, bytes: &[u8]) -> Wire {
        self.wire_in_pieces(&[bytes], Duration::ZERO)
    }

    /// The same, with a pause behind each piece. A server that stops reading half-way is no failure.
    pub fn wire_in_pieces(&self, pieces: &[&[u8]], pause: Duration) -> Wire {
        let mut stream = TcpStream::connect(self.address()).expect("the server listens");
        stream.set_nodelay(true).unwrap();
        stream.set_write_timeout(Some(Duration::from_secs(5))).unwrap();
        for piece in pieces {
            if stream.write_all(piece).is_err() {
                break;
            }
            std::thread::sleep(pause);
        }
        read_all(&mut stream)
    }

    /// The statuses of the answers to `head` (lines without their ends) and `body`.
    pub fn wire_request(&self, head: &[&str], body: &[u8]) -> Wire {
        let mut bytes = Vec::new();
        for line in head {
            bytes.extend(line.as_bytes());
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"\r\n");
        bytes.extend(body);
        self.wire(&bytes)
    }
}

fn read_all(stream: &mut TcpStream) -> Wire {
    let (mut received, mut closed, began) = (Vec::new(), false, Instant::now());
    let mut buffer = vec![0; 64 * 1024];
    stream.set_read_timeout(Some(SILENCE)).unwrap();
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => closed = true,
            Ok(length) => {
                received.extend(&buffer[..length]);
                continue;
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                if received.is_empty() && began.elapsed() < PATIENCE {
                    continue;
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            // The server closed with bytes of ours unread.
            Err(_) => closed = true,
        }
        break;
    }
    drop(stream.shutdown(Shutdown::Both));
    Wire { answers: parse(&received), closed }
}

fn parse(mut bytes: &[u8]) -> Vec<WireAnswer> {
    let mut answers = Vec::new();
    while !bytes.is_empty() {
        let text = String::from_utf8_lossy(bytes);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| panic!("no head: {text:?}"));
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)).and_then(|code| code.parse().ok());
        let mut answer = WireAnswer { status: status.unwrap_or_else(|| panic!("{head:?}")), head, body: String::new() };
        bytes = &bytes[end + 4..];
        if answer.status >= 200 {
            let length = answer.header("content-length").parse().unwrap_or(0);
            let length = bytes.len().min(length);
            answer.body = String::from_utf8_lossy(&bytes[..length]).into_owned();
            bytes = &bytes[length..];
        }
        answers.push(answer);
    }
    answers
}
