//! Invoices made of sales orders and estimates.

use serde_json::{Map, Value, json};

use crate::answer::{Outcome, Refusal};
use crate::books::catalogue::{Type, named};
use crate::books::organization::Organization;
use crate::books::refuse::{invalid, missing};
use crate::books::reply::{created, message};
use crate::books::which::several;
use crate::books::write;
use crate::call::Call;

/// What a copy keeps of its origin.
const KEPT: &[&str] = &[
    "customer_id",
    "currency_id",
    "exchange_rate",
    "discount",
    "discount_type",
    "is_discount_before_tax",
    "is_inclusive_tax",
    "line_items",
    "shipping_charge",
    "adjustment",
    "adjustment_description",
    "notes",
    "terms",
    "salesperson_id",
    "project_id",
    "billing_address",
    "shipping_address",
];

/// The statuses from which nothing is invoiced.
const CLOSED: &[&str] = &["void", "invoiced", "declined"];

/// An invoice of a sales order, which is invoiced from then on.
pub(crate) fn from_order(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let origins = named("salesorders").ok_or_else(|| missing(ty))?;
    let id = call
        .query("salesorder_id")
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| invalid("salesorder_id"))?;
    open(organization, origins, id)?;
    let id = convert(organization, ty, origins, id)?;
    created(organization, ty, id)
}

/// An invoice of each estimate: of all of them or of none.
pub(crate) fn from_estimates(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let origins = named("estimates").ok_or_else(|| missing(ty))?;
    let ids = several(organization, origins, call)?;
    for id in &ids {
        open(organization, origins, *id)?;
    }
    for id in ids {
        convert(organization, ty, origins, id)?;
    }
    Ok(message("The invoices have been created."))
}

/// Whether it may still be invoiced.
fn open(organization: &Organization, origins: &'static Type, id: u64) -> Result<(), Refusal> {
    let origin = organization.existing(origins, id)?;
    match CLOSED.contains(&origin.status) {
        true => Err(invalid(origins.id)),
        false => Ok(()),
    }
}

fn convert(
    organization: &mut Organization,
    ty: &'static Type,
    origins: &'static Type,
    id: u64,
) -> Result<u64, Refusal> {
    let old = organization.existing(origins, id)?.clone();
    let mut sent = Map::new();
    for name in KEPT {
        if let Some(value) = old.get(origins, name) {
            sent.insert((*name).to_owned(), value.clone());
        }
    }
    if let Some(Value::Array(lines)) = sent.get_mut("line_items") {
        for line in lines.iter_mut().filter_map(Value::as_object_mut) {
            line.remove("line_item_id");
        }
    }
    let number = origins
        .numbering
        .map_or("", |numbering| old.text(origins, numbering.field));
    sent.insert("reference_number".into(), json!(number));
    let made = write::create(organization, ty, 0, &sent)?;
    write::change(organization, origins, id, |row| row.status = "invoiced")?;
    if let Some(mut invoice) = organization.row(ty, made).cloned() {
        invoice.set(ty, origins.id, id.to_string());
        organization.put(ty, invoice);
    }
    Ok(made)
}
