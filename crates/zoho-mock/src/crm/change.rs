//! The one way in which records change: every insert, update and deletion passes here, and what a
//! notification channel wants to hear of is noted for whoever delivers it.

use serde_json::{Map, Value};

use super::CrmWorld;
use super::schema::ModuleIndex;
use super::schema::validate::Draft;
use super::store::{Packed, Row};

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Insert,
    Update,
    Delete,
}

/// A change of one record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) event: Event,
    pub(crate) module: ModuleIndex,
    pub(crate) id: u64,
    /// The fields that were written.
    pub(crate) fields: Vec<&'static str>,
    /// Their values, where a channel wants to hear of them.
    pub(crate) values: Map<String, Value>,
    pub(crate) by: u64,
    pub(crate) at: i64,
}

/// Changes that a channel hears of and that nobody has taken yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes(Vec<Change>);

impl Changes {
    /// Takes what was noted, oldest first.
    pub(crate) fn take(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.0)
    }
}

/// Who changes records, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Actor {
    pub(crate) user: u64,
    /// In whole seconds.
    pub(crate) now: i64,
}

impl CrmWorld {
    /// Adds a record and gives its id.
    pub(crate) fn insert(&mut self, module: ModuleIndex, draft: Draft, actor: Actor) -> u64 {
        self.know_tags(module, &draft.cells, actor);
        let id = self.ids.next();
        let row = Row {
            id,
            created: actor.now,
            modified: actor.now,
            created_by: actor.user,
            modified_by: actor.user,
            owner: draft.owner.unwrap_or(actor.user),
            converted: false,
            cells: Packed::new(draft.cells),
        };
        if let Some(table) = self.tables.get_mut(module) {
            table.put(row);
        }
        self.note(Event::Insert, module, id, draft.fields, actor);
        id
    }

    /// Changes a record; `false` when there is none.
    pub(crate) fn update(&mut self, module: ModuleIndex, id: u64, draft: Draft, actor: Actor) -> bool {
        self.know_tags(module, &draft.cells, actor);
        let Some(table) = self.tables.get_mut(module) else {
            return false;
        };
        let Some(old) = table.take(id) else { return false };
        table.put(Row {
            modified: actor.now,
            modified_by: actor.user,
            owner: draft.owner.unwrap_or(old.owner),
            cells: old.cells.with(draft.cells),
            ..old
        });
        self.note(Event::Update, module, id, draft.fields, actor);
        true
    }

    /// Moves a record to the recycle bin; `false` when there is none.
    pub(crate) fn delete(&mut self, module: ModuleIndex, id: u64, actor: Actor) -> bool {
        let Some(row) = self.tables.get(module).and_then(|table| table.get(id)) else {
            return false;
        };
        let name = self
            .display_name(module, row)
            .map(|name| name.into_owned().into_boxed_str());
        let deleted = self
            .tables
            .get_mut(module)
            .is_some_and(|table| table.discard(id, name, actor.user, actor.now));
        if deleted {
            self.note(Event::Delete, module, id, Vec::new(), actor);
        }
        deleted
    }

    fn note(&mut self, event: Event, module: ModuleIndex, id: u64, fields: Vec<&'static str>, actor: Actor) {
        let mut hearing = self.channels.hearing(module, event, actor.now).peekable();
        if hearing.peek().is_none() {
            return;
        }
        let values = match hearing.any(|(_, channel)| channel.values) {
            true => self.values(module, id, &fields),
            false => Map::new(),
        };
        self.changes.0.push(Change {
            event,
            module,
            id,
            fields,
            values,
            by: actor.user,
            at: actor.now,
        });
    }
}
