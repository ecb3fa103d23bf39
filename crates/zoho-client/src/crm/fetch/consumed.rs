//! Rows handed over in order, whatever way they came; and the step from one way to another, at which none is lost or
//! comes twice.

use std::cmp::Ordering;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;

use super::super::list::{List, decoded_body};
use super::facts::{Allowed, Shape, count};
use super::hidden::Hidden;
use super::plan::{Chosen, Known, choose};
use super::walk::{Walk, Window};
use super::{Batches, alike, pages, unfit};
use crate::error::{Error, ErrorKind, Result};
use crate::generated::crm::operations as op;
use crate::page::body;
use crate::page::{self, Cursor, Fetch};
use crate::wire::ZohoId;

/// The rows of a list by the cheapest way that gives the same.
pub(super) async fn cheapest<T: DeserializeOwned + Send + 'static>(list: List<T>) -> Result<Batches<T>> {
    if list.start.is_some() || !list.goes_by_id() {
        return Ok(pages(list));
    }
    let first = list.ready(None).await?;
    let Some(next) = first.next().cloned() else {
        list.expected.say(None);
        return Ok(one(first.rows()?));
    };
    let body = first.body().cloned().unwrap_or_default();
    match other_way(&list, body).await {
        Some(Other::Query(walk)) => Ok(walk.or_pages(list, next).boxed()),
        #[cfg(feature = "bulk")]
        Some(Other::Export(plan)) => Ok(super::export::or_pages(list, plan, first, next)),
        None => {
            let rest = list.from_cursor(next);
            let first = one(first.rows()?);
            Ok(first.chain(pages(rest)).boxed())
        }
    }
}

/// The rows of a list by query, because it was asked for so.
pub(super) async fn query<T: DeserializeOwned + Send + 'static>(list: List<T>) -> Result<Batches<T>> {
    let shape = Shape::of(&list)
        .await?
        .map_err(|why| unfit(&list, "query", why))?;
    let allowed = Allowed::of(&list).await?;
    let hidden = Hidden::of(&list, &shape).await?;
    let hidden = hidden.ok_or_else(|| unfit(&list, "query", "too many leads are converted"))?;
    let rows = match list.wishes.expected {
        Some(rows) => Some(rows),
        None => count(&list, &shape).await?,
    };
    list.expected.say(rows);
    let walk = Arc::new(Walk::new(list.crm.core.clone(), shape, false));
    let first = walk.first(rows).await?;
    let rows = rows.unwrap_or_default();
    Ok(Joined {
        walk,
        hidden,
        first,
        rows,
        at_once: allowed.at_once,
    }
    .batches()
    .boxed())
}

/// A way that takes over from the pages.
enum Other {
    Query(Joined),
    #[cfg(feature = "bulk")]
    Export(super::export::Planned),
}

/// Looks for a cheaper way behind a first page; none where anything speaks against it, or where it can not be found out.
async fn other_way<T>(list: &List<T>, first: Bytes) -> Option<Other>
where
    T: DeserializeOwned + Send + 'static,
{
    let stay = |why: &str| {
        tracing::debug!(
            operation = list.operation.id,
            why,
            "the list is fetched page by page"
        );
        None
    };
    let Some(ids) = body::ids(&first, "data") else {
        return stay("its first page has no ids");
    };
    let Ok(Ok(shape)) = Shape::of(list).await else {
        return stay("a query can not ask for it");
    };
    let Ok(allowed) = Allowed::of(list).await else {
        return stay("its limits are not known");
    };
    let export = allowed.export && list.wishes.any_order;
    if !(allowed.query || export) {
        return stay("the connection lacks the scope of queries");
    }
    let Ok(fields) = list.crm.fields(&shape.module).await else {
        return stay("the fields of the module are not known");
    };
    if !alike::fields(&shape.columns, &fields) {
        return stay("a query shows some of its fields otherwise");
    }
    let rows = match list.wishes.expected {
        Some(rows) => Some(rows),
        None => count(list, &shape).await.ok().flatten(),
    };
    let Some(rows) = rows else {
        return stay("its rows can not be counted");
    };
    let mut known = Known {
        rows: rows.saturating_sub(ids.len() as u64),
        query: allowed.query,
        export: export && cfg!(feature = "bulk"),
        hidden: u64::from(shape.hides_converted),
        credits: allowed.credits,
        at_once: allowed.at_once as u64,
    };
    if choose(known).way == Chosen::Pages {
        list.expected.say(Some(rows));
        return stay("pages are as cheap");
    }
    let Ok(Some(hidden)) = Hidden::of(list, &shape).await else {
        return stay("too many leads are converted");
    };
    // They are known now, and what they took is spent.
    known.hidden = 0;
    list.expected.say(Some(rows.saturating_sub(hidden.len())));
    match choose(known).way {
        Chosen::Pages => stay("pages are as cheap"),
        #[cfg(feature = "bulk")]
        Chosen::Export => Some(Other::Export(super::export::Planned {
            shape,
            hidden,
            fields,
        })),
        #[cfg(not(feature = "bulk"))]
        Chosen::Export => stay("exports need the feature `bulk`"),
        Chosen::Query => {
            let walk = Arc::new(Walk::new(list.crm.core.clone(), shape, true));
            let Ok(window) = walk.first(Some(rows)).await else {
                return stay("the query is refused");
            };
            if !alike::pages(&first, &window.body, |id| hidden.has(id)) {
                return stay("a query shows its first page otherwise");
            }
            Some(Other::Query(Joined {
                walk,
                hidden,
                first: window,
                rows,
                at_once: allowed.at_once,
            }))
        }
    }
}

