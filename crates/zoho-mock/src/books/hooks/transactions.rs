//! Transactions: parties, dates, sums, what is open of them, and the status that follows.

pub(crate) mod actions;
mod lines;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::Value;

use super::settlements;
use super::{Draft, Settled};
use crate::answer::Refusal;
use crate::books::catalogue::{Transaction, Type, named};
use crate::books::money::Money;
use crate::books::organization::Organization;
use crate::books::refuse::{bad, invalid};
use crate::books::table::Row;

/// What was already taken of it.
pub(crate) fn taken(ty: &Type, row: &Row) -> Money {
    let fields = ty.transaction.map_or(&[][..], |transaction| transaction.taken);
    fields
        .iter()
        .fold(Money::ZERO, |sum, name| sum + row.amount(ty, name))
}

/// What is still open of it.
pub(super) fn open(ty: &Type, row: &Row) -> Money {
    let whole = ty.transaction.map_or("", |transaction| transaction.whole);
    row.amount(ty, whole) - taken(ty, row)
}

/// The field that names the other party.
pub(super) fn party(ty: &Type) -> &'static str {
    match ty.field("customer_id") {
        Some(_) => "customer_id",
        None => "vendor_id",
    }
}

/// Completes dates and lines, sums up, and sees that no more is taken than there is.
pub(crate) fn prepare(organization: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let ty = draft.ty;
    date(organization, draft)?;
    if ty.field("line_items").is_some() {
        let sums = lines::sum(organization, ty, draft.row)?;
        let row = &mut *draft.row;
        row.set(ty, "line_items", Value::Array(sums.lines));
        row.set(ty, "taxes", Value::Array(sums.taxes));
        for (name, amount) in [
            ("sub_total", sums.sub_total),
            ("discount_total", sums.discount),
            ("tax_total", sums.tax),
            ("total", sums.total),
        ] {
            row.set(ty, name, amount.to_json());
        }
        if sums.total < Money::ZERO {
            return Err(bad(4, "Invalid value passed for Amount"));
        }
    }
    if let Some(old) = draft.old
        && old.link(ty, party(ty)) != draft.row.link(ty, party(ty))
        && taken(ty, old) > Money::ZERO
    {
        return Err(bad(
            3010,
            "The customer cannot be changed, because payments were recorded.",
        ));
    }
    match open(ty, draft.row) < Money::ZERO {
        true => Err(bad(4, "Invalid value passed for Amount")),
        false => Ok(()),
    }
}

/// A transaction without a date is of today; its last day follows from the payment terms.
fn date(organization: &Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let ty = draft.ty;
    let Some(field) = ty.field("date") else {
        return Ok(());
    };
    if draft.row.text(ty, "date").is_empty() {
        let today = organization.today().to_string();
        draft.row.set(ty, "date", today);
    }
    let due = ty.transaction.map_or("", |transaction| transaction.due);
    let Some(due_field) = ty.field(due) else {
        return Ok(());
    };
    if draft.row.text(ty, due).is_empty() && ty.field("payment_terms").is_some() {
        let days = draft
            .row
            .get(ty, "payment_terms")
            .and_then(Value::as_i64)
            .unwrap_or_default();
        let date = draft
            .row
            .text(ty, "date")
            .parse::<Date>()
            .map_err(|_| invalid(field.shown()))?;
        let last = i32::try_from(days)
            .ok()
            .and_then(|days| days.days().checked_mul(1).ok())
            .and_then(|days| date.checked_add(days).ok())
            .ok_or_else(|| invalid("Payment Terms"))?;
        draft.row.set(ty, due, last.to_string());
    }
    let last = draft.row.text(ty, due);
    match !last.is_empty() && last < draft.row.text(ty, "date") {
        true => Err(invalid(due_field.shown())),
        false => Ok(()),
    }
}

/// What the other party owes, or is owed, changes with the transaction.
pub(crate) fn settled(organization: &mut Organization, settled: &Settled<'_>) -> Result<(), Refusal> {
    let ty = settled.ty;
    let Some(transaction) = ty.transaction else {
        return Ok(());
    };
    for (row, taken_back) in [(settled.old, true), (settled.new, false)] {
        let Some(row) = row else { continue };
        let amount = match transaction.live.is_empty() || row.status == transaction.live {
            true => open(ty, row),
            false => Money::ZERO,
        };
        let by = if taken_back { Money::ZERO - amount } else { amount };
        owe(organization, &transaction, row.link(ty, party(ty)), by);
    }
    Ok(())
}

fn owe(organization: &mut Organization, transaction: &Transaction, contact: u64, by: Money) {
    let Some(contacts) = named("contacts").filter(|_| by != Money::ZERO) else {
        return;
    };
    let Some(mut row) = organization.row(contacts, contact).cloned() else {
        return;
    };
    let sum = row.amount(contacts, transaction.at_contact) + by;
    row.set(contacts, transaction.at_contact, sum.to_json());
    organization.put(contacts, row);
}

/// The status, what is open, and what other records add.
pub(crate) fn derive(organization: &Organization, ty: &'static Type, row: &Row, name: &str) -> Option<Value> {
    let transaction = ty.transaction?;
    match name {
        "status" => Some(status(organization, ty, &transaction, row).into()),
        "invoice_url" => {
            let (url, id) = (&organization.base_url, &organization.id);
            Some(format!("{url}/portal/{id}/secure?CInvoiceID={}", row.id).into())
        }
        // Nobody owes what is void.
        _ if name == transaction.open && row.status == "void" => Some(Money::ZERO.to_json()),
        _ if name == transaction.open => Some(open(ty, row).to_json()),
        _ => settlements::shown(organization, ty, row, name),
    }
}

fn status(
    organization: &Organization,
    ty: &'static Type,
    transaction: &Transaction,
    row: &Row,
) -> &'static str {
    if row.status != transaction.live {
        return row.status;
    }
    let last = row.text(ty, transaction.due);
    let late = !last.is_empty() && last < organization.today().to_string().as_str();
    match () {
        () if !transaction.settled.is_empty() && open(ty, row) <= Money::ZERO => transaction.settled,
        () if !transaction.late.is_empty() && late => transaction.late,
        () if !transaction.partly.is_empty() && taken(ty, row) > Money::ZERO => transaction.partly,
        () => row.status,
    }
}

/// What was paid, or used, stays.
pub(crate) fn before_delete(
    organization: &Organization,
    ty: &'static Type,
    row: &Row,
) -> Result<(), Refusal> {
    let Some((code, message)) = ty.transaction.map(|transaction| transaction.kept) else {
        return Ok(());
    };
    match code != 0 && settlements::is_bound(organization, ty, row) {
        true => Err(bad(code, message)),
        false => Ok(()),
    }
}
