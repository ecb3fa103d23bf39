//! Projects, their tasks, and the time spent on them.

use super::{
    Action, Blank, FileSlot, Kind, Numbering, PLAIN, Parent, Type, amount, field, flag, id, step, text,
};
use crate::books::tweaks;
use crate::route::Method;

pub(crate) static PROJECTS: Type = Type {
    name: "projects",
    path: "/projects",
    wrapper: "project",
    list: "projects",
    id: "project_id",
    noun: "Project",
    created: "The project has been created.",
    updated: "The project information has been updated.",
    deleted: "The project has been deleted.",
    status: "active",
    report: "Projects",
    sort: ("created_time", 'D'),
    custom: true,
    fields: &[
        text("project_name")
            .row()
            .searched()
            .required(2, "Invalid value passed for project_name"),
        id("customer_id")
            .row()
            .refers("contacts")
            .required(2, "Invalid value passed for customer_id"),
        text("customer_name")
            .row()
            .from("customer_id", "contacts", "contact_name")
            .searched(),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("description").row().searched(),
        text("billing_type").row(),
        amount("rate").row(),
        text("budget_type").row(),
        text("total_hours").row().own(),
        amount("total_amount").row().own(),
        text("billed_hours").row().own(),
        amount("billed_amount").row().own(),
        text("un_billed_hours").row().own(),
        amount("un_billed_amount").row().own(),
        text("billable_hours").row().own(),
        amount("billable_amount").row().own(),
        text("non_billable_hours").row().own(),
        amount("non_billable_amount").row().own(),
        amount("cost_budget_amount").row(),
        flag("is_recurrence_associated").row().own(),
        field("recurring_invoices", Kind::List).row().own(),
        flag("show_in_dashboard").row().own(),
        field("tasks", Kind::List).row(),
        field("users", Kind::List).row(),
        id("currency_id").refers("currencies"),
        text("budget_hours"),
        amount("budget_amount"),
        id("user_id"),
    ],
    steps: &[
        step(
            "/active",
            "active",
            &["active", "inactive"],
            "The selected Projects have been marked as active.",
        ),
        step(
            "/inactive",
            "inactive",
            &["active", "inactive"],
            "The selected projects have been marked as inactive.",
        ),
    ],
    more: &[(
        Method::Get,
        "/projects/{}/invoices",
        Action::Related("invoices", "project_id", "invoices"),
    )],
    ..PLAIN
};

/// The tasks of a project.
pub(crate) static PROJECT_TASKS: Type = Type {
    name: "project_tasks",
    path: "/projects/{}/tasks",
    wrapper: "task",
    list: "task",
    id: "task_id",
    noun: "Task",
    parent: Some(Parent {
        name: "projects",
        field: "project_id",
    }),
    created: "The project information has been updated.",
    updated: "The project task information has been updated.",
    deleted: "The project task has been deleted successfully.",
    status: "open",
    report: "Tasks",
    fields: &[
        id("currency_id").row().refers("currencies").own(),
        id("customer_id")
            .row()
            .from("project_id", "projects", "customer_id"),
        text("task_name")
            .row()
            .searched()
            .required(2, "Invalid value passed for task_name"),
        text("project_name")
            .row()
            .from("project_id", "projects", "project_name"),
        text("customer_name")
            .row()
            .from("customer_id", "contacts", "contact_name")
            .searched(),
        text("billed_hours").row().own(),
        text("log_time").row().own(),
        text("un_billed_hours").row().own(),
        text("description").row().searched(),
        amount("rate").row(),
        flag("is_billable").row().own(),
        text("budget_hours").row(),
        text("total_hours").row().own(),
        text("non_billable_hours").row().own(),
        text("task_custom_fields").row().own(),
        flag("has_attachment").row().own(),
    ],
    ..PLAIN
};

