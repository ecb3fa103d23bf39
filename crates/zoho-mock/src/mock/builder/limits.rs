//! What may be used before the mock refuses, and how long a call takes.

use std::time::Duration;

use super::MockBuilder;
use crate::limits::Edition;

impl MockBuilder {
    /// The edition of CRM: it sets how many calls of one application may be under way at once. The default
    /// is Enterprise, with 20.
    #[must_use]
    pub fn edition(mut self, edition: Edition) -> Self {
        self.config.edition = edition;
        self.crm_concurrency(Some(edition.concurrency()))
    }

    /// CRM calls of one application that may be under way at once; `None` is without limit. A composite
    /// request counts as five. One more is refused with 429.
    #[must_use]
    pub fn crm_concurrency(mut self, calls: Option<u32>) -> Self {
        self.config.allowances.crm_concurrency = calls;
        self
    }

    /// Of the CRM calls under way, so many (10 by default) may be heavy ones: COQL, search, lists with `cvid`
    /// or `sort_by`, composite requests, conversions of leads, writes of more than 10 records, e-mails.
    #[must_use]
    pub fn crm_sub_concurrency(mut self, calls: Option<u32>) -> Self {
        self.config.allowances.crm_sub_concurrency = calls;
        self
    }

    /// CRM credits per 24 hours (100,000 by default).
    #[must_use]
    pub fn crm_credits(mut self, credits: u32) -> Self {
        self.config.allowances.crm_credits = credits;
        self
    }

    /// Books calls of one organization that may be under way at once (10 by default); `None` is without
    /// limit. One more is refused with 429 and code 1070.
    #[must_use]
    pub fn books_concurrency(mut self, calls: Option<u32>) -> Self {
        self.config.allowances.books_concurrency = calls;
        self
    }

    /// Books calls per organization and minute (100 by default); `None` is without limit.
    #[must_use]
    pub fn books_per_minute(mut self, calls: Option<u32>) -> Self {
        self.config.allowances.books_per_minute = calls;
        self
    }

    /// Books calls per organization and day (10,000 by default).
    #[must_use]
    pub fn books_per_day(mut self, calls: u32) -> Self {
        self.config.allowances.books_per_day = calls;
        self
    }

    /// How long every answer takes, by tokio's clock, in whole milliseconds; nothing by default, so that calls
    /// do not overlap. What the mock answers about itself takes no time.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use tower::ServiceExt as _;
    ///
    /// let zoho = zoho_mock::MockZoho::builder().latency(Duration::from_millis(250)).in_process();
    /// let before = tokio::time::Instant::now();
    /// let request = http::Request::get("http://localhost/crm/v8/org").body(String::new())?;
    /// zoho.service().oneshot(request).await?;
    /// assert_eq!(before.elapsed().as_millis(), 250);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.config.allowances.latency_ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        self
    }
}
