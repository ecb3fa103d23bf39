//! The program `store-worker` as a child that is told what to do, line by line.
#![allow(clippy::unwrap_used, reason = "a panic is the verdict of a test")]

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use zoho_mock::MockZoho;

use crate::budget::MINUTE;

/// A process that shares a store and a Zoho with others.
pub(crate) struct Worker {
    child: Child,
    orders: ChildStdin,
    told: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    /// Starts one that will make so many calls at once, and waits until it is connected.
    pub(crate) fn start(job: &str, place: &str, calls: usize, mock: &MockZoho) -> Self {
        let mut worker = Self::spawn(job, place, calls, mock);
        assert_eq!(worker.hear(), "ready");
        worker
    }

    /// Starts several of them side by side.
    pub(crate) fn several(number: usize, job: &str, place: &str, calls: usize, mock: &MockZoho) -> Vec<Self> {
        let mut workers: Vec<Self> = (0..number)
            .map(|_| Self::spawn(job, place, calls, mock))
            .collect();
        for worker in &mut workers {
            assert_eq!(worker.hear(), "ready");
        }
        workers
    }

    fn spawn(job: &str, place: &str, calls: usize, mock: &MockZoho) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_store-worker"))
            .args([job, place, &calls.to_string()])
            .env("ZOHO_BASE_URL", mock.base_url())
            .env("ZOHO_CLIENT_ID", mock.client_id())
            .env("ZOHO_CLIENT_SECRET", mock.client_secret())
            .env("ZOHO_REFRESH_TOKEN", mock.refresh_token())
            .env("ZOHO_ORGANIZATION", mock.organization_id())
            .env("ZOHO_BOOKS_PER_MINUTE", MINUTE.to_string())
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

    /// Gives an order, which some jobs read a number from.
    pub(crate) fn order(&mut self, line: &str) {
        writeln!(self.orders, "{line}").unwrap();
    }

    /// The next line that it prints.
    pub(crate) fn hear(&mut self) -> String {
        self.told.next().unwrap().unwrap()
    }

    /// Ends its orders and sees it end well.
    pub(crate) fn dismiss(self) {
        let Self {
            mut child, orders, ..
        } = self;
        drop(orders);
        assert!(child.wait().unwrap().success());
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
