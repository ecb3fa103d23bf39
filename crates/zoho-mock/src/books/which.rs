//! Which records a call means: by the ids of its address, and by those of its query.

use serde_json::{Map, Value};

use super::catalogue::{Parent, Type, named};
use super::organization::Organization;
use super::refuse::{invalid, missing};
use crate::answer::Refusal;
use crate::call::Call;

/// The records that the query names, each once.
pub(super) fn several(
    organization: &Organization,
    ty: &'static Type,
    call: &Call<'_>,
) -> Result<Vec<u64>, Refusal> {
    let name = format!("{}s", ty.id);
    let named = call
        .query(&name)
        .filter(|ids| !ids.is_empty())
        .ok_or_else(|| invalid(&name))?;
    let mut ids = Vec::new();
    for id in named.split(',') {
        let id = id.trim().parse::<u64>().map_err(|_| invalid(&name))?;
        organization.existing(ty, id)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The record that the first id of the address names.
pub(super) fn first_id(
    organization: &Organization,
    ty: &'static Type,
    call: &Call<'_>,
) -> Result<u64, Refusal> {
    let text = call.path.first().map_or("", |(_, id)| id.as_str());
    find(organization, ty, text).ok_or_else(|| missing(ty))
}

/// A record by its id, or by the field that may stand for it.
fn find(organization: &Organization, ty: &'static Type, text: &str) -> Option<u64> {
    let by_id = text.parse().ok().and_then(|id| organization.row(ty, id));
    let by_name = || {
        let mut rows = organization.rows(ty, None).filter(|_| !ty.named.is_empty());
        rows.find(|row| row.text(ty, ty.named) == text)
    };
    by_id.or_else(by_name).map(|row| row.id)
}

/// The record's own id: the only one of its address, or the last of two.
pub(super) fn own_id(
    organization: &Organization,
    ty: &'static Type,
    call: &Call<'_>,
) -> Result<u64, Refusal> {
    if ty.single {
        let only = organization.rows(ty, None).next().map(|row| row.id);
        return only.ok_or_else(|| missing(ty));
    }
    let text = call.path.last().map_or("", |(_, id)| id.as_str());
    let id = find(organization, ty, text).ok_or_else(|| missing(ty))?;
    let row = organization.existing(ty, id)?;
    match call.path.len() > 1 && parent(organization, ty, call)? != Some(row.parent) {
        true => Err(missing(ty)),
        false => Ok(id),
    }
}

/// The parent that the address names, if it is there.
pub(super) fn parent(
    organization: &Organization,
    ty: &'static Type,
    call: &Call<'_>,
) -> Result<Option<u64>, Refusal> {
    let (Some(parent), Some((_, id))) = (ty.parent, call.path.first()) else {
        return Ok(None);
    };
    let owner = named(parent.name).ok_or_else(|| missing(ty))?;
    find(organization, owner, id)
        .map(Some)
        .ok_or_else(|| missing(owner))
}

/// An id that came as a text or as a number.
pub(super) fn digits(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The parent that a body names, where the address does not.
pub(super) fn parent_in_body(
    organization: &Organization,
    parent: Parent,
    sent: &Map<String, Value>,
) -> Result<u64, Refusal> {
    let refused = || invalid(parent.field);
    let owner = named(parent.name).ok_or_else(refused)?;
    let id = sent.get(parent.field).and_then(digits).ok_or_else(refused)?;
    Ok(organization.existing(owner, id)?.id)
}

/// The last id of the address.
pub(super) fn last_id(call: &Call<'_>) -> Option<u64> {
    call.path.last()?.1.parse().ok()
}
