//! A trigger at work: it waits, asks, hands out, and moves its cursor when that is acknowledged.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::cursor::{self, Cursor};
use super::event::Batch;
use super::feed::Feed;
use super::hints::{Ear, Hints};
use super::schedule::Schedule;
use super::step::{Ask, Next, Rules, Run};
use crate::error::{Error, ErrorKind, Result};
use crate::store::{Guard, Lease, StateStore, Version};

/// How often a backfill asks whether its job is done.
const JOB_LOOK: Duration = Duration::from_secs(30);

/// The longest wait after a failure.
const PATIENCE: Duration = Duration::from_secs(300);

/// A feed that is read on a schedule, with a cursor of its own in a store.
///
/// [`next`](Self::next) hands out a batch, [`acknowledge`](Self::acknowledge) moves the cursor; a
/// batch that was not acknowledged is handed out again, by this process or the next. One page is in
/// memory at a time: a consumer that takes its time holds back the reading, not the writing to memory.
///
/// A trigger alone supposes that no other process runs one of the same name on the same store: if one
/// does, acknowledging fails and nothing is overwritten. [`Runner`](super::Runner) shares triggers
/// among processes.
#[derive(Debug)]
pub struct Trigger {
    name: Arc<str>,
    key: String,
    feed: Feed,
    identity: String,
    rules: Rules,
    schedule: Schedule,
    store: Arc<dyn StateStore>,
    stage: Stage,
    version: Option<Version>,
    lease: Option<Lease>,
    /// Whether Zoho takes queries of the module, as far as is known.
    queries: bool,
    due: Option<Timestamp>,
    ear: Option<Ear>,
    /// Runs that callbacks hinted at: the next, and one for those that came since.
    early: Option<Timestamp>,
    again: Option<Timestamp>,
    /// How often it failed in a row.
    failures: u32,
    /// When it asks again what failed, or came too early.
    retry: Timestamp,
    handed_out: u64,
}

/// Where a trigger stands between two awaits. It only ever changes whole.
#[derive(Debug)]
enum Stage {
    /// What the store keeps is not known yet.
    Unknown,
    /// Between two runs; `None` before the first.
    Resting(Option<Cursor>),
    /// In a run, with something to ask.
    Asking(Run, Ask),
    /// A batch is out.
    HandedOut { batch: Batch, cursor: Cursor, run: Run },
    /// A run is over that leaves nothing to hand out.
    Ending(Cursor),
}

