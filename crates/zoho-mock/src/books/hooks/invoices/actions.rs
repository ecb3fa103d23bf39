//! What can be done with an invoice beside writing it.

use serde_json::{Map, Value};

use super::balance;
use crate::answer::Refusal;
use crate::books::body;
use crate::books::hooks::named;
use crate::books::organization::Organization;
use crate::books::table::Row;
use crate::books::write::{bad, invalid, missing};
use crate::call::Call;

type Done = Result<(Row, &'static str), Refusal>;

/// Sends it to its customer, which makes a draft a sent invoice.
pub(crate) fn email(_: &mut Organization, old: &Row, _: &Call<'_>) -> Done {
    let ty = named("invoices").ok_or_else(|| invalid("invoice_id"))?;
    let mut row = old.clone();
    row.set(ty, "is_emailed", true);
    if row.status == "draft" {
        row.status = "sent";
    }
    Ok((row, "Your invoice has been sent."))
}

/// Gives up what is still to be paid.
pub(crate) fn write_off(_: &mut Organization, old: &Row, _: &Call<'_>) -> Done {
    let ty = named("invoices").ok_or_else(|| invalid("invoice_id"))?;
    if old.status != "sent" {
        return Err(bad(4, "Only a sent invoice can be written off."));
    }
    let mut row = old.clone();
    let sum = super::money(ty, old, "write_off_amount") + balance(ty, old);
    row.set(ty, "write_off_amount", sum.to_json());
    Ok((row, "Invoice has been written off."))
}

/// Takes a write-off back.
pub(crate) fn cancel_write_off(_: &mut Organization, old: &Row, _: &Call<'_>) -> Done {
    let ty = named("invoices").ok_or_else(|| invalid("invoice_id"))?;
    let mut row = old.clone();
    row.set(ty, "write_off_amount", 0);
    Ok((row, "The writeoff done for this invoice has been cancelled."))
}

/// Sets the billing address.
pub(crate) fn billing_address(_: &mut Organization, old: &Row, call: &Call<'_>) -> Done {
    Ok((
        with_address(old, "billing_address", body::object(call)?)?,
        "Billing address updated",
    ))
}

/// Sets the shipping address.
pub(crate) fn shipping_address(_: &mut Organization, old: &Row, call: &Call<'_>) -> Done {
    Ok((
        with_address(old, "shipping_address", body::object(call)?)?,
        "Shipping address updated",
    ))
}

fn with_address(old: &Row, name: &str, sent: Map<String, Value>) -> Result<Row, Refusal> {
    let ty = named("invoices").ok_or_else(|| invalid(name))?;
    let mut row = old.clone();
    let mut address = old
        .get(ty, name)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    address.extend(sent);
    row.set(ty, name, address);
    Ok(row)
}

/// Takes a line out; the last one stays.
pub(crate) fn delete_line(_: &mut Organization, old: &Row, call: &Call<'_>) -> Done {
    let ty = named("invoices").ok_or_else(|| invalid("line_item_id"))?;
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
