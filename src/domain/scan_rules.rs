//! Rules by which scanners find this server's secrets where they should not be.

use crate::model::token::API_KEY_LENGTH;
use crate::model::token::TokenKind;
use crate::model::token::WORD_LENGTH;

/// A scanner that rules are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanFormat {
    /// A configuration of gitleaks, in TOML.
    Gitleaks,
    /// A plugin of detect-secrets, in Python; it checks the checksum too.
    DetectSecrets,
}

impl ScanFormat {
    /// Reads its name; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "gitleaks" => Some(Self::Gitleaks),
            "detect-secrets" => Some(Self::DetectSecrets),
            _ => None,
        }
    }
}

/// The rules as a file. `issuer` is this server, and at `report_at` it takes what was found.
pub fn write(format: ScanFormat, issuer: &str, report_at: &str) -> String {
    match format {
        ScanFormat::Gitleaks => gitleaks(issuer, report_at),
        ScanFormat::DetectSecrets => detect_secrets(issuer, report_at),
    }
}

/// What a kind of secret is called.
fn name(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Access => "access token",
        TokenKind::Refresh => "refresh token",
        TokenKind::Code => "authorization code",
        TokenKind::ClientSecret => "client secret",
        TokenKind::ApiSecret => "API secret",
        TokenKind::Session => "session cookie",
        TokenKind::Setup => "setup token",
        TokenKind::Registration => "registration access token",
        TokenKind::InitialAccess => "initial access token",
        TokenKind::PushedRequest => "pushed authorization request",
        TokenKind::DeviceCode => "device code",
        TokenKind::VerifyTicket => "verification ticket",
        TokenKind::VerifySession => "verification cookie",
        TokenKind::PasswordReset => "password reset link",
        TokenKind::EmailVerification => "e-mail verification link",
        TokenKind::SelfRegistration => "registration link",
    }
}

fn gitleaks(issuer: &str, report_at: &str) -> String {
    let mut file = format!(
        "# Secrets of {issuer}. Merge these rules into .gitleaks.toml, or run: gitleaks dir --config THIS_FILE\n\
         # What was found is put out of use by POST {report_at} with {{\"secret\": \"…\", \"found_at\": \"…\"}} as JSON.\n\n\
         title = {}\n",
        quoted(&format!("Secrets of {issuer}"))
    );
    for kind in TokenKind::ALL {
        let rule = format!("hallpass-{}", name(kind).to_lowercase().replace(' ', "-"));
        let regex = format!("({}[0-9A-Za-z]{{{WORD_LENGTH}}})(?:[^0-9A-Za-z]|$)", kind.prefix());
        file += &gitleaks_rule(&rule, name(kind), &regex, kind.prefix(), issuer, report_at);
    }
    let (public, secret) = ("hp_key_", TokenKind::ApiSecret.prefix());
    let pair =
        format!("({public}[0-9A-Za-z]{{{API_KEY_LENGTH}}}:{secret}[0-9A-Za-z]{{{WORD_LENGTH}}})(?:[^0-9A-Za-z]|$)");
    file + &gitleaks_rule("hallpass-api-key-pair", "API key with its secret", &pair, public, issuer, report_at)
}

fn gitleaks_rule(id: &str, what: &str, regex: &str, keyword: &str, issuer: &str, report_at: &str) -> String {
    let description = quoted(&format!("{what} of {issuer}; report it at {report_at}"));
    format!(
        "\n[[rules]]\nid = \"{id}\"\ndescription = {description}\nregex = '''{regex}'''\nsecretGroup = 1\nkeywords = [\"{keyword}\"]\n"
    )
}

fn detect_secrets(issuer: &str, report_at: &str) -> String {
    let prefixes: Vec<&str> = TokenKind::ALL.iter().map(|kind| kind.prefix()).collect();
    let types: Vec<String> = TokenKind::ALL
        .iter()
        .map(|kind| format!("    {}: {},\n", quoted(kind.prefix()), quoted(&format!("Hallpass {}", name(*kind)))))
        .collect();
    DETECT_SECRETS
        .replace("{types}", &types.concat())
        .replace("{prefixes}", &prefixes.join("|"))
        .replace("{length}", &WORD_LENGTH.to_string())
        .replace("{issuer}", &quoted(issuer))
        .replace("{report_at}", &quoted(report_at))
}

/// A text between quotation marks, as JSON, TOML and Python read it alike.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars().filter(|c| !c.is_control()) {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted + "\""
}

/// The plugin, with its parts in braces.
const DETECT_SECRETS: &str = r#"'''A plugin for detect-secrets that finds this server's secrets: detect-secrets scan --plugin THIS_FILE

Their last six characters are a checksum of what stands before, so that no other text is taken for one.
What was found is put out of use by a POST of {"secret": "...", "found_at": "..."} as JSON to REPORT_AT.
'''

import re
import zlib

from detect_secrets.plugins.base import RegexBasedDetector

ISSUER = {issuer}
REPORT_AT = {report_at}

KINDS = {
{types}}

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def has_good_checksum(secret):
    """Whether the end of a secret is the CRC-32 of the rest, in base 62."""
    body, checksum = secret[:-6], secret[-6:]
    number = zlib.crc32(body.encode())
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = ALPHABET[digit] + digits
    return checksum == digits


class HallpassDetector(RegexBasedDetector):
    """Finds the secrets of one Hallpass server."""

    secret_type = "Hallpass secret of " + ISSUER

    denylist = [re.compile(r"((?:{prefixes})[0-9A-Za-z]{{length}})(?![0-9A-Za-z])")]

    def analyze_string(self, string):
        """All secrets in a line."""
        for secret in super().analyze_string(string):
            if has_good_checksum(secret):
                yield secret
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_secret_has_its_rule() {
        for format in [ScanFormat::Gitleaks, ScanFormat::DetectSecrets] {
            let rules = write(format, "https://id.example", "https://id.example/leaks");
            for kind in TokenKind::ALL {
                assert!(rules.contains(kind.prefix()), "{kind:?}");
            }
            assert!(rules.contains("https://id.example/leaks"));
            assert!(!rules.contains("{issuer}") && !rules.contains("{types}") && !rules.contains("{length}"));
        }
    }
}
