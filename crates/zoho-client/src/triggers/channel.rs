//! A notification channel that is opened when it is deployed, kept open, and closed when it is removed.

mod kept;
mod wanted;

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use self::kept::Kept;
use self::wanted::{Wanted, ends};
use super::feed::timed;
use crate::crm::{ChannelId, Crm, Selection, Subscription};
use crate::error::{ApiError, Error, ErrorKind, Result};
use crate::generated::crm::operations as op;
use crate::pipeline::request::Request;
use crate::store::{Guard, Lease, StateStore};
use crate::webhook::Receiver;

/// The life of a channel when none is given: a day less than Zoho's longest.
const LIFE: Duration = Duration::from_secs(6 * 86_400);
/// Lives that can be asked for. A longer one becomes an hour without a word.
const LIVES: std::ops::RangeInclusive<Duration> =
    Duration::from_secs(600)..=Duration::from_secs(7 * 86_400 - 60);
/// The longest wait after a failure.
const PATIENCE: Duration = Duration::from_secs(300);

/// The CRM notifications trigger: a channel of Zoho's that is there as long as it is deployed.
///
/// The channel's id is in the store before the channel is opened, so that whatever happens in between,
/// deploying again takes up the same channel, and removing finds it. Zoho may give a channel less life
/// than was asked for: what it says is what is gone by, and a channel is renewed when half of that is
/// over. A channel that lapsed all the same is opened anew.
///
/// ```
/// use std::sync::Arc;
/// use zoho_client::MemoryStore;
/// use zoho_client::triggers::Watch;
/// # use zoho_client::{OAuthApp, Region, ServiceTransport, TokioClock, Zoho};
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let mock = zoho_mock::MockZoho::in_process();
/// # let zoho = Zoho::builder(Region::custom(mock.base_url())?)
/// #     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
/// #     .refresh_token(mock.refresh_token())
/// #     .clock(TokioClock::starting_at(mock.now()))
/// #     .transport(ServiceTransport::new(mock.service()))
/// #     .build()?;
/// let mut watch = Watch::new("leads", &zoho.crm(), Arc::new(MemoryStore::new()))
///     .events(["Leads.create", "Leads.edit"])
///     .notify_url("https://example.com/zoho");
///
/// let deployed = watch.deploy().await?;
/// let receiver = deployed.receiver()?; // takes the callbacks of this channel and no others
/// # let _ = receiver;
///
/// let renewed = watch.renew().await?; // three days later
/// assert!(renewed.expires > deployed.expires);
/// watch.remove().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a channel is opened by deploy"]
pub struct Watch {
    key: String,
    name: String,
    crm: Crm,
    store: Arc<dyn StateStore>,
    lease: Option<Lease>,
    wanted: Wanted,
    renew_at: Option<Timestamp>,
    failures: u32,
    retry: Timestamp,
}

/// A channel that is open.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Deployed {
    /// Its id.
    pub channel_id: ChannelId,
    /// When it ends unless it is renewed, by Zoho's clock and as Zoho said.
    pub expires: Timestamp,
    /// The token that comes with its callbacks.
    pub token: SecretString,
}

impl Deployed {
    /// A receiver of this channel's callbacks.
    ///
    /// # Errors
    /// None for a token that Zoho took.
    pub fn receiver(&self) -> Result<Receiver> {
        Receiver::new(self.token.clone())
    }
}

impl Watch {
    /// A channel that is known to the store by a name. It needs events and an address before it can
    /// be deployed.
    pub fn new(name: impl Into<String>, crm: &Crm, store: Arc<dyn StateStore>) -> Self {
        let name = name.into();
        Self {
            key: format!("channel/{name}"),
            name,
            crm: crm.clone(),
            store,
            lease: None,
            wanted: Wanted {
                id: None,
                events: Vec::new(),
                notify_url: String::new(),
                token: None,
                life: LIFE,
                values: false,
                related: true,
                conditions: Vec::new(),
            },
            renew_at: None,
            failures: 0,
            retry: Timestamp::MIN,
        }
    }

    /// The channel's id; without a word one is made up and kept.
    pub fn channel_id(mut self, id: impl Into<ChannelId>) -> Self {
        self.wanted.id = Some(id.into());
        self
    }

    /// What to listen to: `Leads.create`, `Leads.edit`, `Leads.delete`, `Leads.all`; 50 at most.
    pub fn events<S: Into<String>>(mut self, events: impl IntoIterator<Item = S>) -> Self {
        self.wanted.events = events.into_iter().map(Into::into).collect();
        self
    }

