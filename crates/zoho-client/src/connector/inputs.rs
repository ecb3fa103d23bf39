//! Inputs as they are given: checked all at once, then read by name.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value};

use super::input::{Default, Input, Kind};
use crate::error::{Error, Result};
use crate::record::Record;
use crate::wire::DateTime;

/// Inputs that are right: each is there in the form that its kind has, or not at all.
#[derive(Debug)]
pub(super) struct Inputs(Map<String, Value>);

impl Inputs {
    /// Holds what is given against what an entry takes.
    pub(super) fn check(known: &[Input], given: Value, of: &str) -> Result<Self> {
        let given = match given {
            Value::Object(given) => given,
            Value::Null => Map::new(),
            _ => return Err(Error::config("the inputs are a JSON object")),
        };
        let mut problems: Vec<String> = given
            .keys()
            .filter(|key| !known.iter().any(|input| input.key == key.as_str()))
            .map(|key| format!("`{}` is no input of this {of}", short(key)))
            .collect();
        let mut values = Map::new();
        for input in known {
            let value = given.get(input.key).filter(|value| !is_blank(value));
            match value.map(|value| read(input.kind, value)) {
                None if input.kind == Kind::Connection => {}
                None if input.default != Default::None => {
                    values.insert(input.key.to_owned(), input.default.json());
                }
                None if input.required => problems.push(format!("`{}` is required", input.key)),
                None => {}
                Some(Ok(value)) => {
                    values.insert(input.key.to_owned(), value);
                }
                Some(Err(expected)) => problems.push(format!("`{}` {expected}", input.key)),
            }
        }
        if problems.is_empty() {
            Ok(Self(values))
        } else {
            Err(Error::config(problems.join("; ")).at_length())
        }
    }

    /// A text; empty when it is not given.
    pub(super) fn text(&self, key: &str) -> &str {
        self.given(key).unwrap_or_default()
    }

