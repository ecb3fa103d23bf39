//! Where ids and tokens come from: the seed alone, so that a run can be repeated.

/// A deterministic source of record ids and opaque texts (splitmix64).
#[derive(Clone, Debug)]
pub(crate) struct Minter {
    state: u64,
}

impl Minter {
    /// A source whose output depends on the seed and on what it is for.
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        let state = purpose.bytes().fold(seed ^ 0x9e37_79b9_7f4a_7c15, |state, byte| {
            (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { state }
    }

    /// The next 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// So many lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 16);
        while text.len() < digits {
            text.push_str(&format!("{:016x}", self.bits()));
        }
        text.truncate(digits);
        text
    }
}

/// The first of a block of 19-digit ids that belongs to a seed; the block is 10^12 ids wide.
pub(crate) fn block(seed: u64) -> u64 {
    (3_000_000 + Minter::new(seed, "block").bits() % 6_000_000) * 1_000_000_000_000
}

/// The id of the user who grants the tokens.
pub(crate) fn owner(seed: u64) -> u64 {
    block(seed) + 225_013
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_19_digit_ids_for_any_seed() {
        for seed in 0..1_000 {
            assert_eq!((block(seed) + 999_999_999_999).to_string().len(), 19);
        }
    }

    #[test]
    fn texts_repeat_with_the_seed_and_differ_by_purpose() {
        let text = |seed, purpose| Minter::new(seed, purpose).hex(33);
        assert_eq!(text(1, "tokens"), text(1, "tokens"));
        assert_ne!(text(1, "tokens"), text(1, "codes"));
        assert_ne!(text(1, "tokens"), text(2, "tokens"));
        assert_eq!(text(1, "tokens").len(), 33);
    }
}