    /// The address that Zoho calls, with 255 characters at most.
    pub fn notify_url(mut self, url: impl Into<String>) -> Self {
        self.wanted.notify_url = url.into();
        self
    }

    /// The token that comes with each callback, of 50 characters at most; without a word a random one.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.wanted.token = Some(token.into());
        self
    }

    /// How long the channel lives until it is renewed: ten minutes to a week, six days without a word.
    pub fn expiry(mut self, life: Duration) -> Self {
        self.wanted.life = life;
        self
    }

    /// Whether the values of changed fields come along; no without a word.
    pub fn return_affected_field_values(mut self, wanted: bool) -> Self {
        self.wanted.values = wanted;
        self
    }

    /// Whether changes of related records count; yes without a word.
    pub fn notify_on_related_action(mut self, wanted: bool) -> Self {
        self.wanted.related = wanted;
        self
    }

    /// Listens to updates of a module only where these fields change. 10 fields at most.
    pub fn when(mut self, module: impl Into<String>, selection: Selection) -> Self {
        self.wanted.conditions.push((module.into(), selection));
        self
    }

    /// Sees to it that the channel is open as it is wished for: opens it, changes it, or finds it so.
    ///
    /// It can be called again at any time, after a crash in particular.
    ///
    /// # Errors
    /// [`ErrorKind::Config`]: the channel can not be right. Otherwise Zoho or the store failed.
    pub async fn deploy(&mut self) -> Result<Deployed> {
        self.ensure(false).await
    }

    /// Waits until half of the channel's life is over, and renews it. To keep a channel, call it in a
    /// loop.
    ///
    /// Cancel safe: a call that is dropped while it waits did nothing, and one that is dropped while
    /// it renews is made good by the next.
    ///
    /// # Errors
    /// As [`Watch::deploy`]. The next call waits a little longer each time and tries again.
    pub async fn renew(&mut self) -> Result<Deployed> {
        let renewing = match (self.failures, self.renew_at) {
            (1.., _) => {
                self.sleep_until(self.retry).await;
                self.renew_at.is_some()
            }
            (0, Some(due)) => {
                self.sleep_until(due).await;
                true
            }
            (0, None) => false,
        };
        if !renewing {
            // What is open is not known: then it is looked at first.
            self.ensure(false).await?;
            return Box::pin(self.renew()).await;
        }
        self.ensure(true).await
    }

    /// Closes the channel and forgets it. A channel that is not open is no error.
    ///
    /// # Errors
    /// Zoho or the store failed. What is kept stays, so that removing again finds the channel.
    pub async fn remove(&mut self) -> Result<()> {
        let Some(mut kept) = self.load().await? else {
            return Ok(());
        };
        kept.closing = true;
        self.keep(&kept).await?;
        for outcome in self.crm.channels().disable([kept.id()?]).await? {
            if let Some(refused) = outcome.refusal()
                && refused.code != "NOT_SUBSCRIBED"
            {
                let message = format!("channel {} was not closed: {}", kept.channel_id, refused.code);
                return Err(Error::new(ErrorKind::Api, message));
            }
        }
        self.store.remove(&self.key, self.guard()).await?;
        self.renew_at = None;
        Ok(())
    }

    /// Works under a lease from now on.
    pub(crate) fn take_over(&mut self, lease: Lease) {
        self.lease = Some(lease);
        self.renew_at = None;
        self.failures = 0;
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    async fn ensure(&mut self, renewing: bool) -> Result<Deployed> {
        let done = self.open(renewing).await;
        match &done {
            Ok(_) => self.failures = 0,
            Err(error) => {
                self.failures = self.failures.saturating_add(1);
                let growing = Duration::from_secs(1 << self.failures.min(9).saturating_sub(1));
                let wait = error.retry_after().unwrap_or(growing).min(PATIENCE);
                self.retry = self.now().saturating_add(wait).unwrap_or(Timestamp::MAX);
            }
        }
        done
    }

    async fn open(&mut self, renewing: bool) -> Result<Deployed> {
        if !LIVES.contains(&self.wanted.life) {
            return Err(Error::config(
                "`channel_expiry`: ten minutes to a minute less than a week; Zoho makes an hour of more",
            ));
        }
        let mut kept = self.noted().await?;
        let request = Request::of(&op::GET_NOTIFICATION_DETAILS, &[])?
            .query("channel_id", kept.channel_id.clone())
            .query("per_page", "200");
        let answer = timed(&self.crm.core, request).await?;
        let server = Timestamp::from_second(answer.asked_at).unwrap_or(Timestamp::MIN);
        let ahead = self.now().duration_since(server);
        let (open, _) = crate::crm::list::read(&answer.answer, "watch")?.unwrap_or_default();
        let half = SignedDuration::try_from(self.wanted.life / 2).unwrap_or(SignedDuration::MAX);
        let left = ends(&open).map(|end| end.duration_since(server));
        let expires = if !renewing && left.is_some_and(|left| left >= half) && self.wanted.is(&kept, &open) {
            ends(&open)
        } else {
            self.subscribe(&kept, server, !open.is_empty()).await?
        };
        let Some(expires) = expires.filter(|expires| *expires > server) else {
            return Err(Error::new(
                ErrorKind::Decode,
                "Zoho does not say when the channel ends",
            ));
        };
        let life = expires.duration_since(server);
        if life < half {
            tracing::warn!(
                channel = %kept.channel_id, life_s = life.as_secs(), "Zoho gave the channel less life than was asked for"
            );
        }
        kept.expires = Some(expires);
        kept.closing = false;
        self.keep(&kept).await?;
        // Half of what is left, as this machine's clock will show it.
        let due = server.saturating_add(life / 2).unwrap_or(Timestamp::MAX);
        self.renew_at = Some(due.saturating_add(ahead).unwrap_or(Timestamp::MAX));
        Ok(Deployed {
            channel_id: kept.id()?,
            expires,
            token: kept.token.into(),
        })
    }

    /// What the store keeps of the channel; a channel that it does not know is noted first.
    async fn noted(&mut self) -> Result<Kept> {
        let known = self.load().await?;
        let random = || self.crm.core.engine.random();
        let mut kept = known
            .clone()
            .unwrap_or_else(|| Kept::made_up(random(), [random(), random()]));
        if let Some(id) = self.wanted.id {
            let id = id.to_string();
            if known.is_some() && id != kept.channel_id {
                let message = format!(
                    "`{}` is channel {}: remove it before it gets another id",
                    self.key, kept.channel_id
                );
                return Err(Error::config(message));
            }
            kept.channel_id = id;
        }
        if let Some(token) = &self.wanted.token {
            token.expose_secret().clone_into(&mut kept.token);
        }
        Receiver::new(kept.token.clone())?;
        if known.as_ref() != Some(&kept) {
            self.keep(&kept).await?;
        }
        Ok(kept)
    }

    /// Writes the channel, and gives the end that Zoho says it has.
    async fn subscribe(&self, kept: &Kept, server: Timestamp, open: bool) -> Result<Option<Timestamp>> {
        let channel = self.wanted.channel(kept, server)?;
        let channels = self.crm.channels();
        let made = match open {
            true => match channels.replace(channel.clone()).await {
                Err(error) if error.api().map(ApiError::code) == Some("NOT_SUBSCRIBED") => {
                    tracing::warn!(channel = %kept.channel_id, "the channel had lapsed: it is opened anew");
                    channels.enable(channel).await?
                }
                made => made?,
            },
            false => channels.enable(channel).await?,
        };
        let end = |made: &Subscription| made.expires.clone().map(Timestamp::from);
        Ok(made.iter().filter_map(end).min())
    }

    fn guard(&self) -> Guard<'_> {
        self.lease.as_ref().map_or(Guard::Always, Guard::Held)
    }

    async fn load(&self) -> Result<Option<Kept>> {
        let entry = self.store.get(&self.key).await?;
        entry
            .map(|entry| Kept::decode(&self.key, &entry.value))
            .transpose()
    }

    async fn keep(&self, kept: &Kept) -> Result<()> {
        match self.store.put(&self.key, kept.encode()?, self.guard()).await? {
            Some(_) => Ok(()),
            None => {
                let message = format!("channel `{}` was taken over by another process", self.name);
                Err(Error::new(ErrorKind::Store, message))
            }
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.crm.core.engine.tokens.now()
    }

    async fn sleep_until(&self, instant: Timestamp) {
        if let Ok(left) = Duration::try_from(instant.duration_since(self.now())) {
            tokio::time::sleep(left).await;
        }
    }
}
