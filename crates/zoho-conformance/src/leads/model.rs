//! The reference model of a module: an ordered list of rows and the rules that writes obey.

use std::collections::BTreeMap;

use super::action::{Action, LAST_NAME_LENGTH, Patch, Row, Target};
use crate::weather::Weather;

/// A row as a reader sees it: the fields that these tests write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// `Last_Name`, the one mandatory field.
    pub last_name: String,
    /// `Company`.
    pub company: Option<String>,
    /// `Email`.
    pub email: Option<String>,
}

/// What becomes of one row of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A new row, under this slot.
    Inserted(usize),
    /// The row of this slot changed.
    Updated(usize),
    /// The row of this slot is gone.
    Deleted(usize),
    /// The row of this slot is there again.
    Restored(usize),
    /// The lead of this slot became a contact.
    Converted(usize),
    /// Refused with this code, and where Zoho names it, for this field.
    Refused(&'static str, Option<&'static str>),
}

/// The rows, by slot: a slot is the model's name for a record before Zoho gives it an id.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Live rows in order of creation.
    pub rows: BTreeMap<usize, Fields>,
    /// Leads that were converted: lists hide them, queries do not.
    pub converted: BTreeMap<usize, Fields>,
    /// Deleted rows, which can come back.
    pub bin: BTreeMap<usize, Fields>,
    /// The contacts that leads became: last name and address.
    pub contacts: Vec<(String, Option<String>)>,
    /// Whether the channel was opened and not closed.
    pub watched: bool,
    /// How many rows were ever created.
    pub slots: usize,
    /// The records that the last action named, resolved before it changed anything.
    pub named: Vec<Option<usize>>,
    /// What each row of the last action came to.
    pub expected: Vec<Expected>,
}

impl Model {
    /// Plays an action and notes what each row of its batch comes to.
    pub fn play(&mut self, action: &Action) {
        self.named = action
            .targets()
            .into_iter()
            .map(|target| self.resolve(target))
            .collect();
        let named = self.named.clone();
        self.expected = match action {
            Action::Create(rows) => rows.iter().map(|row| self.insert(row)).collect(),
            Action::Update(patches) => named
                .iter()
                .zip(patches)
                .map(|(slot, (_, patch))| self.update(*slot, patch))
                .collect(),
            Action::Upsert(rows) => rows.iter().map(|row| self.upsert(row)).collect(),
            Action::Delete(_) => named.iter().map(|slot| self.delete(*slot)).collect(),
            Action::Restore(nth) => vec![self.restore(*nth)],
            Action::Convert(nth) => vec![self.convert(*nth)],
            Action::Under(weather, action) => {
                self.play_under(weather, action);
                return;
            }
            Action::Deploy | Action::Remove => {
                self.watched = matches!(action, Action::Deploy);
                Vec::new()
            }
            _ => Vec::new(),
        };
    }

    /// A write whose request or answer is lost is carried out or not; what is refused for the moment is sent again.
    fn play_under(&mut self, weather: &Weather, action: &Action) {
        let before = self.clone();
        self.play(action);
        if action.writes() && !weather.is_harmless() && !weather.is_carried_out() {
            let (named, expected) = (
                std::mem::take(&mut self.named),
                std::mem::take(&mut self.expected),
            );
            *self = Self {
                named,
                expected,
                ..before
            };
        }
    }

    fn restore(&mut self, nth: usize) -> Expected {
        let slot = self.bin.keys().nth(nth % self.bin.len().max(1)).copied();
        self.named = vec![slot];
        match slot.and_then(|slot| Some((slot, self.bin.remove(&slot)?))) {
            Some((slot, fields)) => {
                self.rows.insert(slot, fields);
                Expected::Restored(slot)
            }
            None => Expected::Refused("INVALID_DATA", None),
        }
    }

