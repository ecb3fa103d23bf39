//! Ids: nineteen digits, given in ascending order, the same in every run.

/// What all ids of this organization start from. Above 2^53, so that a client that lets an id pass
/// through a float is found out.
pub(crate) const BASE: u64 = 5_540_230_000_000_000_000;

/// The organization's own id, which `X-CRM-ORG` names.
pub(crate) const ZGID: u64 = 778_205_611;

/// The id of the organization's record.
pub(crate) const ORGANIZATION: u64 = BASE + 7;

/// The first user, to whom everything belongs that nobody else was given.
pub(crate) const ADMINISTRATOR: u64 = BASE + 6_001;

const MODULES: u64 = BASE + 2_100;
const FIELDS: u64 = BASE + 10_000;
const PICKS: u64 = BASE + 1_000_000;
const TAGS: u64 = BASE + 10_000_000;
const RECORDS: u64 = BASE + 1_000_000_000;

/// The id of a module by its place in the schema.
pub(crate) fn module(index: usize) -> u64 {
    MODULES + index as u64
}

/// The id of a field by the places of its module and of itself.
pub(crate) fn field(module: usize, index: usize) -> u64 {
    FIELDS + 1_000 * module as u64 + index as u64
}

/// The id of a picklist value.
pub(crate) fn pick(module: usize, field: usize, index: usize) -> u64 {
    PICKS + 100_000 * module as u64 + 200 * field as u64 + index as u64
}

/// The id of a tag by its interned name.
pub(crate) fn tag(symbol: u32) -> u64 {
    TAGS + u64::from(symbol)
}

/// Gives out ids of records, users, attachments.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    given: u64,
}

impl Ids {
    /// The next id; always greater than all before.
    pub(crate) fn next(&mut self) -> u64 {
        self.given += 1;
        RECORDS + self.given
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
