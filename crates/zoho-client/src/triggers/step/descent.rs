//! A run that reads newest first until it meets what is known, and hands out oldest first.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use super::pages::PageAt;
use super::{Ask, BATCH, Found, Next, Row, Rules, event, wrong};
use crate::error::{Error, ErrorKind, Result};
use crate::triggers::cursor::{Cursor, Second};
use crate::wire::ZohoId;

/// Walks in a row that a run tries before it gives up.
const WALKS: u32 = 5;

/// The run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Descent {
    cursor: Cursor,
    /// Where it stops to read.
    from: Second,
    until: Option<Second>,
    walk: Walk,
    /// Walks that had to be broken off.
    broken: u32,
    /// What a complete walk brought and was not handed out yet, oldest first.
    waiting: VecDeque<Row>,
    /// New records that are too fresh, once a walk was whole.
    fresh: BTreeSet<ZohoId>,
    /// Whether the last walk brought all there was.
    whole: bool,
    told: bool,
}

/// One way down the list.
#[derive(Clone, Debug, PartialEq)]
struct Walk {
    page: PageAt,
    /// Positions that were read.
    read: u64,
    /// The rows of the page before.
    last_page: HashSet<(Second, ZohoId)>,
    last: Option<Second>,
    /// What belongs to the run; when there is too much, the newest wait for another walk.
    kept: BTreeMap<(Second, ZohoId), Row>,
    whole: bool,
    fresh: BTreeSet<ZohoId>,
    /// When it began, by the server's clock.
    began: Option<Second>,
    /// Whether it is at the end, and looks once more at the beginning: a record that changed meanwhile
    /// went there, unread, and must be known as new next time if it is.
    closing: bool,
}

impl Walk {
    fn new(rules: Rules) -> Self {
        Self {
            page: PageAt::first(rules.page.into()),
            read: 0,
            last_page: HashSet::new(),
            last: None,
            kept: BTreeMap::new(),
            whole: true,
            fresh: BTreeSet::new(),
            began: None,
            closing: false,
        }
    }
}

impl Descent {
    pub(super) fn begin(cursor: Cursor, rules: Rules) -> (Self, Ask) {
        let run = Self {
            from: cursor.reads_from(rules.overlap),
            cursor,
            until: None,
            walk: Walk::new(rules),
            broken: 0,
            waiting: VecDeque::new(),
            fresh: BTreeSet::new(),
            whole: true,
            told: false,
        };
        let ask = run.ask();
        (run, ask)
    }

    pub(super) fn ask(&self) -> Ask {
        Ask::Descending {
            from: self.from,
            page: self.walk.page.number,
            rows: self.walk.page.rows,
        }
    }

    pub(super) fn step(&mut self, found: Found, rules: Rules) -> Result<Next> {
        let until = *self.until.get_or_insert(found.asked_at.saturating_sub(rules.lag));
        if found.more && found.rows.is_empty() {
            return Err(wrong("a page says that there is more and holds no rows"));
        }
        if found.sorted && !found.rows.is_sorted_by_key(|row| std::cmp::Reverse(row.at)) {
            return Err(wrong("the rows are not in the order that was asked for"));
        }
        let began = *self.walk.began.get_or_insert(found.asked_at);
        // Whether all that changed since the walk began is on the page: what it was before is known.
        let caught_up = !found.more || found.rows.last().is_some_and(|row| row.at < began);
        let fits = match self.walk.closing {
            true => caught_up,
            false => self.continues(&found),
        };
        if !fits {
            self.walk = Walk::new(rules);
            self.broken += 1;
            if self.broken >= WALKS {
                self.broken = 0;
                return Err(Error::new(
                    ErrorKind::Exhausted,
                    "the list changes faster than it can be read; the next run tries again",
                ));
            }
            return Ok(Next::AskLater(self.ask()));
        }
        let from = self.from;
        let walk = &mut self.walk;
        let end = walk.page.begins() + found.rows.len() as u64;
        walk.last_page = found.rows.iter().map(|row| (row.at, row.id.clone())).collect();
        walk.last = found.rows.last().map(|row| row.at);
        let met = found.sorted && walk.last.is_some_and(|last| last < from);
        for row in found.rows {
            if row.at > until {
                if row.created.is_some_and(|created| created <= until)
                    && self.cursor.is_new(&row.id, row.created)
                {
                    walk.fresh.insert(row.id);
                }
            } else if row.at >= from && !self.cursor.knows(row.at, &row.id) {
                walk.kept.insert((row.at, row.id.clone()), row);
            }
            if walk.kept.len() > rules.kept.max(1) {
                walk.kept.pop_last();
                walk.whole = false;
            }
        }
        let arrived = met || !found.more;
        if arrived && !walk.closing && walk.read > 0 && found.sorted {
            walk.closing = true;
            walk.page = PageAt::first(rules.page.into());
            return Ok(Next::Ask(self.ask()));
        }
        if arrived || walk.closing {
            let walk = std::mem::replace(&mut self.walk, Walk::new(rules));
            return Ok(self.arrive(walk, rules));
        }
        if end <= walk.read {
            return Err(wrong("a page says that there is more and leads no further"));
        }
        walk.read = end;
        walk.page = PageAt::holding(end - 1, rules.page.into());
        Ok(Next::Ask(self.ask()))
    }

    /// Whether a page begins with a row that was read: then nothing between it and the page before
    /// was passed over.
    fn continues(&self, found: &Found) -> bool {
        let walk = &self.walk;
        if walk.read == 0 {
            return true;
        }
        let in_order = !found.sorted
            || found
                .rows
                .first()
                .zip(walk.last)
                .is_none_or(|(first, last)| first.at >= last);
        in_order
            && found
                .rows
                .first()
                .is_some_and(|row| walk.last_page.contains(&(row.at, row.id.clone())))
    }

    fn arrive(&mut self, walk: Walk, rules: Rules) -> Next {
        self.broken = 0;
        self.whole = walk.whole;
        self.fresh = walk.fresh;
        self.waiting = walk.kept.into_values().collect();
        self.hand_out(rules)
    }

    /// Goes on after a batch: with the rest of what a walk brought, or with another walk.
    pub(super) fn go_on(&mut self, rules: Rules) -> Next {
        match self.waiting.is_empty() {
            true => Next::Ask(self.ask()),
            false => self.hand_out(rules),
        }
    }

    fn hand_out(&mut self, rules: Rules) -> Next {
        let mut events = Vec::new();
        let mut last = None;
        while events.len() < BATCH
            && let Some(row) = self.waiting.pop_front()
        {
            last = Some(row.at);
            let Row {
                at,
                id,
                created,
                record,
            } = row;
            if let Some(change) = self.cursor.admit(at, &id, created) {
                // It may have changed again within the walk: it is told now, and new no more.
                self.fresh.remove(&id);
                events.push(event(change, at, id, Some(record)));
            }
        }
        let ends_run = self.waiting.is_empty() && self.whole;
        if ends_run {
            let until = self.until.unwrap_or(Second::MIN);
            self.cursor
                .finish(until, rules.overlap, std::mem::take(&mut self.fresh));
        } else if let Some(last) = last {
            self.cursor.advance(last);
        }
        let cursor = self.cursor.clone();
        if events.is_empty() && ends_run && self.told {
            return Next::Rest(cursor);
        }
        self.told = true;
        Next::HandOut {
            events,
            cursor,
            ends_run,
        }
    }
}
