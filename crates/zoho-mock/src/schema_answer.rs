//! The answer of an operation that has no handler: parameters checked, and a body made from the
//! reply schema that reflects what was sent.

mod make;
mod parameters;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Outcome, Payload, Refusal};
use crate::books;
use crate::call::Call;
use crate::route::{BodyKind, Location, Product, ReplyKind};
use crate::world::World;
use make::Maker;
#[cfg(test)]
pub(crate) use make::resolve;

/// Answers from the reply schema.
///
/// # Errors
/// A refusal when the call lacks what its operation requires.
pub(crate) fn answer(world: &mut World, call: &Call<'_>) -> Outcome {
    parameters::check(call)?;
    let sent = sent(call)?;
    let status = status(call);
    match call.route.reply {
        ReplyKind::Empty => Ok(Answer::no_content()),
        ReplyKind::Binary => Ok(Answer {
            status,
            headers: Vec::new(),
            payload: Payload::Bytes("application/octet-stream", Bytes::from_static(b"zoho-mock")),
        }),
        ReplyKind::Json => {
            let maker = Maker::new(world, call, &sent);
            let mut body = call
                .route
                .reply_schema
                .map_or_else(|| json!({}), |name| maker.reply(name));
            if call.route.product == Product::Books
                && let Some(body) = body.as_object_mut()
            {
                body.insert("code".into(), 0.into());
                body.insert("message".into(), "success".into());
            }
            Ok(Answer::json(status, &body))
        }
    }
}

/// The first success of the operation that has a body; Books creates with 201.
fn status(call: &Call<'_>) -> StatusCode {
    let bodiless = [204, 304];
    call.route
        .success
        .iter()
        .filter(|status| !bodiless.contains(status))
        .min_by_key(|status| **status != 201)
        .and_then(|status| StatusCode::from_u16(*status).ok())
        .unwrap_or(StatusCode::OK)
}

/// The object that was sent; empty when the operation takes none or none came.
fn sent(call: &Call<'_>) -> Result<Map<String, Value>, Refusal> {
    if call.route.body != BodyKind::Json {
        return Ok(Map::new());
    }
    let read = match call.route.product {
        Product::Books => books::sent(call)?,
        Product::Crm if call.body.iter().all(u8::is_ascii_whitespace) => None,
        Product::Crm => Some(serde_json::from_slice(call.body).map_err(|_| {
            let message = "either the request body or parameters is in wrong format";
            Refusal::crm(
                StatusCode::BAD_REQUEST,
                "UNABLE_TO_PARSE_DATA_TYPE",
                message,
                json!({}),
            )
        })?),
    };
    match read {
        Some(Value::Object(sent)) => Ok(sent),
        Some(other) => {
            // Some operations take a bare list.
            let mut sent = Map::new();
            sent.insert(call.route.batch.unwrap_or("data").to_owned(), other);
            Ok(sent)
        }
        None => Ok(Map::new()),
    }
}

/// Whether a path parameter stands in for a property, by its name.
fn from_path(call: &Call<'_>, name: &str) -> Option<Value> {
    let known = call.route.parameters.iter().any(|parameter| {
        parameter.location == Location::Path
            && (parameter.name == name || parameter.name.ends_with(name) && name == "id")
    });
    let value = call
        .path
        .iter()
        .find(|(key, _)| *key == name || name == "id" && key.ends_with("id"));
    value.filter(|_| known).map(|(_, value)| value.as_str().into())
}
