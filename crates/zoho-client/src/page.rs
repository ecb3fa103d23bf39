//! Lists: pages, the cursor from one to the next, and lazy streams of both.
//!
//! A list ends when the server says so and never because a page was empty. A server that says
//! that there is more, and gives no way to it, is an error and not an end.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, Stream, StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Result};
use crate::wire::ZohoId;

/// Where a list goes on. It can be kept and given to the same list again.
///
/// Zoho binds a page token to the user and to every other parameter, for 24 hours.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cursor {
    /// A token of the server's.
    Token(String),
    /// A page by its number, from 1.
    Page(u32),
    /// A row by its position, from 0.
    Offset(u64),
    /// The rows behind the one of this id, in the list's own order by id.
    Behind(ZohoId),
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    items: Vec<T>,
    next: Option<Cursor>,
    info: Map<String, Value>,
    last: Option<ZohoId>,
}

impl<T> Page<T> {
    pub(crate) fn new(items: Vec<T>, next: Option<Cursor>, info: Map<String, Value>) -> Self {
        Self {
            items,
            next,
            info,
            last: None,
        }
    }

    /// Says the id of the last row, where the list may have to go on behind it.
    pub(crate) fn ending_at(mut self, last: Option<ZohoId>) -> Self {
        self.last = last;
        self
    }

    /// A page that is the end of its list.
    pub(crate) fn last(items: Vec<T>) -> Self {
        Self::new(items, None, Map::new())
    }

    /// The rows.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// The rows themselves.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }

    /// Where the list goes on; `None` at its end.
    pub fn next(&self) -> Option<&Cursor> {
        self.next.as_ref()
    }

    /// What the server said about the page: CRM's `info`, Books' `page_context`.
    pub fn info(&self) -> &Map<String, Value> {
        &self.info
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

/// A lazy list: of records, or of pages.
///
/// It asks for the next page when it is polled for it, and ends after an error: the list can be
/// taken up again from the cursor of the last page that came. Dropping it loses nothing.
#[must_use = "a stream does nothing until it is polled"]
pub struct ListStream<T>(BoxStream<'static, Result<T>>);

impl<T> ListStream<T> {
    #[cfg(feature = "bulk")]
    pub(crate) fn new(items: BoxStream<'static, Result<T>>) -> Self {
        Self(items)
    }

    /// The next item; `None` at the end. Cancel safe: a call that is dropped before it is ready
    /// has taken no item.
    ///
    /// # Errors
    /// The page that holds it could not be fetched.
    pub async fn try_next(&mut self) -> Result<Option<T>> {
        TryStreamExt::try_next(&mut self.0).await
    }
}

impl<T> Stream for ListStream<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for ListStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ListStream")
    }
}

/// Something that fetches one page of a list.
pub(crate) trait Fetch<T>: Send + Sync + 'static {
    fn fetch(&self, at: Option<Cursor>) -> BoxFuture<'_, Result<Page<T>>>;

    /// Where the list goes on when a bound of Zoho's ended it behind a row; the error, if nowhere.
    fn beyond(&self, error: Error, last: Option<ZohoId>) -> BoxFuture<'_, Result<Cursor>> {
        let _ = last;
        std::future::ready(Err(error)).boxed()
    }
}

/// The pages of a list from a cursor on.
pub(crate) fn pages<T: Send + 'static>(list: impl Fetch<T>, start: Option<Cursor>) -> ListStream<Page<T>> {
    enum At {
        /// A page, and the last row before it.
        Cursor(Option<Cursor>, Option<ZohoId>),
        End,
    }
    let list = Arc::new(list);
    let pages = stream::try_unfold(At::Cursor(start, None), move |at| {
        let list = Arc::clone(&list);
        async move {
            let At::Cursor(cursor, last) = at else {
                return Ok(None);
            };
            let page = match list.fetch(cursor).await {
                Err(error) if error.kind() == ErrorKind::Exhausted => {
                    let beyond = list.beyond(error, last.clone()).await?;
                    list.fetch(Some(beyond)).await?
                }
                page => page?,
            };
            let last = page.last.clone().or(last);
            let then = match page.next() {
                Some(next) => At::Cursor(Some(next.clone()), last),
                None => At::End,
            };
            Ok(Some((page, then)))
        }
    });
    ListStream(pages.boxed())
}

/// The rows of a list from a cursor on.
pub(crate) fn rows<T: Send + 'static>(list: impl Fetch<T>, start: Option<Cursor>) -> ListStream<T> {
    let rows = pages(list, start)
        .map_ok(|page| stream::iter(page.into_items().into_iter().map(Ok)))
        .try_flatten();
    ListStream(rows.boxed())
}

/// All rows of a list from a cursor on.
pub(crate) async fn all<T: Send + 'static>(list: impl Fetch<T>, start: Option<Cursor>) -> Result<Vec<T>> {
    let mut pages = pages(list, start);
    let mut rows = Vec::new();
    while let Some(page) = pages.try_next().await? {
        rows.extend(page);
    }
    Ok(rows)
}
