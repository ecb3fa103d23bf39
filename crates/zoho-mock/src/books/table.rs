//! Records as they are kept: only what was set, by the place of its field.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::catalogue::Type;
use super::money::Money;

/// One record.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: u64,
    /// The record it lives under; 0 for none.
    pub(crate) parent: u64,
    /// Seconds since 1970.
    pub(crate) created: i64,
    pub(crate) modified: i64,
    pub(crate) creator: u64,
    pub(crate) modifier: u64,
    pub(crate) status: &'static str,
    /// How many documents it made, if it recurs.
    pub(crate) times: u32,
    /// Custom fields: (API name, value).
    pub(crate) custom: Vec<(String, Value)>,
    values: Vec<(u16, Value)>,
}

impl Row {
    pub(crate) fn new(ty: &Type, id: u64, parent: u64, now: i64, user: u64) -> Self {
        Self {
            id,
            parent,
            created: now,
            modified: now,
            creator: user,
            modifier: user,
            status: ty.status,
            times: 0,
            custom: Vec::new(),
            values: Vec::new(),
        }
    }

    /// What was set, if anything.
    pub(crate) fn get(&self, ty: &Type, name: &str) -> Option<&Value> {
        self.at(ty.place(name)?)
    }

    /// What was set at a field's place.
    pub(crate) fn at(&self, place: u16) -> Option<&Value> {
        let at = self
            .values
            .binary_search_by_key(&place, |(place, _)| *place)
            .ok()?;
        self.values.get(at).map(|(_, value)| value)
    }

    /// Sets a field; a name that the type lacks is left out.
    pub(crate) fn set(&mut self, ty: &Type, name: &str, value: impl Into<Value>) {
        let Some(place) = ty.place(name) else { return };
        match self.values.binary_search_by_key(&place, |(place, _)| *place) {
            Ok(at) => {
                if let Some((_, old)) = self.values.get_mut(at) {
                    *old = value.into();
                }
            }
            Err(at) => self.values.insert(at, (place, value.into())),
        }
    }

    /// The text that was set, or `""`.
    pub(crate) fn text(&self, ty: &Type, name: &str) -> &str {
        self.get(ty, name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The amount that was set, or zero.
    pub(crate) fn amount(&self, ty: &Type, name: &str) -> Money {
        self.get(ty, name).and_then(Money::read).unwrap_or_default()
    }

    /// Whether a field was set to `true`.
    pub(crate) fn is(&self, ty: &Type, name: &str) -> bool {
        self.get(ty, name) == Some(&Value::Bool(true))
    }

    /// The id that was set, or 0.
    pub(crate) fn link(&self, ty: &Type, name: &str) -> u64 {
        self.text(ty, name).parse().unwrap_or_default()
    }
}

/// All records of one type.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: BTreeMap<u64, Row>,
    children: BTreeSet<(u64, u64)>,
    /// Values that may occur once: (field's place, value in lower case).
    unique: BTreeMap<(u16, String), u64>,
    /// How many records were numbered.
    pub(crate) numbered: u64,
}

impl Table {
    pub(crate) fn get(&self, id: u64) -> Option<&Row> {
        self.rows.get(&id)
    }

    /// All records, oldest first.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values()
    }

    /// How many records there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The records with ids below one, or all, newest first.
    pub(crate) fn newest(&self, below: Option<u64>) -> impl Iterator<Item = &Row> {
        self.rows
            .range(..below.unwrap_or(u64::MAX))
            .rev()
            .map(|(_, row)| row)
    }

    /// The records under a parent, oldest first.
    pub(crate) fn under(&self, parent: u64) -> impl Iterator<Item = &Row> {
        self.children
            .range((parent, 0)..=(parent, u64::MAX))
            .filter_map(|(_, id)| self.rows.get(id))
    }

    /// The record that already has a value of a field that may occur once.
    pub(crate) fn holder(&self, place: u16, value: &str) -> Option<u64> {
        self.unique.get(&(place, value.to_lowercase())).copied()
    }

    /// Adds a record, or puts it in the place of its former self.
    pub(crate) fn put(&mut self, ty: &Type, row: Row) {
        self.remove(ty, row.id);
        for key in unique_keys(ty, &row) {
            self.unique.insert(key, row.id);
        }
        self.children.insert((row.parent, row.id));
        self.rows.insert(row.id, row);
    }

    /// Drops a record, if it is there.
    pub(crate) fn remove(&mut self, ty: &Type, id: u64) {
        let Some(row) = self.rows.remove(&id) else {
            return;
        };
        self.children.remove(&(row.parent, row.id));
        for key in unique_keys(ty, &row) {
            self.unique.remove(&key);
        }
    }
}

fn unique_keys(ty: &Type, row: &Row) -> Vec<(u16, String)> {
    (0_u16..)
        .zip(ty.fields)
        .filter(|(_, field)| field.unique.is_some())
        .filter_map(|(place, _)| Some((place, row.at(place)?.as_str()?.to_lowercase())))
        .collect()
}
