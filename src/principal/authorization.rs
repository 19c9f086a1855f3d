//! The `Authorization` header: which credential a request presents (RFC 9110 §11.6.2, RFC 7617, RFC 6750 §2.1).
//!
//! Nothing here asks whether a credential is good; a header that is there never counts as absent, whatever its bytes.

use std::str;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode;
use zeroize::Zeroizing;

use crate::model::secret::Secret;

/// A header of this many bytes or more is refused unread.
const TOO_LONG: usize = 8 * 1024;

/// What a request presents in its `Authorization` header.
#[derive(Debug)]
pub enum Presented {
    /// There is no such header: the cookie may speak.
    Absent,
    /// There is one, and it presents nothing that could be a credential of ours: the request is refused.
    Malformed,
    /// The two halves of an API key, by `token` or `Basic`. Neither is empty.
    ApiKeyPair {
        /// The public half, as it was sent.
        name: String,
        /// The secret half.
        secret: Secret,
    },
    /// One word by `Bearer`: an access token, or the secret half of an API key.
    Bearer(Secret),
    /// An access token by `DPoP`, which needs a proof beside it (RFC 9449 §7.1).
    Dpop(Secret),
}

/// Reads all `Authorization` headers of a request; more than one is malformed, since one credential is all that a
/// request may carry.
pub fn parse<'a>(headers: impl IntoIterator<Item = &'a [u8]>) -> Presented {
    let mut headers = headers.into_iter();
    match (headers.next(), headers.next()) {
        (None, _) => Presented::Absent,
        (Some(header), None) => parse_one(header).unwrap_or(Presented::Malformed),
        (Some(_), Some(_)) => Presented::Malformed,
    }
}

/// Reads client id and secret from a `Basic` header (RFC 6749 §2.3.1): each half is form-encoded before base64. The
/// secret may be empty. `None` for any other header; such a request has failed to authenticate, and is not one of a
/// public client.
pub fn parse_basic_client(header: &[u8]) -> Option<(String, Secret)> {
    let (scheme, credential) = split_scheme(header)?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let (client_id, secret) = decode_basic(credential)?;
    let client_id = form_decode(&client_id)?;
    let secret = form_decode(secret.expose())?;
    (!client_id.is_empty()).then(|| (client_id.as_str().to_owned(), Secret::from(secret.as_str())))
}

/// The `Basic` header of these two (RFC 7617 §2). `name` has no `:`.
pub fn encode_basic(name: &str, secret: &str) -> Zeroizing<String> {
    let pair = Zeroizing::new(format!("{name}:{secret}"));
    let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
    Zeroizing::new(format!("Basic {}", *encoded))
}

/// Whether a header's scheme is `Basic`, whatever follows it.
pub fn is_basic(header: &[u8]) -> bool {
    let scheme = header.split(|byte| *byte == b' ').next().unwrap_or_default();
    scheme.eq_ignore_ascii_case(b"Basic")
}

fn parse_one(header: &[u8]) -> Option<Presented> {
    let (scheme, credential) = split_scheme(header)?;
    let (name, secret) = if scheme.eq_ignore_ascii_case("Bearer") {
        return is_token68(credential).then(|| Presented::Bearer(Secret::from(credential)));
    } else if scheme.eq_ignore_ascii_case("DPoP") {
        return is_token68(credential).then(|| Presented::Dpop(Secret::from(credential)));
    } else if scheme.eq_ignore_ascii_case("token") {
        credential.split_once(':').map(|(name, secret)| (name.to_owned(), Secret::from(secret)))?
    } else if scheme.eq_ignore_ascii_case("Basic") {
        decode_basic(credential)?
    } else {
        return None;
    };
    (!name.is_empty() && !secret.expose().is_empty()).then_some(Presented::ApiKeyPair { name, secret })
}

/// The scheme, and behind one space or more its credential: one word, since none of the schemes here has more.
fn split_scheme(header: &[u8]) -> Option<(&str, &str)> {
    if header.len() >= TOO_LONG {
        return None;
    }
    let (scheme, rest) = str::from_utf8(header).ok()?.split_once(' ')?;
    let credential = rest.trim_start_matches(' ');
    let one_word = !credential.is_empty() && !credential.contains(|c: char| c.is_whitespace() || c.is_control());
    one_word.then_some((scheme, credential))
}

/// Decodes the pair of a `Basic` header (RFC 7617 §2). The decoder takes the one canonical form of RFC 4648 §4: with
/// padding, and without stray bits, so that no two texts are one credential.
fn decode_basic(credential: &str) -> Option<(String, Secret)> {
    let decoded = Zeroizing::new(STANDARD.decode(credential).ok()?);
    let pair = str::from_utf8(&decoded).ok()?;
    if pair.contains(char::is_control) {
        return None;
    }
    pair.split_once(':').map(|(name, secret)| (name.to_owned(), Secret::from(secret)))
}

