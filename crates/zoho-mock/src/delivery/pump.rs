//! The courier: carries what is posted, one parcel at a time, as long as there are any.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::Carrier;
use super::ledger::Next;
use crate::front::{Shared, State};

/// Who carries callbacks, and by what means.
#[derive(Debug)]
pub(crate) struct Courier {
    carrier: Carrier,
    running: AtomicBool,
    /// Whether there may be something to carry. It saves those who posted nothing from locking the state.
    mail: AtomicBool,
    /// The clock or the queue changed. The courier holds it too: it must hear of the mock's end.
    wake: Arc<Notify>,
    /// A delivery ended.
    ended: Notify,
}

impl Courier {
    pub(crate) fn new(carrier: Carrier) -> Self {
        Self {
            carrier,
            running: AtomicBool::new(false),
            mail: AtomicBool::new(false),
            wake: Arc::default(),
            ended: Notify::new(),
        }
    }

    /// Lets the courier look at the clock again.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        self.wake.notify_one();
    }
}

impl Shared {
    /// Posts what channels are to be told of the changes that this step made. It is called before the
    /// state is unlocked, so that deliveries stand in the order of the changes.
    pub(crate) fn post_notices(&self, state: &mut State) {
        let now = state.world.clock.now();
        for notice in state.world.crm.notices(&self.base_url, now) {
            state.ledger.post(&notice, now);
        }
        if self.courier.carrier.collects() {
            state.ledger.collect(now);
        }
        self.courier
            .mail
            .store(state.ledger.has_mail(), Ordering::Relaxed);
    }

    /// Sees to it that what was posted is carried. Outside of a tokio runtime it waits for the next
    /// request within one.
    pub(crate) fn send_courier(self: &Arc<Self>) {
        let courier = &self.courier;
        if courier.carrier.collects() {
            return;
        }
        courier.wake();
        if !courier.mail.load(Ordering::Relaxed) {
            return;
        }
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let state = self.state.lock();
        if state.ledger.has_mail() && !courier.running.swap(true, Ordering::Relaxed) {
            let round = Round(Some(Arc::downgrade(self)));
            runtime.spawn(round.run(courier.wake.clone()));
        }
    }

    /// Waits until nothing is due or under way.
    pub(crate) async fn settle_deliveries(self: &Arc<Self>) {
        loop {
            let mut ended = pin!(self.courier.ended.notified());
            ended.as_mut().enable();
            {
                let mut state = self.state.lock();
                let now = state.world.clock.now();
                if self.courier.carrier.collects() {
                    state.ledger.collect(now);
                }
                if state.ledger.is_settled(now) {
                    return;
                }
            }
            self.send_courier();
            ended.await;
        }
    }

    /// The next thing to do; with nothing left the round is over before the state is unlocked.
    fn next_step(&self) -> Step {
        let mut state = self.state.lock();
        let now = state.world.clock.now();
        match state.ledger.next(now) {
            Next::Carry(parcel) => Step::Carry(parcel),
            Next::WaitUntil(_) if state.world.clock.is_frozen() => Step::Wait(None),
            Next::WaitUntil(due) => {
                let left = Duration::try_from(due.duration_since(now)).unwrap_or_default();
                Step::Wait(Some(left))
            }
            Next::Nothing => {
                self.courier.running.store(false, Ordering::Relaxed);
                Step::Stop
            }
        }
    }
}

enum Step {
    Carry(super::Parcel),
    /// Until then, or until somebody wakes the courier.
    Wait(Option<Duration>),
    Stop,
}

/// One round of the courier. It does not keep the mock alive; when its runtime ends, the next request
/// starts another one.
struct Round(Option<Weak<Shared>>);

impl Round {
    async fn run(mut self, wake: Arc<Notify>) {
        while let Some(shared) = self.0.as_ref().and_then(Weak::upgrade) {
            match shared.next_step() {
                Step::Carry(parcel) => {
                    let ending = shared.courier.carrier.carry(&parcel).await;
                    tracing::debug!(number = parcel.number, url = parcel.url, ?ending, "callback");
                    shared.state.lock().ledger.close(parcel.number, ending);
                    shared.courier.ended.notify_waiters();
                }
                Step::Wait(left) => {
                    shared.courier.ended.notify_waiters();
                    drop(shared);
                    match left {
                        Some(left) => {
                            tokio::select! {
                                () = tokio::time::sleep(left) => {}
                                () = wake.notified() => {}
                            }
                        }
                        None => wake.notified().await,
                    }
                }
                Step::Stop => {
                    self.0 = None;
                    shared.courier.ended.notify_waiters();
                }
            }
        }
    }
}

impl Drop for Round {
    fn drop(&mut self) {
        if let Some(shared) = self.0.take().and_then(|shared| shared.upgrade()) {
            let mut state = shared.state.lock();
            state.ledger.abandon();
            shared.courier.running.store(false, Ordering::Relaxed);
            drop(state);
            shared.courier.ended.notify_waiters();
        }
    }
}
