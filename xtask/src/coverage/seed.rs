//! What everybody expects of a connector, entry by entry: how the client offers it, what the mock does for it, and the
//! test that holds both to it.
//!
//! The list is `crates/zoho-client/tests/connector/entries.json`; a test there holds the client's catalogue against it.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use serde_json::{Value, json};
use zoho_mock::MockZoho;
use zoho_mock::route::Product;

/// The list, relative to the workspace.
const LIST: &str = "crates/zoho-client/tests/connector/entries.json";

/// All entries.
#[derive(Debug, Deserialize)]
struct Entries {
    connections: Vec<Entry>,
    triggers: Vec<Entry>,
    actions: Vec<Entry>,
}

/// A connection, a trigger or an action.
#[derive(Debug, Deserialize)]
struct Entry {
    label: String,
    inputs: Vec<Value>,
    /// How the client offers it to Rust; empty when it does not.
    client: String,
    /// The operations of the mock's that it calls, such as `crm.list_records`.
    operations: Vec<String>,
    test: Option<Test>,
}

/// A test that runs the entry with all of its inputs.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Test {
    package: String,
    target: String,
    name: String,
}

impl Entries {
    fn load(root: &Path) -> Result<Self, Box<dyn Error>> {
        let text = std::fs::read_to_string(root.join(LIST)).map_err(|error| format!("{LIST}: {error}"))?;
        Ok(serde_json::from_str(&text).map_err(|error| format!("{LIST}: {error}"))?)
    }

    fn groups(&self) -> [(&'static str, &[Entry]); 3] {
        [
            ("connections", &self.connections),
            ("triggers", &self.triggers),
            ("actions", &self.actions),
        ]
    }
}

/// The section of the page.
pub(super) fn section(root: &Path) -> Result<String, Box<dyn Error>> {
    let entries = Entries::load(root)?;
    let mut out = String::from(
        "\n## Connections, triggers and actions\n\n\
         The entries that connectors of this kind are expected to have. Each named test runs its entry with every one of\n\
         its inputs, client against mock; `cargo xtask coverage --json` runs these tests and counts.\n\n\
         | entry | inputs | client | mock | test |\n|---|--:|---|---|---|\n",
    );
    for (_, group) in entries.groups() {
        for entry in group {
            let client = match entry.client.as_str() {
                "" => "described".to_owned(),
                client => format!("`{client}`"),
            };
            let test = entry
                .test
                .as_ref()
                .map_or("none yet".to_owned(), |test| format!("`{}`", test.name));
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "| {} | {} | {client} | {} | {test} |",
                entry.label,
                entry.inputs.len(),
                entry.mock()
            );
        }
    }
    Ok(out)
}

impl Entry {
    /// What the mock does for it.
    fn mock(&self) -> String {
        let each = |operation: &String| {
            let (product, id) = operation.split_once('.').unwrap_or(("", operation));
            let stateful = match product {
                "crm" => MockZoho::is_stateful(Product::Crm, id),
                "books" => MockZoho::is_stateful(Product::Books, id),
                // The accounts server has no operations of a description.
                _ => true,
            };
            let how = if stateful { "" } else { " (from its schema)" };
            format!("`{id}`{how}")
        };
        if self.operations.is_empty() {
            return "any".to_owned();
        }
        self.operations.iter().map(each).collect::<Vec<_>>().join(", ")
    }
}

/// Runs the tests, and counts the entries and inputs whose test passed.
pub(super) fn count(root: &Path) -> Result<Value, Box<dyn Error>> {
    let entries = Entries::load(root)?;
    let all = entries.groups();
    let tests = all
        .iter()
        .flat_map(|(_, group)| group.iter())
        .filter_map(|entry| entry.test.as_ref());
    let mut targets: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for test in tests {
        targets
            .entry((&test.package, &test.target))
            .or_default()
            .push(&test.name);
    }
    let mut passed = BTreeSet::new();
    for ((package, target), names) in targets {
        for name in run(root, package, target, &names)? {
            passed.insert(Test {
                package: package.to_owned(),
                target: target.to_owned(),
                name,
            });
        }
    }
    Ok(counted(&entries, &passed))
}

fn counted(entries: &Entries, passed: &BTreeSet<Test>) -> Value {
    let mut counts = json!({});
    let mut inputs = 0;
    for (name, group) in entries.groups() {
        let covered = group
            .iter()
            .filter(|entry| entry.test.as_ref().is_some_and(|test| passed.contains(test)));
        let covered: Vec<&Entry> = covered.collect();
        inputs += covered.iter().map(|entry| entry.inputs.len()).sum::<usize>();
        counts[name] = covered.len().into();
    }
    counts["inputs"] = inputs.into();
    counts
}

/// The tests of these that pass.
fn run(root: &Path, package: &str, target: &str, names: &[&str]) -> Result<Vec<String>, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root)
        .args(["test", "--package", package, "--test", target, "--", "--exact"])
        .args(names)
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !text.contains("test result: ") {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the tests of {package} did not run:\n{said}").into());
    }
    Ok(passing(&text))
}

/// The names of the tests that a run says are `ok`.
fn passing(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... ok"))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_count_when_their_test_passed() {
        let entries = Entries::load(&crate::root()).unwrap();
        let counts = entries.groups().map(|(_, group)| group.len());
        assert_eq!(counts, [2, 4, 19]);
        let none = counted(&entries, &BTreeSet::new());
        assert_eq!(
            none,
            json!({"connections": 0, "triggers": 0, "actions": 0, "inputs": 0})
        );
        let one = entries
            .actions
            .iter()
            .find(|entry| entry.label == "CRM - COQL Query")
            .unwrap();
        let passed = BTreeSet::from([one.test.clone().unwrap()]);
        let counts = counted(&entries, &passed);
        assert_eq!(
            counts,
            json!({"connections": 0, "triggers": 0, "actions": 1, "inputs": 2})
        );
    }

    #[test]
    fn only_tests_that_passed_are_read_from_a_run() {
        let text = "running 3 tests\ntest a::b ... ok\ntest a::c ... FAILED\ntest d ... ok\n\ntest result: FAILED. 2 passed\n";
        assert_eq!(passing(text), ["a::b", "d"]);
    }
}
