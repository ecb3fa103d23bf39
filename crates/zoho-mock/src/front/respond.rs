//! From an answer to an HTTP response: Zoho's headers, and the damage that a fault does.

use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Response, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::json;

use crate::answer::{Answer, Payload, Refusal};
use crate::body::{Body, Broken};
use crate::config::Dialect;
use crate::faults::{Effect, Strike};
use crate::pieces::{self, Pieces};
use crate::route::Product;

const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

/// Headers of an answer, with some to spare.
const HEADERS: usize = 12;

/// A response whose body is still at hand, and whether that breaks off.
pub(super) type Raw = Response<(Pieces, bool)>;

/// The refusal of a method that a path does not have.
pub(super) fn wrong_method(product: Product, method: &str) -> Refusal {
    match product {
        Product::Crm => Refusal::crm(
            StatusCode::METHOD_NOT_ALLOWED,
            "INVALID_REQUEST_METHOD",
            "The http request method type is not a valid one",
            json!({}),
        ),
        Product::Books => Refusal::books(
            StatusCode::METHOD_NOT_ALLOWED,
            37,
            format!("The HTTP method {method} is not allowed for the requested resource"),
        ),
    }
}

/// The refusal of a path that leads nowhere.
pub(super) fn no_such_path(product: Product) -> Refusal {
    match product {
        Product::Crm => Refusal::crm(
            StatusCode::NOT_FOUND,
            "INVALID_URL_PATTERN",
            "Please check if the URL trying to access is a correct one",
            json!({}),
        ),
        Product::Books => Refusal::books(StatusCode::NOT_FOUND, 5, "Invalid URL Passed"),
    }
}

/// CRM's message for too many requests at once.
pub(super) const TOO_MANY: &str = "You have made too many requests. Please try again later.";

/// CRM's refusal of a call over a limit, in one of the two forms that are known of it.
pub(super) fn too_many(dialect: Dialect, message: &str) -> Answer {
    let status = StatusCode::TOO_MANY_REQUESTS;
    match dialect.rate_limit_exceeded {
        false => Refusal::crm(status, "TOO_MANY_REQUESTS", message, json!({})).into_answer(),
        true => {
            let message = "Too many requests. Please try again later.";
            let body = json!({"code": "RATE_LIMIT_EXCEEDED", "message": message, "status": "error"});
            Answer::json(status, &body)
        }
    }
}

/// The answer that a fault gives in place of the operation.
pub(super) fn scripted(strike: &Strike, product: Option<Product>, dialect: Dialect) -> Answer {
    let status = StatusCode::from_u16(strike.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = match (&strike.body, &strike.effect) {
        (_, Effect::Html) => {
            let page =
                format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
            Answer {
                status,
                headers: Vec::new(),
                payload: Payload::Bytes("text/html;charset=UTF-8", page.into()),
            }
        }
        (Some(body), _) => Answer::json(status, body),
        (None, _) => usual(status, product, dialect),
    };
    for (name, value) in &strike.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            answer.headers.push((name, value));
        }
    }
    answer
}

/// The body that a product sends with a status of failure.
fn usual(status: StatusCode, product: Option<Product>, dialect: Dialect) -> Answer {
    let crm = |code, message: &str| Refusal::crm(status, code, message, json!({})).into_answer();
    let books = |code, message: &str| Refusal::books(status, code, message).into_answer();
    match (product, status.as_u16()) {
        (None, 429) => Answer::json(status, &json!({"error": "Access Denied", "status": "failure"})),
        (None, _) => Answer::json(status, &json!({"error": "server_error"})),
        (Some(Product::Crm), 401) => crm("INVALID_TOKEN", "invalid oauth token"),
        (Some(Product::Crm), 429) => too_many(dialect, TOO_MANY),
        (Some(Product::Crm), 503) => crm(
            "SERVICE_UNAVAILABLE",
            "The service is not available at the moment",
        ),
        (Some(Product::Crm), 500..) => crm("INTERNAL_ERROR", "Internal Server Error"),
        (Some(Product::Crm), _) => crm("INVALID_REQUEST", "unable to process your request"),
        (Some(Product::Books), 401) => books(57, "You are not authorized to perform this operation"),
        (Some(Product::Books), 429) => books(1070, super::api::IN_PROCESS),
        (Some(Product::Books), _) => books(1000, "Internal error"),
    }
}

