//! What triggers promise besides: their cost, their errors, and who may move a cursor.
#![allow(clippy::expect_used, reason = "a failed expectation is the verdict of a test")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use zoho_client::triggers::{Batch, Change, Feed, Hints, Schedule, Trigger};
use zoho_client::{ErrorKind, Guard, MemoryStore, StateStore};
use zoho_conformance::flaky::FlakyStore;
use zoho_conformance::harness::Harness;
use zoho_mock::Fault;

use crate::minutely::{MINUTE, create, every_minute, leads, trigger};

/// Runs until a run is over, and gives what was told.
async fn run(trigger: &mut Trigger) -> Vec<Batch> {
    let mut batches = Vec::new();
    loop {
        let batch = trigger.next().await.expect("nothing goes wrong");
        trigger.acknowledge(&batch).await.expect("memory does not fail");
        let ends = batch.ends_run();
        batches.push(batch);
        if ends {
            return batches;
        }
    }
}

fn count(batches: &[Batch]) -> usize {
    batches.iter().map(|batch| batch.events().len()).sum()
}

#[test]
fn a_poll_costs_one_request_and_one_more_for_each_two_thousand_changes() {
    for changes in [0, 1, 1_999, 2_000, 2_001, 4_500] {
        let harness = Harness::new();
        harness.run(async {
            let store = Arc::new(MemoryStore::new());
            let mut trigger = trigger(leads(&harness), &store);
            trigger.begin().await.expect("nothing goes wrong");
            create(&harness, changes).await;
            tokio::time::sleep(MINUTE).await;
            let asked = |harness: &Harness| harness.mock.journal().exchanges().len();
            let before = asked(&harness);
            assert_eq!(count(&run(&mut trigger).await), changes);
            let cost = asked(&harness) - before;
            assert!(
                cost <= 1 + changes / 2_000,
                "{changes} changes cost {cost} requests"
            );
            // All of it is in the overlap still, and read again.
            let before = asked(&harness);
            assert_eq!(count(&run(&mut trigger).await), 0);
            let cost = asked(&harness) - before;
            assert!(
                cost <= 1 + changes / 2_000,
                "an overlap of {changes} costs {cost} requests"
            );
            tokio::time::sleep(3 * MINUTE).await;
            run(&mut trigger).await;
            let before = asked(&harness);
            assert_eq!(count(&run(&mut trigger).await), 0);
            assert_eq!(asked(&harness) - before, 1, "nothing changed");
        });
    }
}

#[test]
fn more_than_fifty_fields_come_with_every_record_converted_ones_too() {
    let harness = Harness::new();
    harness.run(async {
        let store = Arc::new(MemoryStore::new());
        let names: Vec<String> = harness
            .zoho
            .crm()
            .fields("Leads")
            .await
            .expect("the mock knows its fields")
            .iter()
            .filter(|field| field.data_type.as_deref() != Some("subform"))
            .map(|field| field.api_name.clone())
            .collect();
        // Asked for twice over, so that there are more than fifty of them.
        let wide: Vec<String> = names
            .iter()
            .cloned()
            .chain((0..60).map(|n| format!("Unknown_{n}")))
            .collect();
        let narrow = Feed::crm(&harness.zoho.crm(), "Leads");
        let mut all = trigger(narrow, &store);
        all.begin().await.expect("nothing goes wrong");
        create(&harness, 3).await;
        let rows = harness
            .zoho
            .crm()
            .records("Leads")
            .fields(["id"])
            .all()
            .await
            .expect("they are there");
        let path = format!("/Leads/{}/actions/convert", rows[0].id());
        let body = serde_json::json!({"data": [{}]});
        harness
            .zoho
            .crm()
            .raw(zoho_client::Method::POST, path)
            .json(&body)
            .send()
            .await
            .expect("it converts");
        let told = run(&mut all).await;
        assert_eq!(count(&told), 3);
        for event in told.iter().flatten() {
            let record = event.record.as_ref().expect("a record");
            assert!(record.get("Company").is_some(), "all fields came");
        }
        let mut many = Trigger::new(
            "wide",
            Feed::crm(&harness.zoho.crm(), "Leads").fields(wide).backfill(),
            every_minute(),
            store.clone(),
        )
        .expect("it is right");
        let told = run(&mut many).await;
        assert_eq!(count(&told), 3);
        assert!(told.iter().flatten().all(|event| {
            event
                .record
                .as_ref()
                .is_some_and(|record| record.get_str("Last_Name").is_some())
        }));
    });
}

#[test]
fn a_cursor_that_is_damaged_newer_or_another_s_is_left_alone() {
    let harness = Harness::new();
    harness.run(async {
        let other = br#"{"format":1,"feed":"crm/Deals","start":1,"mark":1,"floor":1,"new_from":1,"updated":{},"deleted":{}}"#;
        let cases: [(&[u8], ErrorKind); 3] = [
            (b"\xff\x00", ErrorKind::Store),
            (br#"{"format":7,"unheard":"of"}"#, ErrorKind::Store),
            (other, ErrorKind::Config),
        ];
        for (kept, kind) in cases {
            let store = Arc::new(MemoryStore::new());
            store.put("cursor/test", kept.to_vec(), Guard::Always).await.expect("memory");
            let mut trigger = trigger(leads(&harness), &store);
            let error = trigger.next().await.expect_err("it can not be read");
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.to_string().contains("cursor/test"), "{error}");
            let entry = store.get("cursor/test").await.expect("memory").expect("it is there");
            assert_eq!(entry.value, kept);
        }
    });
}

