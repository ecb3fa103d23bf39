//! Channels and the rule of how long they live.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::crm::change::Event;
use crate::crm::schema::ModuleIndex;

const HOUR: i64 = 3_600;
const WEEK: i64 = 7 * 24 * HOUR;

/// A change that a channel can listen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Listen {
    Create,
    Edit,
    Delete,
    All,
}

impl Listen {
    pub(crate) fn find(name: &str) -> Option<Self> {
        Some(match name {
            "create" => Self::Create,
            "edit" => Self::Edit,
            "delete" => Self::Delete,
            "all" => Self::All,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::All => "all",
        }
    }

    fn hears(self, event: Event) -> bool {
        match self {
            Self::All => true,
            Self::Create => event == Event::Insert,
            Self::Edit => event == Event::Update,
            Self::Delete => event == Event::Delete,
        }
    }
}

/// One channel's interest in one module.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Channel {
    pub(crate) events: BTreeSet<Listen>,
    /// When it ends, in seconds.
    pub(crate) expiry: i64,
    pub(crate) token: Option<String>,
    pub(crate) notify_url: String,
    pub(crate) values: bool,
    pub(crate) related: bool,
    pub(crate) condition: Option<Value>,
}

/// Who made a channel, its number, and the module it watches.
pub(crate) type ChannelKey = (u64, i64, ModuleIndex);

/// All channels. One that has ended is gone with the next look.
#[derive(Clone, Debug, Default)]
pub(crate) struct Channels(BTreeMap<ChannelKey, Channel>);

impl Channels {
    /// When a channel really ends for which an end was asked: a week is the most, and whoever asks for
    /// more, or for nothing, gets an hour.
    pub(crate) fn effective_expiry(asked: Option<i64>, now: i64) -> i64 {
        asked.filter(|asked| *asked <= now + WEEK).unwrap_or(now + HOUR)
    }

    /// Forgets channels that have ended.
    pub(crate) fn expire(&mut self, now: i64) {
        self.0.retain(|_, channel| channel.expiry > now);
    }

    /// All channels.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&ChannelKey, &Channel)> {
        self.0.iter()
    }

    pub(crate) fn put(&mut self, key: ChannelKey, channel: Channel) {
        self.0.insert(key, channel);
    }

    pub(crate) fn get(&self, key: &ChannelKey) -> Option<&Channel> {
        self.0.get(key)
    }

    /// The channels of a user, or one of them, by number and module.
    pub(crate) fn of(&self, user: u64, number: Option<i64>) -> impl Iterator<Item = (&ChannelKey, &Channel)> {
        let (low, high) = number.map_or((i64::MIN, i64::MAX), |number| (number, number));
        self.0.range((user, low, 0)..=(user, high, ModuleIndex::MAX))
    }

    /// Removes a channel, all its modules.
    pub(crate) fn remove(&mut self, user: u64, number: i64) -> Vec<ChannelKey> {
        let keys: Vec<ChannelKey> = self.of(user, Some(number)).map(|(key, _)| *key).collect();
        for key in &keys {
            self.0.remove(key);
        }
        keys
    }

    /// Takes events away from one module of a channel; without events it is removed.
    pub(crate) fn withdraw(&mut self, key: &ChannelKey, events: &BTreeSet<Listen>) -> bool {
        let Some(channel) = self.0.get_mut(key) else {
            return false;
        };
        channel
            .events
            .retain(|event| !events.contains(event) && !events.contains(&Listen::All));
        if channel.events.is_empty() {
            self.0.remove(key);
        }
        true
    }

    /// The channels that hear of an event.
    pub(crate) fn hearing(
        &self,
        module: ModuleIndex,
        event: Event,
        now: i64,
    ) -> impl Iterator<Item = (&ChannelKey, &Channel)> {
        self.0.iter().filter(move |(key, channel)| {
            key.2 == module && channel.expiry > now && channel.events.iter().any(|listen| listen.hears(event))
        })
    }
}
