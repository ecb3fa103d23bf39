//! ZIP archives with one CSV in them: read row by row, written whole.

use std::io::{self, Cursor, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use flate2::read::DeflateDecoder;
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::error::{Error, ErrorKind, Result};
use crate::record::Record;

/// What the CSV of an import is called.
pub(super) const FILE: &str = "records.csv";
/// The bytes of a row at most; 500 fields of 32,000 characters, as large as text fields get.
const ROW: usize = 16 << 20;

/// The records of the archive's first file, each read when it is wanted.
pub(super) fn rows(archive: &Bytes) -> Result<impl Iterator<Item = Result<Record>> + Send + use<>> {
    let ration = Arc::new(AtomicUsize::new(ROW));
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(Rationed {
        content: content(archive)?,
        left: Arc::clone(&ration),
    });
    let mut names = Vec::new();
    for name in reader.headers().map_err(unreadable)? {
        let name = name.trim_start_matches('\u{feff}');
        names.push(if name == "Id" { "id" } else { name }.to_owned());
    }
    ration.store(ROW, Ordering::Relaxed);
    let rows = reader.into_records().map(move |row| {
        let row = row.map_err(unreadable)?;
        ration.store(ROW, Ordering::Relaxed);
        let value = |cell: &str| match cell {
            "" => Value::Null,
            cell => Value::from(cell),
        };
        Ok(names
            .iter()
            .zip(&row)
            .map(|(name, cell)| (name.as_str(), value(cell)))
            .collect())
    });
    Ok(rows)
}

/// What is unpacked, so much of it for each row. A small archive can hold a row without end; without a bound it would
/// be put together in memory.
struct Rationed<R> {
    content: R,
    left: Arc<AtomicUsize>,
}

impl<R: Read> Read for Rationed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            let message = format!("a row is larger than {ROW} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let most = left.min(into.len());
        let read = self.content.read(into.get_mut(..most).unwrap_or_default())?;
        self.left.store(left - read.min(left), Ordering::Relaxed);
        Ok(read)
    }
}

/// The content of the archive's first file as it is unpacked.
fn content(archive: &Bytes) -> Result<Box<dyn Read + Send>> {
    // The central directory knows the sizes that a stream from the front does not always say.
    let mut directory = ZipArchive::new(Cursor::new(archive.clone())).map_err(unreadable)?;
    let file = directory.by_index_raw(0).map_err(unreadable)?;
    let start = file.data_start().unwrap_or(u64::MAX);
    let range = usize::try_from(start)
        .ok()
        .zip(usize::try_from(start.saturating_add(file.compressed_size())).ok());
    let held = range.filter(|(start, end)| start <= end && *end <= archive.len());
    let Some((start, end)) = held else {
        return Err(Error::new(ErrorKind::Decode, "the archive is cut short"));
    };
    let packed = Cursor::new(archive.slice(start..end));
    match file.compression() {
        CompressionMethod::Deflated => Ok(Box::new(DeflateDecoder::new(packed))),
        CompressionMethod::Stored => Ok(Box::new(packed)),
        other => Err(Error::new(
            ErrorKind::Decode,
            format!("the archive is packed by {other}, which is not known here"),
        )),
    }
}

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

fn unreadable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::Decode, "the archive can not be read").with_source(error)
}

fn unwritable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::config("the records can not be written as CSV").with_source(error)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn what_is_packed_is_read_again(cells in prop::collection::vec(("[^\u{feff}]{0,12}", "\\PC{0,12}"), 1..20)) {
            let records: Vec<Record> = cells
                .iter()
                .map(|(a, b)| Record::new().set("A", a.as_str()).set("B, \"b\"", b.as_str()))
                .collect();
            let (archive, columns) = pack(&records).unwrap();
            prop_assert_eq!(columns, ["A", "B, \"b\""]);
            let read: Vec<Record> = rows(&archive).unwrap().collect::<Result<_>>().unwrap();
            let value = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
            for (row, (a, b)) in read.iter().zip(&cells) {
                prop_assert_eq!(row.get("A"), Some(&value(a)));
                prop_assert_eq!(row.get("B, \"b\""), Some(&value(b)));
            }
            prop_assert_eq!(read.len(), cells.len());
        }

        #[test]
        fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>()) {
            if let Ok(rows) = rows(&Bytes::from(bytes.clone())) {
                let _ = rows.take(1000).count();
            }
            let (archive, _) = pack(&[Record::new().set("A", "some text")]).unwrap();
            let mut broken = archive.to_vec();
            let place = at.index(broken.len());
            broken[place] ^= 0x5a;
            broken.truncate(broken.len() - bytes.len().min(broken.len()) / 4);
            if let Ok(rows) = rows(&Bytes::from(broken)) {
                let _ = rows.take(1000).count();
            }
        }
    }

    #[test]
    fn cells_hold_scalars_lookups_and_lists_of_texts() {
        let row = Record::new()
            .set("a", true)
            .set("b", 1.5)
            .set("c", json!({"id": "7", "name": "x"}))
            .set("d", json!(["x", "y"]))
            .set("e", Value::Null);
        let (archive, _) = pack(&[row]).unwrap();
        let read = rows(&archive).unwrap().next().unwrap().unwrap();
        assert_eq!(
            read.to_string(),
            r#"{"a":"true","b":"1.5","c":"7","d":"x;y","e":null}"#
        );
        let error = pack(&[Record::new().set("a", json!([{"b": 1}]))]).unwrap_err();
        assert!(error.to_string().contains("`a` of record 0"), "{error}");
    }
}
