//! A form that a passkey fills in.

/// What its script asks the browser for.
#[derive(Debug, Clone)]
pub struct PasskeyPrompt {
    /// `challenge`: what the authenticator is to sign, in base64url.
    pub challenge: String,
    /// All else, as JSON: `PublicKeyCredentialRequestOptionsJSON` or `PublicKeyCredentialCreationOptionsJSON` (Web
    /// Authentication §5.1.9, §5.1.8) without the challenge.
    pub options: String,
}

#[cfg(test)]
impl PasskeyPrompt {
    /// One for samples.
    pub fn sample() -> Self {
        Self { challenge: "Y2hhbGxlbmdl".to_owned(), options: "{\"rpId\":\"id.example.org\"}".to_owned() }
    }
}
