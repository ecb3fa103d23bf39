//! Tests of tags.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::crm::testkit::{Got, Kit};

fn leads(kit: &mut Kit, count: usize) -> Vec<String> {
    kit.create("Leads", &Value::Array(vec![json!({"Last_Name": "A"}); count]))
}

fn settings(kit: &mut Kit, operation: &'static str, tags: &Value) -> Got {
    kit.ask(operation, [])
        .query("module", "Leads")
        .json(&json!({"tags": tags}))
        .go()
}

fn carried(kit: &mut Kit, id: &str) -> Vec<String> {
    let got = kit.ask("get_record", ["Leads", id]).go();
    let tags = got.at("/data/0/Tag").as_array().unwrap().iter();
    tags.map(|tag| tag["name"].as_str().unwrap().to_owned()).collect()
}

fn named(names: &[&str]) -> Value {
    names.iter().map(|name| json!({"name": name})).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_record_carries_what_was_added_less_what_was_removed(
        steps in prop::collection::vec(
            (any::<bool>(), any::<bool>(), prop::sample::subsequence(vec!["a", "b", "c", "d"], 1..4)), 1..8,
        ),
    ) {
        let mut kit = Kit::new();
        let id = leads(&mut kit, 1).remove(0);
        let mut expected: Vec<&str> = Vec::new();
        for (add, over_write, names) in &steps {
            let operation = if *add { "add_record_tags" } else { "remove_record_tags" };
            if *add && *over_write {
                expected.clear();
            }
            expected.retain(|name| !names.contains(name));
            if *add {
                expected.extend(names);
            }
            let got = kit
                .ask(operation, ["Leads", &id])
                .json(&json!({"tags": named(names), "over_write": over_write}))
                .go();
            prop_assert_eq!(got.status, 200, "{}", got.body);
            prop_assert_eq!(carried(&mut kit, &id), expected.clone());
        }
    }
}

#[test]
fn tags_are_made_listed_renamed_and_deleted() {
    let mut kit = Kit::new();
    let ids = leads(&mut kit, 1);
    let got = kit.ask("list_tags", []).query("module", "Leads").go();
    assert_eq!(got.status, 204);
    let got = settings(
        &mut kit,
        "create_tags",
        &json!([{"name": "hot", "color_code": "#57B1FD"}, {"name": "hot"}]),
    );
    assert_eq!(
        (got.status, got.at("/tags/1/code")),
        (207, &json!("DUPLICATE_DATA"))
    );
    let tag = got.at("/tags/0/details/id").as_str().unwrap().to_owned();
    assert_eq!(got.at("/tags/1/details/id"), &json!(tag));
    kit.ask("add_record_tags", ["Leads", &ids[0]])
        .json(&json!({"tags": [{"id": tag}]}))
        .go();
    let got = settings(&mut kit, "update_tags", &json!([{"id": tag, "name": "warm"}]));
    assert_eq!(
        (got.status, got.at("/tags/0/details/name")),
        (200, &json!("warm"))
    );
    let got = kit.ask("get_record", ["Leads", &ids[0]]).go();
    let expected = json!([{"name": "warm", "id": tag, "color_code": "#57B1FD"}]);
    assert_eq!(got.at("/data/0/Tag"), &expected);
    let got = kit.ask("list_tags", []).query("module", "Leads").go();
    assert_eq!(got.at("/info/count"), 1);
    assert_eq!(got.at("/tags/0/name"), "warm");
    let got = kit
        .ask("count_tag_records", [tag.as_str()])
        .query("module", "Leads")
        .go();
    assert_eq!(got.at("/count"), "1");
    assert_eq!(
        kit.ask("delete_tag", [tag.as_str()]).go().at("/tags/0/code"),
        "SUCCESS"
    );
    assert!(carried(&mut kit, &ids[0]).is_empty());
    let got = kit.ask("delete_tag", [tag.as_str()]).go();
    assert_eq!((got.status, got.at("/message")), (400, &json!("tags not found")));
    let got = kit
        .ask("count_tag_records", [tag.as_str()])
        .query("module", "Leads")
        .go();
    assert_eq!(got.at("/code"), "TAG_ID_NOT_FOUND");
}

