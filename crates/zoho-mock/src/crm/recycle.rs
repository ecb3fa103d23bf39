//! `/settings/recycle_bin`: what was deleted and can still come back.

mod filters;
#[cfg(test)]
mod tests;

use http::StatusCode;
use serde_json::{Value, json};

use super::batch::{self, Fault, Item, Success};
use super::change::Actor;
use super::records::{actor, params};
use super::schema::ModuleIndex;
use super::schema::validate::Draft;
use super::store::{Binned, Retention};
use super::{CrmWorld, body, ids, path, refuse};
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::world::{Handler, World};
use filters::Filters;

/// How many ids one call may name.
const MOST: usize = 100;

/// The handler of an operation on the recycle bin.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "list_recycle_bin" => list_recycle_bin,
        "get_recycle_bin_record" => get_recycle_bin_record,
        "count_recycle_bin" => count_recycle_bin,
        "delete_recycle_bin_records" => delete_recycle_bin_records,
        "delete_recycle_bin_record" => delete_recycle_bin_record,
        "restore_recycle_bin_records" => restore_recycle_bin_records,
        "restore_recycle_bin_record" => restore_recycle_bin_record,
        "empty_recycle_bin" => empty_recycle_bin,
        _ => return None,
    })
}

fn list_recycle_bin(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let (page, size) = (params::page_number(call)?, params::page_size(call)?);
    let mut found = crm.binned(&Filters::of_query(call)?, call);
    match call.query("sort_by") {
        None | Some("" | "deleted_time") => found.sort_by_key(|(_, binned)| (binned.at, binned.row.id)),
        Some("id") => found.sort_by_key(|(_, binned)| binned.row.id),
        Some("display_name") => found.sort_by_key(|(_, binned)| (binned.name.clone(), binned.row.id)),
        Some(_) => {
            return Err(refuse::unsupported_value(
                "sort_by",
                &["deleted_time", "id", "display_name"],
            ));
        }
    }
    match call.query("sort_order") {
        None | Some("" | "desc") => found.reverse(),
        Some("asc") => {}
        Some(_) => return Err(refuse::unsupported_value("sort_order", &["asc", "desc"])),
    }
    let mut rows = found.into_iter().skip((page - 1).saturating_mul(size));
    let shown: Vec<Value> = rows
        .by_ref()
        .take(size)
        .map(|(index, binned)| crm.bin_row(index, binned))
        .collect();
    if shown.is_empty() {
        return Ok(Answer::no_content());
    }
    let more = rows.next().is_some();
    let info = json!({"per_page": size, "count": shown.len(), "page": page, "more_records": more});
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"recycle_bin": shown, "info": info}),
    ))
}

fn get_recycle_bin_record(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let id = ids::parse(path(call, 0)).ok_or_else(refuse::invalid_id)?;
    let found = crm.binned(&Filters::ids([id]), call).pop();
    let Some((index, binned)) = found else {
        return Ok(Answer::no_content());
    };
    let mut row = crm.bin_row(index, binned);
    if let (Some(row), Some(module)) = (row.as_object_mut(), crm.schema.module(index)) {
        let module = json!({"api_name": module.api_name, "id": module.id.to_string()});
        row.insert("module".into(), module);
    }
    let info = json!({"per_page": 1, "count": 1, "page": 1, "more_records": false});
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"recycle_bin": [row], "info": info}),
    ))
}

fn count_recycle_bin(world: &mut World, call: &Call<'_>) -> Outcome {
    let count = world.crm.binned(&Filters::of_query(call)?, call).len();
    Ok(Answer::json(StatusCode::OK, &json!({"count": count})))
}

fn delete_recycle_bin_records(world: &mut World, call: &Call<'_>) -> Outcome {
    if call.query("filters").is_none_or(str::is_empty) {
        return Err(refuse::required_param("filters"));
    }
    let filters = Filters::of_query(call)?;
    let crm = &mut world.crm;
    let found = crm.places(&filters, call);
    if found.is_empty() {
        return Err(refuse::bad(
            "INVALID_DATA",
            "invalid data",
            json!({"param_name": "filters"}),
        ));
    }
    let items = found
        .into_iter()
        .map(|(index, id)| Ok(crm.purge(index, id)))
        .collect();
    Ok(batch::answer(world.dialect, "recycle_bin", StatusCode::OK, items))
}

fn delete_recycle_bin_record(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let item = match crm.place(path(call, 0), call) {
        Some((index, id)) => Ok(crm.purge(index, id)),
        None => Err(not_there("CANNOT_DELETE", &Value::from(path(call, 0)))),
    };
    Ok(batch::answer(
        world.dialect,
        "recycle_bin",
        StatusCode::OK,
        vec![item],
    ))
}

fn restore_recycle_bin_record(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let actor = actor(crm, call);
    let item = match crm.place(path(call, 0), call) {
        Some((index, id)) => crm.restore(index, id, actor),
        None => Err(not_there("INVALID_DATA", &Value::from(path(call, 0)))),
    };
    Ok(batch::answer(
        world.dialect,
        "recycle_bin",
        StatusCode::OK,
        vec![item],
    ))
}

