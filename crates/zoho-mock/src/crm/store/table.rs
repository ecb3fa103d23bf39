//! One module's rows with the indexes that lists, queries and duplicate checks walk.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::bin::{Bin, Binned};
use super::cell::{Cell, Column};
use super::packed::Packed;
use super::run::{self, Run, Runs};

/// One record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: u64,
    pub(crate) created: i64,
    pub(crate) modified: i64,
    pub(crate) created_by: u64,
    pub(crate) modified_by: u64,
    pub(crate) owner: u64,
    /// Leads only: converted into a contact.
    pub(crate) converted: bool,
    pub(crate) cells: Packed,
}

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SortKey {
    Id,
    Created,
    Modified,
}

/// A direction through an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) key: SortKey,
    pub(crate) descending: bool,
}

/// A place in an index: the instant (0 where the order is by id) and the id.
pub(crate) type Key = (i64, u64);

impl Order {
    /// Where a row stands in this order.
    pub(crate) fn key_of(self, row: &Row) -> Key {
        match self.key {
            SortKey::Id => (0, row.id),
            SortKey::Created => (row.created, row.id),
            SortKey::Modified => (row.modified, row.id),
        }
    }
}

/// An equality index over one column: hashes of the folded text with the ids that have it.
#[derive(Clone, Debug)]
struct Probe {
    column: Column,
    entries: BTreeSet<(u64, u64)>,
}

/// How a table was: the rows that were touched since, and the recycle bin.
#[derive(Clone, Debug)]
struct Before {
    rows: BTreeMap<u64, Option<Row>>,
    bin: Bin,
}

/// The rows of a module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    rows: BTreeMap<u64, Row>,
    created: BTreeSet<Key>,
    modified: BTreeSet<Key>,
    probes: Vec<Probe>,
    runs: RefCell<Runs>,
    packed: usize,
    pub(crate) bin: Bin,
    before: Option<Before>,
    #[cfg(test)]
    visits: std::cell::Cell<usize>,
}

impl Table {
    /// An empty table that can find rows by the texts of some columns.
    pub(crate) fn new(probed: impl IntoIterator<Item = Column>) -> Self {
        let probes = probed
            .into_iter()
            .map(|column| Probe {
                column,
                entries: BTreeSet::new(),
            })
            .collect();
        Self {
            probes,
            ..Self::default()
        }
    }

    /// Finds rows by the texts of one more column from now on.
    pub(crate) fn probe_too(&mut self, column: Column) {
        if self.probes.iter().any(|probe| probe.column == column) {
            return;
        }
        let hashed = self
            .rows
            .values()
            .filter_map(|row| Some((probe_hash(&row.cells.get(column))?, row.id)));
        let entries = hashed.collect();
        self.probes.push(Probe { column, entries });
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The ids of all rows, in ascending order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = u64> {
        self.rows.keys().copied()
    }

    /// The row of an id.
    pub(crate) fn get(&self, id: u64) -> Option<&Row> {
        self.visit();
        self.rows.get(&id)
    }

    /// Puts a row in, in place of the one with its id.
    pub(crate) fn put(&mut self, row: Row) {
        self.take(row.id);
        self.created.insert((row.created, row.id));
        self.modified.insert((row.modified, row.id));
        self.packed += row.cells.bytes();
        for probe in &mut self.probes {
            if let Some(hash) = probe_hash(&row.cells.get(probe.column)) {
                probe.entries.insert((hash, row.id));
            }
        }
        self.rows.insert(row.id, row);
    }

    /// Takes a row out.
    pub(crate) fn take(&mut self, id: u64) -> Option<Row> {
        self.runs.get_mut().drop(run::block(id));
        if let Some(before) = &mut self.before {
            let row = || self.rows.get(&id).cloned();
            before.rows.entry(id).or_insert_with(row);
        }
        let row = self.rows.remove(&id)?;
        self.created.remove(&(row.created, id));
        self.modified.remove(&(row.modified, id));
        self.packed -= row.cells.bytes();
        for probe in &mut self.probes {
            if let Some(hash) = probe_hash(&row.cells.get(probe.column)) {
                probe.entries.remove(&(hash, id));
            }
        }
        Some(row)
    }

    /// Moves a row to the recycle bin.
    pub(crate) fn discard(&mut self, id: u64, name: Option<Box<str>>, by: u64, at: i64) -> bool {
        let Some(row) = self.take(id) else { return false };
        self.bin.put(Binned {
            row,
            name,
            by,
            at,
            purged: false,
        });
        true
    }

    /// Begins to remember how things are.
    pub(crate) fn remember(&mut self) {
        self.before = Some(Before {
            rows: BTreeMap::new(),
            bin: self.bin.clone(),
        });
    }

    /// Ends to remember; with `back` all is again as it was.
    pub(crate) fn end(&mut self, back: bool) {
        let Some(before) = self.before.take().filter(|_| back) else {
            return;
        };
        for (id, row) in before.rows {
            self.take(id);
            if let Some(row) = row {
                self.put(row);
            }
        }
        self.bin = before.bin;
    }

    /// Rows between two places of an order, in that order.
    pub(crate) fn range(
        &self,
        order: Order,
        low: Bound<Key>,
        high: Bound<Key>,
    ) -> Box<dyn Iterator<Item = &Row> + '_> {
        if order.key != SortKey::Id && empty(low, high) {
            return Box::new(std::iter::empty());
        }
        let by_key = move |key: &Key| {
            self.visit();
            self.rows.get(&key.1)
        };
        match (order.key, order.descending) {
            (SortKey::Id, descending) => {
                let ids = (low.map(|key| key.1), high.map(|key| key.1));
                Box::new(self.by_id(ids, descending))
            }
            (SortKey::Created, false) => Box::new(self.created.range((low, high)).filter_map(by_key)),
            (SortKey::Created, true) => Box::new(self.created.range((low, high)).rev().filter_map(by_key)),
            (SortKey::Modified, false) => Box::new(self.modified.range((low, high)).filter_map(by_key)),
            (SortKey::Modified, true) => Box::new(self.modified.range((low, high)).rev().filter_map(by_key)),
        }
    }

