//! Bodies of `multipart/form-data`.

use std::fmt;

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use http::HeaderValue;
use http_body_util::BodyExt;

use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::request::Payload;
use crate::pipeline::transport::Body;

/// A form: fields and files in the order they were added.
#[derive(Default)]
pub(crate) struct Form {
    parts: Vec<(String, Body)>,
}

impl Form {
    /// A form with one file.
    pub(crate) fn of_file(name: &str, file_name: &str, content: Body) -> Self {
        Self::default().file(name, file_name, content)
    }

    /// A plain field.
    pub(crate) fn text(mut self, name: &str, value: impl Into<Bytes>) -> Self {
        let head = format!(
            "Content-Disposition: form-data; name=\"{}\"\r\n\r\n",
            quoted(name)
        );
        self.parts.push((head, Body::from(value.into())));
        self
    }

    /// A file.
    pub(crate) fn file(mut self, name: &str, file_name: &str, content: Body) -> Self {
        let head = format!(
            "Content-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            quoted(name),
            quoted(file_name)
        );
        self.parts.push((head, content));
        self
    }

    /// The form as a payload. It stays in memory when all of its content is there already, and can then be sent
    /// again; else it streams.
    pub(crate) async fn payload(self, seed: u64) -> Result<Payload> {
        let boundary = format!("zoho-client-{seed:016x}");
        let content_type = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"))
            .unwrap_or(HeaderValue::from_static("multipart/form-data"));
        let edge = |head: &str| Bytes::from(format!("--{boundary}\r\n{head}"));
        let end = Bytes::from(format!("--{boundary}--\r\n"));
        let line = Bytes::from_static(b"\r\n");
        if self.parts.iter().any(|(_, content)| content.as_bytes().is_none()) {
            let pieces: Vec<_> = self
                .parts
                .into_iter()
                .flat_map(|(head, content)| [Body::from(edge(&head)), content, Body::from(line.clone())])
                .chain([Body::from(end)])
                .map(BodyExt::into_data_stream)
                .collect();
            let body = Body::stream(stream::iter(pieces).flatten());
            return Ok(Payload::Stream(content_type, Some(body)));
        }
        let mut all = BytesMut::new();
        for (head, content) in self.parts {
            all.put(edge(&head));
            all.put(content.bytes().await.map_err(|error| {
                Error::new(ErrorKind::Transport, "the content could not be read").with_source(error)
            })?);
            all.put(line.clone());
        }
        all.put(end);
        Ok(Payload::Bytes(content_type, all.freeze()))
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form")
            .field("parts", &self.parts.len())
            .finish_non_exhaustive()
    }
}

/// A name inside quotes, as browsers write it.
fn quoted(name: &str) -> String {
    name.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22")
}
