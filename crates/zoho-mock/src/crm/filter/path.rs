//! From a column name, dots and all, to a value of a row.

use std::borrow::Cow;

use super::scalar::Scalar;
use crate::crm::CrmWorld;
use crate::crm::people::User;
use crate::crm::render;
use crate::crm::schema::{Field, Kind, ModuleIndex, Source};
use crate::crm::store::{Cell, Row};

/// How many lookups one column may follow.
const DEPTH: usize = 2;

/// A resolved column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    /// The lookups to follow: module and field.
    via: Vec<(ModuleIndex, usize)>,
    pub(crate) leaf: Leaf,
}

/// Where a path ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    /// A field of a record.
    Field(ModuleIndex, usize),
    /// Something of a user.
    User(UserField),
}

/// What a query may ask of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserField {
    Id,
    Email,
    FirstName,
    LastName,
    FullName,
}

impl UserField {
    fn find(name: &str) -> Option<Self> {
        Some(match name {
            "id" => Self::Id,
            "email" => Self::Email,
            "first_name" => Self::FirstName,
            "last_name" => Self::LastName,
            "full_name" | "name" => Self::FullName,
            _ => return None,
        })
    }

    fn of(self, user: &User) -> Scalar<'_> {
        match self {
            Self::Id => Scalar::Id(user.id),
            Self::Email => Scalar::Text(Cow::Borrowed(&user.email)),
            Self::FirstName => user
                .first_name
                .as_deref()
                .map_or(Scalar::Null, |name| Scalar::Text(Cow::Borrowed(name))),
            Self::LastName => Scalar::Text(Cow::Borrowed(&user.last_name)),
            Self::FullName => Scalar::Text(Cow::Owned(user.full_name())),
        }
    }
}

impl Path {
    /// Resolves a column of a module; `None` when there is no such column.
    pub(crate) fn resolve(crm: &CrmWorld, module: ModuleIndex, column: &str) -> Option<Self> {
        let mut names: Vec<&str> = column.split('.').collect();
        let last = names.pop()?;
        if names.len() > DEPTH {
            return None;
        }
        let mut via = Vec::new();
        let mut at = module;
        for (step, name) in names.iter().enumerate() {
            let place = crm.schema.module(at)?.place(name)?;
            via.push((at, place));
            match crm.schema.module(at)?.fields.get(place)?.kind {
                Kind::Lookup(target) => at = crm.schema.find(target)?,
                Kind::Owner | Kind::User if step + 1 == names.len() => {
                    let leaf = Leaf::User(UserField::find(last)?);
                    return Some(Self { via, leaf });
                }
                _ => return None,
            }
        }
        let leaf = Leaf::Field(at, crm.schema.module(at)?.place(last)?);
        Some(Self { via, leaf })
    }

    /// The field at its end, unless it ends at a user.
    pub(crate) fn field<'a>(&self, crm: &'a CrmWorld) -> Option<&'a Field> {
        match self.leaf {
            Leaf::Field(module, place) => crm.schema.module(module)?.fields.get(place),
            Leaf::User(_) => None,
        }
    }

    /// The field of the row itself that it names, when it follows no lookup.
    pub(crate) fn own<'a>(&self, crm: &'a CrmWorld) -> Option<&'a Field> {
        self.via.is_empty().then(|| self.field(crm)).flatten()
    }

    /// The type of its values.
    pub(crate) fn kind(&self, crm: &CrmWorld) -> Kind {
        match self.leaf {
            Leaf::User(UserField::Id) => Kind::User,
            Leaf::User(_) => Kind::Text,
            Leaf::Field(..) => self.field(crm).map_or(Kind::Text, |field| field.kind),
        }
    }

    /// Its value for a row.
    pub(crate) fn scalar<'a>(&self, crm: &'a CrmWorld, row: &'a Row) -> Scalar<'a> {
        let Some(end) = self.end(crm, row) else {
            return Scalar::Null;
        };
        match (end, self.leaf) {
            (End::User(user), Leaf::User(field)) => field.of(user),
            (End::Row(row), Leaf::Field(..)) => self
                .field(crm)
                .map_or(Scalar::Null, |field| scalar(crm, row, field)),
            _ => Scalar::Null,
        }
    }

    /// Appends its value for a row as JSON.
    pub(crate) fn write(&self, out: &mut Vec<u8>, crm: &CrmWorld, row: &Row) {
        match (self.end(crm, row), self.leaf) {
            (Some(End::User(user)), Leaf::User(field)) => match field.of(user) {
                Scalar::Id(id) => render::id(out, id),
                Scalar::Text(text) => render::string(out, &text),
                _ => out.extend_from_slice(b"null"),
            },
            (Some(End::Row(row)), Leaf::Field(..)) => {
                if let Some(field) = self.field(crm) {
                    crm.write_field(out, row, field);
                }
            }
            _ => out.extend_from_slice(b"null"),
        }
    }

    fn end<'a>(&self, crm: &'a CrmWorld, row: &'a Row) -> Option<End<'a>> {
        let mut row = row;
        for (module, place) in &self.via {
            let field = crm.schema.module(*module)?.fields.get(*place)?;
            let Scalar::Id(id) = scalar(crm, row, field) else {
                return None;
            };
            match field.kind {
                Kind::Lookup(target) => row = crm.table(target)?.get(id)?,
                _ => return crm.users.get(id).map(End::User),
            }
        }
        Some(End::Row(row))
    }
}

enum End<'a> {
    Row(&'a Row),
    User(&'a User),
}

fn scalar<'a>(crm: &'a CrmWorld, row: &'a Row, field: &Field) -> Scalar<'a> {
    let column = match field.source {
        Source::Id => return Scalar::Id(row.id),
        Source::Owner => return Scalar::Id(row.owner),
        Source::CreatedBy => return Scalar::Id(row.created_by),
        Source::ModifiedBy => return Scalar::Id(row.modified_by),
        Source::CreatedTime => return Scalar::Time(row.created),
        Source::ModifiedTime => return Scalar::Time(row.modified),
        Source::FullName(first, last) => {
            return CrmWorld::full_name(row, first, last)
                .map_or(Scalar::Null, |name| Scalar::Text(name.into()));
        }
        Source::Nothing => return Scalar::Null,
        Source::Cell(column) => column,
    };
    match row.cells.get(column) {
        Cell::Null if field.kind == Kind::Boolean => Scalar::Bool(false),
        Cell::Null | Cell::Json(_) => Scalar::Null,
        Cell::Bool(value) => Scalar::Bool(value),
        Cell::Int(value) => Scalar::Int(value),
        Cell::Num(value) => Scalar::Num(value),
        Cell::Date(value) => Scalar::Date(value),
        Cell::Time(value) => Scalar::Time(value),
        Cell::Ref(value) => Scalar::Id(value),
        Cell::Sym(symbol) => Scalar::Text(Cow::Borrowed(crm.symbols.text(symbol))),
        Cell::Text(text) => Scalar::Text(text),
        Cell::List(symbols) if symbols.is_empty() => Scalar::Null,
        Cell::List(symbols) => Scalar::Texts(
            symbols
                .iter()
                .map(|symbol| Cow::Borrowed(crm.symbols.text(*symbol)))
                .collect(),
        ),
    }
}
