//! What became of each record of a batch write. Refusals of single records are data, not errors.

use std::ops::Range;

use http::StatusCode;
use serde_json::{Map, Value};

use crate::error::{ApiError, Error, ErrorKind, Result};
use crate::wire::ZohoId;

/// What became of one record.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// Zoho took it.
    Ok(Written),
    /// Zoho refused it.
    Err(Refused),
}

/// A record that Zoho took.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Written {
    /// The id of the record.
    pub id: ZohoId,
    /// `insert` or `update`, on an upsert; `found` where a record was looked up because its outcome was unknown.
    pub action: Option<String>,
    /// Everything Zoho said about it.
    pub details: Map<String, Value>,
}

/// A record that Zoho refused.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Refused {
    /// Zoho's code, such as `MANDATORY_NOT_FOUND`.
    pub code: String,
    /// Zoho's sentence.
    pub message: String,
    /// The field at fault.
    pub api_name: Option<String>,
    /// Where the field stands in the batch that was sent, such as `$.data[1].Last_Name`.
    pub json_path: Option<String>,
    /// The type that Zoho wants there, such as `email`, when that is what is wrong.
    pub expected_data_type: Option<String>,
    /// Everything Zoho said about it.
    pub details: Map<String, Value>,
}

impl Outcome {
    /// Whether Zoho took the record.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        matches!(self, Self::Ok(_))
    }

    /// The id of a record that Zoho took.
    #[must_use]
    pub fn id(&self) -> Option<&ZohoId> {
        match self {
            Self::Ok(written) => Some(&written.id),
            Self::Err(_) => None,
        }
    }

    /// The refusal, if it is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refused> {
        match self {
            Self::Ok(_) => None,
            Self::Err(refused) => Some(refused),
        }
    }

    /// The record that Zoho took, with a refusal as an error: for writes of one record.
    ///
    /// # Errors
    /// [`ErrorKind::Api`] with Zoho's code, details and JSON path.
    pub fn into_result(self) -> Result<Written> {
        match self {
            Self::Ok(written) => Ok(written),
            Self::Err(refused) => Err(refused.into_error(StatusCode::BAD_REQUEST)),
        }
    }

    /// A record that a write of unknown outcome turned out to have made.
    pub(crate) fn found(id: ZohoId) -> Self {
        Self::Ok(Written {
            id,
            action: Some("found".to_owned()),
            details: Map::new(),
        })
    }

    /// Reads one item of a batch envelope.
    pub(crate) fn from_item(item: Value) -> Self {
        let mut item = match item {
            Value::Object(item) => item,
            other => Map::from_iter([("value".to_owned(), other)]),
        };
        let details = match item.remove("details") {
            Some(Value::Object(details)) => details,
            _ => Map::new(),
        };
        let text =
            |map: &Map<String, Value>, key: &str| map.get(key).and_then(Value::as_str).map(str::to_owned);
        let code = text(&item, "code").unwrap_or_default();
        let succeeded = match text(&item, "status") {
            Some(status) => status == "success",
            None => code == "SUCCESS",
        };
        if succeeded {
            let id = match details.get("id") {
                Some(Value::String(id)) => ZohoId::from_wire(id),
                Some(Value::Number(id)) => ZohoId::from_wire(&id.to_string()),
                _ => ZohoId::default(),
            };
            Self::Ok(Written {
                id,
                action: text(&item, "action"),
                details,
            })
        } else {
            Self::Err(Refused {
                code,
                message: text(&item, "message").unwrap_or_default(),
                api_name: text(&details, "api_name"),
                json_path: text(&details, "json_path"),
                expected_data_type: text(&details, "expected_data_type"),
                details,
            })
        }
    }
}

impl Refused {
    /// The refusal as an error, for calls that are about one thing.
    pub(crate) fn into_error(self, status: StatusCode) -> Error {
        let mut message = self.message.clone();
        if let Some(field) = &self.api_name {
            message = format!("{message}: `{field}`");
        }
        let path = self.json_path.clone();
        let error = Error::new(ErrorKind::Api, message)
            .with_status(status)
            .with_api(ApiError::refused(status, self));
        match path {
            Some(path) => error.with_json_path(path),
            None => error,
        }
    }
}

/// How far a write of several batches came before it failed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PartialWrite {
    /// The outcomes of the first records, in order.
    pub known: Vec<Outcome>,
    /// The records, by position, that may or may not have been written: their batch was sent and
    /// no readable answer came. Look them up before sending them again.
    pub unknown: Range<usize>,
    /// The records, by position, that were not written: their batch was refused as a whole, or
    /// never sent.
    pub not_written: Range<usize>,
}
