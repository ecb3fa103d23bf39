//! A request as a value: which operation, with which checked path, query, headers and body.

mod query;

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::Serialize;

use super::operation::{Base, Host, Operation, Product, ReplyKind};
use super::retry::RetryPolicy;
use super::transport::Body;
use crate::error::{Error, Result};
use crate::region::upload_host;

/// What must be written as `%XX` inside a path segment.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'\\');

/// The body of a request.
#[derive(Default)]
pub(crate) enum Payload {
    #[default]
    None,
    /// Bytes in memory: may be sent again.
    Bytes(HeaderValue, Bytes),
    /// A stream: can be sent once. `None` when it was.
    Stream(HeaderValue, Option<Body>),
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the content: it is somebody's data.
        match self {
            Self::None => f.write_str("None"),
            Self::Bytes(kind, bytes) => write!(f, "{kind:?}, {} bytes", bytes.len()),
            Self::Stream(kind, _) => write!(f, "{kind:?}, stream"),
        }
    }
}

impl Payload {
    pub(crate) fn can_be_sent(&self) -> bool {
        !matches!(self, Self::Stream(_, None))
    }
}

/// Everything that one call needs, apart from the token.
#[derive(Debug)]
pub(crate) struct Request {
    /// The operation's name, for errors and traces.
    pub(crate) id: Cow<'static, str>,
    pub(crate) product: Product,
    pub(crate) base: Base,
    pub(crate) method: Method,
    /// The path with its parameters' names, for traces: no ids, no data.
    pub(crate) template: Cow<'static, str>,
    /// The encoded path below the base.
    pub(crate) path: String,
    pub(crate) query: Vec<(Cow<'static, str>, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) payload: Payload,
    /// The row of the table, when the operation is known.
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) idempotent: bool,
    pub(crate) binary: bool,
    /// Another address of Zoho's than that of the base, already checked: it is given the token.
    pub(crate) origin: Option<String>,
    /// Whether the path already names product and version.
    pub(crate) whole_path: bool,
    /// Whether an accepted answer may be anything, not only JSON.
    pub(crate) any_body: bool,
    pub(crate) batch: Option<Cow<'static, str>>,
    /// Whether the call belongs to an organization.
    pub(crate) organization: bool,
    /// The number of records in a batch write.
    pub(crate) items: usize,
    /// A policy of the caller's own: it covers writes too.
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) timeout: Option<Duration>,
}

impl Request {
    /// A call of an operation in the table, its path parameters given in order.
    pub(crate) fn of(operation: &'static Operation, parameters: &[&dyn Display]) -> Result<Self> {
        let path = fill(operation.path, parameters).map_err(|error| error.with_operation(operation.id))?;
        Ok(Self {
            id: operation.id.into(),
            product: operation.product,
            base: operation.base,
            method: operation.method.clone(),
            template: operation.path.into(),
            path,
            query: Vec::new(),
            headers: HeaderMap::new(),
            payload: Payload::None,
            operation: Some(operation),
            idempotent: operation.idempotent,
            binary: operation.reply == ReplyKind::Binary,
            origin: None,
            whole_path: false,
            any_body: false,
            batch: operation.batch.map(Cow::Borrowed),
            organization: operation.organization,
            items: 0,
            retry: None,
            timeout: None,
        })
    }

    /// A call that the table does not know: `GET` counts as safe to repeat, nothing else does.
    pub(crate) fn untabled(
        id: impl Into<Cow<'static, str>>,
        product: Product,
        method: Method,
        path: String,
    ) -> Self {
        Self {
            id: id.into(),
            product,
            base: product.base(),
            idempotent: matches!(method, Method::GET | Method::HEAD),
            method,
            template: "".into(),
            path,
            query: Vec::new(),
            headers: HeaderMap::new(),
            payload: Payload::None,
            operation: None,
            binary: false,
            origin: None,
            whole_path: false,
            any_body: false,
            batch: None,
            organization: product == Product::Books,
            items: 0,
            retry: None,
            timeout: None,
        }
    }

    /// Whether it may change something: a list is asked for by `POST` too.
    pub(crate) fn writes(&self) -> bool {
        let lists = self.operation.is_some_and(|operation| operation.paging.is_some());
        !matches!(self.method, Method::GET | Method::HEAD) && !lists
    }

