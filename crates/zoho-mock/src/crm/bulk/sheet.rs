//! Records as lines of CSV, and lines of CSV as records.

use serde_json::{Number, Value, json};

use crate::crm::CrmWorld;
use crate::crm::schema::{Field, Kind};
use crate::crm::store::Row;

/// The rows as CSV, with the names of the fields as its first line.
pub(crate) fn write(crm: &CrmWorld, fields: &[&Field], rows: &[&Row]) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(fields.iter().map(|field| match field.kind {
        // The key column has a name of its own.
        Kind::Id => "Id",
        _ => field.api_name,
    }))?;
    for row in rows {
        for field in fields {
            writer.write_field(cell(crm, row, field))?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

/// Whether a field can stand in a cell.
pub(crate) fn fits(field: &Field) -> bool {
    field.kind != Kind::Subform
}

fn cell(crm: &CrmWorld, row: &Row, field: &Field) -> String {
    let mut json = Vec::new();
    crm.write_field(&mut json, row, field);
    text(&serde_json::from_slice(&json).unwrap_or_default())
}

/// What of a value stands in a cell: of a record or user the id, of several values all, in a row.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| item.get("name").map_or_else(|| text(item), text))
                .collect();
            items.join(";")
        }
        Value::Object(object) => object.get("id").map_or_else(String::new, text),
        other => other.to_string(),
    }
}

/// A cell as the value that a record of a request would have. What does not fit stays text, for the
/// check of records to find.
pub(crate) fn value(field: &Field, text: &str) -> Value {
    let as_text = || Value::from(text);
    match field.kind {
        Kind::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => as_text(),
        },
        Kind::Integer => text.trim().parse::<i64>().map_or_else(|_| as_text(), Value::from),
        Kind::Double | Kind::Currency | Kind::Percent => text
            .trim()
            .parse()
            .ok()
            .and_then(Number::from_f64)
            .map_or_else(as_text, Value::Number),
        Kind::MultiPicklist => text.split(';').map(str::trim).collect(),
        Kind::Tags => text.split(';').map(|name| json!({"name": name.trim()})).collect(),
        Kind::Lookup(_) | Kind::AnyLookup | Kind::Owner | Kind::User => json!({"id": text.trim()}),
        _ => as_text(),
    }
}