fn one<T: Send + 'static>(rows: Vec<T>) -> Batches<T> {
    stream::once(std::future::ready(Ok(rows))).boxed()
}

/// Windows of a query, joined.
struct Joined {
    walk: Arc<Walk>,
    hidden: Hidden,
    first: Window,
    /// Rows in all, as far as is known.
    rows: u64,
    at_once: usize,
}

/// Where the joining stands.
struct Standing {
    windows: BoxStream<'static, Result<Window>>,
    walk: Arc<Walk>,
    hidden: Hidden,
    /// The last row that was handed over.
    last: Option<ZohoId>,
    /// Rows that were missing before a window.
    waiting: Option<Window>,
    /// Whether Zoho had more rows behind the last window.
    more: bool,
}

impl Joined {
    fn standing(self) -> Standing {
        let first = stream::once(std::future::ready(Ok(self.first)));
        let further = Arc::clone(&self.walk).windows(self.rows, self.at_once);
        Standing {
            windows: first.chain(further).boxed(),
            walk: self.walk,
            hidden: self.hidden,
            last: None,
            waiting: None,
            more: false,
        }
    }

    /// The rows; an error says where they ended.
    fn batches<T: DeserializeOwned + Send + 'static>(
        self,
    ) -> impl futures_util::Stream<Item = Result<Vec<T>>> + Send {
        stream::try_unfold(self.standing(), |mut standing| async move {
            let batch = standing.next().await;
            let batch = batch.map_err(|error| standing.at(error))?;
            Ok(batch.map(|rows| (rows, standing)))
        })
    }

    /// The rows; where the query is refused half-way, the rest of them by pages.
    fn or_pages<T: DeserializeOwned + Send + 'static>(
        self,
        list: List<T>,
        next: Cursor,
    ) -> impl futures_util::Stream<Item = Result<Vec<T>>> + Send {
        enum By<T> {
            Query(Box<(Standing, List<T>, Cursor)>),
            Pages(Batches<T>),
        }
        let query = By::Query(Box::new((self.standing(), list, next)));
        stream::try_unfold(query, |by| async move {
            let mut pages = match by {
                By::Pages(pages) => pages,
                By::Query(mut query) => match query.0.next().await {
                    Ok(Some(rows)) => return Ok(Some((rows, By::Query(query)))),
                    Ok(None) => return Ok(None),
                    Err(error) if refused(&error) => {
                        tracing::warn!(%error, "the query is refused; the list goes on page by page");
                        let (standing, list, next) = *query;
                        rest(list, next, standing.walk, standing.last)
                    }
                    Err(error) => return Err(query.0.at(error)),
                },
            };
            let rows = pages.try_next().await?;
            Ok(rows.map(|rows| (rows, By::Pages(pages))))
        })
    }
}

/// Whether an error means that queries are not to be had, and not that a call failed.
fn refused(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Api | ErrorKind::Auth | ErrorKind::Exhausted | ErrorKind::Config
    )
}

