//! How a generated call runs: through the same pipeline as everything else.
//!
//! Generated code builds a `reqwest::Request`, because that is what progenitor writes. It is taken
//! apart here, before anything is sent, and goes on as a [`Request`] like any other.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::de::DeserializeOwned;

use super::meter::Meter;
use super::operation::{Operation, Product};
use super::request::{Payload, Request, match_template};
use super::transport::{Body, RequestMaker, native, request_maker};
use super::{Answer, Engine};
use crate::error::{Error, ErrorKind, Result};
use crate::multipart::Multipart;
use crate::reply::Reply;

/// The address that generated requests are built on; the pipeline puts the real one in its place.
pub(crate) const BASE_URL: &str = "http://zoho.invalid";

/// What a handle knows: the client it belongs to, and the organization it speaks for.
#[derive(Clone, Debug)]
pub(crate) struct Core {
    pub(crate) engine: Arc<Engine>,
    /// Books' `organization_id`, or the value of CRM's `X-CRM-ORG`.
    pub(crate) organization: Option<Arc<str>>,
    /// What counts the calls of this handle.
    pub(crate) meters: Vec<Meter>,
}

impl Core {
    /// Sends a request for this organization.
    pub(crate) async fn call(&self, request: Request) -> Result<Answer> {
        let request = self.address(request)?;
        for meter in &self.meters {
            meter.count(super::limits::cost(&request));
        }
        self.engine.call(request).await
    }

    fn address(&self, request: Request) -> Result<Request> {
        let Some(organization) = self.organization.as_deref() else {
            return Ok(request);
        };
        match request.product {
            Product::Crm => request.header("x-crm-org", organization),
            Product::Books if request.organization => {
                let given = request.query.iter().any(|(name, _)| name == "organization_id");
                if given {
                    return Ok(request);
                }
                Ok(request.query("organization_id", organization))
            }
            Product::Books => Ok(request),
        }
    }

    /// A client that builds requests and never sends one.
    pub(crate) fn builder() -> Result<RequestMaker> {
        request_maker()
    }
}

/// Runs a request that generated code has built.
pub(crate) async fn exec(
    core: &Core,
    operation: &'static Operation,
    request: reqwest::Request,
) -> Result<Answer> {
    core.call(translate(operation, request)?).await
}

/// Makes our request out of reqwest's: path checked against the template, everything else as it is.
fn translate(operation: &'static Operation, request: reqwest::Request) -> Result<Request> {
    let odd = || {
        Error::config("a path parameter is empty, or holds a slash or dots that climb")
            .with_operation(operation.id)
    };
    let parameters = match_template(operation.path, request.url().path()).ok_or_else(odd)?;
    let parameters: Vec<&dyn std::fmt::Display> = parameters.iter().map(|text| text as _).collect();
    let mut ours = Request::of(operation, &parameters)?;
    for (name, value) in request.url().query_pairs() {
        ours = ours.query(name.into_owned(), value);
    }
    let http = http::Request::<reqwest::Body>::try_from(request)
        .map_err(|error| Error::config("the request can not be built").with_source(error))?;
    let (mut parts, body) = http.into_parts();
    let content_type = parts
        .headers
        .remove(http::header::CONTENT_TYPE)
        .unwrap_or(HeaderValue::from_static("application/json"));
    for unwanted in ["api-version", "content-length", "host", "authorization"] {
        parts.headers.remove(unwanted);
    }
    ours.headers = parts.headers;
    ours.payload = match body.as_bytes() {
        Some([]) => Payload::None,
        Some(bytes) => Payload::Bytes(content_type, Bytes::copy_from_slice(bytes)),
        None => Payload::Stream(content_type, Some(Body::wrap(body))),
    };
    if let (Some(key), Payload::Bytes(_, bytes)) = (operation.batch, &ours.payload) {
        ours.items = serde_json::from_slice::<serde_json::Value>(bytes)
            .ok()
            .and_then(|body| body.get(key)?.as_array().map(Vec::len))
            .unwrap_or(0);
    }
    Ok(ours)
}

/// A form as generated code sends it: its content type, and its body.
pub(crate) fn multipart(core: &Core, form: Multipart) -> (HeaderValue, reqwest::Body) {
    let (content_type, body) = form.into_body(core.engine.random());
    (content_type, native(body))
}

/// The body of an answer as a type.
pub(crate) async fn decode<T: DeserializeOwned>(
    operation: &'static Operation,
    answer: Answer,
) -> Result<Reply<T>> {
    let (status, headers, bytes) = read(operation, answer).await?;
    let body = super::decode(operation.id, status, &bytes)?;
    Ok(Reply::new(body, status, headers))
}

/// The body of an answer as a type; `None` for 204, 304 and an empty body.
pub(crate) async fn empty_or<T: DeserializeOwned>(
    operation: &'static Operation,
    answer: Answer,
) -> Result<Reply<Option<T>>> {
    let nothing = answer.is_empty();
    let (status, headers, bytes) = read(operation, answer).await?;
    let body = match nothing {
        true => None,
        false => Some(super::decode(operation.id, status, &bytes)?),
    };
    Ok(Reply::new(body, status, headers))
}

/// The bytes of an answer, as they come.
#[allow(
    clippy::unused_async,
    reason = "generated code awaits whatever reads an answer"
)]
pub(crate) async fn bytes(_operation: &'static Operation, answer: Answer) -> Result<Reply<Body>> {
    Ok(Reply::new(answer.body, answer.status, answer.headers))
}

/// The bytes of an answer, as they come; `None` for 204 and 304.
pub(crate) async fn bytes_or(operation: &'static Operation, answer: Answer) -> Result<Reply<Option<Body>>> {
    let reply = bytes(operation, answer).await?;
    let nothing = matches!(reply.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    Ok(reply.map(|body| (!nothing).then_some(body)))
}

async fn read(operation: &'static Operation, answer: Answer) -> Result<(StatusCode, HeaderMap, Bytes)> {
    let Answer {
        status,
        headers,
        body,
        ..
    } = answer;
    let bytes = body
        .bytes()
        .await
        .map_err(|error| super::classify::cut_short(status, error).with_operation(operation.id))?;
    Ok((status, headers, bytes))
}

impl From<progenitor_client::Error<()>> for Error {
    /// An error of generated code before or after the pipeline.
    fn from(error: progenitor_client::Error<()>) -> Self {
        match error {
            progenitor_client::Error::InvalidRequest(message) => Self::config(message),
            progenitor_client::Error::CommunicationError(error) => error.into(),
            other => {
                let status = other.status();
                let error = Self::new(ErrorKind::Decode, "the answer is not what was expected");
                let error = match status {
                    Some(status) => error.with_status(status),
                    None => error,
                };
                error.with_source(other.to_string())
            }
        }
    }
}

impl From<reqwest::Error> for Error {
    /// Generated code only builds requests with reqwest: what fails there is the input.
    fn from(error: reqwest::Error) -> Self {
        Self::config("the request can not be built").with_source(error.without_url())
    }
}
