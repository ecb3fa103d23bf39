//! What triggers cost: the pure step, polls through the client against the mock, and callbacks that a receiver takes.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use zoho_client::triggers::measure::Steps;
use zoho_client::triggers::{Feed, Schedule, Trigger};
use zoho_client::webhook::{CallbackMaker, Operation, Receiver};
use zoho_client::{
    Body, Clock, MemoryStore, OAuthApp, Region, ReqwestTransport, Transport, TransportError, Zoho,
};

use super::Mock;
use super::job::{Done, Job};
use crate::Failure;
use crate::report::{Report, Target};

/// How often each is done.
const RUNS: usize = 500_000;
const CHANGES: usize = 1_000_000;
const POLLS: usize = 2_000;
const CALLBACKS: usize = 500_000;
/// Rows that a run finds where something changed.
const FOUND: usize = 200;
const TOKEN: &str = "a token of the channel";

/// Measures all of it.
pub(super) fn report(mock: &Mock, report: &mut Report) -> Result<(), Failure> {
    let idle = mock.job(Job::IdleSteps, RUNS)?;
    report.add("pure step, nothing changed", idle.rate(), "steps/s", Target::None);
    let changes = mock.job(Job::Steps, CHANGES)?;
    report.add(
        format!("pure step, {FOUND} changes a run"),
        changes.rate(),
        "events/s",
        Target::None,
    );
    let polls = mock.job(Job::Polls, POLLS)?;
    report.add(
        "polls without a change, client and mock",
        polls.rate(),
        "polls/s",
        Target::None,
    );
    report.add(
        "the same: CPU of the client",
        polls.cpu_per_thousand(),
        "ms/1,000 polls",
        Target::None,
    );
    report.add(
        "the same: requests",
        polls.requests / polls.rows,
        "per poll",
        Target::None,
    );
    let callbacks = mock.job(Job::Callbacks, CALLBACKS)?;
    report.add(
        "callbacks of one record, one thread",
        callbacks.rate(),
        "callbacks/s",
        Target::AtLeast(20_000.0),
    );
    Ok(())
}

/// Does one of these jobs; `rows` is how often.
pub(super) async fn run(job: Job, rows: usize) -> Result<Done, Failure> {
    match job {
        Job::IdleSteps => steps(&Steps::finding(0), rows, |(steps, _)| steps),
        Job::Steps => steps(&Steps::finding(FOUND), rows, |(_, told)| told),
        Job::Polls => polls(rows).await,
        Job::Callbacks => callbacks(rows),
        _ => Err("this is no job of triggers".into()),
    }
}

fn steps(run: &Steps, rows: usize, count: fn((usize, usize)) -> usize) -> Result<Done, Failure> {
    let mut done = Done::default();
    while done.rows < rows {
        done.rows += count(black_box(run.play()?));
    }
    Ok(done)
}

fn callbacks(rows: usize) -> Result<Done, Failure> {
    let receiver = Receiver::new(TOKEN)?;
    let callback = CallbackMaker::new("Leads", Operation::Update).token(TOKEN);
    let callback = callback.record(4_876_876_000_000_589_001_u64, [("Company", "X"), ("Phone", "5")]);
    let (headers, body) = callback.make();
    for _ in 0..rows {
        black_box(receiver.receive(&headers, black_box(&body))?);
    }
    Ok(Done {
        rows,
        ..Done::default()
    })
}

/// A clock that is a second later whenever it is asked, so that a trigger never waits.
#[derive(Debug)]
struct Hurried(AtomicI64);

impl Clock for Hurried {
    fn now(&self) -> Timestamp {
        let second = self.0.fetch_add(1, Ordering::Relaxed);
        Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
    }
}

/// The network, with what goes over it counted.
#[derive(Debug)]
struct Counted {
    network: ReqwestTransport,
    requests: Arc<AtomicU64>,
}

impl Transport for Counted {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.network.send(request)
    }
}

async fn polls(rows: usize) -> Result<Done, Failure> {
    let needed = |name: &str| std::env::var(name).map_err(|error| format!("{name}: {error}"));
    let requests = Arc::new(AtomicU64::new(0));
    let app = OAuthApp::new(needed("ZOHO_CLIENT_ID")?, needed("ZOHO_CLIENT_SECRET")?);
    let zoho = Zoho::builder(Region::custom(&needed("ZOHO_MOCK_URL")?)?)
        .oauth(app)
        .refresh_token(needed("ZOHO_REFRESH_TOKEN")?)
        .clock(Hurried(AtomicI64::new(1_790_000_000)))
        .transport(Counted {
            network: ReqwestTransport::new(),
            requests: Arc::clone(&requests),
        })
        .build()?;
    let feed = Feed::crm(&zoho.crm(), "Leads").fields(["Last_Name", "Email"]);
    let every_second = Schedule::every(Duration::from_secs(1))?;
    let mut trigger = Trigger::new("bench", feed, every_second, Arc::new(MemoryStore::new()))?;
    trigger.begin().await?;
    requests.store(0, Ordering::Relaxed);
    for _ in 0..rows {
        let batch = trigger.next().await?;
        if !batch.events().is_empty() {
            return Err(format!("there were {} changes", batch.events().len()).into());
        }
        trigger.acknowledge(&batch).await?;
    }
    Ok(Done {
        rows,
        requests: requests.load(Ordering::Relaxed),
        credits: 0,
    })
}
