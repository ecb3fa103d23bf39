//! Exports: the records of a module as one CSV in an archive.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Map, Value, json};

use super::download::Download;
use super::{Bulk, failed, made, number, text, waited};
use crate::crm::Crm;
use crate::crm::list;
use crate::crm::write::settled;
use crate::error::{Error, ErrorKind, Result};
use crate::generated::crm::operations as op;
use crate::page::ListStream;
use crate::pipeline::request::Request;
use crate::pipeline::transport::Body;
use crate::record::Record;
use crate::reply::Reply;

/// Zoho's bound on pages of one export.
const PAGES: u32 = 500;

/// What to export: up to 200,000 records per page. It costs 50 credits a page.
#[must_use = "an export is made by Bulk::read or Bulk::rows"]
#[derive(Clone, Debug)]
pub struct BulkRead {
    module: String,
    fields: Vec<String>,
    criteria: Option<Value>,
    page: u32,
    callback: Option<String>,
}

/// An export that was asked for.
#[derive(Clone, Debug)]
pub struct ReadJob {
    crm: Crm,
    id: String,
}

/// How far an export is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ReadStatus {
    /// `ADDED`, `IN PROGRESS`, `COMPLETED` or `FAILURE`.
    pub state: String,
    /// How many records its page holds.
    pub count: u64,
    /// Whether there are further pages.
    pub more_records: bool,
    /// Everything Zoho said about it.
    pub details: Map<String, Value>,
}

impl BulkRead {
    /// An export of a module, with all its fields.
    pub fn of(module: impl Into<String>) -> Self {
        Self {
            module: module.into(),
            fields: Vec::new(),
            criteria: None,
            page: 1,
            callback: None,
        }
    }

    /// Only these fields, by API name.
    pub fn fields<S: Into<String>>(mut self, fields: impl IntoIterator<Item = S>) -> Self {
        self.fields = fields.into_iter().map(Into::into).collect();
        self
    }

    /// Only records that fulfil Zoho's criteria:
    /// `{"group_operator": "and", "group": [{"field": {"api_name": ..}, "comparator": .., "value": ..}]}`.
    pub fn criteria(mut self, criteria: impl Into<Value>) -> Self {
        self.criteria = Some(criteria.into());
        self
    }

    /// The page, from 1 to 500.
    pub fn page(mut self, page: u32) -> Self {
        self.page = page;
        self
    }

    /// An address that Zoho calls when the job is done.
    pub fn callback(mut self, url: impl Into<String>) -> Self {
        self.callback = Some(url.into());
        self
    }

    fn body(&self) -> Value {
        let mut query = json!({"module": {"api_name": self.module}, "page": self.page});
        if let Some(query) = query.as_object_mut() {
            if !self.fields.is_empty() {
                query.insert("fields".to_owned(), json!(self.fields));
            }
            if let Some(criteria) = &self.criteria {
                query.insert("criteria".to_owned(), criteria.clone());
            }
        }
        let mut body = json!({"query": query, "file_type": "csv"});
        if let (Some(url), Some(body)) = (&self.callback, body.as_object_mut()) {
            body.insert("callback".to_owned(), json!({"url": url, "method": "post"}));
        }
        body
    }
}

impl Bulk {
    /// Asks for an export of one page. Never sent twice.
    ///
    /// # Errors
    /// The call failed, or Zoho refused the export.
    pub async fn read(&self, what: BulkRead) -> Result<ReadJob> {
        if !(1..=PAGES).contains(&what.page) {
            let error = Error::config("`page`: an export has pages 1 to 500");
            return Err(error.with_operation(op::CREATE_BULK_READ.id));
        }
        let request = Request::of(&op::CREATE_BULK_READ, &[])?.json(&what.body())?;
        let answer = self.crm.core.call(request).await?;
        let id = made(settled(&answer, "data")?.details, op::CREATE_BULK_READ.id)?;
        Ok(self.read_job(id))
    }

    /// An export that was asked for before.
    pub fn read_job(&self, id: impl Into<String>) -> ReadJob {
        ReadJob {
            crm: self.crm.clone(),
            id: id.into(),
        }
    }

