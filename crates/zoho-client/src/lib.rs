//! A connector for Zoho CRM v8 and Zoho Books v3.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod auth;
mod clock;
mod error;
mod generated;
mod outcome;
pub mod pipeline;
mod record;
mod region;
mod reply;
mod store;
pub mod wire;

pub use auth::{Authorization, AuthorizeUrl, Callback, Grant, OAuthApp, Scopes};
pub use clock::{Clock, SystemClock, TokioClock};
pub use error::{ApiError, Error, ErrorKind, Result};
pub use outcome::{Outcome, PartialWrite, Refused, Written};
pub use pipeline::retry::RetryPolicy;
pub use pipeline::transport::{Body, ReqwestTransport, ServiceTransport, Transport, TransportError};
pub use record::Record;
pub use region::{Environment, Region, RegionRow};
pub use reply::Reply;
pub use store::{MemoryStore, StoredTokens, TokenStore};
