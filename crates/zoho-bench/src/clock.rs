//! The only place that reads the machine's clock.

use std::time::Duration;

use tokio::time::Instant;

/// A watch that runs from when it was made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch(Instant);

impl Watch {
    /// Starts.
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// How long it has run.
    pub(crate) fn read(self) -> Duration {
        self.0.elapsed()
    }
}
