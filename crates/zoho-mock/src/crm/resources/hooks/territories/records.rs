//! Records in territories.

use http::StatusCode;
use serde_json::{Value, json};

use super::RECORD;
use crate::answer::Outcome;
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::resources::catalogue::Resource;
use crate::crm::resources::within::unknown_in_path;
use crate::crm::schema::ModuleIndex;
use crate::crm::{CrmWorld, body, ids, path};
use crate::world::World;

/// `POST /{module}/actions/assign_territories` and its like for one record.
pub(in crate::crm::resources) fn assign(world: &mut World, _: &'static Resource, call: &Call<'_>) -> Outcome {
    of_records(world, call, true)
}

/// `POST /{module}/actions/remove_territories` and its like for one record.
pub(in crate::crm::resources) fn remove(world: &mut World, _: &'static Resource, call: &Call<'_>) -> Outcome {
    of_records(world, call, false)
}

/// Ties records and territories, or unties them. Zoho does so a while later; here it is done when it is said.
fn of_records(world: &mut World, call: &Call<'_>, tie: bool) -> Outcome {
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let own = match path(call, 1) {
        "" => None,
        text => Some(
            ids::parse(text)
                .filter(|id| crm.has(index, *id))
                .ok_or_else(|| unknown_in_path(call, 1))?,
        ),
    };
    let wishes = body::items(&mut body::object(call)?, "data", 100)?;
    let wishes = wishes.iter().take(own.map_or(usize::MAX, |_| 1)).enumerate();
    let items = wishes
        .map(|(at, wish)| of_record(crm, index, own, wish, &format!("$.data[{at}]"), tie))
        .collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::ACCEPTED, items))
}

fn of_record(
    crm: &mut CrmWorld,
    index: ModuleIndex,
    own: Option<u64>,
    wish: &Value,
    path: &str,
    tie: bool,
) -> Item {
    let record = own.or_else(|| {
        wish.get("id")
            .and_then(ids::from_json)
            .filter(|id| crm.has(index, *id))
    });
    let record = record.ok_or_else(|| Fault::unknown_id(&format!("{path}.id")))?;
    let wished = wish
        .get("Territories")
        .and_then(Value::as_array)
        .filter(|list| !list.is_empty());
    let wished = wished.ok_or_else(|| Fault::missing("Territories", &format!("{path}.Territories")))?;
    let mut named = Vec::new();
    for (at, territory) in wished.iter().enumerate() {
        let id = territory.get("id").and_then(ids::from_json);
        let id = id.filter(|id| crm.shelves.get("territories", *id).is_some());
        named.push(id.ok_or_else(|| Fault::unknown_id(&format!("{path}.Territories[{at}].id")))?);
    }
    for territory in named {
        match tie {
            true => crm.shelves.tie(RECORD, territory, record),
            false => crm.shelves.untie(RECORD, territory, record),
        };
    }
    let message = if tie {
        "territories assign scheduled"
    } else {
        "territories remove scheduled"
    };
    Ok(Success::scheduled(message, json!({"id": record.to_string()})))
}

impl CrmWorld {
    /// Whether a record is in a territory.
    pub(crate) fn in_territory(&self, territory: u64, record: u64) -> bool {
        self.shelves.tied(RECORD, territory, record)
    }
}
