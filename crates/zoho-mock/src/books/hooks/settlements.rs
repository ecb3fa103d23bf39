//! How what came in (payments, credits) settles what is owed, and what of it is paid back.

pub(crate) mod deeds;

use serde_json::{Map, Value, json};

use super::transactions::{self, open, party, taken};
use super::{Draft, Settled};
use crate::answer::Refusal;
use crate::books::catalogue::{SETTLEMENTS, Settlement, Type, named};
use crate::books::money::Money;
use crate::books::organization::Organization;
use crate::books::refuse::{bad, invalid};
use crate::books::table::Row;
use crate::books::write;

/// Parts of a source, each with the id of the record it settles.
type Parts = Vec<(u64, Money)>;

/// The settlement that a source feeds.
fn fed_by(source: &Type) -> Option<&'static Settlement> {
    SETTLEMENTS.iter().find(|known| known.source == source.name)
}

/// Reads `[{"invoice_id": "1", "amount_applied": 10}]`.
fn parts(list: &Value, id: &str) -> Result<Parts, Refusal> {
    let list = match list {
        Value::Array(list) => list.as_slice(),
        Value::String(text) if text.is_empty() => &[],
        _ => return Err(invalid(id)),
    };
    let mut parts = Parts::new();
    for entry in list {
        let to = entry
            .get(id)
            .and_then(|id| id.as_u64().or_else(|| id.as_str()?.parse().ok()))
            .ok_or_else(|| invalid(id))?;
        let amount = entry
            .get("amount_applied")
            .and_then(Money::read)
            .map(Money::cents)
            .filter(|amount| *amount >= Money::ZERO)
            .ok_or_else(|| invalid("amount_applied"))?;
        if parts.iter().any(|(other, _)| *other == to) {
            return Err(invalid("amount_applied"));
        }
        parts.push((to, amount));
    }
    Ok(parts)
}

/// The parts of a source that are in use.
fn edges<'a>(
    organization: &'a Organization,
    settlement: &Settlement,
    source: u64,
) -> impl Iterator<Item = (&'static Type, &'a Row)> {
    let ty = named(settlement.edge);
    let rows = ty.map(|ty| organization.rows(ty, None)).into_iter().flatten();
    rows.zip(ty.into_iter().cycle())
        .map(|(row, ty)| (ty, row))
        .filter(move |(ty, row)| row.link(ty, settlement.link) == source)
}

/// Whether so much may be taken for a record, `freed` of which the same write gives back.
fn allowed(
    organization: &Organization,
    settlement: &Settlement,
    contact: u64,
    (to, amount): (u64, Money),
    freed: Money,
) -> Result<(), Refusal> {
    let debts = named(settlement.debt).ok_or_else(|| invalid(settlement.debt))?;
    let debt = organization.existing(debts, to)?;
    let other = debt.link(debts, party(debts)) != contact;
    match other || amount > open(debts, debt) + freed || debt.status == "void" {
        true => Err(invalid("amount_applied")),
        false => Ok(()),
    }
}

/// Checks a payment or a credit, with the parts it names.
pub(crate) fn prepare(organization: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let ty = draft.ty;
    let Some(settlement) = fed_by(ty) else {
        return transactions::prepare(organization, draft);
    };
    if ty.field("line_items").is_none() {
        let amount = draft.row.amount(ty, "amount").cents();
        if amount <= Money::ZERO {
            return Err(bad(4, "Invalid value passed for Amount"));
        }
        draft.row.set(ty, "amount", amount.to_json());
    }
    let Some(list) = draft.sent.get(settlement.list).filter(|_| settlement.replaced) else {
        return transactions::prepare(organization, draft);
    };
    let contact = draft.row.link(ty, party(ty));
    let parts = parts(list, settlement.debt_id)?;
    let mut used = Money::ZERO;
    for part in &parts {
        let freed = edges(organization, settlement, draft.row.id)
            .filter(|(_, edge)| edge.parent == part.0)
            .fold(Money::ZERO, |sum, (edges, edge)| {
                sum + edge.amount(edges, settlement.amount)
            });
        allowed(organization, settlement, contact, *part, freed)?;
        used = used + part.1;
    }
    let others = taken(ty, draft.row) - draft.row.amount(ty, settlement.used);
    let whole = ty.transaction.map_or("", |transaction| transaction.whole);
    if used + others > draft.row.amount(ty, whole) {
        return Err(bad(4, "Invalid value passed for Amount"));
    }
    // The old parts go before the new ones come, so only these have to fit.
    let before = draft.row.get(ty, settlement.used).cloned().unwrap_or_default();
    draft.row.set(ty, settlement.used, used.to_json());
    let prepared = transactions::prepare(organization, draft);
    draft.row.set(ty, settlement.used, before);
    prepared
}

