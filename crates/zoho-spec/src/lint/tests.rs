//! Every rule, proven: a description without fault, one fault at a time, and the rule and line that must come back.

mod cases;

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::product::{Host, Product};
use crate::spec::{Source, Spec};
use crate::violation::Violations;

/// The line that a fault has to be reported on carries this comment.
const HERE: &str = "#!";

/// A fault: replacements in one of the two files, as (what stands there, what shall stand there).
struct Case {
    rule: &'static str,
    product: Product,
    edits: &'static [(&'static str, &'static str)],
}

fn load(product: Product, common: &str, things: &str) -> Result<Spec, Violations> {
    let sources = [("common.yaml", common), ("things.yaml", things)].map(|(name, text)| Source {
        name: name.to_owned(),
        shown: PathBuf::from(name),
        text: text.to_owned(),
    });
    Spec::from_sources(product, sources.into())
}

fn good(product: Product) -> [String; 2] {
    let things = match product {
        Product::Crm => cases::CRM,
        Product::Books => cases::BOOKS,
    };
    [cases::COMMON.to_owned(), things.to_owned()]
}

/// What is wrong with a case, if something is.
fn check(case: &Case) -> Option<String> {
    let mut files = good(case.product);
    for (from, to) in case.edits {
        let found: usize = files.iter().map(|text| text.matches(from).count()).sum();
        if found != 1 {
            return Some(format!("{}: {from:?} stands {found} times", case.rule));
        }
        files = files.map(|text| text.replace(from, to));
    }
    let marked: Vec<(PathBuf, usize)> = ["common.yaml", "things.yaml"]
        .iter()
        .zip(&files)
        .flat_map(|(name, text)| {
            text.lines()
                .enumerate()
                .map(move |(index, line)| (name, index + 1, line))
        })
        .filter(|(_, _, line)| line.contains(HERE))
        .map(|(name, number, _)| (PathBuf::from(name), number))
        .collect();
    let [common, things] = files;
    let Err(violations) = load(case.product, &common, &things) else {
        return Some(format!("{}: nothing is found", case.rule));
    };
    let found: BTreeSet<_> = violations
        .iter()
        .map(|v| (v.rule, v.file.clone(), v.line))
        .collect();
    let wanted: BTreeSet<_> = marked
        .into_iter()
        .map(|(file, line)| (case.rule, file, line))
        .collect();
    (wanted.is_empty() || found != wanted).then(|| format!("wanted {wanted:?}, found\n{violations}"))
}

#[test]
fn the_good_descriptions_are_good() {
    for product in Product::ALL {
        let [common, things] = good(product);
        if let Err(violations) = load(product, &common, &things) {
            panic!("{violations}");
        }
    }
}

#[test]
fn one_fault_gives_one_rule_and_its_line() {
    let wrong: Vec<String> = cases::all().filter_map(check).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} cases\n{}",
        wrong.len(),
        cases::all().count(),
        wrong.join("\n\n")
    );
}

#[test]
fn every_rule_of_the_bundle_has_a_case() {
    let proven: BTreeSet<&str> = cases::all().map(|case| case.rule).collect();
    // Needs three files, and has a test of its own below.
    let elsewhere = "duplicate-operation";
    let missing: Vec<&str> = super::all()
        .chain(crate::bundle::RULES)
        .chain(crate::tree::RULES)
        .map(|rule| rule.name)
        .filter(|name| !proven.contains(name) && *name != elsewhere)
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn all_faults_come_at_once_in_the_order_of_lines() {
    let [common, things] = good(Product::Crm);
    let things = things
        .replace("summary: List things.", "summary: List things")
        .replace("x-zoho-credits: { per: 10 }", "x-zoho-credits: { pro: 10 }")
        .replace("format: zoho-decimal", "format: decimal");
    let violations = load(Product::Crm, &common, &things).unwrap_err();
    let found: Vec<_> = violations.iter().map(|violation| violation.rule).collect();
    assert_eq!(found, ["operation-summary", "x-zoho-credits", "known-format"]);
    assert_eq!(violations.len(), 3);
    let lines: Vec<_> = violations.iter().map(|violation| violation.line).collect();
    assert!(lines.is_sorted(), "{lines:?}");
    let first = violations.to_string().lines().next().unwrap().to_owned();
    assert!(
        first.starts_with("things.yaml:7: [operation-summary] "),
        "{first}"
    );
}

#[test]
fn an_operation_is_described_in_one_file() {
    let [common, things] = good(Product::Crm);
    let count = things
        .split("  /things/count:\n")
        .nth(1)
        .unwrap()
        .split("  /things/{thing_id}:")
        .next()
        .unwrap();
    let count = count
        .replace("count_things", "count_all")
        .replace("tags: [things]", "tags: [others]");
    let others = format!("paths:\n  /things/count:\n{count}").replace("\"#/", "\"things.yaml#/");
    let sources = [
        ("common.yaml", common),
        ("others.yaml", others),
        ("things.yaml", things),
    ]
    .map(|(name, text)| Source {
        name: name.to_owned(),
        shown: PathBuf::from(name),
        text,
    });
    let line = sources[2]
        .text
        .lines()
        .position(|line| line.contains("get: # count"))
        .unwrap()
        + 1;
    let violations = Spec::from_sources(Product::Crm, sources.into()).unwrap_err();
    let found: Vec<_> = violations
        .iter()
        .map(|v| (v.rule, v.file.to_str().unwrap(), v.line))
        .collect();
    assert_eq!(found, [("duplicate-operation", "things.yaml", line)]);
}

#[test]
fn a_document_that_openapi_refuses_is_a_violation() {
    let [common, things] = good(Product::Crm);
    let common = common.replace("flows:", "flow:");
    let violations = load(Product::Crm, &common, &things).unwrap_err();
    assert_eq!(
        violations
            .iter()
            .map(|violation| violation.rule)
            .collect::<Vec<_>>(),
        ["openapi-form"]
    );
}

#[test]
fn a_description_that_lost_a_line_loads_or_says_where() {
    for product in Product::ALL {
        let [common, things] = good(product);
        for lost in 0..things.lines().count() {
            let rest: Vec<&str> = things
                .lines()
                .enumerate()
                .filter(|(index, _)| *index != lost)
                .map(|(_, line)| line)
                .collect();
            let Err(violations) = load(product, &common, &rest.join("\n")) else {
                continue;
            };
            for violation in &violations {
                let lines = if violation.file.ends_with("common.yaml") {
                    common.lines().count()
                } else {
                    rest.len()
                };
                assert!(
                    (1..=lines + 1).contains(&violation.line),
                    "without line {}: {violation}",
                    lost + 1
                );
            }
        }
    }
}

#[test]
fn servers_move_the_operations_that_they_stand_on() {
    let [common, things] = good(Product::Crm);
    let things = things
        .replace(
            "  /things:\n",
            "  /things:\n    servers: [{ url: https://content.zohoapis.com/crm/v8 }]\n",
        )
        .replace(
            "    post:\n      operationId: create_things",
            "    post:\n      servers: [{ url: https://www.zohoapis.com/crm/bulk/v8 }]\n      operationId: create_things",
        );
    let spec = load(Product::Crm, &common, &things).unwrap();
    let place = |id: &str| {
        let operation = spec.operation(id).unwrap();
        (operation.base.host, operation.full_path.as_str())
    };
    assert_eq!(place("list_things"), (Host::Upload, "/crm/v8/things"));
    assert_eq!(place("create_things"), (Host::Api, "/crm/bulk/v8/things"));
    assert_eq!(place("count_things"), (Host::Api, "/crm/v8/things/count"));
}
