//! Tags: what a module knows of them, and putting them on records.

mod registry;
mod settings;
mod tagging;
#[cfg(test)]
mod tests;

pub(crate) use registry::Tags;

use crate::world::Handler;

/// The handler of an operation on tags.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "list_tags" => settings::list_tags,
        "create_tags" => settings::create_tags,
        "update_tags" => settings::update_tags,
        "update_tag" => settings::update_tag,
        "delete_tag" => settings::delete_tag,
        "merge_tags" => settings::merge_tags,
        "count_tag_records" => settings::count_tag_records,
        "add_record_tags" => tagging::add_record_tags,
        "remove_record_tags" => tagging::remove_record_tags,
        "add_tags_to_records" => tagging::add_tags_to_records,
        "remove_tags_from_records" => tagging::remove_tags_from_records,
        _ => return None,
    })
}
