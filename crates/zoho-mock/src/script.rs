//! Scripts of faults: which fault strikes, and at which of the events that it is meant for.

use serde::Serialize;
use serde_json::Value;

use crate::ids::Minter;

/// When a fault strikes, counted in events that it is meant for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    /// How often in all; without end where it is not said.
    pub(crate) times: Option<u32>,
    /// Only at every `every`-th event.
    pub(crate) every: u32,
    /// So many events pass first.
    pub(crate) skip: u32,
    /// With this probability, 0 to 1, each time that it otherwise would.
    pub(crate) probability: f64,
    /// What decides the course of a probability.
    pub(crate) seed: u64,
}

/// Faults of one kind, in the order they were scripted.
#[derive(Debug)]
pub(crate) struct Script<F>(Vec<Scripted<F>>);

#[derive(Debug, Serialize)]
struct Scripted<F> {
    #[serde(flatten)]
    fault: F,
    #[serde(skip)]
    schedule: Schedule,
    seen: u32,
    struck: u32,
    #[serde(skip)]
    dice: Minter,
}

impl<F> Default for Script<F> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<F: Serialize> Script<F> {
    /// Adds a fault.
    pub(crate) fn add(&mut self, fault: F, schedule: Schedule) {
        self.0.push(Scripted {
            fault,
            schedule,
            dice: Minter::new(schedule.seed, "faults"),
            seen: 0,
            struck: 0,
        });
    }

    /// Forgets all faults.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The faults with how often they were met and struck.
    pub(crate) fn to_json(&self) -> Value {
        serde_json::to_value(&self.0).unwrap_or_default()
    }

    /// The first fault that strikes an event. Only faults before it see the event pass.
    pub(crate) fn first(&mut self, is_meant: impl Fn(&F) -> bool) -> Option<&F> {
        self.0
            .iter_mut()
            .find_map(|scripted| (is_meant(&scripted.fault) && scripted.strikes()).then_some(&scripted.fault))
    }
}

impl<F> Scripted<F> {
    fn strikes(&mut self) -> bool {
        let schedule = self.schedule;
        if schedule.times.is_some_and(|times| self.struck >= times) {
            return false;
        }
        self.seen = self.seen.saturating_add(1);
        let turn = self.seen.saturating_sub(schedule.skip);
        let due = turn > 0 && turn.is_multiple_of(schedule.every.max(1));
        let strikes = due && (schedule.probability >= 1.0 || self.fraction() < schedule.probability);
        self.struck += u32::from(strikes);
        strikes
    }

    /// A number from 0 up to 1.
    fn fraction(&mut self) -> f64 {
        // The upper 53 bits are a fraction that a float holds exactly.
        (self.dice.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
