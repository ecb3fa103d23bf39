//! Records with all that they have, and how much hangs on them.

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::records::{params, write_page};
use crate::crm::related::Site;
use crate::crm::render::Selection;
use crate::crm::store::Row;
use crate::crm::{CrmWorld, body, ids, path, refuse};
use crate::world::World;

/// Lists that can be counted at once.
const LISTS: usize = 20;

/// `GET /{module}/{id}/actions/fetch_full_data`
pub(super) fn fetch_full_record(world: &mut World, call: &Call<'_>) -> Outcome {
    let id = ids::parse(path(call, 1)).ok_or_else(refuse::invalid_id)?;
    full(&world.crm, call, &[id])
}

/// `GET /{module}/actions/fetch_full_data?ids=`
pub(super) fn fetch_full_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let named = params::id_list(call)?.ok_or_else(|| refuse::required_param("ids"))?;
    let ids: Vec<u64> = named.into_iter().filter_map(|(_, id)| id).collect();
    full(&world.crm, call, &ids)
}

fn full(crm: &CrmWorld, call: &Call<'_>, ids: &[u64]) -> Outcome {
    let index = crm.module_of(call)?;
    let module = crm.schema.module(index).ok_or_else(refuse::invalid_module)?;
    let selection = params::optional_fields(call, module)?.unwrap_or_else(|| Selection::all(module));
    let rows: Vec<&Row> = ids
        .iter()
        .filter_map(|id| crm.tables.get(index)?.get(*id))
        .collect();
    if rows.is_empty() {
        return Ok(Answer::no_content());
    }
    let info = json!({"per_page": rows.len(), "count": rows.len(), "page": 1, "more_records": false});
    Ok(write_page(crm, index, &rows, &selection, &info))
}

/// `POST /{module}/{id}/actions/get_related_records_count`
pub(super) fn count_related_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let wishes = body::items(&mut body::object(call)?, "get_related_records_count", LISTS)?;
    let counts = wishes.iter().enumerate().map(|(at, wish)| {
        let named = wish.get("related_list");
        let name = named
            .and_then(|list| list.get("api_name"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        match Site::named(crm, call, name) {
            Ok(site) => {
                let table = crm.tables.get(site.child);
                let ids = table
                    .into_iter()
                    .flat_map(|table| table.ids().filter_map(|id| table.get(id)));
                let count = ids.filter(|row| site.holds(crm, row)).count();
                json!({"count": count, "related_list": named})
            }
            Err(_) => json!({
                "code": "INVALID_DATA", "message": "invalid data", "status": "error",
                "details": {
                    "api_name": "api_name",
                    "json_path": format!("$.get_related_records_count[{at}].related_list.api_name"),
                },
            }),
        }
    });
    let counts: Vec<Value> = counts.collect();
    // The record must be there, whatever is counted of it.
    let index = crm.module_of(call)?;
    if !ids::parse(path(call, 1)).is_some_and(|id| crm.has(index, id)) {
        let details = json!({"resource_path_index": 1});
        return Err(refuse::bad(
            "INVALID_DATA",
            "the id given seems to be invalid",
            details,
        ));
    }
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"get_related_records_count": counts}),
    ))
}
