//! A server that counts, a store that a process loses with its life, and the processes themselves.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all, pending};
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use proptest::prelude::*;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::pipeline::transport::{Body, Transport, TransportError};
use crate::testing::{Script, say};
use crate::tests::limits::gaps;
use crate::{
    Clock, Entry, Guard, Lease, MemoryStore, Result, StateStore, TokioClock, Version, Zoho, ZohoBuilder,
};

const START: Timestamp = Timestamp::constant(1_790_000_000, 0);

/// A server that counts a call and ends it at its time, whether or not its caller lives.
#[derive(Clone, Debug, Default)]
pub(super) struct Meter {
    pub(super) calls: Arc<Mutex<Vec<Call>>>,
    /// Milliseconds on the way to the server and back, in turn.
    ways: Arc<Vec<(u64, u64)>>,
}

#[derive(Clone, Debug)]
pub(super) struct Call {
    client: String,
    pub(super) begun: Instant,
    counted: Instant,
    pub(super) ended: Instant,
}

impl Transport for Meter {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        async move {
            if request.uri().path() == "/oauth/v2/token" {
                let body = json!({"access_token": "1000.a", "expires_in": 2_000_000});
                return Ok(http::Response::new(Body::from(body.to_string())));
            }
            let agent = request.headers().get("user-agent").unwrap();
            let begun = Instant::now();
            let ended = {
                let mut calls = self.calls.lock();
                let (there, back) = self.ways[calls.len() % self.ways.len()];
                let counted = begun + Duration::from_millis(there);
                let ended = counted + Duration::from_millis(back);
                calls.push(Call {
                    client: agent.to_str().unwrap().to_owned(),
                    begun,
                    counted,
                    ended,
                });
                ended
            };
            tokio::time::sleep_until(ended).await;
            Ok(http::Response::new(Body::from(
                json!({"code": 0, "count": 5}).to_string(),
            )))
        }
        .boxed()
    }
}

impl Meter {
    fn new(ways: Vec<(u64, u64)>) -> Self {
        let ways = Arc::new(ways);
        Self {
            ways,
            ..Self::default()
        }
    }

    pub(super) fn most_within(&self, span: Duration) -> usize {
        let mut counted: Vec<Instant> = self.calls.lock().iter().map(|call| call.counted).collect();
        counted.sort();
        let within = |from: usize| counted[from..].partition_point(|at| *at < counted[from] + span);
        (0..counted.len()).map(within).max().unwrap_or(0)
    }

    pub(super) fn most_at_once(&self) -> usize {
        let calls = self.calls.lock();
        let running = |at: Instant| {
            let under_way = |call: &&Call| call.begun <= at && at < call.ended;
            calls.iter().filter(under_way).count()
        };
        calls.iter().map(|call| running(call.begun)).max().unwrap_or(0)
    }

    pub(super) fn calls_of(&self, client: &str) -> usize {
        self.calls
            .lock()
            .iter()
            .filter(|call| call.client == client)
            .count()
    }
}

/// What a process has of a store: nothing more once it is dead.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    store: Arc<MemoryStore>,
    pub(super) dead: Arc<AtomicBool>,
    pub(super) asked: Arc<Mutex<usize>>,
}

impl Line {
    async fn pass(&self) -> &MemoryStore {
        if self.dead.load(Ordering::Relaxed) {
            pending::<()>().await;
        }
        *self.asked.lock() += 1;
        // A database takes a while.
        tokio::time::sleep(Duration::from_millis(2)).await;
        &self.store
    }
}

impl StateStore for Line {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Entry>>> {
        async move { self.pass().await.get(key).await }.boxed()
    }

