//! Whole lists from a store that hands them out by pages.

/// Rows of one page.
const PAGE: i64 = 500;

/// All items of a list that `page` hands out behind an id, so many at a time.
pub fn all<T, I, E>(
    mut page: impl FnMut(Option<I>, i64) -> Result<Vec<T>, E>,
    id: impl Fn(&T) -> I,
) -> Result<Vec<T>, E> {
    let mut list = Vec::new();
    loop {
        let after = list.last().map(&id);
        let more = page(after, PAGE)?;
        if more.is_empty() {
            return Ok(list);
        }
        list.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_make_a_whole_list() {
        let page = |after: Option<usize>, _| Ok::<_, ()>((after.map_or(0, |last| last + 1)..7).take(3).collect());
        assert_eq!(all(page, |number| *number), Ok((0..7).collect::<Vec<_>>()));
    }
}
