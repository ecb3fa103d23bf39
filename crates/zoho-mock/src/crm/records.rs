//! Records: list, read, write, delete, count.

mod count;
mod deleted;
mod list;
mod page;
pub(crate) mod params;
mod read;
mod token;
mod upsert;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use page::write_page;
pub(crate) use write::{actor, envelope, new_draft, object};

use crate::world::Handler;

/// The handler of a record operation.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "list_records" => list::list_records,
        "get_record" => read::get_record,
        "create_records" => write::create_records,
        "update_records" => write::update_records,
        "update_record" => write::update_record,
        "upsert_records" => upsert::upsert_records,
        "delete_records" => write::delete_records,
        "delete_record" => write::delete_record,
        "list_deleted_records" => deleted::list_deleted_records,
        "count_records" => count::count_records,
        _ => return None,
    })
}
