//! The seam to the network: one request in, one response out.

mod body;
mod reqwest;
mod service;

use std::error::Error as StdError;
use std::fmt;

use futures_util::future::BoxFuture;

pub use self::body::Body;
pub use self::reqwest::ReqwestTransport;
pub use self::service::ServiceTransport;

pub(crate) use self::reqwest::{RequestMaker, native, request_maker};

/// Any error, boxed.
pub(crate) type BoxError = Box<dyn StdError + Send + Sync>;

/// Something that carries one request to a server and brings the response back.
///
/// It follows no redirects, sends nothing twice and sets no deadline: the pipeline above does that.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends the request.
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>>;
}

/// A body was larger than what is taken into memory.
#[derive(Debug)]
pub(crate) struct TooLarge {
    pub(crate) limit: usize,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the body is larger than {} bytes", self.limit)
    }
}

impl StdError for TooLarge {}

/// Why a request brought no response.
#[derive(Debug)]
pub struct TransportError {
    sent: bool,
    source: BoxError,
}

impl TransportError {
    /// The connection was never made, so that the server can not have seen the request.
    pub fn not_sent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            sent: false,
            source: source.into(),
        }
    }

    /// The server may have seen the request.
    pub fn maybe_sent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            sent: true,
            source: source.into(),
        }
    }

    /// Whether the server may have seen the request.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.sent
    }

    /// The limit that a body went over.
    pub(crate) fn over_limit(&self) -> Option<usize> {
        self.source.downcast_ref().map(|TooLarge { limit }| *limit)
    }

    pub(crate) fn into_source(self) -> BoxError {
        self.source
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.sent {
            "the connection broke"
        } else {
            "no connection could be made"
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.source.as_ref())
    }
}