/// Zoho's headers around an answer.
pub(super) fn response(answer: Answer, product: Option<Product>, date: HeaderValue) -> Raw {
    let Answer {
        status,
        headers: own,
        payload,
    } = answer;
    let mut headers = HeaderMap::with_capacity(HEADERS);
    headers.insert(header::SERVER, HeaderValue::from_static("ZGS"));
    headers.insert(header::DATE, date);
    let (kind, data) = match payload {
        Payload::Empty => (JSON, Bytes::new().into()),
        Payload::Json(text) => (JSON, Bytes::from(text).into()),
        Payload::Pieces(pieces) => (JSON, Pieces::Several(pieces)),
        Payload::Bytes(kind, data) => (HeaderValue::from_static(kind), data.into()),
    };
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-store, no-cache, must-revalidate, private"),
    );
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    if let Some(product) = product {
        headers.insert(
            header::EXPIRES,
            HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"),
        );
        headers.insert(
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static(match product {
                Product::Crm => "attachment; filename=response.json",
                Product::Books => "attachment;",
            }),
        );
    }
    if status != StatusCode::NO_CONTENT && status != StatusCode::NOT_MODIFIED {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(data.len()));
    }
    for (name, value) in own {
        headers.insert(name, value);
    }
    let mut response = Response::new((data, false));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// A response of the mock itself, without Zoho's headers.
pub(super) fn plain(answer: Answer) -> Response<Body> {
    let (kind, data) = match answer.payload {
        Payload::Json(text) => ("application/json", Bytes::from(text)),
        Payload::Pieces(pieces) => ("application/json", pieces::joined(&pieces).into()),
        Payload::Bytes(kind, data) => (kind, data),
        Payload::Empty => ("application/json", Bytes::new()),
    };
    let mut response = Response::new(Body::whole(data));
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.extend(answer.headers);
    response
}

/// What is left of a response after a fault.
pub(super) fn damaged(response: Raw, strike: &Strike) -> Result<Raw, Broken> {
    match strike.effect {
        Effect::DropConnection | Effect::DropReply => Err(Broken),
        // The length stays what it was: that is how a client can tell.
        Effect::Truncate => Ok(response.map(|(data, _)| (cut(&data, strike.bytes), true))),
        Effect::MalformedJson => {
            let mut response = response.map(|(data, broken)| (cut(&data, data.len() / 2), broken));
            let length = response.body().0.len();
            if response.headers().contains_key(header::CONTENT_LENGTH) {
                response
                    .headers_mut()
                    .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
            }
            Ok(response)
        }
        Effect::None | Effect::Answer | Effect::Html | Effect::SlowBody => Ok(response),
    }
}

/// The beginning of a body.
fn cut(data: &Pieces, bytes: usize) -> Pieces {
    let data = data.whole();
    data.slice(..bytes.min(data.len())).into()
}

/// Says in the response what a careful client would not have sent.
pub(super) fn tell(response: &mut Raw, careless: &[String]) {
    if !careless.is_empty()
        && let Ok(value) = HeaderValue::try_from(careless.join("; "))
    {
        response.headers_mut().insert("x-zoho-mock-strict", value);
    }
}

/// The response with a body to send.
pub(super) fn into_body(response: Raw, strike: Option<&Strike>) -> Response<Body> {
    let slow = strike.filter(|strike| strike.effect == Effect::SlowBody);
    response.map(|(data, broken)| match (broken, slow) {
        (true, _) => Body::broken_after(data.whole()),
        (false, Some(strike)) => Body::slow(data.whole(), strike.bytes, strike.pause),
        (false, None) => Body::of(data),
    })
}

/// The latest instant as HTTP writes it: whole seconds, so that many answers have the same.
#[derive(Debug, Default)]
pub(super) struct Date(Option<(i64, HeaderValue)>);

impl Date {
    /// An instant as HTTP writes it.
    pub(super) fn at(&mut self, now: Timestamp) -> HeaderValue {
        let second = now.as_second();
        match &self.0 {
            Some((known, text)) if *known == second => text.clone(),
            _ => self.0.insert((second, date(now))).1.clone(),
        }
    }
}

fn date(now: Timestamp) -> HeaderValue {
    // Only a year of more than four digits cannot be written.
    let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
    text.ok()
        .and_then(|text| HeaderValue::try_from(text).ok())
        .unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_that_of_its_second() {
        let mut date = Date::default();
        for (second, nanosecond) in [(0, 0), (0, 999_999_999), (1, 0), (0, 5), (1_773_500_400, 1)] {
            let now = Timestamp::new(second, nanosecond).unwrap();
            assert_eq!(date.at(now), super::date(now));
        }
        assert_eq!(date.at(Timestamp::UNIX_EPOCH), "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}
