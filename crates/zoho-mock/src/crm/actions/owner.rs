//! Giving records to another user: one, many, or all of a view with a job.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::jobs::{self, Purpose, Work};
use super::mass_update::{MOST, already_scheduled, view};
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::change::Actor;
use crate::crm::people::Standing;
use crate::crm::records::actor;
use crate::crm::schema::ModuleIndex;
use crate::crm::schema::validate::Draft;
use crate::crm::{CrmWorld, body, ids, path, refuse};
use crate::world::World;

/// The modules whose records may go along with the one they hang on.
const ALONG: &[&str] = &["Tasks", "Events", "Calls", "Contacts", "Deals"];

/// Gives one record away.
pub(super) fn change_record_owner(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let rest = body::object(call)?;
    let owner = crm.new_owner(&rest)?;
    let along = crm.along(&rest)?;
    let id = ids::parse(path(call, 1)).filter(|id| crm.has(index, *id));
    let id = id.ok_or_else(|| {
        refuse::bad(
            "INVALID_DATA",
            "the id given seems to be invalid",
            json!({"resource_path_index": 1}),
        )
    })?;
    let actor = actor(crm, call);
    crm.give(index, id, owner, &along, actor);
    let body = json!({
        "code": "SUCCESS", "details": {"id": id.to_string()}, "message": "owner updated", "status": "success",
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// Gives several records away.
pub(super) fn change_record_owners(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let mut rest = body::object(call)?;
    let records = body::items(&mut rest, "ids", MOST)?;
    let owner = crm.new_owner(&rest)?;
    let along = crm.along(&rest)?;
    let actor = actor(crm, call);
    let give = |(at, given): (usize, &Value)| -> Item {
        let path = format!("$.ids[{at}]");
        let id = ids::from_json(given).filter(|id| crm.has(index, *id));
        let id = id.ok_or_else(|| Fault {
            code: "INVALID_DATA",
            message: "the id given seems to be invalid",
            details: json!({"id": given, "api_name": "ids", "json_path": path}),
        })?;
        crm.give(index, id, owner, &along, actor);
        Ok(Success::new("owner updated", json!({"id": id.to_string()})))
    };
    let items = records.iter().enumerate().map(give).collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

/// Takes on a job that gives all records of a view away.
pub(super) fn mass_change_owner(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let rest = body::object(call)?;
    let view = match rest.get("cvid") {
        None | Some(Value::Null) => return Err(missing("cvid", "$.cvid")),
        Some(given) => view(given)?,
    };
    let owner = crm.new_owner(&rest)?;
    for key in ["criteria", "territory"] {
        if rest.get(key).is_some_and(|value| !value.is_null()) {
            return Err(refuse::bad(
                "NOT_SUPPORTED",
                "the given key is not supported",
                json!({"api_name": key, "json_path": format!("$.{key}")}),
            ));
        }
    }
    let draft = handover(owner);
    let actor = actor(crm, call);
    let job = crm
        .schedule(Purpose::Owner, index, view, Work::Change(draft), actor)
        .ok_or_else(already_scheduled)?;
    let item = Ok(jobs::scheduled("change owner is successfully scheduled", job));
    Ok(batch::answer(
        world.dialect,
        "data",
        StatusCode::ACCEPTED,
        vec![item],
    ))
}

/// Tells how far a job has come.
pub(super) fn get_mass_change_owner_status(world: &mut World, call: &Call<'_>) -> Outcome {
    world
        .crm
        .progress(call, Purpose::Owner, || Ok(Answer::no_content()))
}

fn missing(api_name: &str, path: &str) -> Refusal {
    refuse::bad(
        "MANDATORY_NOT_FOUND",
        "required field not found",
        json!({"api_name": api_name, "json_path": path}),
    )
}

pub(crate) fn handover(owner: u64) -> Draft {
    Draft {
        owner: Some(owner),
        fields: vec!["Owner"],
        ..Draft::default()
    }
}

impl CrmWorld {
    /// Whether a module has a record.
    pub(crate) fn has(&self, index: ModuleIndex, id: u64) -> bool {
        self.tables
            .get(index)
            .is_some_and(|table| table.get(id).is_some())
    }

    /// The active user that a body names under `owner`.
    fn new_owner(&self, rest: &Map<String, Value>) -> Result<u64, Refusal> {
        let Some(owner) = rest.get("owner").filter(|owner| !owner.is_null()) else {
            return Err(missing("owner", "$.owner"));
        };
        let Some(id) = owner.get("id").filter(|id| !id.is_null()) else {
            return Err(missing("id", "$.owner.id"));
        };
        let user = ids::from_json(id).and_then(|id| self.users.get(id));
        let standing = match user.map(|user| user.standing) {
            Some(Standing::Active) => return Ok(user.map_or(0, |user| user.id)),
            Some(Standing::Inactive) => "inactive",
            Some(Standing::Deleted) => "deleted",
            None => "not_crm_user",
        };
        Err(refuse::bad(
            "INVALID_DATA",
            "invalid data",
            json!({"owner_status": standing, "api_name": "id", "json_path": "$.owner.id"}),
        ))
    }

    /// The modules that a body names under `related_modules`.
    fn along(&self, rest: &Map<String, Value>) -> Result<Vec<ModuleIndex>, Refusal> {
        let named = match rest.get("related_modules") {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(named) => named.as_array().map_or(&[][..], Vec::as_slice),
        };
        let find = |(at, module): (usize, &Value)| {
            let name = module.get("api_name").and_then(Value::as_str);
            let by_name = name
                .filter(|name| ALONG.contains(name))
                .and_then(|name| self.schema.find(name));
            let id = module.get("id").and_then(ids::from_json);
            let by_id = || {
                let known = |index: &usize| self.schema.module(*index).map(|module| module.id) == id;
                ALONG.iter().filter_map(|name| self.schema.find(name)).find(known)
            };
            by_name.or_else(|| id.and_then(|_| by_id())).ok_or_else(|| {
                refuse::bad(
                    "INVALID_DATA",
                    "invalid data",
                    json!({"api_name": "api_name", "json_path": format!("$.related_modules[{at}].api_name")}),
                )
            })
        };
        named.iter().enumerate().map(find).collect()
    }

    fn give(&mut self, index: ModuleIndex, id: u64, owner: u64, along: &[ModuleIndex], actor: Actor) {
        self.update(index, id, handover(owner), actor);
        for child in along {
            for related in self.pointing_at(*child, index, id) {
                self.update(*child, related, handover(owner), actor);
            }
        }
    }
}
