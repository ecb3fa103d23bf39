//! What belongs to the organization itself: its addresses, people, tags, documents and modules.

use super::{Action, Blank, Kind, PLAIN, Parent, Type, amount, field, flag, id, text};
use crate::books::hooks::{Hooks, tags, users};
use crate::books::{files, hooks, modules};
use crate::route::Method;

pub(crate) static ADDRESSES: Type = Type {
    name: "organization_addresses",
    path: "/organizations/address",
    wrapper: "organization_address",
    list: "organization_addresses",
    id: "organization_address_id",
    noun: "Address",
    created: "The address has been added.",
    updated: "The address has been updated.",
    deleted: "The address has been deleted.",
    fields: &[
        text("street_address1").row(),
        text("street_address2").row(),
        text("city").row(),
        text("state").row(),
        text("state_code").row(),
        text("country").row(),
        text("country_code").row(),
        text("zip").row(),
        text("phone").row(),
        text("fax").row(),
    ],
    ..PLAIN
};

pub(crate) static EMPLOYEES: Type = Type {
    name: "employees",
    path: "/employees",
    wrapper: "employee",
    list: "employees",
    id: "employee_id",
    noun: "Employee",
    created: "The employee has been created.",
    updated: "The employee has been updated.",
    deleted: "The employee has been deleted.",
    report: "Employees",
    fields: &[
        text("name")
            .row()
            .searched()
            .required(2, "Invalid value passed for name"),
        text("email").row().searched(),
    ],
    more: &[(Method::Delete, "/employee/{}", Action::Delete)],
    ..PLAIN
};

/// The users of a project: those of the organization, or people who were invited.
pub(crate) static PROJECT_USERS: Type = Type {
    name: "project_users",
    path: "/projects/{}/users",
    wrapper: "user",
    list: "users",
    id: "user_id",
    noun: "User",
    parent: Some(Parent {
        name: "projects",
        field: "project_id",
    }),
    created: "The staff has been added.",
    updated: "The project user information has been updated.",
    deleted: "The staff has been removed from the project.",
    status: "active",
    fields: &[
        text("user_name").row().searched(),
        text("email").row().required(2, "Invalid value passed for email"),
        text("user_role").row().blank(Blank::Text("staff")),
        amount("rate").row(),
        amount("cost_rate").row(),
        text("budget_hours").row(),
        text("total_hours").row().own().blank(Blank::Text("00:00")),
        text("billed_hours").row().own().blank(Blank::Text("00:00")),
        text("un_billed_hours").row().own().blank(Blank::Text("00:00")),
        flag("is_current_user").row().own(),
    ],
    more: &[
        (Method::Post, "/projects/{}/users/invite", Action::Create),
        (Method::Post, "/projects/{}/users", Action::Deed(users::add)),
    ],
    ..PLAIN
};

