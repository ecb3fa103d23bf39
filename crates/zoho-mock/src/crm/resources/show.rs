//! A resource as Zoho shows it: every described property in its order, references with their names.

use serde_json::{Map, Value, json};

use super::catalogue::{self, Blank, Resource};
use super::check::properties;
use super::shelf::Kept;
use crate::crm::CrmWorld;

/// One resource in full.
pub(super) fn shown(crm: &CrmWorld, resource: &'static Resource, kept: &Kept) -> Value {
    let mut shown = Map::new();
    for (name, schema) in properties(resource.schema) {
        let given = kept.values.get(&name).cloned();
        let value = (resource.hooks.derive)(crm, kept, &name)
            .or_else(|| audit(crm, kept, &name))
            .or_else(|| given.map(|value| named(crm, resource, &name, value)))
            .or_else(|| resource.blank(&name).map(|blank| filled(kept, blank)));
        match value {
            Some(value) => {
                shown.insert(name, value);
            }
            None if schema.get("nullable") == Some(&Value::Bool(true)) => {
                shown.insert(name, Value::Null);
            }
            None => {}
        }
    }
    Value::Object(shown)
}

fn filled(kept: &Kept, blank: Blank) -> Value {
    match blank {
        Blank::Null => Value::Null,
        Blank::Is(yes) => yes.into(),
        Blank::Text(text) => text.into(),
        Blank::Number(number) => number.into(),
        Blank::Empty => json!([]),
        Blank::Like(other) => kept.text(other).into(),
    }
}

/// What the mock itself knows of a resource: its id, and who wrote it when.
fn audit(crm: &CrmWorld, kept: &Kept, name: &str) -> Option<Value> {
    let time = |seconds: i64| Some(crm.zone.text(seconds).into());
    match name {
        "id" | "zaid" => Some(kept.id.to_string().into()),
        // What came with the organization was made by nobody.
        "created_time" | "created_time__s" | "Created_Time" if kept.created > 0 => time(kept.created),
        "modified_time" | "modified_time__s" | "Modified_Time" if kept.modified > 0 => time(kept.modified),
        "created_by" | "created_by__s" | "Created_By" => user(crm, kept.created_by),
        "modified_by" | "modified_by__s" | "Modified_By" => user(crm, kept.modified_by),
        _ => None,
    }
}

/// A user as references show one.
pub(super) fn user(crm: &CrmWorld, id: u64) -> Option<Value> {
    let user = crm.users.get(id)?;
    Some(json!({"name": user.full_name(), "id": id.to_string()}))
}

/// A reference with the name of what it leads to, as it is now.
fn named(crm: &CrmWorld, resource: &Resource, property: &str, value: Value) -> Value {
    let Some(to) = resource.refers(property).filter(|to| *to != "modules") else {
        return value;
    };
    let Value::Object(mut object) = value else {
        return value;
    };
    let id = object
        .get("id")
        .and_then(crate::crm::ids::from_json)
        .unwrap_or_default();
    let name = match to {
        "users" => crm.users.get(id).map(crate::crm::people::User::full_name),
        kind => crm
            .shelves
            .get(kind, id)
            .and_then(|kept| kept.text(catalogue::named(kind).map_or("name", |resource| resource.title)))
            .map(str::to_owned),
    };
    object.insert("name".into(), name.into());
    object.into()
}
