//! Settings of which there is one, and what is asked for once: preferences and exports.

use super::{Blank, PLAIN, Resource, Rule, Within, Wrap};
use crate::crm::resources::hooks::{Hooks, people};

pub(crate) static FISCAL_YEAR: Resource = Resource {
    name: "fiscal_year",
    path: "/settings/fiscal_year",
    key: "fiscal_year",
    schema: "FiscalYear",
    wrap: Wrap::Always,
    rules: &[
        Rule::Known("calendar_type"),
        Rule::Known("display_based_on"),
        Rule::Known("interval_display_option"),
        Rule::Blank("calendar_type", Blank::Text("gregorian")),
        Rule::Blank("start_month", Blank::Text("JANUARY")),
        Rule::Blank("display_based_on", Blank::Text("start_month")),
    ],
    said: ["fiscal year updated successfully"; 3],
    ..PLAIN
};

pub(crate) static CALL_PREFERENCES: Resource = Resource {
    name: "call_preferences",
    path: "/settings/call_preferences",
    key: "call_preferences",
    schema: "CallPreferences",
    wrap: Wrap::Always,
    rules: &[
        Rule::Blank("show_from_number", Blank::Is(true)),
        Rule::Blank("show_to_number", Blank::Is(true)),
    ],
    said: ["call preferences updated successfully"; 3],
    ..PLAIN
};

pub(crate) static APPOINTMENT_PREFERENCES: Resource = Resource {
    name: "appointment_preferences",
    path: "/settings/appointment_preferences",
    key: "appointment_preferences",
    schema: "AppointmentPreferences",
    wrap: Wrap::Always,
    rules: &[
        Rule::Known("when_appointment_completed"),
        Rule::Known("when_duration_exceeds"),
        Rule::Blank("show_job_sheet", Blank::Is(true)),
        Rule::Blank("allow_booking_outside_businesshours", Blank::Is(false)),
        Rule::Blank("allow_booking_outside_service_availability", Blank::Is(false)),
        Rule::Blank("when_appointment_completed", Blank::Text("do_not_create_deal")),
        Rule::Blank("when_duration_exceeds", Blank::Text("mark_as_complete")),
    ],
    said: ["Appointments preferences updated successfully"; 3],
    ..PLAIN
};

pub(crate) static SERVICE_PREFERENCES: Resource = Resource {
    name: "service_preferences",
    path: "/settings/service_preferences",
    key: "service_preferences",
    schema: "ServicePreferences",
    wrap: Wrap::Always,
    rules: &[
        Rule::Mandatory("job_sheet_enabled"),
        Rule::Blank("job_sheet_enabled", Blank::Is(true)),
    ],
    said: ["Services preferences updated successfully"; 3],
    ..PLAIN
};

pub(crate) static DUPLICATE_CHECK_PREFERENCE: Resource = Resource {
    name: "duplicate_check_preference",
    path: "/settings/duplicate_check_preference",
    key: "duplicate_check_preference",
    schema: "DuplicateCheckPreference",
    wrap: Wrap::Once,
    within: &[Within::QueryModule],
    rules: &[Rule::Mandatory("type"), Rule::Known("type")],
    said: [
        "duplicate check preference created successfully",
        "duplicate check preference updated successfully",
        "duplicate check preference deleted successfully",
    ],
    ..PLAIN
};

pub(crate) static AUDIT_LOG_EXPORTS: Resource = Resource {
    name: "audit_log_export",
    path: "/settings/audit_log_export",
    key: "audit_log_export",
    schema: "AuditLogExport",
    said: ["Audit log export scheduled successfully"; 3],
    hooks: Hooks {
        derive: people::export,
        ..Hooks::NONE
    },
    ..PLAIN
};
