//! Access tokens: one refresh for everybody, some slack before expiry, one forced refresh per token.

mod access;
mod history;
mod renewal;
mod worked;

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use parking_lot::Mutex;
use secrecy::SecretString;
use tokio::time::Instant;
use tracing::Instrument;

pub(crate) use self::access::Access;

use super::{Grant, OAuthApp, OAuthUrls, Scopes};
use crate::clock::{self, Clock};
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::transport::Transport;
use crate::region::{Environment, Region};
use crate::store::{StoredTokens, TokenStore};

/// What new access tokens are asked for with.
#[derive(Clone)]
pub(crate) enum Credential {
    /// A user's consent. What the store has wins.
    RefreshToken(Option<SecretString>),
    /// The application itself, for one organization.
    Organization { soid: String, scopes: Scopes },
}

impl Credential {
    fn refresh_token(&self) -> Option<SecretString> {
        match self {
            Self::RefreshToken(token) => token.clone(),
            Self::Organization { .. } => None,
        }
    }
}

/// Called with the connection's name and the error when a user's consent is needed.
pub(crate) type ConsentHook = Arc<dyn Fn(&str, &Error) + Send + Sync>;

/// What a token source is made of.
pub(crate) struct Settings {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) region: Region,
    pub(crate) environment: Environment,
    pub(crate) urls: OAuthUrls,
    pub(crate) api: Arc<str>,
    pub(crate) app: OAuthApp,
    pub(crate) credential: Credential,
    pub(crate) store: TokenStore,
    pub(crate) connection: String,
    /// The name under which this source takes leases; no other has it.
    pub(crate) holder: String,
    pub(crate) timeout: Duration,
    /// How long a call waits while Zoho gives no tokens.
    pub(crate) patience: Duration,
    pub(crate) consent_hook: Option<ConsentHook>,
}

type Flight = Shared<BoxFuture<'static, Option<Result<Arc<Access>>>>>;

#[derive(Default)]
struct State {
    current: Option<Arc<Access>>,
    flight: Option<Flight>,
    /// What a consent gave and the store does not have yet.
    granted: Option<StoredTokens>,
    /// Operations that Zoho accepted since it last refused them.
    worked: HashSet<&'static str>,
    /// The platform was told that consent is needed, and nothing has changed since.
    told: bool,
}

/// The tokens of one connection.
pub(crate) struct TokenSource {
    settings: Settings,
    state: Mutex<State>,
}

/// What a caller has to do for a token.
enum Way {
    /// There it is; `None` when another token would not help.
    Take(Option<Arc<Access>>),
    /// Wait for this refresh.
    Wait(Flight),
}

impl TokenSource {
    /// The tokens of a connection, which begin with what a consent gave just now.
    pub(crate) fn new(settings: Settings, grant: Option<Grant>) -> Arc<Self> {
        let now = settings.clock.now();
        let granted = grant.map(|grant| grant.into_tokens(None, now));
        let state = State {
            granted,
            ..State::default()
        };
        Arc::new(Self {
            settings,
            state: Mutex::new(state),
        })
    }

