//! How the pages of a CRM list are fetched, put together and followed.

use std::collections::HashMap;
use std::fmt;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::rows::{convert, decoded, read};
use super::{List, ROWS};
use crate::error::{ApiError, Error, ErrorKind, Result};
use crate::generated::crm::operations as op;
use crate::page::body::{self, End, Last};
use crate::page::{Cursor, Fetch, Page, Ready};
use crate::pipeline::Answer;
use crate::pipeline::operation::PagingStyle;
use crate::pipeline::request::Request;
use crate::record::Record;
use crate::wire::ZohoId;

/// Zoho's bound on `fields` in one call.
const FIELDS: usize = 50;
/// Zoho's bound on ids in one call.
pub(super) const IDS: usize = 100;
/// Where lists by page number end.
const BY_NUMBER: u32 = 2000;

/// Rows, the way on, and what came with them.
type Step = (Vec<Record>, Option<Cursor>, Map<String, Value>);

/// Fields that one call takes.
#[derive(Debug)]
pub(in crate::crm) struct Fields {
    pub(in crate::crm) names: Vec<String>,
    /// The value of `fields`.
    pub(super) joined: String,
}

impl<T: DeserializeOwned + Send + 'static> List<T> {
    async fn one(&self, at: Option<Cursor>) -> Result<Ready<T>> {
        self.check()?;
        if let Some(Cursor::Behind(id)) = &at {
            return Ok(self.behind(id).boxed().await?.into());
        }
        let chunks = self.chunks().await?;
        let (first, more) = match chunks.split_first() {
            Some((first, more)) => (Some(first.joined.as_str()), more),
            None => (None, [].as_slice()),
        };
        if more.is_empty() && self.ids.is_none() {
            return self.page_of(first, at.as_ref()).await;
        }
        let (mut rows, next, info) = match &self.ids {
            Some(ids) => self.by_ids(ids, first, at.as_ref()).await?,
            None => {
                let (answer, next) = self.ask(first, at.as_ref()).await?;
                let (rows, info) = read(&answer, self.items_key())?.unwrap_or_default();
                (rows, next, info)
            }
        };
        for chunk in more {
            self.complete(&mut rows, &chunk.joined).await?;
        }
        let last = rows.last().map(Record::id).filter(|id| !id.is_empty());
        let items = rows
            .into_iter()
            .enumerate()
            .map(|(index, row)| self.convert(index, row))
            .collect::<Result<_>>()?;
        let last = last.map_or(Last::Unknown, Last::Id);
        Ok(Page::new(items, next, info).ending_at(last).into())
    }

    /// One page by number or token, its rows still to be read.
    async fn page_of(&self, fields: Option<&str>, at: Option<&Cursor>) -> Result<Ready<T>> {
        let (answer, next) = self.ask(fields, at).await?;
        if answer.is_empty() {
            return Ok(Page::last(Vec::new()).into());
        }
        let (operation, items) = (self.operation.id, self.items_key());
        let last = Last::Of(answer.body.shared().unwrap_or_default(), items);
        let (then, end) = (next.clone(), last.clone());
        Ok(Ready::later(then, end, move |want| {
            let (rows, info) = decoded(operation, &answer, items, want)?;
            Ok(Page::new(rows, next, info).ending_at(last))
        }))
    }

    /// The answer with a page by number or token, and where the list goes on.
    async fn ask(&self, fields: Option<&str>, at: Option<&Cursor>) -> Result<(Answer, Option<Cursor>)> {
        let mut request = self.request(fields)?.query("per_page", self.per_page.to_string());
        match at {
            None => {}
            Some(Cursor::Token(token)) => request = request.query("page_token", token.clone()),
            Some(Cursor::Page(number)) => request = request.query("page", number.to_string()),
            Some(_) => return Err(Error::config("a list of records has no position to start at")),
        }
        if let Some(Cursor::Page(number)) = at
            && number.saturating_sub(1).saturating_mul(self.per_page) >= BY_NUMBER
        {
            let message = "Zoho gives no more than 2,000 rows of a list by page number";
            let error = Error::new(ErrorKind::Exhausted, message).with_operation(self.operation.id);
            return Err(error.with_cursor(Cursor::Page(*number)));
        }
        let answer = self.crm.core.call(request).await.map_err(|error| {
            // A token lives for a day; the last row that came with one is known all the same.
            let expired = error.api().map(ApiError::code) == Some("EXPIRED_VALUE");
            let error = match at {
                Some(Cursor::Token(_)) if expired => error.with_kind(ErrorKind::Exhausted),
                _ => exhausted(error),
            };
            match at {
                Some(at) => error.with_cursor(at.clone()),
                None => error,
            }
        })?;
        if answer.is_empty() {
            return Ok((answer, None));
        }
        let known = answer.end.clone();
        let end = match known.or_else(|| body::end(answer.body.as_bytes().unwrap_or_default())) {
            Some(end) => Some(end),
            None => End::of(&read(&answer, self.items_key())?.unwrap_or_default().1),
        };
        let next = self
            .next(at, end)
            .map_err(|error| error.with_operation(self.operation.id))?;
        Ok((answer, next))
    }

    /// The records of a hundred ids.
    async fn by_ids(&self, ids: &[String], fields: Option<&str>, at: Option<&Cursor>) -> Result<Step> {
        let from = match at {
            None => 0,
            Some(Cursor::Offset(position)) => usize::try_from(*position).unwrap_or(usize::MAX),
            Some(_) => return Err(Error::config("a list by ids starts at a position")),
        };
        let chunk: Vec<&str> = ids.iter().skip(from).take(IDS).map(String::as_str).collect();
        if chunk.is_empty() {
            return Ok((Vec::new(), None, Map::new()));
        }
        let request = self.request(fields)?.query("ids", chunk.join(","));
        let answer = self.crm.core.call(request).await?;
        let (rows, info) = read(&answer, self.items_key())?.unwrap_or_default();
        let then = from + chunk.len();
        let next = (then < ids.len()).then_some(Cursor::Offset(then as u64));
        Ok((rows, next, info))
    }

    /// Brings further fields of the rows of a page.
    pub(super) async fn complete(&self, rows: &mut [Record], fields: &str) -> Result<()> {
        let places: HashMap<String, usize> = rows
            .iter()
            .enumerate()
            .map(|(place, row)| (row.id().to_string(), place))
            .collect();
        let ids: Vec<String> = rows.iter().map(|row| row.id().to_string()).collect();
        for chunk in ids.chunks(IDS) {
            // Whatever found the rows, only a list of records takes ids.
            let module = self.path.first().map_or("", String::as_str);
            let mut request = Request::of(&op::LIST_RECORDS, &[&module])?
                .query("fields", fields)
                .query("ids", chunk.join(","))
                .query("per_page", ROWS.to_string());
            for (name, value) in &self.parameters {
                if *name == "converted" || *name == "approved" {
                    request = request.query(*name, value.clone());
                }
            }
            let answer = self.crm.core.call(request).await?;
            let (found, _) = read(&answer, self.items_key())?.unwrap_or_default();
            for more in found {
                if let Some(row) = places
                    .get(more.id().as_str())
                    .and_then(|place| rows.get_mut(*place))
                {
                    row.merge(more);
                }
            }
        }
        Ok(())
    }

    /// The fields to ask for, in groups that one call takes. Empty: the call takes none.
    pub(in crate::crm) async fn chunks(&self) -> Result<&[Fields]> {
        let chosen = self.chosen.get_or_try_init(|| self.choose().boxed());
        Ok(chosen.await?.as_slice())
    }

    async fn choose(&self) -> Result<Vec<Fields>> {
        let names = match &self.fields {
            Some(names) => names.clone(),
            None if self.operation.id == op::LIST_RECORDS.id => {
                let module = self.path.first().map_or("", String::as_str);
                self.crm.metadata.field_names(&self.crm.core, module).await?
            }
            None => return Ok(Vec::new()),
        };
        let fields = |names: &[String]| Fields {
            names: names.to_vec(),
            joined: names.join(","),
        };
        let chunks: Vec<Fields> = names.chunks(FIELDS).map(fields).collect();
        // The rest is fetched as records of the path's module, which the rows of other lists are not.
        let records = [op::LIST_RECORDS.id, op::SEARCH_RECORDS.id].contains(&self.operation.id);
        if chunks.len() > 1 && !records {
            return Err(Error::config("`fields`: 50 at most for this list").with_operation(self.operation.id));
        }
        Ok(chunks)
    }

    fn check(&self) -> Result<()> {
        let wrong = |message: &'static str| Err(Error::config(message).with_operation(self.operation.id));
        if !(1..=ROWS).contains(&self.per_page) {
            return wrong("a page has 1 to 200 rows");
        }
        let has = |name: &str| self.parameters.iter().any(|(known, _)| *known == name);
        if has("cvid") && has("sort_by") {
            return wrong("a custom view can not be sorted: `cvid` and `sort_by` exclude each other");
        }
        Ok(())
    }

    fn unfiltered(&self, fields: Option<&str>) -> Result<Request> {
        let path: Vec<&dyn fmt::Display> = self.path.iter().map(|part| part as _).collect();
        let request = Request::of(self.operation, &path)?;
        Ok(match fields {
            Some(fields) => request.query("fields", fields),
            None => request,
        })
    }

    pub(super) fn request(&self, fields: Option<&str>) -> Result<Request> {
        let mut request = self.unfiltered(fields)?;
        for (name, value) in &self.parameters {
            request = request.query(*name, value.clone());
        }
        match &self.modified_since {
            Some(instant) => request.header("if-modified-since", instant.as_str()),
            None => Ok(request),
        }
    }

    pub(super) fn items_key(&self) -> &'static str {
        self.operation.paging.map_or("data", |paging| paging.items)
    }

    /// Where the list goes on after a page.
    fn next(&self, at: Option<&Cursor>, end: Option<End>) -> Result<Option<Cursor>> {
        let end = end.ok_or_else(|| {
            Error::new(ErrorKind::Decode, "the page does not say whether there is more")
                .with_json_path("$.info.more_records")
        })?;
        if !end.more {
            return Ok(None);
        }
        let token = end.token.filter(|token| !token.is_empty());
        let by_number = self
            .operation
            .paging
            .is_none_or(|paging| paging.style != PagingStyle::Token);
        match (token, at) {
            (Some(token), Some(Cursor::Token(before))) if token == *before => {
                Err(Error::new(ErrorKind::Decode, "the page leads to itself")
                    .with_json_path("$.info.next_page_token"))
            }
            (Some(token), _) if !by_number => Ok(Some(Cursor::Token(token))),
            (_, None | Some(Cursor::Page(_))) if by_number || at.is_some() => {
                let number = match at {
                    Some(Cursor::Page(number)) => *number,
                    _ => 1,
                };
                Ok(Some(Cursor::Page(number.saturating_add(1))))
            }
            _ => Err(Error::new(
                ErrorKind::Decode,
                "the page says that there is more and gives no way to it",
            )
            .with_json_path("$.info.next_page_token")),
        }
    }

    pub(super) fn convert(&self, index: usize, row: Record) -> Result<T> {
        convert(self.operation.id, self.items_key(), index, row)
    }
}

impl<T: DeserializeOwned + Send + 'static> Fetch<T> for List<T> {
    fn fetch(&self, at: Option<Cursor>) -> BoxFuture<'_, Result<Page<T>>> {
        async move { self.one(at).await?.page() }.boxed()
    }

    fn ready(&self, at: Option<Cursor>) -> BoxFuture<'_, Result<Ready<T>>> {
        self.one(at).boxed()
    }

    fn beyond(&self, error: Error, last: Option<ZohoId>) -> BoxFuture<'_, Result<Cursor>> {
        std::future::ready(self.go_on(error, last)).boxed()
    }
}

/// A refusal that means that Zoho's own bound on a list was reached.
fn exhausted(error: Error) -> Error {
    match error.api().map(ApiError::code) {
        Some("LIMIT_REACHED" | "PAGINATION_LIMIT_EXCEEDED" | "DISCRETE_PAGINATION_LIMIT_EXCEEDED") => {
            error.with_kind(ErrorKind::Exhausted)
        }
        _ => error,
    }
}
