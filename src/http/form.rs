//! Forms and query strings: `application/x-www-form-urlencoded`, read strictly (RFC 6749 §3.1, §3.2, §B).
//!
//! One parser for both, so that nothing is read twice in two ways: each name once, an empty value is none, and what is
//! not clean text is refused.

use std::fmt;
use std::str;

use zeroize::Zeroizing;

/// The most bytes that a form or a query string may have.
pub const LONGEST_FORM: usize = 64 * 1024;

/// What one kind of form may hold.
#[derive(Clone, Copy)]
struct Bounds {
    /// The most fields.
    fields: usize,
    /// The most bytes of one value, decoded.
    value: usize,
    /// The names that may stand there more than once.
    repeatable: &'static [&'static str],
}

/// A request of OAuth: only `resource` may be repeated (RFC 8707 §2).
const OAUTH: Bounds = Bounds { fields: 100, value: 8 * 1024, repeatable: &["resource", "audience"] };
/// A form of our own pages: one field for each scope or role there is, and a way back that holds a whole
/// authorization request.
const PAGE: Bounds =
    Bounds { fields: 1_000, value: 32 * 1024, repeatable: &["scope", "grant_types", "role", "record", "event"] };
/// The same in a body, which one export of another server may fill.
const PAGE_BODY: Bounds = Bounds { value: LONGEST_FORM, ..PAGE };

/// What narrows a list of the JSON API.
const LIST: Bounds = Bounds { repeatable: &["event"], ..OAUTH };

/// What a proxy asks of `/auth/verify`.
const CHECK: Bounds = Bounds { fields: 100, value: 8 * 1024, repeatable: &["role", "scope", "resource"] };

/// The fields of a form or of a query string. Values are wiped when dropped and nothing prints them.
pub struct Parameters(Vec<(String, Zeroizing<String>)>);

impl Parameters {
    /// Reads a request of OAuth: only `resource` may stand there more than once (RFC 8707 §2).
    ///
    /// # Errors
    /// What is wrong, as [`FormError`] says.
    pub fn parse_oauth(bytes: &[u8]) -> Result<Self, FormError> {
        Self::parse(bytes, OAUTH)
    }

    /// Reads a form of our own pages: what has a checkbox for each choice may stand there more than once.
    ///
    /// # Errors
    /// What is wrong, as [`FormError`] says.
    pub fn parse_page(bytes: &[u8]) -> Result<Self, FormError> {
        Self::parse(bytes, PAGE)
    }

    /// The same, sent in a body: one field may fill it.
    ///
    /// # Errors
    /// What is wrong, as [`FormError`] says.
    pub fn parse_page_body(bytes: &[u8]) -> Result<Self, FormError> {
        Self::parse(bytes, PAGE_BODY)
    }

    /// Reads what narrows a list of the JSON API: of several events one may be meant.
    ///
    /// # Errors
    /// What is wrong, as [`FormError`] says.
    pub fn parse_list(bytes: &[u8]) -> Result<Self, FormError> {
        Self::parse(bytes, LIST)
    }

    /// Reads what a proxy asks of `/auth/verify`.
    ///
    /// # Errors
    /// What is wrong, as [`FormError`] says.
    pub fn parse_check(bytes: &[u8]) -> Result<Self, FormError> {
        Self::parse(bytes, CHECK)
    }

    /// Reads an authorization request as far as it goes, for its errors are told to the client if that and its
    /// address are clear (RFC 6749 §4.1.2.1). What is given twice or is no text is left out altogether; the second
    /// half says what was.
    ///
    /// # Errors
    /// What is wrong with `client_id` or `redirect_uri`, or with the whole.
    pub fn parse_authorization(bytes: &[u8]) -> Result<(Self, Option<FormError>), FormError> {
        let (parameters, mut refused) = Self::read(bytes, OAUTH)?;
        let decisive = refused.iter().position(|(name, _)| matches!(name.as_str(), "client_id" | "redirect_uri"));
        match decisive {
            Some(at) => Err(refused.swap_remove(at).1),
            None => Ok((parameters, refused.into_iter().next().map(|(_, error)| error))),
        }
    }

