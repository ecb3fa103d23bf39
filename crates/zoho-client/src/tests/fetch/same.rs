//! The ways give the same rows, and cost what they should.

use std::sync::Arc;

use futures_util::TryStreamExt;
use parking_lot::Mutex;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::world::{ALIKE, World, ids, run};
use crate::ErrorKind;
use crate::crm::{Converted, Progress, SortOrder, Way};
use crate::testing::{Act, Script, say, say_text};

#[derive(Debug, Deserialize, PartialEq)]
struct Lead {
    id: String,
    #[serde(rename = "Last_Name")]
    last_name: Option<String>,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn every_way_gives_the_rows_of_plain_pages(
        leads in 0_usize..5_000, converted in 0_usize..5, ascending in any::<bool>(), ahead in 0_usize..4, wrong in any::<bool>(),
    ) {
        run(async {
            let world = World::with(leads);
            let some = world.leads().fields(["id"]).send().await.unwrap().into_items();
            world.convert(&some[..converted.min(some.len())]).await;
            let order = if ascending { SortOrder::Asc } else { SortOrder::Desc };
            let list = || world.leads().fields(ALIKE).sort_order(order);
            let plain = list().all().await.unwrap();
            let known = || if wrong { list().expect_rows(leads as u64 / 2) } else { list() };
            assert_eq!(list().prefetch(ahead).all().await.unwrap(), plain, "ahead");
            assert_eq!(known().way(Way::Query).all().await.unwrap(), plain, "query");
            let cheapest: Vec<_> = known().way(Way::Cheapest).prefetch(ahead).stream().try_collect().await.unwrap();
            assert_eq!(cheapest, plain, "cheapest");
            let typed: Vec<Lead> = world.zoho.crm().records_as("Leads").fields(ALIKE).sort_order(order)
                .way(Way::Cheapest).all().await.unwrap();
            assert_eq!(typed.iter().map(|lead| lead.id.clone()).collect::<Vec<_>>(), ids(&plain));
        });
    }
}

#[cfg(feature = "bulk")]
#[test]
fn an_export_gives_the_same_rows_in_its_own_order() {
    run(async {
        let world = World::with(3_000);
        let some = world.leads().fields(["id"]).send().await.unwrap().into_items();
        world.convert(&some[..3]).await;
        let mut plain = world.by(Way::Pages).await;
        let mut exported = world.by(Way::Export).await;
        assert_ne!(ids(&plain), ids(&exported), "the mock exports in another order");
        plain.sort_by_key(crate::Record::id);
        exported.sort_by_key(crate::Record::id);
        assert_eq!(exported, plain);
    });
}

#[test]
fn the_cheapest_way_is_a_query_where_it_pays_and_an_export_where_the_order_is_free() {
    run(async {
        let world = World::with(40_000);
        let list = || world.leads().fields(ALIKE).way(Way::Cheapest);
        let rows = list().all().await.unwrap();
        assert_eq!(
            (rows.len(), world.calls("list_records")),
            (40_000, 2),
            "a page, and one of converted leads"
        );
        let queries = world.calls("query_records");
        assert!((21..=23).contains(&queries), "{queries} queries");
        let before = world.zoho.credits_spent();
        assert!(before <= 66, "{before} credits of 40,000 rows");

        let mut free = list().any_order().all().await.unwrap();
        let credits = world.zoho.credits_spent() - before;
        assert!(credits <= 62, "{credits} credits of an export");
        assert_eq!(world.calls("create_bulk_read"), 1);
        free.sort_by_key(|row| std::cmp::Reverse(row.id()));
        assert_eq!(free, rows);
    });
}

#[test]
fn small_lists_and_lists_that_a_query_shows_otherwise_stay_with_pages() {
    run(async {
        let world = World::with(1_500);
        let leads = world.leads();
        for list in [
            leads.fields(["Last_Name", "Owner"]),
            leads.fields(["Last_Name", "Description"]),
            leads.fields(["Last_Name", "Tag"]),
            leads.fields(["Last_Name"]).sort_by("Modified_Time"),
            leads.fields(["Last_Name"]).converted(Converted::Only),
            leads.fields(["Last_Name"]).param("approved", "false"),
            leads.list(),
        ] {
            list.way(Way::Cheapest).all().await.unwrap();
        }
        assert_eq!(world.calls("query_records"), 0);
        let refused = leads
            .fields(["id"])
            .sort_by("Modified_Time")
            .way(Way::Query)
            .all()
            .await;
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Config);

        let small = World::with(200);
        small.by(Way::Cheapest).await;
        assert_eq!(
            (small.calls("list_records"), small.calls("query_records")),
            (1, 0)
        );
        let small = World::with(400);
        small.by(Way::Cheapest).await;
        assert_eq!(
            (small.calls("list_records"), small.calls("query_records")),
            (2, 1),
            "only counted"
        );
    });
}

