//! Workflow rules: what they start must be there, and they stand in an order.

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::resources::catalogue::Resource;
use crate::crm::resources::engine::own_id;
use crate::crm::resources::read::page;
use crate::crm::resources::shelf::Kept;
use crate::crm::{CrmWorld, body, ids, refuse, time};
use crate::world::World;

/// Actions that are resources themselves: what a rule calls them is the name of their kind.
const KINDS: &[&str] = &["field_updates", "tasks", "webhooks"];
/// What can start a rule.
const TRIGGERS: &[&str] = &[
    "create",
    "edit",
    "create_or_edit",
    "delete",
    "field_update",
    "date_or_datetime",
    "score_update",
    "rollup_summary_update",
];

/// The actions of a rule: (its condition, the action, where that stands).
fn actions(rule: &Kept) -> Vec<(usize, &Value, String)> {
    let mut found = Vec::new();
    let conditions = rule.values.get("conditions").and_then(Value::as_array);
    for (at, condition) in conditions.into_iter().flatten().enumerate() {
        let instant = condition
            .get("instant_actions")
            .map(|set| (set, "instant_actions".to_owned()));
        let later = condition
            .get("scheduled_actions")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let later = later
            .enumerate()
            .map(|(at, set)| (set, format!("scheduled_actions[{at}]")));
        for (set, name) in instant.into_iter().chain(later) {
            let listed = set.get("actions").and_then(Value::as_array).into_iter().flatten();
            let listed = listed.enumerate();
            found.extend(
                listed.map(|(number, action)| {
                    (at, action, format!("conditions[{at}].{name}.actions[{number}]"))
                }),
            );
        }
    }
    found
}

/// The trigger is known, and so are the actions.
pub(in crate::crm::resources) fn check(
    crm: &mut CrmWorld,
    old: Option<&Kept>,
    kept: &mut Kept,
    path: &str,
) -> Result<(), Fault> {
    let trigger = kept
        .values
        .get("execute_when")
        .and_then(|when| when.get("type"))
        .and_then(Value::as_str);
    let at = format!("{path}.execute_when.type");
    let trigger = trigger.ok_or_else(|| Fault::missing("type", &at))?;
    if !TRIGGERS.contains(&trigger) {
        return Err(Fault {
            code: "INVALID_DATA",
            message: "invalid data",
            details: json!({"supported_values": TRIGGERS, "api_name": "type", "json_path": at}),
        });
    }
    for (_, action, at) in actions(kept) {
        let kind = action.get("type").and_then(Value::as_str);
        let at = format!("{path}.{at}");
        let kind = kind.ok_or_else(|| Fault::missing("type", &format!("{at}.type")))?;
        if !KINDS.contains(&kind) {
            continue;
        }
        let id = action.get("id").and_then(ids::from_json);
        if id.is_none_or(|id| crm.shelves.get(kind, id).is_none()) {
            return Err(Fault::unknown_id(&format!("{at}.id")));
        }
    }
    if old.is_none() {
        kept.values
            .entry("status")
            .or_insert_with(|| json!({"active": true}));
    }
    Ok(())
}

/// The field belongs to the module that is updated.
pub(in crate::crm::resources) fn field_update(
    crm: &mut CrmWorld,
    _: Option<&Kept>,
    kept: &mut Kept,
    path: &str,
) -> Result<(), Fault> {
    let module = kept.link("related_module").or_else(|| kept.link("module"));
    let module = crm.schema.modules.iter().find(|known| Some(known.id) == module);
    let id = kept.link("field");
    let name = kept
        .values
        .get("field")
        .and_then(|field| field.get("api_name"))
        .and_then(Value::as_str);
    let field = module.and_then(|module| {
        let mut fields = module.fields.iter();
        fields.find(|field| Some(field.id) == id || id.is_none() && Some(field.api_name) == name)
    });
    let field = field
        .ok_or_else(|| Fault::field("INVALID_DATA", "invalid data", "field", &format!("{path}.field")))?;
    let field = json!({"id": field.id.to_string(), "api_name": field.api_name});
    kept.values.insert("field".into(), field);
    Ok(())
}

