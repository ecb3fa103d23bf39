//! Fields. What a field lacks is spelled by kind, as Zoho does: `{}`, `[]` or `null`, never left out.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::crm::schema::{Field, Kind, Module, ModuleIndex, Source};
use crate::crm::{CrmWorld, ids, path, refuse};
use crate::world::World;

pub(super) fn list_fields(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let (index, module) = module(crm, call)?;
    match call.query("type") {
        None | Some("" | "all" | "used") => {}
        Some("unused") => return Ok(Answer::no_content()),
        Some(_) => return Err(refuse::unsupported_value("type", &["all", "used", "unused"])),
    }
    let fields: Vec<Value> = module
        .fields
        .iter()
        .enumerate()
        .map(|(place, field)| shown(crm, index, place, field))
        .collect();
    Ok(Answer::json(StatusCode::OK, &json!({"fields": fields})))
}

pub(super) fn get_field(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let (index, module) = module(crm, call)?;
    let id = ids::parse(path(call, 0)).ok_or_else(refuse::invalid_id)?;
    let place = module
        .fields
        .iter()
        .position(|field| field.id == id)
        .ok_or_else(refuse::invalid_id)?;
    let field = module.fields.get(place).ok_or_else(refuse::invalid_id)?;
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"fields": [shown(crm, index, place, field)]}),
    ))
}

pub(super) fn list_pick_list_values(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let (_, module) = module(crm, call)?;
    let id = ids::parse(path(call, 0)).ok_or_else(refuse::invalid_id)?;
    let field = module.fields.iter().find(|field| field.id == id);
    let values = picks(crm, field.ok_or_else(refuse::invalid_id)?);
    Ok(match values.as_array().is_some_and(Vec::is_empty) {
        true => Answer::no_content(),
        false => Answer::json(StatusCode::OK, &json!({"pick_list_values": values})),
    })
}

pub(super) fn module<'a>(crm: &'a CrmWorld, call: &Call<'_>) -> Result<(ModuleIndex, &'a Module), Refusal> {
    let name = call.query("module").filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| refuse::required_param("module"))?;
    let found = crm
        .schema
        .find(name)
        .and_then(|index| Some((index, crm.schema.module(index)?)));
    found.ok_or_else(|| {
        refuse::bad(
            "INVALID_MODULE",
            "the module name given seems to be invalid",
            json!({"param_name": "module"}),
        )
    })
}

/// A field as the settings describe it.
pub(crate) fn shown(crm: &CrmWorld, index: ModuleIndex, place: usize, field: &Field) -> Value {
    let system = !matches!(field.source, Source::Cell(_));
    // The system's own times are not called read only; they just cannot be written.
    let read_only = field.read_only && !system;
    let writable = !field.read_only;
    let profiles: Vec<Value> = crm
        .profiles()
        .map(|(id, name)| {
            let permission = if field.read_only {
                "read_only"
            } else {
                "read_write"
            };
            json!({"permission_type": permission, "name": name, "id": id})
        })
        .collect();
    let decimals = match field.kind {
        Kind::Double | Kind::Percent | Kind::Currency => json!(2),
        _ => Value::Null,
    };
    let shown = json!({
        "id": field.id.to_string(),
        "api_name": field.api_name,
        "field_label": field.label,
        "display_label": field.label,
        "data_type": field.kind.data_type(),
        "json_type": if field.kind == Kind::BigInt || field.kind == Kind::Id { "string" } else { field.kind.json_type() },
        "length": field.length,
        "decimal_place": decimals,
        "system_mandatory": field.mandatory,
        "read_only": read_only,
        "field_read_only": read_only,
        "custom_field": field.custom,
        "visible": field.api_name != "id",
        "pick_list_values": picks(crm, field),
        "pick_list_values_sorted_lexically": false,
        "lookup": lookup(crm, field),
        "unique": if field.unique { json!({"casesensitive": false}) } else { json!({}) },
        "currency": if field.kind == Kind::Currency {
            json!({"rounding_option": "normal", "precision": 2})
        } else {
            json!({})
        },
        "operation_type": {
            "web_update": writable, "api_create": writable, "web_create": writable, "api_update": writable,
        },
        "view_type": {"view": true, "edit": writable, "create": writable, "quick_create": field.mandatory},
        "profiles": profiles,
    });
    let mut shown = with_the_rest(shown, index, place, field);
    if let Some(picklist) = field
        .global_picklist
        .and_then(|id| crm.shelves.get("global_picklists", id))
    {
        shown["global_picklist"] =
            json!({"id": picklist.id.to_string(), "api_name": picklist.text("api_name")});
    }
    shown
}

