//! What a callback says.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::record::Record;
use crate::wire::ZohoId;

/// What was done to the records of a callback.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// They were created.
    Insert,
    /// They were changed.
    Update,
    /// They were deleted.
    Delete,
    /// Something that this version does not know, as Zoho names it.
    Other(String),
}

impl Operation {
    /// Its name on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Other(name) => name,
        }
    }
}

impl From<&str> for Operation {
    fn from(name: &str) -> Self {
        match name {
            "insert" => Self::Insert,
            "update" => Self::Update,
            "delete" => Self::Delete,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Ok(Self::from(name.as_ref()))
    }
}

/// A callback that was checked. One may tell of several records.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Notification {
    /// The channel that it comes from.
    pub channel_id: String,
    /// The module of the records, such as `Leads`.
    pub module: String,
    /// What was done.
    pub operation: Operation,
    /// The records, in Zoho's order.
    pub ids: Vec<ZohoId>,
    /// When Zoho sent it, to the millisecond.
    pub server_time: Option<Timestamp>,
    /// The query of the address, as Zoho read it.
    pub query_params: Map<String, Value>,
    /// The fields that changed, by record; none for inserted ones.
    pub affected_fields: BTreeMap<ZohoId, Vec<String>>,
    /// What they hold now, by record, where the channel was enabled with
    /// `return_affected_field_values`.
    pub affected_values: BTreeMap<ZohoId, Record>,
}

impl Notification {
    /// One event for each record, in Zoho's order.
    pub fn events(&self) -> impl Iterator<Item = NotificationEvent> + '_ {
        self.ids.iter().map(|id| NotificationEvent {
            channel_id: self.channel_id.clone(),
            module: self.module.clone(),
            operation: self.operation.clone(),
            id: id.clone(),
            server_time: self.server_time,
            fields: self.affected_fields.get(id).cloned().unwrap_or_default(),
            values: self.affected_values.get(id).cloned(),
        })
    }
}

impl fmt::Debug for Notification {
    // What the records hold, and what stands in the address, is not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notification")
            .field("channel_id", &self.channel_id)
            .field("module", &self.module)
            .field("operation", &self.operation)
            .field("ids", &self.ids)
            .field("server_time", &self.server_time)
            .finish_non_exhaustive()
    }
}

/// What a callback says of one record.
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NotificationEvent {
    /// The channel.
    pub channel_id: String,
    /// The module.
    pub module: String,
    /// What was done.
    pub operation: Operation,
    /// The record.
    pub id: ZohoId,
    /// When Zoho sent the callback.
    pub server_time: Option<Timestamp>,
    /// The fields that changed.
    pub fields: Vec<String>,
    /// What they hold now, where the channel was enabled with `return_affected_field_values`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Record>,
}

impl fmt::Debug for NotificationEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotificationEvent")
            .field("channel_id", &self.channel_id)
            .field("module", &self.module)
            .field("operation", &self.operation)
            .field("id", &self.id)
            .field("fields", &self.fields)
            .finish_non_exhaustive()
    }
}
