//! Who sees and changes what: record locks, portals, and mail that is not yet sent.

use super::{Action, Blank, PLAIN, Resource, Rule, Within};
use crate::crm::resources::hooks::{Hooks, people, shares, sharing_rules};
use crate::route::Method;

pub(crate) static LOCKING_CONFIGURATIONS: Resource = Resource {
    name: "record_locking_configurations",
    path: "/settings/record_locking_configurations",
    key: "record_locking_configurations",
    schema: "RecordLockingConfiguration",
    within: &[Within::QueryModule],
    rules: &[
        Rule::Mandatory("lock_type"),
        Rule::Mandatory("locked_for"),
        Rule::Known("lock_type"),
        Rule::Known("locked_for"),
        Rule::Parts("locking_rules"),
        Rule::Own("system_defined"),
        Rule::Blank("system_defined", Blank::Is(false)),
        Rule::Blank("feature_type", Blank::Text("record_locking")),
        Rule::Blank("lock_for_portal_users", Blank::Is(false)),
    ],
    said: [
        "record locking configuration created successfully",
        "record locking configuration updated successfully",
        "record locking configuration deleted successfully",
    ],
    ..PLAIN
};

pub(crate) static RECORD_LOCKS: Resource = Resource {
    name: "record_locks",
    path: "/{}/{}/Locking_Information__s",
    key: "data",
    schema: "RecordLock",
    within: &[Within::Module, Within::Record],
    rules: &[
        Rule::Mandatory("Locked_Reason__s"),
        Rule::Longest("Locked_Reason__s", 3_000),
    ],
    said: [
        "record locked successfully",
        "record updated",
        "record unlocked successfully",
    ],
    hooks: Hooks {
        prepare: people::lock,
        derive: people::locked,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static PORTALS: Resource = Resource {
    name: "portals",
    path: "/settings/portals",
    key: "portals",
    schema: "Portal",
    rules: &[
        Rule::Mandatory("name"),
        Rule::Unique("name"),
        Rule::Longest("name", 30),
        Rule::Own("zaid"),
        Rule::Own("active"),
        Rule::Own("login_url"),
        Rule::Blank("active", Blank::Is(true)),
    ],
    named: Some("name"),
    said: [
        "portal created successfully",
        "portal updated successfully",
        "portal deleted successfully",
    ],
    ..PLAIN
};

pub(crate) static PORTAL_USER_TYPES: Resource = Resource {
    name: "user_type",
    path: "/settings/portals/{}/user_type",
    key: "user_type",
    schema: "PortalUserType",
    within: &[Within::Of("portals")],
    rules: &[
        Rule::Mandatory("name"),
        Rule::Mandatory("personality_module"),
        Rule::Mandatory("modules"),
        Rule::Unique("name"),
        Rule::Longest("name", 255),
        Rule::Refers("personality_module", "modules"),
        Rule::Own("default"),
        Rule::Own("no_of_users"),
        Rule::Own("active_user_count"),
        Rule::Own("deactive_user_count"),
        Rule::Blank("default", Blank::Is(false)),
        Rule::Blank("active", Blank::Is(true)),
        Rule::Blank("no_of_users", Blank::Number(0)),
        Rule::Blank("active_user_count", Blank::Number(0)),
        Rule::Blank("deactive_user_count", Blank::Number(0)),
    ],
    said: [
        "user type created successfully",
        "user type updated successfully",
        "user type deleted successfully",
    ],
    ..PLAIN
};

pub(crate) static UNSUBSCRIBE_LINKS: Resource = Resource {
    name: "unsubscribe_links",
    path: "/settings/unsubscribe_links",
    key: "unsubscribe_links",
    schema: "UnsubscribeLink",
    rules: &[
        Rule::Mandatory("name"),
        Rule::Mandatory("page_type"),
        Rule::Unique("name"),
        Rule::Known("page_type"),
    ],
    said: [
        "unsubscribe link created successfully",
        "unsubscribe link updated successfully",
        "unsubscribe link deleted successfully",
    ],
    more: &[(
        Method::Get,
        "//settings/unsubscribe_link/actions/associations",
        Action::Own(people::link_associations),
    )],
    ..PLAIN
};

pub(crate) static EMAIL_DRAFTS: Resource = Resource {
    name: "__email_drafts",
    path: "/{}/{}/__email_drafts",
    key: "__email_drafts",
    schema: "EmailDraft",
    within: &[Within::Module, Within::Record],
    rules: &[
        Rule::Mandatory("from"),
        Rule::Longest("from", 100),
        Rule::Longest("reply_to", 100),
        Rule::Longest("subject", 512),
        Rule::Own("owner"),
        Rule::Own("$sharing_permission"),
        Rule::Blank("rich_text", Blank::Is(true)),
        Rule::Blank("email_opt_out", Blank::Is(false)),
    ],
    said: [
        "Draft saved successfully",
        "Draft updated successfully",
        "Draft deleted successfully",
    ],
    hooks: Hooks {
        derive: people::draft,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static RECORD_SHARES: Resource = Resource {
    name: "share",
    path: "/{}/{}/actions/share",
    key: "share",
    schema: "RecordShare",
    within: &[Within::Module, Within::Record],
    rules: &[
        Rule::Mandatory("shared_with"),
        Rule::Mandatory("permission"),
        Rule::Known("permission"),
        Rule::Known("type"),
        Rule::Own("shared_by"),
        Rule::Own("shared_time"),
        Rule::Own("shared_through"),
        Rule::Blank("type", Blank::Text("private")),
        Rule::Blank("share_related_records", Blank::Is(false)),
    ],
    said: [
        "record will be shared successfully",
        "record will be shared successfully",
        "Sharing Revoked",
    ],
    more: &[
        (Method::Put, "", Action::Own(shares::replace)),
        (Method::Delete, "", Action::Own(shares::revoke)),
    ],
    hooks: Hooks {
        prepare: shares::check,
        derive: shares::shown,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static DATA_SHARING: Resource = Resource {
    name: "data_sharing",
    path: "/settings/data_sharing",
    key: "data_sharing",
    schema: "DataSharing",
    rules: &[
        Rule::Mandatory("module"),
        Rule::Mandatory("share_type"),
        Rule::Known("share_type"),
        Rule::Refers("module", "modules"),
        Rule::Own("rule_computation_running"),
        Rule::Blank("public_in_portals", Blank::Is(false)),
        Rule::Blank("rule_computation_running", Blank::Is(false)),
    ],
    said: ["data sharing updated successfully"; 3],
    more: &[(Method::Put, "", Action::Own(shares::update_data_sharing))],
    ..PLAIN
};

pub(crate) static SHARING_RULES: Resource = Resource {
    name: "sharing_rules",
    path: "/settings/data_sharing/rules",
    key: "sharing_rules",
    schema: "SharingRule",
    within: &[Within::QueryModule],
    rules: &[
        Rule::Mandatory("name"),
        Rule::Mandatory("type"),
        Rule::Mandatory("permission_type"),
        Rule::Mandatory("shared_to"),
        Rule::Unique("name"),
        Rule::Known("type"),
        Rule::Known("permission_type"),
        Rule::Own("module"),
        Rule::Own("status"),
        Rule::Own("match_limit_exceeded"),
        Rule::Blank("superiors_allowed", Blank::Is(false)),
        Rule::Blank("status", Blank::Text("active")),
        Rule::Blank("match_limit_exceeded", Blank::Is(false)),
    ],
    said: [
        "sharing rule created successfully",
        "sharing rule updated successfully",
        "sharing rule deleted successfully",
    ],
    more: &[
        (
            Method::Put,
            "/{}/actions/activate",
            Action::Own(sharing_rules::activate),
        ),
        (
            Method::Delete,
            "/{}/actions/activate",
            Action::Own(sharing_rules::deactivate),
        ),
        (Method::Post, "/search", Action::Own(sharing_rules::search)),
        (
            Method::Get,
            "/actions/summary",
            Action::Own(sharing_rules::summary),
        ),
        (
            Method::Post,
            "/actions/summary",
            Action::Own(sharing_rules::summary),
        ),
        (Method::Post, "/actions/run", Action::Own(sharing_rules::run)),
    ],
    hooks: Hooks {
        prepare: sharing_rules::check,
        derive: sharing_rules::shown,
        ..Hooks::NONE
    },
    ..PLAIN
};
