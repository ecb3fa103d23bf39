//! The lines of a transaction and the sums over them, all exact.

use serde_json::{Map, Value, json};

use crate::answer::Refusal;
use crate::books::catalogue::{Type, named};
use crate::books::money::Money;
use crate::books::organization::Organization;
use crate::books::refuse::{bad, invalid};
use crate::books::table::Row;

/// The sums of a transaction.
#[derive(Debug, Default)]
pub(super) struct Sums {
    pub(super) lines: Vec<Value>,
    pub(super) taxes: Vec<Value>,
    pub(super) sub_total: Money,
    pub(super) discount: Money,
    pub(super) tax: Money,
    pub(super) total: Money,
}

/// One line's part in the sums.
#[derive(Debug)]
struct Line {
    shown: Value,
    total: Money,
    discount: Money,
    tax_name: String,
    tax_rate: Money,
}

/// Completes the lines and adds them up.
pub(super) fn sum(organization: &mut Organization, ty: &Type, row: &Row) -> Result<Sums, Refusal> {
    let sent = row
        .get(ty, "line_items")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let mut lines = Vec::with_capacity(sent.len());
    for (line, order) in sent.iter().zip(0..) {
        let line = line.as_object().ok_or_else(|| invalid("line_items"))?;
        lines.push(complete(organization, ty, line, order)?);
    }
    let sub_total = lines.iter().fold(Money::ZERO, |sum, line| sum + line.total);
    let inclusive = row.is(ty, "is_inclusive_tax");
    let whole = row.text(ty, "discount_type") == "entity_level";
    let before_tax = row.get(ty, "is_discount_before_tax") != Some(&Value::Bool(false));
    let discount = row.get(ty, "discount").filter(|_| whole);
    let on_all = discount
        .map(|sent| share(sub_total, sent))
        .transpose()?
        .unwrap_or_default();
    let mut taxes: Vec<(String, Money)> = Vec::new();
    for line in &lines {
        // A discount in percent lowers what every line is taxed on; a fixed one does not.
        let base = match discount.filter(|sent| before_tax && is_percent(sent)) {
            Some(sent) => line.total - share(line.total, sent)?,
            None => line.total,
        };
        let tax = match inclusive {
            true => base.included(line.tax_rate),
            false => base.percent(line.tax_rate),
        };
        let tax = tax.ok_or_else(too_large)?.cents();
        match taxes.iter_mut().find(|(name, _)| *name == line.tax_name) {
            Some((_, sum)) => *sum = *sum + tax,
            None if line.tax_rate > Money::ZERO => taxes.push((line.tax_name.clone(), tax)),
            None => {}
        }
    }
    let tax = taxes.iter().fold(Money::ZERO, |sum, (_, tax)| sum + *tax);
    let amount = |name: &str| row.amount(ty, name).cents();
    let added = if inclusive { Money::ZERO } else { tax };
    let total = sub_total - on_all + added + amount("shipping_charge") + amount("adjustment");
    let by_line = lines.iter().fold(Money::ZERO, |sum, line| sum + line.discount);
    Ok(Sums {
        taxes: taxes
            .into_iter()
            .map(|(name, tax)| json!({"tax_name": name, "tax_amount": tax.to_json()}))
            .collect(),
        lines: lines.into_iter().map(|line| line.shown).collect(),
        sub_total,
        discount: if whole { on_all } else { by_line },
        tax,
        total,
    })
}

