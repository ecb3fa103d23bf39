//! The right to do something alone for a while.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A lease as a store granted it.
///
/// Its fence is what counts: writes guarded by [`Guard::Held`](super::Guard::Held) fail once the
/// lease was granted again, however the clocks of the two holders stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    name: String,
    holder: String,
    fence: u64,
    until: Timestamp,
}

impl Lease {
    /// A lease as a store grants it.
    pub fn new(name: impl Into<String>, holder: impl Into<String>, fence: u64, until: Timestamp) -> Self {
        Self {
            name: name.into(),
            holder: holder.into(),
            fence,
            until,
        }
    }

    /// What it is a lease of.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whose it is. Holders name themselves, each differently.
    #[must_use]
    pub fn holder(&self) -> &str {
        &self.holder
    }

    /// Higher than that of every grant of this name before.
    #[must_use]
    pub fn fence(&self) -> u64 {
        self.fence
    }

    /// When it ends, if it is not renewed.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// Whether it has ended: then somebody else may have it.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until <= now
    }

    /// The same grant, to another end.
    #[must_use]
    pub fn extended(mut self, now: Timestamp, term: Duration) -> Self {
        self.until = end(now, term);
        self
    }
}

/// When a term that begins now ends, in whole microseconds: every store keeps these exactly.
pub(crate) fn end(now: Timestamp, term: Duration) -> Timestamp {
    SignedDuration::try_from(term)
        .ok()
        .and_then(|term| now.saturating_add(term).ok())
        .and_then(|end| Timestamp::from_microsecond(end.as_microsecond()).ok())
        .unwrap_or(Timestamp::MAX)
}
