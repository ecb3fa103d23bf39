//! What is kept of settings resources: the values that were given, who gave them, and what is tied to what.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::catalogue::Resource;
use crate::crm::CrmWorld;

/// One resource of some kind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) id: u64,
    /// Where it lives: the ids of what stands above it.
    pub(crate) within: Vec<u64>,
    pub(crate) values: Map<String, Value>,
    /// Seconds since 1970.
    pub(crate) created: i64,
    pub(crate) modified: i64,
    pub(crate) created_by: u64,
    pub(crate) modified_by: u64,
    /// It came with the organization and cannot be deleted.
    pub(crate) system: bool,
}

impl Kept {
    /// A text among the values.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(Value::as_str)
    }

    /// The id of the object that a property holds.
    pub(crate) fn link(&self, name: &str) -> Option<u64> {
        self.values
            .get(name)
            .and_then(|value| crate::crm::ids::from_json(value.get("id").unwrap_or(value)))
    }
}

/// All settings resources, by name of their kind, in the order in which they are listed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelves {
    kinds: BTreeMap<&'static str, Vec<Kept>>,
    /// Pairs that belong together: (kind of tie, one, other).
    ties: BTreeSet<(&'static str, u64, u64)>,
}

impl Shelves {
    /// All of a kind.
    pub(crate) fn all(&self, name: &str) -> &[Kept] {
        self.kinds.get(name).map_or(&[], Vec::as_slice)
    }

    /// All of a kind, to be changed or put in another order.
    pub(crate) fn all_mut(&mut self, name: &'static str) -> &mut Vec<Kept> {
        self.kinds.entry(name).or_default()
    }

    /// One by its id.
    pub(crate) fn get(&self, name: &str, id: u64) -> Option<&Kept> {
        self.all(name).iter().find(|kept| kept.id == id)
    }

    /// One by its id, to be changed.
    pub(crate) fn get_mut(&mut self, name: &'static str, id: u64) -> Option<&mut Kept> {
        self.all_mut(name).iter_mut().find(|kept| kept.id == id)
    }

    /// Puts one at the end.
    pub(crate) fn push(&mut self, name: &'static str, kept: Kept) {
        self.all_mut(name).push(kept);
    }

    /// Takes one out, with what lives in it and its ties.
    pub(crate) fn take(&mut self, resource: &'static Resource, id: u64) -> Option<Kept> {
        let all = self.all_mut(resource.name);
        let at = all.iter().position(|kept| kept.id == id)?;
        let taken = all.remove(at);
        for others in self.kinds.values_mut() {
            others.retain(|kept| !kept.within.contains(&id));
        }
        self.ties.retain(|(_, one, other)| *one != id && *other != id);
        Some(taken)
    }

    /// Ties two things together; whether they were not yet.
    pub(crate) fn tie(&mut self, kind: &'static str, one: u64, other: u64) -> bool {
        self.ties.insert((kind, one, other))
    }

    /// Unties two things; whether they were tied.
    pub(crate) fn untie(&mut self, kind: &'static str, one: u64, other: u64) -> bool {
        self.ties.remove(&(kind, one, other))
    }

    /// Whether two things are tied.
    pub(crate) fn tied(&self, kind: &'static str, one: u64, other: u64) -> bool {
        self.ties.contains(&(kind, one, other))
    }

    /// The pairs of a kind.
    pub(crate) fn pairs(&self, kind: &'static str) -> impl Iterator<Item = (u64, u64)> + '_ {
        let all = (kind, 0, 0)..=(kind, u64::MAX, u64::MAX);
        self.ties.range(all).map(|(_, one, other)| (*one, *other))
    }
}

impl CrmWorld {
    /// The profiles: their ids as text, and their names.
    pub(crate) fn profiles(&self) -> impl Iterator<Item = (String, &str)> {
        let profiles = self.shelves.all("profiles").iter();
        profiles.map(|kept| (kept.id.to_string(), kept.text("name").unwrap_or_default()))
    }
}
