//! What is known of a user beside name and address, by the names of OpenID Connect Core §5.1.

use serde::Deserialize;
use serde::Serialize;

/// The most characters of a claim.
pub const LONGEST: usize = 500;

/// Standard claims of a user; what is absent is not known. How the user is called and the e-mail address stand in the
/// user's record itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserClaims {
    /// Given names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Family names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// Middle names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// How friends call the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// The URL of a page about the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The URL of a picture of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// The URL of a page of the user's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// `female`, `male` or another word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// `1815-12-10`; `0000-12-10` where the year is not known, `1815` where the day is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    /// A name of the time zone database, such as `Europe/London`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// A language tag, such as `en-GB`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// A telephone number, such as `+44 20 7946 0000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Whether somebody made sure that it is the user's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number_verified: Option<bool>,
    /// Whether somebody made sure that the e-mail address is the user's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// Where the user can be reached by post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}

/// A postal address (OpenID Connect Core §5.1.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Address {
    /// All of it, as it is written on a letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// Street and house number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// State, province or the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// Why a claim is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// Nothing, or too much.
    #[error("{0} must have 1 to {LONGEST} characters, none of them a control character")]
    Text(&'static str),
    /// No URL of a page.
    #[error("{0} must be a URL that begins with https:// or http://")]
    Url(&'static str),
    /// No day.
    #[error("birthdate must be YYYY-MM-DD, YYYY, or 0000-MM-DD where the year is not known")]
    Birthdate,
}

impl ClaimError {
    /// Which claim it is; of an address the part, by its own name.
    pub fn claim(&self) -> &'static str {
        match self {
            Self::Text(name) | Self::Url(name) => name.strip_prefix("address.").unwrap_or(name),
            Self::Birthdate => "birthdate",
        }
    }
}

impl UserClaims {
    /// Looks whether each of them is one.
    ///
    /// # Errors
    /// The first that is none.
    pub fn check(&self) -> Result<(), ClaimError> {
        let texts = [
            ("given_name", &self.given_name),
            ("family_name", &self.family_name),
            ("middle_name", &self.middle_name),
            ("nickname", &self.nickname),
            ("gender", &self.gender),
            ("zoneinfo", &self.zoneinfo),
            ("locale", &self.locale),
            ("phone_number", &self.phone_number),
        ];
        texts.into_iter().try_for_each(|(name, value)| check_text(name, value.as_deref(), false))?;
        for (name, value) in [("profile", &self.profile), ("picture", &self.picture), ("website", &self.website)] {
            check_text(name, value.as_deref(), false)?;
            if value.as_ref().is_some_and(|value| !is_web_address(value)) {
                return Err(ClaimError::Url(name));
            }
        }
        if self.birthdate.as_ref().is_some_and(|date| !is_birthdate(date)) {
            return Err(ClaimError::Birthdate);
        }
        self.address.as_ref().map_or(Ok(()), Address::check)
    }
}

impl Address {
    fn check(&self) -> Result<(), ClaimError> {
        check_text("address.formatted", self.formatted.as_deref(), true)?;
        check_text("address.street_address", self.street_address.as_deref(), true)?;
        check_text("address.locality", self.locality.as_deref(), false)?;
        check_text("address.region", self.region.as_deref(), false)?;
        check_text("address.postal_code", self.postal_code.as_deref(), false)?;
        check_text("address.country", self.country.as_deref(), false)
    }
}

fn check_text(name: &'static str, value: Option<&str>, may_have_lines: bool) -> Result<(), ClaimError> {
    let Some(value) = value else { return Ok(()) };
    let is_allowed = |c: char| !c.is_control() || (may_have_lines && matches!(c, '\n' | '\r'));
    let fits = !value.trim().is_empty() && value.chars().count() <= LONGEST && value.chars().all(is_allowed);
    if fits { Ok(()) } else { Err(ClaimError::Text(name)) }
}

fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}

fn is_birthdate(text: &str) -> bool {
    let is_number = |part: &str, digits: usize| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [year] => is_number(year, 4),
        [year, month, day] => {
            is_number(year, 4)
                && is_number(month, 2)
                && is_number(day, 2)
                && ("01"..="12").contains(month)
                && ("01"..="31").contains(day)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_looked_at_one_by_one() {
        let read = |text: &str| serde_json::from_str::<UserClaims>(text).unwrap().check();
        assert_eq!(read("{}"), Ok(()));
        assert_eq!(read(r#"{"birthdate":"1815-12-10","website":"https://a.example/","gender":"x"}"#), Ok(()));
        assert_eq!(read(r#"{"address":{"formatted":"1 Street\nTown"}}"#), Ok(()));
        assert_eq!(read(r#"{"birthdate":"0000-12-10"}"#).and(read(r#"{"birthdate":"1815"}"#)), Ok(()));
        assert_eq!(read(r#"{"given_name":""}"#), Err(ClaimError::Text("given_name")));
        assert_eq!(read(r#"{"nickname":"a\nb"}"#), Err(ClaimError::Text("nickname")));
        assert_eq!(read(r#"{"picture":"javascript:alert(1)"}"#), Err(ClaimError::Url("picture")));
        for date in ["10.12.1815", "1815-13-01", "1815-00-01", "1815-01-32", "1815-1-1", ""] {
            assert_eq!(read(&format!(r#"{{"birthdate":"{date}"}}"#)), Err(ClaimError::Birthdate), "{date}");
        }
        assert!(serde_json::from_str::<UserClaims>(r#"{"sub":"user_1"}"#).is_err());
    }
}
