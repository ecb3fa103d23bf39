//! Fetch-all of n rows returns n rows, each once, in server order, for any page size.
#![allow(clippy::expect_used, reason = "a failed expectation is the verdict of a test")]

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use proptest::prelude::*;
use zoho_client::Record;
use zoho_client::wire::ZohoId;
use zoho_conformance::harness::Harness;
use zoho_conformance::proof;

/// The most rows a history is tested with: well past the 2,000 that plain page numbers reach.
const MOST: usize = 5_000;

fn seeded(rows: usize) -> (Harness, Vec<ZohoId>) {
    let harness = Harness::new();
    let batch = (0..rows).map(|n| Record::new().set("Last_Name", format!("Lead {n}")));
    let outcomes = harness
        .run(async { harness.zoho.crm().records("Leads").create(batch).await })
        .expect("plain leads are accepted");
    let ids = outcomes
        .iter()
        .map(|outcome| outcome.id().expect("plain leads are accepted").clone())
        .collect();
    (harness, ids)
}

proptest! {
    #![proptest_config(proof::config("fetch_all::any_number_of_rows"))]

    #[test]
    fn every_row_comes_once_and_in_server_order(rows in 0..=MOST, per_page in 1u32..=200) {
        let (harness, created) = seeded(rows);
        // Small pages of a large set are many requests of the same kind; they are covered by small sets.
        let per_page = if rows > 1_000 { per_page.max(20) } else { per_page };
        let listed: Vec<Record> = harness
            .run(async {
                harness.zoho.crm().records("Leads").fields(["Last_Name"]).per_page(per_page).stream().try_collect().await
            })
            .expect("the list is readable");
        let ids: Vec<ZohoId> = listed.iter().map(Record::id).collect();
        let newest_first: Vec<ZohoId> = created.iter().rev().cloned().collect();
        prop_assert_eq!(ids, newest_first);
    }

    #[test]
    fn pages_and_stream_and_coql_give_the_same_rows(rows in 0..=MOST) {
        let (harness, created) = seeded(rows);
        let expected: BTreeSet<ZohoId> = created.into_iter().collect();
        let (pages, queried): (Vec<_>, Vec<_>) = harness
            .run(async {
                let crm = harness.zoho.crm();
                let pages = crm.records("Leads").fields(["id"]).pages().try_collect().await?;
                let queried = crm.coql("select id from Leads where id is not null").all().await?;
                Ok::<_, zoho_client::Error>((pages, queried))
            })
            .expect("both ways are readable");
        let paged: Vec<ZohoId> = pages.iter().flat_map(|page| page.items().iter().map(Record::id)).collect();
        prop_assert_eq!(paged.len(), rows);
        prop_assert_eq!(queried.len(), rows);
        prop_assert_eq!(&paged.into_iter().collect::<BTreeSet<_>>(), &expected);
        prop_assert_eq!(&queried.iter().map(Record::id).collect::<BTreeSet<_>>(), &expected);
    }
}

#[test]
fn fetch_all_passes_the_limit_of_plain_page_numbers() {
    let (harness, created) = seeded(2_500);
    let rows = harness
        .run(async { harness.zoho.crm().records("Leads").fields(["id"]).all().await })
        .expect("the list is readable");
    assert_eq!(rows.len(), created.len());
    assert_eq!(
        harness.mock.journal().count("list_records"),
        13,
        "2,500 rows are 13 pages of 200"
    );
}
