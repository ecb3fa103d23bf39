//! When to try again: a policy, the gaps it makes, and the decision.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

use crate::error::{Error, ErrorKind};

/// How often and how fast a failed call is sent again.
///
/// The gaps grow from a real base even when no delay was given, and a `Retry-After` of the
/// server's wins over them. The client's own policy never repeats a write that may have happened;
/// a policy that is given to one raw request does.
///
/// ```
/// use std::time::Duration;
/// use zoho_client::RetryPolicy;
///
/// let patient = RetryPolicy::exponential(6).max_delay(Duration::from_secs(60));
/// let steady = RetryPolicy::fixed(3, Duration::from_secs(2));
/// assert_ne!(patient, steady);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    retries: u32,
    delay: Duration,
    growing: bool,
    all_errors: bool,
    max_delay: Duration,
    time_limit: Duration,
}

impl RetryPolicy {
    /// The first gap when none was given.
    const BASE: Duration = Duration::from_millis(500);

    /// Never tries again.
    #[must_use]
    pub fn none() -> Self {
        Self::fixed(0, Duration::ZERO)
    }

    /// Tries again so many times, with the same gap.
    #[must_use]
    pub fn fixed(retries: u32, delay: Duration) -> Self {
        Self {
            retries,
            delay,
            growing: false,
            all_errors: false,
            max_delay: Duration::from_secs(60),
            time_limit: Duration::from_secs(300),
        }
    }

    /// Tries again so many times, with gaps that double, spread by chance.
    #[must_use]
    pub fn exponential(retries: u32) -> Self {
        Self {
            growing: true,
            max_delay: Duration::from_secs(30),
            ..Self::fixed(retries, Self::BASE)
        }
    }

    /// The first gap.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The longest gap of its own. A `Retry-After` may be longer.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// No further attempt starts later than this after the first.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Tries again after every erroneous answer, whatever its status: refusals and redirects too. Only a raw request
    /// that this policy was given to does so; input that can not be right is never sent again.
    #[must_use]
    pub fn on_all_errors(mut self) -> Self {
        self.all_errors = true;
        self
    }

    /// The policy at work. `given` says that the caller gave it to this very request: then every method counts as
    /// safe to repeat, and all of 5xx as worth it.
    pub(crate) fn schedule(&self, seed: u64, given: bool) -> Schedule {
        let base = if self.delay.is_zero() {
            Self::BASE
        } else {
            self.delay
        };
        let growing = ExponentialBuilder::default()
            .with_factor(2.0)
            .with_min_delay(base)
            .with_max_delay(self.max_delay.max(base))
            .without_max_times()
            .with_jitter()
            .with_jitter_seed(seed)
            .build();
        Schedule {
            policy: self.clone(),
            given,
            gaps: Box::new(growing),
            attempts: 0,
        }
    }
}

impl Default for RetryPolicy {
    /// Four further attempts with growing gaps, within five minutes.
    fn default() -> Self {
        Self::exponential(4)
    }
}

/// A policy at work on one call.
pub(crate) struct Schedule {
    policy: RetryPolicy,
    given: bool,
    gaps: Box<dyn Iterator<Item = Duration> + Send>,
    attempts: u32,
}

impl Schedule {
    /// Counts an attempt.
    pub(crate) fn begin(&mut self) -> u32 {
        self.attempts = self.attempts.saturating_add(1);
        self.attempts
    }

    /// A try that did no harm and must not count: the token was replaced.
    pub(crate) fn forgive(&mut self) {
        self.attempts = self.attempts.saturating_sub(1);
    }

    /// How long to wait before the next attempt; `None` to give up.
    ///
    /// `safe` says that the request may be sent again although it may have been carried out.
    pub(crate) fn next(&mut self, error: &Error, safe: bool, elapsed: Duration) -> Option<Duration> {
        // Zoho does not carry out what it answers with 429.
        let harmless = safe || self.given || !may_have_happened(error);
        let asked = self.given
            && error
                .status()
                .is_some_and(|status| self.policy.all_errors || status.is_server_error());
        if !(error.is_passing() || asked) || !harmless || self.attempts > self.policy.retries {
            return None;
        }
        let gap = if self.policy.growing {
            self.gaps
                .next()
                .unwrap_or(self.policy.max_delay)
                .min(self.policy.max_delay)
        } else {
            self.policy.delay
        };
        let wait = error.retry_after().unwrap_or(gap);
        (elapsed.saturating_add(wait) <= self.policy.time_limit).then_some(wait)
    }
}

/// Whether Zoho may have carried out the request that failed like this.
pub(crate) fn may_have_happened(error: &Error) -> bool {
    if error.is_unsent() {
        return false;
    }
    match error.kind() {
        ErrorKind::Config | ErrorKind::Auth | ErrorKind::RateLimited | ErrorKind::Store => false,
        ErrorKind::Transport | ErrorKind::Timeout => true,
        ErrorKind::Api | ErrorKind::Decode | ErrorKind::Exhausted => error
            .status()
            .is_none_or(|status| status.is_server_error() || status.is_success()),
    }
}
