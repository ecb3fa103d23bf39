//! `GET /{module}/actions/count`.

use std::ops::Bound;

use http::StatusCode;
use serde_json::json;

use super::params::Converted;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::refuse;
use crate::crm::search::Matcher;
use crate::crm::store::{Order, SortKey};
use crate::world::World;

/// Counts the records of a module, or those that a search would find.
pub(super) fn count_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let index = crm.module_of(call)?;
    let table = crm.tables.get(index).ok_or_else(refuse::invalid_module)?;
    let converted = Converted::of(call)?;
    let order = Order {
        key: SortKey::Id,
        descending: false,
    };
    let matcher = Matcher::of(crm, index, call)?;
    let rows = table.range(order, Bound::Unbounded, Bound::Unbounded);
    let count = rows
        .filter(|row| {
            converted.shows(row) && matcher.as_ref().is_none_or(|matcher| matcher.matches(crm, row))
        })
        .count();
    Ok(Answer::json(StatusCode::OK, &json!({"count": count})))
}
