//! Secrets that say what they are: a prefix, 43 random characters, a checksum.

use std::fmt;

use sha2::Digest;
use sha2::Sha256;

use crate::model::secret::Secret;

/// The alphabet of all our tokens, in the order of base 62.
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62^43 is just above 2^256.
const RANDOM_LENGTH: usize = 43;
const CHECKSUM_LENGTH: usize = 6;
/// How many characters follow the prefix of a token.
pub const WORD_LENGTH: usize = RANDOM_LENGTH + CHECKSUM_LENGTH;
/// How many characters follow the prefix of an API key.
pub const API_KEY_LENGTH: usize = 20;
/// What everything of ours begins with. A text that does and is none of ours is refused without asking the database.
pub const OURS: &str = "hp_";
/// The longest public half of a key that was made elsewhere, and the longest secret, in bytes.
pub const LONGEST_IMPORTED: usize = 256;

/// What a token is for; its prefix says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// OAuth access token (RFC 6749 §1.4).
    Access,
    /// OAuth refresh token (RFC 6749 §1.5).
    Refresh,
    /// Authorization code (RFC 6749 §1.3.1).
    Code,
    /// Client secret (RFC 6749 §2.3.1).
    ClientSecret,
    /// The secret half of an API key.
    ApiSecret,
    /// Cookie of a browser session.
    Session,
    /// The one-time token of the setup page.
    Setup,
    /// A registration access token (RFC 7592 §1.2).
    Registration,
    /// An initial access token (RFC 7591 §1.2).
    InitialAccess,
    /// A pushed authorization request; what stands at the end of its `request_uri` (RFC 9126 §2.2).
    PushedRequest,
    /// A device code (RFC 8628 §3.2).
    DeviceCode,
    /// The one-time way from a session to a cookie of another host.
    VerifyTicket,
    /// Cookie of another host, good at `/auth/verify` alone.
    VerifySession,
    /// The link in a mail by which a person sets a new password.
    PasswordReset,
    /// The link in a mail that proves whose address it was sent to.
    EmailVerification,
    /// The link in a mail by which somebody makes an account.
    SelfRegistration,
}

impl TokenKind {
    /// All of them.
    pub const ALL: [TokenKind; 16] = [
        TokenKind::Access,
        TokenKind::Refresh,
        TokenKind::Code,
        TokenKind::ClientSecret,
        TokenKind::ApiSecret,
        TokenKind::Session,
        TokenKind::Setup,
        TokenKind::Registration,
        TokenKind::InitialAccess,
        TokenKind::PushedRequest,
        TokenKind::DeviceCode,
        TokenKind::VerifyTicket,
        TokenKind::VerifySession,
        TokenKind::PasswordReset,
        TokenKind::EmailVerification,
        TokenKind::SelfRegistration,
    ];

    /// What stands before the random part.
    pub const fn prefix(self) -> &'static str {
        match self {
            TokenKind::Access => "hp_at_",
            TokenKind::Refresh => "hp_rt_",
            TokenKind::Code => "hp_ac_",
            TokenKind::ClientSecret => "hp_cs_",
            TokenKind::ApiSecret => "hp_sk_",
            TokenKind::Session => "hp_se_",
            TokenKind::Setup => "hp_su_",
            TokenKind::Registration => "hp_rg_",
            TokenKind::InitialAccess => "hp_ia_",
            TokenKind::PushedRequest => "hp_pr_",
            TokenKind::DeviceCode => "hp_dc_",
            TokenKind::VerifyTicket => "hp_vt_",
            TokenKind::VerifySession => "hp_vs_",
            TokenKind::PasswordReset => "hp_pw_",
            TokenKind::EmailVerification => "hp_ev_",
            TokenKind::SelfRegistration => "hp_sr_",
        }
    }
}

/// A token in the clear. It is shown to its owner once; only its [`TokenHash`] is kept.
#[derive(Clone)]
pub struct Token {
    kind: TokenKind,
    text: Secret,
}

