//! Expenses: what they cost with their tax, and whether somebody is billed for them.

use super::Draft;
use crate::answer::Refusal;
use crate::books::catalogue::named;
use crate::books::money::Money;
use crate::books::organization::Organization;
use crate::books::refuse::{bad, invalid};

/// Completes the date and adds the tax.
pub(crate) fn prepare(organization: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let ty = draft.ty;
    if draft.row.text(ty, "date").is_empty() && ty.field("date").is_some() {
        let today = organization.today().to_string();
        draft.row.set(ty, "date", today);
    }
    let row = &mut *draft.row;
    let amount = row.amount(ty, "amount");
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
    let inclusive = row.is(ty, "is_inclusive_tax");
    let tax = match inclusive {
        true => amount.included(rate),
        false => amount.percent(rate),
    };
    let tax = tax.ok_or_else(|| invalid("Amount"))?.cents();
    let (net, gross) = match inclusive {
        true => (amount - tax, amount),
        false => (amount, amount + tax),
    };
    row.set(ty, "tax_percentage", rate.to_json());
    row.set(ty, "tax_amount", tax.to_json());
    row.set(ty, "sub_total", net.cents().to_json());
    row.set(ty, "total", gross.cents().to_json());
    if row.status == "nonbillable" || row.status == "unbilled" {
        row.status = match row.is(ty, "is_billable") {
            true => "unbilled",
            false => "nonbillable",
        };
    }
    Ok(())
}