#[test]
fn a_name_that_a_record_brings_is_a_tag_of_its_module_alone() {
    let mut kit = Kit::new();
    kit.create("Leads", &json!([{"Last_Name": "A", "Tag": [{"name": "x"}]}]));
    kit.create("Contacts", &json!([{"Last_Name": "A", "Tag": [{"name": "x"}]}]));
    let mut tag = |module: &str| {
        let got = kit.ask("list_tags", []).query("module", module).go();
        (got.at("/info/count").clone(), got.at("/tags/0/id").clone())
    };
    let (lead, contact) = (tag("Leads"), tag("Contacts"));
    assert_eq!((&lead.0, &contact.0), (&json!(1), &json!(1)));
    assert_ne!(lead.1, contact.1);
}

#[test]
fn merged_tags_leave_one_on_each_record() {
    let mut kit = Kit::new();
    let ids = leads(&mut kit, 2);
    let add = |kit: &mut Kit, id: &str, names: &[&str]| {
        let got = kit
            .ask("add_record_tags", ["Leads", id])
            .json(&json!({"tags": named(names)}))
            .go();
        got.body["data"][0]["details"]["tags"].clone()
    };
    let both = add(&mut kit, &ids[0], &["a", "b"]);
    add(&mut kit, &ids[1], &["a"]);
    let (a, b) = (both[0]["id"].as_str().unwrap(), both[1]["id"].as_str().unwrap());
    let merge = |kit: &mut Kit, target: &str| {
        kit.ask("merge_tags", [a])
            .json(&json!({"tags": [{"conflict_id": target}]}))
            .go()
    };
    assert_eq!(merge(&mut kit, a).status, 400);
    assert_eq!(merge(&mut kit, b).at("/tags/0/details/id"), b);
    assert_eq!(carried(&mut kit, &ids[0]), ["b"]);
    assert_eq!(carried(&mut kit, &ids[1]), ["b"]);
    assert_eq!(merge(&mut kit, b).at("/code"), "TAG_ID_NOT_FOUND");
}

#[test]
fn what_cannot_be_tagged_is_refused_by_itself() {
    let mut kit = Kit::new();
    let ids = leads(&mut kit, 2);
    let many: Vec<String> = (0..10).map(|number| format!("t{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    kit.ask("add_record_tags", ["Leads", &ids[0]])
        .json(&json!({"tags": named(&many)}))
        .go();
    let body = json!({"tags": named(&["one more"]), "ids": [ids[0], ids[1], "4"]});
    let got = kit.ask("add_tags_to_records", ["Leads"]).json(&body).go();
    assert_eq!((got.status, got.at("/success_count")), (200, &json!("1")));
    assert_eq!(got.at("/data/0/details/limit"), 10);
    assert_eq!(got.at("/data/1/details/tags/0/name"), "one more");
    assert_eq!(got.at("/data/2/code"), "INVALID_DATA");
    let got = kit
        .ask("remove_tags_from_records", ["Leads"])
        .json(&json!({"tags": named(&["t1"]), "ids": ids}))
        .go();
    assert_eq!(got.at("/success_count"), "2");
    assert_eq!(carried(&mut kit, &ids[0]).len(), 9);
    for (tags, code, name) in [
        (named(&["a name that is longer than 25"]), "INVALID_DATA", "name"),
        (json!([{"color_code": "#57B1FD"}]), "MANDATORY_NOT_FOUND", "name"),
        (
            json!([{"name": "a", "color_code": "red"}]),
            "INVALID_DATA",
            "color_code",
        ),
        (json!([{"name": 5}]), "INVALID_DATA", "name"),
    ] {
        let got = settings(&mut kit, "create_tags", &tags);
        assert_eq!((got.status, got.at("/tags/0/code")), (400, &json!(code)));
        assert_eq!(got.at("/tags/0/details/api_name"), name);
    }
    let many: Vec<Value> = (0..50)
        .map(|number| json!({"name": format!("m{number}")}))
        .collect();
    settings(&mut kit, "create_tags", &json!(many));
    let more: Vec<Value> = (50..90)
        .map(|number| json!({"name": format!("m{number}")}))
        .collect();
    let got = settings(&mut kit, "create_tags", &json!(more));
    assert_eq!(
        (got.status, got.at("/tags/39/code")),
        (207, &json!("LICENSE_LIMIT_EXCEEDED"))
    );
    let got = kit.ask("list_tags", []).query("module", "Leads").go();
    assert_eq!(got.at("/info/count"), got.at("/info/allowed_count"));
    let got = kit.ask("list_tags", []).go();
    assert_eq!(got.at("/details/param"), "module");
}
