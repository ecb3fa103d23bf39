//! Channels, and the callbacks that they were sent.

use serde_json::{Value, json};

use super::{Refused, number, rows, wish};
use crate::front::{Asked, Shared};
use crate::masking;

/// The channels that live.
pub(super) fn channels(shared: &Shared) -> Value {
    let state = shared.state.lock();
    let now = state.world.clock.now();
    let mut shown = json!({"now": now, "channels": state.world.crm.channels_shown(now.as_second())});
    masking::secrets().json(&mut shown);
    shown
}

/// Callbacks, the latest first: those of a channel, of an outcome, below a number. Their tokens are masked.
pub(super) fn deliveries(shared: &Shared, asked: &Asked<'_>) -> Result<Value, Refused> {
    let (limit, before) = (rows(asked)?, number::<u64>(asked, "before")?);
    let (channel, outcome) = (wish(asked, "channel_id"), wish(asked, "outcome"));
    let mut state = shared.state.lock();
    shared.post_notices(&mut state);
    let mut wanted: Vec<_> = state
        .ledger
        .iter()
        .filter(|delivery| before.is_none_or(|before| delivery.number < before))
        .filter(|delivery| channel.is_none_or(|channel| delivery.channel_id == channel))
        .filter(|delivery| outcome.is_none_or(|outcome| json!(delivery.outcome) == outcome))
        .collect();
    wanted.sort_unstable_by_key(|delivery| std::cmp::Reverse(delivery.number));
    let next = wanted.len() > limit;
    wanted.truncate(limit);
    let next = wanted.last().filter(|_| next).map(|delivery| delivery.number);
    let mut shown = json!({
        "deliveries": wanted,
        "next": next,
        "posted": state.ledger.posted(),
        "dropped": state.ledger.dropped(),
    });
    masking::secrets().json(&mut shown);
    Ok(shown)
}
