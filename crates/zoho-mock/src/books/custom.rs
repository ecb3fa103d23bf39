//! Custom fields: written by id, label, API name or index; read as a list, a hash and flat keys.

use serde_json::{Map, Value, json};

use super::catalogue::Type;
use super::organization::Organization;
use super::refuse::invalid;
use super::table::Row;
use crate::answer::Refusal;

/// Takes over a `custom_fields` list.
///
/// # Errors
/// Code 2 when it is not a list of objects that name their field.
pub(super) fn take(
    organization: &mut Organization,
    ty: &'static Type,
    row: &mut Row,
    sent: &Value,
) -> Result<(), Refusal> {
    let refused = || invalid("custom_fields");
    if sent.as_str() == Some("") {
        return Ok(());
    }
    for entry in sent.as_array().ok_or_else(refused)? {
        let name = api_name(organization, ty, entry).ok_or_else(refused)?;
        let value = entry.get("value").cloned().unwrap_or_else(|| "".into());
        put(row, name, value);
    }
    Ok(())
}

/// Sets one custom field.
pub(super) fn put(row: &mut Row, name: String, value: Value) {
    match row.custom.iter_mut().find(|(known, _)| *known == name) {
        Some((_, old)) => *old = value,
        None => row.custom.push((name, value)),
    }
}

/// The API name that an entry of the list means.
fn api_name(organization: &Organization, ty: &'static Type, entry: &Value) -> Option<String> {
    let text = |key: &str| {
        entry
            .get(key)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    if let Some(name) = text("api_name") {
        return Some(name.to_owned());
    }
    if let Some(label) = text("label") {
        let name: String = label
            .chars()
            .map(|letter| {
                if letter.is_alphanumeric() {
                    letter.to_ascii_lowercase()
                } else {
                    '_'
                }
            })
            .collect();
        return Some(if name.starts_with("cf_") {
            name
        } else {
            format!("cf_{name}")
        });
    }
    let id = entry
        .get("customfield_id")
        .or_else(|| entry.get("custom_field_id"))
        .or_else(|| entry.get("index"))?;
    let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let known = organization
        .rows(ty, None)
        .flat_map(|row| row.custom.iter())
        .find(|(name, _)| field_id(organization, ty, name) == id);
    Some(known.map_or_else(|| format!("cf_{id}"), |(name, _)| name.clone()))
}

/// The id of a custom field, made from its names so that it is always the same.
pub(super) fn field_id(organization: &Organization, ty: &'static Type, name: &str) -> String {
    let purpose = format!("{}/{}/{name}", organization.id, ty.name);
    let bits = crate::ids::Minter::new(0, &purpose).bits();
    (1_000_000_000_000_000_000 + bits % 8_000_000_000_000_000_000).to_string()
}

/// Adds `custom_fields` and `custom_field_hash` to a record.
pub(super) fn show(organization: &Organization, ty: &'static Type, row: &Row, into: &mut Map<String, Value>) {
    let list: Vec<Value> = row
        .custom
        .iter()
        .zip(1..)
        .map(|((name, value), index)| {
            json!({
                "customfield_id": field_id(organization, ty, name),
                "api_name": name,
                "index": index,
                "label": name.trim_start_matches("cf_"),
                "value": value,
                "value_formatted": plain(value),
            })
        })
        .collect();
    let mut hash = Map::new();
    for (name, value) in &row.custom {
        hash.insert(name.clone(), plain(value).into());
        hash.insert(format!("{name}_unformatted"), value.clone());
    }
    into.insert("custom_fields".into(), list.into());
    into.insert("custom_field_hash".into(), hash.into());
}

/// A value as a text.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
