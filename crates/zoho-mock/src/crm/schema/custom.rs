//! Fields and modules that the organization adds, changes and takes away.

use super::catalogue::ModuleDef;
use super::define::{Def, text};
use super::names::lasting;
use super::{Field, Kind, Module, ModuleIndex, Schema, Source};
use crate::crm::ids::Ids;

/// A field that is to be added.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) api_name: String,
    pub(crate) label: String,
    pub(crate) kind: Kind,
    pub(crate) length: Option<u32>,
    pub(crate) unique: bool,
    pub(crate) picks: Vec<String>,
    pub(crate) global_picklist: Option<u64>,
}

/// The only field of its own that a new module has: the one that names its records.
const NAME: &[Def] = &[text("Name", "Name", 120).mandatory().custom()];

impl Module {
    /// Adds a field at the end; its id and column are new, also where one was taken away.
    pub(crate) fn add(&mut self, ids: &Ids, index: ModuleIndex, wish: &Wish) -> u64 {
        let (place, column) = (self.numbered, self.columns);
        self.numbered += 1;
        self.columns += 1;
        let id = ids.field(index, place);
        self.fields.push(Field {
            id,
            api_name: lasting(&wish.api_name),
            label: lasting(&wish.label),
            kind: wish.kind,
            length: wish.length.unwrap_or_else(|| wish.kind.default_length()),
            mandatory: false,
            unique: wish.unique,
            read_only: false,
            custom: true,
            closed: false,
            picks: picks(&wish.picks),
            global_picklist: wish.global_picklist,
            source: Source::Cell(column),
        });
        id
    }

    /// Takes a field of the organization's away, unless it names the records.
    pub(crate) fn drop_field(&mut self, id: u64) -> Option<Field> {
        let at = self
            .fields
            .iter()
            .position(|field| field.id == id && field.custom)?;
        if at == self.display {
            return None;
        }
        self.display -= usize::from(self.display > at);
        self.duplicate_check.retain(|place| *place != at);
        for place in self.duplicate_check.iter_mut().filter(|place| **place > at) {
            *place -= 1;
        }
        Some(self.fields.remove(at))
    }

    /// A field by its id, to be changed.
    pub(crate) fn field_mut(&mut self, id: u64) -> Option<&mut Field> {
        self.fields.iter_mut().find(|field| field.id == id)
    }
}

impl Field {
    /// Gives the field another label.
    pub(crate) fn relabel(&mut self, label: &str) {
        self.label = lasting(label);
    }

    /// Gives the field other values to pick from.
    pub(crate) fn offer(&mut self, values: &[String]) {
        self.picks = picks(values);
    }
}

fn picks(values: &[String]) -> std::sync::Arc<[&'static str]> {
    values.iter().map(|value| lasting(value)).collect()
}

/// A reference to a module by its name, as fields hold it.
pub(crate) fn lookup(api_name: &str) -> Kind {
    Kind::Lookup(lasting(api_name))
}

impl Schema {
    /// Adds a module whose records have a name, and returns its id.
    pub(crate) fn add(
        &mut self,
        ids: &Ids,
        api_name: &str,
        [singular, plural]: [&str; 2],
        display: &str,
    ) -> u64 {
        let def = ModuleDef {
            api_name: lasting(api_name),
            singular: lasting(singular),
            plural: lasting(plural),
            display: "Name",
            duplicate_check: &["Name"],
            fields: NAME,
        };
        let mut module = Module::new(ids, self.modules.len(), &def);
        if let Some(field) = module.fields.first_mut() {
            field.relabel(display);
        }
        let id = module.id;
        self.modules.push(module);
        id
    }

    /// Gives a module other labels.
    pub(crate) fn relabel(&mut self, index: ModuleIndex, singular: Option<&str>, plural: Option<&str>) {
        let Some(module) = self.modules.get_mut(index) else {
            return;
        };
        if let Some(singular) = singular {
            module.singular = lasting(singular);
        }
        if let Some(plural) = plural {
            module.plural = lasting(plural);
        }
    }
}
