//! How far a trigger has read, and what it handed out of the part that it reads again.
//!
//! Pure bookkeeping: no clock, no store, no request. Zoho's instants are whole seconds.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::event::Change;
use super::step::export::Export;
use crate::error::{Error, ErrorKind, Result};
use crate::wire::ZohoId;

/// A second since 1970.
pub(crate) type Second = i64;

/// Changes of seconds before the mark that are remembered at most; behind more than that, less is
/// read again.
const REMEMBERED: usize = 20_000;

/// A change that was handed out: of which record, and whether it was its deletion.
type Told = (ZohoId, bool);

/// How far a trigger has read.
///
/// Everything before the mark was handed out, as far as it was there to be read. What lies between
/// floor and mark is read again by every run, because Zoho may show a change a little late; what was
/// handed out of it is remembered, so that it is not handed out twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    start: Second,
    mark: Second,
    floor: Second,
    /// Records created from this second on are new unless they are remembered. It moves between runs
    /// only: within one, records come by their change and not by their creation.
    new_from: Second,
    told: BTreeMap<Second, BTreeSet<Told>>,
    remembered: usize,
    /// Records that are new and too fresh to be handed out: when their time comes they are new
    /// still, however often they changed meanwhile.
    fresh: BTreeSet<ZohoId>,
    /// A backfill that goes before all this.
    pub(crate) export: Option<Export>,
}

impl Cursor {
    /// A cursor that has read nothing: changes count from this second on.
    pub(crate) fn starting_at(start: Second) -> Self {
        Self {
            start,
            mark: start,
            floor: start,
            new_from: start,
            told: BTreeMap::new(),
            remembered: 0,
            fresh: BTreeSet::new(),
            export: None,
        }
    }

    /// Where a run begins to read, this second included. A run that was broken off goes on where it
    /// stopped.
    pub(crate) fn reads_from(&self, overlap: Second) -> Second {
        self.floor.max(self.mark.saturating_sub(overlap))
    }

    /// How far everything was handed out.
    #[cfg(test)]
    pub(crate) fn mark(&self) -> Second {
        self.mark
    }

    /// Whether a record came into being within what this cursor knows, and was never handed out.
    pub(crate) fn is_new(&self, id: &ZohoId, created: Option<Second>) -> bool {
        if self.fresh.contains(id) {
            return true;
        }
        let Some(created) = created.filter(|created| *created >= self.new_from) else {
            return false;
        };
        // Handed out since it was created means: remembered, at its creation or later.
        let told = (id.clone(), false);
        !self.told.range(created..).any(|(_, known)| known.contains(&told))
    }

    /// Whether a record was handed out as it was at a second.
    pub(crate) fn knows(&self, at: Second, id: &ZohoId) -> bool {
        self.told
            .get(&at)
            .is_some_and(|told| told.contains(&(id.clone(), false)))
    }

    /// Takes in a record as it was read; what it means to the consumer, if it is news.
    pub(crate) fn admit(&mut self, at: Second, id: &ZohoId, created: Option<Second>) -> Option<Change> {
        let new = self.is_new(id, created);
        if !self.note(at, (id.clone(), false)) {
            return None;
        }
        self.fresh.remove(id);
        Some(if new { Change::Created } else { Change::Updated })
    }

    /// Takes in a deletion; whether it is news.
    pub(crate) fn admit_deletion(&mut self, at: Second, id: &ZohoId) -> bool {
        let news = self.note(at, (id.clone(), true));
        if news {
            self.fresh.remove(id);
        }
        news
    }

    /// Takes in a record of a backfill; whether it is news. Before the floor all of it is.
    pub(crate) fn admit_exported(&mut self, at: Second, id: &ZohoId) -> bool {
        at < self.floor || self.note(at, (id.clone(), false))
    }

    /// Leaves a record of a backfill to the polls: they tell of it as new.
    pub(crate) fn leave_to_polls(&mut self, id: ZohoId) {
        self.fresh.insert(id);
    }

    fn note(&mut self, at: Second, told: Told) -> bool {
        let news = at >= self.floor && self.told.entry(at).or_default().insert(told);
        self.remembered += usize::from(news);
        news
    }

    /// Moves the mark within a run: everything before it was handed out.
    pub(crate) fn advance(&mut self, mark: Second) {
        self.mark = self.mark.max(mark);
        while self.remembered > REMEMBERED
            && let Some((&oldest, _)) = self.told.first_key_value()
            && oldest < self.mark
        {
            self.raise(oldest + 1);
        }
    }

    /// Ends a run that read everything up to a second. `overlap` seconds before it are read again;
    /// `fresh` are new records that were too fresh to be handed out.
    pub(crate) fn finish(&mut self, until: Second, overlap: Second, fresh: BTreeSet<ZohoId>) {
        self.advance(until);
        self.raise(self.mark.saturating_sub(overlap));
        self.new_from = self.floor;
        self.fresh = fresh;
    }

    fn raise(&mut self, floor: Second) {
        if floor <= self.floor {
            return;
        }
        self.floor = floor;
        let kept = self.told.split_off(&floor);
        let forgotten: usize = self.told.values().map(BTreeSet::len).sum();
        self.told = kept;
        self.remembered -= forgotten;
    }
}

/// The format of what [`encode`] writes.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Kept {
    format: u32,
    feed: String,
    start: Second,
    mark: Second,
    floor: Second,
    new_from: Second,
    updated: BTreeMap<Second, BTreeSet<ZohoId>>,
    deleted: BTreeMap<Second, BTreeSet<ZohoId>>,
    #[serde(default)]
    fresh: BTreeSet<ZohoId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    export: Option<Export>,
}

