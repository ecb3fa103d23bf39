//! One field of a record type: what it holds, who sets it, and where it is shown.

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
    /// The type of the record that an id must lead to.
    pub(crate) refers: &'static str,
    /// Where the value is read: (the field with an id, that id's type, a field of that type).
    pub(crate) from: Option<(&'static str, &'static str, &'static str)>,
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
        refers: "",
        from: None,
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

    /// The id must lead to a record of that type.
    pub(crate) const fn refers(self, refers: &'static str) -> Self {
        Self { refers, ..self }
    }

    /// The value is another record's, found by the id in `by`.
    pub(crate) const fn from(self, by: &'static str, ty: &'static str, of: &'static str) -> Self {
        Self {
            writable: false,
            from: Some((by, ty, of)),
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
