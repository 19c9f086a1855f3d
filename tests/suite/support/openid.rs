//! What clients of OpenID Connect do: ask for an id_token, and check it with the keys that the server publishes.

use hallpass::domain::users;
use hallpass::jose::jwk_set::JwkSet;
use hallpass::jose::jws::Jws;
use hallpass::model::user::User;
use hallpass::model::user::UserChanges;
use hallpass::model::user_claims::UserClaims;
use serde_json::Value;
use serde_json::json;

use super::app::TestApp;
use super::caller::Browser;
use super::flow::parameters;
use super::seed::SeededClient;

/// Where the keys are.
pub const JWKS: &str = "/.well-known/jwks.json";
/// Where the server says what it does.
pub const CONFIGURATION: &str = "/.well-known/openid-configuration";
/// The UserInfo endpoint.
pub const USERINFO: &str = "/oauth/userinfo";

/// What a signed text says, if one of `jwks` signed it: header and claims.
///
/// # Errors
/// Why it did not.
pub fn verify(signed: &str, jwks: &str) -> Result<(Value, Value), String> {
    let keys = JwkSet::parse(jwks).map_err(|error| error.to_string())?;
    let parsed = Jws::parse(signed).map_err(|error| error.to_string())?;
    let (claims, key) = parsed.claims_by(&keys).map_err(|error| error.to_string())?;
    let header = json!({ "alg": parsed.algorithm().as_str(), "kid": key.kid(), "typ": typ(signed) });
    Ok((header, Value::Object(claims.members().clone())))
}

fn typ(signed: &str) -> Value {
    use base64::Engine;
    let header = signed.split('.').next().unwrap();
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).unwrap();
    serde_json::from_slice::<Value>(&header).unwrap()["typ"].clone()
}

impl TestApp {
    /// The keys that the server publishes, as they came.
    pub async fn jwks(&self) -> String {
        let answer = self.stranger().get(JWKS).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    /// What the id_token of a token answer says, checked with the keys that are published now.
    pub async fn id_token(&self, tokens: &Value) -> (Value, Value) {
        let id_token = tokens["id_token"].as_str().unwrap_or_else(|| panic!("no id_token: {tokens}"));
        verify(id_token, &self.jwks().await).unwrap_or_else(|why| panic!("{why}: {id_token}"))
    }

    /// Signs `browser` in to `client` with a request that has `extra` parameters. Returns the token answer.
    pub async fn tokens_for(&self, browser: &Browser, client: &SeededClient, extra: &[(&str, &str)]) -> Value {
        let location = self.authorize(browser, client, extra).await;
        let code = parameters(&location).remove("code").unwrap_or_else(|| panic!("no code in {location}"));
        let answer = self.redeem(client, &code).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// What the UserInfo endpoint says to whoever has the access token of a token answer.
    pub async fn userinfo(&self, tokens: &Value) -> Value {
        let script = self.script(&format!("Bearer {}", tokens["access_token"].as_str().unwrap()));
        let answer = script.get(USERINFO).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// Gives a user all standard claims that there are.
    pub async fn complete_user(&self, user: &User) -> Value {
        let claims = json!({
            "given_name": "Ada", "family_name": "Lovelace", "middle_name": "King", "nickname": "The Enchantress",
            "profile": "https://example.com/ada", "picture": "https://example.com/ada.png",
            "website": "https://ada.example.com/", "gender": "female", "birthdate": "1815-12-10",
            "zoneinfo": "Europe/London", "locale": "en-GB", "phone_number": "+44 20 7946 0000",
            "phone_number_verified": true, "email_verified": true,
            "address": { "formatted": "12 St James's Square\nLondon", "street_address": "12 St James's Square",
                         "locality": "London", "region": "Greater London", "postal_code": "SW1Y 4JH",
                         "country": "England" },
        });
        self.describe_user(user, "ada@example.com", "Ada Lovelace").await;
        let parsed: UserClaims = serde_json::from_value(claims.clone()).unwrap();
        parsed.check().unwrap();
        let (id, act) = (user.id, self.act());
        let changes = UserChanges { claims: Some(parsed), ..UserChanges::default() };
        self.store.write(move |tx| users::change_profile(tx, id, &changes, &act)).await.unwrap();
        claims
    }
}
