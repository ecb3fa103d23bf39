//! Layouts: each module has its standard one, whose only section shows all fields.

use http::StatusCode;
use serde_json::{Value, json};

use super::fields;
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::schema::{Module, ModuleIndex};
use crate::crm::{CrmWorld, body, ids, path, refuse};
use crate::world::World;

/// Layouts of one body.
const MOST: usize = 10;
/// Characters of a name.
const NAME: usize = 50;

pub(super) fn list_layouts(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let (index, module) = fields::module(crm, call)?;
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"layouts": [shown(crm, index, module)]}),
    ))
}

pub(super) fn get_layout(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let (index, module) = fields::module(crm, call)?;
    let id = ids::parse(path(call, 0)).ok_or_else(refuse::invalid_id)?;
    Ok(match id == crm.ids.layout(index) {
        true => Answer::json(StatusCode::OK, &json!({"layouts": [shown(crm, index, module)]})),
        false => Answer::no_content(),
    })
}

/// The layout of a path, if it is that of the module which the query names.
fn own(crm: &CrmWorld, call: &Call<'_>) -> Result<(ModuleIndex, Option<u64>), Refusal> {
    let (index, _) = fields::module(crm, call)?;
    let id = ids::parse(path(call, 0)).filter(|id| *id == crm.ids.layout(index));
    Ok((index, id))
}

pub(super) fn update_layouts(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let (index, _) = fields::module(crm, call)?;
    let wishes = body::items(&mut body::object(call)?, "layouts", MOST)?;
    let items = wishes.iter().enumerate().map(|(at, wish)| {
        let path = format!("$.layouts[{at}]");
        let id = wish.get("id").filter(|id| !id.is_null());
        let id = ids::from_json(id.ok_or_else(|| Fault::missing("id", &format!("{path}.id")))?);
        rename(crm, index, id, wish, &path)
    });
    let items = items.collect();
    Ok(batch::answer(world.dialect, "layouts", StatusCode::OK, items))
}

pub(super) fn update_layout(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let (index, id) = own(crm, call)?;
    let wishes = body::items(&mut body::object(call)?, "layouts", 1)?;
    let items = wishes
        .iter()
        .map(|wish| rename(crm, index, id, wish, "$.layouts[0]"))
        .collect();
    Ok(batch::answer(world.dialect, "layouts", StatusCode::OK, items))
}

/// Gives a layout another name.
fn rename(crm: &mut CrmWorld, index: ModuleIndex, id: Option<u64>, wish: &Value, path: &str) -> Item {
    let id = id.filter(|id| *id == crm.ids.layout(index));
    let id = id.ok_or_else(|| Fault::unknown_id(&format!("{path}.id")))?;
    match wish.get("name") {
        None | Some(Value::Null) => {}
        Some(Value::String(name)) if name.chars().count() > NAME => {
            return Err(Fault::too_long(NAME as u32, "name", &format!("{path}.name")));
        }
        Some(Value::String(name)) if !name.trim().is_empty() => {
            crm.layout_names.insert(index, name.trim().to_owned());
        }
        Some(_) => return Err(Fault::expected("text", "name", &format!("{path}.name"))),
    }
    Ok(Success::new(
        "layout updated successfully",
        json!({"id": id.to_string()}),
    ))
}

/// A module's only layout is always active.
pub(super) fn activate_layout(world: &mut World, call: &Call<'_>) -> Outcome {
    refused(world, call, "ALREADY_ACTIVATED", "layout is already active")
}

pub(super) fn deactivate_layout(world: &mut World, call: &Call<'_>) -> Outcome {
    refused(
        world,
        call,
        "NOT_ALLOWED",
        "the standard layout cannot be deactivated",
    )
}

pub(super) fn delete_layout(world: &mut World, call: &Call<'_>) -> Outcome {
    refused(
        world,
        call,
        "NOT_ALLOWED",
        "the standard layout cannot be deleted",
    )
}

fn refused(world: &World, call: &Call<'_>, code: &'static str, message: &'static str) -> Outcome {
    let (_, id) = own(&world.crm, call)?;
    let id = id.ok_or_else(refuse::invalid_id)?;
    let fault = Fault {
        code,
        message,
        details: json!({"id": id.to_string()}),
    };
    Ok(batch::answer(
        world.dialect,
        "layouts",
        StatusCode::OK,
        vec![Err(fault)],
    ))
}

fn shown(crm: &CrmWorld, index: ModuleIndex, module: &Module) -> Value {
    let id = crm.ids.layout(index).to_string();
    let called = crm.layout_names.get(&index).map_or("Standard", String::as_str);
    let view = json!({"name": "Standard View", "id": id, "type": "layout"});
    let profiles: Vec<Value> = crm
        .profiles()
        .map(|(id, name)| {
            json!({"name": name, "id": id, "default": true,
                   "_default_view": view, "_default_assignment_view": view})
        })
        .collect();
    let mut fields: Vec<Value> = module
        .fields
        .iter()
        .enumerate()
        .map(|(place, field)| fields::shown(crm, index, place, field))
        .collect();
    for (place, (shown, field)) in fields.iter_mut().zip(&module.fields).enumerate() {
        shown["required"] = field.mandatory.into();
        shown["sequence_number"] = (place + 1).into();
    }
    let name = format!("{} Information", module.singular);
    json!({
        "id": id, "name": called, "api_name": "Standard", "display_label": called, "mode": "all",
        "status": "active", "source": "crm", "generated_type": "default", "visible": true,
        "show_business_card": true, "has_more_profiles": false, "created_time": null, "modified_time": null,
        "created_by": null, "modified_by": null, "created_for": null, "profiles": profiles,
        "actions_allowed": {"edit": true, "rename": true, "clone": true, "downgrade": false, "delete": false,
                            "deactivate": false, "set_layout_permissions": true},
        "sections": [{
            "name": name, "api_name": name, "display_label": name, "type": "used", "generated_type": "default",
            "sequence_number": 1, "column_count": 2, "tab_traversal": "left_to_right",
            "isSubformSection": false, "fields": fields,
        }],
    })
}
