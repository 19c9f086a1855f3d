//! What the server signs, checked by the keys that it publishes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hallpass::jose::jwk_set::JwkSet;
use hallpass::jose::jws::Jws;
use serde_json::Value;

use super::app::TestApp;

impl TestApp {
    /// The claims of a JWT that this server signed.
    pub async fn claims_of(&self, jwt: &str) -> Value {
        let published = self.stranger().get("/.well-known/jwks.json").await;
        assert_eq!(published.status, 200, "{}", published.body);
        let keys = JwkSet::parse(&published.body).unwrap();
        let signed = Jws::parse(jwt).unwrap_or_else(|error| panic!("{error}: {jwt}"));
        let (claims, _) = signed.claims_by(&keys).unwrap_or_else(|error| panic!("{error}: {jwt}"));
        Value::from(claims.members().clone())
    }
}

/// The header of a JWT.
pub fn header_of(jwt: &str) -> Value {
    let header = jwt.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}
