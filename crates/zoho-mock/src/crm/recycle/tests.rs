//! Tests of the recycle bin.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::crm::testkit::{Got, Kit};

fn deleted(kit: &mut Kit, names: &[&str]) -> Vec<String> {
    let records = names.iter().map(|name| json!({"Last_Name": name})).collect();
    let ids = kit.create("Leads", &records);
    for id in &ids {
        kit.now += 1;
        assert_eq!(kit.ask("delete_record", ["Leads", id]).go().status, 200);
    }
    ids
}

fn ids(got: &Got) -> Vec<String> {
    let rows = got.body["recycle_bin"].as_array().cloned().unwrap_or_default();
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

fn bin(kit: &mut Kit) -> Vec<String> {
    ids(&kit.ask("list_recycle_bin", []).query("sort_order", "asc").go())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_deleted_record_is_in_the_bin_or_back_or_gone(
        deeds in prop::collection::vec(0..3_u8, 1..8),
    ) {
        let mut kit = Kit::new();
        let all = deleted(&mut kit, &vec!["A"; deeds.len()]);
        prop_assert_eq!(bin(&mut kit), all.clone());
        for (id, deed) in all.iter().zip(&deeds) {
            let got = match deed {
                0 => continue,
                1 => kit.ask("restore_recycle_bin_record", [id.as_str()]).go(),
                _ => kit.ask("delete_recycle_bin_record", [id.as_str()]).go(),
            };
            prop_assert_eq!((got.status, got.at("/recycle_bin/0/details/id")), (200, &json!(id)));
        }
        let feed = kit.ask("list_deleted_records", ["Leads"]).query("type", "permanent").go();
        let gone = feed.body["data"].as_array().cloned().unwrap_or_default();
        for (id, deed) in all.iter().zip(&deeds) {
            let there = kit.ask("get_record", ["Leads", id]).go().status == 200;
            prop_assert_eq!(there, *deed == 1);
            prop_assert_eq!(bin(&mut kit).contains(id), *deed == 0);
            prop_assert_eq!(gone.iter().any(|row| row["id"] == json!(id)), *deed == 2);
            let again = kit.ask("restore_recycle_bin_record", [id.as_str()]).go();
            prop_assert_eq!(again.status, if *deed == 0 { 200 } else { 400 });
        }
    }
}

#[test]
fn the_bin_tells_who_deleted_what_and_forgets_after_sixty_days() {
    let mut kit = Kit::new();
    let all = deleted(&mut kit, &["A", "B"]);
    let got = kit.ask("list_recycle_bin", []).query("per_page", "1").go();
    let user = json!({"name": "Patricia Boyle", "id": kit.user.to_string()});
    let expected = json!({
        "display_name": "B", "deleted_time": "2026-05-14T12:00:02+02:00", "owner": user, "module": "Leads",
        "deleted_by": user, "id": all[1],
    });
    assert_eq!(got.at("/recycle_bin/0"), &expected);
    assert_eq!(
        got.at("/info"),
        &json!({"per_page": 1, "count": 1, "page": 1, "more_records": true})
    );
    let got = kit.ask("get_recycle_bin_record", [all[0].as_str()]).go();
    assert_eq!(got.at("/recycle_bin/0/module/api_name"), "Leads");
    assert_eq!(kit.ask("get_recycle_bin_record", ["5"]).go().status, 204);
    assert_eq!(kit.ask("count_recycle_bin", []).go().body, json!({"count": 2}));
    kit.now += 60 * 86_400;
    assert_eq!(kit.ask("list_recycle_bin", []).go().status, 204);
    assert_eq!(
        kit.ask("restore_recycle_bin_record", [all[0].as_str()])
            .go()
            .status,
        400
    );
}

#[test]
fn filters_choose_what_is_listed_deleted_and_restored() {
    let mut kit = Kit::new();
    let all = deleted(&mut kit, &["Ada", "Bob", "Cid"]);
    let one = |field: &str, comparator: &str, value: Value| json!({"field": {"api_name": field}, "comparator": comparator, "value": value});
    let two = json!({"group_operator": "or", "group": [
        one("display_name", "starts_with", json!("ad")), one("id", "in", json!([all[2]])),
    ]});
    for (filter, expected) in [
        (one("module", "equal", json!("Leads")), vec![0, 1, 2]),
        (one("module", "not_equal", json!({"api_name": "Leads"})), vec![]),
        (
            one("deleted_time", "greater_than", json!("2026-05-14T10:00:01Z")),
            vec![1, 2],
        ),
        (
            one(
                "deleted_time",
                "between",
                json!(["2026-05-14T10:00:01Z", "2026-05-14T10:00:02Z"]),
            ),
            vec![0, 1],
        ),
        (two.clone(), vec![0, 2]),
    ] {
        let got = kit
            .ask("list_recycle_bin", [])
            .query("filters", filter.to_string())
            .query("sort_order", "asc")
            .go();
        let expected: Vec<String> = expected.into_iter().map(|at: usize| all[at].clone()).collect();
        assert_eq!(ids(&got), expected, "{filter}");
    }
    for bad in [
        "x",
        "{}",
        r#"{"field":{"api_name":"nope"},"comparator":"equal","value":"1"}"#,
    ] {
        let got = kit.ask("list_recycle_bin", []).query("filters", bad).go();
        assert_eq!(got.at("/details/param_name"), "filters");
    }
    let got = kit
        .ask("restore_recycle_bin_records", [])
        .json(&json!({"filters": two}))
        .go();
    assert_eq!(ids_of(&got), [all[0].as_str(), all[2].as_str()]);
    let gone = one("id", "equal", json!(all[1])).to_string();
    let got = kit
        .ask("delete_recycle_bin_records", [])
        .query("filters", &gone)
        .go();
    assert_eq!(ids_of(&got), [all[1].as_str()]);
    assert_eq!(
        kit.ask("delete_recycle_bin_records", [])
            .query("filters", &gone)
            .go()
            .status,
        400
    );
    assert_eq!(
        kit.ask("delete_recycle_bin_records", []).go().at("/code"),
        "REQUIRED_PARAM_MISSING"
    );
}

fn ids_of(got: &Got) -> Vec<&str> {
    let items = got.body["recycle_bin"].as_array().unwrap().iter();
    items
        .map(|item| item["details"]["id"].as_str().unwrap())
        .collect()
}

#[test]
fn records_come_back_by_id_or_all_and_the_bin_is_emptied() {
    let mut kit = Kit::new();
    let all = deleted(&mut kit, &["A", "B", "C"]);
    let got = kit
        .ask("restore_recycle_bin_records", [])
        .json(&json!({"ids": [all[0], "5"]}))
        .go();
    assert_eq!(
        (got.status, got.at("/recycle_bin/1/code")),
        (207, &json!("INVALID_DATA"))
    );
    let got = kit.ask("restore_recycle_bin_records", []).json(&json!({})).go();
    assert_eq!(got.at("/code"), "EXPECTED_FIELD_MISSING");
    let got = kit
        .ask("restore_recycle_bin_records", [])
        .json(&json!({"restore_all_records": true}))
        .go();
    assert_eq!(ids_of(&got).len(), 2);
    for id in &all {
        kit.ask("delete_record", ["Leads", id]).go();
    }
    assert_eq!(kit.ask("empty_recycle_bin", []).go().at("/code"), "SUCCESS");
    assert_eq!(kit.ask("count_recycle_bin", []).go().body, json!({"count": 0}));
}

#[test]
fn a_record_stays_in_the_bin_while_another_has_its_unique_value() {
    let mut kit = Kit::new();
    let record = json!([{"Last_Name": "A", "Reference_Code": "r"}]);
    let old = kit.create("Leads", &record).remove(0);
    kit.ask("delete_record", ["Leads", &old]).go();
    let new = kit.create("Leads", &record).remove(0);
    let got = kit.ask("restore_recycle_bin_record", [old.as_str()]).go();
    assert_eq!(got.at("/recycle_bin/0/code"), "DUPLICATE_DATA");
    assert_eq!(bin(&mut kit), [old.as_str()]);
    let before = kit.ask("get_record", ["Leads", &new]).go().body["data"][0]["Reference_Code"].clone();
    assert_eq!(before, "r");
}
