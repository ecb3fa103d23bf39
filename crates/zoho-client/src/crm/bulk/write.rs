//! Imports: an archive is uploaded, and a job writes its rows as records.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Bulk, archive, failed, made, number, text, waited};
use crate::crm::Crm;
use crate::error::{Error, ErrorKind, Result};
use crate::generated::crm::operations as op;
use crate::multipart::Multipart;
use crate::pipeline::Answer;
use crate::pipeline::request::Request;
use crate::pipeline::transport::Body;
use crate::record::Record;

/// Zoho's bound on rows of one import.
const ROWS: usize = 25_000;

/// What to import: up to 25,000 records. It costs 500 credits.
#[must_use = "an import is made by Bulk::write"]
#[derive(Clone, Debug)]
pub struct BulkWrite {
    module: String,
    operation: &'static str,
    find_by: Option<String>,
    ignore_empty: bool,
    callback: Option<String>,
    rows: Vec<Record>,
}

/// An import that was asked for.
#[derive(Clone, Debug)]
pub struct WriteJob {
    crm: Crm,
    id: String,
}

/// How far an import is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WriteStatus {
    /// `ADDED`, `INPROGRESS`, `COMPLETED` or `FAILED`.
    pub state: String,
    /// How many records were made.
    pub added: u64,
    /// How many records were changed.
    pub updated: u64,
    /// How many rows Zoho did not take. [`WriteJob::outcomes`] says why.
    pub skipped: u64,
    /// Everything Zoho said about it.
    pub details: Map<String, Value>,
}

impl BulkWrite {
    /// An import of new records.
    pub fn insert(module: impl Into<String>) -> Self {
        Self::new(module, "insert", None)
    }

    /// An import that changes records, found by a field: `id`, or one that is unique.
    pub fn update(module: impl Into<String>, find_by: impl Into<String>) -> Self {
        Self::new(module, "update", Some(find_by.into()))
    }

    /// An import that changes records that are found by a field, and makes the others.
    pub fn upsert(module: impl Into<String>, find_by: impl Into<String>) -> Self {
        Self::new(module, "upsert", Some(find_by.into()))
    }

    fn new(module: impl Into<String>, operation: &'static str, find_by: Option<String>) -> Self {
        Self {
            module: module.into(),
            operation,
            find_by,
            ignore_empty: false,
            callback: None,
            rows: Vec::new(),
        }
    }

    /// Further records. Values are written as cells: of a lookup its id, of several values all with `;` between them.
    pub fn rows(mut self, rows: impl IntoIterator<Item = Record>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// Leaves fields as they are where a row has no value for them.
    pub fn ignore_empty(mut self) -> Self {
        self.ignore_empty = true;
        self
    }

    /// An address that Zoho calls when the job is done.
    pub fn callback(mut self, url: impl Into<String>) -> Self {
        self.callback = Some(url.into());
        self
    }

    fn body(&self, file_id: &str, columns: &[String]) -> Value {
        let mappings: Vec<Value> = columns
            .iter()
            .enumerate()
            .map(|(index, name)| json!({"api_name": name, "index": index}))
            .collect();
        let mut resource = json!({
            "type": "data", "module": {"api_name": self.module}, "file_id": file_id,
            "file_names": [archive::FILE], "ignore_empty": self.ignore_empty, "field_mappings": mappings,
        });
        if let (Some(field), Some(resource)) = (&self.find_by, resource.as_object_mut()) {
            resource.insert("find_by".to_owned(), json!(field));
        }
        let mut body = json!({"operation": self.operation, "resource": [resource]});
        if let (Some(url), Some(body)) = (&self.callback, body.as_object_mut()) {
            body.insert("callback".to_owned(), json!({"url": url, "method": "post"}));
        }
        body
    }
}

impl Bulk {
    /// Uploads the records and asks for their import. Neither is sent twice.
    ///
    /// It needs the scope `ZohoFiles.files.ALL`, and `ZohoCRM.org.READ` unless the handle names its
    /// [organization](Crm::organization).
    ///
    /// # Errors
    /// [`ErrorKind::Config`]: there are no rows, too many, or a value that a cell can not hold. Otherwise a call
    /// failed, or Zoho refused the import.
    pub async fn write(&self, what: BulkWrite) -> Result<WriteJob> {
        if what.rows.is_empty() || what.rows.len() > ROWS {
            let error = Error::config("`rows`: an import has 1 to 25,000 rows");
            return Err(error.with_operation(op::CREATE_BULK_WRITE.id));
        }
        let (archive, columns) =
            archive::pack(&what.rows).map_err(|error| error.with_operation(op::CREATE_BULK_WRITE.id))?;
        let file_id = self.upload(archive).await?;
        let body = what.body(&file_id, &columns);
        let request = Request::of(&op::CREATE_BULK_WRITE, &[])?.json(&body)?;
        let answer = self.crm.core.call(request).await?;
        Ok(self.write_job(made(details(&answer)?, op::CREATE_BULK_WRITE.id)?))
    }

