//! How the store reads a part of a long list: by the place where the part before it ended, never by counting from the
//! start. A filter that lets little through must not read a table of millions for one page, so a part looks at no more
//! than [`WINDOW`] records; where it ends there, it says where to go on.

/// The most records that one part looks at.
pub const WINDOW: i64 = 10_000;

/// A text for SQL's `LIKE ... ESCAPE '\'` that finds `text` anywhere.
pub fn containing(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

diesel::define_sql_function! {
    /// A text in small letters; on SQLite as [`know_letters`] has it.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// Teaches a connection to SQLite the letters beyond ASCII, which its own `lower` leaves as they are.
///
/// # Errors
/// What SQLite says.
pub fn know_letters(conn: &mut diesel::SqliteConnection) -> diesel::QueryResult<()> {
    lower_utils::register_impl(conn, |text: String| text.to_lowercase())
}

/// Reads a part of a list that is sorted by its id alone. `$all` is the list as an index has it, `$wanted` what of it is
/// shown; both are boxed queries of the same table.
macro_rules! part_by_id {
    ($conn:expr, $part:expr, $id:expr, $all:expr, $wanted:expr, $row:ty, $read:expr) => {{
        let (part, mut all, mut wanted) = ($part, $all, $wanted);
        if let Some(after) = &part.after {
            if part.order.is_descending {
                all = all.filter($id.lt(after.id.clone()));
                wanted = wanted.filter($id.lt(after.id.clone()));
            } else {
                all = all.filter($id.gt(after.id.clone()));
                wanted = wanted.filter($id.gt(after.id.clone()));
            }
        }
        let all = if part.order.is_descending { all.order($id.desc()) } else { all.order($id.asc()) };
        // So many on: the end of the window, if there is one more behind it. It is an index that is walked, and no further.
        let ends: Vec<Vec<u8>> =
            all.offset($crate::store::listing::WINDOW - 1).limit(2).select($id).load($conn)?;
        let end = $crate::store::listing::end(ends);
        if let Some(end) = &end {
            wanted = if part.order.is_descending {
                wanted.filter($id.ge(end.clone()))
            } else {
                wanted.filter($id.le(end.clone()))
            };
        }
        let wanted = if part.order.is_descending { wanted.order($id.desc()) } else { wanted.order($id.asc()) };
        let rows: Vec<$row> =
            wanted.limit($crate::store::listing::one_more(part.limit)).select(<$row>::as_select()).load($conn)?;
        let place = |row: &$row| $crate::model::listing::Place { key: String::new(), id: row.id.clone() };
        let end = end.map(|id| $crate::model::listing::Place { key: String::new(), id });
        $crate::store::listing::found(rows, part.limit, end, place, $read)
    }};
}

/// The same, sorted by `$key` first. `$after` reads a place's key, `$write` writes a row's.
macro_rules! part_by_key {
    ($conn:expr, $part:expr, $key:expr, $id:expr, $all:expr, $wanted:expr, $row:ty, $read:expr,
     $of:ty, $after:expr, $write:expr, $of_row:expr) => {{
        let (part, mut all, mut wanted) = ($part, $all, $wanted);
        if let Some(place) = &part.after {
            let key = ($after)(&place.key);
            let id = || place.id.clone();
            if part.order.is_descending {
                all = all.filter($key.le(key.clone())).filter($key.lt(key.clone()).or($id.lt(id())));
                wanted = wanted.filter($key.le(key.clone())).filter($key.lt(key).or($id.lt(id())));
            } else {
                all = all.filter($key.ge(key.clone())).filter($key.gt(key.clone()).or($id.gt(id())));
                wanted = wanted.filter($key.ge(key.clone())).filter($key.gt(key).or($id.gt(id())));
            }
        }
        let all = if part.order.is_descending {
            all.order(($key.desc(), $id.desc()))
        } else {
            all.order(($key.asc(), $id.asc()))
        };
        // As in `part_by_id`.
        let ends: Vec<($of, Vec<u8>)> =
            all.offset($crate::store::listing::WINDOW - 1).limit(2).select(($key, $id)).load($conn)?;
        let end = $crate::store::listing::end(ends);
        if let Some((key, id)) = end.clone() {
            wanted = if part.order.is_descending {
                wanted.filter($key.ge(key.clone())).filter($key.gt(key).or($id.ge(id)))
            } else {
                wanted.filter($key.le(key.clone())).filter($key.lt(key).or($id.le(id)))
            };
        }
        let wanted = if part.order.is_descending {
            wanted.order(($key.desc(), $id.desc()))
        } else {
            wanted.order(($key.asc(), $id.asc()))
        };
        let rows: Vec<$row> =
            wanted.limit($crate::store::listing::one_more(part.limit)).select(<$row>::as_select()).load($conn)?;
        let place = |row: &$row| $crate::model::listing::Place { key: $write(&$of_row(row)), id: row.id.clone() };
        let end = end.map(|(key, id)| $crate::model::listing::Place { key: $write(&key), id });
        $crate::store::listing::found(rows, part.limit, end, place, $read)
    }};
}

/// The same, sorted by a text first, which `$of_row` reads off a row. Rows come as they are.
macro_rules! part_by_text {
    ($conn:expr, $part:expr, $text:expr, $id:expr, $all:expr, $wanted:expr, $row:ty, $of_row:expr) => {
        $crate::store::listing::part_by_key!(
            $conn,
            $part,
            $text,
            $id,
            $all,
            $wanted,
            $row,
            Ok,
            String,
            String::clone,
            String::clone,
            $of_row
        )
    };
}

pub(super) use part_by_id;
pub(super) use part_by_key;
pub(super) use part_by_text;

use crate::model::listing::Found;
use crate::model::listing::Place;
use crate::store::StoreError;

/// How many to ask for: one more than are shown tells whether there are more.
pub fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}

/// Where the window ends, of the last record in it and the one behind it; `None` where the list ends first.
pub fn end<T>(mut ends: Vec<T>) -> Option<T> {
    (ends.len() > 1).then(|| ends.swap_remove(0))
}

/// The part, from what was read for it: `end` is where the window ended, if the list goes on there.
pub fn found<R, T>(
    mut rows: Vec<R>,
    limit: usize,
    end: Option<Place>,
    place: impl Fn(&R) -> Place,
    read: impl FnMut(R) -> Result<T, StoreError>,
) -> Result<Found<T>, StoreError> {
    let is_full = rows.len() > limit;
    rows.truncate(limit);
    let next = if is_full { rows.last().map(place) } else { end };
    let is_cut = !is_full && next.is_some();
    let records: Result<Vec<T>, StoreError> = rows.into_iter().map(read).collect();
    Ok(Found { records: records?, next, is_cut })
}

#[cfg(test)]
mod tests {
    use super::containing;

    #[test]
    fn what_is_looked_for_is_no_pattern() {
        assert_eq!(containing("a_b%\\"), "%a\\_b\\%\\\\%");
    }
}
