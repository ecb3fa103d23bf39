//! Who works with the CRM and when: roles, profiles, groups, territories, hours and absences.

use super::{Action, Blank, PLAIN, Resource, Rule, Wrap};
use crate::crm::resources::hooks::{Hooks, api_name, groups, people, territories};
use crate::route::Method;

pub(crate) static ROLES: Resource = Resource {
    name: "roles",
    path: "/settings/roles",
    key: "roles",
    schema: "Role",
    rules: &[
        Rule::Mandatory("name"),
        Rule::Unique("name"),
        Rule::Longest("name", 100),
        Rule::Refers("reporting_to", "roles"),
        Rule::Refers("forecast_manager", "users"),
        Rule::Blank("reporting_to", Blank::Null),
        Rule::Blank("forecast_manager", Blank::Null),
        Rule::Blank("share_with_peers", Blank::Is(false)),
        Rule::Blank("display_label", Blank::Like("name")),
    ],
    said: ["Role added", "Role updated", "Role Deleted"],
    needs: &["transfer_to_id"],
    hooks: Hooks {
        prepare: people::role,
        before_delete: people::leave_role,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static PROFILES: Resource = Resource {
    name: "profiles",
    path: "/settings/profiles",
    key: "profiles",
    schema: "Profile",
    rules: &[
        Rule::Mandatory("name"),
        Rule::Unique("name"),
        Rule::Longest("name", 50),
        Rule::Longest("description", 250),
        Rule::Own("type"),
        Rule::Own("custom"),
        Rule::Own("default"),
        Rule::Parts("permissions_details"),
        Rule::Blank("type", Blank::Text("normal_profile")),
        Rule::Blank("custom", Blank::Is(true)),
        Rule::Blank("default", Blank::Is(false)),
        Rule::Blank("display_label", Blank::Like("name")),
        Rule::Blank("permissions_details", Blank::Empty),
        Rule::Blank("sections", Blank::Empty),
    ],
    said: [
        "profile added successfully",
        "profile updated successfully",
        "profile deleted successfully",
    ],
    needs: &["transfer_to_id"],
    more: &[(Method::Post, "/{}/actions/clone", Action::Clone)],
    hooks: Hooks {
        prepare: api_name,
        before_delete: people::leave_profile,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static USER_GROUPS: Resource = Resource {
    name: "user_groups",
    path: "/settings/user_groups",
    key: "user_groups",
    schema: "UserGroup",
    rules: &[
        Rule::Mandatory("name"),
        Rule::Mandatory("sources"),
        Rule::Unique("name"),
        Rule::Longest("name", 250),
        Rule::Own("sources_count"),
    ],
    said: [
        "user group created successfully",
        "user group updated successfully",
        "user group deleted successfully",
    ],
    more: &[
        (Method::Get, "/{}/sources", Action::Own(groups::sources)),
        (
            Method::Get,
            "/{}/actions/sources_count",
            Action::Own(groups::source_counts),
        ),
        (
            Method::Get,
            "/{}/actions/associations",
            Action::Own(groups::associations),
        ),
        (
            Method::Get,
            "/actions/associated_users_count",
            Action::Own(groups::user_counts),
        ),
        (
            Method::Get,
            "//users/{}/actions/associated_groups",
            Action::Own(groups::of_user),
        ),
    ],
    hooks: Hooks {
        prepare: groups::check,
        derive: groups::derive,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static TERRITORIES: Resource = Resource {
    name: "territories",
    path: "/settings/territories",
    key: "territories",
    schema: "Territory",
    rules: &[
        Rule::Mandatory("name"),
        Rule::Mandatory("permission_type"),
        Rule::Unique("name"),
        Rule::Longest("name", 50),
        Rule::Longest("description", 100),
        Rule::Known("permission_type"),
        Rule::Refers("reporting_to", "territories"),
        Rule::Refers("manager", "users"),
        Rule::Blank("reporting_to", Blank::Null),
        Rule::Blank("manager", Blank::Null),
    ],
    most: 10,
    said: [
        "territory created successfully",
        "territory updated successfully",
        "territory deleted successfully",
    ],
    more: &[
        (
            Method::Get,
            "/{}/__child_territories",
            Action::Own(territories::children),
        ),
        (
            Method::Post,
            "/actions/transfer_and_delete",
            Action::Own(territories::transfer_several),
        ),
        (
            Method::Post,
            "/{}/actions/transfer_and_delete",
            Action::Own(territories::transfer),
        ),
        (
            Method::Get,
            "/actions/associated_users_count",
            Action::Own(territories::user_counts),
        ),
        (Method::Get, "/{}/users", Action::Own(territories::users::users)),
        (Method::Get, "/{}/users/{}", Action::Own(territories::users::user)),
        (
            Method::Put,
            "/{}/users",
            Action::Own(territories::users::add_users),
        ),
        (
            Method::Put,
            "/{}/users/{}",
            Action::Own(territories::users::add_user),
        ),
        (
            Method::Delete,
            "/{}/users",
            Action::Own(territories::users::drop_users),
        ),
        (
            Method::Delete,
            "/{}/users/{}",
            Action::Own(territories::users::drop_user),
        ),
        (
            Method::Get,
            "//users/{}/territories",
            Action::Own(territories::users::of_user),
        ),
        (
            Method::Get,
            "//users/{}/territories/{}",
            Action::Own(territories::users::one_of_user),
        ),
        (
            Method::Put,
            "//users/{}/territories",
            Action::Own(territories::users::give_user),
        ),
        (
            Method::Delete,
            "//users/{}/territories",
            Action::Own(territories::users::drop_of_user),
        ),
        (
            Method::Delete,
            "//users/{}/territories/{}",
            Action::Own(territories::users::drop_one_of_user),
        ),
        (
            Method::Post,
            "//{}/actions/assign_territories",
            Action::Own(territories::records::assign),
        ),
        (
            Method::Post,
            "//{}/{}/actions/assign_territories",
            Action::Own(territories::records::assign),
        ),
        (
            Method::Post,
            "//{}/actions/remove_territories",
            Action::Own(territories::records::remove),
        ),
        (
            Method::Post,
            "//{}/{}/actions/remove_territories",
            Action::Own(territories::records::remove),
        ),
    ],
    hooks: Hooks {
        prepare: territories::check,
        before_delete: territories::before_delete,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static USERS_UNAVAILABILITY: Resource = Resource {
    name: "users_unavailability",
    path: "/settings/users_unavailability",
    key: "users_unavailability",
    schema: "Unavailability",
    rules: &[
        Rule::Mandatory("user"),
        Rule::Mandatory("from"),
        Rule::Mandatory("to"),
        Rule::Longest("comments", 250),
        Rule::Refers("user", "users"),
        Rule::Blank("all_day", Blank::Is(false)),
    ],
    said: ["Unavailability Hours saved successfully"; 3],
    hooks: Hooks {
        prepare: people::absence,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static SHIFT_HOURS: Resource = Resource {
    name: "shift_hours",
    path: "/settings/business_hours/shift_hours",
    key: "shift_hours",
    schema: "Shift",
    rules: &[
        Rule::Mandatory("name"),
        Rule::Unique("name"),
        Rule::Longest("name", 100),
        Rule::Own("users_count"),
        Rule::Parts("break_hours"),
        Rule::Blank("users", Blank::Empty),
        Rule::Blank("break_hours", Blank::Empty),
    ],
    said: [
        "Shift Hours saved successfully",
        "Shift Hours saved successfully",
        "Shift Hours deleted successfully",
    ],
    hooks: Hooks {
        derive: people::shift,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static HOLIDAYS: Resource = Resource {
    name: "holidays",
    path: "/settings/holidays",
    key: "holidays",
    schema: "Holiday",
    rules: &[
        Rule::Mandatory("name"),
        Rule::Mandatory("date"),
        Rule::Mandatory("type"),
        Rule::Longest("name", 80),
        Rule::Known("type"),
        Rule::Fixed("type"),
        Rule::Own("year"),
        Rule::Refers("shift_hour", "shift_hours"),
    ],
    filters: &[("type", "/type"), ("year", "/year"), ("shift_id", "/shift_hour")],
    said: [
        "Holiday created successfully",
        "Holiday updated successfully",
        "Holiday deleted successfully",
    ],
    hooks: Hooks {
        prepare: people::holiday,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static BUSINESS_HOURS: Resource = Resource {
    name: "business_hours",
    path: "/settings/business_hours",
    key: "business_hours",
    schema: "WorkingWeek",
    wrap: Wrap::Once,
    rules: &[
        Rule::Mandatory("week_starts_on"),
        Rule::Mandatory("type"),
        Rule::Known("type"),
    ],
    said: ["Business Hours saved successfully"; 3],
    ..PLAIN
};
