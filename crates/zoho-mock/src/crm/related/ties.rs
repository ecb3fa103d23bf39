//! What ties records together: lookups, which stand in the rows.

use std::ops::Bound;

use crate::crm::CrmWorld;
use crate::crm::schema::{Field, Kind, ModuleIndex};
use crate::crm::store::{Cell, Column, Order, Row, SortKey};

impl CrmWorld {
    /// The columns of `child` that may hold a record of `parent`.
    pub(crate) fn ties(&self, child: ModuleIndex, parent: ModuleIndex) -> Vec<Column> {
        let (Some(child), Some(parent)) = (self.schema.module(child), self.schema.module(parent)) else {
            return Vec::new();
        };
        let fields = child.fields.iter().filter(|field| match field.kind {
            Kind::Lookup(target) => target == parent.api_name,
            Kind::AnyLookup => true,
            _ => false,
        });
        fields.filter_map(Field::column).collect()
    }

    /// The records of `child` that point at a record of `parent`, oldest first.
    pub(crate) fn pointing_at(&self, child: ModuleIndex, parent: ModuleIndex, id: u64) -> Vec<u64> {
        let columns = self.ties(child, parent);
        let order = Order {
            key: SortKey::Id,
            descending: false,
        };
        let Some(table) = self.tables.get(child).filter(|_| !columns.is_empty()) else {
            return Vec::new();
        };
        let rows = table.range(order, Bound::Unbounded, Bound::Unbounded);
        rows.filter(|row| points_at(row, &columns, id))
            .map(|row| row.id)
            .collect()
    }
}

/// Whether one of these columns of a row holds this record.
pub(super) fn points_at(row: &Row, columns: &[Column], id: u64) -> bool {
    columns
        .iter()
        .any(|column| row.cells.get(*column) == Cell::Ref(id))
}
