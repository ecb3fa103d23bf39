//! The words in which the catalogue of fields is written.

use super::Source;

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A record's id.
    Id,
    /// One line.
    Text,
    /// Several lines.
    TextArea,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A web address.
    Website,
    /// One of some values.
    Picklist,
    /// Several of some values.
    MultiPicklist,
    /// A whole number of nine digits.
    Integer,
    /// A whole number of eighteen digits.
    BigInt,
    /// A number.
    Double,
    /// An amount of money.
    Currency,
    /// A percentage.
    Percent,
    /// A checkbox.
    Boolean,
    /// A day.
    Date,
    /// An instant.
    DateTime,
    /// A record of another module.
    Lookup(&'static str),
    /// A record of any module.
    AnyLookup,
    /// The user who owns the record.
    Owner,
    /// A user.
    User,
    /// A picture.
    Image,
    /// Rows within the record.
    Subform,
    /// Tags.
    Tags,
}

impl Kind {
    /// Zoho's name of the type.
    pub(crate) fn data_type(self) -> &'static str {
        match self {
            Self::Id | Self::BigInt => "bigint",
            Self::Text | Self::Tags => "text",
            Self::TextArea => "textarea",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Website => "website",
            Self::Picklist => "picklist",
            Self::MultiPicklist => "multiselectpicklist",
            Self::Integer => "integer",
            Self::Double => "double",
            Self::Currency => "currency",
            Self::Percent => "percent",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Lookup(_) => "lookup",
            Self::AnyLookup => "multi_module_lookup",
            Self::Owner | Self::User => "ownerlookup",
            Self::Image => "profileimage",
            Self::Subform => "subform",
        }
    }

    /// The type of a field that the organization adds, by Zoho's name; lookups name their module besides.
    pub(crate) fn addable(data_type: &str) -> Option<Self> {
        Self::ADDABLE
            .iter()
            .copied()
            .find(|kind| kind.data_type() == data_type)
    }

    /// The types of fields that the organization may add, lookups aside.
    pub(crate) const ADDABLE: &'static [Self] = &[
        Self::Text,
        Self::TextArea,
        Self::Email,
        Self::Phone,
        Self::Website,
        Self::Picklist,
        Self::MultiPicklist,
        Self::Integer,
        Self::BigInt,
        Self::Double,
        Self::Currency,
        Self::Percent,
        Self::Boolean,
        Self::Date,
        Self::DateTime,
    ];

    /// The JSON type of its values.
    pub(crate) fn json_type(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Double | Self::Currency | Self::Percent => "double",
            Self::Boolean => "boolean",
            Self::Lookup(_) | Self::AnyLookup | Self::Owner | Self::User => "jsonobject",
            Self::MultiPicklist | Self::Subform | Self::Tags => "jsonarray",
            _ => "string",
        }
    }

    /// Whether its values are stored as text of their own.
    pub(crate) fn is_text(self) -> bool {
        matches!(
            self,
            Self::Text | Self::TextArea | Self::Email | Self::Phone | Self::Website | Self::Image
        )
    }

    /// Whether its values are numbers.
    pub(crate) fn is_number(self) -> bool {
        matches!(
            self,
            Self::Integer | Self::BigInt | Self::Double | Self::Currency | Self::Percent
        )
    }

    /// Whether its values are ids of records or users.
    pub(crate) fn is_reference(self) -> bool {
        matches!(
            self,
            Self::Id | Self::Lookup(_) | Self::AnyLookup | Self::Owner | Self::User
        )
    }

    pub(super) const fn default_length(self) -> u32 {
        match self {
            Self::TextArea => 32_000,
            Self::Email => 100,
            Self::Phone => 30,
            Self::Website => 450,
            Self::Picklist | Self::Owner | Self::User | Self::Lookup(_) => 120,
            Self::Integer | Self::Double => 9,
            Self::BigInt | Self::Id => 20,
            Self::Currency => 16,
            Self::Percent => 5,
            Self::Date | Self::DateTime => 20,
            _ => 255,
        }
    }
}

/// The definition of a field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Def {
    pub(super) api_name: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: Kind,
    pub(super) length: u32,
    pub(super) mandatory: bool,
    pub(super) unique: bool,
    pub(super) read_only: bool,
    pub(super) custom: bool,
    pub(super) closed: bool,
    pub(super) picks: &'static [&'static str],
    pub(super) source: Option<Source>,
}

/// A field of a kind.
pub(super) const fn field(api_name: &'static str, label: &'static str, kind: Kind) -> Def {
    Def {
        api_name,
        label,
        kind,
        length: kind.default_length(),
        mandatory: false,
        unique: false,
        read_only: false,
        custom: false,
        closed: false,
        picks: &[],
        source: None,
    }
}

/// A line of text.
pub(super) const fn text(api_name: &'static str, label: &'static str, length: u32) -> Def {
    let mut def = field(api_name, label, Kind::Text);
    def.length = length;
    def
}

/// A picklist.
pub(super) const fn pick(api_name: &'static str, label: &'static str, picks: &'static [&'static str]) -> Def {
    let mut def = field(api_name, label, Kind::Picklist);
    def.picks = picks;
    def
}

/// A lookup.
pub(super) const fn lookup(api_name: &'static str, label: &'static str, target: &'static str) -> Def {
    field(api_name, label, Kind::Lookup(target))
}

/// A field that the server fills.
pub(super) const fn system(api_name: &'static str, label: &'static str, kind: Kind, source: Source) -> Def {
    let mut def = field(api_name, label, kind);
    def.read_only = true;
    def.source = Some(source);
    def
}

impl Def {
    /// Must be given.
    pub(super) const fn mandatory(mut self) -> Self {
        self.mandatory = true;
        self
    }

    /// No two records have the same.
    pub(super) const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// Added by the organization, not by Zoho.
    pub(super) const fn custom(mut self) -> Self {
        self.custom = true;
        self
    }

    /// Takes only the listed values.
    pub(super) const fn closed(mut self) -> Self {
        self.closed = true;
        self
    }

    /// Given by the server.
    pub(super) const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// The caller may set it although the row, not a cell, holds it.
    pub(super) const fn writable(mut self) -> Self {
        self.read_only = false;
        self
    }
}
