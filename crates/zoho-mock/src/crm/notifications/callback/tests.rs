//! Tests of what channels are told.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::crm::testkit::{Kit, START};
use crate::delivery::Notice;

fn watch(kit: &mut Kit, channel: &Value) {
    let got = kit
        .ask("enable_notifications", [])
        .json(&json!({"watch": [channel]}))
        .go();
    assert_eq!(got.status, 201, "{}", got.body);
}

fn notices(kit: &mut Kit) -> Vec<Notice> {
    let now = Timestamp::new(kit.now, 787_000_000).unwrap();
    kit.world.crm.notices("http://127.0.0.1:4000", now)
}

fn update(kit: &mut Kit, records: &Value) {
    let got = kit
        .ask("update_records", ["Leads"])
        .json(&json!({"data": records}))
        .go();
    assert_eq!(got.status, 200, "{}", got.body);
}

#[test]
fn a_callback_says_what_zoho_says() {
    let mut kit = Kit::new();
    watch(
        &mut kit,
        &json!({"channel_id": "1792345678901234567", "events": ["Leads.all"], "token": "tok-1",
               "notify_url": "http://localhost/hook?k=v&empty=&a+b=%2F#part", "return_affected_field_values": true}),
    );
    let ids = kit.create("Leads", &json!([{"Last_Name": "Ngo", "Company": "X"}]));
    let id = ids[0].clone();
    let told = notices(&mut kit);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].channel, "1792345678901234567");
    assert_eq!(told[0].url, "http://localhost/hook?k=v&empty=&a+b=%2F#part");
    assert_eq!(
        told[0].payload,
        json!({"server_time": START * 1_000 + 787,
               "affected_values": [{"record_id": id, "values": {"Last_Name": "Ngo", "Company": "X"}}],
               "query_params": {"k": "v", "empty": "", "a b": "/"}, "module": "Leads",
               "resource_uri": "http://127.0.0.1:4000/crm/v2/Leads", "ids": [id], "affected_fields": [],
               "operation": "insert", "channel_id": "1792345678901234567", "token": "tok-1"})
    );
    update(&mut kit, &json!([{"id": id, "Company": "Y", "Phone": "5550105"}]));
    let told = notices(&mut kit);
    assert_eq!(
        told[0].payload["affected_fields"],
        json!([{id.clone(): ["Company", "Phone"]}])
    );
    assert_eq!(
        told[0].payload["affected_values"],
        json!([{"record_id": id, "values": {"Company": "Y", "Phone": "5550105"}}])
    );
    assert_eq!(told[0].payload["operation"], "update");
    assert_eq!(kit.ask("delete_record", ["Leads", &id]).go().status, 200);
    let told = notices(&mut kit);
    assert_eq!(told[0].payload["operation"], "delete");
    assert_eq!(
        told[0].payload["affected_fields"],
        json!([{id: ["Modified_By", "Record_Status__s"]}])
    );
    let values = &told[0].payload["affected_values"][0]["values"];
    assert_eq!(values["Record_Status__s"], 0);
    assert_eq!(values["Modified_By"].as_object().unwrap().len(), 3);
    assert_eq!(values["Modified_By"]["id"], kit.user.to_string());
    assert!(notices(&mut kit).is_empty());
}

#[test]
fn what_a_channel_did_not_ask_for_is_not_said() {
    let mut kit = Kit::new();
    watch(
        &mut kit,
        &json!({"channel_id": 7, "events": ["Leads.create"], "notify_url": "http://localhost/hook"}),
    );
    let ids = kit.create("Leads", &json!([{"Last_Name": "A"}, {"Last_Name": "B"}]));
    update(&mut kit, &json!([{"id": ids[0], "Phone": "5550105"}]));
    kit.create("Contacts", &json!([{"Last_Name": "C"}]));
    let told = notices(&mut kit);
    assert_eq!(told.len(), 1);
    let payload = &told[0].payload;
    assert_eq!(payload["ids"], json!(ids));
    assert_eq!(payload["token"], Value::Null);
    assert_eq!(payload["query_params"], json!({}));
    assert!(!payload.as_object().unwrap().contains_key("affected_values"));
    kit.now += 3_600;
    kit.create("Leads", &json!([{"Last_Name": "D"}]));
    assert!(notices(&mut kit).is_empty(), "the channel has ended");
}

#[test]
fn a_record_that_changes_twice_in_one_call_is_told_of_twice_with_its_values_then() {
    let mut kit = Kit::new();
    watch(
        &mut kit,
        &json!({"channel_id": 7, "events": ["Leads.edit"], "notify_url": "http://localhost/hook",
               "return_affected_field_values": true}),
    );
    let ids = kit.create("Leads", &json!([{"Last_Name": "A"}]));
    update(
        &mut kit,
        &json!([{"id": ids[0], "Phone": "5550101"}, {"id": ids[0], "Phone": "5550102"}]),
    );
    let phones: Vec<Value> = notices(&mut kit)
        .iter()
        .map(|told| told.payload["affected_values"][0]["values"]["Phone"].clone())
        .collect();
    assert_eq!(phones, ["5550101", "5550102"]);
}