/// Replaces the parts of a payment that was written, and gives back those of a deleted one.
pub(crate) fn settled(organization: &mut Organization, settled: &Settled<'_>) -> Result<(), Refusal> {
    transactions::settled(organization, settled)?;
    let Some(settlement) = fed_by(settled.ty) else {
        return Ok(());
    };
    let sent = settled.sent.get(settlement.list).filter(|_| settlement.replaced);
    if let Some(old) = settled.old.filter(|_| settled.new.is_none() || sent.is_some()) {
        let gone: Vec<u64> = edges(organization, settlement, old.id)
            .map(|(_, edge)| edge.id)
            .collect();
        let ty = named(settlement.edge).ok_or_else(|| invalid(settlement.list))?;
        for id in gone {
            write::delete(organization, ty, id)?;
        }
    }
    let (Some(new), Some(list)) = (settled.new, sent) else {
        return Ok(());
    };
    for part in parts(list, settlement.debt_id)? {
        tie(organization, settlement, settled.ty, new, part)?;
    }
    Ok(())
}

/// Settles a record with a part of a source.
fn tie(
    organization: &mut Organization,
    settlement: &Settlement,
    sources: &Type,
    source: &Row,
    (to, amount): (u64, Money),
) -> Result<(), Refusal> {
    let ty = named(settlement.edge).ok_or_else(|| invalid(settlement.list))?;
    if amount == Money::ZERO {
        return Ok(());
    }
    let id = organization.mint();
    let mut row = Row::new(ty, id, to, organization.now, organization.user);
    row.set(ty, settlement.link, source.id.to_string());
    row.set(ty, settlement.amount, amount.to_json());
    let date = source.text(sources, "date");
    for name in ["date", "credited_date"] {
        row.set(ty, name, date);
    }
    write::save(organization, ty, None, row, &Map::new())
}

/// A part that comes or goes changes both records it ties.
pub(crate) fn tied(organization: &mut Organization, settled: &Settled<'_>) -> Result<(), Refusal> {
    let ty = settled.ty;
    let Some(settlement) = SETTLEMENTS.iter().find(|known| known.edge == ty.name) else {
        return Ok(());
    };
    let Some(edge) = settled.new.or(settled.old) else {
        return Ok(());
    };
    let amount = |row: Option<&Row>| row.map_or(Money::ZERO, |row| row.amount(ty, settlement.amount));
    let by = amount(settled.new) - amount(settled.old);
    shift(organization, settlement.debt, edge.parent, settlement.taken, by)?;
    shift(
        organization,
        settlement.source,
        edge.link(ty, settlement.link),
        settlement.used,
        by,
    )
}

