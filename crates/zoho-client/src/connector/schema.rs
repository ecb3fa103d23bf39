//! Inputs as a JSON Schema.

use serde_json::{Map, Value, json};

use super::input::{Default, Input, Kind};

/// The schema of an entry's inputs. It says what is meant; [`invoke`](super::invoke) also reads what is written otherwise,
/// such as numbers in texts.
pub(super) fn of(key: &str, description: &str, inputs: &[Input]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for input in inputs {
        // The host resolves connections; they are no part of what it passes on.
        if input.kind == Kind::Connection {
            continue;
        }
        properties.insert(input.key.to_owned(), property(input));
        if input.required {
            required.push(input.key);
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": key,
        "description": description,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn property(input: &Input) -> Value {
    let file = || {
        json!({"anyOf": [
            {"type": "string"},
            {"type": "object", "properties": {"base64": {"type": "string", "contentEncoding": "base64"}}, "required": ["base64"]},
        ]})
    };
    let mut schema = match input.kind {
        Kind::Connection | Kind::Text => json!({"type": "string"}),
        Kind::Secret => json!({"type": "string", "writeOnly": true}),
        Kind::Boolean => json!({"type": "boolean"}),
        Kind::Integer(low, high) => json!({"type": "integer", "minimum": low, "maximum": high}),
        Kind::Choice(choices) => json!({"type": "string", "enum": choices}),
        Kind::DateTime => json!({"type": "string", "format": "date-time"}),
        Kind::TextList => json!({"type": "array", "items": {"type": "string"}}),
        Kind::Fields => json!({"type": "object"}),
        Kind::Texts => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        Kind::Records => json!({"type": "array", "items": {"type": "object"}, "minItems": 1}),
        Kind::Json => json!({}),
        Kind::File => file(),
        Kind::Files => json!({"type": "object", "additionalProperties": file()}),
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("title".to_owned(), input.label.into());
        schema.insert("description".to_owned(), input.help.into());
        if input.default != Default::None {
            schema.insert("default".to_owned(), input.default.json());
        }
    }
    schema
}
