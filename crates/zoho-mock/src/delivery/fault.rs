//! Scripted faults of deliveries: Zoho promises neither that a callback arrives, nor once, nor in order.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Notice;
use crate::script::Schedule;

/// What happens to a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mishap {
    /// It is lost.
    Drop,
    /// It arrives twice.
    Duplicate,
    /// The next one overtakes it; it follows after a minute at the latest.
    Reorder,
    /// It arrives late, by the mock's clock; others overtake it.
    Delay,
}

impl Mishap {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Duplicate => "duplicate",
            Self::Reorder => "reorder",
            Self::Delay => "delay",
        }
    }
}

/// One scripted fault of notification callbacks.
///
/// ```
/// use std::time::Duration;
/// use zoho_mock::DeliveryFault;
///
/// let lost = DeliveryFault::dropped().times(1);
/// let twice = DeliveryFault::duplicated().every(3);
/// let swapped = DeliveryFault::reordered().channel("1000000068001");
/// let late = DeliveryFault::delayed(Duration::from_secs(90)).skip(2);
/// # let _ = (lost, twice, swapped, late);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryFault {
    effect: Mishap,
    #[serde(default)]
    delay_ms: u64,
    #[serde(default)]
    channel_id: Option<String>,
    #[serde(default)]
    times: Option<u32>,
    #[serde(default = "one")]
    every: u32,
    #[serde(default)]
    skip: u32,
}

fn one() -> u32 {
    1
}

impl DeliveryFault {
    fn new(effect: Mishap) -> Self {
        Self {
            effect,
            delay_ms: 0,
            channel_id: None,
            times: None,
            every: 1,
            skip: 0,
        }
    }

    /// Callbacks are lost.
    #[must_use]
    pub fn dropped() -> Self {
        Self::new(Mishap::Drop)
    }

    /// Callbacks arrive twice.
    #[must_use]
    pub fn duplicated() -> Self {
        Self::new(Mishap::Duplicate)
    }

    /// A callback arrives after the next one, or after a minute when there is no next one.
    #[must_use]
    pub fn reordered() -> Self {
        Self::new(Mishap::Reorder)
    }

    /// Callbacks arrive late, by the mock's clock; those after them do not wait.
    #[must_use]
    pub fn delayed(by: Duration) -> Self {
        Self {
            delay_ms: u64::try_from(by.as_millis()).unwrap_or(u64::MAX),
            ..Self::new(Mishap::Delay)
        }
    }

    /// Strikes only this channel.
    #[must_use]
    pub fn channel(mut self, id: impl Into<String>) -> Self {
        self.channel_id = Some(id.into());
        self
    }

    /// Strikes so many times, then never again.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Strikes only every `k`-th callback that it is meant for.
    #[must_use]
    pub fn every(mut self, k: u32) -> Self {
        self.every = k.max(1);
        self
    }

    /// Lets so many callbacks pass first.
    #[must_use]
    pub fn skip(mut self, callbacks: u32) -> Self {
        self.skip = callbacks;
        self
    }
}

/// All scripted faults of callbacks.
pub(super) type Script = crate::script::Script<DeliveryFault>;

impl Script {
    /// Adds a fault.
    pub(super) fn push(&mut self, fault: DeliveryFault) {
        let schedule = Schedule {
            times: fault.times,
            every: fault.every,
            skip: fault.skip,
            probability: 1.0,
            seed: 0,
        };
        self.add(fault, schedule);
    }

    /// What the first fault that strikes this callback does to it, with its delay.
    pub(super) fn strike(&mut self, notice: &Notice) -> Option<(Mishap, Duration)> {
        let meant = |fault: &DeliveryFault| fault.channel_id.as_ref().is_none_or(|id| *id == notice.channel);
        let fault = self.first(meant)?;
        Some((fault.effect, Duration::from_millis(fault.delay_ms)))
    }
}