/// A refund leaves as much as was unused.
pub(crate) fn prepare_refund(organization: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let ty = draft.ty;
    let sources = super::parent(ty)?;
    let source = organization.existing(sources, draft.row.parent)?;
    let amount = draft.row.amount(ty, "amount").cents();
    let before = draft.old.map_or(Money::ZERO, |old| old.amount(ty, "amount"));
    let live = sources.transaction.map_or("", |transaction| transaction.live);
    let counts = live.is_empty() || source.status == live;
    if amount <= Money::ZERO || amount > open(sources, source) + before || !counts {
        return Err(bad(4, "Invalid value passed for Amount"));
    }
    draft.row.set(ty, "amount", amount.to_json());
    if draft.row.text(ty, "date").is_empty() {
        let today = organization.today().to_string();
        draft.row.set(ty, "date", today);
    }
    Ok(())
}

/// A refund that comes or goes changes what is left of its source.
pub(crate) fn refunded(organization: &mut Organization, settled: &Settled<'_>) -> Result<(), Refusal> {
    let ty = settled.ty;
    let sources = super::parent(ty)?;
    let (Some(settlement), Some(refund)) = (fed_by(sources), settled.new.or(settled.old)) else {
        return Ok(());
    };
    let amount = |row: Option<&Row>| row.map_or(Money::ZERO, |row| row.amount(ty, "amount"));
    let by = amount(settled.new) - amount(settled.old);
    shift(organization, sources.name, refund.parent, settlement.refunded, by)
}

/// Adds to a field of a transaction that its clients cannot set.
fn shift(
    organization: &mut Organization,
    name: &str,
    id: u64,
    field: &str,
    by: Money,
) -> Result<(), Refusal> {
    let Some(ty) = named(name) else { return Ok(()) };
    let Some(old) = organization.row(ty, id).cloned() else {
        return Ok(());
    };
    let mut row = old.clone();
    row.set(ty, field, (old.amount(ty, field) + by).to_json());
    row.modified = organization.now;
    if let Some(transaction) = ty.transaction
        && row.status == "draft"
        && by > Money::ZERO
    {
        row.status = transaction.live;
    }
    if ty.field("last_payment_date").is_some() {
        let last = last_payment(organization, ty, id);
        row.set(ty, "last_payment_date", last);
    }
    organization.put(ty, row.clone());
    transactions::settled(
        organization,
        &Settled {
            ty,
            old: Some(&old),
            new: Some(&row),
            sent: &Map::new(),
        },
    )
}

fn last_payment(organization: &Organization, debts: &Type, id: u64) -> String {
    let of_debt = SETTLEMENTS.iter().filter(|known| known.debt == debts.name);
    of_debt
        .filter_map(|known| named(known.edge))
        .flat_map(|edges| {
            let rows = organization.rows(edges, Some(id));
            rows.map(|row| row.text(edges, "date").to_owned())
        })
        .max()
        .unwrap_or_default()
}

/// Whether parts of other records hang on it.
pub(super) fn is_bound(organization: &Organization, ty: &Type, row: &Row) -> bool {
    SETTLEMENTS.iter().any(|known| {
        let Some(edge) = named(known.edge) else {
            return false;
        };
        known.debt == ty.name && organization.rows(edge, Some(row.id)).next().is_some()
            || known.source == ty.name && taken(ty, row) > Money::ZERO
    })
}

/// What a source shows of the records it settles.
pub(super) fn shown(organization: &Organization, ty: &'static Type, row: &Row, name: &str) -> Option<Value> {
    let settlement = fed_by(ty).filter(|known| known.list == name)?;
    let debts = named(settlement.debt)?;
    let list = edges(organization, settlement, row.id).filter_map(|(edges, edge)| {
        let debt = organization.row(debts, edge.parent)?;
        let mut entry = json!({
            settlement.edge_id: edge.id.to_string(),
            settlement.debt_id: edge.parent.to_string(),
            "amount_applied": edge.amount(edges, settlement.amount).to_json(),
        });
        let shown = entry.as_object_mut()?;
        for name in [settlement.debt_number, "date", "due_date", "total", "balance"] {
            shown.insert(
                name.into(),
                organization.value(debts, debt, name).unwrap_or_default(),
            );
        }
        Some(entry)
    });
    Some(list.collect())
}
