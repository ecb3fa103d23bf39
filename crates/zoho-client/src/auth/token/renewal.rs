//! How a new access token is got: by one process at a time, whoever shares the store.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use http::HeaderValue;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use super::access::{Access, SLACK};
use super::history::History;
use super::{Credential, TokenSource};
use crate::auth::grant::{Endpoint, Grant, WINDOW};
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::retry::may_have_happened;
use crate::store::{Guard, Lease, StoredTokens};

/// How often the store is asked whether another process has the new token: first so soon, then
/// after twice as long each time.
const FIRST_LOOK: Duration = Duration::from_millis(20);
const LATER_LOOKS: Duration = Duration::from_millis(500);

/// What a lease has beyond the longest time that a token request may take.
const MARGIN: Duration = Duration::from_secs(15);

impl TokenSource {
    /// A token that can be used: the store's, or a new one.
    ///
    /// Whoever has the lease asks Zoho; the others look into the store until the token is there, or
    /// until the lease is free, because its holder failed or died.
    pub(super) async fn renew(&self, forced: bool) -> Result<Arc<Access>> {
        let settings = &self.settings;
        let name = format!("refresh/{}", settings.connection);
        let term = settings.timeout.saturating_add(MARGIN);
        let mut look = FIRST_LOOK;
        loop {
            if let Some(access) = self.stored(forced).await? {
                return Ok(access);
            }
            let state = settings.store.state();
            let now = settings.clock.now();
            let Some(lease) = state.acquire(&name, &settings.holder, now, term).await? else {
                tracing::debug!(reason = "another process asks for a token", "waiting");
                tokio::time::sleep(look).await;
                look = LATER_LOOKS.min(look * 2);
                continue;
            };
            let renewed = self.renew_alone(&lease, forced).await;
            // A lease that is not given back ends by itself.
            if let Err(error) = state.release(&lease).await {
                tracing::warn!(error = %error, "the lease of the token was not given back");
            }
            // Without a token and without an error the lease was lost: somebody else has it.
            if let Some(access) = renewed? {
                return Ok(access);
            }
        }
    }

    /// The token that the store has, if it can be used.
    async fn stored(&self, forced: bool) -> Result<Option<Arc<Access>>> {
        self.keep_grant().await?;
        let settings = &self.settings;
        let Some(kept) = settings.store.load(&settings.connection).await? else {
            return Ok(None);
        };
        let history = History::load(&**settings.store.state(), &settings.connection).await?;
        let Some(access) = self.restore(&kept, &history)? else {
            return Ok(None);
        };
        let current = self.state.lock().current.clone();
        // After a refusal only a token that somebody else has put into the store will do.
        let other = current.is_none_or(|current| current.header != access.header);
        Ok((!forced || other).then_some(access))
    }

    /// Puts what the user's consent gave into the store, over what was there.
    async fn keep_grant(&self) -> Result<()> {
        let granted = self.state.lock().granted.clone();
        if let Some(tokens) = granted {
            self.settings
                .store
                .save(&self.settings.connection, &tokens)
                .await?;
            self.state.lock().granted = None;
        }
        Ok(())
    }

    /// Asks Zoho, with the lease in hand. `None` when the lease was lost on the way.
    async fn renew_alone(&self, lease: &Lease, forced: bool) -> Result<Option<Arc<Access>>> {
        // Somebody may have renewed the token before the lease was ours.
        if let Some(access) = self.stored(forced).await? {
            return Ok(Some(access));
        }
        let settings = &self.settings;
        let (state, connection) = (&**settings.store.state(), settings.connection.as_str());
        let held = Guard::Held(lease);
        let mut history = History::load(state, connection).await?;
        let kept = settings.store.load(connection).await?.unwrap_or_default();
        let now = settings.clock.now();
        // The store's token wins, unless Zoho does not know it any more and the caller has another.
        let known = [kept.refresh_token, settings.credential.refresh_token()]
            .into_iter()
            .flatten();
        let (dead, alive): (Vec<_>, Vec<_>) = known.partition(|token| history.is_gone(token, now));
        let refresh_token = alive.into_iter().next();
        if refresh_token.is_none() && !dead.is_empty() {
            return Err(gone("Zoho said lately that it does not know the refresh token"));
        }
        history.take(now).map_err(too_many)?;
        // Counted before it is sent, so that a process that dies now has counted it.
        if !history.save(state, connection, held).await? {
            return Ok(None);
        }
        match self.ask(refresh_token.as_ref()).await {
            Ok(granted) => {
                let forced = forced.then_some(now);
                let access = self.adopt(&granted, now, forced)?;
                history.granted(&granted.access_token, forced);
                let tokens = granted.into_tokens(refresh_token, now);
                let saved = settings.store.save_with(connection, &tokens, held).await?;
                Ok((saved && history.save(state, connection, held).await?).then_some(access))
            }
            Err(error) => {
                if error.kind() == ErrorKind::RateLimited {
                    history.lock(now, error.retry_after().unwrap_or(WINDOW));
                } else if let (true, Some(token)) = (error.needs_consent(), &refresh_token) {
                    history.lose(token, now);
                }
                if !may_have_happened(&error) {
                    history.give_back();
                }
                history.save(state, connection, held).await?;
                Err(error)
            }
        }
    }