    /// What time it is for this connection.
    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.settings.clock.now()
    }

    /// A token to use now. Any number of callers share one refresh, and a caller that goes away
    /// takes nothing from the others: the refresh runs on its own.
    pub(crate) async fn access(self: &Arc<Self>) -> Result<Arc<Access>> {
        let access = self.obtain(|state| {
            let current = state.current.clone();
            match current.filter(|current| current.is_fresh(self.settings.clock.now())) {
                Some(current) => Way::Take(Some(current)),
                None => Way::Wait(self.board(state, false)),
            }
        });
        access
            .await?
            .ok_or_else(|| Error::new(ErrorKind::Auth, "there is no access token"))
    }

    /// A token in place of one that Zoho refused.
    ///
    /// A caller refused with a token that is no longer current takes the current one. A token is
    /// replaced once; when its replacement is refused before it ever worked, the token is not what
    /// is wrong. `ambiguous` says that the refusal may mean a missing scope (Books): then a
    /// replacement is replaced again only for an operation that worked since it was last refused.
    /// Without such a reason it is replaced when it is some minutes old.
    pub(crate) async fn replace(
        self: &Arc<Self>,
        refused: &Arc<Access>,
        ambiguous: bool,
        operation: Option<&'static str>,
    ) -> Result<Option<Arc<Access>>> {
        let lately = refused.is_forced_lately(self.settings.clock.now());
        let proven = !lately || self.has_worked(refused).await?;
        self.obtain(|state| match &state.current {
            Some(current) if Arc::ptr_eq(current, refused) => {
                if let Some(flight) = &state.flight {
                    return Way::Wait(flight.clone());
                }
                let worked = operation.is_some_and(|id| state.worked.remove(id));
                if lately && (!proven || (ambiguous && !worked)) {
                    return Way::Take(None);
                }
                Way::Wait(self.board(state, true))
            }
            Some(current) if current.is_fresh(self.settings.clock.now()) => Way::Take(Some(current.clone())),
            _ => Way::Wait(self.board(state, true)),
        })
        .await
    }

    /// Goes the way to a token, waits out a lock-out as long as the connection's patience lasts.
    async fn obtain(self: &Arc<Self>, way: impl Fn(&mut State) -> Way) -> Result<Option<Arc<Access>>> {
        let started = clock::moment();
        loop {
            let way = way(&mut self.state.lock());
            let flight = match way {
                Way::Take(access) => return Ok(access),
                Way::Wait(flight) => flight,
            };
            match self.land(flight).await {
                None => {}
                Some(Ok(access)) => return Ok(Some(access)),
                Some(Err(error)) => match self.lock_out(&error, started) {
                    Some(wait) => {
                        let wait_ms = wait.as_millis();
                        tracing::warn!(reason = "Zoho gives no tokens for now", wait_ms, "waiting");
                        tokio::time::sleep(wait).await;
                    }
                    None => return Err(error),
                },
            }
        }
    }

    /// How long to wait before tokens are asked for again, if that is worth waiting for.
    fn lock_out(&self, error: &Error, started: Instant) -> Option<Duration> {
        let wait = error
            .retry_after()
            .filter(|_| error.kind() == ErrorKind::RateLimited)?;
        let enough = clock::since(started).saturating_add(wait) <= self.settings.patience;
        enough.then_some(wait)
    }

    /// Joins the refresh that is under way, or starts one.
    fn board(self: &Arc<Self>, state: &mut State, forced: bool) -> Flight {
        if let Some(flight) = &state.flight {
            return flight.clone();
        }
        let source = Arc::clone(self);
        let renewal = async move {
            let result = source.renew(forced).await;
            source.arrive(&result);
            result
        };
        let span = tracing::info_span!("zoho", operation = "refresh_token", forced);
        let task = tokio::spawn(renewal.instrument(span));
        // A task that ended without a result went down with its runtime.
        let flight = task.map(Result::ok).boxed().shared();
        state.flight = Some(flight.clone());
        flight
    }

    /// Notes how a refresh ended, and tells the platform when its user has to consent again.
    fn arrive(&self, result: &Result<Arc<Access>>) {
        let tell = {
            let mut state = self.state.lock();
            state.flight = None;
            match result {
                Ok(access) => {
                    state.current = Some(access.clone());
                    state.told = false;
                    None
                }
                Err(error) if error.needs_consent() && !state.told => {
                    state.told = true;
                    Some(error)
                }
                Err(_) => None,
            }
        };
        if let (Some(error), Some(hook)) = (tell, &self.settings.consent_hook) {
            hook(&self.settings.connection, error);
        }
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
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSource")
            .field("region", &self.settings.region)
            .field("connection", &self.settings.connection)
            .finish_non_exhaustive()
    }
}
