//! [`play`]: a test in one or several settings, each with a server of its own, and with its windows closed at the end.

use std::any::Any;
use std::cell::RefCell;
use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::panic::resume_unwind;
use std::path::Path;
use std::pin::pin;
use std::task::Poll;

use crate::driver;
use crate::driver::Device;
use crate::support::app::TestApp;
use crate::window::Window;

/// Where a person sits, and whether pages may run scripts there.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The screen.
    pub device: Device,
    /// Whether JavaScript is on.
    pub scripts: bool,
}

/// At a desk, with scripts.
pub const DESKTOP: Setting = Setting { device: Device::Desktop, scripts: true };
/// At a desk, without scripts.
pub const DESKTOP_PLAIN: Setting = Setting { device: Device::Desktop, scripts: false };
/// On a phone, with scripts.
pub const PHONE: Setting = Setting { device: Device::Phone, scripts: true };
/// On a phone, without scripts.
pub const PHONE_PLAIN: Setting = Setting { device: Device::Phone, scripts: false };
/// On the narrowest of phones.
pub const SMALL_PHONE: Setting = Setting { device: Device::SmallPhone, scripts: true };

/// Each of the first four.
pub const EVERYWHERE: &[Setting] = &[DESKTOP, DESKTOP_PLAIN, PHONE, PHONE_PLAIN];
/// With scripts at a desk, without on a phone.
pub const BOTH_WAYS: &[Setting] = &[DESKTOP, PHONE_PLAIN];

impl Setting {
    fn name(self) -> String {
        format!("{:?}{}", self.device, if self.scripts { "" } else { " without scripts" })
    }
}

/// One server, and the windows that look at it.
pub struct Scene {
    /// The server.
    pub app: TestApp,
    /// Where the windows are.
    pub setting: Setting,
    windows: RefCell<Vec<Window>>,
}

impl Scene {
    /// Opens a window in a browser that nobody has used.
    pub async fn window(&self) -> Window {
        let window = Window::open_on(&self.app.url, self.setting).await;
        self.windows.borrow_mut().push(window.clone());
        window
    }

    fn windows(&self) -> Vec<Window> {
        self.windows.borrow().clone()
    }

    /// A window in which `username` is signed in, by the sign-in page.
    pub async fn signed_in(&self, username: &str, password: &str) -> Window {
        let window = self.window().await;
        window.open("/login").await;
        window.sign_in(username, password).await;
        window.arrive("/account").await;
        window
    }
}

/// Plays `test` once in each setting. At the end no page may have complained in the browser's console.
pub async fn play(settings: &[Setting], test: impl AsyncFn(&Scene)) {
    play_with("", settings, test).await;
}

/// As [`play`], with `configured` in the servers' configuration.
pub async fn play_with(configured: &str, settings: &[Setting], test: impl AsyncFn(&Scene)) {
    play_on(async || TestApp::start_with(configured).await, settings, test).await;
}

/// As [`play`], on servers that are reached by a name, for which browsers have passkeys.
pub async fn play_by_name(settings: &[Setting], test: impl AsyncFn(&Scene)) {
    play_on(async || TestApp::start_by_name("").await, settings, test).await;
}

async fn play_on(start: impl AsyncFn() -> TestApp, settings: &[Setting], test: impl AsyncFn(&Scene)) {
    let _admitted = driver::admit().await;
    for setting in settings {
        let scene = Scene { app: start().await, setting: *setting, windows: RefCell::default() };
        let mut ended = caught(async {
            test(&scene).await;
            for window in scene.windows() {
                window.check_console().await;
            }
        })
        .await;
        if ended.is_err() {
            tell(&scene).await;
        }
        for window in scene.windows.take() {
            let closed = window.close().await;
            ended = ended.and_then(|()| closed.map_err(|error| -> Box<dyn Any + Send> { Box::new(error) }));
        }
        if let Err(panic) = ended {
            resume_unwind(panic);
        }
    }
}

/// Runs `test`; a panic in it is handed back, so that what comes after it still runs.
async fn caught(test: impl Future<Output = ()>) -> Result<(), Box<dyn Any + Send>> {
    let mut test = pin!(test);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| test.as_mut().poll(context))) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}

/// Says where a test failed, and keeps what was to be seen.
async fn tell(scene: &Scene) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("browser");
    let made = std::fs::create_dir_all(&folder);
    let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
    eprintln!("in the setting: {}", scene.setting.name());
    for (number, window) in scene.windows().iter().enumerate() {
        let file = folder.join(format!("{test} {} {}.png", scene.setting.name(), number + 1).replace(' ', "-"));
        let kept = match (&made, window.screenshot().await) {
            (Ok(()), Ok(picture)) => std::fs::write(&file, picture).map_err(|error| error.to_string()),
            (Err(error), _) => Err(error.to_string()),
            (_, Err(error)) => Err(error),
        };
        let kept = kept.map_or_else(|error| format!("no picture: {error}"), |()| file.display().to_string());
        eprintln!("window {}: {} ({kept})", number + 1, window.url().await);
    }
}