fn started(crm: &CrmWorld, id: u64) -> bool {
    let mut rules = crm.shelves.all("workflow_rules").iter();
    rules.any(|rule| {
        let mut actions = actions(rule).into_iter();
        actions.any(|(_, action, _)| action.get("id").and_then(ids::from_json) == Some(id))
    })
}

/// Whether a rule starts an action.
pub(in crate::crm::resources) fn associated(crm: &CrmWorld, kept: &Kept, name: &str) -> Option<Value> {
    match name {
        "associated" => Some(started(crm, kept.id).into()),
        "lock_status" => Some(json!({"locked": false})),
        _ => None,
    }
}

/// An action that a rule starts stays.
pub(in crate::crm::resources) fn keep_started(
    crm: &mut CrmWorld,
    kept: &Kept,
    _: &Call<'_>,
) -> Result<(), Fault> {
    match started(crm, kept.id) {
        true => Err(Fault {
            code: "ALREADY_USED",
            message: "the action is associated with a workflow rule",
            details: json!({"id": kept.id.to_string()}),
        }),
        false => Ok(()),
    }
}

/// `PUT /settings/automation/workflow_rules/actions/reorder`
pub(in crate::crm::resources) fn reorder(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let mut sent = body::object(call)?;
    let mut order = match sent.remove("reorder") {
        Some(Value::Object(order)) => order,
        _ => {
            return Err(refuse::bad(
                "MANDATORY_NOT_FOUND",
                "required field not found",
                json!({"api_name": "reorder", "json_path": "$.reorder"}),
            ));
        }
    };
    let wishes = body::items(&mut order, "workflow_rules", 100)?;
    let rules = world.crm.shelves.all_mut(resource.name);
    let items: Vec<Item> = wishes
        .iter()
        .enumerate()
        .map(|(at, wish)| {
            let path = format!("$.reorder.workflow_rules[{at}]");
            let number_path = format!("{path}.module_specific_sequence");
            let number = wish
                .get("module_specific_sequence")
                .filter(|number| !number.is_null());
            let number = number.ok_or_else(|| Fault::missing("module_specific_sequence", &number_path))?;
            let number = number.as_u64().filter(|number| *number > 0);
            let number =
                number.ok_or_else(|| Fault::expected("integer", "module_specific_sequence", &number_path))?;
            let id = wish.get("id").and_then(ids::from_json);
            let from = rules.iter().position(|rule| Some(rule.id) == id);
            let from = from.ok_or_else(|| Fault::unknown_id(&format!("{path}.id")))?;
            let rule = rules.remove(from);
            let module = rule.link("module");
            // The number counts the rules of one module only.
            let same = rules
                .iter()
                .enumerate()
                .filter(|(_, other)| other.link("module") == module);
            let to = same
                .map(|(at, _)| at)
                .nth(number as usize - 1)
                .unwrap_or(rules.len());
            let text = rule.id.to_string();
            rules.insert(to, rule);
            Ok(Success::new("rules reordered successfully", json!({"id": text})))
        })
        .collect();
    Ok(batch::answer(world.dialect, "reorder", StatusCode::OK, items))
}

fn active(rule: &Kept) -> bool {
    rule.values.get("status").and_then(|status| status.get("active")) == Some(&Value::Bool(true))
}

/// `GET /settings/automation/workflow_rules/actions/rules_count`
pub(in crate::crm::resources) fn count(
    world: &mut World,
    resource: &'static Resource,
    _: &Call<'_>,
) -> Outcome {
    let rules = world.crm.shelves.all(resource.name);
    let counts = json!({
        "active_rules_configured": rules.iter().filter(|rule| active(rule)).count(),
        "total_rules_configured": rules.len(), "active_rules_limit": 2_500, "total_rules_limit": 2_500,
        "active_rules_limit_per_module": 100, "total_rules_limit_per_module": 100, "rules_per_process_limit": 100,
        "scheduled_actions_per_rule_limit": 50, "total_actions_per_rule_limit": 100,
    });
    Ok(Answer::json(StatusCode::OK, &json!({"rules_count": counts})))
}

