//! One access token at work.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::HeaderValue;
use jiff::{SignedDuration, Timestamp};

use crate::auth::Scopes;

/// A token is not used in the last minute of its life.
pub(super) const SLACK: Duration = Duration::from_secs(60);

/// How long a token that took the place of a refused one is not replaced in turn without a reason:
/// at worst two of the ten tokens that Zoho gives in ten minutes.
const SETTLED: Duration = Duration::from_secs(300);

/// An access token at work.
pub(crate) struct Access {
    /// The value of the `Authorization` header.
    pub(crate) header: HeaderValue,
    /// The address of the API.
    pub(crate) api: Arc<str>,
    /// What it may do, when Zoho said so.
    pub(crate) scopes: Option<Scopes>,
    pub(super) expires_at: Timestamp,
    pub(super) slack: Duration,
    /// When it was asked for, if that was because the one before was refused.
    pub(super) forced: Option<Timestamp>,
    /// Zoho has accepted it at least once.
    pub(super) proven: AtomicBool,
}

impl Access {
    /// Notes that Zoho accepted the token; whether that is news.
    pub(super) fn prove(&self) -> bool {
        !self.proven.swap(true, Ordering::Relaxed)
    }

    pub(super) fn is_proven(&self) -> bool {
        self.proven.load(Ordering::Relaxed)
    }

    /// Whether it was asked for in the place of a refused one just now.
    pub(super) fn is_forced_lately(&self, now: Timestamp) -> bool {
        let lately = SignedDuration::try_from(SETTLED).unwrap_or(SignedDuration::MAX);
        self.forced.is_some_and(|at| now.duration_since(at) < lately)
    }

    /// Whether it has more to live than the slack.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        let slack = SignedDuration::try_from(self.slack).unwrap_or(SignedDuration::MAX);
        now.saturating_add(slack).is_ok_and(|soon| soon < self.expires_at)
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("api", &self.api)
            .field("expires_at", &self.expires_at)
            .field("forced", &self.forced)
            .finish_non_exhaustive()
    }
}
