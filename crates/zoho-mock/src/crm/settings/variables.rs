//! Variables of the organization: they are made and changed here, in groups that exist already.

#[cfg(test)]
mod tests;

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::variable_groups::Group;
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::{CrmWorld, body, ids, path, refuse, time};
use crate::world::World;

const API_NAME: usize = 100;
const NAME: usize = 50;
const DESCRIPTION: usize = 250;
const VALUE: usize = 255;
/// Variables of one body, and ids of one deletion.
const MOST: usize = 100;

/// What a variable can hold, and how Zoho calls a value that does not fit.
const TYPES: &[&str] = &[
    "text", "textarea", "integer", "long", "float", "currency", "percent", "date", "datetime", "boolean",
    "email", "phone", "url",
];

/// A variable.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    id: u64,
    api_name: String,
    name: String,
    description: Option<String>,
    kind: &'static str,
    /// As text, whatever the kind.
    value: Option<String>,
    group: u64,
}

impl Variable {
    fn shown(&self, crm: &CrmWorld) -> Value {
        let group = crm.variable_groups.iter().find(|group| group.id == self.group);
        json!({
            "id": self.id.to_string(),
            "api_name": self.api_name,
            "name": self.name,
            "description": self.description,
            "type": self.kind,
            "value": self.value,
            "variable_group": {"api_name": group.map(|group| group.api_name.clone()), "id": self.group.to_string()},
            "source": "crm",
            "read_only": false,
        })
    }
}

pub(super) fn list_variables(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let group = group(crm, call)?;
    let variables: Vec<Value> = crm
        .variables
        .iter()
        .filter(|variable| group.is_none_or(|group| variable.group == group.id))
        .map(|variable| variable.shown(crm))
        .collect();
    Ok(match variables.is_empty() {
        true => Answer::no_content(),
        false => Answer::json(StatusCode::OK, &json!({"variables": variables})),
    })
}

pub(super) fn get_variable(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let at = place(crm, call)?;
    let shown: Vec<Value> = crm
        .variables
        .get(at)
        .map(|variable| variable.shown(crm))
        .into_iter()
        .collect();
    Ok(Answer::json(StatusCode::OK, &json!({"variables": shown})))
}

pub(super) fn create_variables(world: &mut World, call: &Call<'_>) -> Outcome {
    let items = each(&mut world.crm, call, |crm, object, path| {
        let reader = Reader { object, path };
        let api_name = reader.api_name()?.ok_or_else(|| reader.missing("api_name"))?;
        let name = reader.text("name", NAME)?.ok_or_else(|| reader.missing("name"))?;
        let kind = reader.kind()?;
        let group = reader.group(crm)?;
        let variable = Variable {
            id: 0,
            description: reader.text("description", DESCRIPTION)?,
            value: reader.value(kind)?,
            api_name,
            name,
            kind,
            group,
        };
        unique(crm, &variable, path)?;
        let id = crm.ids.next();
        crm.variables.push(Variable { id, ..variable });
        Ok(Success::new("variable added", json!({"id": id.to_string()})))
    })?;
    Ok(batch::answer(
        world.dialect,
        "variables",
        StatusCode::CREATED,
        items,
    ))
}

pub(super) fn update_variables(world: &mut World, call: &Call<'_>) -> Outcome {
    let items = each(&mut world.crm, call, |crm, object, path| {
        let id_path = format!("{path}.id");
        let id = object.get("id").filter(|id| !id.is_null());
        let id = ids::from_json(id.ok_or_else(|| Fault::missing("id", &id_path))?);
        let at = crm.variables.iter().position(|variable| Some(variable.id) == id);
        change(crm, at.ok_or_else(|| Fault::unknown_id(&id_path))?, object, path)
    })?;
    Ok(batch::answer(world.dialect, "variables", StatusCode::OK, items))
}

pub(super) fn update_variable(world: &mut World, call: &Call<'_>) -> Outcome {
    let at = place(&world.crm, call)?;
    let mut items = each(&mut world.crm, call, |crm, object, path| {
        change(crm, at, object, path)
    })?;
    items.truncate(1);
    Ok(batch::answer(world.dialect, "variables", StatusCode::OK, items))
}

