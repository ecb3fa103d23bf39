//! The list of known differences: lines as an audit prints them, each under the reason for it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::differences::Difference;
use super::shown;

/// What a recorded difference stands under until somebody has explained it.
const UNEXPLAINED: &str = "# unexplained";

/// Known differences, grouped by reason.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Reason, and the lines under it.
    groups: Vec<(String, Vec<String>)>,
}

impl Known {
    /// Reads a list; a line that stands under no reason is an error.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(format!("{}: {error}", shown(path))),
        };
        let mut known = Self::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.starts_with('#') {
                known.groups.push((line.to_owned(), Vec::new()));
            } else if !line.is_empty() {
                let Some((_, lines)) = known.groups.last_mut() else {
                    let place = format!("{}:{}", shown(path), number + 1);
                    return Err(format!("{place}: a difference needs a line `# reason` above it"));
                };
                lines.push(line.to_owned());
            }
        }
        Ok(known)
    }

    /// The lines that stand under a reason.
    pub(crate) fn explained(&self) -> BTreeSet<&str> {
        let groups = self.groups.iter().filter(|(reason, _)| reason != UNEXPLAINED);
        groups
            .flat_map(|(_, lines)| lines.iter().map(String::as_str))
            .collect()
    }

    /// Lines that are listed and no longer so, or listed twice.
    pub(crate) fn vain(&self, differences: &[Difference]) -> Vec<String> {
        let mut left: BTreeSet<String> = differences.iter().map(ToString::to_string).collect();
        let lines = self.groups.iter().flat_map(|(_, lines)| lines);
        lines.filter(|line| !left.remove(*line)).cloned().collect()
    }

    /// The list as it should be: what is no longer so is left out, news stand at the end.
    pub(crate) fn renewed(&self, differences: &[Difference]) -> String {
        let mut left: BTreeSet<String> = differences.iter().map(ToString::to_string).collect();
        let mut text = String::new();
        let explained = self.groups.iter().filter(|(reason, _)| reason != UNEXPLAINED);
        for (reason, lines) in explained {
            let kept: Vec<&String> = lines.iter().filter(|line| left.remove(*line)).collect();
            group(&mut text, reason, kept);
        }
        group(&mut text, UNEXPLAINED, left.iter().collect());
        text
    }
}

fn group(text: &mut String, reason: &str, lines: Vec<&String>) {
    if lines.is_empty() {
        return;
    }
    let gap = if text.is_empty() { "" } else { "\n" };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{gap}{reason}");
    for line in lines {
        let _ = writeln!(text, "{line}");
    }
}
