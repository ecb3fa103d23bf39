//! Users in territories, seen from both sides.

use http::StatusCode;
use serde_json::{Value, json};

use super::USER;
use crate::answer::{Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::resources::catalogue::Resource;
use crate::crm::resources::engine::own_id;
use crate::crm::resources::read::page;
use crate::crm::resources::within::unknown_in_path;
use crate::crm::{CrmWorld, body, ids, path, refuse};
use crate::world::World;

/// The territory and the user that the path names.
fn pair(crm: &CrmWorld, resource: &'static Resource, call: &Call<'_>) -> Result<(u64, u64), Refusal> {
    let territory = own_id(crm, resource, call)?;
    Ok((territory, user_at(crm, call, 1)?))
}

fn user_at(crm: &CrmWorld, call: &Call<'_>, at: usize) -> Result<u64, Refusal> {
    let user = ids::parse(path(call, at)).filter(|id| crm.users.get(*id).is_some());
    user.ok_or_else(|| unknown_in_path(call, at))
}

/// The users of a territory, as `/users` shows them.
fn users_of(crm: &CrmWorld, territory: u64, only: Option<u64>) -> Vec<Value> {
    let pairs = crm
        .shelves
        .pairs(USER)
        .filter(|(known, user)| *known == territory && only.is_none_or(|only| only == *user));
    pairs
        .filter_map(|(_, user)| Some(crm.shown_user(crm.users.get(user)?)))
        .collect()
}

/// `GET /settings/territories/{id}/users`
pub(in crate::crm::resources) fn users(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let territory = own_id(&world.crm, resource, call)?;
    page(call, "users", users_of(&world.crm, territory, None))
}

/// `GET /settings/territories/{id}/users/{user}`
pub(in crate::crm::resources) fn user(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let (territory, user) = pair(&world.crm, resource, call)?;
    page(call, "users", users_of(&world.crm, territory, Some(user)))
}

/// Puts a user into a territory.
fn put(crm: &mut CrmWorld, territory: u64, user: Option<u64>, path: &str) -> Item {
    let user = user.filter(|id| crm.users.get(*id).is_some_and(crate::crm::people::User::active));
    let user = user.ok_or_else(|| Fault::unknown_id(path))?;
    match crm.shelves.tie(USER, territory, user) {
        true => Ok(Success::new("User updated", json!({"id": user.to_string()}))),
        false => Err(Fault {
            code: "DUPLICATE_DATA",
            message: "the user is already in the territory",
            details: json!({"id": user.to_string()}),
        }),
    }
}

/// Takes a user out of a territory.
fn out(crm: &mut CrmWorld, territory: u64, text: &str) -> Item {
    let taken = ids::parse(text).is_some_and(|user| crm.shelves.untie(USER, territory, user));
    match taken {
        true => Ok(Success::new("User removed", json!({"id": text}))),
        false => Err(Fault {
            code: "INVALID_DATA",
            message: "the id given seems to be invalid",
            details: json!({"id": text}),
        }),
    }
}

fn said(world: &World, key: &str, items: Vec<Item>) -> Outcome {
    Ok(batch::answer(world.dialect, key, StatusCode::OK, items))
}

/// `PUT /settings/territories/{id}/users`
pub(in crate::crm::resources) fn add_users(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let territory = own_id(crm, resource, call)?;
    let users = body::items(&mut body::object(call)?, "users", 100)?;
    let items = users.iter().enumerate().map(|(at, user)| {
        put(
            crm,
            territory,
            user.get("id").and_then(ids::from_json),
            &format!("$.users[{at}].id"),
        )
    });
    let items = items.collect();
    said(world, "users", items)
}

/// `PUT /settings/territories/{id}/users/{user}`
pub(in crate::crm::resources) fn add_user(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let (territory, user) = pair(&world.crm, resource, call)?;
    let item = put(&mut world.crm, territory, Some(user), "$.users[0].id");
    said(world, "users", vec![item])
}

/// `DELETE /settings/territories/{id}/users?ids=`
pub(in crate::crm::resources) fn drop_users(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let territory = own_id(crm, resource, call)?;
    let named = call
        .query("ids")
        .filter(|ids| !ids.is_empty())
        .ok_or_else(|| refuse::required_param("ids"))?;
    let items = named
        .split(',')
        .map(|text| out(crm, territory, text.trim()))
        .collect();
    said(world, "users", items)
}

/// `DELETE /settings/territories/{id}/users/{user}`
pub(in crate::crm::resources) fn drop_user(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let territory = own_id(crm, resource, call)?;
    let item = out(crm, territory, path(call, 1));
    said(world, "users", vec![item])
}

/// The territories of a user, as `/users/{id}/territories` shows them.
fn territories_of(crm: &CrmWorld, user: u64, only: Option<u64>) -> Vec<Value> {
    let pairs = crm
        .shelves
        .pairs(USER)
        .filter(|(known, other)| *other == user && only.is_none_or(|only| only == *known));
    let shown = pairs.filter_map(|(territory, _)| {
        let kept = crm.shelves.get("territories", territory)?;
        let mut shown = json!({"id": territory.to_string(), "Name": kept.text("name")});
        let manager = kept.link("manager").and_then(|id| crm.users.get(id));
        if let Some(manager) = manager {
            shown["Manager"] = json!({"id": manager.id.to_string(), "name": manager.full_name()});
        }
        if let Some(above) = kept
            .link("reporting_to")
            .and_then(|id| crm.shelves.get("territories", id))
        {
            shown["Reporting_To"] = json!({"id": above.id.to_string(), "name": above.text("name")});
        }
        Some(shown)
    });
    shown.collect()
}

/// `GET /users/{id}/territories`
pub(in crate::crm::resources) fn of_user(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let user = user_at(&world.crm, call, 0)?;
    page(call, resource.key, territories_of(&world.crm, user, None))
}

/// `GET /users/{id}/territories/{territory}`
pub(in crate::crm::resources) fn one_of_user(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let user = user_at(&world.crm, call, 0)?;
    let territory = ids::parse(path(call, 1)).ok_or_else(|| unknown_in_path(call, 1))?;
    page(
        call,
        resource.key,
        territories_of(&world.crm, user, Some(territory)),
    )
}

/// `PUT /users/{id}/territories`
pub(in crate::crm::resources) fn give_user(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let user = user_at(crm, call, 0)?;
    let wished = body::items(&mut body::object(call)?, resource.key, 100)?;
    let items = wished.iter().enumerate().map(|(at, wish)| {
        let id = wish.get("id").and_then(ids::from_json);
        let id = id.filter(|id| crm.shelves.get(resource.name, *id).is_some());
        let id = id.ok_or_else(|| Fault::unknown_id(&format!("$.territories[{at}].id")))?;
        crm.shelves.tie(USER, id, user);
        Ok(Success::new(
            "Territories updated successfully",
            json!({"id": id.to_string()}),
        ))
    });
    let items = items.collect();
    said(world, resource.key, items)
}

fn leave(crm: &mut CrmWorld, user: u64, territory: Option<u64>, text: &str) -> Item {
    match territory.is_some_and(|territory| crm.shelves.untie(USER, territory, user)) {
        true => Ok(Success::new(
            "Territories removed successfully",
            json!({"id": text}),
        )),
        false => Err(Fault {
            code: "INVALID_DATA",
            message: "the id given seems to be invalid",
            details: json!({"id": text}),
        }),
    }
}

/// `DELETE /users/{id}/territories?ids=`, all of them without `ids`.
pub(in crate::crm::resources) fn drop_of_user(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let user = user_at(crm, call, 0)?;
    let named: Vec<String> = match call.query("ids").filter(|ids| !ids.is_empty()) {
        Some(ids) => ids.split(',').map(|id| id.trim().to_owned()).collect(),
        None => {
            let pairs = crm.shelves.pairs(USER).filter(|(_, other)| *other == user);
            pairs.map(|(territory, _)| territory.to_string()).collect()
        }
    };
    let items = named
        .iter()
        .map(|text| leave(crm, user, ids::parse(text), text))
        .collect();
    said(world, resource.key, items)
}

/// `DELETE /users/{id}/territories/{territory}`
pub(in crate::crm::resources) fn drop_one_of_user(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let user = user_at(crm, call, 0)?;
    let text = path(call, 1);
    let item = leave(crm, user, ids::parse(text), text);
    said(world, resource.key, vec![item])
}
