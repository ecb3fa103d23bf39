//! Lists: filtered, sorted, and cut into pages.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::catalogue::Type;
use super::filter::Filter;
use super::organization::Organization;
use super::render;
use super::table::Row;
use crate::answer::Refusal;
use crate::call::Call;

/// The reply to a list: rows under the list's key, and where the page stands.
///
/// # Errors
/// Code 2 for a filter that cannot be read.
pub(crate) fn list(
    organization: &Organization,
    ty: &'static Type,
    parent: Option<u64>,
    call: &Call<'_>,
) -> Result<Map<String, Value>, Refusal> {
    list_as(organization, ty, parent, call, render::list_row)
}

/// The same, with rows that are shown in another way.
///
/// # Errors
/// Code 2 for a filter that cannot be read.
pub(super) fn list_as(
    organization: &Organization,
    ty: &'static Type,
    parent: Option<u64>,
    call: &Call<'_>,
    show: fn(&Organization, &'static Type, &Row) -> Value,
) -> Result<Map<String, Value>, Refusal> {
    let filter = Filter::read(organization, ty, call)?;
    let mut rows: Vec<&Row> = organization
        .rows(ty, parent)
        .filter(|row| filter.lets_through(organization, row))
        .collect();
    let (column, descending) = sorting(ty, call);
    sort(organization, ty, &mut rows, &column, descending);
    let shown =
        |rows: &[&Row]| -> Vec<Value> { rows.iter().map(|row| show(organization, ty, row)).collect() };
    let mut body = Map::new();
    if ty.report.is_empty() {
        body.insert(ty.list.into(), shown(&rows).into());
        return Ok(body);
    }
    let page = whole(call, "page").unwrap_or(1).max(1);
    let size = whole(call, "per_page").unwrap_or(ty.page).clamp(1, ty.page);
    let start = (page - 1).saturating_mul(size).min(rows.len());
    let end = start.saturating_add(size).min(rows.len());
    body.insert(
        ty.list.into(),
        shown(rows.get(start..end).unwrap_or_default()).into(),
    );
    let mut context = json!({
        "page": page,
        "per_page": size,
        "has_more_page": end < rows.len(),
        "report_name": ty.report,
        "applied_filter": filter.applied(),
        "custom_fields": [],
        "sort_column": column,
        "sort_order": if descending { "D" } else { "A" },
    });
    if let (Some(context), Some(criteria)) = (context.as_object_mut(), filter.criteria()) {
        context.insert("search_criteria".into(), criteria);
    }
    body.insert("page_context".into(), context);
    Ok(body)
}

fn whole(call: &Call<'_>, name: &str) -> Option<usize> {
    call.query(name)?.trim().parse().ok()
}

/// The wished sort column if there is such a field, else the type's own.
fn sorting(ty: &'static Type, call: &Call<'_>) -> (String, bool) {
    let wished = call.query("sort_column").filter(|column| {
        ["created_time", "last_modified_time", "status"].contains(column)
            || ty.field(column).is_some()
            || column.starts_with("cf_") && ty.custom
    });
    let descending = call
        .query("sort_order")
        .map(|order| order.trim().to_ascii_uppercase().starts_with('D'));
    match wished {
        Some(column) => (column.to_owned(), descending.unwrap_or(false)),
        None => (ty.sort.0.to_owned(), descending.unwrap_or(ty.sort.1 == 'D')),
    }
}

/// What a row is sorted by.
#[derive(Debug, PartialEq, PartialOrd)]
enum Key {
    Nothing,
    Number(f64),
    Text(String),
}

fn key(organization: &Organization, ty: &'static Type, row: &Row, column: &str) -> Key {
    match column {
        // Seconds, not texts: offsets change with the season.
        "created_time" => Key::Number(row.created as f64),
        "last_modified_time" => Key::Number(row.modified as f64),
        _ => match organization.value(ty, row, column) {
            Some(Value::Number(number)) => Key::Number(number.as_f64().unwrap_or_default()),
            Some(Value::String(text)) => Key::Text(text.to_lowercase()),
            Some(Value::Bool(yes)) => Key::Number(f64::from(u8::from(yes))),
            _ => Key::Nothing,
        },
    }
}

/// Sorts by the column; the id decides between equals, so that pages never overlap.
fn sort(
    organization: &Organization,
    ty: &'static Type,
    rows: &mut Vec<&Row>,
    column: &str,
    descending: bool,
) {
    let mut keyed: Vec<(Key, &Row)> = rows
        .drain(..)
        .map(|row| (key(organization, ty, row, column), row))
        .collect();
    keyed.sort_by(|(a, left), (b, right)| {
        let order = a
            .partial_cmp(b)
            .unwrap_or(Ordering::Equal)
            .then(left.id.cmp(&right.id));
        if descending { order.reverse() } else { order }
    });
    rows.extend(keyed.into_iter().map(|(_, row)| row));
}