    fn parse(bytes: &[u8], bounds: Bounds) -> Result<Self, FormError> {
        let (parameters, refused) = Self::read(bytes, bounds)?;
        match refused.into_iter().next() {
            Some((_, error)) => Err(error),
            None => Ok(parameters),
        }
    }

    /// The fields that are right, and what is wrong with the others, by their names.
    fn read(bytes: &[u8], bounds: Bounds) -> Result<(Self, Vec<(String, FormError)>), FormError> {
        if bytes.len() > LONGEST_FORM {
            return Err(FormError::TooLong);
        }
        let mut fields: Vec<(String, Zeroizing<String>)> = Vec::new();
        let mut refused = Vec::new();
        for (count, field) in bytes.split(|byte| *byte == b'&').filter(|field| !field.is_empty()).enumerate() {
            if count == bounds.fields {
                return Err(FormError::TooManyFields);
            }
            let (name, value) = match field.iter().position(|byte| *byte == b'=') {
                Some(at) => (&field[..at], &field[at + 1..]),
                None => (field, &b""[..]),
            };
            let name = match decode(name) {
                Ok(name) => name.as_str().to_owned(),
                Err(bad) => {
                    refused.push((String::new(), bad.in_field(FieldName::unknown())));
                    continue;
                }
            };
            let is_known = fields.iter().any(|(known, _)| *known == name);
            match decode(value) {
                Err(bad) => refused.push((name.clone(), bad.in_field(FieldName::of(&name)))),
                Ok(value) if value.len() > bounds.value => {
                    refused.push((name.clone(), FormError::ValueTooLong(FieldName::of(&name))));
                }
                Ok(_) if is_known && !bounds.repeatable.contains(&name.as_str()) => {
                    refused.push((name.clone(), FormError::Repeated(FieldName::of(&name))));
                }
                Ok(value) => fields.push((name, value)),
            }
        }
        fields.retain(|(name, _)| !refused.iter().any(|(other, _)| other == name));
        Ok((Self(fields), refused))
    }

    /// The value of `name`; `None` where it is missing or empty (RFC 6749 §3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// All values of `name` that are not empty.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Names and values that are not empty, in the order in which they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.with_empty().filter(|(_, value)| !value.is_empty())
    }

    /// All names and values, in the order in which they were sent.
    pub fn with_empty(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl fmt::Debug for Parameters {
    /// How many there are: even a name may be a secret that somebody typed into the wrong place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parameters({} fields)", self.0.len())
    }
}

/// Why a form or a query string was refused (`invalid_request`, RFC 6749 §4.1.2.1, §5.2).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// More than 64 KiB.
    #[error("the parameters are longer than 65536 bytes together")]
    TooLong,
    /// More than 100 fields.
    #[error("there are more than 100 parameters")]
    TooManyFields,
    /// A value of more than 8 KiB.
    #[error("{0} is longer than 8192 bytes")]
    ValueTooLong(FieldName),
    /// A name that stands there twice (RFC 6749 §3.1, §3.2).
    #[error("{0} is given more than once")]
    Repeated(FieldName),
    /// A `%` without two hex digits.
    #[error("{0} has a percent sign without two hex digits behind it")]
    PercentEncoding(FieldName),
    /// Bytes that are not UTF-8.
    #[error("{0} is not UTF-8 text")]
    NotUtf8(FieldName),
    /// U+0000.
    #[error("{0} has a null character in it")]
    Null(FieldName),
}

/// The name of a field as an error may show it: ours look like `code_challenge`, and others are not repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldName(Option<String>);

impl FieldName {
    fn of(name: &str) -> Self {
        let plain = name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        Self((plain && !name.is_empty()).then(|| name.to_owned()))
    }

