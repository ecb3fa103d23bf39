//! Notes: records of their own module, and the notes of one record.

#[cfg(test)]
mod tests;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::batch::{self, Fault, Item, Success};
use super::change::Actor;
use super::records::{self, actor, envelope, new_draft, object, params};
use super::related::{self, Site};
use super::schema::ModuleIndex;
use super::schema::validate::Told;
use super::{CrmWorld, ids, path, refuse};
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::generated::crm::ROUTES;
use crate::world::{Handler, World};

/// The handler of an operation on notes.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "list_notes" => |world, call| as_records(world, call, "list_records"),
        "update_notes" => |world, call| as_records(world, call, "update_records"),
        "delete_notes" => |world, call| as_records(world, call, "delete_records"),
        "get_note" => |world, call| as_records(world, call, "get_record"),
        "update_note" => |world, call| as_records(world, call, "update_record"),
        "delete_note" => |world, call| as_records(world, call, "delete_record"),
        "create_notes" => create_notes,
        "list_record_notes" => list_record_notes,
        "create_record_notes" => create_record_notes,
        "update_record_notes" => update_record_notes,
        "delete_record_notes" => delete_record_notes,
        "get_record_note" => get_record_note,
        "update_record_note" => update_record_note,
        "delete_record_note" => delete_record_note,
        _ => return None,
    })
}

/// Handles a call on notes as the call on records that it is.
fn as_records(world: &mut World, call: &Call<'_>, operation: &'static str) -> Outcome {
    on_notes(world, call, operation, path(call, 0), call.body)
}

fn on_notes(world: &mut World, call: &Call<'_>, operation: &'static str, id: &str, body: &Bytes) -> Outcome {
    let route = ROUTES.iter().find(|route| route.id == operation);
    let (Some(route), Some(handle)) = (route, records::handler(operation)) else {
        return Err(refuse::invalid_module());
    };
    let names = route
        .path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next());
    let call = Call {
        route,
        path: names.zip(["Notes".to_owned(), id.to_owned()]).collect(),
        query: call.query.clone(),
        body,
        ..*call
    };
    handle(world, &call)
}

fn create_notes(world: &mut World, call: &Call<'_>) -> Outcome {
    let (records, _) = envelope(call)?;
    create(world, call, &records)
}

fn create(world: &mut World, call: &Call<'_>, records: &[Value]) -> Outcome {
    let crm = &mut world.crm;
    let notes = crm.notes()?;
    let actor = actor(crm, call);
    let add = |(at, record): (usize, &Value)| -> Item {
        let path = format!("$.data[{at}]");
        let record = object(record, &path)?;
        crm.check_parent(record.get("Parent_Id"), &path)?;
        let draft = new_draft(crm, notes, record, &path, Told::First)?;
        let id = crm.insert(notes, draft, actor);
        Ok(Success::new("record added", crm.receipt(notes, id)))
    };
    let items = records.iter().enumerate().map(add).collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::CREATED, items))
}

fn list_record_notes(world: &mut World, call: &Call<'_>) -> Outcome {
    let site = Site::named(&world.crm, call, "Notes")?;
    related::list(&world.crm, call, &site)
}

fn create_record_notes(world: &mut World, call: &Call<'_>) -> Outcome {
    let site = Site::named(&world.crm, call, "Notes")?;
    let (mut records, _) = envelope(call)?;
    for record in &mut records {
        if let Some(record) = record.as_object_mut() {
            let module = json!({"api_name": path(call, 0)});
            record.insert(
                "Parent_Id".into(),
                json!({"module": module, "id": site.parent.to_string()}),
            );
        }
    }
    create(world, call, &records)
}

fn update_record_notes(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let site = Site::named(crm, call, "Notes")?;
    let (records, _) = envelope(call)?;
    let actor = actor(crm, call);
    let items = records
        .iter()
        .enumerate()
        .map(|(at, record)| {
            let path = format!("$.data[{at}]");
            let id = object(record, &path)?.get("id").filter(|id| !id.is_null());
            let id = id.ok_or_else(|| Fault::missing("id", &format!("{path}.id")))?;
            crm.change_note(&site, ids::from_json(id), record, &path, actor)
        })
        .collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

fn update_record_note(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let site = Site::named(crm, call, "Notes")?;
    let (records, _) = envelope(call)?;
    let actor = actor(crm, call);
    let record = records.first().unwrap_or(&Value::Null);
    let item = crm.change_note(&site, ids::parse(path(call, 2)), record, "$.data[0]", actor);
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, vec![item]))
}

fn delete_record_notes(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let site = Site::named(crm, call, "Notes")?;
    let ids = params::id_list(call)?.ok_or_else(|| refuse::required_param("ids"))?;
    let actor = actor(crm, call);
    let items = ids
        .iter()
        .map(|(text, id)| {
            let id = id.filter(|id| crm.noted(&site, *id));
            crm.remove(site.child, text, id, actor)
        })
        .collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

fn delete_record_note(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let site = Site::named(crm, call, "Notes")?;
    let actor = actor(crm, call);
    let text = path(call, 2);
    let id = ids::parse(text).filter(|id| crm.noted(&site, *id));
    let item = crm.remove(site.child, text, id, actor);
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, vec![item]))
}

fn get_record_note(world: &mut World, call: &Call<'_>) -> Outcome {
    let site = Site::named(&world.crm, call, "Notes")?;
    let id = path(call, 2);
    if !ids::parse(id).is_some_and(|id| world.crm.noted(&site, id)) {
        return Ok(Answer::no_content());
    }
    on_notes(world, call, "get_record", id, call.body)
}

impl CrmWorld {
    fn notes(&self) -> Result<ModuleIndex, Refusal> {
        self.schema.find("Notes").ok_or_else(refuse::invalid_module)
    }

    /// Whether a note belongs to the record.
    fn noted(&self, site: &Site, id: u64) -> bool {
        let note = self.tables.get(site.child).and_then(|table| table.get(id));
        note.is_some_and(|note| site.holds(self, note))
    }

    fn change_note(
        &mut self,
        site: &Site,
        id: Option<u64>,
        record: &Value,
        path: &str,
        actor: Actor,
    ) -> Item {
        let id = id.filter(|id| self.noted(site, *id));
        let id = id.ok_or_else(|| Fault::unknown_id(&format!("{path}.id")))?;
        let record = object(record, path)?;
        self.check_parent(record.get("Parent_Id"), path)?;
        self.change(site.child, id, record, (path, Told::First), None, actor)
    }

    /// Whether the module that a parent names is that of the record with its id.
    fn check_parent(&self, parent: Option<&Value>, path: &str) -> Result<(), Fault> {
        let name = parent.and_then(|parent| parent.get("module")?.get("api_name")?.as_str());
        let id = parent.and_then(|parent| ids::from_json(parent.get("id")?));
        let (Some(name), Some(id)) = (name, id) else {
            return Ok(());
        };
        if self.schema.find(name).is_some_and(|index| self.has(index, id)) {
            return Ok(());
        }
        Err(Fault::field(
            "INVALID_DATA",
            "the related id given seems to be invalid",
            "Parent_Id",
            &format!("{path}.Parent_Id"),
        ))
    }
}
