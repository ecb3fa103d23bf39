//! `cargo xtask coverage`: what is described, what the client calls, and what the mock answers and keeps; and what
//! everybody expects of a connector, entry by entry.

mod seed;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Map, Value, json};
use zoho_codegen::{GeneratedFile, Part};
use zoho_mock::MockZoho;
use zoho_mock::route::Product as Served;
use zoho_spec::{Operation, Product, Spec};

use crate::plan::Plan;
use crate::report::Report;

/// The page that it writes, relative to the workspace.
const PAGE: &str = "docs/coverage.md";

const HEAD: &str = "# What is covered

Written by `cargo xtask coverage`. An operation is a method and a path: two of them are one when they differ in the
names of path parameters only, and two when the letters of the path differ, in case too. *Described* are those that
Zoho's own descriptions have; operations that are known from elsewhere are counted apart, as *further*.

The client has a typed call for an operation, and the mock answers it: authenticated, with its scopes and limits
checked, and ready to be made to fail. *Stateful* ones keep what they are sent and go by Zoho's rules; the others
answer with a body that is made from their schema and reflects what was sent.
";

/// How many operations there are, and what is done for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    spec: usize,
    client: usize,
    mock: usize,
    stateful: usize,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.spec += other.spec;
        self.client += other.client;
        self.mock += other.mock;
        self.stateful += other.stateful;
    }

    fn to_json(self) -> Value {
        json!({
            "spec": self.spec, "client": self.client, "mock": self.mock, "mock_stateful": self.stateful,
        })
    }
}

/// The operations of a product.
#[derive(Debug, Default)]
struct Counts {
    /// By resource, of what Zoho's own descriptions have.
    tags: BTreeMap<String, Count>,
    /// All of it.
    all: Count,
    /// What is known from elsewhere.
    further: Count,
}

/// The counts as one JSON object. It runs the tests that the page names.
pub(crate) fn json(root: &Path) -> Result<Report, Box<dyn Error>> {
    let mut counts = operations(root)?;
    counts.insert("seed".to_owned(), seed::count(root)?);
    Ok(Report {
        text: format!("{}\n", Value::Object(counts)),
        stale: false,
    })
}

/// The counts of operations.
fn operations(root: &Path) -> Result<Map<String, Value>, Box<dyn Error>> {
    let mut body = Map::new();
    let mut further = Map::new();
    for product in Product::ALL {
        let counts = counted(root, &Spec::load(product)?)?;
        body.insert(product.name().to_owned(), counts.all.to_json());
        further.insert(product.name().to_owned(), counts.further.to_json());
    }
    body.insert("further".to_owned(), Value::Object(further));
    Ok(body)
}

/// Writes the page below `root`, or says how it differs. What is counted is this workspace.
pub(crate) fn run(root: &Path, check: bool) -> Result<Report, Box<dyn Error>> {
    let mut text = HEAD.to_owned();
    for product in Product::ALL {
        let spec = Spec::load(product)?;
        section(&mut text, product, &counted(&crate::root(), &spec)?);
    }
    text += &seed::section(&crate::root())?;
    let page = GeneratedFile {
        path: PAGE.into(),
        text,
        part: Part::Whole,
    };
    let plan = Plan::new(root, &[page], &[])?;
    Ok(plan.settle(root, check, "cargo xtask coverage")?)
}

/// Counts what is there: rows of the description, methods in the client's source, routes of the mock.
fn counted(root: &Path, spec: &Spec) -> Result<Counts, Box<dyn Error>> {
    let product = spec.product();
    let served = match product {
        Product::Crm => Served::Crm,
        Product::Books => Served::Books,
    };
    let routes: BTreeSet<&str> = MockZoho::routes()
        .filter(|(of, ..)| *of == served)
        .map(|(_, id, ..)| id)
        .collect();
    let mut sources: BTreeMap<&str, String> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut counts = Counts::default();
    for operation in spec.operations() {
        let source = match sources.get(operation.tag.as_str()) {
            Some(source) => source,
            None => {
                let file = format!(
                    "crates/zoho-client/src/generated/{}/{}.rs",
                    product.name(),
                    operation.tag
                );
                let text =
                    std::fs::read_to_string(root.join(&file)).map_err(|error| format!("{file}: {error}"))?;
                sources.entry(&operation.tag).or_insert(text)
            }
        };
        if !seen.insert(identity(operation)) {
            return Err(format!("{}: another operation has its method and path", operation.id).into());
        }
        let one = Count {
            spec: 1,
            client: usize::from(source.contains(&format!("pub async fn {}(", operation.id))),
            mock: usize::from(routes.contains(operation.id.as_str())),
            stateful: usize::from(MockZoho::is_stateful(served, &operation.id)),
        };
        if operation.published {
            counts.tags.entry(operation.tag.clone()).or_default().add(one);
            counts.all.add(one);
        } else {
            counts.further.add(one);
        }
    }
    Ok(counts)
}

/// What makes an operation another one than its siblings.
fn identity(operation: &Operation) -> (&'static str, String) {
    let segments = operation.full_path.split('/').map(|segment| match segment {
        parameter if parameter.starts_with('{') => "{}",
        literal => literal,
    });
    (operation.method.name(), segments.collect::<Vec<_>>().join("/"))
}

fn section(out: &mut String, product: Product, counts: &Counts) {
    let name = product.title();
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "\n## {name} {}\n\n| resource | described | client | mock | stateful | made from the schema |\n\
         |---|--:|--:|--:|--:|--:|\n",
        product.version()
    );
    let rows = counts.tags.iter().map(|(tag, count)| (tag.as_str(), *count));
    let further = (counts.further.spec > 0).then_some(("*further*", counts.further));
    for (tag, count) in rows.chain([("**all**", counts.all)]).chain(further) {
        let Count {
            spec,
            client,
            mock,
            stateful,
        } = count;
        let _ = writeln!(
            out,
            "| {tag} | {spec} | {client} | {mock} | {stateful} | {} |",
            mock - stateful
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
        let report = run(folder.path(), true).unwrap();
        assert!(
            report.stale && report.text.contains("run `cargo xtask coverage`"),
            "{}",
            report.text
        );
        assert!(
            report.text.contains("+| records | 12 | 12 | 12 |"),
            "{}",
            report.text
        );
        assert!(!folder.path().join(PAGE).exists());
        run(folder.path(), false).unwrap();
        assert!(!run(folder.path(), true).unwrap().stale);
    }

    #[test]
    fn every_operation_of_both_products_is_described_called_and_answered() {
        let counts = Value::Object(operations(&crate::root()).unwrap());
        for (product, all) in [("crm", 480), ("books", 838)] {
            for side in ["spec", "client", "mock"] {
                assert_eq!(counts[product][side], all, "{product} {side}: {counts}");
            }
        }
        assert_eq!(counts["further"]["books"]["spec"], 5, "{counts}");
    }
}
