//! Turning leads into contacts, accounts and deals.

mod convert;
mod mapping;
mod mass;
mod options;
mod request;
#[cfg(test)]
mod tests;

use serde_json::json;

use super::{CrmWorld, ids, refuse};
use crate::answer::Refusal;
use crate::world::Handler;

/// The handler of an operation on conversions of leads.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "get_conversion_options" => options::get_conversion_options,
        "convert_lead" => convert::convert_lead,
        "mass_convert_leads" => mass::mass_convert_leads,
        "get_mass_convert_status" => mass::get_mass_convert_status,
        "convert_inventory_record" => mass::convert_inventory_record,
        _ => return None,
    })
}

/// The lead of an id in the path.
fn lead(crm: &CrmWorld, text: &str) -> Result<u64, Refusal> {
    let row = ids::parse(text).and_then(|id| crm.table("Leads")?.get(id));
    let row = row.ok_or_else(|| {
        refuse::bad(
            "INVALID_DATA",
            "the id given seems to be invalid",
            json!({"resource_path_index": 1}),
        )
    })?;
    if row.converted {
        return Err(refuse::bad(
            "ID_ALREADY_CONVERTED",
            "id already converted",
            json!({"resource_path_index": 1}),
        ));
    }
    Ok(row.id)
}
