//! The one place of these chores that reads a clock: how long a test runs.

use std::time::{Duration, Instant};

/// A moment to count from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopwatch(Instant);

impl Stopwatch {
    /// Now.
    #[allow(
        clippy::disallowed_methods,
        reason = "a test that hangs is ended by the machine's clock"
    )]
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    pub(super) fn passed(self) -> Duration {
        self.0.elapsed()
    }
}
