//! Many triggers, in one process or many: each runs in one place at a time.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use jiff::Timestamp;
use tokio::task::JoinSet;

use super::channel::Watch;
use super::event::Batch;
use super::trigger::Trigger;
use crate::error::{Error, Result};
use crate::store::{Lease, StateStore};

/// The error of whoever deals with batches.
pub type HandlerError = Box<dyn std::error::Error + Send + Sync>;

type Handler = Arc<dyn Fn(Batch) -> BoxFuture<'static, Result<(), HandlerError>> + Send + Sync>;
type Hook = Arc<dyn Fn(&str, &Error) + Send + Sync>;
type Stop = Shared<BoxFuture<'static, ()>>;

/// Runs triggers, and keeps channels open.
///
/// Any number of processes may run the same set on one store: a lease says who runs a trigger. It is
/// renewed as long as the process is well; when the process dies, another takes the trigger over once
/// the lease is over. A process that stalled and lost its lease cannot move the cursor any more.
///
/// A batch is acknowledged when its handler is done with it; when the handler fails, the batch comes
/// again. Errors of Zoho's and of the store's are traced and given to [`on_error`](Self::on_error),
/// and the trigger goes on.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use zoho_client::MemoryStore;
/// use zoho_client::triggers::{Feed, Runner, Schedule, Trigger};
/// # use zoho_client::{OAuthApp, Region, ServiceTransport, TokioClock, Zoho};
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let mock = zoho_mock::MockZoho::in_process();
/// # let zoho = Zoho::builder(Region::custom(mock.base_url())?)
/// #     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
/// #     .refresh_token(mock.refresh_token())
/// #     .clock(TokioClock::starting_at(mock.now()))
/// #     .transport(ServiceTransport::new(mock.service()))
/// #     .build()?;
/// let store = Arc::new(MemoryStore::new());
/// let leads = Feed::crm(&zoho.crm(), "Leads").fields(["Last_Name"]);
/// let leads = Trigger::new("leads", leads, Schedule::every(Duration::from_secs(60))?, store.clone())?;
///
/// Runner::new(store, "worker-1")
///     .trigger(leads, |batch| async move {
///         for event in &batch {
///             println!("{:?} {}", event.change, event.id);
///         }
///         Ok(())
///     })
///     .run(tokio::time::sleep(Duration::from_secs(300))) // or until Ctrl-C
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a runner does nothing until it is run"]
pub struct Runner {
    store: Arc<dyn StateStore>,
    holder: Arc<str>,
    term: Duration,
    hook: Hook,
    jobs: Vec<Job>,
}

enum Job {
    Trigger(Box<Trigger>, Handler),
    Watch(Box<Watch>),
}

impl Runner {
    /// A runner over the store that its triggers use. Each process needs a name of its own.
    pub fn new(store: Arc<dyn StateStore>, holder: impl Into<Arc<str>>) -> Self {
        Self {
            store,
            holder: holder.into(),
            term: Duration::from_secs(60),
            hook: Arc::new(|_, _| {}),
            jobs: Vec::new(),
        }
    }

    /// How long a lease lasts unless it is renewed: a second to an hour, a minute without a word. A
    /// trigger whose process dies stands still for as long. The clocks of all machines must agree to
    /// within a tenth of it.
    pub fn term(mut self, term: Duration) -> Self {
        self.term = term;
        self
    }

    /// Is told of each error, with the name of the trigger or channel.
    pub fn on_error(mut self, hook: impl Fn(&str, &Error) + Send + Sync + 'static) -> Self {
        self.hook = Arc::new(hook);
        self
    }

    /// Runs a trigger, and deals with its batches.
    pub fn trigger<F, Fut>(mut self, trigger: Trigger, handler: F) -> Self
    where
        F: Fn(Batch) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), HandlerError>> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |batch| handler(batch).boxed());
        self.jobs.push(Job::Trigger(Box::new(trigger), handler));
        self
    }

    /// Keeps a channel open. It stays open when the runner stops: [`Watch::remove`] closes it.
    pub fn watch(mut self, watch: Watch) -> Self {
        self.jobs.push(Job::Watch(Box::new(watch)));
        self
    }

    /// Runs until `stop` is ready; batches that are out are dealt with and acknowledged first, and the
    /// leases are given back.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): the term is out of range.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        if !(Duration::from_secs(1)..=Duration::from_secs(3_600)).contains(&self.term) {
            return Err(Error::config("the term of a lease is a second to an hour"));
        }
        let stop = stop.boxed().shared();
        let mut tasks = JoinSet::new();
        for job in self.jobs {
            let worker = Worker {
                store: self.store.clone(),
                holder: self.holder.clone(),
                term: self.term,
                hook: self.hook.clone(),
                stop: stop.clone(),
            };
            tasks.spawn(worker.work(job));
        }
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a trigger ended: its handler panicked");
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner")
            .field("holder", &self.holder)
            .field("term", &self.term)
            .field("jobs", &self.jobs.len())
            .finish_non_exhaustive()
    }
}

