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

    /// Writes the rows as records; gives the file back, with what became of each row.
    pub(super) fn run(&mut self, crm: &mut CrmWorld, operation: Operation, actor: Actor) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let head = self.head.iter().map(String::as_str);
        // A vector takes whatever is written.
        let _ = writer.write_record(head.chain(["STATUS", "RECORD_ID", "ERRORS"]));
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
                    ("SKIPPED", String::new(), errors(&fault))
                }
            };
            let cells = row.iter().map(String::as_str);
            let _ = writer.write_record(cells.chain([status, id.as_str(), errors.as_str()]));
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
                crm.change(self.module, id, &record, (&path, Told::First), None, actor)?;
                Ok((id, false))
            }
            (None, Some(key)) if operation == Operation::Update => Err(Fault::field(
                "INVALID_DATA",
                "no record is found",
                key,
                &format!("{path}.{key}"),
            )),
            (None, _) => {
                let draft = new_draft(crm, self.module, &record, &path, Told::First)?;
                Ok((crm.insert(self.module, draft, actor), true))
            }
        }
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

/// A fault as a cell: its code and the field.
fn errors(fault: &Fault) -> String {
    match fault.details.get("api_name").and_then(Value::as_str) {
        Some(name) => format!("{}:{name}", fault.code),
        None => fault.code.to_owned(),
    }
}
