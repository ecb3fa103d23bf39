//! The notes of a record.

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

/// The fields of a list of notes, where none are asked for.
const FIELDS: [&str; 7] = [
    "id",
    "Note_Title",
    "Note_Content",
    "Parent_Id",
    "Owner",
    "Created_Time",
    "Modified_Time",
];

/// The notes of one record.
#[derive(Clone, Debug)]
pub struct Notes {
    crm: Crm,
    path: Vec<String>,
}

impl<T> Records<T> {
    /// The notes of a record.
    #[must_use]
    pub fn notes(&self, id: impl Display) -> Notes {
        Notes {
            crm: self.crm().clone(),
            path: vec![self.module().to_owned(), id.to_string()],
        }
    }
}

impl Notes {
    /// A list of them.
    pub fn list(&self) -> List<Record> {
        List::new(self.crm.clone(), &op::LIST_RECORD_NOTES, self.path.clone()).fields(FIELDS)
    }

    /// Adds a note with a title and a text.
    pub fn add(&self, title: impl Into<String>, content: impl Into<String>) -> Write {
        let note = Record::new()
            .set("Note_Title", title.into())
            .set("Note_Content", content.into());
        self.create([note])
    }

    /// Adds notes.
    pub fn create(&self, notes: impl IntoIterator<Item = impl Into<Value>>) -> Write {
        let notes = notes.into_iter().map(Into::into).collect();
        Write::new(
            self.crm.clone(),
            &op::CREATE_RECORD_NOTES,
            self.path.clone(),
            notes,
        )
    }

    /// Changes notes, each found by its `id`.
    pub fn update(&self, notes: impl IntoIterator<Item = impl Into<Value>>) -> Write {
        let notes = notes.into_iter().map(Into::into).collect();
        Write::new(
            self.crm.clone(),
            &op::UPDATE_RECORD_NOTES,
            self.path.clone(),
            notes,
        )
        .each_by_id()
    }

    /// Deletes notes, with one outcome each.
    ///
    /// # Errors
    /// A call failed; [`Error::partial_write`](crate::Error::partial_write) says how far it came.
    pub async fn delete<S: Display>(&self, ids: impl IntoIterator<Item = S>) -> Result<Vec<Outcome>> {
        let ids = ids.into_iter().map(|id| id.to_string()).collect();
        write::delete(&self.crm, &op::DELETE_RECORD_NOTES, &self.path, ids).await
    }
}
