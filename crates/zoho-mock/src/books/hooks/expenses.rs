//! Expenses: what they cost with their tax, and whether somebody is billed for them.

use serde_json::Value;

use super::{Draft, named};
use crate::answer::Refusal;
use crate::books::money::Money;
use crate::books::organization::Organization;
use crate::books::write::{bad, invalid};

/// Places of an amount of money.
const CENTS: u32 = 2;

/// Completes the date and adds the tax.
pub(crate) fn prepare(organization: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let ty = draft.ty;
    if draft.row.text(ty, "date").is_empty() && ty.field("date").is_some() {
        let today = organization.today().to_string();
        draft.row.set(ty, "date", today);
    }
    let row = &mut *draft.row;
    let amount = row.get(ty, "amount").and_then(Money::read).unwrap_or_default();
    if amount <= Money::ZERO {
        return Err(bad(4, "Invalid value passed for Amount"));
    }
    let rate = match row.text(ty, "tax_id") {
        "" => Money::ZERO,
        id => named("taxes")
            .zip(id.parse().ok())
            .and_then(|(taxes, id)| {
                let tax = organization.row(taxes, id)?;
                tax.get(taxes, "tax_percentage").and_then(Money::read)
            })
            .ok_or_else(|| invalid("tax_id"))?,
    };
    let inclusive = row.get(ty, "is_inclusive_tax") == Some(&Value::Bool(true));
    let tax = match inclusive {
        true => amount.included(rate),
        false => amount.percent(rate),
    };
    let tax = tax.ok_or_else(|| invalid("Amount"))?.rounded(CENTS);
    let (net, gross) = match inclusive {
        true => (amount - tax, amount),
        false => (amount, amount + tax),
    };
    row.set(ty, "tax_percentage", rate.to_json());
    row.set(ty, "tax_amount", tax.to_json());
    row.set(ty, "sub_total", net.rounded(CENTS).to_json());
    row.set(ty, "total", gross.rounded(CENTS).to_json());
    if row.status == "nonbillable" || row.status == "unbilled" {
        row.status = match row.get(ty, "is_billable") == Some(&Value::Bool(true)) {
            true => "unbilled",
            false => "nonbillable",
        };
    }
    Ok(())
}