    /// The n-th of all leads, of which some were converted before.
    fn convert(&mut self, nth: usize) -> Expected {
        let leads: Vec<usize> = self.rows.keys().chain(self.converted.keys()).copied().collect();
        let slot = leads.get(nth % leads.len().max(1)).copied();
        self.named = vec![slot];
        match slot {
            None => Expected::Refused("INVALID_DATA", None),
            Some(slot) => match self.rows.remove(&slot) {
                None => Expected::Refused("ID_ALREADY_CONVERTED", None),
                Some(fields) => {
                    self.contacts
                        .push((fields.last_name.clone(), fields.email.clone()));
                    self.converted.insert(slot, fields);
                    Expected::Converted(slot)
                }
            },
        }
    }

    /// The slot that a target names, if that row is live.
    fn resolve(&self, target: Target) -> Option<usize> {
        match target {
            Target::Live(index) if !self.rows.is_empty() => {
                self.rows.keys().nth(index % self.rows.len()).copied()
            }
            Target::Live(_) | Target::Unknown => None,
        }
    }

    fn insert(&mut self, row: &Row) -> Expected {
        match row.checked() {
            Err(refused) => refused,
            Ok(fields) => {
                let slot = self.slots;
                self.slots += 1;
                self.rows.insert(slot, fields);
                Expected::Inserted(slot)
            }
        }
    }

    fn update(&mut self, slot: Option<usize>, patch: &Patch) -> Expected {
        let Some(slot) = slot else {
            return Expected::Refused("INVALID_DATA", Some("id"));
        };
        if let Some(refused) = patch.refusal() {
            return refused;
        }
        if let Some(fields) = self.rows.get_mut(&slot).or(self.converted.get_mut(&slot)) {
            patch.apply(fields);
        }
        Expected::Updated(slot)
    }

    /// Rows are matched on `Email`, as `duplicate_check_fields` asks, the oldest first and converted ones too; a match
    /// is updated like any other row, without need of the mandatory field.
    fn upsert(&mut self, row: &Row) -> Expected {
        let same_email = |fields: &Fields| row.email.is_some() && fields.email == row.email;
        let leads = self.rows.iter().chain(&self.converted);
        let matched = leads
            .filter(|(_, fields)| same_email(fields))
            .map(|(slot, _)| *slot)
            .min();
        match matched {
            Some(slot) => self.update(Some(slot), &row.as_patch()),
            None => self.insert(row),
        }
    }

    fn delete(&mut self, slot: Option<usize>) -> Expected {
        match slot.and_then(|slot| Some((slot, self.rows.remove(&slot)?))) {
            Some((slot, fields)) => {
                self.bin.insert(slot, fields);
                Expected::Deleted(slot)
            }
            None => Expected::Refused("INVALID_DATA", None),
        }
    }
}

impl Row {
    /// The row as Zoho would store it, or the first thing it refuses.
    fn checked(&self) -> Result<Fields, Expected> {
        let Some(last_name) = &self.last_name else {
            return Err(Expected::Refused("MANDATORY_NOT_FOUND", Some("Last_Name")));
        };
        match self.as_patch().refusal() {
            Some(refused) => Err(refused),
            None => Ok(Fields {
                last_name: last_name.clone(),
                company: self.company.clone(),
                email: self.email.clone(),
            }),
        }
    }

    fn as_patch(&self) -> Patch {
        Patch {
            last_name: self.last_name.clone(),
            company: self.company.clone(),
            email: self.email.clone(),
        }
    }
}

impl Patch {
    fn refusal(&self) -> Option<Expected> {
        if self
            .last_name
            .as_ref()
            .is_some_and(|name| name.chars().count() > LAST_NAME_LENGTH)
        {
            return Some(Expected::Refused("INVALID_DATA", Some("Last_Name")));
        }
        if self.email.as_ref().is_some_and(|email| !email.contains('@')) {
            return Some(Expected::Refused("INVALID_DATA", Some("Email")));
        }
        None
    }

    fn apply(&self, fields: &mut Fields) {
        if let Some(name) = &self.last_name {
            fields.last_name.clone_from(name);
        }
        if self.company.is_some() {
            fields.company.clone_from(&self.company);
        }
        if self.email.is_some() {
            fields.email.clone_from(&self.email);
        }
    }
}
