//! The records of one Books type.

use std::fmt::Display;

use http::Method;
use serde_json::{Map, Value, json};

use super::catalogue::{self, RecordType};
use super::list::List;
use crate::error::{Error, ErrorKind, Result};
use crate::generated::books::operations::ALL;
use crate::page::{ListStream, Page};
use crate::pipeline::Answer;
use crate::pipeline::request::{Request, encode_segment, find_operation};
use crate::pipeline::typed::Core;
use crate::record::Record;

/// The records of a type, below a parent record or alone.
#[derive(Clone, Debug)]
pub struct Records {
    core: Core,
    name: String,
    parent: Option<(String, String)>,
}

impl Records {
    pub(crate) fn new(core: Core, name: &str) -> Self {
        Self {
            core,
            name: name.to_owned(),
            parent: None,
        }
    }

    /// The records that belong to a parent: `records("comments").of("invoices", &id)`.
    #[must_use]
    pub fn of(mut self, parent: &str, id: impl Display) -> Self {
        self.parent = Some((parent.to_owned(), id.to_string()));
        self
    }

    /// A list of the records.
    pub fn list(&self) -> List {
        List::new(self.clone())
    }

    /// A list narrowed down by a search field: `list().search(..)`.
    pub fn search(&self, field: impl Into<String>, value: impl Display) -> List {
        self.list().search(field, value)
    }

    /// The first page: `list().send()`.
    ///
    /// # Errors
    /// See [`List::send`].
    pub async fn send(&self) -> Result<Page<Record>> {
        self.list().send().await
    }

    /// The pages: `list().pages()`.
    pub fn pages(&self) -> ListStream<Page<Record>> {
        self.list().pages()
    }

    /// The records: `list().stream()`.
    pub fn stream(&self) -> ListStream<Record> {
        self.list().stream()
    }

    /// All records: `list().all()`.
    ///
    /// # Errors
    /// See [`List::all`].
    pub async fn all(&self) -> Result<Vec<Record>> {
        self.list().all().await
    }

