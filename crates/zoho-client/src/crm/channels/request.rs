//! A channel as it is asked for, held to Zoho's rules before it is sent.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::{ChannelId, Selection};
use crate::crm::Crm;
use crate::error::{Error, Result};
use crate::wire::DateTime;

/// The longest life of a channel. Zoho gives one of longer life an hour, without a word.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Zoho's bound on events of one channel.
const EVENTS: usize = 50;
/// Zoho's bound on the characters of a token.
const TOKEN: usize = 50;
/// Zoho's bound on the characters of an address.
const URL: usize = 255;
/// What can happen to a record.
const OPERATIONS: [&str; 4] = ["create", "edit", "delete", "all"];

/// A notification channel that is about to be opened or changed.
#[must_use = "a channel is opened by Channels::enable"]
#[derive(Clone)]
pub struct Channel {
    id: ChannelId,
    events: Vec<String>,
    notify_url: Option<String>,
    token: Option<String>,
    end: Option<End>,
    values: Option<bool>,
    related: Option<bool>,
    conditions: Vec<(String, Selection)>,
}

/// When a channel is to end.
#[derive(Clone, Debug)]
enum End {
    At(DateTime),
    In(Duration),
}

impl Channel {
    /// A channel of a number that you choose.
    pub fn new(id: impl Into<ChannelId>) -> Self {
        Self {
            id: id.into(),
            events: Vec::new(),
            notify_url: None,
            token: None,
            end: None,
            values: None,
            related: None,
            conditions: Vec::new(),
        }
    }

    /// What to listen to: `Leads.create`, `Leads.edit`, `Leads.delete`, `Leads.all`; 50 at most.
    pub fn events<S: Into<String>>(mut self, events: impl IntoIterator<Item = S>) -> Self {
        self.events.extend(events.into_iter().map(Into::into));
        self
    }

    /// The address that Zoho calls, with 255 characters at most. Its query comes back as `query_params`.
    pub fn notify_url(mut self, url: impl Into<String>) -> Self {
        self.notify_url = Some(url.into());
        self
    }

    /// A token that comes with each call, to tell Zoho's from others: 50 characters at most.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// When the channel ends, within a week; Zoho's own end is an hour from now.
    pub fn expiry(mut self, end: impl Into<DateTime>) -> Self {
        self.end = Some(End::At(end.into()));
        self
    }

    /// The same, counted from the moment of sending by the connection's clock.
    pub fn expires_in(mut self, life: Duration) -> Self {
        self.end = Some(End::In(life));
        self
    }

    /// Whether the values of changed fields come along; Zoho's own answer is no.
    pub fn return_affected_field_values(mut self, wanted: bool) -> Self {
        self.values = Some(wanted);
        self
    }

    /// Whether changes of related records count; Zoho's own answer is yes.
    pub fn notify_on_related_action(mut self, wanted: bool) -> Self {
        self.related = Some(wanted);
        self
    }

    /// Listens to updates of a module only where these fields change. 10 fields at most.
    pub fn when(mut self, module: impl Into<String>, selection: Selection) -> Self {
        self.conditions.push((module.into(), selection));
        self
    }

    /// The body of a channel with all that it needs.
    pub(super) fn whole(self, crm: &Crm) -> Result<Value> {
        if self.events.is_empty() {
            return Err(Error::config("`events`: a channel listens to at least one event"));
        }
        if self.notify_url.is_none() {
            return Err(Error::config("`notify_url`: a channel needs an address to call"));
        }
        self.body(crm).map(Value::Object)
    }

    /// The body of a change.
    pub(super) fn changes(self, crm: &Crm) -> Result<Value> {
        let body = self.body(crm)?;
        if body.len() == 1 {
            return Err(Error::config("there is nothing to change"));
        }
        Ok(Value::Object(body))
    }

    /// The body that takes events away.
    pub(super) fn withdrawal(self, crm: &Crm) -> Result<Value> {
        if self.events.is_empty() {
            return Err(Error::config("`events`: name the events to take away"));
        }
        let mut body = self.body(crm)?;
        body.insert("_delete_events".to_owned(), true.into());
        Ok(Value::Object(body))
    }