/// Contacts with ids down from a number, by query only: fast, because their bodies are put together as text.
fn counted(rows: usize) -> Script {
    Script::new(move |seen, _| -> Act {
        let query = seen.json()["select_query"].as_str().unwrap().to_owned();
        if query.contains("COUNT") {
            return say(
                200,
                json!({"data": [{"COUNT(id)": rows}], "info": {"more_records": false}}),
            );
        }
        let (_, limit) = query.split_once(" limit ").unwrap();
        let (offset, limit) = limit.split_once(", ").unwrap();
        let (offset, limit): (usize, usize) = (offset.parse().unwrap(), limit.parse().unwrap());
        assert!(offset + limit <= 100_000, "Zoho counts no further: {query}");
        assert!(!query.contains("id > "), "{query}");
        let behind = query
            .split_once("id < '1")
            .map(|(_, id)| id[..7].parse::<usize>().unwrap());
        let top = query
            .split_once("id <= '1")
            .map_or(rows, |(_, id)| id[..7].parse::<usize>().unwrap() + 1);
        let top = behind.unwrap_or(top);
        let top = top - offset.min(top);
        if top == 0 {
            return say_text(204, "");
        }
        let ids = (top.saturating_sub(limit)..top)
            .rev()
            .map(|n| format!(r#"{{"id":"1{n:07}"}}"#));
        let data = ids.collect::<Vec<_>>().join(",");
        say_text(
            200,
            &format!(r#"{{"data":[{data}],"info":{{"more_records":{}}}}}"#, top > limit),
        )
    })
}

#[test]
fn more_rows_than_zoho_counts_are_walked_in_blocks() {
    run(async {
        for wrong in [None, Some(120_000), Some(240_000)] {
            let script = counted(230_500);
            let client = script.client();
            let list = client.crm().records("Contacts").fields(["id"]).way(Way::Query);
            let list = match wrong {
                Some(rows) => list.expect_rows(rows),
                None => list,
            };
            let rows = list.all().await.unwrap();
            let expected = (0..230_500).rev().map(|n| format!("1{n:07}"));
            assert!(
                rows.iter().map(|row| row.id().to_string()).eq(expected),
                "{wrong:?}"
            );
            let credits = client.credits_spent();
            assert!(
                wrong.is_some() || credits as f64 / 230.5 <= 1.6,
                "{credits} credits"
            );
        }
    });
}

#[test]
fn progress_tells_rows_calls_credits_and_what_is_left() {
    run(async {
        let world = World::with(10_000);
        let seen: Arc<Mutex<Vec<Progress>>> = Arc::default();
        let told = Arc::clone(&seen);
        let list = world.leads().fields(ALIKE).way(Way::Cheapest);
        list.on_progress(move |progress| told.lock().push(progress.clone()))
            .all()
            .await
            .unwrap();
        let seen = seen.lock();
        let last = seen.last().unwrap();
        assert_eq!((last.rows, last.expected), (10_000, Some(10_000)));
        assert_eq!(last.credits, world.zoho.credits_spent());
        let calls = world.mock.journal().exchanges().len() as u64 - world.calls("token");
        assert_eq!(last.requests, calls);
        assert_eq!(last.rest, Some(std::time::Duration::ZERO));
        assert!(
            seen.windows(2)
                .all(|two| two[0].rows < two[1].rows && two[0].elapsed <= two[1].elapsed)
        );
    });
}

#[test]
fn pages_ahead_are_asked_for_before_they_are_wanted_and_no_more_of_them() {
    run(async {
        let world = World::with(4_000);
        let mut rows = world.leads().fields(["id"]).prefetch(2).stream();
        assert_eq!(
            world.calls("list_records"),
            0,
            "nothing before the first row is wanted"
        );
        rows.try_next().await.unwrap();
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        let asked = world.calls("list_records");
        assert!((3..=5).contains(&asked), "{asked} pages for one row");
        drop(rows);
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        assert_eq!(world.calls("list_records"), asked, "nobody wants them any more");
    });
}
