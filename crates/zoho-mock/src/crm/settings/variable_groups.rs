//! Groups of variables. An organization has two from the start; more cannot be made over the API.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::ids::{self, Ids};
use crate::crm::{CrmWorld, body, path, refuse};
use crate::world::World;

const NAME: usize = 50;
const DESCRIPTION: usize = 3_000;
const MOST: usize = 100;

/// A group of variables.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(super) id: u64,
    pub(super) api_name: String,
    name: String,
    description: Option<String>,
    /// It belongs to Zoho and cannot be changed.
    system: bool,
}

impl Group {
    /// The groups that an organization starts with.
    pub(crate) fn first(ids: &Ids) -> Vec<Self> {
        let group = |number: usize, name: &str, system| Self {
            id: ids.variable_group(number),
            api_name: name.to_owned(),
            name: name.to_owned(),
            description: None,
            system,
        };
        vec![group(0, "General", true), group(1, "Integrations", false)]
    }

    fn shown(&self) -> Value {
        json!({
            "id": self.id.to_string(), "api_name": self.api_name, "name": self.name, "display_label": self.name,
            "description": self.description, "source": "crm",
        })
    }
}

pub(super) fn list_variable_groups(world: &mut World, _call: &Call<'_>) -> Outcome {
    let groups: Vec<Value> = world.crm.variable_groups.iter().map(Group::shown).collect();
    Ok(Answer::json(StatusCode::OK, &json!({"variable_groups": groups})))
}

pub(super) fn get_variable_group(world: &mut World, call: &Call<'_>) -> Outcome {
    let group = place(&world.crm, call).map(|at| world.crm.variable_groups.get(at).map(Group::shown))?;
    let groups: Vec<Value> = group.into_iter().collect();
    Ok(Answer::json(StatusCode::OK, &json!({"variable_groups": groups})))
}

pub(super) fn update_variable_groups(world: &mut World, call: &Call<'_>) -> Outcome {
    let items = each(&mut world.crm, call, |crm, object, path| {
        let id_path = format!("{path}.id");
        let id = object.get("id").filter(|id| !id.is_null());
        let id = ids::from_json(id.ok_or_else(|| Fault::missing("id", &id_path))?);
        let at = crm.variable_groups.iter().position(|group| Some(group.id) == id);
        change(crm, at.ok_or_else(|| Fault::unknown_id(&id_path))?, object, path)
    })?;
    Ok(batch::answer(
        world.dialect,
        "variable_groups",
        StatusCode::OK,
        items,
    ))
}

pub(super) fn update_variable_group(world: &mut World, call: &Call<'_>) -> Outcome {
    let at = place(&world.crm, call)?;
    let mut items = each(&mut world.crm, call, |crm, object, path| {
        change(crm, at, object, path)
    })?;
    items.truncate(1);
    Ok(batch::answer(
        world.dialect,
        "variable_groups",
        StatusCode::OK,
        items,
    ))
}

/// The group of the path, by id or API name.
fn place(crm: &CrmWorld, call: &Call<'_>) -> Result<usize, Refusal> {
    let key = path(call, 0);
    let id = ids::parse(key);
    let mut groups = crm.variable_groups.iter();
    groups
        .position(|group| Some(group.id) == id || group.api_name == key)
        .ok_or_else(|| refuse::bad("INVALID_DATA", "Invalid ID", json!({"resource_path_index": 0})))
}

fn each(
    crm: &mut CrmWorld,
    call: &Call<'_>,
    mut step: impl FnMut(&mut CrmWorld, &Map<String, Value>, &str) -> Item,
) -> Result<Vec<Item>, Refusal> {
    let values = body::items(&mut body::object(call)?, "variable_groups", MOST)?;
    let items = values.iter().enumerate().map(|(at, value)| {
        let path = format!("$.variable_groups[{at}]");
        match value.as_object() {
            Some(object) => step(crm, object, &path),
            None => Err(Fault::expected("jsonobject", "variable_groups", &path)),
        }
    });
    Ok(items.collect())
}

fn change(crm: &mut CrmWorld, at: usize, object: &Map<String, Value>, path: &str) -> Item {
    let Some(group) = crm.variable_groups.get_mut(at) else {
        return Err(Fault::unknown_id(&format!("{path}.id")));
    };
    if group.system {
        return Err(Fault::field(
            "CANNOT_PERFORM_ACTION",
            "the given operation is not supported for system defined variable group",
            "id",
            &format!("{path}.id"),
        ));
    }
    let text = |key: &str, most: usize| match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().count() > most => {
            Err(Fault::too_long(most as u32, key, &format!("{path}.{key}")))
        }
        Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        Some(_) => Err(Fault::expected("text", key, &format!("{path}.{key}"))),
    };
    let name = text("name", NAME)?;
    let description = text("description", DESCRIPTION)?;
    group.name = name.unwrap_or_else(|| group.name.clone());
    if object.contains_key("description") {
        group.description = description;
    }
    let details = json!({"id": group.id.to_string(), "api_name": group.api_name});
    Ok(Success::new("variable group updated", details))
}
