//! What is to be delivered, in its order, and what became of what was.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::fault::{DeliveryFault, Mishap, Script};
use super::{Delivery, DeliveryOutcome, Ending, Notice, Parcel};

/// Ended deliveries that are kept.
const KEPT: usize = 10_000;
/// How long a callback waits for another one to overtake it.
const PATIENCE: Duration = Duration::from_secs(60);

/// When a parcel is due, and its place among those due then. Without an instant it is due at once,
/// whatever is done to the clock.
type Turn = (Option<Timestamp>, u64);

/// All deliveries of one mock.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    posted: u64,
    turns: u64,
    queue: BTreeMap<Turn, Parcel>,
    /// Those that have not ended, by number.
    open: BTreeMap<u64, Delivery>,
    /// Those that have, in the order they did.
    ended: VecDeque<Delivery>,
    under_way: Option<u64>,
    script: Script,
}

/// What a courier is to do next.
#[derive(Debug)]
pub(super) enum Next {
    Carry(Parcel),
    /// Nothing is due before this instant.
    WaitUntil(Timestamp),
    Nothing,
}

impl Ledger {
    /// Posts what a channel is to be told.
    pub(crate) fn post(&mut self, notice: &Notice, now: Timestamp) {
        let strike = self.script.strike(notice);
        let fault = strike.map(|(mishap, _)| mishap.name());
        let later = |by: Duration| {
            let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
            Some(now.saturating_add(by).unwrap_or(Timestamp::MAX))
        };
        match strike {
            Some((Mishap::Drop, _)) => {
                let lost = self.open(notice, fault, now);
                self.end(lost, |delivery| delivery.outcome = DeliveryOutcome::Dropped);
            }
            Some((Mishap::Delay, by)) => self.enqueue(notice, fault, now, later(by), false),
            Some((Mishap::Reorder, _)) => self.enqueue(notice, fault, now, later(PATIENCE), true),
            Some((Mishap::Duplicate, _)) => {
                self.enqueue(notice, fault, now, None, false);
                self.enqueue(notice, fault, now, None, false);
            }
            None => self.enqueue(notice, fault, now, None, false),
        }
    }

    fn enqueue(
        &mut self,
        notice: &Notice,
        fault: Option<&'static str>,
        now: Timestamp,
        due: Option<Timestamp>,
        held: bool,
    ) {
        let parcel = Parcel {
            number: self.open(notice, fault, now),
            url: notice.url.clone(),
            body: notice.payload.to_string().into(),
            held,
        };
        self.put(due, parcel);
        if due.is_none() {
            // Those that let one pass follow it.
            let held: Vec<Turn> = self
                .queue
                .iter()
                .filter(|(_, parcel)| parcel.held)
                .map(|(turn, _)| *turn)
                .collect();
            for turn in held {
                if let Some(parcel) = self.queue.remove(&turn) {
                    self.put(
                        None,
                        Parcel {
                            held: false,
                            ..parcel
                        },
                    );
                }
            }
        }
    }

    fn put(&mut self, due: Option<Timestamp>, parcel: Parcel) {
        self.turns += 1;
        self.queue.insert((due, self.turns), parcel);
    }

    fn open(&mut self, notice: &Notice, fault: Option<&'static str>, now: Timestamp) -> u64 {
        self.posted += 1;
        let delivery = Delivery {
            number: self.posted,
            time: now,
            channel_id: notice.channel.clone(),
            notify_url: notice.url.clone(),
            payload: notice.payload.clone(),
            fault,
            outcome: DeliveryOutcome::Pending,
            status: None,
            reason: None,
        };
        self.open.insert(self.posted, delivery);
        self.posted
    }

    fn end(&mut self, number: u64, change: impl FnOnce(&mut Delivery)) {
        let Some(mut delivery) = self.open.remove(&number) else {
            return;
        };
        change(&mut delivery);
        if self.ended.len() == KEPT {
            self.ended.pop_front();
        }
        self.ended.push_back(delivery);
    }

    fn take(&mut self, now: Timestamp) -> Option<Parcel> {
        let entry = self.queue.first_entry()?;
        (entry.key().0.is_none_or(|due| due <= now)).then(|| entry.remove())
    }

    /// Ends all that is due, where nobody is there to receive it.
    pub(crate) fn collect(&mut self, now: Timestamp) {
        while let Some(parcel) = self.take(now) {
            self.close(parcel.number, Ending::Collected);
        }
    }

    /// What is to be carried next; it is under way until it is closed.
    pub(super) fn next(&mut self, now: Timestamp) -> Next {
        if let Some(parcel) = self.take(now) {
            self.under_way = Some(parcel.number);
            return Next::Carry(parcel);
        }
        match self.queue.first_key_value() {
            Some(((Some(due), _), _)) => Next::WaitUntil(*due),
            _ => Next::Nothing,
        }
    }

    /// Notes how a delivery ended.
    pub(super) fn close(&mut self, number: u64, ending: Ending) {
        self.under_way = None;
        self.end(number, |delivery| {
            (delivery.outcome, delivery.status, delivery.reason) = match ending {
                Ending::Collected => (DeliveryOutcome::Delivered, None, None),
                Ending::Answered(status) => (DeliveryOutcome::Delivered, Some(status), None),
                Ending::Failed(reason) => (DeliveryOutcome::Failed, None, Some(reason)),
                Ending::Suppressed(reason) => (DeliveryOutcome::Suppressed, None, Some(reason)),
            };
        });
    }

    /// Gives up what is under way.
    pub(super) fn abandon(&mut self) {
        if let Some(number) = self.under_way.take() {
            let reason = "its receiver stopped halfway".to_owned();
            self.close(number, Ending::Failed(reason));
        }
    }

    /// Whether something waits, for its turn or for the clock.
    pub(super) fn has_mail(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Whether nothing is under way and nothing due.
    pub(super) fn is_settled(&self, now: Timestamp) -> bool {
        let due = self.queue.first_key_value();
        self.under_way.is_none() && due.is_none_or(|((due, _), _)| due.is_some_and(|due| due > now))
    }

    /// All deliveries: those that ended, in the order they did, then those that wait.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        self.iter().cloned().collect()
    }

    /// The same, without a copy.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Delivery> {
        self.ended.iter().chain(self.open.values())
    }

    /// How many callbacks were ever posted.
    pub(crate) fn posted(&self) -> u64 {
        self.posted
    }

    /// How many are not kept any more.
    pub(crate) fn dropped(&self) -> u64 {
        self.posted - (self.ended.len() + self.open.len()) as u64
    }

    /// Adds a fault.
    pub(crate) fn script(&mut self, fault: DeliveryFault) {
        self.script.push(fault);
    }

    /// Forgets all faults.
    pub(crate) fn clear_script(&mut self) {
        self.script.clear();
    }

    pub(super) fn script_to_json(&self) -> Value {
        self.script.to_json()
    }
}