    fn endpoint<'a>(&'a self, address: &'a str) -> Endpoint<'a> {
        let settings = &self.settings;
        Endpoint {
            transport: settings.transport.as_ref(),
            address,
            region: settings.urls.region(),
            app: &settings.app,
            timeout: settings.timeout,
        }
    }

    async fn ask(&self, refresh_token: Option<&SecretString>) -> Result<Grant> {
        let settings = &self.settings;
        let endpoint = self.endpoint(&settings.urls.token);
        match (&settings.credential, refresh_token) {
            (Credential::Organization { soid, scopes }, _) => endpoint.client_credentials(soid, scopes).await,
            (Credential::RefreshToken(_), Some(token)) => endpoint.refresh(token).await,
            (Credential::RefreshToken(_), None) => {
                Err(gone("there is no refresh token for this connection").unsent(true))
            }
        }
    }

    /// Takes the refresh token back, and forgets the tokens. `false` when Zoho did not know it, or
    /// there was none.
    pub(crate) async fn revoke(&self) -> Result<bool> {
        self.keep_grant().await?;
        let settings = &self.settings;
        let kept = settings
            .store
            .load(&settings.connection)
            .await?
            .unwrap_or_default();
        let token = kept.refresh_token.or_else(|| settings.credential.refresh_token());
        let revoked = match token {
            Some(token) => self.endpoint(&settings.urls.revoke).revoke(&token).await?,
            None => false,
        };
        settings.store.remove(&settings.connection).await?;
        self.state.lock().current = None;
        Ok(revoked)
    }

    /// The token that the store has, if it can be used.
    fn restore(&self, kept: &StoredTokens, history: &History) -> Result<Option<Arc<Access>>> {
        let (Some(token), Some(expires_at)) = (&kept.access_token, kept.expires_at) else {
            return Ok(None);
        };
        let access = Access {
            header: header(token)?,
            api: self.api(kept.api_domain.as_deref())?,
            scopes: kept.scopes.clone(),
            expires_at,
            slack: SLACK,
            forced: history.was_forced(token),
            proven: AtomicBool::new(false),
        };
        Ok(access
            .is_fresh(self.settings.clock.now())
            .then(|| Arc::new(access)))
    }

    fn adopt(&self, granted: &Grant, asked_at: Timestamp, forced: Option<Timestamp>) -> Result<Arc<Access>> {
        Ok(Arc::new(Access {
            header: header(&granted.access_token)?,
            api: self.api(granted.api_domain.as_deref())?,
            scopes: granted.scopes.clone(),
            expires_at: granted.expires_at(asked_at),
            slack: SLACK.min(granted.lifetime / 4),
            forced,
            proven: AtomicBool::new(false),
        }))
    }

    fn api(&self, domain: Option<&str>) -> Result<Arc<str>> {
        let settings = &self.settings;
        match domain {
            Some(domain) => settings.region.check_api_domain(settings.environment, domain),
            None => Ok(settings.api.clone()),
        }
    }
}

fn header(token: &SecretString) -> Result<HeaderValue> {
    let text = format!("Zoho-oauthtoken {}", token.expose_secret());
    let mut header = HeaderValue::from_str(&text).map_err(|_| {
        Error::new(ErrorKind::Decode, "the access token is not printable").with_json_path("$.access_token")
    })?;
    header.set_sensitive(true);
    Ok(header)
}

fn gone(message: &'static str) -> Error {
    Error::new(ErrorKind::Auth, message).consent_needed()
}

fn too_many(wait: Duration) -> Error {
    Error::new(
        ErrorKind::RateLimited,
        "asking for another access token now would lock the connection out",
    )
    .unsent(true)
    .with_retry_after(Some(wait))
}

impl Grant {
    /// When the access token ends, if it was asked for then.
    pub(super) fn expires_at(&self, asked_at: Timestamp) -> Timestamp {
        let lifetime = SignedDuration::try_from(self.lifetime).unwrap_or(SignedDuration::MAX);
        asked_at.saturating_add(lifetime).unwrap_or(Timestamp::MAX)
    }

    /// What a store keeps of it. Zoho gives no new refresh token with a refresh: the old one stays.
    pub(super) fn into_tokens(
        self,
        refresh_token: Option<SecretString>,
        asked_at: Timestamp,
    ) -> StoredTokens {
        StoredTokens {
            expires_at: Some(self.expires_at(asked_at)),
            refresh_token: self.refresh_token.or(refresh_token),
            access_token: Some(self.access_token),
            api_domain: self.api_domain,
            scopes: self.scopes,
        }
    }
}
