//! Records as JSON: in full, and as rows of a list.

use serde_json::{Map, Value};

use super::catalogue::Type;
use super::custom;
use super::organization::Organization;
use super::table::Row;

/// A record in full.
pub(crate) fn record(organization: &Organization, ty: &'static Type, row: &Row) -> Value {
    let mut shown = head(organization, ty, row);
    for field in ty.fields {
        shown.insert(field.name.to_owned(), organization.field_value(ty, row, field));
    }
    times(organization, row, &mut shown);
    shown.insert("created_by_id".into(), row.creator.to_string().into());
    shown.insert("last_modified_by_id".into(), row.modifier.to_string().into());
    if ty.custom {
        custom::show(organization, ty, row, &mut shown);
    }
    Value::Object(shown)
}

/// Records as rows of a list.
pub(crate) fn list_rows<'a>(
    organization: &Organization,
    ty: &'static Type,
    rows: impl IntoIterator<Item = &'a Row>,
) -> Value {
    let rows = rows.into_iter();
    rows.map(|row| list_row(organization, ty, row)).collect()
}

/// A record as a row of a list; custom fields stand beside the others.
pub(crate) fn list_row(organization: &Organization, ty: &'static Type, row: &Row) -> Value {
    let mut shown = head(organization, ty, row);
    for field in ty.fields.iter().filter(|field| field.in_rows) {
        shown.insert(field.name.to_owned(), organization.field_value(ty, row, field));
    }
    times(organization, row, &mut shown);
    if ty.custom {
        for (name, value) in &row.custom {
            shown.insert(name.clone(), value.clone());
        }
        custom::show(organization, ty, row, &mut shown);
    }
    Value::Object(shown)
}

fn head(organization: &Organization, ty: &'static Type, row: &Row) -> Map<String, Value> {
    let mut shown = Map::new();
    shown.insert(ty.id.to_owned(), row.id.to_string().into());
    if let Some(parent) = ty.parent {
        shown.insert(parent.field.to_owned(), row.parent.to_string().into());
    }
    if let Some(status) = organization.value(ty, row, "status") {
        shown.insert("status".into(), status);
    }
    shown
}

fn times(organization: &Organization, row: &Row, shown: &mut Map<String, Value>) {
    shown.insert("created_time".into(), organization.time(row.created).into());
    shown.insert(
        "last_modified_time".into(),
        organization.time(row.modified).into(),
    );
}