#[test]
fn a_condition_chooses_by_the_fields_that_were_written() {
    let field = |name: &str| json!({"field": {"api_name": name}});
    let phone_id = {
        let kit = Kit::new();
        let leads = kit.world.crm.schema.find("Leads").unwrap();
        let leads = kit.world.crm.schema.module(leads).unwrap();
        leads.field("Phone").unwrap().id.to_string()
    };
    let nested = json!({"group_operator": "or", "group": [
        field("Email"), {"group_operator": "and", "group": [{"field": {"id": phone_id}}, field("Company")]}]});
    for (module, selection, written, expected) in [
        ("Leads", field("Phone"), json!({"Phone": "5550101"}), true),
        ("Leads", field("Phone"), json!({"Company": "1"}), false),
        ("Contacts", field("Phone"), json!({"Company": "1"}), true),
        ("Leads", nested.clone(), json!({"Phone": "5550101"}), false),
        ("Leads", nested.clone(), json!({"Company": "1"}), false),
        (
            "Leads",
            nested.clone(),
            json!({"Phone": "5550101", "Company": "1"}),
            true,
        ),
        ("Leads", nested, json!({"Email": "a@b.example"}), true),
    ] {
        let mut kit = Kit::new();
        watch(
            &mut kit,
            &json!({"channel_id": 7, "events": ["Leads.all"], "notify_url": "http://localhost/hook",
                   "notification_condition": [{"type": "field_selection", "module": {"api_name": module},
                                               "field_selection": selection}]}),
        );
        let ids = kit.create("Leads", &json!([{"Last_Name": "A"}]));
        assert_eq!(notices(&mut kit).len(), 1, "an insert has no condition");
        let mut record = written;
        record["id"] = json!(ids[0]);
        let shown = record.to_string();
        update(&mut kit, &json!([record]));
        assert_eq!(notices(&mut kit).len(), usize::from(expected), "{shown}");
    }
}

#[test]
fn a_channel_that_asks_is_told_what_happens_around_its_records() {
    for (asked, expected) in [(json!(true), 1), (json!(false), 0), (Value::Null, 0)] {
        let mut kit = Kit::new();
        let account = kit
            .create("Accounts", &json!([{"Account_Name": "Acme"}]))
            .remove(0);
        watch(
            &mut kit,
            &json!({"channel_id": 7, "events": ["Accounts.edit"], "notify_url": "http://localhost/hook",
                   "notify_on_related_action": asked}),
        );
        let contact = json!({"Last_Name": "Ngo", "Account_Name": {"id": account}});
        let ids = kit.create("Contacts", &json!([contact, contact]));
        let told = notices(&mut kit);
        assert_eq!(told.len(), expected, "{asked}");
        if let [notice] = told.as_slice() {
            // Once, although two contacts came.
            assert_eq!(notice.payload["ids"], json!([account]));
            assert_eq!(notice.payload["operation"], "update");
        }
        kit.ask("delete_record", ["Contacts", &ids[0]]).go();
        assert_eq!(notices(&mut kit).len(), expected, "{asked}");
    }
}

#[test]
fn a_bulk_job_calls_when_it_is_done() {
    let mut kit = Kit::new();
    kit.create("Leads", &json!([{"Last_Name": "Ngo"}]));
    let job = json!({
        "callback": {"url": "http://localhost/bulk?k=v", "method": "post"},
        "query": {"module": {"api_name": "Leads"}, "fields": ["Last_Name"]},
    });
    let got = kit.ask("create_bulk_read", []).json(&job).go();
    let id = got.at("/data/0/details/id").clone();
    assert!(notices(&mut kit).is_empty());
    kit.now += 5;
    let seen = kit.ask("get_bulk_read", [id.as_str().unwrap()]).go();
    let told = notices(&mut kit);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].url, "http://localhost/bulk?k=v");
    assert_eq!(&told[0].payload, seen.at("/data/0"));
    assert_eq!(told[0].payload["state"], "COMPLETED");
    assert!(notices(&mut kit).is_empty(), "it calls once");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_channel_that_listens_hears_of_every_record_once(count in 1..=100_usize, channels in 1..4_usize) {
        let mut kit = Kit::new();
        for number in 0..channels {
            watch(&mut kit, &json!({"channel_id": number, "events": ["Leads.all"], "notify_url": "http://localhost"}));
        }
        let records: Vec<Value> = (0..count).map(|number| json!({"Last_Name": format!("L{number}")})).collect();
        let ids = kit.create("Leads", &json!(records));
        let told = notices(&mut kit);
        prop_assert_eq!(told.len(), channels);
        for notice in told {
            prop_assert_eq!(&notice.payload["ids"], &json!(ids));
        }
    }
}
