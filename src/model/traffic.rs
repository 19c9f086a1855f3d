//! How much goes on, day by day.

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrafficKind {
    /// A sign-in in a browser.
    SignIn,
    /// A wrong password or second factor.
    SignInFailed,
    /// An answer of the token endpoint with a token.
    Token,
    /// A request whose credential was let in.
    Verified,
    /// A request whose credential was not.
    Refused,
}

impl TrafficKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::SignIn, Self::SignInFailed, Self::Token, Self::Verified, Self::Refused];

    /// Its name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignInFailed => "sign_in_failed",
            Self::Token => "token",
            Self::Verified => "verified",
            Self::Refused => "refused",
        }
    }

    /// Reads the name; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// How often each kind happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted([u64; TrafficKind::ALL.len()]);

impl Counted {
    /// What `count` says of each kind.
    pub fn of(count: impl Fn(TrafficKind) -> u64) -> Self {
        Self(TrafficKind::ALL.map(count))
    }

    /// How often this kind happened.
    pub fn get(&self, kind: TrafficKind) -> u64 {
        let figures = TrafficKind::ALL.iter().zip(self.0);
        figures.filter(|(of, _)| **of == kind).map(|(_, count)| count).sum()
    }
}

/// How often something happened on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayTraffic {
    /// The day: days since the Unix epoch, in UTC.
    pub day: i64,
    /// What.
    pub kind: TrafficKind,
    /// How often.
    pub count: i64,
}
