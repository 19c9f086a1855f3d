//! SHA-256 hashes as other programs write them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use base64::engine::general_purpose::URL_SAFE;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::Digest;
use sha2::Sha256;

/// Reads 32 bytes as 64 hex digits, or in base64 of either alphabet, with padding or without. `None` for any other text.
pub fn parse_sha256(text: &str) -> Option<[u8; 32]> {
    let bytes = if text.len() == 64 {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        text.as_bytes().chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect::<Option<Vec<u8>>>()
    } else {
        let engines = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD];
        engines.into_iter().find_map(|engine| engine.decode(text).ok())
    };
    bytes?.try_into().ok()
}

/// SHA-256 over `parts`, one after the other, in base64url without padding.
pub fn base64url(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_hex_or_base64() {
        let hex = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
        let expected = parse_sha256(hex).unwrap();
        assert_eq!(expected[..3], [0x2b, 0xb8, 0x0d]);
        for text in [
            &hex.to_uppercase(),
            "K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=",
            "K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols",
            "K7gNU3sdo-OL0wNhqoVWhr3g6s1xYv72ol_pe_Unols",
        ] {
            assert_eq!(parse_sha256(text), Some(expected), "{text}");
        }
        for text in ["", "00", "x", "K7gNU3sdo", &"é".repeat(32), &"g".repeat(64)] {
            assert_eq!(parse_sha256(text), None, "{text}");
        }
    }
}
