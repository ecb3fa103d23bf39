//! What happens by itself: workflow rules and the actions that they start.

use super::{Action, Blank, PLAIN, Resource, Rule};
use crate::crm::resources::hooks::{Hooks, workflow};
use crate::route::Method;

/// What all actions of workflow rules have in common.
macro_rules! action_rules {
    ($($rule:expr),* $(,)?) => {
        &[
            Rule::Mandatory("name"),
            Rule::Mandatory("module"),
            Rule::Unique("name"),
            Rule::Longest("name", 255),
            Rule::Refers("module", "modules"),
            Rule::Refers("related_module", "modules"),
            Rule::Own("associated"),
            Rule::Own("editable"),
            Rule::Own("deletable"),
            Rule::Own("lock_status"),
            Rule::Blank("associated", Blank::Is(false)),
            Rule::Blank("editable", Blank::Is(true)),
            Rule::Blank("deletable", Blank::Is(true)),
            Rule::Blank("feature_type", Blank::Text("workflow")),
            Rule::Blank("source", Blank::Text("crm")),
            Rule::Blank("notify", Blank::Is(false)),
            $($rule),*
        ]
    };
}

/// An action knows whether a rule starts it, and stays while one does.
const STARTED: Hooks = Hooks {
    derive: workflow::associated,
    before_delete: workflow::keep_started,
    ..Hooks::NONE
};

pub(crate) static WORKFLOW_RULES: Resource = Resource {
    name: "workflow_rules",
    path: "/settings/automation/workflow_rules",
    key: "workflow_rules",
    schema: "WorkflowRule",
    rules: &[
        Rule::Mandatory("name"),
        Rule::Mandatory("module"),
        Rule::Mandatory("execute_when"),
        Rule::Mandatory("conditions"),
        Rule::Unique("name"),
        Rule::Longest("name", 100),
        Rule::Longest("description", 1_000),
        Rule::Refers("module", "modules"),
        Rule::Fixed("module"),
        Rule::Parts("conditions"),
        Rule::Own("editable"),
        Rule::Own("deletable"),
        Rule::Own("deprecated"),
        Rule::Own("last_executed_time"),
        Rule::Blank("editable", Blank::Is(true)),
        Rule::Blank("deletable", Blank::Is(true)),
        Rule::Blank("deprecated", Blank::Is(false)),
        Rule::Blank("source", Blank::Text("crm")),
    ],
    filters: &[
        ("module", "/module"),
        ("status_active", "/status/active"),
        ("execute_on", "/execute_when/type"),
    ],
    said: [
        "workflow created",
        "workflow updated",
        "WorkFlow Rule deleted successfully",
    ],
    more: &[
        (Method::Put, "/actions/reorder", Action::Own(workflow::reorder)),
        (Method::Get, "/actions/rules_count", Action::Own(workflow::count)),
        (
            Method::Get,
            "/actions/module_specific_count",
            Action::Own(workflow::count_by_module),
        ),
        (
            Method::Get,
            "/actions/actions_count",
            Action::Own(workflow::count_actions),
        ),
        (Method::Get, "/{}/actions/usage", Action::Own(workflow::usage)),
    ],
    hooks: Hooks {
        prepare: workflow::check,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static FIELD_UPDATES: Resource = Resource {
    name: "field_updates",
    path: "/settings/automation/field_updates",
    key: "field_updates",
    schema: "FieldUpdate",
    rules: action_rules![
        Rule::Mandatory("field"),
        Rule::Mandatory("type"),
        Rule::Known("type"),
        Rule::Known("update_type"),
    ],
    filters: &[("module", "/module"), ("feature_type", "/feature_type")],
    said: [
        "field update created successfully",
        "field update updated successfully",
        "field update deleted successfully",
    ],
    hooks: Hooks {
        prepare: workflow::field_update,
        ..STARTED
    },
    ..PLAIN
};

pub(crate) static WORKFLOW_TASKS: Resource = Resource {
    name: "tasks",
    path: "/settings/automation/tasks",
    key: "tasks",
    schema: "WorkflowTask",
    rules: action_rules![Rule::Mandatory("field_mappings")],
    filters: &[("module", "/module"), ("feature_type", "/feature_type")],
    said: [
        "task created successfully",
        "task updated successfully",
        "task deleted successfully",
    ],
    hooks: STARTED,
    ..PLAIN
};

pub(crate) static WEBHOOKS: Resource = Resource {
    name: "webhooks",
    path: "/settings/automation/webhooks",
    key: "webhooks",
    schema: "Webhook",
    rules: action_rules![
        Rule::Mandatory("url"),
        Rule::Mandatory("http_method"),
        Rule::Longest("url", 255),
        Rule::Known("http_method"),
    ],
    filters: &[
        ("module", "/module"),
        ("related_module", "/related_module"),
        ("feature_type", "/feature_type"),
    ],
    said: [
        "webhook created successfully",
        "webhook updated successfully",
        "webhook deleted successfully",
    ],
    more: &[(
        Method::Get,
        "/actions/associated_modules",
        Action::Own(workflow::webhook_modules),
    )],
    hooks: STARTED,
    ..PLAIN
};
