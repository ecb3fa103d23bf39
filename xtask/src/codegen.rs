//! `cargo xtask codegen`: descriptions in, Rust out.

use std::error::Error;
use std::path::Path;

use zoho_codegen::{FOLDERS, Specs};
use zoho_spec::{Product, Spec};

use crate::plan::Plan;
use crate::report::Report;

/// Brings the tree below `root` up to date with the descriptions below `openapi`, or says how it differs.
pub(crate) fn run(openapi: &Path, root: &Path, check: bool) -> Result<Report, Box<dyn Error>> {
    let files = zoho_codegen::generate(&specs(openapi)?)?;
    let plan = Plan::new(root, &files, &FOLDERS)?;
    Ok(plan.settle(root, check, "cargo xtask codegen")?)
}

/// Both products and the regions; all violations of all of them when there are any.
fn specs(openapi: &Path) -> Result<Specs, String> {
    let mut complaints = Vec::new();
    let mut products = Vec::new();
    for product in Product::ALL {
        match Spec::load_from(openapi, product) {
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
    use std::fs;

    use tempfile::TempDir;
    use zoho_spec::openapi_dir;

    use super::*;

    /// So that a plain `cargo test` notices what CI's `--check` would.
    #[test]
    fn generated_files_are_up_to_date() {
        let report = run(&openapi_dir(), &crate::root(), true).unwrap();
        assert!(!report.stale, "{}", report.text);
    }

    /// The shipped descriptions, with one file changed.
    fn changed(file: &str, from: &str, to: &str) -> TempDir {
        let dir = TempDir::new().unwrap();
        for folder in ["crm/v8", "books/v3"] {
            fs::create_dir_all(dir.path().join(folder)).unwrap();
            for entry in fs::read_dir(openapi_dir().join(folder)).unwrap() {
                let entry = entry.unwrap();
                fs::copy(entry.path(), dir.path().join(folder).join(entry.file_name())).unwrap();
            }
        }
        let path = dir.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no `{from}`");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
        dir
    }

    #[test]
    fn a_changed_field_makes_the_tree_stale_and_names_the_command() {
        let openapi = changed("crm/v8/coql.yaml", "include_meta:", "include_metadata:");
        let report = run(openapi.path(), &crate::root(), true).unwrap();
        assert!(report.stale);
        assert!(report.text.contains("-    pub include_meta:"), "{}", report.text);
        assert!(
            report.text.contains("+    pub include_metadata:"),
            "{}",
            report.text
        );
        assert!(
            report.text.contains("run `cargo xtask codegen`"),
            "{}",
            report.text
        );
    }

    #[test]
    fn a_broken_rule_names_file_line_and_rule() {
        let openapi = changed("crm/v8/coql.yaml", "Run a COQL query.", "Run a COQL query");
        let error = run(openapi.path(), &crate::root(), true).unwrap_err().to_string();
        assert!(
            error.contains("crm/v8/coql.yaml:") && error.contains("[operation-summary]"),
            "{error}"
        );
    }
}
