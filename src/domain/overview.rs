//! What administrators look at first: what needs attention, and how much goes on.

use std::sync::Mutex;
use std::sync::PoisonError;

use crate::domain::key_uses::day;
use crate::model::api_key::KeyKind;
use crate::model::audit::AuditEvent;
use crate::model::audit::AuditFilter;
use crate::model::listing::ClientFilter;
use crate::model::listing::ClientKey;
use crate::model::listing::KeyFilter;
use crate::model::listing::KeyKey;
use crate::model::listing::Order;
use crate::model::listing::Part;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::traffic::Counted;
use crate::model::traffic::DayTraffic;
use crate::model::traffic::TrafficKind;
use crate::store::StoreError;
use crate::store::Tx;

/// So many of a kind are counted one by one; beyond that it is only said that there are more.
pub const COUNTED: usize = 100;
/// A key that ends within so long ends soon.
pub const SOON: Lifetime = Lifetime::from_days(14);
/// What was not used for so long is unused.
pub const UNUSED: Lifetime = Lifetime::from_days(90);
/// Failed sign-ins of so long are counted.
pub const FAILURES: Lifetime = Lifetime::from_hours(24);
/// What a failed sign-in is in the log.
pub const FAILED_SIGN_INS: [AuditEvent; 3] =
    [AuditEvent::LoginFailed, AuditEvent::SecondFactorFailed, AuditEvent::PasskeyRefused];
/// Decoys that were tried in so long are counted.
pub const DECOYS: Lifetime = Lifetime::from_days(30);

/// How many there are of what needs attention, up to [`COUNTED`] and one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attention {
    /// API keys that end within [`SOON`].
    pub keys_that_end: usize,
    /// Wrong passwords, second factors and passkeys within [`FAILURES`].
    pub failed_sign_ins: usize,
    /// Enabled applications without use for [`UNUSED`].
    pub unused_clients: usize,
    /// Uses of decoys within [`DECOYS`].
    pub decoys_tried: usize,
    /// People who hold the role `admin` and sign in with a password alone.
    pub single_factor_administrators: usize,
}

/// What stands on the overview.
#[derive(Debug, Clone)]
pub struct Overview {
    /// What needs attention.
    pub attention: Attention,
    /// How much went on, the earliest day first.
    pub traffic: Vec<DayTraffic>,
}

/// Reads the overview; how much went on from the day `since` on (days since the Unix epoch).
///
/// # Errors
/// What the database says.
pub fn read(tx: &mut Tx<'_>, since: i64, now: Timestamp) -> Result<Overview, StoreError> {
    let attention = Attention {
        keys_that_end: keys_that_end(tx, now)?,
        failed_sign_ins: happened(tx, &FAILED_SIGN_INS, now.before(FAILURES))?,
        unused_clients: unused_clients(tx, now)?,
        decoys_tried: happened(tx, &[AuditEvent::DecoyTried], now.before(DECOYS))?,
        single_factor_administrators: tx.users().count_single_factor_administrators()?,
    };
    Ok(Overview { attention, traffic: tx.traffic().since(since)? })
}

fn keys_that_end(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    let kind = KeyKind { enabled: Some(true), expires_before: Some(now + SOON), ..KeyKind::default() };
    let filter = KeyFilter { text: None, kind, expires_after: Some(now) };
    // From those that end now: the many that have ended are not walked through.
    let order = Order { by: KeyKey::End, is_descending: false };
    let after = Some(KeyFilter::place_of_end(now));
    Ok(tx.api_keys().search(&filter, &Part { order, after, limit: COUNTED + 1 })?.records.len())
}

fn unused_clients(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    let filter =
        ClientFilter { enabled: Some(true), unused_since: Some(now.before(UNUSED)), ..ClientFilter::default() };
    let part = Part { order: Order { by: ClientKey::Made, is_descending: false }, after: None, limit: COUNTED + 1 };
    Ok(tx.clients().search(&filter, &part)?.records.len())
}

fn happened(tx: &mut Tx<'_>, events: &[AuditEvent], since: Timestamp) -> Result<usize, StoreError> {
    let events = events.iter().map(|event| event.as_str().to_owned()).collect();
    let filter = AuditFilter { events, since: Some(since), ..AuditFilter::default() };
    let most = i64::try_from(COUNTED).unwrap_or(i64::MAX).saturating_add(1);
    Ok(tx.audit().recent(&filter, None, most)?.len())
}

/// What this server counted, and how much of it is written.
#[derive(Debug, Default)]
pub struct Written(Mutex<Counted>);

impl Written {
    /// What of `counted` is not written yet, as of `now`. It counts as written from here on.
    pub fn take(&self, counted: Counted, now: Timestamp) -> Vec<DayTraffic> {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *written, counted);
        let more = TrafficKind::ALL.into_iter().filter_map(|kind| {
            let count = i64::try_from(counted.get(kind).saturating_sub(before.get(kind))).unwrap_or(i64::MAX);
            (count > 0).then_some(DayTraffic { day: day(now), kind, count })
        });
        more.collect()
    }

    /// Says that `more` could not be written: it is taken once more.
    pub fn put_back(&self, more: &[DayTraffic]) {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = |kind| more.iter().filter(|more| more.kind == kind).map(|more| more.count.unsigned_abs()).sum();
        *written = Counted::of(|kind| written.get(kind).saturating_sub(missing(kind)));
    }
}

/// Writes what [`Written::take`] gave.
///
/// # Errors
/// What the database says.
pub fn write(tx: &mut Tx<'_>, more: &[DayTraffic]) -> Result<(), StoreError> {
    more.iter().try_for_each(|more| tx.traffic().add(*more))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_written_is_taken_once_more() {
        let (written, now) = (Written::default(), Timestamp::from_seconds(86_400));
        let counted = |tokens| {
            Counted::of(|kind| match kind {
                TrafficKind::SignIn => 1,
                TrafficKind::Token => tokens,
                _ => 0,
            })
        };
        let first = written.take(counted(2), now);
        let of = |kind, count| DayTraffic { day: 1, kind, count };
        assert_eq!(first, [of(TrafficKind::SignIn, 1), of(TrafficKind::Token, 2)]);
        assert_eq!(written.take(counted(2), now), []);
        written.put_back(&first);
        assert_eq!(written.take(counted(5), now), [of(TrafficKind::SignIn, 1), of(TrafficKind::Token, 5)]);
    }
}
