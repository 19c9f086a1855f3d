//! [`Window`]: what a person does in a browser, and what they see there.

use std::rc::Rc;
use std::time::Duration;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fantoccini::Client;
use fantoccini::Locator;
use fantoccini::actions::InputSource;
use fantoccini::actions::KeyAction;
use fantoccini::actions::KeyActions;
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::driver::Browser;
use crate::scene::Setting;

/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(10);

/// The window of one browser.
#[derive(Clone)]
pub struct Window {
    browser: Rc<Browser>,
    base: String,
}

impl Window {
    /// A window in a new browser, for the server at `base`.
    pub async fn open_on(base: &str, setting: Setting) -> Self {
        let browser = Rc::new(Browser::start(setting.device, setting.scripts).await);
        Self { browser, base: base.to_owned() }
    }

    /// Closes it, and with it the browser.
    pub async fn close(self) -> Result<(), CmdError> {
        self.client().clone().close().await
    }

    fn client(&self) -> &Client {
        &self.browser.client
    }

    /// Types an address, or a path of the server's.
    pub async fn open(&self, address: &str) {
        let url = if address.starts_with('/') { format!("{}{address}", self.base) } else { address.to_owned() };
        self.client().goto(&url).await.unwrap_or_else(|error| panic!("{url} does not open: {error}"));
    }

    /// The button to the page before.
    pub async fn back(&self) {
        self.client().back().await.unwrap();
    }

    /// The button that loads the page again.
    pub async fn reload(&self) {
        self.client().refresh().await.unwrap();
    }

    /// The address that the window shows.
    pub async fn url(&self) -> String {
        self.client().current_url().await.map_or_else(|error| error.to_string(), |url| url.to_string())
    }

    /// Waits until the window shows an address that begins with this one, or with this path of the server's.
    pub async fn arrive(&self, address: &str) {
        let wanted = if address.starts_with('/') { format!("{}{address}", self.base) } else { address.to_owned() };
        if !self.until(async || self.url().await.starts_with(&wanted)).await {
            self.complain(&format!("the window does not arrive at {wanted}")).await;
        }
    }

    /// Waits until `holds`; false where it does not in time.
    pub async fn until(&self, holds: impl AsyncFn() -> bool) -> bool {
        let began = Instant::now();
        while !holds().await {
            if began.elapsed() > PATIENCE {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        true
    }

    /// What `attempt` gets from the first element for this selector, once there is one.
    ///
    /// A page that is about to go takes its elements along, so what fails is tried again for a while.
    async fn with<T>(&self, locator: Locator<'_>, attempt: impl AsyncFn(Element) -> Result<T, CmdError>) -> T {
        let began = Instant::now();
        loop {
            let attempted = async { attempt(self.client().find(locator).await?).await };
            match attempted.await {
                Ok(got) => return got,
                Err(error) if began.elapsed() > PATIENCE => {
                    let (Locator::Css(what) | Locator::Id(what) | Locator::LinkText(what) | Locator::XPath(what)) =
                        locator;
                    self.complain(&format!("{what}: {}", first_line(&error))).await
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(25)).await,
            }
        }
    }

    /// Waits for an element.
    pub async fn find(&self, selector: &str) {
        self.with(Locator::Css(selector), async |_| Ok(())).await;
    }

    /// How many elements there are for this selector.
    pub async fn count(&self, selector: &str) -> usize {
        self.client().find_all(Locator::Css(selector)).await.unwrap().len()
    }

    /// The text that is to be seen in an element.
    pub async fn text(&self, selector: &str) -> String {
        self.with(Locator::Css(selector), async |element| element.text().await).await
    }

    /// A property of an element, as a text.
    pub async fn property(&self, selector: &str, name: &str) -> String {
        let value = self.with(Locator::Css(selector), async |element| element.prop(name).await).await;
        value.unwrap_or_default()
    }

    /// Waits until an element for this selector shows exactly this text.
    pub async fn shows(&self, selector: &str, text: &str) {
        if !self.until(async || self.text(selector).await == text).await {
            let shown = self.text(selector).await;
            self.complain(&format!("{selector} shows {shown:?} and not {text:?}")).await
        }
    }

    /// Waits until this text is to be seen somewhere on the page.
    pub async fn says(&self, text: &str) {
        if !self.until(async || self.page_text().await.contains(text)).await {
            self.complain(&format!("{text:?} is not to be seen")).await
        }
    }

    /// The text that is to be seen in all of the page.
    pub async fn page_text(&self) -> String {
        self.text("body").await
    }

    /// What the page is made of.
    pub async fn source(&self) -> String {
        self.client().source().await.unwrap()
    }

    /// The source and the text of a frame in the page.
    pub async fn inside_frame(&self, number: u16) -> (String, String) {
        self.client().enter_frame(number).await.unwrap();
        let inside = (self.source().await, self.page_text().await);
        self.client().enter_parent_frame().await.unwrap();
        inside
    }

    /// Types into the field of this name, in place of what is there.
    pub async fn fill(&self, name: &str, text: &str) {
        self.fill_in("*", name, text).await;
    }

    /// The same, for the field inside the element of this selector.
    pub async fn fill_in(&self, inside: &str, name: &str, text: &str) {
        let field = format!("{inside} [name=\"{name}\"]:not([type=hidden])");
        let filled = async |field: Element| {
            field.clear().await?;
            field.send_keys(text).await
        };
        self.with(Locator::Css(&field), filled).await;
    }

    /// Presses the button, or follows the link, of this name.
    pub async fn press(&self, label: &str) {
        let named = format!("//*[self::button or self::a or self::summary][normalize-space()='{label}']");
        self.with(Locator::XPath(&named), async |element| element.click().await).await;
    }

    /// Clicks an element.
    pub async fn click(&self, selector: &str) {
        self.with(Locator::Css(selector), async |element| element.click().await).await;
    }

    /// Fills in the sign-in page.
    pub async fn sign_in(&self, username: &str, password: &str) {
        self.fill("username", username).await;
        self.fill("password", password).await;
        self.press("Sign in").await;
    }

    /// Presses keys, one after the other, as the focus is.
    pub async fn keys(&self, keys: &[Key]) {
        for key in keys {
            let value = char::from(*key);
            let stroke =
                KeyActions::new("keyboard".to_owned()).then(KeyAction::Down { value }).then(KeyAction::Up { value });
            self.client().perform_actions(stroke).await.unwrap();
        }
    }

    /// Presses a letter while Control is held, as the focus is.
    pub async fn shortcut(&self, letter: char) {
        let control = char::from(Key::Control);
        let strokes = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: control })
            .then(KeyAction::Down { value: letter })
            .then(KeyAction::Up { value: letter })
            .then(KeyAction::Up { value: control });
        self.client().perform_actions(strokes).await.unwrap();
    }

