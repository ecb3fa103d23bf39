//! Writes of several things at once: each has an outcome of its own, and the status sums them up.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::config::Dialect;

/// Why one thing of a batch was refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
    pub(crate) details: Value,
}

impl Fault {
    /// A fault of one field.
    pub(crate) fn field(code: &'static str, message: &'static str, api_name: &str, path: &str) -> Self {
        Self {
            code,
            message,
            details: json!({"api_name": api_name, "json_path": path}),
        }
    }

    /// A mandatory field is missing.
    pub(crate) fn missing(api_name: &str, path: &str) -> Self {
        Self::field("MANDATORY_NOT_FOUND", "required field not found", api_name, path)
    }

    /// A value is not of its field's type.
    pub(crate) fn expected(data_type: &str, api_name: &str, path: &str) -> Self {
        Self {
            code: "INVALID_DATA",
            message: "invalid data",
            details: json!({"expected_data_type": data_type, "api_name": api_name, "json_path": path}),
        }
    }

    /// A value is too long.
    pub(crate) fn too_long(maximum: u32, api_name: &str, path: &str) -> Self {
        Self {
            code: "INVALID_DATA",
            message: "invalid data",
            details: json!({"maximum_length": maximum, "api_name": api_name, "json_path": path}),
        }
    }

    /// No record has that id.
    pub(crate) fn unknown_id(path: &str) -> Self {
        Self::field("INVALID_DATA", "the id given seems to be invalid", "id", path)
    }
}

/// The outcome of one thing.
pub(crate) type Item = Result<Success, Fault>;

/// What is said of a thing that was done.
#[derive(Clone, Debug)]
pub(crate) struct Success {
    pub(crate) message: &'static str,
    pub(crate) details: Value,
    /// Keys beside `details`, such as an upsert's `action`.
    pub(crate) extra: Map<String, Value>,
}

impl Success {
    pub(crate) fn new(message: &'static str, details: Value) -> Self {
        Self {
            message,
            details,
            extra: Map::new(),
        }
    }

    /// Something that Zoho does a while after it says so.
    pub(crate) fn scheduled(message: &'static str, details: Value) -> Self {
        let mut success = Self::new(message, details);
        success.extra.insert("code".into(), "SCHEDULED".into());
        success
    }
}

/// The answer to a batch: `all` when everything was done, 207 when some was (200 in a
/// dialect that has been seen too), 400 when nothing was.
pub(crate) fn answer(dialect: Dialect, key: &str, all: StatusCode, items: Vec<Item>) -> Answer {
    let done = items.iter().filter(|item| item.is_ok()).count();
    let status = if done == items.len() {
        all
    } else if done > 0 && dialect.mixed_with_200 {
        StatusCode::OK
    } else if done > 0 {
        StatusCode::MULTI_STATUS
    } else {
        let stale = |item: &Item| matches!(item, Err(fault) if fault.code == "ALREADY_MODIFIED");
        if items.iter().all(stale) {
            StatusCode::PRECONDITION_FAILED
        } else {
            StatusCode::BAD_REQUEST
        }
    };
    let items: Vec<Value> = items.into_iter().map(outcome).collect();
    Answer::json(status, &json!({key: items}))
}

/// What is said of one thing.
pub(crate) fn outcome(item: Item) -> Value {
    match item {
        Ok(success) => {
            let mut outcome = Map::new();
            outcome.insert("code".into(), "SUCCESS".into());
            outcome.extend(success.extra);
            outcome.insert("details".into(), success.details);
            outcome.insert("message".into(), success.message.into());
            outcome.insert("status".into(), "success".into());
            Value::Object(outcome)
        }
        Err(fault) => json!({
            "code": fault.code, "details": fault.details, "message": fault.message, "status": "error",
        }),
    }
}
