//! CRM's credits: what a call costs, what was spent in the last 24 hours, and when to pause.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::header_number;
use crate::clock;
use crate::pipeline::operation::Credits;
use crate::pipeline::request::{Payload, Request};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What is spent within a minute stands in one entry, so that a busy day stays small.
const MINUTE: Duration = Duration::from_secs(60);

/// The rows that a query gives when it does not say how many.
const ROWS: u32 = 200;

/// What an organization may spend in any 24 hours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    /// Zoho's number for the edition and its users.
    pub(crate) daily: u32,
    /// The part of it, in percent, at which calls wait.
    pub(crate) pause_at: u8,
}

impl Allowance {
    pub(super) fn spendable(self) -> u64 {
        u64::from(self.daily) * u64::from(self.pause_at) / 100
    }
}

/// What one organization spent.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    allowance: Option<Allowance>,
    turn: tokio::sync::Mutex<()>,
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    spent: u64,
    /// Until when each amount counts, the earliest first.
    entries: VecDeque<(Instant, u64)>,
}

/// Credits that a call takes; given back when it is dropped unsent.
#[derive(Debug)]
pub(super) struct Spending {
    ledger: Arc<Ledger>,
    credits: u32,
    sent: bool,
}

impl Ledger {
    pub(super) fn new(allowance: Option<Allowance>) -> Arc<Self> {
        Arc::new(Self {
            allowance,
            ..Self::default()
        })
    }

    /// What was spent in the last 24 hours.
    pub(super) fn spent(&self) -> u64 {
        let mut book = self.book.lock();
        book.forget();
        book.spent
    }

    /// What is left to spend, where an allowance is known.
    pub(super) fn left(&self) -> Option<u64> {
        let spendable = self.allowance?.spendable();
        Some(spendable.saturating_sub(self.spent()))
    }

    /// Takes credits, once the allowance has them. A call that costs more than all of it goes when
    /// nothing else is spent.
    pub(super) async fn spend(self: &Arc<Self>, credits: u32) -> Spending {
        let _turn = self.turn.lock().await;
        loop {
            let wait = {
                let mut book = self.book.lock();
                book.forget();
                let over = |allowance: Allowance| {
                    let after = book.spent + u64::from(credits);
                    after.saturating_sub(allowance.spendable())
                };
                match self.allowance.map_or(0, over) {
                    over if over == 0 || book.spent == 0 => {
                        book.add(u64::from(credits));
                        None
                    }
                    over => book.when_free(over),
                }
            };
            match wait {
                Some(until) => tokio::time::sleep_until(until).await,
                None => break,
            }
        }
        Spending {
            ledger: Arc::clone(self),
            credits,
            sent: false,
        }
    }

    /// Zoho says what is left once half of the allowance is spent: by other programs too.
    /// What was spent in all, when the answer says it.
    pub(super) fn learn(&self, headers: &HeaderMap) -> Option<u64> {
        let left = header_number(headers, "x-api-credits-remaining")?;
        let allowance = self.allowance?;
        let spent = u64::from(allowance.daily).saturating_sub(left);
        let mut book = self.book.lock();
        book.forget();
        let unknown = spent.saturating_sub(book.spent);
        if unknown > 0 {
            tracing::debug!(unknown, "other programs spend credits too");
            book.add(unknown);
        }
        Some(spent)
    }
}

impl Book {
    fn forget(&mut self) {
        let now = clock::moment();
        while let Some((until, credits)) = self.entries.front().copied()
            && until <= now
        {
            self.entries.pop_front();
            self.spent = self.spent.saturating_sub(credits);
        }
    }

    fn add(&mut self, credits: u64) {
        self.spent += credits;
        let now = clock::moment();
        let Some(until) = now.checked_add(DAY) else {
            return;
        };
        match self.entries.back_mut() {
            Some((last, amount)) if until <= *last => *amount += credits,
            // It counts until the last of its minute is a day old.
            _ => self.entries.push_back((until + MINUTE, credits)),
        }
    }

    fn take_back(&mut self, credits: u64) {
        if let Some((_, amount)) = self.entries.back_mut() {
            let credits = credits.min(*amount);
            *amount -= credits;
            self.spent = self.spent.saturating_sub(credits);
        }
    }

    /// When so much of what was spent does not count any more.
    fn when_free(&self, credits: u64) -> Option<Instant> {
        let mut freed = 0;
        let enough = |(_, amount): &&(Instant, u64)| {
            freed += amount;
            freed >= credits
        };
        self.entries
            .iter()
            .find(enough)
            .or(self.entries.back())
            .map(|(until, _)| *until)
    }
}

impl Spending {
    pub(super) fn sent(&mut self) {
        self.sent = true;
    }
}

impl Drop for Spending {
    fn drop(&mut self) {
        if !self.sent {
            self.ledger.book.lock().take_back(u64::from(self.credits));
        }
    }
}

/// What a call costs, by the table. A call that the table does not know costs one.
pub(crate) fn cost(request: &Request) -> u32 {
    let Some(operation) = request.operation else {
        return 1;
    };
    match operation.credits {
        Credits::Fixed(credits) => credits,
        Credits::PerItems(group) => {
            let items = u32::try_from(request.items).unwrap_or(u32::MAX);
            items.div_ceil(group.max(1)).max(1)
        }
        Credits::ByRows(table) => {
            let rows = rows(request);
            let row = table.iter().find(|(up_to, _)| rows <= *up_to).or(table.last());
            row.map_or(1, |(_, credits)| *credits)
        }
        Credits::With {
            base,
            parameter,
            credits,
        } => match request.query.iter().any(|(name, _)| name == parameter) {
            true => credits,
            false => base,
        },
    }
}

/// How many rows a query asks for: `limit 100`, `limit 100 offset 50`, `limit 50, 100`.
fn rows(request: &Request) -> u32 {
    let Payload::Bytes(_, bytes) = &request.payload else {
        return ROWS;
    };
    let body: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
    let query = body.as_ref().and_then(|body| body.get("select_query")?.as_str());
    let query = query.unwrap_or_default().to_ascii_lowercase();
    let Some((_, limit)) = query.rsplit_once(" limit ") else {
        return ROWS;
    };
    let mut numbers = limit.split([',', ' ']).filter(|part| !part.is_empty());
    let first = numbers.next().and_then(|number| number.parse().ok());
    let second = limit.contains(',').then(|| numbers.next()).flatten();
    second
        .and_then(|number| number.parse().ok())
        .or(first)
        .unwrap_or(ROWS)
}
