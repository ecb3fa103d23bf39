//! What was asked and how it was answered.

mod contents;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};

use http::request::Parts;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use serde::Serialize;

use contents::Contents;
pub(crate) use contents::{Content, Message};

use crate::masking;
use crate::pieces::Pieces;

/// Exchanges that are kept; the counts go on for ever.
const KEPT: usize = 100_000;

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
    /// The query string as it came, but for secrets: of these the end is left.
    pub query: String,
    /// The status of the answer; `None` when none was sent.
    pub status: Option<u16>,
    /// Whether a scripted fault changed the exchange.
    pub faulted: bool,
    /// What a careful client would not have sent; empty unless the mock is strict.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub careless: Vec<String>,
}

/// An exchange as it is kept: path and query in one piece of memory.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) number: u64,
    time: Timestamp,
    pub(crate) product: &'static str,
    pub(crate) operation: &'static str,
    method: Method,
    target: Box<str>,
    /// Where the path ends.
    path: usize,
    pub(crate) status: Option<u16>,
    pub(crate) faulted: bool,
    pub(crate) careless: Vec<String>,
}

impl Entry {
    /// A request that has just come, for an operation of a product.
    pub(crate) fn new(
        time: Timestamp,
        (product, operation): (&'static str, &'static str),
        parts: &Parts,
    ) -> Self {
        let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
        let mut target = String::with_capacity(path.len() + query.len());
        target.push_str(path);
        target.push_str(query);
        Self {
            number: 0,
            time,
            product,
            operation,
            method: parts.method.clone(),
            path: path.len(),
            target: target.into_boxed_str(),
            status: None,
            faulted: false,
            careless: Vec::new(),
        }
    }

    pub(crate) fn method(&self) -> &str {
        self.method.as_str()
    }

    pub(crate) fn path(&self) -> &str {
        self.target.get(..self.path).unwrap_or_default()
    }

    pub(crate) fn query(&self) -> &str {
        self.target.get(self.path..).unwrap_or_default()
    }

    /// The exchange as others see it.
    pub(crate) fn exchange(&self) -> Exchange {
        Exchange {
            number: self.number,
            time: self.time,
            product: self.product,
            operation: self.operation,
            method: self.method().to_owned(),
            path: self.path().to_owned(),
            // Some programs send secrets in the address; here they are not needed.
            query: masking::secrets().query(self.query()),
            status: self.status,
            faulted: self.faulted,
            careless: self.careless.clone(),
        }
    }
}

/// All exchanges, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Book {
    last: u64,
    kept: VecDeque<Entry>,
    counts: BTreeMap<&'static str, u64>,
    contents: Contents,
}

impl Book {
    /// Notes a request and returns its number.
    pub(crate) fn open(&mut self, entry: Entry) -> u64 {
        self.last += 1;
        *self.counts.entry(entry.operation).or_default() += 1;
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(Entry {
            number: self.last,
            ..entry
        });
        self.last
    }

    /// Notes how a request was answered.
    pub(crate) fn close(&mut self, number: u64, status: Option<u16>) {
        let first = self.kept.front().map_or(0, |exchange| exchange.number);
        let at = number.checked_sub(first).and_then(|at| usize::try_from(at).ok());
        if let Some(exchange) = at.and_then(|at| self.kept.get_mut(at)) {
            exchange.status = status;
        }
    }

    /// Notes what was sent both ways.
    pub(crate) fn keep(
        &mut self,
        number: u64,
        parts: &Parts,
        body: &[u8],
        response: Option<(&HeaderMap, &Pieces)>,
    ) {
        self.contents.keep(number, parts, body, response);
    }

    /// The exchanges that are kept, oldest first.
    pub(crate) fn exchanges(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.kept.iter()
    }

    /// An exchange by its number.
    pub(crate) fn exchange(&self, number: u64) -> Option<&Entry> {
        let first = self.kept.front()?.number;
        let at = usize::try_from(number.checked_sub(first)?).ok()?;
        self.kept.get(at)
    }

    /// What was sent in an exchange, as long as it is kept.
    pub(crate) fn content(&self, number: u64) -> Option<Content<'_>> {
        self.contents.get(number)
    }

    /// The number of the latest exchange.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// How many exchanges were dropped to make room.
    pub(crate) fn dropped(&self) -> u64 {
        self.last - self.kept.len() as u64
    }

    /// Of how many exchanges that are kept the contents were dropped.
    pub(crate) fn contents_dropped(&self) -> u64 {
        let first = self.kept.front().map_or(0, |exchange| exchange.number);
        self.contents.first().map_or(0, |kept| kept.saturating_sub(first))
    }

    pub(crate) fn journal(&self) -> Journal {
        Journal {
            exchanges: self.kept.iter().map(Entry::exchange).collect(),
            counts: self.counts.clone(),
            dropped: self.dropped(),
        }
    }
}

/// A copy of the journal: the last 100,000 exchanges, and how often each operation was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Journal {
    exchanges: Vec<Exchange>,
    counts: BTreeMap<&'static str, u64>,
    dropped: u64,
}

impl Journal {
    /// How many exchanges are not in it any more.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

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
