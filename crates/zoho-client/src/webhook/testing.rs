//! Valid callbacks for the tests of whoever receives them.

use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::notification::Operation;
use crate::record::Record;
use crate::wire::ZohoId;

/// Makes callbacks such as Zoho sends, for tests of your own. See the [module](super) for an example.
#[derive(Clone, Debug)]
#[must_use = "a callback is made by make"]
pub struct CallbackMaker {
    module: String,
    operation: Operation,
    channel: String,
    token: Option<String>,
    at: Timestamp,
    query: Record,
    records: Vec<(ZohoId, Record)>,
    values: bool,
}

impl CallbackMaker {
    /// A callback of a module. It tells of no record yet; real ones tell of one at least.
    pub fn new(module: impl Into<String>, operation: Operation) -> Self {
        Self {
            module: module.into(),
            operation,
            channel: "1000000068001".to_owned(),
            token: None,
            at: Timestamp::constant(1_750_102_639, 787_000_000),
            query: Record::new(),
            records: Vec::new(),
            values: true,
        }
    }

    /// The token that the channel was enabled with.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The id of the channel.
    pub fn channel(mut self, id: impl Into<String>) -> Self {
        self.channel = id.into();
        self
    }

    /// When Zoho sends it.
    pub fn at(mut self, instant: Timestamp) -> Self {
        self.at = instant;
        self
    }

    /// A parameter in the query of the address.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.insert(name, value.into());
        self
    }

    /// Tells of a record, and of fields that were written.
    pub fn record<K: Into<String>, V: Into<Value>>(
        mut self,
        id: impl Into<ZohoId>,
        fields: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.records.push((id.into(), fields.into_iter().collect()));
        self
    }

    /// Whether the channel was enabled with `return_affected_field_values`.
    pub fn values(mut self, yes: bool) -> Self {
        self.values = yes;
        self
    }

    /// The callback: its headers and its body.
    #[must_use]
    pub fn make(&self) -> (HeaderMap, Vec<u8>) {
        let mut body = json!({
            "server_time": self.at.as_millisecond(),
            "query_params": Value::from(self.query.clone()),
            "module": self.module,
            "resource_uri": format!("https://www.zohoapis.com/crm/v2/{}", self.module),
            "ids": self.records.iter().map(|(id, _)| id).collect::<Vec<_>>(),
            "affected_fields": match self.operation {
                Operation::Insert => Value::Array(Vec::new()),
                _ => self.records.iter().map(|(id, record)| {
                    json!({id.as_str(): record.iter().map(|(name, _)| name).collect::<Vec<_>>()})
                }).collect(),
            },
            "operation": self.operation,
            "channel_id": self.channel,
            "token": self.token,
        });
        if let (true, Some(body)) = (self.values, body.as_object_mut()) {
            let values = self.records.iter();
            let values = values.map(|(id, record)| json!({"record_id": id, "values": record}));
            body.insert("affected_values".to_owned(), values.collect());
        }
        let body = body.to_string().into_bytes();
        let mut headers = HeaderMap::new();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/json;charset=UTF-8"),
        );
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        (headers, body)
    }
}