    /// One record; `None` when there is none of that id.
    ///
    /// # Errors
    /// The call failed.
    pub async fn get(&self, id: impl Display) -> Result<Option<Record>> {
        let request = self.request(Method::GET, self.one(&Method::GET, &id)?)?;
        match self.core.call(request).await {
            Ok(answer) => self.unwrap(&answer).map(Some),
            // 1002: there is no such thing.
            Err(error) if error.api().is_some_and(|api| api.code() == "1002") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Creates a record and returns it as Zoho keeps it. Never sent twice.
    ///
    /// # Errors
    /// The call failed; see [`Error::is_outcome_unknown`].
    pub async fn create(&self, record: impl Into<Value>) -> Result<Record> {
        let mut record = record.into();
        let mut path = self.collection()?;
        if let Some((name, id)) = self.placeholder()?
            && find_operation(ALL, &Method::POST, &path).is_none()
            && find_operation(ALL, &Method::POST, &self.beside()?).is_some()
        {
            // Listed below the parent and created beside it: then the body names the parent.
            path = self.beside()?;
            if let Value::Object(fields) = &mut record {
                fields.entry(name).or_insert_with(|| id.into());
            }
        }
        let request = self.request(Method::POST, path)?.json(&record)?;
        let answer = self.core.call(request).await?;
        self.unwrap(&answer).map_err(|error| error.outcome_unknown(true))
    }

    /// Updates the fields that are given and returns the record as Zoho keeps it.
    ///
    /// # Errors
    /// The call failed; see [`Error::is_outcome_unknown`].
    pub async fn update(&self, id: impl Display, fields: impl Into<Value>) -> Result<Record> {
        let request = self
            .request(Method::PUT, self.one(&Method::PUT, &id)?)?
            .json(&fields.into())?;
        let answer = self.core.call(request).await?;
        self.unwrap(&answer)
    }

    /// Deletes a record.
    ///
    /// # Errors
    /// The call failed.
    pub async fn delete(&self, id: impl Display) -> Result<()> {
        let request = self.request(Method::DELETE, self.one(&Method::DELETE, &id)?)?;
        self.core.call(request).await.map(drop)
    }

    /// Gives a record a status: `sent`, `void`, `draft` of an invoice, `active`, `inactive` of a
    /// contact.
    ///
    /// # Errors
    /// The call failed.
    pub async fn status(&self, id: impl Display, status: &str) -> Result<()> {
        let one = self.one(&Method::GET, &id)?;
        let status = encode_segment("status", status)?;
        let named = format!("{one}/status/{status}");
        let mut ways = vec![format!("{one}/{status}"), named.clone()];
        if self.parent.is_some() {
            let id = encode_segment("id", &id.to_string())?;
            ways.push(format!("{}/{id}/{status}", self.beside()?));
        }
        let path = ways
            .into_iter()
            .find(|way| find_operation(ALL, &Method::POST, way).is_some())
            .unwrap_or(named);
        // Some of these calls refuse to have no body at all.
        let request = self.request(Method::POST, path)?.json(&json!({}))?;
        self.core.call(request).await.map(drop)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    pub(crate) fn record_type(&self) -> Result<&'static RecordType> {
        let parent = self.parent.as_ref().map(|(name, _)| name.as_str());
        catalogue::find(&self.name, parent).ok_or_else(|| {
            let shown: String = self.name.chars().take(60).collect();
            let parents = catalogue::parents_of(&self.name);
            Error::config(match (parent, parents.as_slice()) {
                (None, []) => format!("`{}` is no record type of Books", shown.escape_debug()),
                (None, parents) => format!("`{shown}` belong to one of {}: say which", parents.join(", ")),
                (Some(parent), _) => {
                    format!(
                        "`{}` are no records of `{}`",
                        shown.escape_debug(),
                        parent.escape_debug()
                    )
                }
            })
        })
    }

    pub(crate) fn list_request(&self) -> Result<Request> {
        self.request(Method::GET, self.collection()?)
    }

    /// The path of the list.
    pub(super) fn collection(&self) -> Result<String> {
        let row = self.record_type()?;
        let mut path = String::new();
        for segment in row.path.split('/').skip(1) {
            path.push('/');
            match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                None => path.push_str(segment),
                Some(name) => {
                    let id = self.parent.as_ref().map_or("", |(_, id)| id.as_str());
                    path.push_str(&encode_segment(name, id)?);
                }
            }
        }
        Ok(path)
    }

    /// The path of one record, as a method reaches it.
    pub(super) fn one(&self, method: &Method, id: &dyn Display) -> Result<String> {
        let id = encode_segment(self.record_type()?.id, &id.to_string())?;
        let nested = format!("{}/{id}", self.collection()?);
        if self.parent.is_none() || find_operation(ALL, method, &nested).is_some() {
            return Ok(nested);
        }
        // Listed below a parent, changed beside it: /contacts/1/contactpersons, /contacts/contactpersons/2.
        let beside = format!("{}/{id}", self.beside()?);
        let known = find_operation(ALL, method, &beside).is_some();
        Ok(if known { beside } else { nested })
    }

    /// The path of the list without its parent.
    fn beside(&self) -> Result<String> {
        let path = self.record_type()?.path;
        let kept: Vec<&str> = path.split('/').filter(|part| !part.starts_with('{')).collect();
        Ok(kept.join("/"))
    }

    /// The field that names the parent, and the parent's id.
    fn placeholder(&self) -> Result<Option<(&'static str, &str)>> {
        let path = self.record_type()?.path;
        let name = path
            .split('/')
            .find_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        Ok(name.zip(self.parent.as_ref().map(|(_, id)| id.as_str())))
    }

    pub(super) fn request(&self, method: Method, path: String) -> Result<Request> {
        let row = self.record_type()?;
        let mut request = Request::untabled(
            "books_record",
            crate::pipeline::operation::Product::Books,
            method,
            path,
        );
        match find_operation(ALL, &request.method, &request.path) {
            Some(operation) => {
                request.id = operation.id.into();
                request.template = operation.path.into();
                request.idempotent = operation.idempotent;
                request.organization = operation.organization;
                request.operation = Some(operation);
            }
            None => request.template = row.path.into(),
        }
        Ok(request)
    }

    /// The record inside its wrapper.
    pub(super) fn unwrap(&self, answer: &Answer) -> Result<Record> {
        let row = self.record_type()?;
        let mut body: Map<String, Value> = answer.json()?;
        let found = match body.remove(row.wrapper) {
            Some(Value::Object(record)) => Some(record),
            Some(_) => None,
            // Documented wrappers are wrong now and then; the only object it is.
            None => {
                let mut objects = body.into_iter().filter_map(|(_, value)| match value {
                    Value::Object(record) => Some(record),
                    _ => None,
                });
                match (objects.next(), objects.next()) {
                    (Some(record), None) => Some(record),
                    _ => None,
                }
            }
        };
        found.map(Record::from).ok_or_else(|| {
            Error::new(ErrorKind::Decode, "the body has no record")
                .with_operation(answer.id.clone())
                .with_status(answer.status)
                .with_json_path(format!("$.{}", row.wrapper))
        })
    }
}
