//! Selections that lists asked for lately: a client names the same fields over and over.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Selection;
use crate::crm::schema::{Field, Kind, Module, ModuleIndex, Source};

/// Selections that are kept.
const KEPT: usize = 8;

/// The latest selections, the newest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selections(VecDeque<Known>);

#[derive(Clone, Debug)]
struct Known {
    module: ModuleIndex,
    list: Box<str>,
    selection: Arc<Selection>,
    /// What it was made from: the place of each field, and all that a selection knows of it.
    fields: Vec<(usize, Told)>,
}

type Told = (u64, &'static str, Kind, Source);

fn told(field: &Field) -> Told {
    (field.id, field.api_name, field.kind, field.source)
}

impl Selections {
    /// The selection of a comma separated list, see [`Selection::of`].
    pub(crate) fn of(&mut self, index: ModuleIndex, module: &Module, list: &str) -> Arc<Selection> {
        let same = |known: &&Known| known.module == index && *known.list == *list && known.holds(module);
        if let Some(known) = self.0.iter().find(same) {
            return Arc::clone(&known.selection);
        }
        let selection = Arc::new(Selection::of(module, list));
        // A name that leads nowhere may lead to a new field tomorrow.
        if list.split(',').all(|name| module.place(name.trim()).is_some()) {
            self.0
                .retain(|known| known.module != index || *known.list != *list);
            self.0.truncate(KEPT - 1);
            let places = selection.fields.iter().map(|selected| selected.place);
            let fields = places.filter_map(|place| Some((place, told(module.fields.get(place)?))));
            self.0.push_front(Known {
                module: index,
                list: list.into(),
                fields: fields.collect(),
                selection: Arc::clone(&selection),
            });
        }
        selection
    }
}

impl Known {
    /// Whether its fields are still what they were.
    fn holds(&self, module: &Module) -> bool {
        let same =
            |(place, known): &(usize, Told)| module.fields.get(*place).map(told).as_ref() == Some(known);
        self.fields.iter().all(same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::ids::Ids;
    use crate::crm::schema::Schema;

    #[test]
    fn a_selection_is_kept_while_its_fields_are_what_they_were() {
        let mut schema = Schema::new(&Ids::new(1));
        let mut selections = Selections::default();
        let mut of = |schema: &Schema, list: &str| selections.of(0, schema.module(0).unwrap(), list);
        let first = of(&schema, "Last_Name,Email");
        assert!(Arc::ptr_eq(&first, &of(&schema, "Last_Name,Email")));
        assert!(!Arc::ptr_eq(&first, &of(&schema, "Email,Last_Name")));
        let unknown = of(&schema, "Last_Name,Nothing");
        assert!(!Arc::ptr_eq(&unknown, &of(&schema, "Last_Name,Nothing")));
        // The field is another one in the same place, or stands in another.
        let place = schema.modules[0].place("Email").unwrap();
        schema.modules[0].fields[place].id += 1;
        let second = of(&schema, "Last_Name,Email");
        assert!(!Arc::ptr_eq(&first, &second));
        assert!(Arc::ptr_eq(&second, &of(&schema, "Last_Name,Email")));
        schema.modules[0].fields.remove(0);
        let third = of(&schema, "Last_Name,Email");
        assert!(!Arc::ptr_eq(&second, &third));
        for count in 0..2 * KEPT {
            of(&schema, &format!("Last_Name{}", ",id".repeat(count)));
        }
        assert_eq!(selections.0.len(), KEPT);
    }
}
