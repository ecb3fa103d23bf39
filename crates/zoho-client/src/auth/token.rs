//! Access tokens: one refresh at a time, some slack before expiry, one forced refresh per token.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use http::HeaderValue;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use secrecy::{ExposeSecret, SecretString};
use tracing::Instrument;

use super::grant::{self, Grant, WINDOW};
use super::{OAuthApp, Scopes};
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::transport::Transport;
use crate::region::{Environment, Region};
use crate::store::{StoredTokens, TokenStore};

/// A token is not used in the last minute of its life.
const SLACK: Duration = Duration::from_secs(60);

/// Zoho gives ten access tokens per refresh token in ten minutes, then locks the connection out.
const PER_WINDOW: usize = 10;

/// An access token at work.
pub(crate) struct Access {
    /// The value of the `Authorization` header.
    pub(crate) header: HeaderValue,
    /// The address of the API.
    pub(crate) api: Arc<str>,
    /// What it may do, when Zoho said so.
    pub(crate) scopes: Option<Scopes>,
    expires_at: Timestamp,
    slack: Duration,
    /// It was asked for because the one before was refused.
    forced: bool,
    /// Zoho has accepted it at least once.
    proven: AtomicBool,
}

impl Access {
    /// Notes that Zoho accepted the token.
    pub(crate) fn prove(&self) {
        self.proven.store(true, Ordering::Relaxed);
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        now.saturating_add(signed(self.slack))
            .is_ok_and(|soon| soon < self.expires_at)
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

/// What a token source is made of.
pub(crate) struct Settings {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) region: Region,
    pub(crate) environment: Environment,
    pub(crate) accounts: Arc<str>,
    pub(crate) api: Arc<str>,
    pub(crate) app: OAuthApp,
    pub(crate) refresh_token: Option<SecretString>,
    pub(crate) store: TokenStore,
    pub(crate) connection: String,
    pub(crate) timeout: Duration,
}

type Flight = Shared<BoxFuture<'static, Option<Result<Arc<Access>>>>>;

#[derive(Default)]
struct State {
    current: Option<Arc<Access>>,
    flight: Option<Flight>,
    minted: VecDeque<Timestamp>,
    locked_until: Option<Timestamp>,
}

/// The tokens of one connection.
pub(crate) struct TokenSource {
    settings: Settings,
    state: Mutex<State>,
}

impl TokenSource {
    pub(crate) fn new(settings: Settings) -> Arc<Self> {
        Arc::new(Self {
            settings,
            state: Mutex::default(),
        })
    }

    /// What time it is for this connection.
    pub(crate) fn now(&self) -> Timestamp {
        self.settings.clock.now()
    }

    /// A token to use now. Any number of callers share one refresh, and a caller that goes away
    /// takes nothing from the others: the refresh runs on its own.
    pub(crate) async fn access(self: &Arc<Self>) -> Result<Arc<Access>> {
        loop {
            let flight = {
                let mut state = self.state.lock();
                if let Some(current) = &state.current
                    && current.is_fresh(self.settings.clock.now())
                {
                    return Ok(current.clone());
                }
                self.board(&mut state, false)
            };
            if let Some(result) = self.land(flight).await {
                return result;
            }
        }
    }

    /// A token in place of one that Zoho refused.
    ///
    /// A caller refused with a token that is no longer current takes the current one. A token is
    /// replaced once; when its replacement is refused before it ever worked, the token is not what
    /// is wrong. `ambiguous` says that the refusal may mean a missing scope (Books): then a
    /// replacement is never replaced again.
    pub(crate) async fn replace(
        self: &Arc<Self>,
        refused: &Arc<Access>,
        ambiguous: bool,
    ) -> Result<Option<Arc<Access>>> {
        loop {
            let flight = {
                let mut state = self.state.lock();
                match &state.current {
                    Some(current) if Arc::ptr_eq(current, refused) => {
                        if refused.forced && (ambiguous || !refused.proven.load(Ordering::Relaxed)) {
                            return Ok(None);
                        }
                        self.board(&mut state, true)
                    }
                    Some(current) if current.is_fresh(self.settings.clock.now()) => {
                        return Ok(Some(current.clone()));
                    }
                    _ => self.board(&mut state, true),
                }
            };
            if let Some(result) = self.land(flight).await {
                return result.map(Some);
            }
        }
    }

    /// Joins the refresh that is under way, or starts one.
    fn board(self: &Arc<Self>, state: &mut State, forced: bool) -> Flight {
        if let Some(flight) = &state.flight {
            return flight.clone();
        }
        let source = Arc::clone(self);
        let renewal = async move {
            let result = source.renew(forced).await;
            let mut state = source.state.lock();
            if let Ok(access) = &result {
                state.current = Some(access.clone());
            }
            state.flight = None;
            result
        };
        let task = tokio::spawn(renewal.instrument(tracing::info_span!(
            "zoho",
            operation = "refresh_token",
            forced
        )));
        // A task that ended without a result went down with its runtime.
        let flight = task.map(Result::ok).boxed().shared();
        state.flight = Some(flight.clone());
        flight
    }