/// `GET /settings/automation/workflow_rules/actions/module_specific_count`
pub(in crate::crm::resources) fn count_by_module(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &world.crm;
    let wish = call.query("module").filter(|name| !name.is_empty());
    let modules = crm
        .schema
        .modules
        .iter()
        .filter(|module| wish.is_none_or(|wish| wish == module.api_name));
    let counts = modules.filter_map(|module| {
        let rules = crm.shelves.all(resource.name).iter();
        let rules: Vec<&Kept> = rules
            .filter(|rule| rule.link("module") == Some(module.id))
            .collect();
        let wanted = !rules.is_empty() || wish.is_some();
        wanted.then(|| {
            json!({
                "module": {"id": module.id.to_string(), "api_name": module.api_name},
                "active_rules_configured": rules.iter().filter(|rule| active(rule)).count(),
                "total_rules_configured": rules.len(),
            })
        })
    });
    let counts: Vec<Value> = counts.collect();
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"module_specific_count": counts}),
    ))
}

/// `GET /settings/automation/workflow_rules/actions/actions_count?ids=`
pub(in crate::crm::resources) fn count_actions(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let named = call
        .query("ids")
        .filter(|ids| !ids.is_empty())
        .ok_or_else(|| refuse::required_param("ids"))?;
    let rules = named.split(',').filter_map(|text| {
        let rule = world.crm.shelves.get(resource.name, ids::parse(text.trim())?)?;
        let actions = actions(rule);
        let conditions = rule.values.get("conditions").and_then(Value::as_array).map_or(0, Vec::len);
        let conditions: Vec<Value> = (0..conditions)
            .map(|at| json!({"sequence_number": at + 1, "actions_count": actions.iter().filter(|found| found.0 == at).count()}))
            .collect();
        Some(json!({"id": rule.id.to_string(), "conditions": conditions}))
    });
    page(call, resource.key, rules.collect())
}

/// `GET /settings/automation/workflow_rules/{id}/actions/usage`: the mock runs no rules.
pub(in crate::crm::resources) fn usage(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let id = own_id(&world.crm, resource, call)?;
    for name in ["executed_from", "executed_till"] {
        let given = call.query(name).filter(|text| !text.is_empty());
        let given = given.ok_or_else(|| refuse::required_param(name))?;
        dated(name, given)?;
    }
    let rule = world.crm.shelves.get(resource.name, id);
    let usage = json!({
        "id": id.to_string(), "name": rule.and_then(|rule| rule.text("name")), "trigger_count": 0, "conditions": [],
    });
    Ok(Answer::json(StatusCode::OK, &json!({"workflow_rules": [usage]})))
}

/// A day or an instant in the query.
fn dated(name: &str, text: &str) -> Result<(), Refusal> {
    match time::parse_date(text).is_some() || time::parse_header_instant(text).is_some() {
        true => Ok(()),
        false => Err(refuse::pattern(name)),
    }
}

/// `GET /settings/automation/webhooks/actions/associated_modules`
pub(in crate::crm::resources) fn webhook_modules(
    world: &mut World,
    resource: &'static Resource,
    _: &Call<'_>,
) -> Outcome {
    let crm = &world.crm;
    let used = |id: u64| {
        crm.shelves
            .all(resource.name)
            .iter()
            .any(|hook| hook.link("module") == Some(id))
    };
    let modules = crm.schema.modules.iter().filter(|module| used(module.id));
    let modules: Vec<Value> = modules
        .map(
            |module| json!({"id": module.id.to_string(), "api_name": module.api_name, "name": module.plural}),
        )
        .collect();
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"associated_modules": modules}),
    ))
}
