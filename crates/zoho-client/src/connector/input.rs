//! What an input is, as data; and those that several entries share.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// An input of a connection, a trigger or an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Input {
    /// The name to give it by.
    pub key: &'static str,
    /// The name that users see.
    pub label: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it must be given. One with a default need not be.
    pub required: bool,
    /// What counts when it is not given.
    pub default: Default,
    /// What to put there.
    pub help: &'static str,
    /// Whether it goes beyond what connectors of this kind usually offer.
    pub beyond: bool,
}

/// What an input takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A connection: the host platform resolves it.
    Connection,
    /// A text.
    Text,
    /// A text that is shown to nobody.
    Secret,
    /// `true` or `false`.
    Boolean,
    /// A whole number from one to another, both included.
    Integer(i64, i64),
    /// One of some texts.
    Choice(&'static [&'static str]),
    /// An instant with its offset, such as `2026-05-14T12:51:40+03:00`.
    DateTime,
    /// Texts: a list, or one text with commas.
    TextList,
    /// Values by name: an object, or a list of `{"key": .., "value": ..}`.
    Fields,
    /// Texts by name, in the same two forms.
    Texts,
    /// A list of objects.
    Records,
    /// Any JSON, or a text.
    Json,
    /// A file: a text, or `{"base64": ".."}`.
    File,
    /// Files by name.
    Files,
}

/// What counts when an input is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Default {
    /// Nothing.
    None,
    /// A truth value.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(&'static str),
}

impl Kind {
    /// The name of the kind.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Text => "text",
            Self::Secret => "secret",
            Self::Boolean => "boolean",
            Self::Integer(..) => "integer",
            Self::Choice(_) => "choice",
            Self::DateTime => "datetime",
            Self::TextList => "text_list",
            Self::Fields => "fields",
            Self::Texts => "texts",
            Self::Records => "records",
            Self::Json => "json",
            Self::File => "file",
            Self::Files => "files",
        }
    }

    /// The texts that a choice has.
    #[must_use]
    pub const fn choices(self) -> &'static [&'static str] {
        match self {
            Self::Choice(choices) => choices,
            _ => &[],
        }
    }
}

impl Default {
    /// The default as JSON; `null` when there is none.
    #[must_use]
    pub fn json(self) -> Value {
        match self {
            Self::None => Value::Null,
            Self::Boolean(flag) => flag.into(),
            Self::Integer(number) => number.into(),
            Self::Text(text) => text.into(),
        }
    }
}

impl Input {
    pub(super) const fn new(key: &'static str, label: &'static str, kind: Kind, help: &'static str) -> Self {
        Self {
            key,
            label,
            kind,
            required: false,
            default: Default::None,
            help,
            beyond: false,
        }
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn or(mut self, default: Default) -> Self {
        self.default = default;
        self
    }

    pub(super) const fn or_false(self) -> Self {
        self.or(Default::Boolean(false))
    }

    pub(super) const fn beyond(mut self) -> Self {
        self.beyond = true;
        self
    }
}

impl Serialize for Input {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("key", self.key)?;
        map.serialize_entry("label", self.label)?;
        map.serialize_entry("type", self.kind.name())?;
        map.serialize_entry("required", &self.required)?;
        map.serialize_entry("default", &self.default.json())?;
        if let Kind::Integer(low, high) = self.kind {
            map.serialize_entry("minimum", &low)?;
            map.serialize_entry("maximum", &high)?;
        }
        if !self.kind.choices().is_empty() {
            map.serialize_entry("choices", self.kind.choices())?;
        }
        map.serialize_entry("help", self.help)?;
        map.serialize_entry("beyond", &self.beyond)?;
        map.end()
    }
}

/// The connection to use.
pub(super) const CONNECTION: Input = Input::new(
    "connection",
    "Connection",
    Kind::Connection,
    "The connection to use.",
);

/// A module of CRM.
pub(super) const MODULE: Input = Input::new(
    "record_type",
    "Record Type",
    Kind::Text,
    "The API name of the CRM module, such as Leads.",
)
.required();

/// A record.
pub(super) const RECORD_ID: Input = Input::new(
    "record_id",
    "Record ID",
    Kind::Text,
    "The id that Zoho gave the record.",
)
.required();

/// Fields of a record.
pub(super) const VALUES: Input = Input::new(
    "values",
    "Values",
    Kind::Fields,
    "The record's fields by API name, with their values.",
);

/// Fields of a record that were configured apart.
pub(super) const DYNAMIC_FIELDS: Input = Input::new(
    "dynamic_fields",
    "Dynamic Fields",
    Kind::Fields,
    "Further fields, configured where the connector is deployed. Where both have a field, this value wins.",
);

/// Fields to bring.
pub(super) const FIELDS: Input = Input::new(
    "fields",
    "Fields",
    Kind::TextList,
    "The API names of the fields to bring. Without any, all fields come.",
);

/// Where a list starts.
pub(super) const PAGE: Input = Input::new(
    "page",
    "Page",
    Kind::Integer(1, u32::MAX as i64),
    "The page to start at, counted from 1.",
)
.or(Default::Integer(1));

/// How long its pages are.
pub(super) const PER_PAGE: Input = Input::new(
    "per_page",
    "Per Page",
    Kind::Integer(1, 200),
    "How many records a page has, 200 at most.",
)
.or(Default::Integer(200));

/// Whether to read all of it.
pub(super) const FETCH_ALL: Input = Input::new(
    "fetch_all",
    "Fetch All",
    Kind::Boolean,
    "Whether all further pages are read too, to the end of the list.",
)
.or_false();

/// Whether records are checked before they are sent.
pub(super) const CHECK_FIELDS: Input = Input::new(
    "check_fields",
    "Check Fields",
    Kind::Boolean,
    "Whether the values are held against the module's own fields first: names, types, picklists.",
)
.or_false()
.beyond();
