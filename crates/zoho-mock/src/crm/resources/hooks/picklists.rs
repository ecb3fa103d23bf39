//! Lists to pick from: global picklists, what depends on a value, roles of contacts, and views.

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Outcome;
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::resources::catalogue::Resource;
use crate::crm::resources::engine::own_id;
use crate::crm::resources::read::page;
use crate::crm::resources::shelf::Kept;
use crate::crm::resources::within::above;
use crate::crm::{CrmWorld, body, ids, refuse};
use crate::world::World;

/// A role of contacts has a place among the others: the last, if none is said.
pub(in crate::crm::resources) fn contact_role(
    crm: &mut CrmWorld,
    old: Option<&Kept>,
    kept: &mut Kept,
    _: &str,
) -> Result<(), Fault> {
    let last = crm.shelves.all("contact_roles").len() + 1;
    if old.is_none() {
        kept.values
            .entry("sequence_number")
            .or_insert_with(|| last.into());
    }
    Ok(())
}

fn values(kept: &Kept) -> &[Value] {
    kept.values
        .get("pick_list_values")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Values of a picklist are complete and differ from each other.
pub(in crate::crm::resources) fn complete(
    _: &mut CrmWorld,
    _: Option<&Kept>,
    kept: &mut Kept,
    path: &str,
) -> Result<(), Fault> {
    let label = kept
        .text("display_label")
        .unwrap_or_default()
        .replace(|c: char| !c.is_alphanumeric(), "_");
    kept.values.entry("api_name").or_insert_with(|| label.into());
    let list = kept
        .values
        .get_mut("pick_list_values")
        .and_then(Value::as_array_mut);
    let mut seen: Vec<Value> = Vec::new();
    for (at, value) in list.into_iter().flatten().enumerate() {
        let path = format!("{path}.pick_list_values[{at}]");
        let value = value
            .as_object_mut()
            .ok_or_else(|| Fault::expected("jsonobject", "pick_list_values", &path))?;
        let shown = value
            .get("display_value")
            .filter(|shown| shown.as_str().is_some_and(|text| !text.is_empty()));
        let path = format!("{path}.display_value");
        let shown = shown
            .cloned()
            .ok_or_else(|| Fault::missing("display_value", &path))?;
        if seen.contains(&shown) {
            return Err(Fault::field(
                "DUPLICATE_DATA",
                "duplicate data",
                "display_value",
                &path,
            ));
        }
        for name in ["actual_value", "reference_value"] {
            value.entry(name).or_insert_with(|| shown.clone());
        }
        value.entry("type").or_insert_with(|| "used".into());
        value.insert("sequence_number".into(), (at + 1).into());
        seen.push(shown);
    }
    Ok(())
}

/// The fields that show the values of a global picklist: (module, field).
fn users(crm: &CrmWorld, picklist: u64) -> Vec<(Value, Value)> {
    let modules = crm.schema.modules.iter();
    let fields = modules.flat_map(|module| module.fields.iter().map(move |field| (module, field)));
    fields
        .filter(|(_, field)| field.global_picklist == Some(picklist))
        .map(|(module, field)| {
            (
                json!({"id": module.id.to_string(), "api_name": module.api_name}),
                json!({"id": field.id.to_string(), "api_name": field.api_name}),
            )
        })
        .collect()
}

/// How many fields use a picklist, and in which modules.
pub(in crate::crm::resources) fn derive(crm: &CrmWorld, kept: &Kept, name: &str) -> Option<Value> {
    match name {
        "associated_fields_count" => Some(users(crm, kept.id).len().into()),
        "used_in_modules" => Some(
            users(crm, kept.id)
                .into_iter()
                .map(|(module, _)| module)
                .collect(),
        ),
        _ => None,
    }
}

/// A picklist that a field uses stays.
pub(in crate::crm::resources) fn before_delete(
    crm: &mut CrmWorld,
    kept: &Kept,
    _: &Call<'_>,
) -> Result<(), Fault> {
    match users(crm, kept.id).is_empty() {
        true => Ok(()),
        false => Err(Fault {
            code: "NOT_ALLOWED",
            message: "the global picklist is associated with fields",
            details: json!({"id": kept.id.to_string()}),
        }),
    }
}

/// `GET /settings/global_picklists/{id}/actions/associations`
pub(in crate::crm::resources) fn associations(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let id = own_id(&world.crm, resource, call)?;
    let found = users(&world.crm, id).into_iter();
    let found = found.map(|(module, field)| json!({"field": field, "module": module, "layouts": []}));
    page(call, "associations", found.collect())
}

/// `GET /settings/global_picklists/{id}/actions/pick_list_values_associations`
pub(in crate::crm::resources) fn value_associations(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let id = own_id(&world.crm, resource, call)?;
    let named = call.query("picklist_value_id").filter(|id| !id.is_empty());
    let named = named.ok_or_else(|| refuse::required_param("picklist_value_id"))?;
    let kept = world.crm.shelves.get(resource.name, id);
    let known = kept.is_some_and(|kept| {
        values(kept)
            .iter()
            .any(|value| value.get("id") == Some(&json!(named)))
    });
    if !known {
        return Err(refuse::bad(
            "INVALID_DATA",
            "invalid data",
            json!({"param_name": "picklist_value_id"}),
        ));
    }
    let resources: Vec<Value> = users(&world.crm, id)
        .into_iter()
        .map(|(module, field)| json!({"id": field["id"], "name": field["api_name"], "details": {"module": module}}))
        .collect();
    let found = match resources.is_empty() {
        true => Vec::new(),
        false => vec![json!({"type": "fields", "resources": resources})],
    };
    page(call, "pick_list_values_associations", found)
}

/// `GET /settings/global_picklists/{id}/actions/replaced_values`
pub(in crate::crm::resources) fn replaced(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let id = own_id(&world.crm, resource, call)?;
    let kept = world.crm.shelves.get(resource.name, id);
    let gone = kept
        .and_then(|kept| kept.values.get("replaced_values"))
        .and_then(Value::as_array);
    page(call, "replaced_values", gone.cloned().unwrap_or_default())
}

/// `POST /settings/global_picklists/{id}/actions/replace_picklist_values`
pub(in crate::crm::resources) fn replace(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let id = own_id(crm, resource, call)?;
    let key = "replace_picklist_values";
    let wishes = body::items(&mut body::object(call)?, key, 100)?;
    let items = wishes.iter().enumerate().map(|(at, wish)| -> Item {
        let path = format!("$.{key}[{at}]");
        let kept = crm.shelves.get(resource.name, id);
        let list = kept.map_or(&[][..], values);
        let place = |end: &str| {
            let given = wish.get(end).filter(|value| value.is_object());
            let given = given.ok_or_else(|| Fault::missing(end, &format!("{path}.{end}")))?;
            let same = |value: &&Value| {
                ["id", "display_value"].iter().any(|name| {
                    given
                        .get(name)
                        .is_some_and(|wish| !wish.is_null() && value.get(name) == Some(wish))
                })
            };
            list.iter()
                .find(same)
                .cloned()
                .ok_or_else(|| Fault::field("INVALID_DATA", "invalid data", end, &format!("{path}.{end}")))
        };
        let (old, new) = (place("old_value")?, place("new_value")?);
        if old == new {
            return Err(Fault::field(
                "INVALID_DATA",
                "invalid data",
                "new_value",
                &format!("{path}.new_value"),
            ));
        }
        if let Some(kept) = crm.shelves.get_mut(resource.name, id) {
            if let Some(list) = kept
                .values
                .get_mut("pick_list_values")
                .and_then(Value::as_array_mut)
            {
                list.retain(|value| *value != old);
            }
            let gone = kept.values.entry("replaced_values").or_insert_with(|| json!([]));
            gone.as_array_mut()
                .into_iter()
                .for_each(|gone| gone.push(old.clone()));
        }
        Ok(Success::new(
            "picklist values replaced successfully",
            json!({"id": id.to_string()}),
        ))
    });
    let items = items.collect();
    Ok(batch::answer(world.dialect, key, StatusCode::OK, items))
}

/// A dependency leads from one picklist of the module to another.
pub(in crate::crm::resources) fn dependency(
    crm: &mut CrmWorld,
    _: Option<&Kept>,
    kept: &mut Kept,
    path: &str,
) -> Result<(), Fault> {
    let module = kept.within.get(1).copied();
    let module = crm.schema.modules.iter().find(|known| Some(known.id) == module);
    let mut named = Vec::new();
    for end in ["parent", "child"] {
        let given = kept.values.get(end);
        let id = given.and_then(|given| given.get("id")).and_then(ids::from_json);
        let name = given
            .and_then(|given| given.get("api_name"))
            .and_then(Value::as_str);
        let field = module.and_then(|module| {
            let mut fields = module.fields.iter();
            fields.find(|field| Some(field.id) == id || id.is_none() && Some(field.api_name) == name)
        });
        let field = field.filter(|field| !field.picks.is_empty());
        let path = format!("{path}.{end}.id");
        let field = field.ok_or_else(|| Fault::field("INVALID_DATA", "invalid data", "id", &path))?;
        named.push((end, field.id, field.api_name));
    }
    if let [(_, parent, _), (_, child, _)] = named[..]
        && parent == child
    {
        return Err(Fault::field(
            "INVALID_DATA",
            "invalid data",
            "child",
            &format!("{path}.child"),
        ));
    }
    for (end, id, name) in named {
        kept.values
            .insert(end.into(), json!({"id": id.to_string(), "api_name": name}));
    }
    Ok(())
}

/// Sets how one view is sorted.
fn sorted(
    crm: &mut CrmWorld,
    resource: &'static Resource,
    id: Option<u64>,
    wish: &Value,
    path: &str,
) -> Item {
    let id = id.filter(|id| crm.shelves.get(resource.name, *id).is_some());
    let id = id.ok_or_else(|| Fault::unknown_id(&format!("{path}.id")))?;
    let order = wish.get("sort_order").and_then(Value::as_str);
    let order_path = format!("{path}.sort_order");
    let order = order.ok_or_else(|| Fault::missing("sort_order", &order_path))?;
    if !["asc", "desc"].contains(&order) {
        return Err(Fault {
            code: "INVALID_DATA",
            message: "invalid data",
            details: json!({"supported_values": ["asc", "desc"], "api_name": "sort_order", "json_path": order_path}),
        });
    }
    let by = wish.get("sort_by").filter(|by| by.is_object());
    let by = by.ok_or_else(|| Fault::missing("sort_by", &format!("{path}.sort_by")))?;
    let module = crm
        .shelves
        .get(resource.name, id)
        .and_then(|kept| kept.within.first().copied());
    let module = crm.schema.modules.iter().find(|known| Some(known.id) == module);
    let field = module.and_then(|module| {
        let id = by.get("id").and_then(ids::from_json);
        let name = by.get("api_name").and_then(Value::as_str);
        module
            .fields
            .iter()
            .find(|field| Some(field.id) == id || Some(field.api_name) == name)
    });
    let field = field.ok_or_else(|| {
        Fault::field(
            "INVALID_DATA",
            "invalid data",
            "sort_by",
            &format!("{path}.sort_by"),
        )
    })?;
    let by = json!({"id": field.id.to_string(), "api_name": field.api_name});
    if let Some(kept) = crm.shelves.get_mut(resource.name, id) {
        kept.values.insert("sort_by".into(), by);
        kept.values.insert("sort_order".into(), order.into());
    }
    Ok(Success::new(
        "Custom view sort updated successfully",
        json!({"id": id.to_string()}),
    ))
}

/// `PUT /settings/custom_views/actions/change_sort`
pub(in crate::crm::resources) fn sort_views(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let above = above(crm, resource, call)?;
    let wishes = body::items(&mut body::object(call)?, resource.key, resource.most)?;
    let items = wishes.iter().enumerate().map(|(at, wish)| {
        let id = wish.get("id").and_then(ids::from_json);
        let id = id.filter(|id| {
            crm.shelves
                .get(resource.name, *id)
                .is_some_and(|kept| kept.within == above)
        });
        sorted(crm, resource, id, wish, &format!("$.{}[{at}]", resource.key))
    });
    let items = items.collect();
    Ok(batch::answer(world.dialect, resource.key, StatusCode::OK, items))
}

/// `PUT /settings/custom_views/{id}/actions/change_sort`
pub(in crate::crm::resources) fn sort_view(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let crm = &mut world.crm;
    let id = own_id(crm, resource, call)?;
    let wishes = body::items(&mut body::object(call)?, resource.key, 1)?;
    let items = wishes
        .iter()
        .map(|wish| sorted(crm, resource, Some(id), wish, "$.custom_views[0]"))
        .collect();
    Ok(batch::answer(world.dialect, resource.key, StatusCode::OK, items))
}
