//! Books record types: what a generic "create a record of type X" has to know.

/// A record type of Books, under one parent or none.
///
/// A type that lives under several parents, such as comments, has one entry for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordType {
    /// Name of the type, such as `contacts`.
    pub name: String,
    /// Key that wraps one record in a reply.
    pub wrapper: String,
    /// Key that holds the rows in a list reply.
    pub list_key: String,
    /// Field that identifies a record.
    pub id: String,
    /// Record types that the path goes through, outermost first; one for each path parameter of `path`.
    pub parents: Vec<String>,
    /// Path of the list, relative to the product.
    pub path: String,
    /// Path that creates (and, with an id behind it, changes) a record, where it is not `path`.
    pub write_path: Option<String>,
    /// What `last_modified_time` is good for in the list.
    pub modified: Modified,
}

/// What a list can do with `last_modified_time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Modified {
    /// Nothing.
    None,
    /// Sort by it.
    Sort,
    /// Sort by it and filter on it.
    Filter,
}
