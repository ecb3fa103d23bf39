//! Lists: pages, the cursor from one to the next, and lazy streams of both.
//!
//! A list ends when the server says so and never because a page was empty. A server that says
//! that there is more, and gives no way to it, is an error and not an end.

pub(crate) mod ahead;
pub(crate) mod body;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, Stream, StreamExt, TryFutureExt, TryStreamExt};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Result};
use crate::wire::ZohoId;
use body::Last;

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
    last: Last,
}

impl<T> Page<T> {
    pub(crate) fn new(items: Vec<T>, next: Option<Cursor>, info: Map<String, Value>) -> Self {
        Self {
            items,
            next,
            info,
            last: Last::Unknown,
        }
    }

    /// Says which row was the last, where the list may have to go on behind it.
    pub(crate) fn ending_at(mut self, last: Last) -> Self {
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
pub struct ListStream<T>(Source<T>);

/// What a list brings: one thing after another, or many at once, handed over one by one.
enum Source<T> {
    Items(BoxStream<'static, Result<T>>),
    Batches(std::vec::IntoIter<T>, BoxStream<'static, Result<Vec<T>>>),
}

// Nothing in it is ever pinned in place.
impl<T> Unpin for ListStream<T> {}

impl<T> ListStream<T> {
    pub(crate) fn new(items: BoxStream<'static, Result<T>>) -> Self {
        Self(Source::Items(items))
    }

    /// The things of each batch, one by one.
    pub(crate) fn of_batches(batches: BoxStream<'static, Result<Vec<T>>>) -> Self {
        Self(Source::Batches(Vec::new().into_iter(), batches))
    }

    /// The next item; `None` at the end. Cancel safe: a call that is dropped before it is ready
    /// has taken no item.
    ///
    /// # Errors
    /// The page that holds it could not be fetched.
    pub async fn try_next(&mut self) -> Result<Option<T>> {
        // A row that is there already needs no poll.
        if let Source::Batches(rows, _) = &mut self.0
            && let Some(row) = rows.next()
        {
            return Ok(Some(row));
        }
        TryStreamExt::try_next(self).await
    }
}

impl<T> Stream for ListStream<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        match &mut self.0 {
            Source::Items(items) => items.as_mut().poll_next(context),
            Source::Batches(rows, batches) => loop {
                if let Some(row) = rows.next() {
                    return Poll::Ready(Some(Ok(row)));
                }
                match ready!(batches.as_mut().poll_next(context)) {
                    Some(Ok(batch)) => *rows = batch.into_iter(),
                    Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                    None => return Poll::Ready(None),
                }
            },
        }
    }
}

impl<T> fmt::Debug for ListStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ListStream")
    }
}

/// A page that has come, its rows perhaps still to be read.
pub(crate) struct Ready<T> {
    next: Option<Cursor>,
    last: Last,
    read: Box<dyn FnOnce(Want) -> Result<Page<T>> + Send>,
}

/// What is wanted of a page that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// Its rows, and what the server said about it.
    All,
    /// Its rows: what else it says may be left unread.
    Rows,
}

impl<T: Send + 'static> Ready<T> {
    /// A page whose rows are read when they are wanted.
    pub(crate) fn later(
        next: Option<Cursor>,
        last: Last,
        read: impl FnOnce(Want) -> Result<Page<T>> + Send + 'static,
    ) -> Self {
        let read = Box::new(read);
        Self { next, last, read }
    }

    /// Where the list goes on.
    pub(crate) fn next(&self) -> Option<&Cursor> {
        self.next.as_ref()
    }

    /// The body that holds its rows, where it is at hand.
    pub(crate) fn body(&self) -> Option<&Bytes> {
        match &self.last {
            Last::Of(body, _) => Some(body),
            Last::Unknown | Last::Id(_) => None,
        }
    }

    /// The page.
    pub(crate) fn page(self) -> Result<Page<T>> {
        (self.read)(Want::All)
    }

    /// Its rows.
    pub(crate) fn rows(self) -> Result<Vec<T>> {
        Ok((self.read)(Want::Rows)?.into_items())
    }
}