    pub(crate) fn query(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Result<Self> {
        let value = header_value(name, value)?;
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(self)
    }

    pub(crate) fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Result<Self> {
        let bytes = serde_json::to_vec(body)
            .map_err(|error| Error::config("the body can not be written as JSON").with_source(error))?;
        self.payload = Payload::Bytes(HeaderValue::from_static("application/json"), bytes.into());
        Ok(self)
    }

    /// The request for a server, without its token. It takes a streaming body out.
    pub(crate) fn take_http(&mut self, api: &str, version: &str) -> Result<http::Request<Body>> {
        let host = match (&self.origin, self.base.host) {
            (Some(origin), _) => Cow::Borrowed(origin.as_str()),
            (None, Host::Api) => Cow::Borrowed(api),
            (None, Host::Upload) => upload_host(api),
        };
        let mut uri = if self.whole_path {
            format!("{host}{}", self.path)
        } else {
            format!("{host}{}/{version}{}", self.base.prefix, self.path)
        };
        query::write(&mut uri, &self.query);
        let (content_type, body) = match &mut self.payload {
            Payload::None => (None, Body::empty()),
            Payload::Bytes(kind, bytes) => (Some(kind.clone()), Body::from(bytes.clone())),
            Payload::Stream(kind, body) => (Some(kind.clone()), body.take().unwrap_or_default()),
        };
        let mut request = http::Request::builder()
            .method(self.method.clone())
            .uri(uri)
            .body(body)
            .map_err(|error| Error::config("the path does not make an address").with_source(error))?;
        let headers = request.headers_mut();
        headers.extend(self.headers.clone());
        if !headers.contains_key(ACCEPT) && !self.binary {
            headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        }
        if let Some(content_type) = content_type {
            headers.entry(CONTENT_TYPE).or_insert(content_type);
        }
        Ok(request)
    }
}

/// A header value, or the reason why it is none. The value itself is not repeated.
pub(crate) fn header_value(name: &str, value: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(value).map_err(|_| {
        Error::config(format!(
            "the value of header `{name}` holds a line break or control character"
        ))
    })
}

/// Puts parameters into a template, each checked and encoded.
pub(crate) fn fill(template: &str, parameters: &[&dyn Display]) -> Result<String> {
    let mut values = parameters.iter();
    let mut path = String::with_capacity(template.len() + 24);
    for segment in template.split('/').skip(1) {
        path.push('/');
        match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            None => path.push_str(segment),
            Some(name) => {
                let value = values
                    .next()
                    .ok_or_else(|| Error::config(format!("path parameter `{name}` is missing")))?
                    .to_string();
                path.push_str(&encode_segment(name, &value)?);
            }
        }
    }
    Ok(path)
}

/// One path segment, encoded; refused when it could be read as more or less than one.
pub(crate) fn encode_segment(name: &str, value: &str) -> Result<String> {
    let problem = if value.is_empty() {
        "is empty"
    } else if value.contains(['/', '\\']) {
        "holds a slash"
    } else if value == "." || value.contains("..") {
        "holds dots that climb"
    } else if value.chars().any(char::is_control) {
        "holds a control character"
    } else {
        return Ok(utf8_percent_encode(value, SEGMENT).to_string());
    };
    let shown: String = value.chars().take(60).collect();
    Err(Error::config(format!(
        "path parameter `{name}` {problem}: `{}`",
        shown.escape_debug()
    )))
}

/// The decoded parameters of a path that fits a template, in order; `None` when it does not fit.
pub(crate) fn match_template(template: &str, path: &str) -> Option<Vec<String>> {
    let mut parameters = Vec::new();
    let mut segments = path.split('/');
    for part in template.split('/') {
        let segment = segments.next()?;
        if part.starts_with('{') {
            let text = percent_decode_str(segment).decode_utf8().ok()?;
            if text.is_empty() {
                return None;
            }
            parameters.push(text.into_owned());
        } else if part != segment {
            return None;
        }
    }
    segments.next().is_none().then_some(parameters)
}

/// The row of a table that a path below the product's base belongs to: literal segments win over
/// parameters. In Books a path that begins with a parameter is one of a custom module, whose name
/// begins with `cm_`; what else looks like it is no operation that is known.
pub(crate) fn find_operation(
    table: &'static [&'static Operation],
    method: &Method,
    path: &str,
) -> Option<&'static Operation> {
    table
        .iter()
        .filter(|row| row.base == row.product.base() && row.method == *method)
        .filter(|row| match_template(row.path, path).is_some())
        .filter(|row| row.product == Product::Crm || !row.path.starts_with("/{") || path.starts_with("/cm_"))
        .max_by_key(|row| {
            row.path
                .split('/')
                .map(|part| !part.starts_with('{'))
                .collect::<Vec<_>>()
        })
        .copied()
}
