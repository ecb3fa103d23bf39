//! Types and formats, in bodies, replies and parameters alike.

use crate::tree::{Entry, Kind, Node};
use crate::view::View;
use crate::violation::{Origin, Report, rules};

rules! {
    CLOSED = "additional-properties": "additionalProperties is a schema, mostly {}: generators drop what `true` lets in, and `false` refuses what Zoho adds";
    FORMAT = "known-format": "formats are zoho-id, zoho-key, zoho-datetime, zoho-date, zoho-decimal, zoho-text, password, int32, int64 and binary, on the type they belong to";
    ID = "id-format": "id and .._id are strings of format zoho-id, or zoho-key where they are not digits; never numbers";
    DECIMAL = "decimal-format": "numbers that are not integers are amounts: type number, format zoho-decimal";
    DATETIME = "datetime-format": ".._time and .._expiry are strings of format zoho-datetime";
    DATE = "date-format": "date and .._date are strings of format zoho-date";
    QUOTED = "quoted-values": "strings in enum, default and x-zoho-values are quoted, and of the schema's type";
    EXTRA = "property-extra": "no property is called extra: that is where generated types keep unknown fields";
    TYPED = "typed-schema": "a schema says its type, or is a $ref, or is {}";
}

const FORMATS: [(&str, &str); 10] = [
    ("zoho-id", "string"),
    ("zoho-key", "string"),
    ("zoho-datetime", "string"),
    ("zoho-date", "string"),
    ("zoho-text", "string"),
    ("password", "string"),
    ("binary", "string"),
    ("zoho-decimal", "number"),
    ("int32", "integer"),
    ("int64", "integer"),
];

pub(super) fn check(view: &View<'_>, report: &mut Report) {
    for schema in view.all_schemas() {
        check_format(schema, report);
        check_values(schema, report);
        if let Some(entry) = schema.entry("additionalProperties")
            && !entry.value.is_map()
        {
            report.add(entry.origin, CLOSED, "not a schema");
        }
        if !schema.is_empty_map() && schema.text_at("type").is_none() && !composed(schema) {
            report.add(schema.origin, TYPED, "no type");
        }
        for property in schema.get("properties").map(Node::entries).unwrap_or_default() {
            check_property(view, property, report);
        }
    }
    for operation in &view.operations {
        for (origin, parameter) in view.parameters(*operation) {
            if let (Some(name), Some(schema)) = (parameter.text_at("name"), parameter.get("schema")) {
                check_named(name, view.resolve(schema), origin, report);
            }
        }
    }
}

fn composed(schema: &Node) -> bool {
    ["oneOf", "anyOf", "allOf", "not"]
        .iter()
        .any(|key| schema.get(key).is_some())
}

fn check_format(schema: &Node, report: &mut Report) {
    let kind = schema.text_at("type").unwrap_or_default();
    if let Some(format) = schema.entry("format") {
        let known = FORMATS.iter().find(|(name, _)| format.value.text() == Some(name));
        if known.is_none_or(|(_, wanted)| *wanted != kind) {
            report.add(
                format.origin,
                FORMAT,
                format!("not a format that this crate knows for `{kind}`"),
            );
        }
    } else if kind == "number" {
        report.add(schema.origin, DECIMAL, "a number without `format: zoho-decimal`");
    }
}

fn check_property<'a>(view: &View<'a>, property: &'a Entry, report: &mut Report) {
    if property.key == "extra" {
        report.add(property.origin, EXTRA, "a property called `extra`");
    }
    check_named(
        &property.key,
        view.resolve(&property.value),
        property.origin,
        report,
    );
}

/// A plain string whose name promises more than a string; any format says that the author has thought about it.
fn check_named(name: &str, schema: &Node, origin: Origin, report: &mut Report) {
    let lower = name.to_ascii_lowercase();
    let kind = schema.text_at("type").unwrap_or_default();
    let plain = kind == "string" && schema.get("format").is_none();
    let number = matches!(kind, "integer" | "number");
    if lower == "id" || lower.ends_with("_id") {
        if plain || number {
            report.add(origin, ID, format!("`{name}` is neither zoho-id nor zoho-key"));
        }
    } else if plain && (lower.ends_with("_time") || lower.ends_with("_expiry")) {
        report.add(origin, DATETIME, format!("`{name}` is no zoho-datetime"));
    } else if plain && (lower == "date" || lower.ends_with("_date")) {
        report.add(origin, DATE, format!("`{name}` is no zoho-date"));
    }
}

fn check_values(schema: &Node, report: &mut Report) {
    let kind = schema.text_at("type").unwrap_or_default();
    for key in ["enum", "x-zoho-values", "default"] {
        let Some(entry) = schema.entry(key) else { continue };
        let list = key != "default";
        if list && !matches!(&entry.value.kind, Kind::List(items) if !items.is_empty()) {
            report.add(entry.origin, QUOTED, format!("`{key}` is no list of values"));
        }
        let values = if list {
            entry.value.items()
        } else {
            std::slice::from_ref(&entry.value)
        };
        for value in values {
            let fits = match &value.kind {
                Kind::Text { quoted, .. } => kind == "string" && *quoted,
                Kind::Bool(_) => kind == "boolean",
                Kind::Number(number) => kind == "number" || (kind == "integer" && !number.is_f64()),
                Kind::Null => schema.get("nullable").and_then(Node::bool) == Some(true),
                Kind::List(_) | Kind::Map(_) => false,
            };
            if !fits {
                report.add(
                    value.origin,
                    QUOTED,
                    format!("a value of `{key}` is not quoted, or no {kind}"),
                );
            }
        }
    }
}
