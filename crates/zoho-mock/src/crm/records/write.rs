//! Insert, update and delete.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::params;
use crate::answer::{Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Details, Fault, Item, Success};
use crate::crm::change::Actor;
use crate::crm::schema::ModuleIndex;
use crate::crm::schema::validate::{self, Draft, Mode, Told};
use crate::crm::{CrmWorld, body, ids, path, refuse, render};
use crate::world::World;

/// How many records one call may write.
pub(super) const MOST: usize = 100;

/// `POST /{module}`.
pub(super) fn create_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let told = told(world);
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let (records, _) = envelope(call)?;
    let actor = actor(crm, call);
    let items = records
        .iter()
        .enumerate()
        .map(|(at, record)| {
            let path = format!("$.data[{at}]");
            let draft = new_draft(crm, index, object(record, &path)?, &path, told)?;
            let id = crm.insert(index, draft, actor);
            Ok(Success::new(
                "record added",
                Details::Text(crm.receipt_text(index, id)),
            ))
        })
        .collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::CREATED, items))
}

/// `PUT /{module}`.
pub(super) fn update_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let told = told(world);
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let (records, _) = envelope(call)?;
    let since = params::unmodified_since(call);
    let actor = actor(crm, call);
    let items = records
        .iter()
        .enumerate()
        .map(|(at, record)| {
            let path = format!("$.data[{at}]");
            let record = object(record, &path)?;
            let id_path = format!("{path}.id");
            let id = match record.get("id") {
                None | Some(Value::Null) => return Err(Fault::missing("id", &id_path)),
                Some(id) => ids::from_json(id).ok_or_else(|| Fault::unknown_id(&id_path))?,
            };
            crm.change(index, id, record, (&path, told), since, actor)
        })
        .collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

/// `PUT /{module}/{id}`.
pub(super) fn update_record(world: &mut World, call: &Call<'_>) -> Outcome {
    let told = told(world);
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let (records, _) = envelope(call)?;
    let actor = actor(crm, call);
    let since = params::unmodified_since(call);
    let item = match (ids::parse(path(call, 1)), records.first()) {
        (Some(id), Some(record)) => {
            let path = "$.data[0]";
            object(record, path).and_then(|record| crm.change(index, id, record, (path, told), since, actor))
        }
        _ => Err(Fault::unknown_id("$.data[0].id")),
    };
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, vec![item]))
}

/// `DELETE /{module}?ids=`.
pub(super) fn delete_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let ids = params::id_list(call)?.ok_or_else(|| refuse::required_param("ids"))?;
    let actor = actor(crm, call);
    let items = ids
        .iter()
        .map(|(text, id)| crm.remove(index, text, *id, actor))
        .collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

/// `DELETE /{module}/{id}`.
pub(super) fn delete_record(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let actor = actor(crm, call);
    let text = path(call, 1);
    let item = crm.remove(index, text, ids::parse(text), actor);
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, vec![item]))
}

/// The records of a write, and the rest of the body. What workflows to trigger is taken and checked;
/// there are none to run.
pub(crate) fn envelope(call: &Call<'_>) -> Result<(Vec<Value>, Map<String, Value>), Refusal> {
    let mut object = body::object(call)?;
    let records = body::items(&mut object, "data", MOST)?;
    if object
        .get("trigger")
        .is_some_and(|trigger| !trigger.is_array() && !trigger.is_null())
    {
        return Err(refuse::bad(
            "INVALID_DATA",
            "invalid data",
            json!({"expected_data_type": "jsonarray", "api_name": "trigger", "json_path": "$.trigger"}),
        ));
    }
    Ok((records, object))
}

/// Who writes, and when.
pub(crate) fn actor(crm: &CrmWorld, call: &Call<'_>) -> Actor {
    Actor {
        user: crm.caller(call),
        now: call.now.as_second(),
    }
}

/// How many faults of a record this Zoho tells.
pub(crate) fn told(world: &World) -> Told {
    match world.dialect.multiple_errors {
        true => Told::All,
        false => Told::First,
    }
}

/// A record of a body.
pub(crate) fn object<'a>(record: &'a Value, path: &str) -> Result<&'a Map<String, Value>, Fault> {
    record.as_object().ok_or_else(|| Fault {
        code: "INVALID_DATA",
        message: "invalid data",
        details: json!({"expected_data_type": "jsonobject", "json_path": path}),
    })
}

/// The draft of a record that is to be inserted.
pub(crate) fn new_draft(
    crm: &mut CrmWorld,
    index: ModuleIndex,
    record: &Map<String, Value>,
    path: &str,
    told: Told,
) -> Result<Draft, Fault> {
    let draft = validate::told_draft(crm, index, record, path, (Mode::Insert, told))?;
    crm.check_unique(index, &draft, None, path)?;
    Ok(draft)
}

