//! Records in the related lists of a record.

mod handlers;
mod links;
mod site;
#[cfg(test)]
mod tests;
mod ties;

pub(crate) use handlers::list;
pub(crate) use links::{Links, linked};
pub(crate) use site::Site;

use crate::world::Handler;

/// The handler of an operation on related records.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "list_related_records" => handlers::list_related_records,
        "get_related_record" => handlers::get_related_record,
        "update_related_records" => handlers::update_related_records,
        "update_related_record" => handlers::update_related_record,
        "delink_related_records" => handlers::delink_related_records,
        "delink_related_record" => handlers::delink_related_record,
        _ => return None,
    })
}
