//! Lowering of a schema: shape, our formats and prose stay; limits, defaults and extensions go.
//!
//! Limits would become newtypes that refuse what Zoho sends (and defaults would become values nobody sent),
//! so a generated type holds any value of the right kind.

use serde_json::{Map, Value, json};

/// Formats that have a type of their own in `crate::wire`.
pub(crate) const FORMATS: [(&str, &str, &str); 5] = [
    ("string", "zoho-id", "crate::wire::ZohoId"),
    ("string", "zoho-datetime", "crate::wire::DateTime"),
    ("string", "zoho-date", "crate::wire::Date"),
    ("string", "password", "crate::wire::Secret"),
    ("number", "zoho-decimal", "crate::wire::Decimal"),
];

/// The schema as progenitor shall see it.
pub(super) fn lower(schema: &Value) -> Value {
    let Some(object) = schema.as_object() else {
        return json!({});
    };
    if let Some(reference) = object.get("$ref") {
        return json!({"$ref": reference});
    }
    let mut out = shape(object);
    if let Some(prose) = prose(object) {
        out.insert("description".to_owned(), Value::String(prose));
    }
    if object.get("nullable") == Some(&Value::Bool(true)) {
        out.insert("nullable".to_owned(), Value::Bool(true));
    }
    Value::Object(out)
}

fn shape(object: &Map<String, Value>) -> Map<String, Value> {
    let kind = object.get("type").and_then(Value::as_str);
    let format = object.get("format").and_then(Value::as_str);
    let own = FORMATS.iter().find(|(_, own, _)| Some(*own) == format);
    let shape = match (own, kind) {
        (Some((kind, format, _)), _) => json!({"type": kind, "format": format}),
        // A set that is documented is a set of constants: a type would refuse what Zoho adds to it.
        (None, Some("string")) => json!({"type": "string"}),
        (None, Some("integer")) => json!({"type": "integer", "format": "int64"}),
        // A plain number would become a float, which cannot hold an amount.
        (None, Some("number")) => json!({"type": "number", "format": "zoho-decimal"}),
        (None, Some("boolean")) => json!({"type": "boolean"}),
        (None, Some("array")) => json!({"type": "array", "items": lower(&object["items"])}),
        (None, Some("object")) => structure(object),
        _ => match object.get("allOf").and_then(Value::as_array) {
            Some(all) => json!({"allOf": all.iter().map(lower).collect::<Vec<_>>()}),
            None => json!({}),
        },
    };
    match shape {
        Value::Object(shape) => shape,
        _ => Map::new(),
    }
}

fn structure(object: &Map<String, Value>) -> Value {
    let mut out = json!({"type": "object"});
    let required = object
        .get("required")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    if let Some(properties) = object.get("properties").and_then(Value::as_object) {
        let properties: Map<String, Value> = properties
            .iter()
            .map(|(name, property)| {
                let is_required = required.iter().any(|one| one == name);
                (name.clone(), optional(lower(property), is_required))
            })
            .collect();
        out["properties"] = Value::Object(properties);
    }
    if !required.is_empty() {
        out["required"] = Value::Array(required);
    }
    match object.get("additionalProperties") {
        Some(Value::Bool(false)) | None => {}
        Some(Value::Bool(true)) => out["additionalProperties"] = json!({}),
        Some(rest) => out["additionalProperties"] = lower(rest),
    }
    out
}

/// A list or map that may be missing is nullable too: `null` then decodes, and an empty list that came is
/// told from one that did not.
fn optional(mut property: Value, required: bool) -> Value {
    if !required
        && matches!(
            property.get("type").and_then(Value::as_str),
            Some("array" | "object")
        )
    {
        property["nullable"] = Value::Bool(true);
    }
    property
}

/// The description, and the known values of an open set.
fn prose(object: &Map<String, Value>) -> Option<String> {
    let description = object.get("description").and_then(Value::as_str).map(str::trim);
    let values = known_values(object).map(|values| {
        let listed: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
        format!("Known values: {}.", listed.join(", "))
    });
    match (description, values) {
        (Some(description), Some(values)) => Some(format!("{description}\n\n{values}")),
        (Some(one), None) => Some(one.to_owned()),
        (None, values) => values,
    }
}

/// The documented words that a schema may hold, whether Zoho takes others or not.
pub(crate) fn known_values(schema: &Map<String, Value>) -> Option<Vec<&str>> {
    let values = schema
        .get("x-zoho-values")
        .or_else(|| schema.get("enum"))?
        .as_array()?;
    let words: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(schema: &Value, expected: &Value) {
        assert_eq!(lower(schema), *expected, "{schema}");
    }

    #[test]
    fn limits_and_defaults_go() {
        check(
            &json!({"type": "integer", "minimum": 1, "maximum": 200, "default": 200}),
            &json!({"type": "integer", "format": "int64"}),
        );
        check(
            &json!({"type": "string", "maxLength": 5, "pattern": "^a"}),
            &json!({"type": "string"}),
        );
        check(
            &json!({"type": "string", "format": "date-time"}),
            &json!({"type": "string"}),
        );
    }

    #[test]
    fn our_formats_stay_alone() {
        check(
            &json!({"type": "string", "format": "zoho-id", "pattern": "^[0-9]+$", "example": "1"}),
            &json!({"type": "string", "format": "zoho-id"}),
        );
        check(
            &json!({"type": "number"}),
            &json!({"type": "number", "format": "zoho-decimal"}),
        );
    }

    #[test]
    fn known_values_become_prose() {
        check(
            &json!({"type": "string", "description": "The state.", "x-zoho-values": ["draft", "sent"]}),
            &json!({"type": "string", "description": "The state.\n\nKnown values: `draft`, `sent`."}),
        );
        check(
            &json!({"type": "string", "enum": ["asc", "desc"]}),
            &json!({"type": "string", "description": "Known values: `asc`, `desc`."}),
        );
    }

    #[test]
    fn an_optional_list_is_nullable_and_a_required_one_is_not() {
        check(
            &json!({"type": "object", "required": ["a"], "properties": {
                "a": {"type": "array", "items": {"type": "string"}},
                "b": {"type": "array", "items": {"type": "string"}},
            }, "additionalProperties": {}}),
            &json!({"type": "object", "properties": {
                "a": {"type": "array", "items": {"type": "string"}},
                "b": {"type": "array", "items": {"type": "string"}, "nullable": true},
            }, "required": ["a"], "additionalProperties": {}}),
        );
    }
}
