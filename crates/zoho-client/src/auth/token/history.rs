//! How often a connection asked for access tokens, and when it may ask again.
//!
//! Zoho gives ten access tokens per refresh token in ten minutes and keeps fifteen of them alive;
//! who asks for more is locked out, and asking during the lock-out prolongs it. The count is kept
//! in the store beside the tokens, so that all processes of a connection count together.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::auth::grant::WINDOW;
use crate::error::{Error, ErrorKind, Result};
use crate::store::{Guard, StateStore};

/// Access tokens per refresh token and [`WINDOW`].
const PER_WINDOW: usize = 10;

/// How long an access token lives, and how many of a refresh token may live at once.
const LIFE: SignedDuration = SignedDuration::from_hours(1);
const ALIVE: usize = 15;

const FORMAT: u32 = 1;

/// What is remembered of a connection's token requests.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct History {
    format: u32,
    /// When tokens were asked for in the last hour, oldest first.
    asked: Vec<Timestamp>,
    locked_until: Option<Timestamp>,
    /// The mark of the access token that took the place of a refused one.
    forced: Option<String>,
    /// When that was.
    #[serde(default)]
    forced_at: Option<Timestamp>,
    /// The marks of refresh tokens that Zoho does not know any more, and until when that is believed.
    gone: Vec<(String, Timestamp)>,
}

impl History {
    /// What the store has of a connection.
    pub(super) async fn load(store: &dyn StateStore, connection: &str) -> Result<Self> {
        let key = key(connection);
        let Some(entry) = store.get(&key).await? else {
            return Ok(Self::default());
        };
        let wrong = |why: &str| Error::new(ErrorKind::Store, format!("what is kept under `{key}` {why}"));
        let history: Self = serde_json::from_slice(&entry.value).map_err(|_| wrong("is not readable"))?;
        match history.format {
            FORMAT => Ok(history),
            _ => Err(wrong("is of a later version of this crate")),
        }
    }

    /// Keeps it; `false` when the guard did not hold.
    pub(super) async fn save(
        &mut self,
        store: &dyn StateStore,
        connection: &str,
        guard: Guard<'_>,
    ) -> Result<bool> {
        self.format = FORMAT;
        let value = serde_json::to_vec(self)
            .map_err(|_| Error::new(ErrorKind::Store, "the count of tokens can not be written"))?;
        Ok(store.put(&key(connection), value, guard).await?.is_some())
    }

    /// Counts a request, or says how long to wait before there may be one.
    pub(super) fn take(&mut self, now: Timestamp) -> Result<(), Duration> {
        self.asked.retain(|at| now.duration_since(*at) < LIFE);
        let window = SignedDuration::try_from(WINDOW).unwrap_or(LIFE);
        // The request that has to be so long ago that there is room for one more.
        let room = |count: usize, span: SignedDuration| {
            let oldest = self.asked.len().checked_sub(count)?;
            self.asked.get(oldest)?.saturating_add(span).ok()
        };
        let free_at = [self.locked_until, room(PER_WINDOW, window), room(ALIVE, LIFE)];
        match free_at.into_iter().flatten().max() {
            Some(free_at) if free_at > now => {
                Err(Duration::try_from(free_at.duration_since(now)).unwrap_or(WINDOW))
            }
            _ => {
                self.asked.push(now);
                Ok(())
            }
        }
    }

    /// Takes back the latest request: no token can have come of it.
    pub(super) fn give_back(&mut self) {
        self.asked.pop();
    }

    /// Notes that Zoho refuses to give tokens for a while.
    pub(super) fn lock(&mut self, now: Timestamp, wait: Duration) {
        let wait = SignedDuration::try_from(wait).unwrap_or(LIFE);
        self.locked_until = now.saturating_add(wait).ok();
    }

    /// Notes a new access token.
    pub(super) fn granted(&mut self, access_token: &SecretString, forced: Option<Timestamp>) {
        self.forced = forced.map(|_| mark(access_token));
        self.forced_at = forced;
        self.locked_until = None;
    }

    /// When the access token took the place of a refused one, if it did.
    pub(super) fn was_forced(&self, access_token: &SecretString) -> Option<Timestamp> {
        let forced = self
            .forced
            .as_ref()
            .filter(|forced| **forced == mark(access_token));
        forced.map(|_| self.forced_at.unwrap_or(Timestamp::MIN))
    }

    /// Notes that Zoho does not know a refresh token. It is believed for a while, so that a
    /// connection that waits for its user asks for no tokens meanwhile.
    pub(super) fn lose(&mut self, refresh_token: &SecretString, now: Timestamp) {
        let window = SignedDuration::try_from(WINDOW).unwrap_or(LIFE);
        self.gone.retain(|(_, until)| now < *until);
        let until = now.saturating_add(window).ok();
        self.gone.extend(until.map(|until| (mark(refresh_token), until)));
    }

    /// Whether Zoho said lately that it does not know this refresh token.
    pub(super) fn is_gone(&self, refresh_token: &SecretString, now: Timestamp) -> bool {
        let mark = mark(refresh_token);
        self.gone
            .iter()
            .any(|(lost, until)| now < *until && *lost == mark)
    }
}

/// What a secret is recognised by: it does not lead back to it.
pub(super) fn mark(secret: &SecretString) -> String {
    STANDARD_NO_PAD.encode(&Sha256::digest(secret.expose_secret().as_bytes())[..16])
}

fn key(connection: &str) -> String {
    format!("token-requests/{connection}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whenever anybody asks: never more than ten in ten minutes, never more than fifteen in an hour,
        /// and whoever waits as long as was said may ask.
        #[test]
        fn neither_rule_of_zohos_can_be_tripped(gaps in prop::collection::vec(0_i64..400, 1..200)) {
            let mut history = History::default();
            let mut now = Timestamp::UNIX_EPOCH;
            let mut taken: Vec<Timestamp> = Vec::new();
            for gap in gaps {
                now += SignedDuration::from_secs(gap);
                match history.take(now) {
                    Ok(()) => taken.push(now),
                    Err(wait) => {
                        let then = now + SignedDuration::try_from(wait).unwrap();
                        prop_assert!(history.clone().take(then).is_ok());
                        prop_assert!(history.clone().take(then - SignedDuration::from_millis(1)).is_err());
                    }
                }
                let within = |span| taken.iter().filter(|at| now.duration_since(**at) < span).count();
                prop_assert!(within(SignedDuration::from_mins(10)) <= 10);
                prop_assert!(within(SignedDuration::from_hours(1)) <= 15);
            }
        }
    }
}
