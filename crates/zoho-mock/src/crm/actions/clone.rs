//! `POST /{module}/{id}/actions/clone`.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::answer::Outcome;
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::change::Actor;
use crate::crm::records::{actor, envelope, object};
use crate::crm::schema::ModuleIndex;
use crate::crm::schema::validate::{self, Draft, Mode};
use crate::crm::{CrmWorld, ids, path};
use crate::world::World;

/// Copies a record; fields of the body replace those of the original.
pub(super) fn clone_record(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let changes = if call.body.iter().all(u8::is_ascii_whitespace) {
        Value::Object(Map::new())
    } else {
        envelope(call)?.0.swap_remove(0)
    };
    let actor = actor(crm, call);
    let original = ids::parse(path(call, 1));
    let item = object(&changes, "$.data[0]").and_then(|changes| crm.copy(index, original, changes, actor));
    Ok(batch::answer(
        world.dialect,
        "data",
        StatusCode::CREATED,
        vec![item],
    ))
}

impl CrmWorld {
    fn copy(
        &mut self,
        index: ModuleIndex,
        original: Option<u64>,
        changes: &Map<String, Value>,
        actor: Actor,
    ) -> Item {
        let row = original.and_then(|id| self.tables.get(index)?.get(id));
        let Some(row) = row else {
            return Err(Fault {
                code: "INVALID_DATA",
                message: "the id given seems to be invalid",
                details: json!({"resource_path_index": 1}),
            });
        };
        let (cells, owner) = (row.cells.clone(), row.owner);
        let given = validate::draft(self, index, changes, "$.data[0]", Mode::Update)?;
        // What must be unique cannot be copied, and a picture belongs to its record.
        let kept = |column| {
            let fields = self.schema.module(index).map(|module| &module.fields);
            let field = fields
                .into_iter()
                .flatten()
                .find(|field| field.column() == Some(column));
            field.filter(|field| !field.unique && field.api_name != "Record_Image")
        };
        let mut draft = Draft {
            owner: Some(given.owner.unwrap_or(owner)),
            ..Draft::default()
        };
        for (column, cell) in cells.iter() {
            if let Some(field) = kept(column) {
                draft.fields.push(field.api_name);
                draft.cells.push((column, cell.into_owned()));
            }
        }
        draft.fields.extend(given.fields);
        draft.cells.extend(given.cells);
        self.check_unique(index, &draft, None, "$.data[0]")?;
        let id = self.insert(index, draft, actor);
        let mut receipt = self.receipt(index, id);
        if let Some(receipt) = receipt.as_object_mut() {
            receipt.insert("$approval_state".into(), "approved".into());
        }
        Ok(Success::new("record added", receipt))
    }
}
