//! Records held against the organization's own field metadata before they are sent.

use std::collections::HashMap;

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::metadata::Field;
use crate::error::{Error, Result};
use crate::wire::DateTime;

/// Problems that one error lists.
const SHOWN: usize = 10;

/// What the records are checked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// New records: mandatory fields must be there.
    Create,
    /// Changes of records.
    Update,
}

/// Refuses records that Zoho would refuse, all problems at once: a field that the module does not have or that Zoho
/// does not take, a value of another type, a value that the picklist does not have, a mandatory field without value.
pub(crate) fn check(module: &str, fields: &[Field], records: &[Value], purpose: Purpose) -> Result<()> {
    let known: HashMap<&str, &Field> = fields
        .iter()
        .map(|field| (field.api_name.as_str(), field))
        .collect();
    let mut problems = Vec::new();
    for (place, record) in records.iter().enumerate() {
        let Value::Object(record) = record else {
            problems.push(format!("record {place} is no JSON object"));
            continue;
        };
        let mut found = Vec::new();
        for (name, value) in record {
            // Keys with a dollar steer the write; an id finds the record.
            if name.starts_with('$') || name == "id" {
                continue;
            }
            match known.get(name.as_str()) {
                Some(field) => {
                    found.extend(wrong(field, value, purpose).map(|what| format!("`{name}` {what}")));
                }
                None => found.push(unknown(module, name, fields)),
            }
        }
        if purpose == Purpose::Create {
            found.extend(missing(record, fields));
        }
        let whose = if records.len() > 1 {
            format!("record {place}: ")
        } else {
            String::new()
        };
        problems.extend(found.into_iter().map(|what| format!("{whose}{what}")));
    }
    if problems.is_empty() {
        return Ok(());
    }
    let more = problems.len().saturating_sub(SHOWN);
    problems.truncate(SHOWN);
    if more > 0 {
        problems.push(format!("and {more} more"));
    }
    Err(Error::config(problems.join("; ")))
}

fn unknown(module: &str, name: &str, fields: &[Field]) -> String {
    let shown: String = name.chars().take(60).collect();
    let same =
        |text: &str| text.eq_ignore_ascii_case(name) || text.replace(' ', "_").eq_ignore_ascii_case(name);
    let meant = fields
        .iter()
        .find(|field| same(&field.api_name) || field.field_label.as_deref().is_some_and(same));
    let hint = meant.map_or(String::new(), |field| format!(", there is `{}`", field.api_name));
    format!("`{}` is no field of {module}{hint}", shown.escape_debug())
}

fn missing(record: &Map<String, Value>, fields: &[Field]) -> Vec<String> {
    let empty = |value: Option<&Value>| match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(_) => false,
    };
    fields
        .iter()
        .filter(|field| field.more.get("system_mandatory") == Some(&Value::Bool(true)))
        .filter(|field| empty(record.get(&field.api_name)))
        .map(|field| format!("`{}` is mandatory and has no value", field.api_name))
        .collect()
}

/// What is wrong with a value. Types that are not known here are left to Zoho.
fn wrong(field: &Field, value: &Value, purpose: Purpose) -> Option<String> {
    let allowed = match purpose {
        Purpose::Create => "api_create",
        Purpose::Update => "api_update",
    };
    let operations = field.more.get("operation_type");
    if operations.and_then(|operations| operations.get(allowed)) == Some(&Value::Bool(false)) {
        return Some("is not written through the API".to_owned());
    }
    if value.is_null() {
        return None;
    }
    let data_type = field.data_type.as_deref().unwrap_or_default();
    let text = value.as_str();
    let expected = match data_type {
        "text" | "textarea" | "phone" | "website" => text.is_none().then_some("a text"),
        "email" => text
            .is_none_or(|text| !text.is_empty() && !text.contains('@'))
            .then_some("an e-mail address"),
        "integer" => (!value.is_i64() && !value.is_u64()).then_some("a whole number"),
        "bigint" => {
            let digits = text.is_some_and(|text| text.parse::<i64>().is_ok());
            (!value.is_i64() && !value.is_u64() && !digits).then_some("a whole number")
        }
        "double" | "currency" | "percent" => (!value.is_number()).then_some("a number"),
        "boolean" => (!value.is_boolean()).then_some("true or false"),
        "date" => text
            .is_none_or(|text| text.parse::<Date>().is_err() || text.len() != 10)
            .then_some("a date such as 2026-05-14"),
        "datetime" => text
            .is_none_or(|text| text.parse::<DateTime>().is_err())
            .then_some("an instant such as 2026-05-14T12:51:40+03:00"),
        "lookup" | "ownerlookup" | "userlookup" => {
            let named = value.get("id").is_some() || value.get("name").is_some();
            (text.is_none() && !value.is_number() && !named).then_some("an id, or an object with one")
        }
        "subform" => (!value.is_array()).then_some("a list of rows"),
        "picklist" => return picked(field, std::slice::from_ref(value)),
        "multiselectpicklist" => match value {
            Value::Array(values) => return picked(field, values),
            _ => Some("a list of values"),
        },
        _ => None,
    };
    if let Some(expected) = expected {
        return Some(format!("takes {expected}"));
    }
    let length = field.more.get("length").and_then(Value::as_u64);
    let long = text.map(|text| text.chars().count() as u64).zip(length);
    match long {
        Some((has, most)) if most > 0 && has > most => Some(format!("takes {most} characters at most")),
        _ => None,
    }
}

