//! Path, query and header parameters.

use std::collections::BTreeSet;

use super::path;
use crate::view::{OperationNode, View};
use crate::violation::{Report, rules};

rules! {
    FORM = "parameter-form": "a parameter has a name, stands in path, query or header, has a schema and a description, and stands once";
    PATH = "path-parameter": "every {parameter} of the path is declared, required, and no declared one is missing from the path";
    SAME_NAME = "parameter-same-name": "no query or header parameter is called like a path parameter";
    SCALAR = "parameter-scalar": "a parameter is a scalar; lists are one comma separated string, JSON values are strings";
    RESERVED = "parameter-reserved": "no organization_id in the query, no X-CRM-ORG, Authorization or Content-Type header: these are the client's affair";
}

const RESERVED_NAMES: [(&str, &str); 4] = [
    ("query", "organization_id"),
    ("header", "x-crm-org"),
    ("header", "authorization"),
    ("header", "content-type"),
];

pub(super) fn check(view: &View<'_>, report: &mut Report) {
    for operation in &view.operations {
        check_operation(view, *operation, report);
    }
}

fn check_operation(view: &View<'_>, operation: OperationNode<'_>, report: &mut Report) {
    let in_path: BTreeSet<&str> = operation.path.split('/').filter_map(path::parameter).collect();
    let mut declared = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for (origin, node) in view.parameters(operation) {
        let (Some(name), Some(place)) = (node.text_at("name"), node.text_at("in")) else {
            report.add(origin, FORM, "a parameter needs `name` and `in`");
            continue;
        };
        if !["path", "query", "header"].contains(&place) {
            report.add(origin, FORM, format!("`{name}` stands in {place}"));
        }
        if node.get("schema").is_none() || node.text_at("description").is_none() {
            report.add(origin, FORM, format!("`{name}` lacks a schema or a description"));
        }
        if !seen.insert((place, name)) {
            report.add(origin, FORM, format!("`{name}` is declared twice"));
        }
        if RESERVED_NAMES.contains(&(place, name.to_ascii_lowercase().as_str())) {
            report.add(origin, RESERVED, format!("`{name}` is the client's affair"));
        }
        if let Some(schema) = node.get("schema") {
            let kind = view.resolve(schema).text_at("type").unwrap_or_default();
            if !["string", "integer", "number", "boolean"].contains(&kind) {
                report.add(schema.origin, SCALAR, format!("`{name}` is no scalar"));
            }
        }
        if place == "path" {
            declared.insert(name);
            if node.get("required").and_then(crate::tree::Node::bool) != Some(true) {
                report.add(origin, PATH, format!("`{name}` is not `required: true`"));
            }
            if !in_path.contains(name) {
                report.add(origin, PATH, format!("the path has no {{{name}}}"));
            }
        } else if in_path.contains(name) {
            report.add(origin, SAME_NAME, format!("`{name}` is a path parameter already"));
        }
    }
    for name in in_path.difference(&declared) {
        report.add(operation.origin, PATH, format!("{{{name}}} is not declared"));
    }
}
