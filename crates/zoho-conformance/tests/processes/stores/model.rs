//! Any sequence of calls has the outcomes that the memory store gives: it is the model of the others.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use tokio::runtime::Runtime;
use zoho_client::{Entry, Guard, Lease, MemoryStore, StateStore, Version};

use super::Store;
use super::behaviour::noon;

#[derive(Clone, Copy, Debug)]
enum Only {
    Always,
    Absent,
    /// The write that gave the nth version so far, counted from the latest.
    Unchanged(usize),
    /// The nth lease so far, counted from the latest.
    Held(usize),
}

#[derive(Clone, Debug)]
enum Step {
    Get(u8),
    Put(u8, Vec<u8>, Only),
    Remove(u8, Only),
    Keys,
    Acquire(u8, u8, u32),
    Renew(usize, u32),
    Release(usize),
    Pass(u32),
}

fn only() -> impl Strategy<Value = Only> {
    prop_oneof![
        Just(Only::Always),
        Just(Only::Absent),
        (0_usize..4).prop_map(Only::Unchanged),
        (0_usize..3).prop_map(Only::Held),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let value = prop::collection::vec(any::<u8>(), 0..12);
    // Microseconds, so that terms end inside and at the edge of what a store keeps.
    let term = 0_u32..3_000;
    prop_oneof![
        1 => (0_u8..3).prop_map(Step::Get),
        4 => (0_u8..3, value, only()).prop_map(|(key, value, only)| Step::Put(key, value, only)),
        2 => (0_u8..3, only()).prop_map(|(key, only)| Step::Remove(key, only)),
        1 => Just(Step::Keys),
        3 => (0_u8..2, 0_u8..3, term.clone()).prop_map(|(name, holder, term)| Step::Acquire(name, holder, term)),
        2 => (0_usize..3, term).prop_map(|(lease, term)| Step::Renew(lease, term)),
        1 => (0_usize..3).prop_map(Step::Release),
        2 => (0_u32..2_000_000).prop_map(Step::Pass),
    ]
}

/// A store, and what it gave so far.
struct Side<'a> {
    store: &'a dyn StateStore,
    versions: Vec<Version>,
    leases: Vec<Lease>,
}

/// What a step gives, apart from the numbers of versions, which each store counts for itself.
#[derive(Debug, PartialEq)]
enum Outcome {
    Value(Option<Vec<u8>>),
    Done(bool),
    Keys(Vec<String>),
    Lease(Option<Lease>),
    Nothing,
}

fn nth_last<T: Clone>(all: &[T], n: usize) -> Option<T> {
    all.iter().rev().nth(n).cloned()
}

impl Side<'_> {
    async fn play(&mut self, case: &str, now: Timestamp, step: &Step) -> Outcome {
        let key = |n: &u8| format!("{case}/key {n}");
        let term = |micros: &u32| Duration::from_micros((*micros).into());
        match step {
            Step::Get(n) => {
                let entry: Option<Entry> = self.store.get(&key(n)).await.unwrap();
                if let Some(entry) = &entry {
                    assert!(
                        self.versions.contains(&entry.version),
                        "a version that no write gave"
                    );
                }
                Outcome::Value(entry.map(|entry| entry.value))
            }
            Step::Put(n, value, only) => {
                let held = self.held(*only);
                let Some(guard) = self.guard(*only, held.as_ref()) else {
                    return Outcome::Nothing;
                };
                let version = self.store.put(&key(n), value.clone(), guard).await.unwrap();
                if let Some(version) = version {
                    assert!(!self.versions.contains(&version), "a version came twice");
                    self.versions.push(version);
                }
                Outcome::Done(version.is_some())
            }
            Step::Remove(n, only) => {
                let held = self.held(*only);
                let Some(guard) = self.guard(*only, held.as_ref()) else {
                    return Outcome::Nothing;
                };
                Outcome::Done(self.store.remove(&key(n), guard).await.unwrap())
            }
            Step::Keys => Outcome::Keys(self.store.keys(&format!("{case}/")).await.unwrap()),
            Step::Acquire(name, holder, micros) => {
                let (name, holder) = (format!("{case}/lease {name}"), format!("holder {holder}"));
                let lease = self
                    .store
                    .acquire(&name, &holder, now, term(micros))
                    .await
                    .unwrap();
                self.leases.extend(lease.clone());
                Outcome::Lease(lease)
            }
            Step::Renew(n, micros) => {
                let Some(lease) = nth_last(&self.leases, *n) else {
                    return Outcome::Nothing;
                };
                let renewed = self.store.renew(&lease, now, term(micros)).await.unwrap();
                self.leases.extend(renewed.clone());
                Outcome::Lease(renewed)
            }
            Step::Release(n) => {
                let Some(lease) = nth_last(&self.leases, *n) else {
                    return Outcome::Nothing;
                };
                Outcome::Done(self.store.release(&lease).await.unwrap())
            }
            Step::Pass(_) => Outcome::Nothing,
        }
    }

    /// The lease that a guard asks for.
    fn held(&self, only: Only) -> Option<Lease> {
        match only {
            Only::Held(n) => nth_last(&self.leases, n),
            _ => None,
        }
    }

    /// The guard, if there was such a write or lease.
    fn guard<'a>(&self, only: Only, held: Option<&'a Lease>) -> Option<Guard<'a>> {
        match only {
            Only::Always => Some(Guard::Always),
            Only::Absent => Some(Guard::Absent),
            Only::Unchanged(n) => nth_last(&self.versions, n).map(Guard::Unchanged),
            Only::Held(_) => held.map(Guard::Held),
        }
    }
}

async fn play(store: &dyn StateStore, case: &str, steps: &[Step]) -> Result<(), TestCaseError> {
    let memory = MemoryStore::new();
    let side = |store| Side {
        store,
        versions: Vec::new(),
        leases: Vec::new(),
    };
    let (mut model, mut real) = (side(&memory as &dyn StateStore), side(store));
    let mut now = noon();
    for (index, step) in steps.iter().enumerate() {
        if let Step::Pass(nanos) = step {
            now += SignedDuration::from_nanos((*nanos).into());
        }
        let expected = model.play(case, now, step).await;
        let given = real.play(case, now, step).await;
        prop_assert_eq!(given, expected, "step {}: {:?}", index, step);
    }
    Ok(())
}

pub(crate) fn agrees(runtime: &Runtime, store: &Store, cases: u32) {
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut number = 0_u32;
    let numbers = std::cell::RefCell::new(&mut number);
    let store: &dyn StateStore = &**store;
    let outcome = TestRunner::new(config).run(&prop::collection::vec(step(), 1..40), |steps| {
        **numbers.borrow_mut() += 1;
        let case = format!("case {}", **numbers.borrow());
        runtime.block_on(play(store, &case, &steps))
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