    fn body(self, crm: &Crm) -> Result<Map<String, Value>> {
        let now = crm.core.engine.tokens.now();
        self.check()?;
        let mut body = Map::new();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                body.insert(key.to_owned(), value);
            }
        };
        put("channel_id", Some(self.id.to_string().into()));
        put("events", (!self.events.is_empty()).then(|| json!(self.events)));
        let end = self.end.map(|end| checked_end(end, now)).transpose()?;
        put("channel_expiry", end.map(|end| end.as_str().into()));
        put("token", self.token.map(Value::from));
        put("notify_url", self.notify_url.map(Value::from));
        put("return_affected_field_values", self.values.map(Value::from));
        put("notify_on_related_action", self.related.map(Value::from));
        let conditions: Vec<Value> = self
            .conditions
            .iter()
            .map(|(module, selection)| {
                json!({"type": "field_selection", "module": {"api_name": module}, "field_selection": selection.json()})
            })
            .collect();
        put(
            "notification_condition",
            (!conditions.is_empty()).then_some(Value::Array(conditions)),
        );
        Ok(body)
    }

    fn check(&self) -> Result<()> {
        let wrong = |message: String| Err(Error::config(message));
        if self.events.len() > EVENTS {
            return wrong(format!("`events`: {EVENTS} at most"));
        }
        for event in &self.events {
            let known = event
                .rsplit_once('.')
                .is_some_and(|(module, operation)| !module.is_empty() && OPERATIONS.contains(&operation));
            if !known {
                let shown: String = event.chars().take(60).collect();
                return wrong(format!(
                    "`events`: `{}` is not of the form Module.operation with {}",
                    shown.escape_debug(),
                    OPERATIONS.join(", ")
                ));
            }
        }
        if self
            .token
            .as_ref()
            .is_some_and(|token| token.chars().count() > TOKEN)
        {
            return wrong(format!("`token`: {TOKEN} characters at most"));
        }
        if let Some(address) = &self.notify_url {
            let whole = url::Url::parse(address)
                .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            if !whole {
                return wrong("`notify_url`: an address begins with https://".to_owned());
            }
            if address.chars().count() > URL {
                return wrong(format!("`notify_url`: {URL} characters at most"));
            }
        }
        self.conditions
            .iter()
            .try_for_each(|(module, selection)| selection.check(module))
    }
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The token is what tells Zoho's calls from others: it stays out of logs.
        f.debug_struct("Channel")
            .field("id", &self.id)
            .field("events", &self.events)
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}

fn checked_end(end: End, now: Timestamp) -> Result<DateTime> {
    let end = match end {
        // Zoho reads no fractions of seconds, whatever text was given.
        End::At(end) => DateTime::new(end.timestamp(), end.offset()),
        End::In(life) => {
            let life = SignedDuration::try_from(life).unwrap_or(SignedDuration::MAX);
            now.saturating_add(life).unwrap_or(Timestamp::MAX).into()
        }
    };
    let left = end.timestamp().duration_since(now);
    if left <= SignedDuration::ZERO || left > LONGEST {
        return Err(Error::config(
            "`channel_expiry`: a channel ends within a week from now; Zoho would silently take one hour",
        ));
    }
    Ok(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_within_a_week_and_has_no_fractions() {
        let now: Timestamp = "2026-05-01T00:00:00Z".parse().unwrap();
        let week = checked_end(End::In(Duration::from_secs(7 * 86_400)), now).unwrap();
        assert_eq!(week.as_str(), "2026-05-08T00:00:00+00:00");
        let fractional: DateTime = "2026-05-02T03:00:00.123+03:00".parse().unwrap();
        assert_eq!(
            checked_end(End::At(fractional), now).unwrap().as_str(),
            "2026-05-02T03:00:00+03:00"
        );
        for seconds in [0, 7 * 86_400 + 1] {
            assert!(checked_end(End::In(Duration::from_secs(seconds)), now).is_err());
        }
    }
}
