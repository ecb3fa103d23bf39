//! ZIP archives with one CSV in them, written whole.

use std::io::{Cursor, Write};

use bytes::Bytes;
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::error::{Error, Result};
use crate::record::Record;

/// What the CSV of an import is called.
pub(super) const FILE: &str = "records.csv";

/// An archive with the records as a CSV, and its columns in order.
pub(super) fn pack(records: &[Record]) -> Result<(Bytes, Vec<String>)> {
    let mut columns: Vec<String> = Vec::new();
    for record in records {
        for (name, _) in record.iter() {
            if !columns.iter().any(|known| known == name) {
                columns.push(name.to_owned());
            }
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&columns).map_err(unwritable)?;
    for (place, record) in records.iter().enumerate() {
        for name in &columns {
            let cell = cell(record.get(name)).ok_or_else(|| {
                Error::config(format!(
                    "`{name}` of record {place} is a value that a cell can not hold"
                ))
            })?;
            writer.write_field(cell).map_err(unwritable)?;
        }
        writer.write_record(None::<&[u8]>).map_err(unwritable)?;
    }
    let csv = writer
        .into_inner()
        .map_err(|error| unwritable(error.into_error()))?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    zip.start_file(FILE, options).map_err(unwritable)?;
    zip.write_all(&csv).map_err(unwritable)?;
    let packed = zip.finish().map_err(unwritable)?.into_inner();
    Ok((packed.into(), columns))
}

/// A value as a cell; `None` for what no cell can hold.
fn cell(value: Option<&Value>) -> Option<String> {
    match value {
        None | Some(Value::Null) => Some(String::new()),
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Bool(flag)) => Some(flag.to_string()),
        Some(Value::Number(number)) => Some(number.to_string()),
        // A lookup is its id.
        Some(Value::Object(lookup)) => match lookup.get("id") {
            Some(Value::Object(_) | Value::Array(_)) | None => None,
            id => cell(id),
        },
        // Several values of a picklist.
        Some(Value::Array(values)) => {
            let values: Option<Vec<&str>> = values.iter().map(Value::as_str).collect();
            values.map(|values| values.join(";"))
        }
    }
}

fn unwritable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::config("the records can not be written as CSV").with_source(error)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_hold_scalars_lookups_and_lists_of_texts() {
        let row = Record::new()
            .set("a", true)
            .set("b", 1.5)
            .set("c", json!({"id": "7", "name": "x"}))
            .set("d", json!(["x", "y"]))
            .set("e", Value::Null);
        let (archive, _) = pack(&[row]).unwrap();
        let (mut unpack, mut read) = (super::super::unpack::Unpack::new(), Vec::new());
        unpack.push(&archive, &mut read).unwrap();
        unpack.end(&mut read).unwrap();
        assert_eq!(
            read[0].to_string(),
            r#"{"a":"true","b":"1.5","c":"7","d":"x;y","e":null}"#
        );
        let error = pack(&[Record::new().set("a", json!([{"b": 1}]))]).unwrap_err();
        assert!(error.to_string().contains("`a` of record 0"), "{error}");
    }
}
