//! A connector for Zoho CRM v8 and Zoho Books v3.
//!
//! # One connection
//!
//! [`Zoho::builder`] makes a connection out of a [`Region`], an [`OAuthApp`] and a refresh token;
//! [`Zoho::from_env`] reads them from the environment. Consent starts with [`AuthorizeUrl`].
//! Access tokens are fetched when they are needed, once for any number of callers.
//!
//! ```
//! use zoho_client::{OAuthApp, Outcome, Record, Region, ServiceTransport, Zoho};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A local Zoho in this process. Against the real one: `Region::Eu`, and no `.transport(..)`.
//! let mock = zoho_mock::MockZoho::in_process();
//!
//! let zoho = Zoho::builder(Region::custom(mock.base_url())?)
//!     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
//!     .refresh_token(mock.refresh_token())
//!     .transport(ServiceTransport::new(mock.service()))
//!     .build()?;
//!
//! let leads = zoho.crm().records("Leads");
//! let outcomes = leads.create([Record::new().set("Last_Name", "Ngo"), Record::new()]).await?;
//! assert!(outcomes[0].is_ok());
//! assert!(matches!(&outcomes[1], Outcome::Err(refused) if refused.code == "MANDATORY_NOT_FOUND"));
//!
//! // Every row, each once, however many pages that takes.
//! let mut rows = leads.fields(["Last_Name"]).stream();
//! while let Some(lead) = rows.try_next().await? {
//!     assert_eq!(lead.get_str("Last_Name"), Some("Ngo"));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Three ways to call
//!
//! | way | where | for |
//! |---|---|---|
//! | dynamic records | [`crm::Crm::records`], [`books::Books::records`], [`crm::Crm::coql`] | every module and record type, with lists, batches and files |
//! | typed calls | [`crm::Crm::api`], [`books::Books::api`] | every operation of Zoho's, one cargo feature per resource |
//! | raw requests | [`crm::Crm::raw`], [`books::Books::raw`] | whatever else |
//!
//! All three go through the same pipeline: limits, token, sending, judging the answer, retry.
//! A write that may have happened is not sent again; [`Error::is_outcome_unknown`] says so.
//!
//! # Features
//!
//! The typed calls of each resource stand behind a feature named after it, such as `crm-records`
//! or `books-invoices`; `crm`, `books` and `full` collect them. Everything else is always there.
//!
//! # Testing without Zoho
//!
//! [`ServiceTransport`] speaks to any tower service in the same process and [`TokioClock`] runs
//! with tokio's time, so that programs can be tested under paused time, without sockets.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod auth;
pub mod books;
mod clock;
pub mod connector;
pub mod crm;
mod error;
mod generated;
mod multipart;
mod outcome;
mod page;
pub mod pipeline;
mod raw;
mod record;
mod region;
mod reply;
mod store;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod triggers;
pub mod webhook;
pub mod wire;
mod zoho;

pub use auth::{
    Authorization, AuthorizeUrl, Callback, DeviceCode, DeviceGrant, Grant, OAuthApp, OAuthUrls, Scopes,
};
pub use books::OrganizationId;
pub use clock::{Clock, SystemClock, TokioClock};
pub use error::{ApiError, Error, ErrorKind, Result};
pub use multipart::Multipart;
pub use outcome::{Outcome, PartialWrite, Refused, Written};
pub use page::{Cursor, ListStream, Page};
pub use pipeline::retry::RetryPolicy;
pub use pipeline::transport::{Body, ReqwestTransport, ServiceTransport, Transport, TransportError};
pub use raw::{RawReply, RawRequest};
pub use record::Record;
pub use region::{Environment, Region, RegionRow};
pub use reply::Reply;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use store::SqlStore;
pub use store::{Entry, Guard, Lease, MemoryStore, StateStore, StoredTokens, TokenStore, Version};
#[cfg(feature = "sealed")]
pub use store::{SealKey, SealedStore};
pub use zoho::{Edition, Zoho, ZohoBuilder};

pub use http::{Method, StatusCode};
