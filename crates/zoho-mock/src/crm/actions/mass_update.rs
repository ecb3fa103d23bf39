//! `/{module}/actions/mass_update`: one value for many records, by id at once or by view with a job.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::jobs::{self, Purpose, Work};
use crate::answer::{Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::change::Actor;
use crate::crm::records::{actor, object};
use crate::crm::schema::ModuleIndex;
use crate::crm::schema::validate::{self, Draft, Mode};
use crate::crm::{CrmWorld, body, ids, refuse};
use crate::world::World;

/// How many records one call may name.
pub(super) const MOST: usize = 500;

/// Gives records the same values.
pub(super) fn mass_update_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let mut rest = body::object(call)?;
    let records = body::items(&mut rest, "data", 1)?;
    let actor = actor(crm, call);
    let target = target(&mut rest)?;
    let draft = records
        .first()
        .ok_or_else(|| Fault::missing("data", "$.data"))
        .and_then(|record| crm.mass_draft(index, object(record, "$.data[0]")?));
    let items = match (draft, target) {
        (Err(fault), _) => vec![Err(fault)],
        (Ok(draft), Target::View(view)) => {
            let job = crm
                .schedule(Purpose::Update, index, view, Work::Change(draft), actor)
                .ok_or_else(already_scheduled)?;
            vec![Ok(jobs::scheduled("mass update scheduled successfully", job))]
        }
        (Ok(draft), Target::Records(ids)) => {
            let update = |(at, id): (usize, &Value)| crm.mass_update(index, at, id, &draft, actor);
            ids.iter().enumerate().map(update).collect()
        }
    };
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

/// Tells how far a job has come.
pub(super) fn get_mass_update_status(world: &mut World, call: &Call<'_>) -> Outcome {
    world
        .crm
        .progress(call, Purpose::Update, || Err(jobs::unknown_job()))
}

/// Another job for the same view has not run yet.
pub(super) fn already_scheduled() -> Refusal {
    refuse::bad(
        "ALREADY_SCHEDULED",
        "already scheduled",
        json!({"api_name": "cvid"}),
    )
}

/// The view that a body names under `cvid`.
pub(super) fn view(value: &Value) -> Result<u64, Refusal> {
    ids::from_json(value).ok_or_else(|| {
        refuse::bad(
            "INVALID_DATA",
            "invalid data",
            json!({"expected_data_type": "bigint", "api_name": "cvid", "json_path": "$.cvid"}),
        )
    })
}

/// The records of a mass action.
pub(super) enum Target {
    Records(Vec<Value>),
    View(u64),
}

/// The records that the body names: ids or a view, never both.
pub(super) fn target(rest: &mut Map<String, Value>) -> Result<Target, Refusal> {
    let given = |key: &str| rest.get(key).is_some_and(|value| !value.is_null());
    match (given("ids"), given("cvid")) {
        (true, true) => Err(refuse::bad(
            "AMBIGUITY_DURING_PROCESSING",
            "ambiguity while processing the request",
            json!({"ambiguity_due_to": [
                {"api_name": "ids", "json_path": "$.ids"}, {"api_name": "cvid", "json_path": "$.cvid"},
            ]}),
        )),
        (false, true) => Ok(Target::View(view(rest.get("cvid").unwrap_or(&Value::Null))?)),
        _ => Ok(Target::Records(body::items(rest, "ids", MOST)?)),
    }
}

impl CrmWorld {
    /// The values of a mass update: one field, in Deals up to three.
    fn mass_draft(&mut self, index: ModuleIndex, record: &Map<String, Value>) -> Result<Draft, Fault> {
        let deals = self
            .schema
            .module(index)
            .is_some_and(|module| module.api_name == "Deals");
        let limit = if deals { 3 } else { 1 };
        let draft = validate::draft(self, index, record, "$.data[0]", Mode::Update)?;
        if draft.fields.is_empty() {
            return Err(Fault::missing("data", "$.data[0]"));
        }
        if record.len() > limit {
            return Err(Fault {
                code: "INVALID_DATA",
                message: "invalid data",
                details: json!({"limit": limit, "json_path": "$.data[0]"}),
            });
        }
        let unique = |name: &&'static str| {
            let module = self.schema.module(index);
            module
                .and_then(|module| module.field(name))
                .is_some_and(|field| field.unique)
        };
        match draft.fields.iter().copied().find(unique) {
            Some(name) => Err(Fault::field(
                "NOT_SUPPORTED",
                "the field is not supported for mass update",
                name,
                &format!("$.data[0].{name}"),
            )),
            None => Ok(draft),
        }
    }

    fn mass_update(
        &mut self,
        index: ModuleIndex,
        at: usize,
        id: &Value,
        draft: &Draft,
        actor: Actor,
    ) -> Item {
        let row = ids::from_json(id).and_then(|id| self.tables.get(index)?.get(id));
        let refused = |code, message| {
            let details = json!({"id": id, "json_path": format!("$.ids[{at}]")});
            Err(Fault {
                code,
                message,
                details,
            })
        };
        let Some(row) = row else {
            return refused("INVALID_DATA", "the id given seems to be invalid");
        };
        if row.converted {
            return refused("CONVERTED_RECORD", "the record is already converted");
        }
        let id = row.id;
        self.unlocked(id)?;
        self.update(index, id, draft.clone(), actor);
        Ok(Success::new("record updated", self.receipt(index, id)))
    }
}
