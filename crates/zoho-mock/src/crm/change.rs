//! The one way in which records change: every insert, update and deletion passes here, and what a
//! notification channel wants to hear of is noted for whoever delivers it.

use serde_json::{Map, Value};

use super::CrmWorld;
use super::schema::ModuleIndex;
use super::schema::validate::Draft;
use super::store::{Cell, Packed, Row};

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
    /// It happened to a record that hangs on this one.
    pub(crate) related: bool,
}

/// Changes that a channel hears of and that nobody has taken yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    own: Vec<Change>,
    /// What happened around records, told after the changes themselves.
    around: Vec<Change>,
}

impl Changes {
    /// Takes what was noted, oldest first.
    pub(crate) fn take(&mut self) -> Vec<Change> {
        let mut all = std::mem::take(&mut self.own);
        all.append(&mut self.around);
        all
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

    /// Notes a change for the channels that hear of it, and for those of the records that it hangs on.
    fn note(&mut self, event: Event, module: ModuleIndex, id: u64, fields: Vec<&'static str>, actor: Actor) {
        for (parent, record) in self.hangs_on(module, id, actor.now) {
            let change = Change {
                event: Event::Update,
                module: parent,
                id: record,
                fields: Vec::new(),
                values: Map::new(),
                by: actor.user,
                at: actor.now,
                related: true,
            };
            // However much happens around it at once, it is told once.
            if !self.changes.around.contains(&change) {
                self.changes.around.push(change);
            }
        }
        let mut hearing = self.channels.hearing(module, event, actor.now).peekable();
        if hearing.peek().is_none() {
            return;
        }
        let values = match hearing.any(|(_, channel)| channel.values) {
            true => self.values(module, id, &fields),
            false => Map::new(),
        };
        self.changes.own.push(Change {
            event,
            module,
            id,
            fields,
            values,
            by: actor.user,
            at: actor.now,
            related: false,
        });
    }

    /// The records that a record points at and whose channels want to hear of what happens around them.
    fn hangs_on(&self, module: ModuleIndex, id: u64, now: i64) -> Vec<(ModuleIndex, u64)> {
        let mut wanted = (0..self.schema.modules.len()).filter(|parent| {
            let mut hearing = self.channels.hearing(*parent, Event::Update, now);
            hearing.any(|(_, channel)| channel.around)
        });
        let Some(first) = wanted.next() else {
            return Vec::new();
        };
        let table = self.tables.get(module);
        let row = table.and_then(|table| table.get(id).or_else(|| table.bin.row(id)));
        let Some(row) = row else { return Vec::new() };
        let mut found = Vec::new();
        for parent in std::iter::once(first).chain(wanted) {
            for column in self.ties(module, parent) {
                let Cell::Ref(record) = row.cells.get(column) else {
                    continue;
                };
                if self.has(parent, record) && !found.contains(&(parent, record)) {
                    found.push((parent, record));
                }
            }
        }
        found
    }
}
