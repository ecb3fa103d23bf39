//! The `x-zoho-*` extensions.

use crate::operation::{PagingStyle, facets};
use crate::product::Product;
use crate::tree::{Kind, Node};
use crate::view::{OperationNode, View};
use crate::violation::{Report, rules};

rules! {
    UNKNOWN = "unknown-extension": "x- keys are the ones this crate knows, where it knows them";
    IDEMPOTENT = "x-zoho-idempotent": "true or false, on every operation";
    CREDITS = "x-zoho-credits": "n, {per: n}, {rows: [[n, c], ..]} or {base: n, with: {query parameter: c}}, on every operation";
    PAGING = "x-zoho-paging": "{style: token|page|query|context, items: key}; the reply holds the key and the style's page information, the parameters its page numbers";
    BATCH = "x-zoho-batch": "the key of an array of the reply that holds one outcome for each item, on a write";
    EVIDENCE = "x-zoho-evidence": "documented, recorded or inferred, on every operation";
    DOCS = "x-zoho-docs": "an https address under www.zoho.com, on every operation";
    ORGANIZATION = "x-zoho-organization": "only false, and only in Books: the operation needs no organization";
    PUBLISHED = "x-zoho-published": "only false: the operation is missing from the descriptions that Zoho publishes";
    RECORD = "x-zoho-record": "{type, wrapper, list, id, parents, modified} and maybe write, on a GET of Books; one parent for each path parameter; list is a key of the reply";
}

const OPERATION: [&str; 9] = [
    "x-zoho-idempotent",
    "x-zoho-credits",
    "x-zoho-paging",
    "x-zoho-batch",
    "x-zoho-evidence",
    "x-zoho-docs",
    "x-zoho-organization",
    "x-zoho-published",
    "x-zoho-record",
];
const VALUES: &str = "x-zoho-values";

pub(super) fn check(view: &View<'_>, report: &mut Report) {
    check_unknown(view, report);
    for operation in &view.operations {
        check_simple(view, *operation, report);
        check_credits(view, *operation, report);
        check_paging(view, *operation, report);
        check_batch(view, *operation, report);
        check_record(view, *operation, report);
    }
}

fn check_unknown(view: &View<'_>, report: &mut Report) {
    for entry in view.root.entries() {
        if entry.key == "paths" {
            for operation in &view.operations {
                for field in operation.node.entries() {
                    if field.key.starts_with("x-") {
                        if !OPERATION.contains(&field.key.as_str()) {
                            report.add(
                                field.origin,
                                UNKNOWN,
                                format!("`{}` is not known on an operation", field.key),
                            );
                        }
                    } else {
                        walk(&field.value, report);
                    }
                }
            }
        } else {
            walk(&entry.value, report);
        }
    }
}

/// Below operations, `x-zoho-values` is the one extension there is. Names of properties and responses are no keys.
fn walk(node: &Node, report: &mut Report) {
    for item in node.items() {
        walk(item, report);
    }
    for entry in node.entries() {
        if entry.key.starts_with("x-") && entry.key != VALUES {
            report.add(
                entry.origin,
                UNKNOWN,
                format!("`{}` is not known here", entry.key),
            );
        } else if entry.key == "properties" {
            entry
                .value
                .entries()
                .iter()
                .for_each(|property| walk(&property.value, report));
        } else {
            walk(&entry.value, report);
        }
    }
}

fn check_simple(view: &View<'_>, operation: OperationNode<'_>, report: &mut Report) {
    let node = operation.node;
    match node.get("x-zoho-idempotent") {
        Some(value) if value.bool().is_some() => {}
        other => report.add(
            other.map_or(operation.origin, |n| n.origin),
            IDEMPOTENT,
            "missing, or neither true nor false",
        ),
    }
    match node.get("x-zoho-evidence") {
        Some(value) if facets::evidence(value).is_some() => {}
        other => report.add(
            other.map_or(operation.origin, |n| n.origin),
            EVIDENCE,
            "missing, or none of the three words",
        ),
    }
    match node.get("x-zoho-docs") {
        Some(value)
            if value
                .text()
                .is_some_and(|url| url.starts_with("https://www.zoho.com/")) => {}
        other => report.add(
            other.map_or(operation.origin, |n| n.origin),
            DOCS,
            "missing, or no page under www.zoho.com",
        ),
    }
    if let Some(value) = node.get("x-zoho-organization")
        && (value.bool() != Some(false) || view.product != Product::Books)
    {
        report.add(
            value.origin,
            ORGANIZATION,
            "only `false` has a meaning, and only in Books",
        );
    }
    if let Some(value) = node.get("x-zoho-published")
        && value.bool() != Some(false)
    {
        report.add(value.origin, PUBLISHED, "only `false` has a meaning");
    }
}

