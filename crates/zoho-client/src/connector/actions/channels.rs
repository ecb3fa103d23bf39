//! Notification channels of CRM.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::outcomes;
use super::records::paged;
use crate::connector::action::Action;
use crate::connector::input::{CONNECTION, Default, FETCH_ALL, Input, Kind, PAGE, PER_PAGE};
use crate::connector::inputs::Inputs;
use crate::crm::list::List;
use crate::crm::{Channel, ChannelId, Selection, Subscription};
use crate::error::{Error, Result};
use crate::generated::crm::operations as op;
use crate::pipeline::operation::Product;
use crate::zoho::Zoho;

const CHANNEL_ID: Input = Input::new(
    "channel_id",
    "Channel ID",
    Kind::Integer(i64::MIN, i64::MAX),
    "The number of the channel: a whole number that you choose.",
)
.required();

const SOME_EVENTS: Input = Input::new(
    "events",
    "Events",
    Kind::TextList,
    "What to listen to, as Module.operation with create, edit, delete or all: Leads.create.",
);

/// What a channel listens to.
pub(in crate::connector) const EVENTS: Input = SOME_EVENTS.required();

const SOME_URL: Input = Input::new(
    "notify_url",
    "Notify URL",
    Kind::Text,
    "The address that Zoho calls with each notification.",
);

/// What tells Zoho's calls from others.
pub(in crate::connector) const TOKEN: Input = Input::new(
    "token",
    "Token",
    Kind::Secret,
    "A token of yours, 50 characters at most, that comes with each call and shows that it is Zoho's.",
);

/// When a channel ends.
pub(in crate::connector) const CHANNEL_EXPIRY: Input = Input::new(
    "channel_expiry",
    "Channel Expiry",
    Kind::DateTime,
    "When the channel ends, a week from now at most. Without it, the channel lives for an hour.",
);

/// Whether values come along.
pub(in crate::connector) const AFFECTED_VALUES: Input = Input::new(
    "return_affected_field_values",
    "Return Affected Field Values",
    Kind::Boolean,
    "Whether the new values of changed fields come along.",
)
.or_false();

/// Whether related records count.
pub(in crate::connector) const RELATED_ACTION: Input = Input::new(
    "notify_on_related_action",
    "Notify On Related Action",
    Kind::Boolean,
    "Whether changes of related records count too.",
)
.or(Default::Boolean(true));

/// Which fields count.
pub(in crate::connector) const CONDITION: Input = Input::new(
    "notification_condition",
    "Notification Condition",
    Kind::TextList,
    "The API names of the fields whose change counts, 10 at most; as Module.Field where the events name several modules.",
);

/// The actions of this group.
pub(super) const ACTIONS: &[Action] = &[
    Action::new(
        "crm_disable_notification",
        "CRM - Disable Notification",
        Product::Crm,
        &[
            CONNECTION,
            Input::new(
                "channel_ids",
                "Channel IDs",
                Kind::TextList,
                "The numbers of the channels to close.",
            )
            .required(),
        ],
        disable,
    )
    .says(
        "Closes notification channels.",
        "outcomes, one for each module of each channel.",
    ),
    Action::new(
        "crm_disable_specific_notification",
        "CRM - Disable Specific Notification",
        Product::Crm,
        &[CONNECTION, CHANNEL_ID, EVENTS, RELATED_ACTION],
        disable_specific,
    )
    .says(
        "Takes events away from a channel and leaves it open.",
        "subscriptions, one for each module.",
    ),
    Action::new(
        "crm_enable_notification",
        "CRM - Enable Notification",
        Product::Crm,
        &[
            CONNECTION,
            CHANNEL_ID,
            EVENTS,
            SOME_URL.required(),
            TOKEN,
            CHANNEL_EXPIRY,
            AFFECTED_VALUES,
            RELATED_ACTION,
            CONDITION,
        ],
        enable,
    )
    .says(
        "Opens a channel through which Zoho tells of changes of records.",
        "subscriptions, one for each module, with the moment at which the channel really ends.",
    ),
    Action::new(
        "crm_get_notification_details",
        "CRM - Get Notification Details",
        Product::Crm,
        &[
            CHANNEL_ID,
            FETCH_ALL,
            Input::new(
                "module",
                "Module",
                Kind::Text,
                "The API name of one module. Without it, all modules come.",
            ),
            PAGE,
            PER_PAGE,
            CONNECTION,
        ],
        details,
    )
    .says(
        "Reads what a channel listens to.",
        "records, one for each module of the channel, and more_records.",
    ),
    Action::new(
        "crm_update_notification",
        "CRM - Update Notification",
        Product::Crm,
        &[
            CONNECTION,
            CHANNEL_ID,
            SOME_EVENTS,
            SOME_URL,
            TOKEN,
            CHANNEL_EXPIRY,
            CONDITION,
        ],
        update,
    )
    .says(
        "Changes what is given of a channel; events are added to those it has.",
        "subscriptions, one for each module.",
    ),
    Action::new(
        "crm_replace_notification",
        "CRM - Replace Notification",
        Product::Crm,
        &[
            CONNECTION,
            CHANNEL_ID,
            EVENTS,
            SOME_URL.required(),
            TOKEN,
            CHANNEL_EXPIRY,
            AFFECTED_VALUES,
            RELATED_ACTION,
            CONDITION,
        ],
        replace,
    )
    .says(
        "Replaces all of an open channel.",
        "subscriptions, one for each module.",
    )
    .beyond(),
];

