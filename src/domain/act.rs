//! What every verb that changes something is told: who does it, and when.

use serde_json::Value;

use crate::model::audit::AuditEvent;
use crate::model::audit::By;
use crate::model::id::AuditId;
use crate::model::time::Timestamp;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// Who acts, and when.
#[derive(Debug, Clone)]
pub struct Act {
    /// Who.
    pub by: By,
    /// When.
    pub now: Timestamp,
}

impl Act {
    /// Enters it into the audit log, in the transaction that does it. `details` is a JSON object without secrets.
    pub fn record(&self, tx: &mut Tx<'_>, event: AuditEvent, subject: &str, details: Value) -> Result<(), StoreError> {
        tx.audit().record(Random.id(self.now, AuditId::new), event, &self.by, subject, &details, self.now)
    }
}
