//! `cargo xtask codegen`: descriptions in, Rust out.

use std::error::Error;
use std::path::Path;

use zoho_codegen::{FOLDERS, Specs};
use zoho_spec::{Product, Spec};

use crate::plan::Plan;

/// The command that a stale tree asks for.
const COMMAND: &str = "cargo xtask codegen";

/// What a run has to say.
#[derive(Debug)]
pub(crate) struct Report {
    /// For people.
    pub(crate) text: String,
    /// Whether `--check` found something to do.
    pub(crate) stale: bool,
}

/// Brings the tree below `root` up to date, or says how it differs.
pub(crate) fn run(root: &Path, check: bool) -> Result<Report, Box<dyn Error>> {
    let files = zoho_codegen::generate(&specs()?)?;
    let plan = Plan::new(root, &files, &FOLDERS)?;
    if !check {
        plan.apply(root)?;
        return Ok(Report {
            text: plan.summary(),
            stale: false,
        });
    }
    if plan.is_empty() {
        return Ok(Report {
            text: plan.summary(),
            stale: false,
        });
    }
    let text = format!(
        "{}\n{} generated files are stale; run `{COMMAND}` and commit what it writes.\n",
        plan.diff(),
        plan.changes.len()
    );
    Ok(Report { text, stale: true })
}

/// Both products and the regions; all violations of all of them when there are any.
fn specs() -> Result<Specs, String> {
    let mut complaints = Vec::new();
    let mut products = Vec::new();
    for product in Product::ALL {
        match Spec::load(product) {
            Ok(spec) => products.push(spec),
            Err(violations) => complaints.push(violations.to_string()),
        }
    }
    let regions = zoho_spec::regions().unwrap_or_else(|violations| {
        complaints.push(violations.to_string());
        Vec::new()
    });
    if complaints.is_empty() {
        Ok(Specs { products, regions })
    } else {
        Err(complaints.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So that a plain `cargo test` notices what CI's `--check` would.
    #[test]
    fn generated_files_are_up_to_date() {
        let report = run(&crate::root(), true).unwrap();
        assert!(!report.stale, "{}", report.text);
    }
}
