//! What is wrong with a description: which rule, in which file, on which line.

use std::fmt;
use std::path::PathBuf;

/// A rule of the normal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable kebab-case name, as printed with every violation.
    pub name: &'static str,
    /// What the rule asks for, in one sentence.
    pub demand: &'static str,
}

/// Declares the rules of a room: a constant for each, and all of them as `RULES`.
macro_rules! rules {
    ($($constant:ident = $name:literal: $demand:literal;)*) => {
        $(
            pub(crate) const $constant: crate::violation::Rule =
                crate::violation::Rule { name: $name, demand: $demand };
        )*
        pub(crate) const RULES: &[crate::violation::Rule] = &[$($constant),*];
    };
}
pub(crate) use rules;

/// Where a node was written: index of the file, and line counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Origin {
    pub(crate) file: usize,
    pub(crate) line: usize,
}

/// One place in a description that breaks one rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// File that has to be edited.
    pub file: PathBuf,
    /// Line in that file, counted from 1; 0 when the whole file is meant.
    pub line: usize,
    /// Name of the rule, see [`crate::rules`].
    pub rule: &'static str,
    /// What was found, and what is wanted instead.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: [{}] {}",
            self.file.display(),
            self.line,
            self.rule,
            self.message
        )
    }
}

/// Everything that is wrong with a description, in the order of files and lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// The single violations.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }

    /// How many there are; never 0.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "an empty list of violations is never handed out"
    )]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

/// Collects violations while a description is read.
#[derive(Debug)]
pub(crate) struct Report {
    files: Vec<PathBuf>,
    found: Vec<Violation>,
}

impl Report {
    pub(crate) fn new(files: Vec<PathBuf>) -> Self {
        Report {
            files,
            found: Vec::new(),
        }
    }

    /// Notes that the node at `origin` breaks `rule`.
    pub(crate) fn add(&mut self, origin: Origin, rule: Rule, message: impl Into<String>) {
        self.found.push(Violation {
            file: self.files.get(origin.file).cloned().unwrap_or_default(),
            line: origin.line,
            rule: rule.name,
            message: message.into(),
        });
    }

    /// True while nothing was found.
    pub(crate) fn is_clean(&self) -> bool {
        self.found.is_empty()
    }

    /// Everything found so far, if that is anything.
    pub(crate) fn checkpoint(&mut self) -> Result<(), Violations> {
        if self.found.is_empty() {
            return Ok(());
        }
        let mut found = std::mem::take(&mut self.found);
        found.sort();
        found.dedup();
        Err(Violations(found))
    }
}
