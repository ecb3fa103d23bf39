//! Whatever goes wrong on the way, no record is lost from a report or written twice.
#![allow(clippy::expect_used, reason = "a failed expectation is the verdict of a test")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use zoho_client::{Outcome, Record};
use zoho_conformance::harness::Harness;
use zoho_conformance::proof;
use zoho_conformance::weather::foul;

fn names(harness: &Harness) -> BTreeMap<String, usize> {
    harness.mock.faults().clear();
    let rows = harness
        .run(async {
            harness
                .zoho
                .crm()
                .records("Leads")
                .fields(["Last_Name"])
                .all()
                .await
        })
        .expect("the list is readable in fair weather");
    let mut names = BTreeMap::new();
    for row in rows {
        *names
            .entry(row.get_str("Last_Name").unwrap_or_default().to_owned())
            .or_insert(0) += 1;
    }
    names
}

proptest! {
    #![proptest_config(proof::config("faults::any_weather"))]

    /// 250 rows are three batches; any of them may meet any weather, for a while or for good.
    #[test]
    fn a_create_is_never_carried_out_twice_and_its_report_is_true(
        weather in foul(),
        skip in 0u32..3,
        times in 1u32..8,
    ) {
        const ROWS: usize = 250;
        let harness = Harness::new();
        harness.mock.faults().script(weather.fault("create_records").skip(skip).times(times));
        let rows = (0..ROWS).map(|n| Record::new().set("Last_Name", format!("row {n:03}")));
        let outcome = harness.run(async { harness.zoho.crm().records("Leads").create(rows).await });
        let written = names(&harness);
        prop_assert!(written.values().all(|count| *count == 1), "{weather:?}: a row was written twice");

        let (known, unknown, not_written) = match &outcome {
            Ok(outcomes) => (outcomes.clone(), 0..0, ROWS..ROWS),
            Err(error) => {
                let partial = error.partial_write().expect("a write of several batches says how far it came");
                (partial.known.clone(), partial.unknown.clone(), partial.not_written.clone())
            }
        };
        prop_assert!(known.iter().all(Outcome::is_ok));
        prop_assert_eq!(known.len() + unknown.len() + not_written.len(), ROWS, "every row is accounted for");
        for n in 0..ROWS {
            let there = written.contains_key(&format!("row {n:03}"));
            if n < known.len() {
                prop_assert!(there, "row {} was reported as written", n);
            } else if !unknown.contains(&n) {
                prop_assert!(!there, "row {} was reported as not written", n);
            }
        }
    }

    /// Reads are repeated: weather that passes leaves no mark, weather that stays is an error of a fitting kind.
    #[test]
    fn a_read_gives_every_row_once_or_an_error(
        weather in foul(),
        operation in prop_oneof![Just("list_records"), Just("query_records")],
        skip in 0u32..4,
        times in 1u32..8,
    ) {
        const ROWS: usize = 700;
        let harness = Harness::new();
        let rows = (0..ROWS).map(|n| Record::new().set("Last_Name", format!("row {n:03}")));
        harness.run(async { harness.zoho.crm().records("Leads").create(rows).await }).expect("fair weather");
        harness.mock.faults().script(weather.fault(operation).skip(skip).times(times));
        let read = harness.run(async {
            let crm = harness.zoho.crm();
            match operation {
                "list_records" => crm.records("Leads").fields(["Last_Name"]).all().await,
                _ => crm.coql("select Last_Name from Leads where id is not null").per_page(200).all().await,
            }
        });
        match read {
            Ok(rows) => {
                let ids: std::collections::BTreeSet<_> = rows.iter().map(Record::id).collect();
                prop_assert_eq!(rows.len(), ROWS);
                prop_assert_eq!(ids.len(), ROWS);
            }
            Err(error) => {
                prop_assert_eq!(error.operation(), Some(operation), "{:?}", error);
                prop_assert!(weather.explains(error.kind()), "{:?} gave {:?}", weather, error);
            }
        }
    }
}
