//! [`Site`]: somebody else's web server on this machine: a client that waits for its answer, a page that means harm.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;

use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::net::TcpStream;

use crate::support::flow::parameters;

/// Serves the pages that a test gives it, and remembers who called. It ends with the test's runtime.
pub struct Site {
    /// Its port; it listens on 127.0.0.1, which is `localhost` too.
    pub port: u16,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    pages: Mutex<BTreeMap<String, String>>,
    ways_on: Mutex<BTreeMap<String, String>>,
    targets: Mutex<Vec<String>>,
    forms: Mutex<Vec<(String, String)>>,
}

impl Site {
    /// Starts it on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared::default());
        let for_visitors = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&for_visitors);
                // Browsers open connections ahead of need and leave them.
                tokio::spawn(async move { shared.answer(stream).await.ok() });
            }
        });
        Self { port, shared }
    }

    /// The address of `path` under the name `127.0.0.1`.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The address of `path` under the name `localhost`, which is another site to a browser.
    pub fn url_by_name(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    /// Puts a page at `path`.
    pub fn put(&self, path: &str, body: &str) {
        let page = format!("<!doctype html><meta charset=\"utf-8\"><title>Ledger</title>{body}");
        self.shared.pages.lock().unwrap().insert(path.to_owned(), page);
    }

    /// Sends whoever comes to `path` on to `url`.
    pub fn send_on(&self, path: &str, url: &str) {
        self.shared.ways_on.lock().unwrap().insert(path.to_owned(), url.to_owned());
    }

    /// How often any page was asked for, but for the picture that browsers look for by themselves.
    pub fn calls(&self) -> usize {
        self.shared.targets.lock().unwrap().iter().filter(|target| *target != "/favicon.ico").count()
    }

    /// The parameters of the only call of `/cb`.
    pub fn answer(&self) -> BTreeMap<String, String> {
        let calls = self.answers();
        assert_eq!(calls.len(), 1, "the client is called back once: {calls:?}");
        calls.into_iter().next().unwrap()
    }

    /// The fields of the only form that was posted to `/cb`.
    pub fn posted(&self) -> BTreeMap<String, String> {
        let forms = self.shared.forms.lock().unwrap();
        let forms: Vec<_> = forms.iter().filter(|(target, _)| target == "/cb").collect();
        assert_eq!(forms.len(), 1, "the client is posted to once: {forms:?}");
        parameters(&format!("http://127.0.0.1/cb?{}", forms[0].1))
    }

    /// The parameters of each call of `/cb`.
    pub fn answers(&self) -> Vec<BTreeMap<String, String>> {
        let targets = self.shared.targets.lock().unwrap();
        let calls = targets.iter().filter(|target| target.starts_with("/cb?"));
        calls.map(|target| parameters(&format!("http://127.0.0.1{target}"))).collect()
    }
}

impl Shared {
    async fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut request = Vec::new();
        while !request.windows(4).any(|four| four == b"\r\n\r\n") {
            if stream.read_buf(&mut request).await? == 0 {
                return Ok(());
            }
        }
        while request.len() < length(&request) {
            if stream.read_buf(&mut request).await? == 0 {
                return Ok(());
            }
        }
        let request = String::from_utf8_lossy(&request).into_owned();
        let target = request.split(' ').nth(1).unwrap_or_default().to_owned();
        if request.starts_with("POST ") {
            let (_, body) = request.split_once("\r\n\r\n").unwrap_or_default();
            self.forms.lock().unwrap().push((target.clone(), body.to_owned()));
        }
        let path = target.split('?').next().unwrap_or_default();
        let page = self.pages.lock().unwrap().get(path).cloned();
        let page = page.unwrap_or_else(|| "<!doctype html><title>Ledger</title><h1>Ledger</h1>".to_owned());
        let way_on = self.ways_on.lock().unwrap().get(path).cloned();
        self.targets.lock().unwrap().push(target);
        let status = way_on.map_or_else(|| "200 OK".to_owned(), |url| format!("302 Found\r\nlocation: {url}"));
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            page.len()
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(page.as_bytes()).await?;
        stream.shutdown().await
    }
}

/// How long a request is whose head is there.
fn length(request: &[u8]) -> usize {
    let text = String::from_utf8_lossy(request);
    let (head, _) = text.split_once("\r\n\r\n").unwrap_or_default();
    let named =
        head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    head.len() + 4 + named.unwrap_or(0)
}
