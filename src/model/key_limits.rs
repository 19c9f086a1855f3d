//! How often an API key may be used: several windows, each with a name.

use std::fmt;
use std::num::NonZeroU32;

use crate::model::time::Lifetime;
use crate::model::time::Timestamp;

/// The most windows that a key may have.
const MOST_WINDOWS: usize = 5;
/// The longest window.
const LONGEST_WINDOW: Lifetime = Lifetime::from_days(366);
const LONGEST_NAME: usize = 32;

/// So many requests in each window of time. Windows begin at multiples of their length since the Unix epoch, so that
/// all servers agree about them: `daily` begins at midnight UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLimit {
    /// What it is called: small letters, digits, `-` and `_`.
    pub name: String,
    /// The requests that pass in one window.
    pub requests: NonZeroU32,
    /// How long a window is, in whole seconds.
    pub window: Lifetime,
}

/// Why a limit can't be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// The name.
    #[error("a limit's name has 1 to 32 small letters, digits, - and _")]
    Name,
    /// The number of requests.
    #[error("a limit lets 1 to 4,294,967,295 requests pass")]
    Requests,
    /// The length of the window.
    #[error("a limit's window has 1 second to 366 days")]
    Window,
    /// Two limits of one name.
    #[error("two limits are called {0}")]
    Twice(String),
    /// Too many of them.
    #[error("a key has at most 5 limits")]
    TooMany,
    /// The form of a limit in one text.
    #[error("write a limit as name=requests/window, such as burst=10/1s or daily=5000/1d")]
    Form,
}

impl KeyLimit {
    /// A limit of `requests` in each `seconds` seconds.
    ///
    /// # Errors
    /// [`LimitError`].
    pub fn new(name: &str, requests: i64, seconds: i64) -> Result<Self, LimitError> {
        let is_good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
        if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(is_good) {
            return Err(LimitError::Name);
        }
        let requests = u32::try_from(requests).ok().and_then(NonZeroU32::new).ok_or(LimitError::Requests)?;
        let window = u64::try_from(seconds).map(Lifetime::from_seconds).map_err(|_| LimitError::Window)?;
        if window == Lifetime::ZERO || window > LONGEST_WINDOW {
            return Err(LimitError::Window);
        }
        Ok(Self { name: name.to_owned(), requests, window })
    }

    /// Reads `name=requests/window`; the window is a number of seconds, or of `s`, `m`, `h` or `d`.
    ///
    /// # Errors
    /// [`LimitError`].
    pub fn parse(text: &str) -> Result<Self, LimitError> {
        let (name, rest) = text.split_once('=').ok_or(LimitError::Form)?;
        let (requests, window) = rest.split_once('/').ok_or(LimitError::Form)?;
        let unit = match window.bytes().last() {
            Some(b'm') => 60,
            Some(b'h') => 3_600,
            Some(b'd') => 86_400,
            _ => 1,
        };
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if digits { text.parse::<i64>().ok() } else { None }
        };
        let window = window.strip_suffix(['s', 'm', 'h', 'd']).unwrap_or(window);
        let requests = number(requests).ok_or(LimitError::Form)?;
        let window = number(window).ok_or(LimitError::Form)?.checked_mul(unit).ok_or(LimitError::Window)?;
        Self::new(name, requests, window)
    }

    /// When the window that runs at `now` began.
    pub fn began(&self, now: Timestamp) -> Timestamp {
        let length = i64::try_from(self.window.millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(now.millis().div_euclid(length).saturating_mul(length))
    }

    /// When the window that runs at `now` ends.
    pub fn ends(&self, now: Timestamp) -> Timestamp {
        self.began(now) + self.window
    }
}

impl fmt::Display for KeyLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}/{}s", self.name, self.requests, self.window.seconds())
    }
}

/// All limits of a key; none means that nobody counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyLimits(Vec<KeyLimit>);

impl KeyLimits {
    /// These limits together.
    ///
    /// # Errors
    /// Two of one name, or too many.
    pub fn new(limits: Vec<KeyLimit>) -> Result<Self, LimitError> {
        if limits.len() > MOST_WINDOWS {
            return Err(LimitError::TooMany);
        }
        let mut names: Vec<&str> = limits.iter().map(|limit| limit.name.as_str()).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(LimitError::Twice(pair[0].to_owned())),
            None => Ok(Self(limits)),
        }
    }

    /// Reads what [`KeyLimits`] displays as, and any other list of limits with spaces between them.
    ///
    /// # Errors
    /// [`LimitError`].
    pub fn parse(text: &str) -> Result<Self, LimitError> {
        Self::new(text.split_whitespace().map(KeyLimit::parse).collect::<Result<_, _>>()?)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &KeyLimit> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for KeyLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.iter().map(KeyLimit::to_string).collect();
        f.write_str(&texts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_read_as_it_is_written() {
        for (text, shown) in [
            ("burst=10/1s", "burst=10/1s"),
            ("daily=5000/1d", "daily=5000/86400s"),
            ("a-b_1=1/90", "a-b_1=1/90s"),
            ("h=2/2h", "h=2/7200s"),
            ("m=2/5m", "m=2/300s"),
        ] {
            let limit = KeyLimit::parse(text).unwrap();
            assert_eq!(limit.to_string(), shown);
            assert_eq!(KeyLimit::parse(shown), Ok(limit));
        }
        for text in
            ["", "a", "a=1", "a=1/", "=1/1s", "A=1/1s", "a b=1/1s", "a=0/1s", "a=1/0s", "a=-1/1s", "a=1/1w", "a=1/367d"]
        {
            assert!(KeyLimit::parse(text).is_err(), "{text}");
        }
        assert!(KeyLimit::parse("a=4294967296/1s").is_err());
        assert!(KeyLimit::parse("a=1/99999999999999999d").is_err());
        assert_eq!(KeyLimits::parse("a=1/1s a=2/2s"), Err(LimitError::Twice("a".to_owned())));
        assert_eq!(KeyLimits::parse("a=1/1 b=1/1 c=1/1 d=1/1 e=1/1 f=1/1"), Err(LimitError::TooMany));
    }

    #[test]
    fn windows_begin_at_multiples_of_their_length() {
        let limit = KeyLimit::parse("minute=1/1m").unwrap();
        let at = Timestamp::from_millis(119_999);
        assert_eq!((limit.began(at).millis(), limit.ends(at).millis()), (60_000, 120_000));
        assert_eq!(limit.began(Timestamp::from_millis(120_000)).millis(), 120_000);
    }
}
