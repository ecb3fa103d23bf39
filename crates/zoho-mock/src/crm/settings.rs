//! `/settings/modules`, `/settings/fields` and `/org`: the schema as Zoho describes it.

mod fields;
mod modules;
mod org;
#[cfg(test)]
mod tests;

pub(crate) use fields::shown;

use crate::world::Handler;

/// The handler of a metadata operation.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "list_modules" => modules::list_modules,
        "get_module" => modules::get_module,
        "list_fields" => fields::list_fields,
        "get_field" => fields::get_field,
        "get_organization" => org::get_organization,
        _ => return None,
    })
}
