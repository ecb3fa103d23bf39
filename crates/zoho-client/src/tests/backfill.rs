//! A backfill by bulk jobs against the local Zoho: everything once, whatever changes meanwhile.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use zoho_mock::MockZoho;

use crate::triggers::{Change, Feed, Schedule, Trigger};
use crate::{MemoryStore, OAuthApp, Record, Region, ServiceTransport, TokioClock, Zoho};

fn connect(mock: &MockZoho) -> Zoho {
    Zoho::builder(Region::custom(mock.base_url()).unwrap())
        .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
        .refresh_token(mock.refresh_token())
        .clock(TokioClock::starting_at(mock.now()))
        .transport(ServiceTransport::new(mock.service()))
        .build()
        .unwrap()
}

fn trigger(zoho: &Zoho, above: u32, store: &Arc<MemoryStore>) -> Trigger {
    let feed = Feed::crm(&zoho.crm(), "Leads").fields(["Last_Name"]).page(500);
    let daily = Schedule::every(Duration::from_secs(86_400)).unwrap();
    Trigger::new("leads", feed.backfill_in_bulk(above), daily, store.clone()).unwrap()
}

/// What was told of each lead.
type Told = BTreeMap<String, Vec<(Change, String)>>;

/// Takes so many batches that tell something, and acknowledges them.
async fn take(trigger: &mut Trigger, batches: usize, told: &mut Told) {
    let mut taken = 0;
    while taken < batches {
        let batch = trigger.next().await.unwrap();
        for event in &batch {
            let name = event
                .record
                .as_ref()
                .and_then(|record| record.get_str("Last_Name"));
            let event = (
                event.change,
                name.unwrap_or_default().to_owned(),
                event.id.to_string(),
            );
            told.entry(event.2).or_default().push((event.0, event.1));
        }
        taken += usize::from(!batch.is_empty());
        trigger.acknowledge(&batch).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn leads_are_told_from_the_archive_and_their_changes_after_it() {
    let mock = MockZoho::builder().records("Leads", 3_000).unwrap().in_process();
    let zoho = connect(&mock);
    tokio::time::sleep(Duration::from_secs(600)).await;
    let (store, mut told) = (Arc::new(MemoryStore::new()), Told::new());
    let mut first = trigger(&zoho, 1_000, &store);
    first.begin().await.unwrap();
    // The job is not made yet: one lead changes, and one is new.
    let leads = zoho.crm().records("Leads");
    let some = leads.fields(["Last_Name"]).send().await.unwrap();
    let changed = some.items()[0].id();
    leads
        .update([Record::new()
            .set("id", changed.as_str())
            .set("Last_Name", "Changed")])
        .await
        .unwrap();
    leads
        .create([Record::new().set("Last_Name", "New")])
        .await
        .unwrap();
    take(&mut first, 3, &mut told).await;
    // The process ends; the next reads the archive where this one stopped.
    drop(first);
    let mut next = trigger(&zoho, 1_000, &store);
    take(&mut next, 4, &mut told).await;
    assert_eq!(told.len(), 3_001);
    assert!(
        told.values()
            .all(|told| matches!(told.as_slice(), [(Change::Created, _)]))
    );
    assert_eq!(told[changed.as_str()][0].1, "Changed");
    assert_eq!(mock.journal().count("create_bulk_read"), 1);
    assert_eq!(mock.journal().count("download_bulk_read"), 2);
    leads
        .update([Record::new()
            .set("id", changed.as_str())
            .set("Last_Name", "Again")])
        .await
        .unwrap();
    take(&mut next, 1, &mut told).await;
    assert_eq!(told[changed.as_str()][1], (Change::Updated, "Again".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn few_leads_and_refused_jobs_are_read_by_query() {
    for (count, refused) in [(900, false), (1_100, true)] {
        let mock = MockZoho::builder().records("Leads", count).unwrap().in_process();
        if refused {
            let fault = zoho_mock::Fault::on("create_bulk_read").status(403).times(10);
            mock.faults().script(fault);
        }
        let zoho = connect(&mock);
        tokio::time::sleep(Duration::from_secs(600)).await;
        let (store, mut told) = (Arc::new(MemoryStore::new()), Told::new());
        let mut trigger = trigger(&zoho, 1_000, &store);
        take(&mut trigger, count.div_ceil(500), &mut told).await;
        assert_eq!(told.len(), count);
        assert_eq!(mock.journal().count("download_bulk_read"), 0);
        assert!(told.values().all(|told| told.len() == 1));
    }
}
