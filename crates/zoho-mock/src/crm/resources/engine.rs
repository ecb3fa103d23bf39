//! The engine: what an address does with a resource, and the envelope around it.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::addresses;
use super::catalogue::{Action, Resource, Wrap};
use super::check;
use super::hooks::services;
use super::read::{get, list, only};
use super::shelf::Kept;
use super::show::shown;
use super::within::{above, depth, find, unknown_in_path};
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::records::params;
use crate::crm::{CrmWorld, body, ids, path, refuse};
use crate::world::World;

/// Runs the action of a call.
pub(super) fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    let Some((resource, action)) = addresses::action(call.route.id) else {
        return Err(refuse::invalid_id());
    };
    let crm = &mut world.crm;
    let (status, items) = match action {
        Action::Own(own) => return own(world, resource, call),
        Action::List => return list(crm, resource, call),
        Action::Get => return get(crm, resource, call),
        Action::Create => (created(call), create(crm, resource, call)?),
        Action::UpdateSeveral => (StatusCode::OK, update_several(crm, resource, call)?),
        Action::Update => (StatusCode::OK, vec![update_one(crm, resource, call)?]),
        Action::DeleteSeveral => (StatusCode::OK, delete_several(crm, resource, call)?),
        Action::Delete => {
            needed(resource, call)?;
            let id = own_id(crm, resource, call)?;
            (
                StatusCode::OK,
                vec![delete(crm, resource, id, &id.to_string(), call)],
            )
        }
        Action::Clone => (created(call), vec![copy(crm, resource, call)?]),
        Action::Switch(name, on, message, refused) => {
            let id = own_id(crm, resource, call)?;
            (
                StatusCode::OK,
                vec![switch(crm, resource, id, (name, on), (message, refused))],
            )
        }
    };
    Ok(answer(world, resource, call, status, items))
}

/// The envelope of outcomes: a batch, or one outcome where the description has no batch.
pub(super) fn answer(
    world: &World,
    resource: &Resource,
    call: &Call<'_>,
    status: StatusCode,
    items: Vec<Item>,
) -> Answer {
    let key = call.route.batch.unwrap_or(resource.key);
    let mut answer = batch::answer(world.dialect, key, status, items.clone());
    if call.route.batch.is_none()
        && let Some(item) = items.into_iter().next()
    {
        let outcome = batch::outcome(item);
        let body = match resource.wrap {
            Wrap::List => outcome,
            Wrap::Always | Wrap::Once => json!({key: outcome}),
        };
        answer = Answer::json(answer.status, &body);
    }
    answer
}

/// 201, or whatever the description says of the operation.
fn created(call: &Call<'_>) -> StatusCode {
    let status = call
        .route
        .success
        .iter()
        .copied()
        .min_by_key(|status| match status {
            201 => 0,
            202 => 1,
            _ => 2,
        });
    status
        .and_then(|status| StatusCode::from_u16(status).ok())
        .unwrap_or(StatusCode::CREATED)
}

/// The things of a body: a list, or the one object.
fn sent(resource: &'static Resource, call: &Call<'_>) -> Result<Vec<Value>, Refusal> {
    let mut object = body::object(call)?;
    match resource.wrap {
        Wrap::List => body::items(&mut object, resource.key, resource.most),
        Wrap::Always | Wrap::Once => match object.remove(resource.key) {
            None | Some(Value::Null) => Err(refuse::bad(
                "MANDATORY_NOT_FOUND",
                "required field not found",
                json!({"api_name": resource.key, "json_path": format!("$.{}", resource.key)}),
            )),
            Some(one) => Ok(vec![one]),
        },
    }
}

/// Where a thing of a body stands.
fn place(resource: &Resource, at: usize) -> String {
    match resource.wrap {
        Wrap::List => format!("$.{}[{at}]", resource.key),
        Wrap::Always | Wrap::Once => format!("$.{}", resource.key),
    }
}

/// Does something with each thing of a body.
fn each(
    crm: &mut CrmWorld,
    resource: &'static Resource,
    call: &Call<'_>,
    mut step: impl FnMut(&mut CrmWorld, &Map<String, Value>, &str) -> Item,
) -> Result<Vec<Item>, Refusal> {
    let things = sent(resource, call)?;
    let items = things.iter().enumerate().map(|(at, thing)| {
        let path = place(resource, at);
        match thing.as_object() {
            Some(thing) => step(crm, thing, &path),
            None => Err(Fault::expected("jsonobject", resource.key, &path)),
        }
    });
    Ok(items.collect())
}