    /// Waits for a refresh; `None` when it went down and another has to be started.
    async fn land(&self, flight: Flight) -> Option<Result<Arc<Access>>> {
        let result = flight.clone().await;
        if result.is_none() {
            let mut state = self.state.lock();
            if state
                .flight
                .as_ref()
                .is_some_and(|current| current.ptr_eq(&flight))
            {
                state.flight = None;
            }
        }
        result
    }

    async fn renew(&self, forced: bool) -> Result<Arc<Access>> {
        let settings = &self.settings;
        let kept = settings
            .store
            .load(&settings.connection)
            .await?
            .unwrap_or_default();
        if let Some(access) = self.restore(&kept)? {
            let current = self.state.lock().current.clone();
            // After a refusal only a token that somebody else has put into the store will do.
            let other = current.is_none_or(|current| current.header != access.header);
            if !forced || other {
                return Ok(access);
            }
        }
        let refresh_token = kept
            .refresh_token
            .clone()
            .or_else(|| settings.refresh_token.clone())
            .ok_or_else(|| {
                Error::new(ErrorKind::Auth, "there is no refresh token for this connection").consent_needed()
            })?;
        let asked_at = self.take_slot()?;
        let granted = grant::refresh(
            settings.transport.as_ref(),
            &settings.accounts,
            &settings.app,
            &refresh_token,
            settings.timeout,
        )
        .await;
        let granted = granted.inspect_err(|error| {
            if error.kind() == ErrorKind::RateLimited {
                let until = error
                    .retry_after()
                    .and_then(|wait| asked_at.saturating_add(signed(wait)).ok());
                self.state.lock().locked_until = until;
            }
        })?;
        self.adopt(granted, asked_at, refresh_token, forced).await
    }

    /// The token that the store has, if it can be used.
    fn restore(&self, kept: &StoredTokens) -> Result<Option<Arc<Access>>> {
        let (Some(token), Some(expires_at)) = (&kept.access_token, kept.expires_at) else {
            return Ok(None);
        };
        let access = self.make(
            token,
            kept.api_domain.as_deref(),
            kept.scopes.clone(),
            expires_at,
            SLACK,
            false,
        )?;
        Ok(access.is_fresh(self.settings.clock.now()).then_some(access))
    }

    async fn adopt(
        &self,
        granted: Grant,
        asked_at: Timestamp,
        refresh_token: SecretString,
        forced: bool,
    ) -> Result<Arc<Access>> {
        let expires_at = asked_at
            .saturating_add(signed(granted.lifetime))
            .unwrap_or(Timestamp::MAX);
        let slack = SLACK.min(granted.lifetime / 4);
        let access = self.make(
            &granted.access_token,
            granted.api_domain.as_deref(),
            granted.scopes.clone(),
            expires_at,
            slack,
            forced,
        )?;
        let tokens = StoredTokens {
            refresh_token: Some(refresh_token),
            access_token: Some(granted.access_token),
            expires_at: Some(expires_at),
            api_domain: granted.api_domain,
            scopes: granted.scopes,
        };
        self.settings
            .store
            .save(&self.settings.connection, &tokens)
            .await?;
        Ok(access)
    }

    fn make(
        &self,
        token: &SecretString,
        api_domain: Option<&str>,
        scopes: Option<Scopes>,
        expires_at: Timestamp,
        slack: Duration,
        forced: bool,
    ) -> Result<Arc<Access>> {
        let settings = &self.settings;
        let mut header = HeaderValue::from_str(&format!("Zoho-oauthtoken {}", token.expose_secret()))
            .map_err(|_| {
                Error::new(ErrorKind::Decode, "the access token is not printable")
                    .with_json_path("$.access_token")
            })?;
        header.set_sensitive(true);
        let api = match api_domain {
            Some(domain) => settings.region.check_api_domain(settings.environment, domain)?,
            None => settings.api.clone(),
        };
        Ok(Arc::new(Access {
            header,
            api,
            scopes,
            expires_at,
            slack,
            forced,
            proven: AtomicBool::new(false),
        }))
    }

    /// Counts a token request, or refuses it where Zoho would lock the connection out.
    fn take_slot(&self) -> Result<Timestamp> {
        let now = self.settings.clock.now();
        let mut state = self.state.lock();
        let window = signed(WINDOW);
        while state
            .minted
            .front()
            .is_some_and(|first| now.duration_since(*first) >= window)
        {
            state.minted.pop_front();
        }
        let free_at = match (state.locked_until, state.minted.front()) {
            (Some(until), _) if until > now => Some(until),
            (_, Some(first)) if state.minted.len() >= PER_WINDOW => first.saturating_add(window).ok(),
            _ => None,
        };
        if let Some(free_at) = free_at {
            let wait = Duration::try_from(free_at.duration_since(now)).unwrap_or(WINDOW);
            return Err(Error::new(
                ErrorKind::RateLimited,
                "asking for another access token now would lock the connection out",
            )
            .unsent(true)
            .with_retry_after(Some(wait)));
        }
        state.minted.push_back(now);
        Ok(now)
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSource")
            .field("region", &self.settings.region)
            .field("connection", &self.settings.connection)
            .finish_non_exhaustive()
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}
