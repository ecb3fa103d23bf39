//! Bodies of `multipart/form-data`.

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use http::HeaderValue;
use http_body_util::BodyExt;

use crate::pipeline::transport::Body;

/// One file. It stays in memory when its content is there already, else it streams.
pub(crate) fn file(part: &str, file_name: &str, content: Body, seed: u64) -> (HeaderValue, Body) {
    let (boundary, content_type) = boundary(seed);
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n",
        quoted(part),
        quoted(file_name)
    );
    let tail = format!("\r\n--{boundary}--\r\n");
    let body = match content.as_bytes() {
        Some(bytes) => {
            let mut all = BytesMut::with_capacity(head.len() + bytes.len() + tail.len());
            all.put_slice(head.as_bytes());
            all.put_slice(bytes);
            all.put_slice(tail.as_bytes());
            Body::from(all.freeze())
        }
        None => {
            let edge = |text: String| stream::iter([Ok(Bytes::from(text))]);
            Body::stream(edge(head).chain(content.into_data_stream()).chain(edge(tail)))
        }
    };
    (content_type, body)
}

/// Plain fields.
pub(crate) fn text(fields: &[(&str, &str)], seed: u64) -> (HeaderValue, Body) {
    let (boundary, content_type) = boundary(seed);
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{value}\r\n",
            quoted(name)
        ));
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    (content_type, Body::from(body))
}

fn boundary(seed: u64) -> (String, HeaderValue) {
    let boundary = format!("zoho-client-{seed:016x}");
    let content_type = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"))
        .unwrap_or(HeaderValue::from_static("multipart/form-data"));
    (boundary, content_type)
}

/// A name inside quotes, as browsers write it.
fn quoted(name: &str) -> String {
    name.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22")
}
