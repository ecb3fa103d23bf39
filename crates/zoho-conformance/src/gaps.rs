//! What the mock is known not to do as Zoho does: computed, and held against a list that must stay exact.
//!
//! `gaps.toml` has groups of gaps of one kind with one reason. A gap that is not listed fails, and so does a line that is
//! no longer so; both are printed in the form of the file.

mod found;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

pub use found::{Survey, found};

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// What kind of gap it is.
    pub kind: String,
    /// Where, and for some kinds what.
    pub line: String,
    /// Why it is there.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    gap: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    kind: String,
    reason: String,
    lines: Vec<String>,
}

/// The list that is shipped.
#[must_use]
pub fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("gaps.toml")
}

/// Reads a list.
///
/// # Errors
/// It is no list, a group has no reason, or a line stands twice.
pub fn read(text: &str) -> Result<Vec<Gap>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for group in file.gap {
        if group.reason.trim().len() < 10 {
            return Err(format!(
                "the gaps of `{}` have no reason: {:?}",
                group.kind, group.lines
            ));
        }
        for line in group.lines {
            if !seen.insert((group.kind.clone(), line.clone())) {
                return Err(format!("`{line}` stands twice under `{}`", group.kind));
            }
            out.push(Gap {
                kind: group.kind.clone(),
                line,
                reason: group.reason.clone(),
            });
        }
    }
    Ok(out)
}

/// What was found beside what is listed. Its `Display` can be pasted into the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Found, and not listed.
    pub unlisted: BTreeSet<(String, String)>,
    /// Listed, and not found.
    pub stale: BTreeSet<(String, String)>,
}

impl Comparison {
    /// Holds what was found against the list.
    pub fn new<'a>(
        found: impl IntoIterator<Item = (String, String)>,
        listed: impl IntoIterator<Item = &'a Gap>,
    ) -> Self {
        let found: BTreeSet<_> = found.into_iter().collect();
        let listed: BTreeSet<_> = listed
            .into_iter()
            .map(|gap| (gap.kind.clone(), gap.line.clone()))
            .collect();
        Self {
            unlisted: found.difference(&listed).cloned().collect(),
            stale: listed.difference(&found).cloned().collect(),
        }
    }

    /// Whether the list is exact.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.unlisted.is_empty() && self.stale.is_empty()
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (kind, line) in &self.unlisted {
            kinds.entry(kind).or_default().push(line);
        }
        for (kind, lines) in kinds {
            writeln!(f, "[[gap]]\nkind = {kind:?}\nreason = \"\"\nlines = [")?;
            lines
                .iter()
                .try_for_each(|line| writeln!(f, "    {},", toml::Value::from(*line)))?;
            writeln!(f, "]\n")?;
        }
        if !self.stale.is_empty() {
            writeln!(f, "# Stale, to be taken out:")?;
        }
        self.stale
            .iter()
            .try_for_each(|(kind, line)| writeln!(f, "#   {kind}: {line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "[[gap]]\nkind = \"a\"\nreason = \"it is not known how\"\nlines = [\"x\", \"y\"]\n";

    fn pair(kind: &str, line: &str) -> (String, String) {
        (kind.to_owned(), line.to_owned())
    }

    #[test]
    fn the_list_is_held_to_both_ways_and_what_is_printed_can_be_pasted() {
        let listed = read(LIST).expect("it is a list");
        assert!(Comparison::new([pair("a", "x"), pair("a", "y")], &listed).is_exact());
        let comparison = Comparison::new([pair("a", "x"), pair("b", "of \"z\"")], &listed);
        assert_eq!(comparison.stale, [pair("a", "y")].into());
        let printed = comparison.to_string();
        assert!(printed.contains("#   a: y"), "{printed}");
        let pasted =
            read(&printed.replace("reason = \"\"", "reason = \"because of this\"")).expect("it is a list");
        assert_eq!(
            (pasted[0].kind.as_str(), pasted[0].line.as_str()),
            ("b", "of \"z\"")
        );
    }

    #[test]
    fn a_list_without_reasons_or_with_a_line_twice_is_refused() {
        assert!(
            read(&LIST.replace("it is not known how", " "))
                .expect_err("no")
                .contains("have no reason")
        );
        assert!(
            read(&LIST.replace("\"y\"", "\"x\""))
                .expect_err("no")
                .contains("twice")
        );
        assert!(read(&LIST.replace("lines", "linse")).is_err());
    }
}