impl Job {
    fn lease(&self) -> String {
        match self {
            Self::Trigger(trigger, _) => format!("trigger/{}", trigger.name()),
            Self::Watch(watch) => format!("channel/{}", watch.name()),
        }
    }

    fn now(&self) -> Timestamp {
        match self {
            Self::Trigger(trigger, _) => trigger.now(),
            Self::Watch(watch) => watch.now(),
        }
    }
}

/// Who looks after one job.
struct Worker {
    store: Arc<dyn StateStore>,
    holder: Arc<str>,
    term: Duration,
    hook: Hook,
    stop: Stop,
}

impl Worker {
    async fn work(self, mut job: Job) {
        let name = job.lease();
        loop {
            let granted = self
                .store
                .acquire(&name, &self.holder, job.now(), self.term)
                .await;
            match granted {
                Ok(Some(lease)) => {
                    tracing::info!(%name, fence = lease.fence(), "taken over");
                    self.hold(&mut job, lease).await;
                }
                Ok(None) => {}
                Err(error) => self.report(&name, &error),
            }
            // Soon enough after a lease is over, and not so often that asking is what the store does.
            let pause = tokio::time::sleep(self.term / 8);
            tokio::select! {
                () = pause => {}
                () = self.stop.clone() => return,
            }
        }
    }

    /// Does the job as long as the lease is held.
    async fn hold(&self, job: &mut Job, lease: Lease) {
        let now = job.now();
        let watched = self.watch_over(lease.clone(), now);
        let lost = {
            let busy = async {
                match job {
                    Job::Trigger(trigger, handler) => self.drive(trigger, handler, lease.clone()).await,
                    Job::Watch(watch) => self.keep_open(watch, lease.clone()).await,
                }
            };
            tokio::select! {
                () = busy => false,
                () = watched => true,
            }
        };
        if lost {
            tracing::warn!(name = lease.name(), "the lease was lost");
        } else if let Err(error) = self.store.release(&lease).await {
            self.report(lease.name(), &error);
        }
    }

    async fn drive(&self, trigger: &mut Trigger, handler: &Handler, lease: Lease) {
        trigger.take_over(lease);
        let mut failures = 0_u32;
        loop {
            let batch = tokio::select! {
                biased;
                () = self.stop.clone() => return,
                batch = trigger.next() => batch,
            };
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) => {
                    self.report(trigger.name(), &error);
                    if trigger.is_adrift() {
                        return;
                    }
                    continue;
                }
            };
            if let Err(error) = handler(batch.clone()).await {
                failures = failures.saturating_add(1);
                tracing::warn!(trigger = trigger.name(), %error, "a batch was not dealt with: it comes again");
                let pause = Duration::from_secs(1 << failures.min(9).saturating_sub(1));
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = self.stop.clone() => return,
                }
                continue;
            }
            failures = 0;
            if let Err(error) = trigger.acknowledge(&batch).await {
                self.report(trigger.name(), &error);
                if trigger.is_adrift() {
                    return;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }

    async fn keep_open(&self, watch: &mut Watch, lease: Lease) {
        watch.take_over(lease);
        loop {
            let renewed = tokio::select! {
                biased;
                () = self.stop.clone() => return,
                renewed = watch.renew() => renewed,
            };
            if let Err(error) = renewed {
                self.report(watch.name(), &error);
            }
        }
    }

    /// Renews a lease in time, again and again; ready when it is lost, or could not be renewed for so
    /// long that it may be.
    async fn watch_over(&self, lease: Lease, now: Timestamp) {
        let began = crate::clock::moment();
        let mut end = began + self.term;
        let clock = |since: tokio::time::Instant| {
            let ran = jiff::SignedDuration::try_from(since.duration_since(began)).unwrap_or_default();
            now.saturating_add(ran).unwrap_or(Timestamp::MAX)
        };
        // Well before the end, so that work that is under way ends before somebody else's begins.
        let margin = self.term / 10;
        loop {
            tokio::time::sleep(self.term / 4).await;
            let asked = crate::clock::moment();
            let renewal = self.store.renew(&lease, clock(asked), self.term);
            match tokio::time::timeout_at(end - margin, renewal).await {
                Ok(Ok(Some(_))) => end = asked + self.term,
                Ok(Ok(None)) | Err(_) => return,
                Ok(Err(error)) => {
                    self.report(lease.name(), &error);
                    if crate::clock::moment() + self.term / 4 >= end - margin {
                        return;
                    }
                }
            }
        }
    }

    fn report(&self, name: &str, error: &Error) {
        tracing::warn!(name, %error, "a trigger failed");
        (self.hook)(name, error);
    }
}
