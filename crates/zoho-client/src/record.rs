//! The dynamic record: an ordered map with typed access to what every record has.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::wire::{DateTime, ZohoId};

/// A record of CRM or Books: its fields in the order they came, none lost.
///
/// ```
/// use zoho_client::Record;
///
/// let lead = Record::new().set("Last_Name", "Ngo").set("No_of_Employees", 12);
/// assert_eq!(lead.get_str("Last_Name"), Some("Ngo"));
/// assert_eq!(lead.get("No_of_Employees"), Some(&12.into()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Record(Map<String, Value>);

impl Record {
    /// A record without fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field; `null` clears it in Zoho.
    #[must_use]
    pub fn set(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.insert(field.into(), value.into());
        self
    }

    /// Sets a field in place and returns what it held.
    pub fn insert(&mut self, field: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.0.insert(field.into(), value.into())
    }

    /// Takes a field out, keeping the order of the others.
    pub fn remove(&mut self, field: &str) -> Option<Value> {
        self.0.shift_remove(field)
    }

    /// These fields with those of another record over them: where both have a field, the other's value wins.
    ///
    /// ```
    /// use zoho_client::Record;
    ///
    /// let values = Record::new().set("Last_Name", "Ngo").set("Company", "Acme");
    /// let dynamic = Record::new().set("Company", "Zenith").set("Region__c", "North");
    /// assert_eq!(
    ///     values.overlay(dynamic),
    ///     Record::new().set("Last_Name", "Ngo").set("Company", "Zenith").set("Region__c", "North")
    /// );
    /// ```
    #[must_use]
    pub fn overlay(mut self, over: Self) -> Self {
        self.0.extend(over.0);
        self
    }

    /// A field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    /// A field that holds text.
    #[must_use]
    pub fn get_str(&self, field: &str) -> Option<&str> {
        self.0.get(field).and_then(Value::as_str)
    }

    /// A field that holds a whole number.
    #[must_use]
    pub fn get_i64(&self, field: &str) -> Option<i64> {
        self.0.get(field).and_then(Value::as_i64)
    }

    /// A field that holds an id, as text or as a number.
    #[must_use]
    pub fn get_id(&self, field: &str) -> Option<ZohoId> {
        let id = match self.0.get(field)? {
            Value::String(text) => ZohoId::from_wire(text),
            Value::Number(number) => ZohoId::from_wire(&number.to_string()),
            // A lookup: {"name": .., "id": ..}.
            Value::Object(lookup) => return Record(lookup.clone()).get_id("id"),
            _ => return None,
        };
        (!id.is_empty()).then_some(id)
    }

    /// A field that holds an instant.
    #[must_use]
    pub fn get_datetime(&self, field: &str) -> Option<DateTime> {
        self.get_str(field)?.parse().ok()
    }

    /// The id of a CRM record; an empty id for a record that has none yet.
    ///
    /// Books names the field after the type: read it with [`Record::get_id`], `"contact_id"`.
    #[must_use]
    pub fn id(&self) -> ZohoId {
        self.get_id("id").unwrap_or_default()
    }

    /// When CRM (`Created_Time`) or Books (`created_time`) made the record.
    #[must_use]
    pub fn created_time(&self) -> Option<DateTime> {
        self.get_datetime("Created_Time")
            .or_else(|| self.get_datetime("created_time"))
    }

    /// When the record last changed: `Modified_Time` of CRM, `last_modified_time` of Books.
    #[must_use]
    pub fn modified_time(&self) -> Option<DateTime> {
        self.get_datetime("Modified_Time")
            .or_else(|| self.get_datetime("last_modified_time"))
    }

    /// The fields, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(field, value)| (field.as_str(), value))
    }

    /// The number of fields.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no fields.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The record read as a type of your own.
    ///
    /// # Errors
    /// The type does not fit the fields.
    pub fn parse<T: DeserializeOwned>(self) -> Result<T, serde_json::Error> {
        serde_json::from_value(Value::Object(self.0))
    }

    /// The fields as a JSON object.
    #[must_use]
    pub fn into_map(self) -> Map<String, Value> {
        self.0
    }

    /// Takes over the fields of another record that this one lacks.
    pub(crate) fn merge(&mut self, other: Record) {
        for (field, value) in other.0 {
            self.0.entry(field).or_insert(value);
        }
    }
}

impl From<Map<String, Value>> for Record {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

impl From<Record> for Value {
    fn from(record: Record) -> Self {
        Value::Object(record.0)
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Record {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(fields: I) -> Self {
        Self(
            fields
                .into_iter()
                .map(|(field, value)| (field.into(), value.into()))
                .collect(),
        )
    }
}

impl IntoIterator for Record {
    type Item = (String, Value);
    type IntoIter = serde_json::map::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(&self.0).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}
