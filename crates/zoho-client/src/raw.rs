//! Requests that no method covers: host-pinned, through the same pipeline.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};
use crate::generated;
use crate::multipart::Multipart;
use crate::pipeline::operation::Product;
use crate::pipeline::request::{Payload, Request, find_operation, header_value};
use crate::pipeline::retry::RetryPolicy;
use crate::pipeline::transport::Body;
use crate::pipeline::typed::Core;
use crate::reply::Reply;

/// What a path may not hold as it is; what is encoded already stays.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'|')
    .add(b'^');

/// Headers that are the client's own affair.
const OWN_HEADERS: [&str; 6] = [
    "authorization",
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "cookie",
];

/// A request of your own.
///
/// It goes to the connection's API host and to no other: absolute addresses, `//host`, `..`, and
/// line breaks in headers are refused before anything is sent, and so is an `Authorization` header.
///
/// Only `GET` is repeated by the client's own retry policy. A policy that is given here with
/// [`retry`](RawRequest::retry) repeats whatever failed, writes too: a `POST` whose answer was lost
/// may then have been carried out twice.
#[must_use = "a request does nothing until it is sent"]
pub struct RawRequest {
    core: Core,
    product: Product,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    payload: Payload,
    form: Option<Multipart>,
    retry: Option<RetryPolicy>,
    timeout: Option<Duration>,
    problem: Option<Error>,
}

/// The answer to a raw request: any status that is not an error, any body.
#[derive(Clone, Debug)]
pub struct RawReply {
    operation: Cow<'static, str>,
    reply: Reply<Bytes>,
}

impl RawRequest {
    pub(crate) fn new(core: Core, product: Product, method: Method, path: String) -> Self {
        Self {
            core,
            product,
            method,
            path,
            query: Vec::new(),
            headers: HeaderMap::new(),
            payload: Payload::None,
            form: None,
            retry: None,
            timeout: None,
            problem: None,
        }
    }

    /// A query parameter. The same name may be given again.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// A header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match checked_header(name, value) {
            Ok((name, value)) => {
                self.headers.append(name, value);
            }
            Err(problem) => self.refuse(problem),
        }
        self
    }

    /// A JSON body.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => {
                self.payload = Payload::Bytes(HeaderValue::from_static("application/json"), bytes.into());
            }
            Err(error) => {
                self.refuse(Error::config("the body can not be written as JSON").with_source(error));
            }
        }
        self
    }

    /// A form body, `application/x-www-form-urlencoded`.
    pub fn form<'a>(mut self, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.payload = Payload::Bytes(
            HeaderValue::from_static("application/x-www-form-urlencoded"),
            form.into(),
        );
        self
    }

    /// A field of a multipart form, `multipart/form-data`. Fields and files keep their order.
    pub fn form_field(mut self, name: &str, value: impl Into<String>) -> Self {
        let form = self.form.take().unwrap_or_default();
        self.form = Some(form.text(name, value));
        self
    }

    /// A file of a multipart form, under the name of its part. A streaming one is sent once, as it comes.
    pub fn file(mut self, name: &str, file_name: &str, content: impl Into<Body>) -> Self {
        let form = self.form.take().unwrap_or_default();
        self.form = Some(form.file(name, file_name, content));
        self
    }

    /// A body of bytes with its media type. A streaming body is sent once at most.
    pub fn body(mut self, content_type: &str, body: impl Into<Body>) -> Self {
        let body = body.into();
        match header_value("content-type", content_type) {
            Ok(kind) => {
                self.payload = match body.as_bytes() {
                    Some(bytes) => Payload::Bytes(kind, Bytes::copy_from_slice(bytes)),
                    None => Payload::Stream(kind, Some(body)),
                };
            }
            Err(problem) => self.refuse(problem),
        }
        self
    }

    /// A retry policy for this request. It covers every method: see the type's documentation.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// How long one attempt may take.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sends the request and reads the whole answer, up to [`largest_answer`](crate::ZohoBuilder::largest_answer).
    ///
    /// # Errors
    /// The input can not be right ([`ErrorKind::Config`]), or the call failed.
    pub async fn send(self) -> Result<RawReply> {
        let (core, mut request) = self.build().await?;
        request.any_body = true;
        let answer = core.call(request).await?;
        let bytes = answer
            .body
            .bytes()
            .await
            .map_err(|error| Error::new(ErrorKind::Transport, "the body stopped").with_source(error))?;
        Ok(RawReply {
            operation: answer.id,
            reply: Reply::new(bytes, answer.status, answer.headers),
        })
    }

    /// Sends the request and hands the body on as it comes.
    ///
    /// # Errors
    /// As [`RawRequest::send`].
    pub async fn stream(self) -> Result<Reply<Body>> {
        let (core, mut request) = self.build().await?;
        request.binary = true;
        let answer = core.call(request).await?;
        Ok(Reply::new(answer.body, answer.status, answer.headers))
    }

    fn refuse(&mut self, problem: Error) {
        self.problem.get_or_insert(problem);
    }

    async fn build(self) -> Result<(Core, Request)> {
        if let Some(problem) = self.problem {
            return Err(problem.with_operation("raw"));
        }
        let (path, query) = checked_path(&self.path).map_err(|error| error.with_operation("raw"))?;
        let (table, product) = match self.product {
            Product::Crm => (generated::crm::operations::ALL, "/crm/"),
            Product::Books => (generated::books::operations::ALL, "/books/"),
        };
        let mut request = Request::untabled("raw", self.product, self.method, path);
        request.whole_path = request.path.starts_with(product);
        if !request.whole_path
            && let Some(operation) = find_operation(table, &request.method, &request.path)
        {
            request.operation = Some(operation);
            request.template = operation.path.into();
            request.batch = operation.batch.map(Cow::Borrowed);
            request.organization = operation.organization;
        }
        for (name, value) in query.into_iter().chain(self.query) {
            request = request.query(name, value);
        }
        request.headers = self.headers;
        request.payload = match (self.form, self.payload) {
            (None, payload) => payload,
            (Some(form), Payload::None) => form.payload(self.core.engine.random()),
            (Some(_), _) => {
                let message = "a request has one body: a form, or data";
                return Err(Error::config(message).with_operation("raw"));
            }
        };
        request.retry = self.retry;
        request.timeout = self.timeout;
        Ok((self.core, request))
    }
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("payload", &self.payload)
            .finish_non_exhaustive()
    }
}

