//! A connector for Zoho CRM v8 and Zoho Books v3.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod auth;
pub mod books;
mod clock;
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
pub mod wire;
mod zoho;

pub use auth::{Authorization, AuthorizeUrl, Callback, Grant, OAuthApp, Scopes};
pub use books::OrganizationId;
pub use clock::{Clock, SystemClock, TokioClock};
pub use error::{ApiError, Error, ErrorKind, Result};
pub use outcome::{Outcome, PartialWrite, Refused, Written};
pub use page::{Cursor, ListStream, Page};
pub use pipeline::retry::RetryPolicy;
pub use pipeline::transport::{Body, ReqwestTransport, ServiceTransport, Transport, TransportError};
pub use raw::{RawReply, RawRequest};
pub use record::Record;
pub use region::{Environment, Region, RegionRow};
pub use reply::Reply;
pub use store::{MemoryStore, StoredTokens, TokenStore};
pub use zoho::{Zoho, ZohoBuilder};

pub use http::{Method, StatusCode};
