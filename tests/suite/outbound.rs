//! The one door out (security decision D15): what it fetches, and above all where it never connects to.

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use hallpass::config::outbound::Outbound;
use hallpass::model::host_port::HostPort;
use hallpass::model::https_url::HttpsUrl;
use hallpass::model::time::Lifetime;
use hallpass::outbound::Asker;
use hallpass::outbound::Door;
use hallpass::outbound::FetchError;
use hallpass::outbound::Fetched;
use hallpass::outbound::Freshness;
use hallpass::outbound::Resolve;
use hallpass::outbound::Resolving;
use hallpass::outbound::SystemResolver;

use crate::support::publisher::Authority;
use crate::support::publisher::Certificate;
use crate::support::publisher::Publisher;
use crate::support::publisher::Reply;

/// The most bytes that these tests take.
const MOST: usize = 5 * 1024;

/// A name server that answers what it was told, one answer after another, and keeps the last one.
#[derive(Clone)]
struct Names {
    answers: Arc<Vec<Vec<IpAddr>>>,
    asked: Arc<Mutex<usize>>,
}

impl Names {
    fn saying(answers: &[&[&str]]) -> Self {
        let parse = |answer: &&[&str]| answer.iter().map(|address| address.parse().unwrap()).collect();
        Self { answers: Arc::new(answers.iter().map(parse).collect()), asked: Arc::default() }
    }

    fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }
}

impl Resolve for Names {
    fn resolve<'a>(&'a self, _host: &'a str, port: u16) -> Resolving<'a> {
        let mut asked = self.asked.lock().unwrap();
        let answer = self.answers.get(*asked).or(self.answers.last()).unwrap().clone();
        *asked += 1;
        Box::pin(async move { Ok(answer.into_iter().map(|address| SocketAddr::new(address, port)).collect()) })
    }
}

fn door(authority: &Authority, allowed: &[&str], resolver: impl Resolve + 'static) -> Door {
    let allowed_hosts = allowed.iter().map(|host| HostPort::parse(host).unwrap()).collect();
    let config = Outbound { allowed_hosts, ca_file: Some(authority.file()) };
    Door::open(&config, Box::new(resolver)).unwrap()
}

async fn fetch(door: &Door, url: &str) -> Result<Fetched, FetchError> {
    door.fetch(&HttpsUrl::parse(url).unwrap(), MOST, Asker::Stranger).await
}

#[actix_web::test]
async fn a_document_is_fetched_with_what_says_how_long_it_holds() {
    let authority = Authority::new();
    let publisher = Publisher::start(&authority);
    publisher.publish("/client.json?a=b", Reply::json("{\"a\":1}", &["cache-control: max-age=90"]));
    let door = door(&authority, &[&publisher.host()], SystemResolver);
    let fetched = fetch(&door, &publisher.url("/client.json?a=b")).await.unwrap();
    assert_eq!(fetched.body, b"{\"a\":1}");
    assert_eq!(fetched.freshness, Freshness::For(Lifetime::from_seconds(90)));
    let head = publisher.requests().remove(0).to_ascii_lowercase();
    assert!(head.starts_with("get /client.json?a=b http/1.1\r\n"), "{head}");
    for line in [format!("host: {}", publisher.host()), "accept-encoding: identity".to_owned()] {
        assert!(head.contains(&format!("\r\n{line}\r\n")), "{head}");
    }
    for never in ["cookie", "authorization", "referer", "x-forwarded"] {
        assert!(!head.contains(never), "{head}");
    }
}

