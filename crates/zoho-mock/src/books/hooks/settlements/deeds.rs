//! Settling by its own addresses: from the side of the credit, and from the side of the invoice.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{allowed, edges, fed_by, parts, shown, tie};
use crate::answer::{Answer, Outcome, Refusal};
use crate::books::body;
use crate::books::catalogue::{SETTLEMENTS, Settlement, Type, named};
use crate::books::hooks::transactions::{open, party};
use crate::books::money::Money;
use crate::books::organization::Organization;
use crate::books::refuse::{invalid, missing};
use crate::books::reply::{envelope, message, success};
use crate::books::table::Row;
use crate::books::which::first_id;
use crate::books::write;
use crate::call::Call;

/// What a credit was used for.
pub(crate) fn list(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let (settlement, row) = source(organization, ty, call)?;
    let mut body = Map::new();
    let list = shown(organization, ty, &row, settlement.list).unwrap_or_else(|| json!([]));
    body.insert(settlement.listed.into(), list);
    Ok(success(body))
}

/// Uses a credit for the records that the body names: all of them or none.
pub(crate) fn apply(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let (settlement, row) = source(organization, ty, call)?;
    let sent = body::object(call)?;
    let list = sent
        .get(settlement.list)
        .ok_or_else(|| invalid(settlement.list))?;
    let parts = parts(list, settlement.debt_id)?;
    spend(organization, settlement, ty, &row, &parts)?;
    for part in parts {
        tie(organization, settlement, ty, &row, part)?;
    }
    let mut body = envelope(settlement.applied);
    let list = shown(organization, ty, &row, settlement.list).unwrap_or_else(|| json!([]));
    body.insert(
        format!("apply_to_{}", settlement.list),
        json!({ settlement.list: list }),
    );
    Ok(Answer::json(StatusCode::OK, &Value::Object(body)))
}

/// Takes a part of a credit back.
pub(crate) fn take_back(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let (settlement, row) = source(organization, ty, call)?;
    let edge = named(settlement.edge).ok_or_else(|| missing(ty))?;
    let wanted = call.path.last().map_or("", |(_, id)| id.as_str());
    let id = edges(organization, settlement, row.id)
        .map(|(_, edge)| edge.id)
        .find(|id| id.to_string() == wanted)
        .ok_or_else(|| missing(edge))?;
    write::delete(organization, edge, id)?;
    Ok(message(edge.deleted))
}

/// Settles one invoice or bill with payments and credits, all of them or none.
pub(crate) fn settle(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let id = first_id(organization, ty, call)?;
    let sent = body::object(call)?;
    let mut whole = Money::ZERO;
    let mut planned = Vec::new();
    let mut text = "success";
    for settlement in SETTLEMENTS.iter().filter(|known| known.debt == ty.name) {
        let (Some(list), Some(sources)) = (sent.get(settlement.spent), named(settlement.source)) else {
            continue;
        };
        text = settlement.applied;
        for (source, amount) in parts(list, settlement.link)? {
            let row = organization.row(sources, source).cloned();
            let row = row.ok_or_else(|| missing(sources))?;
            spend(organization, settlement, sources, &row, &[(id, amount)])?;
            whole = whole + amount;
            planned.push((settlement, sources, row, (id, amount)));
        }
    }
    let debt = organization.existing(ty, id)?;
    if whole > open(ty, debt) {
        return Err(invalid("amount_applied"));
    }
    for (settlement, sources, row, part) in planned {
        tie(organization, settlement, sources, &row, part)?;
    }
    Ok(message(text))
}

/// Whether a source has so much left, and whether it may go to these records.
fn spend(
    organization: &Organization,
    settlement: &Settlement,
    ty: &Type,
    row: &Row,
    parts: &[(u64, Money)],
) -> Result<(), Refusal> {
    let live = ty.transaction.map_or("", |transaction| transaction.live);
    let sum = parts.iter().fold(Money::ZERO, |sum, (_, amount)| sum + *amount);
    if sum > open(ty, row) || !live.is_empty() && row.status != live {
        return Err(invalid("amount_applied"));
    }
    let contact = row.link(ty, party(ty));
    parts
        .iter()
        .try_for_each(|part| allowed(organization, settlement, contact, *part, Money::ZERO))
}

/// The credit that the address names.
fn source(
    organization: &Organization,
    ty: &'static Type,
    call: &Call<'_>,
) -> Result<(&'static Settlement, Row), Refusal> {
    let settlement = fed_by(ty).ok_or_else(|| missing(ty))?;
    let id = first_id(organization, ty, call)?;
    let row = organization.existing(ty, id)?.clone();
    Ok((settlement, row))
}