pub(super) fn create(
    crm: &mut CrmWorld,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Result<Vec<Item>, Refusal> {
    let above = above(crm, resource, call)?;
    if resource.wrap != Wrap::List && only(crm, resource, &above).is_some() {
        let details = json!({"api_name": resource.key, "json_path": format!("$.{}", resource.key)});
        return Err(refuse::bad("ALREADY_CONFIGURED", "already configured", details));
    }
    each(crm, resource, call, |crm, thing, path| {
        make(crm, resource, &above, thing, path, call)
    })
}

/// Makes one resource.
fn make(
    crm: &mut CrmWorld,
    resource: &'static Resource,
    above: &[u64],
    thing: &Map<String, Value>,
    path: &str,
    call: &Call<'_>,
) -> Item {
    let kept = draft(crm, resource, above, thing, path, call)?;
    keep(crm, resource, kept, path)
}

/// A resource that is not kept yet, made of what was sent.
pub(super) fn draft(
    crm: &mut CrmWorld,
    resource: &'static Resource,
    above: &[u64],
    thing: &Map<String, Value>,
    path: &str,
    call: &Call<'_>,
) -> Result<Kept, Fault> {
    let mut values = Map::new();
    check::take(crm, resource, thing, &mut values, path, true)?;
    let (now, user) = (call.now.as_second(), crm.caller(call));
    Ok(Kept {
        id: 0,
        within: above.to_vec(),
        values,
        created: now,
        modified: now,
        created_by: user,
        modified_by: user,
        system: false,
    })
}

/// Keeps a resource under an id of its own.
pub(super) fn keep(crm: &mut CrmWorld, resource: &'static Resource, mut kept: Kept, path: &str) -> Item {
    (resource.hooks.prepare)(crm, None, &mut kept, path)?;
    check::duplicate(crm, resource, &kept, path)?;
    kept.id = crm.ids.next();
    let id = kept.id;
    crm.shelves.push(resource.name, kept);
    (resource.hooks.settled)(crm, id);
    Ok(Success::new(resource.said[0], details(crm, resource, id)))
}

/// What is said of a resource that was written.
fn details(crm: &CrmWorld, resource: &'static Resource, id: u64) -> Value {
    if resource.record
        && let Some(details) = services::details(crm, resource, id)
    {
        return details;
    }
    match resource.wrap {
        Wrap::Always => json!({}),
        Wrap::List | Wrap::Once => json!({"id": id.to_string()}),
    }
}

fn update_several(
    crm: &mut CrmWorld,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Result<Vec<Item>, Refusal> {
    let above = above(crm, resource, call)?;
    each(crm, resource, call, |crm, thing, path| {
        let id_path = format!("{path}.id");
        let id = thing.get("id").filter(|id| !id.is_null());
        let id = ids::from_json(id.ok_or_else(|| Fault::missing("id", &id_path))?);
        let known = id.filter(|id| {
            crm.shelves
                .get(resource.name, *id)
                .is_some_and(|kept| kept.within == above)
        });
        change(
            crm,
            resource,
            known.ok_or_else(|| Fault::unknown_id(&id_path))?,
            thing,
            path,
            call,
        )
    })
}

fn update_one(crm: &mut CrmWorld, resource: &'static Resource, call: &Call<'_>) -> Result<Item, Refusal> {
    let things = sent(resource, call)?;
    let id = own_id(crm, resource, call)?;
    let path = place(resource, 0);
    Ok(match things.first().and_then(Value::as_object) {
        Some(thing) => change(crm, resource, id, thing, &path, call),
        None => Err(Fault::expected("jsonobject", resource.key, &path)),
    })
}

/// Changes one resource; what is not sent stays.
pub(super) fn change(
    crm: &mut CrmWorld,
    resource: &'static Resource,
    id: u64,
    thing: &Map<String, Value>,
    path: &str,
    call: &Call<'_>,
) -> Item {
    let unknown = || Fault::unknown_id(&format!("{path}.id"));
    let old = crm.shelves.get(resource.name, id).cloned().ok_or_else(unknown)?;
    let mut kept = old.clone();
    check::take(crm, resource, thing, &mut kept.values, path, false)?;
    (resource.hooks.prepare)(crm, Some(&old), &mut kept, path)?;
    check::duplicate(crm, resource, &kept, path)?;
    kept.modified = call.now.as_second();
    kept.modified_by = crm.caller(call);
    if let Some(place) = crm.shelves.get_mut(resource.name, id) {
        *place = kept;
    }
    (resource.hooks.settled)(crm, id);
    Ok(Success::new(resource.said[1], details(crm, resource, id)))
}

/// The resource that the address names, or the only one of its place.
pub(super) fn own_id(crm: &CrmWorld, resource: &'static Resource, call: &Call<'_>) -> Result<u64, Refusal> {
    let above = above(crm, resource, call)?;
    let (found, at) = match resource.wrap {
        Wrap::List => (
            find(crm, resource, &above, path(call, depth(resource))),
            depth(resource),
        ),
        Wrap::Always | Wrap::Once => (only(crm, resource, &above), 0),
    };
    found.map(|kept| kept.id).ok_or_else(|| unknown_in_path(call, at))
}

/// Refuses a deletion that lacks what it needs.
fn needed(resource: &Resource, call: &Call<'_>) -> Result<(), Refusal> {
    let lacks = |name: &&&str| call.query(name).is_none_or(str::is_empty);
    match resource.needs.iter().find(lacks) {
        Some(name) => Err(refuse::required_param(name)),
        None => Ok(()),
    }
}

fn delete_several(
    crm: &mut CrmWorld,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Result<Vec<Item>, Refusal> {
    needed(resource, call)?;
    let above = above(crm, resource, call)?;
    let named = params::id_list(call)?.ok_or_else(|| refuse::required_param("ids"))?;
    let items = named.iter().map(|(text, id)| {
        let known = id.filter(|id| {
            crm.shelves
                .get(resource.name, *id)
                .is_some_and(|kept| kept.within == above)
        });
        match known {
            Some(id) => delete(crm, resource, id, text, call),
            None => Err(Fault {
                code: "INVALID_DATA",
                message: "the id given seems to be invalid",
                details: json!({"id": text}),
            }),
        }
    });
    Ok(items.collect())
}

/// Deletes one resource.
pub(super) fn delete(
    crm: &mut CrmWorld,
    resource: &'static Resource,
    id: u64,
    text: &str,
    call: &Call<'_>,
) -> Item {
    let fault = |code, message| Fault {
        code,
        message,
        details: json!({"id": text}),
    };
    let kept = crm.shelves.get(resource.name, id).cloned();
    let kept = kept.ok_or_else(|| fault("INVALID_DATA", "the id given seems to be invalid"))?;
    if kept.system {
        return Err(fault("CANNOT_DELETE", "system defined data cannot be deleted"));
    }
    (resource.hooks.before_delete)(crm, &kept, call)?;
    crm.shelves.take(resource, id);
    Ok(Success::new(resource.said[2], json!({"id": text})))
}

/// Makes a copy: what is not sent is the original's.
fn copy(crm: &mut CrmWorld, resource: &'static Resource, call: &Call<'_>) -> Result<Item, Refusal> {
    let id = own_id(crm, resource, call)?;
    let Some(mut kept) = crm.shelves.get(resource.name, id).cloned() else {
        return Err(unknown_in_path(call, depth(resource)));
    };
    let mut wished = Map::new();
    if !call.body.iter().all(u8::is_ascii_whitespace)
        && let Some(Value::Object(first)) = sent(resource, call)?.into_iter().next()
    {
        wished = first;
    }
    if let Some(name) = kept.text("name").map(|name| format!("{name} - Copy")) {
        kept.values.insert("name".into(), name.into());
    }
    // Names that were made from the original's name are made anew.
    kept.values.remove("api_name");
    kept.values.extend(wished);
    let (above, values) = (kept.within, kept.values);
    Ok(make(crm, resource, &above, &values, &place(resource, 0), call))
}

fn switch(
    crm: &mut CrmWorld,
    resource: &'static Resource,
    id: u64,
    (name, on): (&'static str, bool),
    (message, refused): (&'static str, &'static str),
) -> Item {
    let now = crm
        .shelves
        .get(resource.name, id)
        .map(|kept| shown(crm, resource, kept));
    if now.is_some_and(|shown| shown.get(name) == Some(&Value::Bool(on))) {
        return Err(Fault {
            code: refused,
            message: "it is so already",
            details: json!({"id": id.to_string()}),
        });
    }
    if let Some(kept) = crm.shelves.get_mut(resource.name, id) {
        kept.values.insert(name.into(), on.into());
    }
    Ok(Success::new(message, json!({"id": id.to_string()})))
}
