//! What is left of deleted records: the recycle bin and, after it, the memory of an id.

use std::collections::BTreeMap;

use super::table::Row;

const DAY: i64 = 86_400;
/// A record can be restored for so long.
const RECYCLE: i64 = 60 * DAY;
/// The feed remembers a deletion for so long.
const REMEMBER: i64 = 120 * DAY;

/// How far a deletion has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retention {
    /// In the recycle bin.
    Recycle,
    /// Gone for good.
    Permanent,
}

/// A deleted record.
#[derive(Clone, Debug)]
pub(crate) struct Binned {
    /// The row as it was, so that it can be restored.
    pub(crate) row: Row,
    /// Its display name.
    pub(crate) name: Option<Box<str>>,
    /// Who deleted it.
    pub(crate) by: u64,
    /// When, in seconds.
    pub(crate) at: i64,
    /// Taken out of the recycle bin before its time.
    pub(crate) purged: bool,
}

impl Binned {
    /// How far the deletion has gone by now; `None` when nobody remembers it.
    pub(crate) fn retention(&self, now: i64) -> Option<Retention> {
        let age = now - self.at;
        if age < RECYCLE && !self.purged {
            Some(Retention::Recycle)
        } else if age < REMEMBER {
            Some(Retention::Permanent)
        } else {
            None
        }
    }
}

/// The deleted records of a module in order of deletion.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bin(BTreeMap<(i64, u64), Binned>);

impl Bin {
    pub(crate) fn put(&mut self, binned: Binned) {
        self.0.insert((binned.at, binned.row.id), binned);
    }

    /// Takes a record out of the recycle bin, to be restored.
    pub(crate) fn take(&mut self, id: u64) -> Option<Binned> {
        let key = *self.0.keys().find(|(_, own)| *own == id)?;
        self.0.remove(&key)
    }

    /// Ends a record's stay in the recycle bin; that it was deleted is remembered.
    pub(crate) fn purge(&mut self, id: u64) {
        if let Some(binned) = self.0.values_mut().find(|binned| binned.row.id == id) {
            binned.purged = true;
        }
    }

    /// The row of a deleted record as it was.
    pub(crate) fn row(&self, id: u64) -> Option<&Row> {
        self.0.values().map(|binned| &binned.row).find(|row| row.id == id)
    }

    /// Deletions after an instant, oldest first.
    pub(crate) fn since(&self, after: Option<i64>) -> impl Iterator<Item = &Binned> {
        let from = after.map_or(i64::MIN, |after| after.saturating_add(1));
        self.0.range((from, 0)..).map(|(_, binned)| binned)
    }
}
