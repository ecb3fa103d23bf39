//! The flags that set limits.

use std::time::Duration;

use clap::Args;
use zoho_mock::{Edition, MockBuilder};

/// What may be used before the mock refuses with 429, and how long a call takes.
#[derive(Debug, Args)]
pub(super) struct Limits {
    /// The edition of CRM, which sets --crm-concurrency: free (5), standard (10), professional (15),
    /// enterprise (20) or ultimate (25).
    #[arg(long, env = "ZOHO_MOCK_EDITION", default_value_t)]
    edition: Edition,
    /// CRM calls of one application that may be under way at once, in place of the edition's; 0 is without
    /// limit. Calls overlap only where they take time: see --latency-ms.
    #[arg(long, env = "ZOHO_MOCK_CRM_CONCURRENCY", value_name = "CALLS")]
    crm_concurrency: Option<u32>,
    /// Of the CRM calls under way, how many may be heavy (COQL, search, sorted lists, composite, conversions,
    /// writes of more than 10 records, e-mails); 0 is without limit.
    #[arg(
        long,
        env = "ZOHO_MOCK_CRM_SUB_CONCURRENCY",
        value_name = "CALLS",
        default_value_t = 10
    )]
    crm_sub_concurrency: u32,
    /// CRM credits per 24 hours.
    #[arg(long, env = "ZOHO_MOCK_CRM_CREDITS", default_value_t = 100_000)]
    crm_credits: u32,
    /// Books calls of one organization that may be under way at once; 0 is without limit.
    #[arg(
        long,
        env = "ZOHO_MOCK_BOOKS_CONCURRENCY",
        value_name = "CALLS",
        default_value_t = 10
    )]
    books_concurrency: u32,
    /// Books calls per organization and minute; 0 is without limit.
    #[arg(
        long,
        env = "ZOHO_MOCK_BOOKS_PER_MINUTE",
        value_name = "CALLS",
        default_value_t = 100
    )]
    books_per_minute: u32,
    /// Books calls per organization and day.
    #[arg(
        long,
        env = "ZOHO_MOCK_BOOKS_PER_DAY",
        value_name = "CALLS",
        default_value_t = 10_000
    )]
    books_per_day: u32,
    /// How many milliseconds every answer takes, so that calls overlap as they do at Zoho's.
    #[arg(
        long,
        env = "ZOHO_MOCK_LATENCY_MS",
        value_name = "MILLISECONDS",
        default_value_t = 0
    )]
    latency_ms: u64,
}

impl Limits {
    /// The builder with these limits.
    pub(super) fn set(&self, builder: MockBuilder) -> MockBuilder {
        let builder = builder
            .edition(self.edition)
            .crm_sub_concurrency(unless_zero(self.crm_sub_concurrency))
            .crm_credits(self.crm_credits)
            .books_concurrency(unless_zero(self.books_concurrency))
            .books_per_minute(unless_zero(self.books_per_minute))
            .books_per_day(self.books_per_day)
            .latency(Duration::from_millis(self.latency_ms));
        match self.crm_concurrency {
            Some(calls) => builder.crm_concurrency(unless_zero(calls)),
            None => builder,
        }
    }
}

fn unless_zero(calls: u32) -> Option<u32> {
    (calls > 0).then_some(calls)
}