impl CrmWorld {
    /// Changes one record of a body.
    pub(crate) fn change(
        &mut self,
        index: ModuleIndex,
        id: u64,
        record: &Map<String, Value>,
        (path, told): (&str, Told),
        unmodified_since: Option<i64>,
        actor: Actor,
    ) -> Item {
        let Some(row) = self.tables.get(index).and_then(|table| table.get(id)) else {
            return Err(Fault::unknown_id(&format!("{path}.id")));
        };
        if unmodified_since.is_some_and(|since| row.modified > since) {
            return Err(Fault {
                code: "ALREADY_MODIFIED",
                message: "record updated time has already passed if-unmodified-since time",
                details: self.receipt(index, id),
            });
        }
        self.unlocked(id)?;
        let draft = validate::told_draft(self, index, record, path, (Mode::Update, told))?;
        self.check_unique(index, &draft, Some(id), path)?;
        self.update(index, id, draft, actor);
        Ok(Success::new(
            "record updated",
            Details::Text(self.receipt_text(index, id)),
        ))
    }

    /// Refuses to touch a record that somebody locked.
    pub(crate) fn unlocked(&self, id: u64) -> Result<(), Fault> {
        let mut locks = self.shelves.all("record_locks").iter();
        match locks.any(|lock| lock.within.last() == Some(&id)) {
            true => Err(Fault {
                code: "RECORD_LOCKED",
                message: "record is locked",
                details: json!({"id": id.to_string()}),
            }),
            false => Ok(()),
        }
    }

    pub(crate) fn remove(&mut self, index: ModuleIndex, text: &str, id: Option<u64>, actor: Actor) -> Item {
        if let Some(id) = id {
            self.unlocked(id)?;
        }
        if id.is_some_and(|id| self.delete(index, id, actor)) {
            Ok(Success::new("record deleted", json!({"id": text})))
        } else {
            Err(Fault {
                code: "INVALID_DATA",
                message: "record not deleted",
                details: json!({"id": text}),
            })
        }
    }

    pub(crate) fn check_unique(
        &self,
        index: ModuleIndex,
        draft: &Draft,
        own: Option<u64>,
        path: &str,
    ) -> Result<(), Fault> {
        let Some(module) = self.schema.module(index) else {
            return Ok(());
        };
        let Some((field, other)) = validate::duplicate(self, index, module, draft, own) else {
            return Ok(());
        };
        let owner = self
            .tables
            .get(index)
            .and_then(|table| table.get(other))
            .map(|row| row.owner);
        let owner = owner
            .and_then(|owner| self.users.get(owner))
            .map(|user| json!({"name": user.full_name(), "id": user.id.to_string(), "zuid": user.zuid()}));
        Err(Fault {
            code: "DUPLICATE_DATA",
            message: "duplicate data",
            details: json!({
                "api_name": field.api_name,
                "json_path": format!("{path}.{}", field.api_name),
                "id": other.to_string(),
                "duplicate_record": {
                    "Owner": owner,
                    "id": other.to_string(),
                    "module": {"api_name": module.api_name, "id": module.id.to_string()},
                },
                "more_records": false,
            }),
        })
    }

    /// What a write tells of the record: id, times and authors, without e-mail addresses.
    pub(crate) fn receipt(&self, index: ModuleIndex, id: u64) -> Value {
        serde_json::from_slice(&self.receipt_text(index, id)).unwrap_or_default()
    }

    /// The same as text.
    pub(crate) fn receipt_text(&self, index: ModuleIndex, id: u64) -> Vec<u8> {
        let mut out = Vec::with_capacity(320);
        out.push(b'{');
        let row = self.tables.get(index).and_then(|table| table.get(id));
        if let Some(row) = row {
            out.extend_from_slice(b"\"Modified_Time\":");
            self.write_instant(&mut out, row.modified);
            out.extend_from_slice(b",\"Modified_By\":");
            self.write_author(&mut out, row.modified_by);
            out.extend_from_slice(b",\"Created_Time\":");
            self.write_instant(&mut out, row.created);
            out.push(b',');
        }
        out.extend_from_slice(b"\"id\":");
        render::id(&mut out, id);
        if let Some(row) = row {
            out.extend_from_slice(b",\"Created_By\":");
            self.write_author(&mut out, row.created_by);
        }
        out.push(b'}');
        out
    }

    /// Appends a user by name and id.
    fn write_author(&self, out: &mut Vec<u8>, user: u64) {
        let Some(user) = self.users.get(user) else {
            out.extend_from_slice(b"null");
            return;
        };
        out.extend_from_slice(b"{\"name\":");
        render::string(out, &user.full_name());
        out.extend_from_slice(b",\"id\":");
        render::id(out, user.id);
        out.push(b'}');
    }
}
