//! Sharing rules of a module: whose records are shown to whom, and whether the rule is in force.

use http::StatusCode;
use serde_json::{Value, json};

use super::shares::there;
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{Fault, Success};
use crate::crm::resources::catalogue::Resource;
use crate::crm::resources::engine::{answer, own_id};
use crate::crm::resources::read::page;
use crate::crm::resources::shelf::Kept;
use crate::crm::resources::show;
use crate::crm::resources::within::above;
use crate::crm::{CrmWorld, body, ids};
use crate::world::World;

/// What stands on a side of a rule.
const PARTIES: &[&str] = &["roles", "groups", "public_groups", "users", "territories"];

/// Its sides lead to somebody; a rule by criteria has some, a rule by owner says whose records are meant.
pub(in crate::crm::resources) fn check(
    crm: &mut CrmWorld,
    _: Option<&Kept>,
    kept: &mut Kept,
    path: &str,
) -> Result<(), Fault> {
    for side in ["shared_from", "shared_to"] {
        let path = format!("{path}.{side}");
        let Some(party) = kept.values.get(side).filter(|party| !party.is_null()) else {
            continue;
        };
        let kind = party.get("type").and_then(Value::as_str);
        let kind = kind.ok_or_else(|| Fault::missing("type", &format!("{path}.type")))?;
        if !PARTIES.contains(&kind) {
            return Err(Fault {
                code: "INVALID_DATA",
                message: "the value given is invalid",
                details: json!({
                    "api_name": "type", "json_path": format!("{path}.type"), "supported_values": PARTIES,
                }),
            });
        }
        let path = format!("{path}.resource.id");
        let id = party.pointer("/resource/id").and_then(ids::from_json);
        let id = id.ok_or_else(|| Fault::missing("id", &path))?;
        if !there(crm, kind, id) {
            return Err(Fault::unknown_id(&path));
        }
    }
    let needed = match kept.text("type") {
        Some("Criteria_Based") => "criteria",
        _ => "shared_from",
    };
    match kept.values.get(needed).is_none_or(Value::is_null) {
        true => Err(Fault::missing(needed, &format!("{path}.{needed}"))),
        false => Ok(()),
    }
}

/// The module of a rule is the one that it was made for.
pub(in crate::crm::resources) fn shown(crm: &CrmWorld, kept: &Kept, name: &str) -> Option<Value> {
    let module = kept.within.first().filter(|_| name == "module")?;
    reference(crm, *module)
}

fn reference(crm: &CrmWorld, id: u64) -> Option<Value> {
    let module = crm.schema.modules.iter().find(|module| module.id == id)?;
    Some(json!({"id": id.to_string(), "api_name": module.api_name, "name": module.plural}))
}

pub(in crate::crm::resources) fn activate(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    switch(
        world,
        resource,
        call,
        ("active", "sharing rule activated successfully"),
    )
}

pub(in crate::crm::resources) fn deactivate(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    switch(
        world,
        resource,
        call,
        ("inactive", "sharing rule deactivated successfully"),
    )
}

fn switch(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
    (status, text): (&str, &'static str),
) -> Outcome {
    let id = own_id(&world.crm, resource, call)?;
    if let Some(kept) = world.crm.shelves.get_mut(resource.name, id) {
        kept.values.insert("status".into(), status.into());
    }
    let done = Ok(Success::new(text, json!({"id": id.to_string()})));
    Ok(answer(world, resource, call, StatusCode::OK, vec![done]))
}

/// `POST ../rules/search`: the rules that meet every filter of the body.
pub(in crate::crm::resources) fn search(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let rows = found(&world.crm, resource, call)?;
    page(call, resource.key, rows)
}

/// How many rules a module has; with a body, how many of them meet its filters.
pub(in crate::crm::resources) fn summary(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let module = above(&world.crm, resource, call)?.first().copied();
    let count = found(&world.crm, resource, call)?.len();
    if count == 0 {
        return Ok(Answer::no_content());
    }
    let summary = json!({
        "module": module.and_then(|module| reference(&world.crm, module)),
        "rule_count": count,
        "rule_computation_status": false,
    });
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"sharing_rules_summary": [summary]}),
    ))
}

/// `POST ../actions/run`: rules hold at once here, so there is nothing to compute.
pub(in crate::crm::resources) fn run(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let rules = found(&world.crm, resource, call)?;
    if rules.is_empty() {
        return Ok(Answer::no_content());
    }
    let done = json!({
        "code": "SUCCESS", "details": {}, "message": "sharing rules computation initiated", "status": "success",
    });
    Ok(Answer::json(StatusCode::OK, &json!({resource.key: [done]})))
}

/// The rules of the module that meet every filter.
fn found(crm: &CrmWorld, resource: &'static Resource, call: &Call<'_>) -> Result<Vec<Value>, Refusal> {
    let above = above(crm, resource, call)?;
    let filters = match call.body.iter().all(u8::is_ascii_whitespace) {
        true => Value::Null,
        false => body::object(call)?.remove("filters").unwrap_or_default(),
    };
    let filters = filters.as_array().cloned().unwrap_or_default();
    let rules = crm.shelves.all(resource.name).iter();
    let rules = rules
        .filter(|kept| kept.within == above)
        .map(|kept| show::shown(crm, resource, kept))
        .filter(|rule| filters.iter().all(|filter| meets(rule, filter)));
    Ok(rules.collect())
}

/// Whether a rule meets a filter: one condition, or a group of them.
fn meets(rule: &Value, filter: &Value) -> bool {
    if let Some(group) = filter.get("group").and_then(Value::as_array) {
        let any = filter.get("group_operator").and_then(Value::as_str) == Some("or");
        let mut group = group.iter();
        return match any {
            true => group.any(|one| meets(rule, one)),
            false => group.all(|one| meets(rule, one)),
        };
    }
    let field = filter.pointer("/field/api_name").and_then(Value::as_str);
    let (Some(field), Some(wanted)) = (field, filter.get("value")) else {
        return true;
    };
    let held = rule
        .pointer(&format!("/{}", field.replace('.', "/")))
        .unwrap_or(&Value::Null);
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_lowercase)
    };
    let is = |wanted: &Value| match wanted.as_str() {
        Some("${EMPTY}") => held.is_null(),
        _ => text(held) == text(wanted),
    };
    match filter.get("comparator").and_then(Value::as_str) {
        Some("not_equal") => !is(wanted),
        Some("contains") => text(held).contains(&text(wanted)),
        Some("starts_with") => text(held).starts_with(&text(wanted)),
        Some("in") => wanted.as_array().is_some_and(|all| all.iter().any(is)),
        _ => wanted
            .as_array()
            .map_or_else(|| is(wanted), |all| all.iter().any(is)),
    }
}
