//! How a mock is set up.

mod dialect;
mod limits;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
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
use crate::console::Hosts;
use crate::crm::CrmWorld;
use crate::delivery::{Carrier, Courier};
use crate::front::{Shared, State};
use crate::limits::Slots;
use crate::recording::{self, RecordingError, Replay};
use crate::snapshot::Snapshot;

/// The settings of a mock. The defaults are the same on every machine: seed 1, 2026-01-01T00:00:00Z,
/// one organization, one client.
#[derive(Clone)]
pub struct MockBuilder {
    config: Config,
    address: SocketAddr,
    receiver: Option<Carrier>,
    notify_any: bool,
    snapshot: Option<Snapshot>,
    hosts: Vec<String>,
    replay: Option<Arc<Replay>>,
}

impl fmt::Debug for MockBuilder {
    // It may be given the secrets of a real application.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockBuilder")
            .field("seed", &self.config.seed)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Default for MockBuilder {
    fn default() -> Self {
        Self {
            config: Config::default(),
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            receiver: None,
            notify_any: false,
            snapshot: None,
            hosts: Vec::new(),
            replay: None,
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

    /// Whether every operation answers from its schema, also where the mock could keep state: what is
    /// sent is checked for its form only, and every call of the right form succeeds.
    #[must_use]
    pub fn answer_from_schemas(mut self, yes: bool) -> Self {
        self.config.from_schemas = yes;
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

    /// Answers to this name too under `/_mock/`. Without it only addresses, names of one word and
    /// `localhost` are answered there, so that no web page can reach the mock by a name of its own
    /// (DNS rebinding). Zoho's own paths are answered under any name.
    #[must_use]
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.hosts.push(name.into());
        self
    }

    /// Answers the APIs from recordings instead of the world, while the accounts server stays the mock's
    /// own: a request like one that was recorded gets its answer, and one like several gets theirs in
    /// turn. Any other is refused with 501 and the code `NOT_RECORDED`.
    ///
    /// # Errors
    /// [`RecordingError`] when the folder holds none, or a file in it is not one.
    pub fn replay(mut self, folder: impl AsRef<Path>) -> Result<Self, RecordingError> {
        self.replay = Some(Arc::new(Replay::new(recording::read(folder)?)));
        Ok(self)
    }

    /// The mock without a socket.
    pub fn in_process(self) -> MockZoho {
        MockZoho {
            shared: self.shared("http://localhost".to_owned(), Carrier::Collect),
            _server: None,
        }
    }

    /// The mock on a socket. It must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`StartError`], naming the address, when it cannot be listened on.
    pub async fn start(self) -> Result<MockZoho, StartError> {
        let (listener, address) = server::listen(self.address).await?;
        let carrier = Carrier::Http { any: self.notify_any };
        let shared = self.shared(format!("http://{address}"), carrier);
        let server = Server::run(listener, shared.clone());
        Ok(MockZoho {
            shared,
            _server: Some(server),
        })
    }

    /// What is behind the front door; callbacks go the usual way unless a receiver was given.
    fn shared(self, base_url: String, usual: Carrier) -> Arc<Shared> {
        let shared = Shared {
            state: Mutex::new(State::new(&self.config)),
            config: self.config,
            base_url,
            slots: Slots::default(),
            courier: Courier::new(self.receiver.unwrap_or(usual)),
            hosts: Hosts::new(self.hosts),
            replay: self.replay,
        };
        if let Some(Err(error)) = self.snapshot.map(|snapshot| shared.restore(&snapshot)) {
            // Settings that were made after the snapshot was given.
            tracing::error!(%error, "the snapshot was not restored");
        }
        Arc::new(shared)
    }
}
