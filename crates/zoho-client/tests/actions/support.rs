//! A client and a mock in one process, on tokio's paused clock.

use zoho_client::crm::Crm;
use zoho_client::wire::ZohoId;
use zoho_client::{OAuthApp, Record, Region, ServiceTransport, TokioClock, Zoho};
use zoho_mock::MockZoho;

/// A fresh world with a client of it.
pub(crate) fn start() -> (MockZoho, Zoho) {
    let mock = MockZoho::in_process();
    let zoho = connect(&mock);
    (mock, zoho)
}

/// A client of a mock.
pub(crate) fn connect(mock: &MockZoho) -> Zoho {
    Zoho::builder(Region::custom(mock.base_url()).unwrap())
        .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
        .refresh_token(mock.refresh_token())
        .clock(TokioClock::starting_at(mock.now()))
        .transport(ServiceTransport::new(mock.service()))
        .seed(7)
        .build()
        .unwrap()
}

/// A runtime whose time jumps.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
}

/// Makes one record that Zoho takes.
pub(crate) async fn create(crm: &Crm, module: &str, record: Record) -> ZohoId {
    let outcomes = crm.records(module).create([record]).await.unwrap();
    outcomes[0].id().unwrap_or_else(|| panic!("{outcomes:?}")).clone()
}
