//! What the store keeps of one limit: who holds how much of it, who waits, and what counts still.
//!
//! Pure bookkeeping over milliseconds since 1970: no clock, no store.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Terms;
use crate::pipeline::limits::daily::Day;

/// Entries that a span is cut into, so that a page stays small.
const CUTS: i64 = 60;

/// How long a process keeps a unit, in milliseconds, when there are fewer units than processes.
const TURN: i64 = 2_000;

/// A limit as all processes see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Page {
    pub(super) format: u32,
    pub(super) members: BTreeMap<String, Member>,
    /// What was spent, by the millisecond until which it counts.
    #[serde(default)]
    pub(super) spent: BTreeMap<i64, u64>,
    /// What Books said of the organization's day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) day: Option<Day>,
}

/// One process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Member {
    /// What it may use without asking, or uses.
    pub(super) held: u64,
    /// What its callers wait for, and the first of them.
    pub(super) waiting: u64,
    pub(super) need: u64,
    /// Since when it waits.
    pub(super) since: i64,
    /// Since when it holds anything.
    pub(super) from: i64,
    /// When it counts as dead unless it says something.
    pub(super) until: i64,
}

/// What one process brings to the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mine {
    pub(super) idle: u64,
    pub(super) running: u64,
    /// What was spent, by the millisecond until which it counts.
    pub(super) ended: Vec<(i64, u64)>,
    pub(super) waiting: u64,
    pub(super) need: u64,
    /// Nothing was started for a while: what is idle is given back.
    pub(super) resting: bool,
    /// What Zoho says was spent, by whomever.
    pub(super) reported: Option<u64>,
    pub(super) day: Option<Day>,
}

/// What comes of it for the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deal {
    /// What is idle from now on, what was granted included.
    pub(super) idle: u64,
    pub(super) granted: u64,
    /// While others wait: what is held beyond this goes back as calls end.
    pub(super) cap: Option<u64>,
    /// When there may be more, if callers still wait.
    pub(super) at: Option<i64>,
    /// Until when the process has what it holds.
    pub(super) until: i64,
}

impl Page {
    /// Brings the page up to date for one process, and gives it what it may have.
    pub(super) fn deal(&mut self, me: &str, mine: &Mine, limit: u64, now: i64, terms: &Terms) -> Deal {
        self.forget(now, terms);
        let before = self.members.remove(me);
        // Who was taken for dead holds nothing any more but the calls that are under way.
        let idle = if before.is_some() { mine.idle } else { 0 };
        for (until, units) in &mine.ended {
            self.spend(*until, *units, terms);
        }
        if let Some(day) = mine.day {
            self.day = Some(day.after(self.day, now));
        }
        let held_by_others: u64 = self.members.values().map(|member| member.held).sum();
        if let Some(reported) = mine.reported {
            let known = self.total_spent() + held_by_others + mine.running + idle;
            self.spend(now + terms.span, reported.saturating_sub(known), terms);
        }

        let others = self
            .members
            .values()
            .filter(|member| member.held > 0 || member.waiting > 0)
            .count();
        let fair = limit / (others as u64 + 1);
        let since = before
            .as_ref()
            .filter(|before| before.waiting > 0)
            .map_or(now, |before| before.since);
        let hungry = |member: &&Member| member.waiting > 0 && member.held < fair.max(1);
        let is_anybody_hungry = self.members.values().any(|member| hungry(&member));
        // First come, first served: what was asked for before is not taken.
        let asked_before: u64 = self
            .members
            .iter()
            .filter(|(name, member)| hungry(member) && (member.since, name.as_str()) < (since, me))
            .map(|(_, member)| member.need)
            .sum();

        let from = before
            .as_ref()
            .filter(|before| before.held > 0)
            .map(|before| before.from);
        // Where there are more processes than units, they take turns.
        let cap = match from {
            _ if !is_anybody_hungry => None,
            Some(from) if fair == 0 && now - from >= TURN => Some(0),
            _ => Some(fair.max(1)),
        };
        let mut keep = match cap {
            _ if mine.resting && mine.waiting == 0 => 0,
            Some(cap) => idle.min(cap.saturating_sub(mine.running)),
            None => idle,
        };
        let taken = self.total_spent() + held_by_others + mine.running;
        let lacking = mine.waiting.saturating_sub(keep);
        let mut granted = 0;
        if lacking > 0 {
            let room = limit.saturating_sub(taken + keep).saturating_sub(asked_before);
            granted = match is_anybody_hungry {
                true => {
                    let first = mine.need.saturating_sub(keep);
                    lacking.min(first.max(fair.saturating_sub(mine.running + keep)))
                }
                false => lacking.saturating_add(terms.ahead.min(room / 2)),
            };
            granted = granted.min(room);
            if keep + granted < mine.need {
                // A part is of no use, and others could use it.
                granted = 0;
                keep = if is_anybody_hungry { 0 } else { keep };
            }
            if mine.need > limit && taken == 0 {
                (keep, granted) = (0, mine.need);
            }
        }
        let waiting = mine.waiting.saturating_sub(keep + granted);
        let at = (waiting > 0).then(|| self.next_room()).flatten();
        let held = mine.running + keep + granted;
        let until = match &before {
            // It says so anew when half of its term is over.
            Some(before) if before.until - now > terms.term / 2 => before.until,
            _ => now + terms.term,
        };
        if held > 0 || waiting > 0 {
            let (need, since) = match waiting {
                0 => (0, 0),
                // Who was given something stands behind the others.
                _ => (mine.need, if granted > 0 { now } else { since }),
            };
            let member = Member {
                held,
                waiting,
                need,
                since,
                from: from.unwrap_or(now),
                until,
            };
            self.members.insert(me.to_owned(), member);
        }
        Deal {
            idle: keep + granted,
            granted,
            cap,
            at,
            until,
        }
    }