pub(super) fn delete_variables(world: &mut World, call: &Call<'_>) -> Outcome {
    let list = call.query("ids").filter(|list| !list.trim().is_empty());
    let list = list.ok_or_else(|| refuse::required_param("ids"))?;
    let ids: Vec<&str> = list
        .split(',')
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .collect();
    if ids.len() > MOST {
        return Err(refuse::param_limit("ids", MOST));
    }
    let variables = &mut world.crm.variables;
    let items = ids
        .into_iter()
        .map(|text| {
            let id = ids::parse(text);
            let at = variables.iter().position(|variable| Some(variable.id) == id);
            let at = at.ok_or_else(|| Fault {
                code: "INVALID_DATA",
                message: "variable not deleted",
                details: json!({"id": text}),
            })?;
            variables.remove(at);
            Ok(Success::new("variable deleted", json!({"id": text})))
        })
        .collect();
    Ok(batch::answer(world.dialect, "variables", StatusCode::OK, items))
}

pub(super) fn delete_variable(world: &mut World, call: &Call<'_>) -> Outcome {
    let at = place(&world.crm, call)?;
    let id = world.crm.variables.remove(at).id;
    let item = Success::new("variable deleted", json!({"id": id.to_string()}));
    Ok(batch::answer(
        world.dialect,
        "variables",
        StatusCode::OK,
        vec![Ok(item)],
    ))
}

/// The variable of the path: by its id, or by its API name within a group.
fn place(crm: &CrmWorld, call: &Call<'_>) -> Result<usize, Refusal> {
    let key = path(call, 0);
    let found = match ids::parse(key) {
        Some(id) => crm.variables.iter().position(|variable| variable.id == id),
        None => {
            let group = group(crm, call)?.ok_or_else(|| refuse::required_param("group"))?;
            let named = |variable: &Variable| variable.group == group.id && variable.api_name == key;
            crm.variables.iter().position(named)
        }
    };
    found.ok_or_else(|| refuse::bad("INVALID_DATA", "invalid data", json!({"resource_path_index": 0})))
}

/// The group that the query names.
fn group<'a>(crm: &'a CrmWorld, call: &Call<'_>) -> Result<Option<&'a Group>, Refusal> {
    let Some(name) = call.query("group").filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    let id = ids::parse(name);
    let mut groups = crm.variable_groups.iter();
    let found = groups.find(|group| Some(group.id) == id || group.api_name == name);
    found
        .map(Some)
        .ok_or_else(|| refuse::bad("INVALID_DATA", "Invalid data", json!({"param_name": "group"})))
}

/// Does something with each variable of the body.
fn each(
    crm: &mut CrmWorld,
    call: &Call<'_>,
    mut step: impl FnMut(&mut CrmWorld, &Map<String, Value>, &str) -> Item,
) -> Result<Vec<Item>, Refusal> {
    let values = body::items(&mut body::object(call)?, "variables", MOST)?;
    let items = values.iter().enumerate().map(|(at, value)| {
        let path = format!("$.variables[{at}]");
        match value.as_object() {
            Some(object) => step(crm, object, &path),
            None => Err(Fault::expected("jsonobject", "variables", &path)),
        }
    });
    Ok(items.collect())
}

fn change(crm: &mut CrmWorld, at: usize, object: &Map<String, Value>, path: &str) -> Item {
    let reader = Reader { object, path };
    let Some(mut variable) = crm.variables.get(at).cloned() else {
        return Err(Fault::unknown_id(&format!("{path}.id")));
    };
    if !["api_name", "name", "description", "value"]
        .iter()
        .any(|key| object.contains_key(*key))
    {
        return Err(Fault {
            code: "INVALID_DATA",
            message: "no data found to update",
            details: json!({"json_path": path}),
        });
    }
    variable.api_name = reader.api_name()?.unwrap_or(variable.api_name);
    variable.name = reader.text("name", NAME)?.unwrap_or(variable.name);
    if object.contains_key("description") {
        variable.description = reader.text("description", DESCRIPTION)?;
    }
    if object.contains_key("value") {
        variable.value = reader.value(variable.kind)?;
    }
    unique(crm, &variable, path)?;
    let id = variable.id;
    if let Some(place) = crm.variables.get_mut(at) {
        *place = variable;
    }
    Ok(Success::new("variable updated", json!({"id": id.to_string()})))
}

