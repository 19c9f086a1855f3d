//! Second factors as people have them: an app that makes codes, recovery codes on a sheet of paper.

use hallpass::domain::roles;
use hallpass::domain::roles::RoleChanges;
use hallpass::jose::hotp;
use hallpass::model::role::RoleName;

use super::app::TestApp;
use super::caller::Answer;
use super::caller::Browser;

/// An authenticator app that has taken a secret.
pub struct Authenticator {
    secret: Vec<u8>,
}

impl Authenticator {
    /// Takes the secret that the page shows.
    pub fn of(page: &Answer) -> Self {
        Self { secret: base32(&page.by_id("totp-secret")) }
    }

    /// The code that it shows `steps` of 30 seconds from now.
    pub fn code_in(&self, app: &TestApp, steps: i64) -> String {
        let step = app.act().now.seconds() / 30 + steps;
        hotp::code(&self.secret, u64::try_from(step).unwrap()).unwrap()
    }

    /// The code that it shows now.
    pub fn code(&self, app: &TestApp) -> String {
        self.code_in(app, 0)
    }

    /// A code that none of these is.
    pub fn wrong_code(&self, app: &TestApp) -> String {
        let good: Vec<String> = (-1..=1).map(|steps| self.code_in(app, steps)).collect();
        (0..).map(|number| format!("{number:06}")).find(|code| !good.contains(code)).unwrap()
    }

    /// The secret itself.
    pub fn secret(&self) -> &[u8] {
        &self.secret
    }
}

/// RFC 4648 §6, with spaces anywhere.
fn base32(text: &str) -> Vec<u8> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.chars().filter(|letter| *letter != ' ') {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).expect("a letter of base32");
        held = (held << 5 | u32::try_from(value).unwrap()) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap());
        }
    }
    bytes
}

/// The recovery codes that a page shows.
pub fn recovery_codes(page: &Answer) -> Vec<String> {
    page.by_id("recovery-codes").lines().map(str::to_owned).collect()
}

impl TestApp {
    /// Has everybody who holds `role` need a second factor.
    pub async fn require_second_factor(&self, role: &str) {
        let (name, act) = (RoleName::parse(role).unwrap(), self.act());
        let changes = RoleChanges { description: None, require_second_factor: Some(true) };
        self.store.write(move |tx| roles::change_role(tx, &name, &changes, &act)).await.unwrap();
    }

    /// Adds an app to the account that `browser` is signed in to. Returns it and the recovery codes.
    pub async fn add_app(&self, browser: &Browser) -> (Authenticator, Vec<String>) {
        let page = browser.get("/account/factors/app").await;
        assert_eq!(page.status, 200, "{}", page.body);
        let authenticator = Authenticator::of(&page);
        let fields = [("offer", page.input("offer")), ("code", authenticator.code(self))];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let shown = browser.done("/account/factors/app", &fields).await;
        (authenticator, recovery_codes(&shown))
    }
}

impl Browser {
    /// Fills in the page of the second step at `path`, with all that stands hidden in it. Returns what it answered.
    pub async fn second_step(&self, path: &str, code: &str) -> Answer {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        let mut fields = vec![("code", code.to_owned())];
        for name in ["csrf_token", "return_to", "again", "offer"] {
            fields.extend(page.find_input(name).map(|value| (name, value)));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.post(path.split('?').next().unwrap(), &fields).await
    }
}