    fn put<'a>(
        &'a self,
        key: &'a str,
        value: Vec<u8>,
        guard: Guard<'a>,
    ) -> BoxFuture<'a, Result<Option<Version>>> {
        async move { self.pass().await.put(key, value, guard).await }.boxed()
    }

    fn remove<'a>(&'a self, key: &'a str, guard: Guard<'a>) -> BoxFuture<'a, Result<bool>> {
        async move { self.pass().await.remove(key, guard).await }.boxed()
    }

    fn keys<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>>> {
        async move { self.pass().await.keys(prefix).await }.boxed()
    }

    fn acquire<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        now: Timestamp,
        term: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>>> {
        async move { self.pass().await.acquire(name, holder, now, term).await }.boxed()
    }

    fn renew<'a>(
        &'a self,
        lease: &'a Lease,
        now: Timestamp,
        term: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>>> {
        async move { self.pass().await.renew(lease, now, term).await }.boxed()
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<bool>> {
        async move { self.pass().await.release(lease).await }.boxed()
    }
}

/// A clock that is so many milliseconds ahead.
#[derive(Clone, Debug)]
struct Ahead(TokioClock, i64);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        self.0.now() + SignedDuration::from_millis(self.1)
    }
}

/// A process: its client, and its way to the store.
pub(super) struct Process {
    pub(super) zoho: Zoho,
    pub(super) line: Line,
}

/// Where processes live.
pub(super) struct Site {
    pub(super) meter: Meter,
    pub(super) store: Arc<MemoryStore>,
    clock: TokioClock,
}

impl Site {
    pub(super) fn new(ways: Vec<(u64, u64)>) -> Self {
        Self {
            meter: Meter::new(ways),
            store: Arc::default(),
            clock: TokioClock::starting_at(START),
        }
    }

    pub(super) fn process(
        &self,
        name: &str,
        ahead: i64,
        configure: impl FnOnce(ZohoBuilder) -> ZohoBuilder,
    ) -> Process {
        let line = Line {
            store: Arc::clone(&self.store),
            ..Line::default()
        };
        let builder = Script::new(|_, _| say(204, json!(null)))
            .builder()
            .transport(self.meter.clone())
            .clock(Ahead(self.clock, ahead))
            .user_agent(name)
            .shared_token_store(Arc::new(line.clone()));
        Process {
            zoho: configure(builder).build().unwrap(),
            line,
        }
    }
}

/// What one process does: calls that come after such gaps, and the millisecond of its death.
#[derive(Clone, Debug)]
pub(super) struct Life {
    gaps: Vec<u64>,
    death: Option<u64>,
    /// Milliseconds by which its clock is ahead.
    ahead: i64,
}

pub(super) fn lives(processes: Range<usize>, calls: Range<usize>) -> impl Strategy<Value = Vec<Life>> {
    let death = prop_oneof![2 => Just(None), 1 => (0u64..90_000).prop_map(Some)];
    let life =
        (gaps(calls), death, -450i64..450).prop_map(|(gaps, death, ahead)| Life { gaps, death, ahead });
    prop::collection::vec(life, processes)
}

/// Lets processes live and die.
pub(super) async fn live<F>(
    site: &Site,
    lives: &[Life],
    configure: fn(ZohoBuilder) -> ZohoBuilder,
    call: fn(Zoho) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let all = lives.iter().enumerate().map(|(number, life)| {
        let process = site.process(&format!("process-{number}"), life.ahead, configure);
        async move {
            let Process { zoho, line } = process;
            let mut tasks = JoinSet::new();
            let mut at = 0;
            for gap in &life.gaps {
                at += gap;
                let (at, zoho) = (Duration::from_millis(at), zoho.clone());
                tasks.spawn(async move {
                    tokio::time::sleep(at).await;
                    call(zoho).await;
                });
            }
            let done = async { while tasks.join_next().await.is_some() {} };
            match life.death {
                None => done.await,
                Some(death) => {
                    let lived = tokio::time::timeout(Duration::from_millis(death), done).await;
                    if lived.is_err() {
                        line.dead.store(true, Ordering::Relaxed);
                        tasks.abort_all();
                    }
                }
            }
        }
    });
    join_all(all).await;
}

/// Whether all who live to the end made all their calls.
pub(super) fn survivors_calls(site: &Site, lives: &[Life]) -> bool {
    let complete = |(number, life): (usize, &Life)| {
        life.death.is_some() || site.meter.calls_of(&format!("process-{number}")) == life.gaps.len()
    };
    lives.iter().enumerate().all(complete)
}
