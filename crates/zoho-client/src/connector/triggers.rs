//! The triggers, described.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::actions::channels::{AFFECTED_VALUES, CHANNEL_EXPIRY, CONDITION, EVENTS, RELATED_ACTION, TOKEN};
use super::input::{CONNECTION, Input, Kind};
use super::schema;

/// A trigger: something that starts what a host platform runs.
#[derive(Clone, Copy, Serialize)]
#[non_exhaustive]
pub struct Trigger {
    /// The name to call it by.
    pub key: &'static str,
    /// The name that users see.
    pub label: &'static str,
    /// What it tells of.
    pub description: &'static str,
    /// Whether it asks on a schedule; else Zoho calls.
    pub polling: bool,
    /// What it takes.
    pub inputs: &'static [Input],
}

impl Trigger {
    /// The inputs as a JSON Schema, draft 2020-12.
    #[must_use]
    pub fn schema(&self) -> Value {
        schema::of(self.key, self.description, self.inputs)
    }
}

impl fmt::Debug for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trigger")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

const fn polling(key: &'static str, label: &'static str, description: &'static str) -> Trigger {
    Trigger {
        key,
        label,
        description,
        polling: true,
        inputs: &[CONNECTION],
    }
}

/// All triggers.
pub(super) const ALL: &[Trigger] = &[
    Trigger {
        key: "crm_notifications",
        label: "CRM Notifications",
        description: "Tells of changes in CRM as they happen. Its notification channel is opened when the trigger is deployed, \
                      kept open, and closed when it is removed.",
        polling: false,
        inputs: &[
            CONNECTION,
            Input::new(
                "channel_id",
                "Channel ID",
                Kind::Integer(i64::MIN, i64::MAX),
                "The number of the channel. Without one, a number is made up.",
            ),
            EVENTS,
            TOKEN,
            CHANNEL_EXPIRY,
            AFFECTED_VALUES,
            RELATED_ACTION,
            CONDITION,
        ],
    },
    polling(
        "books_contacts",
        "New and Updated Books Contacts",
        "Tells of contacts in Books that were made or changed since it last asked.",
    ),
    polling(
        "crm_contacts",
        "New and Updated CRM Contacts",
        "Tells of contacts in CRM that were made or changed since it last asked.",
    ),
    polling(
        "crm_leads",
        "New and Updated CRM Leads",
        "Tells of leads in CRM that were made or changed since it last asked.",
    ),
];
