//! Changes of one part of a record, each by an address of its own.

use serde_json::{Map, Value, json};

use super::catalogue::Type;
use super::organization::Organization;
use super::write::{self, invalid, missing};
use super::{body, custom, engine};
use crate::answer::{Outcome, Refusal};
use crate::call::Call;

/// Changes the parts of an address that were sent.
pub(super) fn address(
    organization: &mut Organization,
    ty: &'static Type,
    call: &Call<'_>,
    (field, text): (&str, &'static str),
) -> Outcome {
    let sent = body::object(call)?;
    let id = engine::first_id(organization, ty, call)?;
    let old = organization.row(ty, id).ok_or_else(|| missing(ty))?;
    let mut address = old
        .get(ty, field)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    address.extend(sent);
    change(organization, ty, id, &json!({ field: address }))?;
    Ok(engine::message(text))
}

/// Sets the template that the address names.
pub(super) fn template(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let id = engine::first_id(organization, ty, call)?;
    let template = call.path.last().map_or("", |(_, id)| id.as_str());
    change(organization, ty, id, &json!({ "template_id": template }))?;
    Ok(engine::message(ty.updated))
}

/// Sets custom fields alone; the body is a list of them.
pub(super) fn custom_fields(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let list = match body::read(call)? {
        body::Sent::Json(Value::Object(mut object)) => object
            .remove("custom_fields")
            .ok_or_else(|| invalid("custom_fields"))?,
        body::Sent::Json(list) => list,
        body::Sent::Nothing => return Err(body::object(call).err().unwrap_or_else(|| missing(ty))),
    };
    let id = engine::first_id(organization, ty, call)?;
    let old = organization.row(ty, id).cloned().ok_or_else(|| missing(ty))?;
    let mut row = old.clone();
    custom::take(organization, ty, &mut row, &list)?;
    write::save(organization, ty, Some(&old), row, &Map::new())?;
    Ok(engine::message("Custom Fields Updated Successfully"))
}

/// Sends a transaction to its party, which makes a draft one that counts.
pub(super) fn email(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let id = engine::first_id(organization, ty, call)?;
    let old = organization.row(ty, id).cloned().ok_or_else(|| missing(ty))?;
    let mut row = old.clone();
    row.set(ty, "is_emailed", true);
    if let Some(transaction) = ty.transaction.filter(|_| row.status == "draft") {
        row.status = transaction.live;
    }
    write::save(organization, ty, Some(&old), row, &Map::new())?;
    let noun = ty.noun.to_lowercase();
    Ok(engine::message(&format!("Your {noun} has been sent.")))
}

fn change(organization: &mut Organization, ty: &'static Type, id: u64, sent: &Value) -> Result<(), Refusal> {
    match sent {
        Value::Object(sent) => write::update(organization, ty, id, sent),
        _ => Err(missing(ty)),
    }
}
