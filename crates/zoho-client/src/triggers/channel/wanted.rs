//! A channel as it is wished for, beside the channel that is open.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::Value;

use super::kept::Kept;
use crate::crm::{Channel, ChannelId, Selection};
use crate::error::Result;
use crate::record::Record;

/// A channel as it is wished for.
#[derive(Clone)]
pub(super) struct Wanted {
    pub(super) id: Option<ChannelId>,
    pub(super) events: Vec<String>,
    pub(super) notify_url: String,
    pub(super) token: Option<SecretString>,
    pub(super) life: Duration,
    pub(super) values: bool,
    pub(super) related: bool,
    pub(super) conditions: Vec<(String, Selection)>,
}

impl std::fmt::Debug for Wanted {
    // The address may hold a secret, as the token is one.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wanted")
            .field("id", &self.id)
            .field("events", &self.events)
            .field("life", &self.life)
            .finish_non_exhaustive()
    }
}

impl Wanted {
    /// Whether an open channel is as it is wished for.
    pub(super) fn is(&self, kept: &Kept, open: &[Record]) -> bool {
        let mut events: Vec<&str> = Vec::new();
        for entry in open {
            let named = entry.get("events").and_then(Value::as_array);
            events.extend(named.into_iter().flatten().filter_map(Value::as_str));
        }
        events.sort_unstable();
        let mut wished: Vec<&str> = self.events.iter().map(String::as_str).collect();
        wished.sort_unstable();
        wished.dedup();
        let flag = |entry: &Record, name: &str| entry.get(name).and_then(Value::as_bool);
        let same = |entry: &Record| {
            entry.get_str("token") == Some(&kept.token)
                && entry.get_str("notify_url") == Some(&self.notify_url)
                && flag(entry, "return_affected_field_values") == Some(self.values)
                && flag(entry, "notify_on_related_action") == Some(self.related)
                // What stands in a condition is not compared: a channel with one is written anew.
                && self.conditions.is_empty()
                && entry.get("notification_condition").is_none_or(Value::is_null)
        };
        events == wished && open.iter().all(same)
    }

    /// The channel to ask for.
    pub(super) fn channel(&self, kept: &Kept, server: Timestamp) -> Result<Channel> {
        let life = SignedDuration::try_from(self.life).unwrap_or(SignedDuration::MAX);
        let mut channel = Channel::new(kept.id()?)
            .events(&self.events)
            .notify_url(&self.notify_url)
            .token(&kept.token)
            .return_affected_field_values(self.values)
            .notify_on_related_action(self.related)
            .expiry(server.saturating_add(life).unwrap_or(Timestamp::MAX));
        for (module, selection) in &self.conditions {
            channel = channel.when(module, selection.clone());
        }
        Ok(channel)
    }
}

/// When the first of a channel's modules ends.
pub(super) fn ends(open: &[Record]) -> Option<Timestamp> {
    let end = |entry: &Record| entry.get_datetime("channel_expiry").map(Timestamp::from);
    open.iter().map(end).min().flatten()
}
