//! Journals: what is debited is credited.

use serde_json::{Map, Value};

use super::Draft;
use crate::answer::Refusal;
use crate::books::money::Money;
use crate::books::organization::Organization;
use crate::books::refuse::{bad, invalid};

/// Gives the lines their ids and sees that both sides come to the same.
pub(crate) fn prepare(organization: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let ty = draft.ty;
    let mut lines = draft
        .row
        .get(ty, "line_items")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let (mut debits, mut credits) = (Money::ZERO, Money::ZERO);
    for line in &mut lines {
        let line: &mut Map<String, Value> = line.as_object_mut().ok_or_else(|| invalid("line_items"))?;
        let amount = line
            .get("amount")
            .and_then(Money::read)
            .filter(|amount| *amount >= Money::ZERO)
            .ok_or_else(|| bad(4, "Invalid value passed for Amount"))?;
        match line.get("debit_or_credit").and_then(Value::as_str) {
            Some("debit") => debits = debits + amount,
            Some("credit") => credits = credits + amount,
            _ => return Err(invalid("debit_or_credit")),
        }
        if line
            .get("line_id")
            .and_then(Value::as_str)
            .is_none_or(str::is_empty)
        {
            line.insert("line_id".into(), organization.mint().to_string().into());
        }
    }
    if debits != credits {
        return Err(bad(4, "Invalid value passed for Amount"));
    }
    draft.row.set(ty, "line_items", lines);
    draft.row.set(ty, "total", debits.to_json());
    draft.row.set(ty, "line_item_total", debits.to_json());
    Ok(())
}
