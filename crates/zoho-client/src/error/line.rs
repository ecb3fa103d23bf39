//! Text from elsewhere as part of a line.

use std::fmt::{self, Write as _};

/// A text as part of a line: no longer than so many characters, each of which is seen where it stands. It may come from a
/// server that means harm to whoever reads the log.
pub(super) struct Line<'a>(pub(super) &'a str, pub(super) usize);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        for character in characters.by_ref().take(self.1) {
            match is_deceptive(character) {
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

/// Whether it does something to the line instead of standing in it: controls, ends of lines that are no controls, what turns
/// the direction of writing, and what is not seen at all.
fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, shown: &str) {
        assert_eq!(Line(text, 12).to_string(), shown);
    }

    #[test]
    fn a_line_shows_what_is_there_where_it_is() {
        check("Zoë & 株式会社", "Zoë & 株式会社");
        check("a\nb\r\x1b[2J", "a\\nb\\r\\u{1b}[2J");
        check("a\u{2028}b\u{202e}c", "a\\u{2028}b\\u{202e}c");
        check("\u{feff}\u{200b}\u{2066}x", "\\u{feff}\\u{200b}\\u{2066}x");
        check("twelve chars", "twelve chars");
        check("twelve chars and more", "twelve chars…");
    }
}
