//! The mock as a value: how it is built, started and asked what it knows.

mod builder;
mod deliveries;
mod server;
mod service;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::accounts::{AccountsServer, everything};
use crate::faults::Fault;
use crate::front::{self, Shared, State};
use crate::history::Step;
use crate::journal::Journal;
use crate::route::Product;
use crate::routing;
use crate::snapshot::{Snapshot, SnapshotError};
use server::Server;

pub use builder::MockBuilder;
pub use deliveries::DeliveryFaults;
pub use server::StartError;
pub use service::{Answering, Service};

/// A local Zoho with a world of its own.
///
/// On a socket it stops when it is dropped:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), zoho_mock::StartError> {
/// let zoho = zoho_mock::MockZoho::start().await?;
/// assert!(zoho.base_url().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
///
/// In process it needs no socket, and under tokio's paused time a week passes in a moment:
///
/// ```
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use tower::ServiceExt as _;
///
/// let zoho = zoho_mock::MockZoho::in_process();
/// let request = http::Request::get("http://localhost/crm/v8/org").body(String::new())?;
/// let response = zoho.service().oneshot(request).await?;
/// assert_eq!(response.status(), 401);
/// assert_eq!(zoho.journal().exchanges().len(), 1);
/// # Ok(())
/// # }
/// ```
pub struct MockZoho {
    shared: Arc<Shared>,
    /// Held for its end: dropping it closes the socket.
    _server: Option<Server>,
}

impl MockZoho {
    /// A mock with settings of its own.
    pub fn builder() -> MockBuilder {
        MockBuilder::default()
    }

    /// Starts a mock with the defaults on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// [`StartError`] when no port can be had.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// A mock with the defaults and without a socket.
    pub fn in_process() -> Self {
        Self::builder().in_process()
    }

    /// The mock as a tower service over any request body; clones share the world.
    pub fn service(&self) -> Service {
        Service::new(self.shared.clone())
    }

    /// The address of all three servers (accounts, CRM, Books): `http://127.0.0.1:PORT`, or
    /// `http://localhost` in process.
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// The id of the OAuth client.
    pub fn client_id(&self) -> String {
        self.shared.config.client().id
    }

    /// The secret of the OAuth client.
    pub fn client_secret(&self) -> String {
        self.shared.config.client().secret
    }

    /// A refresh token whose scopes cover every operation.
    pub fn refresh_token(&self) -> String {
        self.shared
            .state
            .lock()
            .world
            .accounts
            .first_refresh_token()
            .to_owned()
    }

    /// The id of the Books organization.
    pub fn organization_id(&self) -> &str {
        &self.shared.config.organization_id
    }

    /// Hands out a grant code as the API console does for a self client: it can be exchanged once,
    /// within two minutes, and always gives a refresh token. Without scopes it is for everything.
    pub fn grant_code<S: Into<String>>(&self, scopes: impl IntoIterator<Item = S>) -> String {
        let mut scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        if scopes.is_empty() {
            scopes = everything();
        }
        self.shared.grant(&mut self.shared.state.lock(), scopes)
    }

    /// What time it is. Under tokio's paused time, ask from within the runtime: outside of it the
    /// clock runs with the machine's.
    pub fn now(&self) -> Timestamp {
        self.shared.state.lock().world.clock.now()
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.shared.state.lock().world.clock.advance(by);
        self.shared.courier.wake();
    }

    /// Sets the clock.
    pub fn set_time(&self, to: Timestamp) {
        self.shared.state.lock().world.clock.set(to);
        self.shared.courier.wake();
    }

    /// Stops the clock; it moves only by [`MockZoho::advance`] and [`MockZoho::set_time`].
    pub fn freeze(&self) {
        self.shared.state.lock().world.clock.freeze();
    }

    /// Lets a stopped clock run again.
    pub fn thaw(&self) {
        self.shared.state.lock().world.clock.thaw();
        self.shared.courier.wake();
    }

    /// Ends all access tokens now, as if each had lived its hour; refresh tokens stay.
    pub fn expire_access_tokens(&self) {
        let mut state = self.shared.state.lock();
        state.world.accounts.expire_access_tokens();
        state.note(Step::ExpireAccessTokens);
    }

    /// The accounts server: more clients and users, and consent without a browser.
    pub fn accounts(&self) -> AccountsServer<'_> {
        AccountsServer::new(&self.shared)
    }

    /// What is scripted to go wrong.
    pub fn faults(&self) -> Faults<'_> {
        Faults { shared: &self.shared }
    }

    /// What was asked so far, and how it was answered.
    pub fn journal(&self) -> Journal {
        self.shared.state.lock().book.journal()
    }

    /// Adds so many records to a CRM module; see [`MockBuilder::records`].
    ///
    /// # Errors
    /// [`SeedError`] when there is no such module.
    pub fn seed_records(&self, module: &str, count: usize) -> Result<(), SeedError> {
        self.shared
            .seed(&mut self.shared.state.lock(), module, count)
            .map_err(SeedError)
    }

    /// The world as it stands: what [`MockZoho::restore`] and [`MockBuilder::snapshot`] take.
    pub fn snapshot(&self) -> Snapshot {
        self.shared.snapshot()
    }

    /// Puts the world of a snapshot in place of the present one; faults and journal stay. Only a mock
    /// of the same configuration can take it; [`MockBuilder::snapshot`] makes one of any.
    ///
    /// # Errors
    /// [`SnapshotError::OtherConfiguration`].
    pub fn restore(&self, snapshot: &Snapshot) -> Result<(), SnapshotError> {
        self.shared.restore(snapshot)
    }

    /// Goes back to the beginning: records, tokens, clock, faults and journal.
    pub fn reset(&self) {
        *self.shared.state.lock() = State::new(&self.shared.config);
    }

    /// All operations the mock answers: product, id, method and path, CRM first.
    pub fn routes() -> impl Iterator<Item = (Product, &'static str, &'static str, &'static str)> {
        routing::routes().map(|route| (route.product, route.id, route.method.as_str(), route.path))
    }

    /// Whether an operation keeps state; the others answer from their schemas.
    pub fn is_stateful(product: Product, id: &str) -> bool {
        routing::routes()
            .any(|route| route.product == product && route.id == id && front::handler(route).is_some())
    }
}

impl fmt::Debug for MockZoho {
    // Its world is full of secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockZoho")
            .field("base_url", &self.base_url())
            .finish_non_exhaustive()
    }
}

/// Records that cannot be seeded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SeedError(String);

/// What is scripted to go wrong with a mock.
#[derive(Clone, Copy, Debug)]
pub struct Faults<'a> {
    shared: &'a Shared,
}

impl Faults<'_> {
    /// Adds a fault; where several are meant for a request, the first that is due strikes.
    ///
    /// # Panics
    /// There is no such operation, status, header or probability: the fault would never strike as it says, and a test that is
    /// about it would pass for nothing.
    #[track_caller]
    pub fn script(&self, fault: Fault) {
        let wrong = fault.check(front::operations()).err();
        assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
        self.shared.state.lock().script.push(fault);
    }

    /// Forgets all faults.
    pub fn clear(&self) {
        self.shared.state.lock().script.clear();
    }
}
