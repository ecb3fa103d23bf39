//! Invoices: lines, totals, balance and status.

pub(crate) mod actions;
mod lines;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::contacts::drop_children;
use super::{Draft, Settled, named};
use crate::answer::Refusal;
use crate::books::catalogue::Type;
use crate::books::money::Money;
use crate::books::organization::Organization;
use crate::books::table::Row;
use crate::books::write::{bad, invalid};

/// The amount of a field, zero when nothing was set.
pub(super) fn money(ty: &Type, row: &Row, name: &str) -> Money {
    row.get(ty, name).and_then(Money::read).unwrap_or_default()
}

/// What is still to be paid.
pub(super) fn balance(ty: &Type, row: &Row) -> Money {
    let taken = ["payment_made", "credits_applied", "write_off_amount"];
    taken.iter().fold(money(ty, row, "total"), |balance, name| {
        balance - money(ty, row, name)
    })
}

/// Checks the customer, completes dates and lines, and sums up.
pub(crate) fn prepare(organization: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let ty = draft.ty;
    let contacts = named("contacts").ok_or_else(|| invalid("customer_id"))?;
    if organization
        .row(contacts, draft.row.link(ty, "customer_id"))
        .is_none()
    {
        return Err(invalid("customer_id"));
    }
    if draft.row.text(ty, "date").is_empty() {
        let today = organization.today().to_string();
        draft.row.set(ty, "date", today);
    }
    if draft.row.text(ty, "due_date").is_empty() {
        let days = draft
            .row
            .get(ty, "payment_terms")
            .and_then(Value::as_i64)
            .unwrap_or_default();
        let date = draft
            .row
            .text(ty, "date")
            .parse::<Date>()
            .map_err(|_| invalid("Invoice Date"))?;
        let due = i32::try_from(days)
            .ok()
            .and_then(|days| days.days().checked_mul(1).ok());
        let due = due
            .and_then(|days| date.checked_add(days).ok())
            .ok_or_else(|| invalid("Payment Terms"))?;
        draft.row.set(ty, "due_date", due.to_string());
    }
    if draft.row.text(ty, "due_date") < draft.row.text(ty, "date") {
        return Err(invalid("Due Date"));
    }
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
    match sums.total < Money::ZERO || balance(ty, row) < Money::ZERO {
        true => Err(bad(4, "Invalid value passed for Amount")),
        false => Ok(()),
    }
}

/// What the customer owes changes with the invoice.
pub(crate) fn settled(organization: &mut Organization, settled: &Settled<'_>) -> Result<(), Refusal> {
    let ty = settled.ty;
    if let Some(old) = settled.old {
        owe(
            organization,
            old.link(ty, "customer_id"),
            Money::ZERO - owed(ty, old),
        );
    }
    match settled.new {
        Some(new) => owe(organization, new.link(ty, "customer_id"), owed(ty, new)),
        None => {
            let gone = settled.old.map_or(0, |old| old.id);
            drop_children(organization, "invoice_comments", gone);
        }
    }
    Ok(())
}

/// What an invoice adds to its customer's debts.
fn owed(ty: &Type, row: &Row) -> Money {
    match row.status {
        "sent" => balance(ty, row),
        _ => Money::ZERO,
    }
}

fn owe(organization: &mut Organization, customer: u64, by: Money) {
    const FIELD: &str = "outstanding_receivable_amount";
    let Some(contacts) = named("contacts") else { return };
    let Some(mut contact) = organization.row(contacts, customer).cloned() else {
        return;
    };
    if by == Money::ZERO {
        return;
    }
    let sum = money(contacts, &contact, FIELD) + by;
    contact.set(contacts, FIELD, sum.to_json());
    if let Some(table) = organization.table_mut(contacts) {
        table.put(contacts, contact);
    }
}

/// The customer's names, the balance, and the status that follows from it.
pub(crate) fn derive(organization: &Organization, row: &Row, name: &str) -> Option<Value> {
    let ty = named("invoices")?;
    match name {
        "status" => Some(status(organization, ty, row).into()),
        "invoice_url" => {
            let (url, id) = (&organization.base_url, &organization.id);
            Some(format!("{url}/portal/{id}/secure?CInvoiceID={}", row.id).into())
        }
        "balance" => Some(balance(ty, row).to_json()),
        "currency_code" | "currency_symbol" => Some(organization.setting(name)),
        "customer_name" | "company_name" | "email" => customer(organization, ty, row, name),
        _ => None,
    }
}

/// What a transaction shows of its customer.
pub(super) fn customer(organization: &Organization, ty: &Type, row: &Row, name: &str) -> Option<Value> {
    let contacts = named("contacts")?;
    let contact = organization.row(contacts, row.link(ty, "customer_id"))?;
    let name = if name == "customer_name" {
        "contact_name"
    } else {
        name
    };
    organization.value(contacts, contact, name)
}

fn status(organization: &Organization, ty: &Type, row: &Row) -> &'static str {
    if row.status != "sent" {
        return row.status;
    }
    let taken = money(ty, row, "payment_made") + money(ty, row, "credits_applied");
    match balance(ty, row) <= Money::ZERO {
        true => "paid",
        false if row.text(ty, "due_date") < organization.today().to_string().as_str() => "overdue",
        false if taken > Money::ZERO => "partially_paid",
        false => "sent",
    }
}

/// An invoice with payments stays.
pub(crate) fn before_delete(organization: &Organization, row: &Row) -> Result<(), Refusal> {
    let Some(payments) = named("invoice_payments") else {
        return Ok(());
    };
    match organization.rows(payments, Some(row.id)).next() {
        Some(_) => Err(bad(
            4001,
            "Payments have been recorded for this invoice. It cannot be deleted.",
        )),
        None => Ok(()),
    }
}

/// A payment that comes or goes changes what was paid.
pub(crate) fn payment_settled(organization: &mut Organization, settled: &Settled<'_>) -> Result<(), Refusal> {
    match settled.new.or(settled.old) {
        Some(payment) => recount(organization, payment.parent),
        None => Ok(()),
    }
}

/// Adds up an invoice's payments.
pub(super) fn recount(organization: &mut Organization, invoice: u64) -> Result<(), Refusal> {
    let (Some(ty), Some(payments)) = (named("invoices"), named("invoice_payments")) else {
        return Ok(());
    };
    let Some(old) = organization.row(ty, invoice).cloned() else {
        return Ok(());
    };
    let mut paid = Money::ZERO;
    let mut last = "";
    for payment in organization.rows(payments, Some(invoice)) {
        paid = paid + money(payments, payment, "amount");
        last = last.max(payment.text(payments, "date"));
    }
    let mut row = old.clone();
    row.set(ty, "payment_made", paid.to_json());
    row.set(ty, "last_payment_date", last);
    row.modified = organization.now;
    if row.status == "draft" && paid > Money::ZERO {
        row.status = "sent";
    }
    if let Some(table) = organization.table_mut(ty) {
        table.put(ty, row.clone());
    }
    settled(
        organization,
        &Settled {
            ty,
            old: Some(&old),
            new: Some(&row),
            sent: &Map::new(),
        },
    )
}
