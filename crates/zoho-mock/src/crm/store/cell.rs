//! One value of a row, borrowed from its packed bytes or owned.

use std::borrow::Cow;

use super::intern::Symbol;

/// The number of a stored field within its module.
pub(crate) type Column = u16;

/// A value as the store knows it: no JSON, no names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    /// Nothing.
    Null,
    /// A checkbox.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Num(f64),
    /// A calendar day as `yyyymmdd`, which sorts as days do.
    Date(i32),
    /// An instant in whole seconds since 1970.
    Time(i64),
    /// The id of a record or a user.
    Ref(u64),
    /// An interned text.
    Sym(Symbol),
    /// A text.
    Text(Cow<'a, str>),
    /// Several interned texts.
    List(Cow<'a, [Symbol]>),
    /// A value that is kept as the JSON text that came.
    Json(Cow<'a, str>),
}

/// A cell that owns what it holds.
pub(crate) type Value = Cell<'static>;

impl Cell<'_> {
    /// A text of one's own.
    pub(crate) fn text(text: impl Into<String>) -> Value {
        Cell::Text(Cow::Owned(text.into()))
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Cell::Null)
    }

    /// The same value, owned.
    pub(crate) fn into_owned(self) -> Value {
        match self {
            Cell::Null => Cell::Null,
            Cell::Bool(value) => Cell::Bool(value),
            Cell::Int(value) => Cell::Int(value),
            Cell::Num(value) => Cell::Num(value),
            Cell::Date(value) => Cell::Date(value),
            Cell::Time(value) => Cell::Time(value),
            Cell::Ref(value) => Cell::Ref(value),
            Cell::Sym(value) => Cell::Sym(value),
            Cell::Text(value) => Cell::Text(Cow::Owned(value.into_owned())),
            Cell::List(value) => Cell::List(Cow::Owned(value.into_owned())),
            Cell::Json(value) => Cell::Json(Cow::Owned(value.into_owned())),
        }
    }
}
