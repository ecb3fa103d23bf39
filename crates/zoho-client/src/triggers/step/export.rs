//! A backfill by a bulk read job: asked for, waited for between runs, told of, and joined to the polls.
//!
//! Only what had not changed for a while when the backfill began is told of from the archive. What
//! changed since is left to the polls, which begin there: so no state is told twice or passed over,
//! whenever Zoho wrote the archive.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Answer, Ask, Found, JobState, Next, Row, Rules, event, wrong};
use crate::error::Result;
use crate::triggers::cursor::{Cursor, Second};
use crate::triggers::event::Change;
use crate::wire::ZohoId;

/// Jobs of one page that may come to nothing before the records are read by query.
const TRIES: u32 = 3;

/// How far a backfill is, as the cursor keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Export {
    /// The last second that is told of from archives.
    until: Second,
    /// The job whose archive is read, once it was asked for.
    job: Option<String>,
    /// Records behind this id are in the archive; all of them without a word.
    after: Option<ZohoId>,
    /// Rows of the archive that were told of, the last of them, and whether all came by ascending id.
    row: u64,
    last: Option<ZohoId>,
    in_order: bool,
    tries: u32,
}

impl Export {
    fn new(until: Second) -> Self {
        Self {
            until,
            job: None,
            after: None,
            row: 0,
            last: None,
            in_order: true,
            tries: 0,
        }
    }

    /// Whether Zoho has a job to do: otherwise the next run goes on at once.
    pub(crate) fn waits(&self) -> bool {
        self.job.is_some()
    }
}

/// A run of a backfill.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Backfill {
    cursor: Cursor,
    export: Export,
    /// Whether the archive is being read, and more records stand behind it.
    reading: Option<bool>,
}

impl Backfill {
    /// The beginning: there are many records, says an answer of that second.
    pub(super) fn first(found: &Found, rules: Rules) -> Cursor {
        let until = found.asked_at.saturating_sub(rules.lag);
        let mut cursor = Cursor::starting_at(0);
        cursor.finish(until, rules.overlap, BTreeSet::new());
        cursor.export = Some(Export::new(until));
        cursor
    }

    pub(super) fn of(cursor: Cursor, export: Export) -> Self {
        Self {
            cursor,
            export,
            reading: None,
        }
    }

    pub(super) fn ask(&self, rules: Rules) -> Ask {
        match (&self.export.job, self.reading) {
            (None, _) => Ask::Export {
                after: self.export.after.clone(),
            },
            (Some(job), None) => Ask::ExportState { job: job.clone() },
            (Some(job), Some(_)) => Ask::ExportRows {
                job: job.clone(),
                skip: self.export.row,
                rows: rules.page,
            },
        }
    }

    /// Takes in an answer. Nothing: there is no way by jobs, and everything is read by query.
    pub(super) fn step(&mut self, answer: Answer, rules: Rules) -> Result<Option<Next>> {
        match answer {
            Answer::Job(JobState::Made(job)) => {
                self.export.job = Some(job);
                Ok(Some(self.rest()))
            }
            Answer::Job(JobState::UnderWay) => Ok(Some(self.rest())),
            Answer::Job(JobState::Done { more }) => {
                self.reading = Some(more);
                Ok(Some(Next::Ask(self.ask(rules))))
            }
            Answer::Job(JobState::Gone) => {
                self.export.tries += 1;
                if self.export.tries >= TRIES {
                    return Ok(None);
                }
                self.anew();
                Ok(Some(self.rest()))
            }
            Answer::Job(JobState::Refused) => Ok(None),
            Answer::Found(found) => self.rows(found, rules),
            Answer::NoQueries | Answer::TokenSpent => Err(wrong("the answer is not one about a bulk job")),
        }
    }

    /// Another job for what was not told of yet.
    fn anew(&mut self) {
        let last = self.export.last.take();
        if self.export.in_order {
            self.export.after = last.or(self.export.after.take());
        }
        self.export.in_order = true;
        (self.export.job, self.export.row, self.reading) = (None, 0, None);
    }

    fn rest(&mut self) -> Next {
        self.cursor.export = Some(self.export.clone());
        Next::Rest(self.cursor.clone())
    }

    fn rows(&mut self, found: Found, rules: Rules) -> Result<Option<Next>> {
        let Some(more) = self.reading else {
            return Err(wrong("rows come before the job is done"));
        };
        let mut events = Vec::new();
        for row in found.rows {
            let Row { at, id, record, .. } = row;
            self.export.row += 1;
            let ascends = self.export.last.as_ref().is_none_or(|last| key(last) < key(&id));
            self.export.in_order &= ascends;
            self.export.last = Some(id.clone());
            if at > self.export.until {
                self.cursor.leave_to_polls(id);
            } else if self.cursor.admit_exported(at, &id) {
                events.push(event(Change::Created, at, id, Some(record)));
            }
        }
        let is_end = !found.more;
        if is_end && more && !self.export.in_order {
            // What stands behind it can not be asked for.
            return Ok(None);
        }
        events.sort_by_key(|event| event.time);
        if is_end && more {
            self.export.tries = 0;
            self.anew();
        }
        self.cursor.export = (!is_end || more).then(|| self.export.clone());
        let cursor = self.cursor.clone();
        if is_end {
            self.reading = None;
        }
        Ok(Some(match events.is_empty() {
            true if is_end => Next::Rest(cursor),
            true => Next::Ask(self.ask(rules)),
            false => Next::HandOut {
                events,
                cursor,
                ends_run: is_end,
            },
        }))
    }
}

/// Ids in the order of their numbers.
fn key(id: &ZohoId) -> (usize, &str) {
    (id.as_str().len(), id.as_str())
}
