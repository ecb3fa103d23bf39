//! Runs: texts of rows that stand one after another, kept until one of these rows changes.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use bytes::Bytes;

/// So many of the last bits tell the ids of a block apart. Ids are given one after the other, so that most blocks of a
/// module are full.
const BITS: u32 = 5;
/// Rows of a block at most.
pub(crate) const MOST: usize = 1 << BITS;
/// Rows that are worth a run. Fewer are faster copied than sent as a piece of their own.
pub(crate) const LEAST: usize = 16;
/// Bytes of one run: some rows have texts of many kilobytes.
const EACH: usize = 64 << 10;
/// Bytes of all runs of a table.
const ALL: usize = 8 << 20;

/// The number of the block that an id is in.
pub(crate) fn block(id: u64) -> u64 {
    id >> BITS
}

/// The ids of a block.
pub(crate) fn ids(block: u64) -> RangeInclusive<u64> {
    let first = block << BITS;
    first..=first | (MOST as u64 - 1)
}

/// The rows of one block as a list shows them, each with a comma behind it.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// Which fields and which order it is for.
    pub(crate) key: u64,
    pub(crate) text: Bytes,
    pub(crate) rows: usize,
    /// The ids of its first and its last row.
    pub(crate) ends: (u64, u64),
}

/// The runs of a table, one for each block at most.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    kept: BTreeMap<u64, Run>,
    bytes: usize,
}

impl Runs {
    /// The run of a block, if it was kept for this key.
    pub(super) fn get(&self, block: u64, key: u64) -> Option<Run> {
        self.kept.get(&block).filter(|run| run.key == key).cloned()
    }

    /// How many rows the run of a block has, whatever its key.
    pub(super) fn rows(&self, block: u64) -> Option<usize> {
        self.kept.get(&block).map(|run| run.rows)
    }

    /// Keeps the run of a block in place of the one before. When there is no more room all others go: which of them
    /// will be wanted nobody knows, and they are quickly made again.
    pub(super) fn keep(&mut self, block: u64, run: &Run) {
        if run.text.len() > EACH {
            return;
        }
        self.drop(block);
        if self.bytes + run.text.len() > ALL {
            *self = Self::default();
        }
        self.bytes += run.text.len();
        self.kept.insert(block, run.clone());
    }

    /// Forgets the run of a block, because one of its rows is not what it was.
    pub(super) fn drop(&mut self, block: u64) {
        if let Some(run) = self.kept.remove(&block) {
            self.bytes -= run.text.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(key: u64, length: usize) -> Run {
        Run {
            key,
            text: vec![b' '; length].into(),
            rows: LEAST,
            ends: (0, 0),
        }
    }

    #[test]
    fn runs_are_kept_for_their_key_until_there_is_no_more_room() {
        let mut runs = Runs::default();
        runs.keep(1, &run(7, 10));
        runs.keep(2, &run(7, EACH + 1));
        assert!(runs.get(1, 7).is_some() && runs.get(1, 8).is_none() && runs.get(2, 7).is_none());
        runs.keep(1, &run(8, 20));
        assert!(runs.get(1, 7).is_none() && runs.get(1, 8).is_some());
        assert_eq!((runs.bytes, runs.rows(1), runs.rows(2)), (20, Some(LEAST), None));
        runs.drop(1);
        runs.drop(1);
        assert!(runs.get(1, 8).is_none() && runs.bytes == 0);
        for block in 0..1_000 {
            runs.keep(block, &run(7, EACH));
            let all: usize = runs.kept.values().map(|run| run.text.len()).sum();
            assert!(runs.bytes == all && all <= ALL && runs.get(block, 7).is_some());
        }
    }

    #[test]
    fn a_block_has_ids_that_follow_each_other() {
        for id in [0, 31, 32, 5_000_000_000_000_300_001, u64::MAX] {
            let ids = ids(block(id));
            assert!(ids.contains(&id) && ids.clone().all(|other| block(other) == block(id)));
            assert_eq!(ids.end() - ids.start(), 31);
        }
    }
}
