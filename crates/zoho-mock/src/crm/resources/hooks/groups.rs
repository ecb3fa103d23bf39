//! Groups of users: who is in them, by users, roles, territories and other groups.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};

use super::shares::there;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::batch::Fault;
use crate::crm::people::Standing;
use crate::crm::resources::catalogue::Resource;
use crate::crm::resources::engine::own_id;
use crate::crm::resources::read::page;
use crate::crm::resources::shelf::Kept;
use crate::crm::resources::show::shown;
use crate::crm::{CrmWorld, ids, path, refuse};
use crate::world::World;

/// What a group can be made of.
const TYPES: &[&str] = &["users", "roles", "territories", "groups"];

/// A source of a group: its type and id.
fn source(value: &Value) -> Option<(&str, u64)> {
    let kind = value.get("type")?.as_str()?;
    Some((kind, value.get("source")?.get("id").and_then(ids::from_json)?))
}

/// Every source has a type and leads somewhere.
pub(in crate::crm::resources) fn check(
    crm: &mut CrmWorld,
    _: Option<&Kept>,
    kept: &mut Kept,
    path: &str,
) -> Result<(), Fault> {
    for (at, value) in sources_of(kept).iter().enumerate() {
        let path = format!("{path}.sources[{at}]");
        let kind = value.get("type").and_then(Value::as_str);
        let kind = kind.ok_or_else(|| Fault::missing("type", &format!("{path}.type")))?;
        if !TYPES.contains(&kind) {
            return Err(Fault {
                code: "INVALID_DATA",
                message: "invalid data",
                details: json!({"supported_values": TYPES, "api_name": "type", "json_path": format!("{path}.type")}),
            });
        }
        let path = format!("{path}.source.id");
        let id = source(value).ok_or_else(|| Fault::missing("id", &path))?.1;
        if !there(crm, kind, id) || kind == "groups" && id == kept.id {
            return Err(Fault::unknown_id(&path));
        }
    }
    Ok(())
}

fn sources_of(kept: &Kept) -> &[Value] {
    kept.values
        .get("sources")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Sources with names, and how many there are.
pub(in crate::crm::resources) fn derive(crm: &CrmWorld, kept: &Kept, name: &str) -> Option<Value> {
    match name {
        "sources" => Some(sources_of(kept).iter().map(|value| named(crm, value)).collect()),
        "sources_count" => Some(counts(crm, kept)),
        _ => None,
    }
}

fn named(crm: &CrmWorld, value: &Value) -> Value {
    let mut value = value.clone();
    let name = source(&value).and_then(|(kind, id)| match kind {
        "users" => crm.users.get(id).map(crate::crm::people::User::full_name),
        "groups" => crm
            .shelves
            .get("user_groups", id)?
            .text("name")
            .map(str::to_owned),
        kind => crm.shelves.get(kind, id)?.text("name").map(str::to_owned),
    });
    if let Some(source) = value.get_mut("source").and_then(Value::as_object_mut) {
        source.insert("name".into(), name.into());
    }
    value
}

fn counts(crm: &CrmWorld, kept: &Kept) -> Value {
    let of = |kind: &str| {
        let found: Vec<u64> = sources_of(kept)
            .iter()
            .filter_map(source)
            .filter(|(known, _)| *known == kind)
            .map(|(_, id)| id)
            .collect();
        found
    };
    let users = of("users");
    let standing = |wanted: Standing| {
        let found = users.iter().filter_map(|id| crm.users.get(*id));
        found.filter(|user| user.standing == wanted).count()
    };
    json!({
        "territories": of("territories").len(), "roles": of("roles").len(), "groups": of("groups").len(),
        "users": {
            "active": standing(Standing::Active), "inactive": standing(Standing::Inactive),
            "deleted": standing(Standing::Deleted),
        },
    })
}

/// The users of a group, through groups in it too.
fn members(crm: &CrmWorld, group: u64) -> BTreeSet<u64> {
    let mut members = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut ahead = vec![group];
    while let Some(group) = ahead.pop() {
        if !seen.insert(group) {
            continue;
        }
        let kept = crm.shelves.get("user_groups", group);
        for (kind, id) in kept.map_or(&[][..], sources_of).iter().filter_map(source) {
            match kind {
                "users" => members.extend([id]),
                "roles" => members.extend(
                    crm.users
                        .iter()
                        .filter(|user| user.role == id)
                        .map(|user| user.id),
                ),
                "territories" => {
                    let pairs = crm.shelves.pairs("territory_user");
                    members.extend(
                        pairs
                            .filter(|(territory, _)| *territory == id)
                            .map(|(_, user)| user),
                    );
                }
                _ => ahead.push(id),
            }
        }
    }
    members
}

/// `GET /settings/user_groups/{id}/sources`
pub(in crate::crm::resources) fn sources(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &world.crm;
    let id = own_id(crm, resource, call)?;
    let kept = crm.shelves.get(resource.name, id);
    page(
        call,
        "sources",
        kept.map_or(&[][..], sources_of)
            .iter()
            .map(|value| named(crm, value))
            .collect(),
    )
}

/// `GET /settings/user_groups/{id}/actions/sources_count`
pub(in crate::crm::resources) fn source_counts(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &world.crm;
    let id = own_id(crm, resource, call)?;
    let counts: Vec<Value> = crm
        .shelves
        .get(resource.name, id)
        .map(|kept| counts(crm, kept))
        .into_iter()
        .collect();
    Ok(Answer::json(StatusCode::OK, &json!({"sources_count": counts})))
}

/// `GET /settings/user_groups/{id}/actions/associations`: the groups that it is part of.
pub(in crate::crm::resources) fn associations(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &world.crm;
    let id = own_id(crm, resource, call)?;
    let holds = |kept: &&Kept| {
        sources_of(kept)
            .iter()
            .filter_map(source)
            .any(|found| found == ("groups", id))
    };
    let holders = crm.shelves.all(resource.name).iter().filter(holds);
    let holders: Vec<Value> = holders
        .map(|kept| {
            json!({"type": "user_groups", "resource": {"id": kept.id.to_string(), "name": kept.text("name")}, "details": {}})
        })
        .collect();
    Ok(Answer::json(StatusCode::OK, &json!({"associations": holders})))
}

/// `GET /settings/user_groups/actions/associated_users_count`
pub(in crate::crm::resources) fn user_counts(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &world.crm;
    let groups = crm.shelves.all(resource.name).iter();
    let counts = groups.map(|kept| {
        let group = json!({"id": kept.id.to_string(), "name": kept.text("name")});
        json!({"user_group": group, "count": members(crm, kept.id).len()})
    });
    page(call, "associated_users_count", counts.collect())
}

/// `GET /users/{id}/actions/associated_groups`
pub(in crate::crm::resources) fn of_user(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &world.crm;
    let user = ids::parse(path(call, 0))
        .and_then(|id| crm.users.get(id))
        .ok_or_else(refuse::invalid_id)?;
    let groups = crm.shelves.all(resource.name).iter();
    let groups = groups.filter(|kept| members(crm, kept.id).contains(&user.id));
    page(
        call,
        resource.key,
        groups.map(|kept| shown(crm, resource, kept)).collect(),
    )
}
