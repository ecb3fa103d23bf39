//! `GET /{module}/search`: by criteria, e-mail address, telephone number or word.

mod criteria;
mod matcher;
#[cfg(test)]
mod tests;

pub(crate) use matcher::Matcher;

use serde_json::json;

use super::records::params::{self, Converted};
use super::records::write_page;
use super::refuse;
use super::render::Selection;
use super::store::Row;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::world::{Handler, World};

/// A search shows so many rows and no more.
const MOST: usize = 2_000;

/// The handler of the search operation.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    (operation_id == "search_records").then_some(search_records as Handler)
}

fn search_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let index = crm.module_of(call)?;
    let module = crm.schema.module(index).ok_or_else(refuse::invalid_module)?;
    let table = crm.tables.get(index).ok_or_else(refuse::invalid_module)?;
    let matcher = Matcher::of(crm, index, call)?.ok_or_else(|| {
        refuse::bad(
            "EXPECTED_PARAM_MISSING",
            "expected param is missing",
            json!({"param_names": ["criteria", "email", "phone", "word"]}),
        )
    })?;
    let selection = params::optional_fields(call, module)?.unwrap_or_else(|| Selection::all(module));
    let (page, size) = (params::page_number(call)?, params::page_size(call)?);
    let order = params::order(call)?;
    let converted = Converted::of(call)?;
    if page.saturating_mul(size) > MOST {
        return Err(refuse::bad(
            "LIMIT_REACHED",
            "limit reached",
            json!({"limit": MOST}),
        ));
    }
    let mut rows = matcher
        .rows(crm, table, order)
        .filter(|row| converted.shows(row))
        .skip((page - 1) * size);
    let found: Vec<&Row> = rows.by_ref().take(size).collect();
    if found.is_empty() {
        return Ok(Answer::no_content());
    }
    let more = rows.next().is_some();
    let info = json!({"per_page": size, "count": found.len(), "page": page, "more_records": more});
    Ok(write_page(crm, index, &found, &selection, &info))
}
