//! tmp
#[derive(Clone, Debug)]
pub struct PasswordHash(String);
impl PasswordHash {
    pub fn from_stored(s: String) -> Self {
        Self(s)
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