    /// A text, if it is given.
    pub(super) fn given(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str)
    }

    /// A truth value; `false` when it is not given.
    pub(super) fn flag(&self, key: &str) -> bool {
        self.chosen(key).unwrap_or(false)
    }

    /// A truth value, if it is given.
    pub(super) fn chosen(&self, key: &str) -> Option<bool> {
        self.0.get(key).and_then(Value::as_bool)
    }

    /// A whole number, if it is given.
    pub(super) fn integer(&self, key: &str) -> Option<i64> {
        self.0.get(key).and_then(Value::as_i64)
    }

    /// A number of rows or pages; 0 when it is not given.
    pub(super) fn count(&self, key: &str) -> u32 {
        self.integer(key)
            .and_then(|number| u32::try_from(number).ok())
            .unwrap_or_default()
    }

    /// Texts; none when they are not given.
    pub(super) fn list(&self, key: &str) -> Vec<String> {
        let items = self.0.get(key).and_then(Value::as_array);
        items
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    }

    /// Values by name; none when they are not given.
    pub(super) fn fields(&self, key: &str) -> Record {
        match self.0.get(key) {
            Some(Value::Object(fields)) => fields.clone().into(),
            _ => Record::new(),
        }
    }

    /// Records; none when they are not given.
    pub(super) fn records(&self, key: &str) -> Vec<Record> {
        let items = self.0.get(key).and_then(Value::as_array);
        items
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .map(|fields| fields.clone().into())
            .collect()
    }

    /// JSON, if it is given.
    pub(super) fn json(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// An instant, if it is given.
    pub(super) fn datetime(&self, key: &str) -> Option<DateTime> {
        self.given(key)?.parse().ok()
    }

    /// A file; empty when it is not given.
    pub(super) fn file(&self, key: &str) -> Bytes {
        self.0
            .get(key)
            .and_then(|file| content(file).ok())
            .unwrap_or_default()
    }

    /// Files by name; none when they are not given.
    pub(super) fn files(&self, key: &str) -> Vec<(String, Bytes)> {
        let files = self.0.get(key).and_then(Value::as_object);
        files
            .into_iter()
            .flatten()
            .map(|(name, file)| (name.clone(), content(file).unwrap_or_default()))
            .collect()
    }

    /// The fields of a record: the values, and the dynamic fields over them.
    pub(super) fn record(&self) -> Record {
        self.fields("values").overlay(self.fields("dynamic_fields"))
    }
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn short(text: &str) -> String {
    let shown: String = text.chars().take(60).collect();
    shown.escape_debug().to_string()
}

/// A value in the form of its kind, or what is wanted instead.
fn read(kind: Kind, value: &Value) -> Result<Value, String> {
    let fits = |value: Option<Value>, expected: &str| value.ok_or_else(|| format!("takes {expected}"));
    match kind {
        Kind::Connection => Ok(Value::Null),
        Kind::Text | Kind::Secret => fits(as_text(value).map(Value::from), "a text"),
        Kind::Boolean => fits(as_boolean(value).map(Value::from), "true or false"),
        Kind::Integer(low, high) => {
            let number = as_integer(value).filter(|number| (low..=high).contains(number));
            let expected = match (low, high) {
                (i64::MIN, _) => "a whole number".to_owned(),
                (low, high) if high >= i64::from(u32::MAX) => format!("a whole number from {low} on"),
                (low, high) => format!("a whole number from {low} to {high}"),
            };
            fits(number.map(Value::from), &expected)
        }
        Kind::Choice(choices) => {
            let chosen = as_text(value).filter(|text| choices.contains(&text.as_str()));
            fits(chosen.map(Value::from), &format!("one of {}", choices.join(", ")))
        }
        Kind::DateTime => {
            let instant = as_text(value).filter(|text| text.parse::<DateTime>().is_ok());
            fits(
                instant.map(Value::from),
                "an instant such as 2026-05-14T12:51:40+03:00",
            )
        }
        Kind::TextList => fits(as_list(value), "a list of texts, or one text with commas"),
        Kind::Fields => fits(pairs(value, Some), "an object, or a list of keys and values"),
        Kind::Texts => {
            let texts = pairs(value, |value| match value {
                Value::Null => Some(Value::from("")),
                value => as_text(&value).map(Value::from),
            });
            fits(texts, "an object of texts, or a list of keys and texts")
        }
        Kind::Records => {
            let records = parsed(value);
            let all = records
                .as_array()
                .is_some_and(|all| !all.is_empty() && all.iter().all(Value::is_object));
            fits(all.then_some(records), "a list of objects")
        }
        Kind::Json => Ok(parsed(value)),
        Kind::File => {
            content(value)?;
            Ok(value.clone())
        }
        Kind::Files => {
            let files = pairs(value, Some).ok_or("takes an object of files, or a list of keys and files")?;
            for (name, file) in files.as_object().into_iter().flatten() {
                content(file).map_err(|expected| format!("holds `{}`, which {expected}", short(name)))?;
            }
            Ok(files)
        }
    }
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn as_boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn as_integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn as_list(value: &Value) -> Option<Value> {
    let items: Vec<Value> = match parsed(value) {
        Value::Array(items) => items
            .iter()
            .map(as_text)
            .collect::<Option<Vec<_>>>()?
            .into_iter()
            .map(Value::from)
            .collect(),
        value => as_text(&value)?
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(Value::from)
            .collect(),
    };
    Some(Value::Array(items))
}

/// An object out of an object or of a list of keys and values.
fn pairs(value: &Value, each: impl Fn(Value) -> Option<Value>) -> Option<Value> {
    let mut out = Map::new();
    match parsed(value) {
        Value::Object(fields) => {
            for (key, value) in fields {
                out.insert(key, each(value)?);
            }
        }
        Value::Array(items) => {
            for item in items {
                let Value::Object(mut item) = item else {
                    return None;
                };
                let (Some(Value::String(key)), value) = (item.remove("key"), item.remove("value")) else {
                    return None;
                };
                out.insert(key, each(value.unwrap_or_default())?);
            }
        }
        _ => return None,
    }
    Some(Value::Object(out))
}

/// A text that is an object or a list as JSON; anything else as it is.
fn parsed(value: &Value) -> Value {
    let Value::String(text) = value else {
        return value.clone();
    };
    if !text.trim_start().starts_with(['{', '[']) {
        return value.clone();
    }
    serde_json::from_str(text).unwrap_or_else(|_| value.clone())
}

/// The content of a file.
fn content(file: &Value) -> Result<Bytes, String> {
    match file {
        Value::String(text) => Ok(Bytes::from(text.clone())),
        Value::Object(file) => {
            let text = file.get("base64").and_then(Value::as_str);
            text.and_then(|text| STANDARD.decode(text.trim()).ok())
                .map(Bytes::from)
                .ok_or_else(|| "takes a text, or an object with `base64`".to_owned())
        }
        _ => Err("takes a text, or an object with `base64`".to_owned()),
    }
}

/// A file that comes out.
pub(super) fn file(content: &[u8], content_type: Option<&str>) -> Value {
    serde_json::json!({
        "base64": STANDARD.encode(content),
        "content_type": content_type.unwrap_or("application/octet-stream"),
        "size": content.len(),
    })
}
