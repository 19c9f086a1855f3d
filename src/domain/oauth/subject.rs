//! Who a user is to a client: `sub` (OpenID Connect Core §8).

use hmac::Mac;
use url::Url;

use crate::domain::keyed_hash;
use crate::model::client::Client;
use crate::model::digest;
use crate::model::id::UserId;
use crate::model::openid::SubjectType;

/// The `sub` by which `client` knows `user`. Where it is pairwise, `salt` keeps whoever knows it from finding the user.
pub fn of(salt: &[u8; 32], client: &Client, user: UserId) -> String {
    if client.openid.subject_type != Some(SubjectType::Pairwise) {
        return user.to_string();
    }
    let sector = sector(client);
    let mut mac = keyed_hash::begin(salt);
    mac.update(b"pairwise subject\0");
    mac.update(&(sector.len() as u64).to_be_bytes());
    mac.update(sector.as_bytes());
    mac.update(user.as_bytes());
    digest::base64url(&[&mac.finalize().into_bytes()])
}

/// Whose clients share their subjects (OpenID Connect Core §8.1): the host of the list of their redirect URIs, or of
/// these themselves; a client that has none shares with nobody.
fn sector(client: &Client) -> String {
    let list = client.openid.sector_identifier_uri.as_deref();
    let uri = list.or_else(|| client.redirect_uris.first().map(|uri| uri.as_str()));
    let host = uri.and_then(|uri| Url::parse(uri).ok()).and_then(|uri| uri.host_str().map(str::to_owned));
    host.unwrap_or_else(|| client.client_id.clone())
}

/// Whether it is certain whose clients share the subjects of `client`: its redirect URIs have one host, or there is a list.
pub fn has_sector(client: &Client) -> bool {
    let hosts = client.redirect_uris.iter().map(|uri| Url::parse(uri.as_str()).ok()?.host_str().map(str::to_owned));
    let mut hosts: Vec<_> = hosts.collect();
    hosts.sort();
    hosts.dedup();
    client.openid.sector_identifier_uri.is_some() || hosts.len() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::client::AuthMethod;
    use crate::model::client::ClientOrigin;
    use crate::model::id::ClientId;
    use crate::model::redirect_uri::RedirectUri;
    use crate::model::time::Timestamp;

    fn client(random: u8, uris: &[&str]) -> Client {
        let (now, origin) = (Timestamp::from_seconds(1), ClientOrigin::Administrator);
        let id = ClientId::new(now, [random; 10]);
        let mut client = Client::new(id, String::new(), AuthMethod::ClientSecretBasic, origin, now);
        client.redirect_uris = uris.iter().map(|uri| RedirectUri::parse(uri).unwrap()).collect();
        client.openid.subject_type = Some(SubjectType::Pairwise);
        client
    }

    /// OpenID Connect Core §8.1
    #[test]
    fn clients_of_one_sector_know_a_user_by_one_name_and_others_by_another() {
        let (ada, bob) =
            (UserId::new(Timestamp::from_seconds(1), [1; 10]), UserId::new(Timestamp::from_seconds(1), [2; 10]));
        let (one, same) =
            (client(1, &["https://a.test/cb"]), client(2, &["https://a.test/other", "https://a.test/cb"]));
        let other = client(3, &["https://b.test/cb"]);
        let sub = |client: &Client, user| of(&[7; 32], client, user);
        assert_eq!(sub(&one, ada), sub(&same, ada));
        assert_ne!(sub(&one, ada), sub(&other, ada));
        assert_ne!(sub(&one, ada), sub(&one, bob));
        assert_ne!(sub(&one, ada), of(&[8; 32], &one, ada));
        let mut listed = client(4, &["https://a.test/cb", "https://b.test/cb"]);
        assert!(!has_sector(&listed) && has_sector(&one));
        listed.openid.sector_identifier_uri = Some("https://b.test/list.json".to_owned());
        assert!(has_sector(&listed));
        assert_eq!(sub(&listed, ada), sub(&other, ada));
        listed.openid.subject_type = None;
        assert_eq!(sub(&listed, ada), ada.to_string());
        assert!(sub(&client(5, &[]), ada) != sub(&client(6, &[]), ada));
    }
}
