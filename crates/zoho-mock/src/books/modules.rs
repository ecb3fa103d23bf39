//! Records of the modules that an organization makes for itself: called by their module, with fields of their own.
//!
//! A module's fields are not described anywhere: whatever is sent under `cf_` and a name is kept under it.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::catalogue::{Type, named};
use super::organization::{Organization, instant};
use super::refuse::{invalid, missing, nowhere};
use super::reply::{message, success, wrapped};
use super::table::Row;
use super::which::{digits, last_id, parent};
use super::write;
use super::{body, custom, list};
use crate::answer::{Outcome, Refusal};
use crate::call::Call;

/// Rows of a page when the query does not say.
const ROWS: &str = "10";

/// `GET /cm_debtor`
pub(super) fn list(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let module = module(organization, ty, call)?;
    let mut query = call.query.to_vec();
    if call.query("per_page").is_none() {
        query.push(("per_page".to_owned(), ROWS.to_owned()));
    }
    let call = Call {
        path: call.path.clone(),
        query: query.into(),
        ..*call
    };
    Ok(success(list::list_as(
        organization,
        ty,
        Some(module),
        &call,
        row,
    )?))
}

/// `POST /cm_debtor`
pub(super) fn create(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let module = module(organization, ty, call)?;
    let sent = fields(body::object(call)?);
    let id = write::create(organization, ty, module, &sent)?;
    let text = format!("{} is created successfully", noun(organization, ty, module));
    written(organization, ty, id, &text, StatusCode::CREATED)
}

/// `GET /cm_debtor/1`
pub(super) fn get(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let module = module(organization, ty, call)?;
    let id = record(organization, ty, module, last_id(call))?;
    let record = organization.existing(ty, id)?;
    let mut content = Map::new();
    content.insert("module_record".into(), details(organization, ty, record));
    content.insert("module_record_hash".into(), row(organization, ty, record));
    content.insert("users".into(), json!([]));
    Ok(success(content))
}

/// `PUT /cm_debtor/1`
pub(super) fn update(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let module = module(organization, ty, call)?;
    let id = record(organization, ty, module, last_id(call))?;
    write::update(organization, ty, id, &fields(body::object(call)?))?;
    let text = format!("{} is updated successfully.", noun(organization, ty, module));
    written(organization, ty, id, &text, StatusCode::OK)
}

/// `PUT /cm_debtor`: the body names its record.
pub(super) fn update_named(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let module = module(organization, ty, call)?;
    let sent = body::object(call)?;
    let id = sent.get(ty.id).and_then(digits).ok_or_else(|| invalid(ty.id))?;
    let id = record(organization, ty, module, Some(id))?;
    write::update(organization, ty, id, &fields(sent))?;
    written(
        organization,
        ty,
        id,
        "The records have been updated.",
        StatusCode::OK,
    )
}

/// `DELETE /cm_debtor/1`
pub(super) fn delete(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let module = module(organization, ty, call)?;
    let id = record(organization, ty, module, last_id(call))?;
    write::delete(organization, ty, id)?;
    Ok(message("success"))
}