    /// Rows between two ids, in the order of their ids.
    pub(crate) fn by_id(
        &self,
        ids: (Bound<u64>, Bound<u64>),
        descending: bool,
    ) -> impl Iterator<Item = &Row> + use<'_> {
        let mut rows = (!empty(ids.0, ids.1)).then(|| self.rows.range(ids));
        std::iter::from_fn(move || {
            let rows = rows.as_mut()?;
            let (_, row) = if descending {
                rows.next_back()?
            } else {
                rows.next()?
            };
            self.visit();
            Some(row)
        })
    }

    /// The run of a block, if it is kept for this key.
    pub(crate) fn run(&self, block: u64, key: u64) -> Option<Run> {
        self.runs.borrow().get(block, key)
    }

    /// How many rows the run of a block has, whatever it is kept for.
    pub(crate) fn run_rows(&self, block: u64) -> Option<usize> {
        self.runs.borrow().rows(block)
    }

    /// Keeps the run of a block until one of its rows changes.
    pub(crate) fn keep_run(&self, block: u64, run: &Run) {
        self.runs.borrow_mut().keep(block, run);
    }

    /// Rows whose column holds this text, letter case and outer blanks aside; `None` when the column
    /// has no such index.
    pub(crate) fn probe(&self, column: Column, text: &str) -> Option<impl Iterator<Item = &Row>> {
        let probe = self.probes.iter().find(|probe| probe.column == column)?;
        let folded = fold(text);
        let hash = hash(&folded);
        let found = probe.entries.range((hash, 0)..=(hash, u64::MAX));
        Some(found.filter_map(move |(_, id)| {
            let row = self.get(*id)?;
            match row.cells.get(column) {
                Cell::Text(value) if fold(&value) == folded => Some(row),
                _ => None,
            }
        }))
    }

    fn visit(&self) {
        #[cfg(test)]
        self.visits.set(self.visits.get() + 1);
    }
}

/// The form of a text in which two are the same to a duplicate check.
pub(crate) fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

fn probe_hash(cell: &Cell<'_>) -> Option<u64> {
    match cell {
        Cell::Text(text) => Some(hash(&fold(text))),
        _ => None,
    }
}

fn hash(folded: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    folded.hash(&mut hasher);
    hasher.finish()
}

/// Whether nothing can lie between two bounds; a tree panics when it is asked.
fn empty<T: Ord>(low: Bound<T>, high: Bound<T>) -> bool {
    match (low, high) {
        (Bound::Included(low), Bound::Included(high)) => low > high,
        (Bound::Included(low) | Bound::Excluded(low), Bound::Excluded(high) | Bound::Included(high)) => {
            low >= high
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
