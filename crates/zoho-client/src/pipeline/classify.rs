//! What an answer means: status and body together.

mod cut;

use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use self::cut::is_cut;
use super::operation::Product;
use super::request::Request;
use super::transport::TransportError;
use crate::error::{ApiError, Error, ErrorKind};
use crate::page::body::{End, page_end};

/// What to do with an answer.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Hand it on, with this status. A page of CRM's says where its list goes on.
    Accept(StatusCode, Option<End>),
    /// The token was refused. `ambiguous`: or it lacks a scope.
    TokenRefused { error: Error, ambiguous: bool },
    /// It failed.
    Fail(Error),
}

/// Judges a complete answer.
pub(crate) fn classify(request: &Request, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Verdict {
    if status == StatusCode::NOT_MODIFIED {
        return Verdict::Accept(status, None);
    }
    if status.is_success() {
        return accept(request, status, body);
    }
    let parsed = serde_json::from_slice::<Value>(body);
    if status == StatusCode::BAD_REQUEST
        && let (Some(key), Ok(value)) = (&request.batch, &parsed)
        && is_batch(value, key)
    {
        return Verdict::Accept(StatusCode::MULTI_STATUS, None);
    }
    let api = parsed
        .as_ref()
        .ok()
        .and_then(|value| ApiError::read(status, value));
    match status {
        StatusCode::TOO_MANY_REQUESTS => {
            let error = Error::new(ErrorKind::RateLimited, message(api.as_ref()))
                .with_retry_after(retry_after(request.product, headers, api.as_ref()));
            Verdict::Fail(told(error, status, api))
        }
        StatusCode::UNAUTHORIZED => unauthorized(request, status, api),
        _ if api
            .as_ref()
            .is_some_and(|api| api.code() == "OAUTH_SCOPE_MISMATCH") =>
        {
            Verdict::Fail(told(
                Error::new(ErrorKind::Auth, "the connection lacks a scope"),
                status,
                api,
            ))
        }
        _ => {
            let passing = matches!(status.as_u16(), 408 | 500 | 502 | 503 | 504);
            let error = match (&api, parsed) {
                (Some(api), _) => Error::new(ErrorKind::Api, message(Some(api))),
                (None, Ok(_)) => {
                    Error::new(ErrorKind::Decode, "the error body has no code").with_json_path("$.code")
                }
                (None, Err(cause)) => not_json(body, cause),
            };
            let error = error.passing(passing).with_retry_after(header_seconds(headers));
            Verdict::Fail(told(error, status, api))
        }
    }
}

fn accept(request: &Request, status: StatusCode, body: &[u8]) -> Verdict {
    if body.is_empty() || request.binary {
        return Verdict::Accept(status, None);
    }
    let may_be_page = request
        .operation
        .is_none_or(|operation| operation.paging.is_some());
    if request.product == Product::Crm
        && may_be_page
        && let Some(end) = page_end(body)
    {
        return Verdict::Accept(status, Some(end));
    }
    let fault = match serde_json::from_slice::<Root>(body) {
        Ok(root) => root,
        Err(_) if request.any_body => return Verdict::Accept(status, None),
        Err(cause) => {
            // What is cut short may be whole next time; other text will stay what it is.
            let cut = is_cut(body, &cause);
            return Verdict::Fail(not_json(body, cause).with_status(status).passing(cut));
        }
    };
    let refused = match request.product {
        Product::Books => fault.code.as_ref().is_some_and(|code| !is_zero(code)),
        Product::Crm => {
            fault.status.as_ref().and_then(Value::as_str) == Some("error") && fault.code.is_some()
        }
    };
    if !refused {
        return Verdict::Accept(status, None);
    }
    let api = serde_json::from_slice(body)
        .ok()
        .and_then(|value| ApiError::read(status, &value));
    Verdict::Fail(told(
        Error::new(ErrorKind::Api, message(api.as_ref())),
        status,
        api,
    ))
}

/// The part of a successful answer that can say that it is none.
#[derive(Default)]
struct Root {
    code: Option<Value>,
    status: Option<Value>,
}

impl<'de> serde::Deserialize<'de> for Root {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RootVisitor)
    }
}

struct RootVisitor;

