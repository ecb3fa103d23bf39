//! Inputs made of others: cut, doubled, spliced and spoiled. The same seed makes the same inputs.

use crate::dice::Dice;

/// Pieces that parsers stumble over.
const PIECES: [&[u8]; 24] = [
    b"\"",
    b"'",
    b"\\",
    b"(",
    b")",
    b"{",
    b"}",
    b"[",
    b"]",
    b"&",
    b"%00",
    b"%",
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\r\n",
    b"--",
    b"null",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"\\ud800",
    b"\xef\xbb\xbf",
    b"*",
];
/// No input gets longer.
const LONGEST: usize = 1 << 16;

/// A maker of inputs.
#[derive(Clone, Debug)]
pub struct Mutator(Dice);

impl Mutator {
    /// A maker whose inputs a seed decides.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Dice::new(seed))
    }

    /// A number below an end.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.place(end)
    }

    /// An input out of a corpus, changed in one to eight ways.
    pub fn input(&mut self, corpus: &[Vec<u8>]) -> Vec<u8> {
        let mut input = self.pick(corpus);
        for _ in 0..=self.below(8) {
            self.change(&mut input, corpus);
            input.truncate(LONGEST);
        }
        input
    }

    fn pick(&mut self, corpus: &[Vec<u8>]) -> Vec<u8> {
        let at = self.below(corpus.len());
        corpus.get(at).cloned().unwrap_or_default()
    }

    /// A part of an input.
    fn part(&mut self, input: &[u8]) -> std::ops::Range<usize> {
        let start = self.below(input.len() + 1);
        let length = self.below((input.len() - start).min(64) + 1);
        start..start + length
    }

    fn change(&mut self, input: &mut Vec<u8>, corpus: &[Vec<u8>]) {
        let at = self.below(input.len() + 1);
        match self.below(9) {
            0 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << self.below(8);
                }
            }
            1 => input.insert(at, u8::try_from(self.below(256)).unwrap_or(0)),
            2 => {
                let part = self.part(input);
                input.drain(part);
            }
            3 => input.truncate(at),
            4 => {
                let part = self.part(input);
                let copy = input.get(part).unwrap_or_default().repeat(1 + self.below(300));
                input.splice(at..at, copy);
            }
            5 => {
                let other = self.pick(corpus);
                let part = self.part(&other);
                input.splice(at..at, other.get(part).unwrap_or_default().iter().copied());
            }
            6 => {
                let part = self.part(input);
                let piece = PIECES.get(self.below(PIECES.len())).copied().unwrap_or_default();
                input.splice(part, piece.iter().copied());
            }
            7 => {
                let piece = PIECES.get(self.below(PIECES.len())).copied().unwrap_or_default();
                let times = 1 + self.below(400);
                input.splice(at..at, piece.repeat(times));
            }
            _ => {
                // One digit or letter for another keeps the form and changes what it says.
                if let Some(byte) = input.get_mut(at).filter(|byte| byte.is_ascii_alphanumeric()) {
                    let span = if byte.is_ascii_digit() { 10 } else { 26 };
                    let base = if byte.is_ascii_digit() { b'0' } else { b'a' };
                    *byte = base + u8::try_from(self.below(span)).unwrap_or(0);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_inputs_and_another_one_others() {
        let corpus = vec![b"select id from Leads".to_vec(), b"{\"a\": [1, 2]}".to_vec()];
        let inputs = |seed| {
            let mut mutator = Mutator::new(seed);
            (0..100).map(|_| mutator.input(&corpus)).collect::<Vec<_>>()
        };
        assert_eq!(inputs(1), inputs(1));
        assert_ne!(inputs(1), inputs(2));
        let changed = inputs(1).iter().filter(|input| !corpus.contains(input)).count();
        assert!(changed > 80, "{changed} of 100 differ from the corpus");
        assert!(inputs(3).iter().all(|input| input.len() <= LONGEST));
    }
}