impl<T: Send + 'static> From<Page<T>> for Ready<T> {
    fn from(page: Page<T>) -> Self {
        Self::later(page.next.clone(), page.last.clone(), |_| Ok(page))
    }
}

/// Something that fetches one page of a list.
pub(crate) trait Fetch<T: Send + 'static>: Send + Sync + 'static {
    fn fetch(&self, at: Option<Cursor>) -> BoxFuture<'_, Result<Page<T>>>;

    /// The same, with the rows left unread where that is possible.
    fn ready(&self, at: Option<Cursor>) -> BoxFuture<'_, Result<Ready<T>>> {
        self.fetch(at).map_ok(Ready::from).boxed()
    }

    /// Where the list goes on when a bound of Zoho's ended it behind a row; the error, if nowhere.
    fn beyond(&self, error: Error, last: Option<ZohoId>) -> BoxFuture<'_, Result<Cursor>> {
        let _ = last;
        std::future::ready(Err(error)).boxed()
    }
}

/// Where a walk over the pages of a list stands.
enum At {
    /// A page, and the last row before it.
    Cursor(Option<Cursor>, Last),
    End,
}

/// The next page of a walk; `None` at the end.
async fn step<T: Send + 'static>(list: &impl Fetch<T>, at: At) -> Result<Option<(Ready<T>, At)>> {
    let At::Cursor(cursor, last) = at else {
        return Ok(None);
    };
    let ready = match list.ready(cursor).await {
        Err(error) if error.kind() == ErrorKind::Exhausted => {
            let beyond = list.beyond(error, last.id()).await?;
            list.ready(Some(beyond)).await?
        }
        ready => ready?,
    };
    let then = match &ready.next {
        Some(next) => At::Cursor(Some(next.clone()), ready.last.clone().or(last)),
        None => At::End,
    };
    Ok(Some((ready, then)))
}

/// The pages of a list from a cursor on, their rows unread, so many of them fetched before they are wanted.
pub(crate) fn ready<T: Send + 'static>(
    list: impl Fetch<T>,
    start: Option<Cursor>,
    ahead: usize,
) -> BoxStream<'static, Result<Ready<T>>> {
    let list = Arc::new(list);
    let begin = At::Cursor(start, Last::Unknown);
    if ahead > 0 {
        return ahead::pages(list, begin, ahead).boxed();
    }
    let pages = stream::try_unfold(begin, move |at| {
        let list = Arc::clone(&list);
        async move { step(&*list, at).await }
    });
    pages.boxed()
}

/// What is read of each page. It ends after a page that can not be read.
fn each<T: Send + 'static, R: Send + 'static>(
    pages: BoxStream<'static, Result<Ready<T>>>,
    read: fn(Ready<T>) -> Result<R>,
) -> BoxStream<'static, Result<R>> {
    let each = stream::try_unfold(pages, move |mut pages| async move {
        match pages.try_next().await? {
            Some(ready) => Ok(Some((read(ready)?, pages))),
            None => Ok(None),
        }
    });
    each.boxed()
}

/// The pages of a list from a cursor on.
pub(crate) fn pages<T: Send + 'static>(
    list: impl Fetch<T>,
    start: Option<Cursor>,
    ahead: usize,
) -> ListStream<Page<T>> {
    ListStream::new(each(ready(list, start, ahead), Ready::page))
}

/// The rows of a list from a cursor on, those of a page at once.
pub(crate) fn batches<T: Send + 'static>(
    list: impl Fetch<T>,
    start: Option<Cursor>,
    ahead: usize,
) -> BoxStream<'static, Result<Vec<T>>> {
    each(ready(list, start, ahead), Ready::rows)
}

/// The rows of a list from a cursor on.
pub(crate) fn rows<T: Send + 'static>(
    list: impl Fetch<T>,
    start: Option<Cursor>,
    ahead: usize,
) -> ListStream<T> {
    ListStream::of_batches(batches(list, start, ahead))
}

/// All rows of a list from a cursor on.
pub(crate) async fn all<T: Send + 'static>(
    list: impl Fetch<T>,
    start: Option<Cursor>,
    ahead: usize,
) -> Result<Vec<T>> {
    batches(list, start, ahead).try_concat().await
}
