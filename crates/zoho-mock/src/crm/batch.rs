//! Writes of several things at once: each has an outcome of its own, and the status sums them up.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::render::string;
use crate::answer::{Answer, Payload};
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
    message: &'static str,
    details: Details,
    /// Keys beside `details`, such as an upsert's `action`.
    pub(crate) extra: Map<String, Value>,
}

/// The details of something that was done.
#[derive(Clone, Debug)]
pub(crate) enum Details {
    Json(Value),
    /// JSON as text, of what is done often.
    Text(Vec<u8>),
}

impl From<Value> for Details {
    fn from(value: Value) -> Self {
        Self::Json(value)
    }
}

impl Success {
    pub(crate) fn new(message: &'static str, details: impl Into<Details>) -> Self {
        Self {
            message,
            details: details.into(),
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
    let mut out = Vec::with_capacity(items.len() * 384 + 32);
    out.push(b'{');
    string(&mut out, key);
    out.extend_from_slice(b":[");
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(&mut out, item);
    }
    out.extend_from_slice(b"]}");
    Answer {
        status,
        headers: Vec::new(),
        payload: Payload::Json(out),
    }
}

/// Appends what is said of one thing.
fn write(out: &mut Vec<u8>, item: Item) {
    match item {
        Ok(Success {
            message,
            details: Details::Text(details),
            extra,
        }) if extra.is_empty() => {
            out.extend_from_slice(b"{\"code\":\"SUCCESS\",\"details\":");
            out.extend_from_slice(&details);
            out.extend_from_slice(b",\"message\":");
            string(out, message);
            out.extend_from_slice(b",\"status\":\"success\"}");
        }
        // A vector takes whatever is written to it.
        item => serde_json::to_writer(out, &outcome(item)).unwrap_or_default(),
    }
}

/// What is said of one thing.
pub(crate) fn outcome(item: Item) -> Value {
    match item {
        Ok(success) => {
            let mut outcome = Map::new();
            outcome.insert("code".into(), "SUCCESS".into());
            outcome.extend(success.extra);
            let details = match success.details {
                Details::Json(details) => details,
                Details::Text(text) => serde_json::from_slice(&text).unwrap_or_default(),
            };
            outcome.insert("details".into(), details);
            outcome.insert("message".into(), success.message.into());
            outcome.insert("status".into(), "success".into());
            Value::Object(outcome)
        }
        Err(fault) => json!({
            "code": fault.code, "details": fault.details, "message": fault.message, "status": "error",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_of_each_thing_what_its_outcome_says() {
        let text = Details::Text(br#"{"id":"1","name":"a\"b"}"#.to_vec());
        let mut noted = Success::new("record added", text.clone());
        noted.extra.insert("action".into(), "insert".into());
        let items: Vec<Item> = vec![
            Ok(Success::new("record added", text)),
            Ok(noted),
            Ok(Success::scheduled("later", json!({"job_id": "7"}))),
            Err(Fault::missing("Last_Name", "$.data[3].Last_Name")),
        ];
        let expected: Vec<Value> = items.iter().cloned().map(outcome).collect();
        let answer = answer(Dialect::default(), "data", StatusCode::CREATED, items);
        assert_eq!(answer.status, StatusCode::MULTI_STATUS);
        let Payload::Json(written) = answer.payload else {
            panic!("no JSON: {:?}", answer.payload);
        };
        // Text, not values: the order of the keys is Zoho's.
        let written = String::from_utf8(written).unwrap();
        assert_eq!(written, json!({"data": expected}).to_string());
    }
}
