//! A mail server that takes what it is sent, and shows it: small, and a real one (RFC 5321).

use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use openssl::ssl::Ssl;
use openssl::ssl::SslAcceptor;
use tokio::io::AsyncBufReadExt;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::AsyncWriteExt;
use tokio::io::BufReader;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio_openssl::SslStream;

use super::app::TestApp;

/// A mail as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    /// Whom the sender named in `MAIL FROM`.
    pub from: String,
    /// Whom it is for, by `RCPT TO`.
    pub to: Vec<String>,
    /// Headers and text, decoded.
    pub text: String,
}

/// How the way to it is kept from others.
#[derive(Clone)]
pub enum Secrecy {
    /// Not at all.
    None,
    /// From the first byte on (RFC 8314 §3.3).
    Implicit(SslAcceptor),
    /// By STARTTLS (RFC 3207 §4).
    StartTls(SslAcceptor),
}

/// Said once all of a mail has come.
const TAKEN: &str = "451 the answer is lost";
const GREETING: &str = "220 postbox.test ESMTP";

/// The mail server.
pub struct Postbox {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
    refusals: Arc<Mutex<Vec<String>>>,
    visits: Arc<AtomicUsize>,
}

impl Postbox {
    /// One that listens.
    pub async fn open() -> Self {
        Self::open_over(Secrecy::None).await
    }

