//! The clock: the only file that reads one. Everything else asks the [`Clock`] it was given.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// What time it is.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the one place that may")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that starts where it is told and runs with tokio's time, which paused tests control.
#[derive(Clone, Copy, Debug)]
pub struct TokioClock {
    base: Timestamp,
    since: Instant,
}

impl TokioClock {
    /// A clock that shows `base` now.
    #[must_use]
    pub fn starting_at(base: Timestamp) -> Self {
        Self {
            base,
            since: Instant::now(),
        }
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        let ran = SignedDuration::try_from(self.since.elapsed()).unwrap_or(SignedDuration::MAX);
        self.base.saturating_add(ran).unwrap_or(Timestamp::MAX)
    }
}

/// Now, on the clock that timers run on.
pub(crate) fn moment() -> Instant {
    Instant::now()
}

/// How long ago a moment was.
pub(crate) fn since(moment: Instant) -> Duration {
    moment.elapsed()
}
