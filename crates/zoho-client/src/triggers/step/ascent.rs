//! A run that reads oldest first: deletions, then records by instant and id, merged by instant.

use std::collections::{BTreeSet, HashSet};

use super::pages::PageAt;
use super::{Answer, Ask, Found, Next, Row, Rules, event, wrong};
use crate::error::{Error, ErrorKind, Result};
use crate::triggers::cursor::{Cursor, Second};
use crate::triggers::event::{Change, Event};
use crate::wire::ZohoId;

/// Deletions before the list is taken up again from the last instant: Zoho counts pages up to here.
const BY_NUMBER: u64 = 2_000;
/// Rows of a page of deletions at most.
const PAGE: u32 = 200;
/// How often the list of deletions may begin anew in a run.
const RESTARTS: u32 = 5;

/// Spent page tokens that a run puts up with.
const TOKENS: u32 = 5;

/// Where a run stands.
#[derive(Clone, Debug, PartialEq)]
enum At {
    /// Collecting deletions.
    Deletions { from: Second, page: PageAt, read: u64 },
    /// In a query's rows, after a place.
    Query { after: Option<(Second, ZohoId)> },
    /// In a list's rows.
    List { from: Second, token: Option<String> },
}

/// The run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ascent {
    cursor: Cursor,
    /// Where it begins to read.
    from: Second,
    at: At,
    queries: bool,
    /// The last second that this run tells of.
    until: Option<Second>,
    /// Deletions that wait for their place among the records.
    deleted: BTreeSet<(Second, ZohoId)>,
    /// The deletions of the page before: the next begins with one of them, or something was passed over.
    last_page: HashSet<(Second, ZohoId)>,
    restarts: u32,
    /// The last deletion of the page before, and whether all came oldest first.
    last_deleted: Option<Second>,
    in_order: bool,
    /// New records that are too fresh.
    fresh: BTreeSet<ZohoId>,
    /// Page tokens that were spent.
    spent: u32,
    /// Whether this run handed anything out.
    told: bool,
}

impl Ascent {
    pub(super) fn begin(cursor: Cursor, queries: bool, rules: Rules) -> (Self, Ask) {
        let from = cursor.reads_from(rules.overlap);
        let mut run = Self {
            cursor,
            at: At::Deletions {
                from,
                page: first_page(rules),
                read: 0,
            },
            from,
            queries,
            until: None,
            deleted: BTreeSet::new(),
            last_page: HashSet::new(),
            restarts: 0,
            last_deleted: None,
            in_order: true,
            fresh: BTreeSet::new(),
            spent: 0,
            told: false,
        };
        if !rules.deletions {
            run.at = run.first_rows();
        }
        let ask = run.ask();
        (run, ask)
    }

    /// Whether queries are taken, as far as this run found out.
    pub(crate) fn queries(&self) -> bool {
        self.queries
    }

    fn first_rows(&self) -> At {
        match self.queries {
            true => At::Query { after: None },
            false => At::List {
                from: self.from,
                token: None,
            },
        }
    }

    pub(super) fn ask(&self) -> Ask {
        match &self.at {
            At::Deletions { from, page, .. } => Ask::Deleted {
                from: *from,
                page: page.number,
                rows: page.rows,
            },
            At::Query { after } => Ask::Ascending {
                from: self.from,
                after: after.clone(),
            },
            At::List { from, token } => Ask::Listed {
                from: *from,
                token: token.clone(),
            },
        }
    }

    pub(super) fn step(&mut self, answer: Answer, rules: Rules) -> Result<Next> {
        match answer {
            Answer::NoQueries => {
                self.queries = false;
                self.at = self.first_rows();
                Ok(Next::Ask(self.ask()))
            }
            Answer::TokenSpent => {
                // From the cursor again: what was handed out is remembered.
                self.spent += 1;
                if self.spent > TOKENS {
                    return Err(Error::new(
                        ErrorKind::Exhausted,
                        "one page token after the other is spent before it is used",
                    ));
                }
                self.from = self.cursor.reads_from(rules.overlap);
                self.at = self.first_rows();
                self.fresh.clear();
                Ok(Next::Ask(self.ask()))
            }
            Answer::Job(_) => Err(wrong("the answer is about a bulk job that was not asked for")),
            Answer::Found(found) => {
                let until = *self.until.get_or_insert(found.asked_at.saturating_sub(rules.lag));
                match self.at {
                    At::Deletions { from, page, read } => self.deletions((from, page, read), found, rules),
                    At::Query { .. } | At::List { .. } => self.rows(until, found, rules),
                }
            }
        }
    }

