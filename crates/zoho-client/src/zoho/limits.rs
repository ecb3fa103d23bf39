//! What a builder says about Zoho's limits.

use std::sync::Arc;

use super::{Edition, Zoho, ZohoBuilder};
use crate::error::{Error, Result};
use crate::pipeline::limits::{Allowance, Limits, Rules, Shelf};

/// The limits as they are given.
#[derive(Clone, Debug)]
pub(super) struct LimitSettings {
    crm: usize,
    books: usize,
    books_per_minute: usize,
    crm_credits: Option<u32>,
    pause_at: Option<u8>,
    shared: Option<Arc<Limits>>,
    alone: bool,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            crm: 10,
            books: 10,
            books_per_minute: 100,
            crm_credits: None,
            pause_at: None,
            shared: None,
            alone: false,
        }
    }
}

impl LimitSettings {
    /// The limits of the connection that is being built.
    pub(super) fn make(&self, shelf: Option<Shelf>) -> Result<Arc<Limits>> {
        if let Some(shared) = &self.shared {
            return Ok(Arc::clone(shared));
        }
        if [self.crm, self.books, self.books_per_minute].contains(&0) || self.crm_credits == Some(0) {
            return Err(Error::config("a limit must be more than nothing"));
        }
        if self.pause_at.is_some_and(|percent| !(1..=100).contains(&percent)) {
            return Err(Error::config("calls pause at 1 to 100 percent"));
        }
        let pause_at = self.pause_at.unwrap_or(100);
        let rules = Rules {
            crm: self.crm,
            books: self.books,
            books_per_minute: self.books_per_minute,
            allowance: self.crm_credits.map(|daily| Allowance { daily, pause_at }),
            pause_books_at: self.pause_at,
        };
        Ok(Arc::new(Limits::new(rules, shelf.filter(|_| !self.alone))))
    }
}

/// # Limits
///
/// Each organization has its own: CRM by `X-CRM-ORG`, Books by its id. A call that has to wait says so
/// in an event of `tracing` with `reason` and `waited_ms`, and leaves the line when it is dropped.
///
/// Clients that are given one [store](ZohoBuilder::token_store) keep to the limits together, in however
/// many processes they are: Books calls a minute and at once by organization, CRM calls at once and
/// credits by connection or `X-CRM-ORG`. What a process held that died is free again after 20 seconds;
/// what it may have used of a minute, after 80. The clocks of the machines must agree to within a
/// second. [`ZohoBuilder::limits_alone`] ends it.
impl ZohoBuilder {
    /// The bytes of an answer that are taken into memory; 64 MiB without a word. A larger one is left where the limit is,
    /// and is a [`Decode`](crate::ErrorKind::Decode) error. Files and archives that come as a stream are not limited.
    pub fn largest_answer(mut self, bytes: usize) -> Self {
        self.largest = bytes;
        self
    }

    /// How many calls may be under way at once per organization, in CRM and in Books; 10 without a word.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.limits.crm = calls;
        self.limits.books = calls;
        self
    }

    /// As many CRM calls at once as the edition takes. [`Zoho::read_edition`] asks CRM for it.
    pub fn edition(mut self, edition: Edition) -> Self {
        self.limits.crm = edition.concurrency();
        self
    }

    /// How many Books calls may be under way at once: Zoho takes 5 in the free plan and 10 in others.
    pub fn books_concurrency(mut self, calls: usize) -> Self {
        self.limits.books = calls;
        self
    }

    /// How many Books calls an organization may make in any 60 seconds; 100 without a word, as Zoho has
    /// it. Clients of several processes count together when they share a store; give each its part when
    /// they do not.
    pub fn books_per_minute(mut self, calls: usize) -> Self {
        self.limits.books_per_minute = calls;
        self
    }

    /// The CRM credits that the organization has in any 24 hours: Zoho's number for its edition and
    /// users. Calls then wait instead of running into the limit. What a call costs is in the table of
    /// operations; what other programs spend is learnt from `X-API-CREDITS-REMAINING`.
    pub fn crm_credits(mut self, daily: u32) -> Self {
        self.limits.crm_credits = Some(daily);
        self
    }

    /// Leaves a part of the daily limits to others: calls wait when so many percent of CRM's credits
    /// ([`ZohoBuilder::crm_credits`]) or of Books' daily calls (which its answers tell) are used, until
    /// some are free again. That may take a day; the wait ends when the call is dropped.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zoho_client::{OAuthApp, Region, ServiceTransport, Zoho};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mock = zoho_mock::MockZoho::in_process();
    /// let zoho = Zoho::builder(Region::custom(mock.base_url())?)
    ///     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
    ///     .refresh_token(mock.refresh_token())
    ///     .crm_credits(200)
    ///     .pause_at(50)
    ///     .transport(ServiceTransport::new(mock.service()))
    ///     .build()?;
    /// let leads = zoho.crm().records("Leads");
    /// leads.count().await?; // a count costs 50 credits
    /// leads.count().await?;
    /// assert_eq!(zoho.credits_spent(), 100);
    /// let patience = Duration::from_secs(60);
    /// assert!(tokio::time::timeout(patience, leads.count()).await.is_err()); // half is left to others
    /// # Ok(())
    /// # }
    /// ```
    pub fn pause_at(mut self, percent: u8) -> Self {
        self.limits.pause_at = Some(percent);
        self
    }

    /// Keeps to limits that no other client knows of, though others may use the same store.
    pub fn limits_alone(mut self) -> Self {
        self.limits.alone = true;
        self
    }

    /// The same limits as another connection, counted together: for connections of several users to
    /// one CRM organization.
    pub fn share_limits(mut self, other: &Zoho) -> Self {
        self.limits.shared = Some(Arc::clone(&other.engine.limits));
        self
    }
}

impl Zoho {
    /// The credits that calls to CRM took in the last 24 hours, by the table of operations, and what
    /// Zoho said that others took.
    #[must_use]
    pub fn credits_spent(&self) -> u64 {
        self.engine.limits.credits_spent()
    }
}
