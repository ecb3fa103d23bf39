//! How a generated call runs: through the same pipeline as everything else.
//!
//! progenitor's hook may only return `reqwest::Result`, and nobody can make a `reqwest::Error`.
//! So a failure travels as a response that no server sends (status 399) with the error as an
//! extension; [`decode`] and its siblings take it out again. The trick lives in this file alone.

use std::sync::Arc;

use http::StatusCode;
use serde::de::DeserializeOwned;

use super::operation::{Operation, Product};
use super::request::{Payload, Request, match_template};
use super::transport::{Body, request_builder};
use super::{Answer, Engine};
use crate::error::{Error, ErrorKind, Result};
use crate::reply::Reply;

/// The address that generated requests are built on; the pipeline puts the real one in its place.
pub(crate) const BASE_URL: &str = "http://zoho.invalid";

/// The status of a response that only carries an error.
const CARRIER: StatusCode = match StatusCode::from_u16(399) {
    Ok(status) => status,
    Err(_) => StatusCode::IM_A_TEAPOT,
};

/// What a handle knows: the client it belongs to, and the organization it speaks for.
#[derive(Clone, Debug)]
pub(crate) struct Core {
    pub(crate) engine: Arc<Engine>,
    /// Books' `organization_id`, or the value of CRM's `X-CRM-ORG`.
    pub(crate) organization: Option<Arc<str>>,
}

impl Core {
    /// Sends a request for this organization.
    pub(crate) async fn call(&self, request: Request) -> Result<Answer> {
        let request = self.address(request)?;
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
    pub(crate) fn builder() -> Result<reqwest::Client> {
        request_builder()
    }
}

/// Runs a request that generated code has built.
pub(crate) async fn exec(
    core: &Core,
    operation: &'static Operation,
    request: reqwest::Request,
) -> reqwest::Result<reqwest::Response> {
    let outcome = match translate(operation, request) {
        Ok(request) => core.call(request).await,
        Err(error) => Err(error),
    };
    Ok(match outcome {
        Ok(answer) => respond(answer),
        Err(error) => carry(error),
    })
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
        .unwrap_or(http::HeaderValue::from_static("application/json"));
    for unwanted in ["api-version", "content-length", "host", "authorization"] {
        parts.headers.remove(unwanted);
    }
    ours.headers = parts.headers;
    ours.payload = match body.as_bytes() {
        Some([]) => Payload::None,
        Some(bytes) => Payload::Bytes(content_type, bytes::Bytes::copy_from_slice(bytes)),
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

fn respond(answer: Answer) -> reqwest::Response {
    let body = match answer.body.as_bytes() {
        Some(bytes) => reqwest::Body::from(bytes::Bytes::copy_from_slice(bytes)),
        None => reqwest::Body::wrap(answer.body),
    };
    let mut response = http::Response::new(body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response.into()
}

fn carry(error: Error) -> reqwest::Response {
    let mut response = http::Response::new(reqwest::Body::default());
    *response.status_mut() = CARRIER;
    response.extensions_mut().insert(error);
    response.into()
}

/// Gives back the error that a response carries.
fn arrive(mut response: reqwest::Response) -> Result<reqwest::Response> {
    if response.status() != CARRIER {
        return Ok(response);
    }
    match response.extensions_mut().remove::<Error>() {
        Some(error) => Err(error),
        None => Ok(response),
    }
}

async fn read(operation: &'static Operation, response: reqwest::Response) -> Result<(Answer, bytes::Bytes)> {
    let response = arrive(response)?;
    let (parts, body) = http::Response::<reqwest::Body>::from(response).into_parts();
    let bytes = Body::wrap(body)
        .bytes()
        .await
        .map_err(|error| super::classify::cut_short(parts.status, error).with_operation(operation.id))?;
    let answer = Answer {
        id: operation.id.into(),
        status: parts.status,
        headers: parts.headers,
        body: Body::from(bytes.clone()),
    };
    Ok((answer, bytes))
}

/// The body of a response as a type.
pub(crate) async fn decode<T: DeserializeOwned>(
    operation: &'static Operation,
    response: reqwest::Response,
) -> Result<Reply<T>> {
    let (answer, bytes) = read(operation, response).await?;
    let body = super::decode(operation.id, answer.status, &bytes)?;
    Ok(Reply::new(body, answer.status, answer.headers))
}

/// The body of a response as a type; `None` for 204, 304 and an empty body.
pub(crate) async fn empty_or<T: DeserializeOwned>(
    operation: &'static Operation,
    response: reqwest::Response,
) -> Result<Reply<Option<T>>> {
    let (answer, bytes) = read(operation, response).await?;
    let body = if answer.is_empty() {
        None
    } else {
        Some(super::decode(operation.id, answer.status, &bytes)?)
    };
    Ok(Reply::new(body, answer.status, answer.headers))
}

/// A response whose body says nothing.
pub(crate) async fn unit(operation: &'static Operation, response: reqwest::Response) -> Result<Reply<()>> {
    let (answer, _) = read(operation, response).await?;
    Ok(Reply::new((), answer.status, answer.headers))
}

/// The bytes of a response, as they come.
pub(crate) async fn bytes(
    _operation: &'static Operation,
    response: reqwest::Response,
) -> Result<Reply<Body>> {
    let (parts, body) = http::Response::<reqwest::Body>::from(arrive(response)?).into_parts();
    Ok(Reply::new(Body::wrap(body), parts.status, parts.headers))
}

/// The bytes of a response, as they come; `None` for 204 and 304.
pub(crate) async fn bytes_or(
    operation: &'static Operation,
    response: reqwest::Response,
) -> Result<Reply<Option<Body>>> {
    let reply = bytes(operation, response).await?;
    let nothing = matches!(reply.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    Ok(reply.map(|body| (!nothing).then_some(body)))
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