/// The tasks of an organization, which may belong to a contact or a transaction.
pub(crate) static TASKS: Type = Type {
    name: "tasks",
    path: "/tasks",
    wrapper: "task",
    list: "tasks",
    id: "task_id",
    noun: "Task",
    created: "The task has been created.",
    updated: "The task has been updated.",
    deleted: "The task has been deleted.",
    status: "open",
    report: "Tasks",
    sort: ("created_time", 'D'),
    custom: true,
    numbering: Some(Numbering {
        field: "task_number",
        prefix: "TASK-",
    }),
    fields: &[
        text("title")
            .row()
            .searched()
            .required(2, "Invalid value passed for title"),
        text("task_number").row(),
        text("task_description").row().searched(),
        text("task_type"),
        id("owner_id").row(),
        text("owner_ids").row(),
        field("due_date", Kind::Date).row(),
        text("contact_type").row(),
        id("contact_id").row().refers("contacts"),
        text("contact_name")
            .row()
            .from("contact_id", "contacts", "contact_name")
            .searched(),
        id("related_entity_id").row(),
        text("related_entity_type").row(),
        id("related_sub_entity_id"),
        text("related_sub_entity_type"),
        text("billing_type").row(),
        flag("is_billable").row(),
        amount("task_rate").row(),
        amount("completion_percentage").row(),
        text("priority").row().blank(Blank::Text("normal")),
        flag("can_push").row(),
        field("reminder", Kind::Object),
    ],
    steps: &[
        step(
            "/markascompleted",
            "completed",
            &["open", "ongoing", "completed"],
            "Task status updated",
        ),
        step(
            "/markasongoing",
            "ongoing",
            &["open", "ongoing", "completed"],
            "Task status updated",
        ),
        step(
            "/markasopen",
            "open",
            &["open", "ongoing", "completed"],
            "Task status updated",
        ),
    ],
    more: &[
        (Method::Put, "/tasks", Action::Deed(tweaks::update_several)),
        (
            Method::Post,
            "/tasks/{}/percentage",
            Action::Take(&["completion_percentage"], "The task has been updated."),
        ),
    ],
    files: &[FileSlot {
        path: "/attachment",
        parts: &["attachment"],
        attached: "The document has been attached.",
        detached: "The attachment has been deleted.",
    }],
    ..PLAIN
};

pub(crate) static TIME_ENTRIES: Type = Type {
    name: "timeentries",
    path: "/projects/timeentries",
    wrapper: "time_entry",
    list: "time_entries",
    id: "time_entry_id",
    noun: "Time entry",
    created: "Your timesheet entry has been added.",
    updated: "The timesheet's information has been updated.",
    deleted: "The time entry has been deleted.",
    report: "Time Entries",
    sort: ("log_date", 'D'),
    fields: &[
        id("project_id")
            .row()
            .refers("projects")
            .required(2, "Invalid value passed for project_id"),
        text("project_name")
            .row()
            .from("project_id", "projects", "project_name")
            .searched(),
        id("customer_id").row().refers("contacts").own(),
        text("customer_name")
            .row()
            .from("customer_id", "contacts", "contact_name")
            .searched(),
        id("task_id").row(),
        text("task_name")
            .row()
            .from("task_id", "project_tasks", "task_name")
            .searched(),
        id("user_id").row(),
        text("user_name").row().searched().own(),
        flag("is_current_user").row().own(),
        field("log_date", Kind::Date)
            .row()
            .required(2, "Invalid value passed for log_date"),
        text("begin_time").row(),
        text("end_time").row(),
        text("log_time").row(),
        flag("is_billable").row(),
        text("billed_status").row().own(),
        id("invoice_id").row().own(),
        text("notes").row().searched(),
        text("timer_started_at").row().own(),
        text("timer_started_at_utc_time").row().own(),
        text("timer_duration_in_minutes").row().own(),
        text("timer_duration_in_seconds").row().own(),
        text("timesheet_custom_fields").row().own(),
        amount("cost_rate").row(),
        amount("cost_amount").row().own(),
        text("start_timer"),
    ],
    ..PLAIN
};
