//! tmp
use crate::model::{password::PasswordHash, secret::Secret, time::Lifetime};
#[derive(Debug, thiserror::Error)]
#[error("busy")]
pub struct Busy {
    pub retry_after: Lifetime,
}
pub struct Passwords;
pub struct Verdict {
    pub matches: bool,
    pub needs_rehash: bool,
}
pub struct PasswordParameters {
    pub memory_kib: u32,
    pub iterations: u32,
    pub parallelism: u32,
    pub threads: u32,
    pub queue: u32,
}
impl Passwords {
    pub fn start(_: PasswordParameters) -> Self {
        Self
    }
    pub async fn hash(&self, _s: Secret) -> Result<PasswordHash, Busy> {
        todo!()
    }
    pub async fn verify(&self, _s: Secret, _h: Option<PasswordHash>) -> Result<Verdict, Busy> {
        todo!()
    }
}
