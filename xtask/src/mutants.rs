//! Seeded bugs: `xtask/mutants.yaml` has a list of them, and each must make a test fail.

mod clock;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde::Deserialize;

use crate::report::Report;
use clock::Stopwatch;
use tree::{Tree, Verdict};

/// Where the files of the list are.
const ROOM: &str = "crates/zoho-client/src";

/// What to do with the seeded bugs.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Print the names and what each bug replaces, and run nothing
    #[arg(long)]
    list: bool,
    /// Only those whose names begin with this; may be given again
    #[arg(long)]
    only: Vec<String>,
    /// Where the copy of the workspace and what is built of it are kept
    #[arg(long, default_value = "target/mutants")]
    folder: PathBuf,
    /// Take it that all tests pass without a bug, as they did in the run before
    #[arg(long)]
    skip_baseline: bool,
    /// Only the unit tests of zoho-client, which are the cheap ones
    #[arg(long)]
    unit: bool,
    /// A test that takes longer has caught the bug: it hangs
    #[arg(long, default_value_t = 600)]
    seconds: u64,
    /// Append each result to this file as one line: name, result, seconds; what it has already is not run again
    #[arg(long)]
    record: Option<PathBuf>,
}

/// A seeded bug.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Mutant {
    name: String,
    /// Below `crates/zoho-client/src`.
    file: String,
    find: String,
    replace: String,
    /// Arguments for the tests of zoho-conformance that have to notice where those of the client need not.
    also: Option<String>,
    /// Why no test can notice.
    equivalent: Option<String>,
}

impl Mutant {
    fn path(&self) -> String {
        format!("{ROOM}/{}", self.file)
    }

    /// The file with the bug in it.
    fn applied(&self, text: &str) -> Result<String, String> {
        match text.matches(&self.find).count() {
            1 if self.find != self.replace => Ok(text.replace(&self.find, &self.replace)),
            1 => Err(format!("{}: it replaces a text by itself", self.name)),
            times => Err(format!(
                "{}: what it looks for stands {times} times in {}",
                self.name,
                self.path()
            )),
        }
    }

    /// The tests beside what the bug is in: those that should notice, and soon.
    fn near(&self) -> &'static [&'static str] {
        match self.name.split('-').next().unwrap_or_default() {
            "retry" => &["tests::retry", "tests::raw_retry"],
            "pipeline" => &[
                "tests::retry",
                "tests::refusals",
                "tests::tokens",
                "tests::wire",
                "tests::limits",
            ],
            "classify" => &[
                "tests::wire",
                "tests::writes",
                "tests::tokens",
                "tests::auth",
                "error::",
            ],
            "limits" => &["limits", "tests::pauses", "tests::budget"],
            "pages" => &["tests::lists", "tests::past_limits", "tests::books", "page::"],
            "tokens" => &[
                "tests::tokens",
                "tests::auth",
                "tests::consent",
                "tests::pauses",
                "auth::",
            ],
            "bulk" => &["tests::bulk_write"],
            "triggers" => &[
                "triggers::cursor",
                "triggers::step",
                "triggers::order",
                "tests::pauses",
                "record_types::a_run_that_begins",
            ],
            "receiver" => &["webhook"],
            "address" => &["tests::raw", "tests::hostile", "tests::regions"],
            _ => &[],
        }
    }

    /// The arguments of `cargo` for the tests that have to notice, the cheapest first. The histories of triggers take
    /// as long as all other tests together: they are for the rooms that triggers use alone.
    fn tests(&self) -> Vec<Vec<&str>> {
        let unit = ["test", "-p", "zoho-client", "--lib", "--"];
        let all: &[&str] = match self.file.starts_with("triggers/") {
            true => &["triggers"],
            false => &["--skip", "tests::triggers"],
        };
        let mut tests = vec![[&unit, self.near()].concat(), [&unit, all].concat()];
        if let Some(also) = &self.also {
            let mut arguments = vec!["test", "-p", "zoho-conformance"];
            arguments.extend(also.split(' '));
            tests.push(arguments);
        }
        tests
    }
}