    /// Leaves out what does not count any more, and who died.
    fn forget(&mut self, now: i64, terms: &Terms) {
        self.spent = self.spent.split_off(&(now + 1));
        let dead: Vec<(i64, u64)> = self
            .members
            .values()
            .filter(|member| member.until <= now)
            .map(|member| (member.until, member.held))
            .collect();
        self.members.retain(|_, member| member.until > now);
        if terms.span > 0 {
            // Nobody knows what the dead used of it: all of it counts.
            for (until, held) in dead {
                self.spend(until + terms.span, held, terms);
            }
            self.spent = self.spent.split_off(&(now + 1));
        }
    }

    fn spend(&mut self, until: i64, units: u64, terms: &Terms) {
        if units > 0 {
            let cut = (terms.span / CUTS).max(1);
            let end = until.div_euclid(cut).saturating_add(1).saturating_mul(cut);
            *self.spent.entry(end).or_default() += units;
        }
    }

    fn total_spent(&self) -> u64 {
        self.spent.values().sum()
    }

    /// When something stops counting.
    fn next_room(&self) -> Option<i64> {
        let spent = self.spent.keys().next().copied();
        let dead = self.members.values().map(|member| member.until).min();
        spent.into_iter().chain(dead).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOTS: Terms = Terms {
        span: 0,
        ..Terms::MINUTE
    };

    fn wants(waiting: u64) -> Mine {
        Mine {
            waiting,
            need: waiting.min(1),
            ..Mine::default()
        }
    }

    #[test]
    fn what_one_holds_another_does_not_get_until_the_first_is_dead() {
        let mut page = Page::default();
        assert_eq!(page.deal("a", &wants(9), 10, 1_000, &SLOTS).granted, 9);
        let deal = page.deal("b", &wants(5), 10, 1_500, &SLOTS);
        assert_eq!((deal.granted, deal.at), (1, Some(1_000 + SLOTS.term)));
        let dead = page.deal("b", &Mine { idle: 1, ..wants(5) }, 10, 1_000 + SLOTS.term, &SLOTS);
        assert_eq!(dead.idle, 5);
    }

    #[test]
    fn what_the_dead_held_of_a_minute_counts_for_a_minute_more() {
        let (mut page, terms) = (Page::default(), Terms::MINUTE);
        page.deal("a", &wants(10), 10, 0, &terms);
        let over = terms.term + terms.span;
        assert_eq!(page.deal("b", &wants(1), 10, over - 1, &terms).granted, 0);
        assert_eq!(page.deal("b", &wants(1), 10, over + 1_000, &terms).granted, 1);
    }

    #[test]
    fn who_has_more_than_a_fair_part_gives_back_and_the_first_to_wait_is_first() {
        let mut page = Page::default();
        page.deal("a", &wants(10), 10, 0, &SLOTS);
        assert_eq!(page.deal("b", &wants(10), 10, 1, &SLOTS).granted, 0);
        let busy = Mine {
            running: 4,
            idle: 6,
            ..Mine::default()
        };
        let deal = page.deal("a", &busy, 10, 2, &SLOTS);
        assert_eq!((deal.idle, deal.cap), (1, Some(5)));
        // c comes later: b's first call is left to it.
        assert_eq!(page.deal("c", &wants(10), 10, 3, &SLOTS).granted, 3);
        assert_eq!(page.deal("b", &wants(10), 10, 4, &SLOTS).granted, 2);
    }

    #[test]
    fn a_part_of_a_call_is_not_held_and_one_beyond_the_limit_waits_for_all_of_it() {
        let (mut page, terms) = (Page::default(), Terms::MINUTE);
        let heavy = |need: u64| Mine {
            waiting: need,
            need,
            ..Mine::default()
        };
        page.deal("a", &heavy(70), 100, 0, &terms);
        assert_eq!(page.deal("b", &heavy(50), 100, 1, &terms).idle, 0);
        let mut page = Page::default();
        assert_eq!(page.deal("a", &heavy(150), 100, 0, &terms).granted, 150);
    }

    #[test]
    fn what_zoho_reports_beyond_what_is_known_was_spent_by_others() {
        let (mut page, terms) = (Page::default(), Terms::MINUTE);
        let mine = Mine {
            running: 10,
            reported: Some(60),
            ..wants(50)
        };
        page.members.insert(
            "a".to_owned(),
            Member {
                held: 10,
                waiting: 0,
                need: 0,
                since: 0,
                from: 0,
                until: 90_000,
            },
        );
        assert_eq!(page.deal("a", &mine, 100, 1, &terms).granted, 40);
        assert_eq!(page.total_spent(), 50);
    }
}
