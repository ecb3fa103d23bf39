//! Where attachments are kept: by id, and by the record they hang on.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

use crate::crm::schema::ModuleIndex;

/// What an attachment holds.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    File(Bytes),
    Link(String),
}

/// An attachment.
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    pub(crate) id: u64,
    pub(crate) module: ModuleIndex,
    /// The record it hangs on.
    pub(crate) parent: u64,
    pub(crate) name: String,
    pub(crate) content: Content,
    pub(crate) by: u64,
    pub(crate) at: i64,
}

impl Attachment {
    /// How many bytes it has.
    pub(crate) fn size(&self) -> usize {
        match &self.content {
            Content::File(bytes) => bytes.len(),
            Content::Link(_) => 0,
        }
    }
}

/// All attachments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    items: BTreeMap<u64, Attachment>,
    parents: BTreeSet<(u64, u64)>,
}

impl Shelf {
    pub(crate) fn put(&mut self, attachment: Attachment) {
        self.parents.insert((attachment.parent, attachment.id));
        self.items.insert(attachment.id, attachment);
    }

    /// An attachment of a record.
    pub(crate) fn get(&self, parent: u64, id: u64) -> Option<&Attachment> {
        self.items.get(&id).filter(|item| item.parent == parent)
    }

    /// Removes an attachment of a record; `false` when the record has none with that id.
    pub(crate) fn take(&mut self, parent: u64, id: u64) -> bool {
        let there = self.parents.remove(&(parent, id));
        if there {
            self.items.remove(&id);
        }
        there
    }

    /// Hangs all attachments of a record on another one.
    pub(crate) fn rehang(&mut self, from: u64, module: ModuleIndex, to: u64) {
        let ids: Vec<u64> = self.of(from).map(|item| item.id).collect();
        for id in ids {
            self.parents.remove(&(from, id));
            self.parents.insert((to, id));
            if let Some(item) = self.items.get_mut(&id) {
                (item.module, item.parent) = (module, to);
            }
        }
    }

    /// The attachments of a record, newest first.
    pub(crate) fn of(&self, parent: u64) -> impl Iterator<Item = &Attachment> {
        let ids = self.parents.range((parent, 0)..=(parent, u64::MAX)).rev();
        ids.filter_map(|(_, id)| self.items.get(id))
    }
}
