//! So many at once, or so many in any span of time; first come, first served.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::clock;

/// Lets so many calls in. A call counts while it is under way, and a span of time longer.
///
/// The span begins when the call ends, because nobody knows when the server counted it: whenever
/// that was, no span of the server's sees more calls than the gate let in.
#[derive(Debug)]
pub(super) struct Gate {
    span: Duration,
    /// Whose turn it is: one caller looks for room, the others stand in line behind it.
    turn: tokio::sync::Mutex<()>,
    count: Mutex<Count>,
    freed: Notify,
}

#[derive(Debug)]
struct Count {
    limit: usize,
    running: usize,
    /// When the calls that ended stop counting, the earliest first.
    cooling: VecDeque<Instant>,
}

/// A call that was let in; it ends when dropped.
#[derive(Debug)]
pub(super) struct Slot {
    gate: Arc<Gate>,
    sent: bool,
}

/// What a caller at the head of the line finds.
enum Room {
    Free,
    At(Instant),
    AfterSomebody,
}

impl Gate {
    /// A gate for so many calls at once.
    pub(super) fn at_once(limit: usize) -> Arc<Self> {
        Self::within(limit, Duration::ZERO)
    }

    /// A gate for so many calls in any span of time.
    pub(super) fn within(limit: usize, span: Duration) -> Arc<Self> {
        Arc::new(Self {
            span,
            turn: tokio::sync::Mutex::default(),
            count: Mutex::new(Count {
                limit,
                running: 0,
                cooling: VecDeque::new(),
            }),
            freed: Notify::new(),
        })
    }

    /// Another limit from now on. Calls that are under way go on.
    pub(super) fn resize(&self, limit: usize) {
        self.count.lock().limit = limit;
        self.freed.notify_one();
    }

    /// The limit that holds.
    pub(super) fn limit(&self) -> usize {
        self.count.lock().limit
    }

    /// Waits until there is room. Dropping it leaves the line.
    pub(super) async fn enter(self: &Arc<Self>) -> Slot {
        let _turn = self.turn.lock().await;
        loop {
            let room = self.count.lock().room();
            match room {
                Room::Free => {
                    return Slot {
                        gate: Arc::clone(self),
                        sent: false,
                    };
                }
                // A call that was never sent may free its place before.
                Room::At(instant) => {
                    let _ = tokio::time::timeout_at(instant, self.freed.notified()).await;
                }
                Room::AfterSomebody => self.freed.notified().await,
            }
        }
    }
}

impl Count {
    /// Takes a place, or says when there may be one.
    fn room(&mut self) -> Room {
        let now = clock::moment();
        while self.cooling.front().is_some_and(|until| *until <= now) {
            self.cooling.pop_front();
        }
        if self.running + self.cooling.len() < self.limit {
            self.running += 1;
            return Room::Free;
        }
        self.cooling
            .front()
            .map_or(Room::AfterSomebody, |until| Room::At(*until))
    }
}

impl Slot {
    /// Says that the server may count the call from now on.
    pub(super) fn sent(&mut self) {
        self.sent = true;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut count = self.gate.count.lock();
        count.running = count.running.saturating_sub(1);
        if self.sent
            && !self.gate.span.is_zero()
            && let Some(until) = clock::moment().checked_add(self.gate.span)
        {
            count.cooling.push_back(until);
        }
        drop(count);
        self.gate.freed.notify_one();
    }
}