impl<'de> serde::de::Visitor<'de> for RootVisitor {
    type Value = Root;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object or list")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Root, A::Error> {
        let mut root = Root::default();
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            match key.as_ref() {
                "code" => root.code = Some(map.next_value()?),
                "status" => root.status = Some(map.next_value()?),
                _ => {
                    map.next_value::<serde::de::IgnoredAny>()?;
                }
            }
        }
        Ok(root)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Root, A::Error> {
        while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(Root::default())
    }
}

fn unauthorized(request: &Request, status: StatusCode, api: Option<ApiError>) -> Verdict {
    let code = api.as_ref().map(|api| api.code().to_owned());
    match (request.product, code.as_deref()) {
        (_, Some("OAUTH_SCOPE_MISMATCH")) => Verdict::Fail(told(
            Error::new(ErrorKind::Auth, "the connection lacks a scope"),
            status,
            api,
        )),
        // No code at all: a proxy or an error page; a new token is the only thing to try.
        (_, Some("INVALID_TOKEN" | "INVALID_OAUTHTOKEN" | "AUTHENTICATION_FAILURE") | None)
        | (Product::Books, Some("14" | "57")) => {
            let ambiguous = request.product == Product::Books && code.as_deref() == Some("57");
            let error = Error::new(ErrorKind::Auth, "the access token was refused");
            Verdict::TokenRefused {
                error: told(error, status, api),
                ambiguous,
            }
        }
        _ => Verdict::Fail(told(
            Error::new(ErrorKind::Api, message(api.as_ref())),
            status,
            api,
        )),
    }
}

/// A request that brought no complete answer.
pub(crate) fn broken(error: TransportError) -> Error {
    let message = if error.may_have_been_sent() {
        "the connection broke"
    } else {
        "no connection could be made"
    };
    let unsent = !error.may_have_been_sent();
    Error::new(ErrorKind::Transport, message)
        .unsent(unsent)
        .with_source(error.into_source())
}

/// An answer whose body stopped before its end, or had none in sight.
pub(crate) fn cut_short(status: StatusCode, error: TransportError) -> Error {
    let (message, passing) = match error.over_limit() {
        Some(limit) => (
            format!("the body is larger than {limit} bytes, and was left"),
            false,
        ),
        None => ("the body stopped before its end".to_owned(), true),
    };
    Error::new(ErrorKind::Decode, message)
        .with_status(status)
        .with_json_path("$")
        .passing(passing)
        .with_source(error.into_source())
}

fn told(error: Error, status: StatusCode, api: Option<ApiError>) -> Error {
    let error = error.with_status(status);
    match api {
        Some(api) => error.with_api(api),
        None => error,
    }
}

fn message(api: Option<&ApiError>) -> String {
    api.map(|api| api.message().to_owned()).unwrap_or_default()
}

fn not_json(body: &[u8], cause: serde_json::Error) -> Error {
    let text = body.trim_ascii_start();
    let message = if text.starts_with(b"<") {
        "the body is an HTML page, not JSON"
    } else if text.is_empty() {
        "the body is empty"
    } else if is_cut(body, &cause) {
        "the JSON is cut short"
    } else {
        "the body is not JSON"
    };
    Error::new(ErrorKind::Decode, message)
        .with_json_path("$")
        .with_source(cause)
}

fn is_zero(code: &Value) -> bool {
    match code {
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => matches!(text.trim(), "0" | ""),
        Value::Null => true,
        _ => false,
    }
}

/// Whether a 400 is the usual envelope of outcomes, all of them refusals.
fn is_batch(body: &Value, key: &str) -> bool {
    body.get(key).and_then(Value::as_array).is_some_and(|items| {
        !items.is_empty()
            && items
                .iter()
                .all(|item| item.get("code").is_some() || item.get("status").is_some())
    })
}

fn header_seconds(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// `Retry-After`; without it, what is known of Books: the daily counter says when it starts again,
/// and an organization that made too many calls in a minute is let in after one.
fn retry_after(product: Product, headers: &HeaderMap, api: Option<&ApiError>) -> Option<Duration> {
    let header = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse().ok();
    let known = |code: &str| match code {
        "44" => Some(Duration::from_secs(60)),
        "45" => header("x-rate-limit-reset").map(Duration::from_secs),
        _ => None,
    };
    header_seconds(headers).or_else(|| match product {
        Product::Books => known(api?.code()),
        Product::Crm => None,
    })
}
