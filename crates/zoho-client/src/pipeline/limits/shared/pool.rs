//! One limit that processes share: parts of it are taken from the store and used without asking it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{self, Either};
use jiff::Timestamp;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::page::{Deal, Mine, Page};
use super::{FORMAT, SKEW, Shelf, Terms};
use crate::clock;
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::limits::daily::Day;
use crate::store::Guard;

/// How often a page is tried again when others write it.
const TRIES: usize = 200;

/// How soon a process that waits looks again; each look after takes twice as long.
const FIRST_LOOK: Duration = Duration::from_millis(50);

/// One limit, as this process has it.
#[derive(Debug)]
pub(super) struct Pool {
    core: Arc<Core>,
    /// Whose turn it is.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Core {
    shelf: Shelf,
    key: String,
    terms: Terms,
    local: Mutex<Local>,
    /// Something changed for the caller at the head of the line.
    changed: Notify,
    /// There is something to say to the store.
    nudge: Notify,
}

#[derive(Debug)]
struct Local {
    limit: u64,
    mine: Mine,
    cap: Option<u64>,
    /// Until when what is idle may be used.
    valid_until: Option<Instant>,
    /// Whether a call was started since the store was last asked.
    started: bool,
    closed: bool,
    clerk: Option<JoinHandle<()>>,
    failure: Option<Arc<str>>,
}

/// Units that a call takes; they end when dropped.
#[derive(Debug)]
pub(super) struct Held {
    core: Arc<Core>,
    units: u64,
    sent: bool,
}

/// A caller who waits, until dropped.
struct Waiting<'a>(&'a Core, u64);

