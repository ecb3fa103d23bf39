//! The contacts of a deal, each in a role.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::answer::{Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::records::params;
use crate::crm::resources::catalogue::Resource;
use crate::crm::resources::read::page;
use crate::crm::resources::shelf::Kept;
use crate::crm::resources::within::unknown_in_path;
use crate::crm::{CrmWorld, body, ids, path, refuse};
use crate::world::World;

/// Where the pairs of deals and contacts are kept.
const PAIRS: &str = "deal_contact_roles";

/// The deal that the path names: no other module has contacts in roles.
fn deal(crm: &CrmWorld, call: &Call<'_>) -> Result<u64, Refusal> {
    let deals = crm.schema.find("Deals").ok_or_else(refuse::invalid_module)?;
    if crm.schema.find(path(call, 0)) != Some(deals) {
        return Err(refuse::invalid_module());
    }
    let id = ids::parse(path(call, 1)).filter(|id| crm.has(deals, *id));
    id.ok_or_else(|| unknown_in_path(call, 1))
}

fn contact(crm: &CrmWorld, id: Option<u64>) -> Option<u64> {
    let contacts = crm.schema.find("Contacts")?;
    id.filter(|id| crm.has(contacts, *id))
}

/// The contacts of a deal with the wanted fields, all of them or one.
fn rows(crm: &CrmWorld, call: &Call<'_>, deal: u64, only: Option<u64>) -> Result<Vec<Value>, Refusal> {
    let fields = call.query("fields").filter(|fields| !fields.is_empty());
    let fields: Vec<&str> = fields
        .ok_or_else(|| refuse::required_param("fields"))?
        .split(',')
        .map(str::trim)
        .collect();
    let contacts = crm.schema.find("Contacts").ok_or_else(refuse::invalid_module)?;
    let pairs = crm.shelves.all(PAIRS).iter().filter(|pair| pair.within == [deal]);
    let pairs = pairs.filter(|pair| only.is_none_or(|only| pair.link("contact") == Some(only)));
    let shown = pairs.filter_map(|pair| {
        let contact = contact(crm, pair.link("contact"))?;
        let mut row = Map::from_iter([("id".to_owned(), contact.to_string().into())]);
        row.extend(crm.values(contacts, contact, &fields));
        let role = pair
            .link("role")
            .and_then(|id| crm.shelves.get("contact_roles", id));
        let role = role.map(|role| json!({"name": role.text("name"), "id": role.id.to_string()}));
        row.insert("Contact_Role".into(), role.into());
        Some(Value::Object(row))
    });
    Ok(shown.collect())
}

/// `GET /Deals/{id}/Contact_Roles`
pub(in crate::crm::resources) fn list(world: &mut World, _: &'static Resource, call: &Call<'_>) -> Outcome {
    let deal = deal(&world.crm, call)?;
    page(call, "data", rows(&world.crm, call, deal, None)?)
}

/// `GET /Deals/{id}/Contact_Roles/{contact}`
pub(in crate::crm::resources) fn get(world: &mut World, _: &'static Resource, call: &Call<'_>) -> Outcome {
    let deal = deal(&world.crm, call)?;
    let contact = ids::parse(path(call, 2)).ok_or_else(|| unknown_in_path(call, 2))?;
    page(call, "data", rows(&world.crm, call, deal, Some(contact))?)
}

/// Gives a contact of a deal a role, and makes it one of the deal's if it is not.
fn give(
    crm: &mut CrmWorld,
    deal: u64,
    contact_id: Option<u64>,
    wish: &Value,
    place: &str,
    call: &Call<'_>,
) -> Item {
    let contact = contact(crm, contact_id).ok_or_else(|| Fault::unknown_id(&format!("{place}.id")))?;
    let path = format!("{place}.Contact_Role.id");
    let role = wish
        .get("Contact_Role")
        .and_then(|role| role.get("id"))
        .filter(|id| !id.is_null());
    let role = ids::from_json(role.ok_or_else(|| Fault::missing("id", &path))?);
    let role = role.filter(|id| crm.shelves.get("contact_roles", *id).is_some());
    let role = role.ok_or_else(|| Fault::unknown_id(&path))?;
    let (now, user) = (call.now.as_second(), crm.caller(call));
    let role = json!({"id": role.to_string()});
    let pairs = crm.shelves.all_mut(PAIRS);
    let known = pairs
        .iter_mut()
        .find(|pair| pair.within == [deal] && pair.link("contact") == Some(contact));
    match known {
        Some(pair) => {
            pair.values.insert("role".into(), role);
            pair.modified = now;
            pair.modified_by = user;
        }
        None => pairs.push(Kept {
            id: 0,
            within: vec![deal],
            values: Map::from_iter([
                ("contact".to_owned(), json!({"id": contact.to_string()})),
                ("role".to_owned(), role),
            ]),
            created: now,
            modified: now,
            created_by: user,
            modified_by: user,
            system: false,
        }),
    }
    Ok(Success::new(
        "contact role updated",
        json!({"id": contact.to_string()}),
    ))
}

/// `PUT /Deals/{id}/Contact_Roles`
pub(in crate::crm::resources) fn update_several(
    world: &mut World,
    _: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let deal = deal(crm, call)?;
    let wishes = body::items(&mut body::object(call)?, "data", 100)?;
    let items = wishes.iter().enumerate().map(|(at, wish)| {
        let id = wish.get("id").and_then(ids::from_json);
        give(crm, deal, id, wish, &format!("$.data[{at}]"), call)
    });
    let items = items.collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

/// `PUT /Deals/{id}/Contact_Roles/{contact}`
pub(in crate::crm::resources) fn update(world: &mut World, _: &'static Resource, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let deal = deal(crm, call)?;
    let wishes = body::items(&mut body::object(call)?, "data", 1)?;
    let id = ids::parse(path(call, 2));
    let items = wishes
        .iter()
        .map(|wish| give(crm, deal, id, wish, "$.data[0]", call))
        .collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

/// Ends a contact's part in a deal.
fn end(crm: &mut CrmWorld, deal: u64, text: &str) -> Item {
    let contact = ids::parse(text);
    let pairs = crm.shelves.all_mut(PAIRS);
    let at = pairs
        .iter()
        .position(|pair| pair.within == [deal] && contact.is_some() && pair.link("contact") == contact);
    let at = at.ok_or_else(|| Fault {
        code: "INVALID_DATA",
        message: "the related id given seems to be invalid",
        details: json!({"id": text}),
    })?;
    pairs.remove(at);
    Ok(Success::new("relation removed", json!({"id": text})))
}

/// `DELETE /Deals/{id}/Contact_Roles?ids=`
pub(in crate::crm::resources) fn remove_several(
    world: &mut World,
    _: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let deal = deal(crm, call)?;
    let named = params::id_list(call)?.ok_or_else(|| refuse::required_param("ids"))?;
    let items = named.iter().map(|(text, _)| end(crm, deal, text)).collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

/// `DELETE /Deals/{id}/Contact_Roles/{contact}`
pub(in crate::crm::resources) fn remove(world: &mut World, _: &'static Resource, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let deal = deal(crm, call)?;
    let item = end(crm, deal, path(call, 2));
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, vec![item]))
}
