//! A server on the web that publishes documents over TLS, and the certificate authority that vouches for it.

use std::collections::HashMap;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::EcGroup;
use openssl::ec::EcKey;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::pkey::Private;
use openssl::ssl::Ssl;
use openssl::ssl::SslAcceptor;
use openssl::ssl::SslMethod;
use openssl::ssl::SslStream;
use openssl::x509::X509;
use openssl::x509::X509Builder;
use openssl::x509::X509Name;
use openssl::x509::X509NameBuilder;
use openssl::x509::extension::BasicConstraints;
use openssl::x509::extension::KeyUsage;
use openssl::x509::extension::SubjectAlternativeName;
use tempfile::TempDir;

/// A certificate authority that nobody knows but those who are told.
pub struct Authority {
    key: PKey<Private>,
    certificate: X509,
    folder: TempDir,
}

/// What a certificate says.
#[derive(Clone, Copy)]
pub struct Certificate<'a> {
    /// The name that it is for.
    pub name: &'a str,
    /// Whether its time is over.
    pub expired: bool,
}

fn key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn name(common_name: &str) -> X509Name {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_nid(Nid::COMMONNAME, common_name).unwrap();
    name.build()
}

/// A certificate for `name` that the machine's clock, which is not the test's, finds valid.
fn certificate(name: &str, key: &PKey<Private>, expired: bool) -> X509Builder {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    let serial = BigNum::from_u32(NEXT.fetch_add(1, Ordering::Relaxed).try_into().unwrap()).unwrap();
    builder.set_serial_number(&serial.to_asn1_integer().unwrap()).unwrap();
    builder.set_subject_name(&self::name(name)).unwrap();
    builder.set_pubkey(key).unwrap();
    let year = 365 * 24 * 3600;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let now = i64::try_from(now).unwrap();
    let end = if expired { now - 3600 } else { now + year };
    builder.set_not_before(&Asn1Time::from_unix(now - year).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::from_unix(end).unwrap()).unwrap();
    builder
}

impl Authority {
    /// A new one.
    pub fn new() -> Self {
        let key = key();
        let mut builder = certificate("Test authority", &key, false);
        builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
        builder.append_extension(KeyUsage::new().critical().key_cert_sign().build().unwrap()).unwrap();
        builder.set_issuer_name(&name("Test authority")).unwrap();
        builder.sign(&key, MessageDigest::sha256()).unwrap();
        let certificate = builder.build();
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("ca.pem"), certificate.to_pem().unwrap()).unwrap();
        Self { key, certificate, folder }
    }

    /// Its certificate as a file in PEM form.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// What accepts connections with a certificate of this authority's.
    pub fn acceptor(&self, certificate: Certificate<'_>) -> SslAcceptor {
        let key = key();
        let mut builder = self::certificate(certificate.name, &key, certificate.expired);
        builder.set_issuer_name(self.certificate.subject_name()).unwrap();
        let mut names = SubjectAlternativeName::new();
        if certificate.name.parse::<std::net::IpAddr>().is_ok() {
            names.ip(certificate.name);
        } else {
            names.dns(certificate.name);
        }
        let names = names.build(&builder.x509v3_context(Some(&self.certificate), None)).unwrap();
        builder.append_extension(names).unwrap();
        builder.sign(&self.key, MessageDigest::sha256()).unwrap();
        let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server()).unwrap();
        acceptor.set_private_key(&key).unwrap();
        acceptor.set_certificate(&builder.build()).unwrap();
        acceptor.build()
    }
}

/// What is answered: pieces of raw HTTP, each sent after a pause.
#[derive(Debug, Clone)]
pub struct Reply(Vec<(Duration, Vec<u8>)>);

impl Reply {
    /// JSON with these further headers.
    pub fn json(body: &str, headers: &[&str]) -> Self {
        Self::of("200 OK", &[&["content-type: application/json"], headers].concat(), body)
    }

    /// Any answer.
    pub fn of(status: &str, headers: &[&str], body: &str) -> Self {
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        Self::raw(&format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()))
    }

    /// Bytes as they stand.
    pub fn raw(text: &str) -> Self {
        Self(vec![(Duration::ZERO, text.as_bytes().to_vec())])
    }

    /// The same, a byte at a time.
    pub fn dripping(self, pause: Duration) -> Self {
        Self(self.0.into_iter().flat_map(|(_, bytes)| bytes).map(|byte| (pause, vec![byte])).collect())
    }

    /// The same after a pause.
    pub fn after(mut self, pause: Duration) -> Self {
        self.0.iter_mut().take(1).for_each(|piece| piece.0 = pause);
        self
    }
}

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    requests: Mutex<Vec<String>>,
    bodies: Mutex<Vec<(String, String)>>,
    documents: Mutex<HashMap<String, Reply>>,
}

