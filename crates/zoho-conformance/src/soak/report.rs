//! One page of what a soak did and found.

use std::collections::BTreeMap;
use std::fmt;

/// What a soak did and found. Its `Display` is the report.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What decided everything that was thrown.
    pub seed: u64,
    /// How long faults were thrown, in seconds.
    pub seconds: u64,
    /// Processes that ran triggers.
    pub workers: usize,
    /// Triggers that each of them could run.
    pub triggers: usize,
    /// Where cursors, leases and tokens were kept.
    pub store: String,
    /// Leads that were made.
    pub made: usize,
    /// Changes that were confirmed.
    pub changed: usize,
    /// Deletions that were confirmed.
    pub deleted: usize,
    /// Creations without a known end.
    pub unknown: usize,
    /// Faults that were scripted, by what they do.
    pub faults: BTreeMap<&'static str, usize>,
    /// Requests that the mock saw.
    pub requests: u64,
    /// Requests that a fault struck.
    pub struck: usize,
    /// Errors that author and reader got, by kind.
    pub errors: BTreeMap<String, usize>,
    /// Workers that were killed.
    pub kills: usize,
    /// Lists that were read to their end and held against the ledger.
    pub lists: usize,
    /// Access tokens that were given.
    pub tokens: u64,
    /// Events that triggers were told.
    pub events: usize,
    /// Events that were told more than once.
    pub repeated: usize,
    /// Times that the invariants were looked at.
    pub checks: usize,
    /// The memory of this process (mock, author, reader) and of the largest worker, in kilobytes.
    pub memory: (u64, u64),
    /// Invariants that did not hold.
    pub broken: Vec<String>,
}

impl Report {
    /// Whether every invariant held.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.broken.is_empty()
    }
}

/// Counts as `a: 1, b: 2`.
fn counts<K: fmt::Display>(counts: &BTreeMap<K, usize>) -> String {
    let shown: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{name}: {count}"))
        .collect();
    match shown.is_empty() {
        true => "none".to_owned(),
        false => shown.join(", "),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            seed,
            seconds,
            workers,
            triggers,
            ..
        } = self;
        writeln!(f, "# Soak of {seconds} s, seed {seed}")?;
        writeln!(f)?;
        writeln!(
            f,
            "Client, mock on a socket, {workers} worker processes with {triggers} triggers on {}.",
            self.store
        )?;
        writeln!(f)?;
        writeln!(f, "| what | how much |")?;
        writeln!(f, "|---|---|")?;
        let mut row = |what: &str, how: String| writeln!(f, "| {what} | {how} |");
        row(
            "leads made, changed, deleted, unknown",
            format!(
                "{}, {}, {}, {}",
                self.made, self.changed, self.deleted, self.unknown
            ),
        )?;
        row(
            "requests, struck by a fault",
            format!("{}, {}", self.requests, self.struck),
        )?;
        row("faults scripted", counts(&self.faults))?;
        row("errors of author and reader", counts(&self.errors))?;
        row("workers killed", self.kills.to_string())?;
        row("access tokens", self.tokens.to_string())?;
        row("lists held against the ledger", self.lists.to_string())?;
        row(
            "events told, of these again",
            format!("{}, {}", self.events, self.repeated),
        )?;
        row("times the invariants were looked at", self.checks.to_string())?;
        row(
            "memory: mock and author, largest worker",
            format!("{} kB, {} kB", self.memory.0, self.memory.1),
        )?;
        writeln!(f)?;
        match self.holds() {
            true => writeln!(
                f,
                "Every invariant held: no change lost, no trigger twice at once, no write sent again, no list wrong, no more \
                 tokens than Zoho gives, no worker ended by itself."
            ),
            false => {
                writeln!(f, "BROKEN:")?;
                self.broken
                    .iter()
                    .take(20)
                    .try_for_each(|broken| writeln!(f, "- {broken}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_one_page_and_says_what_is_broken() {
        let mut report = Report {
            seed: 7,
            seconds: 120,
            faults: [("503", 2)].into(),
            ..Report::default()
        };
        let text = report.to_string();
        assert!(
            text.contains("seed 7") && text.contains("503: 2") && text.contains("Every invariant held"),
            "{text}"
        );
        report.broken = (0..100).map(|n| format!("the list lacks lead {n}")).collect();
        let text = report.to_string();
        assert!(
            text.contains("BROKEN:\n- the list lacks lead 0") && text.lines().count() < 60,
            "{text}"
        );
    }
}
