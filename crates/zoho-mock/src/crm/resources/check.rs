//! What a client sends of a resource, checked against its description and its rules.

use serde_json::{Map, Value, json};

use super::catalogue::Resource;
use super::shelf::Kept;
use super::within;
use crate::crm::batch::Fault;
use crate::crm::{CrmWorld, ids, time};
use crate::route::Product;
use crate::schema_answer::{component, resolve};

/// The properties of a component, in their order.
pub(super) fn properties(schema: &str) -> Map<String, Value> {
    let mut schema = component(Product::Crm, schema);
    match schema.get_mut("properties").map(Value::take) {
        Some(Value::Object(properties)) => properties,
        _ => Map::new(),
    }
}

/// Takes what was sent over into `values`, and says what is wrong with it.
///
/// # Errors
/// The first fault.
pub(super) fn take(
    crm: &mut CrmWorld,
    resource: &'static Resource,
    sent: &Map<String, Value>,
    values: &mut Map<String, Value>,
    path: &str,
    new: bool,
) -> Result<(), Fault> {
    let properties = properties(resource.schema);
    for name in resource.mandatory() {
        let given = sent.get(name);
        if given.is_none_or(is_nothing) && (new || given.is_some()) {
            return Err(Fault::missing(name, &format!("{path}.{name}")));
        }
    }
    for (name, value) in sent {
        let Some(schema) = properties
            .get(name)
            .filter(|_| name != "id" && resource.takes(name, new))
        else {
            // Zoho ignores what it does not know.
            continue;
        };
        let at = Place {
            name,
            path: format!("{path}.{name}"),
        };
        let value = match value {
            Value::Null => Value::Null,
            value => typed(schema, value, &at, resource.longest(name))?,
        };
        if resource.is_closed(name) {
            known(schema, &value, &at)?;
        }
        let value = match resource.refers(name) {
            Some(to) => led(crm, to, value, &at)?,
            None if resource.has_parts(name) => parts(crm, values.get(name), value),
            None => value,
        };
        values.insert(name.clone(), value);
    }
    Ok(())
}

/// The first property whose text another resource of the same place has.
pub(super) fn duplicate(crm: &CrmWorld, resource: &Resource, kept: &Kept, path: &str) -> Result<(), Fault> {
    for name in resource.unique() {
        let Some(text) = kept.text(name) else { continue };
        let same = |other: &&Kept| {
            other.id != kept.id
                && other.within == kept.within
                && other
                    .text(name)
                    .is_some_and(|known| known.eq_ignore_ascii_case(text))
        };
        if let Some(other) = crm.shelves.all(resource.name).iter().find(same) {
            return Err(Fault {
                code: "DUPLICATE_DATA",
                message: "duplicate data",
                details: json!({
                    "api_name": name, "json_path": format!("{path}.{name}"), "id": other.id.to_string(),
                }),
            });
        }
    }
    Ok(())
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// A value's name and where it stands in the body.
struct Place<'a> {
    name: &'a str,
    path: String,
}

impl Place<'_> {
    fn expected(&self, data_type: &str) -> Fault {
        Fault::expected(data_type, self.name, &self.path)
    }
}

/// The value as it is kept, if it has the type that the description gives it.
fn typed(schema: &Value, value: &Value, at: &Place<'_>, longest: usize) -> Result<Value, Fault> {
    let schema = resolve(Product::Crm, schema);
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    match schema.get("type").and_then(Value::as_str) {
        Some("string") if format == "zoho-id" => match value {
            Value::String(text) if text.is_empty() => Ok(Value::Null),
            other => match ids::from_json(other) {
                Some(id) => Ok(id.to_string().into()),
                None => Err(at.expected("long")),
            },
        },
        Some("string") => {
            let text = value.as_str().ok_or_else(|| at.expected("text"))?;
            if text.chars().count() > longest {
                return Err(Fault::too_long(longest as u32, at.name, &at.path));
            }
            match format {
                "zoho-datetime" if time::parse_instant(text).is_none() => Err(at.expected("datetime")),
                "zoho-date" if time::parse_date(text).is_none() => Err(at.expected("date")),
                _ => Ok(text.into()),
            }
        }
        Some("integer") if !value.is_i64() && !value.is_u64() => Err(at.expected("integer")),
        Some("number") if !value.is_number() => Err(at.expected("double")),
        Some("boolean") if !value.is_boolean() => Err(at.expected("boolean")),
        Some("array") => {
            let items = value.as_array().ok_or_else(|| at.expected("jsonarray"))?;
            let schema = schema.get("items").cloned().unwrap_or_default();
            let typed = items.iter().enumerate().map(|(number, item)| {
                let path = format!("{}[{number}]", at.path);
                typed(&schema, item, &Place { name: at.name, path }, longest)
            });
            typed.collect()
        }
        Some("object") => {
            let object = value.as_object().ok_or_else(|| at.expected("jsonobject"))?;
            let properties = schema.get("properties").and_then(Value::as_object);
            let typed = object.iter().map(|(name, value)| {
                let known = properties.and_then(|properties| properties.get(name));
                let value = match known {
                    Some(schema) if !value.is_null() => {
                        let path = format!("{}.{name}", at.path);
                        typed(schema, value, &Place { name, path }, longest)?
                    }
                    _ => value.clone(),
                };
                Ok((name.clone(), value))
            });
            typed.collect::<Result<Map<_, _>, Fault>>().map(Value::Object)
        }
        _ => Ok(value.clone()),
    }
}

