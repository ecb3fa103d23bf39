//! Pipelines: one of a layout is the default, and stages are those that deals know.

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Outcome;
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::resources::catalogue::Resource;
use crate::crm::resources::shelf::Kept;
use crate::crm::resources::within::above;
use crate::crm::{CrmWorld, body, ids};
use crate::world::World;

/// Stages lead to values of the deals' picklist, or came with names of their own.
pub(in crate::crm::resources) fn check(
    crm: &mut CrmWorld,
    _: Option<&Kept>,
    kept: &mut Kept,
    _: &str,
) -> Result<(), Fault> {
    let stages = stages(crm);
    let maps = kept.values.get_mut("maps").and_then(Value::as_array_mut);
    for (at, stage) in maps.into_iter().flatten().enumerate() {
        let id = stage.get("id").and_then(ids::from_json);
        let known = stages.iter().find(|(known, _)| Some(*known) == id);
        let Some(stage) = stage.as_object_mut() else {
            continue;
        };
        if let Some((_, name)) = known {
            stage.entry("display_value").or_insert_with(|| (*name).into());
        }
        let shown = stage.get("display_value").cloned().unwrap_or_default();
        stage.entry("actual_value").or_insert(shown);
        stage.entry("sequence_number").or_insert_with(|| (at + 1).into());
    }
    Ok(())
}

/// The stages of deals with their ids.
pub(in crate::crm::resources) fn stages(crm: &CrmWorld) -> Vec<(u64, &'static str)> {
    let deals = crm
        .schema
        .find("Deals")
        .and_then(|index| crm.schema.module(index));
    let Some(stage) = deals.and_then(|deals| deals.field("Stage")) else {
        return Vec::new();
    };
    let picks = stage.picks.iter().enumerate();
    picks
        .map(|(at, pick)| (crm.ids.pick(stage.id, at), *pick))
        .collect()
}

/// A new default takes the place of the old one.
pub(in crate::crm::resources) fn settled(crm: &mut CrmWorld, id: u64) {
    let default = |kept: &Kept| kept.values.get("default") == Some(&Value::Bool(true));
    let Some(within) = crm
        .shelves
        .get("pipeline", id)
        .filter(|kept| default(kept))
        .map(|kept| kept.within.clone())
    else {
        return;
    };
    let others = crm.shelves.all_mut("pipeline").iter_mut();
    for kept in others.filter(|kept| kept.within == within && kept.id != id) {
        kept.values.insert("default".into(), false.into());
    }
}

/// `POST /settings/pipeline/actions/transfer`: what was in one pipeline is in another, and the first is gone.
pub(in crate::crm::resources) fn transfer(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let above = above(crm, resource, call)?;
    let moves = body::items(&mut body::object(call)?, "transfer_pipeline", 1)?;
    let items = moves
        .iter()
        .map(|wish| -> Item {
            let find = |end: &str| {
                let path = format!("$.transfer_pipeline[0].pipeline.{end}");
                let given = wish
                    .get("pipeline")
                    .and_then(|pair| pair.get(end))
                    .filter(|id| !id.is_null());
                let id = ids::from_json(given.ok_or_else(|| Fault::missing(end, &path))?);
                let kept = id.and_then(|id| crm.shelves.get(resource.name, id));
                let kept = kept.filter(|kept| kept.within == above);
                kept.cloned()
                    .ok_or_else(|| Fault::field("INVALID_DATA", "invalid data", end, &path))
            };
            let (from, to) = (find("from")?, find("to")?);
            if from.id == to.id || from.values.get("default") == Some(&Value::Bool(true)) {
                return Err(Fault {
                    code: "INVALID_DATA",
                    message: "the default pipeline cannot be transferred",
                    details: json!({"json_path": "$.transfer_pipeline[0].pipeline.from"}),
                });
            }
            crm.shelves.take(resource, from.id);
            Ok(Success::new(
                "pipeline transferred",
                json!({"id": to.id.to_string()}),
            ))
        })
        .collect();
    Ok(batch::answer(
        world.dialect,
        "transfer_pipeline",
        StatusCode::OK,
        items,
    ))
}
