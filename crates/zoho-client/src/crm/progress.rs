//! How far a long job is, told to a function of the caller's.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};

use crate::clock;
use crate::error::Result;
use crate::pipeline::meter::Meter;

/// How far a fetch or a write is, each time some rows were handed over.
///
/// ```
/// # use zoho_client::{OAuthApp, Region, ServiceTransport, TokioClock, Zoho};
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let mock = zoho_mock::MockZoho::builder().records("Leads", 1_000)?.in_process();
/// # let zoho = Zoho::builder(Region::custom(mock.base_url())?)
/// #     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
/// #     .refresh_token(mock.refresh_token())
/// #     .clock(TokioClock::starting_at(mock.now()))
/// #     .transport(ServiceTransport::new(mock.service()))
/// #     .build()?;
/// let bar = indicatif::ProgressBar::hidden();
/// let shown = bar.clone();
/// let leads = zoho.crm().records("Leads").fields(["Last_Name"]);
/// let list = leads.expect_rows(1_000).on_progress(move |progress| {
///     shown.set_length(progress.expected.unwrap_or(progress.rows));
///     shown.set_position(progress.rows);
///     shown.set_message(format!("{} credits", progress.credits));
/// });
/// assert_eq!(list.all().await?.len(), 1_000);
/// assert_eq!((bar.position(), bar.message()), (1_000, "5 credits".to_owned()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// Rows handed over so far.
    pub rows: u64,
    /// How many there will be, where that is known.
    pub expected: Option<u64>,
    /// Calls made for them; a call that was sent again counts once.
    pub requests: u64,
    /// Credits that these calls take, by the table of operations.
    pub credits: u64,
    /// How long it has run.
    pub elapsed: Duration,
    /// How long the rest will take at the pace so far, where the number of rows is known.
    pub rest: Option<Duration>,
}

/// What is called with every step.
#[derive(Clone)]
pub(super) struct Hook(Arc<dyn Fn(&Progress) + Send + Sync>);

impl Hook {
    pub(super) fn new(hook: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hook))
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}

/// A number of rows that whoever fetches says, and whoever watches reads.
#[derive(Clone, Debug, Default)]
pub(super) struct Expected(Arc<AtomicU64>);

impl Expected {
    /// Says it.
    pub(super) fn say(&self, rows: Option<u64>) {
        let rows = rows.map_or(0, |rows| rows.saturating_add(1));
        self.0.store(rows, Ordering::Relaxed);
    }

    fn get(&self) -> Option<u64> {
        self.0.load(Ordering::Relaxed).checked_sub(1)
    }
}

/// The same steps, each told to a hook with the rows that `count` finds in it. The time runs from when the first is
/// wanted.
pub(super) fn watched<B: Send + 'static>(
    steps: BoxStream<'static, Result<B>>,
    hook: Hook,
    meter: Meter,
    expected: Expected,
    count: fn(&B) -> usize,
) -> BoxStream<'static, Result<B>> {
    let (mut started, mut rows) = (None, 0_u64);
    let begin = stream::once(std::future::ready(Ok(None)));
    let watched = begin.chain(steps.map_ok(Some)).try_filter_map(move |step| {
        let since = *started.get_or_insert_with(clock::moment);
        if let Some(step) = &step {
            rows += count(step) as u64;
            let elapsed = clock::since(since);
            let expected = expected.get().map(|expected| expected.max(rows));
            let rest = |expected: u64| elapsed.mul_f64((expected - rows) as f64 / rows.max(1) as f64);
            (hook.0)(&Progress {
                rows,
                expected,
                requests: meter.requests(),
                credits: meter.credits(),
                elapsed,
                rest: expected.map(rest),
            });
        }
        std::future::ready(Ok(step))
    });
    watched.boxed()
}
