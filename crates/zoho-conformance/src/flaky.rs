//! A store that fails when it is told to: before a write is done, or after.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use jiff::Timestamp;
use zoho_client::{Entry, Error, Guard, Lease, MemoryStore, Result, StateStore, Version};

/// Keeps values in memory, and fails at a write that was chosen.
#[derive(Debug, Default)]
pub struct FlakyStore {
    inner: MemoryStore,
    /// Writes that still succeed; `u32::MAX` is for ever.
    left: AtomicU32,
    /// Whether the write that fails is done all the same.
    done: AtomicBool,
}

impl FlakyStore {
    /// A store in which nothing fails yet.
    #[must_use]
    pub fn new() -> Arc<Self> {
        let store = Self::default();
        store.left.store(u32::MAX, Ordering::Relaxed);
        Arc::new(store)
    }

    /// Fails once, after so many writes: `done` says whether that write is done all the same.
    pub fn fail_after(&self, writes: u32, done: bool) {
        self.left.store(writes, Ordering::Relaxed);
        self.done.store(done, Ordering::Relaxed);
    }

    /// Fails no more.
    pub fn heal(&self) {
        self.left.store(u32::MAX, Ordering::Relaxed);
    }

    /// Whether this write fails, and if so, whether it is done.
    fn strike(&self) -> Option<bool> {
        match self.left.load(Ordering::Relaxed) {
            u32::MAX => None,
            0 => {
                self.heal();
                Some(self.done.load(Ordering::Relaxed))
            }
            left => {
                self.left.store(left - 1, Ordering::Relaxed);
                None
            }
        }
    }
}

fn failure() -> Error {
    Error::store("the store is told to fail", "no cause")
}

impl StateStore for FlakyStore {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Entry>>> {
        self.inner.get(key)
    }

    fn put<'a>(
        &'a self,
        key: &'a str,
        value: Vec<u8>,
        guard: Guard<'a>,
    ) -> BoxFuture<'a, Result<Option<Version>>> {
        async move {
            match self.strike() {
                None => self.inner.put(key, value, guard).await,
                Some(done) => {
                    if done {
                        self.inner.put(key, value, guard).await?;
                    }
                    Err(failure())
                }
            }
        }
        .boxed()
    }

    fn remove<'a>(&'a self, key: &'a str, guard: Guard<'a>) -> BoxFuture<'a, Result<bool>> {
        async move {
            match self.strike() {
                None => self.inner.remove(key, guard).await,
                Some(done) => {
                    if done {
                        self.inner.remove(key, guard).await?;
                    }
                    Err(failure())
                }
            }
        }
        .boxed()
    }

    fn keys<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>>> {
        self.inner.keys(prefix)
    }

    fn acquire<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        now: Timestamp,
        term: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>>> {
        self.inner.acquire(name, holder, now, term)
    }

    fn renew<'a>(
        &'a self,
        lease: &'a Lease,
        now: Timestamp,
        term: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>>> {
        self.inner.renew(lease, now, term)
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<bool>> {
        self.inner.release(lease)
    }
}
