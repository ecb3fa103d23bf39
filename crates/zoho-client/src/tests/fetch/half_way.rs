//! What happens half-way: refusals, lost connections, dead tokens, rows that come and go.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};
use zoho_mock::Fault;

use super::world::{ALIKE, World, ids, refusal, run};
use crate::crm::Way;
use crate::testing::{Act, Script, refuse, say};
use crate::{Cursor, ErrorKind, Record};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn whatever_breaks_half_way_no_row_is_lost_or_comes_twice(
        leads in 2_000_usize..10_000, skip in 0_u32..7, kind in 0_usize..6, ahead in 0_usize..3,
    ) {
        run(async {
            let world = World::with(leads);
            let plain = world.by(Way::Pages).await;
            let fault = Fault::on("query_records").skip(skip);
            world.mock.faults().script(match kind {
                0 => fault.status(400).json(refusal("INVALID_QUERY")),
                1 => fault.status(401).json(refusal("OAUTH_SCOPE_MISMATCH")),
                2 => fault.times(2).status(429).json(refusal("TOO_MANY_REQUESTS")),
                3 => fault.times(3).drop_reply(),
                4 => fault.times(1).truncate(700),
                _ => fault.times(1).status(401).json(refusal("INVALID_TOKEN")),
            });
            let list = world.leads().fields(ALIKE).way(Way::Cheapest).prefetch(ahead);
            assert_eq!(ids(&list.all().await.unwrap()), ids(&plain), "kind {kind}");
        });
    }

    #[test]
    fn rows_that_are_there_all_the_time_come_once_in_order_while_others_come_and_go(
        gone in prop::collection::vec((0_usize..6_000, 0_usize..8), 0..12), made in 0_usize..6,
    ) {
        run(async {
            let world = World::with(6_000);
            let before = world.by(Way::Pages).await;
            let mut rows = world.leads().fields(ALIKE).way(Way::Query).stream();
            let mut come: Vec<Record> = Vec::new();
            let mut deleted = Vec::new();
            let mut turn = 0;
            while let Some(row) = rows.try_next().await.unwrap() {
                if come.len().is_multiple_of(800) {
                    for (place, _) in gone.iter().filter(|(_, at)| *at == turn) {
                        deleted.push(before[*place].id());
                        world.leads().delete([before[*place].id()]).await.unwrap();
                    }
                    if turn < made {
                        world.leads().create([Record::new().set("Last_Name", "Late")]).await.unwrap();
                    }
                    turn += 1;
                }
                come.push(row);
            }
            assert!(come.windows(2).all(|two| two[0].id() > two[1].id()), "in order, and once");
            let kept: Vec<String> = ids(&before).into_iter().filter(|id| deleted.iter().all(|gone| gone.as_str() != id)).collect();
            let come = ids(&come);
            let missing: Vec<_> = kept.iter().filter(|id| come.binary_search_by(|other| id.cmp(&other)).is_err()).collect();
            assert!(missing.is_empty(), "lost {missing:?}");
        });
    }
}

/// Rows 9,999 down to 0 under ids of four digits, by list and by query. `refused` is the query that is refused.
fn scripted(refused: Option<usize>, differs: bool) -> Script {
    let row = |n: usize| json!({"id": format!("1{n:04}"), "Last_Name": format!("Lead {n}")});
    Script::new(move |seen, _| -> Act {
        if seen.path.ends_with("/settings/fields") {
            return say(
                200,
                json!({"fields": [{"api_name": "Last_Name", "data_type": "text"}]}),
            );
        }
        if seen.path.ends_with("/coql") {
            let query = seen.json()["select_query"].as_str().unwrap().to_owned();
            if query.contains("COUNT") {
                return say(
                    200,
                    json!({"data": [{"COUNT(id)": 10_000}], "info": {"more_records": false}}),
                );
            }
            let (_, limit) = query.split_once(" limit ").unwrap();
            let (offset, rows) = limit.split_once(", ").unwrap();
            let (offset, rows): (usize, usize) = (offset.parse().unwrap(), rows.parse().unwrap());
            if refused == Some(offset / 1_999) {
                return refuse(400, "INVALID_QUERY");
            }
            let mut data: Vec<Value> = (offset..(offset + rows).min(10_000))
                .map(|n| row(9_999 - n))
                .collect();
            if differs && offset == 0 {
                data[150]["Last_Name"] = json!("Somebody else");
            }
            return say(
                200,
                json!({"data": data, "info": {"more_records": offset + rows < 10_000}}),
            );
        }
        let page: usize = seen.query("page_token").map_or(0, |token| token.parse().unwrap());
        let data: Vec<Value> = (page * 200..page * 200 + 200).map(|n| row(9_999 - n)).collect();
        let more = page < 49;
        let token = if more {
            json!((page + 1).to_string())
        } else {
            Value::Null
        };
        say(
            200,
            json!({"data": data, "info": {"more_records": more, "next_page_token": token}}),
        )
    })
}

