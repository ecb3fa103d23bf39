//! What can be done with records beside reading and writing them.

mod clone;
mod jobs;
mod mass_update;
mod owner;
#[cfg(test)]
mod tests;

pub(crate) use jobs::Jobs;

use crate::world::Handler;

/// The handler of an action on records.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "clone_record" => clone::clone_record,
        "mass_update_records" => mass_update::mass_update_records,
        "get_mass_update_status" => mass_update::get_mass_update_status,
        "change_record_owner" => owner::change_record_owner,
        "change_record_owners" => owner::change_record_owners,
        "mass_change_owner" => owner::mass_change_owner,
        "get_mass_change_owner_status" => owner::get_mass_change_owner_status,
        _ => return None,
    })
}