/// Whether a text is one of those that the description names.
fn known(schema: &Value, value: &Value, at: &Place<'_>) -> Result<(), Fault> {
    let schema = resolve(Product::Crm, schema);
    let Some(values) = schema.get("x-zoho-values").and_then(Value::as_array) else {
        return Ok(());
    };
    match value.is_null() || values.contains(value) {
        true => Ok(()),
        false => Err(Fault {
            code: "INVALID_DATA",
            message: "invalid data",
            details: json!({"supported_values": values, "api_name": at.name, "json_path": at.path}),
        }),
    }
}

/// A reference that leads somewhere, as it is kept: `{"id": ..}`, and for modules and fields their name too.
fn led(crm: &CrmWorld, to: &'static str, value: Value, at: &Place<'_>) -> Result<Value, Fault> {
    if value.is_null() {
        return Ok(value);
    }
    let fault = |key: &str| {
        Fault::field(
            "INVALID_DATA",
            "the id given seems to be invalid",
            key,
            &format!("{}.{key}", at.path),
        )
    };
    let given = value.get("id").filter(|id| !id.is_null());
    let name = value.get("api_name").and_then(Value::as_str);
    if to == "modules" {
        let text = given.and_then(Value::as_str).or(name).ok_or_else(|| Fault {
            code: "EXPECTED_FIELD_MISSING",
            message: "expected field missing",
            details: json!({"expected_fields": [
                {"api_name": "id", "json_path": format!("{}.id", at.path)},
                {"api_name": "api_name", "json_path": format!("{}.api_name", at.path)},
            ]}),
        })?;
        let key = if given.is_some() { "id" } else { "api_name" };
        let id = within::module(crm, text).ok_or_else(|| fault(key))?;
        let module = crm.schema.modules.iter().find(|module| module.id == id);
        return Ok(json!({"id": id.to_string(), "api_name": module.map(|module| module.api_name)}));
    }
    let id = match given {
        Some(id) => ids::from_json(id),
        None => return Err(Fault::missing("id", &format!("{}.id", at.path))),
    };
    let id = id.ok_or_else(|| fault("id"))?;
    let there = match to {
        "users" => crm.users.get(id).is_some(),
        kind => crm.shelves.get(kind, id).is_some(),
    };
    match (there, value) {
        (true, Value::Object(mut object)) => {
            // Its name is looked up whenever it is shown.
            object.remove("name");
            Ok(object.into())
        }
        _ => Err(fault("id")),
    }
}

/// A list of parts after a change: known ones are changed or dropped, others get an id.
fn parts(crm: &mut CrmWorld, old: Option<&Value>, sent: Value) -> Value {
    let Value::Array(sent) = sent else { return sent };
    let mut parts: Vec<Value> = old.and_then(Value::as_array).cloned().unwrap_or_default();
    for mut part in sent {
        let dropped = part
            .get("_delete")
            .is_some_and(|mark| !mark.is_null() && *mark != Value::Bool(false));
        let id = part.get("id").filter(|id| !id.is_null()).cloned();
        let at = id
            .as_ref()
            .and_then(|id| parts.iter().position(|known| known.get("id") == Some(id)));
        match (at, &mut part) {
            (Some(at), _) if dropped => {
                parts.remove(at);
            }
            (Some(at), Value::Object(part)) => {
                if let Some(known) = parts.get_mut(at).and_then(Value::as_object_mut) {
                    known.extend(std::mem::take(part));
                }
            }
            (None, Value::Object(_)) if dropped => {}
            (None, Value::Object(part)) => {
                part.entry("id")
                    .or_insert_with(|| crm.ids.next().to_string().into());
                parts.push(Value::Object(std::mem::take(part)));
            }
            _ => parts.push(part),
        }
    }
    parts.into()
}
