//! Lists of Books records.

use std::fmt;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};

use super::records::Records;
use crate::error::{Error, ErrorKind, Result};
use crate::page::{self, Cursor, Fetch, ListStream, Page};
use crate::pipeline::Answer;
use crate::record::Record;

/// The rows of a page, unless another number is asked for.
const ROWS: u32 = 200;

/// A list of Books records that is about to be asked for.
#[must_use = "a list is asked for by send, pages, stream or all"]
pub struct List {
    records: Records,
    parameters: Vec<(String, String)>,
    per_page: u32,
    start: Option<Cursor>,
    ahead: usize,
}

impl List {
    pub(crate) fn new(records: Records) -> Self {
        Self {
            records,
            parameters: Vec::new(),
            per_page: ROWS,
            start: None,
            ahead: 0,
        }
    }

    /// Narrows the list down by a search field of Zoho's, such as `status` or
    /// `contact_name_contains`. Zoho ignores fields that it does not know.
    pub fn search(mut self, field: impl Into<String>, value: impl fmt::Display) -> Self {
        self.parameters.push((field.into(), value.to_string()));
        self
    }

    /// Sorts by a column, from low to high.
    pub fn sort_ascending(self, column: impl Into<String>) -> Self {
        self.search("sort_column", column.into())
            .search("sort_order", "A")
    }

    /// Sorts by a column, from high to low.
    pub fn sort_descending(self, column: impl Into<String>) -> Self {
        self.search("sort_column", column.into())
            .search("sort_order", "D")
    }

    /// The rows of one page; 200 is the default.
    pub fn per_page(mut self, rows: u32) -> Self {
        self.per_page = rows;
        self
    }

    /// Starts at a page number, from 1.
    pub fn page(mut self, number: u32) -> Self {
        self.start = Some(Cursor::Page(number));
        self
    }

    /// Starts where another run of the same list stopped.
    pub fn from_cursor(mut self, cursor: Cursor) -> Self {
        self.start = Some(cursor);
        self
    }

    /// Fetches pages before they are wanted: so many wait while the rows of one are consumed, and the next is under
    /// way; 0 without a word. Rows, order and errors are the same. At most that many pages and two more are asked for
    /// beyond those that are consumed.
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.ahead = pages;
        self
    }

    /// One page.
    ///
    /// # Errors
    /// The call failed.
    pub async fn send(self) -> Result<Page<Record>> {
        let start = self.start.clone();
        self.fetch(start).await
    }

    /// The pages, each asked for when it is wanted, or earlier with [`List::prefetch`].
    pub fn pages(self) -> ListStream<Page<Record>> {
        let (start, ahead) = (self.start.clone(), self.ahead);
        page::pages(self, start, ahead)
    }

    /// The records, each page asked for when it is wanted, or earlier with [`List::prefetch`].
    pub fn stream(self) -> ListStream<Record> {
        let (start, ahead) = (self.start.clone(), self.ahead);
        page::rows(self, start, ahead)
    }

    /// All records.
    ///
    /// # Errors
    /// A page could not be fetched.
    pub async fn all(self) -> Result<Vec<Record>> {
        let (start, ahead) = (self.start.clone(), self.ahead);
        page::all(self, start, ahead).await
    }

    async fn one(&self, at: Option<Cursor>) -> Result<Page<Record>> {
        if self.per_page == 0 {
            return Err(Error::config("a page has at least one row"));
        }
        let number = match at {
            None => 1,
            Some(Cursor::Page(number)) => number,
            Some(_) => return Err(Error::config("a list of Books starts at a page number")),
        };
        let row = self.records.record_type()?;
        let mut request = self.records.list_request()?;
        for (name, value) in &self.parameters {
            request = request.query(name.clone(), value.clone());
        }
        request = request
            .query("page", number.to_string())
            .query("per_page", self.per_page.to_string());
        let answer = self.records.core().call(request).await?;
        let (rows, context) = read(&answer, row.list)?;
        let more = has_more(&answer, &context, rows.len(), self.per_page)?;
        let next = more.then(|| Cursor::Page(number.saturating_add(1)));
        Ok(Page::new(rows, next, context))
    }
}

impl Fetch<Record> for List {
    fn fetch(&self, at: Option<Cursor>) -> BoxFuture<'_, Result<Page<Record>>> {
        self.one(at).boxed()
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("records", &self.records)
            .finish_non_exhaustive()
    }
}

/// Whether there are further pages.
pub(crate) fn has_more(
    answer: &Answer,
    context: &Map<String, Value>,
    rows: usize,
    per_page: u32,
) -> Result<bool> {
    match context.get("has_more_page").and_then(Value::as_bool) {
        Some(more) => Ok(more),
        // Lists that are not paged have no context; a full page without one is suspicious.
        None if rows < per_page as usize => Ok(false),
        None => Err(
            Error::new(ErrorKind::Decode, "the page does not say whether there is more")
                .with_operation(answer.id.clone())
                .with_status(answer.status)
                .with_json_path("$.page_context.has_more_page"),
        ),
    }
}

/// The rows and the page context of an answer.
pub(crate) fn read(answer: &Answer, list: &str) -> Result<(Vec<Record>, Map<String, Value>)> {
    if answer.is_empty() {
        return Ok((Vec::new(), Map::new()));
    }
    let wrong = |path: String| {
        Error::new(ErrorKind::Decode, "the body has no list of records")
            .with_operation(answer.id.clone())
            .with_status(answer.status)
            .with_json_path(path)
    };
    let mut body: Map<String, Value> = answer.json()?;
    let context = match body.remove("page_context") {
        Some(Value::Object(context)) => context,
        _ => Map::new(),
    };
    let rows = match body.remove(list) {
        Some(Value::Array(rows)) => rows,
        // Books writes "" for an empty list.
        Some(Value::String(text)) if text.is_empty() => Vec::new(),
        Some(_) => return Err(wrong(format!("$.{list}"))),
        // Some lists come under another key than the documented one; the only list it is.
        None => {
            let mut lists = body.into_iter().filter_map(|(_, value)| match value {
                Value::Array(rows) => Some(rows),
                _ => None,
            });
            match (lists.next(), lists.next()) {
                (Some(rows), None) => rows,
                _ => return Err(wrong(format!("$.{list}"))),
            }
        }
    };
    let rows = page::body::records(rows, |index| wrong(format!("$.{list}[{index}]")))?;
    Ok((rows, context))
}
