//! Notification channels: Zoho calls an address of yours when records change.

mod request;
mod selection;

use std::fmt::{self, Display};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use request::Channel;
pub use selection::Selection;

use super::Crm;
use super::list::List;
use super::write::{self, settled};
use crate::error::{Error, Result};
use crate::generated::crm::operations as op;
use crate::outcome::{Outcome, Written};
use crate::pipeline::operation::Operation;
use crate::pipeline::request::Request;
use crate::wire::{DateTime, Lenient, ZohoId};

/// The key of Zoho's envelope.
const WATCH: &str = "watch";
/// Zoho's bound on channels in one call.
const CHANNELS: usize = 50;

/// The number of a notification channel: any whole number of 64 bits that you choose.
///
/// ```
/// use zoho_client::crm::ChannelId;
///
/// let id: ChannelId = "1000000068001".parse()?;
/// assert_eq!(id, ChannelId::from(1_000_000_068_001));
/// assert!("sales".parse::<ChannelId>().is_err());
/// # Ok::<(), zoho_client::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelId(i64);

impl From<i64> for ChannelId {
    fn from(number: i64) -> Self {
        Self(number)
    }
}

impl FromStr for ChannelId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        text.trim().parse().map(Self).map_err(|_| {
            let shown: String = text.chars().take(40).collect();
            Error::config(format!(
                "a channel id is a whole number, not `{}`",
                shown.escape_debug()
            ))
        })
    }
}

impl Display for ChannelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What Zoho made of a channel, for one module.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Subscription {
    /// The channel's number, as Zoho repeats it.
    pub channel_id: String,
    /// The API name of the module.
    pub module: String,
    /// The id of the module.
    pub module_id: ZohoId,
    /// When the channel really ends. Zoho does not refuse an end that it does not like: it takes one hour instead,
    /// so this and not what was asked for is the end to go by.
    pub expires: Option<DateTime>,
    /// Everything Zoho said about it.
    pub details: Map<String, Value>,
}

/// A channel as Zoho keeps it, for one module.
#[derive(Clone, Deserialize, Serialize)]
#[non_exhaustive]
pub struct ChannelDetails {
    /// The channel's number.
    pub channel_id: String,
    /// The API name of the module.
    #[serde(rename = "resource_name")]
    pub module: Option<String>,
    /// The id of the module.
    #[serde(rename = "resource_id")]
    pub module_id: Option<ZohoId>,
    /// What it listens to, such as `Leads.create`.
    pub events: Option<Vec<String>>,
    /// When it ends.
    pub channel_expiry: Option<Lenient<DateTime>>,
    /// The address that Zoho calls.
    pub notify_url: Option<String>,
    /// The token that comes with each call.
    pub token: Option<String>,
    /// Everything else that Zoho says about it.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl fmt::Debug for ChannelDetails {
    // The token is a secret, and the address may hold another.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelDetails")
            .field("channel_id", &self.channel_id)
            .field("module", &self.module)
            .field("module_id", &self.module_id)
            .field("events", &self.events)
            .field("channel_expiry", &self.channel_expiry)
            .finish_non_exhaustive()
    }
}

/// The notification channels of a connection's user.
///
/// A channel lives for a week at most and there is no call that renews one: [`enable`](Channels::enable) it again
/// under the same number before it ends.
///
/// ```
/// use zoho_client::crm::{Channel, Selection};
/// # use zoho_client::{OAuthApp, Region, ServiceTransport, TokioClock, Zoho};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> zoho_client::Result<()> {
/// # let mock = zoho_mock::MockZoho::in_process();
/// # let zoho = Zoho::builder(Region::custom(mock.base_url())?)
/// #     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
/// #     .refresh_token(mock.refresh_token())
/// #     .clock(TokioClock::starting_at(mock.now()))
/// #     .transport(ServiceTransport::new(mock.service()))
/// #     .build()?;
/// let channels = zoho.crm().channels();
/// let channel = Channel::new(1_000_000_068_001)
///     .events(["Leads.create", "Leads.edit"])
///     .notify_url("https://example.com/zoho")
///     .token("a secret of yours")
///     .when("Leads", Selection::any(["Email", "Phone"]));
/// let made = channels.enable(channel).await?;
/// assert_eq!(made[0].module, "Leads");
///
/// let known = channels.list().all().await?;
/// assert_eq!(known[0].events.as_deref(), Some(&["Leads.create".to_owned(), "Leads.edit".to_owned()][..]));
/// channels.disable([1_000_000_068_001]).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Channels {
    crm: Crm,
}

