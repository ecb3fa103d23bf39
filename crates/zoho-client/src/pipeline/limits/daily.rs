//! Books' daily calls, as the headers of its answers tell them.

use std::time::Duration;

use http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::header_number;
use crate::clock;

/// Headers that name the same end, give or take this, are about the same day.
const SAME_DAY: Duration = Duration::from_secs(60 * 60);

/// What an organization has left of its day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Daily {
    limit: u64,
    remaining: u64,
    ends: Instant,
}

/// The same as processes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Day {
    limit: u64,
    remaining: u64,
    /// Milliseconds since 1970.
    pub(super) ends: i64,
}

impl Day {
    /// The later of two reports, as [`Daily::after`] has it.
    pub(super) fn after(self, before: Option<Self>, now: i64) -> Self {
        let same_day = i64::try_from(SAME_DAY.as_millis()).unwrap_or(i64::MAX);
        match before {
            Some(before) if self.ends < before.ends.saturating_add(same_day) && now < before.ends => Self {
                remaining: self.remaining.min(before.remaining),
                ..self
            },
            _ => self,
        }
    }
}

impl Daily {
    /// What other processes were told.
    pub(super) fn of(day: Day, ends: Instant) -> Self {
        Self {
            limit: day.limit,
            remaining: day.remaining,
            ends,
        }
    }

    /// What other processes may know, at a moment that the clock shows as so late.
    pub(super) fn at(&self, moment: Instant, now: Timestamp) -> Day {
        let left = SignedDuration::try_from(self.ends.saturating_duration_since(moment));
        let ends = now
            .saturating_add(left.unwrap_or_default())
            .unwrap_or(Timestamp::MAX);
        Day {
            limit: self.limit,
            remaining: self.remaining,
            ends: ends.as_millisecond(),
        }
    }

    /// What the headers of an answer say.
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        let seconds = header_number(headers, "x-rate-limit-reset")?;
        Some(Self {
            limit: header_number(headers, "x-rate-limit-limit")?,
            remaining: header_number(headers, "x-rate-limit-remaining")?,
            ends: clock::moment().checked_add(Duration::from_secs(seconds))?,
        })
    }

    /// The later of two reports. Answers overtake each other: of one day the smaller rest is true.
    pub(super) fn after(self, before: Option<Self>) -> Self {
        match before {
            Some(before) if self.ends < before.ends + SAME_DAY && clock::moment() < before.ends => Self {
                remaining: self.remaining.min(before.remaining),
                ..self
            },
            _ => self,
        }
    }

    /// Counts a call that is about to be made.
    pub(super) fn count(&mut self) {
        self.remaining = self.remaining.saturating_sub(1);
    }

    /// Until when to wait, if so many percent of the day's calls are used.
    pub(super) fn pause(&self, pause_at: u8) -> Option<Instant> {
        let used = self.limit.saturating_sub(self.remaining);
        let full = used * 100 >= self.limit * u64::from(pause_at);
        (full && clock::moment() < self.ends).then_some(self.ends)
    }
}
