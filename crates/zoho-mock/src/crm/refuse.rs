//! The refusals that many operations share, in Zoho's words.

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Refusal;

/// 400 with a code.
pub(crate) fn bad(code: &'static str, message: &str, details: Value) -> Refusal {
    Refusal::crm(StatusCode::BAD_REQUEST, code, message, details)
}

/// The path names no module.
pub(crate) fn invalid_module() -> Refusal {
    bad(
        "INVALID_MODULE",
        "the module name given seems to be invalid",
        json!({"resource_path_index": 0}),
    )
}

/// A query parameter is missing.
pub(crate) fn required_param(name: &str) -> Refusal {
    bad(
        "REQUIRED_PARAM_MISSING",
        "required param is missing",
        json!({"param_name": name}),
    )
}

/// A query parameter asks for too much.
pub(crate) fn param_limit(name: &str, limit: usize) -> Refusal {
    bad(
        "LIMIT_EXCEEDED",
        "limit exceeded",
        json!({"limit": limit, "param_name": name}),
    )
}

/// A query parameter is not of its form.
pub(crate) fn pattern(name: &str) -> Refusal {
    bad(
        "PATTERN_NOT_MATCHED",
        "Please check whether the input values are correct",
        json!({"param_name": name}),
    )
}

/// A query parameter has a value that is none of those it can have.
pub(crate) fn unsupported_value(name: &str, supported: &[&str]) -> Refusal {
    bad(
        "INVALID_DATA",
        "invalid data",
        json!({"param_name": name, "supported_values": supported}),
    )
}

/// The body is missing or is no object.
pub(crate) fn no_body() -> Refusal {
    bad(
        "INVALID_DATA",
        "body",
        json!({"expected_data_type": "jsonobject"}),
    )
}

/// The body is not JSON.
pub(crate) fn unreadable_body() -> Refusal {
    bad(
        "UNABLE_TO_PARSE_DATA_TYPE",
        "either the request body or parameters is in wrong format",
        json!({}),
    )
}

/// The id in the path is not an id, or nobody's.
pub(crate) fn invalid_id() -> Refusal {
    bad("INVALID_DATA", "the id given seems to be invalid", json!({}))
}
