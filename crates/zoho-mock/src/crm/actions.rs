//! What can be done with records beside reading and writing them.

mod clone;
mod full;
pub(crate) mod jobs;
mod mass_delete;
mod mass_update;
mod merge;
pub(crate) mod owner;
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
        "mass_delete_records" => mass_delete::mass_delete_records,
        "get_mass_delete_status" => mass_delete::get_mass_delete_status,
        "merge_records" => merge::merge_records,
        "get_merge_status" => merge::get_merge_status,
        "fetch_full_record" => full::fetch_full_record,
        "fetch_full_records" => full::fetch_full_records,
        "count_related_records" => full::count_related_records,
        _ => return None,
    })
}