#[test]
fn what_can_not_be_right_is_refused_before_anything_is_sent() {
    let harness = Harness::new();
    let crm = harness.zoho.crm();
    let books = harness.zoho.books(zoho_client::OrganizationId::new("1"));
    let wrong = [
        Feed::crm(&crm, "Leads where id > 0 --"),
        Feed::crm(&crm, "Leads").fields(["Last_Name from Deals"]),
        Feed::crm(&crm, "Leads").lag(Duration::from_secs(1)),
        Feed::crm(&crm, "Leads").lag(Duration::from_secs(601)),
        Feed::crm(&crm, "Leads").overlap(Duration::from_secs(86_401)),
        Feed::crm(&crm, "Leads").page(2_001),
        Feed::books(&books, "contacts").page(201),
        Feed::books(&books, "contacts").deletions(true),
        Feed::books(&books, "contacts").keep_at_most(0),
        Feed::books(&books, "unicorns"),
    ];
    let store = Arc::new(MemoryStore::new());
    for feed in wrong {
        let shown = format!("{feed:?}");
        let made = Trigger::new("test", feed, every_minute(), store.clone());
        assert_eq!(
            made.map(drop).map_err(|error| error.kind()),
            Err(ErrorKind::Config),
            "{shown}"
        );
    }
    let unnamed = Trigger::new("", leads(&harness), every_minute(), store);
    assert_eq!(
        unnamed.map(drop).map_err(|error| error.kind()),
        Err(ErrorKind::Config)
    );
    assert_eq!(harness.mock.journal().exchanges().len(), 0);
}

/// Two that believe to be alone: the slower one moves nothing.
#[test]
fn two_triggers_of_one_name_do_not_undo_each_other() {
    let harness = Harness::new();
    harness.run(async {
        let store = Arc::new(MemoryStore::new());
        let mut one = trigger(leads(&harness), &store);
        one.begin().await.expect("nothing goes wrong");
        let mut two = trigger(leads(&harness), &store);
        create(&harness, 1).await;
        tokio::time::sleep(MINUTE).await;
        let seen_by_one = one.next().await.expect("nothing goes wrong");
        let seen_by_two = two.next().await.expect("nothing goes wrong");
        two.acknowledge(&seen_by_two).await.expect("it is first");
        let kept = store.get("cursor/test").await.expect("memory");
        let error = one.acknowledge(&seen_by_one).await.expect_err("it is late");
        assert_eq!(error.kind(), ErrorKind::Store);
        assert_eq!(
            store.get("cursor/test").await.expect("memory"),
            kept,
            "nothing moved"
        );
        // It has learnt where the other one is.
        assert_eq!(count(&run(&mut one).await), 0);
    });
}

/// Errors of the store and of Zoho are results; the trigger goes on where it was.
#[test]
fn errors_are_results_and_the_trigger_goes_on() {
    let harness = Harness::new();
    harness.run(async {
        let store = FlakyStore::new();
        let mut trigger =
            Trigger::new("test", leads(&harness), every_minute(), store.clone()).expect("it is right");
        trigger.begin().await.expect("nothing goes wrong");
        create(&harness, 2).await;
        harness
            .mock
            .faults()
            .script(Fault::on("query_records").status(503).times(12));
        let mut errors = 0;
        let batch = loop {
            match trigger.next().await {
                Ok(batch) => break batch,
                Err(error) => {
                    assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
                    errors += 1;
                }
            }
        };
        assert_eq!((errors, batch.events().len()), (2, 2));
        store.fail_after(0, false);
        let error = trigger.acknowledge(&batch).await.expect_err("the store fails");
        assert_eq!(error.kind(), ErrorKind::Store);
        let again = trigger.next().await.expect("the batch is out still");
        assert_eq!(again.events(), batch.events());
        trigger.acknowledge(&again).await.expect("the store is well");
        assert!(trigger.next().await.expect("nothing goes wrong").is_empty());
    });
}

#[test]
fn a_hint_brings_the_next_run_forward() {
    let harness = Harness::new();
    harness.run(async {
        let hints = Hints::new();
        let daily = Schedule::every(Duration::from_secs(86_400)).expect("an interval");
        let feed = leads(&harness).lag(Duration::from_secs(2));
        let mut trigger = Trigger::new("test", feed, daily, Arc::new(MemoryStore::new()))
            .expect("it is right")
            .hinted_by(&hints);
        trigger.begin().await.expect("nothing goes wrong");
        create(&harness, 1).await;
        let began: Timestamp = harness.mock.now();
        hints.hint_module("Leads");
        let batch = trigger.next().await.expect("nothing goes wrong");
        assert_eq!(batch.events().len(), 1);
        let waited = harness.mock.now().duration_since(began).as_secs();
        assert!(waited <= 4, "it waited {waited} seconds");
    });
}

#[test]
fn a_custom_start_and_a_backfill_tell_of_what_was_there() {
    let harness = Harness::new();
    harness.run(async {
        create(&harness, 4).await;
        tokio::time::sleep(MINUTE).await;
        let store = Arc::new(MemoryStore::new());
        let told = run(&mut trigger(leads(&harness).backfill(), &store)).await;
        assert_eq!(count(&told), 4);
        assert!(told.iter().flatten().all(|event| event.change == Change::Created));
        let ids: BTreeSet<_> = told.iter().flatten().map(|event| event.id.clone()).collect();
        assert_eq!(ids.len(), 4);
        let since = leads(&harness).since(harness.mock.now());
        let other = Trigger::new("other", since, every_minute(), store);
        assert_eq!(count(&run(&mut other.expect("it is right")).await), 0);
    });
}
