//! Records that are shared with others, and what everybody sees of a module.

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::resources::catalogue::Resource;
use crate::crm::resources::engine;
use crate::crm::resources::shelf::Kept;
use crate::crm::resources::show;
use crate::crm::resources::within::above;
use crate::crm::{CrmWorld, body, ids};
use crate::world::World;

/// With whom a record is shared: the kind and the id.
fn partner(kept: &Kept) -> Option<(&str, u64)> {
    let with = kept.values.get("shared_with")?;
    Some((
        with.get("type")?.as_str()?,
        with.get("id").and_then(ids::from_json)?,
    ))
}

/// Whether there is somebody of that kind and id.
pub(super) fn there(crm: &CrmWorld, kind: &str, id: u64) -> bool {
    match kind {
        "users" => crm.users.get(id).is_some(),
        "groups" | "public_groups" => crm.shelves.get("user_groups", id).is_some(),
        kind => crm.shelves.get(kind, id).is_some(),
    }
}

/// A record is shared with somebody who is there, and once with each.
pub(in crate::crm::resources) fn check(
    crm: &mut CrmWorld,
    _: Option<&Kept>,
    kept: &mut Kept,
    path: &str,
) -> Result<(), Fault> {
    let path = format!("{path}.shared_with.id");
    let (kind, id) = partner(kept).ok_or_else(|| Fault::missing("id", &path))?;
    if !there(crm, kind, id) {
        return Err(Fault::unknown_id(&path));
    }
    let mut others = crm.shelves.all("share").iter();
    let same = |other: &Kept| {
        other.id != kept.id && other.within == kept.within && partner(other) == Some((kind, id))
    };
    match others.any(same) {
        true => Err(Fault {
            code: "ALREADY_SHARED",
            message: "record is already shared",
            details: json!({"api_name": "id", "json_path": path}),
        }),
        false => Ok(()),
    }
}

/// Who shared it, when, and with whom by name.
pub(in crate::crm::resources) fn shown(crm: &CrmWorld, kept: &Kept, name: &str) -> Option<Value> {
    match name {
        "shared_by" => show::user(crm, kept.created_by),
        "shared_time" => Some(crm.zone.text(kept.created).into()),
        "shared_with" => {
            let (kind, id) = partner(kept)?;
            let name = match kind {
                "users" => crm.users.get(id).map(crate::crm::people::User::full_name),
                "groups" => crm
                    .shelves
                    .get("user_groups", id)?
                    .text("name")
                    .map(str::to_owned),
                kind => crm.shelves.get(kind, id)?.text("name").map(str::to_owned),
            };
            let mut with = kept.values.get("shared_with")?.clone();
            with["name"] = name.into();
            Some(with)
        }
        _ => None,
    }
}

/// `PUT /{module}/{id}/actions/share`: from now on it is shared with these, and with nobody else.
pub(in crate::crm::resources) fn replace(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let above = above(crm, resource, call)?;
    let wishes = body::items(&mut body::object(call)?, resource.key, resource.most)?;
    let old = crm.shelves.all(resource.name).to_vec();
    crm.shelves
        .all_mut(resource.name)
        .retain(|kept| kept.within != above);
    let items: Vec<Item> = wishes
        .iter()
        .enumerate()
        .map(|(at, wish)| {
            let path = format!("$.share[{at}]");
            let wish = wish
                .as_object()
                .ok_or_else(|| Fault::expected("jsonobject", "share", &path))?;
            let kept = engine::draft(crm, resource, &above, wish, &path, call)?;
            engine::keep(crm, resource, kept, &path)
        })
        .collect();
    if items.iter().any(Result::is_err) {
        *crm.shelves.all_mut(resource.name) = old;
    }
    Ok(batch::answer(
        world.dialect,
        resource.key,
        StatusCode::CREATED,
        items,
    ))
}

/// `DELETE /{module}/{id}/actions/share`
pub(in crate::crm::resources) fn revoke(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let above = above(crm, resource, call)?;
    crm.shelves
        .all_mut(resource.name)
        .retain(|kept| kept.within != above);
    let outcome = batch::outcome(Ok(Success::new(resource.said[2], json!({}))));
    Ok(Answer::json(StatusCode::OK, &json!({resource.key: outcome})))
}

/// `PUT /settings/data_sharing`: modules are named by themselves, not by the id of a setting.
pub(in crate::crm::resources) fn update_data_sharing(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let wishes = body::items(&mut body::object(call)?, resource.key, resource.most)?;
    let items = wishes.iter().enumerate().map(|(at, wish)| -> Item {
        let path = format!("$.data_sharing[{at}]");
        let wish = wish
            .as_object()
            .ok_or_else(|| Fault::expected("jsonobject", resource.key, &path))?;
        let draft = engine::draft(crm, resource, &[], wish, &path, call)?;
        let module = draft.link("module");
        let known = crm
            .shelves
            .all(resource.name)
            .iter()
            .find(|kept| kept.link("module") == module);
        match known.map(|kept| kept.id) {
            Some(id) => engine::change(crm, resource, id, wish, &path, call),
            // A module that was added since has no setting yet.
            None => engine::keep(crm, resource, draft, &path),
        }
    });
    let items = items.collect();
    Ok(batch::answer(world.dialect, resource.key, StatusCode::OK, items))
}
