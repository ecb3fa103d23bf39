//! Numbers that a seed decides, and the faults that are thrown with them.

use std::time::Duration;

use zoho_mock::Fault;

/// What is called in a soak, by its operation; `*` is everything, the accounts server too.
const CALLED: [&str; 6] = [
    "create_records",
    "update_records",
    "delete_records",
    "list_records",
    "query_records",
    "*",
];

/// Dice.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        // The generator below stands still at nought.
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below an end.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % end.max(1)
    }

    /// A place in a list of so many.
    pub(crate) fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// So many milliseconds, from one number to another.
    pub(crate) fn millis(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below(to - from))
    }

    /// A fault, and what it is called in the report.
    pub(crate) fn fault(&mut self) -> (&'static str, Fault) {
        let called = CALLED.get(self.place(CALLED.len())).copied().unwrap_or("*");
        let times = u32::try_from(1 + self.below(3)).unwrap_or(1);
        let fault = Fault::on(called).times(times);
        match self.below(10) {
            0 => ("500", fault.status(500)),
            1 => ("502 with a page", fault.html(502)),
            2 => ("503", fault.status(503)),
            3 => ("429, wait 1 s", fault.status(429).header("Retry-After", "1")),
            4 => ("connection refused", fault.drop_connection()),
            5 => ("answer lost", fault.drop_reply()),
            6 => ("answer cut", fault.truncate(20)),
            7 => ("answer garbled", fault.malformed_json()),
            8 => ("answer late", fault.delay(self.millis(500, 3_000))),
            _ => ("answer slow", fault.slow_body(64, Duration::from_millis(5))),
        }
    }
}
