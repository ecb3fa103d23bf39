//! Zoho's limits, kept to before a call is sent: calls at once, calls a minute, credits, daily calls,
//! and the pause that a `Retry-After` puts on all of them.

mod credits;
mod daily;
mod gate;
mod shared;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use parking_lot::Mutex;
use tokio::time::Instant;

pub(crate) use self::credits::Allowance;
pub(crate) use self::credits::cost;
use self::credits::{Ledger, Spending};
use self::daily::Daily;
use self::gate::{Gate, Slot};
pub(crate) use self::shared::Shelf;
use self::shared::{Shared, Taken};
use super::operation::Product;
use super::request::Request;
use crate::clock;
use crate::error::Result;

/// Slots that heavy CRM calls share in every edition.
const SUB_CONCURRENCY: usize = 10;

const MINUTE: Duration = Duration::from_secs(60);

/// Waits shorter than this are not told.
const NOTICEABLE: Duration = Duration::from_millis(1);

/// What an organization may do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// CRM calls at once.
    pub(crate) crm: usize,
    /// Books calls at once.
    pub(crate) books: usize,
    /// Books calls in any minute.
    pub(crate) books_per_minute: usize,
    /// CRM's credits, when they are known.
    pub(crate) allowance: Option<Allowance>,
    /// The part of Books' daily calls, in percent, at which calls wait.
    pub(crate) pause_books_at: Option<u8>,
}

/// The limits of the organizations that one client, or several that share them, speak to.
#[derive(Debug)]
pub(crate) struct Limits {
    rules: Rules,
    /// Where other processes keep to the same limits.
    shelf: Option<Shelf>,
    organizations: Mutex<HashMap<Key, Arc<Organization>>>,
}

/// CRM by its `X-CRM-ORG`, Books by its organization id.
type Key = (Product, Option<String>);

#[derive(Debug)]
struct Organization {
    slots: Arc<Gate>,
    heavy: Arc<Gate>,
    minute: Option<Arc<Gate>>,
    credits: Option<Arc<Ledger>>,
    daily: Mutex<Option<Daily>>,
    paused_until: Mutex<Option<Instant>>,
    shared: Option<Shared>,
}

/// The right to make one call; it ends when dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    organization: Arc<Organization>,
    slot: Slot,
    heavy: Option<Slot>,
    minute: Option<Slot>,
    spending: Option<Spending>,
    taken: Option<Taken>,
}

impl Limits {
    pub(crate) fn new(rules: Rules, shelf: Option<Shelf>) -> Self {
        Self {
            rules,
            shelf,
            organizations: Mutex::default(),
        }
    }

    fn organization(&self, key: Key) -> Arc<Organization> {
        let (product, name) = key.clone();
        let new = || {
            let shelf = self.shelf.as_ref();
            let shared = shelf.map(|shelf| Shared::new(shelf, product, name.as_deref(), &self.rules));
            Arc::new(Organization::new(product, &self.rules, shared))
        };
        self.organizations.lock().entry(key).or_insert_with(new).clone()
    }

    /// Waits until the call may start. Dropping it leaves all lines.
    ///
    /// # Errors
    /// The store in which processes share the limits failed.
    pub(crate) async fn enter(&self, request: &Request) -> Result<Permit> {
        let organization = self.organization(key(request));
        let (credits, is_heavy) = (cost(request), is_heavy(request));
        organization.pause().await;
        if let Some(percent) = self.rules.pause_books_at {
            organization.day(percent).await;
        }
        let spending = match &organization.credits {
            Some(ledger) => Some(told("credits", ledger.spend(credits)).await),
            None => None,
        };
        let minute = match &organization.minute {
            Some(gate) => Some(told("calls per minute", gate.enter()).await),
            None => None,
        };
        let heavy = match is_heavy {
            true => Some(told("heavy calls at once", organization.heavy.enter()).await),
            false => None,
        };
        let slot = told("calls at once", organization.slots.enter()).await;
        // Last, so that what other processes could use is not held while this one waits for itself.
        let taken = match &organization.shared {
            Some(shared) => {
                let taken = shared.take(credits.into(), is_heavy);
                Some(told("other processes", taken).await?)
            }
            None => None,
        };
        // A `Retry-After` may have come while the call stood in line.
        organization.pause().await;
        Ok(Permit {
            organization,
            slot,
            heavy,
            minute,
            spending,
            taken,
        })
    }

    /// Holds back all calls of the organization: the server named a time.
    pub(crate) fn pause(&self, request: &Request, wait: Duration) {
        let organization = self.organization(key(request));
        let Some(until) = clock::moment().checked_add(wait) else {
            return;
        };
        let mut paused = organization.paused_until.lock();
        if paused.is_none_or(|before| before < until) {
            *paused = Some(until);
        }
    }

    /// How many CRM calls the organization of the token may have under way, from now on.
    pub(crate) fn resize_crm(&self, calls: usize) {
        let organization = self.organization((Product::Crm, None));
        organization.slots.resize(calls);
        if let Some(shared) = &organization.shared {
            shared.resize(calls);
        }
    }

