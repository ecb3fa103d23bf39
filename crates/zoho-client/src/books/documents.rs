//! Records as documents, and the files that records carry.

use std::fmt::Display;

use http::Method;
use http::header::CONTENT_TYPE;

use super::records::Records;
use crate::error::{Error, ErrorKind, Result};
use crate::generated::books::operations::ALL;
use crate::multipart::Multipart;
use crate::pipeline::request::{Request, find_operation};
use crate::pipeline::transport::Body;
use crate::reply::Reply;

/// The names under which records carry a file: the segment of the path, and the part of the form.
const SLOTS: [&str; 2] = ["attachment", "receipt"];

/// The file that one record carries: its attachment, or the receipt of an expense. Zoho takes 10 MB at most.
#[derive(Clone, Debug)]
pub struct Attachment {
    records: Records,
    id: String,
}

impl Records {
    /// A record as a PDF, as it comes.
    ///
    /// # Errors
    /// The call failed. [`ErrorKind::Decode`]: Zoho sent something else, because it prints no records of this type.
    pub async fn pdf(&self, id: impl Display) -> Result<Reply<Body>> {
        let path = self.one(&Method::GET, &id)?;
        let mut request = self
            .request(Method::GET, path)?
            .header("accept", "application/pdf")?;
        request.binary = true;
        let answer = self.core().call(request).await?;
        let kind = answer
            .headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("application/pdf")) {
            return Err(Error::new(ErrorKind::Decode, "the body is no PDF")
                .with_operation(answer.id)
                .with_status(answer.status));
        }
        Ok(Reply::new(answer.body, answer.status, answer.headers))
    }

    /// The file that a record carries.
    #[must_use]
    pub fn attachment(&self, id: impl Display) -> Attachment {
        Attachment {
            records: self.clone(),
            id: id.to_string(),
        }
    }
}

impl Attachment {
    /// Attaches a file. What kinds of files Zoho takes it tells by the name.
    ///
    /// # Errors
    /// [`ErrorKind::Config`]: records of this type carry no file. Otherwise the call failed, or Zoho refused the file.
    pub async fn upload(&self, file_name: &str, content: impl Into<Body>) -> Result<()> {
        let (mut request, slot) = self.request(Method::POST)?;
        let form = Multipart::new().file(slot, file_name, content);
        request.payload = form.payload(self.records.core().engine.random());
        self.records.core().call(request).await.map(drop)
    }

    /// The content of the file, as it comes; `None` when there is none.
    ///
    /// # Errors
    /// As [`Attachment::upload`].
    pub async fn download(&self) -> Result<Option<Reply<Body>>> {
        let (mut request, _) = self.request(Method::GET)?;
        request.binary = true;
        match self.records.core().call(request).await {
            Ok(answer) if answer.is_empty() => Ok(None),
            Ok(answer) => Ok(Some(Reply::new(answer.body, answer.status, answer.headers))),
            // 1002: there is no such thing.
            Err(error) if error.api().is_some_and(|api| api.code() == "1002") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Takes the file off the record.
    ///
    /// # Errors
    /// As [`Attachment::upload`].
    pub async fn delete(&self) -> Result<()> {
        let (request, _) = self.request(Method::DELETE)?;
        self.records.core().call(request).await.map(drop)
    }

    fn request(&self, method: Method) -> Result<(Request, &'static str)> {
        let one = self.records.one(&Method::GET, &self.id)?;
        let way = SLOTS
            .into_iter()
            .map(|slot| (format!("{one}/{slot}"), slot))
            .find(|(path, _)| find_operation(ALL, &method, path).is_some());
        let (path, slot) = way.ok_or_else(|| {
            Error::config(format!(
                "`{}` carry no file that could be reached so",
                self.records.name()
            ))
        })?;
        Ok((self.records.request(method, path)?, slot))
    }
}
