//! Records from a stream, written in batches, several of them under way at once.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use serde_json::Value;

use super::{BATCH, Write};
use crate::crm::Records;
use crate::crm::progress::{Expected, Hook, Progress, watched};
use crate::error::{Error, Result};
use crate::generated::crm::operations as op;
use crate::outcome::{Outcome, PartialWrite};
use crate::page::ListStream;
use crate::pipeline::meter::Meter;
use crate::pipeline::operation::Operation;

/// Batches under way at once, without a word.
const AT_ONCE: usize = 4;

/// A write of the records of a stream: however many they are, only the batches that are under way are in memory.
///
/// ```
/// # use zoho_client::{OAuthApp, Region, ServiceTransport, TokioClock, Zoho};
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> zoho_client::Result<()> {
/// # let mock = zoho_mock::MockZoho::in_process();
/// # let zoho = Zoho::builder(Region::custom(mock.base_url())?)
/// #     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
/// #     .refresh_token(mock.refresh_token())
/// #     .clock(TokioClock::starting_at(mock.now()))
/// #     .transport(ServiceTransport::new(mock.service()))
/// #     .build()?;
/// use zoho_client::Record;
///
/// let leads = zoho.crm().records("Leads");
/// let rows = (0..1_050).map(|n| Record::new().set("Last_Name", format!("Lead {n}")));
/// let writes = leads.create_from(futures_util::stream::iter(rows));
/// let mut batches = writes.each(|batch| batch.trigger([""; 0])).at_once(8).outcomes();
/// let mut made = 0;
/// while let Some(batch) = batches.try_next().await? {
///     assert_eq!(batch.first(), made);
///     made += batch.outcomes().iter().filter(|outcome| outcome.is_ok()).count() as u64;
/// }
/// assert_eq!(made, 1_050);
/// # Ok(())
/// # }
/// ```
#[must_use = "the write begins when its outcomes are asked for"]
pub struct WriteMany {
    batch: Write,
    records: BoxStream<'static, Value>,
    at_once: usize,
    hook: Option<Hook>,
    expected: Option<u64>,
}

/// What became of one batch.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenBatch {
    first: u64,
    outcomes: Vec<Outcome>,
}

impl WrittenBatch {
    /// The position of its first record in the stream, from 0.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.first
    }

    /// One outcome per record, in order.
    #[must_use]
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// The outcomes themselves.
    #[must_use]
    pub fn into_outcomes(self) -> Vec<Outcome> {
        self.outcomes
    }
}

impl<T> Records<T> {
    /// Creates the records of a stream. Never sent twice.
    pub fn create_from<S>(&self, records: S) -> WriteMany
    where
        S: Stream<Item: Into<Value>> + Send + 'static,
    {
        self.write_from(&op::CREATE_RECORDS, records)
    }

    /// Updates records from a stream, each found by its `id`.
    pub fn update_from<S>(&self, records: S) -> WriteMany
    where
        S: Stream<Item: Into<Value>> + Send + 'static,
    {
        self.write_from(&op::UPDATE_RECORDS, records)
    }

    /// Creates the records of a stream, or updates those that are there already.
    pub fn upsert_from<S>(&self, records: S) -> WriteMany
    where
        S: Stream<Item: Into<Value>> + Send + 'static,
    {
        self.write_from(&op::UPSERT_RECORDS, records)
    }

    fn write_from<S>(&self, operation: &'static Operation, records: S) -> WriteMany
    where
        S: Stream<Item: Into<Value>> + Send + 'static,
    {
        let path = vec![self.module().to_owned()];
        WriteMany {
            batch: Write::new(self.crm().clone(), operation, path, Vec::new()),
            records: records.map(Into::into).boxed(),
            at_once: AT_ONCE,
            hook: None,
            expected: None,
        }
    }
}

impl WriteMany {
    /// Says what holds for each batch: [`Write::trigger`], [`Write::checked`], [`Write::look_up_by`] and the like.
    pub fn each(mut self, configure: impl FnOnce(Write) -> Write) -> Self {
        self.batch = configure(self.batch);
        self
    }

