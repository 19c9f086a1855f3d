//! What an operator changes beside the running server, for what tests want to happen between two steps.

use hallpass::domain::api_keys;
use hallpass::domain::clients;
use hallpass::domain::clients::ClientDescription;
use hallpass::domain::grants;
use hallpass::domain::roles;
use hallpass::domain::users;
use hallpass::model::audit::AuditEntry;
use hallpass::model::audit::AuditEvent;
use hallpass::model::client::Client;
use hallpass::model::email::Email;
use hallpass::model::id::ApiKeyId;
use hallpass::model::id::ClientId;
use hallpass::model::id::UserId;
use hallpass::model::name::DisplayName;
use hallpass::model::password::PasswordHash;
use hallpass::model::role::RoleName;
use hallpass::model::scope::ScopeToken;
use hallpass::model::time::Lifetime;
use hallpass::model::user::User;
use hallpass::model::user::UserChanges;

use super::app::BEGIN;
use super::app::TestApp;
use super::seed::SeededClient;
use super::seed::SeededKey;

/// Another password than that of seeded people.
pub const OTHER_PASSWORD_HASH: &str =
    "$argon2id$v=19$m=64,t=1,p=1$loxlDCyovS1evH5BKLk0SQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl SeededClient {
    /// Its id inside.
    pub fn id(&self) -> ClientId {
        ClientId::parse(&self.client_id).expect("a client's id")
    }
}

impl TestApp {
    /// Enables or disables a client.
    pub async fn set_client_enabled(&self, client: &SeededClient, enabled: bool) {
        let (id, act) = (client.id(), self.act());
        self.store.write(move |tx| clients::set_enabled(tx, id, enabled, &act)).await.unwrap();
    }

    /// Deletes a client.
    pub async fn delete_client(&self, client: &SeededClient) {
        let (id, act) = (client.id(), self.act());
        self.store.write(move |tx| clients::delete(tx, id, &act)).await.unwrap();
    }

    /// Changes a client's registration.
    pub async fn change_client(&self, client: &SeededClient, change: impl FnOnce(&mut ClientDescription)) {
        let (id, act) = (client.id(), self.act());
        let before = self.write(move |tx| tx.clients().find(id)).await.expect("the client");
        let mut description = described(&before);
        change(&mut description);
        self.store.write(move |tx| clients::change(tx, id, &description, &act)).await.unwrap();
    }

    /// Gives a client a new secret; the old one works for `overlap` longer.
    pub async fn rotate_client_secret(&self, client: &SeededClient, overlap: Lifetime) -> SeededClient {
        let (id, act) = (client.id(), self.act());
        let (_, secret) = self.store.write(move |tx| clients::rotate_secret(tx, id, overlap, &act)).await.unwrap();
        SeededClient { secret: secret.reveal().to_owned(), ..client.clone() }
    }

    /// Gives a user an e-mail address and a full name.
    pub async fn describe_user(&self, user: &User, email: &str, full_name: &str) {
        let (id, act) = (user.id, self.act());
        let changes = UserChanges {
            email: Some(Some(Email::parse(email).unwrap())),
            full_name: Some(full_name.to_owned()),
            claims: None,
        };
        self.store.write(move |tx| users::change_profile(tx, id, &changes, &act)).await.unwrap();
    }

    /// Gives a user a role.
    pub async fn grant_role(&self, user: &User, role: &str) {
        let (id, role, act) = (user.id, RoleName::parse(role).unwrap(), self.act());
        self.store.write(move |tx| users::grant_role(tx, id, &role, &act)).await.unwrap();
    }

    /// Takes a role from a user.
    pub async fn revoke_role(&self, user: &User, role: &str) {
        let (id, role, act) = (user.id, RoleName::parse(role).unwrap(), self.act());
        self.store.write(move |tx| users::revoke_role(tx, id, &role, &act)).await.unwrap();
    }

    /// Deletes a user.
    pub async fn delete_user(&self, user: &User) {
        let (id, act) = (user.id, self.act());
        self.store.write(move |tx| users::delete(tx, id, &act)).await.unwrap();
    }

    /// Revokes a key.
    pub async fn revoke_key(&self, key: &SeededKey) {
        let (id, act) = (ApiKeyId::parse(&key.id).unwrap(), self.act());
        self.store.write(move |tx| api_keys::revoke(tx, id, &act)).await.unwrap();
    }

    /// Gives a key a new secret; the old one works for `overlap` longer.
    pub async fn rotate_key(&self, key: &SeededKey, overlap: Lifetime) -> SeededKey {
        let (id, act) = (ApiKeyId::parse(&key.id).unwrap(), self.act());
        let rotated = self.store.write(move |tx| api_keys::rotate(tx, id, overlap, &act)).await;
        SeededKey { api_secret: rotated.unwrap().1.reveal().to_owned(), ..key.clone() }
    }

    /// Deletes a scope.
    pub async fn delete_scope(&self, name: &str) {
        let (name, act) = (ScopeToken::parse(name).unwrap(), self.act());
        self.store.write(move |tx| roles::delete_scope(tx, &name, &act)).await.unwrap();
    }

    /// Sets a user's password to one that nobody knows.
    pub async fn change_password(&self, user: &User) {
        let (id, act) = (user.id, self.act());
        let hash = PasswordHash::from_stored(OTHER_PASSWORD_HASH.to_owned());
        self.store.write(move |tx| users::set_password(tx, id, &hash, None, &act)).await.unwrap();
    }

    /// Takes back all that a user let clients do.
    pub async fn revoke_grants(&self, user: UserId) {
        let act = self.act();
        self.write(move |tx| {
            for grant in tx.grants().list_live_of(user, act.now)? {
                grants::revoke(tx, grant.id, Some(user), &act)?;
            }
            Ok(())
        })
        .await;
    }

    /// How many of a user's grants hold now.
    pub async fn count_grants(&self, user: &User) -> usize {
        let (id, now) = (user.id, self.act().now);
        self.write(move |tx| tx.grants().list_live_of(id, now)).await.len()
    }

    /// What the audit log has under this name, oldest first.
    pub async fn audited(&self, event: AuditEvent) -> Vec<AuditEntry> {
        let all = self.write(|tx| tx.audit().list(BEGIN, None, 1_000_000)).await;
        all.into_iter().filter(|entry| entry.event == event.as_str()).collect()
    }
}

fn described(client: &Client) -> ClientDescription {
    ClientDescription::of(client, DisplayName::parse(&client.name).unwrap())
}
