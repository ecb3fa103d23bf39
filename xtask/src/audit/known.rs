//! The list of known differences: lines as an audit prints them and rules for many of them, under their reasons.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::differences::Difference;
use super::rule::Rule;
use super::shown;

/// What a recorded difference stands under until somebody has explained it.
const UNEXPLAINED: &str = "# unexplained";
/// Lines of a rule that no longer holds which are shown.
const SHOWN: usize = 20;

/// Known differences, grouped by reason.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Reason, and what stands under it.
    groups: Vec<(String, Vec<Entry>)>,
}

/// What stands under a reason.
#[derive(Debug)]
enum Entry {
    Line(String),
    Rule(Rule),
}

/// What a list says of differences.
#[derive(Debug)]
pub(crate) struct Claims {
    /// Of each difference, in their order, whether it stands under a reason.
    pub(crate) explained: Vec<bool>,
    /// What is listed and is not so.
    pub(crate) vain: Vec<String>,
}

impl Known {
    /// Reads a list; a line that stands under no reason, and a rule that is none, is an error.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(format!("{}: {error}", shown(path))),
        };
        let mut known = Self::default();
        // Lines of a reason that follow each other are one reason.
        let mut in_reason = false;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            let place = || format!("{}:{}", shown(path), number + 1);
            if line.starts_with('#') {
                match known.groups.last_mut().filter(|_| in_reason) {
                    Some((reason, _)) => {
                        reason.push('\n');
                        reason.push_str(line);
                    }
                    None => known.groups.push((line.to_owned(), Vec::new())),
                }
                in_reason = true;
                continue;
            }
            in_reason = false;
            if line.is_empty() {
                continue;
            }
            let Some((_, entries)) = known.groups.last_mut() else {
                return Err(format!(
                    "{}: a difference needs a line `# reason` above it",
                    place()
                ));
            };
            entries.push(match line.strip_prefix('~') {
                Some(rule) => Entry::Rule(Rule::read(rule.trim()).ok_or_else(|| {
                    format!(
                        "{}: a rule is `~ count digest | operation | place | what | schema`",
                        place()
                    )
                })?),
                None => Entry::Line(line.to_owned()),
            });
        }
        Ok(known)
    }

    /// The lines that each entry has, in the order of the entries: its own line, or those that its rule covers and
    /// that are neither listed nor covered before. Then the lines that nothing has.
    fn shared_out(&self, differences: &[Difference]) -> (Vec<Vec<usize>>, Vec<usize>) {
        let lines: Vec<String> = differences.iter().map(ToString::to_string).collect();
        let entries: Vec<&Entry> = self.groups.iter().flat_map(|(_, entries)| entries).collect();
        let mut left: BTreeSet<usize> = (0..differences.len()).collect();
        let mut shares: Vec<Vec<usize>> = vec![Vec::new(); entries.len()];
        for (entry, share) in entries.iter().zip(&mut shares) {
            if let Entry::Line(line) = entry {
                let at = left.iter().copied().find(|at| lines.get(*at) == Some(line));
                share.extend(at.filter(|at| left.remove(at)));
            }
        }
        for (entry, share) in entries.iter().zip(&mut shares) {
            if let Entry::Rule(rule) = entry {
                let covered = |at: &usize| differences.get(*at).is_some_and(|one| rule.covers(one));
                share.extend(left.extract_if(.., |at| covered(at)));
            }
        }
        (shares, left.into_iter().collect())
    }

    /// Which differences are explained, and what is listed in vain.
    pub(crate) fn claims(&self, differences: &[Difference]) -> Claims {
        let (shares, _) = self.shared_out(differences);
        let mut shares = shares.iter();
        let mut claims = Claims {
            explained: vec![false; differences.len()],
            vain: Vec::new(),
        };
        for (reason, entries) in &self.groups {
            for (entry, share) in entries.iter().zip(shares.by_ref()) {
                for at in share {
                    if let Some(explained) = claims.explained.get_mut(*at) {
                        *explained = reason != UNEXPLAINED;
                    }
                }
                claims.vain.extend(complaint(entry, &texts(differences, share)));
            }
        }
        claims
    }

    /// The list as it should be: lines that are no longer so and rules for nothing are left out, rules are counted
    /// anew, and news stand at the end.
    pub(crate) fn renewed(&self, differences: &[Difference]) -> String {
        let (shares, left) = self.shared_out(differences);
        let mut shares = shares.iter();
        let mut news = texts(differences, &left);
        let mut text = String::new();
        for (reason, entries) in &self.groups {
            let mut kept = Vec::new();
            for (entry, share) in entries.iter().zip(shares.by_ref()) {
                let lines = texts(differences, share);
                match entry {
                    Entry::Rule(rule) if !lines.is_empty() => kept.push(rule.renewed(&lines).to_string()),
                    Entry::Rule(_) => {}
                    Entry::Line(_) => kept.extend(lines),
                }
            }
            match reason.as_str() {
                UNEXPLAINED => news.extend(kept),
                // A remark that nothing ever stood under stays.
                _ if entries.is_empty() || !kept.is_empty() => group(&mut text, reason, &kept),
                _ => {}
            }
        }
        news.sort();
        if !news.is_empty() {
            group(&mut text, UNEXPLAINED, &news);
        }
        text
    }
}

fn texts(differences: &[Difference], share: &[usize]) -> Vec<String> {
    let found = share.iter().filter_map(|at| differences.get(*at));
    found.map(ToString::to_string).collect()
}

/// What is wrong with an entry that has these lines.
fn complaint(entry: &Entry, lines: &[String]) -> Option<String> {
    match entry {
        Entry::Line(line) if lines.is_empty() => Some(format!("listed, and no longer so: {line}")),
        Entry::Rule(rule) if !rule.holds(lines) => {
            let mut text = format!(
                "{rule}: recorded for {} differences, found for {}, or for others",
                rule.count(),
                lines.len()
            );
            for line in lines.iter().take(SHOWN) {
                // Writing to a string cannot fail.
                let _ = write!(text, "\n    {line}");
            }
            if lines.len() > SHOWN {
                let _ = write!(text, "\n    and {} more", lines.len() - SHOWN);
            }
            Some(text)
        }
        _ => None,
    }
}

fn group(text: &mut String, reason: &str, lines: &[String]) {
    let gap = if text.is_empty() { "" } else { "\n" };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{gap}{reason}");
    for line in lines {
        let _ = writeln!(text, "{line}");
    }
}
