//! Every Books record type that the catalogue sorts by `last_modified_time`, some that it does not,
//! and custom modules of CRM: nothing is lost or told twice, against the local Zoho.

mod site;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use self::site::{Kind, Site};
use super::limits::paused;
use crate::MemoryStore;
use crate::books::catalogue::{self, Modified};
use crate::triggers::{Batch, Change, Schedule, Trigger};
use crate::wire::ZohoId;

#[derive(Clone, Debug)]
enum Act {
    Create,
    Edit(usize),
    Delete(usize),
    Pass(u64),
    Poll,
    /// The process ends with the next batch, which was dealt with or not.
    Crash(bool),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        5 => Just(Act::Create),
        4 => (0usize..30).prop_map(Act::Edit),
        1 => (0usize..30).prop_map(Act::Delete),
        3 => (0u64..3).prop_map(Act::Pass),
        2 => (3u64..200).prop_map(Act::Pass),
        4 => Just(Act::Poll),
        1 => any::<bool>().prop_map(Act::Crash),
    ];
    prop::collection::vec(act, 1..30)
}

/// What a consumer was told, and what it acknowledged.
#[derive(Default)]
struct Told {
    events: BTreeMap<ZohoId, Vec<(Change, i64)>>,
    done: BTreeSet<(ZohoId, Change, i64)>,
}

impl Told {
    fn take(&mut self, batch: &Batch, acknowledged: bool) -> Result<(), TestCaseError> {
        for event in batch {
            let told = (event.change, event.time.as_second());
            let key = (event.id.clone(), told.0, told.1);
            prop_assert!(
                !self.done.contains(&key),
                "told again after it was acknowledged: {event:?}"
            );
            if acknowledged {
                self.done.insert(key);
            }
            let events = self.events.entry(event.id.clone()).or_default();
            prop_assert!(
                events.last().is_none_or(|last| last.1 <= told.1),
                "{event:?} is out of order"
            );
            events.push(told);
        }
        Ok(())
    }
}

async fn play(kind: Kind, acts: &[Act], before: usize, page: u32) -> Result<usize, TestCaseError> {
    let mut site = Site::new(kind).await;
    for _ in 0..before {
        site.create().await;
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    let store = Arc::new(MemoryStore::new());
    let trigger = |site: &Site| {
        let feed = site
            .feed()
            .page(page)
            .lag(Duration::from_secs(3))
            .overlap(Duration::from_secs(30));
        let minute = Schedule::every(Duration::from_secs(60)).unwrap();
        Trigger::new("test", feed, minute, store.clone()).unwrap()
    };
    let mut at_work = trigger(&site);
    at_work.begin().await.unwrap();
    let old = site.rows().await;
    let mut told = Told::default();
    let mut crash = None;
    let peace = [Act::Pass(5), Act::Poll, Act::Poll, Act::Poll, Act::Poll];
    for (place, act) in acts.iter().chain(&peace).enumerate() {
        let picked = match act {
            Act::Edit(number) | Act::Delete(number) => {
                let living: Vec<ZohoId> = site.rows().await.into_keys().collect();
                number
                    .checked_rem(living.len())
                    .map(|place| living[place].clone())
            }
            _ => None,
        };
        match act {
            Act::Create => site.create().await,
            Act::Edit(_) => {
                if let Some(id) = picked {
                    site.edit(&id).await;
                }
            }
            Act::Delete(_) => {
                if let Some(id) = picked {
                    site.delete(&id).await;
                }
            }
            Act::Pass(seconds) => tokio::time::sleep(Duration::from_secs(*seconds)).await,
            Act::Crash(dealt_with) => crash = Some(*dealt_with),
            Act::Poll => loop {
                let batch = at_work.next().await.unwrap();
                let crash = crash.take_if(|_| !batch.is_empty() && place < acts.len());
                if let Some(dealt_with) = crash {
                    if dealt_with {
                        told.take(&batch, false)?;
                    }
                    at_work = trigger(&site);
                    break;
                }
                told.take(&batch, true)?;
                at_work.acknowledge(&batch).await.unwrap();
                if batch.ends_run() {
                    break;
                }
            },
        }
    }
    let rows = site.rows().await;
    for (id, changed) in &rows {
        let events = told.events.get(id).map_or([].as_slice(), Vec::as_slice);
        let was = old.get(id);
        if was == Some(changed) {
            prop_assert!(
                events.is_empty(),
                "{id} did not change and was told as {events:?}"
            );
            continue;
        }
        prop_assert_eq!(
            events.last().map(|last| last.1),
            Some(*changed),
            "{} was told as {:?}",
            id,
            events
        );
        let first = if was.is_some() {
            Change::Updated
        } else {
            Change::Created
        };
        prop_assert_eq!(events[0].0, first, "{} was told as {:?}", id, events);
    }
    if let Kind::Module(_) = kind {
        for id in old.keys().filter(|id| !rows.contains_key(id)) {
            let last = told.events.get(id).and_then(|events| events.last());
            prop_assert_eq!(last.map(|last| last.0), Some(Change::Deleted));
        }
    }
    Ok(told.events.len())
}

fn hold(kind: Kind, cases: u32) {
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::default()
    });
    let story = (acts(), 0usize..12, 8u32..12);
    let told = std::cell::Cell::new(0);
    let done = runner.run(&story, |(acts, before, page)| {
        told.set(told.get() + paused(play(kind, &acts, before, page))?);
        Ok(())
    });
    done.unwrap_or_else(|failure| panic!("{kind:?}: {failure}"));
    assert!(told.get() > 0, "{kind:?}: nothing was told in any story");
}

/// The types that stand alone and whose lists carry `last_modified_time`, says the catalogue.
const SORTED: [&str; 14] = [
    "basecurrencyadjustment",
    "bills",
    "chartofaccounts",
    "contacts",
    "creditnotes",
    "deliverychallans",
    "estimates",
    "invoices",
    "journals",
    "purchaseorders",
    "recurringbills",
    "salesorders",
    "vendorcredits",
    "vendorpayments",
];

#[test]
fn every_books_type_that_is_sorted_by_its_changes_is_told_of() {
    let sorted: Vec<&str> = catalogue::all()
        .iter()
        .filter(|row| row.modified != Modified::None && row.parents.is_empty())
        .map(|row| row.name)
        .collect();
    assert_eq!(sorted, SORTED);
    for name in SORTED {
        hold(Kind::Books(name), 5);
    }
}

/// Where as many records change in one second as a page holds, a run that begins in it waits for its end: before that, what
/// changed while it read can not be told from what had changed before.
#[test]
fn a_run_that_begins_among_many_changes_waits_for_their_second_to_end() {
    for changes in 7..10 {
        let mut acts = vec![Act::Pass(60)];
        acts.extend(vec![Act::Create; changes]);
        acts.push(Act::Poll);
        let told = paused(play(Kind::Books("journals"), &acts, 11, 8)).unwrap();
        assert_eq!(told, changes);
    }
}

#[test]
fn books_types_that_are_read_whole_are_told_of() {
    for name in ["items", "expenses"] {
        hold(Kind::Books(name), 5);
    }
}

#[test]
fn custom_modules_are_told_of() {
    hold(Kind::Module("Ships"), 16);
}
