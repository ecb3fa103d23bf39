//! Calls and credits used, and when the next one is one too many.

use std::collections::{BTreeMap, VecDeque};

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::config::{Allowances, Config};

/// The outcome of counting a Books call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BooksVerdict {
    Allowed,
    TooManyThisMinute,
    TooManyToday,
}

/// What the `X-Rate-Limit-*` headers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BooksBudget {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Seconds until the daily count starts again.
    pub(crate) reset: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Usage {
    minute: VecDeque<Timestamp>,
    today: u32,
    day_ends: Timestamp,
}

/// Calls and credits used.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    allowances: Allowances,
    zone: TimeZone,
    books: BTreeMap<String, Usage>,
    credits: VecDeque<(Timestamp, u32)>,
    spent: u32,
}

/// What was used so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Used {
    books: BTreeMap<String, Usage>,
    credits: VecDeque<(Timestamp, u32)>,
    spent: u32,
}

const MINUTE: SignedDuration = SignedDuration::from_secs(60);
const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Limits {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            allowances: config.allowances,
            zone: config.zone.clone(),
            books: BTreeMap::new(),
            credits: VecDeque::new(),
            spent: 0,
        }
    }

    /// The limits of a configuration, so far used.
    pub(crate) fn resumed(config: &Config, used: Option<Used>) -> Self {
        let Used {
            books,
            credits,
            spent,
        } = used.unwrap_or_default();
        Self {
            books,
            credits,
            spent,
            ..Self::new(config)
        }
    }

    /// What was used so far.
    pub(crate) fn used(&self) -> Used {
        Used {
            books: self.books.clone(),
            credits: self.credits.clone(),
            spent: self.spent,
        }
    }

    /// Counts one Books call of an organization, unless it is one too many.
    pub(crate) fn books(&mut self, organization: &str, now: Timestamp) -> BooksVerdict {
        let allowances = self.allowances;
        let usage = self.usage(organization, now);
        while usage
            .minute
            .front()
            .is_some_and(|at| now.duration_since(*at) >= MINUTE)
        {
            usage.minute.pop_front();
        }
        if allowances
            .books_per_minute
            .is_some_and(|limit| usage.minute.len() >= limit as usize)
        {
            return BooksVerdict::TooManyThisMinute;
        }
        if usage.today >= allowances.books_per_day {
            return BooksVerdict::TooManyToday;
        }
        if allowances.books_per_minute.is_some() {
            usage.minute.push_back(now);
        }
        usage.today += 1;
        BooksVerdict::Allowed
    }

    /// What an organization has left today.
    pub(crate) fn books_budget(&mut self, organization: &str, now: Timestamp) -> BooksBudget {
        let limit = self.allowances.books_per_day;
        let usage = self.usage(organization, now);
        BooksBudget {
            limit,
            remaining: limit.saturating_sub(usage.today),
            reset: usage.day_ends.duration_since(now).as_secs().max(0),
        }
    }

    /// What is used and allowed, for people to see.
    pub(crate) fn shown(&mut self, organizations: &[String], now: Timestamp) -> Value {
        let books: Vec<Value> = organizations
            .iter()
            .map(|organization| {
                let budget = self.books_budget(organization, now);
                let minute = self.usage(organization, now).minute.iter();
                let minute = minute.filter(|at| now.duration_since(**at) < MINUTE).count();
                json!({
                    "organization_id": organization,
                    "today": budget.limit - budget.remaining,
                    "per_day": budget.limit,
                    "day_ends_in": budget.reset,
                    "last_minute": minute,
                    "per_minute": self.allowances.books_per_minute,
                })
            })
            .collect();
        let recent = self
            .credits
            .iter()
            .filter(|(at, _)| now.duration_since(*at) < DAY);
        let spent: u32 = recent.map(|(_, spent)| spent).sum();
        json!({"crm_credits": {"spent": spent, "per_day": self.allowances.crm_credits}, "books": books})
    }

    fn usage(&mut self, organization: &str, now: Timestamp) -> &mut Usage {
        let day_ends = next_midnight(now, &self.zone);
        let fresh = Usage {
            minute: VecDeque::new(),
            today: 0,
            day_ends,
        };
        let usage = self.books.entry(organization.to_owned()).or_insert(fresh);
        if now >= usage.day_ends {
            usage.today = 0;
            usage.day_ends = day_ends;
        }
        usage
    }

    /// Takes CRM credits; `false` when there are not enough left of the last 24 hours' allowance.
    pub(crate) fn spend(&mut self, credits: u32, now: Timestamp) -> bool {
        while let Some((at, spent)) = self.credits.front().copied() {
            if now.duration_since(at) < DAY {
                break;
            }
            self.credits.pop_front();
            self.spent = self.spent.saturating_sub(spent);
        }
        if self.spent.saturating_add(credits) > self.allowances.crm_credits {
            return false;
        }
        self.spent += credits;
        match self.credits.back_mut() {
            // One entry per minute keeps a busy day small.
            Some((at, spent)) if now.duration_since(*at) < MINUTE => *spent += credits,
            _ => self.credits.push_back((now, credits)),
        }
        true
    }

    /// What is left of the credits, once half of them is used: Zoho sends it only then.
    pub(crate) fn credits_to_show(&self) -> Option<u32> {
        let limit = self.allowances.crm_credits;
        (u64::from(self.spent) * 2 >= u64::from(limit)).then(|| limit.saturating_sub(self.spent))
    }
}

