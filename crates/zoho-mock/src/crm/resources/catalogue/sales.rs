//! How things are sold: currencies, pipelines, roles of contacts, scores, picklists and views.

use super::{Action, Blank, PLAIN, Resource, Rule, Within};
use crate::crm::resources::hooks::{Hooks, api_name, currencies, deals, picklists, pipelines};
use crate::route::Method;

pub(crate) static CURRENCIES: Resource = Resource {
    name: "currencies",
    path: "/org/currencies",
    key: "currencies",
    schema: "Currency",
    rules: &[
        Rule::Mandatory("iso_code"),
        Rule::Mandatory("exchange_rate"),
        Rule::Unique("iso_code"),
        Rule::Longest("iso_code", 3),
        Rule::Longest("exchange_rate", 18),
        Rule::Longest("symbol", 50),
        Rule::Longest("name", 255),
        Rule::Fixed("iso_code"),
        Rule::Own("is_base"),
        Rule::Blank("name", Blank::Like("iso_code")),
        Rule::Blank("symbol", Blank::Like("iso_code")),
        Rule::Blank("is_active", Blank::Is(true)),
        Rule::Blank("is_base", Blank::Is(false)),
        Rule::Blank("prefix_symbol", Blank::Is(true)),
        Rule::Blank("exchange_rate_auto_update", Blank::Is(false)),
    ],
    said: [
        "The currency added successfully",
        "The currency updated successfully",
        "The currency deleted successfully",
    ],
    more: &[
        (Method::Post, "/actions/enable", Action::Own(currencies::enable)),
        (
            Method::Put,
            "/actions/enable",
            Action::Own(currencies::update_base),
        ),
        (
            Method::Get,
            "/actions/available_currencies",
            Action::Own(currencies::available),
        ),
    ],
    hooks: Hooks {
        prepare: currencies::check,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static PIPELINES: Resource = Resource {
    name: "pipeline",
    path: "/settings/pipeline",
    key: "pipeline",
    schema: "Pipeline",
    within: &[Within::QueryLayout],
    rules: &[
        Rule::Mandatory("display_value"),
        Rule::Mandatory("maps"),
        Rule::Unique("display_value"),
        Rule::Longest("display_value", 120),
        Rule::Parts("maps"),
        Rule::Blank("actual_value", Blank::Like("display_value")),
        Rule::Blank("default", Blank::Is(false)),
        Rule::Blank("child_available", Blank::Is(false)),
        Rule::Blank("parent", Blank::Is(true)),
        Rule::Own("child_available"),
        Rule::Own("parent"),
    ],
    said: ["pipeline created", "pipeline updated", "pipeline deleted"],
    more: &[(
        Method::Post,
        "/actions/transfer",
        Action::Own(pipelines::transfer),
    )],
    hooks: Hooks {
        prepare: pipelines::check,
        settled: pipelines::settled,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static CONTACT_ROLES: Resource = Resource {
    name: "contact_roles",
    path: "/Contacts/roles",
    key: "contact_roles",
    schema: "ContactRole",
    rules: &[
        Rule::Mandatory("name"),
        Rule::Unique("name"),
        Rule::Longest("name", 50),
    ],
    said: [
        "contact role added",
        "contact role updated",
        "contact role deleted",
    ],
    more: &[
        (Method::Get, "//contacts/roles", Action::List),
        (Method::Post, "//contacts/roles", Action::Create),
        (Method::Put, "//contacts/roles", Action::UpdateSeveral),
        (Method::Delete, "//contacts/roles", Action::DeleteSeveral),
        (Method::Get, "//contacts/roles/{}", Action::Get),
        (Method::Put, "//contacts/roles/{}", Action::Update),
        (Method::Delete, "//contacts/roles/{}", Action::Delete),
        (Method::Get, "//{}/{}/Contact_Roles", Action::Own(deals::list)),
        (Method::Get, "//{}/{}/Contact_Roles/{}", Action::Own(deals::get)),
        (
            Method::Put,
            "//{}/{}/Contact_Roles",
            Action::Own(deals::update_several),
        ),
        (
            Method::Put,
            "//{}/{}/Contact_Roles/{}",
            Action::Own(deals::update),
        ),
        (
            Method::Delete,
            "//{}/{}/Contact_Roles",
            Action::Own(deals::remove_several),
        ),
        (
            Method::Delete,
            "//{}/{}/Contact_Roles/{}",
            Action::Own(deals::remove),
        ),
    ],
    hooks: Hooks {
        prepare: picklists::contact_role,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static SCORING_RULES: Resource = Resource {
    name: "scoring_rules",
    path: "/settings/automation/scoring_rules",
    key: "scoring_rules",
    schema: "ScoringRule",
    rules: &[
        Rule::Mandatory("name"),
        Rule::Mandatory("module"),
        Rule::Unique("name"),
        Rule::Longest("name", 255),
        Rule::Longest("description", 500),
        Rule::Refers("module", "modules"),
        Rule::Fixed("module"),
        Rule::Known("scoring_type"),
        Rule::Blank("active", Blank::Is(true)),
        Rule::Blank("scoring_type", Blank::Text("manual_scoring")),
        Rule::Parts("custom_fields"),
    ],
    filters: &[("module", "/module"), ("layout_id", "/layout"), ("name", "/name")],
    said: [
        "scoring rule created successfully",
        "scoring rule updated successfully",
        "scoring rule deleted successfully",
    ],
    more: &[
        (
            Method::Put,
            "/{}/actions/activate",
            Action::Switch(
                "active",
                true,
                "scoring rule activated successfully",
                "ALREADY_ACTIVATED",
            ),
        ),
        (
            Method::Delete,
            "/{}/actions/activate",
            Action::Switch(
                "active",
                false,
                "scoring rule deactivated successfully",
                "ALREADY_DEACTIVATED",
            ),
        ),
        (Method::Post, "/{}/actions/clone", Action::Clone),
    ],
    ..PLAIN
};

pub(crate) static GLOBAL_PICKLISTS: Resource = Resource {
    name: "global_picklists",
    path: "/settings/global_picklists",
    key: "global_picklists",
    schema: "GlobalPicklist",
    rules: &[
        Rule::Mandatory("display_label"),
        Rule::Mandatory("pick_list_values"),
        Rule::Unique("display_label"),
        Rule::Unique("api_name"),
        Rule::Longest("display_label", 120),
        Rule::Longest("api_name", 50),
        Rule::Longest("description", 1_000),
        Rule::Parts("pick_list_values"),
        Rule::Own("actual_label"),
        Rule::Own("source"),
        Rule::Own("presence"),
        Rule::Own("customizable"),
        Rule::Own("associated_fields_count"),
        Rule::Own("used_in_modules"),
        Rule::Blank("actual_label", Blank::Like("display_label")),
        Rule::Blank("source", Blank::Text("crm")),
        Rule::Blank("presence", Blank::Is(true)),
        Rule::Blank("customizable", Blank::Is(true)),
        Rule::Blank("pick_list_values_sorted_lexically", Blank::Is(false)),
    ],
    named: Some("api_name"),
    said: [
        "global picklist created successfully",
        "global picklist updated successfully",
        "global picklist deleted successfully",
    ],
    more: &[
        (
            Method::Get,
            "/{}/actions/associations",
            Action::Own(picklists::associations),
        ),
        (
            Method::Get,
            "/{}/actions/pick_list_values_associations",
            Action::Own(picklists::value_associations),
        ),
        (
            Method::Get,
            "/{}/actions/replaced_values",
            Action::Own(picklists::replaced),
        ),
        (
            Method::Post,
            "/{}/actions/replace_picklist_values",
            Action::Own(picklists::replace),
        ),
    ],
    hooks: Hooks {
        prepare: picklists::complete,
        derive: picklists::derive,
        before_delete: picklists::before_delete,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static MAP_DEPENDENCIES: Resource = Resource {
    name: "map_dependency",
    path: "/settings/layouts/{}/map_dependency",
    key: "map_dependency",
    schema: "MapDependency",
    within: &[Within::Layout, Within::QueryModule],
    rules: &[
        Rule::Mandatory("parent"),
        Rule::Mandatory("child"),
        Rule::Mandatory("pick_list_values"),
        Rule::Fixed("parent"),
        Rule::Fixed("child"),
        Rule::Parts("pick_list_values"),
        Rule::Blank("active", Blank::Is(true)),
        Rule::Blank("internal", Blank::Is(false)),
    ],
    said: [
        "map dependency created successfully",
        "map dependency updated successfully",
        "map dependency deleted successfully",
    ],
    hooks: Hooks {
        prepare: picklists::dependency,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static CUSTOM_VIEWS: Resource = Resource {
    name: "custom_views",
    path: "/settings/custom_views",
    key: "custom_views",
    schema: "CustomView",
    within: &[Within::QueryModule],
    rules: &[
        Rule::Mandatory("name"),
        Rule::Unique("name"),
        Rule::Own("system_defined"),
        Rule::Blank("display_value", Blank::Like("name")),
        Rule::Blank("system_defined", Blank::Is(false)),
        Rule::Blank("default", Blank::Is(false)),
        Rule::Blank("access_type", Blank::Text("only_to_me")),
        Rule::Blank("fields", Blank::Empty),
    ],
    said: [
        "custom view created successfully",
        "custom view updated successfully",
        "custom view deleted successfully",
    ],
    more: &[
        (
            Method::Put,
            "/actions/change_sort",
            Action::Own(picklists::sort_views),
        ),
        (
            Method::Put,
            "/{}/actions/change_sort",
            Action::Own(picklists::sort_view),
        ),
    ],
    hooks: Hooks {
        prepare: api_name,
        ..Hooks::NONE
    },
    ..PLAIN
};