    fn unknown() -> Self {
        Self(None)
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_deref().unwrap_or("a parameter"))
    }
}

/// What keeps bytes from being text.
enum Undecodable {
    PercentEncoding,
    NotUtf8,
    Null,
}

impl Undecodable {
    fn in_field(self, name: FieldName) -> FormError {
        match self {
            Self::PercentEncoding => FormError::PercentEncoding(name),
            Self::NotUtf8 => FormError::NotUtf8(name),
            Self::Null => FormError::Null(name),
        }
    }
}

/// Undoes the encoding of one name or value.
fn decode(encoded: &[u8]) -> Result<Zeroizing<String>, Undecodable> {
    let mut decoded = Zeroizing::new(Vec::with_capacity(encoded.len()));
    let mut bytes = encoded.iter();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
                let (high, low) = (digit(bytes.next()), digit(bytes.next()));
                let value = high.zip(low).and_then(|(high, low)| u8::try_from(high << 4 | low).ok());
                value.ok_or(Undecodable::PercentEncoding)?
            }
            other => *other,
        });
    }
    let text = str::from_utf8(&decoded).map_err(|_| Undecodable::NotUtf8)?;
    if text.contains('\0') {
        return Err(Undecodable::Null);
    }
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn error(text: &str) -> String {
        Parameters::parse_oauth(text.as_bytes()).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn fields_are_decoded() -> Result<(), FormError> {
        let form = Parameters::parse_oauth("a=1&b=x+y%20z%2B%26%3d&&c&d=&ü=%C3%BC&e=f=g&nl=%0D%0A".as_bytes())?;
        assert_eq!(form.get("a"), Some("1"));
        assert_eq!(form.get("b"), Some("x y z+&="));
        assert_eq!(form.get("ü"), Some("ü"));
        assert_eq!(form.get("e"), Some("f=g"));
        assert_eq!(form.get("nl"), Some("\r\n"));
        assert_eq!(form.iter().count(), 5);
        assert_eq!(Parameters::parse_oauth(b"")?.iter().count(), 0);
        assert_eq!(Parameters::parse_oauth(b"scope[a]=b&scope[]=x")?.get("scope"), None);
        Ok(())
    }

    /// RFC 6749 §3.1
    #[test]
    fn an_empty_value_is_none() -> Result<(), FormError> {
        let form = Parameters::parse_oauth(b"state=&code&scope=a")?;
        assert_eq!((form.get("state"), form.get("code"), form.get("nothing")), (None, None, None));
        assert_eq!(form.get("scope"), Some("a"));
        Ok(())
    }

    /// RFC 6749 §3.1, §3.2
    #[test]
    fn a_name_stands_there_once() -> Result<(), FormError> {
        assert_eq!(error("state=1&a=b&state=1"), "state is given more than once");
        assert_eq!(error("state=&state=1"), "state is given more than once");
        assert_eq!(error("state=1&%73tate=1"), "state is given more than once");
        assert_eq!(error("<script>=1&<script>=2"), "a parameter is given more than once");
        assert_eq!(error("scope=1&scope=2"), "scope is given more than once");
        let form = Parameters::parse_oauth(b"resource=1&resource=&resource=2")?;
        assert_eq!(form.all("resource").collect::<Vec<_>>(), ["1", "2"]);
        let form = Parameters::parse_page(b"scope=1&scope=2&role=a&grant_types=b&role=c")?;
        assert_eq!(form.all("scope").collect::<Vec<_>>(), ["1", "2"]);
        assert!(Parameters::parse_page(b"csrf_token=1&csrf_token=2").is_err());
        Ok(())
    }

    #[test]
    fn what_is_not_clean_text_is_refused() {
        assert_eq!(error("code=%zz"), "code has a percent sign without two hex digits behind it");
        assert_eq!(error("code=%"), "code has a percent sign without two hex digits behind it");
        assert_eq!(error("code=%4"), "code has a percent sign without two hex digits behind it");
        assert_eq!(error("code=%+1"), "code has a percent sign without two hex digits behind it");
        assert_eq!(error("%zz=1"), "a parameter has a percent sign without two hex digits behind it");
        assert_eq!(error("code=%ff"), "code is not UTF-8 text");
        assert_eq!(error("code=%c0%80"), "code is not UTF-8 text");
        assert_eq!(error("code=%ed%a0%80"), "code is not UTF-8 text");
        assert_eq!(error("code=a%00"), "code has a null character in it");
        assert_eq!(error("a%00=1"), "a parameter has a null character in it");
        assert!(matches!(Parameters::parse_oauth(b"code=\xff"), Err(FormError::NotUtf8(_))));
    }

    /// RFC 6749 §3.1, §4.1.2.1
    #[test]
    fn an_authorization_request_is_read_as_far_as_client_and_address_are_clear() -> Result<(), FormError> {
        let (form, wrong) =
            Parameters::parse_authorization(b"client_id=a&state=1&state=2&state=3&scope=%zz&redirect_uri=b")?;
        assert_eq!(wrong.map(|error| error.to_string()).as_deref(), Some("state is given more than once"));
        assert_eq!(form.iter().collect::<Vec<_>>(), [("client_id", "a"), ("redirect_uri", "b")]);
        let (form, wrong) = Parameters::parse_authorization(b"client_id=a&scope=b")?;
        assert_eq!((form.get("scope"), wrong), (Some("b"), None));
        for bad in ["client_id=a&client_id=a", "redirect_uri=a&redirect_uri=", "state=1&state=2&client_id=%zz"] {
            assert!(Parameters::parse_authorization(bad.as_bytes()).is_err(), "{bad}");
        }
        Ok(())
    }

    #[test]
    fn the_limits_hold_at_their_edges() {
        let fields = |count: usize| (0..count).map(|n| format!("f{n}=1")).collect::<Vec<_>>().join("&");
        assert!(Parameters::parse_oauth(fields(100).as_bytes()).is_ok());
        assert_eq!(error(&fields(101)), "there are more than 100 parameters");
        assert!(Parameters::parse_oauth(format!("scope={}", "x".repeat(8192)).as_bytes()).is_ok());
        assert_eq!(error(&format!("scope={}", "x".repeat(8193))), "scope is longer than 8192 bytes");
        assert!(Parameters::parse_oauth("&".repeat(65536).as_bytes()).is_ok());
        assert_eq!(error(&"&".repeat(65537)), "the parameters are longer than 65536 bytes together");
    }

    #[test]
    fn parameters_do_not_print_themselves() {
        let form = Parameters::parse_oauth(b"password=hunter22&hunter22=1").unwrap();
        assert_eq!(format!("{form:?}"), "Parameters(2 fields)");
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_read_again(
            fields in proptest::collection::btree_map("[^\\x00]{1,8}", "[^\\x00]{1,20}", 0..8)
        ) {
            let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
            let form = Parameters::parse_oauth(encoded.as_bytes()).unwrap();
            let read: Vec<_> = form.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            prop_assert_eq!(read, fields.into_iter().collect::<Vec<_>>());
        }

        /// Against the lenient decoder of the standard: what is accepted means the same there.
        #[test]
        fn no_bytes_are_too_strange_to_be_judged(
            bytes in prop_oneof![proptest::collection::vec(any::<u8>(), 0..60), "[a-b=&%+0-9]{0,30}".prop_map(String::into_bytes)]
        ) {
            if let Ok(form) = Parameters::parse_oauth(&bytes) {
                let lenient: Vec<_> = form_urlencoded::parse(&bytes).into_owned().filter(|(_, value)| !value.is_empty()).collect();
                let strict: Vec<_> = form.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                prop_assert_eq!(strict, lenient);
            }
        }
    }
}
