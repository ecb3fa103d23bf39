//! What some calls took: how many there were, and their credits.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A counter that the calls of one job share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    requests: AtomicU64,
    credits: AtomicU64,
}

impl Meter {
    /// Counts a call.
    pub(crate) fn count(&self, credits: u32) {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        self.0.credits.fetch_add(credits.into(), Ordering::Relaxed);
    }

    /// The calls so far.
    pub(crate) fn requests(&self) -> u64 {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// Their credits, by the table of operations.
    pub(crate) fn credits(&self) -> u64 {
        self.0.credits.load(Ordering::Relaxed)
    }
}
