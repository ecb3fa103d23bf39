//! What can be done with a transaction beside writing it.

use serde_json::Value;

use crate::answer::{Outcome, Refusal};
use crate::books::body;
use crate::books::catalogue::Type;
use crate::books::organization::Organization;
use crate::books::refuse::{bad, invalid, missing};
use crate::books::reply::message;
use crate::books::table::Row;
use crate::books::which::{first_id, several};
use crate::books::write;
use crate::call::Call;

type Done = Result<(Row, &'static str), Refusal>;

/// Gives up what is still to be paid.
pub(crate) fn write_off(_: &mut Organization, ty: &'static Type, old: &Row, _: &Call<'_>) -> Done {
    if old.status != "sent" {
        return Err(bad(4, "Only a sent invoice can be written off."));
    }
    let mut row = old.clone();
    let sum = old.amount(ty, "write_off_amount") + super::open(ty, old);
    row.set(ty, "write_off_amount", sum.to_json());
    Ok((row, "Invoice has been written off."))
}

/// Takes a write-off back.
pub(crate) fn cancel_write_off(_: &mut Organization, ty: &'static Type, old: &Row, _: &Call<'_>) -> Done {
    let mut row = old.clone();
    row.set(ty, "write_off_amount", 0);
    Ok((row, "The writeoff done for this invoice has been cancelled."))
}

/// Takes a line out; the last one stays.
pub(crate) fn delete_line(_: &mut Organization, ty: &'static Type, old: &Row, call: &Call<'_>) -> Done {
    let wanted = call.path.last().map_or("", |(_, id)| id.as_str());
    let lines = old
        .get(ty, "line_items")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let kept: Vec<Value> = lines
        .iter()
        .filter(|line| line.get("line_item_id").and_then(Value::as_str) != Some(wanted))
        .cloned()
        .collect();
    if kept.len() == lines.len() {
        return Err(missing(ty));
    }
    if kept.is_empty() {
        return Err(invalid("line_items"));
    }
    let mut row = old.clone();
    row.set(ty, "line_items", kept);
    Ok((row, "The line item has been deleted."))
}

/// Plans when the mail goes out.
pub(crate) fn schedule(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let sent = body::object(call)?;
    let id = first_id(organization, ty, call)?;
    write::set(organization, ty, id, "email_schedule", sent)?;
    Ok(message("The email has been scheduled."))
}

/// Takes the plan back.
pub(crate) fn unschedule(_: &mut Organization, ty: &'static Type, old: &Row, _: &Call<'_>) -> Done {
    let planned = old.get(ty, "email_schedule").and_then(Value::as_object);
    if planned.is_none_or(serde_json::Map::is_empty) {
        return Err(bad(4, "No email is scheduled for this invoice."));
    }
    let mut row = old.clone();
    row.set(ty, "email_schedule", serde_json::Map::new());
    Ok((row, "The scheduled email has been cancelled."))
}

/// Gives up what is still to be paid of all invoices that the query names, or of none.
pub(crate) fn write_off_several(
    organization: &mut Organization,
    ty: &'static Type,
    call: &Call<'_>,
) -> Outcome {
    let mut changed = Vec::new();
    for id in several(organization, ty, call)? {
        let old = organization.existing(ty, id)?.clone();
        let (row, _) = write_off(organization, ty, &old, call)?;
        changed.push((old, row));
    }
    for (old, row) in changed {
        write::save(organization, ty, Some(&old), row, &serde_json::Map::new())?;
    }
    Ok(message("The invoices have been written off."))
}
