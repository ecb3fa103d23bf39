//! Layouts: each module has its standard one, whose only section shows all fields.

use http::StatusCode;
use serde_json::{Value, json};

use super::fields;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::people::PROFILES;
use crate::crm::schema::{Module, ModuleIndex};
use crate::crm::{CrmWorld, ids, path, refuse};
use crate::world::World;

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

fn shown(crm: &CrmWorld, index: ModuleIndex, module: &Module) -> Value {
    let id = crm.ids.layout(index).to_string();
    let view = json!({"name": "Standard View", "id": id, "type": "layout"});
    let profiles: Vec<Value> = PROFILES
        .iter()
        .enumerate()
        .map(|(at, name)| {
            json!({"name": name, "id": crm.ids.profile(at).to_string(), "default": true,
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
        "id": id, "name": "Standard", "api_name": "Standard", "display_label": "Standard", "mode": "all",
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
