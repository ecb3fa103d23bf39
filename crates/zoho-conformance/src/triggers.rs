//! Histories for triggers: what happens in Zoho, what goes wrong on the way, and what a consumer is told.

mod consumer;
mod story;

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use proptest::prelude::*;
use zoho_client::triggers::{Feed, Schedule, Trigger};
use zoho_client::{MemoryStore, OrganizationId, TokioClock, Zoho};
use zoho_mock::MockZoho;

use crate::harness::{connect, paused};
pub use consumer::Consumer;
pub use story::{Act, Story, any_story};

/// Which records are watched, and how they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// CRM leads by COQL.
    Queried,
    /// CRM leads by their list, because Zoho refuses to query them.
    Listed,
    /// Books contacts.
    Books,
}

/// A world in which a story is played.
#[derive(Debug)]
pub struct Stage {
    /// The server.
    pub mock: MockZoho,
    /// The client whose trigger is under test.
    pub zoho: Zoho,
    /// The client by which things happen.
    pub author: Zoho,
    /// What outlives the consumer's process.
    pub store: Arc<MemoryStore>,
    source: Source,
}

impl Stage {
    /// The feed of the story.
    pub fn feed(&self, story: &Story) -> Feed {
        let feed = match self.source {
            Source::Books => {
                let books = self.zoho.books(OrganizationId::new(self.mock.organization_id()));
                Feed::books(&books, "contacts").keep_at_most(story.kept)
            }
            _ => Feed::crm(&self.zoho.crm(), "Leads")
                .fields(["Last_Name"])
                .deletions(story.deletions),
        };
        feed.page(story.page)
            .lag(Duration::from_secs(story.lag))
            .overlap(Duration::from_secs(story.overlap))
    }

    /// A trigger as a new process makes it.
    #[must_use]
    pub fn trigger(&self, story: &Story) -> Trigger {
        let minute = Schedule::every(Duration::from_secs(60)).expect("a minute is an interval");
        Trigger::new("test", self.feed(story), minute, self.store.clone()).expect("the feed is right")
    }
}

/// Plays a story to its end, and holds what was told against what is.
///
/// # Errors
/// Something was lost, told twice, or told out of order.
pub fn play(source: Source, story: &Story) -> Result<(), TestCaseError> {
    let runtime = paused();
    runtime.block_on(async {
        let mock = MockZoho::builder()
            .start_instant(story.start)
            .time_zone(story.zone.0, story.zone.1.clone())
            .books_per_minute(None)
            .books_per_day(u32::MAX)
            .crm_credits(u32::MAX)
            .in_process();
        // The machine's clock is wrong: Zoho's is what counts.
        let ahead = SignedDuration::from_secs(story.ahead);
        let clock = TokioClock::starting_at(mock.now().saturating_add(ahead).unwrap_or(mock.now()));
        let zoho = connect(&mock)
            .clock(clock)
            .build()
            .expect("the mock's credentials are complete");
        let author = connect(&mock)
            .build()
            .expect("the mock's credentials are complete");
        let stage = Stage {
            mock,
            zoho,
            author,
            store: Arc::new(MemoryStore::new()),
            source,
        };
        Consumer::new(&stage, story).live().await
    })
}
