//! Signed JSON: public keys (RFC 7517, RFC 7518 §6), signatures over texts (RFC 7515) and proofs of possession
//! (RFC 9449), read strictly. Whatever could be read in two ways, or rests on a key that is too weak, is refused.

pub mod algorithm;
pub mod claims;
mod detached;
pub mod hotp;
pub mod jwk;
pub mod jwk_set;
pub mod jws;
pub mod proof;
pub mod sealing;
pub mod signing;

#[cfg(test)]
mod tests;
