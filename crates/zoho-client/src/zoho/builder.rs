//! How a connection is put together, and checked before anything is sent.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::Zoho;
use super::limits::LimitSettings;
use crate::auth::token::{ConsentHook, Credential, Settings, TokenSource};
use crate::auth::{Grant, OAuthApp, OAuthUrls, Scopes};
use crate::clock::{Clock, SystemClock};
use crate::error::{Error, Result};
use crate::pipeline::limits::Shelf;
use crate::pipeline::retry::RetryPolicy;
use crate::pipeline::transport::{ReqwestTransport, Transport};
use crate::pipeline::{Engine, Versions, jitter};
use crate::region::{Environment, Region};
use crate::store::{MemoryStore, StateStore, TokenStore};

/// A connection that is being put together.
#[must_use = "a builder makes a connection with build"]
#[derive(Clone)]
pub struct ZohoBuilder {
    pub(super) region: Region,
    environment: Environment,
    app: Option<OAuthApp>,
    urls: Option<OAuthUrls>,
    credential: Credential,
    grant: Option<Grant>,
    token_patience: Duration,
    consent_hook: Option<ConsentHook>,
    store: Option<Arc<dyn StateStore>>,
    connection: String,
    transport: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
    user_agent: String,
    pub(super) timeout: Duration,
    pub(super) largest: usize,
    retry: RetryPolicy,
    pub(super) limits: LimitSettings,
    seed: Option<u64>,
    versions: Versions,
}