pub(crate) static DOCUMENTS: Type = Type {
    name: "documents",
    path: "/documents",
    wrapper: "document",
    list: "documents",
    id: "document_id",
    noun: "Document",
    created: "The document has been added.",
    updated: "The document has been updated.",
    deleted: "The document has been deleted.",
    report: "Documents",
    fields: &[
        text("file_name").row().searched(),
        text("file_type").row(),
        text("document_type").row().own(),
        field("file_size", Kind::Integer).row().own(),
        field("attachment_order", Kind::Integer).row(),
        flag("can_send_in_mail").row(),
        flag("can_show_in_portal").row(),
        text("source").row().own().blank(Blank::Text("api")),
        text("uploaded_by").row().own(),
        id("entity_id").own(),
        field("slot", Kind::Integer).own(),
    ],
    more: &[(Method::Get, "/documents/{}", Action::Deed(files::download))],
    hooks: Hooks {
        settled: files::dropped,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static REPORTING_TAGS: Type = Type {
    name: "reportingtags",
    path: "/reportingtags",
    wrapper: "tag",
    list: "reporting_tags",
    id: "tag_id",
    noun: "Reporting tag",
    created: "The reporting tag has been created.",
    updated: "The reporting tag has been updated.",
    deleted: "The reporting tag has been deleted.",
    sort: ("tag_order", 'A'),
    fields: &[
        text("tag_name")
            .row()
            .searched()
            .unique(1001, "Reporting tag \"{}\" already exists.")
            .required(2, "Invalid value passed for tag_name"),
        field("tag_order", Kind::Integer).row().own(),
        text("description").row(),
        flag("is_active").row().own().blank(Blank::True),
        flag("is_mandatory").row(),
        flag("is_class").row().own(),
        flag("is_draft").row().own(),
        field("entities", Kind::List).row(),
        field("multi_preference_entities", Kind::Object).row(),
        field("criteria_tags", Kind::List),
    ],
    more: &[
        (
            Method::Post,
            "/reportingtags/{}/active",
            Action::Mark("is_active", true, "The reporting tag has been marked as active."),
        ),
        (
            Method::Post,
            "/reportingtags/{}/inactive",
            Action::Mark(
                "is_active",
                false,
                "The reporting tag has been marked as inactive.",
            ),
        ),
        (Method::Put, "/reportingtags/reorder", Action::Deed(tags::reorder)),
        (
            Method::Put,
            "/reportingtags/{}/criteria",
            Action::Deed(tags::criteria),
        ),
        (Method::Post, "/reportingtags/{}", Action::Deed(tags::set_default)),
    ],
    hooks: Hooks {
        prepare: tags::number,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static TAG_OPTIONS: Type = Type {
    name: "tag_options",
    path: "/reportingtags/{}/options",
    wrapper: "option",
    list: "results",
    id: "option_id",
    noun: "Option",
    parent: Some(Parent {
        name: "reportingtags",
        field: "tag_id",
    }),
    fields: &[
        text("option_name")
            .row()
            .required(2, "Invalid value passed for option_name"),
        field("depth", Kind::Integer).row().own(),
        flag("is_active").row().own().blank(Blank::True),
        flag("is_default").row().own(),
        field("children", Kind::List).row().own(),
        field("criteria_options", Kind::List).row(),
    ],
    more: &[
        (
            Method::Put,
            "/reportingtags/{}/options",
            Action::Deed(tags::set_options),
        ),
        (Method::Get, "/reportingtags/{}/options/all", Action::List),
        (
            Method::Post,
            "/reportingtags/{}/option/{}/active",
            Action::Deed(tags::activate),
        ),
        (
            Method::Post,
            "/reportingtags/{}/option/{}/inactive",
            Action::Deed(tags::deactivate),
        ),
    ],
    ..PLAIN
};

pub(crate) static CUSTOM_MODULES: Type = Type {
    name: "custom_modules",
    path: "/settings/modules",
    wrapper: "module",
    list: "modules",
    id: "module_id",
    noun: "Module",
    named: "module_api_name",
    created: "The module has been created.",
    updated: "The module has been updated.",
    deleted: "The module has been deleted.",
    report: "Modules",
    fields: &[
        text("module_name")
            .row()
            .searched()
            .unique(1001, "Module \"{}\" already exists.")
            .required(2, "Invalid value passed for module_name"),
        text("plural_name")
            .row()
            .required(2, "Invalid value passed for plural_name"),
        text("module_api_name").row().own(),
        text("singular_name").row().own(),
        flag("is_active").row().own().blank(Blank::True),
        id("parent_module_id"),
        text("record_name"),
        text("description"),
        text("shared_type"),
        flag("is_reporting_tags_supported"),
        flag("can_send_mail"),
        flag("can_attach_documents"),
        flag("can_show_pdf_view"),
        field("module_permission", Kind::List),
        field("module_visibility", Kind::List),
        field("allowed_apps", Kind::List),
    ],
    hooks: Hooks {
        prepare: hooks::users::name_module,
        ..Hooks::NONE
    },
    ..PLAIN
};

/// Records of custom modules; the first word of the address is the module's name.
pub(crate) static CUSTOM_MODULE_RECORDS: Type = Type {
    name: "custom_module_records",
    path: "/{}",
    wrapper: "module_record",
    list: "module_record",
    id: "module_record_id",
    noun: "Module record",
    parent: Some(Parent {
        name: "custom_modules",
        field: "module_id",
    }),
    deleted: "Module record deleted",
    status: "active",
    report: "Module Records",
    custom: true,
    fields: &[text("record_name")
        .row()
        .searched()
        .required(2, "Invalid value passed for record_name")],
    more: &[
        (Method::Get, "/{}", Action::Deed(modules::list)),
        (Method::Post, "/{}", Action::Deed(modules::create)),
        (Method::Put, "/{}", Action::Deed(modules::update_named)),
        (Method::Delete, "/{}", Action::Deed(modules::delete_several)),
        (Method::Get, "/{}/{}", Action::Deed(modules::get)),
        (Method::Put, "/{}/{}", Action::Deed(modules::update)),
        (Method::Delete, "/{}/{}", Action::Deed(modules::delete)),
    ],
    ..PLAIN
};
