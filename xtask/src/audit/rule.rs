//! Rules of a list of known differences: what many of them have in common, and which ones they are by count and digest.

use std::fmt;

use super::differences::Difference;

/// One rule: `~ 12 0123456789abcdef | GET * | response *.email | missing there | UserReference`.
///
/// Its patterns are compared with the operation, the place, what is said of it, and the schema of ours that the
/// field stands in; `*` stands for anything. The last one may be left out.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    count: usize,
    digest: u64,
    patterns: Vec<String>,
}

impl Rule {
    /// Reads what stands after the `~`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(" | ").map(str::trim);
        let (count, digest) = match parts.next()?.split_once(' ') {
            Some((count, digest)) => (count.parse().ok()?, u64::from_str_radix(digest.trim(), 16).ok()?),
            // A rule that was written by hand is counted when it is recorded.
            None => (0, 0),
        };
        let patterns: Vec<String> = parts.map(str::to_owned).collect();
        let rule = Self {
            count,
            digest,
            patterns,
        };
        (3..=4).contains(&rule.patterns.len()).then_some(rule)
    }

    /// Whether a difference falls under it.
    pub(crate) fn covers(&self, difference: &Difference) -> bool {
        let said = difference.said();
        let [operation, place, home] = [&difference.operation, &difference.place, &difference.home];
        let texts = [operation, place, said.as_str(), home];
        let mut pairs = self.patterns.iter().zip(texts);
        pairs.all(|(pattern, text)| matches(pattern, text))
    }

    /// Whether these lines are the ones that it was recorded for.
    pub(crate) fn holds(&self, lines: &[String]) -> bool {
        !lines.is_empty() && self.count == lines.len() && self.digest == digest(lines)
    }

    /// How many lines it was recorded for.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The rule as it is for these lines.
    pub(crate) fn renewed(&self, lines: &[String]) -> Self {
        Self {
            count: lines.len(),
            digest: digest(lines),
            patterns: self.patterns.clone(),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "~ {} {:016x} | {}",
            self.count,
            self.digest,
            self.patterns.join(" | ")
        )
    }
}

/// FNV-1a over the lines in their order.
fn digest(lines: &[String]) -> u64 {
    let bytes = lines.iter().flat_map(|line| line.bytes().chain([b'\n']));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Whether a text is what a pattern says: literal, with `*` for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else {
        return rest.is_empty();
    };
    for piece in middle {
        match rest.find(piece).and_then(|at| rest.get(at + piece.len()..)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, wanted) in [
            ("*", "", true),
            ("GET *", "GET /crm", true),
            ("GET *", "POST /GET ", false),
            ("*.email", "response $.a.email", true),
            ("*.email", "response $.email.a", false),
            ("a*b*c", "a.b.b.c", true),
            ("a*b*c", "a.c", false),
            ("a*a", "a", false),
            ("exact", "exactly", false),
        ] {
            assert_eq!(matches(pattern, text), wanted, "{pattern} {text}");
        }
    }

    #[test]
    fn a_rule_is_read_as_it_is_written() {
        let rule = Rule::read("3 00000000000000ff | GET * | response * | missing here | Lead").unwrap();
        assert_eq!(
            rule.to_string(),
            "~ 3 00000000000000ff | GET * | response * | missing here | Lead"
        );
        for wrong in [
            "",
            "3 | a",
            "x 1 | a | b | c",
            "3 zz | a | b | c",
            "3 1 | a | b | c | d | e",
        ] {
            assert!(Rule::read(wrong).is_none(), "{wrong}");
        }
    }
}
