//! What a body says of a channel.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::channel::Listen;
use super::condition;
use crate::crm::CrmWorld;
use crate::crm::batch::Fault;
use crate::crm::schema::ModuleIndex;
use crate::crm::time;

const URL: usize = 255;
const TOKEN: usize = 50;
const EVENTS: usize = 50;

/// Records of these modules cannot be watched.
const UNWATCHED: &[&str] = &["Notes"];

/// A channel as a body asks for it.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) number: i64,
    pub(super) events: BTreeMap<ModuleIndex, BTreeSet<Listen>>,
    pub(super) notify_url: Option<String>,
    pub(super) expiry: Option<i64>,
    /// `Some(None)` takes the token away.
    pub(super) token: Option<Option<String>>,
    pub(super) values: Option<bool>,
    pub(super) related: Option<bool>,
    pub(super) condition: Option<Option<Value>>,
    /// The events are to be taken away.
    pub(super) withdraw: bool,
}

impl Request {
    /// Reads the channel at `path`; `whole` asks for all that a new channel needs.
    pub(super) fn read(
        crm: &CrmWorld,
        value: &Value,
        path: &str,
        whole: bool,
        now: i64,
    ) -> Result<Self, Fault> {
        let object = value
            .as_object()
            .ok_or_else(|| Fault::expected("jsonobject", "watch", path))?;
        let reader = Reader { crm, object, path };
        let number = reader.number()?;
        let events = reader.events(whole)?;
        let notify_url = reader.text("notify_url", URL)?;
        if whole && notify_url.is_none() {
            return Err(Fault::missing("notify_url", &reader.at("notify_url")));
        }
        let withdraw =
            reader.flag("_delete_events")?.unwrap_or(false) || reader.flag("_delete")?.unwrap_or(false);
        Ok(Self {
            number,
            events,
            notify_url,
            expiry: reader.expiry(now)?,
            token: match object.get("token") {
                None => None,
                Some(_) => Some(reader.text("token", TOKEN)?),
            },
            values: reader.flag("return_affected_field_values")?,
            related: reader.flag("notify_on_related_action")?,
            condition: reader.condition()?,
            withdraw,
        })
    }
}

struct Reader<'a> {
    crm: &'a CrmWorld,
    object: &'a Map<String, Value>,
    path: &'a str,
}

impl Reader<'_> {
    fn at(&self, key: &str) -> String {
        format!("{}.{key}", self.path)
    }

    fn number(&self) -> Result<i64, Fault> {
        let path = self.at("channel_id");
        match self.object.get("channel_id") {
            None | Some(Value::Null) => Err(Fault::missing("channel_id", &path)),
            Some(value) => number(value).ok_or_else(|| Fault::expected("bigint", "channel_id", &path)),
        }
    }

    fn events(&self, whole: bool) -> Result<BTreeMap<ModuleIndex, BTreeSet<Listen>>, Fault> {
        let path = self.at("events");
        let names = match self.object.get("events") {
            None | Some(Value::Null) if whole => return Err(Fault::missing("events", &path)),
            None | Some(Value::Null) => return Ok(BTreeMap::new()),
            Some(Value::Array(names)) if names.is_empty() && whole => {
                return Err(Fault::missing("events", &path));
            }
            Some(Value::Array(names)) if names.len() > EVENTS => {
                return Err(Fault::too_long(EVENTS as u32, "events", &path));
            }
            Some(Value::Array(names)) => names,
            Some(_) => return Err(Fault::expected("jsonarray", "events", &path)),
        };
        let mut events: BTreeMap<ModuleIndex, BTreeSet<Listen>> = BTreeMap::new();
        for name in names {
            let event = name.as_str().and_then(|name| {
                let (module, listen) = name.split_once('.')?;
                let watched = !UNWATCHED.contains(&module);
                Some((
                    self.crm.schema.find(module).filter(|_| watched)?,
                    Listen::find(listen)?,
                ))
            });
            let Some((module, listen)) = event else {
                return Err(Fault::field("INVALID_DATA", "invalid data", "events", &path));
            };
            events.entry(module).or_default().insert(listen);
        }
        Ok(events)
    }

    fn text(&self, key: &str, most: usize) -> Result<Option<String>, Fault> {
        match self.object.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.chars().count() > most => {
                Err(Fault::too_long(most as u32, key, &self.at(key)))
            }
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(_) => Err(Fault::expected("text", key, &self.at(key))),
        }
    }

    fn flag(&self, key: &str) -> Result<Option<bool>, Fault> {
        match self.object.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(Fault::expected("boolean", key, &self.at(key))),
        }
    }

    /// An end that has passed is no end.
    fn expiry(&self, now: i64) -> Result<Option<i64>, Fault> {
        let Some(text) = self.text("channel_expiry", 50)? else {
            return Ok(None);
        };
        let expiry = time::parse_instant(&text).filter(|expiry| *expiry > now);
        expiry
            .map(Some)
            .ok_or_else(|| Fault::expected("datetime", "channel_expiry", &self.at("channel_expiry")))
    }

    fn condition(&self) -> Result<Option<Option<Value>>, Fault> {
        match self.object.get("notification_condition") {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(value) => {
                condition::check(self.crm, value, &self.at("notification_condition"))?;
                Ok(Some(Some(value.clone())))
            }
        }
    }
}

/// The number of a channel: any 64 bits, negative ones too, as text or as a JSON number.
pub(super) fn number(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_i64(),
        _ => None,
    }
}
