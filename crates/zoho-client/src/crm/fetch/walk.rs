//! A module read by query: windows of 2,000 rows, several under way at once, each beginning with the last row of the one
//! before.
//!
//! Behind 100,000 rows Zoho counts no further, so the windows of a block begin at an id: the first block at none, each
//! further one at the last id of the block before. Within a block a window is found by its offset. Rows that are made
//! or deleted meanwhile move the windows; whoever joins them sees by the shared row whether they still meet.

use std::cmp::Ordering;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{FutureExt, Stream, StreamExt, stream};
use serde_json::json;

use super::facts::Shape;
use super::plan::tier;
use crate::crm::SortOrder;
use crate::crm::coql::{Column, REACH, ROWS, Select};
use crate::error::{Error, ErrorKind, Result};
use crate::generated::crm::operations as op;
use crate::page::ahead::{Task, made_by};
use crate::page::body::{self, End};
use crate::pipeline::request::Request;
use crate::pipeline::typed::Core;
use crate::record::Record;
use crate::wire::ZohoId;

/// By so much a window begins behind the one before.
const STEP: u64 = ROWS - 1;
/// Windows of a block: the last of them ends within Zoho's reach.
const WINDOWS: u64 = REACH / STEP;

/// Rows of a module as a query gives them.
#[derive(Debug)]
pub(super) struct Walk {
    core: Core,
    shape: Shape,
    flat: bool,
}

/// A window of rows, unread.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    /// Empty where there are no rows.
    pub(super) body: Bytes,
    /// Whether Zoho has more rows behind it.
    pub(super) more: bool,
}

impl Walk {
    /// `flat`: no value of a row is an object.
    pub(super) fn new(core: Core, shape: Shape, flat: bool) -> Self {
        Self { core, shape, flat }
    }

    /// Compares two ids in the order of the walk: what comes first is less.
    pub(super) fn compare(&self, a: &ZohoId, b: &ZohoId) -> Ordering {
        let number = |id: &ZohoId| (id.as_str().len(), id.as_str().to_owned());
        let order = number(a).cmp(&number(b));
        if self.shape.descending {
            order.reverse()
        } else {
            order
        }
    }

    /// Whether no value of a row is an object.
    pub(super) fn is_flat(&self) -> bool {
        self.flat
    }

    /// The rows behind one, up to another where one is given; the first of all without either.
    pub(super) async fn behind(&self, from: Option<&ZohoId>, to: Option<&ZohoId>) -> Result<Window> {
        let mut query = self.shape.select();
        for (id, after) in [(from, true), (to, false)] {
            if let Some(id) = id {
                let column = Column::of("id");
                query = query.filter(match after == self.shape.descending {
                    true => column.lt(id),
                    false => column.gt(id),
                });
            }
        }
        self.ask(query, 0, ROWS).await
    }

    /// The first window of all.
    pub(super) async fn first(&self, expected: Option<u64>) -> Result<Window> {
        let rows = expected.map_or(ROWS, |rows| tier(rows.saturating_add(1)).0);
        self.ask(self.shape.select(), 0, rows).await
    }

    /// The windows behind the first, for so many rows in all, in order; so many of them under way at once.
    pub(super) fn windows(
        self: Arc<Self>,
        rows: u64,
        at_once: usize,
    ) -> impl Stream<Item = Result<Window>> + Send {
        made_by(1, move |outlet| async move {
            let places = stream::unfold(Places::new(self, rows), |mut places| async move {
                let place = places.next().await?;
                Some((place, places))
            });
            let mut windows = places
                .map(|place| async move {
                    let (walk, from, offset, rows) = place?;
                    walk.ask(walk.from(from.as_ref()), offset, rows).await
                })
                .buffered(at_once)
                .boxed();
            while let Some(window) = windows.next().await {
                let failed = window.is_err();
                if !outlet.put(window).await || failed {
                    return;
                }
            }
        })
    }

    /// The query for the rows from one on.
    fn from(&self, id: Option<&ZohoId>) -> Select {
        let query = self.shape.select();
        match id {
            None => query,
            Some(id) if self.shape.descending => query.filter(Column::of("id").le(id)),
            Some(id) => query.filter(Column::of("id").ge(id)),
        }
    }

