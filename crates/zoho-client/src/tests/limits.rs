//! Limits hold for any arrival of calls, are used up when callers queue, and waiting can be seen and ended.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};
use parking_lot::Mutex;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::pipeline::transport::{Body, Transport, TransportError};
use crate::testing::{Script, say};
use crate::{Edition, ErrorKind, Method, OrganizationId, Zoho, ZohoBuilder};

/// A server that takes its time, and writes down when each call was under way and when it counted it.
#[derive(Clone, Debug, Default)]
struct Meter {
    calls: Arc<Mutex<Vec<Call>>>,
    /// Milliseconds on the way to the server and back, in turn.
    ways: Arc<Vec<(u64, u64)>>,
}

#[derive(Clone, Copy, Debug)]
struct Call {
    begun: Instant,
    counted: Instant,
    ended: Instant,
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
            let begun = Instant::now();
            let (index, there, back) = {
                let mut calls = self.calls.lock();
                let index = calls.len();
                calls.push(Call {
                    begun,
                    counted: begun,
                    ended: begun,
                });
                let (there, back) = self.ways[index % self.ways.len()];
                (index, there, back)
            };
            tokio::time::sleep(Duration::from_millis(there)).await;
            self.calls.lock()[index].counted = Instant::now();
            tokio::time::sleep(Duration::from_millis(back)).await;
            self.calls.lock()[index].ended = Instant::now();
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

    fn builder(&self) -> ZohoBuilder {
        Script::new(|_, _| say(204, Value::Null))
            .builder()
            .transport(self.clone())
    }

    /// The most calls that any span of time saw.
    fn most_within(&self, span: Duration) -> usize {
        let mut counted: Vec<Instant> = self.calls.lock().iter().map(|call| call.counted).collect();
        counted.sort();
        let within = |from: usize| counted[from..].partition_point(|at| *at < counted[from] + span);
        (0..counted.len()).map(within).max().unwrap_or(0)
    }

    /// The most calls that were under way at once.
    fn most_at_once(&self) -> usize {
        let calls = self.calls.lock();
        let running = |at: Instant| {
            calls
                .iter()
                .filter(|call| call.begun <= at && at < call.ended)
                .count()
        };
        calls.iter().map(|call| running(call.begun)).max().unwrap_or(0)
    }
}

pub(super) fn paused<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(test)
}

/// Callers that come after such gaps, in milliseconds.
async fn arrive(zoho: &Zoho, gaps: &[u64], call: impl AsyncFn(&Zoho)) {
    let mut at = 0;
    let callers = gaps.iter().map(|gap| {
        at += gap;
        let (at, call) = (at, &call);
        async move {
            tokio::time::sleep(Duration::from_millis(at)).await;
            call(zoho).await;
        }
    });
    join_all(callers).await;
}

async fn list(zoho: &Zoho) {
    let books = zoho.books(OrganizationId::new("1"));
    books.raw(Method::GET, "/invoices").send().await.unwrap();
}

async fn lead(zoho: &Zoho) {
    zoho.crm().raw(Method::GET, "/Leads/1").send().await.unwrap();
}

/// Mostly bursts, now and then a pause.
pub(super) fn gaps(calls: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(
        prop_oneof![6 => Just(0_u64), 3 => 0_u64..800, 1 => 0_u64..70_000],
        calls,
    )
}