    /// Types text as the focus is.
    pub async fn type_text(&self, text: &str) {
        let mut strokes = KeyActions::new("keyboard".to_owned());
        for value in text.chars() {
            strokes = strokes.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client().perform_actions(strokes).await.unwrap();
    }

    /// Asks the page something, as a function's body. It also works where the page itself may not run scripts.
    pub async fn ask(&self, script: &str) -> Value {
        self.client().execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{error} in {script}"))
    }

    /// The cookie of this name, as the browser keeps it.
    pub async fn cookie(&self, name: &str) -> fantoccini::cookies::Cookie<'static> {
        match self.client().get_named_cookie(name).await {
            Ok(cookie) => cookie,
            Err(error) => self.complain(&format!("there is no cookie {name}: {}", first_line(&error))).await,
        }
    }

    /// Gives the browser an order that WebDriver has no word for (Chrome DevTools Protocol).
    pub async fn order(&self, method: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": method, "params": parameters });
        self.vendor("goog/cdp/execute", body).await
    }

    async fn vendor(&self, path: &str, body: Value) -> Value {
        self.client().issue_cmd(Vendor { path: path.to_owned(), body }).await.unwrap()
    }

    /// Gives the browser an authenticator that is built into its machine, with somebody in front of it (Web Authentication
    /// §11). Returns its name.
    pub async fn plug_in_authenticator(&self) -> String {
        let options = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserConsenting": true,
            "isUserVerified": true,
        });
        self.vendor("webauthn/authenticator", options).await.as_str().expect("a name").to_owned()
    }

    /// Whether from now on the authenticator recognises whoever is in front of it.
    pub async fn set_recognised(&self, authenticator: &str, recognised: bool) {
        let path = format!("webauthn/authenticator/{authenticator}/uv");
        self.vendor(&path, json!({ "isUserVerified": recognised })).await;
    }

    /// Sets the system to dark or to light.
    pub async fn set_dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        // Without movement, or colours would be half way when they are looked at.
        let features = json!([
            { "name": "prefers-color-scheme", "value": value },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.order("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// A picture of the whole page, as PNG.
    pub async fn whole_page(&self) -> Vec<u8> {
        let picture = self.order("Page.captureScreenshot", json!({ "captureBeyondViewport": true })).await;
        STANDARD.decode(picture["data"].as_str().expect("a picture")).expect("in base64")
    }

    /// A picture of what is to be seen, as PNG.
    pub async fn screenshot(&self) -> Result<Vec<u8>, String> {
        self.client().screenshot().await.map_err(|error| error.to_string())
    }

    /// What was written to `log` since it was asked for last.
    pub async fn log(&self, log: &str) -> Vec<Value> {
        let entries = self.vendor("se/log", json!({ "type": log })).await;
        entries.as_array().cloned().unwrap_or_default()
    }

    /// The browser's console holds nothing but the refusals that are pages of their own: nothing was blocked by a
    /// policy, nothing was missing, no script failed.
    pub async fn check_console(&self) {
        let entries = self.log("browser").await;
        let is_refused_page = |message: &str| {
            message.contains("Failed to load resource: the server responded with a status of 4")
                && !message.contains("/static/")
        };
        let entries = entries.iter().filter(|entry| entry["level"] != "INFO");
        let messages = entries.map(|entry| entry["message"].as_str().unwrap_or_default());
        let complaints: Vec<&str> = messages.filter(|message| !is_refused_page(message)).collect();
        assert!(complaints.is_empty(), "the browser complains:\n{}", complaints.join("\n"));
    }

    /// Fails, and says what is to be seen instead.
    pub async fn complain(&self, what: &str) -> ! {
        let seen = match self.client().find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(error) => error.to_string(),
        };
        let seen: String = seen.chars().take(800).collect();
        panic!("{what}\nat {}, where is to be seen:\n{seen}", self.url().await)
    }
}

/// What went wrong, without chromedriver's own stack.
fn first_line(error: &CmdError) -> String {
    match error {
        CmdError::Standard(error) => error.message.lines().next().unwrap_or_default().to_owned(),
        other => other.to_string(),
    }
}

/// A command of chromedriver's own.
#[derive(Debug)]
struct Vendor {
    path: String,
    body: Value,
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
