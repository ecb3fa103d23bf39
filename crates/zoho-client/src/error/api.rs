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
        // A refusal of one thing may come wrapped: as the first item of a batch, or under the thing's name, as that of
        // CRM's `base_currency` does.
        body.values().find_map(|value| match value {
            Value::Array(items) => Self::read(status, items.first()?),
            Value::Object(_) if body.len() == 1 => Self::read(status, value),
            _ => None,
        })
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

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use serde_json::{Value, json};

    use super::ApiError;

    fn code(body: &Value) -> Option<String> {
        ApiError::read(StatusCode::BAD_REQUEST, body).map(|error| error.code().to_owned())
    }

    #[test]
    fn a_refusal_is_read_bare_and_wrapped() {
        let refusal = json!({"code": "NOT_ALLOWED", "details": {}, "message": "no", "status": "error"});
        for body in [
            refusal.clone(),
            json!({"data": [refusal]}),
            json!({"base_currency": refusal}),
        ] {
            assert_eq!(code(&body).as_deref(), Some("NOT_ALLOWED"), "{body}");
        }
        assert_eq!(code(&json!({"code": 1002})).as_deref(), Some("1002"));
    }

    #[test]
    fn what_only_looks_like_a_refusal_is_none() {
        for body in [
            json!({"message": "no", "details": {"code": "INNER"}}),
            json!({"data": []}),
            json!([{"code": "X"}]),
            json!("NOT_ALLOWED"),
        ] {
            assert_eq!(code(&body), None, "{body}");
        }
    }
}
