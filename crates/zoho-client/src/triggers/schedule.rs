//! When a trigger runs: at an interval, or at the times of a cron expression.

mod wall;

use std::str::FromStr;
use std::time::Duration;

use croner::Cron;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use self::wall::Wall;
use crate::error::{Error, Result};

/// When a trigger runs.
///
/// ```
/// use std::time::Duration;
/// use jiff::tz::TimeZone;
/// use zoho_client::triggers::Schedule;
///
/// let often = Schedule::every(Duration::from_secs(60))?.jitter(Duration::from_secs(5))?;
/// let weekdays = Schedule::cron("*/15 8-18 * * MON-FRI", TimeZone::UTC)?;
/// assert!(Schedule::cron("61 * * * *", TimeZone::UTC).is_err());
/// assert!(Schedule::every(Duration::ZERO).is_err());
/// # let _ = (often, weekdays);
/// # Ok::<(), zoho_client::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Schedule {
    times: Times,
    jitter: Duration,
}

#[derive(Clone, Debug)]
enum Times {
    Every(Duration),
    Cron(Box<Cron>, TimeZone),
}

/// The shortest and the longest interval.
const INTERVALS: std::ops::RangeInclusive<Duration> =
    Duration::from_secs(1)..=Duration::from_secs(31 * 86_400);

impl Schedule {
    /// Runs at an interval, the first time at once: a second to 31 days.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): the interval is out of range.
    pub fn every(interval: Duration) -> Result<Self> {
        if !INTERVALS.contains(&interval) {
            return Err(Error::config(format!(
                "an interval is a second to 31 days, not {interval:?}"
            )));
        }
        Ok(Self {
            times: Times::Every(interval),
            jitter: Duration::ZERO,
        })
    }

    /// Runs at the times of a cron expression of five fields (minute, hour, day of month, month, day
    /// of week) in a time zone; with six, the first is the second.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): it is none, or no time ever fits it.
    pub fn cron(expression: &str, zone: TimeZone) -> Result<Self> {
        let shown: String = expression.chars().take(60).collect();
        let wrong =
            |why: String| Error::config(format!("`{}` is no cron expression: {why}", shown.escape_debug()));
        let cron = Cron::from_str(expression).map_err(|error| wrong(error.to_string()))?;
        let from = Wall(Timestamp::UNIX_EPOCH.to_zoned_datetime(zone.clone()));
        cron.find_next_occurrence(&from, false)
            .map_err(|error| wrong(error.to_string()))?;
        Ok(Self {
            times: Times::Cron(Box::new(cron), zone),
            jitter: Duration::ZERO,
        })
    }

    /// Puts off each run by up to so much, by chance, so that many triggers do not run at once; an
    /// hour at most.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): it is more than an hour.
    pub fn jitter(mut self, jitter: Duration) -> Result<Self> {
        if jitter > Duration::from_secs(3_600) {
            return Err(Error::config("the jitter of a schedule is an hour at most"));
        }
        self.jitter = jitter;
        Ok(self)
    }

    /// When the first run is due.
    pub(crate) fn first(&self, now: Timestamp, random: u64) -> Timestamp {
        match self.times {
            Times::Every(_) => later(now, self.spread(random)),
            Times::Cron(..) => self.after(now, random),
        }
    }

    /// When the run after one that began at an instant is due.
    pub(crate) fn after(&self, began: Timestamp, random: u64) -> Timestamp {
        let next = match &self.times {
            Times::Every(interval) => later(began, *interval),
            Times::Cron(cron, zone) => cron
                .find_next_occurrence(&Wall(began.to_zoned_datetime(zone.clone())), false)
                // It was found before: there is one within what the calendar of the crate covers.
                .map_or(Timestamp::MAX, |next| next.0.timestamp()),
        };
        later(next, self.spread(random))
    }

    fn spread(&self, random: u64) -> Duration {
        let nanos = u64::try_from(self.jitter.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(random.checked_rem(nanos.saturating_add(1)).unwrap_or(0))
    }
}

fn later(instant: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    instant.saturating_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ErrorKind;

    #[test]
    fn what_is_out_of_range_is_refused_before_anything_runs() {
        let kind = |schedule: Result<Schedule>| schedule.map_err(|error| error.kind()).err();
        for interval in [
            Duration::ZERO,
            Duration::from_millis(999),
            Duration::from_secs(32 * 86_400),
        ] {
            assert_eq!(
                kind(Schedule::every(interval)),
                Some(ErrorKind::Config),
                "{interval:?}"
            );
        }
        for expression in [
            "",
            "* * *",
            "60 * * * *",
            "* 24 * * *",
            "0 0 30 2 *",
            "every minute",
            "* * * * * * * *",
        ] {
            let schedule = Schedule::cron(expression, TimeZone::UTC);
            assert_eq!(kind(schedule), Some(ErrorKind::Config), "{expression}");
        }
        let hourly = Schedule::every(Duration::from_secs(3_600)).unwrap();
        assert_eq!(
            kind(hourly.jitter(Duration::from_secs(3_601))),
            Some(ErrorKind::Config)
        );
    }

    #[test]
    fn a_cron_expression_goes_by_its_time_zone_and_its_seasons() {
        let zone = TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap();
        let nine = Schedule::cron("0 9 * * *", zone).unwrap();
        let check = |from: &str, expected: &str| {
            let next = nine.after(from.parse().unwrap(), 0);
            assert_eq!(next, expected.parse::<Timestamp>().unwrap(), "after {from}");
        };
        check("2026-03-07T14:00:00Z", "2026-03-08T13:00:00Z");
        check("2026-10-31T13:00:00Z", "2026-11-01T14:00:00Z");
    }

    proptest! {
        /// The next run is later than the last, by the interval and at most the jitter.
        #[test]
        fn runs_keep_their_distance(
            interval in 1u64..100_000, jitter in 0u64..3_600, began in 0i64..4_000_000_000, random: u64,
        ) {
            let schedule = Schedule::every(Duration::from_secs(interval)).unwrap();
            let schedule = schedule.jitter(Duration::from_secs(jitter)).unwrap();
            let began = Timestamp::from_second(began).unwrap();
            let gap = schedule.after(began, random).duration_since(began).as_secs();
            prop_assert!(gap >= i64::try_from(interval).unwrap());
            prop_assert!(gap <= i64::try_from(interval + jitter).unwrap());
        }
    }
}
