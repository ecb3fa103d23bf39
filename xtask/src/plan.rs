//! The difference between the generated files and the tree: found first, then written or shown.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use similar::TextDiff;
use zoho_codegen::{BLOCK_BEGIN, BLOCK_END, GeneratedFile, Part};

use crate::report::Report;

/// What to do with one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Make it so; the text that is there now, if any.
    Write { old: Option<String>, new: String },
    /// It is generated no longer.
    Delete { old: String },
}

/// What to do with the tree.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// By path relative to the root, sorted.
    pub(crate) changes: Vec<(PathBuf, Change)>,
    /// How many files are as they should be.
    pub(crate) unchanged: usize,
}

impl Plan {
    /// Compares `files` with what lies below `root`; `folders` hold nothing but generated files.
    pub(crate) fn new(root: &Path, files: &[GeneratedFile], folders: &[&str]) -> io::Result<Self> {
        let mut plan = Self::default();
        for file in files {
            let old = read(&root.join(&file.path))?;
            let new = match file.part {
                Part::Whole => file.text.clone(),
                Part::Block => splice(&file.path, old.as_deref().unwrap_or_default(), &file.text)?,
            };
            if old.as_ref() == Some(&new) {
                plan.unchanged += 1;
            } else {
                plan.changes.push((file.path.clone(), Change::Write { old, new }));
            }
        }
        let wanted: BTreeSet<&Path> = files.iter().map(|file| file.path.as_path()).collect();
        for folder in folders {
            for path in below(root, Path::new(folder))? {
                if !wanted.contains(path.as_path()) {
                    let old = read(&root.join(&path))?.unwrap_or_default();
                    plan.changes.push((path, Change::Delete { old }));
                }
            }
        }
        plan.changes.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(plan)
    }

    /// Makes the tree as it should be; with `check`, says how it differs, and which command mends that.
    pub(crate) fn settle(&self, root: &Path, check: bool, command: &str) -> io::Result<Report> {
        if !check {
            self.apply(root)?;
        }
        let stale = check && !self.changes.is_empty();
        let text = match stale {
            true => format!(
                "{}\n{} of {} files are stale; run `{command}` and commit what it writes.\n",
                self.diff(),
                self.changes.len(),
                self.changes.len() + self.unchanged
            ),
            false => self.summary(),
        };
        Ok(Report { text, stale })
    }

    /// Makes the tree as it should be.
    fn apply(&self, root: &Path) -> io::Result<()> {
        for (path, change) in &self.changes {
            let path = root.join(path);
            match change {
                Change::Write { new, .. } => {
                    if let Some(folder) = path.parent() {
                        std::fs::create_dir_all(folder)?;
                    }
                    std::fs::write(path, new)?;
                }
                Change::Delete { .. } => std::fs::remove_file(path)?,
            }
        }
        Ok(())
    }

    /// One line for each file that is touched, and a count of those that are not.
    fn summary(&self) -> String {
        let mut out = String::new();
        for (path, change) in &self.changes {
            let verb = match change {
                Change::Write { .. } => "written",
                Change::Delete { .. } => "deleted",
            };
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{verb}  {}", path.display());
        }
        let _ = writeln!(out, "{} unchanged", self.unchanged);
        out
    }

    /// The changes as a unified diff.
    fn diff(&self) -> String {
        let mut out = String::new();
        for (path, change) in &self.changes {
            let (old, new) = match change {
                Change::Write { old, new } => (old.as_deref(), Some(new.as_str())),
                Change::Delete { old } => (Some(old.as_str()), None),
            };
            let name = |side: &str, text: Option<&str>| match text {
                Some(_) => format!("{side}/{}", path.display()),
                None => "/dev/null".to_owned(),
            };
            let difference = TextDiff::from_lines(old.unwrap_or_default(), new.unwrap_or_default());
            let _ = write!(
                out,
                "{}",
                difference
                    .unified_diff()
                    .context_radius(3)
                    .header(&name("a", old), &name("b", new))
            );
        }
        out
    }
}

/// Replaces the block between the markers, markers included.
fn splice(path: &Path, text: &str, block: &str) -> io::Result<String> {
    let found = text.find(BLOCK_BEGIN).and_then(|begin| {
        let end = begin + text.get(begin..)?.find(BLOCK_END)? + BLOCK_END.len();
        Some((text.get(..begin)?, text.get(end..)?))
    });
    match found {
        Some((before, after)) => Ok(format!("{before}{}{after}", block.trim_end())),
        None => Err(io::Error::other(format!(
            "{}: no lines `{BLOCK_BEGIN}` and `{BLOCK_END}` to put the generated block between",
            path.display()
        ))),
    }
}

fn read(path: &Path) -> io::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io::Error::new(
            error.kind(),
            format!("{}: {error}", path.display()),
        )),
    }
}

/// Every file below a folder, relative to `root`.
fn below(root: &Path, folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut out = Vec::new();
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            out.extend(below(root, &path)?);
        } else {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

#[cfg(test)]
mod tests;
