//! `GET /{module}/{id}`.

use http::StatusCode;

use super::params;
use crate::answer::{Answer, Outcome, Payload};
use crate::call::Call;
use crate::crm::render::Selection;
use crate::crm::{ids, path, refuse};
use crate::world::World;

/// Reads one record: everything of it, unless `fields` says otherwise.
pub(super) fn get_record(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let index = crm.module_of(call)?;
    let module = crm.schema.module(index).ok_or_else(refuse::invalid_module)?;
    let id = ids::parse(path(call, 1)).ok_or_else(refuse::invalid_id)?;
    let selection = params::optional_fields(call, module)?.unwrap_or_else(|| Selection::all(module));
    let Some(row) = crm.tables.get(index).and_then(|table| table.get(id)) else {
        return Ok(Answer::no_content());
    };
    if params::modified_since(call).is_some_and(|since| row.modified <= since) {
        return Ok(Answer::not_modified());
    }
    let mut out = b"{\"data\":[".to_vec();
    crm.write_row(&mut out, index, row, &selection);
    out.extend_from_slice(b"]}");
    Ok(Answer {
        status: StatusCode::OK,
        headers: Vec::new(),
        payload: Payload::Json(out),
    })
}