/// The sink listens on all addresses of this machine, so that whoever connects to any of them is seen.
#[actix_web::test]
async fn nothing_that_is_not_public_is_ever_connected_to() {
    let authority = Authority::new();
    let sink = Publisher::sink("[::]:0");
    let port = sink.address.port();
    let seen_by_others = Publisher::sink("127.0.0.1:0");
    for address in [
        "127.0.0.1",
        "127.255.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "2002:7f00:1::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
    ] {
        let names = Names::saying(&[&[address]]);
        let door = door(&authority, &["other.example:1"], names.clone());
        let refused = fetch(&door, &format!("https://app.example:{port}/client.json")).await.unwrap_err();
        assert_eq!(refused, FetchError::NoPublicAddress(format!("app.example:{port}")), "{address}");
        assert!(!refused.to_string().contains(address), "{refused}");
        assert_eq!(names.asked(), 1);
    }
    // Addresses written in the URL itself, and a name that everybody has.
    let door = door(&authority, &[&seen_by_others.host()], SystemResolver);
    for host in ["127.0.0.1", "0.0.0.0", "[::1]", "[::]", "[::ffff:7f00:1]", "localhost", "localhost."] {
        let refused = fetch(&door, &format!("https://{host}:{port}/")).await.unwrap_err();
        assert_eq!(refused, FetchError::NoPublicAddress(format!("{host}:{port}")));
    }
    assert_eq!(sink.connections(), 0);
    // It would have been seen.
    drop(std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap());
    while sink.connections() == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[actix_web::test]
async fn one_private_address_among_public_ones_spoils_them_all() {
    let authority = Authority::new();
    let sink = Publisher::sink("127.0.0.1:0");
    for addresses in [["127.0.0.1", "8.8.8.8"], ["8.8.8.8", "127.0.0.1"]] {
        let door = door(&authority, &[], Names::saying(&[&addresses]));
        let refused = fetch(&door, &format!("https://app.example:{}/", sink.address.port())).await.unwrap_err();
        assert!(matches!(refused, FetchError::NoPublicAddress(_)), "{refused}");
    }
    assert_eq!(sink.connections(), 0);
}

/// A name that nobody knows and one that leads inside look the same from outside.
#[actix_web::test]
async fn an_unknown_name_and_a_private_one_are_told_apart_by_nobody() {
    let authority = Authority::new();
    let (unknown, private) = (Names::saying(&[&[]]), Names::saying(&[&["10.0.0.1"]]));
    let url = "https://app.example/";
    let one = fetch(&door(&authority, &[], unknown), url).await.unwrap_err();
    let other = fetch(&door(&authority, &[], private), url).await.unwrap_err();
    assert_eq!(one.to_string(), other.to_string());
}

/// DNS rebinding: the answer that was checked is the one that is connected to, for the name is asked for once.
#[actix_web::test]
async fn a_name_is_resolved_once_and_its_address_is_kept() {
    let authority = Authority::new();
    let publisher = Publisher::start_as(&authority, Certificate { name: "app.example", expired: false });
    let port = publisher.address.port();
    let sink = Publisher::sink(&format!("127.0.0.2:{port}"));
    publisher.publish("/", Reply::json("{}", &[]));
    let names = Names::saying(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let allowed = door(&authority, &[&publisher.host()], names.clone());
    fetch(&allowed, &publisher.url("/")).await.unwrap();
    assert_eq!((names.asked(), publisher.connections(), sink.connections()), (1, 1, 0));
    // And where the first answer is bad, no second one is asked for.
    let names = Names::saying(&[&["127.0.0.2"], &["8.8.8.8"]]);
    let refused = fetch(&door(&authority, &[], names.clone()), &publisher.url("/")).await.unwrap_err();
    assert!(matches!(refused, FetchError::NoPublicAddress(_)), "{refused}");
    assert_eq!((names.asked(), sink.connections()), (1, 0));
}

/// What is allowed is a name with a port, not the addresses behind it.
#[actix_web::test]
async fn an_allowed_host_is_allowed_at_its_port_alone() {
    let authority = Authority::new();
    let publisher = Publisher::start(&authority);
    publisher.publish("/", Reply::json("{}", &[]));
    let port = publisher.address.port();
    for allowed in [format!("localhost:{}", port ^ 1), format!("127.0.0.1:{port}"), format!("localhost.:{port}")] {
        let refused = fetch(&door(&authority, &[&allowed], SystemResolver), &publisher.url("/")).await.unwrap_err();
        assert!(matches!(refused, FetchError::NoPublicAddress(_)), "{refused}");
    }
    assert_eq!(publisher.connections(), 0);
}

#[actix_web::test]
async fn redirects_are_not_followed() {
    let authority = Authority::new();
    let (publisher, sink) = (Publisher::start(&authority), Publisher::sink("127.0.0.1:0"));
    let door = door(&authority, &[&publisher.host(), &sink.host()], SystemResolver);
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: {}", sink.url("/"));
        publisher.publish("/", Reply::of(&format!("{status} Moved"), &[&location], ""));
        let refused = fetch(&door, &publisher.url("/")).await.unwrap_err();
        assert_eq!(refused, FetchError::Redirect(status));
    }
    assert_eq!(sink.connections(), 0);
}

#[actix_web::test]
async fn only_json_that_is_complete_and_plain_is_taken() {
    let authority = Authority::new();
    let publisher = Publisher::start(&authority);
    let door = door(&authority, &[&publisher.host()], SystemResolver);
    let json = "content-type: application/json";
    for (reply, wrong) in [
        (Reply::of("404 Not Found", &[json], "{}"), FetchError::Status(404)),
        (Reply::of("500 Oh", &[json], "{}"), FetchError::Status(500)),
        (Reply::of("201 Created", &[json], "{}"), FetchError::Status(201)),
        (Reply::of("206 Partial", &[json], "{}"), FetchError::Status(206)),
        (Reply::raw("HTTP/1.1 204 No Content\r\n\r\n"), FetchError::Status(204)),
        (Reply::of("200 OK", &["content-type: text/html"], "{}"), FetchError::NotJson),
        (Reply::of("200 OK", &[], "{}"), FetchError::NotJson),
        (Reply::json("{}", &["content-encoding: gzip"]), FetchError::Encoded),
        (Reply::raw("not http at all\r\n\r\n"), FetchError::Unreachable),
        (Reply::raw(&format!("HTTP/1.1 200 OK\r\n{json}\r\ncontent-length: 10\r\n\r\n{{}}")), FetchError::Unreachable),
        (Reply::json("{}", &[&format!("x: {}", "y".repeat(70_000))]), FetchError::Unreachable),
    ] {
        publisher.publish("/", reply.clone());
        assert_eq!(fetch(&door, &publisher.url("/")).await.map(drop), Err(wrong), "{reply:?}");
    }
    for good in [Reply::of("200 OK", &["content-type: application/jwk-set+json; charset=utf-8"], "{}")] {
        publisher.publish("/", good);
        assert_eq!(fetch(&door, &publisher.url("/")).await.unwrap().body, b"{}");
    }
}

#[actix_web::test]
async fn a_document_may_have_as_many_bytes_as_the_caller_takes_and_no_more() {
    let authority = Authority::new();
    let publisher = Publisher::start(&authority);
    let door = door(&authority, &[&publisher.host()], SystemResolver);
    let chunked = |body: &str| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
        Reply::raw(&format!("{head}{:x}\r\n{body}\r\n0\r\n\r\n", body.len()))
    };
    publisher.publish("/", Reply::json(&"x".repeat(MOST), &[]));
    assert_eq!(fetch(&door, &publisher.url("/")).await.unwrap().body.len(), MOST);
    publisher.publish("/", chunked(&"x".repeat(MOST)));
    assert_eq!(fetch(&door, &publisher.url("/")).await.unwrap().body.len(), MOST);
    // Whoever says that it is too large is not read at all; whoever does not say it is read so far and no further.
    let announced = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5121\r\n\r\n";
    for reply in [Reply::json(&"x".repeat(MOST + 1), &[]), chunked(&"x".repeat(MOST + 1)), Reply::raw(announced)] {
        publisher.publish("/", reply);
        assert_eq!(fetch(&door, &publisher.url("/")).await.map(drop), Err(FetchError::TooLarge(MOST)));
    }
    assert_eq!(publisher.asked("/"), 5);
}