    /// An import that was asked for before.
    pub fn write_job(&self, id: impl Into<String>) -> WriteJob {
        WriteJob {
            crm: self.crm.clone(),
            id: id.into(),
        }
    }

    /// Uploads an archive of your own and gives its file id.
    ///
    /// # Errors
    /// A call failed, or Zoho refused the archive.
    pub async fn upload(&self, archive: impl Into<Body>) -> Result<String> {
        let mut request = Request::of(&op::UPLOAD_BULK_WRITE_FILE, &[])?.header("feature", "bulk-write")?;
        if self.crm.core.organization.is_none() {
            request = request.header("x-crm-org", &self.zgid().await?)?;
        }
        let form = Multipart::new().file("file", "records.zip", archive);
        request.payload = form.payload(self.crm.core.engine.random());
        let answer = self.crm.core.call(request).await?;
        let details = details(&answer)?;
        match details.get("file_id") {
            Some(Value::String(id)) => Ok(id.clone()),
            Some(Value::Number(id)) => Ok(id.to_string()),
            _ => Err(unreadable(&answer, "$.details.file_id")),
        }
    }

    /// The number of the organization, which the upload wants named.
    async fn zgid(&self) -> Result<String> {
        let request = Request::of(&op::GET_ORGANIZATION, &[])?;
        let answer = self.crm.core.call(request).await?;
        let rows = crate::crm::list::read(&answer, "org")?.map_or(Vec::new(), |(rows, _)| rows);
        let zgid = rows.first().and_then(|row| row.get_id("zgid"));
        zgid.map(|id| id.to_string())
            .ok_or_else(|| unreadable(&answer, "$.org[0].zgid"))
    }
}

impl WriteStatus {
    /// How many rows the job had, where it says so.
    pub(super) fn total(&self) -> Option<u64> {
        let resources = self.details.get("resource")?.as_array()?;
        let files = resources
            .iter()
            .filter_map(|resource| resource.get("file")?.as_object());
        let totals = files.map(|file| file.get("total_count")?.as_u64());
        totals.sum()
    }
}

impl WriteJob {
    pub(super) fn crm(&self) -> &Crm {
        &self.crm
    }

    /// The job's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How far it is.
    ///
    /// # Errors
    /// The call failed.
    pub async fn status(&self) -> Result<WriteStatus> {
        let request = Request::of(&op::GET_BULK_WRITE, &[&self.id])?;
        let answer = self.crm.core.call(request).await?;
        let details: Map<String, Value> = answer.json()?;
        let resources = details.get("resource").and_then(Value::as_array);
        let count = |key: &str| -> u64 {
            let files = resources.into_iter().flatten();
            files
                .filter_map(|resource| resource.get("file")?.as_object())
                .map(|file| number(file, key))
                .sum()
        };
        Ok(WriteStatus {
            state: text(&details, "status"),
            added: count("added_count"),
            updated: count("updated_count"),
            skipped: count("skipped_count"),
            details,
        })
    }

    /// Waits until it is done: as [`ReadJob::wait`](super::ReadJob::wait).
    ///
    /// # Errors
    /// [`ErrorKind::Timeout`]: it is not done. [`ErrorKind::Api`]: Zoho gave it up. Otherwise a call failed.
    pub async fn wait(&self) -> Result<WriteStatus> {
        self.wait_for(Duration::from_secs(3600)).await
    }

    /// The same with another patience.
    ///
    /// # Errors
    /// As [`WriteJob::wait`].
    pub async fn wait_for(&self, limit: Duration) -> Result<WriteStatus> {
        waited(op::GET_BULK_WRITE.id, limit, || async {
            let status = self.status().await?;
            match status.state.as_str() {
                "COMPLETED" => Ok((status, true)),
                "FAILED" | "FAILURE" => Err(failed(op::GET_BULK_WRITE.id, &self.id, &status.state)),
                _ => Ok((status, false)),
            }
        })
        .await
    }
}

/// The details of an answer without envelope.
fn details(answer: &Answer) -> Result<Map<String, Value>> {
    let mut body: Map<String, Value> = answer.json().map_err(|error| error.outcome_unknown(true))?;
    match body.remove("details") {
        Some(Value::Object(details)) => Ok(details),
        _ => Err(unreadable(answer, "$.details")),
    }
}

fn unreadable(answer: &Answer, path: &str) -> Error {
    Error::new(ErrorKind::Decode, "the body does not say what was made")
        .with_operation(answer.id.clone())
        .with_status(answer.status)
        .with_json_path(path)
}
