//! What a trigger tells: one event for each change of a record, in batches that are acknowledged.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::record::Record;
use crate::wire::ZohoId;

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// It was created, and is told of for the first time.
    Created,
    /// It was changed.
    Updated,
    /// It was deleted.
    Deleted,
}

/// A change of a record.
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Event {
    /// What happened.
    pub change: Change,
    /// The record's id.
    pub id: ZohoId,
    /// When, by Zoho's clock, in whole seconds: `Modified_Time`, `last_modified_time` or
    /// `deleted_time`.
    pub time: Timestamp,
    /// The record as it was read; `None` when it was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
}

impl fmt::Debug for Event {
    // The record is somebody's data: its size is all that is told.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("change", &self.change)
            .field("id", &self.id)
            .field("time", &self.time)
            .field("fields", &self.record.as_ref().map(Record::len))
            .finish()
    }
}

/// Events that are handed out together, oldest first, and acknowledged together.
///
/// An empty batch says that a run found no changes.
#[derive(Clone, Debug)]
#[must_use = "a batch that is not acknowledged comes again"]
pub struct Batch {
    pub(crate) number: u64,
    pub(crate) trigger: Arc<str>,
    pub(crate) events: Arc<[Event]>,
    pub(crate) ends_run: bool,
}

impl Batch {
    /// The events, oldest first.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The name of the trigger that handed it out.
    #[must_use]
    pub fn trigger(&self) -> &str {
        &self.trigger
    }

    /// Whether the run found no changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether the run is over with this batch; otherwise more follows at once.
    #[must_use]
    pub fn ends_run(&self) -> bool {
        self.ends_run
    }
}

impl<'a> IntoIterator for &'a Batch {
    type Item = &'a Event;
    type IntoIter = std::slice::Iter<'a, Event>;

    fn into_iter(self) -> Self::IntoIter {
        self.events.iter()
    }
}