/// A running server; it goes on until the tests end.
pub struct Publisher {
    /// Where it listens.
    pub address: SocketAddr,
    name: String,
    seen: Arc<Seen>,
}

impl Publisher {
    /// One called `localhost`.
    pub fn start(authority: &Authority) -> Self {
        Self::start_as(authority, Certificate { name: "localhost", expired: false })
    }

    /// One with this certificate.
    pub fn start_as(authority: &Authority, certificate: Certificate<'_>) -> Self {
        Self::on("127.0.0.1:0", certificate.name, Some(authority.acceptor(certificate)))
    }

    /// One that takes connections at `address`, but says nothing: what should never be connected to.
    pub fn sink(address: &str) -> Self {
        Self::on(address, "localhost", None)
    }

    fn on(address: &str, name: &str, acceptor: Option<SslAcceptor>) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen::default());
        let publisher = Self { address, name: name.to_owned(), seen: Arc::clone(&seen) };
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let Ok(connection) = connection else { return };
                seen.connections.fetch_add(1, Ordering::SeqCst);
                let (seen, acceptor) = (Arc::clone(&seen), acceptor.clone());
                // Whoever goes away in the middle of it is no failure of this server's.
                std::thread::spawn(move || acceptor.map(|acceptor| serve(connection, &acceptor, &seen)));
            }
        });
        publisher
    }

    /// Publishes a document from now on.
    pub fn publish(&self, path: &str, reply: Reply) {
        self.seen.documents.lock().unwrap().insert(path.to_owned(), reply);
    }

    /// The URL of what stands at `path`.
    pub fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.host())
    }

    /// Its name and port.
    pub fn host(&self) -> String {
        format!("{}:{}", self.name, self.address.port())
    }

    /// How often somebody has connected.
    pub fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// The requests that were read, heads and all, in their order.
    pub fn requests(&self) -> Vec<String> {
        self.seen.requests.lock().unwrap().clone()
    }

    /// The bodies that came to `path`, in their order.
    pub fn posted(&self, path: &str) -> Vec<String> {
        let bodies = self.seen.bodies.lock().unwrap();
        bodies.iter().filter(|(at, _)| at == path).map(|(_, body)| body.clone()).collect()
    }

    /// The same, once there are `count` of them.
    pub async fn posted_times(&self, path: &str, count: usize) -> Vec<String> {
        for _ in 0..200 {
            let posted = self.posted(path);
            if posted.len() >= count {
                assert_eq!(posted.len(), count, "{path}");
                return posted;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{path}: {} of {count} came", self.posted(path).len());
    }

    /// How often `path` was asked for.
    pub fn asked(&self, path: &str) -> usize {
        let at = format!(" {path} ");
        let begins = |request: &&String| request.split_once("\r\n").is_some_and(|(line, _)| line.contains(&at));
        self.seen.requests.lock().unwrap().iter().filter(begins).count()
    }
}

fn serve(connection: TcpStream, acceptor: &SslAcceptor, seen: &Seen) -> std::io::Result<()> {
    connection.set_read_timeout(Some(Duration::from_secs(20)))?;
    let ssl = Ssl::new(acceptor.context()).map_err(std::io::Error::other)?;
    let mut stream = SslStream::new(ssl, connection).map_err(std::io::Error::other)?;
    stream.accept().map_err(std::io::Error::other)?;
    let mut head = String::new();
    let mut reader = BufReader::new(&mut stream);
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    let length = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let mut body = vec![0; length.map_or(0, |(_, length)| length.trim().parse().unwrap())];
    reader.read_exact(&mut body)?;
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    seen.requests.lock().unwrap().push(head);
    seen.bodies.lock().unwrap().push((path.clone(), String::from_utf8_lossy(&body).into_owned()));
    let reply = seen.documents.lock().unwrap().get(&path).cloned();
    for (pause, bytes) in reply.unwrap_or_else(|| Reply::of("404 Not Found", &[], "")).0 {
        std::thread::sleep(pause);
        stream.write_all(&bytes)?;
        stream.flush()?;
    }
    drop(stream.shutdown());
    Ok(())
}
