//! What a channel is told: changes of one request that are alike, in one callback.

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::channel::Channel;
use super::condition;
use crate::crm::CrmWorld;
use crate::crm::change::{Change, Event};
use crate::crm::schema::ModuleIndex;
use crate::delivery::Notice;
use crate::query;

/// Records of one callback: as many as one call can write.
const MOST: usize = 100;

impl CrmWorld {
    /// What channels are to be told of the changes since this was asked last, in their order.
    pub(crate) fn notices(&mut self, base_url: &str, now: Timestamp) -> Vec<Notice> {
        let changes = self.changes.take();
        let mut notices = self.bulk_notices(base_url);
        let mut rest = changes.as_slice();
        while let Some(first) = rest.first() {
            let length = alike(rest);
            let (batch, later) = rest.split_at(length);
            let hearing = self.channels.hearing(first.module, first.event, first.at);
            for (key, channel) in hearing.filter(|(_, channel)| channel.around || !first.related) {
                let told: Vec<&Change> = batch
                    .iter()
                    .filter(|change| condition::holds(self, channel.condition.as_ref(), change))
                    .collect();
                if told.is_empty() {
                    continue;
                }
                notices.push(Notice {
                    channel: key.1.to_string(),
                    url: channel.notify_url.clone(),
                    payload: self.callback(key.1, channel, &told, base_url, now),
                });
            }
            rest = later;
        }
        notices
    }

    fn callback(
        &self,
        number: i64,
        channel: &Channel,
        changes: &[&Change],
        base_url: &str,
        now: Timestamp,
    ) -> Value {
        let first = changes.first();
        let event = first.map_or(Event::Update, |change| change.event);
        let module = first.and_then(|change| self.schema.module(change.module));
        let name = module.map_or("", |module| module.api_name);
        let mut body = Map::new();
        let mut put = |key: &str, value: Value| body.insert(key.to_owned(), value);
        put("server_time", now.as_millisecond().into());
        if channel.values {
            let values = changes.iter().map(
                |change| json!({"record_id": change.id.to_string(), "values": self.told_values(change)}),
            );
            put("affected_values", values.collect());
        }
        put("query_params", query_of(&channel.notify_url));
        put("module", name.into());
        put("resource_uri", format!("{base_url}/crm/v2/{name}").into());
        put(
            "ids",
            changes.iter().map(|change| change.id.to_string()).collect(),
        );
        let fields = changes.iter().filter_map(|change| {
            let fields: &[&str] = match change.event {
                Event::Insert => return None,
                Event::Update => &change.fields,
                Event::Delete => &["Modified_By", "Record_Status__s"],
            };
            Some(json!({change.id.to_string(): fields}))
        });
        put("affected_fields", fields.collect());
        let operation = match event {
            Event::Insert => "insert",
            Event::Update => "update",
            Event::Delete => "delete",
        };
        put("operation", operation.into());
        put("channel_id", number.to_string().into());
        put("token", channel.token.clone().into());
        Value::Object(body)
    }

    fn told_values(&self, change: &Change) -> Value {
        if change.event != Event::Delete {
            return Value::Object(change.values.clone());
        }
        let mut by = Vec::new();
        self.write_user(&mut by, change.by);
        let by: Value = serde_json::from_slice(&by).unwrap_or_default();
        json!({"Modified_By": by, "Record_Status__s": 0})
    }

    /// Fields of a record as it stands, by their API names.
    pub(crate) fn values(&self, module: ModuleIndex, id: u64, fields: &[&str]) -> Map<String, Value> {
        let row = self.tables.get(module).and_then(|table| table.get(id));
        let (Some(module), Some(row)) = (self.schema.module(module), row) else {
            return Map::new();
        };
        let fields = fields.iter().filter_map(|name| module.field(name));
        let mut text = Vec::new();
        fields
            .map(|field| {
                text.clear();
                self.write_field(&mut text, row, field);
                let value = serde_json::from_slice(&text).unwrap_or_default();
                (field.api_name.to_owned(), value)
            })
            .collect()
    }
}

/// How many changes from the first on fit into one callback: same module, same event, no record twice.
fn alike(changes: &[Change]) -> usize {
    let same = |(at, change): &(usize, &Change)| {
        let before = changes.get(..*at).unwrap_or_default();
        before.first().is_none_or(|first| {
            (first.module, first.event, first.by, first.related)
                == (change.module, change.event, change.by, change.related)
                && before.iter().all(|other| other.id != change.id)
        })
    };
    changes.iter().take(MOST).enumerate().take_while(same).count()
}

/// The query of an address as an object.
fn query_of(url: &str) -> Value {
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let pairs = query::pairs(query);
    Value::Object(
        pairs
            .into_iter()
            .map(|(key, value)| (key, value.into()))
            .collect(),
    )
}
