//! Chromedriver: one process for all tests of a run, and a fresh browser for each window.

use std::io::BufRead;
use std::io::BufReader;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::Weak;

use fantoccini::Client;
use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio::sync::SemaphorePermit;

/// How many tests may have browsers at once: each of them is several busy processes.
static TESTS: Semaphore = Semaphore::const_new(2);

/// How the browser is started: without a screen, and without anything that calls home or waits for a person.
const FLAGS: &[&str] = &[
    "headless=new",
    "no-sandbox",
    "disable-gpu",
    "disable-quic",
    "disable-dev-shm-usage",
    "disable-background-networking",
    "disable-component-update",
    "disable-default-apps",
    "disable-extensions",
    "disable-sync",
    "no-default-browser-check",
    "no-first-run",
    "no-proxy-server",
    "force-color-profile=srgb",
    "hide-scrollbars",
    "password-store=basic",
    "lang=en",
];

/// Where a person sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// A window of 1280 × 900 pixels.
    Desktop,
    /// A touch screen of 390 × 844 pixels.
    Phone,
    /// A touch screen of 320 × 640 pixels, the narrowest there are.
    SmallPhone,
}

impl Device {
    /// Width and height of the page, in CSS pixels.
    pub fn size(self) -> (u32, u32) {
        match self {
            Device::Desktop => (1280, 900),
            Device::Phone => (390, 844),
            Device::SmallPhone => (320, 640),
        }
    }
}

/// Waits until a test may open browsers.
pub async fn admit() -> SemaphorePermit<'static> {
    TESTS.acquire().await.expect("nobody closes it")
}

/// A browser of its own, with a profile that nobody has used.
pub struct Browser {
    /// What gives it orders.
    pub client: Client,
    _profile: TempDir,
    _driver: Arc<Driver>,
}

impl Browser {
    /// Starts one.
    pub async fn start(device: Device, scripts: bool) -> Self {
        let driver = Driver::get();
        let profile = tempfile::tempdir().expect("a folder");
        let serde_json::Value::Object(capabilities) = capabilities(device, scripts, &profile) else {
            unreachable!("capabilities are an object")
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.url)
            .await
            .unwrap_or_else(|error| panic!("chromium does not start: {error}"));
        Self { client, _profile: profile, _driver: driver }
    }
}

fn capabilities(device: Device, scripts: bool, profile: &TempDir) -> serde_json::Value {
    let (width, height) = device.size();
    let mut arguments: Vec<String> = FLAGS.iter().map(|flag| format!("--{flag}")).collect();
    arguments.push(format!("--user-data-dir={}", profile.path().display()));
    arguments.push(format!("--window-size={width},{height}"));
    let mut options = json!({
        "binary": "/usr/bin/chromium",
        "args": arguments,
        "prefs": {
            "credentials_enable_service": false,
            "profile.password_manager_enabled": false,
            "profile.password_manager_leak_detection": false,
            // An empty page, not the one with tiles.
            "session.restore_on_startup": 4,
            "session.startup_urls": ["about:blank"],
            // 1 lets them run, 2 does not.
            "profile.managed_default_content_settings.javascript": if scripts { 1 } else { 2 },
        },
    });
    if device != Device::Desktop {
        // Chromedriver waits for a timer after each touch, and without scripts there are none: then it points instead.
        let screen = json!({ "width": width, "height": height, "pixelRatio": 2.0, "mobile": true, "touch": scripts });
        options["mobileEmulation"] = json!({ "deviceMetrics": screen });
    }
    json!({
        "browserName": "chrome",
        "timeouts": { "pageLoad": 20_000, "script": 20_000 },
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": options,
    })
}

/// The running chromedriver. It ends with the last browser, and with the tests however they end.
struct Driver {
    url: String,
    process: Mutex<Child>,
}

impl Driver {
    fn get() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Driver>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            let driver = Arc::new(Self::start());
            *running = Arc::downgrade(&driver);
            driver
        })
    }

    fn start() -> Self {
        // The shell waits for the end of its input, which comes even where the tests are killed; then the browsers,
        // which chromedriver would leave behind, have to go too.
        let script = "chromedriver --port=0 & read -r _; kill $(cat /proc/$!/task/*/children) $!; wait";
        let mut process = Command::new("sh")
            .args(["-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        let mut output = BufReader::new(process.stdout.take().expect("its output")).lines();
        let port = output.by_ref().map_while(Result::ok).find_map(|line| {
            line.split_once("started successfully on port ").map(|(_, port)| port.trim_end_matches('.').to_owned())
        });
        let port = port.expect("chromedriver does not start; tests/run installs it");
        // Read to the end, or it would one day wait for a reader.
        std::thread::spawn(move || output.for_each(drop));
        Self { url: format!("http://127.0.0.1:{port}"), process: Mutex::new(process) }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let process = self.process.get_mut().unwrap_or_else(PoisonError::into_inner);
        drop(process.stdin.take());
        drop(process.wait());
    }
}