    /// So many batches are under way at once; 4 without a word, at least 1. Zoho takes up to 10 of an organization.
    /// Outcomes come in the order of the stream; in which order Zoho writes batches that are under way together, nobody
    /// knows.
    pub fn at_once(mut self, batches: usize) -> Self {
        self.at_once = batches.max(1);
        self
    }

    /// How many records there are, for [`Progress::rest`].
    pub fn expect_rows(mut self, rows: u64) -> Self {
        self.expected = Some(rows);
        self
    }

    /// Calls a function whenever a batch was answered.
    pub fn on_progress(mut self, hook: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.hook = Some(Hook::new(hook));
        self
    }

    /// Writes, a hundred records a call, and gives the outcomes batch by batch in the order of the stream.
    ///
    /// After a batch that failed no further one is begun. Those that are under way are waited for and come first; then
    /// comes the error of each that failed, whose [`PartialWrite`] says by position in the stream which records may have
    /// been written and which were not. Records behind them were not taken out of the stream.
    ///
    /// Dropping the stream leaves the batches that are under way in doubt.
    pub fn outcomes(mut self) -> ListStream<WrittenBatch> {
        let meter = Meter::default();
        self.batch.crm.core.meters.push(meter.clone());
        let expected = Expected::default();
        expected.say(self.expected);
        let hook = self.hook.take();
        let steps = self.steps();
        ListStream::new(match hook {
            None => steps,
            Some(hook) => watched(steps, hook, meter, expected, |batch| batch.outcomes.len()),
        })
    }

    fn steps(self) -> BoxStream<'static, Result<WrittenBatch>> {
        let stop = Arc::new(AtomicBool::new(false));
        let halted = Arc::clone(&stop);
        let batch = Arc::new(self.batch);
        let mut first = 0;
        let batches = self
            .records
            .chunks(BATCH)
            .take_while(move |_| std::future::ready(!halted.load(Ordering::Relaxed)));
        let written = batches.map(move |items| {
            let (from, stop) = (first, Arc::clone(&stop));
            first += items.len() as u64;
            let write = batch.again(items);
            async move {
                match write.await {
                    Ok(outcomes) => Ok(WrittenBatch {
                        first: from,
                        outcomes,
                    }),
                    Err(error) => {
                        stop.store(true, Ordering::Relaxed);
                        Err(moved(error, from))
                    }
                }
            }
        });
        // What is known comes before what failed, so that whoever stops at an error has seen it.
        let parts = (written.buffered(self.at_once).boxed(), Vec::new().into_iter());
        stream::unfold(
            (parts, Vec::new()),
            |((mut written, mut told), mut failed)| async move {
                while let Some(step) = written.next().await {
                    match step {
                        Ok(batch) => return Some((Ok(batch), ((written, told), failed))),
                        Err(error) => failed.push(error),
                    }
                }
                if !failed.is_empty() {
                    told = std::mem::take(&mut failed).into_iter();
                }
                let error: Error = told.next()?;
                Some((Err(error), ((written, told), failed)))
            },
        )
        .boxed()
    }
}

/// The error of a batch, with positions in the whole stream.
fn moved(error: Error, first: u64) -> Error {
    let Some(partial) = error.partial_write().cloned() else {
        return error;
    };
    let first = usize::try_from(first).unwrap_or(usize::MAX);
    let moved =
        |range: std::ops::Range<usize>| first.saturating_add(range.start)..first.saturating_add(range.end);
    error.with_partial(PartialWrite {
        known: partial.known,
        unknown: moved(partial.unknown),
        not_written: moved(partial.not_written),
    })
}

impl fmt::Debug for WriteMany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteMany")
            .field("batch", &self.batch)
            .field("at_once", &self.at_once)
            .finish_non_exhaustive()
    }
}
