//! The records of one module.

use std::fmt::Display;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::list::{self, Deleted, List, Search};
use super::write::{self, Write};
use super::{Attachments, Crm};
use crate::error::{Error, ErrorKind, Result};
use crate::generated::crm::operations as op;
use crate::outcome::Outcome;
use crate::page::{ListStream, Page};
use crate::pipeline::request::Request;
use crate::record::Record;

/// The records of a module.
#[derive(Debug)]
pub struct Records<T = Record> {
    crm: Crm,
    module: String,
    row: PhantomData<fn() -> T>,
}

impl<T> Clone for Records<T> {
    fn clone(&self) -> Self {
        Self::new(self.crm.clone(), self.module.clone())
    }
}

impl<T> Records<T> {
    pub(crate) fn new(crm: Crm, module: String) -> Self {
        Self {
            crm,
            module,
            row: PhantomData,
        }
    }

    pub(crate) fn crm(&self) -> &Crm {
        &self.crm
    }

    pub(crate) fn module(&self) -> &str {
        &self.module
    }

    /// A list of the records: all of them, unless it is narrowed down.
    pub fn list(&self) -> List<T> {
        List::new(self.crm.clone(), &op::LIST_RECORDS, vec![self.module.clone()])
    }

    /// A list of the records with these fields: `list().fields(..)`.
    pub fn fields<S: Into<String>>(&self, fields: impl IntoIterator<Item = S>) -> List<T> {
        self.list().fields(fields)
    }

    /// Records that match. Zoho's index lags behind; COQL is up to date.
    pub fn search(&self, what: Search) -> List<T> {
        let (name, value) = what.parameter();
        List::new(self.crm.clone(), &op::SEARCH_RECORDS, vec![self.module.clone()]).param(name, value)
    }

    /// Records that were deleted. Zoho keeps note of them for 60 days, of permanent ones for 120.
    pub fn deleted(&self, which: Deleted) -> List<Record> {
        let which = match which {
            Deleted::All => "all",
            Deleted::Recycled => "recycle",
            Deleted::Permanent => "permanent",
        };
        List::new(
            self.crm.clone(),
            &op::LIST_DELETED_RECORDS,
            vec![self.module.clone()],
        )
        .param("type", which)
    }

    /// How many records there are. It costs 50 credits.
    ///
    /// # Errors
    /// The call failed.
    pub async fn count(&self) -> Result<u64> {
        self.counted(None).await
    }

    /// How many records match. It costs 50 credits.
    ///
    /// # Errors
    /// The call failed.
    pub async fn count_matching(&self, what: Search) -> Result<u64> {
        self.counted(Some(what)).await
    }

    async fn counted(&self, what: Option<Search>) -> Result<u64> {
        let mut request = Request::of(&op::COUNT_RECORDS, &[&self.module])?;
        if let Some((name, value)) = what.map(Search::parameter) {
            request = request.query(name, value);
        }
        let answer = self.crm.core.call(request).await?;
        if answer.is_empty() {
            return Ok(0);
        }
        let body: Map<String, Value> = answer.json()?;
        let count = match body.get("count") {
            Some(Value::Number(count)) => count.as_u64(),
            Some(Value::String(count)) => count.parse().ok(),
            _ => None,
        };
        count.ok_or_else(|| {
            Error::new(ErrorKind::Decode, "the body has no count")
                .with_operation(op::COUNT_RECORDS.id)
                .with_status(answer.status)
                .with_json_path("$.count")
        })
    }

    /// Creates records. Never sent twice.
    pub fn create(&self, records: impl IntoIterator<Item = impl Into<Value>>) -> Write {
        self.write(&op::CREATE_RECORDS, records)
    }

    /// Updates records, each found by its `id`.
    pub fn update(&self, records: impl IntoIterator<Item = impl Into<Value>>) -> Write {
        self.write(&op::UPDATE_RECORDS, records).each_by_id()
    }

    /// Creates records, or updates those that are there already: see
    /// [`Write::duplicate_check_fields`].
    pub fn upsert(&self, records: impl IntoIterator<Item = impl Into<Value>>) -> Write {
        self.write(&op::UPSERT_RECORDS, records)
    }

    fn write(
        &self,
        operation: &'static crate::pipeline::operation::Operation,
        records: impl IntoIterator<Item = impl Into<Value>>,
    ) -> Write {
        let items = records.into_iter().map(Into::into).collect();
        Write::new(self.crm.clone(), operation, vec![self.module.clone()], items)
    }

    /// Deletes records, with one outcome each, in order. More than 100 are sent in several calls.
    ///
    /// # Errors
    /// A call failed; [`Error::partial_write`] says how far it came.
    pub async fn delete<S: Display>(&self, ids: impl IntoIterator<Item = S>) -> Result<Vec<Outcome>> {
        let ids = ids.into_iter().map(|id| id.to_string()).collect();
        write::delete(
            &self.crm,
            &op::DELETE_RECORDS,
            std::slice::from_ref(&self.module),
            ids,
        )
        .await
    }

    /// The attachments of a record.
    pub fn attachments(&self, id: impl Display) -> Attachments {
        Attachments::new(self.crm.clone(), self.module.clone(), id.to_string())
    }
}

impl<T: DeserializeOwned + Send + 'static> Records<T> {
    /// One record with all its fields; `None` when there is none.
    ///
    /// # Errors
    /// The call failed.
    pub async fn get(&self, id: impl Display) -> Result<Option<T>> {
        let none: [&str; 0] = [];
        self.get_fields(id, none).await
    }

    /// One record with these fields, or with all of them where none are named.
    ///
    /// # Errors
    /// The call failed.
    pub async fn get_fields<S: Into<String>>(
        &self,
        id: impl Display,
        fields: impl IntoIterator<Item = S>,
    ) -> Result<Option<T>> {
        let id = id.to_string();
        let mut request = Request::of(&op::GET_RECORD, &[&self.module, &id])?;
        let fields: Vec<String> = fields.into_iter().map(Into::into).collect();
        if !fields.is_empty() {
            request = request.query("fields", fields.join(","));
        }
        let answer = self.crm.core.call(request).await?;
        let Some((rows, _)) = list::read(&answer, "data")? else {
            return Ok(None);
        };
        rows.into_iter()
            .next()
            .map(|row| list::convert(op::GET_RECORD.id, "data", 0, row))
            .transpose()
    }

    /// The first page: `list().send()`.
    ///
    /// # Errors
    /// See [`List::send`].
    pub async fn send(&self) -> Result<Page<T>> {
        self.list().send().await
    }

    /// The pages: `list().pages()`.
    pub fn pages(&self) -> ListStream<Page<T>> {
        self.list().pages()
    }

    /// The records: `list().stream()`.
    pub fn stream(&self) -> ListStream<T> {
        self.list().stream()
    }

    /// All records: `list().all()`.
    ///
    /// # Errors
    /// See [`List::all`].
    pub async fn all(&self) -> Result<Vec<T>> {
        self.list().all().await
    }
}
