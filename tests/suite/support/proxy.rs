//! A proxy that speaks TLS in front of the server and may have faults.

use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;

use openssl::ssl::Ssl;
use openssl::ssl::SslAcceptor;
use openssl::ssl::SslStream;

use super::publisher::Authority;
use super::publisher::Certificate;

/// A proxy that waits for its server; it goes on until the tests end.
pub struct Proxy {
    listener: TcpListener,
    acceptor: SslAcceptor,
}

impl Proxy {
    /// One called `localhost`.
    pub fn new(authority: &Authority) -> Self {
        let acceptor = authority.acceptor(Certificate { name: "localhost", expired: false });
        Self { listener: TcpListener::bind("127.0.0.1:0").unwrap(), acceptor }
    }

    /// The public address.
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.listener.local_addr().unwrap().port())
    }

    /// Passes on what comes to the server at `to`, with `X-Forwarded-For`; the heads of answers pass through `change`.
    pub fn pass_on(self, to: SocketAddr, change: fn(&str) -> String) {
        std::thread::spawn(move || {
            for connection in self.listener.incoming() {
                let Ok(connection) = connection else { return };
                let ssl = Ssl::new(self.acceptor.context()).unwrap();
                // Whoever goes away in the middle of it is no failure of the proxy's.
                std::thread::spawn(move || serve(connection, ssl, to, change).ok());
            }
        });
    }
}

/// One request, and its answer to the end of the connection.
fn serve(connection: TcpStream, ssl: Ssl, to: SocketAddr, change: fn(&str) -> String) -> std::io::Result<()> {
    let peer = connection.peer_addr()?.ip();
    let mut visitor = SslStream::new(ssl, connection).map_err(std::io::Error::other)?;
    visitor.accept().map_err(std::io::Error::other)?;
    let head = head(&mut visitor)?;
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = Vec::new();
    while body.len() < length.unwrap_or(0) {
        body.push(byte(&mut visitor)?);
    }
    let mut server = TcpStream::connect(to)?;
    let head = head.replacen("\r\n", &format!("\r\nx-forwarded-for: {peer}\r\n"), 1);
    server.write_all(head.as_bytes())?;
    server.write_all(&body)?;
    let head = self::head(&mut server)?;
    visitor.write_all(change(&head).as_bytes())?;
    let mut body = Vec::new();
    server.read_to_end(&mut body)?;
    visitor.write_all(&body)?;
    drop(visitor.shutdown());
    Ok(())
}

fn byte(from: &mut impl Read) -> std::io::Result<u8> {
    let mut byte = [0];
    from.read_exact(&mut byte)?;
    Ok(byte[0])
}

/// The head of a message, and nothing of what follows it.
fn head(from: &mut impl Read) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(byte(from)?);
    }
    String::from_utf8(head).map_err(std::io::Error::other)
}