/// Undoes `application/x-www-form-urlencoded` (RFC 6749 §B); `None` for a lone `%` or for bytes that are not UTF-8
/// text.
fn form_decode(text: &str) -> Option<Zeroizing<String>> {
    let spaced = Zeroizing::new(text.replace('+', " "));
    let mut behind_percent = spaced.split('%').skip(1).map(str::as_bytes);
    if !behind_percent.all(|rest| rest.get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))) {
        return None;
    }
    let decoded = Zeroizing::new(percent_decode(spaced.as_bytes()).decode_utf8().ok()?.into_owned());
    (!decoded.contains(char::is_control)).then_some(decoded)
}

/// The grammar of what follows `Bearer` (`b64token` of RFC 6750 §2.1).
fn is_token68(text: &str) -> bool {
    let word = text.trim_end_matches('=');
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// In words that tests can compare.
    fn read(header: &[u8]) -> String {
        match parse([header]) {
            Presented::Absent => "absent".to_owned(),
            Presented::Malformed => "malformed".to_owned(),
            Presented::ApiKeyPair { name, secret } => format!("pair {name:?} {:?}", secret.expose()),
            Presented::Bearer(token) => format!("bearer {:?}", token.expose()),
            Presented::Dpop(token) => format!("dpop {:?}", token.expose()),
        }
    }

    fn basic(pair: &[u8]) -> Vec<u8> {
        format!("Basic {}", STANDARD.encode(pair)).into_bytes()
    }

    #[test]
    fn each_form_is_read() {
        for (header, expected) in [
            ("token k:s", r#"pair "k" "s""#),
            ("TOKEN  k:s", r#"pair "k" "s""#),
            ("token k:s:x", r#"pair "k" "s:x""#),
            ("token k::s", r#"pair "k" ":s""#),
            ("Basic azpz", r#"pair "k" "s""#),
            ("basic   azpz", r#"pair "k" "s""#),
            ("bAsIc azpzOng=", r#"pair "k" "s:x""#),
            ("Bearer abc", r#"bearer "abc""#),
            ("DPoP abc", r#"dpop "abc""#),
            ("dpop   abc==", r#"dpop "abc==""#),
            ("bearer    a-._~+/9==", r#"bearer "a-._~+/9==""#),
        ] {
            assert_eq!(read(header.as_bytes()), expected, "{header}");
        }
        assert_eq!(read(&basic("ключ:schlüssel".as_bytes())), r#"pair "ключ" "schlüssel""#);
        assert!(matches!(parse([]), Presented::Absent));
    }

    #[test]
    fn everything_else_is_malformed_and_never_absent() {
        let mut headers: Vec<Vec<u8>> = [
            "",
            " ",
            "token",
            "token ",
            "Basic",
            "Basic ",
            "Bearer",
            "Bearer  ",
            "k:s",
            "tokenk:s",
            "token\tk:s",
            "token \tk:s",
            " token k:s",
            "token k:s ",
            "token k: s",
            "token k:s\t",
            "token :s",
            "token k:",
            "token :",
            "token ks",
            "token k:s\0",
            "token k:s\u{a0}",
            "Token=k:s",
            "token, k:s",
            "Bearer k:s",
            "Bearer a b",
            "Bearer a,b",
            "Bearer =",
            "Bearer a=b",
            "Bearer \"a\"",
            "Bearer é",
            "Bearer token k:s",
            "Digest a",
            "Negotiate a",
            "DPoP",
            "DPoP a b",
            "DPoP k:s",
            "Basic azpz\n",
            "Basic azp z",
            "Basic a",
            "Basic azo=",
            "Basic Onpz",
            "Basic OnM=",
            "Basic Og==",
            "Basic azpzOng",
            "Basic azpzOng==",
            "Basic azpzOnh=",
            "Basic azpz=",
            "Basic azpz====",
            "Basic azp6Pj8-",
            "Basic a3M=",
            "Basic =",
            "Basic azpz,Basic azpz",
            "Bearer a, Bearer b",
        ]
        .into_iter()
        .map(|header| header.as_bytes().to_vec())
        .collect();
        headers.extend([b"token k:\xff".to_vec(), b"\xff\xff".to_vec(), b"Bearer \xc3".to_vec()]);
        headers.extend([basic(b"k:\xff"), basic(b"k:s\0"), basic(b"k\n:s"), basic(b""), basic(b":")]);
        headers.push(format!("Bearer {}", "a".repeat(8 * 1024 - 7)).into_bytes());
        headers.push(vec![b'a'; 1 << 20]);
        for header in headers {
            assert_eq!(read(&header), "malformed", "{:?}", String::from_utf8_lossy(&header));
        }
        assert!(read(format!("Bearer {}", "a".repeat(8 * 1024 - 8)).as_bytes()).starts_with("bearer"));
        assert!(matches!(parse([&b"token k:s"[..], b"token k:s"]), Presented::Malformed));
        assert!(matches!(parse([&b""[..], b"token k:s"]), Presented::Malformed));
    }

    #[test]
    fn a_presented_credential_does_not_print_itself() {
        assert_eq!(format!("{:?}", parse([&b"Bearer abc"[..]])), "Bearer([secret])");
        assert_eq!(format!("{:?}", parse([&b"token k:s"[..]])), r#"ApiKeyPair { name: "k", secret: [secret] }"#);
    }

    fn client(header: &[u8]) -> Option<(String, String)> {
        parse_basic_client(header).map(|(client_id, secret)| (client_id, secret.expose().to_owned()))
    }

    /// RFC 6749 §2.3.1
    #[test]
    fn a_client_writes_both_halves_form_encoded() {
        for (pair, client_id, secret) in [
            ("client_1:hp_cs_x", "client_1", "hp_cs_x"),
            ("client_1:", "client_1", ""),
            ("a:b:c", "a", "b:c"),
            ("a%3Ab:c%25+d%C3%BC", "a:b", "c% dü"),
            ("https%3A%2F%2Fapp.example%2Fclient:x", "https://app.example/client", "x"),
        ] {
            assert_eq!(client(&basic(pair.as_bytes())), Some((client_id.to_owned(), secret.to_owned())), "{pair}");
        }
        for pair in ["", ":", ":s", "client", "a:%", "a:%4", "a:%zz", "%é:x", "a:%ff", "a:%00", "a%0a:b"] {
            assert_eq!(client(&basic(pair.as_bytes())), None, "{pair}");
        }
        for header in [&b"token a:b"[..], b"Bearer abc", b"", b"Basic", b"Basic \xff", b"Basic YTpi="] {
            assert_eq!(client(header), None);
        }
    }

    /// The same rules, written another way: byte by byte, and with base64 by hand.
    fn reference(header: &[u8]) -> String {
        fn judge(header: &[u8]) -> Option<String> {
            let blank = header.iter().position(|byte| *byte == b' ')?;
            let scheme = header[..blank].to_ascii_lowercase();
            let text = String::from_utf8(header[blank..].iter().skip_while(|b| **b == b' ').copied().collect()).ok()?;
            if header.len() > 8191 || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
                return None;
            }
            let pair = |text: &str| {
                let colon = text.find(':').filter(|at| *at > 0 && at + 1 < text.len())?;
                Some(format!("pair {:?} {:?}", text.split_at(colon).0, text.split_at(colon + 1).1))
            };
            match scheme.as_slice() {
                b"token" => pair(&text),
                b"basic" => {
                    let decoded = String::from_utf8(decode(text.as_bytes())?).ok()?;
                    if decoded.chars().any(char::is_control) { None } else { pair(&decoded) }
                }
                b"bearer" => {
                    let (word, padding) = text.split_at(text.find('=').unwrap_or(text.len()));
                    let good =
                        |c: char| matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' | '_' | '~' | '+' | '/');
                    let fits = !word.is_empty() && word.chars().all(good) && padding.chars().all(|c| c == '=');
                    fits.then(|| format!("bearer {text:?}"))
                }
                _ => None,
            }
        }
        fn decode(text: &[u8]) -> Option<Vec<u8>> {
            let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
            if !text.len().is_multiple_of(4) || padding > 2 {
                return None;
            }
            let mut bits = Vec::new();
            for byte in &text[..text.len() - padding] {
                let value = alphabet.iter().position(|letter| letter == byte)?;
                bits.extend((0..6).rev().map(|bit| u8::from(value >> bit & 1 == 1)));
            }
            let whole = bits.len() / 8 * 8;
            if bits[whole..].contains(&1) || bits.len() - whole != padding * 2 {
                return None;
            }
            Some(bits[..whole].chunks(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | *bit)).collect())
        }
        judge(header).unwrap_or_else(|| "malformed".to_owned())
    }

    fn near_a_header() -> impl Strategy<Value = Vec<u8>> {
        let scheme = "(token|Basic|BEARER|bearer|Digest|)( |  |\t|)";
        prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..40),
            (scheme, "[a-c:=+/ é]{0,9}").prop_map(|(scheme, rest)| format!("{scheme}{rest}").into_bytes()),
            (scheme, proptest::collection::vec(any::<u8>(), 0..9), "={0,3}").prop_map(|(scheme, pair, more)| format!(
                "{scheme}{}{more}",
                STANDARD.encode(pair)
            )
            .into_bytes()),
            (scheme, "[a-c]{0,3}:?[a-cü:]{0,3}").prop_map(|(scheme, pair)| format!(
                "{scheme}{}",
                STANDARD.encode(pair)
            )
            .into_bytes()),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn two_readings_of_the_rules_agree(header in near_a_header()) {
            let read = read(&header);
            prop_assert_ne!(&read, "absent");
            prop_assert_eq!(read, reference(&header));
        }

        #[test]
        fn no_two_texts_are_one_basic_credential(a in "[A-D+/]{0,6}={0,3}", b in "[A-D+/]{0,6}={0,3}") {
            let (first, second) = (STANDARD.decode(&a), STANDARD.decode(&b));
            if first.is_ok() && first == second {
                prop_assert_eq!(a, b);
            }
        }

        #[test]
        fn a_client_is_read_as_it_was_encoded(client_id in "[^\\pC]{1,9}", secret in "[^\\pC]{0,9}") {
            let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let header = basic(format!("{}:{}", encode(&client_id), encode(&secret)).as_bytes());
            prop_assert_eq!(client(&header), Some((client_id, secret)));
        }
    }
}
