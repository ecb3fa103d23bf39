//! What a record type is made of: its fields, statuses, addresses and texts. A type is data.

mod contacts;
mod invoices;
mod items;
mod payments;

use super::hooks::Hooks;
use super::organization::Organization;
use super::table::Row;
use crate::answer::Refusal;
use crate::call::Call;
use crate::generated::books::RECORD_TYPES;
use crate::route::{Method, RecordType};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Bool,
    Amount,
    Integer,
    Id,
    Date,
    Object,
    List,
}

/// What a field shows when nothing was ever set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blank {
    /// `""`, `false`, `0`, `{}` or `[]`, by kind.
    OfKind,
    /// A text of its own.
    Text(&'static str),
    /// A number of its own.
    Number(i64),
    /// `true`.
    True,
}

/// One field of a record type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// What error messages call it; its name when empty.
    pub(crate) label: &'static str,
    pub(crate) blank: Blank,
    /// Whether list rows carry it.
    pub(crate) in_rows: bool,
    /// Whether a client may set it.
    pub(crate) writable: bool,
    /// Whether `search_text` looks into it.
    pub(crate) searched: bool,
    /// Whether a hook computes it.
    pub(crate) derived: bool,
    /// The refusal of a record without it.
    pub(crate) required: Option<(u32, &'static str)>,
    /// The refusal of a second record with the same value; `{}` stands for the value.
    pub(crate) unique: Option<(u32, &'static str)>,
    /// Longest text in characters.
    pub(crate) longest: usize,
}

/// A field that clients may set.
pub(crate) const fn field(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        label: "",
        blank: Blank::OfKind,
        in_rows: false,
        writable: true,
        searched: false,
        derived: false,
        required: None,
        unique: None,
        longest: 2_000,
    }
}

pub(crate) const fn text(name: &'static str) -> Field {
    field(name, Kind::Text)
}

pub(crate) const fn amount(name: &'static str) -> Field {
    field(name, Kind::Amount)
}

pub(crate) const fn id(name: &'static str) -> Field {
    field(name, Kind::Id)
}

pub(crate) const fn flag(name: &'static str) -> Field {
    field(name, Kind::Bool)
}

impl Field {
    pub(crate) const fn row(self) -> Self {
        Self {
            in_rows: true,
            ..self
        }
    }

    pub(crate) const fn label(self, label: &'static str) -> Self {
        Self { label, ..self }
    }

    pub(crate) const fn blank(self, blank: Blank) -> Self {
        Self { blank, ..self }
    }

    pub(crate) const fn searched(self) -> Self {
        Self {
            searched: true,
            ..self
        }
    }

    /// The mock sets it, clients cannot.
    pub(crate) const fn own(self) -> Self {
        Self {
            writable: false,
            ..self
        }
    }

    /// A hook computes it whenever it is read.
    pub(crate) const fn derived(self) -> Self {
        Self {
            writable: false,
            derived: true,
            ..self
        }
    }

    pub(crate) const fn required(self, code: u32, message: &'static str) -> Self {
        Self {
            required: Some((code, message)),
            ..self
        }
    }

    pub(crate) const fn unique(self, code: u32, message: &'static str) -> Self {
        Self {
            unique: Some((code, message)),
            ..self
        }
    }

    pub(crate) const fn longest(self, longest: usize) -> Self {
        Self { longest, ..self }
    }

    /// What error messages call it.
    pub(crate) fn shown(&self) -> &'static str {
        match self.label {
            "" => self.name,
            label => label,
        }
    }
}

/// A step from one status to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// The end of the address, after the record's own: `/status/sent`.
    pub(crate) path: &'static str,
    pub(crate) to: &'static str,
    /// From where it may be taken.
    pub(crate) from: &'static [&'static str],
    pub(crate) message: &'static str,
    /// The refusal from anywhere else.
    pub(crate) otherwise: (u32, &'static str),
}

/// How records are numbered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbering {
    pub(crate) field: &'static str,
    pub(crate) prefix: &'static str,
}

/// What a type does beyond the usual, with one record: a changed record, and what to say.
pub(crate) type Own = fn(&mut Organization, &Row, &Call<'_>) -> Result<(Row, &'static str), Refusal>;

/// What an address does with a record type.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    List,
    Create,
    Get,
    Update,
    Delete,
    Upsert,
    DeleteSeveral,
    Step(usize),
    /// A step of all records that the query names.
    StepSeveral(usize),
    /// Something of the type's own.
    Own(Own),
    /// Sets a field of one record: (field, value, message).
    Mark(&'static str, bool, &'static str),
}

