//! Lists that end too early, go on too long, or lose what changes while they are read.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use serde_json::json;
use zoho_client::triggers::{Feed, Schedule, Trigger};
use zoho_client::{ErrorKind, MemoryStore, Record};
use zoho_conformance::harness::Harness;
use zoho_mock::{Fault, MockZoho};

fn with_leads(count: usize) -> Harness {
    let world = MockZoho::builder()
        .records("Leads", count)
        .expect("Leads are a module");
    Harness::of(world, |_, client| client)
}

/// A wrong connector counts pages by number, which Zoho ends after 2,000 rows, and takes that for the end.
#[test]
fn fetch_all_does_not_stop_at_row_2_001() {
    for rows in [2_000, 2_001, 2_200] {
        let harness = with_leads(rows);
        let leads = harness.run(async { harness.zoho.crm().records("Leads").fields(["id"]).all().await });
        let ids: BTreeSet<_> = leads
            .expect("the list is readable")
            .iter()
            .map(Record::id)
            .collect();
        assert_eq!(ids.len(), rows);
    }
}

/// A wrong connector takes `more_records: true` with a null token for the last page and reports a part as the whole.
#[test]
fn a_nil_page_token_with_more_records_is_no_end() {
    for token in [json!(null), json!("")] {
        let harness = with_leads(2_500);
        let page = json!({
            "data": [{"id": "1"}],
            "info": {"more_records": true, "next_page_token": token, "count": 1, "per_page": 200},
        });
        harness
            .mock
            .faults()
            .script(Fault::on("list_records").skip(11).json(page).status(200).times(1));
        let error = harness
            .run(async { harness.zoho.crm().records("Leads").fields(["id"]).all().await })
            .expect_err("there is more, and no way to it");
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert_eq!(error.json_path(), Some("$.info.next_page_token"));
    }
}

/// A wrong connector fetches every page and throws away what was not asked for.
#[test]
fn a_limit_does_not_fetch_every_page() {
    let harness = with_leads(1_000);
    let rows = harness.run(async {
        let stream = harness.zoho.crm().records("Leads").fields(["id"]).stream();
        stream.take(250).try_collect::<Vec<_>>().await
    });
    assert_eq!(rows.expect("the list is readable").len(), 250);
    assert_eq!(
        harness.mock.journal().count("list_records"),
        2,
        "250 rows are on two pages"
    );
}

/// A wrong connector keeps the time of the last row plus a second as its cursor: what changed later in that second is
/// never told. Another keeps the time itself and tells what it has told once more.
#[test]
fn a_cursor_does_not_skip_the_rest_of_its_second() {
    let harness = Harness::new();
    let told = harness.run(async {
        let leads = harness.zoho.crm().records("Leads");
        let every_second = Schedule::every(Duration::from_secs(1)).expect("an interval");
        let feed = Feed::crm(&harness.zoho.crm(), "Leads").fields(["Last_Name"]);
        let store = Arc::new(MemoryStore::new());
        let mut trigger = Trigger::new("peers", feed, every_second, store).expect("it is right");
        trigger.begin().await.expect("nothing goes wrong");
        let reading = async {
            let mut told = Vec::new();
            while told.len() < 40 {
                let batch = trigger.next().await.expect("nothing goes wrong");
                told.extend(batch.events().iter().map(|event| event.id.clone()));
                trigger.acknowledge(&batch).await.expect("memory does not fail");
            }
            told
        };
        let writing = async {
            // Several in each second, before, while and after it is read.
            for number in 0..40 {
                let row = Record::new().set("Last_Name", format!("{number}"));
                leads.create([row]).await.expect("it is complete");
                tokio::time::sleep(Duration::from_millis(170)).await;
            }
        };
        let told = tokio::time::timeout(Duration::from_secs(120), async {
            tokio::join!(reading, writing).0
        });
        told.await.expect("every lead is told")
    });
    let distinct: BTreeSet<_> = told.iter().collect();
    assert_eq!((told.len(), distinct.len()), (40, 40), "each lead once");
}
