//! Request bodies: one JSON object that wraps a list of things.

use serde_json::{Map, Value, json};

use super::refuse;
use crate::answer::Refusal;
use crate::call::Call;

/// The body as a JSON object.
pub(crate) fn object(call: &Call<'_>) -> Result<Map<String, Value>, Refusal> {
    if call.body.iter().all(u8::is_ascii_whitespace) {
        return Err(refuse::no_body());
    }
    match serde_json::from_slice(call.body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(refuse::no_body()),
        Err(_) => Err(refuse::unreadable_body()),
    }
}

/// The list under `key` of a body, taken out of it: not empty, at most `limit` long.
pub(crate) fn items(
    object: &mut Map<String, Value>,
    key: &'static str,
    limit: usize,
) -> Result<Vec<Value>, Refusal> {
    let path = format!("$.{key}");
    match object.remove(key) {
        None | Some(Value::Null) => Err(refuse::bad(
            "MANDATORY_NOT_FOUND",
            "required field not found",
            json!({"api_name": key, "json_path": path}),
        )),
        Some(Value::Array(items)) if items.is_empty() => Err(refuse::bad(
            "INVALID_DATA",
            "invalid data",
            json!({"minimum_length": 1, "api_name": key, "json_path": path}),
        )),
        Some(Value::Array(items)) if items.len() > limit => Err(refuse::bad(
            "LIMIT_EXCEEDED",
            "limit exceeded",
            json!({"maximum_length": limit, "api_name": key, "json_path": path}),
        )),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(refuse::bad(
            "INVALID_DATA",
            "invalid data",
            json!({"expected_data_type": "jsonarray", "api_name": key, "json_path": path}),
        )),
    }
}
