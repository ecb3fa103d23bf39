//! A trigger over leads that looks every minute, and leads to tell of.
#![allow(clippy::expect_used, reason = "a failed expectation is the verdict of a test")]

use std::sync::Arc;
use std::time::Duration;

use zoho_client::triggers::{Feed, Schedule, Trigger};
use zoho_client::{MemoryStore, Record};
use zoho_conformance::harness::Harness;

pub(crate) const MINUTE: Duration = Duration::from_secs(60);

pub(crate) fn every_minute() -> Schedule {
    Schedule::every(MINUTE).expect("a minute is an interval")
}

pub(crate) fn leads(harness: &Harness) -> Feed {
    Feed::crm(&harness.zoho.crm(), "Leads").fields(["Last_Name"])
}

pub(crate) fn trigger(feed: Feed, store: &Arc<MemoryStore>) -> Trigger {
    Trigger::new("test", feed, every_minute(), store.clone()).expect("it is right")
}

pub(crate) async fn create(harness: &Harness, count: usize) {
    let rows = (0..count).map(|n| Record::new().set("Last_Name", format!("lead {n:05}")));
    harness
        .zoho
        .crm()
        .records("Leads")
        .create(rows)
        .await
        .expect("leads are made");
}
