//! The mock's clock: the only place that knows what time it is.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// What time the machine has.
#[allow(
    clippy::disallowed_methods,
    reason = "the one place that may read the machine's clock"
)]
pub(crate) fn machine_time() -> Timestamp {
    Timestamp::now()
}

/// A clock that runs with tokio's time (so that paused tests control it), and that can be set,
/// advanced and frozen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    base: Timestamp,
    since: Option<Instant>,
    held: Option<Timestamp>,
}

impl Clock {
    /// A clock that stands at `base` and runs from now on.
    pub(crate) fn starting_at(base: Timestamp) -> Self {
        Self {
            base,
            since: Some(Instant::now()),
            held: None,
        }
    }

    /// The present instant.
    pub(crate) fn now(&self) -> Timestamp {
        if let Some(held) = self.held {
            return held;
        }
        let ran = self.since.map_or(Duration::ZERO, |since| since.elapsed());
        self.base
            .saturating_add(SignedDuration::try_from(ran).unwrap_or(SignedDuration::MAX))
            .unwrap_or(Timestamp::MAX)
    }

    /// Shows the present instant until it is released, and says which it is.
    pub(crate) fn hold(&mut self) -> Timestamp {
        let now = self.now();
        self.held = Some(now);
        now
    }

    /// Ends a hold: the clock shows what it would have shown without.
    pub(crate) fn release(&mut self) {
        self.held = None;
    }

    /// Moves the clock forward.
    pub(crate) fn advance(&mut self, by: SignedDuration) {
        self.base = self.base.saturating_add(by).unwrap_or(Timestamp::MAX);
    }

    /// Sets the clock.
    pub(crate) fn set(&mut self, to: Timestamp) {
        self.base = to;
        self.since = self.since.map(|_| Instant::now());
    }

    /// Stops the clock; it moves only by [`Clock::advance`] and [`Clock::set`].
    pub(crate) fn freeze(&mut self) {
        self.base = self.now();
        self.since = None;
    }

    /// Whether it stands still.
    pub(crate) fn is_frozen(&self) -> bool {
        self.since.is_none()
    }

    /// Lets a frozen clock run again.
    pub(crate) fn thaw(&mut self) {
        if self.since.is_none() {
            self.since = Some(Instant::now());
        }
    }
}
