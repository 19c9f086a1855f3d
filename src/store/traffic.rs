//! How much goes on, day by day, over all nodes.

use diesel::prelude::*;

use crate::model::traffic::DayTraffic;
use crate::model::traffic::TrafficKind;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::conn::Conn;
use crate::store::conn::on_either;
use crate::store::schema::traffic_by_day;

/// The table `traffic_by_day`.
pub struct Traffic<'t>(&'t mut Conn);

impl Tx<'_> {
    /// How much goes on.
    pub fn traffic(&mut self) -> Traffic<'_> {
        Traffic(self.conn)
    }
}

impl Traffic<'_> {
    /// Counts `more` on a day.
    pub fn add(&mut self, more: DayTraffic) -> Result<(), StoreError> {
        let row = (
            traffic_by_day::day.eq(more.day),
            traffic_by_day::kind.eq(more.kind.as_str()),
            traffic_by_day::count.eq(more.count),
        );
        let insert = diesel::insert_into(traffic_by_day::table).values(row);
        on_either!(self.0, conn => insert
            .on_conflict((traffic_by_day::day, traffic_by_day::kind))
            .do_update()
            .set(traffic_by_day::count.eq(traffic_by_day::count + more.count))
            .execute(conn))?;
        Ok(())
    }

    /// All counts from the day `since` on, the earliest first.
    pub fn since(&mut self, since: i64) -> Result<Vec<DayTraffic>, StoreError> {
        let rows: Vec<(i64, String, i64)> = traffic_by_day::table
            .filter(traffic_by_day::day.ge(since))
            .order((traffic_by_day::day, traffic_by_day::kind))
            .load(self.0)?;
        // What a newer version counts is not known here.
        let known = rows
            .into_iter()
            .filter_map(|(day, kind, count)| TrafficKind::parse(&kind).map(|kind| DayTraffic { day, kind, count }));
        Ok(known.collect())
    }

    /// Deletes counts of days before `day`.
    pub fn forget(&mut self, day: i64) -> Result<usize, StoreError> {
        Ok(diesel::delete(traffic_by_day::table.filter(traffic_by_day::day.lt(day))).execute(self.0)?)
    }
}