/// A line with what its item adds, its id and its total.
fn complete(
    organization: &mut Organization,
    ty: &Type,
    sent: &Map<String, Value>,
    order: u32,
) -> Result<Line, Refusal> {
    let mut line = sent.clone();
    if let Some(id) = sent.get("item_id").filter(|id| id.as_str() != Some("")) {
        let items = named("items").ok_or_else(|| invalid("item_id"))?;
        let number = id
            .as_u64()
            .or_else(|| id.as_str()?.parse().ok())
            .ok_or_else(|| invalid("item_id"))?;
        let item = organization
            .row(items, number)
            .ok_or_else(|| invalid("item_id"))?;
        line.insert("item_id".into(), number.to_string().into());
        if super::party(ty) == "vendor_id"
            && !line.contains_key("rate")
            && let Some(rate) = item.get(items, "purchase_rate")
        {
            line.insert("rate".into(), rate.clone());
        }
        for name in [
            "name",
            "rate",
            "description",
            "unit",
            "tax_id",
            "tax_name",
            "tax_percentage",
        ] {
            if !line.contains_key(name)
                && let Some(value) = item.get(items, name)
            {
                line.insert(name.into(), value.clone());
            }
        }
    }
    look_up_tax(organization, &mut line)?;
    let read = |line: &Map<String, Value>, name: &str, otherwise: Money| match line.get(name) {
        Some(value) => Money::read(value).ok_or_else(|| invalid(name)),
        None => Ok(otherwise),
    };
    let rate = read(&line, "rate", Money::ZERO)?;
    let quantity = read(&line, "quantity", Money::ONE)?;
    let tax_rate = read(&line, "tax_percentage", Money::ZERO)?;
    if quantity < Money::ZERO || tax_rate < Money::ZERO {
        return Err(invalid(if quantity < Money::ZERO {
            "quantity"
        } else {
            "tax_percentage"
        }));
    }
    let gross = rate.times(quantity).ok_or_else(too_large)?;
    let discount = match line.get("discount") {
        Some(sent) => share(gross, sent)?,
        None => Money::ZERO,
    };
    let total = (gross - discount).cents();
    let known = line.get("line_item_id").and_then(Value::as_str);
    if known.is_none_or(str::is_empty) {
        line.insert("line_item_id".into(), organization.mint().to_string().into());
    }
    for (name, value) in [
        ("rate", rate),
        ("quantity", quantity),
        ("tax_percentage", tax_rate),
        ("discount_amount", discount),
        ("item_total", total),
    ] {
        line.insert(name.into(), value.to_json());
    }
    line.insert("item_order".into(), order.into());
    for name in ["item_id", "name", "description", "unit", "tax_id", "tax_name"] {
        line.entry(name).or_insert_with(|| "".into());
    }
    let tax_name = match line.get("tax_name").and_then(Value::as_str) {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => format!("{tax_rate}%"),
    };
    Ok(Line {
        shown: Value::Object(line),
        total,
        discount,
        tax_name,
        tax_rate,
    })
}

/// A line that names its tax gets that tax's name and rate; a group's rate is the sum of its taxes'.
fn look_up_tax(organization: &Organization, line: &mut Map<String, Value>) -> Result<(), Refusal> {
    let Some(id) = line.get("tax_id").filter(|id| id.as_str() != Some("")) else {
        return Ok(());
    };
    let id = id
        .as_u64()
        .or_else(|| id.as_str()?.parse().ok())
        .ok_or_else(|| invalid("tax_id"))?;
    for (name, label, rate, kind) in [
        ("taxes", "tax_name", "tax_percentage", "tax"),
        ("taxgroups", "tax_group_name", "tax_group_percentage", "tax_group"),
    ] {
        let Some(ty) = named(name) else { continue };
        let Some(row) = organization.row(ty, id) else {
            continue;
        };
        let rate = organization.value(ty, row, rate).unwrap_or_default();
        line.insert("tax_id".into(), id.to_string().into());
        line.insert("tax_name".into(), row.text(ty, label).into());
        line.insert("tax_percentage".into(), rate);
        line.insert("tax_type".into(), kind.into());
        return Ok(());
    }
    Err(invalid("tax_id"))
}

fn is_percent(discount: &Value) -> bool {
    discount
        .as_str()
        .is_some_and(|text| text.trim_end().ends_with('%'))
}

/// A discount of an amount: `"10%"` of it, or a fixed sum.
fn share(amount: Money, discount: &Value) -> Result<Money, Refusal> {
    let rate = Money::read(discount)
        .filter(|rate| *rate >= Money::ZERO)
        .ok_or_else(|| invalid("Discount"))?;
    match is_percent(discount) {
        true => amount.percent(rate).map(Money::cents).ok_or_else(too_large),
        false => Ok(rate.cents()),
    }
}

fn too_large() -> Refusal {
    bad(4, "Invalid value passed for Amount")
}
