//! One authenticated request, as a handler sees it: path parameters, query, headers and body.

use std::borrow::Cow;

use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;

use crate::route::Route;

/// A request that was routed, authenticated and checked against its scopes.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    /// The operation.
    pub(crate) route: &'static Route,
    /// Path parameters by name, percent-decoded.
    pub(crate) path: Cow<'a, [(&'static str, String)]>,
    /// Query parameters in order, percent-decoded.
    pub(crate) query: Cow<'a, [(String, String)]>,
    /// The headers.
    pub(crate) headers: &'a HeaderMap,
    /// The body as it came.
    pub(crate) body: &'a Bytes,
    /// The mock's own address, such as `http://127.0.0.1:4000`.
    pub(crate) base_url: &'a str,
    /// The id of the user whose token was sent.
    pub(crate) user: u64,
    /// When the request arrived, in whole seconds.
    pub(crate) now: Timestamp,
}

impl Call<'_> {
    /// A path parameter; `""` when the route has none of that name.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.path
            .iter()
            .find(|(key, _)| *key == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// The first query parameter of that name.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// A header that is readable text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
