//! The triggers, described, and made from their inputs.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::actions::channels::{
    AFFECTED_VALUES, CHANNEL_EXPIRY, CONDITION, EVENTS, RELATED_ACTION, TOKEN, selections,
};
use super::input::{CONNECTION, Input, Kind};
use super::inputs::Inputs;
use super::schema;
use crate::crm::ChannelId;
use crate::error::{Error, Result};
use crate::store::StateStore;
use crate::triggers::{Feed, Watch};
use crate::zoho::Zoho;

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

/// What a polling trigger reads, for a [`triggers::Trigger`](crate::triggers::Trigger) to run.
///
/// # Errors
/// [`ErrorKind::Config`](crate::ErrorKind::Config): there is no such polling trigger, or it has no such inputs. For Books
/// the user's default organization is asked for, which can fail.
pub async fn feed(zoho: &Zoho, key: &str, inputs: Value) -> Result<Feed> {
    let trigger = find(key, true)?;
    Inputs::check(trigger.inputs, inputs, "trigger").map_err(|error| error.with_operation(trigger.key))?;
    Ok(match trigger.key {
        "books_contacts" => Feed::books(&zoho.default_books().await?, "contacts"),
        "crm_contacts" => Feed::crm(&zoho.crm(), "Contacts"),
        _ => Feed::crm(&zoho.crm(), "Leads"),
    })
}

/// The channel of the trigger that Zoho calls: deploy it, keep it open with the runner, remove it when the trigger goes. The
/// host gives the name under which the store knows it, and the address at which it receives.
///
/// # Errors
/// [`ErrorKind::Config`](crate::ErrorKind::Config): inputs are unknown, missing or of the wrong type, or the end is past.
pub fn watch(
    zoho: &Zoho,
    store: Arc<dyn StateStore>,
    name: &str,
    notify_url: &str,
    inputs: Value,
) -> Result<Watch> {
    let trigger = find("crm_notifications", false)?;
    let told = |error: Error| error.with_operation(trigger.key);
    let inputs = Inputs::check(trigger.inputs, inputs, "trigger").map_err(told)?;
    let events = inputs.list("events");
    let selections = selections(&events, inputs.list("notification_condition")).map_err(told)?;
    let mut watch = Watch::new(name, &zoho.crm(), store)
        .events(events)
        .notify_url(notify_url)
        .return_affected_field_values(inputs.flag("return_affected_field_values"))
        .notify_on_related_action(inputs.flag("notify_on_related_action"));
    if let Some(number) = inputs.integer("channel_id") {
        watch = watch.channel_id(ChannelId::from(number));
    }
    if let Some(token) = inputs.given("token") {
        watch = watch.token(token);
    }
    if let Some(end) = inputs.datetime("channel_expiry") {
        let left = end
            .timestamp()
            .duration_since(zoho.crm().core.engine.tokens.now());
        let life = Duration::try_from(left).ok().filter(|life| !life.is_zero());
        watch = watch.expiry(life.ok_or_else(|| told(Error::config("`channel_expiry` is past")))?);
    }
    Ok(selections
        .into_iter()
        .fold(watch, |watch, (module, selection)| watch.when(module, selection)))
}

fn find(key: &str, polling: bool) -> Result<&'static Trigger> {
    let found = ALL
        .iter()
        .find(|trigger| trigger.key == key && trigger.polling == polling);
    found.ok_or_else(|| {
        let shown: String = key.chars().take(60).collect();
        Error::config(format!("`{}` is no polling trigger", shown.escape_debug()))
    })
}