#[test]
fn a_refused_query_hands_back_to_the_pages_behind_its_last_row() {
    run(async {
        for refused in 0..6 {
            let script = scripted(Some(refused), false);
            let list = script.client().crm().records("Contacts").fields(["Last_Name"]);
            let rows = list.way(Way::Cheapest).all().await.unwrap();
            let expected: Vec<String> = (0..10_000).rev().map(|n| format!("1{n:04}")).collect();
            assert_eq!(ids(&rows), expected, "query {refused} was refused");
        }
    });
}

#[test]
fn a_query_that_shows_one_value_otherwise_is_not_trusted() {
    run(async {
        let script = scripted(None, true);
        let list = script.client().crm().records("Contacts").fields(["Last_Name"]);
        let rows = list.way(Way::Cheapest).all().await.unwrap();
        assert_eq!(rows.len(), 10_000);
        assert_eq!(rows[150].get_str("Last_Name"), Some("Lead 9849"));
        let pages = script
            .calls()
            .iter()
            .filter(|seen| seen.path.ends_with("/Contacts"))
            .count();
        assert_eq!(pages, 50);
    });
}

#[test]
fn a_query_that_fails_for_good_says_where_the_list_can_be_taken_up() {
    run(async {
        let world = World::with(9_000);
        let plain = world.by(Way::Pages).await;
        world
            .mock
            .faults()
            .script(Fault::on("query_records").skip(3).status(503));
        let crm = world.zoho.crm();
        let mut rows = crm.records("Leads").fields(ALIKE).way(Way::Query).stream();
        let mut come = Vec::new();
        let error = loop {
            match rows.try_next().await {
                Ok(row) => come.push(row.unwrap()),
                Err(error) => break error,
            }
        };
        let cursor = error.cursor().cloned().unwrap();
        assert_eq!(cursor, Cursor::Behind(come.last().unwrap().id()));
        world.mock.faults().clear();
        let rest = world
            .leads()
            .fields(ALIKE)
            .from_cursor(cursor)
            .all()
            .await
            .unwrap();
        come.extend(rest);
        assert_eq!(come, plain);
    });
}

#[test]
fn a_page_fetched_ahead_that_fails_is_an_error_and_never_an_end() {
    run(async {
        let world = World::with(3_000);
        world.mock.faults().script(
            Fault::on("list_records")
                .skip(4)
                .status(503)
                .delay(Duration::from_secs(1)),
        );
        let list = world.leads().fields(["id"]).prefetch(3);
        let error = list.all().await.unwrap_err();
        assert_eq!(
            (error.status().unwrap().as_u16(), error.kind()),
            (503, ErrorKind::Api)
        );
    });
}

#[cfg(feature = "bulk")]
#[test]
fn a_download_that_breaks_is_taken_up_and_gives_each_row_once() {
    run(async {
        let world = World::with(5_000);
        let plain = world.by(Way::Export).await;
        for cut in [0, 30, 9_000, 60_000] {
            let fault = Fault::on("download_bulk_read").times(2).truncate(cut);
            world.mock.faults().script(fault);
            assert_eq!(world.by(Way::Export).await, plain, "cut at {cut}");
            world.mock.faults().clear();
            tokio::time::sleep(Duration::from_secs(61)).await;
        }
    });
}

#[cfg(feature = "bulk")]
#[test]
fn a_refused_export_leaves_the_list_to_the_pages() {
    run(async {
        let world = World::with(35_000);
        let plain = world.by(Way::Pages).await;
        for operation in ["create_bulk_read", "download_bulk_read"] {
            let fault = Fault::on(operation).status(400).json(refusal("INVALID_DATA"));
            world.mock.faults().script(fault);
            let list = world.leads().fields(ALIKE).way(Way::Cheapest).any_order();
            assert_eq!(list.all().await.unwrap(), plain, "{operation}");
            world.mock.faults().clear();
        }
    });
}

#[test]
fn a_list_whose_page_token_died_goes_on_behind_its_last_row() {
    run(async {
        let world = World::with(900);
        let plain = world.by(Way::Pages).await;
        for ahead in [0, 2] {
            let mut rows = world.leads().fields(ALIKE).prefetch(ahead).stream();
            let mut come = Vec::new();
            while let Some(row) = rows.try_next().await.unwrap() {
                come.push(row);
                if come.len() == 200 {
                    world.mock.advance(Duration::from_secs(25 * 3600));
                }
            }
            assert_eq!(come, plain);
        }
        assert!(world.calls("query_records") > 0);
    });
}

#[test]
fn a_query_that_goes_round_in_circles_is_an_error() {
    run(async {
        let script = Script::new(|seen, _| -> Act {
            let counted = seen.json()["select_query"].as_str().unwrap().contains("COUNT");
            let data = if counted {
                json!([{"COUNT(id)": 1}])
            } else {
                json!([{"id": "17"}, {"id": "16"}])
            };
            say(200, json!({"data": data, "info": {"more_records": !counted}}))
        });
        let list = script
            .client()
            .crm()
            .records("Contacts")
            .fields(["id"])
            .way(Way::Query);
        assert_eq!(list.all().await.unwrap_err().kind(), ErrorKind::Decode);
    });
}