/// Under what a record lives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parent {
    /// The parent's type.
    pub(crate) name: &'static str,
    /// The field of a body that names the parent, where the address does not.
    pub(crate) field: &'static str,
}

/// A record type.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) name: &'static str,
    /// The collection's address, with `{}` for the parent's id.
    pub(crate) path: &'static str,
    pub(crate) wrapper: &'static str,
    pub(crate) list: &'static str,
    pub(crate) id: &'static str,
    /// What messages call one record.
    pub(crate) noun: &'static str,
    pub(crate) parent: Option<Parent>,
    pub(crate) fields: &'static [Field],
    pub(crate) created: &'static str,
    pub(crate) updated: &'static str,
    pub(crate) deleted: &'static str,
    /// The status of a new record; types without statuses leave it empty.
    pub(crate) status: &'static str,
    pub(crate) steps: &'static [Step],
    /// `filter_by` values beside the statuses: (`Group.Value`, field, value).
    pub(crate) filters: &'static [(&'static str, &'static str, &'static str)],
    /// The name of its list in `page_context`; lists without pages leave it empty.
    pub(crate) report: &'static str,
    /// The sort column and order without a wish.
    pub(crate) sort: (&'static str, char),
    pub(crate) numbering: Option<Numbering>,
    /// Whether records carry custom fields.
    pub(crate) custom: bool,
    /// Addresses beside the usual ones.
    pub(crate) more: &'static [(Method, &'static str, Action)],
    pub(crate) hooks: Hooks,
}

/// A type with nothing special about it.
pub(crate) const PLAIN: Type = Type {
    name: "",
    path: "",
    wrapper: "",
    list: "",
    id: "",
    noun: "Resource",
    parent: None,
    fields: &[],
    created: "success",
    updated: "success",
    deleted: "success",
    status: "",
    steps: &[],
    filters: &[],
    report: "",
    sort: ("created_time", 'A'),
    numbering: None,
    custom: false,
    more: &[],
    hooks: Hooks::NONE,
};

/// All record types; a table's place among the tables is its type's place here.
pub(crate) static TYPES: &[&Type] = &[
    &contacts::CONTACTS,
    &contacts::CONTACT_PERSONS,
    &contacts::ADDRESSES,
    &contacts::COMMENTS,
    &items::ITEMS,
    &invoices::INVOICES,
    &invoices::COMMENTS,
    &invoices::PAYMENTS,
    &invoices::CREDITS,
    &payments::CUSTOMER_PAYMENTS,
];

impl Type {
    /// The place of a field.
    pub(crate) fn place(&self, name: &str) -> Option<u16> {
        self.fields
            .iter()
            .position(|field| field.name == name)
            .and_then(|at| u16::try_from(at).ok())
    }

    /// What the description says of it, if it has the type.
    pub(crate) fn described(&self) -> Option<&'static RecordType> {
        RECORD_TYPES
            .iter()
            .find(|known| anonymous(known.path) == self.path)
    }

    /// A field by name.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A path with its parameters unnamed.
fn anonymous(path: &str) -> String {
    let segments = path
        .split('/')
        .map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// The place of a type.
pub(crate) fn place(name: &str) -> usize {
    TYPES
        .iter()
        .position(|known| known.name == name)
        .unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_catalogue_agrees_with_the_description() {
        let mut described = 0;
        for ty in TYPES {
            let Some(known) = ty.described() else { continue };
            described += 1;
            assert_eq!(
                (ty.wrapper, ty.list, ty.id),
                (known.wrapper, known.list, known.id),
                "{}",
                ty.name
            );
        }
        assert!(described >= 9, "{described}");
    }

    #[test]
    fn the_catalogue_holds_together() {
        let mut names = HashSet::new();
        for ty in TYPES {
            assert!(names.insert(ty.name), "{} twice", ty.name);
            let mut fields = HashSet::new();
            for field in ty.fields {
                assert!(fields.insert(field.name), "{}.{} twice", ty.name, field.name);
            }
            if let Some(parent) = ty.parent {
                assert!(place(parent.name) < TYPES.len(), "{}: {}", ty.name, parent.name);
            }
            let sort = ty.sort.0;
            assert!(
                fields.contains(sort) || ["created_time", "last_modified_time"].contains(&sort),
                "{}: {sort}",
                ty.name
            );
            for (_, field, _) in ty.filters {
                assert!(fields.contains(field), "{}: {field}", ty.name);
            }
            if let Some(numbering) = ty.numbering {
                assert!(fields.contains(numbering.field), "{}", ty.name);
            }
            for step in ty.steps {
                assert!(!step.from.is_empty(), "{}{}", ty.name, step.path);
            }
        }
    }
}
