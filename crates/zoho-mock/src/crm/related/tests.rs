//! Tests of related lists.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::crm::testkit::{Got, Kit};

fn account(kit: &mut Kit) -> String {
    kit.create("Accounts", &json!([{"Account_Name": "A"}])).remove(0)
}

/// A call on a list; the kit's routes have three parameters before the id.
fn list(kit: &mut Kit, module: &str, id: &str, name: &str) -> Got {
    kit.ask("list_related_records", [module, id, name])
        .query("fields", "id")
        .query("sort_order", "asc")
        .go()
}

fn ids(got: &Got) -> Vec<String> {
    let rows = got.body["data"].as_array().cloned().unwrap_or_default();
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_list_holds_what_points_at_the_record(
        mine in prop::collection::vec(any::<bool>(), 1..12), size in 1..5_usize,
    ) {
        let mut kit = Kit::new();
        let (one, other) = (account(&mut kit), account(&mut kit));
        let deal = |mine: &bool| {
            let account = if *mine { &one } else { &other };
            json!({"Deal_Name": "D", "Stage": "Qualification", "Account_Name": {"id": account}})
        };
        let deals = kit.create("Deals", &Value::Array(mine.iter().map(deal).collect()));
        let expected: Vec<String> =
            deals.into_iter().zip(&mine).filter(|(_, mine)| **mine).map(|(id, _)| id).collect();
        let (mut found, mut page) = (Vec::new(), 1);
        loop {
            let got = kit
                .ask("list_related_records", ["Accounts", &one, "Deals"])
                .query("fields", "Deal_Name")
                .query("sort_order", "asc")
                .query("page", page.to_string())
                .query("per_page", size.to_string())
                .go();
            found.extend(ids(&got));
            page += 1;
            if got.status == 204 || got.at("/info/more_records") == false {
                break;
            }
        }
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn what_was_linked_is_listed_from_both_sides_until_it_is_delinked(
        linked in prop::collection::vec(any::<bool>(), 1..6), removed in any::<prop::sample::Index>(),
    ) {
        let mut kit = Kit::new();
        let lead = kit.create("Leads", &json!([{"Last_Name": "L"}])).remove(0);
        let names: Vec<Value> = linked.iter().map(|_| json!({"Product_Name": "P"})).collect();
        let products = kit.create("Products", &Value::Array(names));
        let mut chosen: Vec<&String> =
            products.iter().zip(&linked).filter(|(_, linked)| **linked).map(|(id, _)| id).collect();
        prop_assume!(!chosen.is_empty());
        let data: Vec<Value> = chosen.iter().map(|id| json!({"id": id})).collect();
        let got = kit
            .ask("update_related_records", ["Leads", &lead, "Products"])
            .json(&json!({"data": data}))
            .go();
        prop_assert_eq!((got.status, got.at("/data/0/message")), (200, &json!("relation added")));
        let gone = chosen.remove(removed.index(chosen.len()));
        let delink = |kit: &mut Kit| {
            kit.ask("delink_related_records", ["Leads", &lead, "Products"]).query("ids", gone).go()
        };
        prop_assert_eq!(delink(&mut kit).status, 200);
        prop_assert_eq!(delink(&mut kit).status, 400);
        let found = ids(&list(&mut kit, "Leads", &lead, "Products"));
        prop_assert_eq!(found.iter().collect::<Vec<_>>(), chosen.clone());
        for product in &products {
            let back = ids(&list(&mut kit, "Products", product, "Leads"));
            prop_assert_eq!(back == [lead.as_str()], chosen.contains(&product));
        }
    }
}

#[test]
fn a_lookup_is_set_and_cleared_through_the_list() {
    let mut kit = Kit::new();
    let account = account(&mut kit);
    let contact = kit.create("Contacts", &json!([{"Last_Name": "C"}])).remove(0);
    let body = json!({"data": [{"id": contact}, {"id": "5"}, {}]});
    let got = kit
        .ask("update_related_records", ["Accounts", &account, "Contacts"])
        .json(&body)
        .go();
    assert_eq!(got.status, 207);
    assert_eq!(got.at("/data/1/details/json_path"), "$.data[1].id");
    assert_eq!(got.at("/data/2/code"), "MANDATORY_NOT_FOUND");
    let got = kit.ask("get_record", ["Contacts", &contact]).go();
    assert_eq!(got.at("/data/0/Account_Name/id"), &json!(account));
    let got = kit
        .ask("delink_related_records", ["Accounts", &account, "Contacts"])
        .query("ids", &contact)
        .go();
    assert_eq!(got.at("/data/0/message"), "relation removed");
    assert_eq!(list(&mut kit, "Accounts", &account, "Contacts").status, 204);
}

#[test]
fn one_record_of_a_list_is_read_linked_and_delinked() {
    let mut kit = Kit::new();
    let account = account(&mut kit);
    let task = kit.create("Tasks", &json!([{"Subject": "T"}])).remove(0);
    let path = ["Accounts", &account, "Tasks", &task];
    let read = |kit: &mut Kit| {
        kit.ask("get_related_record", path)
            .query("fields", "Subject")
            .go()
    };
    assert_eq!(read(&mut kit).status, 204);
    let got = kit
        .ask("update_related_record", path)
        .json(&json!({"data": [{}]}))
        .go();
    assert_eq!(got.status, 200, "{}", got.body);
    assert_eq!(read(&mut kit).at("/data/0/Subject"), "T");
    assert_eq!(kit.ask("delink_related_record", path).go().status, 200);
    assert_eq!(read(&mut kit).status, 204);
}

#[test]
fn a_list_refuses_what_it_does_not_know() {
    let mut kit = Kit::new();
    let account = account(&mut kit);
    for (module, id, name, index) in [
        ("Nope", account.as_str(), "Deals", 0),
        ("Accounts", "4", "Deals", 1),
        ("Accounts", account.as_str(), "Nope", 2),
        ("Accounts", account.as_str(), "Leads", 2),
    ] {
        let got = list(&mut kit, module, id, name);
        assert_eq!(got.status, 400);
        assert_eq!(got.at("/details/resource_path_index"), index, "{}", got.body);
    }
    let got = kit
        .ask("list_related_records", ["Accounts", &account, "Deals"])
        .go();
    assert_eq!(got.at("/code"), "REQUIRED_PARAM_MISSING");
    let note = kit
        .create(
            "Notes",
            &json!([{"Note_Content": "n", "Parent_Id": {"id": account}}]),
        )
        .remove(0);
    let got = kit
        .ask("delink_related_records", ["Accounts", &account, "Notes"])
        .query("ids", &note)
        .go();
    assert_eq!(got.at("/data/0/details/api_name"), "Parent_Id");
}
