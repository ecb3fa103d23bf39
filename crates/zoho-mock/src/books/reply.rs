//! Replies: the envelope of a success and what stands in it, and files.

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value};

use super::catalogue::Type;
use super::organization::Organization;
use super::render;
use crate::answer::{Answer, Outcome, Payload};

/// One record under its wrapper.
pub(super) fn shown(
    organization: &Organization,
    ty: &'static Type,
    id: u64,
    text: &str,
    status: StatusCode,
) -> Outcome {
    let row = organization.existing(ty, id)?;
    Ok(wrapped(ty, render::record(organization, ty, row), text, status))
}

/// What is shown of a record, under its wrapper.
pub(super) fn wrapped(ty: &Type, shown: Value, text: &str, status: StatusCode) -> Answer {
    let mut body = envelope(text);
    body.insert(ty.wrapper.into(), shown);
    Answer::json(status, &Value::Object(body))
}

/// The envelope of a success.
pub(super) fn envelope(text: &str) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("code".into(), 0.into());
    body.insert("message".into(), text.into());
    body
}

/// A success with content.
pub(super) fn success(content: Map<String, Value>) -> Answer {
    let mut body = envelope("success");
    body.extend(content);
    Answer::json(StatusCode::OK, &Value::Object(body))
}

/// A success with one thing in it.
pub(super) fn success_with(key: &str, value: impl Into<Value>) -> Answer {
    success(Map::from_iter([(key.to_owned(), value.into())]))
}

/// A success that says only so.
pub(super) fn message(text: &str) -> Answer {
    Answer::json(StatusCode::OK, &Value::Object(envelope(text)))
}

/// The reply to a creation, which says where the record is.
pub(super) fn created(organization: &Organization, ty: &'static Type, id: u64) -> Outcome {
    let mut answer = shown(organization, ty, id, ty.created, StatusCode::CREATED)?;
    let collection = ty
        .path
        .split("/{}/")
        .last()
        .unwrap_or_default()
        .trim_start_matches('/');
    if let Ok(location) = format!("/api/v3/{collection}/{id}").parse() {
        answer.headers.push((header::LOCATION, location));
    }
    Ok(answer)
}

/// A file under a name, with what can stand in no header left out of that.
pub(super) fn attachment(name: &str, kind: &'static str, data: Bytes) -> Answer {
    let safe = name.replace(
        |letter: char| !(' '..='~').contains(&letter) || letter == '"',
        "_",
    );
    let named = HeaderValue::from_str(&format!("attachment; filename=\"{safe}\""));
    Answer {
        status: StatusCode::OK,
        headers: named
            .map(|value| (header::CONTENT_DISPOSITION, value))
            .into_iter()
            .collect(),
        payload: Payload::Bytes(kind, data),
    }
}
