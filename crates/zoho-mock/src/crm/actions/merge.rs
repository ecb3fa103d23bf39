//! `/{module}/{id}/actions/merge`: of several records of one module one is left, and what hung on the others hangs on it.

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::change::Actor;
use crate::crm::records::actor;
use crate::crm::schema::ModuleIndex;
use crate::crm::schema::validate::Draft;
use crate::crm::store::{Cell, Row};
use crate::crm::{CrmWorld, body, ids, path, refuse};
use crate::world::World;

/// Records that can be merged into one.
const MOST: usize = 2;

pub(super) fn merge_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let master = ids::parse(path(call, 1)).filter(|id| crm.has(index, *id));
    let master = master.ok_or_else(|| {
        let details = json!({"resource_path_index": 1});
        refuse::bad("INVALID_DATA", "the id given seems to be invalid", details)
    })?;
    let wishes = body::items(&mut body::object(call)?, "merge", 1)?;
    let actor = actor(crm, call);
    let items = wishes
        .iter()
        .map(|wish| crm.merge(index, master, wish, actor))
        .collect();
    Ok(batch::answer(world.dialect, "merge", StatusCode::OK, items))
}

/// Merging is done when it is said, so that there is no job to ask about.
pub(super) fn get_merge_status(world: &mut World, call: &Call<'_>) -> Outcome {
    world.crm.module_of(call)?;
    Ok(Answer::no_content())
}

impl CrmWorld {
    fn merge(&mut self, index: ModuleIndex, master: u64, wish: &Value, actor: Actor) -> Item {
        let at = "$.merge[0].data";
        let others = wish
            .get("data")
            .and_then(Value::as_array)
            .filter(|list| !list.is_empty());
        let others = others.ok_or_else(|| Fault::missing("data", at))?;
        if others.len() > MOST {
            return Err(Fault {
                code: "LIMIT_EXCEEDED",
                message: "limit exceeded",
                details: json!({"maximum_length": MOST, "api_name": "data", "json_path": at}),
            });
        }
        self.unlocked(master)?;
        let mut merged = Vec::new();
        let mut draft = Draft::default();
        for (at, other) in others.iter().enumerate() {
            let path = format!("$.merge[0].data[{at}]");
            let id_path = format!("{path}.id");
            let id = other
                .get("id")
                .and_then(ids::from_json)
                .filter(|id| self.has(index, *id));
            let id = id.ok_or_else(|| Fault::unknown_id(&id_path))?;
            if id == master || merged.contains(&id) {
                return Err(Fault::field("DUPLICATE_DATA", "duplicate data", "id", &id_path));
            }
            self.unlocked(id)?;
            self.taken_over(index, id, other.get("_fields"), &path, &mut draft)?;
            merged.push(id);
        }
        for id in merged {
            self.hang_over(index, id, master);
            self.delete(index, id, actor);
        }
        self.update(index, master, draft, actor);
        Ok(Success::new(
            "records merged successfully",
            json!({"id": master.to_string()}),
        ))
    }

    /// The values that the master takes over from a record: of the fields that the body names.
    fn taken_over(
        &self,
        index: ModuleIndex,
        id: u64,
        fields: Option<&Value>,
        path: &str,
        draft: &mut Draft,
    ) -> Result<(), Fault> {
        let row = self.tables.get(index).and_then(|table| table.get(id));
        for (at, field) in fields.and_then(Value::as_array).into_iter().flatten().enumerate() {
            let name = field.get("api_name").and_then(Value::as_str).unwrap_or_default();
            let known = self.schema.module(index).and_then(|module| module.field(name));
            let known = known.filter(|field| !field.read_only);
            let known = known.ok_or_else(|| {
                let path = format!("{path}._fields[{at}].api_name");
                Fault::field("INVALID_DATA", "invalid data", "api_name", &path)
            })?;
            if let (Some(column), Some(row)) = (known.column(), row) {
                draft.fields.push(known.api_name);
                draft.cells.push((column, row.cells.get(column).into_owned()));
            }
        }
        Ok(())
    }

    /// Lets everything that points at one record point at another.
    fn hang_over(&mut self, index: ModuleIndex, from: u64, to: u64) {
        for child in 0..self.tables.len() {
            let columns = self.ties(child, index);
            for id in self.pointing_at(child, index, from) {
                let Some(table) = self.tables.get_mut(child) else {
                    continue;
                };
                let Some(row) = table.take(id) else { continue };
                let held = columns
                    .iter()
                    .filter(|column| row.cells.get(**column) == Cell::Ref(from));
                let cells = row.cells.with(held.map(|column| (*column, Cell::Ref(to))));
                table.put(Row { cells, ..row });
            }
        }
        self.shelf.rehang(from, index, to);
    }
}
