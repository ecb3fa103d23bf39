//! The attachments of a record.

use std::fmt::Display;

use super::Crm;
use super::list::List;
use super::write;
use crate::error::{Error, ErrorKind, Result};
use crate::generated::crm::operations as op;
use crate::multipart::Multipart;
use crate::outcome::Outcome;
use crate::pipeline::request::Request;
use crate::pipeline::transport::Body;
use crate::record::Record;
use crate::reply::Reply;

/// The fields of a list of attachments, where none are asked for.
const FIELDS: [&str; 8] = [
    "id",
    "File_Name",
    "Size",
    "Owner",
    "Parent_Id",
    "Created_Time",
    "Modified_Time",
    "$type",
];

/// The attachments of one record.
#[derive(Clone, Debug)]
pub struct Attachments {
    crm: Crm,
    module: String,
    record: String,
}

impl Attachments {
    pub(crate) fn new(crm: Crm, module: String, record: String) -> Self {
        Self { crm, module, record }
    }

    /// A list of them.
    pub fn list(&self) -> List<Record> {
        let path = vec![self.module.clone(), self.record.clone()];
        List::new(self.crm.clone(), &op::LIST_ATTACHMENTS, path).fields(FIELDS)
    }

    /// Attaches a file. A body in memory is sent again where that is safe; a streaming one is sent
    /// once, as it comes.
    ///
    /// # Errors
    /// The call failed.
    pub async fn upload(&self, file_name: &str, content: impl Into<Body>) -> Result<Outcome> {
        self.attach(Multipart::new().file("file", file_name, content))
            .await
    }

    /// Attaches a link.
    ///
    /// # Errors
    /// The call failed.
    pub async fn link(&self, title: &str, address: &str) -> Result<Outcome> {
        let form = Multipart::new()
            .text("attachmentUrl", address)
            .text("title", title);
        self.attach(form).await
    }

    async fn attach(&self, form: Multipart) -> Result<Outcome> {
        let mut request = Request::of(&op::UPLOAD_ATTACHMENT, &[&self.module, &self.record])?;
        request.payload = form.payload(self.crm.core.engine.random());
        let answer = self.crm.core.call(request).await?;
        let outcomes = write::outcomes(&answer, "data", 1)?;
        outcomes.into_iter().next().ok_or_else(|| {
            Error::new(ErrorKind::Decode, "the body has no outcome").with_json_path("$.data[0]")
        })
    }

    /// The content of an attachment, as it comes; `None` when there is none of that id.
    ///
    /// # Errors
    /// The call failed.
    pub async fn download(&self, id: impl Display) -> Result<Option<Reply<Body>>> {
        let id = id.to_string();
        let request = Request::of(&op::DOWNLOAD_ATTACHMENT, &[&self.module, &self.record, &id])?;
        let answer = self.crm.core.call(request).await?;
        if answer.is_empty() {
            return Ok(None);
        }
        Ok(Some(Reply::new(answer.body, answer.status, answer.headers)))
    }

    /// Deletes attachments, with one outcome each.
    ///
    /// # Errors
    /// A call failed; [`Error::partial_write`] says how far it came.
    pub async fn delete<S: Display>(&self, ids: impl IntoIterator<Item = S>) -> Result<Vec<Outcome>> {
        let ids = ids.into_iter().map(|id| id.to_string()).collect();
        let path = [self.module.clone(), self.record.clone()];
        write::delete(&self.crm, &op::DELETE_ATTACHMENTS, &path, ids).await
    }
}
