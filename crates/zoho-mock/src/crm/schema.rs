//! What modules and fields there are: data that drives validation, rendering, queries and metadata.

mod catalogue;
pub(crate) mod custom;
mod define;
pub(crate) mod names;
mod sales;
mod support;
pub(crate) mod validate;

pub(crate) use define::Kind;

use std::sync::Arc;

use crate::crm::ids::Ids;
use crate::crm::store::Column;
use define::Def;

/// The number of a module: its place in the schema and of its table in the world.
pub(crate) type ModuleIndex = usize;

/// Where a field's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The row's id.
    Id,
    /// The owner.
    Owner,
    /// Who created the row.
    CreatedBy,
    /// Who changed it last.
    ModifiedBy,
    /// When it was created.
    CreatedTime,
    /// When it was changed last.
    ModifiedTime,
    /// First and last name, joined; their columns.
    FullName(Column, Column),
    /// A stored cell.
    Cell(Column),
    /// Always empty: the mock has no activity to derive it from.
    Nothing,
}

/// One field of a module.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) id: u64,
    pub(crate) api_name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) kind: Kind,
    pub(crate) length: u32,
    pub(crate) mandatory: bool,
    pub(crate) unique: bool,
    pub(crate) read_only: bool,
    pub(crate) custom: bool,
    /// Only the listed picklist values are taken.
    pub(crate) closed: bool,
    pub(crate) picks: Arc<[&'static str]>,
    /// The global picklist whose values it takes.
    pub(crate) global_picklist: Option<u64>,
    pub(crate) source: Source,
}

/// One module.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    pub(crate) id: u64,
    pub(crate) api_name: &'static str,
    pub(crate) singular: &'static str,
    pub(crate) plural: &'static str,
    /// The field whose text names a record.
    pub(crate) display: usize,
    /// The fields that an upsert compares when the caller names none.
    pub(crate) duplicate_check: Vec<usize>,
    pub(crate) fields: Vec<Field>,
    /// How many columns were ever given to fields.
    columns: Column,
    /// How many fields there ever were.
    numbered: usize,
}

/// All modules.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    pub(crate) modules: Vec<Module>,
}

impl Schema {
    /// The modules that an organization starts with.
    pub(crate) fn new(ids: &Ids) -> Self {
        let modules = catalogue::MODULES
            .iter()
            .enumerate()
            .map(|(index, def)| Module::new(ids, index, def))
            .collect();
        Self { modules }
    }

    /// The number of a module by its API name.
    pub(crate) fn find(&self, api_name: &str) -> Option<ModuleIndex> {
        self.modules.iter().position(|module| module.api_name == api_name)
    }

    /// A module by its number.
    pub(crate) fn module(&self, index: ModuleIndex) -> Option<&Module> {
        self.modules.get(index)
    }
}

impl Module {
    fn new(ids: &Ids, index: usize, def: &catalogue::ModuleDef) -> Self {
        let mut columns = 0;
        let fields: Vec<Field> = def
            .fields
            .iter()
            .chain(catalogue::SYSTEM)
            .enumerate()
            .map(|(place, field)| {
                let source = field.source.unwrap_or_else(|| {
                    columns += 1;
                    Source::Cell(columns - 1)
                });
                Field::new(ids.field(index, place), field, source)
            })
            .collect();
        let place = |name: &str| fields.iter().position(|field| field.api_name == name);
        Self {
            id: ids.module(index),
            api_name: def.api_name,
            singular: def.singular,
            plural: def.plural,
            display: place(def.display).unwrap_or(0),
            duplicate_check: def
                .duplicate_check
                .iter()
                .filter_map(|name| place(name))
                .collect(),
            numbered: fields.len(),
            columns,
            fields,
        }
    }

    /// The place of a field by its API name.
    pub(crate) fn place(&self, api_name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.api_name == api_name)
    }

    /// A field by its API name.
    pub(crate) fn field(&self, api_name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.api_name == api_name)
    }

    /// The field that names a record.
    pub(crate) fn display_field(&self) -> Option<&Field> {
        self.fields.get(self.display)
    }

    /// The columns by whose text rows are found without a scan: unique fields, the fields of duplicate
    /// checks, and e-mail addresses.
    pub(crate) fn probed(&self) -> Vec<Column> {
        let wanted = self.fields.iter().enumerate().filter(|(place, field)| {
            field.unique || field.kind == Kind::Email || self.duplicate_check.contains(place)
        });
        wanted
            .filter_map(|(_, field)| match field.source {
                Source::Cell(column) if field.kind.is_text() => Some(column),
                _ => None,
            })
            .collect()
    }
}

impl Field {
    fn new(id: u64, def: &Def, source: Source) -> Self {
        Self {
            id,
            api_name: def.api_name,
            label: def.label,
            kind: def.kind,
            length: def.length,
            mandatory: def.mandatory,
            unique: def.unique,
            read_only: def.read_only,
            custom: def.custom,
            closed: def.closed,
            picks: def.picks.into(),
            global_picklist: None,
            source,
        }
    }

    /// The column it is stored in.
    pub(crate) fn column(&self) -> Option<Column> {
        match self.source {
            Source::Cell(column) => Some(column),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_ids_are_unique_and_lookups_lead_somewhere() {
        let schema = Schema::new(&Ids::new(1));
        let mut ids = BTreeSet::new();
        for (index, module) in schema.modules.iter().enumerate() {
            assert_eq!(schema.find(module.api_name), Some(index));
            assert!(ids.insert(module.id));
            let mut names = BTreeSet::new();
            for field in &module.fields {
                assert!(
                    names.insert(field.api_name),
                    "{} {}",
                    module.api_name,
                    field.api_name
                );
                assert!(ids.insert(field.id));
                if let Kind::Lookup(target) = field.kind {
                    assert!(
                        schema.find(target).is_some(),
                        "{} {}",
                        module.api_name,
                        field.api_name
                    );
                }
            }
            assert!(names.contains("id") && names.contains("Modified_Time"));
        }
    }

    #[test]
    fn every_module_is_named_by_one_of_its_fields() {
        for def in catalogue::MODULES {
            let named = def.fields.iter().any(|field| field.api_name == def.display);
            assert!(named, "{}", def.api_name);
            for name in def.duplicate_check {
                assert!(def.fields.iter().any(|field| field.api_name == *name), "{name}");
            }
        }
    }
}
