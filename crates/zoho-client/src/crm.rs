//! Zoho CRM.

#[cfg(feature = "bulk")]
pub(crate) mod bulk;
pub(crate) mod channels;
pub(crate) mod check;
pub(crate) mod conversion;
pub(crate) mod coql;
pub(crate) mod fetch;
pub(crate) mod files;
pub(crate) mod list;
pub(crate) mod lookup;
pub(crate) mod metadata;
pub(crate) mod notes;
pub(crate) mod progress;
pub(crate) mod records;
pub(crate) mod related;
pub(crate) mod tags;
pub(crate) mod write;

use std::sync::Arc;

use http::Method;

pub use crate::generated::crm as api;
#[cfg(feature = "bulk")]
pub use bulk::{
    Bulk, BulkRead, BulkWrite, ReadJob, ReadStatus, RowFault, RowOutcome, WriteJob, WriteStatus, WrittenRow,
};
pub use channels::{Channel, ChannelDetails, ChannelId, Channels, Selection, Subscription};
pub use conversion::{Conversion, ConvertedLead};
pub use coql::{Column, Condition, Coql, Literal, Query, Select};
pub use fetch::Way;
pub use files::Attachments;
pub use list::{Converted, Deleted, List, Search, SortOrder};
pub use metadata::{Field, Module};
pub use notes::Notes;
pub use progress::Progress;
pub use records::Records;
pub use related::Related;
pub use tags::Tags;
pub use write::{Write, WriteMany, WrittenBatch};

use crate::error::Result;
use crate::pipeline::operation::Product;
use crate::pipeline::typed::Core;
use crate::raw::RawRequest;
use crate::record::Record;

/// Zoho CRM through one connection.
#[derive(Clone, Debug)]
pub struct Crm {
    pub(crate) core: Core,
    pub(crate) metadata: Arc<metadata::Cache>,
}

impl Crm {
    /// The same CRM for another organization of the user's: the value of `X-CRM-ORG`.
    #[must_use]
    pub fn organization(mut self, zgid: impl Into<String>) -> Self {
        self.core.organization = Some(zgid.into().into());
        self.metadata = Arc::default();
        self
    }

    /// The records of a module, by its API name.
    #[must_use]
    pub fn records(&self, module: impl Into<String>) -> Records {
        self.records_as(module)
    }

    /// The records of a module, read as a type of your own.
    #[must_use]
    pub fn records_as<T>(&self, module: impl Into<String>) -> Records<T> {
        Records::new(self.clone(), module.into())
    }

    /// A COQL query.
    ///
    /// A query without a `limit` of its own is paged by the client.
    pub fn coql(&self, query: impl Into<Query>) -> Coql<Record> {
        Coql::new(self.core.clone(), query.into())
    }

    /// The modules of the organization. They are asked for once per client.
    ///
    /// # Errors
    /// The call failed.
    pub async fn modules(&self) -> Result<Arc<[Module]>> {
        self.metadata.modules(&self.core).await
    }

    /// The fields of a module. They are asked for once per client.
    ///
    /// # Errors
    /// The call failed.
    pub async fn fields(&self, module: &str) -> Result<Arc<[Field]>> {
        self.metadata.fields(&self.core, module).await
    }

    /// Forgets the modules and fields that are known, so that they are asked for again.
    pub fn forget_metadata(&self) {
        self.metadata.clear();
    }

    /// The typed calls: one for each operation of Zoho's, one feature for each resource.
    #[must_use]
    pub fn api(&self) -> api::Api<'_> {
        api::Api::new(&self.core)
    }

    /// A request that no method covers: see [`RawRequest`].
    ///
    /// The path is one below the API's version (`/Leads/123/actions/convert`), or a whole one of
    /// the same product (`/crm/bulk/v8/read`).
    pub fn raw(&self, method: Method, path: impl Into<String>) -> RawRequest {
        RawRequest::new(self.core.clone(), Product::Crm, method, path.into())
    }
}
