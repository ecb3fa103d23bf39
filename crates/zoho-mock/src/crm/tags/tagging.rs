//! Putting tags on records and taking them off.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::settings::{ALLOWED, Given, PER_RECORD, too_many};
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::change::Actor;
use crate::crm::records::{actor, object};
use crate::crm::schema::ModuleIndex;
use crate::crm::schema::validate::Draft;
use crate::crm::store::Cell;
use crate::crm::{CrmWorld, body, ids, path};
use crate::world::World;

/// How many records one call may name.
const MOST: usize = 500;

/// What is done with the tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Add,
    Remove,
}

pub(super) fn add_record_tags(world: &mut World, call: &Call<'_>) -> Outcome {
    one(world, call, Deed::Add)
}

pub(super) fn remove_record_tags(world: &mut World, call: &Call<'_>) -> Outcome {
    one(world, call, Deed::Remove)
}

pub(super) fn add_tags_to_records(world: &mut World, call: &Call<'_>) -> Outcome {
    many(world, call, Deed::Add)
}

pub(super) fn remove_tags_from_records(world: &mut World, call: &Call<'_>) -> Outcome {
    many(world, call, Deed::Remove)
}

fn one(world: &mut World, call: &Call<'_>, deed: Deed) -> Outcome {
    let records = vec![Value::from(path(call, 1))];
    apply(world, call, deed, &body::object(call)?, &records)
}

fn many(world: &mut World, call: &Call<'_>, deed: Deed) -> Outcome {
    let mut rest = body::object(call)?;
    let records = body::items(&mut rest, "ids", MOST)?;
    apply(world, call, deed, &rest, &records)
}

fn apply(
    world: &mut World,
    call: &Call<'_>,
    deed: Deed,
    rest: &Map<String, Value>,
    records: &[Value],
) -> Outcome {
    let crm = &mut world.crm;
    let module = crm.module_of(call)?;
    let given = body::items(&mut rest.clone(), "tags", ALLOWED)?;
    let actor = actor(crm, call);
    let symbols: Result<Vec<u32>, Fault> = given
        .iter()
        .enumerate()
        .map(|(at, tag)| crm.named_tag(module, tag, &format!("$.tags[{at}]"), deed))
        .collect();
    let symbols = match symbols {
        Ok(symbols) => symbols,
        Err(fault) => {
            return Ok(batch::answer(
                world.dialect,
                "tags",
                StatusCode::OK,
                vec![Err(fault)],
            ));
        }
    };
    let over_write = rest.get("over_write").and_then(Value::as_bool).unwrap_or(false);
    let items: Vec<Item> = records
        .iter()
        .map(|id| crm.tag_record(module, id, deed, &symbols, over_write, actor))
        .collect();
    let done = items.iter().filter(|item| item.is_ok()).count();
    let status = if done > 0 {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    };
    let data: Vec<Value> = items.into_iter().map(batch::outcome).collect();
    Ok(Answer::json(
        status,
        &json!({"data": data, "success_count": done.to_string(), "locked_count": "0", "wf_scheduler": "success"}),
    ))
}

impl CrmWorld {
    /// The name of a tag of a body, given by its id or itself. What is to be added may be new.
    fn named_tag(&mut self, module: ModuleIndex, tag: &Value, path: &str, deed: Deed) -> Result<u32, Fault> {
        let item = object(tag, path)?;
        if let Some(id) = item.get("id").filter(|id| !id.is_null()) {
            let tag = ids::from_json(id).and_then(|id| self.tags.get(id));
            let known = tag.filter(|tag| tag.module == module).map(|tag| tag.symbol);
            return known
                .ok_or_else(|| Fault::field("INVALID_DATA", "invalid tag id", "id", &format!("{path}.id")));
        }
        let name = Given::read(item, path)?.name;
        let name = name.ok_or_else(|| Fault::missing("name", &format!("{path}.name")))?;
        let symbol = self.symbols.intern(&name);
        let known = |(field, _)| self.tags.find(field, symbol).is_some();
        let new = !self.tag_field(module).is_some_and(known);
        if new && deed == Deed::Add && self.tags.of(module).count() >= ALLOWED {
            return Err(too_many());
        }
        Ok(symbol)
    }

    fn tag_record(
        &mut self,
        module: ModuleIndex,
        id: &Value,
        deed: Deed,
        symbols: &[u32],
        over_write: bool,
        actor: Actor,
    ) -> Item {
        let field = self.tag_field(module);
        let row = ids::from_json(id).and_then(|id| self.tables.get(module)?.get(id));
        let (Some(row), Some((field, column))) = (row, field) else {
            return Err(Fault {
                code: "INVALID_DATA",
                message: "the id given seems to be invalid",
                details: json!({"id": id}),
            });
        };
        let record = row.id;
        let mut carried = match row.cells.get(column) {
            Cell::List(carried) if deed == Deed::Remove || !over_write => carried.into_owned(),
            _ => Vec::new(),
        };
        carried.retain(|symbol| !symbols.contains(symbol));
        if deed == Deed::Add {
            for symbol in symbols {
                if !carried.contains(symbol) {
                    carried.push(*symbol);
                }
            }
        }
        if carried.len() > PER_RECORD {
            return Err(Fault {
                code: "LIMIT_EXCEEDED",
                message: "limit exceeded",
                details: json!({"limit": PER_RECORD, "id": id}),
            });
        }
        let draft = Draft {
            fields: vec!["Tag"],
            cells: vec![(column, Cell::List(carried.clone().into()))],
            owner: None,
        };
        self.update(module, record, draft, actor);
        let shown = |symbol: &u32| {
            let tag = self.tags.find(field, *symbol)?;
            let name = self.symbols.text(*symbol);
            Some(json!({"name": name, "id": tag.id.to_string(), "color_code": tag.color}))
        };
        let tags: Vec<Value> = carried.iter().filter_map(shown).collect();
        Ok(Success::new(
            "tags updated successfully",
            json!({
                "id": record.to_string(), "tags": tags, "modifiedTime": self.zone.text(actor.now),
                "affected_data": null,
            }),
        ))
    }
}
