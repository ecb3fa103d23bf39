//! Territories: a tree, with users and records in its nodes.

pub(in crate::crm::resources) mod records;
pub(in crate::crm::resources) mod users;

use http::StatusCode;
use serde_json::{Value, json};

use super::people::{not_below_itself, report_to};
use crate::answer::Outcome;
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::resources::catalogue::Resource;
use crate::crm::resources::engine::own_id;
use crate::crm::resources::read::page;
use crate::crm::resources::shelf::Kept;
use crate::crm::resources::show::shown;
use crate::crm::{CrmWorld, body, ids};
use crate::world::World;

/// The tie of a territory and a user.
const USER: &str = "territory_user";
/// The tie of a territory and a record.
const RECORD: &str = "territory_record";

/// A territory is not below itself.
pub(in crate::crm::resources) fn check(
    crm: &mut CrmWorld,
    old: Option<&Kept>,
    kept: &mut Kept,
    path: &str,
) -> Result<(), Fault> {
    super::api_name(crm, old, kept, path)?;
    not_below_itself(crm, "territories", kept, path)
}

fn below(crm: &CrmWorld, id: u64) -> impl Iterator<Item = &Kept> {
    crm.shelves
        .all("territories")
        .iter()
        .filter(move |kept| kept.link("reporting_to") == Some(id))
}

/// A territory with others below it must be transferred.
pub(in crate::crm::resources) fn before_delete(
    crm: &mut CrmWorld,
    kept: &Kept,
    _: &Call<'_>,
) -> Result<(), Fault> {
    match below(crm, kept.id).next() {
        Some(_) => Err(Fault {
            code: "NOT_ALLOWED",
            message: "the territory has child territories",
            details: json!({"id": kept.id.to_string()}),
        }),
        None => Ok(()),
    }
}

/// `GET /settings/territories/{id}/__child_territories`
pub(in crate::crm::resources) fn children(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &world.crm;
    let id = own_id(crm, resource, call)?;
    page(
        call,
        resource.key,
        below(crm, id).map(|kept| shown(crm, resource, kept)).collect(),
    )
}

/// Gives all that is in a territory to another and deletes it.
fn hand_over(
    crm: &mut CrmWorld,
    resource: &'static Resource,
    id: Option<u64>,
    wish: &Value,
    path: &str,
) -> Item {
    let unknown = |key: &str| Fault::field("INVALID_DATA", "invalid data", key, &format!("{path}.{key}"));
    let known = |crm: &CrmWorld, id: u64| crm.shelves.get(resource.name, id).is_some();
    let id = id.filter(|id| known(crm, *id)).ok_or_else(|| unknown("id"))?;
    let heir = wish.get("transfer_to_id").filter(|heir| !heir.is_null());
    let heir = heir.ok_or_else(|| Fault::missing("transfer_to_id", &format!("{path}.transfer_to_id")))?;
    let heir = ids::from_json(heir).filter(|heir| *heir != id && known(crm, *heir));
    let heir = heir.ok_or_else(|| unknown("transfer_to_id"))?;
    report_to(crm, "territories", id, heir);
    for kind in [USER, RECORD] {
        let there: Vec<u64> = crm
            .shelves
            .pairs(kind)
            .filter(|(one, _)| *one == id)
            .map(|(_, other)| other)
            .collect();
        for other in there {
            crm.shelves.tie(kind, heir, other);
        }
    }
    crm.shelves.take(resource, id);
    Ok(Success::new(
        "territory deleted successfully",
        json!({"id": id.to_string()}),
    ))
}

/// `POST /settings/territories/actions/transfer_and_delete`
pub(in crate::crm::resources) fn transfer_several(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let wishes = body::items(&mut body::object(call)?, resource.key, resource.most)?;
    let items = wishes.iter().enumerate().map(|(at, wish)| {
        let path = format!("$.{}[{at}]", resource.key);
        hand_over(
            crm,
            resource,
            wish.get("id").and_then(ids::from_json),
            wish,
            &path,
        )
    });
    let items = items.collect();
    Ok(batch::answer(world.dialect, resource.key, StatusCode::OK, items))
}

/// `POST /settings/territories/{id}/actions/transfer_and_delete`
pub(in crate::crm::resources) fn transfer(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let id = own_id(crm, resource, call)?;
    let wishes = body::items(&mut body::object(call)?, resource.key, 1)?;
    let items = wishes
        .iter()
        .map(|wish| hand_over(crm, resource, Some(id), wish, "$.territories[0]"))
        .collect();
    Ok(batch::answer(world.dialect, resource.key, StatusCode::OK, items))
}

/// `GET /settings/territories/actions/associated_users_count`
pub(in crate::crm::resources) fn user_counts(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &world.crm;
    let counts = crm.shelves.all(resource.name).iter().map(|kept| {
        let count = crm.shelves.pairs(USER).filter(|(territory, _)| *territory == kept.id).count();
        json!({"territory": {"id": kept.id.to_string(), "name": kept.text("name")}, "count": count.to_string()})
    });
    page(call, "associated_users_count", counts.collect())
}