/// The channel that the inputs describe.
fn channel(inputs: &Inputs) -> Result<Channel> {
    let mut channel =
        Channel::new(inputs.integer("channel_id").unwrap_or_default()).events(inputs.list("events"));
    if let Some(url) = inputs.given("notify_url") {
        channel = channel.notify_url(url);
    }
    if let Some(token) = inputs.given("token") {
        channel = channel.token(token);
    }
    if let Some(end) = inputs.datetime("channel_expiry") {
        channel = channel.expiry(end);
    }
    if let Some(wanted) = inputs.chosen("return_affected_field_values") {
        channel = channel.return_affected_field_values(wanted);
    }
    if let Some(wanted) = inputs.chosen("notify_on_related_action") {
        channel = channel.notify_on_related_action(wanted);
    }
    let selections = selections(&inputs.list("events"), inputs.list("notification_condition"))?;
    Ok(selections
        .into_iter()
        .fold(channel, |channel, (module, selection)| {
            channel.when(module, selection)
        }))
}

/// Any of the fields, module by module. A field stands alone where the events name one module.
pub(in crate::connector) fn selections(
    events: &[String],
    names: Vec<String>,
) -> Result<Vec<(String, Selection)>> {
    let mut known = events
        .iter()
        .filter_map(|event| event.rsplit_once('.'))
        .map(|(module, _)| module);
    let only = known.next().filter(|only| known.all(|module| module == *only));
    let mut modules: Vec<(String, Vec<String>)> = Vec::new();
    for name in names {
        let (module, field) = match (name.split_once('.'), only) {
            (Some((module, field)), _) => (module.to_owned(), field.to_owned()),
            (None, Some(module)) => (module.to_owned(), name),
            (None, None) => {
                let message =
                    "`notification_condition`: write Module.Field, the events do not name one module";
                return Err(Error::config(message));
            }
        };
        match modules.iter_mut().find(|(known, _)| *known == module) {
            Some((_, fields)) => fields.push(field),
            None => modules.push((module, vec![field])),
        }
    }
    let any = |(module, fields)| (module, Selection::any::<String>(fields));
    Ok(modules.into_iter().map(any).collect())
}

fn enable(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        Ok(subscriptions(
            zoho.crm().channels().enable(channel(&inputs)?).await?,
        ))
    }
    .boxed()
}

fn replace(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        Ok(subscriptions(
            zoho.crm().channels().replace(channel(&inputs)?).await?,
        ))
    }
    .boxed()
}

fn update(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        Ok(subscriptions(
            zoho.crm().channels().update(channel(&inputs)?).await?,
        ))
    }
    .boxed()
}

fn disable_specific(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        Ok(subscriptions(
            zoho.crm().channels().disable_events(channel(&inputs)?).await?,
        ))
    }
    .boxed()
}

fn disable(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let ids = inputs.list("channel_ids");
        let ids: Vec<ChannelId> = ids
            .iter()
            .map(|id| id.parse())
            .collect::<Result<_>>()
            .map_err(|_| Error::config("`channel_ids`: each is a whole number"))?;
        Ok(outcomes(&zoho.crm().channels().disable(ids).await?))
    }
    .boxed()
}

fn details(zoho: &Zoho, inputs: Inputs) -> BoxFuture<'_, Result<Value>> {
    async move {
        let number = inputs.integer("channel_id").unwrap_or_default();
        // As they come: typed details would leave no trace of keys that were null.
        let mut list = List::new(zoho.crm(), &op::GET_NOTIFICATION_DETAILS, Vec::new())
            .param("channel_id", number.to_string());
        if let Some(module) = inputs.given("module") {
            list = list.param("module", module);
        }
        paged(list, &inputs).await
    }
    .boxed()
}

fn subscriptions(made: Vec<Subscription>) -> Value {
    let each = |made: Subscription| {
        json!({
            "channel_id": made.channel_id, "module": made.module, "module_id": made.module_id.as_str(),
            "channel_expiry": made.expires.map(|end| end.to_string()), "details": made.details,
        })
    };
    json!({"subscriptions": made.into_iter().map(each).collect::<Vec<_>>()})
}
