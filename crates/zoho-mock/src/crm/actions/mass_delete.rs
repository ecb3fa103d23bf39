//! `/{module}/actions/mass_delete`: by id at once, or by view with a job.

use http::StatusCode;
use serde_json::{Value, json};

use super::jobs::{self, Purpose, Work};
use super::mass_update::{Target, already_scheduled, target};
use crate::answer::{Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item};
use crate::crm::records::actor;
use crate::crm::{CrmWorld, body, ids, refuse};
use crate::world::World;

/// Deletes records.
pub(super) fn mass_delete_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let mut rest = body::object(call)?;
    let territory = territory(crm, rest.get("territory"))?;
    let actor = actor(crm, call);
    let items = match target(&mut rest)? {
        Target::View(view) => {
            let job = crm
                .schedule(Purpose::Delete, index, view, Work::Delete(territory), actor)
                .ok_or_else(already_scheduled)?;
            vec![Ok(jobs::scheduled("mass delete scheduled successfully", job))]
        }
        Target::Records(ids) => {
            let delete = |(at, id): (usize, &Value)| -> Item {
                let known = ids::from_json(id).filter(|id| crm.has(index, *id));
                let known = known.ok_or_else(|| Fault {
                    code: "INVALID_DATA",
                    message: "the id given seems to be invalid",
                    details: json!({"id": id, "json_path": format!("$.ids[{at}]")}),
                })?;
                crm.remove(index, &known.to_string(), Some(known), actor)
            };
            ids.iter().enumerate().map(delete).collect()
        }
    };
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

/// The territory whose records are meant, if one is.
fn territory(crm: &CrmWorld, given: Option<&Value>) -> Result<Option<u64>, Refusal> {
    let Some(given) = given.filter(|given| !given.is_null()) else {
        return Ok(None);
    };
    let id = given.get("id").and_then(ids::from_json);
    let known = id.filter(|id| crm.shelves.get("territories", *id).is_some());
    known.map(Some).ok_or_else(|| {
        let details = json!({"api_name": "id", "json_path": "$.territory.id"});
        refuse::bad("INVALID_DATA", "invalid data", details)
    })
}

/// Tells how far a job has come.
pub(super) fn get_mass_delete_status(world: &mut World, call: &Call<'_>) -> Outcome {
    world
        .crm
        .progress(call, Purpose::Delete, || Err(jobs::unknown_job()))
}
