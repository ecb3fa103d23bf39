//! A thousand calls in four processes that share a store cause one token request at each expiry.
#![allow(clippy::unwrap_used, reason = "a panic is the verdict of a test")]

use std::path::Path;
use std::time::Duration;

use zoho_conformance::postgres::Postgres;
use zoho_mock::MockZoho;

use crate::worker::Worker;

const CALLS: usize = 250;

/// Plays three expiries in four processes on one store.
async fn one_request_each(place: &str) {
    let mock = MockZoho::start().await.unwrap();
    let mut workers = Worker::several(4, "call", place, CALLS, &mock);
    let mut later = 0;
    for expiry in 1..=3 {
        for worker in &mut workers {
            worker.order(&later.to_string());
        }
        for worker in &mut workers {
            assert_eq!(worker.hear(), CALLS.to_string());
        }
        assert_eq!(mock.journal().count("token"), expiry);
        match expiry {
            1 => {
                // The token lives out its hour.
                later += 3_600;
                mock.advance(Duration::from_secs(3_600));
            }
            // The server forgets it early: the first to be refused asks for all.
            _ => mock.expire_access_tokens(),
        }
    }
    workers.into_iter().for_each(Worker::dismiss);
}

fn play(place: &str) {
    // The server runs on threads of its own while this one listens to the processes.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.unwrap().block_on(one_request_each(place));
}

#[test]
fn processes_that_share_a_file_ask_once() {
    let folder = tempfile::tempdir().unwrap();
    let path: &Path = &folder.path().join("zoho.db");
    play(path.to_str().unwrap());
}

#[test]
fn processes_that_share_a_database_ask_once() {
    if let Some(server) = Postgres::start("tokens::processes_that_share_a_database_ask_once") {
        play(&server.database("tokens"));
    }
}
