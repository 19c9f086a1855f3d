//! One-time codes of six digits (RFC 4226 §5.3), with HMAC-SHA-1, which is what apps that make them know. Collisions of
//! SHA-1 are no concern for an HMAC (RFC 6151 §2.3 says so of a weaker hash).

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;

/// How many digits a code has.
pub const DIGITS: usize = 6;

/// The code of `counter`.
///
/// # Errors
/// What OpenSSL says.
pub fn code(secret: &[u8], counter: u64) -> Result<String, String> {
    let mac = hmac_sha1(secret, &counter.to_be_bytes()).map_err(|error| error.to_string())?;
    let too_short = || "an HMAC-SHA-1 has 20 bytes".to_owned();
    let offset = usize::from(mac.last().ok_or_else(too_short)? & 15);
    let four = mac.get(offset..offset + 4).and_then(|four| <[u8; 4]>::try_from(four).ok()).ok_or_else(too_short)?;
    let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000;
    Ok(format!("{number:0DIGITS$}"))
}

fn hmac_sha1(secret: &[u8], message: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    Signer::new(MessageDigest::sha1(), &*PKey::hmac(secret)?)?.sign_oneshot_to_vec(message)
}

#[cfg(test)]
mod tests {
    use super::code;

    const SECRET: &[u8] = b"12345678901234567890";

    /// RFC 4226 appendix D.
    #[test]
    fn the_codes_of_the_standard_come_out() {
        let expected =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (counter, expected) in (0_u64..).zip(expected) {
            assert_eq!(code(SECRET, counter).unwrap(), expected);
        }
    }

    /// RFC 6238 appendix B, of whose eight digits six are the last.
    #[test]
    fn the_codes_of_the_standard_for_times_come_out() {
        for (seconds, expected) in [(59, "94287082"), (1_111_111_109, "07081804"), (20_000_000_000, "65353130")] {
            assert_eq!(code(SECRET, seconds / 30).unwrap(), expected.get(2..).unwrap());
        }
    }
}
