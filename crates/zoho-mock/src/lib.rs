//! A local, stateful Zoho: accounts server, CRM v8 and Books v3 for tests in any language.
//!
//! [`MockZoho`] is the whole of it: on a socket ([`MockZoho::start`]) or as a tower service without
//! one ([`MockZoho::in_process`]). Each has a world, a clock and a journal of its own, and does the
//! same for the same seed and the same requests.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//! use tower::ServiceExt as _;
//! use zoho_mock::{Fault, MockZoho};
//!
//! let zoho = MockZoho::builder().seed(42).in_process();
//! zoho.faults().script(Fault::on("accounts.token").status(503).times(1));
//!
//! let form = format!(
//!     "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
//!     zoho.client_id(), zoho.client_secret(), zoho.refresh_token(),
//! );
//! let mut statuses = Vec::new();
//! for _ in 0..2 {
//!     let request = http::Request::post("http://localhost/oauth/v2/token").body(form.clone())?;
//!     statuses.push(zoho.service().oneshot(request).await?.status().as_u16());
//! }
//! assert_eq!(statuses, [503, 200]);
//! zoho.advance(Duration::from_secs(3600)); // the token is dead now
//! assert_eq!(zoho.journal().count("token"), 2);
//! # Ok(())
//! # }
//! ```
//!
//! # Over HTTP
//!
//! Programs in other languages have the same powers under `/_mock/`: the clock, faults, the journal,
//! snapshots and what else the README of this crate lists. For people there is a console at that
//! address. Requests under it that a web page from elsewhere sends are refused; see
//! [`MockBuilder::allow_host`].
//!
//! # Limits
//!
//! Credits, Books' calls per minute and day, and the calls that may be under way at once are Zoho's
//! ([`MockBuilder::edition`] and its neighbours set others). A call is answered in no time, so calls overlap
//! only where they take some: [`MockBuilder::latency`], or a fault with a delay.
//!
//! # Notifications
//!
//! Channels of `/crm/v8/actions/watch` are told of the changes of records. In process the callbacks
//! are collected ([`MockZoho::deliveries`]) or handed to a service ([`MockBuilder::deliver_to`]); a
//! mock on a socket posts them, but to other machines only with [`MockBuilder::notify_any`].
//! [`MockZoho::delivery_faults`] loses, doubles, swaps and delays them.
//!
//! # What it does not do
//!
//! The README says what is left out. What keeps no state answers from its schema:
//! [`MockZoho::is_stateful`] tells which.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod accounts;
mod answer;
mod body;
mod books;
mod call;
mod clock;
mod config;
#[cfg(test)]
mod conformity;
mod console;
mod crm;
mod delivery;
mod faults;
mod front;
#[cfg(test)]
mod fuzz;
mod generated;
mod history;
mod ids;
mod journal;
mod limits;
mod masking;
mod mock;
mod pieces;
mod query;
pub mod recording;
pub mod route;
mod routing;
mod schema_answer;
mod scope;
mod script;
mod snapshot;
mod text;
mod world;

pub use accounts::{AccountsServer, ConsentError, DataCentre};
pub use body::{Body, Broken};
pub use delivery::{Delivery, DeliveryFault, DeliveryOutcome};
pub use faults::Fault;
pub use journal::{Exchange, Journal};
pub use limits::{Edition, UnknownEdition};
pub use mock::{Answering, DeliveryFaults, Faults, MockBuilder, MockZoho, SeedError, Service, StartError};
pub use snapshot::{Snapshot, SnapshotError};

/// The pages about the mock, so that what they show compiles and runs.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../README.md")]
    struct Readme;
    #[doc = include_str!("../../../docs/local-zoho.md")]
    struct Guide;
}
