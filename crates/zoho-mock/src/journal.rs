//! What was asked and how it was answered.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::Serialize;

/// Exchanges kept in full; the counts go on for ever.
const KEPT: usize = 10_000;

/// One exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Exchange {
    /// Its number, from 1.
    pub number: u64,
    /// When the request arrived, by the mock's clock.
    pub time: Timestamp,
    /// `crm`, `books` or `accounts`.
    pub product: &'static str,
    /// The operation id; `unknown` when the path leads nowhere.
    pub operation: &'static str,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query string as it came.
    pub query: String,
    /// The status of the answer; `None` when none was sent.
    pub status: Option<u16>,
    /// Whether a scripted fault changed the exchange.
    pub faulted: bool,
    /// What a careful client would not have sent; empty unless the mock is strict.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub careless: Vec<String>,
}

/// All exchanges, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Book {
    last: u64,
    kept: VecDeque<Exchange>,
    counts: BTreeMap<&'static str, u64>,
}

impl Book {
    /// Notes a request and returns its number.
    pub(crate) fn open(&mut self, exchange: Exchange) -> u64 {
        self.last += 1;
        *self.counts.entry(exchange.operation).or_default() += 1;
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(Exchange {
            number: self.last,
            ..exchange
        });
        self.last
    }

    /// Notes how a request was answered.
    pub(crate) fn close(&mut self, number: u64, status: Option<u16>) {
        // Requests end roughly in the order they came, so the entry is near the end.
        if let Some(exchange) = self
            .kept
            .iter_mut()
            .rev()
            .find(|exchange| exchange.number == number)
        {
            exchange.status = status;
        }
    }

    pub(crate) fn journal(&self) -> Journal {
        Journal {
            exchanges: self.kept.iter().cloned().collect(),
            counts: self.counts.clone(),
        }
    }
}

/// A copy of the journal: the last 10,000 exchanges, and how often each operation was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Journal {
    exchanges: Vec<Exchange>,
    counts: BTreeMap<&'static str, u64>,
}

impl Journal {
    /// The exchanges, oldest first.
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }

    /// The exchanges of one operation, oldest first.
    pub fn of<'a>(&'a self, operation: &'a str) -> impl Iterator<Item = &'a Exchange> {
        self.exchanges
            .iter()
            .filter(move |exchange| exchange.operation == operation)
    }

    /// How often an operation was asked for since the start or the last reset.
    pub fn count(&self, operation: &str) -> u64 {
        self.counts.get(operation).copied().unwrap_or_default()
    }

    /// How often each operation was asked for.
    pub fn counts(&self) -> &BTreeMap<&'static str, u64> {
        &self.counts
    }
}
