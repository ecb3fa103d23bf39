//! What can be done with a transaction beside writing it.

use serde_json::Value;

use crate::answer::Refusal;
use crate::books::catalogue::Type;
use crate::books::organization::Organization;
use crate::books::table::Row;
use crate::books::write::{bad, invalid, missing};
use crate::call::Call;

type Done = Result<(Row, &'static str), Refusal>;

/// Gives up what is still to be paid.
pub(crate) fn write_off(_: &mut Organization, ty: &'static Type, old: &Row, _: &Call<'_>) -> Done {
    if old.status != "sent" {
        return Err(bad(4, "Only a sent invoice can be written off."));
    }
    let mut row = old.clone();
    let sum = super::money(ty, old, "write_off_amount") + super::open(ty, old);
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