fn restore_recycle_bin_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let actor = actor(crm, call);
    let mut rest = body::object(call)?;
    let given = |key: &str| rest.get(key).filter(|value| !value.is_null()).cloned();
    let items = if let Some(criteria) = given("filters") {
        let filters = Filters::read(&criteria).ok_or_else(|| {
            refuse::bad(
                "INVALID_DATA",
                "invalid data",
                json!({"api_name": "filters", "json_path": "$.filters"}),
            )
        })?;
        let found = crm.places(&filters, call);
        found
            .into_iter()
            .map(|(index, id)| crm.restore(index, id, actor))
            .collect()
    } else if given("restore_all_records") == Some(Value::Bool(true)) {
        let found = crm.places(&Filters::none(), call);
        found
            .into_iter()
            .map(|(index, id)| crm.restore(index, id, actor))
            .collect()
    } else if given("ids").is_some() {
        let named = body::items(&mut rest, "ids", MOST)?;
        let restore = |id: &Value| -> Item {
            let text = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            let (index, place) = crm
                .place(&text, call)
                .ok_or_else(|| not_there("INVALID_DATA", id))?;
            crm.restore(index, place, actor)
        };
        named.iter().map(restore).collect()
    } else {
        return Err(nothing_named());
    };
    Ok(batch::answer(world.dialect, "recycle_bin", StatusCode::OK, items))
}

fn empty_recycle_bin(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    for (index, id) in crm.places(&Filters::none(), call) {
        crm.purge(index, id);
    }
    let body = json!({
        "code": "SUCCESS", "details": {}, "message": "recycle bin emptied successfully", "status": "success",
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// The body names no records.
fn nothing_named() -> Refusal {
    let expected = ["ids", "filters", "restore_all_records"];
    let fields: Vec<Value> = expected
        .iter()
        .map(|name| json!({"api_name": name, "json_path": format!("$.{name}")}))
        .collect();
    refuse::bad(
        "EXPECTED_FIELD_MISSING",
        "one of the expected fields is missing",
        json!({"expected_fields": fields}),
    )
}

fn not_there(code: &'static str, id: &Value) -> Fault {
    Fault {
        code,
        message: "the id given seems to be invalid",
        details: json!({"id": id}),
    }
}

impl CrmWorld {
    /// What the bin holds now and the filters let through.
    fn binned(&self, filters: &Filters, call: &Call<'_>) -> Vec<(ModuleIndex, &Binned)> {
        let now = call.now.as_second();
        let tables = self.tables.iter().enumerate();
        let all = tables.flat_map(|(index, table)| table.bin.since(None).map(move |binned| (index, binned)));
        all.filter(|(index, binned)| {
            binned.retention(now) == Some(Retention::Recycle) && filters.pass(self, *index, binned)
        })
        .collect()
    }

    fn places(&self, filters: &Filters, call: &Call<'_>) -> Vec<(ModuleIndex, u64)> {
        let found = self.binned(filters, call);
        found
            .into_iter()
            .map(|(index, binned)| (index, binned.row.id))
            .collect()
    }

    fn place(&self, text: &str, call: &Call<'_>) -> Option<(ModuleIndex, u64)> {
        self.places(&Filters::ids([ids::parse(text)?]), call).pop()
    }

    fn purge(&mut self, index: ModuleIndex, id: u64) -> Success {
        if let Some(table) = self.tables.get_mut(index) {
            table.bin.purge(id);
        }
        self.drop_photo(id);
        Success::new("record deleted", json!({"id": id.to_string()}))
    }

    /// Brings a record back as it was, unless another one has taken what must be unique.
    fn restore(&mut self, index: ModuleIndex, id: u64, actor: Actor) -> Item {
        let binned = self.tables.get_mut(index).and_then(|table| table.bin.take(id));
        let Some(binned) = binned else {
            return Err(not_there("INVALID_DATA", &Value::from(id.to_string())));
        };
        let draft = Draft {
            cells: binned
                .row
                .cells
                .iter()
                .map(|(column, cell)| (column, cell.into_owned()))
                .collect(),
            ..Draft::default()
        };
        let free = self.check_unique(index, &draft, Some(id), "$");
        if free.is_ok() {
            self.know_tags(index, &draft.cells, actor);
        }
        if let Some(table) = self.tables.get_mut(index) {
            match free {
                Ok(()) => table.put(binned.row),
                Err(fault) => {
                    table.bin.put(binned);
                    return Err(fault);
                }
            }
        }
        Ok(Success::new("record restored", json!({"id": id.to_string()})))
    }

    fn bin_row(&self, index: ModuleIndex, binned: &Binned) -> Value {
        let user = |id| {
            let user = self.users.get(id)?;
            Some(json!({"name": user.full_name(), "id": user.id.to_string()}))
        };
        json!({
            "display_name": binned.name, "deleted_time": self.zone.text(binned.at), "owner": user(binned.row.owner),
            "module": self.schema.module(index).map(|module| module.api_name), "deleted_by": user(binned.by),
            "id": binned.row.id.to_string(),
        })
    }
}
