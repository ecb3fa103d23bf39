//! Notification callbacks on their way: what a channel is to be told is posted while the world is
//! still locked, and carried out afterwards, one after the other in the order of the changes unless a
//! scripted fault interferes.

mod admin;
mod carrier;
mod fault;
mod http1;
mod ledger;
mod pump;

use std::fmt;

use bytes::Bytes;
use http::{Request, header};
use http_body_util::Full;
use serde::Serialize;
use serde_json::Value;

pub(crate) use carrier::Carrier;
pub use fault::DeliveryFault;
pub(crate) use ledger::Ledger;
pub(crate) use pump::Courier;

use crate::masking;

/// What a channel is to be told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    pub(crate) channel: String,
    pub(crate) url: String,
    pub(crate) payload: Value,
}

/// What became of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryOutcome {
    /// It waits for its turn, or for the clock.
    Pending,
    /// It arrived; where somebody answered, [`Delivery::status`] says what.
    Delivered,
    /// Nobody answered; [`Delivery::reason`] says why.
    Failed,
    /// It was not sent because its address is not of this machine.
    Suppressed,
    /// A scripted fault lost it.
    Dropped,
}

/// One callback: what was sent where, and what became of it.
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Delivery {
    /// Its number, from 1, in the order of the changes.
    pub number: u64,
    /// When the change happened, by the mock's clock.
    pub time: jiff::Timestamp,
    /// The channel.
    pub channel_id: String,
    /// The address that the channel gave.
    pub notify_url: String,
    /// The body.
    pub payload: Value,
    /// The scripted fault that struck it: `drop`, `duplicate`, `reorder` or `delay`.
    pub fault: Option<&'static str>,
    /// What became of it.
    pub outcome: DeliveryOutcome,
    /// The status that the receiver answered with.
    pub status: Option<u16>,
    /// Why it was not delivered.
    pub reason: Option<String>,
}

impl fmt::Debug for Delivery {
    // The body holds the token of the channel, and the address may hold another secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut payload = self.payload.clone();
        masking::secrets().json(&mut payload);
        f.debug_struct("Delivery")
            .field("number", &self.number)
            .field("time", &self.time)
            .field("channel_id", &self.channel_id)
            .field("notify_url", &masking::secrets().text(&self.notify_url))
            .field("payload", &payload)
            .field("fault", &self.fault)
            .field("outcome", &self.outcome)
            .field("status", &self.status)
            .field("reason", &self.reason)
            .finish()
    }
}

/// A callback that is to be carried to its address.
#[derive(Clone, Debug)]
pub(crate) struct Parcel {
    number: u64,
    url: String,
    body: Bytes,
    /// It lets the next one pass.
    held: bool,
}

impl Parcel {
    /// The request that carries it to a target.
    fn request(&self, target: &str) -> http::Result<Request<Full<Bytes>>> {
        Request::post(target)
            .header(header::CONTENT_TYPE, "application/json;charset=UTF-8")
            .header(header::CONTENT_LENGTH, self.body.len())
            .body(Full::new(self.body.clone()))
    }
}

/// How a callback ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It was collected; nobody was there to answer.
    Collected,
    /// It was answered with a status.
    Answered(u16),
    /// It could not be delivered.
    Failed(String),
    /// It must not leave this machine.
    Suppressed(String),
}