/// Whether a picklist has the values, by either of the names that a value has.
fn picked(field: &Field, values: &[Value]) -> Option<String> {
    let picks = field.more.get("pick_list_values").and_then(Value::as_array)?;
    let names: Vec<&str> = picks
        .iter()
        .flat_map(|pick| ["actual_value", "display_value"].map(|key| pick.get(key).and_then(Value::as_str)))
        .flatten()
        .collect();
    for value in values {
        let Some(text) = value.as_str() else {
            return Some("takes a text out of its picklist".to_owned());
        };
        if !text.is_empty() && text != "-None-" && !names.contains(&text) {
            let mut choices: Vec<&str> = names.clone();
            choices.dedup();
            choices.truncate(SHOWN);
            let shown: String = text.chars().take(60).collect();
            return Some(format!(
                "has no value `{}` in its picklist; there are {}",
                shown.escape_debug(),
                choices.join(", ")
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(name: &str, data_type: &str, more: Value) -> Field {
        let mut field =
            json!({"api_name": name, "data_type": data_type, "field_label": name.replace('_', " ")});
        if let (Some(field), Value::Object(more)) = (field.as_object_mut(), more) {
            field.extend(more);
        }
        serde_json::from_value(field).unwrap()
    }

    fn fields() -> Vec<Field> {
        vec![
            field(
                "Last_Name",
                "text",
                json!({"system_mandatory": true, "length": 8}),
            ),
            field("Email", "email", json!({})),
            field("Employees", "integer", json!({})),
            field("Revenue", "currency", json!({})),
            field("Opt_Out", "boolean", json!({})),
            field("Day", "date", json!({})),
            field("Moment", "datetime", json!({})),
            field("Owner", "ownerlookup", json!({})),
            field(
                "Made",
                "datetime",
                json!({"operation_type": {"api_create": false, "api_update": false}}),
            ),
            field(
                "Stage",
                "picklist",
                json!({"pick_list_values": [{"display_value": "Identify", "actual_value": "Id."}]}),
            ),
            field(
                "Hobbies",
                "multiselectpicklist",
                json!({"pick_list_values": [{"actual_value": "Go"}]}),
            ),
            field("Later", "a type of tomorrow", json!({})),
        ]
    }

    #[test]
    fn what_zoho_takes_passes() {
        let record = json!({
            "Last_Name": "Ngo", "Email": "a@b.c", "Employees": 4, "Revenue": 1.5, "Opt_Out": true,
            "Day": "2026-05-14", "Moment": "2026-05-14T12:51:40+03:00", "Owner": {"id": "1"}, "Stage": "Identify",
            "Hobbies": ["Go"], "Later": [1], "$append_values": {}, "id": "7",
        });
        check(
            "Deals",
            &fields(),
            &[record, json!({"Last_Name": "A", "Stage": "Id.", "Email": null})],
            Purpose::Create,
        )
        .unwrap();
        check("Deals", &fields(), &[json!({"Email": ""})], Purpose::Update).unwrap();
    }

    #[test]
    fn every_problem_is_named_by_its_field() {
        for (record, said) in [
            (json!({"Lastname": "x"}), "`Lastname` is no field of Deals"),
            (json!({"last name": "x"}), "there is `Last_Name`"),
            (json!({"Last_Name": 4}), "`Last_Name` takes a text"),
            (
                json!({"Last_Name": "far too long"}),
                "`Last_Name` takes 8 characters at most",
            ),
            (json!({"Email": "nobody"}), "`Email` takes an e-mail address"),
            (json!({"Employees": "4"}), "`Employees` takes a whole number"),
            (json!({"Employees": 4.5}), "`Employees` takes a whole number"),
            (json!({"Revenue": "much"}), "`Revenue` takes a number"),
            (json!({"Opt_Out": "yes"}), "`Opt_Out` takes true or false"),
            (json!({"Day": "14.05.2026"}), "`Day` takes a date"),
            (json!({"Moment": "2026-05-14"}), "`Moment` takes an instant"),
            (json!({"Owner": true}), "`Owner` takes an id"),
            (
                json!({"Made": "2026-05-14T12:51:40+03:00"}),
                "`Made` is not written",
            ),
            (
                json!({"Stage": "Lost"}),
                "`Stage` has no value `Lost` in its picklist; there are Id., Identify",
            ),
            (json!({"Hobbies": "Go"}), "`Hobbies` takes a list"),
            (json!({"Hobbies": ["Chess"]}), "`Hobbies` has no value `Chess`"),
        ] {
            let error =
                check("Deals", &fields(), std::slice::from_ref(&record), Purpose::Update).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Config);
            assert!(error.to_string().contains(said), "{record}: {error}");
        }
        let two = [json!({"Last_Name": "A"}), json!({"Nope": 1, "Email": 2})];
        let error = check("Deals", &fields(), &two, Purpose::Create)
            .unwrap_err()
            .to_string();
        for said in [
            "record 1: `Nope`",
            "record 1: `Email`",
            "record 1: `Last_Name` is mandatory",
        ] {
            assert!(error.contains(said), "{error}");
        }
    }
}