impl ZohoBuilder {
    pub(crate) fn new(region: Region) -> Self {
        Self {
            region,
            environment: Environment::default(),
            app: None,
            urls: None,
            credential: Credential::RefreshToken(None),
            grant: None,
            token_patience: Duration::from_secs(660),
            consent_hook: None,
            store: None,
            connection: "default".to_owned(),
            transport: None,
            clock: Arc::new(SystemClock),
            user_agent: concat!("zoho-client/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeout: Duration::from_secs(60),
            largest: 64 << 20,
            retry: RetryPolicy::default(),
            limits: LimitSettings::default(),
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
        let environment =
            given("ZOHO_ENVIRONMENT").map_or(Ok(Environment::Production), |name| name.parse())?;
        Ok(Self::new(region)
            .oauth(app)
            .environment(environment)
            .refresh_token(needed("ZOHO_REFRESH_TOKEN")?))
    }

    /// The application's credentials.
    pub fn oauth(mut self, app: OAuthApp) -> Self {
        self.app = Some(app);
        self
    }

    /// The refresh token that the user's consent gave.
    pub fn refresh_token(mut self, token: impl Into<SecretString>) -> Self {
        self.credential = Credential::RefreshToken(Some(token.into()));
        self
    }

    /// What a consent gave just now: its access token is used until it ends, and all of it is put
    /// into the store, in place of what was there.
    ///
    /// ```
    /// use zoho_client::{OAuthApp, Region, ServiceTransport, Zoho};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mock = zoho_mock::MockZoho::in_process();
    /// let builder = Zoho::builder(Region::custom(mock.base_url())?)
    ///     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
    ///     .transport(ServiceTransport::new(mock.service()));
    /// # let code = mock.grant_code(zoho_client::Scopes::seed().iter());
    /// let grant = builder.exchange_code(code).await?;
    /// let zoho = builder.grant(grant).build()?;
    /// zoho.crm().modules().await?;
    /// assert_eq!(mock.journal().count("token"), 1); // the exchange; no refresh followed
    /// # Ok(())
    /// # }
    /// ```
    pub fn grant(mut self, grant: Grant) -> Self {
        self.grant = Some(grant);
        self
    }

    /// A connection of the application itself to one organization, without a user: Zoho's client
    /// credentials. `soid` is the service and the organization, such as `ZohoCRM.60001234567`. There is
    /// no refresh token: a new access token is asked for in the same way.
    pub fn client_credentials(mut self, soid: impl Into<String>, scopes: Scopes) -> Self {
        let soid = soid.into();
        self.credential = Credential::Organization { soid, scopes };
        self
    }

    /// Addresses of the accounts server that are written out, in place of the region's usual ones.
    /// They must belong to the region.
    pub fn oauth_urls(mut self, urls: OAuthUrls) -> Self {
        self.urls = Some(urls);
        self
    }

    /// How long a call waits, dropped at any time, while Zoho gives no access tokens: it gives ten in
    /// ten minutes and locks out who asks for more. Eleven minutes without a word; with zero such a
    /// call fails at once with [`ErrorKind::RateLimited`](crate::ErrorKind::RateLimited).
    pub fn token_patience(mut self, patience: Duration) -> Self {
        self.token_patience = patience;
        self
    }

    /// What to do when the user has to consent again: called with the connection's name and the error,
    /// once until there is a token again. It runs inside the failing call; it must not block.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    /// use zoho_client::{OAuthApp, Region, ServiceTransport, Zoho};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mock = zoho_mock::MockZoho::in_process();
    /// let told = Arc::new(AtomicUsize::new(0));
    /// let counter = told.clone();
    /// let zoho = Zoho::builder(Region::custom(mock.base_url())?)
    ///     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
    ///     .refresh_token("1000.revoked")
    ///     .connection("acme")
    ///     .on_consent_needed(move |connection, error| {
    ///         assert!(connection == "acme" && error.needs_consent());
    ///         counter.fetch_add(1, Ordering::Relaxed);
    ///     })
    ///     .transport(ServiceTransport::new(mock.service()))
    ///     .build()?;
    /// for _ in 0..3 {
    ///     let error = zoho.crm().modules().await.unwrap_err();
    ///     assert!(error.needs_consent());
    /// }
    /// assert_eq!(told.load(Ordering::Relaxed), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_consent_needed(mut self, hook: impl Fn(&str, &Error) + Send + Sync + 'static) -> Self {
        self.consent_hook = Some(Arc::new(hook));
        self
    }

    /// Where tokens are kept, and what is used of the limits: clients of one store keep to them
    /// together. What the store has wins over [`ZohoBuilder::refresh_token`].
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

    /// A transport that several connections share, and with it one pool of network connections.
    pub fn shared_transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
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

    pub(super) fn checked_app(&self) -> Result<OAuthApp> {
        let app = self
            .app
            .clone()
            .ok_or_else(|| Error::config("a connection needs an application's client id and secret"))?;
        app.check()?;
        Ok(app)
    }

    /// The addresses of the accounts server of a region.
    pub(super) fn urls_of(&self, region: &Region) -> Result<OAuthUrls> {
        match &self.urls {
            Some(urls) if urls.region() == region => Ok(urls.clone()),
            Some(_) if *region == self.region => Err(Error::config(
                "the addresses of the accounts server belong to another region than the connection",
            )),
            _ => OAuthUrls::of(region),
        }
    }

    pub(super) fn transport_or_default(&self) -> Arc<dyn Transport> {
        match &self.transport {
            Some(transport) => Arc::clone(transport),
            None => Arc::new(ReqwestTransport::new()),
        }
    }

    fn check_credential(&self) -> Result<()> {
        if self.connection.is_empty() || self.connection.chars().any(char::is_control) {
            return Err(Error::config(
                "the name of a connection is empty or holds control characters",
            ));
        }
        match &self.credential {
            Credential::RefreshToken(Some(token)) if token.expose_secret().trim().is_empty() => {
                Err(Error::config("the refresh token is empty"))
            }
            Credential::RefreshToken(None) if self.store.is_none() && self.grant.is_none() => Err(
                Error::config("a connection needs a refresh token, a grant or a token store"),
            ),
            Credential::Organization { scopes, .. } if scopes.is_empty() => {
                Err(Error::config("client credentials need at least one scope"))
            }
            Credential::Organization { soid, .. }
                if !soid
                    .split_once('.')
                    .is_some_and(|(service, org)| !service.is_empty() && !org.is_empty()) =>
            {
                Err(Error::config("a soid looks like ZohoCRM.60001234567"))
            }
            _ => Ok(()),
        }
    }

    /// The connection. Nothing is sent before its first call.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): something is missing or can not be right.
    pub fn build(self) -> Result<Zoho> {
        let app = self.checked_app()?;
        self.check_credential()?;
        if self.timeout.is_zero() {
            return Err(Error::config("the timeout must be more than nothing"));
        }
        // A number that differs from connection to connection and from process to process.
        let entropy = || RandomState::new().build_hasher().finish();
        let holder = format!("{:x}-{:016x}", std::process::id(), entropy());
        let shelf = self.store.as_ref().map(|store| Shelf {
            store: Arc::clone(store),
            clock: Arc::clone(&self.clock),
            connection: self.connection.as_str().into(),
            holder: holder.as_str().into(),
        });
        let limits = self.limits.make(shelf)?;
        for version in [&self.versions.crm, &self.versions.books] {
            if version.is_empty() || !version.chars().all(|c| c.is_ascii_alphanumeric() || c == '.') {
                return Err(Error::config("an API version looks like v8"));
            }
        }
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| Error::config("the user agent holds control characters"))?;
        let urls = self.urls_of(&self.region)?;
        let hosts = self.region.hosts(self.environment)?;
        let transport = self.transport_or_default();
        let settings = Settings {
            transport: Arc::clone(&transport),
            clock: self.clock,
            region: self.region.clone(),
            environment: self.environment,
            urls,
            api: hosts.api,
            app,
            credential: self.credential,
            store: TokenStore::new(self.store.unwrap_or_else(|| Arc::new(MemoryStore::new()))),
            connection: self.connection,
            holder,
            timeout: self.timeout,
            patience: self.token_patience,
            consent_hook: self.consent_hook,
        };
        let tokens = TokenSource::new(settings, self.grant);
        let seed = self.seed.unwrap_or_else(entropy);
        Ok(Zoho {
            engine: Arc::new(Engine {
                transport,
                tokens,
                limits,
                retry: self.retry,
                timeout: self.timeout,
                largest: self.largest,
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
