//! `/settings` and `/org`: the schema as Zoho describes it, roles and profiles, and variables.

mod fields;
mod layouts;
mod modules;
mod org;
mod people;
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
        "get_organization" => org::get_organization,
        "list_layouts" => layouts::list_layouts,
        "get_layout" => layouts::get_layout,
        "list_roles" => people::list_roles,
        "get_role" => people::get_role,
        "list_profiles" => people::list_profiles,
        "get_profile" => people::get_profile,
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
