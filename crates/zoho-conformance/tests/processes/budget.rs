//! Processes that share a store keep to Zoho's limits together, also when one of them is killed.
#![allow(clippy::unwrap_used, reason = "a panic is the verdict of a test")]

use std::time::Duration;

use zoho_conformance::postgres::Postgres;
use zoho_mock::{Edition, MockBuilder, MockZoho};

use crate::worker::Worker;

/// Calls of each process.
const LEADS: usize = 80;
const INVOICES: usize = 8;
/// Books calls in a minute: fewer than the processes make.
pub(crate) const MINUTE: u32 = 20;

/// Hears that all calls succeeded: nobody was refused, though nobody tries twice.
fn finish(workers: Vec<Worker>, times: usize) {
    for mut worker in workers {
        assert_eq!(worker.hear(), times.to_string());
        worker.dismiss();
    }
}

async fn mock(builder: MockBuilder) -> MockZoho {
    builder.start_now().start().await.unwrap()
}

/// Five CRM calls at once, and one process of four that is killed amid its calls.
async fn slots(place: &str) {
    let builder = MockZoho::builder().edition(Edition::Free).crm_credits(u32::MAX);
    let mock = mock(builder.latency(Duration::from_millis(40))).await;
    let mut workers = Worker::several(3, "leads", place, LEADS, &mock);
    let mut victim = Worker::start("leads", place, 100_000, &mock);
    victim.order("go");
    let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
    while mock.journal().count("list_records") < 40 {
        assert!(tokio::time::Instant::now() < deadline, "no calls came");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    workers.iter_mut().for_each(|worker| worker.order("go"));
    tokio::time::sleep(Duration::from_millis(500)).await;
    victim.kill();
    tokio::task::spawn_blocking(|| finish(workers, LEADS))
        .await
        .unwrap();
}

/// More Books calls than a minute takes.
async fn minute(place: &str) {
    let mock = mock(MockZoho::builder().books_per_minute(Some(MINUTE))).await;
    let mut workers = Worker::several(3, "invoices", place, INVOICES, &mock);
    workers.iter_mut().for_each(|worker| worker.order("go"));
    tokio::task::spawn_blocking(|| finish(workers, INVOICES))
        .await
        .unwrap();
}

/// Each world has a store of its own, because tokens of one are none in the other.
fn play(places: [String; 2]) {
    // The server runs on threads of its own while this one listens to the processes.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let [one, other] = places;
    runtime.unwrap().block_on(async {
        tokio::join!(slots(&one), minute(&other));
    });
}

#[test]
fn processes_that_share_a_file_share_the_limits() {
    let folder = tempfile::tempdir().unwrap();
    play(["one.db", "other.db"].map(|name| folder.path().join(name).to_str().unwrap().to_owned()));
}

#[test]
fn processes_that_share_a_database_share_the_limits() {
    if let Some(server) = Postgres::start("budget::processes_that_share_a_database_share_the_limits") {
        play(["one", "other"].map(|name| server.database(name)));
    }
}