    /// All records of an export, page after page: each page is a job that is asked for, waited for and read when the
    /// rows before it are used up. The rows are as those of [`ReadJob::rows`].
    pub fn rows(&self, what: BulkRead) -> ListStream<Record> {
        let bulk = self.clone();
        let pages = stream::try_unfold(Some(what), move |what| {
            let bulk = bulk.clone();
            async move {
                let Some(what) = what else {
                    return Ok::<_, Error>(None);
                };
                let job = bulk.read(what.clone()).await?;
                let status = job.wait().await?;
                let page = what.page.saturating_add(1);
                let then = status.more_records.then(|| what.page(page));
                Ok(Some((job.rows().await?, then)))
            }
        });
        ListStream::new(pages.try_flatten().boxed())
    }
}

impl ReadJob {
    /// The job's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How far it is.
    ///
    /// # Errors
    /// The call failed.
    pub async fn status(&self) -> Result<ReadStatus> {
        let request = Request::of(&op::GET_BULK_READ, &[&self.id])?;
        let answer = self.crm.core.call(request).await?;
        let row = list::read(&answer, "data")?.and_then(|(rows, _)| rows.into_iter().next());
        let details = row.map(Record::into_map).ok_or_else(|| {
            Error::new(ErrorKind::Decode, "the body has no job")
                .with_operation(op::GET_BULK_READ.id)
                .with_status(answer.status)
                .with_json_path("$.data[0]")
        })?;
        let none = Map::new();
        let result = details.get("result").and_then(Value::as_object).unwrap_or(&none);
        Ok(ReadStatus {
            state: text(&details, "state"),
            count: number(result, "count"),
            more_records: result.get("more_records") == Some(&Value::Bool(true)),
            details,
        })
    }

    /// Waits until it is done, an hour at most, and asks ever more rarely: after a second first, every half minute in
    /// the end. Dropping the future leaves the job as it is.
    ///
    /// # Errors
    /// [`ErrorKind::Timeout`]: it is not done. [`ErrorKind::Api`]: Zoho gave it up. Otherwise a call failed.
    pub async fn wait(&self) -> Result<ReadStatus> {
        self.wait_for(Duration::from_secs(3600)).await
    }

    /// The same with another patience.
    ///
    /// # Errors
    /// As [`ReadJob::wait`].
    pub async fn wait_for(&self, limit: Duration) -> Result<ReadStatus> {
        waited(op::GET_BULK_READ.id, limit, || async {
            let status = self.status().await?;
            match status.state.as_str() {
                "COMPLETED" => Ok((status, true)),
                "FAILURE" | "FAILED" => Err(failed(op::GET_BULK_READ.id, &self.id, &status.state)),
                _ => Ok((status, false)),
            }
        })
        .await
    }

    /// The archive as it comes: a ZIP with one CSV. Zoho keeps it for a day.
    ///
    /// # Errors
    /// The call failed; `RESOURCE_NOT_FOUND` while the job is not done.
    pub async fn download(&self) -> Result<Reply<Body>> {
        let request = Request::of(&op::DOWNLOAD_BULK_READ, &[&self.id])?;
        let answer = self.crm.core.call(request).await?;
        Ok(Reply::new(answer.body, answer.status, answer.headers))
    }

    /// The records of the archive, each unpacked as it arrives: neither the archive nor its CSV is held in memory. A
    /// connection that breaks on the way is taken up again some times: the archive is downloaded anew, and the rows
    /// that came already are passed over. Behind the last row the checksum of the archive is compared.
    ///
    /// A CSV knows no types: each value is a text, or `null` where the cell is empty; of a lookup it has the id. The
    /// key column is `id` here, whatever Zoho calls it.
    ///
    /// # Errors
    /// As [`ReadJob::download`]; [`ErrorKind::Decode`] when the archive can not be read, on the stream too.
    pub async fn rows(&self) -> Result<ListStream<Record>> {
        let job = self.clone();
        let download = Download::begin(op::DOWNLOAD_BULK_READ.id, move || {
            let job = job.clone();
            async move { Ok(job.download().await?.into_inner()) }
        });
        Ok(ListStream::of_batches(download.await?.batches()))
    }
}
