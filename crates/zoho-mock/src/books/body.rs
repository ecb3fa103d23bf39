//! The JSON of a request, wherever the client put it: in the body, or in a form's `JSONString`.

use http::StatusCode;
use serde_json::{Map, Value};

use crate::answer::Refusal;
use crate::call::Call;
use crate::query;

/// What a write sent.
#[derive(Debug)]
pub(crate) enum Sent {
    Nothing,
    Json(Value),
}

/// Reads the JSON of a request.
///
/// # Errors
/// Code 1038 when it is not well formed.
pub(crate) fn read(call: &Call<'_>) -> Result<Sent, Refusal> {
    let kind = call.header("content-type").unwrap_or_default();
    let body = String::from_utf8_lossy(call.body);
    let body = body.trim();
    let form = match query::boundary(kind) {
        Some(boundary) => query::multipart_texts(call.body, boundary),
        None if kind.starts_with("application/x-www-form-urlencoded") || body.starts_with("JSONString=") => {
            query::pairs(body)
        }
        None => Vec::new(),
    };
    let in_form = form
        .iter()
        .find(|(key, _)| key == "JSONString")
        .map(|(_, value)| value.as_str());
    let text = match in_form.or_else(|| call.query("JSONString")) {
        Some(text) => text,
        // A client that forgets the content type of its JSON often sends a form's.
        None if query::boundary(kind).is_some() || (!form.is_empty() && !body.starts_with(['{', '['])) => "",
        None => body,
    };
    if text.trim().is_empty() {
        return Ok(Sent::Nothing);
    }
    serde_json::from_str(text)
        .map(Sent::Json)
        .map_err(|_| not_well_formed())
}

/// The object of a write that needs one.
///
/// # Errors
/// Code 11 when nothing was sent, 1038 when it is not an object.
pub(crate) fn object(call: &Call<'_>) -> Result<Map<String, Value>, Refusal> {
    match read(call)? {
        Sent::Nothing => Err(Refusal::books(
            StatusCode::BAD_REQUEST,
            11,
            "The parameter JSONString is mandatory.",
        )),
        Sent::Json(Value::Object(object)) => Ok(object),
        Sent::Json(_) => Err(not_well_formed()),
    }
}

fn not_well_formed() -> Refusal {
    Refusal::books(StatusCode::BAD_REQUEST, 1038, "JSON is not well formed")
}