/// A cursor as a store keeps it, with the feed that it belongs to.
pub(crate) fn encode(cursor: &Cursor, feed: &str) -> Result<Vec<u8>> {
    let of = |deletions: bool| {
        let mut kept = BTreeMap::new();
        for (second, told) in &cursor.told {
            let ids: BTreeSet<ZohoId> = told
                .iter()
                .filter(|(_, deleted)| *deleted == deletions)
                .map(|(id, _)| id.clone())
                .collect();
            if !ids.is_empty() {
                kept.insert(*second, ids);
            }
        }
        kept
    };
    let kept = Kept {
        format: FORMAT,
        feed: feed.to_owned(),
        start: cursor.start,
        mark: cursor.mark,
        floor: cursor.floor,
        new_from: cursor.new_from,
        updated: of(false),
        deleted: of(true),
        fresh: cursor.fresh.clone(),
        export: cursor.export.clone(),
    };
    serde_json::to_vec(&kept)
        .map_err(|cause| Error::new(ErrorKind::Store, "the cursor can not be written").with_source(cause))
}

/// Reads what a store keeps under a key.
///
/// # Errors
/// [`ErrorKind::Store`]: it is not readable, or a newer version of this crate wrote it.
/// [`ErrorKind::Config`]: it belongs to another feed.
pub(crate) fn decode(key: &str, value: &[u8], feed: &str) -> Result<Cursor> {
    let kept: Kept = super::read_kept(key, value, FORMAT)?;
    if kept.feed != feed {
        let message = format!(
            "`{key}` is the cursor of {}, not of {feed}: give the trigger another name",
            kept.feed
        );
        return Err(Error::config(message));
    }
    let mut cursor = Cursor {
        mark: kept.mark,
        floor: kept.floor,
        new_from: kept.new_from,
        fresh: kept.fresh,
        export: kept.export,
        ..Cursor::starting_at(kept.start)
    };
    for (all, deleted) in [(kept.updated, false), (kept.deleted, true)] {
        for (second, ids) in all {
            for id in ids {
                cursor.note(second, (id, deleted));
            }
        }
    }
    Ok(cursor)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(number: u64) -> ZohoId {
        number.into()
    }

    #[test]
    fn a_change_is_news_once_and_new_only_before_it_was_handed_out() {
        let mut cursor = Cursor::starting_at(100);
        assert_eq!(cursor.admit(99, &id(1), Some(99)), None, "from before the start");
        assert_eq!(cursor.admit(105, &id(1), Some(50)), Some(Change::Updated));
        assert_eq!(cursor.admit(105, &id(2), Some(101)), Some(Change::Created));
        assert_eq!(cursor.admit(105, &id(2), Some(101)), None, "the same again");
        cursor.finish(110, 60, BTreeSet::new());
        assert_eq!(cursor.admit(112, &id(2), Some(101)), Some(Change::Updated));
        assert_eq!(
            cursor.admit(103, &id(3), Some(103)),
            Some(Change::Created),
            "shown late"
        );
        assert!(cursor.admit_deletion(112, &id(2)));
        assert!(!cursor.admit_deletion(112, &id(2)));
    }

    #[test]
    fn what_is_kept_is_refused_when_it_is_broken_newer_or_another_feed_s() {
        let kind = |value: &[u8]| decode("cursor/a", value, "crm/Leads").map_err(|error| error.kind());
        assert_eq!(kind(b"{"), Err(ErrorKind::Store));
        assert_eq!(kind(br#"{"format":2,"more":true}"#), Err(ErrorKind::Store));
        let other = encode(&Cursor::starting_at(1), "crm/Contacts").unwrap();
        assert_eq!(kind(&other), Err(ErrorKind::Config));
        let error = decode("cursor/a", br#"{"format":2}"#, "crm/Leads").unwrap_err();
        assert!(error.to_string().contains("`cursor/a` has format 2"), "{error}");
    }

    proptest! {
        /// Whatever happened to it, a cursor is read back as it was written.
        #[test]
        fn a_cursor_survives_its_store(
            changes in prop::collection::vec((0i64..300, 0u64..20, any::<bool>()), 0..80),
            marks in prop::collection::vec(0i64..300, 0..5),
            fresh in prop::collection::btree_set(0u64..20, 0..5),
        ) {
            let mut cursor = Cursor::starting_at(10);
            let mut marks = marks.into_iter();
            for (place, (at, number, deleted)) in changes.into_iter().enumerate() {
                if deleted {
                    cursor.admit_deletion(at, &id(number));
                } else {
                    cursor.admit(at, &id(number), None);
                }
                if place % 16 == 15 && let Some(mark) = marks.next() {
                    cursor.advance(mark);
                }
            }
            cursor.finish(0, 40, fresh.into_iter().map(id).collect());
            cursor.told.retain(|_, told| !told.is_empty());
            let kept = encode(&cursor, "crm/Leads").unwrap();
            prop_assert_eq!(decode("cursor/a", &kept, "crm/Leads").unwrap(), cursor);
        }
    }

    #[test]
    fn memory_is_bounded_by_what_one_second_holds() {
        let mut cursor = Cursor::starting_at(0);
        for second in 0..12 {
            for number in 0..6_000 {
                cursor.admit(second, &id(number), None);
            }
            cursor.advance(second);
            assert!(cursor.floor <= cursor.mark);
            assert!(cursor.remembered <= REMEMBERED + 6_000);
            assert_eq!(
                cursor.admit(second, &id(0), None),
                None,
                "the mark's second is kept"
            );
        }
    }
}