    fn order(&self) -> SortOrder {
        match self.shape.descending {
            true => SortOrder::Desc,
            false => SortOrder::Asc,
        }
    }

    async fn ask(&self, query: Select, offset: u64, rows: u64) -> Result<Window> {
        let query = query.order_by("id", self.order()).to_coql()?;
        let query = format!("{query} limit {offset}, {rows}");
        let request = Request::of(&op::QUERY_RECORDS, &[])?.json(&json!({ "select_query": query }))?;
        let answer = self.core.call(request).await?;
        if answer.is_empty() {
            return Ok(Window::default());
        }
        let body = answer.body.shared().unwrap_or_default();
        let end = match answer.end.clone() {
            Some(end) => Some(end),
            None => End::of(&crate::crm::list::read(&answer, "data")?.unwrap_or_default().1),
        };
        let more = end.map(|end| end.more).ok_or_else(|| {
            Error::new(ErrorKind::Decode, "the page does not say whether there is more")
                .with_operation(op::QUERY_RECORDS.id)
                .with_status(answer.status)
                .with_json_path("$.info.more_records")
        })?;
        Ok(Window { body, more })
    }

    /// The id at a place of a block, where it has one.
    async fn id_at(&self, from: Option<ZohoId>, offset: u64) -> Result<Option<ZohoId>> {
        let only = Shape {
            columns: vec!["id".to_owned()],
            ..self.shape.clone()
        };
        let only = Self::new(self.core.clone(), only, true);
        let window = only.ask(only.from(from.as_ref()), offset, 1).await?;
        if window.body.is_empty() {
            return Ok(None);
        }
        let rows = body::rows::<Record>(&window.body, "data");
        Ok(rows.unwrap_or_default().first().map(Record::id))
    }
}

/// A place to ask at: from which id on, from which offset, how many rows.
type Place = (Arc<Walk>, Option<ZohoId>, u64, u64);

/// The places of the windows, one after another.
struct Places {
    walk: Arc<Walk>,
    /// Where the block begins.
    from: Option<ZohoId>,
    /// Which window of the block comes next.
    window: u64,
    /// Rows that are still to be asked for, from that window on.
    left: u64,
    /// Where the next block begins, being asked for.
    next: Option<(Task, tokio::sync::oneshot::Receiver<Result<Option<ZohoId>>>)>,
    failed: bool,
}

impl Places {
    /// The places behind the first window, which was asked for already.
    fn new(walk: Arc<Walk>, rows: u64) -> Self {
        Self {
            walk,
            from: None,
            window: 1,
            left: rows.saturating_sub(STEP),
            next: None,
            failed: false,
        }
    }

    async fn next(&mut self) -> Option<Result<Place>> {
        if self.failed || self.left <= 1 {
            return None;
        }
        if self.window == WINDOWS {
            self.look_ahead();
            match self.next_block().await {
                Ok(Some(id)) => {
                    self.from = Some(id);
                    self.window = 0;
                }
                // There are fewer rows than was said.
                Ok(None) => return None,
                Err(error) => {
                    self.failed = true;
                    return Some(Err(error));
                }
            }
        }
        let offset = self.window * STEP;
        let (rows, _) = tier(self.left.saturating_add(1));
        self.window += 1;
        self.left = self.left.saturating_sub(STEP);
        if self.left > (WINDOWS - self.window) * STEP {
            self.look_ahead();
        }
        Some(Ok((Arc::clone(&self.walk), self.from.clone(), offset, rows)))
    }

    /// Asks where the next block begins, beside whatever else is under way.
    fn look_ahead(&mut self) {
        if self.next.is_some() {
            return;
        }
        let (say, said) = tokio::sync::oneshot::channel();
        let (walk, from) = (Arc::clone(&self.walk), self.from.clone());
        let task = Task::spawn(async move {
            // Nobody may wait any more.
            let _ = say.send(walk.id_at(from, WINDOWS * STEP).boxed().await);
        });
        self.next = Some((task, said));
    }

    async fn next_block(&mut self) -> Result<Option<ZohoId>> {
        let Some((_task, said)) = self.next.take() else {
            return Ok(None);
        };
        said.await.unwrap_or(Ok(None))
    }
}
