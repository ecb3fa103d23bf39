//! What Zoho answers. A reply is believed as little as possible: everything in it may be missing, null, or more.

use crate::tree::Node;
use crate::view::View;
use crate::violation::{Report, rules};

rules! {
    COMPOSED = "reply-composed": "no oneOf, anyOf, allOf or not in a reply: the first alternative whose fields are all optional would always win";
    ENUM = "reply-enum": "no enum in a reply: known values are x-zoho-values, and a new one breaks nothing";
    OPEN = "reply-open": "an object of a reply has additionalProperties: {} (or, as a map, a schema)";
    REQUIRED = "reply-required": "no field of a reply is required";
    NULLABLE = "reply-nullable": "lists and maps in a reply are nullable";
}

pub(super) fn check(view: &View<'_>, report: &mut Report) {
    for schema in view.reply_schemas() {
        for key in ["oneOf", "anyOf", "allOf", "not"] {
            if let Some(entry) = schema.entry(key) {
                report.add(entry.origin, COMPOSED, format!("`{key}` in a reply"));
            }
        }
        if let Some(entry) = schema.entry("enum") {
            report.add(entry.origin, ENUM, "a closed enum in a reply");
        }
        if let Some(entry) = schema.entry("required") {
            report.add(entry.origin, REQUIRED, "required fields in a reply");
        }
        check_open(schema, report);
        check_nullable(schema, report);
    }
}

fn check_open(schema: &Node, report: &mut Report) {
    if schema.text_at("type") != Some("object") {
        return;
    }
    let open = match schema.get("additionalProperties") {
        Some(node) if schema.get("properties").is_some() => node.is_empty_map(),
        Some(node) => node.is_map(),
        None => false,
    };
    if !open {
        let at = schema
            .entry("additionalProperties")
            .map_or(schema.origin, |entry| entry.origin);
        report.add(
            at,
            OPEN,
            "an object without `additionalProperties: {}` loses what it does not know",
        );
    }
}

fn check_nullable(schema: &Node, report: &mut Report) {
    for property in schema.get("properties").map(Node::entries).unwrap_or_default() {
        let value = &property.value;
        let collection = match value.text_at("type") {
            Some("array") => true,
            Some("object") => value.get("properties").is_none(),
            _ => false,
        };
        if collection && value.get("nullable").and_then(Node::bool) != Some(true) {
            report.add(
                property.origin,
                NULLABLE,
                format!("`{}` is a list or map without `nullable: true`", property.key),
            );
        }
    }
}