/// Within a group no two variables have the same API name.
fn unique(crm: &CrmWorld, variable: &Variable, path: &str) -> Result<(), Fault> {
    let same = |other: &Variable| {
        other.id != variable.id && (other.group, &other.api_name) == (variable.group, &variable.api_name)
    };
    match crm.variables.iter().any(same) {
        true => Err(Fault::field(
            "DUPLICATE_DATA",
            "duplicate data",
            "api_name",
            &format!("{path}.api_name"),
        )),
        false => Ok(()),
    }
}

struct Reader<'a> {
    object: &'a Map<String, Value>,
    path: &'a str,
}

impl Reader<'_> {
    fn at(&self, key: &str) -> String {
        format!("{}.{key}", self.path)
    }

    fn missing(&self, key: &str) -> Fault {
        Fault::missing(key, &self.at(key))
    }

    fn text(&self, key: &str, most: usize) -> Result<Option<String>, Fault> {
        match self.object.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.chars().count() > most => {
                Err(Fault::too_long(most as u32, key, &self.at(key)))
            }
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(_) => Err(Fault::expected("text", key, &self.at(key))),
        }
    }

    /// A letter, then letters, digits and underscores.
    fn api_name(&self) -> Result<Option<String>, Fault> {
        let name = self.text("api_name", API_NAME)?;
        let fits = |name: &String| {
            name.starts_with(|first: char| first.is_ascii_alphabetic())
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        match name {
            Some(name) if !fits(&name) => Err(Fault {
                code: "INVALID_DATA",
                message: "Invalid data",
                details: json!({
                    "regex": "^[a-zA-Z][a-zA-Z0-9_]*$", "api_name": "api_name", "json_path": self.at("api_name"),
                }),
            }),
            name => Ok(name),
        }
    }

    fn kind(&self) -> Result<&'static str, Fault> {
        let name = self.text("type", VALUE)?.ok_or_else(|| self.missing("type"))?;
        let kind = TYPES.iter().find(|kind| **kind == name);
        kind.copied().ok_or_else(|| Fault {
            code: "INVALID_DATA",
            message: "invalid data",
            details: json!({"supported_values": TYPES, "api_name": "type", "json_path": self.at("type")}),
        })
    }

    fn group(&self, crm: &CrmWorld) -> Result<u64, Fault> {
        let group = match self.object.get("variable_group") {
            None | Some(Value::Null) => return Err(self.missing("variable_group")),
            Some(Value::Object(group)) => group,
            Some(_) => {
                return Err(Fault::expected(
                    "jsonobject",
                    "variable_group",
                    &self.at("variable_group"),
                ));
            }
        };
        let (key, named) = match (group.get("id"), group.get("api_name")) {
            (Some(id), _) if !id.is_null() => ("id", id),
            (_, Some(name)) if !name.is_null() => ("api_name", name),
            _ => return Err(Fault::missing("id", &self.at("variable_group.id"))),
        };
        let found = crm.variable_groups.iter().find(|group| match key {
            "id" => ids::from_json(named) == Some(group.id),
            _ => named.as_str() == Some(&group.api_name),
        });
        let path = self.at(&format!("variable_group.{key}"));
        found
            .map(|group| group.id)
            .ok_or_else(|| Fault::field("INVALID_DATA", "invalid data", key, &path))
    }

    /// The value as text, if it is of the kind.
    fn value(&self, kind: &str) -> Result<Option<String>, Fault> {
        let text = match self.object.get("value") {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => text.clone(),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
            Some(_) => return Err(Fault::expected(kind, "value", &self.at("value"))),
        };
        let fits = match kind {
            "integer" => text.parse::<i32>().is_ok(),
            "long" => text.parse::<i64>().is_ok(),
            "float" | "currency" | "percent" => text.parse::<f64>().is_ok_and(f64::is_finite),
            "boolean" => ["true", "false"].contains(&text.as_str()),
            "date" => text.parse::<jiff::civil::Date>().is_ok(),
            "datetime" => time::parse_instant(&text).is_some(),
            "email" => text
                .split_once('@')
                .is_some_and(|(name, host)| !name.is_empty() && host.contains('.')),
            _ => true,
        };
        match fits || text.is_empty() {
            true if kind != "textarea" && text.chars().count() > VALUE => {
                Err(Fault::too_long(VALUE as u32, "value", &self.at("value")))
            }
            true => Ok(Some(text).filter(|text| !text.is_empty())),
            false => Err(Fault::expected(kind, "value", &self.at("value"))),
        }
    }
}
