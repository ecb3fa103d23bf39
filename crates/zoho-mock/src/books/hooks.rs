//! What a record type does beyond its data: checks, sums and what follows from a write.

pub(crate) mod banking;
pub(crate) mod bookkeeping;
pub(crate) mod contacts;
pub(crate) mod conversions;
pub(crate) mod currencies;
pub(crate) mod expenses;
pub(crate) mod journals;
pub(crate) mod payment_methods;
pub(crate) mod recurring;
pub(crate) mod settlements;
pub(crate) mod tags;
pub(crate) mod taxes;
pub(crate) mod transactions;
pub(crate) mod users;

use serde_json::{Map, Value};

use super::catalogue::{Type, named};
use super::organization::Organization;
use super::refuse::missing;
use super::table::Row;
use crate::answer::Refusal;

/// A record that is about to be saved.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) ty: &'static Type,
    /// What it was before; `None` for a new one.
    pub(crate) old: Option<&'a Row>,
    pub(crate) row: &'a mut Row,
    pub(crate) sent: &'a Map<String, Value>,
}

/// A record that was saved or deleted.
#[derive(Debug)]
pub(crate) struct Settled<'a> {
    pub(crate) ty: &'static Type,
    pub(crate) old: Option<&'a Row>,
    pub(crate) new: Option<&'a Row>,
    pub(crate) sent: &'a Map<String, Value>,
}

/// The hooks of a record type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hooks {
    /// Checks and completes a record before it is saved.
    pub(crate) prepare: fn(&mut Organization, &mut Draft<'_>) -> Result<(), Refusal>,
    /// Does what follows from a write.
    pub(crate) settled: fn(&mut Organization, &Settled<'_>) -> Result<(), Refusal>,
    /// The value of a derived field, or of the status where it is more than the stored one.
    pub(crate) derive: fn(&Organization, &'static Type, &Row, &str) -> Option<Value>,
    /// What stands against a deletion.
    pub(crate) before_delete: fn(&Organization, &'static Type, &Row) -> Result<(), Refusal>,
}

impl Hooks {
    /// Nothing special.
    pub(crate) const NONE: Self = Self {
        prepare: |_, _| Ok(()),
        settled: |_, _| Ok(()),
        derive: |_, _, _, _| None,
        before_delete: |_, _, _| Ok(()),
    };
}

/// The type that a type's records live under.
fn parent(ty: &'static Type) -> Result<&'static Type, Refusal> {
    ty.parent
        .and_then(|parent| named(parent.name))
        .ok_or_else(|| missing(ty))
}