impl RawReply {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.reply.status()
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.reply.headers()
    }

    /// The body.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.reply
    }

    /// The body as text; what is not UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.bytes())
    }

    /// The body as a type.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`]: it does not fit; the error names the JSON path.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        crate::pipeline::decode(&self.operation, self.status(), self.bytes())
    }
}

fn checked_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue)> {
    let header = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| Error::config(format!("`{}` is no header name", name.escape_debug())))?;
    if OWN_HEADERS.contains(&header.as_str()) {
        return Err(Error::config(format!(
            "the header `{header}` is set by the client"
        )));
    }
    let value = header_value(name, value)?;
    Ok((header, value))
}

type Pairs = Vec<(String, String)>;

/// A path below the API's host, and the query that may stand behind it.
fn checked_path(path: &str) -> Result<(String, Pairs)> {
    let refuse = |why: &str| {
        let shown: String = path.chars().take(80).collect();
        Err(Error::config(format!(
            "the path `{}` {why}",
            shown.escape_debug()
        )))
    };
    let (path_part, query) = path.split_once('?').unwrap_or((path, ""));
    if !path_part.starts_with('/') {
        return refuse("does not start with a slash: it is a path, never an address");
    }
    if path_part.contains("//") {
        return refuse("has an empty segment");
    }
    if path.contains(['\\', '#']) || path.chars().any(char::is_control) {
        return refuse("holds a backslash, a fragment or a control character");
    }
    for segment in path_part.split('/') {
        let Ok(decoded) = percent_decode_str(segment).decode_utf8() else {
            return refuse("is not UTF-8");
        };
        if decoded == "." || decoded.contains("..") {
            return refuse("holds dots that climb");
        }
        if decoded.contains(['/', '\\']) || decoded.chars().any(char::is_control) {
            return refuse("hides a slash or a control character");
        }
    }
    let query = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    Ok((utf8_percent_encode(path_part, PATH).to_string(), query))
}
