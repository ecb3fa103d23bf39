//! How many cases each property runs: the one place that says so, and what scales them all.
//!
//! A property of this crate takes its number from [`PROPERTIES`]. The sums are what CI runs; the variable
//! `ZOHO_PROOF_CASES` asks for another total, and every property gets its share:
//!
//! ```sh
//! ZOHO_PROOF_CASES=1000000 cargo test --release -p zoho-conformance
//! ```

use proptest::test_runner::Config;

/// A property and its part of the cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    /// The module below `tests/`, and what its tests have in common.
    pub name: &'static str,
    /// The tests that take this number, each for itself.
    pub tests: u32,
    /// The cases that CI runs of each test.
    pub cases: u32,
    /// Whether something goes wrong in its cases: scripted faults, lost callbacks, crashes.
    pub faults: bool,
}

impl Property {
    /// The cases of all its tests.
    #[must_use]
    pub fn total(&self) -> u64 {
        u64::from(self.tests) * u64::from(self.cases)
    }
}

const fn calm(name: &'static str, tests: u32, cases: u32) -> Property {
    Property {
        name,
        tests,
        cases,
        faults: false,
    }
}

const fn rough(name: &'static str, tests: u32, cases: u32) -> Property {
    Property {
        name,
        tests,
        cases,
        faults: true,
    }
}

/// Every property of this crate that generates its cases.
pub const PROPERTIES: &[Property] = &[
    rough("agreement::any_history", 2, 200),
    calm("calls::from_schemas", 1, 3_960),
    calm("calls::of_the_world", 1, 2_640),
    rough("channels::any_life", 1, 300),
    calm("consent::any_app", 2, 48),
    rough("faults::any_weather", 2, 128),
    calm("fetch_all::any_number_of_rows", 2, 24),
    rough("retry::any_call", 1, 9_500),
    rough("retry::budgets", 1, 48),
    calm("round_trip::bodies", 1, 15_000),
    calm("stores::memory", 1, 256),
    calm("stores::memory_sealed", 1, 64),
    calm("stores::postgres", 1, 64),
    calm("stores::postgres_sealed", 1, 16),
    calm("stores::seals", 1, 64),
    calm("stores::sqlite", 1, 64),
    calm("stores::sqlite_sealed", 1, 16),
    calm("token_refresh::callers", 2, 48),
    rough("triggers::any_story", 3, 400),
];

/// The cases of a property, for the total that was asked for.
///
/// # Panics
/// When no property has that name, or `ZOHO_PROOF_CASES` is no number.
#[must_use]
pub fn cases(name: &str) -> u32 {
    let property = PROPERTIES.iter().find(|property| property.name == name);
    let cases = property
        .unwrap_or_else(|| panic!("`{name}` is not listed in src/proof.rs"))
        .cases;
    let Ok(wanted) = std::env::var("ZOHO_PROOF_CASES") else {
        return cases;
    };
    let wanted: u64 = wanted
        .parse()
        .unwrap_or_else(|_| panic!("ZOHO_PROOF_CASES is `{wanted}`, and not a number of cases"));
    let share = (u64::from(cases) * wanted).div_ceil(total(|_| true));
    u32::try_from(share).unwrap_or(u32::MAX).max(1)
}

/// The cases of a property that tries so many things in turn: as many for each.
#[must_use]
pub fn cases_each(name: &str, things: usize) -> u32 {
    let things = u32::try_from(things).unwrap_or(u32::MAX).max(1);
    cases(name).div_ceil(things)
}

/// proptest's settings for a property.
#[must_use]
pub fn config(name: &str) -> Config {
    Config {
        cases: cases(name),
        ..Config::default()
    }
}

/// The cases that CI runs of the properties that are asked for.
pub fn total(which: impl Fn(&Property) -> bool) -> u64 {
    let chosen = PROPERTIES.iter().filter(|property| which(property));
    chosen.map(Property::total).sum()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    #[test]
    fn ci_runs_20_000_cases_of_which_10_000_meet_faults() {
        let (all, rough) = (total(|_| true), total(|property| property.faults));
        eprintln!("{all} cases, {rough} of them with faults");
        assert!(all >= 20_000, "{all} cases");
        assert!(rough >= 10_000, "{rough} cases with faults");
        let names: BTreeSet<_> = PROPERTIES.iter().map(|property| property.name).collect();
        assert_eq!(names.len(), PROPERTIES.len(), "a name is there twice");
    }

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("the folder is readable") {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }

    /// What is counted here is what runs: each property is named where it stands, and none brings a number of its own.
    #[test]
    fn every_property_takes_its_cases_from_here() {
        let mut files = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut files);
        let mut named = BTreeSet::new();
        for file in files {
            let text = std::fs::read_to_string(&file).expect("a source is text");
            let own = ["with_cases(", "{ cases: "]
                .iter()
                .find(|own| text.contains(**own));
            assert!(
                own.is_none(),
                "{}: `{}` is for src/proof.rs",
                file.display(),
                own.unwrap_or(&"")
            );
            for (at, _) in text.match_indices("proof::c") {
                let name = text[at..].split('"').nth(1).expect("a name follows");
                let property = PROPERTIES.iter().find(|property| property.name == name);
                assert!(property.is_some(), "{}: `{name}` is not listed", file.display());
                let folder = name.split("::").next().unwrap_or_default();
                assert!(
                    file.to_string_lossy().contains(&format!("/{folder}")),
                    "`{name}` stands in {}",
                    file.display()
                );
                named.insert(name.to_owned());
            }
        }
        for property in PROPERTIES {
            assert!(named.contains(property.name), "nobody runs `{}`", property.name);
        }
    }
}