fn with_the_rest(mut shown: Value, index: ModuleIndex, place: usize, field: &Field) -> Value {
    const OBJECTS: &[&str] = &[
        "auto_number",
        "formula",
        "multi_module_lookup",
        "multiselectlookup",
        "rollup_summary",
        "email_parser",
        "private",
    ];
    const NOTHING: &[&str] = &[
        "associated_module",
        "association_details",
        "created_time",
        "modified_time",
        "created_source",
        "crypt",
        "external",
        "global_picklist",
        "history_tracking",
        "tooltip",
        "customizable_properties",
        "subform",
        "convert_mapping",
    ];
    const NO: &[&str] = &[
        "webhook",
        "businesscard_supported",
        "quick_sequence_supported",
        "mass_update_blocked",
        "enable_colour_code",
        "blueprint_supported",
    ];
    let searchable = field.kind.is_text() || field.kind == Kind::Picklist;
    let sortable = !matches!(
        field.kind,
        Kind::TextArea | Kind::Subform | Kind::Image | Kind::Tags
    );
    if let Some(shown) = shown.as_object_mut() {
        let mut put = |names: &[&str], value: Value| {
            shown.extend(names.iter().map(|name| ((*name).to_owned(), value.clone())));
        };
        put(OBJECTS, Value::Object(Map::new()));
        put(NOTHING, Value::Null);
        put(NO, json!(false));
        put(&["searchable"], searchable.into());
        put(&["sortable", "filterable"], sortable.into());
        put(&["mass_update"], (!field.read_only && sortable).into());
        put(&["display_field"], false.into());
        put(&["separator", "virtual_field"], false.into());
        put(&["type"], "used".into());
        put(&["display_type"], (-1).into());
        put(&["ui_type"], ui_type(field.kind).into());
        put(&["sequence_number"], (place + 1).into());
        put(
            &["quick_sequence_number"],
            format!("{}", 100 * (index + 1) + place).into(),
        );
    }
    shown
}

fn ui_type(kind: Kind) -> u32 {
    match kind {
        Kind::Text | Kind::Id => 1,
        Kind::Picklist => 2,
        Kind::TextArea => 3,
        Kind::Website => 21,
        Kind::Date => 24,
        Kind::Email => 25,
        Kind::Integer | Kind::BigInt => 32,
        Kind::Phone => 33,
        Kind::Currency => 36,
        Kind::Percent => 37,
        Kind::Double => 38,
        Kind::MultiPicklist => 100,
        Kind::Boolean => 301,
        Kind::DateTime => 333,
        Kind::Owner | Kind::User => 8,
        Kind::Lookup(_) | Kind::AnyLookup => 4,
        Kind::Image | Kind::Subform | Kind::Tags => 209,
    }
}

fn lookup(crm: &CrmWorld, field: &Field) -> Value {
    let Kind::Lookup(target) = field.kind else {
        return json!({});
    };
    let id = crm
        .schema
        .modules
        .iter()
        .find(|module| module.api_name == target)
        .map(|module| module.id.to_string());
    json!({
        "display_label": field.label, "api_name": null, "id": null, "revalidate_filter_during_edit": false,
        "query_details": {}, "module": {"id": id, "api_name": target},
    })
}

/// Picklist values come in two shapes: stages of a sale know their probability and have no `-None-`.
fn picks(crm: &CrmWorld, field: &Field) -> Value {
    let values = field.picks.iter().enumerate().map(|(at, value)| {
        let id = crm.ids.pick(field.id, at).to_string();
        if field.closed {
            let (category, probability) = match *value {
                "Closed Won" => ("Closed Won", 100),
                lost if lost.starts_with("Closed") => ("Closed Lost", 0),
                _ => ("Pipeline", 10 * (at as u32 + 1)),
            };
            json!({
                "display_value": value, "actual_value": value, "reference_value": value, "id": id,
                "sequence_number": at + 2, "probability": probability,
                "forecast_type": if category == "Pipeline" { "Open" } else { category },
                "deal_category": if category == "Pipeline" { "Open" } else { category },
                "forecast_category": {"name": category, "id": crm.ids.pick(field.id, 90).to_string()},
            })
        } else {
            json!({
                "display_value": value, "actual_value": value, "reference_value": value, "id": id,
                "sequence_number": at + 1, "colour_code": null, "type": "used",
            })
        }
    });
    Value::Array(values.collect())
}
