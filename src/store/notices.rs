//! What users have to be told.

use diesel::prelude::*;

use crate::model::id::NoticeId;
use crate::model::id::UserId;
use crate::model::notice::Notice;
use crate::model::notice::NoticeKind;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::schema::notices;

/// The table `notices`.
pub struct Notices<'t>(&'t mut Conn);

impl Tx<'_> {
    /// What users have to be told.
    pub fn notices(&mut self) -> Notices<'_> {
        Notices(self.conn)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = notices)]
struct Row {
    id: Vec<u8>,
    user_id: Vec<u8>,
    kind: String,
    subject: String,
    details: String,
    created_at: i64,
}

impl Row {
    fn into_notice(self) -> Result<Notice, StoreError> {
        Ok(Notice {
            id: columns::id(&self.id)?,
            user: columns::id(&self.user_id)?,
            kind: NoticeKind::parse(&self.kind).ok_or(StoreError::Corrupt("a notice is of no known kind"))?,
            subject: self.subject,
            details: self.details,
            created_at: Timestamp::from_millis(self.created_at),
        })
    }
}

impl Notices<'_> {
    /// Adds one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where its user is gone.
    pub fn insert(&mut self, notice: &Notice) -> Result<(), StoreError> {
        let row = Row {
            id: notice.id.as_bytes().to_vec(),
            user_id: notice.user.as_bytes().to_vec(),
            kind: notice.kind.as_str().to_owned(),
            subject: notice.subject.clone(),
            details: notice.details.clone(),
            created_at: notice.created_at.millis(),
        };
        diesel::insert_into(notices::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// At most `limit` notices of a user, or of everybody, behind the id `after`, oldest first.
    pub fn list(
        &mut self,
        of: impl Into<Option<UserId>>,
        after: Option<NoticeId>,
        limit: i64,
    ) -> Result<Vec<Notice>, StoreError> {
        let mut query = notices::table.order(notices::id).limit(limit).select(Row::as_select()).into_boxed();
        if let Some(user) = of.into() {
            query = query.filter(notices::user_id.eq(user.as_bytes().to_vec()));
        }
        if let Some(after) = after {
            query = query.filter(notices::id.gt(after.as_bytes().to_vec()));
        }
        let rows: Vec<Row> = query.load(self.0)?;
        rows.into_iter().map(Row::into_notice).collect()
    }

    /// Takes one of a user's away. `false` where there is none.
    pub fn delete(&mut self, user: UserId, id: NoticeId) -> Result<bool, StoreError> {
        let this = notices::table.filter(notices::id.eq(id.as_bytes())).filter(notices::user_id.eq(user.as_bytes()));
        Ok(diesel::delete(this).execute(self.0)? == 1)
    }

    /// Takes all of a user's away.
    pub fn delete_all(&mut self, user: UserId) -> Result<(), StoreError> {
        diesel::delete(notices::table.filter(notices::user_id.eq(user.as_bytes()))).execute(self.0)?;
        Ok(())
    }

    /// Deletes those of a user that are of this kind and about this record.
    pub fn delete_about(&mut self, user: UserId, kind: NoticeKind, subject: &str) -> Result<(), StoreError> {
        let these = notices::table
            .filter(notices::user_id.eq(user.as_bytes()))
            .filter(notices::kind.eq(kind.as_str()))
            .filter(notices::subject.eq(subject));
        diesel::delete(these).execute(self.0)?;
        Ok(())
    }

    /// Deletes all but the newest `keep` of a user's.
    pub fn keep_newest(&mut self, user: UserId, keep: i64) -> Result<(), StoreError> {
        let old: Vec<Vec<u8>> = notices::table
            .filter(notices::user_id.eq(user.as_bytes()))
            .order(notices::id.desc())
            .offset(keep)
            .limit(keep)
            .select(notices::id)
            .load(self.0)?;
        diesel::delete(notices::table.filter(notices::id.eq_any(old))).execute(self.0)?;
        Ok(())
    }
}
