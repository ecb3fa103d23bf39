//! An import and its files: rows become records, one after the other.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::crm::CrmWorld;
use crate::crm::batch::Fault;
use crate::crm::bulk::sheet;
use crate::crm::change::Actor;
use crate::crm::records::new_draft;
use crate::crm::schema::ModuleIndex;
use crate::crm::schema::validate::Told;

/// What an import does with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Insert,
    Update,
    Upsert,
}

impl Operation {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Upsert => "upsert",
        }
    }
}

/// An import.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    pub(crate) created: i64,
    pub(super) by: u64,
    pub(super) operation: Operation,
    pub(super) encoding: Value,
    pub(in crate::crm::bulk) callback: Option<Value>,
    pub(super) sheets: Vec<Sheet>,
    /// What became of each row, once it is done.
    pub(super) archive: Option<Bytes>,
}

/// A field and where its value stands.
#[derive(Clone, Debug)]
pub(super) struct Mapping {
    pub(super) api_name: &'static str,
    pub(super) column: Option<usize>,
    /// For rows that have none.
    pub(super) default: Option<String>,
}

/// How many rows had which outcome.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    added: usize,
    updated: usize,
    skipped: usize,
}

/// How many columns of a file its result shows.
const SHOWN: usize = 3;

/// A file of an import.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    /// The resource as it was asked for.
    pub(super) shown: Map<String, Value>,
    pub(super) name: String,
    pub(super) module: ModuleIndex,
    pub(super) find_by: Option<String>,
    pub(super) ignore_empty: bool,
    pub(super) mappings: Vec<Mapping>,
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    pub(super) counts: Counts,
}

/// The first line and the others of a CSV.
pub(super) fn read(content: &[u8]) -> Option<(Vec<String>, Vec<Vec<String>>)> {
    let content = content.strip_prefix("\u{feff}".as_bytes()).unwrap_or(content);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(content);
    let head = texts(reader.headers().ok()?);
    let rows = reader
        .records()
        .map(|record| Some(texts(&record.ok()?)))
        .collect::<Option<Vec<_>>>()?;
    Some((head, rows))
}

fn texts(record: &csv::StringRecord) -> Vec<String> {
    record.iter().map(str::to_owned).collect()
}

impl Sheet {
    /// The resource with its counts.
    pub(super) fn show(&self, status: &str) -> Value {
        let mut shown = self.shown.clone();
        shown.insert("status".into(), status.into());
        shown.insert(
            "file".into(),
            json!({
                "status": status, "name": self.name, "added_count": self.counts.added,
                "updated_count": self.counts.updated, "skipped_count": self.counts.skipped,
                "total_count": self.counts.added + self.counts.updated + self.counts.skipped,
            }),
        );
        Value::Object(shown)
    }

    /// The first columns that are mapped, in the order of the file.
    fn columns(&self) -> Vec<usize> {
        let mut columns: Vec<usize> = self
            .mappings
            .iter()
            .filter_map(|mapping| mapping.column)
            .collect();
        columns.sort_unstable();
        columns.dedup();
        columns.truncate(SHOWN);
        columns
    }

