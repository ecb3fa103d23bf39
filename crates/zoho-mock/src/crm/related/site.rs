//! A related list of one record: whose it is, and what puts records into it.

use serde_json::json;

use super::links::linked;
use super::ties::points_at;
use crate::answer::Refusal;
use crate::call::Call;
use crate::crm::schema::ModuleIndex;
use crate::crm::store::{Cell, Column, Row};
use crate::crm::{CrmWorld, ids, path, refuse};

/// A related list of a record.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The record it belongs to.
    pub(crate) parent: u64,
    /// The module of its records.
    pub(crate) child: ModuleIndex,
    tie: Tie,
}

#[derive(Clone, Debug)]
enum Tie {
    /// Its records point at the parent in one of these columns.
    Columns(Vec<Column>),
    /// A link joins them.
    Link,
}

impl Site {
    /// The list that the path names: module, record, list.
    pub(super) fn of(crm: &CrmWorld, call: &Call<'_>) -> Result<Self, Refusal> {
        Self::named(crm, call, path(call, 2))
    }

    /// A list of the record that the path names.
    pub(crate) fn named(crm: &CrmWorld, call: &Call<'_>, list: &str) -> Result<Self, Refusal> {
        let module = crm.module_of(call)?;
        let invalid =
            |message, index| refuse::bad("INVALID_DATA", message, json!({"resource_path_index": index}));
        let parent = ids::parse(path(call, 1))
            .filter(|id| crm.has(module, *id))
            .ok_or_else(|| invalid("the related id given seems to be invalid", 1))?;
        let child = crm.schema.find(list);
        let tie = child.and_then(|child| {
            let own = crm.schema.module(module)?.api_name;
            if linked(own, list) {
                return Some(Tie::Link);
            }
            let columns = crm.ties(child, module);
            (!columns.is_empty()).then_some(Tie::Columns(columns))
        });
        match (child, tie) {
            (Some(child), Some(tie)) => Ok(Self { parent, child, tie }),
            _ => Err(invalid("the relation name given seems to be invalid", 2)),
        }
    }

    /// Whether a record is in the list.
    pub(crate) fn holds(&self, crm: &CrmWorld, row: &Row) -> bool {
        match &self.tie {
            Tie::Columns(columns) => points_at(row, columns, self.parent),
            Tie::Link => crm.links.joins(self.parent, row.id),
        }
    }

    /// The column by which a record is put into the list, if that is how.
    pub(super) fn column(&self) -> Option<Column> {
        match &self.tie {
            Tie::Columns(columns) => columns.first().copied(),
            Tie::Link => None,
        }
    }

    /// The columns by which a record is in the list.
    pub(super) fn holding(&self, row: &Row) -> Vec<Column> {
        let Tie::Columns(columns) = &self.tie else {
            return Vec::new();
        };
        let held = |column: &Column| row.cells.get(*column) == Cell::Ref(self.parent);
        columns.iter().copied().filter(held).collect()
    }
}