#[actix_web::test]
async fn whoever_is_slow_is_left() {
    let authority = Authority::new();
    let publisher = Publisher::start(&authority);
    let other = Publisher::start(&authority);
    // It is connected to by the machine, and nobody ever takes the connection.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    publisher.publish("/silent", Reply::json("{}", &[]).after(Duration::from_secs(20)));
    publisher.publish("/dripping", Reply::json(&"x".repeat(1000), &[]).dripping(Duration::from_millis(100)));
    let silent = listener.local_addr().unwrap().to_string();
    let door = Arc::new(door(&authority, &[&publisher.host(), &other.host(), &silent], SystemResolver));
    // Two that are slow, one that says nothing to the handshake, and one that waits for its turn behind the first two.
    let slow = [publisher.url("/silent"), publisher.url("/dripping"), format!("https://{silent}/"), publisher.url("/")];
    let began = std::time::Instant::now();
    let fetches: Vec<_> = slow
        .into_iter()
        .map(|url| {
            let door = Arc::clone(&door);
            actix_web::rt::spawn(async move { fetch(&door, &url).await.map(drop) })
        })
        .collect();
    // Meanwhile nobody else has to wait.
    other.publish("/", Reply::json("{}", &[]));
    fetch(&door, &other.url("/")).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(4));
    let mut outcomes = Vec::new();
    for fetching in fetches {
        outcomes.push(fetching.await.unwrap());
    }
    // That its turn did not come says nothing of the document.
    let no_turn = outcomes.iter().filter(|outcome| **outcome == Err(FetchError::NoTurn)).count();
    let too_slow = outcomes.iter().filter(|outcome| **outcome == Err(FetchError::TooSlow)).count();
    assert_eq!((no_turn, too_slow), (1, 3), "{outcomes:?}");
    assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
}