fn next_midnight(now: Timestamp, zone: &TimeZone) -> Timestamp {
    now.to_zoned_datetime(zone.clone())
        .date()
        .checked_add(1.day())
        .and_then(|day| day.to_datetime(Time::midnight()).to_zoned_datetime(zone.clone()))
        .map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn limits(per_minute: u32, per_day: u32) -> Limits {
        let mut config = Config::default();
        config.allowances.books_per_minute = Some(per_minute);
        config.allowances.books_per_day = per_day;
        Limits::new(&config)
    }

    proptest! {
        #[test]
        fn no_minute_and_no_day_sees_one_call_too_many(gaps in prop::collection::vec(0_i64..40_000, 1..120), fine in prop::collection::vec(0_i64..3, 120)) {
            let mut limits = limits(5, 20);
            let mut now = Config::default().start;
            let mut allowed: Vec<Timestamp> = Vec::new();
            for (gap, fine) in gaps.iter().zip(&fine) {
                // Mostly small steps, now and then a long pause.
                now += SignedDuration::from_secs(if *fine == 0 { *gap } else { gap % 20 });
                let before = limits.books_budget("1", now).remaining;
                if limits.books("1", now) == BooksVerdict::Allowed {
                    allowed.push(now);
                    prop_assert_eq!(limits.books_budget("1", now).remaining, before - 1);
                }
                let minute = allowed.iter().filter(|at| now.duration_since(**at) < MINUTE).count();
                prop_assert!(minute <= 5);
                let today = now.to_zoned_datetime(limits.zone.clone()).date();
                let day = allowed.iter().filter(|at| at.to_zoned_datetime(limits.zone.clone()).date() == today).count();
                prop_assert!(day <= 20);
            }
        }

        #[test]
        fn credits_never_exceed_the_allowance(spends in prop::collection::vec((0_i64..20_000, 1_u32..600), 1..200)) {
            let mut config = Config::default();
            config.allowances.crm_credits = 5_000;
            let mut limits = Limits::new(&config);
            let mut now = config.start;
            for (gap, credits) in spends {
                now += SignedDuration::from_secs(gap);
                limits.spend(credits, now);
                prop_assert!(limits.spent <= 5_000);
                prop_assert_eq!(limits.credits.iter().map(|(_, spent)| spent).sum::<u32>(), limits.spent);
                prop_assert_eq!(limits.credits_to_show().is_some(), limits.spent >= 2_500);
            }
        }
    }

    #[test]
    fn organizations_are_counted_apart() {
        let mut limits = limits(1, 10);
        let now = Config::default().start;
        assert_eq!(limits.books("1", now), BooksVerdict::Allowed);
        assert_eq!(limits.books("1", now), BooksVerdict::TooManyThisMinute);
        assert_eq!(limits.books("2", now), BooksVerdict::Allowed);
    }
}