    fn deletions(
        &mut self,
        (from, page, read): (Second, PageAt, u64),
        found: Found,
        rules: Rules,
    ) -> Result<Next> {
        if found.more && found.rows.is_empty() {
            return Err(wrong(
                "a page of deletions says that there is more and holds none",
            ));
        }
        let key = |row: &Row| (row.at, row.id.clone());
        let continues = found
            .rows
            .first()
            .is_some_and(|row| self.last_page.contains(&key(row)));
        if read > 0 && !continues {
            // A record that was restored left the list, and those behind it moved up.
            self.restarts += 1;
            if self.restarts > RESTARTS {
                let message = "the list of deletions changes faster than it can be read";
                return Err(Error::new(ErrorKind::Exhausted, message));
            }
            self.deleted.clear();
            self.in_order = true;
            self.last_deleted = None;
            self.at = At::Deletions {
                from: self.from,
                page: first_page(rules),
                read: 0,
            };
            return Ok(Next::AskLater(self.ask()));
        }
        let end = page.begins() + found.rows.len() as u64;
        self.last_page = found.rows.iter().map(key).collect();
        for row in found.rows {
            if self.deleted.insert((row.at, row.id)) {
                self.in_order &= self.last_deleted.is_none_or(|before| before <= row.at);
                self.last_deleted = Some(row.at);
            }
        }
        self.at = match self.last_deleted {
            Some(last) if found.more && end + u64::from(PAGE) > BY_NUMBER => {
                if !self.in_order || last <= from {
                    return Err(Error::new(
                        ErrorKind::Exhausted,
                        "Zoho shows no more than 2,000 deletions; run the trigger more often",
                    ));
                }
                At::Deletions {
                    from: last,
                    page: first_page(rules),
                    read: 0,
                }
            }
            _ if found.more && end <= read => {
                return Err(wrong(
                    "a page of deletions says that there is more and leads no further",
                ));
            }
            _ if found.more => At::Deletions {
                from,
                page: PageAt::holding(end - 1, first_page(rules).rows.into()),
                read: end,
            },
            _ => self.first_rows(),
        };
        Ok(Next::Ask(self.ask()))
    }

    fn rows(&mut self, until: Second, found: Found, rules: Rules) -> Result<Next> {
        let on = self.after(&found)?;
        let mut events = Vec::new();
        let mut last = None;
        for row in found.rows {
            if row.at > until {
                // Read to the end all the same: what is new must be known as new next time.
                if row.created.is_some_and(|created| created <= until)
                    && self.cursor.is_new(&row.id, row.created)
                {
                    self.fresh.insert(row.id);
                }
                continue;
            }
            self.delete_up_to(row.at, &mut events);
            last = Some(row.at);
            let Row {
                at,
                id,
                created,
                record,
            } = row;
            if let Some(change) = self.cursor.admit(at, &id, created) {
                events.push(event(change, at, id, Some(record)));
            }
        }
        let Some(on) = on else {
            self.delete_up_to(until, &mut events);
            self.cursor
                .finish(until, rules.overlap, std::mem::take(&mut self.fresh));
            let cursor = self.cursor.clone();
            if events.is_empty() && self.told {
                return Ok(Next::Rest(cursor));
            }
            return Ok(Next::HandOut {
                events,
                cursor,
                ends_run: true,
            });
        };
        self.at = on;
        if events.is_empty() {
            return Ok(Next::Ask(self.ask()));
        }
        self.told = true;
        if let Some(last) = last {
            self.cursor.advance(last);
        }
        Ok(Next::HandOut {
            events,
            cursor: self.cursor.clone(),
            ends_run: false,
        })
    }

    fn delete_up_to(&mut self, second: Second, events: &mut Vec<Event>) {
        while let Some((at, _)) = self.deleted.first()
            && *at <= second
            && let Some((at, id)) = self.deleted.pop_first()
        {
            if self.cursor.admit_deletion(at, &id) {
                events.push(event(Change::Deleted, at, id, None));
            }
        }
    }

    /// Where the rows go on after a page; `None` at their end.
    fn after(&self, found: &Found) -> Result<Option<At>> {
        let in_order = found.rows.is_sorted_by_key(|row| row.at);
        let (before, from) = match &self.at {
            At::Query { after } => (after.as_ref().map(|(at, _)| *at), self.from),
            At::List { from, .. } => (None, *from),
            At::Deletions { .. } => (None, self.from),
        };
        let first = found.rows.first().map(|row| row.at);
        if !in_order || first.zip(before).is_some_and(|(first, before)| first < before) {
            return Err(wrong("the rows are not in the order that was asked for"));
        }
        if !found.more {
            return Ok(None);
        }
        let (Some(first), Some(last)) = (first, found.rows.last()) else {
            return Err(wrong("a page says that there is more and holds no rows"));
        };
        Ok(Some(match &self.at {
            At::List { .. } if last.at > first && last.at > from => At::List {
                // From the last instant on, and not by token: rows that moved meanwhile move nothing.
                from: last.at,
                token: None,
            },
            At::List { from, token } => {
                let next = found.token.clone().filter(|next| Some(next) != token.as_ref());
                let Some(next) = next else {
                    return Err(wrong("a page says that there is more and gives no way to it"));
                };
                At::List {
                    from: *from,
                    token: Some(next),
                }
            }
            At::Query { .. } | At::Deletions { .. } => At::Query {
                after: Some((last.at, last.id.clone())),
            },
        }))
    }
}

fn first_page(rules: Rules) -> PageAt {
    PageAt::first(rules.page.min(PAGE).into())
}