impl Token {
    /// A new token. `random` yields uniformly random bytes, as many as are asked for.
    pub fn mint(kind: TokenKind, random: impl FnMut(&mut [u8])) -> Self {
        let mut text = String::with_capacity(kind.prefix().len() + RANDOM_LENGTH + CHECKSUM_LENGTH);
        text.push_str(kind.prefix());
        push_random(&mut text, RANDOM_LENGTH, random);
        let checksum = crc32fast::hash(text.as_bytes());
        push_checksum(&mut text, checksum);
        Self { kind, text: Secret::new(text) }
    }

    /// Reads a presented token. `None` where prefix, length, alphabet or checksum are not those of a token of
    /// ours: no database need be asked about such a text.
    pub fn parse(text: &str) -> Option<Self> {
        let kind = TokenKind::ALL.into_iter().find(|kind| text.starts_with(kind.prefix()))?;
        if text.len() != kind.prefix().len() + RANDOM_LENGTH + CHECKSUM_LENGTH {
            return None;
        }
        if !text.as_bytes()[kind.prefix().len()..].iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let (body, checksum) = text.split_at(text.len() - CHECKSUM_LENGTH);
        let mut expected = String::with_capacity(CHECKSUM_LENGTH);
        push_checksum(&mut expected, crc32fast::hash(body.as_bytes()));
        (checksum == expected).then(|| Self { kind, text: Secret::from(text) })
    }

    /// As [`Token::parse`], and `None` for a token of another kind.
    pub fn parse_as(kind: TokenKind, text: &str) -> Option<Self> {
        Self::parse(text).filter(|token| token.kind == kind)
    }

    /// What the token is for.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// What the store keeps of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.text.expose().as_bytes()).into())
    }

    /// The token in the clear, for its owner.
    pub fn reveal(&self) -> &str {
        self.text.expose()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[secret]", self.kind.prefix())
    }
}

/// SHA-256 of a token, prefix and all: what the database knows of it. A token has 256 random bits, so nothing
/// slower is needed, and the kind is part of what is hashed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash that the database keeps as these 32 bytes; `None` for any other length.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The 32 bytes that the database keeps.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The same, which are as many as they are.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for TokenHash {
    /// Six hex digits: enough to tell two apart in a log, too few to look one up.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02x}{:02x}{:02x}…", self.0[0], self.0[1], self.0[2])
    }
}

/// The public half of an API key: `hp_key_` and 20 characters, or what an imported key was called where it came from. It
/// is a name, not a secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ApiKeyName(String);

impl ApiKeyName {
    const PREFIX: &'static str = "hp_key_";

    /// A new name. `random` yields uniformly random bytes.
    pub fn mint(random: impl FnMut(&mut [u8])) -> Self {
        let mut text = String::from(Self::PREFIX);
        push_random(&mut text, API_KEY_LENGTH, random);
        Self(text)
    }

    /// Reads a presented name; `None` for a text of another form.
    pub fn parse(text: &str) -> Option<Self> {
        let random = text.strip_prefix(Self::PREFIX)?;
        let good = random.len() == API_KEY_LENGTH && random.bytes().all(|b| b.is_ascii_alphanumeric());
        good.then(|| Self(text.to_owned()))
    }

    /// Reads the name of a key that was made elsewhere: visible ASCII without a colon, and not a form of ours.
    pub fn parse_imported(text: &str) -> Option<Self> {
        let is_good = |byte: u8| byte.is_ascii_graphic() && byte != b':';
        let good = !text.is_empty() && text.len() <= LONGEST_IMPORTED && text.bytes().all(is_good);
        (good && !text.starts_with(OURS)).then(|| Self(text.to_owned()))
    }

