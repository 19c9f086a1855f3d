//! CBOR (RFC 8949) as authenticators write it (CTAP 2.1 §8): all lengths stand before what they are of, and little lies in
//! one another. What an authenticator can't have written is refused.

use minicbor::Decoder;
use minicbor::data::Type;

/// How deep things may lie in one another. Four is what authenticators may do; an attestation wraps that once more.
const DEPTH: usize = 6;
/// The most entries of a map that is read.
const ENTRIES: u64 = 16;

/// It is no such CBOR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

impl From<minicbor::decode::Error> for Malformed {
    fn from(_: minicbor::decode::Error) -> Self {
        Self
    }
}

/// Reads one item after the other.
pub struct Reader<'a>(Decoder<'a>);

impl<'a> Reader<'a> {
    /// From the first of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(Decoder::new(bytes))
    }

    /// How many bytes were read.
    pub fn position(&self) -> usize {
        self.0.position()
    }

    /// Whether nothing is left.
    pub fn is_at_end(&self) -> bool {
        self.position() == self.0.input().len()
    }

    /// The number of entries of a map, each of which is a name and a value.
    pub fn map(&mut self) -> Result<u64, Malformed> {
        self.0.map()?.filter(|count| *count <= ENTRIES).ok_or(Malformed)
    }

    /// A text.
    pub fn text(&mut self) -> Result<&'a str, Malformed> {
        Ok(self.0.str()?)
    }

    /// Bytes.
    pub fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        Ok(self.0.bytes()?)
    }

    /// A whole number.
    pub fn integer(&mut self) -> Result<i64, Malformed> {
        Ok(self.0.i64()?)
    }

    /// A whole number, or bytes.
    pub fn value(&mut self) -> Result<Value<'a>, Malformed> {
        match self.0.datatype()? {
            Type::Bytes => self.bytes().map(Value::Bytes),
            _ => self.integer().map(Value::Integer),
        }
    }

    /// Passes over a map, and says how many entries it has.
    pub fn skip_map(&mut self) -> Result<u64, Malformed> {
        if self.0.datatype()? != Type::Map {
            return Err(Malformed);
        }
        let entries = self.0.probe().map()?.ok_or(Malformed)?;
        self.skip()?;
        Ok(entries)
    }

    /// Passes over an item, whatever it is.
    pub fn skip(&mut self) -> Result<(), Malformed> {
        self.skip_within(DEPTH)
    }

    fn skip_within(&mut self, depth: usize) -> Result<(), Malformed> {
        let deeper = depth.checked_sub(1).ok_or(Malformed)?;
        let items = match self.0.datatype()? {
            Type::BytesIndef | Type::StringIndef | Type::ArrayIndef | Type::MapIndef | Type::Break => {
                return Err(Malformed);
            }
            Type::Unknown(_) => return Err(Malformed),
            Type::Array => self.0.array()?.ok_or(Malformed)?,
            Type::Map => self.0.map()?.and_then(|entries| entries.checked_mul(2)).ok_or(Malformed)?,
            Type::Tag => {
                self.0.tag()?;
                1
            }
            // Nothing lies in these; a text is read, so that it is one.
            Type::String => return self.text().map(drop),
            _ => return Ok(self.0.skip()?),
        };
        // What is announced and not there ends this at the first item that is missing.
        for _ in 0..items {
            self.skip_within(deeper)?;
        }
        Ok(())
    }
}

/// What stands in a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// A whole number.
    Integer(i64),
    /// Bytes.
    Bytes(&'a [u8]),
}
