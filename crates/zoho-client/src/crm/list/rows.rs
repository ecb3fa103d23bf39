//! The rows of an answer: at once where they fit, row by row to say which does not.

use bytes::Bytes;
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Result};
use crate::page::{Want, body};
use crate::pipeline::Answer;
use crate::pipeline::operation::Operation;
use crate::record::Record;

/// Rows, and what came with them.
type Rows = (Vec<Record>, Map<String, Value>);

/// The rows of an answer as a type, and its `info`: at once where they fit, row by row to say which does not.
pub(super) fn decoded<T: DeserializeOwned>(
    operation: &'static str,
    answer: &Answer,
    items: &str,
    want: Want,
) -> Result<(Vec<T>, Map<String, Value>)> {
    if answer.is_empty() {
        return Ok(Default::default());
    }
    let body = answer.body.as_bytes().unwrap_or_default();
    let page = match want {
        Want::All => body::page(body, items),
        Want::Rows => body::rows(body, items).map(|rows| (rows, Map::new())),
    };
    if let Some(page) = page {
        return Ok(page);
    }
    let (rows, info) = read(answer, items)?.unwrap_or_default();
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(index, row)| convert(operation, items, index, row))
        .collect::<Result<_>>()?;
    Ok((rows, info))
}

/// The rows of a body that was kept.
pub(crate) fn decoded_body<T: DeserializeOwned>(
    operation: &'static Operation,
    body: &Bytes,
    items: &str,
) -> Result<Vec<T>> {
    let answer = Answer {
        id: operation.id.into(),
        status: StatusCode::OK,
        headers: http::HeaderMap::new(),
        body: body.clone().into(),
        end: None,
    };
    Ok(decoded(operation.id, &answer, items, Want::Rows)?.0)
}

/// Reads a row as a type, and says where it does not fit.
pub(crate) fn convert<T: DeserializeOwned>(
    operation: &'static str,
    items: &str,
    index: usize,
    row: Record,
) -> Result<T> {
    serde_path_to_error::deserialize(Value::from(row)).map_err(|error| {
        let path = format!("$.{items}[{index}].{}", error.path());
        Error::new(ErrorKind::Decode, "the row is not of the type that was asked for")
            .with_operation(operation)
            .with_status(StatusCode::OK)
            .with_json_path(path)
            .with_source(error.into_inner())
    })
}

/// The rows and the `info` of an answer; `None` when Zoho says that there is nothing.
pub(crate) fn read(answer: &Answer, items: &str) -> Result<Option<Rows>> {
    if answer.is_empty() {
        return Ok(None);
    }
    let mut parts: Map<String, Value> = answer.json()?;
    let missing = |path: String| {
        Error::new(ErrorKind::Decode, "the body has no list of rows")
            .with_operation(answer.id.clone())
            .with_status(answer.status)
            .with_json_path(path)
    };
    let Some(Value::Array(rows)) = parts.remove(items) else {
        return Err(missing(format!("$.{items}")));
    };
    let rows = body::records(rows, |index| missing(format!("$.{items}[{index}]")))?;
    let info = match parts.remove("info") {
        Some(Value::Object(info)) => info,
        _ => Map::new(),
    };
    Ok(Some((rows, info)))
}
