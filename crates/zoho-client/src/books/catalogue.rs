//! The record types of Zoho Books: data, written by `cargo xtask codegen`.

use crate::generated::books::catalogue::RECORD_TYPES;

/// How a record type supports `last_modified_time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Modified {
    /// Not at all.
    None,
    /// Lists can be sorted by it.
    Sort,
    /// Lists can be sorted and filtered by it.
    Filter,
}

/// A record type of Zoho Books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordType {
    /// Its name, such as `contacts`.
    pub name: &'static str,
    /// The path of its list, such as `/contacts`.
    pub path: &'static str,
    /// The key that wraps one record.
    pub wrapper: &'static str,
    /// The key that holds a list.
    pub list: &'static str,
    /// The field that holds the id.
    pub id: &'static str,
    /// The record types that it can belong to; empty when it stands alone.
    pub parents: &'static [&'static str],
    /// How it supports `last_modified_time`.
    pub modified: Modified,
}

/// All record types.
#[must_use]
pub fn all() -> &'static [RecordType] {
    RECORD_TYPES
}

/// The record type of a name, below a parent type or alone.
///
/// Case does not matter, nor does what stands between words: `Contact Persons` is
/// `contact_persons`.
#[must_use]
pub fn find(name: &str, parent: Option<&str>) -> Option<&'static RecordType> {
    RECORD_TYPES.iter().find(|row| {
        same(row.name, name)
            && match parent {
                Some(parent) => row.parents.iter().any(|known| same(known, parent)),
                None => row.parents.is_empty(),
            }
    })
}

/// The parents below which a name exists.
pub(crate) fn parents_of(name: &str) -> Vec<&'static str> {
    RECORD_TYPES
        .iter()
        .filter(|row| same(row.name, name))
        .flat_map(|row| row.parents.iter().copied())
        .collect()
}

fn same(left: &str, right: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    plain(left) == plain(right)
}
