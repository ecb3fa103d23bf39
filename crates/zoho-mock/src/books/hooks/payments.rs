//! Customer payments: what they pay of which invoices.

use serde_json::{Map, Value};

use super::invoices::{balance, customer, money};
use super::{Draft, Settled, named};
use crate::answer::Refusal;
use crate::books::money::Money;
use crate::books::organization::Organization;
use crate::books::table::Row;
use crate::books::write::{self, bad, invalid};

/// The invoices a payment names, with what it pays of each.
fn applied(ty: &crate::books::catalogue::Type, row: &Row) -> Result<Vec<(u64, Money)>, Refusal> {
    let sent = row
        .get(ty, "invoices")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    sent.iter()
        .map(|entry| {
            let id = entry
                .get("invoice_id")
                .and_then(|id| id.as_u64().or_else(|| id.as_str()?.parse().ok()));
            let amount = entry.get("amount_applied").and_then(Money::read);
            match (id, amount) {
                (Some(id), Some(amount)) if amount >= Money::ZERO => Ok((id, amount)),
                (None, _) => Err(invalid("invoice_id")),
                _ => Err(invalid("amount_applied")),
            }
        })
        .collect()
}

/// What this payment already pays of an invoice.
fn before(organization: &Organization, payment: u64, invoice: u64) -> Money {
    let Some(ty) = named("invoice_payments") else {
        return Money::ZERO;
    };
    organization
        .rows(ty, Some(invoice))
        .filter(|row| row.link(ty, "payment_id") == payment)
        .fold(Money::ZERO, |sum, row| sum + money(ty, row, "amount"))
}

/// Checks the customer and that no more is applied than was paid or is open.
pub(crate) fn prepare(organization: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let ty = draft.ty;
    let (Some(contacts), Some(invoices)) = (named("contacts"), named("invoices")) else {
        return Ok(());
    };
    let customer = draft.row.link(ty, "customer_id");
    if organization.row(contacts, customer).is_none() {
        return Err(invalid("customer_id"));
    }
    if draft.row.text(ty, "date").is_empty() {
        let today = organization.today().to_string();
        draft.row.set(ty, "date", today);
    }
    let amount = money(ty, draft.row, "amount");
    let applied = applied(ty, draft.row)?;
    let mut sum = Money::ZERO;
    for (at, (id, part)) in applied.iter().enumerate() {
        let invoice = organization
            .row(invoices, *id)
            .ok_or_else(|| write::missing(invoices))?;
        let twice = applied.iter().take(at).any(|(other, _)| other == id);
        let open = balance(invoices, invoice) + before(organization, draft.row.id, *id);
        if twice
            || invoice.link(invoices, "customer_id") != customer
            || *part > open
            || invoice.status == "void"
        {
            return Err(invalid("amount_applied"));
        }
        sum = sum + *part;
    }
    if amount <= Money::ZERO || sum > amount {
        return Err(bad(4, "Invalid value passed for Amount"));
    }
    draft.row.set(ty, "unused_amount", (amount - sum).to_json());
    Ok(())
}

/// Writes what was paid into the invoices.
pub(crate) fn settled(organization: &mut Organization, settled: &Settled<'_>) -> Result<(), Refusal> {
    let Some(payments) = named("invoice_payments") else {
        return Ok(());
    };
    let ty = settled.ty;
    if let Some(old) = settled.old {
        for (invoice, _) in applied(ty, old)? {
            let gone: Vec<u64> = organization
                .rows(payments, Some(invoice))
                .filter(|row| row.link(payments, "payment_id") == old.id)
                .map(|row| row.id)
                .collect();
            for id in gone {
                write::delete(organization, payments, id)?;
            }
        }
    }
    let Some(new) = settled.new else { return Ok(()) };
    for (invoice, amount) in applied(ty, new)? {
        let id = organization.mint();
        let mut row = Row::new(payments, id, invoice, organization.now, organization.user);
        row.set(payments, "payment_id", new.id.to_string());
        row.set(payments, "amount", amount.to_json());
        for name in ["payment_number", "payment_mode", "reference_number", "date"] {
            row.set(payments, name, new.text(ty, name));
        }
        write::save(organization, payments, None, row, &Map::new())?;
    }
    Ok(())
}

/// The customer's name.
pub(crate) fn derive(organization: &Organization, row: &Row, name: &str) -> Option<Value> {
    customer(organization, named("customerpayments")?, row, name)
}
