//! The records of a related list, and the ties between them and their record.

use std::fmt::Display;

use serde_json::Value;

use super::Crm;
use super::list::List;
use super::records::Records;
use super::write::{self, Write};
use crate::error::Result;
use crate::generated::crm::operations as op;
use crate::outcome::Outcome;
use crate::record::Record;

/// A related list of one record, such as the `Contacts` of an account.
#[derive(Clone, Debug)]
pub struct Related {
    crm: Crm,
    path: Vec<String>,
}

impl<T> Records<T> {
    /// A related list of a record, by the list's API name.
    #[must_use]
    pub fn related(&self, id: impl Display, list: impl Into<String>) -> Related {
        Related {
            crm: self.crm().clone(),
            path: vec![self.module().to_owned(), id.to_string(), list.into()],
        }
    }
}

impl Related {
    /// The records of the list with these fields, 50 at most. Zoho wants them named.
    pub fn fields<S: Into<String>>(&self, fields: impl IntoIterator<Item = S>) -> List<Record> {
        // Zoho gives these lists no page tokens, so that they are paged by number from the start.
        List::new(self.crm.clone(), &op::LIST_RELATED_RECORDS, self.path.clone())
            .page(1)
            .fields(fields)
    }

    /// Ties records to the list, each by its `id`, with further fields of the tie where it has some.
    pub fn link(&self, records: impl IntoIterator<Item = impl Into<Value>>) -> Write {
        let records = records.into_iter().map(Into::into).collect();
        let path = self.path.clone();
        Write::new(self.crm.clone(), &op::UPDATE_RELATED_RECORDS, path, records).each_by_id()
    }

    /// Unties records from the list, with one outcome each.
    ///
    /// # Errors
    /// A call failed; [`Error::partial_write`](crate::Error::partial_write) says how far it came.
    pub async fn delink<S: Display>(&self, ids: impl IntoIterator<Item = S>) -> Result<Vec<Outcome>> {
        let ids = ids.into_iter().map(|id| id.to_string()).collect();
        write::delete(&self.crm, &op::DELINK_RELATED_RECORDS, &self.path, ids).await
    }
}