    /// What the organization of a request may do: calls at once, heavy ones at once, and the credits that are left where
    /// the day's number is known.
    pub(crate) fn room(&self, request: &Request) -> (usize, usize, Option<u64>) {
        let organization = self.organization(key(request));
        let left = organization.credits.as_ref().and_then(|ledger| ledger.left());
        (organization.slots.limit(), organization.heavy.limit(), left)
    }

    /// The credits that calls to CRM took in the last 24 hours.
    pub(crate) fn credits_spent(&self) -> u64 {
        let organizations: Vec<_> = self.organizations.lock().values().cloned().collect();
        let ledgers = organizations
            .iter()
            .filter_map(|organization| organization.credits.as_ref());
        ledgers.map(|ledger| ledger.spent()).sum()
    }
}

impl Organization {
    fn new(product: Product, rules: &Rules, shared: Option<Shared>) -> Self {
        let (at_once, minute, credits) = match product {
            Product::Crm => (rules.crm, None, Some(Ledger::new(rules.allowance))),
            Product::Books => (
                rules.books,
                Some(Gate::within(rules.books_per_minute, MINUTE)),
                None,
            ),
        };
        Self {
            slots: Gate::at_once(at_once),
            heavy: Gate::at_once(SUB_CONCURRENCY),
            minute,
            credits,
            daily: Mutex::default(),
            paused_until: Mutex::default(),
            shared,
        }
    }

    /// Waits until no `Retry-After` stands.
    async fn pause(&self) {
        let standing = || self.paused_until.lock().filter(|until| *until > clock::moment());
        while let Some(until) = standing() {
            told("retry-after", tokio::time::sleep_until(until)).await;
        }
    }

    /// Waits until the day's calls are not used up to so many percent, and counts one.
    async fn day(&self, percent: u8) {
        loop {
            if let Some(known) = self.shared.as_ref().and_then(Shared::day) {
                let mut daily = self.daily.lock();
                *daily = Some(known.after(*daily));
            }
            let until = match self.daily.lock().as_mut() {
                None => return,
                Some(daily) => match daily.pause(percent) {
                    None => return daily.count(),
                    Some(until) => until,
                },
            };
            told("daily calls", tokio::time::sleep_until(until)).await;
            // What the headers said is over; the next answer says what is new.
            self.daily.lock().take_if(|daily| daily.pause(percent).is_none());
        }
    }
}

impl Permit {
    /// Says that the call is sent now: from here on it counts.
    pub(crate) fn sent(&mut self) {
        let slots = [Some(&mut self.slot), self.heavy.as_mut(), self.minute.as_mut()];
        slots.into_iter().flatten().for_each(Slot::sent);
        if let Some(spending) = &mut self.spending {
            spending.sent();
        }
        if let Some(taken) = &mut self.taken {
            taken.sent();
        }
    }

    /// Takes note of what the answer's headers say.
    pub(crate) fn learn(&self, headers: &HeaderMap) {
        match &self.organization.credits {
            Some(ledger) => {
                let spent = ledger.learn(headers);
                if let (Some(shared), Some(spent)) = (&self.organization.shared, spent) {
                    shared.report(spent);
                }
            }
            None => {
                if let Some(report) = Daily::read(headers) {
                    if let Some(shared) = &self.organization.shared {
                        shared.note_day(&report);
                    }
                    let mut daily = self.organization.daily.lock();
                    *daily = Some(report.after(*daily));
                }
            }
        }
    }
}

/// Waits for something, and tells what was waited for and how long, also when the caller gives up.
async fn told<T>(reason: &'static str, wait: impl Future<Output = T>) -> T {
    struct Waiting(&'static str, Instant, bool);

    impl Drop for Waiting {
        fn drop(&mut self) {
            let Self(reason, started, given_up) = *self;
            let waited = clock::since(started);
            if waited >= NOTICEABLE {
                let waited_ms = waited.as_millis();
                tracing::info!(reason, waited_ms, given_up, "waited for a limit");
            }
        }
    }

    let mut waiting = Waiting(reason, clock::moment(), true);
    let done = wait.await;
    waiting.2 = false;
    done
}

/// A header that holds a number.
fn header_number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

fn key(request: &Request) -> Key {
    let organization = match request.product {
        Product::Crm => request
            .headers
            .get("x-crm-org")
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
        Product::Books => request
            .query
            .iter()
            .find(|(name, _)| name == "organization_id")
            .map(|(_, value)| value.clone()),
    };
    (request.product, organization)
}

/// Whether CRM counts the call in its pool of heavy calls.
fn is_heavy(request: &Request) -> bool {
    let path = request.path.as_str();
    request.product == Product::Crm
        && (request.items > 10
            || path == "/coql"
            || path == "/__composite_requests"
            || path.ends_with("/search")
            || path.ends_with("/actions/convert")
            || path.ends_with("/actions/send_mail")
            || request
                .query
                .iter()
                .any(|(name, _)| name == "cvid" || name == "sort_by"))
}
