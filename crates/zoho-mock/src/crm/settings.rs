//! `/settings` and `/org`: the schema as Zoho describes it, and variables.

mod custom_fields;
mod custom_modules;
mod fields;
mod layouts;
mod modules;
mod org;
mod related_lists;
#[cfg(test)]
mod tests;
mod variable_groups;
mod variables;

pub(crate) use variable_groups::Group;
pub(crate) use variables::Variable;

pub(crate) use fields::shown;

use crate::world::Handler;

/// The handler of a metadata operation.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "list_modules" => modules::list_modules,
        "get_module" => modules::get_module,
        "list_fields" => fields::list_fields,
        "get_field" => fields::get_field,
        "list_pick_list_values" => fields::list_pick_list_values,
        "create_fields" => custom_fields::create_fields,
        "update_fields" => custom_fields::update_fields,
        "update_field" => custom_fields::update_field,
        "delete_field" => custom_fields::delete_field,
        "create_modules" => custom_modules::create_modules,
        "update_modules" => custom_modules::update_modules,
        "update_module" => custom_modules::update_module,
        "list_related_lists" => related_lists::list_related_lists,
        "get_related_list" => related_lists::get_related_list,
        "get_organization" => org::get_organization,
        "list_layouts" => layouts::list_layouts,
        "get_layout" => layouts::get_layout,
        "update_layouts" => layouts::update_layouts,
        "update_layout" => layouts::update_layout,
        "activate_layout" => layouts::activate_layout,
        "deactivate_layout" => layouts::deactivate_layout,
        "delete_layout" => layouts::delete_layout,
        "list_variables" => variables::list_variables,
        "get_variable" => variables::get_variable,
        "create_variables" => variables::create_variables,
        "update_variables" => variables::update_variables,
        "update_variable" => variables::update_variable,
        "delete_variables" => variables::delete_variables,
        "delete_variable" => variables::delete_variable,
        "list_variable_groups" => variable_groups::list_variable_groups,
        "get_variable_group" => variable_groups::get_variable_group,
        "update_variable_groups" => variable_groups::update_variable_groups,
        "update_variable_group" => variable_groups::update_variable_group,
        _ => return None,
    })
}
