//! Roles and profiles: those that an organization starts with, to be read.

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::people::{PROFILES, ROLES};
use crate::crm::{CrmWorld, ids, path, refuse};
use crate::world::World;

pub(super) fn list_roles(world: &mut World, _call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let roles: Vec<Value> = ROLES
        .iter()
        .enumerate()
        .map(|(at, name)| role(crm, at, name))
        .collect();
    Ok(Answer::json(StatusCode::OK, &json!({"roles": roles})))
}

pub(super) fn get_role(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let id = ids::parse(path(call, 0)).ok_or_else(refuse::invalid_id)?;
    let mut roles = ROLES.iter().enumerate();
    Ok(match roles.find(|(at, _)| crm.ids.role(*at) == id) {
        Some((at, name)) => Answer::json(StatusCode::OK, &json!({"roles": [role(crm, at, name)]})),
        None => Answer::no_content(),
    })
}

pub(super) fn list_profiles(world: &mut World, _call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let profiles: Vec<Value> = PROFILES
        .iter()
        .enumerate()
        .map(|(at, name)| profile(crm, at, name))
        .collect();
    let info = json!({"license_limit": 2});
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"profiles": profiles, "info": info}),
    ))
}

pub(super) fn get_profile(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let id = ids::parse(path(call, 0)).ok_or_else(refuse::invalid_id)?;
    let mut profiles = PROFILES.iter().enumerate();
    Ok(match profiles.find(|(at, _)| crm.ids.profile(*at) == id) {
        Some((at, name)) => {
            let mut profile = profile(crm, at, name);
            profile["permissions_details"] = json!([]);
            profile["sections"] = json!([]);
            Answer::json(StatusCode::OK, &json!({"profiles": [profile]}))
        }
        None => Answer::no_content(),
    })
}

/// A role; the first is at the top, the others report to it.
fn role(crm: &CrmWorld, at: usize, name: &str) -> Value {
    let top = ROLES.first().filter(|_| at > 0);
    let reporting_to = top.map(|top| json!({"name": top, "id": crm.ids.role(0).to_string()}));
    let maker = crm.users.get(crm.ids.administrator);
    let maker = maker.map(|user| json!({"name": user.full_name(), "id": user.id.to_string()}));
    json!({
        "id": crm.ids.role(at).to_string(), "name": name, "api_name": name, "display_label": name,
        "description": null, "reporting_to": reporting_to, "forecast_manager": null, "share_with_peers": at == 0,
        "created_by__s": maker, "modified_by__s": maker, "created_time__s": null, "modified_time__s": null,
    })
}

/// A profile; both belong to the system.
fn profile(crm: &CrmWorld, at: usize, name: &str) -> Value {
    json!({
        "id": crm.ids.profile(at).to_string(), "name": name, "api_name": name, "display_label": name,
        "description": null, "type": "normal_profile", "custom": false, "default": at == 1,
        "created_time": null, "modified_time": null, "created_by": null, "modified_by": null,
    })
}