pub(super) fn ways(longest: u64) -> impl Strategy<Value = Vec<(u64, u64)>> {
    prop::collection::vec((0..longest, 1..longest), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// However calls arrive, and however long each takes to get to the server and back.
    #[test]
    fn books_takes_no_more_than_100_calls_in_any_minute(gaps in gaps(150..420), ways in ways(2_500)) {
        let meter = Meter::new(ways);
        paused(async { arrive(&meter.builder().build().unwrap(), &gaps, list).await });
        prop_assert_eq!(meter.calls.lock().len(), gaps.len());
        prop_assert!(meter.most_within(Duration::from_secs(60)) <= 100);
        prop_assert!(meter.most_at_once() <= 10);
    }

    /// Callers queue: in any latency up to two seconds at least 95 of 100 possible calls are made.
    #[test]
    fn books_uses_its_minute_when_callers_queue(ways in ways(1_000)) {
        let meter = Meter::new(ways);
        let seconds = paused(async {
            let started = Instant::now();
            arrive(&meter.builder().build().unwrap(), &[0; 650], list).await;
            // The last fifty are there to keep the queue full until the last of the others was counted.
            let mut counted: Vec<Instant> = meter.calls.lock().iter().map(|call| call.counted).collect();
            counted.sort();
            (counted[600] - started).as_secs_f64()
        });
        let possible = 100.0 * seconds / 60.0;
        prop_assert!(600.0 >= 0.95 * possible, "600 calls in {seconds} s");
    }

    /// CRM's calls at once, for each edition.
    #[test]
    fn crm_takes_as_many_calls_at_once_as_its_edition(
        gaps in gaps(30..200),
        ways in ways(3_000),
        edition in prop::sample::select(vec![
            Edition::Free, Edition::Standard, Edition::Professional, Edition::Enterprise, Edition::Ultimate,
        ]),
    ) {
        let meter = Meter::new(ways);
        paused(async { arrive(&meter.builder().edition(edition).build().unwrap(), &gaps, lead).await });
        prop_assert_eq!(meter.calls.lock().len(), gaps.len());
        prop_assert!(meter.most_at_once() <= edition.concurrency());
    }

    #[test]
    fn crm_uses_its_slots_when_callers_queue(ways in ways(500), calls in 100_usize..400) {
        let meter = Meter::new(ways);
        let started = paused(async {
            let started = Instant::now();
            arrive(&meter.builder().edition(Edition::Enterprise).build().unwrap(), &vec![0; calls], lead).await;
            started
        });
        let taken = meter.calls.lock().clone();
        // From then on nobody queues any more.
        let last = taken.iter().map(|call| call.begun).max().unwrap();
        let busy: Duration = taken.iter().map(|call| call.ended.min(last) - call.begun).sum();
        let possible = (last - started).as_secs_f64() * Edition::Enterprise.concurrency() as f64;
        prop_assert!(busy.as_secs_f64() >= 0.95 * possible, "{busy:?} of {possible} slot seconds");
    }
}

#[tokio::test(start_paused = true)]
async fn heavy_calls_have_ten_slots_and_leave_the_others_free() {
    let meter = Meter::new(vec![(0, 1_000)]);
    let zoho = meter.builder().edition(Edition::Ultimate).build().unwrap();
    let search = async |zoho: &Zoho| {
        let search = zoho.crm().raw(Method::GET, "/Leads/search").query("word", "x");
        search.send().await.unwrap();
    };
    arrive(&zoho, &[0; 40], search).await;
    assert_eq!(meter.most_at_once(), 10);
    meter.calls.lock().clear();
    let (heavy, light) = ([0; 40], [0; 40]);
    tokio::join!(arrive(&zoho, &heavy, search), arrive(&zoho, &light, lead));
    assert_eq!(meter.most_at_once(), 25);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_leaves_the_line() {
    let meter = Meter::new(vec![(0, 1_000)]);
    let zoho = meter.builder().concurrency(1).build().unwrap();
    let started = Instant::now();
    let patient = async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        lead(&zoho).await;
    };
    let gone = (0..50).map(|n| {
        let stays = Duration::from_millis(if n == 0 { 500 } else { 100 });
        tokio::time::timeout(stays, lead(&zoho))
    });
    let (gone, ()) = tokio::join!(join_all(gone), patient);
    assert!(gone.iter().all(Result::is_err));
    assert!(
        started.elapsed() < Duration::from_millis(1_600),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(meter.calls.lock().len(), 2, "49 callers left before their turn");
}

#[tokio::test(start_paused = true)]
async fn the_edition_of_the_organization_sets_the_calls_at_once() {
    let organization = |license: Value| json!({"org": [{"id": "1", "license_details": license}]});
    for (license, expected) in [
        (json!({"paid_type": "enterprise"}), Ok(Edition::Enterprise)),
        (
            json!({"paid_type": null, "trial_type": "ultimate"}),
            Ok(Edition::Ultimate),
        ),
        (json!({"paid_type": null}), Ok(Edition::Free)),
        (json!({"paid_type": "quantum"}), Err(ErrorKind::Decode)),
    ] {
        let script = Script::new(move |_, _| say(200, organization(license.clone())));
        let read = script.client().read_edition().await;
        assert_eq!(read.map_err(|error| error.kind()), expected);
    }
    let script = Script::new(|seen, _| match seen.path.as_str() {
        "/crm/v8/org" => say(
            200,
            json!({"org": [{"license_details": {"paid_type": "enterprise"}}]}),
        ),
        _ => say(200, json!({"data": []})),
    });
    let zoho = script.client();
    let hundred = async || {
        let started = Instant::now();
        arrive(&zoho, &[0; 100], lead).await;
        started.elapsed().as_millis()
    };
    hundred().await;
    // Each answer takes 20 ms: ten at once without a word, twenty in Enterprise.
    assert_eq!(hundred().await, 200);
    zoho.read_edition().await.unwrap();
    assert_eq!(hundred().await, 100);
}

#[tokio::test(start_paused = true)]
async fn calls_cost_what_the_table_says() {
    let script = Script::new(|_, _| {
        say(
            200,
            json!({"count": 5, "data": [], "info": {"more_records": false}}),
        )
    });
    let zoho = script.client();
    let leads = zoho.crm().records("Leads");
    leads.count().await.unwrap();
    assert_eq!(zoho.credits_spent(), 50);
    for (query, credits) in [
        ("select id from Leads where id > 0 limit 200", 1),
        ("select id from Leads where id > 0 limit 201", 2),
        ("select id from Leads where id > 0 limit 400, 2000", 3),
        ("select id from Leads where id > 0 LIMIT 2000 OFFSET 10", 3),
    ] {
        let before = zoho.credits_spent();
        zoho.crm().coql(query).send().await.unwrap();
        assert_eq!(zoho.credits_spent() - before, credits, "{query}");
    }
    let before = zoho.credits_spent();
    zoho.crm()
        .raw(Method::GET, "/Leads")
        .query("cvid", "1")
        .send()
        .await
        .unwrap();
    lead(&zoho).await;
    assert_eq!(zoho.credits_spent() - before, 3 + 1);
    tokio::time::advance(Duration::from_secs(25 * 3_600)).await;
    assert_eq!(zoho.credits_spent(), 0);
}

#[tokio::test(start_paused = true)]
async fn calls_pause_at_a_part_of_the_credits_and_learn_what_others_spend() {
    let script = Script::new(|_, before| match before {
        // Half of 200 is used, says Zoho, though we used 3: other programs do.
        2 => say(200, json!({"data": []})).header("x-api-credits-remaining", "100"),
        _ => say(200, json!({"data": []})),
    });
    let zoho = script.builder().crm_credits(200).pause_at(60).build().unwrap();
    let started = Instant::now();
    for _ in 0..23 {
        lead(&zoho).await;
    }
    assert!(started.elapsed() < Duration::from_secs(2));
    assert_eq!(zoho.credits_spent(), 120);
    let given_up = tokio::time::timeout(Duration::from_secs(3_600), lead(&zoho)).await;
    assert!(given_up.is_err());
    assert_eq!(zoho.credits_spent(), 120, "who gives up spends nothing");
    lead(&zoho).await;
    let hours = started.elapsed().as_secs_f64() / 3_600.0;
    assert!((24.0..24.1).contains(&hours), "{hours} h");
    for builder in [
        script.builder().pause_at(0),
        script.builder().pause_at(101),
        script.builder().crm_credits(0),
        script.builder().books_per_minute(0),
        script.builder().books_concurrency(0),
    ] {
        assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::Config);
    }
}

#[tokio::test(start_paused = true)]
async fn books_calls_pause_at_a_part_of_the_day_until_it_ends() {
    let script = Script::new(|_, before| {
        let (remaining, reset) = match before {
            0..21 => (40 - before, 7_200),
            _ => (1_000 - before, 86_400),
        };
        say(200, json!({"code": 0}))
            .header("X-Rate-Limit-Limit", "100")
            .header("X-Rate-Limit-Remaining", &remaining.to_string())
            .header("X-Rate-Limit-Reset", &reset.to_string())
    });
    let zoho = script.builder().pause_at(80).build().unwrap();
    let started = Instant::now();
    for _ in 0..21 {
        list(&zoho).await;
    }
    assert!(
        started.elapsed() < Duration::from_secs(2),
        "80 of 100 are used now, not before"
    );
    list(&zoho).await;
    assert!(
        (7_200..7_202).contains(&started.elapsed().as_secs()),
        "{:?}",
        started.elapsed()
    );
    for _ in 0..5 {
        list(&zoho).await;
    }
    assert!(
        started.elapsed() < Duration::from_secs(7_203),
        "the new day has calls again"
    );
}

#[tokio::test(start_paused = true)]
async fn connections_that_share_limits_count_together() {
    let meter = Meter::new(vec![(0, 1_000)]);
    let one = meter.builder().concurrency(3).build().unwrap();
    let other = meter
        .builder()
        .connection("other")
        .share_limits(&one)
        .build()
        .unwrap();
    tokio::join!(arrive(&one, &[0; 10], lead), arrive(&other, &[0; 10], lead));
    assert_eq!(meter.most_at_once(), 3);
    assert_eq!(one.credits_spent(), 20);
}
