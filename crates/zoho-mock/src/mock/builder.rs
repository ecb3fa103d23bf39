//! How a mock is set up.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use super::server::{Server, StartError};
use super::{MockZoho, SeedError, server};
use crate::accounts::DataCentre;
use crate::clock::machine_time;
use crate::config::{Client, Config, User};
use crate::crm::CrmWorld;
use crate::delivery::{Carrier, Courier};
use crate::front::{Shared, State};
use crate::limits::{Edition, Slots};
use crate::snapshot::Snapshot;

/// The settings of a mock. The defaults are the same on every machine: seed 1, 2026-01-01T00:00:00Z,
/// one organization, one client.
#[derive(Clone, Debug)]
pub struct MockBuilder {
    config: Config,
    address: SocketAddr,
    receiver: Option<Carrier>,
    notify_any: bool,
    snapshot: Option<Snapshot>,
}

impl Default for MockBuilder {
    fn default() -> Self {
        Self {
            config: Config::default(),
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            receiver: None,
            notify_any: false,
            snapshot: None,
        }
    }
}

impl MockBuilder {
    /// What ids, tokens and the default client are made from.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.config.seed = seed;
        self
    }

    /// What the clock shows at the start.
    #[must_use]
    pub fn start_instant(mut self, start: Timestamp) -> Self {
        self.config.start = start;
        self
    }

    /// Starts with the machine's time, for clients that reckon with their own clock.
    #[must_use]
    pub fn start_now(self) -> Self {
        self.start_instant(machine_time())
    }

    /// Whether the clock stands still from the start.
    #[must_use]
    pub fn frozen(mut self, frozen: bool) -> Self {
        self.config.frozen = frozen;
        self
    }

    /// The time zone of the user and of the organization, with the name that Books shows for it.
    #[must_use]
    pub fn time_zone(mut self, name: impl Into<String>, zone: TimeZone) -> Self {
        self.config.zone = zone;
        self.config.zone_name = name.into();
        self
    }

    /// The Books organization.
    #[must_use]
    pub fn organization(mut self, id: impl Into<String>, name: impl Into<String>) -> Self {
        self.config.organization_id = id.into();
        self.config.organization_name = name.into();
        self
    }

    /// Adds an OAuth client; the first one added takes the place of the default client. Without
    /// redirect addresses any address will do.
    #[must_use]
    pub fn client<S: Into<String>>(
        self,
        id: impl Into<String>,
        secret: impl Into<String>,
        redirect_uris: impl IntoIterator<Item = S>,
    ) -> Self {
        self.client_at(DataCentre::US, id, secret, redirect_uris)
    }

    /// Adds an OAuth client to one data centre: elsewhere its id is unknown, unless it is added
    /// there too, with a secret of its own or the same.
    #[must_use]
    pub fn client_at<S: Into<String>>(
        mut self,
        centre: DataCentre,
        id: impl Into<String>,
        secret: impl Into<String>,
        redirect_uris: impl IntoIterator<Item = S>,
    ) -> Self {
        self.config.clients.push(Client {
            id: id.into(),
            secret: secret.into(),
            redirect_uris: redirect_uris.into_iter().map(Into::into).collect(),
            centre,
        });
        self
    }

    /// Adds a user who can consent; the first one added takes the place of the default user. With
    /// several the consent page asks who is signed in. Tokens belong to the user's data centre.
    #[must_use]
    pub fn user(mut self, name: impl Into<String>, email: impl Into<String>, centre: DataCentre) -> Self {
        self.config.users.push(User {
            name: name.into(),
            email: email.into(),
            centre,
        });
        self
    }

    /// How long a grant code may wait for its exchange: two minutes by default.
    #[must_use]
    pub fn code_life(mut self, life: Duration) -> Self {
        self.config.code_life = SignedDuration::try_from(life).unwrap_or(SignedDuration::MAX);
        self
    }

    /// Whether a token request over the limit is answered with 200 instead of 400: both are known
    /// of Zoho.
    #[must_use]
    pub fn throttle_with_200(mut self, yes: bool) -> Self {
        self.config.dialect.throttle_with_200 = yes;
        self
    }

    /// Whether token answers carry `expires_in_sec` beside an `expires_in` of milliseconds.
    #[must_use]
    pub fn expires_in_sec(mut self, yes: bool) -> Self {
        self.config.dialect.expires_in_sec = yes;
        self
    }

    /// Whether the answer to a refresh leaves `expires_in` out, as is reported of Zoho.
    #[must_use]
    pub fn omit_expires_in(mut self, yes: bool) -> Self {
        self.config.dialect.omit_expires_in = yes;
        self
    }

    /// Whether a CRM batch with mixed outcomes is answered with 200 instead of 207.
    #[must_use]
    pub fn mixed_with_200(mut self, yes: bool) -> Self {
        self.config.dialect.mixed_with_200 = yes;
        self
    }

    /// The edition of CRM: it sets how many calls of one application may be under way at once. The default
    /// is Enterprise, with 20.
    #[must_use]
    pub fn edition(mut self, edition: Edition) -> Self {
        self.config.edition = edition;
        self.crm_concurrency(Some(edition.concurrency()))
    }

    /// CRM calls of one application that may be under way at once; `None` is without limit. A composite
    /// request counts as five. One more is refused with 429.
    #[must_use]
    pub fn crm_concurrency(mut self, calls: Option<u32>) -> Self {
        self.config.allowances.crm_concurrency = calls;
        self
    }

    /// Of the CRM calls under way, so many (10 by default) may be heavy ones: COQL, search, lists with `cvid`
    /// or `sort_by`, composite requests, conversions of leads, writes of more than 10 records, e-mails.
    #[must_use]
    pub fn crm_sub_concurrency(mut self, calls: Option<u32>) -> Self {
        self.config.allowances.crm_sub_concurrency = calls;
        self
    }

    /// Books calls of one organization that may be under way at once (10 by default); `None` is without
    /// limit. One more is refused with 429 and code 1070.
    #[must_use]
    pub fn books_concurrency(mut self, calls: Option<u32>) -> Self {
        self.config.allowances.books_concurrency = calls;
        self
    }

    /// How long every answer takes, by tokio's clock, in whole milliseconds; nothing by default, so that calls
    /// do not overlap. What the mock answers about itself takes no time.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use tower::ServiceExt as _;
    ///
    /// let zoho = zoho_mock::MockZoho::builder().latency(Duration::from_millis(250)).in_process();
    /// let before = tokio::time::Instant::now();
    /// let request = http::Request::get("http://localhost/crm/v8/org").body(String::new())?;
    /// zoho.service().oneshot(request).await?;
    /// assert_eq!(before.elapsed().as_millis(), 250);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.config.allowances.latency_ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        self
    }

    /// Whether a CRM call over a limit is refused with `RATE_LIMIT_EXCEEDED` instead of
    /// `TOO_MANY_REQUESTS`: both are known of Zoho.
    #[must_use]
    pub fn rate_limit_exceeded(mut self, yes: bool) -> Self {
        self.config.dialect.rate_limit_exceeded = yes;
        self
    }

    /// Books calls per organization and minute (100 by default); `None` is without limit.
    #[must_use]
    pub fn books_per_minute(mut self, calls: Option<u32>) -> Self {
        self.config.allowances.books_per_minute = calls;
        self
    }

    /// Books calls per organization and day (10,000 by default).
    #[must_use]
    pub fn books_per_day(mut self, calls: u32) -> Self {
        self.config.allowances.books_per_day = calls;
        self
    }

    /// CRM credits per 24 hours (100,000 by default).
    #[must_use]
    pub fn crm_credits(mut self, credits: u32) -> Self {
        self.config.allowances.crm_credits = credits;
        self
    }

    /// Begins with so many records in a CRM module, with values that look like a company's, the same
    /// for the same seed. Lookups lead to the records that were asked for before: name `Accounts`
    /// before `Contacts`.
    ///
    /// ```
    /// # fn main() -> Result<(), zoho_mock::SeedError> {
    /// let zoho = zoho_mock::MockZoho::builder().records("Leads", 500)?.in_process();
    /// # let _ = zoho;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SeedError`] when there is no such module, or for more than 10,000,000 records.
    pub fn records(mut self, module: impl Into<String>, count: usize) -> Result<Self, SeedError> {
        let module = module.into();
        CrmWorld::try_seed(&self.config, &module, count).map_err(SeedError)?;
        self.config.records.push((module, count));
        Ok(self)
    }

    /// Whether to say what Zoho takes and a careful client would not send: unknown query parameters,
    /// a body without Content-Type, ids as numbers, trailing slashes. It is said in the journal
    /// ([`crate::Exchange::careless`]) and in the header `x-zoho-mock-strict`; answers stay the same.
    #[must_use]
    pub fn strict(mut self, yes: bool) -> Self {
        self.config.strict = yes;
        self
    }

    /// Begins with the world of a snapshot, and with its configuration in place of the settings made
    /// so far. A reset goes back to the beginning of that world.
    #[must_use]
    pub fn snapshot(mut self, snapshot: Snapshot) -> Self {
        self.config = snapshot.config.clone();
        self.snapshot = Some(snapshot);
        self
    }

    /// Where to listen; a free port of 127.0.0.1 by default.
    #[must_use]
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Hands notification callbacks to a service, whatever address their channel gave: an axum router,
    /// or a `tower::service_fn`. Without one a mock in process collects them, and a mock on a socket
    /// sends them. They come one at a time, each when the one before was answered.
    #[must_use]
    pub fn deliver_to<S, B>(mut self, service: S) -> Self
    where
        S: tower_service::Service<Request<Full<Bytes>>, Response = Response<B>>,
        S: Clone + Send + Sync + 'static,
        S::Error: std::fmt::Display + Send,
        S::Future: Send,
        B: Send,
    {
        self.receiver = Some(Carrier::service(service));
        self
    }

    /// Whether a mock on a socket sends notification callbacks to other machines too; by default it
    /// notes them as suppressed, so that a test cannot post to the world.
    #[must_use]
    pub fn notify_any(mut self, yes: bool) -> Self {
        self.notify_any = yes;
        self
    }

    /// The mock without a socket.
    pub fn in_process(self) -> MockZoho {
        let carrier = self.receiver.unwrap_or(Carrier::Collect);
        MockZoho {
            shared: shared(
                self.config,
                "http://localhost".to_owned(),
                carrier,
                self.snapshot.as_ref(),
            ),
            _server: None,
        }
    }

    /// The mock on a socket. It must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`StartError`], naming the address, when it cannot be listened on.
    pub async fn start(self) -> Result<MockZoho, StartError> {
        let (listener, address) = server::listen(self.address).await?;
        let any = self.notify_any;
        let carrier = self.receiver.unwrap_or(Carrier::Http { any });
        let shared = shared(
            self.config,
            format!("http://{address}"),
            carrier,
            self.snapshot.as_ref(),
        );
        let server = Server::run(listener, shared.clone());
        Ok(MockZoho {
            shared,
            _server: Some(server),
        })
    }
}

fn shared(config: Config, base_url: String, carrier: Carrier, snapshot: Option<&Snapshot>) -> Arc<Shared> {
    let state = Mutex::new(State::new(&config));
    let shared = Shared {
        config,
        base_url,
        state,
        slots: Slots::default(),
        courier: Courier::new(carrier),
    };
    if let Some(Err(error)) = snapshot.map(|snapshot| shared.restore(snapshot)) {
        // Settings that were made after the snapshot was given.
        tracing::error!(%error, "the snapshot was not restored");
    }
    Arc::new(shared)
}
