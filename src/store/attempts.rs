//! Failures that are counted: wrong passwords, wrong client secrets.

use diesel::prelude::*;

use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::conn::Conn;
use crate::store::schema::attempts;

/// The table `attempts`.
pub struct Attempts<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Failures that are counted.
    pub fn attempts(&mut self) -> Attempts<'_> {
        Attempts(self.conn)
    }
}

impl Attempts<'_> {
    /// Counts one more failure in `bucket` if there are fewer than `limit` in its window; a new window begins at
    /// `now` and ends at `end` where there is none. `Err(until)` where the limit is reached until then. One
    /// conditional statement decides, so that attempts at once cannot pass it together.
    pub fn reserve(
        &mut self,
        bucket: &[u8],
        limit: i64,
        now: Timestamp,
        end: Timestamp,
    ) -> Result<Result<(), Timestamp>, StoreError> {
        // Where another transaction begins the same window at the same time, the second look finds it.
        loop {
            if let Some(outcome) = self.try_reserve(bucket, limit, now, end)? {
                return Ok(outcome);
            }
        }
    }

    /// `None` where somebody else began the window first.
    fn try_reserve(
        &mut self,
        bucket: &[u8],
        limit: i64,
        now: Timestamp,
        end: Timestamp,
    ) -> Result<Option<Result<(), Timestamp>>, StoreError> {
        let this = attempts::table.filter(attempts::bucket.eq(bucket));
        let in_window = this.filter(attempts::expires_at.gt(now.millis()));
        let room = in_window.filter(attempts::failures.lt(limit));
        if diesel::update(room).set(attempts::failures.eq(attempts::failures + 1)).execute(self.0)? == 1 {
            return Ok(Some(Ok(())));
        }
        // Only a full one: another transaction may have begun the window since the statement before, with room in it.
        let full = in_window.filter(attempts::failures.ge(limit));
        let until: Option<i64> = full.select(attempts::expires_at).get_result(self.0).optional()?;
        if let Some(until) = until {
            return Ok(Some(Err(Timestamp::from_millis(until))));
        }
        let over = this.filter(attempts::expires_at.le(now.millis()));
        let window = (
            attempts::started_at.eq(now.millis()),
            attempts::expires_at.eq(end.millis()),
            attempts::failures.eq(1_i64),
        );
        let renewed = diesel::update(over).set(window).execute(self.0)? == 1;
        let begun = renewed || self.begin(bucket, now, end)?;
        Ok(begun.then_some(Ok(())))
    }

    /// Takes one failure back that [`Attempts::reserve`] counted: it was none.
    pub fn settle(&mut self, bucket: &[u8]) -> Result<(), StoreError> {
        let this = attempts::table.filter(attempts::bucket.eq(bucket)).filter(attempts::failures.gt(0));
        diesel::update(this).set(attempts::failures.eq(attempts::failures - 1)).execute(self.0)?;
        Ok(())
    }

    /// `false` where another transaction did at the same time.
    fn begin(&mut self, bucket: &[u8], now: Timestamp, end: Timestamp) -> Result<bool, StoreError> {
        let row = (
            attempts::bucket.eq(bucket),
            attempts::started_at.eq(now.millis()),
            attempts::expires_at.eq(end.millis()),
            attempts::failures.eq(1_i64),
        );
        let begun = match self.0 {
            Conn::Postgres(conn) => {
                diesel::insert_into(attempts::table).values(row).on_conflict_do_nothing().execute(conn)?
            }
            Conn::Sqlite(conn) => diesel::insert_into(attempts::table).values(row).execute(conn)?,
        };
        Ok(begun == 1)
    }
}
