//! Text from elsewhere as part of a line.

use std::fmt::{self, Write as _};

/// A text as part of a line: no longer than so many characters, and without control characters. It may come from a
/// server that means harm to whoever reads the log.
pub(super) struct Line<'a>(pub(super) &'a str, pub(super) usize);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        for character in characters.by_ref().take(self.1) {
            match character.is_control() {
                true => write!(f, "{}", character.escape_default())?,
                false => f.write_char(character)?,
            }
        }
        match characters.next() {
            Some(_) => f.write_str("…"),
            None => Ok(()),
        }
    }
}
