//! `notification_condition`: which fields must change for a channel to be told.

use serde_json::{Map, Value, json};

use crate::crm::batch::Fault;
use crate::crm::change::{Change, Event};
use crate::crm::schema::Module;
use crate::crm::{CrmWorld, ids};

/// Fields in all.
const FIELDS: usize = 10;
/// Members of one group.
const GROUP: usize = 2;

/// Checks a condition that stands at `path`.
pub(super) fn check(crm: &CrmWorld, value: &Value, path: &str) -> Result<(), Fault> {
    let conditions = value
        .as_array()
        .ok_or_else(|| Fault::expected("jsonarray", "notification_condition", path))?;
    for (at, condition) in conditions.iter().enumerate() {
        let path = format!("{path}[{at}]");
        let condition = object(condition, "notification_condition", &path)?;
        match condition.get("type") {
            Some(Value::String(kind)) if kind == "field_selection" => {}
            Some(Value::String(_)) => {
                return Err(supported("type", &format!("{path}.type"), &["field_selection"]));
            }
            Some(_) => return Err(Fault::expected("text", "type", &format!("{path}.type"))),
            None if condition.contains_key("field_selection") => {
                return Err(Fault {
                    code: "DEPENDENT_FIELD_MISSING",
                    message: "dependent field missing",
                    details: json!({"dependee": {"api_name": "type", "json_path": format!("{path}.type")}}),
                });
            }
            None => return Err(Fault::missing("type", &format!("{path}.type"))),
        }
        let module = named(condition, "module", &path)?;
        if module
            .get("api_name")
            .is_some_and(|name| name.as_str().and_then(|name| crm.schema.find(name)).is_none())
        {
            return Err(Fault::field(
                "INVALID_DATA",
                "invalid data",
                "api_name",
                &format!("{path}.module.api_name"),
            ));
        }
        let path = format!("{path}.field_selection");
        let selection = match condition.get("field_selection") {
            None | Some(Value::Null) => return Err(Fault::missing("field_selection", &path)),
            Some(selection) => object(selection, "field_selection", &path)?,
        };
        let mut fields = 0;
        self::selection(selection, &path, &mut fields)?;
        if fields > FIELDS {
            return Err(Fault::too_long(FIELDS as u32, "field_selection", &path));
        }
    }
    Ok(())
}

/// Whether a channel with this condition is told of a change. A selection of fields is about updates;
/// one that is for another module is passed over.
pub(super) fn holds(crm: &CrmWorld, condition: Option<&Value>, change: &Change) -> bool {
    let Some(module) = crm.schema.module(change.module) else {
        return false;
    };
    let conditions = condition.and_then(Value::as_array);
    let own: Vec<&Value> = conditions
        .into_iter()
        .flatten()
        .filter(|condition| is_called(&condition["module"], module.api_name, module.id))
        .collect();
    change.event != Event::Update
        || own.is_empty()
        || own
            .iter()
            .any(|condition| written(module, &condition["field_selection"], &change.fields))
}

/// Whether the fields that were written are those of a selection.
fn written(module: &Module, selection: &Value, fields: &[&str]) -> bool {
    if let Some(wanted) = selection.get("field") {
        return fields
            .iter()
            .filter_map(|name| module.field(name))
            .any(|field| is_called(wanted, field.api_name, field.id));
    }
    let group = selection["group"].as_array().map_or(&[][..], Vec::as_slice);
    let mut members = group.iter().map(|member| written(module, member, fields));
    match selection["group_operator"].as_str() {
        Some("and") => members.all(|written| written),
        _ => members.any(|written| written),
    }
}

/// Whether something is named like this; the API name counts where there is one.
fn is_called(named: &Value, api_name: &str, id: u64) -> bool {
    match &named["api_name"] {
        Value::String(name) => name == api_name,
        _ => ids::from_json(&named["id"]) == Some(id),
    }
}

/// A field, or an operator over a group of selections.
fn selection(selection: &Map<String, Value>, path: &str, fields: &mut usize) -> Result<(), Fault> {
    if selection.contains_key("field") {
        *fields += 1;
        named(selection, "field", path)?;
        return Ok(());
    }
    let operator_path = format!("{path}.group_operator");
    match selection.get("group_operator") {
        // Neither a group nor a field: what is missing is the field.
        None if !selection.contains_key("group") => {
            return Err(Fault::missing("field", &format!("{path}.field")));
        }
        None => return Err(Fault::missing("group_operator", &operator_path)),
        Some(Value::String(operator)) if ["and", "or"].contains(&operator.as_str()) => {}
        Some(_) => return Err(supported("group_operator", &operator_path, &["or", "and"])),
    }
    let group_path = format!("{path}.group");
    let group = match selection.get("group") {
        None | Some(Value::Null) => return Err(Fault::missing("group", &group_path)),
        Some(Value::Array(group)) if group.len() > GROUP => {
            return Err(Fault::too_long(GROUP as u32, "group", &group_path));
        }
        Some(Value::Array(group)) => group,
        Some(_) => return Err(Fault::expected("jsonarray", "group", &group_path)),
    };
    for (at, member) in group.iter().enumerate() {
        let path = format!("{group_path}[{at}]");
        self::selection(object(member, "group", &path)?, &path, fields)?;
    }
    Ok(())
}

/// Something that is named by its API name, its id or both. Ids of another organization are taken
/// where the name is right; Zoho has been seen to do so.
fn named<'a>(
    object: &'a Map<String, Value>,
    key: &'static str,
    path: &str,
) -> Result<&'a Map<String, Value>, Fault> {
    let path = format!("{path}.{key}");
    let named = match object.get(key) {
        None | Some(Value::Null) => return Err(Fault::missing(key, &path)),
        Some(named) => self::object(named, key, &path)?,
    };
    if !named.contains_key("api_name") && !named.contains_key("id") {
        let expected =
            ["api_name", "id"].map(|name| json!({"api_name": name, "json_path": format!("{path}.{name}")}));
        return Err(Fault {
            code: "EXPECTED_FIELD_MISSING",
            message: "expected field missing",
            details: json!({"expected_fields": expected}),
        });
    }
    Ok(named)
}

fn object<'a>(value: &'a Value, api_name: &str, path: &str) -> Result<&'a Map<String, Value>, Fault> {
    value
        .as_object()
        .ok_or_else(|| Fault::expected("jsonobject", api_name, path))
}

fn supported(api_name: &str, path: &str, values: &[&str]) -> Fault {
    Fault {
        code: "INVALID_DATA",
        message: "invalid data",
        details: json!({"api_name": api_name, "json_path": path, "supported_values": values}),
    }
}
