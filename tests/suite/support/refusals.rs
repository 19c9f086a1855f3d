//! How the server says no to clients: on a page, by redirect, in JSON. Each check is for all of the form, not only for
//! the error's name.

use super::app::TestApp;
use super::caller::Answer;
use super::flow::parameters;

impl Answer {
    /// Checks that this is a refusal of RFC 6749 §5.2, and returns its description.
    #[track_caller]
    pub fn refused(&self, status: u16, error: &str) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header("content-type"), "application/json");
        self.not_stored();
        let json = self.json();
        let members = json.as_object().expect("an object");
        assert_eq!(members["error"], error, "{json}");
        assert!(members.keys().all(|name| ["error", "error_description"].contains(&name.as_str())), "{json}");
        let description = members["error_description"].as_str().expect("a description");
        let allowed = |c: char| matches!(c, '\x20'..='\x21' | '\x23'..='\x5b' | '\x5d'..='\x7e');
        assert!(!description.is_empty() && description.chars().all(allowed), "{description}");
        let challenge = self.header("www-authenticate");
        if error == "invalid_client" {
            assert!(challenge.starts_with("Basic realm=\"hallpass\""), "{challenge:?}");
        } else {
            assert_eq!(challenge, "");
        }
        description.to_owned()
    }

    /// Checks that nobody may keep this (RFC 6749 §5.1).
    #[track_caller]
    pub fn not_stored(&self) {
        assert_eq!(self.header("cache-control"), "no-store");
        assert_eq!(self.header("pragma"), "no-cache");
    }

    /// Checks that this is a page that sends nobody anywhere (RFC 6749 §4.1.2.1).
    #[track_caller]
    pub fn is_error_page(&self) {
        assert_eq!(self.status, 400, "{:?}", self.headers);
        assert_eq!(self.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(self.header("location"), "");
        assert_eq!(self.header("cache-control"), "no-store");
        assert!(!self.body.contains("hp_ac_"));
    }

    /// Checks that this is the page that asks the user, and sends nobody anywhere yet.
    #[track_caller]
    pub fn is_consent_page(&self) {
        assert_eq!(self.status, 200, "{}", self.body);
        assert_eq!(self.header("location"), "");
        assert!(self.find_input("request").is_some(), "{}", self.body);
    }
}

impl TestApp {
    /// Checks that `answer` is an error that travels to the client at `redirect_uri` (RFC 6749 §4.1.2.1), with the
    /// request's `state` and with `iss` (RFC 9207 §2). Returns its description.
    #[track_caller]
    pub fn redirected(&self, answer: &Answer, redirect_uri: &str, error: &str, state: Option<&str>) -> String {
        assert_eq!(answer.status, 303, "{}", answer.body);
        self.error_location(answer.header("location"), redirect_uri, error, state)
    }

    /// The same of an address.
    #[track_caller]
    pub fn error_location(&self, location: &str, redirect_uri: &str, error: &str, state: Option<&str>) -> String {
        assert!(location.starts_with(redirect_uri), "{location}");
        assert!(!location.contains('#') && !location.contains("code="), "{location}");
        let mut answer = parameters(location);
        assert_eq!(answer["error"], error, "{location}");
        assert_eq!(answer["iss"], self.url);
        assert_eq!(answer.get("state").map(String::as_str), state, "{location}");
        answer.remove("error_description").expect("a description")
    }
}
