//! How a connection is put together, and checked before anything is sent.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::Zoho;
use crate::auth::token::{Settings, TokenSource};
use crate::auth::{Callback, Grant, OAuthApp, grant};
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Result};
use crate::pipeline::limits::Limits;
use crate::pipeline::retry::RetryPolicy;
use crate::pipeline::transport::{ReqwestTransport, Transport};
use crate::pipeline::{Engine, Versions, jitter};
use crate::region::{Environment, Region};
use crate::store::{MemoryStore, StateStore, TokenStore};

/// A connection that is being put together.
#[must_use = "a builder makes a connection with build"]
#[derive(Clone)]
pub struct ZohoBuilder {
    region: Region,
    environment: Environment,
    app: Option<OAuthApp>,
    refresh_token: Option<SecretString>,
    store: Option<Arc<dyn StateStore>>,
    connection: String,
    transport: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
    user_agent: String,
    timeout: Duration,
    retry: RetryPolicy,
    concurrency: usize,
    seed: Option<u64>,
    versions: Versions,
}

impl ZohoBuilder {
    pub(crate) fn new(region: Region) -> Self {
        Self {
            region,
            environment: Environment::default(),
            app: None,
            refresh_token: None,
            store: None,
            connection: "default".to_owned(),
            transport: None,
            clock: Arc::new(SystemClock),
            user_agent: concat!("zoho-client/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeout: Duration::from_secs(60),
            retry: RetryPolicy::default(),
            concurrency: 10,
            seed: None,
            versions: Versions {
                crm: "v8".to_owned(),
                books: "v3".to_owned(),
            },
        }
    }

    /// A builder out of named values, as [`Zoho::from_env`] reads them.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): a value is missing, or names no region.
    pub fn from_vars(value: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let given = |name: &str| value(name).filter(|text| !text.trim().is_empty());
        let needed = |name: &str| given(name).ok_or_else(|| Error::config(format!("{name} is not set")));
        let region = match (given("ZOHO_BASE_URL"), given("ZOHO_REGION")) {
            (Some(address), _) => Region::custom(&address)?,
            (None, Some(region)) => region.parse()?,
            (None, None) => return Err(Error::config("neither ZOHO_REGION nor ZOHO_BASE_URL is set")),
        };
        let app = OAuthApp::new(needed("ZOHO_CLIENT_ID")?, needed("ZOHO_CLIENT_SECRET")?);
        Ok(Self::new(region)
            .oauth(app)
            .refresh_token(needed("ZOHO_REFRESH_TOKEN")?))
    }

    /// The application's credentials.
    pub fn oauth(mut self, app: OAuthApp) -> Self {
        self.app = Some(app);
        self
    }

    /// The refresh token that the user's consent gave.
    pub fn refresh_token(mut self, token: impl Into<SecretString>) -> Self {
        self.refresh_token = Some(token.into());
        self
    }

    /// Where tokens are kept. What the store has wins over [`ZohoBuilder::refresh_token`].
    pub fn token_store(mut self, store: impl StateStore) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// A store that several connections share.
    pub fn shared_token_store(mut self, store: Arc<dyn StateStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// The name under which the store keeps this connection; `default` without a word.
    pub fn connection(mut self, name: impl Into<String>) -> Self {
        self.connection = name.into();
        self
    }

    /// A CRM sandbox or developer edition in place of the organization itself.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Another way to carry requests: an HTTP client of your own settings, or a service in this
    /// process.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Another clock.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The `User-Agent` header.
    pub fn user_agent(mut self, agent: impl Into<String>) -> Self {
        self.user_agent = agent.into();
        self
    }

    /// How long one attempt may take; 60 seconds without a word.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How failed calls are repeated. Writes that may have happened are not, whatever it says.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many calls may be under way at once per organization: 5 to 25, by edition; 10 without a
    /// word.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls;
        self
    }

    /// Where the spread of waiting times starts, for runs that can be repeated.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The version of CRM's API in paths; `v8` without a word.
    pub fn crm_version(mut self, version: impl Into<String>) -> Self {
        self.versions.crm = version.into();
        self
    }

    /// Trades a checked callback for tokens, at the data centre that the callback names.
    ///
    /// # Errors
    /// The credentials can not be right, or Zoho refused.
    pub async fn exchange(&self, callback: &Callback) -> Result<Grant> {
        self.trade(&callback.region, &callback.code, Some(&callback.verifier))
            .await
    }

    /// Trades a code that the API console's self client made for tokens.
    ///
    /// # Errors
    /// The credentials can not be right, or Zoho refused.
    pub async fn exchange_code(&self, code: impl Into<SecretString>) -> Result<Grant> {
        self.trade(&self.region, &code.into(), None).await
    }

    async fn trade(
        &self,
        region: &Region,
        code: &SecretString,
        verifier: Option<&SecretString>,
    ) -> Result<Grant> {
        let app = self.checked_app()?;
        let transport = self.transport_or_default();
        grant::exchange(
            transport.as_ref(),
            &region.hosts(self.environment)?.accounts,
            &app,
            code.expose_secret(),
            verifier.map(ExposeSecret::expose_secret),
            self.timeout,
        )
        .await
    }

    fn checked_app(&self) -> Result<OAuthApp> {
        let app = self
            .app
            .clone()
            .ok_or_else(|| Error::config("a connection needs an application's client id and secret"))?;
        app.check()?;
        Ok(app)
    }

    fn transport_or_default(&self) -> Arc<dyn Transport> {
        match &self.transport {
            Some(transport) => Arc::clone(transport),
            None => Arc::new(ReqwestTransport::new()),
        }
    }

    /// The connection. Nothing is sent before its first call.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): something is missing or can not be right.
    pub fn build(self) -> Result<Zoho> {
        let app = self.checked_app()?;
        let empty = |token: &SecretString| token.expose_secret().trim().is_empty();
        if self.refresh_token.as_ref().is_some_and(empty) {
            return Err(Error::config("the refresh token is empty"));
        }
        if self.refresh_token.is_none() && self.store.is_none() {
            return Err(Error::config(
                "a connection needs a refresh token or a token store",
            ));
        }
        if self.concurrency == 0 || self.timeout.is_zero() {
            return Err(Error::config("concurrency and timeout must be more than nothing"));
        }
        for version in [&self.versions.crm, &self.versions.books] {
            if version.is_empty() || !version.chars().all(|c| c.is_ascii_alphanumeric() || c == '.') {
                return Err(Error::config("an API version looks like v8"));
            }
        }
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| Error::config("the user agent holds control characters"))?;
        let hosts = self.region.hosts(self.environment)?;
        let transport = self.transport_or_default();
        let tokens = TokenSource::new(Settings {
            transport: Arc::clone(&transport),
            clock: self.clock,
            region: self.region.clone(),
            environment: self.environment,
            accounts: hosts.accounts,
            api: hosts.api,
            app,
            refresh_token: self.refresh_token,
            store: TokenStore::new(self.store.unwrap_or_else(|| Arc::new(MemoryStore::new()))),
            connection: self.connection,
            timeout: self.timeout,
        });
        let seed = self
            .seed
            .unwrap_or_else(|| RandomState::new().build_hasher().finish());
        Ok(Zoho {
            engine: Arc::new(Engine {
                transport,
                tokens,
                limits: Limits::new(self.concurrency),
                retry: self.retry,
                timeout: self.timeout,
                user_agent,
                versions: self.versions,
                jitter: jitter(seed),
            }),
            metadata: Arc::default(),
            organization: Arc::default(),
            region: self.region,
        })
    }
}

impl fmt::Debug for ZohoBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZohoBuilder")
            .field("region", &self.region)
            .field("environment", &self.environment)
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}
