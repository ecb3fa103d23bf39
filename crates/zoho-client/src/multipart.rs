//! Bodies of `multipart/form-data`.

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use http::HeaderValue;
use http_body_util::BodyExt;

use crate::pipeline::request::Payload;
use crate::pipeline::transport::Body;

/// A form with files: what uploads send.
///
/// A part that is in memory may be sent again where that is safe. As soon as one part streams, the
/// whole form does, and is sent once, as its parts come.
///
/// ```
/// use zoho_client::{Body, Multipart};
///
/// let chunks = futures_util::stream::iter([Ok::<_, std::io::Error>("from ".into()), Ok("disk".into())]);
/// let form = Multipart::new()
///     .text("title", "Contract")
///     .file("file", "contract.pdf", Body::stream(chunks));
/// # let _ = form;
/// ```
#[derive(Debug, Default)]
pub struct Multipart {
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    name: String,
    file_name: Option<String>,
    content: Body,
}

impl Multipart {
    /// A form without parts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a plain field.
    #[must_use]
    pub fn text(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.part(name.into(), None, Body::from(value.into()))
    }

    /// Adds a file. Its content may be bytes, text, or a [`Body`] that streams.
    #[must_use]
    pub fn file(
        self,
        name: impl Into<String>,
        file_name: impl Into<String>,
        content: impl Into<Body>,
    ) -> Self {
        self.part(name.into(), Some(file_name.into()), content.into())
    }

    fn part(mut self, name: String, file_name: Option<String>, content: Body) -> Self {
        self.parts.push(Part {
            name,
            file_name,
            content,
        });
        self
    }

    /// The form as a payload. In memory it can be sent again, streaming it goes out once.
    pub(crate) fn payload(self, seed: u64) -> Payload {
        let (content_type, body) = self.into_body(seed);
        match body.into_memory() {
            Ok(bytes) => Payload::Bytes(content_type, bytes),
            Err(stream) => Payload::Stream(content_type, Some(stream)),
        }
    }

    /// The content type with its boundary, and the body.
    pub(crate) fn into_body(self, seed: u64) -> (HeaderValue, Body) {
        let boundary = format!("zoho-client-{seed:016x}");
        let content_type = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"))
            .unwrap_or(HeaderValue::from_static("multipart/form-data"));
        let mut pieces = Vec::with_capacity(3 * self.parts.len() + 1);
        for part in self.parts {
            pieces.push(Body::from(part.head(&boundary)));
            pieces.push(part.content);
            pieces.push(Body::from("\r\n"));
        }
        pieces.push(Body::from(format!("--{boundary}--\r\n")));
        (content_type, joined(pieces))
    }
}

impl Part {
    fn head(&self, boundary: &str) -> String {
        let name = quoted(&self.name);
        match &self.file_name {
            Some(file_name) => format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n",
                quoted(file_name)
            ),
            None => format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n"),
        }
    }
}

/// One body of several, in memory when all of them are.
fn joined(pieces: Vec<Body>) -> Body {
    let in_memory: Option<Vec<&[u8]>> = pieces.iter().map(Body::as_bytes).collect();
    if let Some(in_memory) = in_memory {
        let mut all = BytesMut::with_capacity(in_memory.iter().map(|piece| piece.len()).sum());
        in_memory.iter().for_each(|piece| all.extend_from_slice(piece));
        return Body::from(Bytes::from(all));
    }
    Body::stream(stream::iter(pieces).flat_map(Body::into_data_stream))
}

/// A name inside quotes, as browsers write it.
fn quoted(name: &str) -> String {
    name.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22")
}
