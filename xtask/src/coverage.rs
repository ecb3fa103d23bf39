//! `cargo xtask coverage`: what the mock keeps state for, counted from the descriptions and its routes, and what
//! everybody expects of a connector, entry by entry.

mod seed;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;
use similar::TextDiff;
use zoho_mock::MockZoho;
use zoho_spec::{Product, Spec};

use crate::codegen::Report;

/// The page that it writes, relative to the workspace.
const PAGE: &str = "docs/coverage.md";

/// Operations of one tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    described: usize,
    stateful: usize,
}

/// Writes the page, or says how it differs.
pub(crate) fn run(root: &Path, check: bool) -> Result<Report, Box<dyn Error>> {
    let mut new = String::from(
        "# What the mock covers\n\n\
         Written by `cargo xtask coverage`. Every described operation answers: it is authenticated, its scopes and\n\
         limits are checked, and it can be made to fail. *Stateful* ones keep what they are sent and go by Zoho's\n\
         rules; the others answer with a body that is made from their schema and reflects what was sent.\n",
    );
    for product in Product::ALL {
        let spec = Spec::load(product)?;
        section(&mut new, product, &counted(&spec));
    }
    new += &seed::section(root)?;
    let page = root.join(PAGE);
    let old = std::fs::read_to_string(&page).unwrap_or_default();
    if old == new {
        return Ok(said("1 unchanged\n".to_owned(), false));
    }
    if !check {
        std::fs::write(&page, &new)?;
        return Ok(said(format!("written  {PAGE}\n"), false));
    }
    let difference = TextDiff::from_lines(&old, &new)
        .unified_diff()
        .context_radius(1)
        .header(&format!("a/{PAGE}"), &format!("b/{PAGE}"))
        .to_string();
    let text =
        format!("{difference}\n{PAGE} is stale; run `cargo xtask coverage` and commit what it writes.\n");
    Ok(said(text, true))
}

/// The counts as one JSON object. It runs the tests that the page names.
pub(crate) fn json(root: &Path) -> Result<Report, Box<dyn Error>> {
    let counts = json!({"seed": seed::count(root)?});
    Ok(said(format!("{counts}\n"), false))
}

fn said(text: String, stale: bool) -> Report {
    Report { text, stale }
}

fn counted(spec: &Spec) -> BTreeMap<String, Count> {
    let mut tags: BTreeMap<String, Count> = BTreeMap::new();
    for operation in spec.operations() {
        let product = match operation.product {
            Product::Crm => zoho_mock::route::Product::Crm,
            Product::Books => zoho_mock::route::Product::Books,
        };
        let count = tags.entry(operation.tag.clone()).or_default();
        count.described += 1;
        count.stateful += usize::from(MockZoho::is_stateful(product, &operation.id));
    }
    tags
}

fn section(out: &mut String, product: Product, tags: &BTreeMap<String, Count>) {
    let mut all = Count::default();
    for count in tags.values() {
        all.described += count.described;
        all.stateful += count.stateful;
    }
    let name = match product {
        Product::Crm => "CRM",
        Product::Books => "Books",
    };
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "\n## {name} {}\n\n| resource | described | stateful | made from the schema |\n|---|--:|--:|--:|\n",
        product.version()
    );
    let rows = tags.iter().map(|(tag, count)| (tag.as_str(), *count));
    for (tag, count) in rows.chain([("**all**", all)]) {
        let Count { described, stateful } = count;
        let _ = writeln!(
            out,
            "| {tag} | {described} | {stateful} | {} |",
            described - stateful
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So that a plain `cargo test` notices what CI's `--check` would.
    #[test]
    fn the_page_is_up_to_date() {
        let report = run(&crate::root(), true).unwrap();
        assert!(!report.stale, "{}", report.text);
    }

    #[test]
    fn a_stale_page_is_shown_and_names_the_command() {
        let folder = tempfile::TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("docs")).unwrap();
        let list = folder.path().join("crates/zoho-client/tests/connector");
        std::fs::create_dir_all(&list).unwrap();
        std::fs::write(
            list.join("entries.json"),
            r#"{"connections": [], "triggers": [], "actions": []}"#,
        )
        .unwrap();
        let report = run(folder.path(), true).unwrap();
        assert!(
            report.stale && report.text.contains("run `cargo xtask coverage`"),
            "{}",
            report.text
        );
        assert!(report.text.contains("+| records |"), "{}", report.text);
        assert!(!folder.path().join(PAGE).exists());
        run(folder.path(), false).unwrap();
        assert!(!run(folder.path(), true).unwrap().stale);
    }
}