impl Pool {
    pub(super) fn new(shelf: Shelf, key: String, limit: u64, terms: Terms) -> Self {
        let core = Core {
            shelf,
            key,
            terms,
            local: Mutex::new(Local {
                limit,
                mine: Mine::default(),
                cap: None,
                valid_until: None,
                started: false,
                closed: false,
                clerk: None,
                failure: None,
            }),
            changed: Notify::new(),
            nudge: Notify::new(),
        };
        Self {
            core: Arc::new(core),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// Another limit from now on.
    pub(super) fn resize(&self, limit: u64) {
        self.core.local.lock().limit = limit;
        self.core.nudge.notify_one();
    }

    /// Notes what Zoho says was spent, by whomever.
    pub(super) fn report(&self, spent: u64) {
        let mut local = self.core.local.lock();
        local.mine.reported = local.mine.reported.max(Some(spent));
    }

    /// Notes what Zoho says of the day.
    pub(super) fn note_day(&self, day: Day) {
        let mut local = self.core.local.lock();
        local.mine.day = Some(day.after(local.mine.day, self.core.now()));
    }

    /// What any process was told of the day, as far as this one heard.
    pub(super) fn day(&self) -> Option<Day> {
        self.core.local.lock().mine.day
    }

    /// Takes units, once there are so many. Dropping it leaves the line.
    pub(super) async fn take(&self, units: u64) -> Result<Held> {
        let core = &self.core;
        let _waiting = Waiting::join(core, units);
        let _turn = self.turn.lock().await;
        {
            let mut local = core.local.lock();
            local.mine.need = units;
            local.failure = None;
        }
        let mut asked = false;
        loop {
            if core.local.lock().start(units) {
                return Ok(Held {
                    core: Arc::clone(core),
                    units,
                    sent: false,
                });
            }
            if let Some(why) = core.local.lock().failure.take() {
                let message = format!("the limits that processes share are not to be had: {why}");
                return Err(Error::new(ErrorKind::Store, message).unsent(true));
            }
            core.employ();
            // Once: from then on it looks by itself, ever more rarely.
            if !std::mem::replace(&mut asked, true) {
                core.nudge.notify_one();
            }
            // A runtime that ended took the clerk with it: another is employed.
            let _ = tokio::time::timeout(core.terms.look * 4, core.changed.notified()).await;
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.core.local.lock().closed = true;
        self.core.nudge.notify_one();
    }
}

impl Local {
    /// Uses what is idle, if that is enough and still ours.
    fn start(&mut self, units: u64) -> bool {
        let valid = self.valid_until.is_some_and(|until| clock::moment() < until);
        if !valid || self.mine.idle < units {
            return false;
        }
        self.mine.idle -= units;
        self.mine.running += units;
        self.started = true;
        true
    }

    fn is_done(&self) -> bool {
        let mine = &self.mine;
        mine.idle + mine.running + mine.waiting == 0 && mine.ended.is_empty()
    }
}

impl<'a> Waiting<'a> {
    fn join(core: &'a Core, units: u64) -> Self {
        core.local.lock().mine.waiting += units;
        Self(core, units)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.local.lock().mine.waiting -= self.1;
    }
}

impl Held {
    /// Says that the call is sent now: from here on it counts.
    pub(super) fn sent(&mut self) {
        self.sent = true;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let core = &self.core;
        let mut local = core.local.lock();
        local.mine.running -= self.units;
        if core.terms.span > 0 && self.sent {
            let until = core.now() + core.terms.span + SKEW;
            local.mine.ended.push((until, self.units));
        } else if local
            .cap
            .is_some_and(|cap| local.mine.running + local.mine.idle + self.units > cap)
        {
            // Somebody else waits for it.
            core.nudge.notify_one();
        } else {
            local.mine.idle += self.units;
            core.changed.notify_one();
        }
    }
}

impl Core {
    fn now(&self) -> i64 {
        self.shelf.clock.now().as_millisecond()
    }

    /// Sees to it that somebody speaks to the store.
    fn employ(self: &Arc<Self>) {
        let mut local = self.local.lock();
        if local.clerk.as_ref().is_none_or(JoinHandle::is_finished) {
            local.clerk = Some(tokio::spawn(Arc::clone(self).work()));
        }
    }

    /// Speaks to the store, and nobody else does: as long as something is held or waited for.
    async fn work(self: Arc<Self>) {
        let mut look = FIRST_LOOK;
        loop {
            let pause = match self.exchange().await {
                Ok(deal) if self.local.lock().mine.waiting > deal.idle => {
                    look = match deal.granted {
                        0 => self.terms.look.min(look * 2),
                        _ => FIRST_LOOK,
                    };
                    self.until(deal.at).map_or(look, |soon| soon.min(look))
                }
                Ok(_) => {
                    look = FIRST_LOOK;
                    self.terms.beat
                }
                Err(error) => {
                    tracing::warn!(key = self.key, %error, "the shared limit was not to be had");
                    self.local.lock().failure = Some(error.to_string().into());
                    self.terms.beat
                }
            };
            self.changed.notify_one();
            {
                let mut local = self.local.lock();
                if local.is_done() {
                    // Whoever comes now employs another.
                    local.clerk = None;
                    return;
                }
            }
            let sleep = std::pin::pin!(tokio::time::sleep(pause));
            let nudged = std::pin::pin!(self.nudge.notified());
            if let Either::Right(_) = future::select(sleep, nudged).await {
                // Those who come at the same time are asked for together.
                tokio::task::yield_now().await;
            }
        }
    }

    /// How long it is until an instant of the page.
    fn until(&self, at: Option<i64>) -> Option<Duration> {
        let left = at?.saturating_sub(self.now()).max(0);
        Some(Duration::from_millis(left.unsigned_abs().saturating_add(1)))
    }

    /// Says what this process holds and wants, and takes what it may have.
    async fn exchange(&self) -> Result<Deal> {
        let wrong = |why: &str| {
            let message = format!("what is kept under `{}` {why}", self.key);
            Error::new(ErrorKind::Store, message)
        };
        for _ in 0..TRIES {
            let asked = clock::moment();
            let entry = self.shelf.store.get(&self.key).await?;
            let (before, guard) = match &entry {
                None => (Page::default(), Guard::Absent),
                Some(entry) => {
                    let page: Page =
                        serde_json::from_slice(&entry.value).map_err(|_| wrong("is not readable"))?;
                    if page.format != FORMAT {
                        return Err(wrong("is of another version of this crate"));
                    }
                    (page, Guard::Unchanged(entry.version))
                }
            };
            let mut page = before.clone();
            page.format = FORMAT;
            let now = self.now();
            let (said, deal) = {
                let mut local = self.local.lock();
                let mut said = local.mine.clone();
                said.resting = !std::mem::take(&mut local.started);
                if local.closed {
                    (said.waiting, said.resting) = (0, true);
                }
                let deal = page.deal(&self.shelf.holder, &said, local.limit, now, &self.terms);
                // What is given back is not used from here on, though it is not yet written.
                local.mine.idle = said.idle.min(deal.idle - deal.granted);
                local.mine.ended.clear();
                local.mine.reported = None;
                (said, deal)
            };
            let written = match page == before {
                true => Ok(entry.map(|entry| entry.version)),
                false => self.put(&page, guard).await,
            };
            let mut local = self.local.lock();
            match &written {
                Ok(Some(_)) => {
                    local.mine.idle += deal.granted;
                    local.cap = deal.cap;
                    local.mine.day = page.day;
                    let left = deal.until.saturating_sub(now).saturating_sub(self.terms.term / 4);
                    let left = Duration::from_millis(left.max(0).unsigned_abs());
                    local.valid_until = asked.checked_add(left);
                    return Ok(deal);
                }
                // Not written: all is as it was before.
                _ => {
                    local.mine.idle += said.idle.saturating_sub(deal.idle - deal.granted);
                    local.mine.ended.extend(said.ended);
                    local.mine.reported = local.mine.reported.max(said.reported);
                    local.started |= !said.resting;
                }
            }
            drop(local);
            written?;
        }
        Err(wrong("changes faster than it can be written"))
    }

    async fn put(&self, page: &Page, guard: Guard<'_>) -> Result<Option<crate::store::Version>> {
        let value = serde_json::to_vec(page)
            .map_err(|_| Error::new(ErrorKind::Store, "a shared limit can not be written"))?;
        self.shelf.store.put(&self.key, value, guard).await
    }
}

/// The instant of a page's millisecond.
pub(super) fn instant(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(millisecond).unwrap_or(Timestamp::MAX)
}
