//! Lists of CRM: records, search results, deleted records, attachments.

mod beyond;
mod fetch;
mod rows;

use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

use super::Crm;
use super::fetch::{self as fetch_all, Wishes};
use super::progress::Expected;
use crate::error::Result;
use crate::page::{self, Cursor, Fetch, ListStream, Page};
use crate::pipeline::operation::Operation;
use crate::record::Record;
use crate::wire::DateTime;
use fetch::Fields;
pub(crate) use rows::{convert, decoded_body, read};

/// Zoho's bound on rows in one page.
const ROWS: u32 = 200;

/// The order of a sorted list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortOrder {
    /// From low to high.
    Asc,
    /// From high to low.
    Desc,
}

/// Which leads a list shows. Without a word, Zoho hides converted ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Converted {
    /// Only leads that are not converted.
    No,
    /// Only converted leads.
    Only,
    /// Both.
    Both,
}

/// What to search for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Search {
    /// Zoho's criteria, such as `(Last_Name:equals:Lee)`.
    Criteria(String),
    /// An e-mail address in any field.
    Email(String),
    /// A telephone number in any field.
    Phone(String),
    /// A word in any field.
    Word(String),
}

impl Search {
    pub(crate) fn parameter(self) -> (&'static str, String) {
        match self {
            Self::Criteria(text) => ("criteria", text),
            Self::Email(text) => ("email", text),
            Self::Phone(text) => ("phone", text),
            Self::Word(text) => ("word", text),
        }
    }
}

/// Which deleted records a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deleted {
    /// All of them.
    All,
    /// Those that can be restored.
    Recycled,
    /// Those that are gone.
    Permanent,
}

/// A list of CRM's that is about to be asked for.
///
/// With [`send`](List::send) one page, with [`pages`](List::pages) and [`stream`](List::stream)
/// all of it as it is consumed, with [`all`](List::all) all of it at once. Page tokens are followed
/// from the first call on, so that Zoho's bound of 2,000 rows by page number does not apply. Behind 100,000 rows page
/// tokens end: [`pages`](List::pages), [`stream`](List::stream) and [`all`](List::all) then go on behind the last id where
/// the list is sorted by id and not narrowed down, and end with [`ErrorKind::Exhausted`](crate::ErrorKind::Exhausted)
/// where it is.
///
/// A list of records without [`fields`](List::fields) brings all fields: their names come from the
/// module's metadata, and where there are more than 50, a page is fetched in several calls and put
/// together by id. A record that changes between those calls may show a mixture of both states.
#[must_use = "a list is asked for by send, pages, stream or all"]
pub struct List<T = Record> {
    pub(super) crm: Crm,
    pub(super) operation: &'static Operation,
    pub(super) path: Vec<String>,
    pub(super) parameters: Vec<(&'static str, String)>,
    pub(super) fields: Option<Vec<String>>,
    /// The fields of each call, known once they were asked for.
    chosen: OnceCell<Vec<Fields>>,
    ids: Option<Vec<String>>,
    modified_since: Option<DateTime>,
    per_page: u32,
    pub(super) wishes: Wishes,
    /// Where the planner says how many rows there will be.
    pub(super) expected: Expected,
    pub(super) start: Option<Cursor>,
    row: PhantomData<fn() -> T>,
}

impl<T> List<T> {
    pub(crate) fn new(crm: Crm, operation: &'static Operation, path: Vec<String>) -> Self {
        Self {
            crm,
            operation,
            path,
            parameters: Vec::new(),
            fields: None,
            chosen: OnceCell::new(),
            ids: None,
            modified_since: None,
            per_page: ROWS,
            wishes: Wishes::default(),
            expected: Expected::default(),
            start: None,
            row: PhantomData,
        }
    }

    /// A query parameter of Zoho's that has no method here. Zoho ignores unknown ones.
    pub fn param(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.parameters.retain(|(known, _)| *known != name);
        self.parameters.push((name, value.into()));
        self
    }

    /// The fields to bring, by API name. More than 50 are brought in several calls.
    pub fn fields<S: Into<String>>(mut self, fields: impl IntoIterator<Item = S>) -> Self {
        let fields: Vec<String> = fields.into_iter().map(Into::into).collect();
        self.fields = (!fields.is_empty()).then_some(fields);
        self
    }

    /// Only these records, in whatever order Zoho gives them.
    pub fn ids<S: fmt::Display>(mut self, ids: impl IntoIterator<Item = S>) -> Self {
        self.ids = Some(ids.into_iter().map(|id| id.to_string()).collect());
        self
    }

    /// `id`, `Created_Time` or `Modified_Time`.
    pub fn sort_by(self, field: impl Into<String>) -> Self {
        self.param("sort_by", field)
    }

    /// The order; Zoho's own is descending.
    pub fn sort_order(self, order: SortOrder) -> Self {
        self.param(
            "sort_order",
            match order {
                SortOrder::Asc => "asc",
                SortOrder::Desc => "desc",
            },
        )
    }

    /// Only the rows of a custom view. It can not be sorted.
    pub fn cvid(self, view: impl fmt::Display) -> Self {
        self.param("cvid", view.to_string())
    }

    /// Which leads to show.
    pub fn converted(self, converted: Converted) -> Self {
        self.param(
            "converted",
            match converted {
                Converted::No => "false",
                Converted::Only => "true",
                Converted::Both => "both",
            },
        )
    }

    /// Only rows that changed after the instant.
    pub fn if_modified_since(mut self, instant: impl Into<DateTime>) -> Self {
        self.modified_since = Some(instant.into());
        self
    }

    /// The rows of one page: 1 to 200, which is also the default.
    pub fn per_page(mut self, rows: u32) -> Self {
        self.per_page = rows;
        self
    }

    /// Starts at a page number, from 1. Zoho counts pages up to row 2,000 only.
    pub fn page(mut self, number: u32) -> Self {
        self.start = Some(Cursor::Page(number));
        self
    }

    /// Starts where another run of the same list stopped.
    pub fn from_cursor(mut self, cursor: Cursor) -> Self {
        self.start = Some(cursor);
        self
    }
}

impl<T: DeserializeOwned + Send + 'static> List<T> {
    /// One page.
    ///
    /// # Errors
    /// The call failed, or the answer says that there is more and gives no way to it.
    pub async fn send(self) -> Result<Page<T>> {
        let start = self.start.clone();
        self.fetch(start).await
    }

    /// The pages, each asked for when it is wanted.
    pub fn pages(self) -> ListStream<Page<T>> {
        let (start, ahead) = (self.start.clone(), self.wishes.ahead);
        page::pages(self, start, ahead)
    }

    /// The rows, fetched by [`List::way`]: without a word, each page is asked for when it is wanted.
    pub fn stream(self) -> ListStream<T> {
        fetch_all::rows(self)
    }

    /// All rows.
    ///
    /// # Errors
    /// A page could not be fetched.
    pub async fn all(self) -> Result<Vec<T>> {
        fetch_all::all(self).await
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("operation", &self.operation.id)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
