//! What Zoho says when it refuses: CRM's and Books' error bodies in one shape.

use http::StatusCode;
use serde_json::{Map, Value};

use crate::outcome::Refused;

/// A refusal in Zoho's words.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ApiError {
    code: String,
    message: String,
    details: Value,
    status: StatusCode,
}

impl ApiError {
    /// Reads an error body: CRM's envelope with or without `details`, the same inside a list of
    /// outcomes, Books' number or numeric text. `None` when the body is none of these.
    pub(crate) fn read(status: StatusCode, body: &Value) -> Option<Self> {
        let body = body.as_object()?;
        if let Some(code) = Self::code_of(body) {
            return Some(Self {
                code,
                message: body
                    .get("message")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned(),
                details: body.get("details").cloned().unwrap_or(Value::Null),
                status,
            });
        }
        // A refusal of one thing may come wrapped as the only item of a batch.
        body.values()
            .filter_map(Value::as_array)
            .find_map(|items| Self::read(status, items.first()?))
    }

    /// A refusal of the token endpoint.
    pub(crate) fn oauth(status: StatusCode, code: String, message: String) -> Self {
        Self {
            code,
            message,
            details: Value::Null,
            status,
        }
    }

    /// The refusal of one thing.
    pub(crate) fn refused(status: StatusCode, refused: Refused) -> Self {
        Self {
            code: refused.code,
            message: refused.message,
            details: Value::Object(refused.details),
            status,
        }
    }

    fn code_of(body: &Map<String, Value>) -> Option<String> {
        match body.get("code")? {
            Value::String(code) => Some(code.clone()),
            Value::Number(code) => Some(code.to_string()),
            _ => None,
        }
    }

    /// The code: a word of CRM's such as `INVALID_DATA`, a number of Books' such as `1002`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Zoho's sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// CRM's details; `null` when there are none.
    #[must_use]
    pub fn details(&self) -> &Value {
        &self.details
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }
}
