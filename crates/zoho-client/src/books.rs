//! Zoho Books.

pub mod catalogue;
pub(crate) mod documents;
pub(crate) mod list;
mod organizations;
pub(crate) mod records;
mod upsert;

use std::fmt;
use std::sync::Arc;

use http::Method;

pub use crate::generated::books as api;
pub use documents::Attachment;
pub use list::List;
pub use records::Records;

use crate::pipeline::operation::Product;
use crate::pipeline::typed::Core;
use crate::raw::RawRequest;

/// The id of a Books organization.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrganizationId(Arc<str>);

impl OrganizationId {
    /// The id as `GET /organizations` gives it.
    pub fn new(id: impl Into<Arc<str>>) -> Self {
        Self(id.into())
    }

    pub(crate) fn into_inner(self) -> Arc<str> {
        self.0
    }

    /// The id as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrganizationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One organization's Zoho Books through one connection.
#[derive(Clone, Debug)]
pub struct Books {
    pub(crate) core: Core,
}

impl Books {
    /// The records of a type, such as `invoices` or `contact persons`: the names are in
    /// [`catalogue::all`].
    #[must_use]
    pub fn records(&self, record_type: &str) -> Records {
        Records::new(self.core.clone(), record_type)
    }

    /// The typed calls: one for each operation of Zoho's, one feature for each resource.
    #[must_use]
    pub fn api(&self) -> api::Api<'_> {
        api::Api::new(&self.core)
    }

    /// A request that no method covers: see [`RawRequest`].
    ///
    /// The path is one below the API's version (`/invoices/123/status/sent`); the organization is
    /// added to the query.
    pub fn raw(&self, method: Method, path: impl Into<String>) -> RawRequest {
        RawRequest::new(self.core.clone(), Product::Books, method, path.into())
    }
}