fn check_credits(view: &View<'_>, operation: OperationNode<'_>, report: &mut Report) {
    let Some(node) = operation.node.get("x-zoho-credits") else {
        return report.add(operation.origin, CREDITS, "missing");
    };
    match facets::credits(node) {
        None => report.add(node.origin, CREDITS, "none of the four forms"),
        Some(crate::Credits::With { parameter, .. }) if !has_query(view, operation, &parameter) => {
            report.add(
                node.origin,
                CREDITS,
                format!("there is no query parameter `{parameter}`"),
            );
        }
        Some(_) => {}
    }
}

fn has_query(view: &View<'_>, operation: OperationNode<'_>, name: &str) -> bool {
    let parameters = view.parameters(operation);
    parameters
        .iter()
        .any(|(_, node)| node.text_at("name") == Some(name) && node.text_at("in") == Some("query"))
}

/// Whether the object behind a schema has a property.
fn holds<'a>(view: &View<'a>, schema: Option<&'a Node>, key: &str) -> bool {
    schema.is_some_and(|schema| view.resolve(schema).at(&["properties", key]).is_some())
}

fn check_paging<'a>(view: &View<'a>, operation: OperationNode<'a>, report: &mut Report) {
    let Some(node) = operation.node.get("x-zoho-paging") else {
        return;
    };
    let Some(paging) = facets::paging(node) else {
        return report.add(node.origin, PAGING, "not of the form {style: .., items: ..}");
    };
    let (information, parameters): (&str, &[&str]) = match paging.style {
        PagingStyle::Token => ("info", &["page", "per_page", "page_token"]),
        PagingStyle::Page => ("info", &["page", "per_page"]),
        PagingStyle::Query => ("info", &[]),
        PagingStyle::Context => ("page_context", &["page", "per_page"]),
    };
    for key in [paging.items.as_str(), information] {
        if !holds(view, view.json_reply(operation), key) {
            report.add(node.origin, PAGING, format!("the reply has no `{key}`"));
        }
    }
    for name in parameters {
        if !has_query(view, operation, name) {
            report.add(
                node.origin,
                PAGING,
                format!("there is no query parameter `{name}`"),
            );
        }
    }
}

fn check_batch<'a>(view: &View<'a>, operation: OperationNode<'a>, report: &mut Report) {
    let Some(node) = operation.node.get("x-zoho-batch") else {
        return;
    };
    let Some(key) = node.text() else {
        return report.add(node.origin, BATCH, "not the name of a key");
    };
    if operation.method == "get" {
        report.add(node.origin, BATCH, "a GET writes nothing");
    }
    if !holds(view, view.json_reply(operation), key) {
        report.add(node.origin, BATCH, format!("the reply has no `{key}`"));
    }
}

fn check_record<'a>(view: &View<'a>, operation: OperationNode<'a>, report: &mut Report) {
    let Some(node) = operation.node.get("x-zoho-record") else {
        return;
    };
    let Some(record) = facets::record(node, operation.path) else {
        return report.add(
            node.origin,
            RECORD,
            "not of the form {type, wrapper, list, id, parents, modified}",
        );
    };
    if view.product != Product::Books || operation.method != "get" {
        report.add(
            node.origin,
            RECORD,
            "only the list operation of a Books record has one",
        );
    }
    if record.parents.len() != operation.path.matches('{').count() {
        report.add(node.origin, RECORD, "not one parent for each path parameter");
    }
    let list = view.json_reply(operation).map(|schema| view.resolve(schema));
    let list = list.and_then(|reply| reply.at(&["properties", &record.list_key]));
    if !list.is_some_and(|list| matches!(&list.kind, Kind::Map(_)) && list.text_at("type") == Some("array")) {
        report.add(
            node.origin,
            RECORD,
            format!("the reply has no array `{}`", record.list_key),
        );
    }
}
