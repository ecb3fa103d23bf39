//! A thousand calls in four processes that share a store cause one token request at each expiry.
#![allow(clippy::unwrap_used, reason = "a panic is the verdict of a test")]

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use zoho_conformance::postgres::Postgres;
use zoho_mock::MockZoho;

const CALLS: usize = 250;

/// One of the processes.
struct Worker {
    child: Child,
    orders: ChildStdin,
    told: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    fn start(place: &str, mock: &MockZoho) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_store-worker"))
            .args(["call", place, &CALLS.to_string()])
            .env("ZOHO_BASE_URL", mock.base_url())
            .env("ZOHO_CLIENT_ID", mock.client_id())
            .env("ZOHO_CLIENT_SECRET", mock.client_secret())
            .env("ZOHO_REFRESH_TOKEN", mock.refresh_token())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            orders: child.stdin.take().unwrap(),
            told: BufReader::new(child.stdout.take().unwrap()).lines(),
            child,
        }
    }

    fn hear(&mut self) -> String {
        self.told.next().unwrap().unwrap()
    }
}

/// Plays three expiries in four processes on one store.
async fn one_request_each(place: &str) {
    let mock = MockZoho::start().await.unwrap();
    let mut workers: Vec<Worker> = (0..4).map(|_| Worker::start(place, &mock)).collect();
    for worker in &mut workers {
        assert_eq!(worker.hear(), "ready");
    }
    let mut later = 0;
    for expiry in 1..=3 {
        for worker in &mut workers {
            writeln!(worker.orders, "{later}").unwrap();
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
    for worker in workers {
        let Worker {
            mut child, orders, ..
        } = worker;
        drop(orders);
        assert!(child.wait().unwrap().success());
    }
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
    if let Some(server) = Postgres::start("token_processes::processes_that_share_a_database_ask_once") {
        play(&server.database("tokens"));
    }
}
