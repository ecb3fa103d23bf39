//! One run of a feed as a pure machine: what to ask next, and what an answer means.
//!
//! There is no request, no store and no clock in here: `step` takes a state and an answer and gives
//! the next state, with what to ask or to hand out. That is what the properties are run against.

pub(crate) mod ascent;
pub(crate) mod descent;
pub(crate) mod export;
pub(crate) mod pages;

use jiff::Timestamp;

use self::ascent::Ascent;
use self::descent::Descent;
use self::export::Backfill;
use super::cursor::{Cursor, Second};
use super::event::{Change, Event};
use crate::error::{Error, ErrorKind, Result};
use crate::record::Record;
use crate::wire::ZohoId;

/// Events of one batch at most; CRM's query brings as many rows.
pub(crate) const BATCH: usize = 2_000;

/// What does not change from run to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    /// So many seconds before the mark are read again.
    pub(crate) overlap: Second,
    /// Changes younger than this wait for the next run: a second must be over before it is read.
    pub(crate) lag: Second,
    /// Whether to tell of deletions.
    pub(crate) deletions: bool,
    /// Rows that a walk keeps at most before it hands them out.
    pub(crate) kept: usize,
    /// Rows of one answer at most.
    pub(crate) page: u32,
    /// A first run reads more records than this by bulk jobs.
    pub(crate) bulk_above: Option<u32>,
}

/// What is to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// What time it is: any cheap answer.
    Time,
    /// The deletions after a second, this one included.
    Deleted { from: Second, page: u32, rows: u32 },
    /// Rows by instant and id, after a place or from a second on.
    Ascending {
        from: Second,
        after: Option<(Second, ZohoId)>,
    },
    /// The same where queries are refused: a list that can only be continued by token.
    Listed { from: Second, token: Option<String> },
    /// A page of rows by instant, newest first.
    Descending { from: Second, page: u32, rows: u32 },
    /// Any row, if there are more records than so many.
    Many { above: u32 },
    /// A bulk job over the records behind an id.
    Export { after: Option<ZohoId> },
    /// How far a job is.
    ExportState { job: String },
    /// Rows of a job's archive, some of them passed over.
    ExportRows { job: String, skip: u64, rows: u32 },
}

/// What is said of a bulk job.
#[cfg_attr(not(feature = "bulk"), allow(dead_code, reason = "then all jobs are refused"))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum JobState {
    /// It was made.
    Made(String),
    UnderWay,
    /// Its archive can be read; whether there are records that it does not hold.
    Done {
        more: bool,
    },
    /// It failed, or Zoho does not know it any more.
    Gone,
    /// The server makes no jobs for this module or connection.
    Refused,
}

/// A record as it was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) at: Second,
    pub(crate) id: ZohoId,
    pub(crate) created: Option<Second>,
    pub(crate) record: Record,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Found {
    /// The server's time when it was asked, or earlier.
    pub(crate) asked_at: Second,
    pub(crate) rows: Vec<Row>,
    pub(crate) more: bool,
    pub(crate) token: Option<String>,
    /// Whether the server says that it sorted as it was asked to.
    pub(crate) sorted: bool,
}

/// What came of an ask.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    Found(Found),
    /// The server does not take queries of this module.
    NoQueries,
    /// The page token is spent.
    TokenSpent,
    Job(JobState),
}

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Next {
    Ask(Ask),
    /// Ask this when the present second is over: changes were in the way, and it may have more of them.
    AskLater(Ask),
    /// Hand these out; once they are acknowledged the cursor is this.
    HandOut {
        events: Vec<Event>,
        cursor: Cursor,
        ends_run: bool,
    },
    /// Nothing to hand out, and the run is over.
    Rest(Cursor),
}

/// The two ways to read a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Oldest first, by a query or a list that can start at an instant.
    Ascending,
    /// Newest first, until what is known is met.
    Descending,
}

/// A run under way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Run {
    /// The feed was never read: it begins now.
    First,
    /// It begins with all there is: is that much?
    Count,
    Backfill(Box<Backfill>),
    Ascent(Box<Ascent>),
    Descent(Box<Descent>),
}

impl Run {
    /// The beginning of a run; without a cursor, of the first.
    pub(crate) fn begin(cursor: Option<Cursor>, way: Way, queries: bool, rules: Rules) -> (Self, Next) {
        let Some(mut cursor) = cursor else {
            return match rules.bulk_above {
                Some(above) => (Self::Count, Next::Ask(Ask::Many { above })),
                None => (Self::First, Next::Ask(Ask::Time)),
            };
        };
        if let Some(export) = cursor.export.take() {
            let backfill = Backfill::of(cursor, export);
            let ask = backfill.ask(rules);
            return (Self::Backfill(Box::new(backfill)), Next::Ask(ask));
        }
        match way {
            Way::Ascending => {
                let (ascent, ask) = Ascent::begin(cursor, queries, rules);
                (Self::Ascent(Box::new(ascent)), Next::Ask(ask))
            }
            Way::Descending => {
                let (descent, ask) = Descent::begin(cursor, rules);
                (Self::Descent(Box::new(descent)), Next::Ask(ask))
            }
        }
    }

    /// Takes in an answer.
    ///
    /// # Errors
    /// The answer can not be right. The run can go on as if it had not been given.
    pub(crate) fn step(&mut self, answer: Answer, rules: Rules) -> Result<Next> {
        match self {
            Self::First => match answer {
                Answer::Found(found) => Ok(Next::Rest(Cursor::starting_at(found.asked_at))),
                Answer::NoQueries | Answer::TokenSpent | Answer::Job(_) => Ok(Next::Ask(Ask::Time)),
            },
            Self::Count => match answer {
                Answer::Found(found) if !found.rows.is_empty() => {
                    Ok(Next::Rest(Backfill::first(&found, rules)))
                }
                Answer::NoQueries => Ok(self.query(false, rules)),
                _ => Ok(self.query(true, rules)),
            },
            Self::Backfill(backfill) => match backfill.step(answer, rules)? {
                Some(next) => Ok(next),
                None => Ok(self.query(true, rules)),
            },
            Self::Ascent(ascent) => ascent.step(answer, rules),
            Self::Descent(descent) => match answer {
                Answer::Found(found) => descent.step(found, rules),
                _ => Ok(Next::Ask(descent.ask())),
            },
        }
    }

    /// Reads all there is by query.
    fn query(&mut self, queries: bool, rules: Rules) -> Next {
        let (ascent, ask) = Ascent::begin(Cursor::starting_at(0), queries, rules);
        *self = Self::Ascent(Box::new(ascent));
        Next::Ask(ask)
    }

    /// Goes on after a batch that did not end the run.
    pub(crate) fn go_on(&mut self, rules: Rules) -> Next {
        match self {
            Self::First | Self::Count => Next::Ask(Ask::Time),
            Self::Backfill(backfill) => Next::Ask(backfill.ask(rules)),
            Self::Ascent(ascent) => Next::Ask(ascent.ask()),
            Self::Descent(descent) => descent.go_on(rules),
        }
    }
}

/// An event of a row or a deletion.
fn event(change: Change, at: Second, id: ZohoId, record: Option<Record>) -> Event {
    Event {
        change,
        id,
        time: Timestamp::from_second(at).unwrap_or(Timestamp::MAX),
        record,
    }
}

fn wrong(message: &'static str) -> Error {
    Error::new(ErrorKind::Decode, message)
}
