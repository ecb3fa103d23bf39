//! What is booked: services, appointments for them, and how often those were put off; and facts that were asked for.

use super::{Action, Blank, PLAIN, Resource, Rule};
use crate::crm::resources::hooks::{Hooks, enrichments, services};
use crate::route::Method;

/// What a record of a module of its own has in common with others.
const RECORD: Resource = Resource {
    key: "data",
    record: true,
    said: ["record added", "record updated", "record deleted"],
    hooks: Hooks {
        prepare: services::owned,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static SERVICES: Resource = Resource {
    name: "services",
    path: "/Services__s",
    schema: "Service",
    title: "Service_Name",
    rules: &[
        Rule::Mandatory("Service_Name"),
        Rule::Mandatory("Duration"),
        Rule::Mandatory("Price"),
        Rule::Mandatory("Availability_Type"),
        Rule::Mandatory("Members"),
        Rule::Mandatory("Location"),
        Rule::Longest("Service_Name", 120),
        Rule::Longest("Availability_Type", 100),
        Rule::Longest("Location", 100),
        Rule::Refers("Owner", "users"),
        Rule::Own("Created_By"),
        Rule::Own("Modified_By"),
        Rule::Own("Created_Time"),
        Rule::Own("Modified_Time"),
    ],
    most: 100,
    ..RECORD
};

pub(crate) static APPOINTMENTS: Resource = Resource {
    name: "appointments",
    path: "/Appointments__s",
    schema: "Appointment",
    title: "Appointment_Name",
    rules: &[
        Rule::Mandatory("Owner"),
        Rule::Mandatory("Appointment_Start_Time"),
        Rule::Mandatory("Appointment_For"),
        Rule::Mandatory("Service_Name"),
        Rule::Known("Location"),
        Rule::Longest("Address", 255),
        Rule::Longest("Cancellation_Reason", 120),
        Rule::Refers("Owner", "users"),
        Rule::Refers("Service_Name", "services"),
        Rule::Blank("Reschedule_Count", Blank::Number(0)),
        Rule::Own("Created_By"),
        Rule::Own("Modified_By"),
        Rule::Own("Created_Time"),
        Rule::Own("Modified_Time"),
    ],
    ..RECORD
};

pub(crate) static RESCHEDULES: Resource = Resource {
    name: "reschedules",
    path: "/Appointments_Rescheduled_History__s",
    schema: "Reschedule",
    title: "Name",
    rules: &[
        Rule::Mandatory("Appointment_Name"),
        Rule::Mandatory("Rescheduled_To"),
        Rule::Refers("Appointment_Name", "appointments"),
        Rule::Refers("Rescheduled_By", "users"),
        Rule::Own("Created_By"),
        Rule::Own("Modified_By"),
        Rule::Own("Created_Time"),
        Rule::Own("Modified_Time"),
    ],
    hooks: Hooks::NONE,
    ..RECORD
};

/// Facts about somebody or something, looked for by what was sent. The mock knows none, so every search ends without.
const ENRICHMENT: Resource = Resource {
    schema: "Enrichment",
    rules: &[
        Rule::Mandatory("enrich_based_on"),
        Rule::Own("status"),
        Rule::Own("enriched_data"),
        Rule::Blank("status", Blank::Text("DATA_NOT_FOUND")),
    ],
    filters: &[("status", "/status")],
    most: 50,
    said: ["The record enrichment is scheduled successfully"; 3],
    more: &[(Method::Post, "", Action::Own(enrichments::schedule))],
    ..PLAIN
};

pub(crate) static ORG_ENRICHMENTS: Resource = Resource {
    name: "__zia_org_enrichment",
    path: "/__zia_org_enrichment",
    key: "__zia_org_enrichment",
    ..ENRICHMENT
};

pub(crate) static PEOPLE_ENRICHMENTS: Resource = Resource {
    name: "__zia_people_enrichment",
    path: "/__zia_people_enrichment",
    key: "__zia_people_enrichment",
    ..ENRICHMENT
};