impl Trigger {
    /// A trigger over a feed. Its name is what its cursor is kept under.
    ///
    /// # Errors
    /// [`ErrorKind::Config`]: the feed or the name can not be right.
    pub fn new(
        name: impl Into<Arc<str>>,
        feed: Feed,
        schedule: Schedule,
        store: Arc<dyn StateStore>,
    ) -> Result<Self> {
        let name = name.into();
        if name.is_empty() || name.len() > 100 || name.contains(char::is_control) {
            return Err(Error::config("the name of a trigger has 1 to 100 characters"));
        }
        feed.check()?;
        Ok(Self {
            key: format!("cursor/{name}"),
            identity: feed.identity(),
            rules: feed.rules(),
            name,
            feed,
            schedule,
            store,
            stage: Stage::Unknown,
            version: None,
            lease: None,
            queries: true,
            due: None,
            ear: None,
            early: None,
            again: None,
            failures: 0,
            retry: Timestamp::MIN,
            handed_out: 0,
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes sure that changes count from now on, when the trigger never ran before; without it they
    /// count from the first run on.
    ///
    /// # Errors
    /// Zoho or the store failed.
    pub async fn begin(&mut self) -> Result<()> {
        while matches!(self.stage, Stage::Unknown | Stage::Resting(None))
            || matches!(
                self.stage,
                Stage::Asking(Run::First | Run::Count, _) | Stage::Ending(_)
            )
        {
            self.step().await?;
        }
        Ok(())
    }

    /// The next batch, when it is due and read; an empty one when a run found no changes. A batch that
    /// was not acknowledged comes again at once.
    ///
    /// Cancel safe: a call that is dropped before it is ready took nothing.
    ///
    /// # Errors
    /// Something failed that the client could not repair by trying again. The trigger goes on: the
    /// next call waits a little longer each time and takes up where this one stopped.
    pub async fn next(&mut self) -> Result<Batch> {
        loop {
            if let Stage::HandedOut { batch, .. } = &self.stage {
                return Ok(batch.clone());
            }
            self.wait().await;
            self.step().await?;
        }
    }

    /// Says that a batch was dealt with: the cursor moves, and the next batch can come.
    ///
    /// Acknowledging a batch that is not out any more does nothing.
    ///
    /// # Errors
    /// [`ErrorKind::Store`]: the cursor could not be kept, or another process has taken the trigger
    /// over. The batch comes again, here or there.
    pub async fn acknowledge(&mut self, batch: &Batch) -> Result<()> {
        let Stage::HandedOut {
            batch: out, cursor, ..
        } = &self.stage
        else {
            return Ok(());
        };
        if out.number != batch.number {
            return Ok(());
        }
        let cursor = cursor.clone();
        self.commit(&cursor).await?;
        let Stage::HandedOut { batch, mut run, .. } = std::mem::replace(&mut self.stage, Stage::Unknown)
        else {
            return Ok(());
        };
        if batch.ends_run {
            self.rest(cursor);
        } else {
            let next = run.go_on(self.rules);
            self.place(run, next);
        }
        Ok(())
    }

    /// Runs early when a callback tells of its module: see [`Hints`]. Feeds of Books have no callbacks.
    #[must_use]
    pub fn hinted_by(mut self, hints: &Hints) -> Self {
        self.ear = self.feed.module().map(|module| hints.ear(module));
        self
    }

    /// Whether it has to ask the store where it stands: another process may have taken it over.
    pub(crate) fn is_adrift(&self) -> bool {
        matches!(self.stage, Stage::Unknown)
    }

    /// Works under a lease from now on, and forgets what it knew: another process may have gone on.
    pub(crate) fn take_over(&mut self, lease: Lease) {
        self.lease = Some(lease);
        self.stage = Stage::Unknown;
        self.failures = 0;
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.feed.core().engine.tokens.now()
    }

    /// Waits until there is something to do.
    async fn wait(&mut self) {
        if self.failures > 0 || matches!(self.stage, Stage::Asking(..)) {
            return self.sleep_until(self.retry).await;
        }
        if matches!(self.stage, Stage::Unknown | Stage::Ending(_)) {
            return;
        }
        let due = match self.due {
            Some(due) => due,
            None => self.schedule.first(self.now(), self.feed.core().engine.random()),
        };
        self.due = Some(due);
        loop {
            let until = self.early.map_or(due, |early| early.min(due));
            let slept = self.sleep_until(until);
            let Some(ear) = self.ear.as_ref() else {
                return slept.await;
            };
            let mut ear = ear.clone();
            let heard = tokio::select! {
                biased;
                () = ear.hear() => true,
                () = slept => false,
            };
            self.ear = Some(ear);
            if !heard {
                return;
            }
            // What was told of can be read when its second is over and the lag with it.
            let lag = Duration::from_secs(self.rules.lag.unsigned_abs().saturating_add(1));
            let readable = self.now().saturating_add(lag).unwrap_or(Timestamp::MAX);
            match self.early {
                None => self.early = Some(readable),
                Some(_) => self.again = Some(readable),
            }
        }
    }

    async fn sleep_until(&self, instant: Timestamp) {
        if let Ok(left) = Duration::try_from(instant.duration_since(self.now())) {
            tokio::time::sleep(left).await;
        }
    }

    /// One step: loads, begins, asks or ends.
    async fn step(&mut self) -> Result<()> {
        // It was waited for, or is another owner's: only what comes of this step has to be.
        self.retry = Timestamp::MIN;
        let done = self.try_step().await;
        match &done {
            Ok(()) => self.failures = 0,
            Err(error) => self.put_off(error),
        }
        done
    }

    async fn try_step(&mut self) -> Result<()> {
        match &mut self.stage {
            Stage::Unknown => {
                let kept = self.store.get(&self.key).await?;
                let cursor = match &kept {
                    Some(entry) => Some(cursor::decode(&self.key, &entry.value, &self.identity)?),
                    None => None,
                };
                self.version = kept.map(|entry| entry.version);
                match cursor.or_else(|| self.feed.first_cursor()) {
                    Some(cursor) => self.rest(cursor),
                    None => self.stage = Stage::Resting(None),
                }
            }
            Stage::Resting(cursor) => {
                let cursor = cursor.take();
                let now = self.now();
                self.due = Some(self.schedule.after(now, self.feed.core().engine.random()));
                if self.early.is_some_and(|early| early <= now) {
                    self.early = self.again.take();
                }
                let (run, next) = Run::begin(cursor, self.feed.way(), self.queries, self.rules);
                self.place(run, next);
            }
            Stage::Asking(_, ask) => {
                let answer = self.feed.ask(ask).await?;
                let Stage::Asking(mut run, _) = std::mem::replace(&mut self.stage, Stage::Unknown) else {
                    return Ok(());
                };
                // Where the answer makes no sense the run is forgotten: the next begins at the cursor.
                let next = run.step(answer, self.rules)?;
                if let Run::Ascent(ascent) = &run {
                    self.queries = ascent.queries();
                }
                self.place(run, next);
            }
            Stage::Ending(cursor) => {
                let cursor = cursor.clone();
                self.commit(&cursor).await?;
                self.rest(cursor);
            }
            Stage::HandedOut { .. } => {}
        }
        Ok(())
    }

    /// Waits for the next run: not long, while a backfill is under way.
    fn rest(&mut self, cursor: Cursor) {
        if let Some(export) = &cursor.export {
            let look = if export.waits() { JOB_LOOK } else { Duration::ZERO };
            let soon = self.now().saturating_add(look).unwrap_or(Timestamp::MAX);
            self.due = Some(self.due.map_or(soon, |due| due.min(soon)));
        }
        self.stage = Stage::Resting(Some(cursor));
    }

    fn in_a_second(&self) -> Timestamp {
        let second = Duration::from_secs(1);
        self.now().saturating_add(second).unwrap_or(Timestamp::MAX)
    }

    /// Takes what a run wants next as where the trigger stands.
    fn place(&mut self, run: Run, next: Next) {
        self.stage = match next {
            Next::Ask(ask) => Stage::Asking(run, ask),
            Next::AskLater(ask) => {
                self.retry = self.in_a_second();
                Stage::Asking(run, ask)
            }
            Next::Rest(cursor) => Stage::Ending(cursor),
            Next::HandOut {
                events,
                cursor,
                ends_run,
            } => {
                self.handed_out += 1;
                let batch = Batch {
                    number: self.handed_out,
                    trigger: self.name.clone(),
                    events: events.into(),
                    ends_run,
                };
                Stage::HandedOut { batch, cursor, run }
            }
        };
    }

    async fn commit(&mut self, cursor: &Cursor) -> Result<()> {
        let value = cursor::encode(cursor, &self.identity)?;
        let guard = match (&self.lease, self.version) {
            (Some(lease), _) => Guard::Held(lease),
            (None, Some(version)) => Guard::Unchanged(version),
            (None, None) => Guard::Absent,
        };
        let Some(version) = self.store.put(&self.key, value, guard).await? else {
            self.stage = Stage::Unknown;
            let message = format!(
                "trigger `{}` was taken over: its cursor moved without it",
                self.name
            );
            return Err(Error::new(ErrorKind::Store, message));
        };
        self.version = Some(version);
        Ok(())
    }

    /// Puts the next try off.
    fn put_off(&mut self, error: &Error) {
        self.failures = self.failures.saturating_add(1);
        let growing = Duration::from_secs(1 << self.failures.min(9).saturating_sub(1));
        let wait = error.retry_after().unwrap_or(growing).min(PATIENCE);
        self.retry = self.now().saturating_add(wait).unwrap_or(Timestamp::MAX);
        tracing::warn!(trigger = %self.name, %error, wait_s = wait.as_secs(), "the trigger failed");
    }
}
