//! Limits that the processes of a store keep together.
//!
//! For each limit the store has a page: what each process holds of it, who waits, and what was spent
//! and counts still. A process takes a part by compare and swap, uses it without asking, and says
//! every second that it lives; what a dead process held is free again when its term is over. So no
//! two processes use the same part, whatever happens to either.

mod page;
mod pool;

use std::sync::Arc;
use std::time::Duration;

use self::pool::{Held, Pool, instant};
use super::daily::{Daily, Day};
use super::{Rules, SUB_CONCURRENCY};
use crate::clock::{self, Clock};
use crate::error::Result;
use crate::pipeline::operation::Product;
use crate::store::StateStore;

const FORMAT: u32 = 1;

/// Milliseconds by which the clocks of two processes may differ.
const SKEW: i64 = 1_000;

/// Where limits are kept, and under which name this process takes its parts.
#[derive(Clone, Debug)]
pub(crate) struct Shelf {
    pub(crate) store: Arc<dyn StateStore>,
    pub(crate) clock: Arc<dyn Clock>,
    /// The name of the connection, for organizations that no request names.
    pub(crate) connection: Arc<str>,
    /// No other client has it.
    pub(crate) holder: Arc<str>,
}

/// How a limit is kept.
#[derive(Clone, Copy, Debug)]
struct Terms {
    /// Milliseconds that a unit counts after the call; none for calls at once.
    span: i64,
    /// Milliseconds after which a process that says nothing is dead.
    term: i64,
    /// How often a process looks whether others wait, and the longest time between two looks of one
    /// that waits itself.
    beat: Duration,
    look: Duration,
    /// Units that are taken beyond what is waited for.
    ahead: u64,
}

impl Terms {
    const MINUTE: Self = Self {
        span: 60_000,
        term: 20_000,
        beat: Duration::from_secs(1),
        look: Duration::from_secs(1),
        ahead: 0,
    };

    const AT_ONCE: Self = Self {
        span: 0,
        look: Duration::from_millis(250),
        ..Self::MINUTE
    };

    /// A day's limit: a hundredth of it is taken at a time.
    fn day(limit: u64) -> Self {
        Self {
            span: 24 * 60 * 60 * 1_000,
            term: 120_000,
            beat: Duration::from_secs(10),
            look: Duration::from_secs(30),
            ahead: limit / 100,
        }
    }
}

/// The shared limits of one organization.
#[derive(Debug)]
pub(super) struct Shared {
    clock: Arc<dyn Clock>,
    slots: Pool,
    heavy: Pool,
    minute: Option<Pool>,
    credits: Option<Pool>,
}

/// What one call takes of them.
#[derive(Debug)]
pub(super) struct Taken(Vec<Held>);

impl Shared {
    pub(super) fn new(shelf: &Shelf, product: Product, organization: Option<&str>, rules: &Rules) -> Self {
        let place = match (product, organization) {
            (Product::Crm, None) => format!("budget/crm/connection/{}", shelf.connection),
            (Product::Crm, Some(organization)) => format!("budget/crm/{organization}"),
            (Product::Books, None) => format!("budget/books/connection/{}", shelf.connection),
            (Product::Books, Some(organization)) => format!("budget/books/{organization}"),
        };
        let pool =
            |what: &str, limit: u64, terms| Pool::new(shelf.clone(), format!("{place}/{what}"), limit, terms);
        let (at_once, minute, allowance) = match product {
            Product::Crm => (rules.crm, None, rules.allowance),
            Product::Books => (rules.books, Some(rules.books_per_minute), None),
        };
        let spendable = allowance.map(super::Allowance::spendable);
        Self {
            clock: Arc::clone(&shelf.clock),
            slots: pool("at-once", at_once as u64, Terms::AT_ONCE),
            heavy: pool("heavy", SUB_CONCURRENCY as u64, Terms::AT_ONCE),
            minute: minute.map(|calls| pool("minute", calls as u64, Terms::MINUTE)),
            credits: spendable.map(|credits| pool("credits", credits, Terms::day(credits))),
        }
    }

    /// Takes what a call needs, once there is so much.
    pub(super) async fn take(&self, credits: u64, is_heavy: bool) -> Result<Taken> {
        let mut taken = Vec::with_capacity(3);
        if let Some(pool) = self.credits.as_ref().filter(|_| credits > 0) {
            taken.push(pool.take(credits).await?);
        }
        if let Some(pool) = &self.minute {
            taken.push(pool.take(1).await?);
        }
        if is_heavy {
            taken.push(self.heavy.take(1).await?);
        }
        taken.push(self.slots.take(1).await?);
        Ok(Taken(taken))
    }

    /// How many calls may be under way, from now on.
    pub(super) fn resize(&self, calls: usize) {
        self.slots.resize(calls as u64);
    }

    /// Notes how many credits Zoho says were spent.
    pub(super) fn report(&self, spent: u64) {
        if let Some(pool) = &self.credits {
            pool.report(spent);
        }
    }

    /// Notes what an answer of Books says of the day.
    pub(super) fn note_day(&self, daily: &Daily) {
        if let Some(pool) = &self.minute {
            pool.note_day(daily.at(clock::moment(), self.clock.now()));
        }
    }

    /// What the processes know of the day.
    pub(super) fn day(&self) -> Option<Daily> {
        let day: Day = self.minute.as_ref()?.day()?;
        let left = instant(day.ends).duration_since(self.clock.now());
        let ends = clock::moment().checked_add(Duration::try_from(left).ok()?)?;
        Some(Daily::of(day, ends))
    }
}

impl Taken {
    /// Says that the call is sent now.
    pub(super) fn sent(&mut self) {
        self.0.iter_mut().for_each(Held::sent);
    }
}
