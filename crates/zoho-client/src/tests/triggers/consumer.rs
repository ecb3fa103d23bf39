//! Whoever is told: it remembers everything, and says what was lost, repeated or out of order.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proptest::prelude::*;

use super::world::{Act, World};
use crate::triggers::cursor::{self, Cursor, Second};
use crate::triggers::step::{Next, Rules, Run, Way};
use crate::triggers::{Change, Event};
use crate::wire::ZohoId;

const FEED: &str = "crm/Leads";

/// A consumer, and what survives its end: the cursor in the store.
#[derive(Debug)]
pub(super) struct Consumer {
    way: Way,
    rules: Rules,
    store: Vec<u8>,
    start: Second,
    /// What happens in Zoho between two questions of a run.
    meanwhile: VecDeque<Act>,
    crashes: VecDeque<u8>,
    told: BTreeMap<ZohoId, Vec<(Change, Second, u64)>>,
    /// What was acknowledged: this may not come again.
    done: BTreeSet<(ZohoId, Change, Second, u64)>,
    /// Whether the process ended with a batch unacknowledged.
    crashed: bool,
}

fn version(event: &Event) -> u64 {
    let version = event.record.as_ref().and_then(|record| record.get("version"));
    version.and_then(serde_json::Value::as_u64).unwrap_or(0)
}

impl Consumer {
    pub(super) fn new(way: Way, rules: Rules, meanwhile: &[Act], crashes: &[u8]) -> Self {
        Self {
            way,
            rules,
            store: Vec::new(),
            start: 0,
            meanwhile: meanwhile.iter().cloned().collect(),
            crashes: crashes.iter().copied().collect(),
            told: BTreeMap::new(),
            done: BTreeSet::new(),
            crashed: false,
        }
    }

    /// The first run: changes count from here.
    pub(super) fn begin(&mut self, world: &mut World) {
        let (mut run, next) = Run::begin(None, self.way, true, self.rules);
        let Next::Ask(ask) = next else {
            panic!("the first run asks what time it is")
        };
        let next = run.step(world.answer(&ask), self.rules).unwrap();
        let Next::Rest(cursor) = next else {
            panic!("the first run tells nothing")
        };
        self.start = cursor.mark();
        self.keep(&cursor);
    }

    /// Nothing more goes wrong, and nothing changes while it reads.
    pub(super) fn leave_in_peace(&mut self) {
        self.meanwhile.clear();
        self.crashes.clear();
    }

    fn keep(&mut self, cursor: &Cursor) {
        self.store = cursor::encode(cursor, FEED).unwrap();
    }

    /// What the store has; nothing before a first run was kept.
    fn cursor(&self) -> Option<Cursor> {
        let kept = Some(&self.store).filter(|kept| !kept.is_empty());
        kept.map(|kept| cursor::decode("cursor/test", kept, FEED).unwrap())
    }

    /// Whether a backfill is under way.
    pub(super) fn backfills(&self) -> bool {
        self.cursor().is_none_or(|cursor| cursor.export.is_some())
    }

    /// One run, or as much of it as the process lives to see.
    pub(super) fn poll(&mut self, world: &mut World) -> Result<(), TestCaseError> {
        let (mut run, mut next) = Run::begin(self.cursor(), self.way, true, self.rules);
        for _ in 0..3_000 {
            if let Next::AskLater(_) = next {
                world.act(&Act::Pass(1));
            }
            next = match next {
                Next::Ask(ask) | Next::AskLater(ask) => {
                    let answer = world.answer(&ask);
                    if let Some(act) = self.meanwhile.pop_front() {
                        world.act(&act);
                    }
                    match run.step(answer, self.rules) {
                        Ok(next) => next,
                        // A list that changes too fast: the next run begins at the cursor.
                        Err(error) if error.kind() == crate::ErrorKind::Exhausted => return Ok(()),
                        Err(error) => return Err(TestCaseError::fail(format!("{error}"))),
                    }
                }
                Next::Rest(cursor) => {
                    self.keep(&cursor);
                    return Ok(());
                }
                Next::HandOut {
                    events,
                    cursor,
                    ends_run,
                } => {
                    let crash = self.crashes.pop_front();
                    if crash == Some(0) {
                        return Ok(());
                    }
                    self.take(&events)?;
                    if crash == Some(1) {
                        self.crashed = true;
                        return Ok(());
                    }
                    for event in &events {
                        let (change, at) = (event.change, event.time.as_second());
                        self.done.insert((event.id.clone(), change, at, version(event)));
                    }
                    self.keep(&cursor);
                    if ends_run {
                        return Ok(());
                    }
                    run.go_on(self.rules)
                }
            };
        }
        Err(TestCaseError::fail("a run does not end"))
    }

    fn take(&mut self, events: &[Event]) -> Result<(), TestCaseError> {
        prop_assert!(
            events.is_sorted_by_key(|event| event.time),
            "a batch is out of order: {events:?}"
        );
        for event in events {
            let told = (event.change, event.time.as_second(), version(event));
            let (change, at, version) = told;
            let repeated = self.done.contains(&(event.id.clone(), change, at, version));
            prop_assert!(!repeated, "told again after it was acknowledged: {event:?}");
            let before = self.told.entry(event.id.clone()).or_default();
            if !self.crashed {
                prop_assert!(!before.contains(&told), "told twice: {event:?}");
                let last = before.last().map_or(Second::MIN, |(_, at, _)| *at);
                prop_assert!(at >= last, "{event:?} comes after {before:?}");
            }
            before.push(told);
        }
        Ok(())
    }

    /// Holds what was told against what is.
    pub(super) fn compare(&self, world: &World) -> Result<(), TestCaseError> {
        for kept in &world.records {
            let told = self
                .told
                .get(&ZohoId::from(kept.id))
                .map_or([].as_slice(), Vec::as_slice);
            let first = told.iter().find(|(change, ..)| *change != Change::Deleted);
            let last = told.last();
            match kept.deleted {
                None if kept.modified >= self.start => {
                    let last = last.map(|(change, _, version)| (*change != Change::Deleted, *version));
                    prop_assert_eq!(
                        last,
                        Some((true, kept.version)),
                        "{:?} was told as {:?}",
                        kept,
                        told
                    );
                }
                // A backfill in bulk does not tell of what was gone before.
                Some(_) if self.rules.bulk_above.is_some() && told.is_empty() => {}
                Some(at) if at >= self.start && self.rules.deletions => {
                    let last = last.map(|(change, ..)| *change);
                    prop_assert_eq!(last, Some(Change::Deleted), "{:?} was told as {:?}", kept, told);
                }
                _ => {}
            }
            // What was deleted before anybody was told of it can come back long after its creation.
            if let Some((change, ..)) = first
                && !kept.restored
            {
                let created = kept.created >= self.start;
                prop_assert_eq!(
                    *change == Change::Created,
                    created,
                    "{:?} was told as {:?}",
                    kept,
                    told
                );
                let times = told
                    .iter()
                    .filter(|(change, ..)| *change == Change::Created)
                    .count();
                prop_assert!(times <= 1 || self.crashed, "{:?} was told as {:?}", kept, told);
            }
        }
        Ok(())
    }
}
