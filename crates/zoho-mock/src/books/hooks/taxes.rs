//! Tax groups: which taxes they join, and what they come to.

use serde_json::{Value, json};

use super::Draft;
use crate::answer::Refusal;
use crate::books::catalogue::{Type, named};
use crate::books::money::Money;
use crate::books::organization::Organization;
use crate::books::refuse::{bad, invalid};
use crate::books::table::Row;

/// The ids of a group's taxes, which come as a text or as a list.
fn ids(ty: &Type, row: &Row) -> Vec<u64> {
    let sent = row.text(ty, "taxes");
    sent.split(',').filter_map(|id| id.trim().parse().ok()).collect()
}

/// A group joins taxes that are there.
pub(crate) fn prepare(organization: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let taxes = named("taxes").ok_or_else(|| invalid("taxes"))?;
    let ids = ids(draft.ty, draft.row);
    let there = ids.iter().all(|id| organization.row(taxes, *id).is_some());
    match !there || ids.is_empty() {
        true => Err(invalid("taxes")),
        false => Ok(()),
    }
}

/// The sum of a group's rates, and its taxes.
pub(crate) fn derive(organization: &Organization, ty: &'static Type, row: &Row, name: &str) -> Option<Value> {
    let taxes = named("taxes")?;
    let ids = ids(ty, row);
    let rows = ids.iter().filter_map(|id| organization.row(taxes, *id));
    match name {
        "tax_group_percentage" => {
            let rates = rows.filter_map(|tax| tax.get(taxes, "tax_percentage").and_then(Money::read));
            Some(rates.fold(Money::ZERO, |sum, rate| sum + rate).to_json())
        }
        _ => None,
    }
}

/// The base currency and its rate stay.
pub(crate) fn keep_base(organization: &Organization, _: &'static Type, row: &Row) -> Result<(), Refusal> {
    match organization.setting("currency_id") == json!(row.id.to_string()) {
        true => Err(bad(9004, "The base currency cannot be deleted.")),
        false => Ok(()),
    }
}