fn load(root: &Path) -> Result<Vec<Mutant>, String> {
    let path = root.join("xtask/mutants.yaml");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Lists the seeded bugs, or puts them in one by one and says which went unnoticed.
pub(crate) fn run(root: &Path, options: &Options) -> Result<Report, String> {
    let wanted = |mutant: &Mutant| {
        options.only.is_empty()
            || options
                .only
                .iter()
                .any(|start| mutant.name.starts_with(start.as_str()))
    };
    let mut mutants: Vec<Mutant> = load(root)?.into_iter().filter(wanted).collect();
    if options.unit {
        mutants.iter_mut().for_each(|mutant| mutant.also = None);
    }
    if mutants.is_empty() {
        return Err("no seeded bug has such a name; --list names all".to_owned());
    }
    if options.list {
        let line = |mutant: &Mutant| {
            format!(
                "{}\t{}\t{}\n",
                mutant.name,
                mutant.path(),
                mutant.replace.escape_debug()
            )
        };
        let text = mutants.iter().map(line).collect();
        return Ok(Report { text, stale: false });
    }
    let tree = Tree::copy(root, &root.join(&options.folder))?;
    let limit = Duration::from_secs(options.seconds);
    let known = options.record.as_deref().map(recorded).unwrap_or_default();
    if !options.skip_baseline {
        let to_run = mutants.iter().filter(|mutant| !known.contains_key(&mutant.name));
        baseline(&tree, to_run, limit)?;
    }
    let (mut survivors, mut broken) = (Vec::new(), Vec::new());
    let mut caught = 0;
    for (place, mutant) in mutants.iter().enumerate() {
        if let Some(caught_before) = known.get(&mutant.name) {
            match caught_before {
                Some(true) => caught += 1,
                Some(false) => survivors.push(mutant),
                None => {}
            }
            continue;
        }
        let started = Stopwatch::start();
        let verdict = try_one(&tree, mutant, limit)?;
        let survived = verdict == Verdict::Passed;
        let told = match (survived, &mutant.equivalent) {
            (true, Some(_)) => "equivalent",
            (true, None) => "survived",
            (false, _) => verdict.name(),
        };
        let seconds = started.passed().as_secs();
        println!(
            "{:>3}/{} {told:<10} {:>4} s  {}",
            place + 1,
            mutants.len(),
            seconds,
            mutant.name
        );
        if let Some(record) = &options.record {
            append(record, &format!("{}\t{told}\t{seconds}\n", mutant.name))?;
        }
        match (verdict, &mutant.equivalent) {
            (Verdict::Broken, _) => broken.push(mutant.name.as_str()),
            (Verdict::Passed, None) => survivors.push(mutant),
            (Verdict::Passed, Some(_)) => {}
            _ => caught += 1,
        }
    }
    match broken.is_empty() {
        true => Ok(summary(caught, &survivors)),
        // A bug that does not compile is no bug: the list has to be mended.
        false => Err(format!(
            "{}these do not compile: {}",
            summary(caught, &survivors).text,
            broken.join(", ")
        )),
    }
}

/// Sees all tests pass without a bug.
fn baseline<'a>(
    tree: &Tree,
    mutants: impl Iterator<Item = &'a Mutant>,
    limit: Duration,
) -> Result<(), String> {
    let tests: BTreeSet<Vec<&str>> = mutants.flat_map(Mutant::tests).collect();
    for test in tests {
        if tree.test(&test, limit)? != Verdict::Passed {
            return Err(format!(
                "`cargo {}` fails without any bug: see {}",
                test.join(" "),
                tree.log()
            ));
        }
    }
    Ok(())
}

fn summary(caught: usize, survivors: &[&Mutant]) -> Report {
    let all = caught + survivors.len();
    let mut text = format!("{caught} of {all} seeded bugs were caught\n");
    for mutant in survivors {
        // A String takes everything.
        let _ = writeln!(
            text,
            "survived: {} in {}: {}",
            mutant.name,
            mutant.path(),
            mutant.replace.escape_debug()
        );
    }
    Report {
        text,
        stale: caught * 10 < all * 9,
    }
}

/// What a file of an earlier run knows: whether a bug was caught, or that it can not be. Others are to be run again.
fn recorded(path: &Path) -> BTreeMap<String, Option<bool>> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let one = |line: &str| {
        let mut words = line.split('\t');
        let (name, told) = (words.next()?, words.next()?);
        match told {
            "caught" | "caught-hung" => Some((name.to_owned(), Some(true))),
            "survived" => Some((name.to_owned(), Some(false))),
            "equivalent" => Some((name.to_owned(), None)),
            _ => None,
        }
    };
    text.lines().filter_map(one).collect()
}

fn append(path: &Path, line: &str) -> Result<(), String> {
    let file = fs::OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(line.as_bytes()))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// Puts a bug in, runs the tests until one notices, and takes it out again.
fn try_one(tree: &Tree, mutant: &Mutant, limit: Duration) -> Result<Verdict, String> {
    let path = mutant.path();
    let before = tree.read(&path)?;
    tree.write(&path, &mutant.applied(&before)?)?;
    let mut verdict = Ok(Verdict::Passed);
    for test in mutant.tests() {
        verdict = tree.test(&test, limit);
        if verdict != Ok(Verdict::Passed) {
            break;
        }
    }
    tree.write(&path, &before)?;
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list follows the code: what a bug looks for stands where it says, once.
    #[test]
    fn every_seeded_bug_can_be_put_in() {
        let root = crate::root();
        let mutants = load(&root).unwrap();
        let names: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.name.as_str()).collect();
        assert_eq!(names.len(), mutants.len(), "a name is there twice");
        let real = mutants
            .iter()
            .filter(|mutant| mutant.equivalent.is_none())
            .count();
        assert!(real >= 60, "{real} bugs");
        for area in [
            "retry", "pipeline", "classify", "limits", "pages", "tokens", "triggers", "receiver",
        ] {
            assert!(names.iter().any(|name| name.starts_with(area)), "none in {area}");
        }
        let wrong: Vec<String> = mutants
            .iter()
            .filter_map(|mutant| {
                let text = fs::read_to_string(root.join(mutant.path()));
                let text = text.map_err(|error| format!("{}: {error}", mutant.path()));
                text.and_then(|text| mutant.applied(&text)).err()
            })
            .collect();
        assert!(
            wrong.is_empty(),
            "xtask/mutants.yaml is stale:\n{}",
            wrong.join("\n")
        );
    }

    #[test]
    fn a_rate_below_nine_in_ten_fails() {
        let mutant = Mutant {
            name: "retry-x".to_owned(),
            file: "raw.rs".to_owned(),
            find: "a".to_owned(),
            replace: "b".to_owned(),
            also: None,
            equivalent: None,
        };
        assert!(!summary(9, &[&mutant]).stale);
        let poor = summary(8, &[&mutant]);
        assert!(
            poor.stale && poor.text.contains("survived: retry-x"),
            "{}",
            poor.text
        );
        assert_eq!(mutant.applied("xax").unwrap(), "xbx");
        assert!(mutant.applied("aa").is_err() && mutant.applied("c").is_err());
    }
}
