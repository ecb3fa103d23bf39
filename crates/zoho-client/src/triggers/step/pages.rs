//! Numbered pages that overlap, so that a page can be seen to continue the one before it.
//!
//! A list that is paged by number says nothing about what was deleted between two pages: every row
//! behind the deleted one moves up, and the first of the next page is never shown. Pages that begin
//! with a row that was read already leave no gap.

/// A page that begins no later than at a position: its number, from 1, and its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageAt {
    pub(crate) number: u32,
    pub(crate) rows: u32,
}

impl PageAt {
    /// The first page, of so many rows.
    pub(crate) fn first(most: u64) -> Self {
        Self {
            number: 1,
            rows: u32::try_from(most).unwrap_or(u32::MAX),
        }
    }

    /// The page of at most so many rows that holds the row at a position (from 0) and leads furthest
    /// beyond it.
    pub(crate) fn holding(position: u64, most: u64) -> Self {
        // Pages are cut at multiples of their size: of all sizes, the one that brings most new rows.
        let size = (most.div_ceil(2)..=most)
            .max_by_key(|size| size - 1 - position % size)
            .unwrap_or(most);
        Self {
            number: u32::try_from(position / size + 1).unwrap_or(u32::MAX),
            rows: u32::try_from(size).unwrap_or(u32::MAX),
        }
    }

    /// The position of its first row.
    pub(crate) fn begins(self) -> u64 {
        u64::from(self.number - 1) * u64::from(self.rows)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MOST: u64 = 200;

    proptest! {
        /// Every page holds the row it must hold and brings at least 130 new ones.
        #[test]
        fn pages_overlap_and_get_on(position in 199u64..2_000_000) {
            let page = PageAt::holding(position, MOST);
            let end = page.begins() + u64::from(page.rows);
            prop_assert!(page.begins() <= position);
            prop_assert!(page.rows <= 200);
            prop_assert!(end > position + 130, "{page:?} ends at {end}");
        }
    }

    #[test]
    fn a_walk_of_ten_thousand_rows_asks_for_little_more_than_fifty_pages() {
        let (mut end, mut pages) = (200, 1);
        while end < 10_000 {
            let page = PageAt::holding(end - 1, MOST);
            end = page.begins() + u64::from(page.rows);
            pages += 1;
        }
        assert!(pages <= 56, "{pages} pages");
    }
}