    /// Writes the rows as records; gives the first mapped columns back, with what became of each row.
    pub(super) fn run(&mut self, crm: &mut CrmWorld, operation: Operation, actor: Actor) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let columns = self.columns();
        let cells = |row: &[String]| -> Vec<String> {
            let cells = columns.iter().map(|column| row.get(*column).cloned());
            cells.map(Option::unwrap_or_default).collect()
        };
        let line = |row: &[String], added: [&str; 3]| {
            let added = added.into_iter().map(str::to_owned);
            cells(row).into_iter().chain(added).collect::<Vec<_>>()
        };
        // A vector takes whatever is written.
        let _ = writer.write_record(line(&self.head, ["STATUS", "RECORD_ID", "ERRORS"]));
        for (at, row) in self.rows.iter().enumerate() {
            let (status, id, errors) = match self.write(crm, operation, actor, row, at) {
                Ok((id, true)) => {
                    self.counts.added += 1;
                    ("ADDED", id.to_string(), String::new())
                }
                Ok((id, false)) => {
                    self.counts.updated += 1;
                    ("UPDATED", id.to_string(), String::new())
                }
                Err(fault) => {
                    self.counts.skipped += 1;
                    ("SKIPPED", String::new(), self.errors(&fault))
                }
            };
            let _ = writer.write_record(line(row, [status, &id, &errors]));
        }
        writer.into_inner().unwrap_or_default()
    }

    /// Writes one row; gives the record's id and whether it is new.
    fn write(
        &self,
        crm: &mut CrmWorld,
        operation: Operation,
        actor: Actor,
        row: &[String],
        at: usize,
    ) -> Result<(u64, bool), Fault> {
        let record = self.record(crm, row);
        let path = format!("$.rows[{at}]");
        let key = self.find_by.as_deref().filter(|_| operation != Operation::Insert);
        let found = key.and_then(|key| crm.same(self.module, key, record.get(key)?));
        match (found, key) {
            (Some(id), _) => {
                crm.change(self.module, id, &record, (&path, Told::All), None, actor)?;
                Ok((id, false))
            }
            (None, Some(key)) if operation == Operation::Update => Err(Fault::field(
                "INVALID_DATA",
                "no record is found",
                key,
                &format!("{path}.{key}"),
            )),
            (None, _) => {
                let draft = new_draft(crm, self.module, &record, &path, Told::All)?;
                Ok((crm.insert(self.module, draft, actor), true))
            }
        }
    }

    /// A fault as a cell: each code with the columns that it is about, `CODE-column,column:CODE-column`.
    fn errors(&self, fault: &Fault) -> String {
        let one = json!({"code": fault.code, "details": fault.details});
        let faults = match fault.details.get("errors") {
            Some(Value::Array(faults)) => faults.as_slice(),
            _ => std::slice::from_ref(&one),
        };
        let mut told: Vec<(&str, Vec<&str>)> = Vec::new();
        for fault in faults {
            let code = fault.get("code").and_then(Value::as_str).unwrap_or_default();
            let column = fault.pointer("/details/api_name").and_then(Value::as_str);
            let column = column.map(|name| self.heading(name));
            match told.iter_mut().find(|(known, _)| *known == code) {
                Some((_, columns)) => columns.extend(column),
                None => told.push((code, column.into_iter().collect())),
            }
        }
        let told = told.into_iter().map(|(code, columns)| match columns.is_empty() {
            true => code.to_owned(),
            false => format!("{code}-{}", columns.join(",")),
        });
        told.collect::<Vec<_>>().join(":")
    }

    /// What the file calls the column of a field.
    fn heading<'a>(&'a self, api_name: &'a str) -> &'a str {
        let mut mapped = self
            .mappings
            .iter()
            .filter(|mapping| mapping.api_name == api_name);
        let column = mapped.next().and_then(|mapping| mapping.column);
        column
            .and_then(|column| self.head.get(column))
            .map_or(api_name, String::as_str)
    }

    /// A row as the record of a request.
    fn record(&self, crm: &CrmWorld, row: &[String]) -> Map<String, Value> {
        let mut record = Map::new();
        let Some(module) = crm.schema.module(self.module) else {
            return record;
        };
        for mapping in &self.mappings {
            let Some(field) = module.field(mapping.api_name) else {
                continue;
            };
            let cell = mapping.column.and_then(|column| row.get(column));
            let text = cell.filter(|text| !text.is_empty()).or(mapping.default.as_ref());
            match text {
                Some(text) => {
                    record.insert(mapping.api_name.to_owned(), sheet::value(field, text));
                }
                None if self.ignore_empty => {}
                None => {
                    record.insert(mapping.api_name.to_owned(), Value::Null);
                }
            }
        }
        record
    }
}
