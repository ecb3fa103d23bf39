//! Writing records of CRM: batches of a hundred, one outcome per record, nothing sent twice.

mod many;

use std::fmt;
use std::future::IntoFuture;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::{Map, Value};

pub use many::{WriteMany, WrittenBatch};

use super::Crm;
use super::check::{Purpose, check};
use super::records::Records;
use crate::error::{Error, ErrorKind, Result};
use crate::generated::crm::operations as op;
use crate::outcome::{Outcome, PartialWrite, Written};
use crate::pipeline::Answer;
use crate::pipeline::operation::Operation;
use crate::pipeline::request::Request;

/// Zoho's bound on records in one call.
const BATCH: usize = 100;

/// A write that is about to be sent: `.await` it.
///
/// The result has one [`Outcome`] per record, in the order of the records. Records that Zoho
/// refuses are outcomes, not errors. More than 100 records are sent in several calls, one after
/// another; where one of them fails, the error has a [`PartialWrite`]. A batch that may have been
/// carried out is never sent again.
///
/// Dropping the future while it runs leaves the batch that is under way in doubt, and sends no
/// further one.
#[must_use = "a write does nothing until it is awaited"]
pub struct Write {
    crm: Crm,
    operation: &'static Operation,
    path: Vec<String>,
    items: Vec<Value>,
    extra: Map<String, Value>,
    checked: Option<Purpose>,
    pub(super) unique: Option<String>,
    problem: Option<Error>,
}

/// The body of one call.
#[derive(Serialize)]
struct Batch<'a> {
    data: &'a [Value],
    #[serde(flatten)]
    extra: &'a Map<String, Value>,
}

impl Write {
    pub(crate) fn new(crm: Crm, operation: &'static Operation, path: Vec<String>, items: Vec<Value>) -> Self {
        Self {
            crm,
            operation,
            path,
            items,
            extra: Map::new(),
            checked: None,
            unique: None,
            problem: None,
        }
    }

    /// Refuses the write before anything is sent where an item has no id to be found by.
    pub(crate) fn each_by_id(mut self) -> Self {
        let without = self.items.iter().position(|item| match item.get("id") {
            Some(Value::String(id)) => id.is_empty(),
            Some(Value::Number(_)) => false,
            _ => true,
        });
        if let Some(place) = without {
            let message = format!("record {place} has no `id` to be found by");
            self.problem.get_or_insert(Error::config(message));
        }
        self
    }

    /// What the write sets off: `workflow`, `approval`, `blueprint`, `pathfinder`,
    /// `orchestration`. Without a word everything runs, with an empty list nothing.
    pub fn trigger<S: Into<String>>(self, triggers: impl IntoIterator<Item = S>) -> Self {
        let triggers: Vec<Value> = triggers
            .into_iter()
            .map(|trigger| Value::String(trigger.into()))
            .collect();
        self.with("trigger", triggers)
    }

    /// The fields by which an upsert finds the record that is there already, in order.
    pub fn duplicate_check_fields<S: Into<String>>(self, fields: impl IntoIterator<Item = S>) -> Self {
        let fields: Vec<Value> = fields
            .into_iter()
            .map(|field| Value::String(field.into()))
            .collect();
        self.with("duplicate_check_fields", fields)
    }

    /// Another key of the request beside `data`, such as `lar_id`.
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(key.into(), value.into());
        self
    }

    /// Holds the records against the module's own field metadata before anything is sent: see
    /// [`ErrorKind::Config`](crate::ErrorKind::Config). The metadata is asked for once per client.
    pub fn checked(mut self) -> Self {
        self.checked = Some(match self.operation.id {
            id if id == op::CREATE_RECORDS.id => Purpose::Create,
            _ => Purpose::Update,
        });
        self
    }

    /// The records.
    pub(super) fn items(&self) -> &[Value] {
        &self.items
    }

    /// The same write of other records.
    pub(super) fn of_items(&self, items: Vec<Value>) -> Self {
        Self {
            crm: self.crm.clone(),
            operation: self.operation,
            path: self.path.clone(),
            items,
            extra: self.extra.clone(),
            checked: None,
            unique: None,
            problem: None,
        }
    }

    /// The same write of other records, with all that was said about it.
    fn again(&self, items: Vec<Value>) -> Self {
        let again = Self {
            checked: self.checked,
            unique: self.unique.clone(),
            ..self.of_items(items)
        };
        match self.operation.id == op::UPDATE_RECORDS.id {
            true => again.each_by_id(),
            false => again,
        }
    }

    /// The records of the module that is written.
    pub(super) fn records(&self) -> Records {
        Records::new(self.crm.clone(), self.path.first().cloned().unwrap_or_default())
    }

    async fn send(self) -> Result<Vec<Outcome>> {
        if let Some(problem) = self.problem {
            return Err(problem.with_operation(self.operation.id));
        }
        // A bad module name is an error even when there is nothing to write.
        request(self.operation, &self.path)?;
        if let Some(purpose) = self.checked {
            let module = self.path.first().map_or("", String::as_str);
            let fields = self.crm.fields(module).boxed().await?;
            check(module, &fields, &self.items, purpose)
                .map_err(|error| error.with_operation(self.operation.id))?;
        }
        match (self.send_all().await, &self.unique) {
            (Err(error), Some(field)) => self.settle(error, field).boxed().await,
            (outcomes, _) => outcomes,
        }
    }

    /// Sends the records, a hundred per call.
    pub(super) async fn send_all(&self) -> Result<Vec<Outcome>> {
        let total = self.items.len();
        let mut known = Vec::with_capacity(total);
        for batch in self.items.chunks(BATCH) {
            let body = Batch {
                data: batch,
                extra: &self.extra,
            };
            let mut request = request(self.operation, &self.path)?.json(&body)?;
            request.items = batch.len();
            let outcomes = match self.crm.core.call(request).await {
                Ok(answer) => outcomes(&answer, "data", batch.len()),
                Err(error) => Err(error),
            };
            match outcomes {
                Ok(outcomes) => known.extend(outcomes),
                Err(error) => return Err(stopped(error, known, batch.len(), total)),
            }
        }
        Ok(known)
    }
}

impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Write")
            .field("operation", &self.operation.id)
            .field("path", &self.path)
            .field("records", &self.items.len())
            .finish_non_exhaustive()
    }
}

impl IntoFuture for Write {
    type Output = Result<Vec<Outcome>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.send().boxed()
    }
}

/// Deletes records, a hundred per call.
pub(crate) async fn delete(
    crm: &Crm,
    operation: &'static Operation,
    path: &[String],
    ids: Vec<String>,
) -> Result<Vec<Outcome>> {
    let wrong = |id: &str| id.is_empty() || id.contains(|c: char| c == ',' || c.is_control());
    if let Some(id) = ids.iter().find(|id| wrong(id)) {
        let message = format!("`{}` is not an id", id.escape_debug());
        return Err(Error::config(message).with_operation(operation.id));
    }
    request(operation, path)?;
    let mut known = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let mut request = self::request(operation, path)?.query("ids", batch.join(","));
        request.items = batch.len();
        let outcomes = match crm.core.call(request).await {
            Ok(answer) => outcomes(&answer, "data", batch.len()),
            Err(error) => Err(error),
        };
        match outcomes {
            Ok(outcomes) => known.extend(outcomes),
            Err(error) => return Err(stopped(error, known, batch.len(), ids.len())),
        }
    }
    Ok(known)
}

/// A request of an operation with a path of texts.
fn request(operation: &'static Operation, path: &[String]) -> Result<Request> {
    let path: Vec<&dyn fmt::Display> = path.iter().map(|part| part as _).collect();
    Request::of(operation, &path)
}

/// The outcomes of a batch: as many as records were sent, or they can not be told apart.
pub(crate) fn outcomes(answer: &Answer, key: &str, size: usize) -> Result<Vec<Outcome>> {
    let items = items(answer, key)?;
    if items.len() != size {
        let message = format!("{size} records were sent and {} outcomes came", items.len());
        return Err(unreadable(answer, message, key));
    }
    Ok(items.into_iter().map(Outcome::from_item).collect())
}

/// The items of a batch envelope, however many.
pub(crate) fn items(answer: &Answer, key: &str) -> Result<Vec<Value>> {
    let mut body: Map<String, Value> = if answer.is_empty() {
        Map::new()
    } else {
        answer.json().map_err(|error| error.outcome_unknown(true))?
    };
    match body.remove(key) {
        Some(Value::Array(items)) => Ok(items),
        _ => Err(unreadable(answer, "the body has no outcomes".to_owned(), key)),
    }
}

/// The outcome of a call that is about one thing: a refusal is an error here.
pub(crate) fn settled(answer: &Answer, key: &str) -> Result<Written> {
    match outcomes(answer, key, 1)?.pop() {
        Some(Outcome::Ok(written)) => Ok(written),
        Some(Outcome::Err(refused)) => Err(refused
            .into_error(answer.status)
            .with_operation(answer.id.clone())),
        None => Err(unreadable(answer, "the body has no outcome".to_owned(), key)),
    }
}

fn unreadable(answer: &Answer, message: String, key: &str) -> Error {
    Error::new(ErrorKind::Decode, message)
        .with_operation(answer.id.clone())
        .with_status(answer.status)
        .with_json_path(format!("$.{key}"))
        .outcome_unknown(true)
}

/// The error of a batch, with what is known of the others.
pub(crate) fn stopped(error: Error, known: Vec<Outcome>, size: usize, total: usize) -> Error {
    let (done, end) = (known.len(), known.len() + size);
    let (unknown, not_written) = if error.is_outcome_unknown() {
        (done..end, end..total)
    } else {
        (done..done, done..total)
    };
    error.with_partial(PartialWrite {
        known,
        unknown,
        not_written,
    })
}