/// The rows of a list behind one, by pages from the second on.
fn rest<T: DeserializeOwned + Send + 'static>(
    list: List<T>,
    next: Cursor,
    walk: Arc<Walk>,
    last: Option<ZohoId>,
) -> Batches<T> {
    let ahead = list.wishes.ahead;
    let pages = page::ready(list, Some(next), ahead);
    let rows = pages.map(move |ready| {
        let ready = ready?;
        let (Some(last), Some(body)) = (&last, ready.body()) else {
            return ready.rows();
        };
        let ids = body::ids(body, "data").unwrap_or_default();
        let handed = ids
            .iter()
            .take_while(|id| walk.compare(id, last) != Ordering::Greater)
            .count();
        if handed == ids.len() && handed > 0 {
            return Ok(Vec::new());
        }
        let mut rows = ready.rows()?;
        rows.drain(..handed.min(rows.len()));
        Ok(rows)
    });
    rows.boxed()
}

impl Standing {
    /// The error, with where the list can be taken up again.
    fn at(&self, error: Error) -> Error {
        match &self.last {
            Some(last) => error.with_cursor(Cursor::Behind(last.clone())),
            None => error,
        }
    }

    /// The next rows. After an error, what was handed over before stands.
    async fn next<T: DeserializeOwned + Send + 'static>(&mut self) -> Result<Option<Vec<T>>> {
        loop {
            let Some((window, direct)) = self.window().await? else {
                return Ok(None);
            };
            // A window behind the end says nothing: rows may be left between, where others were deleted.
            if window.body.is_empty() {
                continue;
            }
            self.more = window.more;
            let (first, end) = body::ends(&window.body, self.walk.is_flat()).ok_or_else(unreadable)?;
            let mut handed = 0;
            if let Some(last) = &self.last.clone() {
                match self.walk.compare(&first, last) {
                    Ordering::Greater if !direct && self.gap(&window, &first).await? => continue,
                    Ordering::Greater => {}
                    Ordering::Equal => handed = 1,
                    Ordering::Less => {
                        let ids = body::ids(&window.body, "data").ok_or_else(unreadable)?;
                        let behind = |id: &&ZohoId| self.walk.compare(id, last) == Ordering::Greater;
                        handed = ids.iter().take_while(|id| !behind(id)).count();
                    }
                }
                match self.walk.compare(&end, last) {
                    Ordering::Greater => {}
                    _ if direct => return Err(unmoved()),
                    _ => continue,
                }
            }
            let mut rows = decoded_body::<T>(&op::QUERY_RECORDS, &window.body, "data")?;
            if self.hidden.is_empty() {
                rows.drain(..handed.min(rows.len()));
            } else {
                let ids = body::ids(&window.body, "data").ok_or_else(unreadable)?;
                let mut places = ids.iter().enumerate();
                let shown = |(place, id): (usize, &ZohoId)| place >= handed && !self.hidden.has(id.as_str());
                rows.retain(|_| places.next().is_none_or(shown));
            }
            self.last = Some(end);
            return Ok(Some(rows));
        }
    }

    /// The next window, and whether nothing can be missing before it.
    async fn window(&mut self) -> Result<Option<(Window, bool)>> {
        if let Some(window) = self.waiting.take() {
            return Ok(Some((window, true)));
        }
        if let Some(window) = self.windows.try_next().await? {
            return Ok(Some((window, false)));
        }
        if !self.more {
            return Ok(None);
        }
        // There are more rows than were counted.
        let window = self.walk.behind(self.last.as_ref(), None).await?;
        if window.body.is_empty() {
            return Ok(None);
        }
        Ok(Some((window, true)))
    }

    /// Asks for the rows between the last one and a window that begins behind it. `true`: there are some, they come
    /// first, and the window waits.
    async fn gap(&mut self, window: &Window, first: &ZohoId) -> Result<bool> {
        let between = self.walk.behind(self.last.as_ref(), Some(first)).await?;
        if between.body.is_empty() {
            return Ok(false);
        }
        self.waiting = Some(between);
        // Behind the rows of the gap the window is looked at again: the gap may be wider than one answer.
        let later = std::mem::replace(&mut self.windows, stream::empty().boxed());
        let window = stream::once(std::future::ready(Ok(window.clone())));
        self.windows = window.chain(later).boxed();
        Ok(true)
    }
}

fn unmoved() -> Error {
    Error::new(
        ErrorKind::Decode,
        "the rows behind one are rows that came before it",
    )
    .with_operation(op::QUERY_RECORDS.id)
    .with_json_path("$.data")
}

fn unreadable() -> Error {
    Error::new(ErrorKind::Decode, "a row of the query has no id")
        .with_operation(op::QUERY_RECORDS.id)
        .with_json_path("$.data")
}
