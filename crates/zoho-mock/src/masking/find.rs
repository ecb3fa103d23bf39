//! Where in a text a token, an e-mail address or a telephone number stands.

use std::ops::Range;

/// Finds the first one from a place on.
pub(super) type Finder = fn(&str, usize) -> Option<Range<usize>>;

/// Fewest and most digits of a telephone number.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// A code or token in Zoho's shape: `1000.` and many hexadecimal digits.
pub(super) fn token(text: &str, from: usize) -> Option<Range<usize>> {
    let mut from = from;
    loop {
        let start = from + text.get(from..)?.find("1000.")?;
        let rest = text.get(start..)?;
        let length = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_hexdigit() || *byte == b'.')
            .count();
        if length >= 24 {
            return Some(start..start + length);
        }
        from = start + length;
    }
}

/// An e-mail address.
pub(super) fn email(text: &str, from: usize) -> Option<Range<usize>> {
    let local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-'".contains(byte);
    let domain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    let bytes = text.as_bytes();
    let mut seen = from;
    loop {
        let at = seen + text.get(seen..)?.find('@')?;
        let before = bytes
            .get(from..at)?
            .iter()
            .rev()
            .take_while(|byte| local(byte))
            .count();
        let after = bytes.get(at + 1..)?;
        let mut length = after.iter().take_while(|byte| domain(byte)).count();
        while length > 0
            && after
                .get(length - 1)
                .is_some_and(|byte| !byte.is_ascii_alphanumeric())
        {
            length -= 1;
        }
        let host = after.get(..length)?;
        // Where letters of other alphabets touch it, it is only a part of something else.
        let ascii = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii);
        let ahead = at.checked_sub(before + 1).and_then(|at| bytes.get(at));
        let whole = ascii(ahead) && ascii(after.get(length));
        if before > 0 && whole && host.contains(&b'.') {
            return Some(at - before..at + 1 + length);
        }
        seen = at + 1;
    }
}

/// A telephone number that is written as one: with `+`, or in groups.
pub(super) fn phone(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let part = |byte: u8| byte.is_ascii_digit() || b" -()/+".contains(&byte);
    let mut at = from;
    while at < bytes.len() {
        let run = bytes.get(at..)?.iter().take_while(|byte| part(**byte)).count();
        if run == 0 {
            at += 1;
            continue;
        }
        let end_of_run = at + run;
        let written = bytes.get(at..end_of_run)?;
        let start = at
            + written
                .iter()
                .position(|byte| byte.is_ascii_digit() || b"+(".contains(byte))
                .unwrap_or(run);
        let end = at
            + written
                .iter()
                .rposition(u8::is_ascii_digit)
                .map_or(0, |last| last + 1);
        // A letter, a point or a colon beside it makes it a part of something else.
        let joined = |byte: Option<&u8>| {
            byte.is_some_and(|byte| {
                byte.is_ascii_alphanumeric() || b".:_@".contains(byte) || !byte.is_ascii()
            })
        };
        let before = start
            .checked_sub(1)
            .filter(|before| *before + 1 == at)
            .and_then(|before| bytes.get(before));
        let after = bytes.get(end).filter(|_| end == end_of_run);
        if start < end && !joined(before) && !joined(after) && is_number(bytes.get(start..end)?) {
            return Some(start..end);
        }
        at = end_of_run;
    }
    None
}

fn is_number(written: &[u8]) -> bool {
    let digits = written.iter().filter(|byte| byte.is_ascii_digit()).count();
    let groups = written
        .split(|byte| !byte.is_ascii_digit())
        .filter(|group| !group.is_empty());
    let groups: Vec<usize> = groups.map(<[u8]>::len).collect();
    let date = matches!(groups.as_slice(), [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4]);
    DIGITS.contains(&digits) && (written.starts_with(b"+") || (groups.len() >= 3 && !date))
}
