//! What a handler gives back: an answer, or a refusal in the product's own error envelope.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::pieces::{self, Piece};

/// A handler's result.
pub(crate) type Outcome = Result<Answer, Refusal>;

/// The body of an answer.
#[derive(Clone, Debug)]
pub(crate) enum Payload {
    /// No body.
    Empty,
    /// JSON text, made at the edge.
    Json(Vec<u8>),
    /// JSON text in pieces, some of which are kept for the next answer.
    Pieces(Vec<Piece>),
    /// Bytes with their media type.
    Bytes(&'static str, Bytes),
}

impl Payload {
    /// The JSON text, if it is one.
    pub(crate) fn json(&self) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Json(text) => Some(Cow::Borrowed(text)),
            Self::Pieces(pieces) => Some(pieces::flat(pieces)),
            Self::Empty | Self::Bytes(..) => None,
        }
    }
}

/// A status, headers and a body.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) payload: Payload,
}

impl Answer {
    /// JSON with a status.
    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            // A value always can be written.
            payload: Payload::Json(serde_json::to_vec(body).unwrap_or_default()),
        }
    }

    /// 204: nothing matches.
    pub(crate) fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            headers: Vec::new(),
            payload: Payload::Empty,
        }
    }

    /// 304: nothing changed.
    pub(crate) fn not_modified() -> Self {
        Self {
            status: StatusCode::NOT_MODIFIED,
            headers: Vec::new(),
            payload: Payload::Empty,
        }
    }
}

/// A refusal: Zoho's status and error body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// CRM: `{"code","details","message","status":"error"}`.
    Crm {
        status: StatusCode,
        code: &'static str,
        message: String,
        details: Value,
    },
    /// Books: `{"code","message"}`.
    Books {
        status: StatusCode,
        code: u32,
        message: String,
    },
}

impl Refusal {
    /// A CRM refusal.
    pub(crate) fn crm(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
        details: Value,
    ) -> Self {
        Self::Crm {
            status,
            code,
            message: message.into(),
            details,
        }
    }

    /// A Books refusal.
    pub(crate) fn books(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        Self::Books {
            status,
            code,
            message: message.into(),
        }
    }

    /// The answer that carries it.
    pub(crate) fn into_answer(self) -> Answer {
        match self {
            Self::Crm {
                status,
                code,
                message,
                details,
            } => Answer::json(
                status,
                &json!({"code": code, "details": details, "message": message, "status": "error"}),
            ),
            Self::Books {
                status,
                code,
                message,
            } => Answer::json(status, &json!({"code": code, "message": message})),
        }
    }
}
