//! A client and a mock in one process, on one paused clock, without a socket.

use std::future::Future;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use zoho_client::{OAuthApp, Region, ServiceTransport, TokioClock, Zoho, ZohoBuilder};
use zoho_mock::{Exchange, MockBuilder, MockZoho};

use crate::weather::Weather;

/// A mock, a client of it, and the runtime whose paused clock both follow.
///
/// ```
/// use zoho_conformance::harness::Harness;
///
/// let harness = Harness::new();
/// let page = harness.run(async { harness.zoho.crm().records("Leads").fields(["id"]).send().await })?;
/// assert!(page.items().is_empty());
/// # Ok::<(), zoho_client::Error>(())
/// ```
#[derive(Debug)]
pub struct Harness {
    runtime: Runtime,
    /// The server.
    pub mock: MockZoho,
    /// The client.
    pub zoho: Zoho,
}

impl Default for Harness {
    fn default() -> Self {
        Self::new()
    }
}

impl Harness {
    /// A fresh world and a client that knows nothing but its refresh token.
    #[must_use]
    pub fn new() -> Self {
        Self::with(|builder| builder)
    }

    /// The same, with a client that was configured further.
    #[must_use]
    pub fn with(configure: impl FnOnce(ZohoBuilder) -> ZohoBuilder) -> Self {
        Self::of(MockZoho::builder(), |_, client| configure(client))
    }

    /// A world that was set up otherwise, and a client that was configured further.
    #[must_use]
    pub fn of(world: MockBuilder, configure: impl FnOnce(&MockZoho, ZohoBuilder) -> ZohoBuilder) -> Self {
        let runtime = paused();
        let (mock, zoho) = {
            let _time = runtime.enter();
            let mock = world.in_process();
            let zoho = configure(&mock, connect(&mock))
                .build()
                .expect("the mock's own credentials are complete");
            (mock, zoho)
        };
        Self { runtime, mock, zoho }
    }

    /// Runs one step to its end. Sleeping costs nothing: time jumps.
    pub fn run<T>(&self, step: impl Future<Output = T>) -> T {
        self.runtime.block_on(step)
    }

    /// Lets time pass for client and mock alike.
    pub fn pass(&self, time: Duration) {
        self.run(async { tokio::time::sleep(time).await });
    }

    /// Throws the client away and starts another with the same configuration and nothing remembered.
    pub fn restart(&mut self) {
        self.restart_with(|builder| builder);
    }

    /// The same, with a client that was configured further.
    pub(crate) fn restart_with(&mut self, configure: impl FnOnce(ZohoBuilder) -> ZohoBuilder) {
        let _time = self.runtime.enter();
        self.zoho = configure(connect(&self.mock))
            .build()
            .expect("the mock's own credentials are complete");
    }

    /// The next requests of an operation meet this weather, each the one at its place; it is fair after.
    pub fn script_in_turn(&self, operation: &str, weather: &[Weather]) {
        // A fault sees only the requests that those before it let pass, and those are spent after one.
        for weather in weather {
            self.mock.faults().script(weather.fault(operation).times(1));
        }
    }

    /// What went over the wire, a line for each exchange. A panic prints it; it is for what fails otherwise.
    #[must_use]
    pub fn transcript(&self) -> String {
        let journal = self.mock.journal();
        journal.exchanges().iter().map(line).collect()
    }
}

/// Whatever it is that fails, what led to it is told.
impl Drop for Harness {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("what went over the wire:\n{}", self.transcript());
        }
    }
}

fn line(exchange: &Exchange) -> String {
    let Exchange {
        number,
        time,
        product,
        operation,
        method,
        path,
        query,
        ..
    } = exchange;
    let status = exchange
        .status
        .map_or("broken off".to_owned(), |status| status.to_string());
    let fault = if exchange.faulted { ", by a fault" } else { "" };
    format!("{number:5} {time} {product}.{operation}: {method} {path} {query} -> {status}{fault}\n")
}

/// A runtime whose clock stands still until everybody waits, and then jumps.
pub(crate) fn paused() -> Runtime {
    Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a current-thread runtime needs nothing of the system")
}

/// A client that is started often is locked out now and then: it waits.
pub(crate) fn patient(builder: ZohoBuilder) -> ZohoBuilder {
    builder.token_patience(Duration::from_secs(3_700))
}

/// The builder of a client of this mock. Call it inside the runtime whose clock it shall follow.
pub fn connect(mock: &MockZoho) -> ZohoBuilder {
    let region = Region::custom(mock.base_url()).expect("the mock is on this machine");
    Zoho::builder(region)
        .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
        .refresh_token(mock.refresh_token())
        .clock(TokioClock::starting_at(mock.now()))
        .transport(ServiceTransport::new(mock.service()))
}
