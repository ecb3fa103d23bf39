//! A local Zoho with leads, and a client of it, on one paused clock.

use serde_json::{Value, json};
use zoho_mock::{MockBuilder, MockZoho};

use crate::crm::{Records, Way};
use crate::{OAuthApp, Record, Region, ServiceTransport, TokioClock, Zoho};

/// Fields that a query shows as a list does.
pub(in crate::tests) const ALIKE: [&str; 4] = ["Last_Name", "Email", "Annual_Revenue", "Modified_Time"];

/// Both ends.
pub(in crate::tests) struct World {
    pub(in crate::tests) mock: MockZoho,
    pub(in crate::tests) zoho: Zoho,
}

impl World {
    pub(in crate::tests) fn with(leads: usize) -> Self {
        Self::of(MockZoho::builder().records("Leads", leads).unwrap())
    }

    pub(in crate::tests) fn of(world: MockBuilder) -> Self {
        let mock = world.in_process();
        let zoho = Zoho::builder(Region::custom(mock.base_url()).unwrap())
            .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
            .refresh_token(mock.refresh_token())
            .clock(TokioClock::starting_at(mock.now()))
            .transport(ServiceTransport::new(mock.service()))
            .build()
            .unwrap();
        Self { mock, zoho }
    }

    pub(in crate::tests) fn leads(&self) -> Records {
        self.zoho.crm().records("Leads")
    }

    /// All leads by a way.
    pub(in crate::tests) async fn by(&self, way: Way) -> Vec<Record> {
        self.leads().fields(ALIKE).way(way).all().await.unwrap()
    }

    /// How often an operation was called.
    pub(in crate::tests) fn calls(&self, operation: &str) -> u64 {
        self.mock.journal().count(operation)
    }

    /// Converts some leads.
    pub(in crate::tests) async fn convert(&self, leads: &[Record]) {
        for lead in leads {
            self.leads()
                .convert(lead.id(), crate::crm::Conversion::new())
                .await
                .unwrap();
        }
    }
}

/// Runs something on a paused clock.
pub(in crate::tests) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}

/// The ids of rows.
pub(in crate::tests) fn ids(rows: &[Record]) -> Vec<String> {
    rows.iter().map(|row| row.id().to_string()).collect()
}

/// A refusal as a fault has it.
pub(in crate::tests) fn refusal(code: &str) -> Value {
    json!({"code": code, "details": {}, "message": "no", "status": "error"})
}
