//! `cargo xtask public-api`: what the published crates offer, as text that a review can read.
//!
//! A change of a public item then shows as a change of `crates/<crate>/public-api.txt`. It is read from the source with
//! `syn`, so it needs no nightly rustdoc. It says what is written, with every feature switched on; it does not know auto
//! traits, nor blanket implementations. Generated modules stand in it by name only: `codegen --check` shows their changes.

mod krate;
mod print;
mod reach;

use std::error::Error;
use std::path::{Path, PathBuf};

use zoho_codegen::{GeneratedFile, Part};

use crate::plan::Plan;
use crate::report::Report;

/// The crates that others depend on.
const CRATES: [&str; 2] = ["zoho-client", "zoho-mock"];

/// Writes the snapshots, or says how they differ.
pub(crate) fn run(root: &Path, check: bool) -> Result<Report, Box<dyn Error>> {
    let mut files = Vec::new();
    for name in CRATES {
        files.push(GeneratedFile {
            path: PathBuf::from(format!("crates/{name}/public-api.txt")),
            text: snapshot(&root.join("crates").join(name).join("src"), name)?,
            part: Part::Whole,
        });
    }
    let plan = Plan::new(root, &files, &[])?;
    Ok(plan.settle(root, check, "cargo xtask public-api")?)
}

/// The public surface of the crate whose source is in `source`.
fn snapshot(source: &Path, name: &str) -> Result<String, Box<dyn Error>> {
    let krate = krate::Krate::load(source)?;
    let found = reach::reach(&krate)?;
    Ok(print::print(&krate, &name.replace('-', "_"), &found))
}

#[cfg(test)]
mod tests;
