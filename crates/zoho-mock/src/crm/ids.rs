//! Ids: nineteen digits, given in ascending order, the same in every run.

use crate::ids;

const ORGANIZATION: u64 = 7;
const MODULES: u64 = 2_100;
const ROLES: u64 = 6_200;
const PROFILES: u64 = 6_100;
const VARIABLE_GROUPS: u64 = 6_300;
const LAYOUTS: u64 = 7_000;
const SETTINGS: u64 = 300_000;
const RELATED_LISTS: u64 = 400_000;
const FIELDS: u64 = 10_000;
const PICKS: u64 = 1_000_000;
const RECORDS: u64 = 1_000_000_000;

/// The ids of an organization: what it is built with has fixed ones, all else gets the next.
///
/// All are above 2^53, so that a client that lets an id pass through a float is found out.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    base: u64,
    given: u64,
    /// The first user, to whom everything belongs that nobody else was given.
    pub(crate) administrator: u64,
}

impl Ids {
    /// The ids of the organization of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            base: crate::ids::block(seed),
            given: 0,
            administrator: ids::owner(seed),
        }
    }

    /// The next id; always greater than all before.
    pub(crate) fn next(&mut self) -> u64 {
        self.given += 1;
        self.base + RECORDS + self.given
    }

    /// How many ids were given so far.
    pub(crate) fn given(&self) -> u64 {
        self.given
    }

    /// The id of the organization's own record.
    pub(crate) fn organization(&self) -> u64 {
        self.base + ORGANIZATION
    }

    /// The id of a role.
    pub(crate) fn role(&self, index: usize) -> u64 {
        self.base + ROLES + index as u64
    }

    /// The id of a profile.
    pub(crate) fn profile(&self, index: usize) -> u64 {
        self.base + PROFILES + index as u64
    }

    /// The id of a group of variables.
    pub(crate) fn variable_group(&self, index: usize) -> u64 {
        self.base + VARIABLE_GROUPS + index as u64
    }

    /// The id of a module's related list by its place among them.
    pub(crate) fn related_list(&self, module: usize, index: usize) -> u64 {
        self.base + RELATED_LISTS + 100 * module as u64 + index as u64
    }

    /// The id of a setting that the organization starts with.
    pub(crate) fn setting(&self, number: u64) -> u64 {
        self.base + SETTINGS + number
    }

    /// The id of a module's standard layout.
    pub(crate) fn layout(&self, module: usize) -> u64 {
        self.base + LAYOUTS + module as u64
    }

    /// The id of a module by its place in the schema.
    pub(crate) fn module(&self, index: usize) -> u64 {
        self.base + MODULES + index as u64
    }

    /// The id of a field by the places of its module and of itself.
    pub(crate) fn field(&self, module: usize, index: usize) -> u64 {
        self.base + FIELDS + 1_000 * module as u64 + index as u64
    }

    /// The id of a value of a field's picklist.
    pub(crate) fn pick(&self, field: u64, index: usize) -> u64 {
        self.base + PICKS + (field - self.base) * 100 + index as u64
    }
}

/// Reads an id as Zoho's callers send it: digits, as text or as a JSON number.
pub(crate) fn from_json(value: &serde_json::Value) -> Option<u64> {
    match value {
        serde_json::Value::String(text) => parse(text),
        serde_json::Value::Number(number) => number.as_u64(),
        _ => None,
    }
}

/// Reads an id from text: digits only.
pub(crate) fn parse(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}