    /// Reads either of the two.
    pub fn parse_any(text: &str) -> Option<Self> {
        Self::parse(text).or_else(|| Self::parse_imported(text))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ApiKeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether `text` can be a secret that was made elsewhere: what begins as ours do is none.
pub fn may_be_imported(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_IMPORTED && !text.starts_with(OURS)
}

/// Adds `count` uniformly random characters. Bytes from 248 up are thrown away: 248 is the largest multiple of 62
/// in a byte, so each character is as likely as any other.
fn push_random(text: &mut String, count: usize, mut random: impl FnMut(&mut [u8])) {
    let mut wanted = count;
    let mut bytes = zeroize::Zeroizing::new([0_u8; 64]);
    while wanted > 0 {
        random(&mut bytes[..]);
        for byte in bytes.iter().filter(|byte| **byte < 248).take(wanted) {
            text.push(char::from(ALPHABET[usize::from(byte % 62)]));
            wanted -= 1;
        }
    }
}

/// Adds `checksum` in six characters of base 62, most significant first, padded with `0`.
fn push_checksum(text: &mut String, checksum: u32) {
    let mut digits = [b'0'; CHECKSUM_LENGTH];
    let mut rest = checksum;
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    text.extend(digits.iter().map(|digit| char::from(*digit)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting() -> impl FnMut(&mut [u8]) {
        let mut next = 0_u8;
        move |bytes| {
            for byte in bytes {
                *byte = next;
                next = next.wrapping_add(37);
            }
        }
    }

    #[test]
    fn a_minted_token_is_read_as_its_kind() {
        for kind in TokenKind::ALL {
            let token = Token::mint(kind, counting());
            let read = Token::parse(token.reveal()).unwrap();
            assert_eq!(read.kind(), kind);
            assert_eq!(read.hash(), token.hash());
        }
    }

    #[test]
    fn one_changed_character_is_refused() {
        let token = Token::mint(TokenKind::Access, counting());
        for at in 0..token.reveal().len() {
            let mut bytes = token.reveal().as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            assert!(Token::parse(std::str::from_utf8(&bytes).unwrap()).is_none(), "position {at}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_read_is_what_was_minted(seed in 0_u8..255, kind in 0_usize..TokenKind::ALL.len()) {
            let mut next = seed;
            let token = Token::mint(TokenKind::ALL[kind], |bytes| bytes.fill_with(|| { next = next.wrapping_mul(31).wrapping_add(7); next }));
            let read = Token::parse(token.reveal()).expect("a token");
            proptest::prop_assert_eq!(read.kind(), TokenKind::ALL[kind]);
            proptest::prop_assert_eq!(read.reveal(), token.reveal());
        }

        #[test]
        fn no_other_text_is_a_token(prefix in "hp_[a-z]{2}_|[a-z_]{0,8}", rest in "[0-9A-Za-z]{40,60}|\\PC{0,60}") {
            // A checksum of 32 bits is not met by chance.
            let text = format!("{prefix}{rest}");
            proptest::prop_assert!(Token::parse(&text).is_none());
        }

        #[test]
        fn a_token_with_anything_changed_is_none(at in 0_usize..55, by in 1_u8..128) {
            let token = Token::mint(TokenKind::Access, counting());
            let mut bytes = token.reveal().as_bytes().to_vec();
            bytes[at] ^= by;
            let changed = String::from_utf8_lossy(&bytes).into_owned();
            proptest::prop_assert!(Token::parse(&changed).is_none());
        }
    }

    #[test]
    fn the_checksum_is_the_one_that_scanners_know() {
        // CRC-32 (ISO-HDLC) of "123456789" is 0xCBF43926 = 3421780262.
        let mut text = String::new();
        push_checksum(&mut text, crc32fast::hash(b"123456789"));
        assert_eq!(text, "3jZRME");
    }

    #[test]
    fn a_token_does_not_print_itself() {
        assert_eq!(format!("{:?}", Token::mint(TokenKind::Code, counting())), "hp_ac_[secret]");
    }
}
