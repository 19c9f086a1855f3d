//! The secret key: there, the one that the database was used with, and how old.

use std::os::unix::fs::MetadataExt;

use crate::cli::doctor::report::Report;
use crate::config::Config;
use crate::config::secret_key;
use crate::config::secret_key::SecretKeys;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::server;
use crate::store::Store;

/// A key that is older is worth a thought.
const OLD: Lifetime = Lifetime::from_days(730);

/// Looks at the key. Makes none.
pub async fn check(config: &Config, store: Option<&Store>, now: Timestamp, report: &mut Report) {
    let file = secret_key::file(config);
    if let Some(Err(error)) = file.as_deref().map(std::fs::metadata) {
        let shown = file.as_deref().unwrap_or("".as_ref()).display();
        let mend = "put it back where it was lost; the first start of a server makes one";
        report.bad("secret_key", "secret_key", format!("there is no key at {shown} ({error}): {mend}"));
        return;
    }
    let keys = match SecretKeys::open(config, |_| {}) {
        Ok(keys) => keys,
        Err(error) => {
            report.bad("secret_key", "secret_key", error.to_string());
            return;
        }
    };
    let fits = match store {
        Some(store) => server::secret_key_fits(store, &keys).await,
        None => Ok(None),
    };
    match fits {
        Ok(Some(true)) => report.good("secret_key", "it is the one that the database was used with"),
        Ok(Some(false)) => {
            let seen = "it is not the one that the database was used with: put that one back, or name it in \
                        previous_secret_keys";
            report.bad("secret_key", "secret_key", seen);
        }
        Ok(None) if store.is_some() => {
            report.warn("secret_key", None, "no server has used this database with a key yet")
        }
        Ok(None) => {}
        Err(error) => report.bad("secret_key", None, error.to_string()),
    }
    let previous = keys.all().count().saturating_sub(1);
    if previous > 0 {
        let seen = "once what they made has ended (tokens.refresh_token_lifetime_seconds), take them out";
        let seen = format!("{previous} earlier secret keys are still accepted: {seen}");
        report.warn("key_age", "previous_secret_keys", seen);
    }
    let made = file.and_then(|file| std::fs::metadata(file).ok());
    match made.map(|file| Timestamp::from_seconds(file.mtime())) {
        None => report.good("key_age", "the configuration holds the secret key; how old it is cannot be seen"),
        Some(made) if now.since(made) > OLD => {
            let seen = "old enough to make another one; this one then goes to previous_secret_keys";
            report.warn("key_age", "secret_key", format!("the secret key is of {made}: {seen}"));
        }
        Some(made) => report.good("key_age", format!("the secret key is of {made}")),
    }
}
