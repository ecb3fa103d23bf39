//! The tags that modules know. A row holds names; a tag of the same name in two modules is two tags.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::crm::CrmWorld;
use crate::crm::change::Actor;
use crate::crm::schema::ModuleIndex;
use crate::crm::store::{Cell, Column, Order, Row, SortKey, Value};

/// A tag.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    pub(crate) id: u64,
    pub(crate) module: ModuleIndex,
    /// Its interned name.
    pub(crate) symbol: u32,
    pub(crate) color: Option<String>,
    pub(crate) created: Actor,
    pub(crate) modified: Actor,
}

/// All tags.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tags {
    by_id: BTreeMap<u64, Tag>,
    /// By the field that shows a module's tags, and the name.
    names: BTreeMap<(u64, u32), u64>,
}

impl Tags {
    /// The tag of a name among those that a field shows.
    pub(crate) fn find(&self, field: u64, symbol: u32) -> Option<&Tag> {
        self.by_id.get(self.names.get(&(field, symbol))?)
    }

    pub(super) fn get(&self, id: u64) -> Option<&Tag> {
        self.by_id.get(&id)
    }

    /// The tags of a module, oldest first.
    pub(super) fn of(&self, module: ModuleIndex) -> impl Iterator<Item = &Tag> {
        self.by_id.values().filter(move |tag| tag.module == module)
    }

    pub(super) fn put(&mut self, field: u64, tag: Tag) {
        self.remove(field, tag.id);
        self.names.insert((field, tag.symbol), tag.id);
        self.by_id.insert(tag.id, tag);
    }

    fn remove(&mut self, field: u64, id: u64) {
        if let Some(tag) = self.by_id.remove(&id) {
            self.names.remove(&(field, tag.symbol));
        }
    }
}

impl CrmWorld {
    /// The field that shows a module's tags: its id and column.
    pub(super) fn tag_field(&self, module: ModuleIndex) -> Option<(u64, Column)> {
        let field = self.schema.module(module)?.field("Tag")?;
        Some((field.id, field.column()?))
    }

    /// Makes tags of the names in these cells that the module does not know yet.
    pub(crate) fn know_tags(&mut self, module: ModuleIndex, cells: &[(Column, Value)], actor: Actor) {
        let Some((_, column)) = self.tag_field(module) else {
            return;
        };
        for (at, cell) in cells {
            if let Cell::List(symbols) = cell
                && *at == column
            {
                for symbol in symbols.iter() {
                    self.know_tag(module, *symbol, None, actor);
                }
            }
        }
    }

    /// Makes a tag unless the module knows the name; gives its id.
    pub(super) fn know_tag(
        &mut self,
        module: ModuleIndex,
        symbol: u32,
        color: Option<String>,
        actor: Actor,
    ) -> Option<u64> {
        let (field, _) = self.tag_field(module)?;
        if let Some(tag) = self.tags.find(field, symbol) {
            return Some(tag.id);
        }
        let id = self.ids.next();
        let tag = Tag {
            id,
            module,
            symbol,
            color,
            created: actor,
            modified: actor,
        };
        self.tags.put(field, tag);
        Some(id)
    }

    /// Forgets a tag and puts another one in its place on all records, or none.
    pub(super) fn replace_tag(&mut self, tag: &Tag, by: Option<u32>) {
        let Some((field, _)) = self.tag_field(tag.module) else {
            return;
        };
        self.tags.remove(field, tag.id);
        self.swap_on_rows(tag.module, tag.symbol, by);
    }

    /// Puts another name in place of one on all records of a module; their times stay as they are.
    pub(super) fn swap_on_rows(&mut self, module: ModuleIndex, old: u32, new: Option<u32>) {
        let Some((_, column)) = self.tag_field(module) else {
            return;
        };
        for id in self.tagged(module, old) {
            let Some(table) = self.tables.get_mut(module) else {
                return;
            };
            let Some(row) = table.take(id) else { continue };
            let mut symbols = match row.cells.get(column) {
                Cell::List(symbols) => symbols.into_owned(),
                _ => Vec::new(),
            };
            match new.filter(|new| !symbols.contains(new)) {
                Some(new) => symbols
                    .iter_mut()
                    .filter(|symbol| **symbol == old)
                    .for_each(|symbol| *symbol = new),
                None => symbols.retain(|symbol| *symbol != old),
            }
            let cells = row.cells.with([(column, Cell::List(symbols.into()))]);
            table.put(Row { cells, ..row });
        }
    }

    /// The records of a module that carry a name.
    pub(super) fn tagged(&self, module: ModuleIndex, symbol: u32) -> Vec<u64> {
        let Some((_, column)) = self.tag_field(module) else {
            return Vec::new();
        };
        let order = Order {
            key: SortKey::Id,
            descending: false,
        };
        let rows = self
            .tables
            .get(module)
            .into_iter()
            .flat_map(|table| table.range(order, Bound::Unbounded, Bound::Unbounded));
        let carries =
            |row: &&Row| matches!(row.cells.get(column), Cell::List(symbols) if symbols.contains(&symbol));
        rows.filter(carries).map(|row| row.id).collect()
    }
}
