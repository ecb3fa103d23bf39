//! Modules.

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::records::params;
use crate::crm::schema::Module;
use crate::crm::{CrmWorld, ids, path, refuse};
use crate::world::World;

pub(super) fn list_modules(world: &mut World, call: &Call<'_>) -> Outcome {
    // The modules are as old as the organization.
    if params::modified_since(call).is_some() {
        return Ok(Answer::not_modified());
    }
    let crm = &world.crm;
    let modules: Vec<Value> = crm
        .schema
        .modules
        .iter()
        .enumerate()
        .map(|(index, module)| shown(crm, index, module))
        .collect();
    Ok(Answer::json(StatusCode::OK, &json!({"modules": modules})))
}

/// By API name or id.
pub(super) fn get_module(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let name = path(call, 0);
    let id = ids::parse(name);
    let index = crm
        .schema
        .modules
        .iter()
        .position(|module| module.api_name == name || Some(module.id) == id)
        .ok_or_else(refuse::invalid_module)?;
    let module = crm.schema.module(index).ok_or_else(refuse::invalid_module)?;
    let mut shown = shown(crm, index, module);
    if let (Some(shown), Some(display)) = (shown.as_object_mut(), module.display_field()) {
        let display = json!({"api_name": display.api_name, "id": display.id.to_string()});
        shown.insert("display_field".into(), display.clone());
        shown.insert("search_layout_fields".into(), json!([display["api_name"]]));
        shown.insert("per_page".into(), 10.into());
        shown.insert("kanban_view".into(), false.into());
    }
    Ok(Answer::json(StatusCode::OK, &json!({"modules": [shown]})))
}

fn shown(crm: &CrmWorld, index: usize, module: &Module) -> Value {
    let custom = module.fields.first().is_some_and(|field| field.custom);
    let profiles: Vec<Value> = crm
        .profiles()
        .map(|(id, name)| json!({"name": name, "id": id}))
        .collect();
    let mut shown = json!({
        "id": module.id.to_string(),
        "api_name": module.api_name,
        "module_name": module.plural,
        "singular_label": module.singular,
        "plural_label": module.plural,
        "actual_singular_label": module.singular,
        "actual_plural_label": module.plural,
        "generated_type": if custom { "custom" } else { "default" },
        "module_type": "ENTITIES",
        "access_type": "org_based",
        "status": "visible",
        "visibility": 1,
        "sequence_number": index + 1,
        "profiles": profiles,
        "profile_count": profiles.len(),
        "business_card_field_limit": 5,
        "parent_module": {},
        "arguments": [],
    });
    const YES: &[&str] = &[
        "global_search_supported",
        "api_supported",
        "creatable",
        "editable",
        "deletable",
        "viewable",
        "quick_create",
        "show_as_tab",
        "filter_supported",
        "feeds_required",
        "triggers_supported",
        "webform_supported",
        "recycle_bin_on_delete",
        "lookupable",
    ];
    const NO: &[&str] = &[
        "convertable",
        "public_fields_configured",
        "has_more_profiles",
        "sub_menu_available",
        "presence_sub_menu",
        "inventory_template_supported",
        "emailTemplate_support",
        "email_parser_supported",
        "isBlueprintSupported",
        "scoring_supported",
        "cc_enabled",
        "track_current_data",
    ];
    const NOTHING: &[&str] = &[
        "modified_time",
        "modified_by",
        "web_link",
        "description",
        "private_profile",
        "territory",
        "static_subform_properties",
    ];
    if let Some(shown) = shown.as_object_mut() {
        for (names, value) in [(YES, json!(true)), (NO, json!(false)), (NOTHING, Value::Null)] {
            shown.extend(names.iter().map(|name| ((*name).to_owned(), value.clone())));
        }
        if module.api_name == "Leads" {
            shown.insert("convertable".into(), true.into());
        }
    }
    shown
}