/// `DELETE /cm_debtor?record_ids=1,2`: all of them or none.
pub(super) fn delete_several(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let module = module(organization, ty, call)?;
    let named = call.query("record_ids").filter(|ids| !ids.is_empty());
    let named = named.ok_or_else(|| invalid("record_ids"))?;
    let mut ids = Vec::new();
    for id in named.split(',') {
        let id = record(organization, ty, module, id.trim().parse().ok())?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    for id in ids {
        write::delete(organization, ty, id)?;
    }
    Ok(message(ty.deleted))
}

/// The module that the address names; any other word there is no address at all.
fn module(organization: &Organization, ty: &'static Type, call: &Call<'_>) -> Result<u64, Refusal> {
    let module = parent(organization, ty, call).ok().flatten();
    module.ok_or_else(|| nowhere(StatusCode::NOT_FOUND))
}

/// A record of the module.
fn record(
    organization: &Organization,
    ty: &'static Type,
    module: u64,
    id: Option<u64>,
) -> Result<u64, Refusal> {
    let row = id.and_then(|id| organization.row(ty, id));
    row.filter(|row| row.parent == module)
        .map(|row| row.id)
        .ok_or_else(|| missing(ty))
}

/// What was sent, with the module's own fields where the engine looks for custom fields.
fn fields(mut sent: Map<String, Value>) -> Map<String, Value> {
    let own: Vec<Value> = sent
        .iter()
        .filter(|(name, _)| name.starts_with("cf_"))
        .map(|(name, value)| json!({"api_name": name, "value": value}))
        .collect();
    sent.insert("custom_fields".into(), own.into());
    sent
}

/// What messages call a record of the module.
fn noun(organization: &Organization, ty: &'static Type, module: u64) -> String {
    of_module(organization, ty, module, "module_name")
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

fn of_module(organization: &Organization, ty: &'static Type, module: u64, name: &str) -> Value {
    let modules = ty.parent.and_then(|parent| named(parent.name));
    modules
        .and_then(|modules| organization.value(modules, organization.row(modules, module)?, name))
        .unwrap_or_else(|| "".into())
}

/// The reply to a write: a list of the one record.
fn written(
    organization: &Organization,
    ty: &'static Type,
    id: u64,
    text: &str,
    status: StatusCode,
) -> Outcome {
    let record = organization.existing(ty, id)?;
    Ok(wrapped(ty, json!([row(organization, ty, record)]), text, status))
}

/// A record as one row, its own fields beside the others.
fn row(organization: &Organization, ty: &'static Type, record: &Row) -> Value {
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value, formatted: String| {
        shown.insert(name.to_owned(), value);
        shown.insert(format!("{name}_formatted"), formatted.into());
    };
    let name = record.text(ty, "record_name");
    put("record_name", name.into(), name.to_owned());
    for (name, seconds) in [
        ("created_time", record.created),
        ("last_modified_time", record.modified),
    ] {
        let zoned = instant(seconds).to_zoned_datetime(organization.zone.clone());
        let formatted = zoned.strftime("%d %b %Y %I:%M %p").to_string();
        put(name, organization.time(seconds).into(), formatted);
    }
    for (name, value) in &record.custom {
        put(name, value.clone(), custom::plain(value));
    }
    shown.insert(ty.id.into(), record.id.to_string().into());
    shown.insert(
        "module_api_name".into(),
        of_module(organization, ty, record.parent, "module_api_name"),
    );
    shown.insert("created_by_id".into(), record.creator.to_string().into());
    shown.insert("last_modified_by_id".into(), record.modifier.to_string().into());
    Value::Object(shown)
}

/// A record field by field.
fn details(organization: &Organization, ty: &'static Type, record: &Row) -> Value {
    let of_module = |name| of_module(organization, ty, record.parent, name);
    let name = Value::from(record.text(ty, "record_name"));
    let own = record
        .custom
        .iter()
        .map(|(name, value)| (name.as_str(), value, false));
    let fields: Vec<Value> = std::iter::once(("record_name", &name, true))
        .chain(own)
        .map(|(api_name, value, mandatory)| {
            json!({
                "field_id": custom::field_id(organization, ty, api_name), "api_name": api_name,
                "label": api_name.trim_start_matches("cf_"), "data_type": kind(value),
                "value": value, "value_formatted": custom::plain(value),
                "is_active": true, "is_mandatory": mandatory,
            })
        })
        .collect();
    json!({
        ty.id: record.id.to_string(),
        "module_name": of_module("module_name"),
        "module_plural_name": of_module("plural_name"),
        "module_api_name": of_module("module_api_name"),
        "module_fields": fields,
        "comments": [],
        "shared_type": of_module("shared_type"),
        "shared_to": [],
        "can_approve": false,
        "can_submit": false,
    })
}

/// What the value of a field of its own is, by the JSON that it was given as.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "check_box",
        Value::Number(number) if number.is_f64() => "decimal",
        Value::Number(_) => "number",
        Value::Array(_) => "multiselect",
        _ => "string",
    }
}
