//! Chance with a seed.

use crate::ids::Minter;

/// A die that falls the same for the same seed.
#[derive(Debug)]
pub(super) struct Dice(Minter);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(Minter::new(seed, "fuzz"))
    }

    /// A number below `most`.
    pub(super) fn below(&mut self, most: usize) -> usize {
        (self.0.bits() % most.max(1) as u64) as usize
    }

    /// Whether one of so many times.
    pub(super) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    pub(super) fn bits(&mut self) -> u64 {
        self.0.bits()
    }

    /// A text that hardly anybody expects.
    pub(super) fn odd_text(&mut self) -> String {
        let long = self.below(4_000);
        self.pick(&[
            String::new(),
            " ".to_owned(),
            "null".to_owned(),
            "-1".to_owned(),
            "0".to_owned(),
            "9223372036854775807".to_owned(),
            "99999999999999999999999999".to_owned(),
            "5000000000000000001".to_owned(),
            "1e999".to_owned(),
            "NaN".to_owned(),
            "2026-02-30".to_owned(),
            "9999-12-31T23:59:59+14:00".to_owned(),
            "-9999-01-01T00:00:00Z".to_owned(),
            "0000-00-00".to_owned(),
            "';--\"\\".to_owned(),
            "((((".to_owned(),
            ")".to_owned(),
            "{{\u{feff}}}".to_owned(),
            "\u{1F600}\u{0301}\u{202e}ß".to_owned(),
            "\u{0}\u{1f}\r\n".to_owned(),
            "<script>alert(1)</script>".to_owned(),
            "../../../etc/passwd".to_owned(),
            "İ".repeat(40),
            "x".repeat(long),
            "[".repeat(long),
        ])
    }

    /// A word.
    pub(super) fn word(&mut self) -> String {
        self.pick(&[
            "Ngo",
            "Lindqvist",
            "Turin",
            "net 30",
            "Blue",
            "Schröder",
            "alpha",
            "42",
            "a b c",
        ])
        .to_owned()
    }
}