impl Channels {
    pub(crate) fn new(crm: Crm) -> Self {
        Self { crm }
    }

    /// Opens a channel: one subscription for each module that its events name. A channel of that number is replaced
    /// for these modules.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): Zoho's rules for a channel are not kept. Otherwise the call
    /// failed or Zoho refused the channel.
    pub async fn enable(&self, channel: Channel) -> Result<Vec<Subscription>> {
        let body = channel.whole(&self.crm)?;
        self.one(&op::ENABLE_NOTIFICATIONS, body).await
    }

    /// Replaces all of an open channel: what is not given falls back to Zoho's defaults.
    ///
    /// # Errors
    /// As [`Channels::enable`]; `NOT_SUBSCRIBED` when the channel is not open.
    pub async fn replace(&self, channel: Channel) -> Result<Vec<Subscription>> {
        let body = channel.whole(&self.crm)?;
        self.one(&op::UPDATE_NOTIFICATIONS, body).await
    }

    /// Changes what is given of an open channel. Events are added to those it has.
    ///
    /// # Errors
    /// As [`Channels::replace`].
    pub async fn update(&self, channel: Channel) -> Result<Vec<Subscription>> {
        let body = channel.changes(&self.crm)?;
        self.one(&op::PATCH_NOTIFICATIONS, body).await
    }

    /// Takes events away from an open channel, and `notify_on_related_action` with them where it is given.
    ///
    /// # Errors
    /// As [`Channels::replace`].
    pub async fn disable_events(&self, channel: Channel) -> Result<Vec<Subscription>> {
        let body = channel.withdrawal(&self.crm)?;
        self.one(&op::PATCH_NOTIFICATIONS, body).await
    }

    /// Closes channels, with one outcome for each module of each channel.
    ///
    /// # Errors
    /// The call failed.
    pub async fn disable<I: Into<ChannelId>>(
        &self,
        ids: impl IntoIterator<Item = I>,
    ) -> Result<Vec<Outcome>> {
        let ids: Vec<String> = ids.into_iter().map(|id| id.into().to_string()).collect();
        if ids.is_empty() {
            return Err(
                Error::config("name at least one channel").with_operation(op::DISABLE_NOTIFICATIONS.id)
            );
        }
        let mut outcomes = Vec::new();
        for ids in ids.chunks(CHANNELS) {
            let request = Request::of(&op::DISABLE_NOTIFICATIONS, &[])?.query("channel_ids", ids.join(","));
            let answer = self.crm.core.call(request).await?;
            outcomes.extend(write::items(&answer, WATCH)?.into_iter().map(Outcome::from_item));
        }
        Ok(outcomes)
    }

    /// All open channels of the user: one entry for each module of each channel.
    pub fn list(&self) -> List<ChannelDetails> {
        List::new(self.crm.clone(), &op::GET_NOTIFICATION_DETAILS, Vec::new())
    }

    /// The entries of one channel.
    pub fn details(&self, id: impl Into<ChannelId>) -> List<ChannelDetails> {
        self.list().param("channel_id", id.into().to_string())
    }

    async fn one(&self, operation: &'static Operation, body: Value) -> Result<Vec<Subscription>> {
        let mut watch = Map::new();
        watch.insert(WATCH.to_owned(), Value::Array(vec![body]));
        let answer = self
            .crm
            .core
            .call(Request::of(operation, &[])?.json(&watch)?)
            .await?;
        settled(&answer, WATCH).map(subscriptions)
    }
}

impl Crm {
    /// The notification channels.
    #[must_use]
    pub fn channels(&self) -> Channels {
        Channels::new(self.clone())
    }
}

/// What an accepted channel says of each of its modules.
fn subscriptions(mut written: Written) -> Vec<Subscription> {
    let Some(Value::Array(events)) = written.details.remove("events") else {
        return Vec::new();
    };
    let read = |event: Value| {
        let Value::Object(details) = event else {
            return None;
        };
        let text = |key: &str| match details.get(key) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        Some(Subscription {
            channel_id: text("channel_id"),
            module: text("resource_name"),
            module_id: ZohoId::from_wire(&text("resource_id")),
            expires: text("channel_expiry").parse().ok(),
            details,
        })
    };
    events.into_iter().filter_map(read).collect()
}
