//! A local, stateful Zoho: accounts server, CRM v8 and Books v3 for tests in any language.
//!
//! [`MockZoho`] is the whole of it: on a socket ([`MockZoho::start`]) or as a tower service without
//! one ([`MockZoho::in_process`]). Each has a world, a clock and a journal of its own, and does the
//! same for the same seed and the same requests.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod accounts;
mod answer;
mod body;
mod books;
mod call;
mod clock;
mod config;
mod crm;
mod faults;
mod front;
mod generated;
mod ids;
mod journal;
mod limits;
mod mock;
mod query;
pub mod route;
mod routing;
mod schema_answer;
mod scope;
mod world;

pub use accounts::{AccountsServer, ConsentError, DataCentre};
pub use body::{Body, Broken};
pub use faults::Fault;
pub use journal::{Exchange, Journal};
pub use mock::{Answering, Faults, MockBuilder, MockZoho, Service, StartError};
