//! State in memory: gone with the program.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt, ready};
use jiff::Timestamp;
use parking_lot::Mutex;

use super::lease::end;
use super::{Entry, Guard, Lease, StateStore, Version};
use crate::error::Result;

/// A store that lasts as long as the program. Several clients may share one.
#[derive(Default)]
pub struct MemoryStore(Mutex<State>);

#[derive(Default)]
struct State {
    values: BTreeMap<String, Entry>,
    /// The latest grant of each name. Kept when it is given back, so that fences only grow.
    leases: HashMap<String, Lease>,
    writes: u64,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl State {
    fn allows(&self, key: &str, guard: Guard<'_>) -> bool {
        match guard {
            Guard::Always => true,
            Guard::Absent => !self.values.contains_key(key),
            Guard::Unchanged(version) => self.values.get(key).map(|entry| entry.version) == Some(version),
            Guard::Held(lease) => self.holds(lease),
        }
    }

    fn holds(&self, lease: &Lease) -> bool {
        self.leases
            .get(lease.name())
            .is_some_and(|latest| latest.fence() == lease.fence() && latest.holder() == lease.holder())
    }

    fn put(&mut self, key: &str, value: Vec<u8>, guard: Guard<'_>) -> Option<Version> {
        if !self.allows(key, guard) {
            return None;
        }
        self.writes += 1;
        let version = Version::new(self.writes);
        self.values.insert(key.to_owned(), Entry { value, version });
        Some(version)
    }

    fn acquire(&mut self, name: &str, holder: &str, now: Timestamp, term: Duration) -> Option<Lease> {
        let latest = self.leases.get(name);
        if latest.is_some_and(|latest| latest.holder() != holder && !latest.is_over(now)) {
            return None;
        }
        let fence = latest.map_or(1, |latest| latest.fence() + 1);
        let lease = Lease::new(name, holder, fence, end(now, term));
        self.leases.insert(name.to_owned(), lease.clone());
        Some(lease)
    }

    fn renew(&mut self, lease: &Lease, now: Timestamp, term: Duration) -> Option<Lease> {
        if !self.holds(lease) {
            return None;
        }
        let lease = lease.clone().extended(now, term);
        self.leases.insert(lease.name().to_owned(), lease.clone());
        Some(lease)
    }

    fn release(&mut self, lease: &Lease) -> bool {
        let held = self.holds(lease);
        if held {
            // Nobody's from now on: the empty holder's term is over at once.
            let free = Lease::new(lease.name(), "", lease.fence(), Timestamp::MIN);
            self.leases.insert(lease.name().to_owned(), free);
        }
        held
    }
}

impl StateStore for MemoryStore {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Entry>>> {
        ready(Ok(self.0.lock().values.get(key).cloned())).boxed()
    }

    fn put<'a>(
        &'a self,
        key: &'a str,
        value: Vec<u8>,
        guard: Guard<'a>,
    ) -> BoxFuture<'a, Result<Option<Version>>> {
        async move { Ok(self.0.lock().put(key, value, guard)) }.boxed()
    }

    fn remove<'a>(&'a self, key: &'a str, guard: Guard<'a>) -> BoxFuture<'a, Result<bool>> {
        async move {
            let mut state = self.0.lock();
            Ok(state.allows(key, guard) && state.values.remove(key).is_some())
        }
        .boxed()
    }

    fn keys<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>>> {
        async move {
            let state = self.0.lock();
            let from = state.values.range(prefix.to_owned()..);
            Ok(from
                .map(|(key, _)| key)
                .take_while(|key| key.starts_with(prefix))
                .cloned()
                .collect())
        }
        .boxed()
    }

    fn acquire<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        now: Timestamp,
        term: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>>> {
        async move { Ok(self.0.lock().acquire(name, holder, now, term)) }.boxed()
    }

    fn renew<'a>(
        &'a self,
        lease: &'a Lease,
        now: Timestamp,
        term: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>>> {
        async move { Ok(self.0.lock().renew(lease, now, term)) }.boxed()
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<bool>> {
        async move { Ok(self.0.lock().release(lease)) }.boxed()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("keys", &self.0.lock().values.len())
            .finish()
    }
}