    /// One that listens and keeps what it hears from others.
    pub async fn open_over(secrecy: Secrecy) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let postbox = Self { port, received: Arc::default(), refusals: Arc::default(), visits: Arc::default() };
        let (received, refusals) = (Arc::clone(&postbox.received), Arc::clone(&postbox.refusals));
        let visits = Arc::clone(&postbox.visits);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (received, refusals, visits) = (Arc::clone(&received), Arc::clone(&refusals), Arc::clone(&visits));
                let secrecy = secrecy.clone();
                tokio::spawn(async move {
                    match secrecy {
                        Secrecy::None => talk(stream, GREETING, received, refusals).await,
                        Secrecy::Implicit(acceptor) => {
                            if let Some(stream) = encrypted(stream, &acceptor).await {
                                talk(stream, GREETING, received, refusals).await;
                            }
                        }
                        Secrecy::StartTls(acceptor) => {
                            if let Some(stream) = up_to_starttls(stream).await
                                && let Some(stream) = encrypted(stream, &acceptor).await
                            {
                                talk(stream, "", received, refusals).await;
                            }
                        }
                    }
                    visits.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        postbox
    }

    /// The settings of a server that sends its mail here.
    pub fn settings(&self) -> String {
        format!(
            "[mail]\ntransport = \"smtp\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n\
             from = \"Acme ID <id@acme.test>\"\n",
            self.port
        )
    }

    /// A server that sends its mail here, with `settings` beside.
    pub async fn server(&self, settings: &str) -> TestApp {
        TestApp::start_with(&format!("{}{settings}", self.settings())).await
    }

    /// Answers the next `MAIL FROM` with this reply.
    pub fn refuse_next(&self, reply: &str) {
        self.refusals.lock().unwrap().push(reply.to_owned());
    }

    /// Takes the next mail, and says that it did not.
    pub fn take_and_refuse_next(&self) {
        self.refusals.lock().unwrap().push(TAKEN.to_owned());
    }

    /// Whether a reply of [`Postbox::refuse_next`] was not given yet.
    pub fn has_refusals(&self) -> bool {
        !self.refusals.lock().unwrap().is_empty()
    }

    /// Whether somebody came, and has gone again.
    pub fn was_visited(&self) -> bool {
        self.visits.load(Ordering::SeqCst) > 0
    }

    /// All that came so far.
    pub fn all(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Waits until `count` mails have come, and returns the last.
    pub async fn wait_for(&self, count: usize) -> Received {
        for _ in 0..300 {
            let all = self.all();
            if all.len() >= count {
                assert_eq!(all.len(), count, "{all:#?}");
                return all.last().unwrap().clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{count} mails were expected: {:#?}", self.all());
    }

    /// Waits until whatever was asked for must have come, and says that only `count` did.
    pub async fn stays_at(&self, app: &TestApp, count: usize) {
        for _ in 0..300 {
            let waiting = app.database.lines("SELECT kind AS line FROM mails");
            if waiting.is_empty() {
                assert_eq!(self.all().len(), count, "{:#?}", self.all());
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("mail still waits");
    }
}

impl Received {
    /// The link in it: a path below the issuer, with its query.
    pub fn link(&self, app: &TestApp) -> String {
        let begin = format!("{}/", app.issuer);
        let mut links = self.text.split_whitespace().filter(|word| word.contains("?token="));
        let link = links.next_back().unwrap_or_else(|| panic!("no link: {}", self.text));
        assert!(link.starts_with(&begin), "{link} is not below {}", app.issuer);
        link.strip_prefix(app.issuer.as_str()).unwrap().to_owned()
    }
}

/// The same connection with TLS; `None` where the other side does not like the certificate.
async fn encrypted(stream: TcpStream, acceptor: &SslAcceptor) -> Option<SslStream<TcpStream>> {
    let mut stream = SslStream::new(Ssl::new(acceptor.context()).unwrap(), stream).unwrap();
    Pin::new(&mut stream).accept().await.ok()?;
    Some(stream)
}

/// Greets, and talks in the clear for as long as it takes to agree not to.
async fn up_to_starttls(stream: TcpStream) -> Option<TcpStream> {
    let mut stream = BufReader::new(stream);
    stream.write_all(format!("{GREETING}\r\n").as_bytes()).await.ok()?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line.trim_end().eq_ignore_ascii_case("STARTTLS") {
            stream.write_all(b"220 go ahead\r\n").await.ok()?;
            return Some(stream.into_inner());
        }
        stream.write_all(b"250-postbox.test\r\n250 STARTTLS\r\n").await.ok()?;
    }
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    greeting: &str,
    received: Arc<Mutex<Vec<Received>>>,
    refusals: Arc<Mutex<Vec<String>>>,
) {
    let mut stream = BufReader::new(stream);
    let mut mail = Received { from: String::new(), to: Vec::new(), text: String::new() };
    let mut say = greeting.to_owned();
    loop {
        if !say.is_empty() && stream.write_all(format!("{say}\r\n").as_bytes()).await.is_err() {
            return;
        }
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let line = line.trim_end();
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        say = match verb.as_str() {
            "EHLO" | "HELO" => "250-postbox.test\r\n250 8BITMIME".to_owned(),
            "MAIL" => match refusals.lock().unwrap().pop_if(|reply| reply != TAKEN) {
                Some(reply) => reply,
                None => {
                    mail.from = address(line);
                    "250 OK".to_owned()
                }
            },
            "RCPT" => {
                mail.to.push(address(line));
                "250 OK".to_owned()
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await.unwrap();
                mail.text = decoded(&content(&mut stream).await);
                received.lock().unwrap().push(mail.clone());
                mail.to.clear();
                let refusal = refusals.lock().unwrap().pop_if(|reply| reply == TAKEN);
                refusal.unwrap_or_else(|| "250 taken".to_owned())
            }
            "RSET" | "NOOP" => "250 OK".to_owned(),
            "QUIT" => "221 goodbye".to_owned(),
            _ => "502 not here".to_owned(),
        };
    }
}

fn address(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(address, _)| address).to_owned()
}

/// What follows `DATA`, to the line that is one dot (RFC 5321 §4.5.2).
async fn content<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>) -> String {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 || line == ".\r\n" {
            return text;
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

/// The text without quoted-printable (RFC 2045 §6.7).
fn decoded(text: &str) -> String {
    if !text.contains("quoted-printable") {
        return text.replace("\r\n", "\n");
    }
    let joined = text.replace("=\r\n", "").replace("\r\n", "\n");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let hex = behind.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match hex.filter(|_| *first == b'=').and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}
