//! Tags on records.

use std::fmt::Display;

use serde_json::{Value, json};

use super::Crm;
use super::records::Records;
use super::write::{self, stopped};
use crate::error::{Error, Result};
use crate::generated::crm::operations as op;
use crate::outcome::Outcome;
use crate::pipeline::operation::Operation;
use crate::pipeline::request::Request;

/// Zoho's bound on records in one call.
const RECORDS: usize = 500;

/// The tags of a module's records.
#[derive(Clone, Debug)]
pub struct Tags {
    crm: Crm,
    module: String,
}

impl<T> Records<T> {
    /// Puts tags on records of this module, and takes them off.
    #[must_use]
    pub fn tags(&self) -> Tags {
        Tags {
            crm: self.crm().clone(),
            module: self.module().to_owned(),
        }
    }
}

impl Tags {
    /// Puts tags on records beside those they have, with one outcome per record. New tags are made.
    ///
    /// # Errors
    /// A call failed; [`Error::partial_write`] says how far it came.
    pub async fn add<S: Display, N: Into<String>>(
        &self,
        ids: impl IntoIterator<Item = S>,
        tags: impl IntoIterator<Item = N>,
    ) -> Result<Vec<Outcome>> {
        self.apply(&op::ADD_TAGS_TO_RECORDS, ids, tags, false).await
    }

    /// Puts tags on records in place of those they have.
    ///
    /// # Errors
    /// As [`Tags::add`].
    pub async fn replace<S: Display, N: Into<String>>(
        &self,
        ids: impl IntoIterator<Item = S>,
        tags: impl IntoIterator<Item = N>,
    ) -> Result<Vec<Outcome>> {
        self.apply(&op::ADD_TAGS_TO_RECORDS, ids, tags, true).await
    }

    /// Takes tags off records.
    ///
    /// # Errors
    /// As [`Tags::add`].
    pub async fn remove<S: Display, N: Into<String>>(
        &self,
        ids: impl IntoIterator<Item = S>,
        tags: impl IntoIterator<Item = N>,
    ) -> Result<Vec<Outcome>> {
        self.apply(&op::REMOVE_TAGS_FROM_RECORDS, ids, tags, false).await
    }

    async fn apply<S: Display, N: Into<String>>(
        &self,
        operation: &'static Operation,
        ids: impl IntoIterator<Item = S>,
        tags: impl IntoIterator<Item = N>,
        over_write: bool,
    ) -> Result<Vec<Outcome>> {
        let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
        let tags: Vec<Value> = tags
            .into_iter()
            .map(|name| json!({"name": name.into()}))
            .collect();
        if tags.is_empty() {
            return Err(Error::config("name at least one tag").with_operation(operation.id));
        }
        let mut known = Vec::with_capacity(ids.len());
        for batch in ids.chunks(RECORDS) {
            let mut body = json!({"tags": tags, "ids": batch});
            if over_write && let Some(body) = body.as_object_mut() {
                body.insert("over_write".to_owned(), true.into());
            }
            let mut request = Request::of(operation, &[&self.module])?.json(&body)?;
            request.items = batch.len();
            // The request names its tags under one key, the answer its records under another.
            request.batch = Some("data".into());
            let outcomes = match self.crm.core.call(request).await {
                Ok(answer) => write::outcomes(&answer, "data", batch.len()),
                Err(error) => Err(error),
            };
            match outcomes {
                Ok(outcomes) => known.extend(outcomes),
                Err(error) => return Err(stopped(error, known, batch.len(), ids.len())),
            }
        }
        Ok(known)
    }
}