#[actix_web::test]
async fn a_server_proves_who_it_is() {
    let (authority, other_authority) = (Authority::new(), Authority::new());
    let good = Certificate { name: "localhost", expired: false };
    let wrong_name = Publisher::start_as(&authority, Certificate { name: "app.example", ..good });
    let wrong_authority = Publisher::start_as(&other_authority, good);
    let expired = Publisher::start_as(&authority, Certificate { expired: true, ..good });
    for publisher in [&wrong_name, &wrong_authority, &expired] {
        publisher.publish("/", Reply::json("{}", &[]));
        let host = format!("localhost:{}", publisher.address.port());
        let door = door(&authority, &[&host], SystemResolver);
        let refused = fetch(&door, &format!("https://{host}/")).await.unwrap_err();
        assert!(matches!(refused, FetchError::Tls(_)), "{refused}");
        assert!(publisher.requests().is_empty());
    }
    // An address is no name: a certificate for the one is none for the other.
    let by_address = Publisher::start_as(&authority, Certificate { name: "127.0.0.1", ..good });
    by_address.publish("/", Reply::json("{}", &[]));
    let by_name = format!("localhost:{}", by_address.address.port());
    let door = door(&authority, &[&by_address.host(), &by_name], SystemResolver);
    fetch(&door, &by_address.url("/")).await.unwrap();
    assert!(matches!(fetch(&door, &format!("https://{by_name}/")).await, Err(FetchError::Tls(_))));
}

#[actix_web::test]
async fn plain_http_behind_the_port_is_refused() {
    let authority = Authority::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("localhost:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        std::io::Write::write_all(&mut stream, b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{}").unwrap();
    });
    let door = door(&authority, &[&host], SystemResolver);
    assert!(matches!(fetch(&door, &format!("https://{host}/")).await, Err(FetchError::Tls(_))));
}

#[test]
fn a_file_of_authorities_that_holds_none_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    for content in
        [None, Some(""), Some("no certificate"), Some("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n")]
    {
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        let config = Outbound { allowed_hosts: Vec::new(), ca_file: Some(file.clone()) };
        let wrong = Door::open(&config, Box::new(SystemResolver)).map(drop).unwrap_err();
        assert!(wrong.starts_with("outbound.ca_file: ") && wrong.contains("ca.pem"), "{wrong}");
    }
}
